//! The catalog as a person finds it: what may be asked for, what is held, what is pending.

use domain::id::UserId;
use domain::time::Time;
use domain::user::Role;
use store::Tx;
use store::entitlement::OfferQuery;

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::{App, facts, parse, show};
use crate::{body, words};

/// What to look for in the catalog.
#[derive(Clone, Debug, Default)]
pub struct CatalogQuery {
    /// For whom, when it is not the caller; id or mail address.
    pub subject: Option<String>,
    /// Part of a name.
    pub query: String,
    /// Slug or id of an app.
    pub app: Option<String>,
    /// States of an entitlement, with commas between them.
    pub state: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: i64,
}

/// What the form may offer beside the catalog.
#[derive(Clone, Debug, Default)]
pub struct ForWhom {
    /// Whether the caller may request for anyone.
    pub anyone: bool,
    /// Those who report to the caller.
    pub reports: Vec<body::User>,
}

impl App {
    /// The caller, with roles and manager.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn me(&self, caller: &Caller) -> Outcome<body::Me> {
        let user = caller.person()?.clone();
        let roles = caller.roles().iter().map(|role| role.name().to_owned()).collect();
        self.reader
            .read(async |tx| {
                let manager = match &user.manager {
                    Some(id) => Some(show::user_by_id(tx, id).await?),
                    None => None,
                };
                let id = user.id.to_string();
                Ok(body::Me { id, email: user.email, name: user.name, roles, manager, delegate: None })
            })
            .await
    }

    /// What the caller may see in the catalog, in the order of apps and names.
    ///
    /// # Errors
    /// When a filter is not well formed.
    pub async fn catalog(&self, caller: &Caller, query: CatalogQuery) -> Outcome<body::Page<body::Entitlement>> {
        caller.require("GET /api/v1/catalog/entitlements")?;
        self.reader.read(async |tx| list(tx, caller, &query).await).await
    }

    /// For whom the caller may request.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn for_whom(&self, caller: &Caller) -> Outcome<ForWhom> {
        let user = caller.person()?.clone();
        let anyone = caller.holds_any(&[Role::Helpdesk, Role::AccessRequestAdmin, Role::SuperAdmin]);
        self.reader
            .read(async |tx| {
                let reports = store::user::list_reports(tx, &user.id, 200).await?;
                Ok(ForWhom { anyone, reports: reports.iter().map(show::user).collect() })
            })
            .await
    }

    /// A person the caller may request for.
    ///
    /// # Errors
    /// When there is no such person, or the caller may not.
    pub async fn subject(&self, caller: &Caller, who: &str) -> Outcome<body::User> {
        self.reader
            .read(async |tx| {
                let id = beneficiary(tx, caller, Some(who)).await?;
                Ok(show::user_by_id(tx, &id).await?)
            })
            .await
    }

    /// People to request for, for those who may request for anyone.
    ///
    /// # Errors
    /// When the caller may not.
    pub async fn people(&self, caller: &Caller, query: &str, limit: i64) -> Outcome<Vec<body::User>> {
        caller.require("GET /admin/requests/new")?;
        let query = domain::text::fold(query);
        self.reader
            .read(async |tx| {
                let found = store::user::list(tx, &query, ("", ""), limit).await?;
                Ok(found.iter().filter(|user| user.is_active()).map(show::user).collect())
            })
            .await
    }

    /// An app that the caller can find: one of whose entitlements is offered to him, or that he is responsible for.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for hidden apps (S0-8).
    pub async fn app(&self, caller: &Caller, slug: &str) -> Outcome<body::App> {
        caller.require("GET /apps/{slug}")?;
        let me = caller.id()?.clone();
        self.reader
            .read(async |tx| {
                let app = super::directory::find_app(tx, slug).await?.ok_or(AppError::NotFound)?;
                let find = OfferQuery { query: "", app: Some(&app.id), entitlement: None, after: ("", ""), limit: 1 };
                let offered = !store::entitlement::list_offers(tx, &me, find).await?.is_empty();
                let keys = [domain::user::key::owners(&app.id), domain::user::key::admins(&app.id)];
                let responsible = !store::user::keys_of(tx, std::slice::from_ref(&me), &keys).await?.is_empty();
                if offered || responsible || caller.sees_everything() {
                    super::directory::show_app(tx, &app).await
                } else {
                    Err(AppError::NotFound)
                }
            })
            .await
    }
}

/// What surrounds a page: who looks, when, and how much waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Effective now.
    pub now: Time,
    /// Own requests that are open.
    pub requests: u64,
    /// Own open tasks.
    pub tasks: u64,
    /// Open tasks of everybody.
    pub tickets: u64,
    /// Apps that offer something.
    pub apps: u64,
}

