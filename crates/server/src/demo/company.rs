//! Makes the company: people, groups, policies, apps, entitlements, catalogs. What does not need one another is made
//! at the same time, so that it shares a commit.

use std::collections::BTreeMap;

use domain::settings::Settings;
use futures_util::future::try_join_all;
use serde_json::{Map, Value, json};

use super::tables::{self, Approvers, Audience, Limits, Offer, Person, Rule, Shelf, Step, Target, Team, Who};
use super::{address, given};
use crate::app::directory::NewOrganisation;
use crate::app::{App, AppError, Caller, Outcome};
use crate::body;

/// Ids of what was made, by name.
type Ids = BTreeMap<&'static str, String>;

/// Makes everything but what happens there. The name of the organisation comes last and says that nothing is missing.
pub(super) async fn make(app: &App) -> Outcome<()> {
    let by = Caller::system(&store::fresh("run"));
    for level in tables::LEVELS {
        try_join_all(level.iter().map(|one| app.create_user(&by, person(one)))).await?;
    }
    let groups = groups(app, &by).await?;
    let policies = policies(app, &by, &groups).await?;
    apps(app, &by, &groups, &policies).await?;
    let offers = tables::apps().flat_map(|target| target.offers.iter().map(move |offer| (target, offer)));
    let offers: Vec<_> = offers.map(|(target, one)| offer(target, one, &policies)).collect::<Outcome<_>>()?;
    try_join_all(offers.into_iter().map(|new| app.create_entitlement(&by, new))).await?;
    let shelves: Vec<_> = tables::CATALOGS.iter().map(|one| shelf(one, &groups)).collect::<Outcome<_>>()?;
    try_join_all(shelves.into_iter().map(|new| app.create_catalog(&by, new))).await?;
    let policy = id(&policies, tables::DEFAULT_POLICY)?;
    let policy = domain::id::PolicyId::parse(&policy).map_err(AppError::internal)?;
    let settings = Settings { policy: Some(policy), ..Settings::default() };
    app.set_organisation(&by, NewOrganisation { name: tables::ORGANISATION.to_owned(), settings }).await
}

/// The id behind a name of a table.
fn id(ids: &Ids, name: &str) -> Outcome<String> {
    ids.get(name).cloned().ok_or(AppError::NotFound)
}

