//! What only the demo has: one-click sign-in and a clock that can be set.

use std::sync::Arc;

use axum::Form;
use domain::time::Span;
use serde::Deserialize;

use super::desk::{Answer, Desk, on_to};
use super::door::Pages;
use super::sign_in;
use crate::app::parse;
use crate::http::Routes;

/// Moves the demo's clock on.
pub type Advance = Arc<dyn Fn(Span) + Send + Sync>;

#[derive(Deserialize)]
struct ClockForm {
    by: String,
    #[serde(default)]
    next: String,
}

/// Adds the routes of the demo.
#[must_use]
pub fn with_demo(routes: Routes<Pages>, advance: Advance) -> Routes<Pages> {
    let clock = move |desk: Desk, Form(form): Form<ClockForm>| set_clock(desk, form, Arc::clone(&advance));
    routes.on("POST /login/demo", sign_in::login_demo).on("POST /demo/clock", clock)
}

/// `POST /demo/clock`
async fn set_clock(desk: Desk, form: ClockForm, advance: Advance) -> Answer {
    let by = desk.ok(parse::span("by", &form.by))?;
    advance(by);
    desk.app.nudge();
    on_to(&form.next)
}
