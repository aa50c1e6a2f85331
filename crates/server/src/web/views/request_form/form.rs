//! What the request form offers after what was chosen: it shrinks to what fits (S3-44).

use std::collections::BTreeMap;

use crate::body;
use crate::web::times;
use crate::web::views::browse::{Offer, is, is_held, key_of};
use crate::words::{say, tell};

use super::input::{Act, Input, problem};

/// Whom the visitor may file a request for, besides themselves.
#[derive(Clone, Debug, Default)]
pub enum People {
    /// Nobody else; the question is not shown.
    #[default]
    Nobody,
    /// These: the people who report to the visitor.
    Reports(Vec<body::User>),
    /// Anybody; the first of them help with typing.
    Anybody(Vec<body::User>),
}

/// Where the form stands and what it may offer.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// What is offered to the person that access is for; states are that person's.
    pub offers: Vec<Offer>,
    /// Whom it is for; `None` while `/admin/requests/new` has not been told.
    pub subject: Option<body::User>,
    /// Whom else the visitor may choose.
    pub people: People,
    /// Whether this is `/admin/requests/new`.
    pub for_somebody: bool,
    /// Random; used when the form carries no key of its own yet.
    pub fresh_key: String,
}

/// The form with everything filled in that follows by itself.
#[derive(Clone, Debug)]
pub struct RequestForm {
    /// Where it stands.
    pub setting: Setting,
    /// What was typed; the length is chosen.
    pub input: Input,
    /// What is in the cart.
    pub picked: Vec<Picked>,
    /// What lengths fit all of it.
    pub lengths: Lengths,
}

/// One line of the cart.
#[derive(Clone, Debug)]
pub struct Picked {
    /// What the form sends for it.
    pub key: String,
    /// The app it belongs to; named by its key alone when it is not offered.
    pub app: body::AppRef,
    /// The chosen entitlement.
    pub chosen: Option<body::Entitlement>,
    /// What may be chosen in this line.
    pub options: Vec<body::Entitlement>,
    /// Whether an account comes first: then roles, groups and resources are not offered yet (S3-42, S3-43).
    pub account_first: bool,
}

/// The lengths that fit everything in the cart.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Lengths {
    /// ISO 8601, shortest first.
    pub presets: Vec<String>,
    /// Whether access without end may be asked for.
    pub unlimited: bool,
    /// Whether another length, or an end date, may be asked for.
    pub custom: bool,
    /// The longest, in seconds.
    pub longest: Option<i64>,
    /// What is chosen at first: a preset, `unlimited`, or `custom` when there are no presets.
    pub default: String,
}

impl RequestForm {
    /// Adds and removes what was asked for, chooses what has only one choice, and sets the usual length.
    pub fn new(setting: Setting, mut input: Input) -> Self {
        if let Act::Remove(key) = &input.act {
            input.entitlements.retain(|picked| picked != key);
        }
        let adds = input.act == Act::Add || input.entitlements.is_empty();
        if adds && !matches!(input.act, Act::Remove(_)) && !input.app.is_empty() {
            input.entitlements.push(format!("{}/", std::mem::take(&mut input.app)));
        }
        if input.submission_key.is_empty() {
            input.submission_key.clone_from(&setting.fresh_key);
        }
        let picked = pick(&setting.offers, &input.entitlements);
        let lengths = Lengths::new(&picked);
        // A number that somebody has emptied stays empty, and is asked for.
        if input.n.is_empty() && input.length != "custom" {
            let (n, unit) = lengths.custom();
            (input.n, input.unit) = (n, unit.to_owned());
        }
        // What somebody submits is never changed under their hand: a length that is not offered is refused.
        if input.act != Act::Submit && !lengths.offers(&input.length) {
            input.length.clone_from(&lengths.default);
        }
        Self { setting, input, picked, lengths }
    }

    /// Whether the visitor pressed "Submit request".
    pub fn is_submitted(&self) -> bool {
        self.input.act == Act::Submit && !self.picked.is_empty()
    }

