//! `keyfob request`: ask for one or several entitlements.

use clap::Args;
use data_encoding::HEXLOWER;

use super::{
    card,
    client::{Client, Reply},
    failure::{Failure, Result},
    phrase::{instant, key, length, typed_instant, what},
    session::{Session, read_text},
    status,
};
use crate::body::{Entitlement, Item, NewSubmission, Preview, PreviewItem, Submission};

/// The longest reason that is read; the server's own limit is lower.
const REASON_BYTES_MAX: u64 = 64 * 1024;

/// What a person picks to type a length of their own.
const ANOTHER: &str = "Another length";

/// What `request` takes.
#[derive(Args, Debug)]
pub struct RequestArgs {
    /// Entitlement keys, such as github/write (`keyfob search` lists them), or ids
    #[arg(value_name = "ENTITLEMENT")]
    entitlements: Vec<String>,
    /// Whom the access is for, by mail address or id; you when left out
    #[arg(long = "for", value_name = "EMAIL")]
    subject: Option<String>,
    /// How long, from when access is in place: 8h, 7d, unlimited
    #[arg(long, value_name = "LENGTH", conflicts_with = "until")]
    duration: Option<String>,
    /// When access ends, however late it begins: "2030-01-31 18:00" here, or 2030-01-31T18:00:00Z
    #[arg(long, value_name = "INSTANT")]
    until: Option<String>,
    /// Not before this instant, written like --until
    #[arg(long, value_name = "INSTANT")]
    starts: Option<String>,
    /// Why you need it
    #[arg(long, value_name = "TEXT", conflicts_with = "reason_file")]
    reason: Option<String>,
    /// Read the reason from a file; - for standard input
    #[arg(long, value_name = "PATH")]
    reason_file: Option<String>,
    /// Only show who would be asked; exit code 1 when it would be refused
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(session: &mut Session, args: RequestArgs) -> Result<()> {
    let (dry_run, length_is_said) = (args.dry_run, args.duration.is_some() || args.until.is_some());
    let mut submission = said(session, args)?;
    let client = session.client()?;
    if !length_is_said {
        settle_lengths(session, &client, &mut submission).await?;
    }
    if submission.justification.is_empty()
        && let Some(ask) = &mut session.ask
    {
        submission.justification = ask.line("Why is it needed?")?;
    }
    if dry_run {
        return preview(session, &client, &submission).await;
    }
    let reply = client.post_once(&["submissions"], &submission, &fresh_key()?).await?;
    show(session, &reply)
}

/// What the command line says, with the keys asked for where there are none.
fn said(session: &mut Session, args: RequestArgs) -> Result<NewSubmission> {
    let mut keys = args.entitlements;
    if keys.is_empty()
        && let Some(ask) = &mut session.ask
    {
        let typed = ask.line("What do you need (keys such as github/write)?")?;
        keys = typed.split_whitespace().map(str::to_owned).collect();
    }
    if keys.is_empty() {
        return Err(Failure::Usage("say what you need; `keyfob search` lists the keys".to_owned()));
    }
    let justification = match (args.reason, args.reason_file.as_deref()) {
        (Some(reason), _) => reason,
        (None, Some("-")) => session.read_piped("the reason", REASON_BYTES_MAX)?,
        (None, Some(path)) => {
            let file = std::fs::File::open(path)
                .map_err(|error| Failure::Usage(format!("cannot read the reason from {path}: {error}")))?;
            read_text(file, "the reason", REASON_BYTES_MAX)?
        }
        (None, None) => String::new(),
    };
    let zone = &session.out.zone;
    let typed = |text: Option<String>| text.map(|text| typed_instant(&text, zone)).transpose();
    Ok(NewSubmission {
        subject: args.subject,
        kind: None,
        items: keys.into_iter().map(|entitlement| Item { entitlement, ..Item::default() }).collect(),
        // No duration is how the API says unlimited.
        duration: args.duration.filter(|duration| duration != "unlimited"),
        until: typed(args.until)?,
        starts: typed(args.starts)?,
        justification,
    })
}

/// Gives each item the length that the person picks, or its usual one where nobody can be asked. What cannot be seen
/// is left to the server to refuse.
async fn settle_lengths(session: &mut Session, client: &Client, submission: &mut NewSubmission) -> Result<()> {
    let reply = client.post(&["preview"], submission).await?;
    let preview: Preview = reply.read()?;
    for (item, seen) in submission.items.iter_mut().zip(&preview.items) {
        let Some(entitlement) = &seen.entitlement else { continue };
        item.duration = match session.ask {
            Some(_) => pick_length(session, entitlement)?,
            None => entitlement.default_duration.clone(),
        };
        if session.ask.is_none() {
            let usual = length(item.duration.as_deref());
            session.out.note(&format!("{}: {usual}, the usual length", key(entitlement)));
        }
    }
    Ok(())
}

fn pick_length(session: &mut Session, entitlement: &Entitlement) -> Result<Option<String>> {
    let Some(ask) = &mut session.ask else { return Ok(entitlement.default_duration.clone()) };
    let question = format!("How long do you need {}?", what(entitlement));
    let mut options: Vec<String> = entitlement.presets.iter().map(|preset| length(preset.as_deref())).collect();
    let usual = entitlement.presets.iter().position(|preset| *preset == entitlement.default_duration);
    options.push(ANOTHER.to_owned());
    let picked = ask.choose(&question, &options, usual.unwrap_or_default())?;
    if let Some(preset) = entitlement.presets.get(picked) {
        return Ok(preset.clone());
    }
    let typed = ask.line("How long (8h, 7d, unlimited)?")?;
    match typed.trim() {
        "" => Err(Failure::Usage("say how long: 8h, 7d or unlimited".to_owned())),
        "unlimited" => Ok(None),
        typed => Ok(Some(typed.to_owned())),
    }
}

async fn preview(session: &mut Session, client: &Client, submission: &NewSubmission) -> Result<()> {
    let reply = client.post(&["preview"], submission).await?;
    let preview: Preview = reply.read()?;
    let refused = preview.items.iter().any(|item| !item.problems.is_empty());
    if !session.out.json(&reply)? {
        for (seen, item) in preview.items.iter().zip(&submission.items) {
            show_plan(session, seen, item, submission)?;
        }
    }
    if refused {
        return Err(Failure::Failed("this would be refused; nothing was requested".to_owned()));
    }
    session.out.note("nothing was requested yet");
    Ok(())
}

fn show_plan(session: &mut Session, seen: &PreviewItem, item: &Item, whole: &NewSubmission) -> Result<()> {
    let name = seen.entitlement.as_ref().map_or_else(|| item.entitlement.clone(), what);
    let how_long = match &whole.until {
        Some(until) => format!("until {}", instant(until, &session.out.zone)),
        None => length(item.duration.as_deref().or(whole.duration.as_deref())),
    };
    let plan = card::plan(&seen.steps, &session.out.zone).titled(&format!("{name}, {how_long}"));
    if plan.is_empty() {
        session.out.say(&name)?;
    }
    session.out.table(&plan)?;
    for problem in &seen.problems {
        session.out.say(&format!("  refused: {} ({})", problem.message, problem.field))?;
    }
    session.out.say("")
}

fn show(session: &mut Session, reply: &Reply) -> Result<()> {
    if session.out.json(reply)? {
        return Ok(());
    }
    let submission: Submission = reply.read()?;
    let table = status::requests(&submission.requests, session);
    session.out.table(&table)
}

/// A key that no other submission has.
fn fresh_key() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Failed(format!("no randomness: {error}")))?;
    Ok(HEXLOWER.encode(&bytes))
}
