//! The published table: where a request stands, and which command may lead from there to where (I16).

use domain::request::{Approval, Command, Fulfilment, Request};

/// Everything that can happen and nothing else. `from | command | to, …`. Whatever is not here does not happen.
const TABLE: &str = "
    pending                | approve         | pending, scheduled, queued, manual, expired
    pending                | deny            | denied
    pending                | edit            | pending
    pending                | cancel          | cancelled
    pending                | expire          | expired
    pending                | comment         | pending

    scheduled              | start           | queued, manual, expired
    scheduled              | edit            | pending
    scheduled              | cancel          | cancelled
    scheduled              | expire          | expired
    scheduled              | comment         | scheduled

    queued                 | provisioned     | granted
    queued                 | not_provisioned | failed, unknown, manual
    queued                 | edit            | pending
    queued                 | cancel          | cancelled
    queued                 | expire          | expired
    queued                 | comment         | queued

    failed                 | provisioned     | granted
    failed                 | not_provisioned | failed, unknown, manual
    failed                 | edit            | pending
    failed                 | cancel          | cancelled
    failed                 | expire          | expired
    failed                 | comment         | failed

    unknown                | provisioned     | granted
    unknown                | not_provisioned | failed, unknown, manual
    unknown                | edit            | pending
    unknown                | cancel          | cancelled
    unknown                | expire          | expired
    unknown                | comment         | unknown

    manual                 | confirm         | granted
    manual                 | deny            | denied_at_provisioning
    manual                 | edit            | pending
    manual                 | cancel          | cancelled
    manual                 | expire          | expired
    manual                 | comment         | manual

    granted                | comment         | granted
    denied                 | comment         | denied
    denied_at_provisioning | comment         | denied_at_provisioning
    cancelled              | comment         | cancelled
    expired                | comment         | expired

    revoking               | comment         | revoking
    revoked                | comment         | revoked
    revoked_unverified     | comment         | revoked_unverified
";

/// From where, by what, to where.
pub(crate) type Step = (&'static str, &'static str, &'static str);

/// The table, one step a row.
pub(crate) fn steps() -> Vec<Step> {
    TABLE
        .lines()
        .filter(|line| !line.trim().is_empty())
        .flat_map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let [from, by, to] = cells[..] else { panic!("{line}") };
            to.split(", ").map(move |to| (from, by, to)).collect::<Vec<_>>()
        })
        .collect()
}

/// Where a request stands, in one word. Pairs that no row knows have none.
pub(crate) fn standing(request: &Request) -> &'static str {
    match (request.approval, request.fulfilment) {
        (Approval::Approved, Some(fulfilment)) => fulfilment.name(),
        (approval @ (Approval::Pending | Approval::Denied | Approval::Cancelled | Approval::Expired), None) => {
            approval.name()
        }
        (approval, fulfilment) => panic!("{} with {:?}", approval.name(), fulfilment.map(Fulfilment::name)),
    }
}

/// The name of a command in the table.
pub(crate) fn name(command: &Command) -> &'static str {
    match command {
        Command::Approve { .. } => "approve",
        Command::Deny { .. } => "deny",
        Command::Confirm { .. } => "confirm",
        Command::Comment { .. } => "comment",
        Command::Cancel { .. } => "cancel",
        Command::Edit(_) => "edit",
        Command::Start => "start",
        Command::Expire => "expire",
        Command::Provisioned { .. } => "provisioned",
        Command::NotProvisioned { .. } => "not_provisioned",
    }
}
