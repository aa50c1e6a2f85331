//! The doctor: what the log says and what is stored are the same, or it says what is not.

use audit::leaf::Actor as Who;
use domain::app::{App, Connector, Principal};
use domain::catalog::Audience;
use domain::grant::{self, Grant};
use domain::id::TaskId;
use domain::job;
use domain::policy::Approver;
use domain::request::{self, Approval, Event, Request};
use domain::task::{Task, TaskKind, TaskState};
use domain::user::{Actor, User};
use serde::Serialize;
use serde_json::{Value, json};
use store::log::{Entry, Sealed};
use store::sql::run;
use store::task::Place;
use store::{StoreError, Tx, doctor};
use testkit::sample::{MORNING, app, catalog, entitlement, person, policy, step, submitted};
use testkit::{TestStore, on_both_databases};

use crate::sample::write;
use crate::scene::entry;

/// What is in the books of a sound company.
struct Books {
    ann: User,
    github: App,
    /// Waits for its approval.
    pending: Request,
    /// Waits for the connector.
    queued: Request,
    /// Waits for a person.
    manual: Request,
    /// Waits for the connector to take it away.
    ending: Grant,
    /// Just held.
    held: Grant,
}

/// One change of the directory, with the texts that stand beside its leaf.
async fn learn(tx: &mut Tx, kind: &'static str, after: Value, texts: &[(&str, &str)]) -> Result<(), StoreError> {
    let texts = texts.iter().map(|(field, text)| Sealed::new(*field, *text)).collect::<Result<_, _>>()?;
    tx.append(Entry { body: json!({ "kind": kind, "after": after }), texts, ..entry(kind) }).await.map(drop)
}

async fn hire(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    assert!(store::user::create(tx, user).await?);
    let attributes = serde_json::to_string(&user.attributes).unwrap();
    let after = json!({
        "id": user.id, "kind": user.kind, "status": user.status, "manager": user.manager, "roles": user.roles,
        "version": user.version,
    });
    let texts = [("after.email", &user.email), ("after.name", &user.name), ("after.attributes", &attributes)];
    learn(tx, "user.created", after, &texts.map(|(field, text)| (field, text.as_str()))).await
}

fn told(thing: &impl Serialize) -> Value {
    serde_json::to_value(thing).unwrap()
}

fn who(actor: &Actor) -> Who {
    Who { person: actor.user().map(ToString::to_string), ..entry("x").actor }
}

/// Writes what happened to a request: leaf, jobs, grant, row and tasks.
async fn happen(tx: &mut Tx, before: Option<Request>, event: &Event, actor: &Actor) -> Result<Request, StoreError> {
    let after = match before.clone() {
        None => request::fold(event).unwrap(),
        Some(before) => request::apply(before, event, actor, tx.now()),
    };
    let filed =
        Entry { actor: who(actor), request: Some(after.id.to_string()), body: told(event), ..entry(event.kind()) };
    let index = tx.append(filed).await?;
    let now = tx.now();
    for operation in job::of_request(before.as_ref(), event, &after) {
        store::job::enqueue(tx, &operation, index, now).await?;
    }
    store::request::record(tx, &after, before.as_ref().map_or(0, |before| before.version)).await?;
    if let Event::Granted { grant: id, starts_at, ends_at } = event {
        store::grant::record(tx, &grant::begin(&after, id.clone(), *starts_at, *ends_at), 0).await?;
    }
    let (old, new) = (before.as_ref().and_then(Request::open_task), after.open_task());
    if let Some((id, _)) = old.filter(|old| new.as_ref() != Some(old)) {
        store::task::close(tx, &id, TaskState::Done, now).await?;
    }
    if let Some((id, kind)) = new {
        open(tx, &after, id, kind).await?;
    }
    Ok(after)
}

