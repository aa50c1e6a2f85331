//! The invariant checker: runs after every system test, over a database and what the simulated target holds.

use std::collections::BTreeSet;

use domain::grant::{Grant, GrantState};
use domain::id::{EntitlementId, UserId};
use domain::request::{Approval, Fulfilment, Kind, Request, Verdict};
use store::{Reader, StoreError, Tx};

/// Who holds what in the simulated target: app slug, account, entitlement slug.
pub type Holdings = BTreeSet<(String, String, String)>;

/// How many rows are read at a time.
const PAGE: i64 = 500;

/// Everything that is broken, one sentence each; empty = sound.
///
/// `holdings`, when given, have to be what the grants say: nothing may be queued any more then.
///
/// # Errors
/// Only when the database fails.
pub async fn check(reader: &Reader, holdings: Option<&Holdings>) -> Result<Vec<String>, StoreError> {
    let mut broken = store::doctor::check(reader).await?.findings;
    reader
        .read(async |tx| {
            let requests = requests(tx).await?;
            let grants = grants(tx).await?;
            for request in &requests {
                broken.extend(of_request(request));
            }
            for grant in &grants {
                broken.extend(of_grant(grant, &requests));
            }
            if let Some(holdings) = holdings {
                broken.extend(of_target(tx, (&requests, &grants), holdings).await?);
            }
            Ok(broken)
        })
        .await
}

/// As [`check`], failing the test with everything that is broken.
pub async fn hold(reader: &Reader, holdings: Option<&Holdings>) {
    let broken = check(reader, holdings).await.expect("the database can be read");
    assert!(broken.is_empty(), "invariants are broken:\n{}", broken.join("\n"));
}

async fn requests(tx: &mut Tx) -> Result<Vec<Request>, StoreError> {
    let mut all: Vec<Request> = Vec::new();
    loop {
        let after = all.last().map_or(0, |request| request.number);
        let page = store::request::list_all(tx, after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn grants(tx: &mut Tx) -> Result<Vec<Grant>, StoreError> {
    let mut all: Vec<Grant> = Vec::new();
    loop {
        let after = all.last().map_or(String::new(), |grant| grant.id.to_string());
        let page = store::grant::list_all(tx, &after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn of_request(request: &Request) -> Vec<String> {
    let mut broken = Vec::new();
    let mut say = |what: &str| broken.push(format!("KF-{}: {what}", request.number));
    let decisions = || request.plan.iter().flat_map(|step| &step.decisions);
    // I4: nobody answers a request of their own or for them.
    if decisions().any(|decision| request.barred().contains(&&decision.by)) {
        say("answered by its requester or subject (I4)");
    }
    // I5: distinct persons on each step.
    for step in &request.plan {
        let people: BTreeSet<_> = step.decisions.iter().map(|decision| &decision.by).collect();
        if people.len() != step.decisions.len() {
            say("one person counted twice on a step (I5)");
        }
    }
    // I10, I11: access that was asked for needs somebody's yes.
    let yes = decisions().any(|decision| decision.verdict == Verdict::Approved);
    if request.kind == Kind::Grant && request.approval == Approval::Approved && !yes {
        say("approved by nobody (I10, I11)");
    }
    // I8: a denial ends it.
    let no = decisions().any(|decision| decision.verdict == Verdict::Denied);
    if no && request.approval != Approval::Denied {
        say("denied and yet not ended (I8)");
    }
    if request.approval != Approval::Approved && request.fulfilment.is_some() {
        say("being fulfilled without approval (S2-28)");
    }
    if request.fulfilment == Some(Fulfilment::Granted) && request.grant.is_none() {
        say("granted without a grant (I1)");
    }
    broken
}

fn of_grant(grant: &Grant, requests: &[Request]) -> Option<String> {
    let origin = requests.iter().find(|request| request.id == grant.request);
    let led_to_it = origin
        .is_some_and(|request| request.approval == Approval::Approved && request.grant.as_ref() == Some(&grant.id));
    if !led_to_it {
        return Some(format!("grant {} points to no decision (I1)", grant.id));
    }
    let early = origin.and_then(|request| request.starts).is_some_and(|starts| grant.starts_at < starts);
    early.then(|| format!("grant {} began before its start (I36)", grant.id))
}

/// What the target holds is the union of the grants that are not over (I23, I28). What is still to be taken away, and what
/// an approved request has tried to put in place and nobody has confirmed yet, may be there or not.
async fn of_target(
    tx: &mut Tx,
    (requests, grants): (&[Request], &[Grant]),
    holdings: &Holdings,
) -> Result<Vec<String>, StoreError> {
    let (mut wanted, mut allowed) = (Holdings::new(), Holdings::new());
    for grant in grants.iter().filter(|grant| matches!(grant.state, GrantState::Active | GrantState::Ending)) {
        let held = held(tx, &grant.entitlement, &grant.user).await?;
        if grant.state == GrantState::Active {
            wanted.extend(held.clone());
        }
        allowed.extend(held);
    }
    let tried = |request: &&Request| request.approval == Approval::Approved && request.problem.is_some();
    for request in requests.iter().filter(|request| request.is_open()).filter(tried) {
        allowed.extend(held(tx, &request.entitlement, &request.subject).await?);
    }
    let extra = holdings.difference(&allowed).map(|held| format!("the target holds {held:?} without a grant (I28)"));
    let missing = wanted.difference(holdings).map(|held| format!("the target lacks {held:?} (I23)"));
    Ok(extra.chain(missing).collect())
}

/// How the simulated target names this access; `None` = another system gives it.
async fn held(
    tx: &mut Tx,
    entitlement: &EntitlementId,
    user: &UserId,
) -> Result<Option<(String, String, String)>, StoreError> {
    let Some(entitlement) = store::entitlement::find(tx, entitlement).await? else { return Ok(None) };
    let app = store::app::find(tx, &entitlement.app).await?;
    let user = store::user::find(tx, user).await?;
    let app = app.filter(|app| app.connector == domain::app::Connector::Sim);
    Ok(app.zip(user).map(|(app, user)| (app.slug, user.email, entitlement.slug)))
}
