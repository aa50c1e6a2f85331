//! The sample company as tables: plain text that the use cases check like anybody's input. Empty text means none.

mod apps;
mod business;
mod people;
mod rules;
mod stories;

use domain::entitlement::EntitlementKind;

pub(super) use people::{GROUPS, LEVELS};
pub(super) use rules::{CATALOGS, DEFAULT_POLICY, ORGANISATION, POLICIES};
pub(super) use stories::STORIES;

/// Every app, in the order in which they are made.
pub(super) fn apps() -> impl Iterator<Item = &'static Target> {
    apps::APPS.iter().chain(business::APPS)
}

/// Somebody who works there, or a program that does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// What stands before the `@`.
    pub(super) alias: &'static str,
    pub(super) name: &'static str,
    pub(super) department: &'static str,
    pub(super) title: &'static str,
    /// Alias of the person's manager.
    pub(super) manager: &'static str,
    pub(super) roles: &'static [&'static str],
    pub(super) kind: &'static str,
}

/// A group with the aliases of its members.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) name: &'static str,
    pub(super) members: &'static [&'static str],
}

/// A person by alias or a group by name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    User(&'static str),
    Group(&'static str),
}

/// An app with what it offers.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    pub(super) description: &'static str,
    pub(super) owners: &'static [Who],
    pub(super) admins: &'static [Who],
    pub(super) connector: &'static str,
    pub(super) instructions: &'static str,
    pub(super) url: &'static str,
    pub(super) state: &'static str,
    pub(super) limits: Limits,
    pub(super) offers: &'static [Offer],
}

/// An entitlement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: EntitlementKind,
    pub(super) description: &'static str,
    pub(super) instructions: &'static str,
    pub(super) limits: Limits,
}

/// Settings that an app or entitlement overrides; what is empty or false is inherited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) policy: &'static str,
    pub(super) longest: &'static str,
    pub(super) presets: &'static [&'static str],
    pub(super) first: &'static str,
    pub(super) only_presets: bool,
    pub(super) no_reason: bool,
    pub(super) reason_to_approve: bool,
    pub(super) reason_to_deny: bool,
    pub(super) note_to_confirm: bool,
}

/// Everything from the tier above.
pub(super) const INHERIT: Limits = Limits {
    policy: "",
    longest: "",
    presets: &[],
    first: "",
    only_presets: false,
    no_reason: false,
    reason_to_approve: false,
    reason_to_deny: false,
    note_to_confirm: false,
};

impl Person {
    pub(super) const fn new(
        alias: &'static str,
        name: &'static str,
        job: [&'static str; 2],
        manager: &'static str,
    ) -> Self {
        let [department, title] = job;
        Self { alias, name, department, title, manager, roles: &[], kind: "person" }
    }

    pub(super) const fn with(self, roles: &'static [&'static str]) -> Self {
        Self { roles, ..self }
    }
}

impl Offer {
    pub(super) const fn new(
        slug: &'static str,
        name: &'static str,
        kind: EntitlementKind,
        description: &'static str,
    ) -> Self {
        Self { slug, name, kind, description, instructions: "", limits: INHERIT }
    }

    /// An account and nothing more.
    pub(super) const fn basic(description: &'static str) -> Self {
        Self::new("access", "Basic access", EntitlementKind::Access, description)
    }

    pub(super) const fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(super) const fn by_hand(self, instructions: &'static str) -> Self {
        Self { instructions, ..self }
    }
}

/// A policy: its steps in order.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) steps: &'static [Step],
}

/// A step of a policy.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) by: Approvers,
    /// How many have to say yes; 1 = any one.
    pub(super) need: u32,
    /// Whether the owners stand in when nobody of `by` can answer.
    pub(super) owners_stand_in: bool,
}

/// Whom a step asks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Approvers {
    Manager,
    Owners,
    Group(&'static str),
}

/// A catalog with what it offers, by key; `app/*` is everything in the app.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    /// Nobody named = everyone.
    pub(super) audience: &'static [Audience],
    pub(super) offers: &'static [&'static str],
    pub(super) state: &'static str,
}

/// One way to belong to an audience.
#[derive(Clone, Copy, Debug)]
pub(super) enum Audience {
    Group(&'static str),
    Departments(&'static [&'static str]),
}

/// What became of one request. Hours count back from today and grow smaller from deed to deed.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) hours_ago: i64,
    pub(super) by: &'static str,
    /// Alias of whoever gets the access, when it is not whoever asks.
    pub(super) subject: &'static str,
    pub(super) what: &'static str,
    /// Empty = without end.
    pub(super) duration: &'static str,
    pub(super) why: &'static str,
    /// When, who, what.
    pub(super) then: &'static [(i64, &'static str, Deed)],
}

/// What somebody does with a request, and what they say.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Approve(&'static str),
    Deny(&'static str),
    Confirm(&'static str),
    Comment(&'static str),
    Cancel(&'static str),
    /// Gives the access back that the request led to.
    GiveBack(&'static str),
}
