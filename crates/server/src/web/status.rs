//! Which shape and word a status has. Approval and fulfilment are two statuses and stay two.

use crate::body;
use crate::words::say;

use super::elements::Pill;

/// The approval status of a request.
pub fn approval(request: &body::Request) -> Pill {
    match request.approval.as_str() {
        "needs_form" => pill("needs-info", say("status-needs-form")),
        "approved" => pill("approved", say("status-approved")),
        "denied" => pill("denied", say("status-denied")),
        "cancelled" => pill("cancelled", say("status-cancelled")),
        "expired" => pill("lapsed", say("status-expired")),
        _ => pill("awaiting-approval", say("status-pending")),
    }
}

/// The fulfilment status of a request; `None` until it is approved.
pub fn fulfilment(request: &body::Request) -> Option<Pill> {
    request.fulfilment.as_deref().map(fulfilment_pill)
}

/// The one pill where there is room for one: fulfilment as soon as there is any, else approval;
/// what became of the access once it was in place comes from the grant.
pub fn overall(request: &body::Request) -> Pill {
    let in_place = request.fulfilment.as_deref() == Some("granted");
    match &request.grant {
        Some(held) if in_place && held.state != "active" => grant(held),
        _ => fulfilment(request).unwrap_or_else(|| approval(request)),
    }
}

/// The status of access that somebody has or had.
pub fn grant(grant: &body::Grant) -> Pill {
    match grant.state.as_str() {
        "ending" => pill("removing", say("status-ending")),
        "revoked" => pill("revoked", say("status-revoked")),
        "revoked_unverified" => pill("removal-failed", say("status-revoked-unverified")),
        _ => pill("held", say("status-active")),
    }
}

/// The fulfilment status as tickets word it: `granted` reads "Fulfilled".
pub fn ticket(request: &body::Request) -> Option<Pill> {
    match request.fulfilment.as_deref() {
        Some("granted") => Some(pill("fulfilled", say("status-fulfilled"))),
        _ => fulfilment(request),
    }
}

/// Whether something still has to happen before the request is settled.
pub fn is_open(request: &body::Request) -> bool {
    match request.approval.as_str() {
        "needs_form" | "pending" => true,
        "approved" => !matches!(
            request.fulfilment.as_deref(),
            Some("granted" | "denied_at_provisioning" | "revoked" | "revoked_unverified")
        ),
        _ => false,
    }
}

fn fulfilment_pill(fulfilment: &str) -> Pill {
    match fulfilment {
        "scheduled" => pill("waiting", say("status-scheduled")),
        "queued" => pill("provisioning", say("status-queued")),
        "provisioning" => pill("provisioning", say("status-provisioning")),
        "manual" => pill("awaiting-provisioning", say("status-manual")),
        "granted" => pill("granted", say("status-granted")),
        "failed" => pill("provisioning-failed", say("status-failed")),
        "denied_at_provisioning" => pill("denied-provisioning", say("status-denied-at-provisioning")),
        "revoking" => pill("removing", say("status-ending")),
        "revoked" => pill("revoked", say("status-revoked")),
        "revoked_unverified" => pill("removal-failed", say("status-revoked-unverified")),
        _ => pill("provisioning-failed", say("status-unknown")),
    }
}

fn pill(state: &'static str, word: String) -> Pill {
    Pill { state, word }
}
