//! The pages before somebody is signed in, and errors.

use insta::assert_snapshot;

use super::shown;
use crate::body;
use crate::web::views::error::{BareErrorPage, ErrorPage, Fault};
use crate::web::views::field::Draft;
use crate::web::views::sample::{user, visit};
use crate::web::views::sign_in::{ConfirmPage, DemoPage, SetUpPage, SignInPage, TlsPage};

fn person(name: &str, department: &str, manager: Option<&str>, role: &str) -> body::Person {
    let body::User { id, email, name } = user(name);
    body::Person {
        id,
        email,
        name,
        kind: "person".to_owned(),
        status: "active".to_owned(),
        manager: manager.map(user),
        attributes: [("department".to_owned(), department.to_owned())].into_iter().collect(),
        roles: vec!["requester".to_owned(), role.to_owned()],
        version: 1,
    }
}

fn people() -> Vec<body::Person> {
    vec![
        person("Ines Duarte", "Data", Some("Tomasz Wilk"), "requester"),
        person("Tomasz Wilk", "Data", Some("Ruth Abebe"), "requester"),
        person("Priya Raman", "Platform", Some("Ruth Abebe"), "app_admin"),
        person("Ruth Abebe", "Tech Ops", None, "super_admin"),
    ]
}

#[test]
fn the_demo_offers_one_person_for_each_part_of_the_story() {
    assert_snapshot!(shown(&DemoPage::new(&people(), "", "/requests/KF-1042")));
}

#[test]
fn the_demo_finds_people_by_name_and_department() {
    let found = shown(&DemoPage::new(&people(), "tech", "//evil.example"));
    assert!(found.contains("Ruth Abebe") && !found.contains("Ines Duarte"), "{found}");
    assert!(found.contains("next=/ "), "{found}");
    assert!(shown(&DemoPage::new(&people(), "zzz", "/")).contains("Nobody fits."));
}

#[test]
fn the_sign_in_page_says_how_to_get_a_link() {
    assert_snapshot!(shown(&SignInPage::new("/tasks")));
    assert!(shown(&SignInPage::after_bad_link()).contains("its time is up"));
}

/// A link is used up by pressing the button, never by opening it.
#[test]
fn a_sign_in_link_asks_before_it_is_used_up() {
    assert_snapshot!(shown(&ConfirmPage::new("/sign-in/abc")));
}

#[test]
fn the_set_up_page_keeps_what_was_typed() {
    let problem = body::Problem { field: "email".to_owned(), message: "Write the whole address.".to_owned() };
    let typed = [("name".to_owned(), "Ruth Abebe".to_owned()), ("email".to_owned(), "ruth@".to_owned())];
    let draft = Draft { typed: typed.into_iter().collect(), problems: vec![problem] };
    assert_snapshot!(shown(&SetUpPage::new("/set-up/abc", &draft)));
    assert!(!shown(&SetUpPage::new("/set-up/abc", &Draft::default())).contains("aria-invalid"));
}

#[test]
fn plain_http_elsewhere_is_told_that_tls_is_needed() {
    assert_snapshot!(shown(&TlsPage::new("http://keyfob.example:8080")));
}

/// Every failure says what happened and what to do.
#[test]
fn errors_say_what_to_do() {
    let mut all = String::new();
    for status in [400, 403, 404, 409, 413, 429, 500, 503] {
        let fault = Fault { status, retry_seconds: 30, ..Fault::default() };
        let with_frame = shown(&ErrorPage::new(&visit("Ines Duarte", false), &fault));
        assert_eq!(with_frame, shown(&BareErrorPage::new(&fault)));
        all += &format!("{status}\n{with_frame}\n\n");
    }
    assert_snapshot!(all);
}

#[test]
fn an_error_shows_its_own_sentence_and_reference() {
    let detail = "this request is already closed".to_owned();
    let fault = Fault { status: 409, detail, reference: "a1b2".to_owned(), retry_seconds: 0 };
    let page = shown(&BareErrorPage::new(&fault));
    assert!(page.contains("This request is already closed.") && page.contains("Reference: a1b2"), "{page}");
}
