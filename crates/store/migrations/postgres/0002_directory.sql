-- Who is there, what there is to ask for, and who decides.

create table users (
    id text collate "C" not null primary key,
    email text collate "C" not null,
    -- Folded, because addresses are unique without regard to case.
    email_key text collate "C" not null unique,
    name text collate "C" not null,
    -- Folded, to search and sort by.
    name_key text collate "C" not null,
    kind text collate "C" not null check (kind in ('person', 'service', 'agent')),
    status text collate "C" not null check (status in ('active', 'inactive')),
    manager_id text collate "C" references users (id),
    attributes jsonb not null,
    roles jsonb not null,
    version bigint not null
);
-- The address is there to be searched in without a look at the row.
create index users_by_name on users (name_key, id, email_key);
create index users_by_manager on users (manager_id);

-- Short texts that name sets of users: everyone, user:…, group:…, attribute:…, role:…, manages:….
-- Audiences, approver rules and task routes ask for a key; a join finds who has it.
create table user_key (
    user_id text collate "C" not null references users (id),
    key text collate "C" not null,
    primary key (user_id, key)
);
create index user_key_by_key on user_key (key, user_id);

create table groups (
    id text collate "C" not null primary key,
    name text collate "C" not null,
    name_key text collate "C" not null unique,
    version bigint not null
);

create table group_member (
    group_id text collate "C" not null references groups (id),
    user_id text collate "C" not null references users (id),
    primary key (group_id, user_id)
);
create index group_member_by_user on group_member (user_id);

create table app (
    id text collate "C" not null primary key,
    slug text collate "C" not null unique,
    name text collate "C" not null,
    name_key text collate "C" not null,
    description text collate "C" not null,
    category text collate "C" not null,
    connector text collate "C" not null check (connector in ('manual', 'sim')),
    instructions text collate "C" not null,
    url text collate "C",
    state text collate "C" not null check (state in ('listed', 'hidden')),
    settings jsonb not null,
    version bigint not null
);
create index app_by_name on app (name_key, id);

-- Owners and admins. Whoever has the key (user:… or group:…) has the role key (owners:… or admins:…) too.
create table app_role (
    app_id text collate "C" not null references app (id),
    role_key text collate "C" not null,
    key text collate "C" not null,
    place bigint not null,
    primary key (role_key, key)
);
create index app_role_by_key on app_role (key, role_key);
create index app_role_by_app on app_role (app_id);

create table entitlement (
    id text collate "C" not null primary key,
    app_id text collate "C" not null references app (id),
    slug text collate "C" not null,
    name text collate "C" not null,
    name_key text collate "C" not null,
    kind text collate "C" not null check (kind in ('access', 'role', 'group', 'resource', 'permission')),
    description text collate "C" not null,
    instructions text collate "C" not null,
    settings jsonb not null,
    -- Hash of what an approver relies on.
    definition text collate "C" not null,
    -- App name and own name, folded: the order of catalog pages.
    sort_key text collate "C" not null,
    version bigint not null,
    unique (app_id, slug)
);
create index entitlement_by_sort on entitlement (sort_key, id);

create table catalog (
    id text collate "C" not null primary key,
    slug text collate "C" not null unique,
    name text collate "C" not null,
    audience jsonb not null,
    bundle boolean not null,
    state text collate "C" not null check (state in ('draft', 'published')),
    version bigint not null
);

-- The keys of those to whom a catalog is offered.
create table catalog_audience (
    catalog_id text collate "C" not null references catalog (id),
    key text collate "C" not null,
    primary key (catalog_id, key)
);
create index catalog_audience_by_key on catalog_audience (key, catalog_id);

create table catalog_item (
    catalog_id text collate "C" not null references catalog (id),
    entitlement_id text collate "C" not null references entitlement (id),
    -- That of the entitlement, so that a page of the catalog is read in its order however few of many things it holds.
    sort_key text collate "C" not null,
    primary key (catalog_id, entitlement_id)
);
create index catalog_item_by_sort on catalog_item (catalog_id, sort_key, entitlement_id);
create index catalog_item_by_entitlement on catalog_item (entitlement_id, catalog_id);

-- The apps of which a catalog holds anything: every page says how many there are.
create table catalog_app (
    catalog_id text collate "C" not null references catalog (id),
    app_id text collate "C" not null references app (id),
    primary key (catalog_id, app_id)
);

-- Every version stays.
create table policy (
    id text collate "C" not null,
    name text collate "C" not null,
    version bigint not null,
    hash text collate "C" not null,
    -- Canonical JSON, kept as it was hashed.
    rules text collate "C" not null,
    latest boolean not null,
    primary key (id, version)
);
create index policy_by_name on policy (name, latest);

-- What the organisation sets; one row.
create table organisation (
    id bigint not null primary key check (id = 1),
    name text collate "C" not null,
    settings jsonb not null,
    version bigint not null
);
