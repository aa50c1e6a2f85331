//! Loads what a decision looks at, in the transaction that decides.

use std::collections::{BTreeMap, BTreeSet};

use domain::app::App;
use domain::entitlement::Entitlement;
use domain::grant::{self, Grant};
use domain::id::{AppId, UserId};
use domain::policy::{Approver, Policy, Quorum, Scope, Standby, StepSpec};
use domain::request::{
    Approval, Current, Facts, Fulfilment, PersonFact, Request, Required, StandbyFact, StepFact, StepState, plan_of,
};
use domain::settings::{self, Effective};
use domain::user::key;
use store::{StoreError, Tx};

/// An entitlement with its app and what holds for it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) app: App,
    pub(super) entitlement: Entitlement,
    pub(super) settings: Effective,
}

/// The entitlement with its app and settings.
pub(super) async fn thing(tx: &mut Tx, entitlement: Entitlement) -> Result<Thing, StoreError> {
    let app = store::app::find(tx, &entitlement.app).await?.ok_or(StoreError::Corrupt { what: "entitlement" })?;
    let (_, organisation) = store::policy::organisation(tx).await?;
    let settings = settings::effective(&organisation, &app.settings, &entitlement.settings);
    Ok(Thing { app, entitlement, settings })
}

/// The thing that a request asks for.
pub(super) async fn thing_of(tx: &mut Tx, request: &Request) -> Result<Thing, StoreError> {
    let entitlement =
        store::entitlement::find(tx, &request.entitlement).await?.ok_or(StoreError::Corrupt { what: "request" })?;
    thing(tx, entitlement).await
}

/// The policy in force for a thing.
pub(super) async fn policy_of(tx: &mut Tx, settings: &Effective) -> Result<Option<Policy>, StoreError> {
    match &settings.policy {
        Some(id) => store::policy::find(tx, id).await,
        None => Ok(None),
    }
}

/// How many "everyone" may be at most: beyond that a step that asks for all of them asks for this many.
const ALL_MAX: u32 = 200;

/// Who can answer a step: the step's own approvers, then those who stand in, as far as it needs to be looked.
pub(super) async fn step(
    tx: &mut Tx,
    spec: &StepSpec,
    scope: Scope<'_>,
    consulted: &[UserId],
    barred: [&UserId; 2],
) -> Result<StepFact, StoreError> {
    let enough = match spec.quorum {
        Quorum::Any => 1,
        Quorum::Of(n) => n.max(1),
        Quorum::All => ALL_MAX,
    };
    let mut fact = StepFact::default();
    for standby in Standby::ORDER {
        let keys = domain::policy::keys(spec, standby, scope);
        let eligible = store::user::count_by_keys(tx, &keys, barred, enough).await?;
        let members = members(tx, consulted, &keys).await?;
        fact.0.push(StandbyFact { standby, keys, eligible, members });
        let need = if spec.quorum == Quorum::All { eligible.max(1) } else { enough };
        if eligible >= need {
            break;
        }
    }
    Ok(fact)
}

async fn members(tx: &mut Tx, consulted: &[UserId], keys: &[String]) -> Result<BTreeSet<UserId>, StoreError> {
    if consulted.is_empty() || keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(store::user::keys_of(tx, consulted, keys).await?.into_keys().collect())
}

/// Who can set access up or take it away by hand: the app's admins, and the organisation's when there are none.
pub(super) async fn by_hand(tx: &mut Tx, app: &AppId, consulted: &[UserId]) -> Result<StepFact, StoreError> {
    let nobody = UserId::from_bits(0);
    let mut fact = StepFact::default();
    for (standby, keys) in hand_keys(app) {
        let eligible = store::user::count_by_keys(tx, &keys, [&nobody, &nobody], 1).await?;
        let members = members(tx, consulted, &keys).await?;
        fact.0.push(StandbyFact { standby, keys, eligible, members });
        if eligible > 0 {
            break;
        }
    }
    Ok(fact)
}

fn hand_keys(app: &AppId) -> [(Standby, Vec<String>); 2] {
    [(Standby::None, vec![key::admins(app)]), (Standby::Admins, domain::policy::admin_keys())]
}

/// The line of managers, as far as these steps look.
pub(super) async fn line(tx: &mut Tx, subject: &UserId, specs: &[&StepSpec]) -> Result<Vec<UserId>, StoreError> {
    let level = |approver: &Approver| if let Approver::Manager(level) = approver { *level } else { 0 };
    let levels = specs.iter().flat_map(|spec| spec.approvers.iter().chain(&spec.fallback)).map(level).max();
    if levels.unwrap_or(0) > 1 { store::user::line(tx, subject).await } else { Ok(vec![subject.clone()]) }
}

/// The facts about some people.
async fn people(tx: &mut Tx, ids: &[UserId]) -> Result<BTreeMap<UserId, PersonFact>, StoreError> {
    let mut people = BTreeMap::new();
    for id in ids {
        if let Some(user) = store::user::find(tx, id).await? {
            people.insert(id.clone(), PersonFact::from(&user));
        }
    }
    Ok(people)
}

