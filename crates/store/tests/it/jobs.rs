//! Jobs: claimed with a lease and a fence, in the order of what they are about.

use std::collections::BTreeSet;

use domain::entitlement::Entitlement;
use domain::id::{GrantId, OperationId, RequestId};
use domain::job::{Act, Lane, Operation};
use domain::time::{Span, Time};
use domain::user::User;
use store::job::{self, Finish, Job};
use testkit::sample::{MORNING, app, entitlement, person};
use testkit::{TestStore, on_both_databases};

use crate::sample::{read, write};

/// How long a claim holds.
const LEASE: Span = Span::from_seconds(60);

/// An operation about a person and an entitlement. Nothing of it needs to be there.
fn operation(n: u128, act: Act, (user, entitlement): (&User, &Entitlement)) -> Operation {
    Operation {
        id: OperationId::from_bits(n),
        act,
        app: entitlement.app.clone(),
        user: user.id.clone(),
        entitlement: entitlement.id.clone(),
        request: RequestId::from_bits(n),
        grant: (act == Act::Take).then(|| GrantId::from_bits(n)),
    }
}

/// Giving something different to somebody, each time.
fn give(n: u128) -> Operation {
    let github = app("GitHub", Vec::new(), Vec::new());
    operation(n, Act::Give, (&person(&n.to_string()), &entitlement(&github, "Read")))
}

/// Writes jobs in their order.
async fn enqueue(db: &TestStore, operations: &[Operation]) {
    write(db, async |tx| {
        let now = tx.now();
        for (sequence, operation) in (1..).zip(operations) {
            job::enqueue(tx, operation, sequence, now).await?;
        }
        Ok(())
    })
    .await;
}

async fn claim(db: &TestStore, lane: Lane, limit: i64) -> Vec<Job> {
    write(db, async |tx| job::claim(tx, lane, LEASE, limit).await).await
}

/// The numbers of the operations that are claimed.
async fn claimed(db: &TestStore, lane: Lane, limit: i64) -> Vec<u128> {
    claim(db, lane, limit).await.iter().map(|job| number(&job.operation)).collect()
}

fn number(operation: &Operation) -> u128 {
    (0..100).find(|n| operation.id == OperationId::from_bits(*n)).expect("a number below a hundred")
}

async fn finish(db: &TestStore, job: &Job, how: &Finish) -> bool {
    write(db, async |tx| job::finish(tx, job, how).await).await
}

async fn find(db: &TestStore, operation: &Operation) -> Job {
    read(db, async |tx| job::find(tx, &operation.id).await).await.expect("the job")
}

async fn is_due(db: &TestStore, lane: Lane) -> bool {
    read(db, async |tx| job::is_due(tx, lane).await).await
}

fn dead() -> Finish {
    Finish::Dead { problem: "no such account".to_owned() }
}

fn again(due_at: Time) -> Finish {
    Finish::Again { due_at, problem: "busy".to_owned() }
}