fn person(one: &Person) -> body::NewUser {
    let attributes = [("department", one.department), ("title", one.title)];
    body::NewUser {
        email: address(one.alias),
        name: one.name.to_owned(),
        kind: given(one.kind),
        manager: given(one.manager).map(|alias| address(&alias)),
        attributes: attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        roles: one.roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

async fn groups(app: &App, by: &Caller) -> Outcome<Ids> {
    let team = |team: &Team| body::NewGroup {
        name: team.name.to_owned(),
        members: team.members.iter().map(|alias| address(alias)).collect(),
    };
    let made = try_join_all(tables::GROUPS.iter().map(|one| app.create_group(by, team(one)))).await?;
    Ok(tables::GROUPS.iter().map(|team| team.name).zip(made.into_iter().map(|group| group.id)).collect())
}

async fn policies(app: &App, by: &Caller, groups: &Ids) -> Outcome<Ids> {
    let rules: Vec<_> = tables::POLICIES.iter().map(|one| policy(one, groups)).collect::<Outcome<_>>()?;
    let made = try_join_all(rules.into_iter().map(|new| app.save_policy(by, new))).await?;
    Ok(tables::POLICIES.iter().map(|rule| rule.name).zip(made.into_iter().map(|policy| policy.id)).collect())
}

fn policy(one: &Rule, groups: &Ids) -> Outcome<body::NewPolicy> {
    let steps: Vec<_> = one.steps.iter().map(|one| step(one, groups)).collect::<Outcome<_>>()?;
    Ok(body::NewPolicy { name: one.name.to_owned(), rules: json!([{ "name": "Always", "steps": steps }]) })
}

fn step(one: &Step, groups: &Ids) -> Outcome<Value> {
    let approver = match one.by {
        Approvers::Manager => json!({ "manager": 1 }),
        Approvers::Owners => json!("app_owners"),
        Approvers::Group(name) => json!({ "group": id(groups, name)? }),
    };
    let quorum = if one.need == 1 { json!("any") } else { json!({ "of": one.need }) };
    let fallback: &[&str] = if one.owners_stand_in { &["app_owners"] } else { &[] };
    Ok(json!({
        "kind": "approval", "name": one.name, "approvers": [approver], "quorum": quorum, "fallback": fallback,
    }))
}

async fn apps(app: &App, by: &Caller, groups: &Ids, policies: &Ids) -> Outcome<()> {
    let targets: Vec<_> = tables::apps().map(|one| target(one, groups, policies)).collect::<Outcome<_>>()?;
    try_join_all(targets.into_iter().map(|new| app.create_app(by, new))).await?;
    Ok(())
}

fn target(one: &Target, groups: &Ids, policies: &Ids) -> Outcome<body::NewApp> {
    let who = |one: &Who| match one {
        Who::User(alias) => Ok(address(alias)),
        Who::Group(name) => id(groups, name),
    };
    Ok(body::NewApp {
        slug: one.slug.to_owned(),
        name: one.name.to_owned(),
        description: one.description.to_owned(),
        category: one.category.to_owned(),
        owners: one.owners.iter().map(who).collect::<Outcome<_>>()?,
        admins: one.admins.iter().map(who).collect::<Outcome<_>>()?,
        connector: given(one.connector),
        instructions: one.instructions.to_owned(),
        url: given(one.url),
        state: given(one.state),
        settings: Some(settings(&one.limits, policies)?),
    })
}

fn offer(target: &Target, one: &Offer, policies: &Ids) -> Outcome<body::NewEntitlement> {
    Ok(body::NewEntitlement {
        app: target.slug.to_owned(),
        slug: one.slug.to_owned(),
        name: one.name.to_owned(),
        kind: one.kind.name().to_owned(),
        description: one.description.to_owned(),
        instructions: one.instructions.to_owned(),
        settings: Some(settings(&one.limits, policies)?),
    })
}

/// Only what is set: an absent value is inherited.
fn settings(limits: &Limits, policies: &Ids) -> Outcome<Value> {
    let mut set = Map::new();
    let mut put = |name: &str, value: Option<Value>| set.extend(value.map(|value| (name.to_owned(), value)));
    let policy = given(limits.policy).map(|name| id(policies, &name)).transpose()?;
    put("policy", policy.map(Value::from));
    put("max_length", given(limits.longest).map(Value::from));
    put("presets", (!limits.presets.is_empty()).then(|| json!(limits.presets)));
    put("default_length", given(limits.first).map(Value::from));
    put("custom_length", limits.only_presets.then_some(Value::Bool(false)));
    put("justification_required", limits.no_reason.then_some(Value::Bool(false)));
    put("approve_comment_required", limits.reason_to_approve.then_some(Value::Bool(true)));
    put("deny_comment_required", limits.reason_to_deny.then_some(Value::Bool(true)));
    put("confirm_comment_required", limits.note_to_confirm.then_some(Value::Bool(true)));
    Ok(Value::Object(set))
}

fn shelf(one: &Shelf, groups: &Ids) -> Outcome<body::NewCatalog> {
    let clause = |one: &Audience| match one {
        Audience::Group(name) => Ok(json!({ "group": id(groups, name)? })),
        Audience::Departments(names) => Ok(json!({ "attribute": { "name": "department", "is": names } })),
    };
    let clauses: Vec<Value> = one.audience.iter().map(clause).collect::<Outcome<_>>()?;
    Ok(body::NewCatalog {
        slug: one.slug.to_owned(),
        name: one.name.to_owned(),
        audience: if clauses.is_empty() { json!("everyone") } else { json!({ "any": clauses }) },
        entitlements: one.offers.iter().flat_map(|offers| keys(offers)).collect(),
        bundle: false,
        state: given(one.state),
    })
}

/// The keys that `app/entitlement` or `app/*` stands for.
fn keys(offers: &str) -> Vec<String> {
    let Some(slug) = offers.strip_suffix("/*") else { return vec![offers.to_owned()] };
    let targets = tables::apps().filter(|target| target.slug == slug);
    targets.flat_map(|target| target.offers).map(|offer| format!("{slug}/{}", offer.slug)).collect()
}
