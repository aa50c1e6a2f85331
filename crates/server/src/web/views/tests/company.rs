//! A small company for the pages: three apps, four people, something in every state.

use crate::body;
use crate::web::views::browse::Offer;
use crate::web::views::sample::user;

/// An app with nothing in it.
pub(super) fn app(name: &str, category: &str) -> body::App {
    let slug = name.to_lowercase().replace(' ', "-");
    body::App {
        id: format!("app_{slug}"),
        slug,
        name: name.to_owned(),
        description: format!("What {name} is for, in one sentence that tells you whether to ask."),
        category: category.to_owned(),
        owners: vec![body::Principal::User(user("Priya Raman"))],
        admins: vec![
            body::Principal::User(user("Leo Bergström")),
            body::Principal::Group(body::NamedRef { id: "grp_1".to_owned(), name: "Platform on-call".to_owned() }),
        ],
        connector: "manual".to_owned(),
        instructions: String::new(),
        url: Some("https://github.example".to_owned()),
        state: "listed".to_owned(),
        settings: serde_json::json!({}),
        version: 1,
    }
}

/// Something in an app: name, kind and state, and the open request when it is pending.
pub(super) fn entitlement(app: &body::App, name: &str, kind: &str, state: &str) -> body::Entitlement {
    let slug = name.to_lowercase().replace(' ', "-");
    body::Entitlement {
        id: format!("ent_{}_{slug}", app.slug),
        slug,
        name: name.to_owned(),
        description: format!("Gives {name}."),
        kind: kind.to_owned(),
        app: body::AppRef { id: app.id.clone(), slug: app.slug.clone(), name: app.name.clone() },
        state: Some(state.to_owned()),
        max_duration: Some("P90D".to_owned()),
        presets: ["PT8H", "P7D", "P30D", "P90D"].map(|iso| Some(iso.to_owned())).to_vec(),
        default_duration: Some("P30D".to_owned()),
        only_presets: false,
        justification_required: true,
        emergency: false,
        request: (state == "pending").then(|| "req_1".to_owned()),
    }
}

/// GitHub: an account, one team held, one repository pending, two to ask for.
pub(super) fn github() -> Offer {
    let app = app("GitHub", "Engineering");
    let mut short = entitlement(&app, "Organisation owner", "role", "requestable");
    short.max_duration = Some("PT8H".to_owned());
    short.presets = vec![Some("PT1H".to_owned()), Some("PT8H".to_owned())];
    short.default_duration = Some("PT1H".to_owned());
    let mut ending = entitlement(&app, "DataEng team", "group", "held_expiring");
    ending.description = String::new();
    let entitlements = vec![
        entitlement(&app, "GitHub account", "access", "held"),
        ending,
        entitlement(&app, "platform-infra", "resource", "pending"),
        entitlement(&app, "Write Access", "permission", "requestable"),
        short,
    ];
    Offer { app, entitlements }
}

/// Figma: no account yet, which comes before the editor's seat.
pub(super) fn figma() -> Offer {
    let mut app = app("Figma", "Design");
    app.connector = "sim".to_owned();
    app.url = Some("javascript:alert(1)".to_owned());
    let mut account = entitlement(&app, "Figma account", "access", "requestable");
    account.max_duration = None;
    account.presets = vec![Some("P30D".to_owned()), None];
    account.default_duration = None;
    account.justification_required = false;
    let entitlements = vec![account, entitlement(&app, "Full seat", "role", "requestable")];
    Offer { app, entitlements }
}

/// Snowflake: everything offered is asked for already.
pub(super) fn snowflake() -> Offer {
    let app = app("Snowflake", "Data");
    let entitlements = vec![entitlement(&app, "ANALYST_PROD", "role", "pending")];
    Offer { app, entitlements }
}

/// All three.
pub(super) fn offers() -> Vec<Offer> {
    vec![figma(), github(), snowflake()]
}
