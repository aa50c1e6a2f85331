//! Changing what is asked for before it is in place: another level of the same app, another length.

use askama::Template;

use crate::body;
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::times;
use crate::web::views::field::{Draft, Problems, TextField};
use crate::web::views::home::title_of;
use crate::words::{say, tell};

use super::facts;

/// The units of a length that is typed in, as the form sends them, with the key of their word.
const UNITS: [(&str, &str); 2] = [("h", "edit-unit-hours"), ("d", "edit-unit-days")];

/// `GET /requests/{id}/edit`
#[derive(Template)]
#[template(path = "requests/edit.html")]
pub struct Edit {
    shell: Shell,
    number: String,
    title: String,
    lead: String,
    permissions: Vec<Choice>,
    asked: String,
    lengths: Vec<Choice>,
    may_choose: bool,
    custom: bool,
    custom_n: String,
    units: Vec<Choice>,
    longest: String,
    length_error: String,
    entitlement_error: String,
    reason: TextField,
    problems: Problems,
    deny: Option<String>,
}

/// One thing to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Edit {
    /// The page that changes `request`; `offered` are the entitlements of the same app that may take its place.
    pub fn new(visit: &Visit, request: &body::Request, offered: &[body::Entitlement], draft: &Draft) -> Self {
        let who = [("who", request.requester.name.as_str())];
        let own = request.requester.id == visit.me.id;
        let may = |action: &str| request.actions.iter().any(|may| may == action);
        let deny = request.task.as_ref().filter(|_| may("deny") || may("deny_provisioning"));
        Self {
            shell: Shell::new(visit, say("edit-title"), Place::Elsewhere),
            number: request.number.clone(),
            title: title_of(&request.entitlement),
            lead: if own { say("edit-lead-own") } else { tell("edit-lead", &who) },
            permissions: permissions(request, offered, draft),
            asked: tell("edit-asked", &[("what", &request.entitlement.name)]),
            lengths: lengths(request, draft),
            may_choose: !request.entitlement.only_presets,
            custom: draft.typed("length") == Some("custom"),
            custom_n: draft.typed("n").unwrap_or("7").to_owned(),
            units: units(draft.typed("unit").unwrap_or("d")),
            longest: longest(&request.entitlement),
            length_error: draft.problem("duration").to_owned(),
            entitlement_error: draft.problem("entitlement").to_owned(),
            reason: TextField::new("edit", "reason", say("edit-why"), draft),
            problems: draft.summary("edit"),
            deny: deny.map(|task| format!("/tasks/{task}/deny")),
        }
    }
}

/// What the form asks for; what it leaves as it is stays absent.
///
/// # Errors
/// A problem with the length, when a number was to be typed in and none can be read.
pub fn read(draft: &Draft) -> Result<body::Edit, Vec<body::Problem>> {
    let number = draft.said("n").and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0);
    let duration = match (draft.said("length").as_deref(), number, draft.typed("unit")) {
        (Some("custom"), Some(n), Some("h")) => Some(format!("PT{n}H")),
        (Some("custom"), Some(n), Some("d")) => Some(format!("P{n}D")),
        (Some("custom"), _, _) => {
            let message = say("edit-problem-number");
            return Err(vec![body::Problem { field: "duration".to_owned(), message }]);
        }
        (length, _, _) => length.map(str::to_owned),
    };
    Ok(body::Edit { entitlement: draft.said("entitlement"), duration, reason: draft.said("reason") })
}

fn permissions(request: &body::Request, offered: &[body::Entitlement], draft: &Draft) -> Vec<Choice> {
    let now = &request.entitlement;
    let chosen = draft.typed("entitlement").unwrap_or(&now.id);
    let others = offered.iter().filter(|one| one.id != now.id && one.app.id == now.app.id);
    let all = std::iter::once(now).chain(others);
    all.map(|one| Choice { value: one.id.clone(), label: one.name.clone(), chosen: one.id == chosen }).collect()
}

/// "As it is" comes first and sends nothing, so that an end date, too, survives an edit of the level.
fn lengths(request: &body::Request, draft: &Draft) -> Vec<Choice> {
    let chosen = draft.typed("length").unwrap_or_default();
    let keep = tell("edit-keep", &[("length", &facts::access_length(request))]);
    let mut choices = vec![Choice { value: String::new(), label: keep, chosen: chosen.is_empty() }];
    let same = |preset: &Option<String>| request.until.is_none() && *preset == request.duration;
    for preset in request.entitlement.presets.iter().filter(|preset| !same(preset)) {
        let value = sent(preset.as_deref());
        let label = times::length(preset.as_deref());
        choices.push(Choice { chosen: value == chosen, value, label });
    }
    choices
}

/// As the form sends a length: an ISO 8601 duration or `unlimited`.
fn sent(duration: Option<&str>) -> String {
    duration.unwrap_or("unlimited").to_owned()
}

fn units(chosen: &str) -> Vec<Choice> {
    let unit =
        |(value, key): (&str, &str)| Choice { value: value.to_owned(), label: say(key), chosen: value == chosen };
    UNITS.into_iter().map(unit).collect()
}

fn longest(entitlement: &body::Entitlement) -> String {
    match &entitlement.max_duration {
        Some(max) => tell("edit-longest", &[("length", &times::length(Some(max)))]),
        None => String::new(),
    }
}