impl App {
    /// Effective now.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn now(&self) -> Outcome<Time> {
        self.reader.read(async |tx| Ok(tx.now())).await
    }

    /// How much waits for the caller.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn waiting(&self, caller: &Caller) -> Outcome<Waiting> {
        let me = caller.id()?.clone();
        self.reader
            .read(async |tx| {
                Ok(Waiting {
                    now: tx.now(),
                    requests: store::request::count_open(tx, &me).await?,
                    tasks: store::task::count_open(tx, &me).await?,
                    tickets: store::task::count_all_open(tx).await?,
                    apps: store::entitlement::count_apps_offered(tx, &me).await?,
                })
            })
            .await
    }

    /// The apps in which something is offered to `subject` (the caller when absent), each with what is offered.
    ///
    /// # Errors
    /// When the caller may not look for this person.
    pub async fn offers(
        &self,
        caller: &Caller,
        subject: Option<&str>,
        app: Option<&str>,
    ) -> Outcome<Vec<(body::App, Vec<body::Entitlement>)>> {
        caller.require("GET /browse")?;
        self.reader
            .read(async |tx| {
                let mut query = CatalogQuery {
                    subject: subject.map(str::to_owned),
                    app: app.map(str::to_owned),
                    limit: OFFERS_PAGE,
                    ..CatalogQuery::default()
                };
                let mut offers: Vec<(body::App, Vec<body::Entitlement>)> = Vec::new();
                loop {
                    let page = list(tx, caller, &query).await?;
                    for item in page.items {
                        match offers.iter_mut().find(|(app, _)| app.id == item.app.id) {
                            Some((_, items)) => items.push(item),
                            None => {
                                let found = super::directory::find_app(tx, &item.app.id).await?;
                                let app = found.ok_or(AppError::NotFound)?;
                                offers.push((super::directory::show_app(tx, &app).await?, vec![item]));
                            }
                        }
                    }
                    query.cursor = page.next.filter(|_| offers.len() < OFFERED_APPS_MAX);
                    if query.cursor.is_none() {
                        return Ok(offers);
                    }
                }
            })
            .await
    }
}

/// How many entitlements are read at a time.
const OFFERS_PAGE: i64 = 200;
/// How many apps one page shows.
const OFFERED_APPS_MAX: usize = 1_000;

/// For whom the catalog is looked at: the caller, or somebody he may request for.
async fn beneficiary(tx: &mut Tx, caller: &Caller, subject: Option<&str>) -> Outcome<UserId> {
    let me = caller.person()?;
    let Some(subject) = subject else { return Ok(me.id.clone()) };
    let found = parse::user(tx, "for", subject).await?;
    let anyone = caller.holds_any(&[Role::Helpdesk, Role::AccessRequestAdmin, Role::SuperAdmin]);
    if found.id == me.id || anyone || found.manager.as_ref() == Some(&me.id) {
        Ok(found.id)
    } else {
        Err(domain::Refusal::NotForOthers.into())
    }
}

async fn list(tx: &mut Tx, caller: &Caller, query: &CatalogQuery) -> Outcome<body::Page<body::Entitlement>> {
    let who = beneficiary(tx, caller, query.subject.as_deref()).await?;
    let app = match &query.app {
        Some(app) => match super::directory::find_app(tx, app).await? {
            Some(app) => Some(app.id),
            None => return Ok(body::Page { items: Vec::new(), next: None }),
        },
        None => None,
    };
    let state = query.state.as_deref();
    for name in state.iter().flat_map(|state| state.split(',')) {
        parse::one_of("state", Some(name), &["requestable", "held", "pending", "held_expiring"])?;
    }
    let (mut sort, mut id) = match query.cursor.as_deref().map(read_cursor) {
        None => (String::new(), String::new()),
        Some(Some(place)) => place,
        Some(None) => return Err(AppError::field("cursor", words::say("invalid-cursor"))),
    };
    let page = usize::try_from(query.limit).unwrap_or(0);
    let wanted = domain::text::fold(&query.query);
    let mut items: Vec<(body::Entitlement, String)> = Vec::new();
    // Whether something is held is known row by row, so pages are read until one is full.
    loop {
        let find = OfferQuery {
            query: &wanted,
            app: app.as_ref(),
            entitlement: None,
            after: (&sort, &id),
            limit: query.limit + 1,
        };
        let offers = store::entitlement::list_offers(tx, &who, find).await?;
        let full = offers.len() > page;
        for offer in &offers {
            let thing = facts::thing(tx, offer.entitlement.clone()).await?;
            let shown = show::offer(&thing, offer, tx.now());
            if fits(state, shown.state.as_deref()) {
                items.push((shown, offer.sort_key.clone()));
            }
        }
        if let Some(last) = offers.last() {
            (sort, id) = (last.sort_key.clone(), last.entitlement.id.to_string());
        }
        if !full || items.len() > page {
            break;
        }
    }
    let next = items.get(page).and_then(|_| items.get(page.checked_sub(1)?)).map(|(last, sort)| cursor(sort, &last.id));
    items.truncate(page);
    Ok(body::Page { items: items.into_iter().map(|(item, _)| item).collect(), next })
}

/// Whether it is in one of the wanted states. Held and about to end is held too.
fn fits(wanted: Option<&str>, state: Option<&str>) -> bool {
    let Some(wanted) = wanted else { return true };
    wanted.split(',').any(|wanted| Some(wanted) == state || (wanted, state) == ("held", Some("held_expiring")))
}

fn cursor(sort: &str, id: &str) -> String {
    data_encoding::BASE64URL_NOPAD.encode(format!("{sort}\n{id}").as_bytes())
}

fn read_cursor(cursor: &str) -> Option<(String, String)> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
    text.split_once('\n').map(|(sort, id)| (sort.to_owned(), id.to_owned()))
}
