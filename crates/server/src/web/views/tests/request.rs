//! The request form.

use insta::assert_snapshot;

use super::{company, shown};
use crate::body;
use crate::web::views::request_form::{Input, People, RequestForm, RequestPage, Setting};
use crate::web::views::sample::{step, user, visit};

fn setting() -> Setting {
    Setting {
        offers: company::offers(),
        subject: Some(user("Ines Duarte")),
        fresh_key: "fresh".to_owned(),
        ..Setting::default()
    }
}

fn form(setting: Setting, pairs: &[(&str, &str)]) -> RequestForm {
    RequestForm::new(setting, Input::from_pairs(pairs.iter().copied()))
}

fn page(form: &RequestForm) -> String {
    shown(&RequestPage::new(&visit("Ines Duarte", true), form, None, &[]))
}

fn preview(form: &RequestForm) -> body::Preview {
    let mut owners = step("1", "approval", "App owners", &["Priya Raman", "Leo Bergström"]);
    owners.approvers_total = 7;
    let items = form.picked.iter().map(|line| body::PreviewItem {
        entitlement: line.chosen.clone(),
        steps: vec![
            step("0", "approval", "Manager", &["Tomasz Wilk"]),
            owners.clone(),
            step("provision", "provision", "Provisioning", &["Leo Bergström"]),
        ],
        problems: vec![body::Problem { field: "justification".to_owned(), message: "say why".to_owned() }],
    });
    body::Preview { items: items.collect() }
}

/// S3-41: only apps in which something can be asked for are listed.
#[test]
fn the_form_begins_with_the_app() {
    let page = page(&form(setting(), &[]));
    assert!(!page.contains("Snowflake"), "{page}");
    assert_snapshot!(page);
}

/// S3-43: with an account, roles, groups and resources are offered, and not the account again.
#[test]
fn an_app_with_an_account_offers_what_is_inside() {
    let form = form(setting(), &[("app", "github")]);
    assert!(form.picked[0].chosen.is_none());
    assert!(form.preview().is_none());
    let page = page(&form);
    assert!(page.contains("[option github/ selected] Choose…"), "{page}");
    assert!(
        page.contains("[option github/write-access ] Write Access") && !page.contains("Basic app access"),
        "{page}"
    );
}

/// S3-42, S3-44: without an account there is one choice, and it is made.
#[test]
fn an_app_without_an_account_offers_basic_access_and_chooses_it() {
    let form = form(setting(), &[("app", "figma")]);
    assert_eq!(form.picked[0].chosen.as_ref().unwrap().kind, "access");
    assert_eq!(form.input.length, "unlimited");
    let page = page(&form);
    assert!(page.contains("Basic app access") && !page.contains("Full seat"), "{page}");
    assert!(page.contains("With this account, roles, groups and resources of Figma"), "{page}");
}

/// S2-10, S2-33: several resources at once, with the labels of the design, and who will be asked for each.
#[test]
fn the_whole_form_with_two_resources() {
    let chosen = [
        ("entitlement", "github/write-access"),
        ("entitlement", "figma/figma-account"),
        ("justification", "DATA-2210"),
    ];
    let form = form(setting(), &chosen);
    let page = RequestPage::new(&visit("Ines Duarte", true), &form, Some(&preview(&form)), &[]);
    assert_snapshot!(shown(&page));
}

/// S3-19, S3-20: the lengths fit everything in the cart, and the usual one is chosen.
#[test]
fn lengths_fit_everything_that_is_chosen() {
    let lengths = |pairs: &[(&str, &str)]| {
        let form = form(setting(), pairs);
        (form.lengths.presets.join(" "), form.lengths.unlimited, form.input.length)
    };
    let write = ("entitlement", "github/write-access");
    let owner = ("entitlement", "github/organisation-owner");
    let figma = ("entitlement", "figma/figma-account");
    assert_eq!(lengths(&[write]), ("PT8H P7D P30D P90D".to_owned(), false, "P30D".to_owned()));
    assert_eq!(lengths(&[write, owner]), ("PT1H PT8H".to_owned(), false, "PT1H".to_owned()));
    assert_eq!(lengths(&[figma]), ("P30D".to_owned(), true, "unlimited".to_owned()));
    assert_eq!(lengths(&[write, figma]), ("PT8H P7D P30D P90D".to_owned(), false, "P30D".to_owned()));
    let too_long = form(setting(), &[owner, ("length", "P90D")]);
    assert_eq!(too_long.input.length, "PT1H", "what is not offered is not kept");
}

/// S3-12: the question is there for those who may ask for others, and for nobody else.
#[test]
fn who_it_is_for_is_asked_only_of_those_who_may_choose() {
    let github = [("app", "github")];
    assert!(!page(&form(setting(), &github)).contains("Who is this for?"));
    let reports = People::Reports(vec![user("Hana Sato"), user("Leo Bergström")]);
    let manager = Setting { people: reports, ..setting() };
    assert_snapshot!(page(&form(manager, &[("app", "github"), ("for", "usr_hana.sato")])));
    let helpdesk = Setting { people: People::Anybody(vec![user("Hana Sato")]), ..setting() };
    let page = page(&form(helpdesk, &github));
    assert!(page.contains("Anybody in the directory") && page.contains("[option hana.sato@example.com"), "{page}");
}

