//! The facts of a request under their fixed labels, the same on its page and on every card.

use crate::body;
use crate::web::elements::{AppIcon, Person, Size};
use crate::web::times;
use crate::web::views::quote::Quote;
use crate::words::{say, tell};

/// What a request asks for, for whom, and who has a say.
#[derive(Clone, Debug)]
pub struct Facts {
    /// App (S1-18).
    pub app: String,
    /// Its icon.
    pub app_icon: AppIcon,
    /// Target User: who gets the access (S1-19).
    pub target: Person,
    /// Their mail address; a line may break before its `@`.
    pub target_email: (String, String),
    /// Requester: who filed it (S1-23).
    pub requester: Person,
    /// Approvers, one line per step (S1-20).
    pub approvers: Vec<String>,
    /// App Admins (S1-24).
    pub app_admins: String,
    /// Permissions: the level that is asked for (S1-22).
    pub permissions: String,
    /// What that level gives; may be empty.
    pub description: String,
    /// Groups that are asked for (S1-5).
    pub groups: Vec<String>,
    /// What the Target User has in the app today, to compare.
    pub holds: Vec<String>,
    /// Access Length (S1-25).
    pub access_length: String,
    /// Comment: why (S1-21).
    pub comment: Quote,
}

impl Facts {
    /// The facts with the whole comment.
    pub fn new(request: &body::Request) -> Self {
        let wanted = &request.entitlement;
        Self {
            app: wanted.app.name.clone(),
            app_icon: AppIcon::new(&wanted.app.name, Size::Small),
            target: Person::small(&request.subject),
            target_email: before_at(&request.subject.email),
            requester: Person::small(&request.requester),
            approvers: approvers(request),
            app_admins: names(&request.app_admins, request.app_admins_total),
            permissions: wanted.name.clone(),
            description: wanted.description.clone(),
            groups: if wanted.kind == "group" { vec![wanted.name.clone()] } else { Vec::new() },
            holds: request.holds.clone(),
            access_length: access_length(request),
            comment: Quote::whole(&request.justification),
        }
    }

    /// The facts for a card, a long comment cut short.
    pub fn on_card(request: &body::Request) -> Self {
        Self { comment: Quote::short(&request.justification), ..Self::new(request) }
    }
}

/// The length that was asked for, with its start when that is later.
pub fn access_length(request: &body::Request) -> String {
    let length = match &request.until {
        Some(until) => tell("length-until", &[("when", &times::absolute(until))]),
        None => times::length(request.duration.as_deref()),
    };
    match &request.starts {
        Some(starts) => tell("length-starting", &[("length", &length), ("when", &times::absolute(starts))]),
        None => length,
    }
}

/// Names with commas, and how many more there are than were given.
pub fn names(people: &[body::User], total: u64) -> String {
    let names = people.iter().map(|user| user.name.as_str()).collect::<Vec<_>>().join(", ");
    match more(people.len(), total) {
        0 => names,
        more => tell("people-and-more", &[("names", &names), ("n", &more.to_string())]),
    }
}

/// How many people there are beyond those who are named.
pub fn more(named: usize, total: u64) -> u64 {
    total.saturating_sub(u64::try_from(named).unwrap_or(u64::MAX))
}

/// `ines.duarte` and `@example.com`.
fn before_at(email: &str) -> (String, String) {
    let (name, domain) = email.split_at(email.find('@').unwrap_or(email.len()));
    (name.to_owned(), domain.to_owned())
}

/// Who is or was asked; a step that the end of the request cut off was asked, too.
fn approvers(request: &body::Request) -> Vec<String> {
    let asked = |step: &&body::Step| step.kind == "approval" && (step.state != "skipped" || step.since.is_some());
    let steps = request.steps.iter().filter(asked).collect::<Vec<_>>();
    let line = |step: &&body::Step| {
        let names = names(&step.approvers, step.approvers_total);
        let names = if names.is_empty() { say("fact-nobody") } else { names };
        if steps.len() == 1 { names } else { tell("approvers-of-step", &[("step", &step.name), ("names", &names)]) }
    };
    if steps.is_empty() && request.kind == "revoke" {
        return vec![say("stat-no-approval")];
    }
    steps.iter().map(line).collect()
}
