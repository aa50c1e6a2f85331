//! The sample company is whole, sound and made once.

use std::sync::Arc;

use domain::door::Door;
use domain::time::Span;
use store::{Clock as _, Database, Location, Settings};
use testkit::{TestStore, on_both_databases};

use super::tables::{self, STORIES};
use super::{Clock, EMPLOYEE, GITHUB_ADMIN, MANAGER, SUPER_ADMIN, people, seed, seed_past};
use crate::app::catalog::CatalogQuery;
use crate::app::directory::Page;
use crate::app::grants::GrantQuery;
use crate::app::requests::RequestQuery;
use crate::app::{App, Caller};
use crate::body;

const ALL: i64 = 200;

fn everything() -> Page {
    Page { cursor: None, limit: ALL }
}

fn system() -> Caller {
    Caller::system("test")
}

async fn seeded(db: &TestStore) -> App {
    let app = App::new(db.writer.clone(), db.reader.clone());
    seed(&app).await.unwrap();
    app
}

async fn signed_in(app: &App, email: &str) -> Caller {
    app.acting_as(email, Door::Web, "test").await.unwrap()
}

async fn requests(app: &App) -> Vec<body::Request> {
    let admin = signed_in(app, SUPER_ADMIN).await;
    app.requests(&admin, RequestQuery { limit: ALL, ..RequestQuery::default() }).await.unwrap().items
}

/// What somebody may see in the catalog, as `app/entitlement` with its state.
async fn catalog(app: &App, email: &str) -> Vec<(String, String)> {
    let caller = signed_in(app, email).await;
    let found = app.catalog(&caller, CatalogQuery { limit: ALL, ..CatalogQuery::default() }).await.unwrap();
    assert!(found.next.is_none());
    let key = |one: &body::Entitlement| format!("{}/{}", one.app.slug, one.slug);
    found.items.iter().map(|one| (key(one), one.state.clone().unwrap_or_default())).collect()
}

fn write_access() -> body::NewSubmission {
    body::NewSubmission {
        items: vec![body::Item { entitlement: "github/write".to_owned(), ..body::Item::default() }],
        duration: Some("P7D".to_owned()),
        justification: "I fix the nightly loaders.".to_owned(),
        ..body::NewSubmission::default()
    }
}

