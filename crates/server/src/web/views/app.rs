//! The page of one app: what it is, who is responsible, what can be held in it and how to ask for that.

use askama::Template;

use crate::body;
use crate::web::elements::{AppIcon, Avatar, Icon, Person, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::times;
use crate::words::{say, tell};

use super::browse::{Offer, is, is_held, key_of};

/// `GET /apps/{slug}`
#[derive(Debug, Template)]
#[template(path = "apps/app.html")]
pub struct AppPage {
    shell: Shell,
    icon: AppIcon,
    name: String,
    path: String,
    description: String,
    category: String,
    url: Option<String>,
    held: bool,
    ask: Ask,
    groups: Vec<Group>,
    may_select: bool,
    owners: Vec<Holder>,
    admins: Vec<Holder>,
    provisioning: String,
}

/// What the button says: ask, look at the open request, or nothing because it is held or not offered.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Ask {
    Request(String),
    View(String),
    Held,
    Nothing,
}

/// Entitlements of one kind.
#[derive(Clone, Debug)]
struct Group {
    label: String,
    rows: Vec<Row>,
}

/// One entitlement.
#[derive(Clone, Debug)]
struct Row {
    key: String,
    name: String,
    description: String,
    length: String,
    ending: bool,
    ask: Ask,
}

/// A person or a group that is responsible.
#[derive(Clone, Debug)]
enum Holder {
    Person(Person),
    Group { icon: Icon, name: String },
}

impl AppPage {
    /// The page of an app with what the visitor may see in it.
    pub fn new(visit: &Visit, offer: &Offer) -> Self {
        let app = &offer.app;
        let groups = groups(&offer.entitlements);
        Self {
            shell: Shell::new(visit, app.name.clone(), Place::Browse),
            icon: AppIcon::new(&app.name, Size::Large),
            name: app.name.clone(),
            path: format!("/apps/{}", app.slug),
            description: app.description.clone(),
            category: app.category.clone(),
            url: app.url.clone().filter(|url| is_web_address(url)),
            held: offer.is_held(),
            ask: app_level(offer),
            may_select: offer.requestable().nth(1).is_some(),
            groups,
            owners: app.owners.iter().map(Holder::new).collect(),
            admins: app.admins.iter().map(Holder::new).collect(),
            provisioning: if app.connector == "manual" { say("app-by-hand") } else { say("app-automatic") },
        }
    }
}

/// At app level one asks for an account first; where there is none to ask for, for anything that is offered.
fn app_level(offer: &Offer) -> Ask {
    let account = offer.entitlements.iter().find(|entitlement| entitlement.kind == "access");
    match account.map(Ask::new) {
        Some(ask @ (Ask::Request(_) | Ask::View(_))) => ask,
        _ if offer.requestable().next().is_some() => Ask::Request(format!("/request?app={}", offer.app.slug)),
        _ => offer.pending().map_or(Ask::Nothing, |request| Ask::View(format!("/requests/{request}"))),
    }
}

impl Ask {
    fn new(entitlement: &body::Entitlement) -> Self {
        match &entitlement.request {
            Some(request) if is(entitlement, "pending") => Self::View(format!("/requests/{request}")),
            _ if is(entitlement, "requestable") => {
                Self::Request(format!("/request?entitlement={}", key_of(entitlement)))
            }
            _ if is_held(entitlement) => Self::Held,
            _ => Self::Nothing,
        }
    }
}

fn groups(entitlements: &[body::Entitlement]) -> Vec<Group> {
    let kinds = [
        ("access", say("kind-access")),
        ("role", say("kind-role")),
        ("group", say("kind-group")),
        ("resource", say("kind-resource")),
        ("permission", say("kind-permission")),
    ];
    let group = |(kind, label): (&str, String)| {
        let rows = entitlements.iter().filter(|entitlement| entitlement.kind == kind).map(Row::new).collect::<Vec<_>>();
        (!rows.is_empty()).then_some(Group { label, rows })
    };
    kinds.into_iter().filter_map(group).collect()
}

impl Row {
    fn new(entitlement: &body::Entitlement) -> Self {
        Self {
            key: key_of(entitlement),
            name: entitlement.name.clone(),
            description: entitlement.description.clone(),
            length: match &entitlement.max_duration {
                Some(longest) => tell("length-up-to", &[("length", &times::length(Some(longest)))]),
                None => say("duration-unlimited"),
            },
            ending: is(entitlement, "held_expiring"),
            ask: Ask::new(entitlement),
        }
    }

    fn may_select(&self) -> bool {
        matches!(self.ask, Ask::Request(_))
    }
}

impl Holder {
    fn new(principal: &body::Principal) -> Self {
        match principal {
            body::Principal::User(user) => Self::Person(Person {
                avatar: Avatar::new(&user.name, Size::Small),
                name: user.name.clone(),
                note: String::new(),
            }),
            body::Principal::Group(group) => Self::Group { icon: Icon("users"), name: group.name.clone() },
        }
    }
}

/// Only these schemes become links; an app's address is typed in by people.
fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
