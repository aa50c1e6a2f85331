//! The demo: a sample company that is made through the use cases like any other, and a clock that can be moved on.

mod clock;
mod company;
mod life;
mod tables;
#[cfg(test)]
mod tests;

use domain::time::Span;

pub use clock::Clock;

use crate::app::directory::Page;
use crate::app::{App, Caller, Outcome};
use crate::body;

/// Mail address of somebody who may ask for `github/write`.
pub const EMPLOYEE: &str = "ines.duarte@example.com";
/// Mail address of that person's manager.
pub const MANAGER: &str = "tomasz.wilk@example.com";
/// Mail address of somebody who sets GitHub access up.
pub const GITHUB_ADMIN: &str = "priya.raman@example.com";
/// Mail address of the Super Admin.
pub const SUPER_ADMIN: &str = "admin@example.com";

/// How many people the demo offers to sign in as.
const PEOPLE_MAX: i64 = 200;

/// Makes the sample company in an empty directory, with everything happening now. Anywhere else it changes nothing.
///
/// # Errors
/// Only when the database fails.
pub async fn seed(app: &App) -> Outcome<()> {
    make(app, |_| ()).await
}

/// As [`seed`], but spread over the last weeks: `clock`, which is that of the database, is turned back first and has
/// caught up with this machine at the end.
///
/// # Errors
/// Only when the database fails.
pub async fn seed_past(app: &App, clock: &Clock) -> Outcome<()> {
    make(app, |hours_ago| clock.turn_back(Span::from_hours(hours_ago))).await
}

async fn make(app: &App, turn_back: impl Fn(i64)) -> Outcome<()> {
    if !app.is_empty().await? {
        if app.organisation_name().await?.is_empty() {
            tracing::warn!("the sample company was left half made; remove the folder to begin again");
        }
        return Ok(());
    }
    turn_back(life::BEGINNING_HOURS_AGO);
    company::make(app).await?;
    life::play(app, &turn_back).await?;
    turn_back(0);
    Ok(())
}

/// Everybody who can be signed in as: those of the main story in its order, then the others by name.
///
/// # Errors
/// Only when the database fails.
pub async fn people(app: &App) -> Outcome<Vec<body::Person>> {
    let page = Page { cursor: None, limit: PEOPLE_MAX };
    let mut people = app.users(&Caller::system(&store::fresh("run")), page).await?.items;
    people.retain(|person| person.status == "active" && person.kind == "person");
    let story = [EMPLOYEE, MANAGER, GITHUB_ADMIN, SUPER_ADMIN];
    people.sort_by_key(|person| story.iter().position(|email| *email == person.email).unwrap_or(story.len()));
    Ok(people)
}

/// The mail address of somebody in the company.
fn address(alias: &str) -> String {
    format!("{alias}@example.com")
}

/// `None` for an empty text.
fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
