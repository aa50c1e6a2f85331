-- Who is there, what there is to ask for, and who decides.

create table users (
    id text not null primary key,
    email text not null,
    -- Folded, because addresses are unique without regard to case.
    email_key text not null unique,
    name text not null,
    -- Folded, to search and sort by.
    name_key text not null,
    kind text not null check (kind in ('person', 'service', 'agent')),
    status text not null check (status in ('active', 'inactive')),
    manager_id text references users (id),
    attributes text not null check (json_valid(attributes)),
    roles text not null check (json_valid(roles)),
    version integer not null
) strict;
-- The address is there to be searched in without a look at the row.
create index users_by_name on users (name_key, id, email_key);
create index users_by_manager on users (manager_id);

-- Short texts that name sets of users: everyone, user:…, group:…, attribute:…, role:…, manages:….
-- Audiences, approver rules and task routes ask for a key; a join finds who has it.
create table user_key (
    user_id text not null references users (id),
    key text not null,
    primary key (user_id, key)
) strict;
create index user_key_by_key on user_key (key, user_id);

create table groups (
    id text not null primary key,
    name text not null,
    name_key text not null unique,
    version integer not null
) strict;

create table group_member (
    group_id text not null references groups (id),
    user_id text not null references users (id),
    primary key (group_id, user_id)
) strict;
create index group_member_by_user on group_member (user_id);

create table app (
    id text not null primary key,
    slug text not null unique,
    name text not null,
    name_key text not null,
    description text not null,
    category text not null,
    connector text not null check (connector in ('manual', 'sim')),
    instructions text not null,
    url text,
    state text not null check (state in ('listed', 'hidden')),
    settings text not null check (json_valid(settings)),
    version integer not null
) strict;
create index app_by_name on app (name_key, id);

-- Owners and admins. Whoever has the key (user:… or group:…) has the role key (owners:… or admins:…) too.
create table app_role (
    app_id text not null references app (id),
    role_key text not null,
    key text not null,
    place integer not null,
    primary key (role_key, key)
) strict;
create index app_role_by_key on app_role (key, role_key);
create index app_role_by_app on app_role (app_id);

create table entitlement (
    id text not null primary key,
    app_id text not null references app (id),
    slug text not null,
    name text not null,
    name_key text not null,
    kind text not null check (kind in ('access', 'role', 'group', 'resource', 'permission')),
    description text not null,
    instructions text not null,
    settings text not null check (json_valid(settings)),
    -- Hash of what an approver relies on.
    definition text not null,
    -- App name and own name, folded: the order of catalog pages.
    sort_key text not null,
    version integer not null,
    unique (app_id, slug)
) strict;
create index entitlement_by_sort on entitlement (sort_key, id);

create table catalog (
    id text not null primary key,
    slug text not null unique,
    name text not null,
    audience text not null check (json_valid(audience)),
    bundle integer not null check (bundle in (0, 1)),
    state text not null check (state in ('draft', 'published')),
    version integer not null
) strict;

-- The keys of those to whom a catalog is offered.
create table catalog_audience (
    catalog_id text not null references catalog (id),
    key text not null,
    primary key (catalog_id, key)
) strict;
create index catalog_audience_by_key on catalog_audience (key, catalog_id);

create table catalog_item (
    catalog_id text not null references catalog (id),
    entitlement_id text not null references entitlement (id),
    -- That of the entitlement, so that a page of the catalog is read in its order however few of many things it holds.
    sort_key text not null,
    primary key (catalog_id, entitlement_id)
) strict;
create index catalog_item_by_sort on catalog_item (catalog_id, sort_key, entitlement_id);
create index catalog_item_by_entitlement on catalog_item (entitlement_id, catalog_id);

-- The apps of which a catalog holds anything: every page says how many there are.
create table catalog_app (
    catalog_id text not null references catalog (id),
    app_id text not null references app (id),
    primary key (catalog_id, app_id)
) strict;

-- Every version stays.
create table policy (
    id text not null,
    name text not null,
    version integer not null,
    hash text not null,
    -- Canonical JSON, kept as it was hashed.
    rules text not null,
    latest integer not null check (latest in (0, 1)),
    primary key (id, version)
) strict;
create index policy_by_name on policy (name, latest);

-- What the organisation sets; one row.
create table organisation (
    id integer not null primary key check (id = 1),
    name text not null,
    settings text not null check (json_valid(settings)),
    version integer not null
) strict;
