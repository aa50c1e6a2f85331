-- The audit log and its head.

-- One row. Whoever changes anything holds it, so that all changes have one order.
create table head (
    id integer not null primary key check (id = 1),
    -- The number of leaves, which is the index of the next one.
    size integer not null,
    -- The right edge of the tree, as audit::tree::Frontier writes it.
    frontier text not null,
    -- Grows with every restore or failover.
    epoch integer not null,
    -- The latest effective now, in microseconds since 1970 UTC: no later one lies before it.
    high_water integer not null,
    next_request_number integer not null,
    -- Grows with every change of people, groups and policies.
    directory_version integer not null
) strict;

insert into head (id, size, frontier, epoch, high_water, next_request_number, directory_version)
values (1, 0, '0', 1, 0, 1, 1);

-- Nothing updates or deletes a row of this table. Header and body are kept exactly as they were hashed; the other columns
-- repeat what they say, to find it.
create table event (
    idx integer not null primary key,
    id text not null unique,
    kind text not null,
    at integer not null,
    effective_at integer not null,
    actor_id text,
    door text not null,
    subject_id text,
    request_id text,
    revision integer,
    entitlement_id text,
    header text not null,
    body text not null,
    -- The leaf's hash in hexadecimal digits.
    leaf text not null
) strict;

create index event_by_kind on event (kind, idx);
create index event_by_actor on event (actor_id, idx) where actor_id is not null;
create index event_by_subject on event (subject_id, idx) where subject_id is not null;
create index event_by_request on event (request_id, idx) where request_id is not null;
create index event_by_entitlement on event (entitlement_id, idx) where entitlement_id is not null;

-- Personal text, to which the leaf holds only a salted commitment: erasing a row erases the text and breaks no proof.
create table event_text (
    event_idx integer not null references event (idx),
    -- Where the commitment stands in the body.
    field text not null,
    salt text not null,
    text text not null,
    primary key (event_idx, field)
) strict;
