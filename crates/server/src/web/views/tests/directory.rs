//! Browse access and the app pages.

use insta::assert_snapshot;

use super::{company, shown};
use crate::web::views::app::AppPage;
use crate::web::views::browse::{BrowsePage, Filter};
use crate::web::views::sample::visit;

/// S0-12, S3-13, S3-14, S3-15: what I hold and may ask for, counted, with ticks and hourglasses.
#[test]
fn browse_shows_what_is_held_pending_and_offered() {
    assert_snapshot!(shown(&BrowsePage::new(&visit("Ines Duarte", false), Filter::default(), &company::offers())));
}

/// S0-12: three letters are enough, also those of something inside the app.
#[test]
fn browse_finds_apps_and_what_is_inside_them() {
    let search = |q: &str| {
        let filter = Filter { q: q.to_owned(), ..Filter::default() };
        shown(&BrowsePage::new(&visit("Ines Duarte", false), filter, &company::offers()))
    };
    assert!(search("fig").contains("1 app fits."));
    assert!(search("OWN org").contains("Has Organisation owner"));
    assert!(search("  ").contains("[/apps/snowflake]"));
    assert_snapshot!(search("nothing like this"));
}

#[test]
fn browse_filters_by_state_and_category() {
    let names = |state: &str, category: &str| {
        let filter = Filter { q: String::new(), state: state.to_owned(), category: category.to_owned() };
        let page = shown(&BrowsePage::new(&visit("Ines Duarte", false), filter, &company::offers()));
        let apps = page.lines().filter_map(|line| line.strip_prefix("### [/apps/"));
        apps.map(|line| line.split(']').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("held", ""), ["github"]);
    assert_eq!(names("pending", ""), ["github", "snowflake"]);
    assert_eq!(names("requestable", ""), ["figma", "github"]);
    assert_eq!(names("", "Data"), ["snowflake"]);
}

/// S3-16, S3-18, S3-26: a tick, a button, or the way to the open request at everything in the app.
#[test]
fn an_app_page_shows_each_entitlement_in_its_state() {
    assert_snapshot!(shown(&AppPage::new(&visit("Ines Duarte", false), &company::github())));
}

/// S3-18, S3-42: at app level one asks for an account first.
#[test]
fn an_app_page_offers_the_account_first() {
    let page = shown(&AppPage::new(&visit("Ines Duarte", false), &company::figma()));
    assert!(page.contains("[/request?entitlement=figma/figma-account «Request Figma»]"), "{page}");
    assert!(!page.contains("javascript:"), "{page}");
}

#[test]
fn an_app_page_with_everything_pending_leads_to_the_request() {
    let page = shown(&AppPage::new(&visit("Ines Duarte", false), &company::snowflake()));
    assert!(page.contains("[/requests/req_1 «View request for Snowflake»]"), "{page}");
    assert!(!page.contains("[input checkbox"), "nothing to select: {page}");
}

#[test]
fn an_app_page_without_anything_offered_says_so() {
    let mut offer = company::figma();
    offer.entitlements.clear();
    let page = shown(&AppPage::new(&visit("Ines Duarte", false), &offer));
    assert!(page.contains("Nothing in this app is offered to you."), "{page}");
}
