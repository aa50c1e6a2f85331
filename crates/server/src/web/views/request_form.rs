//! The request form, for oneself and for others, with who will be asked.

use askama::Template;
use jiff::SignedDuration;

use crate::body;
use crate::web::elements::{AppIcon, Icon, Person, Size};
use crate::web::filters;
use crate::web::shell::{Place, Shell, Visit};
use crate::web::times;
use crate::words::{say, tell};

use super::browse::{Choice, is, key_of};
use super::field::{ProblemLine, Problems};
use super::home::title_of;

pub mod form;
pub mod input;

pub use form::{People, RequestForm, Setting};
pub use input::{Act, Input};

/// `GET /request` and `GET /admin/requests/new`, and the same again after a `POST` that did not file anything.
#[derive(Debug, Template)]
#[template(path = "request/request.html")]
pub struct RequestPage {
    shell: Shell,
    action: &'static str,
    problems: Problems,
    recipient: Recipient,
    has_subject: bool,
    resources: Vec<Resource>,
    apps: Vec<AppGroup>,
    length: LengthField,
    justification: String,
    justification_required: bool,
    justification_error: String,
    submission_key: String,
    preview: PreviewCard,
    share: String,
}

/// Whom it is for.
#[derive(Debug)]
struct Recipient {
    /// The visitor's name, when the question has "Me" as an answer.
    me: Option<String>,
    other: bool,
    person: String,
    reports: Vec<Choice>,
    suggestions: Vec<body::User>,
    anybody: bool,
    error: String,
}

/// One line of the cart.
#[derive(Debug)]
struct Resource {
    id: String,
    icon: AppIcon,
    app: String,
    key: String,
    name: String,
    remove: String,
    options: Vec<Choice>,
    placeholder: bool,
    error: String,
    open_request: Option<String>,
    account: String,
}

/// Apps of one category.
#[derive(Debug)]
struct AppGroup {
    label: String,
    apps: Vec<Choice>,
}

/// The field "Access length".
#[derive(Debug)]
struct LengthField {
    presets: Vec<Choice>,
    unlimited: bool,
    custom: bool,
    chosen: String,
    n: String,
    hours: bool,
    until: String,
    starts: String,
    first_day: String,
    last_day: Option<String>,
    hint: String,
    error: String,
    starts_error: String,
}

/// "Who will be asked".
#[derive(Debug)]
struct PreviewCard {
    count: String,
    items: Vec<PreviewItem>,
}

#[derive(Debug)]
struct PreviewItem {
    icon: AppIcon,
    title: String,
    steps: Vec<PreviewStep>,
    problems: Vec<String>,
}

#[derive(Debug)]
struct PreviewStep {
    icon: Option<Icon>,
    title: String,
    note: String,
    people: Vec<Person>,
    more: String,
}

impl RequestPage {
    /// `preview` answers [`RequestForm::preview`]; `problems` say why nothing was filed.
    pub fn new(visit: &Visit, form: &RequestForm, preview: Option<&body::Preview>, problems: &[body::Problem]) -> Self {
        let for_somebody = form.setting.for_somebody;
        let (title, place) = if for_somebody {
            (say("request-title-somebody"), Place::RequestForSomebody)
        } else {
            (say("request-access"), Place::Request)
        };
        let chosen = form.picked.iter().filter_map(|line| line.chosen.as_ref());
        Self {
            shell: Shell::new(visit, title, place),
            action: if for_somebody { "/admin/requests/new" } else { "/request" },
            problems: summary(problems),
            recipient: Recipient::new(visit, form, problems),
            has_subject: form.setting.subject.is_some() || !for_somebody,
            resources: resources(form, problems),
            apps: apps(form),
            length: LengthField::new(visit, form, problems),
            justification: form.input.justification.clone(),
            justification_required: chosen.clone().next().is_none() || chosen.clone().any(|e| e.justification_required),
            justification_error: message(problems, |field| field == "justification"),
            submission_key: form.input.submission_key.clone(),
            preview: PreviewCard::new(preview),
            share: share(form),
        }
    }
}

/// The address of this form, with what is chosen but nothing that was written.
fn share(form: &RequestForm) -> String {
    let chosen = form
        .picked
        .iter()
        .filter_map(|line| line.chosen.as_ref())
        .map(|chosen| format!("entitlement={}", key_of(chosen)));
    format!("/request?{}", chosen.collect::<Vec<_>>().join("&"))
}

