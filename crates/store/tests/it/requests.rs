//! Requests: storing them, finding them, and who may see which.

use std::collections::BTreeSet;

use domain::id::{RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::policy::Approver;
use domain::request::{Approval, Commitment, Decision, Fulfilment, Kind, PlanStep, Request, StepState, Verdict};
use domain::task::{Task, TaskKind, TaskState};
use domain::time::{Span, Time};
use domain::user::key;
use store::log::{Entry, Sealed};
use store::request::Query;
use store::task::Place;
use store::{StoreError, Tx, request};
use testkit::sample::{MORNING, request as sample, step};
use testkit::{TestStore, on_both_databases};

use crate::sample::{Company, attempt, file, read, write};
use crate::scene::entry;

/// Everything, newest first.
const ALL: Query<'static> = Query {
    subject: None,
    requester: None,
    app: None,
    entitlement: None,
    approval: None,
    fulfilment: None,
    open: false,
    mine: None,
    viewer: None,
    before: i64::MAX,
    limit: 100,
};

async fn numbers(db: &TestStore, query: Query<'_>) -> Vec<i64> {
    let found = read(db, async |tx| request::list(tx, query).await).await;
    found.into_iter().map(|request| request.number).collect()
}

fn in_state(request: Request, approval: Approval, fulfilment: Option<Fulfilment>) -> Request {
    Request { approval, fulfilment, ..request }
}

/// The request after `by` has answered its first step at `at`.
fn answered(request: &Request, by: &UserId, at: Time) -> Request {
    let mut after = request.clone();
    after.version += 1;
    after.updated_at = at;
    after.plan[0].decisions.push(Decision { by: by.clone(), verdict: Verdict::Approved, at });
    after
}

/// Opens the approval task of a request for those with `routes`.
async fn open(db: &TestStore, request: &Request, standby: i64, routes: &[(i64, String)]) {
    let task = Task {
        id: request.step_task(0),
        kind: TaskKind::Approval,
        state: TaskState::Open,
        request: request.id.clone(),
        revision: 1,
        step: Some(0),
        created_at: MORNING,
        closed_at: None,
    };
    let place = Place { app: &request.app, grant: None, standby, routes };
    write(db, async |tx| store::task::open(tx, &task, place).await).await;
}

/// Requests of every kind, by and for different people.
async fn archive(db: &TestStore, here: &Company) -> Vec<Request> {
    let pending = |n, user, entitlement| sample(n, user, entitlement);
    let by = |request: Request, requester: &UserId| Request { requester: requester.clone(), ..request };
    let requests = vec![
        pending(1, &here.ann, &here.read),
        by(pending(2, &here.ann, &here.write), &here.mia.id),
        in_state(pending(3, &here.zoe, &here.read), Approval::Approved, Some(Fulfilment::Queued)),
        in_state(pending(4, &here.zoe, &here.board), Approval::Approved, Some(Fulfilment::Granted)),
        in_state(by(pending(5, &here.mia, &here.board), &here.ann.id), Approval::Denied, None),
        in_state(pending(6, &here.ann, &here.board), Approval::Cancelled, None),
        in_state(pending(7, &here.bob, &here.write), Approval::Approved, Some(Fulfilment::Manual)),
        Request { kind: Kind::Revoke, ..by(pending(8, &here.zoe, &here.write), &here.bob.id) },
        in_state(by(pending(9, &here.ann, &here.read), &here.zoe.id), Approval::Approved, Some(Fulfilment::Failed)),
        in_state(pending(10, &here.cyd, &here.read), Approval::Expired, None),
    ];
    file(db, &requests.iter().collect::<Vec<_>>()).await;
    requests
}