on_both_databases! {
    async fn the_company_is_whole_and_sound(db: TestStore) {
        let app = seeded(&db).await;
        let people = app.users(&system(), everything()).await.unwrap().items;
        assert_eq!(people.len(), 42);
        assert!(people.iter().all(|one| one.email.ends_with("@example.com")));
        assert_eq!(people.iter().filter(|one| one.kind == "service").count(), 1);
        assert_eq!(people.iter().filter(|one| one.manager.is_none()).count(), 1);
        for role in ["super_admin", "helpdesk", "access_request_admin", "auditor", "connector_admin"] {
            assert_eq!(people.iter().filter(|one| one.roles.iter().any(|held| held == role)).count(), 1, "{role}");
        }
        assert_eq!(app.groups(&system(), everything()).await.unwrap().items.len(), 9);
        assert_eq!(app.policies(&system(), everything()).await.unwrap().items.len(), 4);
        assert_eq!(app.catalogs(&system(), everything()).await.unwrap().items.len(), 5);
        assert_eq!(app.organisation_name().await.unwrap(), "Brightwater");
        let apps = app.apps(&system(), everything()).await.unwrap().items;
        assert_eq!(apps.len(), 12);
        assert_eq!(apps.iter().filter(|one| one.state == "hidden").count(), 1);
        let offers = app.entitlements(&system(), everything()).await.unwrap().items;
        for one in &apps {
            let of_app: Vec<_> = offers.iter().filter(|offer| offer.app.id == one.id).collect();
            assert!((3..=6).contains(&of_app.len()), "{}", one.name);
            assert_eq!(of_app.iter().filter(|offer| offer.kind == "access").count(), 1, "{}", one.name);
        }
        let diagnosis = store::doctor::check(&db.reader).await.unwrap();
        assert_eq!(diagnosis.findings, Vec::<String>::new());
        assert_eq!(diagnosis.requests, STORIES.len() as u64 + 1, "each story, and the removal");
    }

    async fn making_it_again_changes_nothing(db: TestStore) {
        let app = seeded(&db).await;
        let before = app.verify_log().await.unwrap().unwrap();
        seed(&app).await.unwrap();
        let after = app.verify_log().await.unwrap().unwrap();
        assert_eq!((before.size, before.root), (after.size, after.root));
        assert_eq!(people(&app).await.unwrap().len(), 41);
    }

    /// S2-30: the main story can be played: ask, the manager approves, the App Admin confirms.
    async fn the_employee_gets_write_access(db: TestStore) {
        let app = seeded(&db).await;
        let employee = signed_in(&app, EMPLOYEE).await;
        let preview = app.preview(&employee, write_access()).await.unwrap();
        assert!(preview.items[0].problems.is_empty());
        assert_eq!(preview.items[0].entitlement.as_ref().unwrap().name, "Write Access");
        let asked: Vec<_> = preview.items[0].steps.iter().map(|step| step.approvers[0].email.as_str()).collect();
        assert_eq!(asked, [MANAGER, "leo.bergstrom@example.com"]);
        let id = app.submit(&employee, write_access(), None).await.unwrap().requests[0].id.clone();

        let manager = signed_in(&app, MANAGER).await;
        let seen = app.request(&manager, &id).await.unwrap();
        let answer = body::Answer { digest: seen.digest, ..body::Answer::default() };
        let after = app.approve(&manager, &seen.task.unwrap(), answer).await.unwrap();
        assert_eq!(after.fulfilment.as_deref(), Some("manual"));

        let admin = signed_in(&app, GITHUB_ADMIN).await;
        let task = app.request(&admin, &id).await.unwrap().task.unwrap();
        let after = app.confirm(&admin, &task, body::Confirm::default()).await.unwrap();
        assert_eq!(after.fulfilment.as_deref(), Some("granted"));
    }

    async fn those_of_the_main_story_come_first(db: TestStore) {
        let app = seeded(&db).await;
        let people = people(&app).await.unwrap();
        let first: Vec<_> = people.iter().take(4).map(|one| one.email.as_str()).collect();
        assert_eq!(first, [EMPLOYEE, MANAGER, GITHUB_ADMIN, SUPER_ADMIN]);
        assert_eq!(people[0].manager.as_ref().unwrap().email, MANAGER);
        assert_eq!(people[0].roles, ["requester"]);
        assert_eq!(people[1].roles, ["requester"]);
        assert!(people[2].roles.iter().any(|role| role == "app_admin"));
        assert!(people.iter().all(|one| one.kind == "person"));
    }

    async fn everybody_finds_what_is_meant_for_them(db: TestStore) {
        let app = seeded(&db).await;
        let has = |found: &[(String, String)], key: &str| found.iter().any(|(one, _)| one == key);
        let engineer = catalog(&app, "tariq.mansour@example.com").await;
        assert!(has(&engineer, "datadog/admin") && has(&engineer, "github/write") && !has(&engineer, "netsuite/accountant"));
        let accountant = catalog(&app, "andrei.ionescu@example.com").await;
        assert!(has(&accountant, "netsuite/accountant") && !has(&accountant, "datadog/admin"));
        assert!(!has(&accountant, "legacy-billing/access"), "hidden");
        let partner = catalog(&app, "lucie.martin@example.com").await;
        assert!(has(&partner, "github/write") && !has(&partner, "github/release"), "that is in a draft");
        let employee = catalog(&app, EMPLOYEE).await;
        for (key, state) in [("github/write", "requestable"), ("github/access", "held"), ("snowflake/loader-prod", "pending")] {
            assert!(employee.contains(&(key.to_owned(), state.to_owned())), "{key}: {employee:?}");
        }
    }

    async fn every_state_that_people_meet_is_there(db: TestStore) {
        let app = seeded(&db).await;
        let all = requests(&app).await;
        let count = |approval: &str, fulfilment: Option<&str>| {
            all.iter().filter(|one| one.approval == approval && one.fulfilment.as_deref() == fulfilment).count()
        };
        assert_eq!(count("pending", None), 7);
        assert_eq!(count("denied", None), 2);
        assert_eq!(count("cancelled", None), 1);
        assert_eq!(count("approved", Some("manual")), 1);
        assert_eq!(count("approved", Some("queued")), 4, "until the worker runs");
        assert_eq!(count("approved", Some("granted")), 7);
        assert_eq!(count("approved", Some("revoking")), 1);
        assert!(all.iter().any(|one| one.subject.id != one.requester.id && one.kind == "grant"));
        assert!(all.iter().any(|one| one.comments.len() == 2));
        assert!(all.iter().any(|one| one.steps.iter().any(|step| step.rerouted.as_deref() == Some("fallback"))));
        assert!(all.iter().any(|one| one.steps.iter().any(|step| (step.have, step.need) == (1, 2))));

        let admin = signed_in(&app, SUPER_ADMIN).await;
        let query = GrantQuery { sort: Some("ends_at".to_owned()), limit: ALL, ..GrantQuery::default() };
        let grants = app.grants(&admin, query).await.unwrap().items;
        let end = domain::Time::parse(grants[0].ends_at.as_ref().unwrap()).unwrap();
        assert!(end.since(db.clock.now()) <= Span::from_hours(8));
    }
}