async fn open(tx: &mut Tx, about: &Request, id: TaskId, kind: TaskKind) -> Result<(), StoreError> {
    let task = Task {
        id,
        kind,
        state: TaskState::Open,
        request: about.id.clone(),
        revision: about.revision,
        step: None,
        created_at: MORNING,
        closed_at: None,
    };
    store::task::open(tx, &task, Place { app: &about.app, grant: None, standby: 0, routes: &[] }).await
}

/// A request that its manager approves, and that then goes on like this.
async fn approved(tx: &mut Tx, begun: &request::Submitted, by: &User, then: Event) -> Result<Request, StoreError> {
    let subject = Actor::User(begun.subject.clone());
    let request = happen(tx, None, &Event::Submitted(Box::new(begun.clone())), &subject).await?;
    let digest = request.digest();
    let yes = Event::Approved { step: 0, digest: digest.clone(), comment: None, completes: true };
    let request = happen(tx, Some(request), &yes, &Actor::User(by.id.clone())).await?;
    let request = happen(tx, Some(request), &Event::Authorised { digest }, &Actor::System).await?;
    happen(tx, Some(request), &then, &Actor::System).await
}

/// The same until access is in place.
async fn granted(tx: &mut Tx, begun: &request::Submitted, by: &User) -> Result<Grant, StoreError> {
    let request = approved(tx, begun, by, Event::Assigned { problem: None }).await?;
    let ends_at = begun.length.ends_at(MORNING);
    let event = Event::Granted { grant: request.next_grant(), starts_at: MORNING, ends_at };
    let request = happen(tx, Some(request), &event, &Actor::System).await?;
    Ok(store::grant::find(tx, &request.next_grant()).await?.unwrap())
}

/// A grant that the connector is to take away.
async fn ended(tx: &mut Tx, before: Grant) -> Result<Grant, StoreError> {
    let operation = Some(before.removal_operation());
    let event = grant::Event::Ending { cause: grant::Cause::Revoked, due: MORNING, request: None, operation };
    let after = grant::apply(before, &event, &Actor::System, tx.now());
    let resources = vec![after.id.to_string(), after.app.to_string()];
    let index = tx.append(Entry { resources, body: told(&event), ..entry(event.kind()) }).await?;
    let now = tx.now();
    for operation in job::of_grant(&event, &after) {
        store::job::enqueue(tx, &operation, index, now).await?;
    }
    store::grant::record(tx, &after, 1).await?;
    Ok(after)
}

/// A company in whose books everything is right.
async fn books(db: &TestStore) -> Books {
    write(db, async |tx| {
        let mia = person("Mia");
        let ann = User {
            manager: Some(mia.id.clone()),
            attributes: [("team".to_owned(), "blue".to_owned())].into(),
            ..person("Ann")
        };
        hire(tx, &mia).await?;
        hire(tx, &ann).await?;
        let owners = vec![Principal::User(mia.id.clone())];
        let github = App { connector: Connector::Sim, ..app("GitHub", owners.clone(), owners) };
        let (reading, writing) = (entitlement(&github, "Read"), entitlement(&github, "Write"));
        let all = catalog("All", Audience::Everyone, &[&reading, &writing]);
        let standard = policy("Standard", 1, vec![step(vec![Approver::Manager(1)])]);
        assert!(store::app::create(tx, &github).await?);
        assert!(store::entitlement::create(tx, &reading, "GitHub").await?);
        assert!(store::entitlement::create(tx, &writing, "GitHub").await?);
        assert!(store::catalog::create(tx, &all).await?);
        store::policy::save(tx, &standard).await?;
        learn(tx, "app.created", told(&github), &[]).await?;
        learn(tx, "entitlement.created", told(&reading), &[]).await?;
        learn(tx, "entitlement.created", told(&writing), &[]).await?;
        learn(tx, "catalog.created", told(&all), &[]).await?;
        learn(tx, "policy.saved", told(&standard), &[]).await?;

        let begun = |number| submitted(number, &ann, &reading);
        let event = Event::Submitted(Box::new(begun(1)));
        let pending = happen(tx, None, &event, &Actor::User(ann.id.clone())).await?;
        let operation = request::fold(&Event::Submitted(Box::new(begun(2)))).unwrap().next_operation();
        let queued = approved(tx, &begun(2), &mia, Event::Queued { operation }).await?;
        let manual = approved(tx, &begun(3), &mia, Event::Assigned { problem: None }).await?;
        let ending = granted(tx, &begun(4), &mia).await?;
        let ending = ended(tx, ending).await?;
        let held = granted(tx, &submitted(5, &ann, &writing), &mia).await?;
        Ok(Books { ann, github, pending, queued, manual, ending, held })
    })
    .await
}

