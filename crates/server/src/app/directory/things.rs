//! Apps, entitlements, catalogs, policies, and what the organisation sets.

use domain::app::{App as Target, AppState, Connector, Principal};
use domain::catalog::{Audience, Catalog, CatalogState};
use domain::entitlement::{Entitlement, EntitlementKind};
use domain::id::{AppId, CatalogId, EntitlementId, GroupId, PolicyId};
use domain::policy::{Policy, Rules};
use domain::settings::Settings;
use serde_json::{Value, json};
use store::{Tx, Verdict};

use super::write::{self, Change, NewOrganisation, Page, taken};
use crate::app::caller::Caller;
use crate::app::error::{AppError, Outcome};
use crate::app::parse::{self, Fields};
use crate::app::{App, facts, show};
use crate::{body, words};

/// The largest rules, in bytes of JSON: they have to fit into a leaf.
const RULES_BYTES_MAX: usize = 12 * 1024;

impl App {
    /// Apps in the order of their names, hidden ones included.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn apps(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::App>> {
        caller.require("GET /api/v1/apps")?;
        self.reader
            .read(async |tx| {
                let (key, id) = page.after()?;
                let mut apps = store::app::list(tx, (&key, &id), page.rows()).await?;
                let next = page.cut(&mut apps, |app| (domain::text::fold(&app.name), app.id.to_string()));
                let mut items = Vec::with_capacity(apps.len());
                for app in &apps {
                    items.push(show_app(tx, app).await?);
                }
                Ok(body::Page { items, next })
            })
            .await
    }

    /// The app with this id or slug, as administrators see it.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn target(&self, caller: &Caller, id: &str) -> Outcome<body::App> {
        caller.require("GET /api/v1/apps/{id}")?;
        self.reader
            .read(async |tx| {
                let app = find_app(tx, id).await?.ok_or(AppError::NotFound)?;
                show_app(tx, &app).await
            })
            .await
    }

    /// Creates an app.
    ///
    /// # Errors
    /// When the caller may not, or a field is not taken.
    pub async fn create_app(&self, caller: &Caller, new: body::NewApp) -> Outcome<body::App> {
        caller.require("POST /api/v1/apps")?;
        let by = caller.clone();
        self.change("app.create", async move |tx| {
            let app = create_app(tx, &by, new).await?;
            Ok(Verdict::Done(show_app(tx, &app).await?))
        })
        .await
    }

    /// All entitlements, in catalog order.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn entitlements(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::Entitlement>> {
        caller.require("GET /api/v1/entitlements")?;
        self.reader
            .read(async |tx| {
                let (key, id) = page.after()?;
                let found = store::entitlement::list(tx, (&key, &id), page.rows()).await?;
                let mut things = Vec::with_capacity(found.len());
                for entitlement in found {
                    things.push(facts::thing(tx, entitlement).await?);
                }
                let place = |thing: &facts::Thing| {
                    let sort = store::entitlement::sort_key(&thing.app.name, &thing.entitlement);
                    (sort, thing.entitlement.id.to_string())
                };
                let next = page.cut(&mut things, place);
                Ok(body::Page { items: things.iter().map(show::entitlement).collect(), next })
            })
            .await
    }

    /// The entitlement with this id or key.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn entitlement(&self, caller: &Caller, id: &str) -> Outcome<body::Entitlement> {
        caller.require("GET /api/v1/entitlements/{id}")?;
        self.reader
            .read(async |tx| {
                let found = parse::entitlement(tx, id).await?.ok_or(AppError::NotFound)?;
                Ok(show::entitlement(&facts::thing(tx, found).await?))
            })
            .await
    }

    /// Creates an entitlement.
    ///
    /// # Errors
    /// When the caller may not, or a field is not taken.
    pub async fn create_entitlement(&self, caller: &Caller, new: body::NewEntitlement) -> Outcome<body::Entitlement> {
        caller.require("POST /api/v1/entitlements")?;
        let by = caller.clone();
        self.change("entitlement.create", async move |tx| {
            let entitlement = create_entitlement(tx, &by, new).await?;
            Ok(Verdict::Done(show::entitlement(&facts::thing(tx, entitlement).await?)))
        })
        .await
    }

    /// Catalogs in the order of their slugs.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn catalogs(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::Catalog>> {
        caller.require("GET /api/v1/catalogs")?;
        self.reader
            .read(async |tx| {
                let (slug, _) = page.after()?;
                let mut catalogs = store::catalog::list(tx, &slug, page.rows()).await?;
                let next = page.cut(&mut catalogs, |catalog| (catalog.slug.clone(), String::new()));
                let items = catalogs.iter().map(show_catalog).collect::<Outcome<_>>()?;
                Ok(body::Page { items, next })
            })
            .await
    }

    /// The catalog with this id.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn catalog_by_id(&self, caller: &Caller, id: &str) -> Outcome<body::Catalog> {
        caller.require("GET /api/v1/catalogs/{id}")?;
        let id = CatalogId::parse(id).map_err(|_| AppError::NotFound)?;
        self.reader
            .read(async |tx| show_catalog(&store::catalog::find(tx, &id).await?.ok_or(AppError::NotFound)?))
            .await
    }

    /// Creates a catalog.
    ///
    /// # Errors
    /// When the caller may not, or a field is not taken.
    pub async fn create_catalog(&self, caller: &Caller, new: body::NewCatalog) -> Outcome<body::Catalog> {
        caller.require("POST /api/v1/catalogs")?;
        let by = caller.clone();
        self.change("catalog.create", async move |tx| {
            let catalog = create_catalog(tx, &by, new).await?;
            Ok(Verdict::Done(show_catalog(&catalog)?))
        })
        .await
    }

    /// The latest versions of all policies, in the order of their names.
    ///
    /// # Errors
    /// When the caller may not, or the cursor is none of ours.
    pub async fn policies(&self, caller: &Caller, page: Page) -> Outcome<body::Page<body::Policy>> {
        caller.require("GET /api/v1/policies")?;
        self.reader
            .read(async |tx| {
                let (name, _) = page.after()?;
                let mut policies = store::policy::list(tx, &name, page.rows()).await?;
                let next = page.cut(&mut policies, |policy| (policy.name.clone(), String::new()));
                Ok(body::Page { items: policies.iter().map(show_policy).collect::<Outcome<_>>()?, next })
            })
            .await
    }

    /// The latest version of the policy with this id.
    ///
    /// # Errors
    /// When the caller may not, or there is none.
    pub async fn policy(&self, caller: &Caller, id: &str) -> Outcome<body::Policy> {
        caller.require("GET /api/v1/policies/{id}")?;
        let id = PolicyId::parse(id).map_err(|_| AppError::NotFound)?;
        self.reader.read(async |tx| show_policy(&store::policy::find(tx, &id).await?.ok_or(AppError::NotFound)?)).await
    }

    /// Saves a policy: a new one, or a new version of the one with this name.
    ///
    /// # Errors
    /// When the caller may not, or the rules are not taken.
    pub async fn save_policy(&self, caller: &Caller, new: body::NewPolicy) -> Outcome<body::Policy> {
        caller.require("POST /api/v1/policies")?;
        let by = caller.clone();
        self.change("policy.save", async move |tx| {
            let policy = save_policy(tx, &by, new).await?;
            Ok(Verdict::Done(show_policy(&policy)?))
        })
        .await
    }

    /// Sets what the organisation is called and sets: part of setting up.
    ///
    /// # Errors
    /// When the caller is not Keyfob's operator.
    pub async fn set_organisation(&self, caller: &Caller, new: NewOrganisation) -> Outcome<()> {
        if caller.user.is_some() {
            return Err(AppError::Forbidden);
        }
        let by = caller.clone();
        self.change("organisation.set", async move |tx| Ok(Verdict::Done(set_organisation(tx, &by, &new).await?))).await
    }

    /// What the organisation is called.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn organisation_name(&self) -> Outcome<String> {
        self.reader.read(async |tx| Ok(store::policy::organisation(tx).await?.0)).await
    }
}

