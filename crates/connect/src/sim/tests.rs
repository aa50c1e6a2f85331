//! The simulated target alone: its file, its mishaps and its memory of calls.

use std::{collections::BTreeMap, fs, time::Duration};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn operation(number: u32, act: Act, person: &str, level: &str) -> Operation {
    Operation {
        id: format!("opr_{number:026}"),
        act,
        user: format!("usr_{person}"),
        account: format!("{person}@example.com"),
        app: "github".to_owned(),
        entitlement: "write".to_owned(),
        level: level.to_owned(),
    }
}

fn give(number: u32, person: &str) -> Operation {
    operation(number, Act::Give, person, "")
}

fn take(number: u32, person: &str) -> Operation {
    operation(number, Act::Take, person, "")
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("sim.target")
    }

    fn open(&self, settings: SimSettings) -> Sim {
        Sim::open(&self.file(), settings).unwrap()
    }
}

fn now_or_never<T>(call: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(call)
}

fn apply(sim: &Sim, operation: &Operation) -> Outcome {
    now_or_never(sim.apply(operation))
}

fn read_back(sim: &Sim, operation: &Operation) -> Seen {
    now_or_never(sim.read_back(operation)).unwrap()
}

#[test]
fn what_was_given_is_there_after_reopening() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    assert_eq!(apply(&sim, &give(1, "ann")), Outcome::Done);
    assert_eq!(apply(&sim, &give(2, "bob")), Outcome::Done);
    assert_eq!(apply(&sim, &take(3, "bob")), Outcome::Done);
    let (holdings, calls) = (sim.holdings(), sim.calls());
    drop(sim);

    let again = place.open(SimSettings::default());
    assert_eq!(again.holdings(), holdings);
    assert_eq!(again.calls(), calls);
    assert_eq!(holdings.len(), 1);
    assert_eq!(holdings[0].operation, give(1, "ann").id);
    drop(again);
    assert_eq!(place.open(SimSettings::default()).calls(), calls, "compacted twice");
}

/// S0-5, I23: a repeated call has no second effect, and the target says which call had it.
#[test]
fn a_repeated_grant_has_one_effect() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    for _ in 0..3 {
        assert_eq!(apply(&sim, &give(1, "ann")), Outcome::Done);
    }
    let effects: Vec<bool> = sim.calls().iter().map(|call| call.effect).collect();
    assert_eq!(effects, [true, false, false]);
}

/// F5: the reply is lost, the effect stands.
#[test]
fn a_lost_reply_is_unknown_and_read_back_finds_the_effect() {
    let place = Place::new();
    let sim = place.open(SimSettings { lose_reply_every: 1, ..SimSettings::default() });
    assert!(matches!(apply(&sim, &give(1, "ann")), Outcome::Unknown { .. }));
    assert_eq!(read_back(&sim, &give(1, "ann")), Seen::Present);
    assert_eq!(sim.calls()[0].answered, Answered::Unknown);
    assert!(sim.calls()[0].effect);
}

#[test]
fn refusing_throttling_and_failing_change_nothing() {
    let place = Place::new();
    let sim = place.open(SimSettings { refuse_every: 3, throttle_every: 2, fail_every: 1, ..SimSettings::default() });
    let answers: Vec<Outcome> = (1..=3).map(|n| apply(&sim, &give(n, "ann"))).collect();
    assert!(matches!(answers[0], Outcome::Later { after: None, .. }));
    assert!(matches!(answers[1], Outcome::Later { after: Some(THROTTLED_FOR), .. }));
    assert!(matches!(answers[2], Outcome::Refused { .. }));
    assert_eq!(sim.holdings(), []);
    assert_eq!(read_back(&sim, &give(1, "ann")), Seen::Absent);
}

#[test]
fn answering_twice_is_heard_twice_and_has_one_effect() {
    let place = Place::new();
    let sim = place.open(SimSettings { answer_twice: true, ..SimSettings::default() });
    assert_eq!(apply(&sim, &give(1, "ann")), Outcome::Done);
    assert_eq!(sim.calls().len(), 2);
    assert_eq!(sim.calls().iter().filter(|call| call.effect).count(), 1);
}

/// F12: an account name that passed to somebody else is never bound to the old person, and not taken from the new one.
#[test]
fn an_account_of_somebody_else_is_left_alone() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    assert_eq!(apply(&sim, &give(1, "ann")), Outcome::Done);
    let foreign = |act| Operation { user: "usr_eve".to_owned(), ..operation(2, act, "ann", "") };
    assert!(matches!(apply(&sim, &foreign(Act::Give)), Outcome::Refused { .. }));
    assert_eq!(read_back(&sim, &foreign(Act::Give)), Seen::Absent);
    assert_eq!(apply(&sim, &foreign(Act::Take)), Outcome::Done);
    assert_eq!(read_back(&sim, &give(1, "ann")), Seen::Present);
}

#[test]
fn another_level_replaces_the_first() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    let (read, admin) = (operation(1, Act::Give, "ann", "read"), operation(2, Act::Give, "ann", "admin"));
    assert_eq!(apply(&sim, &read), Outcome::Done);
    assert_eq!(apply(&sim, &admin), Outcome::Done);
    assert_eq!(read_back(&sim, &read), Seen::Absent);
    assert_eq!(read_back(&sim, &admin), Seen::Present);
    assert_eq!(sim.holdings().len(), 1);
}

