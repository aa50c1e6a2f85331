//! The state of the simulated target: memberships, and the calls it heard.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::contract::{Act, Operation, Outcome, Seen};

/// How many calls are remembered; older ones are forgotten first.
pub const CALLS_KEPT_MAX: usize = 8192;

/// One membership: an account holds an entitlement. An account exists while it holds something.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Key of the app.
    pub app: String,
    /// Name of the account in the app.
    pub account: String,
    /// Key of the entitlement inside the app.
    pub entitlement: String,
    /// `usr_…`: whose account it is.
    pub user: String,
    /// Level inside the entitlement; empty where the app has none.
    pub level: String,
    /// `opr_…`: the operation that brought it to this level.
    pub operation: String,
}

/// What a caller wanted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// A change that gives.
    Give,
    /// A change that takes.
    Take,
    /// A read-back.
    Read,
}

/// How a call was answered, without the words.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// The target says that it is so.
    Done,
    /// Refused for good.
    Refused,
    /// Put off, or failed before it had an effect.
    Later,
    /// Had its effect, but the reply was lost.
    Unknown,
}

/// One call that the target received.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CallHeard {
    /// Position among all calls ever heard, from 0.
    pub seq: u64,
    /// What the caller wanted.
    pub heard: Heard,
    /// The operation as it arrived.
    pub operation: Operation,
    /// How it was answered.
    pub answered: Answered,
    /// Whether it changed what the target holds; never true for a repeat (I23).
    pub effect: bool,
}

type Key = (String, String, String);

/// The whole state, as the lines of the file tell it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Target {
    held: BTreeMap<Key, Holding>,
    calls: VecDeque<CallHeard>,
    calls_total: u64,
}

impl Target {
    pub(super) fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.held.values()
    }

    pub(super) fn held_total(&self) -> usize {
        self.held.len()
    }

    pub(super) fn calls(&self) -> impl Iterator<Item = &CallHeard> {
        self.calls.iter()
    }

    /// Whether the operation has anything to do, or why the target refuses it.
    pub(super) fn would_change(&self, operation: &Operation) -> Result<bool, &'static str> {
        let owner = self.owner(&operation.app, &operation.account);
        let foreign = owner.is_some_and(|user| user != operation.user);
        let held = self.held.get(&key(operation));
        match operation.act {
            // A name that was given to somebody else meanwhile must never be bound to the wrong person (F12).
            Act::Give if foreign => Err("the account belongs to somebody else"),
            Act::Give => Ok(held.is_none_or(|holding| holding.level != operation.level)),
            Act::Take => Ok(held.is_some() && !foreign),
        }
    }

    pub(super) fn seen(&self, operation: &Operation) -> Seen {
        let present = self.held.get(&key(operation)).is_some_and(|holding| {
            holding.user == operation.user && (operation.act == Act::Take || holding.level == operation.level)
        });
        if present { Seen::Present } else { Seen::Absent }
    }

    /// The line that says a change was heard.
    pub(super) fn change(&self, operation: &Operation, outcome: &Outcome, effect: bool) -> CallHeard {
        CallHeard {
            seq: self.calls_total,
            heard: match operation.act {
                Act::Give => Heard::Give,
                Act::Take => Heard::Take,
            },
            operation: operation.clone(),
            answered: match outcome {
                Outcome::Done => Answered::Done,
                Outcome::Refused { .. } => Answered::Refused,
                Outcome::Later { .. } => Answered::Later,
                Outcome::Unknown { .. } => Answered::Unknown,
            },
            effect,
        }
    }

    /// The line that says a read-back was heard.
    pub(super) fn read(&self, operation: &Operation) -> CallHeard {
        CallHeard {
            seq: self.calls_total,
            heard: Heard::Read,
            operation: operation.clone(),
            answered: Answered::Done,
            effect: false,
        }
    }

    /// Takes in one line: the call is remembered and has its effect.
    pub(super) fn hear(&mut self, call: CallHeard) {
        if call.effect {
            self.take_effect(&call.operation);
        }
        self.remember(call);
    }

    /// Takes in a call whose effect is in the holdings already.
    pub(super) fn remember(&mut self, call: CallHeard) {
        self.calls_total = self.calls_total.max(call.seq.saturating_add(1));
        self.calls.push_back(call);
        while self.calls.len() > CALLS_KEPT_MAX {
            self.calls.pop_front();
        }
    }

    pub(super) fn hold(&mut self, holding: Holding) {
        let key = (holding.app.clone(), holding.account.clone(), holding.entitlement.clone());
        self.held.insert(key, holding);
    }

    fn take_effect(&mut self, operation: &Operation) {
        match operation.act {
            Act::Take => {
                self.held.remove(&key(operation));
            }
            Act::Give => self.hold(Holding {
                app: operation.app.clone(),
                account: operation.account.clone(),
                entitlement: operation.entitlement.clone(),
                user: operation.user.clone(),
                level: operation.level.clone(),
                operation: operation.id.clone(),
            }),
        }
    }

    fn owner(&self, app: &str, account: &str) -> Option<&str> {
        let from = (app.to_owned(), account.to_owned(), String::new());
        let (_, holding) = self.held.range(from..).next()?;
        (holding.app == app && holding.account == account).then_some(holding.user.as_str())
    }
}

fn key(operation: &Operation) -> Key {
    (operation.app.clone(), operation.account.clone(), operation.entitlement.clone())
}
