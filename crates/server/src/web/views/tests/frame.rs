//! What surrounds every page.

use super::company;
use crate::web::elements::Banner;
use crate::web::shell::Visit;
use crate::web::views::browse::{BrowsePage, Filter};
use crate::web::views::sample::visit;

fn html(visit: &Visit) -> String {
    let html = crate::web::render(&BrowsePage::new(visit, Filter::default(), &company::offers())).unwrap();
    assert_eq!(super::faults(&html), Vec::<String>::new());
    html
}

fn nav(html: &str) -> Vec<String> {
    let nav = html.split_once("id=\"nav-links\"").unwrap().1.split_once("</nav>").unwrap().0;
    nav.split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|href| href.starts_with('/'))
        .collect()
}

/// S3-38: the way to the request form is on every page.
#[test]
fn request_access_is_on_every_page() {
    let html = html(&visit("Ines Duarte", false));
    assert!(html.contains("<a class=\"btn btn-primary\" href=\"/request\">") && html.contains("Request access</a>"));
}

/// Only what a role allows is shown, and only what there is.
#[test]
fn the_navigation_follows_the_roles() {
    let all = ["/", "/browse", "/?section=requests", "/tasks"];
    assert_eq!(nav(&html(&visit("Ines Duarte", false))), all);
    let mut visit = visit("Ines Duarte", false);
    let mut admin = |role: &str| {
        visit.me.roles = vec!["requester".to_owned(), role.to_owned()];
        nav(&html(&visit)).into_iter().skip(all.len()).collect::<Vec<_>>()
    };
    assert_eq!(admin("super_admin"), ["/admin/tickets", "/admin/requests/new"]);
    assert_eq!(admin("helpdesk"), ["/admin/tickets", "/admin/requests/new"]);
    assert_eq!(admin("auditor"), ["/admin/tickets"]);
    assert_eq!(admin("app_admin"), ["/admin/tickets"]);
    assert!(admin("connector_admin").is_empty());
}

/// S3-14: the number of apps stands beside the way to them.
#[test]
fn the_navigation_counts_apps_requests_and_tasks() {
    let html = html(&visit("Ines Duarte", false));
    assert!(html.contains("12<span class=\"visually-hidden\"> apps available"), "{html}");
    assert!(html.contains("aria-label=\"Tasks, 4 open\""));
}

#[test]
fn the_demo_shows_its_clock_and_the_last_act() {
    let mut visit = visit("Ines Duarte", false);
    assert!(!html(&visit).contains("/demo/clock"));
    visit.demo = true;
    visit.path = "/browse?q=a&b".to_owned();
    visit.flash = Some(Banner { tone: "ok", text: "Request <KF-1> filed".to_owned() });
    let html = html(&visit);
    assert!(html.contains("18 Nov 2025, 14:00 UTC") && html.contains("name=\"by\" value=\"P7D\""));
    assert!(html.contains("name=\"next\" value=\"/browse?q=a&#38;b\""), "{html}");
    assert!(html.contains("Request &#60;KF-1&#62; filed"));
}

#[test]
fn a_page_carries_the_symbols_it_uses_and_no_others() {
    let html = html(&visit("Ines Duarte", false));
    let symbols = html.split_once("<svg hidden id=\"icons\">").unwrap().1;
    assert!(symbols.contains("id=\"i-hourglass\"") && !symbols.contains("id=\"i-trash\""));
}

/// A second person's words never become markup.
#[test]
fn names_are_escaped_in_the_frame() {
    let html = html(&visit("<script>alert(1)</script>", true));
    assert!(!html.contains("<script>alert"));
}
