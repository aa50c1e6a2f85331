//! Grants: what is held, what is due, and who may see it.

use domain::entitlement::Entitlement;
use domain::grant::{Cause, Grant, GrantState, Removal, begin};
use domain::id::{AppId, EntitlementId, GrantId, OperationId, RequestId, UserId};
use domain::request::{Approval, Fulfilment, Request};
use domain::time::{Span, Time};
use domain::user::User;
use store::grant::{self, NEVER_MICROS, Query};
use store::{StoreError, entitlement};
use testkit::sample::{MORNING, entitlement as sample, request};
use testkit::{TestStore, on_both_databases};

use crate::sample::{Company, attempt, file, read, write};

/// Everything, newest first.
const ALL: Query<'static> = Query {
    user: None,
    app: None,
    entitlement: None,
    state: None,
    viewer: None,
    by_end: false,
    after: None,
    limit: 100,
};

fn hour(n: i64) -> Time {
    MORNING.plus(Span::from_hours(n))
}

/// A grant of an own request, from one hour to another.
async fn held(db: &TestStore, n: i64, whose: (&User, &Entitlement), hours: (i64, Option<i64>)) -> Grant {
    let (approval, fulfilment) = (Approval::Approved, Some(Fulfilment::Granted));
    let origin = Request { approval, fulfilment, ..request(n, whose.0, whose.1) };
    file(db, &[&origin]).await;
    begin(&origin, origin.next_grant(), hour(hours.0), hours.1.map(hour))
}

async fn keep(db: &TestStore, grants: &[Grant]) {
    write(db, async |tx| {
        for grant in grants {
            grant::record(tx, grant, 0).await?;
        }
        Ok(())
    })
    .await;
}

fn in_state(grant: Grant, state: GrantState) -> Grant {
    Grant { state, ..grant }
}

/// Grants of all kinds, many of which begin or end together.
async fn archive(db: &TestStore, here: &Company) -> Vec<Grant> {
    let (ann, zoe) = (&here.ann, &here.zoe);
    let grants = vec![
        held(db, 1, (ann, &here.read), (1, Some(5))).await,
        held(db, 2, (ann, &here.write), (1, None)).await,
        held(db, 3, (zoe, &here.read), (1, Some(5))).await,
        in_state(held(db, 4, (zoe, &here.board), (2, Some(3))).await, GrantState::Ending),
        in_state(held(db, 5, (ann, &here.board), (3, None)).await, GrantState::Revoked),
        held(db, 6, (ann, &here.read), (2, Some(9))).await,
        in_state(held(db, 7, (&here.cyd, &here.write), (2, Some(5))).await, GrantState::RevokedUnverified),
        held(db, 8, (zoe, &here.board), (3, None)).await,
    ];
    keep(db, &grants).await;
    grants
}

async fn list(db: &TestStore, query: Query<'_>) -> Vec<Grant> {
    read(db, async |tx| grant::list(tx, query).await).await
}

/// The place of a grant in its list.
fn place(grant: &Grant, by_end: bool) -> i64 {
    if by_end { grant.ends_at.map_or(NEVER_MICROS, Time::micros) } else { grant.starts_at.micros() }
}

/// What passes the filters, in order, said in another way than the store does.
fn expected<'a>(archive: &'a [Grant], query: &Query<'_>, sees: impl Fn(&Grant) -> bool) -> Vec<&'a Grant> {
    let mut passing: Vec<_> = archive
        .iter()
        .filter(|grant| query.user.is_none_or(|user| *user == grant.user))
        .filter(|grant| query.app.is_none_or(|app| *app == grant.app))
        .filter(|grant| query.entitlement.is_none_or(|entitlement| *entitlement == grant.entitlement))
        .filter(|grant| query.state.is_none_or(|state| state == grant.state.name()))
        .filter(|grant| sees(grant))
        .collect();
    passing.sort_by_key(|grant| (place(grant, query.by_end), grant.id.clone()));
    if !query.by_end {
        passing.reverse();
    }
    passing
}

/// Every combination of filters, in both orders.
fn queries(here: &Company) -> impl Iterator<Item = Query<'_>> {
    (0_u32..32).map(|bits| {
        let on = |place: u32| bits >> place & 1 == 1;
        Query {
            user: on(0).then_some(&here.ann.id),
            app: on(1).then_some(&here.github.id),
            entitlement: on(2).then_some(&here.read.id),
            state: on(3).then_some("active"),
            by_end: on(4),
            ..ALL
        }
    })
}

