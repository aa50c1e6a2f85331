-- Ways to prove who one is. Secrets are kept as hashes only.

create table session (
    id text not null primary key,
    secret_hash text not null unique,
    user_id text not null references users (id),
    created_at integer not null,
    seen_at integer not null,
    ends_at integer not null
) strict;
create index session_by_user on session (user_id);
create index session_by_end on session (ends_at);

create table token (
    id text not null primary key,
    secret_hash text not null unique,
    user_id text not null references users (id),
    scopes text not null check (json_valid(scopes)),
    created_at integer not null,
    seen_at integer,
    ends_at integer not null,
    revoked_at integer
) strict;
create index token_by_user on token (user_id);

create table sign_in_link (
    id text not null primary key,
    secret_hash text not null unique,
    -- Absent for the set-up link, which makes the first admin.
    user_id text references users (id),
    created_at integer not null,
    ends_at integer not null,
    used_at integer
) strict;

-- What was answered to a request that carried an idempotency key.
create table replay (
    principal text not null,
    key text not null,
    body_hash text not null,
    status integer not null,
    body text not null,
    created_at integer not null,
    primary key (principal, key)
) strict;
create index replay_by_age on replay (created_at);