async fn findings(db: &TestStore) -> Vec<String> {
    doctor::check(&db.reader).await.unwrap().findings
}

/// Changes something behind the back of the log.
async fn tamper(db: &TestStore, statement: &'static str) {
    assert!(write(db, async |tx| run!(tx, statement)).await > 0, "{statement} changes something");
}

on_both_databases! {
    /// I21: folding the log gives the rows.
    async fn sound_books_have_no_findings(db: TestStore) {
        let empty = doctor::check(&db.reader).await.unwrap();
        assert_eq!((empty.events, empty.findings), (0, Vec::new()));
        books(&db).await;
        let sound = doctor::check(&db.reader).await.unwrap();
        assert_eq!(sound.findings, Vec::<String>::new());
        assert_eq!((sound.requests, sound.grants), (5, 2));
        assert_eq!(sound.directory, 7, "two people, an app, two entitlements, a catalog and a policy");
        assert_eq!(sound.events, 7 + 1 + 4 + 4 + 5 + 1 + 5);
    }

    async fn a_request_that_changed_without_an_event_is_found(db: TestStore) {
        let books = books(&db).await;
        let changed = Request { approval: Approval::Approved, version: 2, ..books.pending };
        write(&db, async |tx| store::request::record(tx, &changed, 1).await).await;
        assert_eq!(findings(&db).await, ["request KF-1 is not what its events say"]);
    }

    async fn a_request_that_is_in_no_event_is_found(db: TestStore) {
        let books = books(&db).await;
        let extra = Request { approval: Approval::Denied, ..testkit::sample::request(9, &books.ann, &entitlement(&books.github, "Read")) };
        write(&db, async |tx| store::request::record(tx, &extra, 0).await).await;
        assert_eq!(findings(&db).await, [
            "request KF-9 is not what its events say",
            "6 requests are stored and 5 are in the log",
        ]);
    }

    async fn a_request_that_is_only_in_the_log_is_found(db: TestStore) {
        let books = books(&db).await;
        write(&db, async |tx| {
            let begun = submitted(9, &books.ann, &entitlement(&books.github, "Read"));
            let event = Event::Submitted(Box::new(begun.clone()));
            let filed = Entry { request: Some(begun.request.to_string()), body: told(&event), ..entry(event.kind()) };
            tx.append(filed).await
        })
        .await;
        let task = testkit::sample::request(9, &books.ann, &entitlement(&books.github, "Read")).step_task(0);
        assert_eq!(findings(&db).await, [
            "5 requests are stored and 6 are in the log".to_owned(),
            format!("task {task} should be open"),
        ]);
    }

    /// I28: a grant that nobody decided, or that lasts longer than what was decided.
    async fn a_grant_that_changed_without_an_event_is_found(db: TestStore) {
        let books = books(&db).await;
        let longer = Grant { ends_at: None, version: 2, ..books.held.clone() };
        write(&db, async |tx| store::grant::record(tx, &longer, 1).await).await;
        assert_eq!(findings(&db).await, [format!("grant {} is not what its events say", longer.id)]);
        let extra = Grant { id: domain::id::GrantId::from_bits(9), ..books.held.clone() };
        write(&db, async |tx| store::grant::record(tx, &extra, 0).await).await;
        let found = findings(&db).await;
        assert!(found.contains(&format!("grant {} is not what its events say", extra.id)), "{found:?}");
        assert!(found.contains(&"3 grants are stored and 2 are in the log".to_owned()), "{found:?}");
    }

    /// I20: nothing waits for work that nobody will do.
    async fn what_waits_for_a_job_that_nobody_will_do_is_found(db: TestStore) {
        let books = books(&db).await;
        tamper(&db, "update job set state = 'cancelled' where lane = 'provision'").await;
        assert_eq!(findings(&db).await, ["request KF-2 waits for a job that nobody will do"]);
        tamper(&db, "delete from job").await;
        assert_eq!(findings(&db).await, [
            "request KF-2 waits for a job that nobody will do".to_owned(),
            format!("grant {} is to be removed by a job that nobody will do", books.ending.id),
        ]);
        assert_eq!(books.queued.number, 2);
    }

    async fn exactly_the_tasks_that_follow_are_open(db: TestStore) {
        let books = books(&db).await;
        let orphan = TaskId::from_bits(9);
        write(&db, async |tx| {
            open(tx, &books.manual, orphan.clone(), TaskKind::Approval).await?;
            store::task::close(tx, &books.manual.provisioning_task(), TaskState::Void, MORNING).await
        })
        .await;
        assert_eq!(findings(&db).await, [
            format!("task {orphan} is open and follows from nothing"),
            format!("task {} should be open", books.manual.provisioning_task()),
        ]);
    }

    /// I21: the log itself is verified first.
    async fn a_leaf_that_was_changed_is_found(db: TestStore) {
        books(&db).await;
        let statement = "update event set body = replace(body, '\"completes\":true', '\"completes\":false')
            where kind = 'request.approved' and request_id = (select id from request where number = 3)";
        tamper(&db, statement).await;
        let found = findings(&db).await;
        assert!(found[0].starts_with("the log is broken: "), "{found:?}");
        assert!(found.contains(&"request KF-3 is not what its events say".to_owned()), "{found:?}");
    }

    async fn an_event_that_makes_no_sense_is_found(db: TestStore) {
        let books = books(&db).await;
        let index = write(&db, async |tx| {
            let filed = Entry { request: Some("req_of_nobody".to_owned()), ..entry("request.approved") };
            tx.append(filed).await
        })
        .await;
        assert_eq!(findings(&db).await, [format!("event {index} of kind request.approved cannot be folded")]);
        assert_eq!(books.held.version, 1);
    }

    async fn a_directory_that_changed_without_an_event_is_found(db: TestStore) {
        let books = books(&db).await;
        let ann = format!("user {} is not what its events say", books.ann.id);
        for (change, back, finding) in [
            ("update users set name = 'Eve' where name = 'Ann'", "update users set name = 'Ann' where name = 'Eve'", ann.as_str()),
            (
                "update users set email = 'eve@example.com' where name = 'Ann'",
                "update users set email = 'ann@example.com' where name = 'Ann'",
                &ann,
            ),
            (
                "update users set status = 'inactive' where name = 'Ann'",
                "update users set status = 'active' where name = 'Ann'",
                &ann,
            ),
            (
                "update users set roles = '[\"super_admin\"]' where name = 'Ann'",
                "update users set roles = '[]' where name = 'Ann'",
                &ann,
            ),
            (
                "update app set connector = 'manual'",
                "update app set connector = 'sim'",
                &format!("{} is not what its events say", books.github.id),
            ),
            (
                "update app_role set key = 'user:usr_00000000000000000000000000'",
                "",
                &format!("{} is not what its events say", books.github.id),
            ),
        ] {
            tamper(&db, change).await;
            assert_eq!(findings(&db).await, [finding], "{change}");
            if !back.is_empty() {
                tamper(&db, back).await;
            }
        }
    }

    async fn an_erased_text_is_no_finding(db: TestStore) {
        books(&db).await;
        tamper(&db, "delete from event_text where field = 'after.name'").await;
        assert_eq!(findings(&db).await, Vec::<String>::new());
    }
}