/// F7: a target that is slower than the limit leaves the outcome unknown; the effect may be there.
#[test]
fn a_slow_target_is_unknown_after_the_limit() {
    let place = Place::new();
    let sim = place.open(SimSettings { delay_ms: 3_600_000, ..SimSettings::default() });
    let ann = give(1, "ann");
    let limit = Duration::from_millis(1);
    let outcome = now_or_never(crate::contract::apply_within(&sim, &ann, limit));
    assert!(matches!(outcome, Outcome::Unknown { .. }));
    let seen = now_or_never(crate::contract::read_back_within(&sim, &ann, limit));
    assert!(seen.is_err());
}

#[test]
fn unknown_settings_are_refused() {
    let wrong = serde_json::from_str::<SimSettings>(r#"{"delay_seconds": 3}"#);
    assert!(wrong.unwrap_err().to_string().contains("unknown field"));
}

#[test]
fn a_whole_line_that_is_not_ours_is_named() {
    let place = Place::new();
    fs::write(place.file(), "{\"held\":{}}\n").unwrap();
    let error = Sim::open(&place.file(), SimSettings::default()).unwrap_err();
    assert!(error.to_string().starts_with("line 1 of the simulated target"), "{error}");
}

#[test]
fn a_full_disk_puts_a_change_off() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    sim.lock().file.replace_with_full_disk();
    assert!(matches!(apply(&sim, &give(1, "ann")), Outcome::Later { .. }));
    assert_eq!(sim.holdings(), []);
    assert!(sim.calls().is_empty());
}

#[test]
fn the_memory_of_calls_is_bounded_and_the_file_with_it() {
    let place = Place::new();
    let sim = place.open(SimSettings::default());
    let calls = u32::try_from(CALLS_KEPT_MAX).unwrap() * 5;
    now_or_never(async {
        for n in 0..calls {
            sim.apply(&give(n, "ann")).await;
        }
    });
    assert_eq!(sim.calls().len(), CALLS_KEPT_MAX);
    assert_eq!(sim.calls().last().unwrap().seq, u64::from(calls) - 1);
    let lines = fs::read_to_string(place.file()).unwrap().lines().count();
    assert!(lines < 3 * CALLS_KEPT_MAX, "{lines} lines");
    let kept = sim.calls();
    drop(sim);
    assert_eq!(place.open(SimSettings::default()).calls(), kept);
}

fn any_operation() -> impl Strategy<Value = Operation> {
    let act = prop_oneof![Just(Act::Give), Just(Act::Take)];
    let person = prop_oneof![Just("ann"), Just("bob")];
    let level = prop_oneof![Just(""), Just("admin")];
    (0..6_u32, act, person, level).prop_map(|(number, act, person, level)| operation(number, act, person, level))
}

fn any_settings() -> impl Strategy<Value = SimSettings> {
    (0..4_u64, 0..4_u64, 0..4_u64, 0..4_u64, any::<bool>()).prop_map(
        |(fail_every, lose_reply_every, throttle_every, refuse_every, answer_twice)| SimSettings {
            delay_ms: 0,
            fail_every,
            lose_reply_every,
            answer_twice,
            throttle_every,
            refuse_every,
        },
    )
}

/// What a reader of the journal alone would believe is held.
fn fold(calls: &[CallHeard]) -> BTreeMap<String, String> {
    let mut held = BTreeMap::new();
    for call in calls.iter().filter(|call| call.effect) {
        match call.operation.act {
            Act::Give => held.insert(call.operation.account.clone(), call.operation.level.clone()),
            Act::Take => held.remove(&call.operation.account),
        };
    }
    held
}

fn held(sim: &Sim) -> BTreeMap<String, String> {
    let holdings = sim.holdings().into_iter();
    holdings.map(|holding| (holding.account, holding.level)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever goes wrong, the journal explains the memberships, and every answer is true.
    #[test]
    fn the_journal_explains_what_is_held(
        settings in any_settings(), operations in prop::collection::vec(any_operation(), 0..40),
    ) {
        let place = Place::new();
        let sim = place.open(settings);
        for operation in &operations {
            let before = held(&sim);
            let outcome = apply(&sim, operation);
            let seen = read_back(&sim, operation);
            let wanted = if operation.act == Act::Give { Seen::Present } else { Seen::Absent };
            match outcome {
                Outcome::Done | Outcome::Unknown { .. } => prop_assert_eq!(seen, wanted),
                Outcome::Refused { .. } | Outcome::Later { .. } if !sim.settings().answer_twice => {
                    prop_assert_eq!(held(&sim), before);
                }
                Outcome::Refused { .. } | Outcome::Later { .. } => {}
            }
        }
        prop_assert_eq!(fold(&sim.calls()), held(&sim));
        let (held_before, calls) = (held(&sim), sim.calls());
        drop(sim);
        let again = place.open(SimSettings::default());
        prop_assert_eq!(held(&again), held_before);
        prop_assert_eq!(again.calls(), calls);
    }

    /// A file that ends anywhere inside its last lines opens with exactly the lines that are whole.
    #[test]
    fn a_torn_end_is_ignored(
        operations in prop::collection::vec(any_operation(), 1..12), cut in 0..4000_usize,
    ) {
        let place = Place::new();
        let sim = place.open(SimSettings::default());
        for operation in &operations {
            apply(&sim, operation);
        }
        let calls = sim.calls();
        drop(sim);
        let text = fs::read(place.file()).unwrap();
        let kept = text.len().saturating_sub(cut);
        fs::write(place.file(), &text[..kept]).unwrap();
        let whole = text[..kept].iter().filter(|byte| **byte == b'\n').count();

        let again = place.open(SimSettings::default());
        prop_assert_eq!(again.calls(), &calls[..whole]);
        prop_assert_eq!(held(&again), fold(&calls[..whole]));
    }
}
