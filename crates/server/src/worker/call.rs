//! One try in the target system: make the change, then look whether it is there (I29).

use std::time::Duration;

use connect::contract::{self, Connector, Outcome, Seen, apply_within, read_back_within};
use domain::app;
use domain::job::Act;
use domain::time::Span;

use super::Connectors;
use crate::app::work::{Order, Tried};
use crate::words;

/// Makes one try. Never fails: what went wrong is the answer.
pub(super) async fn make(connectors: &Connectors, order: &Order, limit: Duration) -> Tried {
    let connector = match order.connector {
        app::Connector::Sim => connectors.sim.as_ref(),
        app::Connector::Manual => return Tried::Refused { why: words::say("problem-no-connector") },
    };
    let operation = operation(order);
    match apply_within(connector, &operation, limit).await {
        Outcome::Done => look(connector, &operation, limit, None).await,
        Outcome::Refused { why } => Tried::Refused { why },
        Outcome::Later { why, after } => Tried::Later { why, after: after.map(span), unknown: false },
        Outcome::Unknown { why } if connector.effect_class(operation.act).repeatable() => {
            look(connector, &operation, limit, Some(why)).await
        }
        Outcome::Unknown { why } => Tried::Refused { why },
    }
}

fn operation(order: &Order) -> contract::Operation {
    let operation = &order.job.operation;
    contract::Operation {
        id: operation.id.to_string(),
        act: match operation.act {
            Act::Give => contract::Act::Give,
            Act::Take => contract::Act::Take,
        },
        user: operation.user.to_string(),
        account: order.account.clone(),
        app: order.app.clone(),
        entitlement: order.entitlement.clone(),
        level: String::new(),
    }
}

fn span(pause: Duration) -> Span {
    Span::from_seconds(i64::try_from(pause.as_millis().div_ceil(1_000)).unwrap_or(i64::MAX))
}

/// What the target shows decides, whatever it said. `lost` = why its answer is not known.
async fn look(
    connector: &dyn Connector,
    operation: &contract::Operation,
    limit: Duration,
    lost: Option<String>,
) -> Tried {
    let wanted = match operation.act {
        contract::Act::Give => Seen::Present,
        contract::Act::Take => Seen::Absent,
    };
    match (read_back_within(connector, operation, limit).await, lost) {
        (Ok(seen), _) if seen == wanted => Tried::Done { verified: true },
        (Ok(Seen::Unreadable), None) => Tried::Done { verified: false },
        (Ok(_), None) => {
            let why = words::say("problem-not-so");
            Tried::Later { why, after: None, unknown: false }
        }
        (Ok(_), Some(why)) => Tried::Later { why, after: None, unknown: true },
        (Err(error), lost) => {
            let why = lost.unwrap_or_else(|| error.to_string());
            Tried::Later { why, after: None, unknown: true }
        }
    }
}