/// Names a new organisation and gives it a policy: the manager is asked, and those who stand in when there is none.
pub(in crate::app) async fn set_up_organisation(tx: &mut Tx, caller: &Caller, name: &str) -> Outcome<()> {
    let name_of_policy = words::say("policy-default-name");
    let step = json!({
        "kind": "approval", "name": words::say("policy-default-step"), "approvers": [{ "manager": 1 }],
        "fallback": ["app_owners"],
    });
    let rules = json!([{ "name": words::say("policy-default-rule"), "steps": [step] }]);
    let policy = save_policy(tx, caller, body::NewPolicy { name: name_of_policy, rules }).await?;
    let settings = Settings { policy: Some(policy.id), ..Settings::default() };
    set_organisation(tx, caller, &NewOrganisation { name: name.to_owned(), settings }).await
}

async fn set_organisation(tx: &mut Tx, caller: &Caller, new: &NewOrganisation) -> Outcome<()> {
    let (before_name, before) = store::policy::organisation(tx).await?;
    store::policy::save_organisation(tx, &new.name, &new.settings).await?;
    let after = json!({
        "name": new.name, "settings": new.settings, "before": { "name": before_name, "settings": before },
    });
    log(tx, caller, ("organisation.set", "organisation", None), &after).await
}

/// The app with this id or slug.
pub(in crate::app) async fn find_app(tx: &mut Tx, id: &str) -> Outcome<Option<Target>> {
    Ok(match AppId::parse(id) {
        Ok(id) => store::app::find(tx, &id).await?,
        Err(_) if parse::is_key(id) => store::app::find_by_slug(tx, id).await?,
        Err(_) => None,
    })
}

