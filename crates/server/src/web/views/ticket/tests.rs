//! The list of tickets as a reader gets it.

use askama::Template;
use insta::assert_snapshot;

use crate::body;
use crate::web::views::reduced::reduced;
use crate::web::views::sample;

use super::{Filter, List, Ticket};

fn app() -> body::AppRef {
    sample::entitlement("Write Access", "permission").app
}

/// S2-9, S2-18, S2-31: every ticket with both statuses, whose turn it is and how old it is.
#[test]
fn the_tickets() {
    let mut approval = sample::task("approval", sample::request());
    approval.assignees_total = 5;
    let mut by_hand = sample::manual_task("provisioning");
    by_hand.created_at = "2025-11-17T09:00:00Z".to_owned();
    let mut failing = sample::request_in("approved", Some("failed"));
    failing.created_at = "2025-11-14T09:00:00Z".to_owned();
    let done = sample::request_in("denied", None);
    let tickets = [Ticket::from(&approval), Ticket::from(&by_hand), Ticket::from(&failing), Ticket::from(&done)];
    let filter = Filter { kind: "provisioning".to_owned(), app: "github".to_owned(), ..Filter::default() };
    let page = List::new(&sample::visit("Ines Duarte", true), &tickets, &filter, &[app()], Some("next page"));
    assert_snapshot!(reduced(&page.render().unwrap()));
}

#[test]
fn no_tickets_and_no_match_are_told_apart() {
    let visit = sample::visit("Ines Duarte", true);
    let filter = Filter { request: "KF-7".to_owned(), ..Filter::default() };
    let none = List::new(&visit, &[], &Filter::default(), &[], None).render().unwrap();
    let no_match = List::new(&visit, &[], &filter, &[], None).render().unwrap();
    assert!(none.contains("No open tickets") && !none.contains("Clear</a>"));
    assert!(no_match.contains("No tickets match") && no_match.contains("Clear</a>"));
}
