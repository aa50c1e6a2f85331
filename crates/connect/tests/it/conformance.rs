//! The checks that every connector of class E1 to E3 has to pass (F5, F6, F8; I23, I29).

use connect::contract::{Act, Connector, EffectClass, Operation, Outcome, Seen};

/// How often an operation may be repeated before it counts as stuck.
const ATTEMPTS_MAX: usize = 20;

/// Takes a connector whose target holds nothing for these people yet through giving, changing the level and taking.
pub(crate) async fn conformance(connector: &dyn Connector) {
    for act in [Act::Give, Act::Take] {
        assert_ne!(connector.effect_class(act), EffectClass::E4, "{act:?} needs a suite of its own");
    }
    let [ann, bob] = ["ann", "bob"].map(|person| operation("give-1", Act::Give, person, ""));
    let take_ann = operation("take-1", Act::Take, "ann", "");

    // Taking what is not held is no error: somebody may have been quicker.
    settle(connector, &take_ann).await;
    sees(connector, &take_ann, Seen::Absent).await;
    sees(connector, &ann, Seen::Absent).await;

    settle(connector, &bob).await;
    settle(connector, &ann).await;
    sees(connector, &ann, Seen::Present).await;

    // The same operation again, as after a lost reply, is answered and changes nothing.
    for _ in 0..3 {
        settle(connector, &ann).await;
        sees(connector, &ann, Seen::Present).await;
    }

    // Another level is another operation on the same thing; the first level is no longer what is held.
    let admin = operation("give-2", Act::Give, "ann", "admin");
    settle(connector, &admin).await;
    sees(connector, &admin, Seen::Present).await;
    sees(connector, &ann, Seen::Absent).await;

    // A dropped call may or may not have happened; repeating it brings the target where it belongs.
    drop(connector.apply(&take_ann));
    let _never_finished = tokio::time::timeout(std::time::Duration::ZERO, connector.apply(&take_ann)).await;
    for _ in 0..3 {
        settle(connector, &take_ann).await;
        sees(connector, &take_ann, Seen::Absent).await;
    }
    sees(connector, &admin, Seen::Absent).await;
    sees(connector, &bob, Seen::Present).await;
    settle(connector, &operation("take-2", Act::Take, "bob", "")).await;
}

/// One operation on one person's account.
pub(crate) fn operation(id: &str, act: Act, person: &str, level: &str) -> Operation {
    Operation {
        id: format!("opr_{id}-{person}"),
        act,
        user: format!("usr_{person}"),
        account: format!("{person}@example.com"),
        app: "github".to_owned(),
        entitlement: "write".to_owned(),
        level: level.to_owned(),
    }
}

/// Repeats an operation until the target says that it is done.
pub(crate) async fn settle(connector: &dyn Connector, operation: &Operation) {
    let mut heard = Vec::new();
    for _ in 0..ATTEMPTS_MAX {
        match connector.apply(operation).await {
            Outcome::Done => return,
            Outcome::Refused { why } => panic!("{} was refused: {why}", operation.id),
            again @ (Outcome::Later { .. } | Outcome::Unknown { .. }) => heard.push(again),
        }
    }
    panic!("{} is not done after {ATTEMPTS_MAX} attempts: {heard:?}", operation.id);
}

async fn sees(connector: &dyn Connector, operation: &Operation, wanted: Seen) {
    let seen = connector.read_back(operation).await.expect("a read-back");
    assert_eq!(seen, wanted, "{} on {}", operation.id, operation.account);
}