/// The first message whose field fits.
fn message(problems: &[body::Problem], fits: impl Fn(&str) -> bool) -> String {
    problems.iter().find(|problem| fits(&problem.field)).map(|problem| problem.message.clone()).unwrap_or_default()
}

fn is_length(field: &str) -> bool {
    !is_start(field) && ["duration", "until"].iter().any(|name| field.ends_with(name))
}

fn is_start(field: &str) -> bool {
    field.ends_with("starts")
}

/// The position in the cart that `items[2].entitlement` names, unless it is about the length.
fn line_of(field: &str) -> Option<usize> {
    let (at, _) = field.strip_prefix("items[")?.split_once(']')?;
    if is_length(field) || is_start(field) { None } else { at.parse().ok() }
}

fn summary(problems: &[body::Problem]) -> Problems {
    let href = |field: &str| match field {
        "for" | "person" => Some("#person".to_owned()),
        "justification" => Some("#why".to_owned()),
        field if is_start(field) => Some("#starts".to_owned()),
        field if is_length(field) => Some("#length".to_owned()),
        field => line_of(field).map(|at| format!("#resource-{at}")).or_else(|| Some("#resources".to_owned())),
    };
    let line = |problem: &body::Problem| ProblemLine { href: href(&problem.field), message: problem.message.clone() };
    Problems { items: problems.iter().map(line).collect() }
}

impl Recipient {
    fn new(visit: &Visit, form: &RequestForm, problems: &[body::Problem]) -> Self {
        let subject = form.setting.subject.as_ref().filter(|user| user.id != visit.me.id);
        let typed = form.input.person.clone();
        let person = typed.clone().or_else(|| subject.map(|user| user.email.clone())).unwrap_or_default();
        let report = |user: &body::User| Choice {
            value: user.id.clone(),
            label: user.name.clone(),
            selected: user.id == person || user.email == person,
        };
        let (reports, suggestions, anybody) = match &form.setting.people {
            People::Nobody => (Vec::new(), Vec::new(), false),
            People::Reports(users) => (users.iter().map(report).collect(), Vec::new(), false),
            People::Anybody(users) => (Vec::new(), users.clone(), true),
        };
        let asks = !form.setting.for_somebody && (anybody || !reports.is_empty());
        Self {
            me: asks.then(|| visit.me.name.clone()),
            other: typed.is_some() || subject.is_some(),
            person: subject.filter(|user| user.id == person).map_or(person, |user| user.email.clone()),
            reports,
            suggestions,
            anybody,
            error: message(problems, |field| matches!(field, "for" | "person")),
        }
    }
}

fn resources(form: &RequestForm, problems: &[body::Problem]) -> Vec<Resource> {
    form.picked.iter().enumerate().map(|(at, line)| resource(at, line, problems)).collect()
}

fn resource(at: usize, line: &form::Picked, problems: &[body::Problem]) -> Resource {
    let key = line.key.clone();
    let option = |entitlement: &body::Entitlement| Choice {
        value: key_of(entitlement),
        label: choice_name(entitlement),
        selected: key_of(entitlement) == key,
    };
    let name = line.chosen.as_ref().map(choice_name);
    let pending = line.chosen.as_ref().filter(|chosen| is(chosen, "pending"));
    let given = message(problems, |field| line_of(field) == Some(at));
    Resource {
        id: format!("resource-{at}"),
        icon: AppIcon::new(&line.app.name, Size::Small),
        app: line.app.name.clone(),
        remove: match &name {
            Some(name) => tell("request-remove-name", &[("app", &line.app.name), ("name", name)]),
            None => tell("request-remove", &[("app", &line.app.name)]),
        },
        name: name.unwrap_or_default(),
        options: line.options.iter().map(option).collect(),
        placeholder: line.chosen.is_none() && line.is_offered(),
        error: match (&line.chosen, pending) {
            _ if !given.is_empty() => given,
            (_, Some(_)) => say("request-already-pending"),
            (Some(chosen), _) if super::browse::is_held(chosen) => say("request-already-held"),
            (Some(chosen), _) if chosen.state.is_none() => say("request-not-offered"),
            (None, _) if !line.is_offered() => say("request-not-offered"),
            _ => String::new(),
        },
        open_request: pending.and_then(|chosen| chosen.request.as_ref()).map(|id| format!("/requests/{id}")),
        account: match &line.chosen {
            _ if !line.account_first => String::new(),
            Some(chosen) if chosen.kind == "access" => tell("request-account-opens", &[("app", &line.app.name)]),
            _ => tell("request-account-first", &[("app", &line.app.name)]),
        },
        key,
    }
}

