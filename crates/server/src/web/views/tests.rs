//! Every page of the shell, home, browse, apps, the request form, sign-in and errors, as a reader gets it.

use askama::Template;

use super::reduced::reduced;
use super::sound::faults;

mod company;
mod directory;
mod frame;
mod home;
mod request;
mod sign_in;

/// The page reduced to text and fields, after making sure that it is sound.
fn shown(page: &impl Template) -> String {
    let html = crate::web::render(page).unwrap();
    assert_eq!(faults(&html), Vec::<String>::new(), "{html}");
    keep(&html);
    reduced(&html)
}

/// Keeps the page for looking at it in a browser, when `KEYFOB_PAGES` names a folder.
fn keep(html: &str) {
    let Some(folder) = std::env::var_os("KEYFOB_PAGES") else { return };
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("page").rsplit("::").next().unwrap_or("page").to_owned();
    let free = |n: &usize| !std::path::Path::new(&folder).join(format!("{name}-{n}.html")).exists();
    let n = (1..).find(free).unwrap();
    std::fs::write(std::path::Path::new(&folder).join(format!("{name}-{n}.html")), html).unwrap();
}
