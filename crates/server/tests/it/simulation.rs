//! Random people do random things while the clock jumps and the target misbehaves; everything has to hold all the same.
//!
//! The seed is in the message of a failure; the same seed does the same again.

use std::sync::Arc;
use std::time::Duration;

use connect::contract::{Act, Connector as _, Operation, Outcome};
use connect::sim::{Sim, SimSettings};
use domain::Span;
use serde_json::{Value, json};
use server::worker::{self, Connectors, Limits};
use testkit::invariants::{self, Holdings};
use testkit::on_both_databases;

use crate::world::{World, text};

const LIMITS: Limits = Limits { in_flight_max: 4, call: Duration::from_secs(20), poll: Duration::from_secs(1) };
const PEOPLE: [&str; 11] = ["sam", "mia", "eve", "bob", "zoe", "dan", "olga", "gus", "guy", "hugo", "audrey"];
const THINGS: [&str; 6] = ["github/write", "github/read", "github/deploy", "chat/access", "crm/leads", "github/hidden"];
const LENGTHS: [&str; 4] = ["PT8H", "P7D", "P30D", "P90D"];

/// Numbers that follow from a seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// One run: the world, the target, the dice.
struct Run {
    world: World,
    sim: Arc<Sim>,
    dice: Dice,
    _folder: tempfile::TempDir,
}

impl Run {
    async fn new(store: testkit::TestStore, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sim = Arc::new(Sim::open(&folder.path().join("sim.target"), SimSettings::default()).unwrap());
        // Zero is the one seed from which nothing follows.
        Self { world: World::new(store).await, sim, dice: Dice(seed.wrapping_mul(2) + 1), _folder: folder }
    }

    fn connectors(&self) -> Connectors {
        Connectors { sim: self.sim.clone() }
    }

    async fn step(&mut self) {
        match self.dice.roll(12) {
            0..=2 => self.file().await,
            3..=6 => self.answer().await,
            7 => self.change_request().await,
            8 => self.end_grant().await,
            9 => {
                let hours = [1, 8, 30, 24 * 8][self.dice.roll(4)];
                self.world.store.clock.advance(Span::from_hours(hours));
            }
            10 => self.misbehave(),
            _ => drop(worker::turn(&self.world.app, &self.connectors(), LIMITS).await),
        }
    }

    async fn file(&mut self) {
        let (who, whom) = (*self.dice.pick(&PEOPLE), *self.dice.pick(&PEOPLE));
        let items: Vec<_> = (0..=self.dice.roll(2))
            .map(|_| json!({ "entitlement": self.dice.pick(&THINGS), "duration": self.dice.pick(&LENGTHS) }))
            .collect();
        let mut asked = json!({ "items": items, "justification": "Because" });
        if self.dice.roll(3) == 0 {
            asked["for"] = format!("{whom}@example.com").into();
        }
        self.allowed(self.world.post(who, "/submissions", asked).await);
    }

    /// Somebody, entitled or not, answers some open task with a digest that may be stale.
    async fn answer(&mut self) {
        let tasks = self.world.get("sam", "/tasks?limit=200").await.when(200);
        let tasks = tasks["items"].as_array().unwrap().clone();
        if tasks.is_empty() {
            return;
        }
        let task = self.dice.pick(&tasks).clone();
        let who = self.answerer(&task);
        let digest = if self.dice.roll(8) == 0 { json!("0".repeat(64)) } else { task["digest"].clone() };
        let verb = if task["kind"] == "approval" {
            ["approve", "approve", "approve", "deny"][self.dice.roll(4)]
        } else {
            ["confirm", "confirm", "deny"][self.dice.roll(3)]
        };
        let body =
            if verb == "confirm" { json!({ "comment": "done" }) } else { json!({ "digest": digest, "comment": "x" }) };
        let path = format!("/tasks/{}/{verb}", text(&task["id"]));
        let reply = self.world.post(&who, &path, body).await;
        if verb == "confirm" && reply.status.is_success() {
            self.by_hand(&task).await;
        }
        self.allowed(reply);
    }

    /// Whoever confirms has done it in the target: people take over what its connector refused.
    async fn by_hand(&self, task: &Value) {
        let entitlement = &task["request"]["entitlement"];
        if entitlement["app"]["slug"] != "chat" {
            return;
        }
        let settings = self.sim.settings();
        self.sim.tune(SimSettings::default());
        let give = task["kind"] == "provisioning";
        let operation = Operation {
            id: format!("by-hand-{}", text(&task["id"])),
            act: if give { Act::Give } else { Act::Take },
            user: text(&task["request"]["subject"]["id"]).to_owned(),
            account: text(&task["request"]["subject"]["email"]).to_owned(),
            app: "chat".to_owned(),
            entitlement: text(&entitlement["slug"]).to_owned(),
            level: String::new(),
        };
        assert_eq!(self.sim.apply(&operation).await, Outcome::Done);
        self.sim.tune(settings);
    }

