//! The simulated target inside the process, against the checks for every connector.

use std::collections::BTreeMap;

use connect::sim::{CallHeard, Sim, SimSettings};
use tempfile::TempDir;

use crate::conformance::conformance;

/// Every mishap that a caller can get over by repeating.
pub(crate) fn mishaps() -> Vec<SimSettings> {
    let none = SimSettings::default;
    vec![
        none(),
        SimSettings { delay_ms: 2, ..none() },
        SimSettings { answer_twice: true, ..none() },
        SimSettings { fail_every: 2, ..none() },
        SimSettings { throttle_every: 2, ..none() },
        SimSettings { lose_reply_every: 2, ..none() },
        SimSettings {
            delay_ms: 1,
            fail_every: 5,
            lose_reply_every: 3,
            answer_twice: true,
            throttle_every: 7,
            refuse_every: 0,
        },
    ]
}

/// I23: whatever was repeated, each operation had at most one effect.
pub(crate) fn at_most_one_effect_each(calls: &[CallHeard]) {
    let mut effects = BTreeMap::new();
    for call in calls.iter().filter(|call| call.effect) {
        *effects.entry(call.operation.id.as_str()).or_insert(0) += 1;
    }
    assert!(effects.values().all(|count| *count == 1), "{effects:?}");
}

/// I23
#[tokio::test]
async fn the_simulated_target_conforms_whatever_goes_wrong() {
    for settings in mishaps() {
        let folder = TempDir::new().unwrap();
        let sim = Sim::open(&folder.path().join("sim.target"), settings).unwrap();
        conformance(&sim).await;
        assert_eq!(sim.holdings(), []);
        at_most_one_effect_each(&sim.calls());
    }
}
