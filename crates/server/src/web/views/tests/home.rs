//! The sections of home.

use insta::assert_snapshot;

use super::shown;
use crate::body;
use crate::web::views::home::{HomePage, Section};
use crate::web::views::sample::{STATES, entitlement, grant, request, request_in, task, user, visit};

fn grants() -> Vec<body::Grant> {
    let mut forever = grant("active", &request());
    forever.entitlement = entitlement("DataEng team", "group");
    forever.ends_at = None;
    forever.actions.clear();
    let mut soon = grant("active", &request());
    soon.id = "grt_2".to_owned();
    soon.entitlement = entitlement("GitHub Read Access", "permission");
    soon.ends_at = Some("2025-11-20T17:00:00Z".to_owned());
    let mut ending = grant("ending", &request());
    ending.actions.clear();
    vec![forever, grant("active", &request()), soon, ending]
}

/// One request in each state, the oldest first.
fn requests() -> Vec<body::Request> {
    let numbered = |(n, (approval, fulfilment)): (usize, &(&str, Option<&str>))| {
        let mut request = request_in(approval, *fulfilment);
        request.id = format!("req_{n}");
        request.number = format!("KF-{}", 1000 + n);
        request.created_at = format!("2025-11-{:02}T08:00:00Z", n + 1);
        request
    };
    STATES.iter().enumerate().map(numbered).collect()
}

fn tasks() -> Vec<body::Task> {
    let mut by_hand = task("provisioning", request_in("approved", Some("manual")));
    by_hand.request.subject = user("Hana Sato");
    by_hand.due = None;
    vec![task("approval", request()), by_hand, task("deprovisioning", request_in("approved", Some("granted")))]
}

fn page(section: Section) -> String {
    shown(&HomePage::new(&visit("Ines Duarte", true), section, &grants(), &requests(), &tasks()))
}

#[test]
fn home_shows_the_most_important_of_each() {
    assert_snapshot!(page(Section::Overview));
}

/// S3-13: what I hold, what ends first on top, with a way to give it back.
#[test]
fn home_access_lists_what_i_hold() {
    assert_snapshot!(page(Section::Access));
}

/// S2-13, S3-29, S3-30, S3-31: own requests, newest first, an hourglass while they wait, each a link.
#[test]
fn home_requests_lists_mine_newest_first() {
    assert_snapshot!(page(Section::Requests));
}

/// S2-7: `/?section=tickets` shows the open tasks directly.
#[test]
fn home_tickets_shows_open_tasks() {
    assert_eq!(Section::parse(Some("tickets")), Section::Tickets);
    assert_snapshot!(page(Section::Tickets));
}

#[test]
fn an_unknown_section_is_the_overview() {
    assert_eq!([Section::parse(None), Section::parse(Some("x"))], [Section::Overview; 2]);
}

#[test]
fn empty_sections_say_what_will_be_there() {
    let empty = |section| shown(&HomePage::new(&visit("Ines Duarte", false), section, &[], &[], &[]));
    assert_snapshot!(empty(Section::Overview));
    for section in [Section::Access, Section::Requests, Section::Tickets] {
        assert!(empty(section).contains('.'), "a sentence");
    }
}

#[test]
fn requests_for_others_name_both_people() {
    let mut for_hana = request();
    for_hana.subject = user("Hana Sato");
    let mut by_hana = request();
    by_hana.requester = user("Hana Sato");
    let page = HomePage::new(&visit("Ines Duarte", false), Section::Requests, &[], &[for_hana, by_hana], &[]);
    let page = shown(&page);
    assert!(page.contains("For Hana Sato") && page.contains("Filed by Hana Sato"), "{page}");
}
