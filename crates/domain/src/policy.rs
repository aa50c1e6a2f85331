//! Policies: versioned rules; the first matching rule gives the steps, and a request pins them as rules, never as people.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::id::{AppId, GroupId, PolicyId, UserId};
use crate::user::{Role, key};

/// One version of a policy.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Policy {
    /// Its id, the same for all versions.
    pub id: PolicyId,
    /// Unique name.
    pub name: String,
    /// Counts from 1; saving makes a new one and old ones stay.
    pub version: i64,
    /// SHA-256 of the rules, lower-case hex.
    pub hash: String,
    /// What it says.
    pub rules: Rules,
}

/// What a policy says: its rules in order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Rules(pub Vec<Rule>);

/// Steps, and the condition under which they hold.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name to show.
    pub name: String,
    /// The condition; absent = always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What has to happen, in order.
    pub steps: Vec<StepSpec>,
}

/// One step as the policy states it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// What kind of step.
    pub kind: StepKind,
    /// Name to show.
    pub name: String,
    /// Who may answer; any of these. A step that names nobody is skipped (S0-4).
    pub approvers: Vec<Approver>,
    /// How many of them.
    #[serde(default)]
    pub quorum: Quorum,
    /// Who may answer when too few of them can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallback: Vec<Approver>,
    /// Left out for now (S0-4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// What kind of step.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// People say yes or no.
    Approval,
}

/// Who may answer, as a rule that today's directory resolves.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The manager of the subject; 2 = the manager's manager.
    Manager(u8),
    /// The owners of the app.
    AppOwners,
    /// The admins of the app.
    AppAdmins,
    /// A named user.
    User(UserId),
    /// Any member of a group (S2-27).
    Group(GroupId),
}

/// How many of the approvers have to say yes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// One (S1-20).
    #[default]
    Any,
    /// Everyone who can.
    All,
    /// This many distinct persons (I5).
    Of(u32),
}

/// How far up the line of managers a rule may look, and a walk goes (I10).
pub const MANAGER_LEVELS_MAX: usize = 16;
/// How many steps a rule may have.
pub const STEPS_MAX: usize = 20;
/// How many approver rules a step may have.
pub const APPROVERS_MAX: usize = 50;

/// Whose turn it is: the step's own approvers, or those who stand in when too few of them can answer (I10).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standby {
    /// The step's own approvers.
    #[default]
    None,
    /// The step's fallback.
    Fallback,
    /// The owners of the app.
    Owners,
    /// Access Request Admins and Super Admins.
    Admins,
}

impl Standby {
    /// From the first to the last.
    pub const ORDER: [Self; 4] = [Self::None, Self::Fallback, Self::Owners, Self::Admins];

    /// Its place in the order, for the task's row.
    #[must_use]
    pub const fn place(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Fallback => 1,
            Self::Owners => 2,
            Self::Admins => 3,
        }
    }

    /// Its name in bodies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fallback => "fallback",
            Self::Owners => "owners",
            Self::Admins => "admins",
        }
    }
}

/// For whom and in which app approver rules are read.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The app of the entitlement.
    pub app: &'a AppId,
    /// The subject, the subject's manager, that manager's manager, … as far as the directory goes.
    pub line: &'a [UserId],
}

impl Approver {
    /// The key that finds these people; `None` when the line of managers ends before.
    #[must_use]
    pub fn key(&self, scope: Scope<'_>) -> Option<String> {
        Some(match self {
            Self::Manager(level) => key::manages(scope.line.get(usize::from(*level).checked_sub(1)?)?),
            Self::AppOwners => key::owners(scope.app),
            Self::AppAdmins => key::admins(scope.app),
            Self::User(id) => key::user(id),
            Self::Group(id) => key::group(id),
        })
    }
}

/// The keys of those whose turn it is at `standby`.
#[must_use]
pub fn keys(spec: &StepSpec, standby: Standby, scope: Scope<'_>) -> Vec<String> {
    let of = |approvers: &[Approver]| approvers.iter().filter_map(|a| a.key(scope)).collect();
    match standby {
        Standby::None => of(&spec.approvers),
        Standby::Fallback => of(&spec.fallback),
        Standby::Owners => vec![key::owners(scope.app)],
        Standby::Admins => admin_keys(),
    }
}

/// The keys of those who stand in at the very end.
#[must_use]
pub fn admin_keys() -> Vec<String> {
    vec![key::role(Role::AccessRequestAdmin), key::role(Role::SuperAdmin)]
}

impl StepSpec {
    /// A step that only the stand-ins answer, for a plan that would otherwise be empty: an empty plan approves nothing.
    #[must_use]
    pub fn of_stand_ins() -> Self {
        Self {
            kind: StepKind::Approval,
            name: "Owner".to_owned(),
            approvers: Vec::new(),
            quorum: Quorum::Any,
            fallback: Vec::new(),
            disabled: false,
        }
    }

    /// Whether the step is left out of plans (S0-4).
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.disabled || self.approvers.is_empty()
    }
}

/// What is wrong with rules that somebody wants to save.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BadRules {
    /// Which field, such as `rules[0].steps[1].quorum`.
    pub field: String,
    /// Name of the sentence in the locale files.
    pub problem: &'static str,
}

impl Rules {
    /// SHA-256 of the rules in canonical JSON.
    #[must_use]
    pub fn hash(&self) -> String {
        canonical::hash(self)
    }

    /// The first rule that matches.
    #[must_use]
    pub fn matching(&self) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.when.is_none())
    }

    /// What keeps these rules from being saved.
    #[must_use]
    pub fn problems(&self) -> Vec<BadRules> {
        let mut found = Vec::new();
        let mut say = |field: String, problem| found.push(BadRules { field, problem });
        if self.0.len() != 1 {
            say("rules".to_owned(), "policy-one-rule");
        }
        for (r, rule) in self.0.iter().enumerate() {
            if rule.when.is_some() {
                say(format!("rules[{r}].when"), "policy-no-when");
            }
            if rule.steps.is_empty() || rule.steps.len() > STEPS_MAX {
                say(format!("rules[{r}].steps"), "policy-steps");
            }
            for (s, step) in rule.steps.iter().enumerate() {
                let at = format!("rules[{r}].steps[{s}]");
                if crate::text::name(&step.name).is_err() {
                    say(format!("{at}.name"), "policy-step-name");
                }
                if step.approvers.len() > APPROVERS_MAX || step.fallback.len() > APPROVERS_MAX {
                    say(format!("{at}.approvers"), "policy-approvers");
                }
                if matches!(step.quorum, Quorum::Of(n) if n == 0 || n > 100) {
                    say(format!("{at}.quorum"), "policy-quorum");
                }
                let level =
                    |a: &Approver| matches!(a, Approver::Manager(n) if *n == 0 || usize::from(*n) > MANAGER_LEVELS_MAX);
                if step.approvers.iter().chain(&step.fallback).any(level) {
                    say(format!("{at}.approvers"), "policy-manager-level");
                }
            }
        }
        found
    }
}
