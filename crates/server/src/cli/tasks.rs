//! `keyfob tasks`, `approve`, `deny` and `confirm`: work that waits for me.

use clap::Args;

use super::{
    card,
    client::{Client, Reply},
    failure::{Failure, Result},
    phrase::{access_length, asked, instant, instant_or, words},
    search::PageArgs,
    session::Session,
    table::Table,
};
use crate::body::{Answer, Confirm, Given, Page, Request, Task};

/// What `tasks` takes.
#[derive(Args, Debug)]
pub struct TasksArgs {
    /// Only this kind: approval, form, provisioning, deprovisioning, review
    #[arg(long)]
    kind: Option<String>,
    /// Only tasks on this request
    #[arg(long)]
    request: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

/// What `approve` takes.
#[derive(Args, Debug)]
pub struct DecideArgs {
    /// Request (KF-1042 or req_…) with an open task of yours, or a task (tsk_…)
    #[arg(value_name = "REQUEST")]
    task: String,
    /// Why; some policies ask for it
    #[arg(long)]
    comment: Option<String>,
    /// Answer for this digest without asking; needed without a terminal (`keyfob tasks -o json` holds it)
    #[arg(long, value_name = "HEX")]
    digest: Option<String>,
}

/// What `deny` takes.
#[derive(Args, Debug)]
pub struct DenyArgs {
    #[command(flatten)]
    answer: DecideArgs,
    /// At provisioning: the access in the app was looked at and is removed or proper
    #[arg(long)]
    checked: bool,
}

/// What `confirm` takes.
#[derive(Args, Debug)]
pub struct ConfirmArgs {
    /// Request (KF-1042 or req_…) with an open task of yours, or a task (tsk_…)
    #[arg(value_name = "REQUEST")]
    task: String,
    /// A note
    #[arg(long)]
    comment: Option<String>,
    /// License type that was given
    #[arg(long)]
    license: Option<String>,
    /// Role in the app that was given
    #[arg(long)]
    role: Option<String>,
    /// Group in the app that was given
    #[arg(long)]
    group: Option<String>,
    /// Level in the app that was given
    #[arg(long)]
    level: Option<String>,
}

/// The two answers to a task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Approve,
    Deny,
}

impl Verdict {
    /// The last part of the call's path, and the word for people.
    fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
        }
    }

    /// The actions of a task that this verdict carries out.
    fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Approve => &["approve"],
            Self::Deny => &["deny", "deny_provisioning"],
        }
    }
}

pub(super) async fn list(session: &mut Session, args: TasksArgs) -> Result<()> {
    let query = [
        ("assignee", Some("me")),
        ("state", Some("open")),
        ("kind", args.kind.as_deref()),
        ("request", args.request.as_deref()),
        ("limit", Some(&args.page.limit())),
        ("cursor", args.page.cursor()),
    ];
    let reply = session.client()?.get(&["tasks"], &query).await?;
    if session.out.json(&reply)? {
        return Ok(());
    }
    let found: Page<Task> = reply.read()?;
    let mut table = Table::new(&["Request", "To do", "What", "For", "Length", "Since", "Due"]);
    for task in &found.items {
        let request = &task.request;
        table.row([
            request.number.clone(),
            words(&task.kind),
            asked(request),
            request.subject.name.clone(),
            access_length(request, &session.out.zone),
            instant(&task.created_at, &session.out.zone),
            instant_or(task.due.as_deref(), &session.out.zone, ""),
        ]);
    }
    if table.is_empty() {
        session.out.note("nothing waits for you");
    }
    session.out.table(&table)?;
    session.out.next_page(found.next.as_deref());
    Ok(())
}

pub(super) async fn approve(session: &mut Session, args: DecideArgs) -> Result<()> {
    decide(session, args, Verdict::Approve, None).await
}

pub(super) async fn deny(session: &mut Session, args: DenyArgs) -> Result<()> {
    decide(session, args.answer, Verdict::Deny, args.checked.then_some(true)).await
}