    /// What to file.
    ///
    /// # Errors
    /// A problem for each field that is missing or cannot be read; the use case finds the others.
    pub fn submission(&self) -> Result<body::NewSubmission, Vec<body::Problem>> {
        let unchosen = self.picked.iter().enumerate().filter(|(_, line)| line.chosen.is_none());
        let mut problems = unchosen
            .flat_map(|(at, line)| {
                let app = [("app", line.app.name.as_str())];
                let choose = || tell("request-problem-choose", &app);
                let message = if line.is_offered() { choose() } else { say("request-not-offered") };
                problem(&format!("items[{at}].entitlement"), message)
            })
            .collect::<Vec<_>>();
        if self.picked.is_empty() {
            problems.extend(problem("items", say("request-problem-nothing")));
        }
        let times = self.input.times().unwrap_or_else(|unreadable| {
            problems.extend(unreadable);
            super::input::Times::default()
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        let items = self
            .picked
            .iter()
            .filter_map(|line| line.chosen.as_ref())
            .map(|chosen| body::Item { entitlement: chosen.id.clone(), ..body::Item::default() });
        Ok(body::NewSubmission {
            subject: self.setting.subject.as_ref().map(|user| user.id.clone()),
            kind: None,
            items: items.collect(),
            duration: times.duration,
            until: times.until,
            starts: times.starts,
            justification: self.input.justification.clone(),
        })
    }

    /// What to preview: what is chosen so far, when that is anything with a length that can be read.
    pub fn preview(&self) -> Option<body::NewSubmission> {
        let mut so_far = self.clone();
        so_far.picked.retain(|line| line.chosen.is_some());
        so_far.submission().ok()
    }

    /// Apps that can still be added, with what they offer.
    pub fn addable(&self) -> impl Iterator<Item = &Offer> {
        let taken = self.picked.iter().filter_map(|line| line.chosen.as_ref()).map(key_of).collect::<Vec<_>>();
        let open = self.picked.iter().filter(|line| line.chosen.is_none()).map(|line| line.app.slug.clone());
        let open = open.collect::<Vec<_>>();
        self.setting
            .offers
            .iter()
            .filter(move |offer| !open.contains(&offer.app.slug) && !options(offer, &taken, None).is_empty())
    }
}

fn pick(offers: &[Offer], keys: &[String]) -> Vec<Picked> {
    let mut taken = Vec::new();
    let mut picked = Vec::<Picked>::new();
    for key in keys {
        let Some((offer, named)) = find(offers, key) else {
            picked.push(Picked::not_offered(key));
            continue;
        };
        let options = options(offer, &taken, named);
        let chosen = match (named, options.as_slice()) {
            (Some(named), _) => Some(named.clone()),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        };
        let key = chosen.as_ref().map_or_else(|| format!("{}/", offer.app.slug), key_of);
        if taken.contains(&key) {
            continue;
        }
        taken.push(key.clone());
        let app = body::AppRef { id: offer.app.id.clone(), slug: offer.app.slug.clone(), name: offer.app.name.clone() };
        picked.push(Picked { key, app, chosen, options, account_first: account_first(offer) });
    }
    picked
}

impl Picked {
    /// A line that stays, with what was typed, until somebody removes it.
    fn not_offered(key: &str) -> Self {
        let name = key.trim_end_matches('/').to_owned();
        let app = body::AppRef { id: String::new(), slug: name.clone(), name };
        Self { key: key.to_owned(), app, chosen: None, options: Vec::new(), account_first: false }
    }

    /// Whether there is anything here that the person may ask for.
    pub fn is_offered(&self) -> bool {
        self.chosen.is_some() || !self.options.is_empty()
    }
}

/// The app that a key or an id names, and the entitlement if it names one.
fn find<'a>(offers: &'a [Offer], key: &str) -> Option<(&'a Offer, Option<&'a body::Entitlement>)> {
    if let Some((app, _)) = key.split_once('/') {
        let offer = offers.iter().find(|offer| offer.app.slug == app)?;
        let named = offer.entitlements.iter().find(|entitlement| key_of(entitlement) == key);
        return (named.is_some() || key.ends_with('/')).then_some((offer, named));
    }
    let mut all =
        offers.iter().flat_map(|offer| offer.entitlements.iter().map(move |entitlement| (offer, entitlement)));
    all.find(|(_, entitlement)| entitlement.id == key).map(|(offer, entitlement)| (offer, Some(entitlement)))
}

/// What may be chosen in an app: an account for those who have none, roles, groups and resources for the others.
/// What an address names outright is always among them.
fn options(offer: &Offer, taken: &[String], named: Option<&body::Entitlement>) -> Vec<body::Entitlement> {
    let account_first = account_first(offer);
    let is_named = |entitlement: &body::Entitlement| named.is_some_and(|named| named.id == entitlement.id);
    let fits = |entitlement: &&body::Entitlement| {
        is_named(entitlement)
            || is(entitlement, "requestable")
                && !taken.contains(&key_of(entitlement))
                && (!account_first || entitlement.kind == "access")
    };
    offer.entitlements.iter().filter(fits).cloned().collect()
}

/// Whether the person has no account in the app and can ask for one.
fn account_first(offer: &Offer) -> bool {
    let mut accounts = offer.entitlements.iter().filter(|entitlement| entitlement.kind == "access").peekable();
    accounts.peek().is_some()
        && accounts.all(|account| !is_held(account))
        && offer.requestable().any(|e| e.kind == "access")
}

impl Lengths {
    fn new(picked: &[Picked]) -> Self {
        let lines = picked.iter().map(LineLengths::new).collect::<Vec<_>>();
        let longest = lines.iter().filter_map(|line| line.longest).min();
        let fits = |seconds: &i64| longest.is_none_or(|longest| *seconds <= longest);
        let presets = lines.iter().flat_map(|line| &line.presets);
        let presets = presets.filter(|(seconds, _)| fits(seconds)).map(|(seconds, iso)| (*seconds, iso.clone()));
        let presets = presets.collect::<BTreeMap<_, _>>();
        let custom = presets.is_empty() || lines.iter().all(|line| !line.only_presets);
        let unlimited = longest.is_none() && !lines.is_empty() && lines.iter().all(|line| line.unlimited);
        let wanted = lines.iter().filter_map(|line| line.default).min();
        let default = match wanted {
            None if unlimited => "unlimited".to_owned(),
            wanted => nearest(&presets, wanted).unwrap_or_else(|| "custom".to_owned()),
        };
        Self { presets: presets.into_values().collect(), unlimited, custom, longest, default }
    }