/// An app with the people responsible for it.
pub(in crate::app) async fn show_app(tx: &mut Tx, app: &Target) -> Outcome<body::App> {
    let mut owners = Vec::with_capacity(app.owners.len());
    for owner in &app.owners {
        owners.push(show::principal(tx, owner).await?);
    }
    let mut admins = Vec::with_capacity(app.admins.len());
    for admin in &app.admins {
        admins.push(show::principal(tx, admin).await?);
    }
    Ok(body::App {
        id: app.id.to_string(),
        slug: app.slug.clone(),
        name: app.name.clone(),
        description: app.description.clone(),
        category: app.category.clone(),
        owners,
        admins,
        connector: app.connector.name().to_owned(),
        instructions: app.instructions.clone(),
        url: app.url.clone(),
        state: app.state.name().to_owned(),
        settings: json(&app.settings)?,
        version: app.version,
    })
}

fn json(value: &impl serde::Serialize) -> Outcome<Value> {
    serde_json::to_value(value).map_err(AppError::internal)
}

fn show_catalog(catalog: &Catalog) -> Outcome<body::Catalog> {
    Ok(body::Catalog {
        id: catalog.id.to_string(),
        slug: catalog.slug.clone(),
        name: catalog.name.clone(),
        audience: json(&catalog.audience)?,
        entitlements: catalog.entitlements.iter().map(ToString::to_string).collect(),
        bundle: catalog.bundle,
        state: catalog.state.name().to_owned(),
        version: catalog.version,
    })
}

fn show_policy(policy: &Policy) -> Outcome<body::Policy> {
    Ok(body::Policy {
        id: policy.id.to_string(),
        name: policy.name.clone(),
        version: policy.version,
        hash: policy.hash.clone(),
        rules: json(&policy.rules)?,
    })
}

fn settings(value: Option<Value>) -> Outcome<Settings> {
    let read = serde_json::from_value(value.unwrap_or_else(|| json!({})));
    read.map_err(|error| AppError::field("settings", words::tell("invalid-json", &[("why", &error.to_string())])))
}

/// A web address with http or https: anything else could run in a reader's browser.
fn url(value: Option<&str>) -> Outcome<Option<String>> {
    let Some(value) = parse::optional("url", value)? else { return Ok(None) };
    let plain = !value.contains(char::is_whitespace) && (value.starts_with("https://") || value.starts_with("http://"));
    if plain { Ok(Some(value)) } else { Err(AppError::field("url", words::say("invalid-url"))) }
}