on_both_databases! {
    async fn a_job_is_written_once(db: TestStore) {
        let first = give(1);
        let changed = Operation { act: Act::Take, grant: Some(GrantId::from_bits(5)), ..first.clone() };
        enqueue(&db, std::slice::from_ref(&first)).await;
        db.clock.advance(LEASE);
        enqueue(&db, &[changed]).await;
        let written = Job {
            operation: first.clone(),
            attempts: 0,
            fence: 0,
            created_at: MORNING,
            due_at: MORNING,
            state: "queued".to_owned(),
            leased_until: None,
            problem: None,
        };
        assert_eq!(find(&db, &first).await, written);
        assert_eq!(read(&db, async |tx| job::find(tx, &OperationId::from_bits(9)).await).await, None);
    }

    /// I22: the attempt is counted, and the fence raised, before anybody outside is called.
    async fn a_claim_counts_the_attempt_and_raises_the_fence(db: TestStore) {
        let operation = give(1);
        enqueue(&db, std::slice::from_ref(&operation)).await;
        let [job] = &claim(&db, Lane::Provision, 10).await[..] else { panic!("there is one") };
        assert_eq!((job.attempts, job.fence, job.leased_until), (1, 1, Some(MORNING.plus(LEASE))));
        assert_eq!(find(&db, &operation).await, *job);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, Vec::<u128>::new());
    }

    /// I25: when a lease is over another worker claims the job, and the first one's report changes nothing.
    async fn a_lost_lease_leaves_the_report_without_effect(db: TestStore) {
        let operation = give(1);
        enqueue(&db, std::slice::from_ref(&operation)).await;
        let lost = claim(&db, Lane::Provision, 1).await.remove(0);
        db.clock.advance(Span::from_seconds(59));
        assert_eq!(claimed(&db, Lane::Provision, 1).await, Vec::<u128>::new());
        db.clock.advance(Span::from_seconds(1));
        let taken = claim(&db, Lane::Provision, 1).await.remove(0);
        assert_eq!((taken.attempts, taken.fence), (2, 2));
        for how in [Finish::Done, dead(), again(MORNING), Finish::Cancelled { problem: "late".to_owned() }] {
            assert!(!finish(&db, &lost, &how).await, "{how:?}");
            assert_eq!(find(&db, &operation).await, taken);
        }
        assert!(finish(&db, &taken, &Finish::Done).await);
        let done = find(&db, &operation).await;
        assert_eq!((done.state.as_str(), done.attempts, done.leased_until), ("done", 2, None));
        // Nor is it reported twice.
        assert!(!finish(&db, &taken, &dead()).await);
        assert_eq!(find(&db, &operation).await, done);
        db.clock.advance(Span::from_days(1));
        assert_eq!(claimed(&db, Lane::Provision, 1).await, Vec::<u128>::new());
    }

    /// I27: what concerns the same person and entitlement happens in the order it was wanted, in both lanes.
    async fn jobs_about_the_same_run_one_after_another(db: TestStore) {
        let github = app("GitHub", Vec::new(), Vec::new());
        let (ann, bob, access) = (person("Ann"), person("Bob"), entitlement(&github, "Read"));
        let same = (&ann, &access);
        enqueue(&db, &[
            operation(1, Act::Give, same),
            operation(2, Act::Give, same),
            operation(3, Act::Take, same),
            operation(4, Act::Give, same),
            operation(5, Act::Give, (&bob, &access)),
        ])
        .await;
        let first = claim(&db, Lane::Provision, 10).await;
        assert_eq!(first.iter().map(|job| number(&job.operation)).collect::<Vec<_>>(), [1, 5]);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, Vec::<u128>::new());
        assert_eq!(claimed(&db, Lane::Revoke, 10).await, Vec::<u128>::new());
        // One that is to be tried later holds up those behind it all the same.
        let later = MORNING.plus(Span::from_hours(1));
        assert!(finish(&db, &first[0], &again(later)).await);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, Vec::<u128>::new());
        db.clock.set(later);
        assert!(finish(&db, &first[1], &Finish::Done).await);
        let first = claim(&db, Lane::Provision, 10).await.remove(0);
        assert_eq!(number(&first.operation), 1);
        assert!(finish(&db, &first, &dead()).await);
        let second = claim(&db, Lane::Provision, 10).await.remove(0);
        assert_eq!(number(&second.operation), 2);
        assert_eq!(claimed(&db, Lane::Revoke, 10).await, Vec::<u128>::new());
        assert!(finish(&db, &second, &Finish::Done).await);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, Vec::<u128>::new());
        let third = claim(&db, Lane::Revoke, 10).await.remove(0);
        assert_eq!(number(&third.operation), 3);
        assert!(finish(&db, &third, &Finish::Cancelled { problem: "covered".to_owned() }).await);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, [4]);
    }

    /// I34: a lane has its own jobs; those due first come first, then those wanted first.
    async fn jobs_are_claimed_by_lane_and_in_the_order_they_are_due(db: TestStore) {
        let removal = Operation { act: Act::Take, ..give(9) };
        enqueue(&db, &[give(1), give(2), give(3), give(4), removal]).await;
        assert_eq!(claimed(&db, Lane::Revoke, 10).await, [9]);
        let jobs = claim(&db, Lane::Provision, 2).await;
        assert!(finish(&db, &jobs[0], &again(MORNING.plus(Span::from_seconds(20)))).await);
        assert!(finish(&db, &jobs[1], &again(MORNING.plus(Span::from_seconds(10)))).await);
        assert_eq!(claimed(&db, Lane::Provision, 1).await, [3]);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, [4]);
        db.clock.advance(Span::from_seconds(19));
        assert_eq!(claimed(&db, Lane::Provision, 10).await, [2]);
        db.clock.advance(Span::from_seconds(1));
        let late = claim(&db, Lane::Provision, 10).await;
        assert_eq!((late.len(), late[0].attempts, late[0].problem.as_deref()), (1, 2, Some("busy")));
        assert_eq!(claimed(&db, Lane::Provision, 0).await, Vec::<u128>::new());
    }

    /// I22, I25: workers who ask at the same moment never get the same job.
    async fn claims_at_one_moment_share_the_jobs(db: TestStore) {
        let operations: Vec<_> = (0..20).map(give).collect();
        enqueue(&db, &operations).await;
        let mut seen = BTreeSet::new();
        let claims: Vec<_> = (0..8)
            .map(|_| {
                let writer = db.writer.clone();
                tokio::spawn(async move {
                    let claim = writer.write("claim", async |tx| {
                        let jobs = job::claim(tx, Lane::Provision, LEASE, 3).await?;
                        Ok::<_, store::StoreError>(store::Verdict::<_, ()>::Done(jobs))
                    });
                    let store::Verdict::Done(jobs) = claim.await.unwrap() else { panic!("nothing is refused here") };
                    jobs
                })
            })
            .collect();
        for claim in claims {
            for job in claim.await.unwrap() {
                assert_eq!((job.attempts, job.fence), (1, 1));
                assert!(seen.insert(number(&job.operation)), "claimed twice");
            }
        }
        assert_eq!(seen.len(), 20);
    }

    async fn a_lane_is_due_when_something_can_be_claimed(db: TestStore) {
        let github = app("GitHub", Vec::new(), Vec::new());
        let (ann, access) = (person("Ann"), entitlement(&github, "Read"));
        let same = (&ann, &access);
        assert!(!is_due(&db, Lane::Provision).await);
        enqueue(&db, &[operation(1, Act::Give, same), operation(2, Act::Give, same), operation(3, Act::Take, same)]).await;
        assert!(is_due(&db, Lane::Provision).await);
        // What has to wait for another one cannot be claimed.
        assert!(!is_due(&db, Lane::Revoke).await);
        let job = claim(&db, Lane::Provision, 1).await.remove(0);
        assert!(!is_due(&db, Lane::Provision).await);
        db.clock.advance(LEASE);
        assert!(is_due(&db, Lane::Provision).await);
        assert!(finish(&db, &job, &again(MORNING.plus(LEASE).plus(LEASE))).await);
        assert!(!is_due(&db, Lane::Provision).await);
        db.clock.advance(LEASE);
        assert!(is_due(&db, Lane::Provision).await);
        let job = claim(&db, Lane::Provision, 1).await.remove(0);
        assert!(finish(&db, &job, &Finish::Done).await);
        let job = claim(&db, Lane::Provision, 1).await.remove(0);
        assert!(finish(&db, &job, &Finish::Done).await);
        assert!(!is_due(&db, Lane::Provision).await);
        assert!(is_due(&db, Lane::Revoke).await);
    }

    async fn jobs_are_counted_by_lane_and_state(db: TestStore) {
        enqueue(&db, &[give(1), give(2), give(3), Operation { act: Act::Take, ..give(4) }]).await;
        let jobs = claim(&db, Lane::Provision, 2).await;
        assert!(finish(&db, &jobs[0], &dead()).await);
        for (lane, state, counted) in [
            (Lane::Provision, "queued", 2),
            (Lane::Provision, "dead", 1),
            (Lane::Provision, "done", 0),
            (Lane::Revoke, "queued", 1),
            (Lane::Revoke, "dead", 0),
        ] {
            assert_eq!(read(&db, async |tx| job::count(tx, lane, state).await).await, counted, "{lane:?} {state}");
        }
    }

    /// I20: what is given up says why, and stays to be looked at.
    async fn dead_jobs_are_listed_with_their_reason_newest_first(db: TestStore) {
        enqueue(&db, &[give(1), give(2), Operation { act: Act::Take, ..give(3) }, give(4)]).await;
        for lane in Lane::ALL {
            for job in claim(&db, lane, 10).await {
                let how = if number(&job.operation) == 2 { Finish::Done } else { dead() };
                assert!(finish(&db, &job, &how).await);
            }
        }
        let dead = async |limit| read(&db, async |tx| job::list_dead(tx, limit).await).await;
        let all = dead(10).await;
        assert_eq!(all.iter().map(|job| number(&job.operation)).collect::<Vec<_>>(), [4, 3, 1]);
        assert!(all.iter().all(|job| job.problem.as_deref() == Some("no such account") && job.state == "dead"));
        assert_eq!(dead(1).await, all[..1]);
    }

    /// I26: what waits is cancelled with its request; what is being done at this moment is not.
    async fn what_waits_is_cancelled_with_its_request_and_what_runs_is_not(db: TestStore) {
        let request = RequestId::from_bits(50);
        let of = |operation: Operation| Operation { request: request.clone(), ..operation };
        let (lost, runs, waits) = (of(give(1)), of(give(2)), of(give(3)));
        let takes = of(Operation { act: Act::Take, grant: Some(GrantId::from_bits(4)), ..give(4) });
        let undoes = of(Operation { act: Act::Take, ..give(5) });
        let other = give(6);
        enqueue(&db, &[lost.clone(), runs.clone(), waits.clone(), takes.clone(), undoes.clone(), other.clone()]).await;
        let cut_off = claim(&db, Lane::Provision, 1).await.remove(0);
        db.clock.advance(Span::from_seconds(30));
        let running = claim(&db, Lane::Provision, 1).await.remove(0);
        assert_eq!((&cut_off.operation, &running.operation), (&lost, &runs));
        db.clock.advance(Span::from_seconds(30));
        write(&db, async |tx| job::cancel_for_request(tx, &request, "request.cancelled").await).await;
        for (operation, state) in [
            (&lost, "cancelled"),
            (&runs, "queued"),
            (&waits, "cancelled"),
            (&takes, "queued"),
            (&undoes, "queued"),
            (&other, "queued"),
        ] {
            assert_eq!(find(&db, operation).await.state, state, "{}", number(operation));
        }
        assert_eq!(find(&db, &waits).await.problem.as_deref(), Some("request.cancelled"));
        assert!(!finish(&db, &cut_off, &Finish::Done).await, "a report that comes too late changes nothing");
        assert!(finish(&db, &running, &Finish::Done).await);
        assert_eq!(claimed(&db, Lane::Provision, 10).await, [6]);
    }

    async fn a_request_is_in_flight_while_its_lease_holds(db: TestStore) {
        let request = RequestId::from_bits(50);
        let of = |operation: Operation| Operation { request: request.clone(), ..operation };
        enqueue(&db, &[of(give(1)), of(Operation { act: Act::Take, ..give(2) })]).await;
        let is = async || read(&db, async |tx| job::is_in_flight(tx, &request).await).await;
        assert!(!is().await);
        claim(&db, Lane::Revoke, 1).await;
        assert!(!is().await, "taking away is another matter");
        let job = claim(&db, Lane::Provision, 1).await.remove(0);
        assert!(is().await);
        let elsewhere = RequestId::from_bits(51);
        assert!(!read(&db, async |tx| job::is_in_flight(tx, &elsewhere).await).await);
        db.clock.advance(LEASE);
        assert!(!is().await, "the lease is over");
        assert!(finish(&db, &job, &again(MORNING)).await);
        assert!(!is().await);
        claim(&db, Lane::Provision, 1).await;
        assert!(is().await);
    }
}
