//! Plays what happened in the company, hour by hour, each act by the person who did it and through the use case that
//! a page would call.

use std::collections::{BTreeMap, BTreeSet};

use domain::door::Door;
use futures_util::future::try_join_all;

use super::tables::{Deed, STORIES, Story};
use super::{address, given};
use crate::app::{App, Caller, Outcome};
use crate::body;

/// When the company came to Keyfob, before anything happened there.
pub(super) const BEGINNING_HOURS_AGO: i64 = 26 * 24;

/// Plays all stories. Requests are filed one after another, so that their numbers follow the table; the acts of one
/// hour happen together.
pub(super) async fn play(app: &App, turn_back: &impl Fn(i64)) -> Outcome<()> {
    let mut filed: BTreeMap<usize, String> = BTreeMap::new();
    for hour in hours().into_iter().rev() {
        turn_back(hour);
        let acts = STORIES.iter().enumerate().flat_map(|(place, story)| {
            story.then.iter().filter(|(at, ..)| *at == hour).map(move |(_, who, deed)| (place, *who, *deed))
        });
        let acts = acts.filter_map(|(place, who, deed)| Some((filed.get(&place)?, who, deed)));
        try_join_all(acts.map(|(id, who, deed)| act(app, id, who, deed))).await?;
        for (place, story) in STORIES.iter().enumerate().filter(|(_, story)| story.hours_ago == hour) {
            filed.insert(place, ask(app, story).await?);
        }
    }
    Ok(())
}

/// All hours in which something happened.
fn hours() -> BTreeSet<i64> {
    let acts = STORIES.iter().flat_map(|story| story.then.iter().map(|(hour, ..)| *hour));
    STORIES.iter().map(|story| story.hours_ago).chain(acts).collect()
}

async fn someone(app: &App, alias: &str) -> Outcome<Caller> {
    app.acting_as(&address(alias), Door::Web, &store::fresh("run")).await
}

async fn ask(app: &App, story: &Story) -> Outcome<String> {
    let by = someone(app, story.by).await?;
    let asked = body::NewSubmission {
        subject: given(story.subject).map(|alias| address(&alias)),
        items: vec![body::Item { entitlement: story.what.to_owned(), ..body::Item::default() }],
        duration: given(story.duration),
        justification: story.why.to_owned(),
        ..body::NewSubmission::default()
    };
    let answer = app.submit(&by, asked, None).await?;
    Ok(answer.requests.into_iter().map(|request| request.id).next().unwrap_or_default())
}

async fn act(app: &App, id: &str, who: &str, deed: Deed) -> Outcome<()> {
    let by = someone(app, who).await?;
    let seen = app.request(&by, id).await?;
    let task = seen.task.clone().unwrap_or_default();
    let answer = |said: &str| body::Answer { digest: seen.digest.clone(), comment: given(said), checked: None };
    match deed {
        Deed::Approve(said) => app.approve(&by, &task, answer(said)).await?,
        Deed::Deny(said) => app.deny(&by, &task, answer(said)).await?,
        Deed::Confirm(said) => app.confirm(&by, &task, body::Confirm { comment: given(said), given: None }).await?,
        Deed::Comment(said) => app.comment(&by, id, said).await?,
        Deed::Cancel(said) => app.cancel(&by, id, Some(said)).await?,
        Deed::GiveBack(said) => {
            let held = seen.grant.map(|grant| grant.id).unwrap_or_default();
            app.revoke(&by, &held, Some(said)).await?
        }
    };
    Ok(())
}
