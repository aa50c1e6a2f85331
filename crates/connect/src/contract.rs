//! What a connector is: the operations it carries out, what its answers mean, and what may be promised about them.

use std::{future::Future, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};

/// What a target offers against doing the same thing twice, and so what we may promise.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum EffectClass {
    /// Naturally idempotent, such as set membership: repeat until read-back matches. Once in effect.
    E1,
    /// Takes an idempotency key: the operation id. Once in effect, within the lifetime of the key.
    E2,
    /// Can be searched for a marker that holds the operation id: look before creating, adopt on a match.
    E3,
    /// None of these: one attempt, and a person decides when its outcome is unknown. At most once.
    E4,
}

impl EffectClass {
    /// Whether an attempt whose outcome is unknown may be made again without asking a person (I23, I24).
    #[must_use]
    pub fn repeatable(self) -> bool {
        !matches!(self, Self::E4)
    }
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The account shall hold the entitlement.
    Give,
    /// The account shall no longer hold it.
    Take,
}

/// One intended change in a target system. The caller fills it from the catalog, never from text that somebody
/// typed (T5); the id stays the same over all attempts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// `opr_…`, the key under which a target may recognise a repeated call.
    pub id: String,
    /// The direction.
    pub act: Act,
    /// `usr_…`: whose account it is.
    pub user: String,
    /// Name of the account in the app, such as a mail address.
    pub account: String,
    /// Key of the app.
    pub app: String,
    /// Key of the entitlement inside the app.
    pub entitlement: String,
    /// Level inside the entitlement; empty where the app has none. Says nothing when taking.
    pub level: String,
}

/// How one attempt ended, as far as the connector can know.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The target says that it is so.
    Done,
    /// It will never work like this and needs a person. Nothing was changed.
    Refused {
        /// What the target said, without secrets.
        why: String,
    },
    /// Nothing was changed, and the same operation may be sent again.
    Later {
        /// What the target said, without secrets.
        why: String,
        /// How long the target asked us to stay away.
        after: Option<Duration>,
    },
    /// The call may or may not have had its effect, such as when the reply was lost.
    Unknown {
        /// What is known, without secrets.
        why: String,
    },
}

/// What a read-back found.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The account holds the entitlement; for an operation that gives, at the level it names.
    Present,
    /// It does not.
    Absent,
    /// This target cannot be asked, now or ever: the end of access stays unverified (I29).
    Unreadable,
}

/// A read-back that failed. It says nothing about the target's state and may be repeated.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[error("could not read back from the target: {why}")]
pub struct ReadBackFailed {
    /// What went wrong, without secrets.
    pub why: String,
}

/// A call to the outside, boxed so that connectors can be kept side by side.
pub type Call<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One target system.
///
/// Dropping a call must be safe at any moment; what it did by then is unknown to the caller.
pub trait Connector: Send + Sync {
    /// What may be promised about this direction.
    fn effect_class(&self, act: Act) -> EffectClass;

    /// Makes one attempt.
    fn apply<'a>(&'a self, operation: &'a Operation) -> Call<'a, Outcome>;

    /// Looks whether the account holds the entitlement now.
    fn read_back<'a>(&'a self, operation: &'a Operation) -> Call<'a, Result<Seen, ReadBackFailed>>;
}

/// Makes one attempt that ends within `limit`. What is too slow may still take effect, so it is unknown (F7).
pub async fn apply_within(connector: &dyn Connector, operation: &Operation, limit: Duration) -> Outcome {
    match tokio::time::timeout(limit, connector.apply(operation)).await {
        Ok(outcome) => outcome,
        Err(_) => Outcome::Unknown { why: too_slow(limit) },
    }
}

/// Reads back within `limit`.
///
/// # Errors
/// When the target cannot be read now, or not in time.
pub async fn read_back_within(
    connector: &dyn Connector,
    operation: &Operation,
    limit: Duration,
) -> Result<Seen, ReadBackFailed> {
    match tokio::time::timeout(limit, connector.read_back(operation)).await {
        Ok(seen) => seen,
        Err(_) => Err(ReadBackFailed { why: too_slow(limit) }),
    }
}

fn too_slow(limit: Duration) -> String {
    format!("no answer within {limit:?}")
}
