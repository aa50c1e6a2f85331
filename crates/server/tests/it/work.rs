//! The worker against the simulated target, which fails, forgets and repeats as told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connect::sim::{Answered, Heard, Sim, SimSettings};
use domain::Span;
use serde_json::{Value, json};
use server::worker::{self, Connectors, Limits};
use testkit::invariants::Holdings;
use testkit::{invariants, on_both_databases};

use crate::world::{World, text};

/// A worker's limits; in tests nothing is slow.
const LIMITS: Limits = Limits { in_flight_max: 8, call: Duration::from_secs(20), poll: Duration::from_secs(1) };

/// A target of its own for each test.
struct Target {
    sim: Arc<Sim>,
    _folder: tempfile::TempDir,
}

impl Target {
    fn new(settings: SimSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sim = Sim::open(&folder.path().join("sim.target"), settings).unwrap();
        Self { sim: Arc::new(sim), _folder: folder }
    }

    fn connectors(&self) -> Connectors {
        Connectors { sim: self.sim.clone() }
    }

    fn holdings(&self) -> Holdings {
        self.sim.holdings().into_iter().map(|held| (held.app, held.account, held.entitlement)).collect()
    }

    fn holds(&self, who: &str) -> bool {
        self.holdings().contains(&("chat".to_owned(), format!("{who}@example.com"), "access".to_owned()))
    }

    /// How many changes of this kind had an effect.
    fn effects(&self, heard: Heard) -> usize {
        self.sim.calls().iter().filter(|call| call.heard == heard && call.effect).count()
    }

    /// Lets the worker do everything that is due now.
    async fn turn(&self, world: &World) {
        while worker::turn(&world.app, &self.connectors(), LIMITS).await {}
    }

    /// Lets time pass until nothing is tried again any more.
    async fn settle(&self, world: &World) {
        for _ in 0..200 {
            self.turn(world).await;
            world.store.clock.advance(Span::from_seconds(301));
        }
        self.turn(world).await;
    }

    /// Everything is as it should be, in the database and in the target.
    async fn is_sound(&self, world: &World) {
        invariants::hold(&world.store.reader, Some(&self.holdings())).await;
    }
}

async fn approved(world: &World, who: &str, duration: &str) -> Value {
    let request = world.file(who, "chat/access", duration).await;
    let task = world.task("mia", &request).await;
    let path = format!("/tasks/{}/approve", text(&task["id"]));
    world.post("mia", &path, json!({ "digest": task["digest"] })).await.when(200)
}

async fn seen(world: &World, request: &Value) -> Value {
    world.get("eve", &format!("/requests/{}", text(&request["number"]))).await.when(200)
}

