//! The pages: what a browser sees, rendered on the server and complete without JavaScript.

pub mod assets;
mod browse;
mod demo;
mod desk;
mod door;
pub mod elements;
mod failure;
mod files;
pub mod filters;
mod grants;
mod home;
mod live;
mod request_form;
mod requests;
mod routes;
pub mod shell;
mod sign_in;
pub mod status;
mod tasks;
mod tickets;
pub mod times;
pub mod views;

pub use demo::{Advance, with_demo};
pub use door::Pages;
pub use routes::{router, routes};

use std::collections::BTreeSet;

use askama::Template;

/// Renders a page and puts the symbols that it uses into one hidden element at its end.
///
/// The symbols are part of the page because Chromium stalls on `<use>` of another file.
///
/// # Errors
/// Only when a template fails to write, which none of ours does.
pub fn render(page: &impl Template) -> askama::Result<String> {
    let html = page.render()?;
    Ok(match html.rsplit_once("</body>") {
        Some((before, after)) => format!("{before}<svg hidden id=\"icons\">{}</svg>\n</body>{after}", symbols(&html)),
        None => html,
    })
}

/// The symbols behind each `#i-…` of a page, in the order of their names.
fn symbols(html: &str) -> String {
    let used = html.split("href=\"#i-").skip(1).filter_map(|rest| rest.split('"').next());
    let known = assets::find("icons.svg").and_then(|asset| std::str::from_utf8(asset.bytes).ok()).unwrap_or_default();
    let symbol = |name| known.lines().find(|line| line.starts_with(&format!("<symbol id=\"i-{name}\"")));
    used.collect::<BTreeSet<_>>().into_iter().filter_map(symbol).collect()
}