async fn principals(tx: &mut Tx, field: &str, values: &[String], fields: &mut Fields) -> Outcome<Vec<Principal>> {
    if values.is_empty() {
        fields.note(field, words::say("invalid-nobody"));
    }
    let mut found = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        let at = format!("{field}[{place}]");
        match GroupId::parse(value) {
            Ok(id) if store::group::find(tx, &id).await?.is_some() => found.push(Principal::Group(id)),
            Ok(_) => fields.note(&at, words::say("invalid-unknown")),
            Err(_) => {
                found.extend(fields.take(parse::user(tx, &at, value).await)?.map(|user| Principal::User(user.id)));
            }
        }
    }
    Ok(found)
}

async fn create_app(tx: &mut Tx, caller: &Caller, new: body::NewApp) -> Outcome<Target> {
    let mut fields = Fields::default();
    let slug = fields.take(parse::slug("slug", &new.slug))?;
    let name = fields.take(parse::name("name", &new.name))?;
    let description = fields.take(parse::short("description", &new.description))?;
    let category = fields.take(parse::short("category", &new.category))?;
    let instructions = fields.take(parse::short("instructions", &new.instructions))?;
    let connector = new.connector.as_deref().map(|name| parse::choice("connector", name, Connector::parse));
    let connector = fields.take(connector.transpose())?.flatten();
    let state = new.state.as_deref().map(|name| parse::choice("state", name, AppState::parse));
    let state = fields.take(state.transpose())?.flatten();
    let url = fields.take(url(new.url.as_deref()))?.flatten();
    let settings = fields.take(settings(new.settings))?;
    let owners = principals(tx, "owners", &new.owners, &mut fields).await?;
    let admins = principals(tx, "admins", &new.admins, &mut fields).await?;
    fields.check()?;
    let app = Target {
        id: AppId::from_bits(store::fresh_bits()),
        slug: slug.unwrap_or_default(),
        name: name.unwrap_or_default(),
        description: description.unwrap_or_default(),
        category: category.unwrap_or_default(),
        owners,
        admins,
        connector: connector.unwrap_or_default(),
        instructions: instructions.unwrap_or_default(),
        url,
        state: state.unwrap_or_default(),
        settings: settings.unwrap_or_default(),
        version: 1,
    };
    if !store::app::create(tx, &app).await? {
        return Err(taken("slug"));
    }
    log(tx, caller, ("app.created", app.id.as_str(), None), &app).await?;
    Ok(app)
}