/// What a decision of `actor` on `request` looks at.
pub(super) async fn of_request(
    tx: &mut Tx,
    request: &Request,
    thing: &Thing,
    actor: Option<&UserId>,
) -> Result<Facts, StoreError> {
    let mut consulted: Vec<UserId> = actor.cloned().into_iter().collect();
    let deciders = request.plan.iter().flat_map(|step| &step.decisions).map(|decision| decision.by.clone());
    consulted.extend(deciders.filter(|by| actor != Some(by)));
    consulted.dedup();
    let specs: Vec<_> = request.plan.iter().map(|step| &step.spec).collect();
    let line = line(tx, &request.subject, &specs).await?;
    let scope = Scope { app: &request.app, line: &line };
    let mut steps = BTreeMap::new();
    if request.approval == Approval::Pending {
        for (place, planned) in request.plan.iter().enumerate() {
            if matches!(planned.state, StepState::Active | StepState::Done) {
                let fact = step(tx, &planned.spec, scope, &consulted, request.barred()).await?;
                steps.insert(place, fact);
            }
        }
    }
    let provisioning = match request.fulfilment {
        Some(Fulfilment::Manual) => by_hand(tx, &request.app, &consulted).await?,
        _ => StepFact::default(),
    };
    let (current, policy_missing) = current(tx, request, thing, &consulted).await?;
    let in_flight = match request.fulfilment {
        Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown) => {
            store::job::is_in_flight(tx, &request.id).await?
        }
        _ => false,
    };
    Ok(Facts {
        now: tx.now(),
        directory: tx.directory_version(),
        people: people(tx, &consulted).await?,
        definition: thing.entitlement.definition(),
        connector: thing.app.connector,
        steps,
        provisioning,
        responsible: responsible(tx, &request.app, actor).await?,
        current,
        policy_missing,
        required: required(&thing.settings),
        in_flight,
    })
}

fn required(settings: &Effective) -> Required {
    Required {
        approve: settings.approve_comment_required,
        deny: settings.deny_comment_required,
        confirm: settings.confirm_comment_required,
    }
}

async fn responsible(tx: &mut Tx, app: &AppId, actor: Option<&UserId>) -> Result<BTreeSet<UserId>, StoreError> {
    let Some(actor) = actor else { return Ok(BTreeSet::new()) };
    members(tx, std::slice::from_ref(actor), &[key::owners(app), key::admins(app)]).await
}

/// The policy in force today, where it is another version than the pinned one (I9), and whether there is none.
async fn current(
    tx: &mut Tx,
    request: &Request,
    thing: &Thing,
    consulted: &[UserId],
) -> Result<(Option<Current>, bool), StoreError> {
    let Some(pin) = request.policy.as_ref().filter(|_| request.approval == Approval::Pending) else {
        return Ok((None, false));
    };
    let Some((today, specs)) = policy_of(tx, &thing.settings).await?.as_ref().and_then(plan_of) else {
        return Ok((None, true));
    };
    if (&today.policy, today.version) == (&pin.policy, pin.version) {
        return Ok((None, false));
    }
    let line = line(tx, &request.subject, &specs.iter().collect::<Vec<_>>()).await?;
    let scope = Scope { app: &request.app, line: &line };
    let mut steps = Vec::with_capacity(specs.len());
    for spec in specs {
        let fact = step(tx, &spec, scope, consulted, request.barred()).await?;
        steps.push((spec, fact));
    }
    Ok((Some(Current { pin: today, steps }), false))
}

/// What a decision of `actor` on `grant` looks at.
pub(super) async fn of_grant(
    tx: &mut Tx,
    grant: &Grant,
    thing: &Thing,
    actor: Option<&UserId>,
) -> Result<grant::Facts, StoreError> {
    let person = match actor {
        Some(id) => store::user::find(tx, id).await?.as_ref().map(PersonFact::from),
        None => None,
    };
    let consulted: Vec<UserId> = actor.cloned().into_iter().collect();
    let provisioning = match grant.open_task() {
        Some(_) => by_hand(tx, &grant.app, &consulted).await?,
        None => StepFact::default(),
    };
    let others = store::grant::list_active(tx, &grant.user, &grant.entitlement, Some(&grant.id)).await?;
    Ok(grant::Facts {
        now: tx.now(),
        directory: tx.directory_version(),
        actor: person,
        responsible: !responsible(tx, &grant.app, actor).await?.is_empty(),
        provisioning,
        connector: thing.app.connector,
        others: others.into_iter().map(|other| other.id).collect(),
        comment_required: thing.settings.confirm_comment_required,
    })
}

/// The keys of those who may do a task, by place in the order, and whose turn it is now.
pub(super) fn routes(fact: &StepFact, quorum: Quorum) -> (i64, Vec<(i64, String)>) {
    let turn = fact.turn(quorum).map_or(0, |turn| turn.standby.place());
    let routes = fact
        .0
        .iter()
        .flat_map(|standby| standby.keys.iter().map(|key| (standby.standby.place(), key.clone())))
        .collect();
    (turn, routes)
}