on_both_databases! {
    /// S0-5, S0-18, S1-27, I29: after the last approval the connector is called once, and again once at the end.
    async fn access_comes_by_itself_and_goes_by_itself(db: TestStore) {
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let request = approved(&world, "eve", "PT8H").await;
        assert_eq!((text(&request["approval"]), text(&request["fulfilment"])), ("approved", "queued"));
        assert!(!target.holds("eve"), "nothing happens before the worker does it");
        target.turn(&world).await;
        let request = seen(&world, &request).await;
        assert_eq!(text(&request["fulfilment"]), "granted");
        assert!(target.holds("eve"));
        world.store.clock.advance(Span::from_hours(8));
        target.turn(&world).await;
        assert_eq!(text(&seen(&world, &request).await["grant"]["state"]), "revoked");
        assert!(!target.holds("eve"));
        let changes: Vec<_> = target.sim.calls().iter().map(|call| call.heard).filter(|heard| *heard != Heard::Read).collect();
        assert_eq!(changes, [Heard::Give, Heard::Take]);
        target.is_sound(&world).await;
    }

    /// I23, F5, F6, F8: whatever is lost, delayed or repeated, each operation has at most one effect and converges.
    async fn a_target_that_misbehaves_is_brought_to_the_wanted_state(db: TestStore) {
        let world = World::new(db).await;
        let target = Target::new(SimSettings {
            fail_every: 2,
            lose_reply_every: 3,
            throttle_every: 5,
            answer_twice: true,
            ..SimSettings::default()
        });
        for who in ["eve", "bob"] {
            approved(&world, who, "P30D").await;
        }
        target.settle(&world).await;
        assert!(target.holds("eve") && target.holds("bob"));
        world.store.clock.advance(Span::from_days(30));
        target.settle(&world).await;
        assert_eq!(target.holdings(), BTreeSet::new());
        assert_eq!((target.effects(Heard::Give), target.effects(Heard::Take)), (2, 2));
        target.is_sound(&world).await;
    }

    /// S2-28, S2-29, S2-32: approved and failed shows as such, with the reason and the next try.
    async fn a_failure_shows_beside_the_approval(db: TestStore) {
        let world = World::new(db).await;
        let target = Target::new(SimSettings { fail_every: 1, ..SimSettings::default() });
        let request = approved(&world, "eve", "PT8H").await;
        target.turn(&world).await;
        let failed = seen(&world, &request).await;
        assert_eq!((text(&failed["approval"]), text(&failed["fulfilment"])), ("approved", "failed"));
        assert!(!text(&failed["problem"]).is_empty());
        assert!(failed["retry_at"].is_string());
        target.sim.tune(SimSettings::default());
        target.settle(&world).await;
        assert_eq!(text(&seen(&world, &request).await["fulfilment"]), "granted");
        target.is_sound(&world).await;
    }

    /// DESIGN §6: when automation fails for good the work becomes a task for people, and approvals are kept.
    async fn what_the_connector_refuses_people_do(db: TestStore) {
        let world = World::new(db).await;
        let target = Target::new(SimSettings { refuse_every: 1, ..SimSettings::default() });
        let request = approved(&world, "eve", "PT8H").await;
        target.turn(&world).await;
        let manual = seen(&world, &request).await;
        assert_eq!((text(&manual["approval"]), text(&manual["fulfilment"])), ("approved", "manual"));
        let task = world.task("dan", &request).await;
        let path = format!("/tasks/{}/confirm", text(&task["id"]));
        assert_eq!(world.post("dan", &path, json!({})).await.when(200)["fulfilment"], "granted");
        invariants::hold(&world.store.reader, None).await;
    }

    /// I30: taking access away is never given up, however long the target is down.
    async fn removal_is_never_given_up(db: TestStore) {
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let request = approved(&world, "eve", "PT8H").await;
        target.turn(&world).await;
        target.sim.tune(SimSettings { fail_every: 1, ..SimSettings::default() });
        world.store.clock.advance(Span::from_hours(8));
        for _ in 0..40 {
            target.turn(&world).await;
            world.store.clock.advance(Span::from_hours(2));
        }
        assert_eq!(text(&seen(&world, &request).await["grant"]["state"]), "ending");
        assert!(target.holds("eve"));
        target.sim.tune(SimSettings::default());
        world.store.clock.advance(Span::from_hours(2));
        target.turn(&world).await;
        assert_eq!(text(&seen(&world, &request).await["grant"]["state"]), "revoked");
        target.is_sound(&world).await;
    }

    /// I28: two grants of the same thing are a union; only the last one that ends takes it away.
    async fn overlapping_grants_are_a_union(db: TestStore) {
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let short = approved(&world, "eve", "PT8H").await;
        target.turn(&world).await;
        let long = approved(&world, "eve", "P7D").await;
        target.turn(&world).await;
        world.store.clock.advance(Span::from_hours(9));
        target.turn(&world).await;
        assert_eq!(text(&seen(&world, &short).await["grant"]["state"]), "revoked");
        assert!(target.holds("eve"), "the longer one still gives it");
        assert_eq!(target.effects(Heard::Take), 0);
        let grant = text(&seen(&world, &long).await["grant"]["id"]).to_owned();
        let removal = world.post("eve", &format!("/grants/{grant}/revoke"), json!({})).await.when(200);
        assert_eq!((text(&removal["kind"]), text(&removal["fulfilment"])), ("revoke", "revoking"));
        target.turn(&world).await;
        assert!(!target.holds("eve"));
        assert_eq!(text(&seen(&world, &removal).await["fulfilment"]), "revoked");
        target.is_sound(&world).await;
    }

    /// I36: nothing is put in place before its start, nor after the end that was asked for.
    async fn nothing_happens_outside_the_window(db: TestStore) {
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let now = world.app.now().await.unwrap();
        let (starts, until) = (now.plus(Span::from_days(2)), now.plus(Span::from_days(3)));
        let asked = json!({
            "items": [{ "entitlement": "chat/access", "until": until.to_string(), "starts": starts.to_string() }],
            "justification": "A workshop",
        });
        let request = world.post("eve", "/submissions", asked).await.when(201)["requests"][0].clone();
        let task = world.task("mia", &request).await;
        let path = format!("/tasks/{}/approve", text(&task["id"]));
        let request = world.post("mia", &path, json!({ "digest": task["digest"] })).await.when(200);
        assert_eq!(text(&request["fulfilment"]), "scheduled");
        world.store.clock.advance(Span::from_days(1));
        target.turn(&world).await;
        assert!(!target.holds("eve"));
        world.store.clock.advance(Span::from_days(1));
        target.turn(&world).await;
        assert!(target.holds("eve"));
        world.store.clock.advance(Span::from_days(1));
        target.turn(&world).await;
        assert!(!target.holds("eve"));
        target.is_sound(&world).await;
    }

    /// I36: a request whose end passes unanswered expires, and nothing is given.
    async fn what_nobody_answers_in_time_expires(db: TestStore) {
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let until = world.app.now().await.unwrap().plus(Span::from_days(1));
        let asked = json!({
            "items": [{ "entitlement": "chat/access", "until": until.to_string() }], "justification": "A workshop",
        });
        let request = world.post("eve", "/submissions", asked).await.when(201)["requests"][0].clone();
        world.store.clock.advance(Span::from_days(1));
        target.turn(&world).await;
        assert_eq!(text(&seen(&world, &request).await["approval"]), "expired");
        assert!(target.sim.calls().is_empty());
        target.is_sound(&world).await;
    }

    /// I25: the report of a worker whose lease ran out changes nothing once somebody else has claimed the job.
    async fn a_late_report_changes_nothing(db: TestStore) {
        use server::app::work::Tried;
        let (world, target) = (World::new(db).await, Target::new(SimSettings::default()));
        let request = approved(&world, "eve", "PT8H").await;
        let lease = Span::from_seconds(60);
        let first = world.app.claim(domain::job::Lane::Provision, lease, 1, "first").await.unwrap();
        world.store.clock.advance(Span::from_seconds(61));
        let second = world.app.claim(domain::job::Lane::Provision, lease, 1, "second").await.unwrap();
        assert_eq!((first.len(), second.len()), (1, 1));
        world.app.report(&first[0], Tried::Done { verified: true }, 0, "first").await.unwrap();
        assert_eq!(text(&seen(&world, &request).await["fulfilment"]), "provisioning");
        world.store.clock.advance(Span::from_seconds(61));
        target.turn(&world).await;
        assert_eq!(text(&seen(&world, &request).await["fulfilment"]), "granted");
        target.is_sound(&world).await;
    }

    /// What an operation whose reply was lost may have given is taken away when the request is withdrawn.
    async fn a_withdrawn_request_leaves_nothing_behind(db: TestStore) {
        let world = World::new(db).await;
        let target = Target::new(SimSettings { lose_reply_every: 1, ..SimSettings::default() });
        let request = approved(&world, "eve", "PT8H").await;
        let order = world.app.claim(domain::job::Lane::Provision, Span::from_seconds(60), 1, "test").await.unwrap();
        let operation = connect::contract::Operation {
            id: order[0].job.operation.id.to_string(),
            act: connect::contract::Act::Give,
            user: order[0].job.operation.user.to_string(),
            account: order[0].account.clone(),
            app: order[0].app.clone(),
            entitlement: order[0].entitlement.clone(),
            level: String::new(),
        };
        connect::contract::Connector::apply(target.sim.as_ref(), &operation).await;
        assert!(target.sim.calls().iter().any(|call| call.answered == Answered::Unknown && call.effect));
        let lost = server::app::work::Tried::Later { why: "no answer".to_owned(), after: None, unknown: true };
        world.app.report(&order[0], lost, 999, "test").await.unwrap();
        assert_eq!(text(&seen(&world, &request).await["fulfilment"]), "unknown");
        let path = format!("/requests/{}/cancel", text(&request["number"]));
        world.post("eve", &path, json!({})).await.when(200);
        target.sim.tune(SimSettings::default());
        target.settle(&world).await;
        assert!(!target.holds("eve"));
        target.is_sound(&world).await;
    }
}