/// Whether a request passes the filters, said in another way than the store does.
fn passes(request: &Request, query: &Query<'_>) -> bool {
    let is = |wanted: Option<&str>, value: &str| wanted.is_none_or(|wanted| wanted == value);
    let persons = [request.subject.as_str(), request.requester.as_str()];
    is(query.subject.map(UserId::as_str), persons[0])
        && is(query.requester.map(UserId::as_str), persons[1])
        && query.app.is_none_or(|app| *app == request.app)
        && query.entitlement.is_none_or(|entitlement| *entitlement == request.entitlement)
        && is(query.approval, request.approval.name())
        && is(query.fulfilment, request.fulfilment.map_or("none", Fulfilment::name))
        && (!query.open || request.is_open())
        && query.mine.is_none_or(|me| persons.contains(&me.as_str()))
        && request.number < query.before
}

/// Every combination of filters that a page can ask for.
fn queries(here: &Company) -> impl Iterator<Item = Query<'_>> {
    (0_u32..256).map(|bits| {
        let on = |place: u32| bits >> place & 1 == 1;
        Query {
            subject: on(0).then_some(&here.ann.id),
            requester: on(1).then_some(&here.ann.id),
            app: on(2).then_some(&here.github.id),
            entitlement: on(3).then_some(&here.read.id),
            approval: on(4).then_some("pending"),
            fulfilment: on(5).then_some("failed"),
            open: on(6),
            mine: on(7).then_some(&here.zoe.id),
            ..ALL
        }
    })
}