    /// Mostly one of those who are asked, sometimes anybody.
    fn answerer(&mut self, task: &Value) -> String {
        let asked = task["assignees"].as_array().unwrap();
        if asked.is_empty() || self.dice.roll(4) == 0 {
            return (*self.dice.pick(&PEOPLE)).to_owned();
        }
        let mail = text(&self.dice.pick(asked)["email"]).to_owned();
        mail.split('@').next().unwrap().to_owned()
    }

    async fn change_request(&mut self) {
        let found = self.world.get("sam", "/requests?limit=200").await.when(200);
        let found = found["items"].as_array().unwrap().clone();
        if found.is_empty() {
            return;
        }
        let request = self.dice.pick(&found).clone();
        let who = *self.dice.pick(&PEOPLE);
        let path = format!("/requests/{}", text(&request["number"]));
        let reply = match self.dice.roll(3) {
            0 => self.world.post(who, &format!("{path}/cancel"), json!({})).await,
            1 => self.world.post(who, &format!("{path}/comments"), json!({ "text": "Hm." })).await,
            _ => {
                let edit = json!({ "entitlement": self.dice.pick(&THINGS), "duration": self.dice.pick(&LENGTHS) });
                self.world.post(who, &format!("{path}/edit"), edit).await
            }
        };
        self.allowed(reply);
    }

    async fn end_grant(&mut self) {
        let found = self.world.get("sam", "/grants?limit=200").await.when(200);
        let found = found["items"].as_array().unwrap().clone();
        if found.is_empty() {
            return;
        }
        let path = format!("/grants/{}/revoke", text(&self.dice.pick(&found)["id"]));
        let who = *self.dice.pick(&PEOPLE);
        self.allowed(self.world.post(who, &path, json!({})).await);
    }

    fn misbehave(&mut self) {
        let mut every = |sides: usize| if self.dice.roll(3) == 0 { 1 + self.dice.roll(sides) as u64 } else { 0 };
        self.sim.tune(SimSettings {
            fail_every: every(4),
            lose_reply_every: every(4),
            throttle_every: every(5),
            refuse_every: every(9),
            answer_twice: every(2) > 0,
            ..SimSettings::default()
        });
    }

    /// Whatever is asked, the answer is yes or a reasoned no, never a fault of ours.
    #[track_caller]
    fn allowed(&self, reply: crate::world::Reply) {
        let status = reply.status.as_u16();
        assert!((200..300).contains(&status) || (400..500).contains(&status), "{status}: {:#}", reply.body);
    }

    /// Lets everything that was begun come to its end and looks at the target too.
    async fn settle(&self) {
        self.sim.tune(SimSettings::default());
        for _ in 0..150 {
            while worker::turn(&self.world.app, &self.connectors(), LIMITS).await {}
            self.world.store.clock.advance(Span::from_seconds(3_601));
        }
        while worker::turn(&self.world.app, &self.connectors(), LIMITS).await {}
        let held = self.sim.holdings().into_iter().map(|held| (held.app, held.account, held.entitlement));
        let held = held.collect::<Holdings>();
        let broken = invariants::check(&self.world.store.reader, Some(&held)).await.unwrap();
        assert!(broken.is_empty(), "invariants are broken:\n{}", broken.join("\n"));
    }
}

async fn run(store: testkit::TestStore, seed: u64, steps: usize) {
    let mut run = Run::new(store, seed).await;
    for step in 1..=steps {
        run.step().await;
        if step % 25 == 0 {
            let broken = invariants::check(&run.world.store.reader, None).await.unwrap();
            assert!(broken.is_empty(), "seed {seed}, step {step}:\n{}", broken.join("\n"));
        }
    }
    run.settle().await;
}

on_both_databases! {
    /// I4, I5, I8, I10, I11, I16, I19, I21, I23, I28, I36, I40, I43 after random days of a small company.
    async fn everything_holds_whatever_people_do_1(db: TestStore) {
        run(db, 1, 150).await;
    }

    /// The same with other people doing other things.
    async fn everything_holds_whatever_people_do_2(db: TestStore) {
        run(db, 20_261_121, 150).await;
    }

    /// The same once more.
    async fn everything_holds_whatever_people_do_3(db: TestStore) {
        run(db, 987_654_321, 150).await;
    }
}