async fn log(
    tx: &mut Tx,
    caller: &Caller,
    (kind, id, entitlement): (&'static str, &str, Option<&EntitlementId>),
    after: &impl serde::Serialize,
) -> Outcome<()> {
    let change = Change {
        kind,
        subject: None,
        entitlement: entitlement.map(ToString::to_string),
        resource: id.to_owned(),
        after: json(after)?,
        texts: Vec::new(),
    };
    Ok(write::log(tx, caller, change).await?)
}

async fn create_entitlement(tx: &mut Tx, caller: &Caller, new: body::NewEntitlement) -> Outcome<Entitlement> {
    let mut fields = Fields::default();
    let app = find_app(tx, &new.app).await?;
    if app.is_none() {
        fields.note("app", words::say("invalid-unknown"));
    }
    let slug = fields.take(parse::slug("slug", &new.slug))?;
    let name = fields.take(parse::name("name", &new.name))?;
    let kind = fields.take(parse::choice("kind", &new.kind, EntitlementKind::parse))?;
    let description = fields.take(parse::short("description", &new.description))?;
    let instructions = fields.take(parse::short("instructions", &new.instructions))?;
    let settings = fields.take(settings(new.settings))?;
    fields.check()?;
    let (Some(app), Some(kind)) = (app, kind) else { return Err(AppError::NotFound) };
    let entitlement = Entitlement {
        id: EntitlementId::from_bits(store::fresh_bits()),
        app: app.id.clone(),
        slug: slug.unwrap_or_default(),
        name: name.unwrap_or_default(),
        kind,
        description: description.unwrap_or_default(),
        instructions: instructions.unwrap_or_default(),
        settings: settings.unwrap_or_default(),
        version: 1,
    };
    if !store::entitlement::create(tx, &entitlement, &app.name).await? {
        return Err(taken("slug"));
    }
    let named = ("entitlement.created", entitlement.id.as_str(), Some(&entitlement.id));
    log(tx, caller, named, &entitlement).await?;
    Ok(entitlement)
}

async fn create_catalog(tx: &mut Tx, caller: &Caller, new: body::NewCatalog) -> Outcome<Catalog> {
    let mut fields = Fields::default();
    let slug = fields.take(parse::slug("slug", &new.slug))?;
    let name = fields.take(parse::name("name", &new.name))?;
    let audience: Option<Audience> = match serde_json::from_value(new.audience) {
        Ok(audience) => Some(audience),
        Err(error) => {
            fields.note("audience", words::tell("invalid-json", &[("why", &error.to_string())]));
            None
        }
    };
    let state = new.state.as_deref().map(|name| parse::choice("state", name, CatalogState::parse));
    let state = fields.take(state.transpose())?.flatten();
    let mut entitlements = Vec::with_capacity(new.entitlements.len());
    for (place, key) in new.entitlements.iter().enumerate() {
        match parse::entitlement(tx, key).await? {
            Some(entitlement) => entitlements.push(entitlement.id),
            None => fields.note(&format!("entitlements[{place}]"), words::say("invalid-unknown")),
        }
    }
    fields.check()?;
    let catalog = Catalog {
        id: CatalogId::from_bits(store::fresh_bits()),
        slug: slug.unwrap_or_default(),
        name: name.unwrap_or_default(),
        audience: audience.ok_or(AppError::NotFound)?,
        entitlements,
        bundle: new.bundle,
        state: state.unwrap_or_default(),
        version: 1,
    };
    if !store::catalog::create(tx, &catalog).await? {
        return Err(taken("slug"));
    }
    // Entitlements go to the log in portions, so that a large catalog fits into leaves.
    const ITEMS_PER_LEAF: usize = 300;
    let mut portions = catalog.entitlements.chunks(ITEMS_PER_LEAF);
    let first = portions.next().unwrap_or_default().to_vec();
    let begun = Catalog { entitlements: first, ..catalog.clone() };
    log(tx, caller, ("catalog.created", catalog.id.as_str(), None), &begun).await?;
    for more in portions {
        let after = json!({ "id": catalog.id, "entitlements": more, "version": catalog.version });
        log(tx, caller, ("catalog.items_added", catalog.id.as_str(), None), &after).await?;
    }
    Ok(catalog)
}

async fn save_policy(tx: &mut Tx, caller: &Caller, new: body::NewPolicy) -> Outcome<Policy> {
    let name = parse::name("name", &new.name)?;
    let rules: Rules = serde_json::from_value(new.rules)
        .map_err(|error| AppError::field("rules", words::tell("invalid-json", &[("why", &error.to_string())])))?;
    let mut fields = Fields::default();
    for bad in rules.problems() {
        fields.note(&bad.field, words::say(bad.problem));
    }
    let bytes = serde_json::to_vec(&rules).map_err(AppError::internal)?.len();
    if bytes > RULES_BYTES_MAX {
        fields.note("rules", words::say("invalid-too-long"));
    }
    fields.check()?;
    let latest = store::policy::find_by_name(tx, &name).await?;
    let policy = Policy {
        id: latest.as_ref().map_or_else(|| PolicyId::from_bits(store::fresh_bits()), |latest| latest.id.clone()),
        name,
        version: latest.map_or(1, |latest| latest.version + 1),
        hash: rules.hash(),
        rules,
    };
    store::policy::save(tx, &policy).await?;
    log(tx, caller, ("policy.saved", policy.id.as_str(), None), &policy).await?;
    Ok(policy)
}
