//! The pages before somebody is signed in.

use std::collections::BTreeMap;

use askama::Template;

use crate::body;
use crate::web::elements::{Avatar, Size};
use crate::web::filters;
use crate::words::{say, tell};

use super::field::{Draft, Problems};

/// `GET /login`: how to get a sign-in link.
#[derive(Debug, Template)]
#[template(path = "sign_in/sign_in.html")]
pub struct SignInPage {
    has_next: bool,
    bad_link: bool,
}

impl SignInPage {
    /// `next` is where the visitor wanted to go.
    pub fn new(next: &str) -> Self {
        Self { has_next: local_path(next) != "/", bad_link: false }
    }

    /// The same after a link that was used already or whose time is up.
    pub fn after_bad_link() -> Self {
        Self { has_next: false, bad_link: true }
    }
}

/// `GET /sign-in/{token}`: asks before the link is used up, because mail scanners open every link.
#[derive(Debug, Template)]
#[template(path = "sign_in/confirm.html")]
pub struct ConfirmPage {
    action: String,
}

impl ConfirmPage {
    /// `action` is the address that uses the link up when it is posted to.
    pub fn new(action: &str) -> Self {
        Self { action: action.to_owned() }
    }
}

/// The page behind the one-time set-up link: makes the first Super Admin.
#[derive(Debug, Template)]
#[template(path = "sign_in/set_up.html")]
pub struct SetUpPage {
    action: String,
    problems: Problems,
    name: SetUpField,
    email: SetUpField,
}

#[derive(Debug)]
struct SetUpField {
    value: String,
    error: String,
}

impl SetUpPage {
    /// `draft` holds the fields `name` and `email` of a failed try.
    pub fn new(action: &str, draft: &Draft) -> Self {
        let field = |name| SetUpField {
            value: draft.typed(name).unwrap_or_default().to_owned(),
            error: draft.problem(name).to_owned(),
        };
        Self {
            action: action.to_owned(),
            problems: draft.summary("set-up"),
            name: field("name"),
            email: field("email"),
        }
    }
}

/// Shown at plain-http addresses that are not this machine.
#[derive(Debug, Template)]
#[template(path = "sign_in/tls.html")]
pub struct TlsPage {
    lead: String,
}

impl TlsPage {
    /// `address` is what the visitor opened.
    pub fn new(address: &str) -> Self {
        Self { lead: tell("tls-lead", &[("address", address)]) }
    }
}

/// `GET /login` of the demo: everybody, one click each.
#[derive(Debug, Template)]
#[template(path = "sign_in/demo.html")]
pub struct DemoPage {
    next: String,
    query: String,
    found: String,
    suggested: Vec<Pick>,
    departments: Vec<Department>,
}

/// One person to become.
#[derive(Clone, Debug)]
struct Pick {
    id: String,
    avatar: Avatar,
    name: String,
    note: String,
}

#[derive(Debug)]
struct Department {
    name: String,
    people: Vec<Pick>,
}

impl DemoPage {
    /// `people` are the active people of the demo company, `query` what is searched for among them.
    pub fn new(people: &[body::Person], query: &str, next: &str) -> Self {
        let mut departments = BTreeMap::<String, Vec<Pick>>::new();
        let fitting = people.iter().filter(|person| fits(person, query)).collect::<Vec<_>>();
        for person in &fitting {
            let department = person.attributes.get("department").cloned();
            let department = department.unwrap_or_else(|| say("demo-no-department"));
            departments.entry(department).or_default().push(Pick::new(person, note(person)));
        }
        Self {
            next: local_path(next).to_owned(),
            query: query.to_owned(),
            found: tell("demo-found", &[("n", &fitting.len().to_string())]),
            suggested: if query.trim().is_empty() { suggested(people) } else { Vec::new() },
            departments: departments.into_iter().map(|(name, people)| Department { name, people }).collect(),
        }
    }
}

impl Pick {
    fn new(person: &body::Person, note: String) -> Self {
        Self { id: person.id.clone(), avatar: Avatar::new(&person.name, Size::Normal), name: person.name.clone(), note }
    }
}

fn note(person: &body::Person) -> String {
    person.attributes.get("title").unwrap_or(&person.email).clone()
}

fn fits(person: &body::Person, query: &str) -> bool {
    let known = [&person.name, &person.email].into_iter().chain(person.attributes.values());
    let text = known.map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
    query.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// One person for each part of the story: who asks, who approves, who sets up, who sees all.
fn suggested(people: &[body::Person]) -> Vec<Pick> {
    let has = |person: &body::Person, role: &str| person.roles.iter().any(|held| held == role);
    let plain = |person: &body::Person| person.roles.iter().all(|role| role == "requester");
    let team = |person: &body::Person| {
        people.iter().filter(|one| one.manager.as_ref().is_some_and(|manager| manager.id == person.id)).count()
    };
    let employee = people.iter().find(|person| plain(person) && team(person) == 0 && person.manager.is_some());
    // The employee's own manager, so that the two belong to one story.
    let manager = employee.and_then(|person| person.manager.as_ref());
    let manager = people.iter().find(|person| manager.is_some_and(|manager| manager.id == person.id));
    let app_admin = people.iter().find(|person| has(person, "app_admin") && !has(person, "super_admin"));
    let super_admin = people.iter().find(|person| has(person, "super_admin"));
    let reports = |person: &body::Person| tell("demo-team", &[("n", &team(person).to_string())]);
    let picks = [
        employee.map(|person| Pick::new(person, say("demo-as-employee"))),
        manager.map(|person| Pick::new(person, tell("demo-as-manager", &[("team", &reports(person))]))),
        app_admin.map(|person| Pick::new(person, say("demo-as-app-admin"))),
        super_admin.map(|person| Pick::new(person, say("demo-as-super-admin"))),
    ];
    picks.into_iter().flatten().collect()
}

/// `next` when it leads to a page of ours, else home: an address may not send people elsewhere after signing in.
pub fn local_path(next: &str) -> &str {
    let outside = !next.starts_with('/') || next.starts_with("//") || next.contains(['\\', '\n', '\r', '\t']);
    if outside { "/" } else { next }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_our_own_pages_are_returned_to() {
        assert_eq!(local_path("/requests/KF-1042?tab=audit"), "/requests/KF-1042?tab=audit");
        for elsewhere in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "x"] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