on_both_databases! {
    async fn a_grant_is_found_as_it_was_recorded(db: TestStore) {
        let here = Company::found(&db).await;
        let first = held(&db, 1, (&here.ann, &here.read), (0, Some(8))).await;
        keep(&db, std::slice::from_ref(&first)).await;
        let find = async || read(&db, async |tx| grant::find(tx, &first.id).await).await;
        assert_eq!(find().await.as_ref(), Some(&first));
        assert_eq!(read(&db, async |tx| grant::find(tx, &GrantId::from_bits(1)).await).await, None);
        let removal = Removal {
            cause: Cause::GivenBack,
            since: hour(1),
            due: hour(1),
            request: Some(RequestId::from_bits(2)),
            operation: Some(OperationId::from_bits(3)),
            by_hand: true,
            problem: Some("„gone“ 100 %".to_owned()),
            confirmed: None,
        };
        let after = Grant { removal: Some(removal), version: 2, ..in_state(first.clone(), GrantState::Ending) };
        write(&db, async |tx| grant::record(tx, &after, 1).await).await;
        assert_eq!(find().await, Some(after));
    }

    /// I16: what was decided on a version that is no longer the last one is not stored.
    async fn a_stale_grant_is_not_recorded(db: TestStore) {
        let here = Company::found(&db).await;
        let first = held(&db, 1, (&here.ann, &here.read), (0, None)).await;
        let after = Grant { version: 2, ..in_state(first.clone(), GrantState::Ending) };
        let unknown = Grant { id: GrantId::from_bits(9), ..first.clone() };
        keep(&db, std::slice::from_ref(&first)).await;
        write(&db, async |tx| grant::record(tx, &after, 1).await).await;
        for (what, grant, seen) in [
            ("an old version", &Grant { version: 2, ..first.clone() }, 1),
            ("a version to come", &Grant { version: 4, ..first.clone() }, 3),
            ("a new one whose id is there", &first, 0),
            ("one that was never stored", &unknown, 1),
        ] {
            let recorded = attempt(&db, async |tx| grant::record(tx, grant, seen).await).await;
            assert!(matches!(recorded, Err(StoreError::Stale)), "{what}: {recorded:?}");
        }
        assert_eq!(read(&db, async |tx| grant::list_all(tx, "", 10).await).await, [after]);
    }

    /// I36: what is over is due at once, the most overdue first; what is being removed already is not.
    async fn active_grants_are_due_when_their_end_has_come(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        let due = async |now, limit| read(&db, async |tx| grant::list_due(tx, now, limit).await).await;
        assert_eq!(due(hour(4), 10).await, []);
        let mut first = [archive[0].id.clone(), archive[2].id.clone()];
        first.sort();
        assert_eq!(due(hour(5), 10).await, first);
        assert_eq!(due(hour(5), 1).await, first[..1]);
        assert_eq!(due(hour(9), 10).await, [&first[..], &[archive[5].id.clone()]].concat());
        let ending = Grant { version: 2, ..in_state(archive[0].clone(), GrantState::Ending) };
        write(&db, async |tx| grant::record(tx, &ending, 1).await).await;
        assert_eq!(due(hour(5), 10).await, [archive[2].id.clone()]);
    }

    /// I28: access is the union of the active grants of the same.
    async fn other_active_grants_of_the_same_are_found(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        let active = async |user: &User, entitlement: &Entitlement, but: Option<&Grant>| {
            let but = but.map(|grant| &grant.id);
            read(&db, async |tx| grant::list_active(tx, &user.id, &entitlement.id, but).await).await
        };
        let mut both = [archive[0].clone(), archive[5].clone()];
        both.sort_by_key(|grant| grant.id.clone());
        assert_eq!(active(&here.ann, &here.read, None).await, both);
        assert_eq!(active(&here.ann, &here.read, Some(&archive[0])).await, [archive[5].clone()]);
        assert_eq!(active(&here.zoe, &here.board, None).await, [archive[7].clone()]);
        assert_eq!(active(&here.ann, &here.board, None).await, []);
        assert_eq!(active(&here.mia, &here.read, None).await, []);
    }

    /// I28: what is being removed is found when the same is given again.
    async fn grants_that_are_being_removed_are_found(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        let ending = Grant { version: 2, ..in_state(archive[0].clone(), GrantState::Ending) };
        write(&db, async |tx| grant::record(tx, &ending, 1).await).await;
        let found = read(&db, async |tx| grant::list_ending(tx, &here.ann.id, &here.read.id).await).await;
        assert!(found.contains(&ending) && found.iter().all(|grant| grant.state == GrantState::Ending), "{found:?}");
        assert_eq!(read(&db, async |tx| grant::list_ending(tx, &here.mia.id, &here.read.id).await).await, []);
    }

    async fn what_somebody_holds_in_an_app_is_named_once(db: TestStore) {
        let here = Company::found(&db).await;
        archive(&db, &here).await;
        let admin = sample(&here.github, "admin");
        assert!(write(&db, async |tx| entitlement::create(tx, &admin, "GitHub").await).await);
        let more = held(&db, 20, (&here.ann, &admin), (1, None)).await;
        keep(&db, &[more]).await;
        let names = async |user: &User, app: &AppId| {
            read(&db, async |tx| grant::list_held_names(tx, &user.id, app).await).await
        };
        assert_eq!(names(&here.ann, &here.github.id).await, ["admin", "Read", "Write"]);
        assert_eq!(names(&here.ann, &here.jira.id).await, Vec::<String>::new());
        assert_eq!(names(&here.zoe, &here.jira.id).await, ["Board"]);
        assert_eq!(names(&here.cyd, &here.github.id).await, Vec::<String>::new());
    }

    async fn filters_narrow_and_together_narrow_further(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        for query in queries(&here) {
            let found = list(&db, query).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected(&archive, &query, |_| true), "{query:?}");
        }
        assert_eq!(list(&db, Query { entitlement: Some(&EntitlementId::from_bits(1)), ..ALL }).await, []);
    }

    /// T10: each sees what one holds and what is held in the apps one is responsible for.
    async fn each_sees_what_concerns_them_and_nothing_else(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        for user in here.people() {
            let runs = |app: &AppId| match user.name.as_str() {
                "Bob" | "Oli" => *app == here.github.id,
                "Cyd" => *app == here.jira.id,
                _ => false,
            };
            let sees = |grant: &Grant| grant.user == user.id || runs(&grant.app);
            for query in queries(&here) {
                let query = Query { viewer: Some(&user.id), ..query };
                let found = list(&db, query).await;
                assert_eq!(found.iter().collect::<Vec<_>>(), expected(&archive, &query, sees), "{query:?}");
            }
        }
        assert_eq!(list(&db, Query { viewer: Some(&UserId::from_bits(1)), ..ALL }).await, []);
    }

    async fn pages_lead_through_equal_starts_and_ends_and_those_without_end_last(db: TestStore) {
        let here = Company::found(&db).await;
        let archive = archive(&db, &here).await;
        for query in queries(&here).chain(queries(&here).map(|query| Query { viewer: Some(&here.bob.id), ..query })) {
            let all = list(&db, query).await;
            for limit in [1, 2, 3] {
                let mut paged: Vec<Grant> = Vec::new();
                loop {
                    let last = paged.last().map(|last| (place(last, query.by_end), last.id.to_string()));
                    let after = last.as_ref().map(|(place, id)| (*place, id.as_str()));
                    let page = list(&db, Query { after, limit, ..query }).await;
                    if page.is_empty() {
                        break;
                    }
                    assert!(page.len() as i64 <= limit);
                    paged.extend(page);
                }
                assert_eq!(paged, all, "{limit} at a time: {query:?}");
            }
        }
        let ends: Vec<_> = list(&db, Query { by_end: true, ..ALL }).await.iter().map(|grant| grant.ends_at).collect();
        let expected = [Some(3), Some(5), Some(5), Some(5), Some(9), None, None, None].map(|end| end.map(hour));
        assert_eq!(ends, expected);
        assert_eq!(archive.len(), ends.len());
    }

    async fn all_grants_are_read_page_by_page(db: TestStore) {
        let here = Company::found(&db).await;
        let mut archive = archive(&db, &here).await;
        archive.sort_by_key(|grant| grant.id.clone());
        read(&db, async |tx| {
            assert_eq!(grant::list_all(tx, "", 100).await?, archive);
            assert_eq!(grant::list_all(tx, "", 3).await?, archive[..3]);
            assert_eq!(grant::list_all(tx, archive[2].id.as_str(), 3).await?, archive[3..6]);
            assert_eq!(grant::list_all(tx, archive[7].id.as_str(), 3).await?, []);
            Ok(())
        })
        .await;
    }
}
