-- Ways to prove who one is. Secrets are kept as hashes only.

create table session (
    id text collate "C" not null primary key,
    secret_hash text collate "C" not null unique,
    user_id text collate "C" not null references users (id),
    created_at bigint not null,
    seen_at bigint not null,
    ends_at bigint not null
);
create index session_by_user on session (user_id);
create index session_by_end on session (ends_at);

create table token (
    id text collate "C" not null primary key,
    secret_hash text collate "C" not null unique,
    user_id text collate "C" not null references users (id),
    scopes jsonb not null,
    created_at bigint not null,
    seen_at bigint,
    ends_at bigint not null,
    revoked_at bigint
);
create index token_by_user on token (user_id);

create table sign_in_link (
    id text collate "C" not null primary key,
    secret_hash text collate "C" not null unique,
    -- Absent for the set-up link, which makes the first admin.
    user_id text collate "C" references users (id),
    created_at bigint not null,
    ends_at bigint not null,
    used_at bigint
);

-- What was answered to a request that carried an idempotency key.
create table replay (
    principal text collate "C" not null,
    key text collate "C" not null,
    body_hash text collate "C" not null,
    status bigint not null,
    body text collate "C" not null,
    created_at bigint not null,
    primary key (principal, key)
);
create index replay_by_age on replay (created_at);