    /// Whether the form has this choice.
    fn offers(&self, length: &str) -> bool {
        match length {
            "custom" | "until" => self.custom,
            "unlimited" => self.unlimited,
            preset => self.presets.iter().any(|offered| offered == preset),
        }
    }

    /// The number and the unit that a custom length starts with.
    pub fn custom(&self) -> (String, &'static str) {
        let preset = times::seconds(&self.default).or(self.longest).unwrap_or(7 * 86_400);
        match (preset / 86_400, preset / 3600) {
            (0, hours) => (hours.max(1).to_string(), "h"),
            (days, _) => (days.to_string(), "d"),
        }
    }
}

/// The longest preset that is not longer than wanted, else the shortest.
fn nearest(presets: &BTreeMap<i64, String>, wanted: Option<i64>) -> Option<String> {
    let below = presets.range(..=wanted.unwrap_or(i64::MAX)).next_back();
    below.or_else(|| presets.iter().next()).map(|(_, iso)| iso.clone())
}

/// The lengths of one line: of what is chosen, or of everything that may be.
struct LineLengths {
    presets: Vec<(i64, String)>,
    unlimited: bool,
    only_presets: bool,
    longest: Option<i64>,
    default: Option<i64>,
}

impl LineLengths {
    fn new(line: &Picked) -> Self {
        let all = match &line.chosen {
            Some(chosen) => std::slice::from_ref(chosen),
            None => line.options.as_slice(),
        };
        let seconds = |iso: &String| times::seconds(iso).map(|seconds| (seconds, iso.clone()));
        let limits = all.iter().map(|e| e.max_duration.as_deref().and_then(times::seconds)).collect::<Option<Vec<_>>>();
        Self {
            presets: all.iter().flat_map(|e| e.presets.iter().flatten()).filter_map(seconds).collect(),
            unlimited: all.iter().any(|e| e.presets.contains(&None)),
            only_presets: !all.is_empty() && all.iter().all(|e| e.only_presets),
            longest: limits.and_then(|limits| limits.into_iter().max()),
            default: all.first().and_then(|e| e.default_duration.as_deref()).and_then(times::seconds),
        }
    }
}
