//! Tasks: work for a human. Tasks follow from requests and grants; nothing is stored in them that is not true there.

use serde::{Deserialize, Serialize};

use crate::id::{RequestId, TaskId};
use crate::time::Time;

/// Work for a human.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// Whether it is still to be done.
    pub state: TaskState,
    /// The request it is about.
    pub request: RequestId,
    /// The revision it is about.
    pub revision: u32,
    /// Its step of the plan, for an approval.
    pub step: Option<usize>,
    /// When it was opened.
    pub created_at: Time,
    /// When it was closed.
    pub closed_at: Option<Time>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Say yes or no.
    Approval,
    /// Put access in place by hand.
    Provisioning,
    /// Take access away by hand.
    Deprovisioning,
}

/// Whether a task is still to be done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// No longer wanted.
    Void,
}

impl TaskKind {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Provisioning => "provisioning",
            Self::Deprovisioning => "deprovisioning",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Approval, Self::Provisioning, Self::Deprovisioning].into_iter().find(|kind| kind.name() == name)
    }
}

impl TaskState {
    /// Its name in tables and bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Void => "void",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Void].into_iter().find(|state| state.name() == name)
    }
}