async fn decide(session: &mut Session, args: DecideArgs, verdict: Verdict, checked: Option<bool>) -> Result<()> {
    if session.ask.is_none() && args.digest.is_none() {
        return Err(Failure::Usage(format!(
            "without a terminal, say which card you {} with --digest; `keyfob tasks -o json` holds it",
            verdict.name()
        )));
    }
    let client = session.client()?;
    let (task, mut answer) = match args.digest {
        Some(digest) => {
            let task = find_id(&client, &args.task, verdict.actions()).await?;
            (task, Answer { digest, comment: args.comment, checked })
        }
        None => {
            let task = find(&client, &args.task, verdict.actions()).await?;
            let said = Answer { digest: task.digest.clone(), comment: args.comment, checked };
            let answer = consent(session, &task, verdict, said)?;
            (task.id, answer)
        }
    };
    let path = ["tasks", task.as_str(), verdict.name()];
    let mut reply = client.post(&path, &answer).await;
    if let (Err(Failure::Refused(refusal)), Some(ask), None) = (&reply, &mut session.ask, &answer.comment)
        && refusal.names_field("comment")
    {
        answer.comment = Some(ask.line("A comment is needed. Why?")?);
        reply = client.post(&path, &answer).await;
    }
    say(session, &reply?)
}

/// Shows the card and asks for the answer and for what belongs to it.
fn consent(session: &mut Session, task: &Task, verdict: Verdict, mut answer: Answer) -> Result<Answer> {
    let (verb, number) = (verdict.name(), &task.request.number);
    session.out.show(&card::task_card(task, &session.out.zone));
    let Some(ask) = &mut session.ask else {
        return Err(Failure::Usage("nobody is there to answer; say --digest".to_owned()));
    };
    if verdict == Verdict::Deny {
        if card::is_by_hand(task) && answer.checked.is_none() {
            answer.checked = Some(ask.yes("Did you check in the app that the access is removed or proper?")?);
        }
        if answer.comment.is_none() {
            let typed = ask.line("Why do you deny it (may be left empty)?")?;
            answer.comment = Some(typed).filter(|typed| !typed.trim().is_empty());
        }
    }
    let subject = &task.request.subject.email;
    if ask.yes(&format!("{} {number} for {subject}?", capital(verb)))? {
        Ok(answer)
    } else {
        Err(Failure::Failed(format!("nothing was answered; {number} still waits")))
    }
}

pub(super) async fn confirm(session: &mut Session, args: ConfirmArgs) -> Result<()> {
    let client = session.client()?;
    let task = find_id(&client, &args.task, &["confirm"]).await?;
    let given = Given { license: args.license, role: args.role, group: args.group, level: args.level };
    let is_said = given.license.is_some() || given.role.is_some() || given.group.is_some() || given.level.is_some();
    let body = Confirm { comment: args.comment, given: is_said.then_some(given) };
    let reply = client.post(&["tasks", &task, "confirm"], &body).await?;
    say(session, &reply)
}

fn say(session: &mut Session, reply: &Reply) -> Result<()> {
    if session.out.json(reply)? {
        return Ok(());
    }
    let request: Request = reply.read()?;
    session.out.say(&card::line(&request))
}

/// The id of a task: as it was given, or of the caller's open task on that request.
async fn find_id(client: &Client, named: &str, actions: &[&str]) -> Result<String> {
    if named.starts_with("tsk_") {
        return Ok(named.to_owned());
    }
    Ok(find(client, named, actions).await?.id)
}

/// The task that was named, or the caller's one open task on that request with one of these actions.
async fn find(client: &Client, named: &str, actions: &[&str]) -> Result<Task> {
    if named.starts_with("tsk_") {
        return client.get(&["tasks", named], &[]).await?.read();
    }
    let query = [("request", Some(named)), ("assignee", Some("me")), ("state", Some("open"))];
    let open: Page<Task> = client.get(&["tasks"], &query).await?.read()?;
    let fits = |task: &Task| task.actions.iter().any(|action| actions.contains(&action.as_str()));
    let mut fitting: Vec<Task> = open.items.into_iter().filter(fits).collect();
    match (fitting.pop(), fitting.as_slice()) {
        (Some(task), []) => Ok(task),
        (Some(last), others) => {
            let ids: Vec<&str> = others.iter().chain([&last]).map(|task| task.id.as_str()).collect();
            Err(Failure::Failed(format!("several tasks of yours are open on {named}; name one: {}", ids.join(", "))))
        }
        (None, _) => Err(Failure::Failed(format!(
            "no open task of yours on {named} can be answered so; `keyfob status {named}` says who is waited for"
        ))),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