/// A first account is always called the same (S3-42).
fn choice_name(entitlement: &body::Entitlement) -> String {
    if entitlement.kind == "access" { say("request-basic-access") } else { entitlement.name.clone() }
}

fn apps(form: &RequestForm) -> Vec<AppGroup> {
    let mut groups = std::collections::BTreeMap::<String, Vec<Choice>>::new();
    for offer in form.addable() {
        let label = if offer.app.category.is_empty() { say("request-apps-other") } else { offer.app.category.clone() };
        let selected = offer.app.slug == form.input.app;
        let choice = Choice { value: offer.app.slug.clone(), label: offer.app.name.clone(), selected };
        groups.entry(label).or_default().push(choice);
    }
    groups.into_iter().map(|(label, apps)| AppGroup { label, apps }).collect()
}

impl LengthField {
    fn new(visit: &Visit, form: &RequestForm, problems: &[body::Problem]) -> Self {
        let (input, lengths) = (&form.input, &form.lengths);
        let preset = |iso: &String| Choice {
            value: iso.clone(),
            label: times::length(Some(iso)),
            selected: *iso == input.length,
        };
        let last = lengths.longest.and_then(|longest| visit.now.checked_add(SignedDuration::from_secs(longest)).ok());
        Self {
            presets: lengths.presets.iter().map(preset).collect(),
            unlimited: lengths.unlimited,
            custom: lengths.custom,
            chosen: input.length.clone(),
            hours: input.unit == "h",
            n: input.n.clone(),
            until: input.until.clone(),
            starts: input.starts.clone(),
            first_day: times::day_of(visit.now),
            last_day: last.map(times::day_of),
            hint: length_hint(lengths),
            error: message(problems, is_length),
            starts_error: message(problems, is_start),
        }
    }
}

fn length_hint(lengths: &form::Lengths) -> String {
    if !lengths.custom {
        return say("request-length-only-these");
    }
    match lengths.longest {
        Some(longest) => tell("request-length-at-most", &[("length", &times::length(Some(&format!("PT{longest}S"))))]),
        None if lengths.unlimited => String::new(),
        None => say("request-length-no-unlimited"),
    }
}

impl PreviewCard {
    fn new(preview: Option<&body::Preview>) -> Self {
        let items = preview.map(|preview| preview.items.iter().map(PreviewItem::new).collect::<Vec<_>>());
        let items = items.unwrap_or_default();
        Self { count: tell("request-preview-count", &[("n", &items.len().to_string())]), items }
    }
}

impl PreviewItem {
    fn new(item: &body::PreviewItem) -> Self {
        let app = item.entitlement.as_ref().map_or("", |entitlement| entitlement.app.name.as_str());
        let problems = item.problems.iter().filter(|problem| problem.field != "justification");
        Self {
            icon: AppIcon::new(app, Size::Small),
            title: item.entitlement.as_ref().map_or_else(|| say("request-not-offered"), title_of),
            steps: item.steps.iter().map(PreviewStep::new).collect(),
            problems: problems.map(|problem| problem.message.clone()).collect(),
        }
    }
}

impl PreviewStep {
    fn new(step: &body::Step) -> Self {
        let more = step.approvers_total.saturating_sub(step.approvers.len().try_into().unwrap_or(u64::MAX));
        let by_hand = !step.approvers.is_empty();
        let (icon, note) = match step.kind.as_str() {
            "provision" if step.approvers_total > 1 => (Some(Icon("wrench")), say("request-preview-by-hand-any")),
            "provision" if by_hand => (Some(Icon("wrench")), say("request-preview-by-hand")),
            "provision" => (Some(Icon("plug")), say("request-preview-automatic")),
            _ => (None, quorum(step)),
        };
        Self {
            icon,
            title: step.name.clone(),
            note,
            people: step.approvers.iter().map(Person::small).collect(),
            more: if more > 0 { tell("request-preview-more", &[("n", &more.to_string())]) } else { String::new() },
        }
    }
}

fn quorum(step: &body::Step) -> String {
    match (step.need, step.approvers_total) {
        (_, 0) if step.kind == "approval" => say("request-preview-nobody"),
        (0 | 1, 0 | 1) => String::new(),
        (0 | 1, _) => say("request-preview-any"),
        (need, all) if u64::from(need) == all => say("request-preview-all"),
        (need, _) => tell("request-preview-some", &[("n", &need.to_string())]),
    }
}
