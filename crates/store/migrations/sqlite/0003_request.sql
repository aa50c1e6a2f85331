-- What was asked for, who has to act, and what is held.

create table request (
    id text not null primary key,
    number integer not null unique,
    submission_id text not null,
    kind text not null check (kind in ('grant', 'revoke')),
    requester_id text not null references users (id),
    subject_id text not null references users (id),
    app_id text not null references app (id),
    entitlement_id text not null references entitlement (id),
    approval text not null check (approval in ('pending', 'approved', 'denied', 'cancelled', 'expired')),
    fulfilment text check (fulfilment in ('scheduled', 'queued', 'manual', 'granted', 'failed', 'unknown',
        'denied_at_provisioning', 'revoking', 'revoked', 'revoked_unverified')),
    is_open integer not null check (is_open in (0, 1)),
    -- Next instant at which Keyfob itself has to look: the start of a scheduled one, the end of the asked-for time.
    wakes_at integer,
    version integer not null,
    -- The whole state, as the domain writes it.
    state text not null check (json_valid(state)),
    created_at integer not null,
    updated_at integer not null
) strict;
create index request_by_requester on request (requester_id, number);
create index request_by_subject on request (subject_id, number);
create index request_by_app on request (app_id, number);
create index request_by_submission on request (submission_id);
create index request_by_entitlement on request (entitlement_id, number);
create index request_by_approval on request (approval, number);
create index request_by_fulfilment on request (fulfilment, number) where fulfilment is not null;
create index request_by_wake on request (wakes_at) where wakes_at is not null;
-- Few are open at a time, so these stay small.
create index request_open on request (number) where is_open = true;
create index request_open_by_app on request (app_id, number) where is_open = true;
create index request_open_by_subject on request (subject_id, entitlement_id) where is_open = true;
create index request_open_by_requester on request (requester_id) where is_open = true;

-- Who answered; they may always see the request again.
create table request_answerer (
    request_id text not null references request (id),
    user_id text not null references users (id),
    number integer not null,
    primary key (request_id, user_id)
) strict;
create index request_answerer_by_user on request_answerer (user_id, number);

create table task (
    id text not null primary key,
    kind text not null check (kind in ('approval', 'provisioning', 'deprovisioning')),
    state text not null check (state in ('open', 'done', 'void')),
    request_id text not null references request (id),
    grant_id text,
    app_id text not null references app (id),
    revision integer not null,
    step integer,
    -- Whose turn it was when last looked at: 0 the step's own approvers, 1 fallback, 2 owners, 3 admins.
    standby integer not null,
    created_at integer not null,
    closed_at integer
) strict;
create index task_by_request on task (request_id);
create index task_by_state on task (state, created_at, id);
create index task_by_app on task (app_id, state, created_at, id);

-- The keys of those who may do a task, by place in the order of those who stand in.
create table task_route (
    task_id text not null references task (id),
    standby integer not null,
    key text not null,
    primary key (task_id, standby, key)
) strict;
create index task_route_by_key on task_route (key, task_id);

create table grants (
    id text not null primary key,
    user_id text not null references users (id),
    app_id text not null references app (id),
    entitlement_id text not null references entitlement (id),
    request_id text not null references request (id),
    removal_request_id text,
    state text not null check (state in ('active', 'ending', 'revoked', 'revoked_unverified')),
    source text not null check (source in ('request')),
    starts_at integer not null,
    ends_at integer,
    -- The end, or what lies behind every end, to sort by.
    ends_key integer not null,
    -- Set while active only, so that what is due is found at once.
    due_at integer,
    version integer not null,
    document text not null check (json_valid(document))
) strict;
create index grants_by_user on grants (user_id, entitlement_id, state);
create index grants_by_app on grants (app_id, starts_at, id);
create index grants_by_app_end on grants (app_id, ends_key, id);
create index grants_by_entitlement on grants (entitlement_id, starts_at, id);
create index grants_by_state on grants (state, starts_at, id);
create index grants_by_state_end on grants (state, ends_key, id);
create index grants_by_due on grants (due_at) where due_at is not null;
create index grants_by_request on grants (request_id);

-- What the world must be told. A row is never removed.
create table job (
    id text not null primary key,
    lane text not null check (lane in ('revoke', 'provision')),
    -- Jobs with the same key run in the order of their sequence.
    order_key text not null,
    sequence integer not null unique,
    state text not null check (state in ('queued', 'done', 'dead', 'cancelled')),
    request_id text not null,
    grant_id text,
    operation text not null check (json_valid(operation)),
    due_at integer not null,
    created_at integer not null,
    attempts integer not null,
    fence integer not null,
    leased_until integer,
    problem text,
    finished_at integer
) strict;
create index job_by_state on job (state, lane, due_at, sequence);
create index job_by_order on job (order_key, sequence) where state = 'queued';
create index job_by_request on job (request_id);
