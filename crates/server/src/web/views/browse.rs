//! Browse access: the apps a person may see, what they hold there and what they may ask for.

use std::collections::BTreeSet;

use askama::Template;

use crate::body;
use crate::web::elements::{AppIcon, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::words::{say, tell};

/// An app with what is offered in it to one person.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The app.
    pub app: body::App,
    /// What the person may see in it; their `state` is that person's.
    pub entitlements: Vec<body::Entitlement>,
}

impl Offer {
    /// Whether the person has anything in the app.
    pub fn is_held(&self) -> bool {
        self.entitlements.iter().any(is_held)
    }

    /// The first open request for something in the app.
    pub fn pending(&self) -> Option<&str> {
        self.entitlements.iter().find(|entitlement| is(entitlement, "pending")).and_then(|e| e.request.as_deref())
    }

    /// What the person may ask for.
    pub fn requestable(&self) -> impl Iterator<Item = &body::Entitlement> {
        self.entitlements.iter().filter(|entitlement| is(entitlement, "requestable"))
    }

    /// Whether all words of `query` occur in the app or in something it offers.
    fn matches(&self, query: &str) -> bool {
        let app = [&self.app.name, &self.app.description, &self.app.category];
        let inside = self.entitlements.iter().flat_map(|e| [&e.name, &e.description]);
        let text = app.into_iter().chain(inside).map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Whether somebody holds this, even if it ends soon.
pub fn is_held(entitlement: &body::Entitlement) -> bool {
    is(entitlement, "held") || is(entitlement, "held_expiring")
}

/// Whether the entitlement is in this state for the person it was read for.
pub fn is(entitlement: &body::Entitlement, state: &str) -> bool {
    entitlement.state.as_deref() == Some(state)
}

/// `app/entitlement`, the key that forms and addresses use.
pub fn key_of(entitlement: &body::Entitlement) -> String {
    format!("{}/{}", entitlement.app.slug, entitlement.slug)
}

/// What the visitor searches for; empty fields do not filter.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Words that must occur.
    pub q: String,
    /// One category.
    pub category: String,
    /// `requestable`, `held` or `pending`.
    pub state: String,
}

/// `GET /browse`
#[derive(Debug, Template)]
#[template(path = "browse/browse.html")]
pub struct BrowsePage {
    shell: Shell,
    filter: Filter,
    available: String,
    found: String,
    states: Vec<Choice>,
    categories: Vec<Choice>,
    tiles: Vec<Tile>,
    is_filtered: bool,
}

/// One line of a drop-down list.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is the chosen one.
    pub selected: bool,
}

/// One app.
#[derive(Clone, Debug)]
struct Tile {
    icon: AppIcon,
    name: String,
    href: String,
    count: String,
    description: String,
    matches: String,
    held: bool,
    pending: Option<String>,
    request: Option<String>,
}

impl BrowsePage {
    /// `offers` are all that the visitor may see; the filter is applied here.
    pub fn new(visit: &Visit, filter: Filter, offers: &[Offer]) -> Self {
        let tiles = offers
            .iter()
            .filter(|offer| filter.q.is_empty() || offer.matches(&filter.q))
            .filter(|offer| filter.category.is_empty() || offer.app.category == filter.category)
            .filter(|offer| match filter.state.as_str() {
                "held" => offer.is_held(),
                "pending" => offer.pending().is_some(),
                "requestable" => offer.requestable().next().is_some(),
                _ => true,
            })
            .map(|offer| Tile::new(offer, &filter.q))
            .collect::<Vec<_>>();
        Self {
            shell: Shell::new(visit, say("nav-browse"), Place::Browse),
            available: tell("browse-available", &[("n", &offers.len().to_string())]),
            found: tell("browse-found", &[("n", &tiles.len().to_string())]),
            states: states(&filter.state),
            categories: categories(offers, &filter.category),
            is_filtered: !filter.q.is_empty() || !filter.category.is_empty() || !filter.state.is_empty(),
            filter,
            tiles,
        }
    }
}

fn states(chosen: &str) -> Vec<Choice> {
    let labels = [
        ("", say("browse-state-any")),
        ("requestable", say("browse-state-requestable")),
        ("held", say("browse-state-held")),
        ("pending", say("browse-state-pending")),
    ];
    labels.map(|(value, label)| Choice { value: value.to_owned(), label, selected: value == chosen }).to_vec()
}

fn categories(offers: &[Offer], chosen: &str) -> Vec<Choice> {
    let names = offers.iter().map(|offer| offer.app.category.as_str()).filter(|name| !name.is_empty());
    let any = Choice { value: String::new(), label: say("browse-category-any"), selected: chosen.is_empty() };
    let each = names.collect::<BTreeSet<_>>().into_iter();
    let each = each.map(|name| Choice { value: name.to_owned(), label: name.to_owned(), selected: name == chosen });
    std::iter::once(any).chain(each).collect()
}

impl Tile {
    fn new(offer: &Offer, query: &str) -> Self {
        let app = &offer.app;
        let pending = offer.pending().map(|request| format!("/requests/{request}"));
        Self {
            icon: AppIcon::new(&app.name, Size::Normal),
            name: app.name.clone(),
            href: format!("/apps/{}", app.slug),
            count: tell("app-permissions-count", &[("n", &offer.entitlements.len().to_string())]),
            description: app.description.clone(),
            matches: matches(offer, query),
            held: offer.is_held(),
            request: offer.requestable().next().map(|_| format!("/request?app={}", app.slug)),
            pending,
        }
    }
}

/// Names inside the app that fit the query, so that it is clear why the app was found.
fn matches(offer: &Offer, query: &str) -> String {
    let query = query.to_lowercase();
    let fits = |name: &str| {
        let name = name.to_lowercase();
        query.split_whitespace().any(|word| name.contains(word))
    };
    if query.is_empty() || fits(&offer.app.name) {
        return String::new();
    }
    let names = offer.entitlements.iter().map(|entitlement| entitlement.name.as_str()).filter(|name| fits(name));
    names.take(3).collect::<Vec<_>>().join(", ")
}