/// Who sees which of the archive, once tasks are open and answers given.
fn sights(here: &Company) -> [(&UserId, &'static [i64]); 7] {
    let of_github = &[1, 2, 3, 7, 8, 9, 10];
    [
        // Those who ask or get the access.
        (&here.ann.id, &[1, 2, 5, 6, 9]),
        (&here.zoe.id, &[3, 4, 8, 9]),
        // Filed 2, is to get 5 and has to answer 1.
        (&here.mia.id, &[1, 2, 5]),
        // Owns Jira, is to get 10 and answered 7.
        (&here.cyd.id, &[4, 5, 6, 7, 10]),
        // Owns GitHub, or is in the group that administers it.
        (&here.bob.id, of_github),
        (&here.oli.id, of_github),
        // Stands in for 8; for 1 it is not her turn.
        (&here.ada.id, &[8]),
    ]
}

/// Opens tasks and gives answers, so that [`sights`] holds.
async fn set_going(db: &TestStore, here: &Company, archive: &[Request]) {
    let admins = key::role(domain::user::Role::SuperAdmin);
    open(db, &archive[0], 0, &[(0, key::manages(&here.ann.id)), (3, admins.clone())]).await;
    open(db, &archive[7], 3, &[(0, key::manages(&here.zoe.id)), (3, admins)]).await;
    let after = answered(&archive[6], &here.cyd.id, MORNING.plus(Span::from_hours(1)));
    write(db, async |tx| request::record(tx, &after, 1).await).await;
}

/// What a person wrote, as an event of the request holds it.
async fn say(tx: &mut Tx, of: &Request, texts: &[(&str, &str)]) -> Result<i64, StoreError> {
    let texts = texts.iter().map(|(field, text)| Sealed::new(*field, *text)).collect::<Result<_, _>>()?;
    let actor = audit::leaf::Actor { person: Some(of.requester.to_string()), ..entry("x").actor };
    tx.append(Entry { actor, request: Some(of.id.to_string()), texts, ..entry("request.commented") }).await
}

on_both_databases! {
    async fn a_request_is_found_by_id_and_number_as_it_was_recorded(db: TestStore) {
        let here = Company::found(&db).await;
        let second = PlanStep {
            spec: step(vec![Approver::AppOwners, Approver::Group(here.ops.id.clone())]),
            state: StepState::Next,
            since: None,
            decisions: Vec::new(),
        };
        let mut full = Request {
            length: Length::Until(MORNING.plus(Span::from_days(9))),
            starts: Some(MORNING.plus(Span::from_hours(5))),
            emergency: true,
            justification: Some(Commitment { commitment: "c0".repeat(32) }),
            problem: Some("„quota“ 100 %".to_owned()),
            ..sample(1042, &here.ann, &here.read)
        };
        full.plan.push(second);
        file(&db, &[&full]).await;
        read(&db, async |tx| {
            assert_eq!(request::find(tx, &full.id).await?.as_ref(), Some(&full));
            assert_eq!(request::find_by_number(tx, 1042).await?.as_ref(), Some(&full));
            assert_eq!(request::find(tx, &RequestId::from_bits(1)).await?, None);
            assert_eq!(request::find_by_number(tx, 1).await?, None);
            Ok(())
        })
        .await;
        let after = Request { entitlement: here.write.id.clone(), ..answered(&full, &here.mia.id, MORNING) };
        write(&db, async |tx| request::record(tx, &after, 1).await).await;
        assert_eq!(read(&db, async |tx| request::find(tx, &full.id).await).await, Some(after));
        assert_eq!(numbers(&db, Query { entitlement: Some(&here.write.id), ..ALL }).await, [1042]);
    }

    /// I16: what was decided on a version that is no longer the last one is not stored.
    async fn a_stale_request_is_not_recorded(db: TestStore) {
        let here = Company::found(&db).await;
        let first = sample(1, &here.ann, &here.read);
        file(&db, &[&first]).await;
        let after = answered(&first, &here.mia.id, MORNING);
        write(&db, async |tx| request::record(tx, &after, 1).await).await;
        let late = Request { version: 2, ..in_state(first.clone(), Approval::Cancelled, None) };
        let twin = Request { id: RequestId::from_bits(7), ..first.clone() };
        let unknown = sample(8, &here.ann, &here.read);
        for (what, request, seen) in [
            ("an old version", &late, 1),
            ("a version to come", &late, 3),
            ("a new one whose id is there", &first, 0),
            ("a new one whose number is taken", &twin, 0),
            ("one that was never stored", &unknown, 1),
        ] {
            let recorded = attempt(&db, async |tx| request::record(tx, request, seen).await).await;
            assert!(matches!(recorded, Err(StoreError::Stale)), "{what}: {recorded:?}");
        }
        let stored = read(&db, async |tx| request::list_all(tx, 0, 10).await).await;
        assert_eq!(stored, [after]);
    }

    async fn the_open_request_for_the_same_thing_is_found(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        let find = async |subject: &UserId, entitlement, but: Option<&Request>| {
            let but = but.map(|request| &request.id);
            let found = read(&db, async |tx| request::find_open(tx, subject, entitlement, but).await).await;
            found.map(|(id, number)| {
                assert_eq!(id, archive[usize::try_from(number).unwrap() - 1].id);
                number
            })
        };
        // The first of two; by whom it was filed does not matter.
        assert_eq!(find(&here.ann.id, &here.read.id, None).await, Some(1));
        assert_eq!(find(&here.ann.id, &here.read.id, Some(&archive[0])).await, Some(9));
        assert_eq!(find(&here.ann.id, &here.write.id, None).await, Some(2));
        assert_eq!(find(&here.ann.id, &here.write.id, Some(&archive[1])).await, None);
        assert_eq!(find(&here.zoe.id, &here.read.id, None).await, Some(3));
        // What is granted, cancelled or denied is not open; to give something back is another thing.
        assert_eq!(find(&here.zoe.id, &here.board.id, None).await, None);
        assert_eq!(find(&here.ann.id, &here.board.id, None).await, None);
        assert_eq!(find(&here.mia.id, &here.board.id, None).await, None);
        assert_eq!(find(&here.zoe.id, &here.write.id, None).await, None);
    }

    async fn filters_narrow_and_together_narrow_further(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        let mut found = BTreeSet::new();
        for query in queries(&here) {
            let expected: Vec<_> =
                archive.iter().rev().filter(|one| passes(one, &query)).map(|one| one.number).collect();
            assert_eq!(numbers(&db, query).await, expected, "{query:?}");
            found.insert(expected);
        }
        assert!(found.len() > 15, "the filters make a difference: {}", found.len());
    }

    async fn pages_go_back_by_number(db: TestStore) {
        let here = Company::found(&db).await;
        archive(&db, &here).await;
        let ann = Some(&here.ann.id);
        for query in [
            ALL,
            Query { subject: ann, ..ALL },
            Query { requester: ann, ..ALL },
            Query { mine: ann, ..ALL },
            Query { app: Some(&here.github.id), ..ALL },
            Query { approval: Some("approved"), ..ALL },
            Query { viewer: ann, ..ALL },
            Query { viewer: Some(&here.bob.id), ..ALL },
        ] {
            let all = numbers(&db, query).await;
            assert!(all.is_sorted_by(|a, b| a > b) && all.len() > 2, "{query:?}");
            for limit in [1, 2, 5] {
                let mut paged = Vec::new();
                loop {
                    let before = paged.last().copied().unwrap_or(i64::MAX);
                    let page = numbers(&db, Query { before, limit, ..query }).await;
                    if page.is_empty() {
                        break;
                    }
                    assert!(page.len() as i64 <= limit);
                    paged.extend(page);
                }
                assert_eq!(paged, all, "{limit} at a time: {query:?}");
            }
        }
    }

    /// T10: each sees the own requests, those to answer or answered, and those of the apps one is responsible for.
    async fn each_sees_what_concerns_them_and_nothing_else(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        set_going(&db, &here, &archive).await;
        for (viewer, seen) in sights(&here) {
            for request in &archive {
                let is = read(&db, async |tx| request::is_visible(tx, &request.id, viewer).await).await;
                assert_eq!(is, seen.contains(&request.number), "KF-{} to {viewer}", request.number);
            }
            for query in queries(&here).step_by(3).chain([ALL]) {
                let query = Query { viewer: Some(viewer), mine: query.mine.map(|_| viewer), ..query };
                let expected: Vec<_> = archive
                    .iter()
                    .rev()
                    .filter(|one| seen.contains(&one.number) && passes(one, &query))
                    .map(|one| one.number)
                    .collect();
                assert_eq!(numbers(&db, query).await, expected, "{query:?}");
            }
        }
        let unknown = RequestId::from_bits(99);
        assert!(!read(&db, async |tx| request::is_visible(tx, &unknown, &here.bob.id).await).await);
    }

    /// T10: an approver sees a request while it is to be answered, and for ever after having answered.
    async fn a_closed_task_shows_nothing_any_more(db: TestStore) {
        let here = Company::found(&db).await;
        let request = sample(1, &here.ann, &here.read);
        file(&db, &[&request]).await;
        let routes = [(0, key::manages(&here.ann.id)), (0, key::user(&here.cyd.id))];
        let seen = async || {
            let mut seen = Vec::new();
            for viewer in [&here.mia, &here.cyd] {
                let visible = read(&db, async |tx| request::is_visible(tx, &request.id, &viewer.id).await).await;
                let listed = numbers(&db, Query { viewer: Some(&viewer.id), ..ALL }).await;
                assert_eq!(listed.len() == 1, visible);
                seen.push(visible);
            }
            seen
        };
        assert_eq!(seen().await, [false, false]);
        open(&db, &request, 0, &routes).await;
        assert_eq!(seen().await, [true, true]);
        let after = answered(&request, &here.cyd.id, MORNING);
        write(&db, async |tx| {
            request::record(tx, &after, 1).await?;
            store::task::close(tx, &request.step_task(0), TaskState::Done, MORNING).await
        })
        .await;
        assert_eq!(seen().await, [false, true]);
    }

    async fn requests_wake_at_their_start_or_at_the_end_of_their_time(db: TestStore) {
        let here = Company::found(&db).await;
        let hour = |n| MORNING.plus(Span::from_hours(n));
        let of = |n| sample(n, &here.ann, &here.read);
        let scheduled = |n, starts| Request {
            starts: Some(starts),
            ..in_state(of(n), Approval::Approved, Some(Fulfilment::Scheduled))
        };
        let until = |n, end| Request { length: Length::Until(end), ..of(n) };
        let requests = [
            scheduled(1, hour(5)),
            until(2, hour(3)),
            // What comes first counts.
            Request { length: Length::Until(hour(4)), ..scheduled(3, hour(2)) },
            // A start before approval is nothing to wake for, nor is anything after the end.
            Request { starts: Some(hour(1)), ..of(4) },
            in_state(until(5, hour(1)), Approval::Denied, None),
            in_state(until(6, hour(1)), Approval::Approved, Some(Fulfilment::Granted)),
            of(7),
            until(8, hour(3)),
        ];
        file(&db, &requests.iter().collect::<Vec<_>>()).await;
        let waking = async |now, limit| -> Vec<RequestId> {
            read(&db, async |tx| request::list_waking(tx, now, limit).await).await
        };
        let ids = |numbers: &[usize]| numbers.iter().map(|n| requests[n - 1].id.clone()).collect::<Vec<_>>();
        assert_eq!(waking(hour(1), 10).await, []);
        assert_eq!(waking(hour(2), 10).await, ids(&[3]));
        assert_eq!(waking(hour(5), 10).await, ids(&[3, 2, 8, 1]));
        assert_eq!(waking(hour(5), 2).await, ids(&[3, 2]));
        let started = Request { version: 2, ..in_state(requests[0].clone(), Approval::Approved, Some(Fulfilment::Manual)) };
        write(&db, async |tx| request::record(tx, &started, 1).await).await;
        assert_eq!(waking(hour(5), 10).await, ids(&[3, 2, 8]));
    }

    async fn a_submission_lists_its_requests_in_order(db: TestStore) {
        let here = Company::found(&db).await;
        let mut requests = [3, 1, 2].map(|n| sample(n, &here.ann, &here.read));
        let together = SubmissionId::from_bits(77);
        requests[0].submission = together.clone();
        requests[2].submission = together.clone();
        file(&db, &requests.iter().collect::<Vec<_>>()).await;
        read(&db, async |tx| {
            let [third, _, second] = requests.clone();
            assert_eq!(request::list_of_submission(tx, &together).await?, [second, third]);
            assert_eq!(request::list_of_submission(tx, &SubmissionId::from_bits(78)).await?, []);
            Ok(())
        })
        .await;
    }

    async fn open_requests_by_or_for_a_person_count_once(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        for user in here.people() {
            let concern = |one: &&Request| one.is_open() && (one.subject == user.id || one.requester == user.id);
            let counted = read(&db, async |tx| request::count_open(tx, &user.id).await).await;
            assert_eq!(counted, archive.iter().filter(concern).count() as u64, "{}", user.name);
        }
    }

    async fn all_requests_are_read_page_by_page(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        read(&db, async |tx| {
            assert_eq!(request::list_all(tx, 0, 100).await?, archive);
            assert_eq!(request::list_all(tx, 0, 4).await?, archive[..4]);
            assert_eq!(request::list_all(tx, 4, 4).await?, archive[4..8]);
            assert_eq!(request::list_all(tx, 10, 4).await?, []);
            Ok(())
        })
        .await;
    }

    async fn texts_stand_beside_their_events_in_order(db: TestStore) {
        let here = Company::found(&db).await;
        let [one, other] = [1, 2].map(|n| sample(n, &here.ann, &here.read));
        file(&db, &[&one, &other]).await;
        write(&db, async |tx| {
            say(tx, &one, &[("text", "Bitte „schnell“.
Danke")]).await?;
            say(tx, &other, &[("text", "elsewhere")]).await
        })
        .await;
        db.clock.advance(Span::from_hours(1));
        write(&db, async |tx| say(tx, &one, &[("zweck", "b"), ("comment", "a")]).await).await;
        let texts = read(&db, async |tx| request::list_texts(tx, &one.id).await).await;
        let said: Vec<_> = texts.iter().map(|text| (text.field.as_str(), text.text.as_str(), text.at())).collect();
        let later = MORNING.plus(Span::from_hours(1));
        assert_eq!(said, [("text", "Bitte „schnell“.
Danke", MORNING), ("comment", "a", later), ("zweck", "b", later)]);
        for text in &texts {
            assert_eq!((text.kind.as_str(), text.door.as_str()), ("request.commented", "system"));
            assert_eq!(text.actor.as_deref(), Some(here.ann.id.as_str()));
        }
        assert_eq!(texts[1].event, texts[2].event);
        assert_ne!(texts[0].event, texts[1].event);
    }
}
