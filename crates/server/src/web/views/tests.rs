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
    reduced(&html)
}