#[test]
fn deeds_follow_one_another() {
    for story in STORIES {
        let times: Vec<_> = [story.hours_ago].into_iter().chain(story.then.iter().map(|(at, ..)| *at)).collect();
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{story:?}");
        assert!(story.hours_ago <= super::life::BEGINNING_HOURS_AGO);
    }
    assert!(STORIES.windows(2).all(|pair| pair[0].hours_ago >= pair[1].hours_ago));
}

#[test]
fn names_in_the_tables_mean_somebody() {
    let known: Vec<_> = tables::LEVELS.iter().flat_map(|level| level.iter().map(|one| one.alias)).collect();
    let groups: Vec<_> = tables::GROUPS.iter().map(|team| team.name).collect();
    assert!(tables::GROUPS.iter().flat_map(|team| team.members).all(|alias| known.contains(alias)));
    for who in tables::apps().flat_map(|target| target.owners.iter().chain(target.admins)) {
        match who {
            tables::Who::User(alias) => assert!(known.contains(alias), "{alias}"),
            tables::Who::Group(name) => assert!(groups.contains(name), "{name}"),
        }
    }
}

#[tokio::test]
async fn the_past_is_spread_over_weeks_and_ends_now() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Clock::default());
    let settings = Settings { clock: Some(clock.clone()), ..Settings::default() };
    let location = Location::Folder(folder.path().join("data"));
    let database = Database::create(&location, settings).await.unwrap();
    let app = App::new(database.writer(), database.reader());
    let machine = Clock::default();
    seed_past(&app, &clock).await.unwrap();
    assert!(machine.now().since(clock.now()) < Span::from_seconds(5));
    assert!(app.now().await.unwrap().since(machine.now()) < Span::from_seconds(5));
    let all = requests(&app).await;
    let age = |one: &body::Request| machine.now().since(domain::Time::parse(&one.created_at).unwrap());
    assert!(all.iter().any(|one| age(one) > Span::from_days(20)));
    assert!(all.iter().any(|one| age(one) < Span::from_hours(3)));
    assert_eq!(app.doctor().await.unwrap().findings, Vec::<String>::new());
    drop(app);
    database.close().await;
}