/// S2-14: on `/admin/requests/new` the person comes first.
#[test]
fn the_form_for_somebody_begins_with_the_person() {
    let people = People::Anybody(vec![user("Hana Sato")]);
    let nobody = Setting { people: people.clone(), subject: None, for_somebody: true, ..Setting::default() };
    let unknown = body::Problem { field: "for".to_owned(), message: "Nobody here has this address.".to_owned() };
    let empty = form(nobody, &[("for", "other"), ("person", "hanna")]);
    assert_snapshot!(shown(&RequestPage::new(&visit("Ines Duarte", true), &empty, None, &[unknown])));
    let hana = Setting { people, subject: Some(user("Hana Sato")), for_somebody: true, ..setting() };
    let chosen = form(hana, &[("person", "hana.sato@example.com"), ("app", "github")]);
    assert_snapshot!(page(&chosen));
    assert_eq!(chosen.submission().unwrap_err().len(), 1, "nothing is chosen in GitHub");
}

/// Nothing typed is lost, and each problem leads to its field.
#[test]
fn problems_keep_everything_that_was_typed() {
    let typed = [
        ("entitlement", "github/write-access"),
        ("entitlement", "github/platform-infra"),
        ("length", "custom"),
        ("n", "400"),
        ("unit", "d"),
        ("starts", "2025-12-01"),
        ("justification", ""),
        ("submission_key", "kept"),
        ("do", "submit"),
    ];
    let form = form(setting(), &typed);
    assert!(form.is_submitted());
    let problem = |field: &str, message: &str| body::Problem { field: field.to_owned(), message: message.to_owned() };
    let problems = [
        problem("justification", "Say why you need it."),
        problem("items[0].duration", "At most 90 days."),
        problem("items[1].entitlement", "This is already being asked for."),
        problem("starts", "Not later than in 30 days."),
    ];
    assert_snapshot!(shown(&RequestPage::new(&visit("Ines Duarte", true), &form, None, &problems)));
}

/// S2-12: one submission for the whole cart, with the key that makes a second press harmless.
#[test]
fn the_submission_holds_all_that_is_chosen() {
    let typed = [
        ("entitlement", "github/write-access"),
        ("entitlement", "ent_figma_figma-account"),
        ("length", "custom"),
        ("n", "12"),
        ("unit", "h"),
        ("justification", " DATA-2210 "),
    ];
    let form = form(setting(), &typed);
    let filed = form.submission().unwrap();
    let ids = filed.items.iter().map(|item| item.entitlement.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, ["ent_github_write-access", "ent_figma_figma-account"]);
    assert_eq!((filed.duration.as_deref(), filed.justification.as_str()), (Some("PT12H"), "DATA-2210"));
    assert_eq!(filed.subject.as_deref(), Some("usr_ines.duarte"));
    assert_eq!(form.input.submission_key, "fresh");
}

#[test]
fn apps_are_added_and_taken_off_again() {
    let write = ("entitlement", "github/write-access");
    let added = form(setting(), &[write, ("app", "figma"), ("do", "add")]);
    assert_eq!(added.picked.len(), 2);
    let not_added = form(setting(), &[write, ("app", "figma"), ("preview", "1")]);
    assert_eq!((not_added.picked.len(), not_added.input.app.as_str()), (1, "figma"));
    let removed = form(setting(), &[write, ("remove", "github/write-access")]);
    assert!(removed.picked.is_empty() && !removed.is_submitted());
}

/// What is not offered, or not to this person, stays in the form with a word about it, and is never filed.
#[test]
fn what_is_not_offered_stays_until_it_is_removed() {
    let typed = [("entitlement", "github/gone"), ("entitlement", "nothing/"), ("app", "snowflake"), ("do", "add")];
    let form = form(setting(), &[typed.as_slice(), &[("justification", "DATA-2210")]].concat());
    assert_eq!(form.submission().unwrap_err().len(), 3);
    assert!(form.preview().is_none());
    let page = page(&form);
    assert_eq!(page.matches("This is not offered to the target user.").count(), 3, "{page}");
    assert!(page.contains("DATA-2210") && page.contains("[input hidden entitlement=github/gone"), "{page}");
}

#[test]
fn an_emptied_number_is_asked_for_again() {
    let form = form(setting(), &[("entitlement", "github/write-access"), ("length", "custom"), ("n", "")]);
    assert_eq!(form.submission().unwrap_err()[0].field, "duration");
}

#[test]
fn an_empty_form_files_nothing() {
    let empty = form(setting(), &[("do", "submit")]);
    assert!(empty.picked.is_empty() && !empty.is_submitted());
    assert_eq!(empty.submission().unwrap_err()[0].field, "items");
}
