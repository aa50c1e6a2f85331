//! The request pages, in every state, as a reader gets them.

use std::collections::BTreeSet;

use askama::Template;
use insta::assert_snapshot;

use crate::body;
use crate::web::views::field::Draft;
use crate::web::views::reduced::{attribute, reduced, tags};
use crate::web::views::sample;

use super::acts::{Cancel, GiveBack};
use super::edit::Edit;
use super::trail::{Audit, key};
use super::{Show, fulfilment};

fn show(name: &str, request: &body::Request) -> String {
    Show::new(&sample::visit(name, false), request, &Draft::default()).render().unwrap()
}

/// S1-18 to S1-25, S3-27, S3-32 to S3-35: facts under their labels, the plan, the thread, what may be done.
#[test]
fn the_page_of_an_open_request() {
    assert_snapshot!(reduced(&show("Ines Duarte", &sample::request())));
}

/// The table of states: what the head, the plan and the banner say in each.
#[test]
fn every_state_says_how_it_stands_and_what_comes_next() {
    let states = sample::STATES.iter().map(|(approval, fulfilment)| {
        let text = reduced(&show("Ines Duarte", &sample::request_in(approval, *fulfilment)));
        let (top, _) = text.split_once("## Comments").unwrap();
        format!("===== {approval} / {}\n{top}", fulfilment.unwrap_or("none"))
    });
    assert_snapshot!(states.collect::<Vec<_>>().join("\n"));
}

/// S2-28, S2-29: approval and fulfilment are two statuses, and no two pairs look the same.
#[test]
fn no_two_statuses_are_merged() {
    let mut seen = BTreeSet::new();
    for (approval, fulfilled) in sample::STATES {
        let request = sample::request_in(approval, fulfilled);
        let html = show("Ines Duarte", &request);
        let head = html.split("id=\"stats\"").next().unwrap();
        let head = head.split("id=\"head\"").nth(1).unwrap();
        let pills = tags(head, "span").into_iter().filter(|tag| attribute(tag, "class") == "status").count();
        assert_eq!(pills, 2, "one pill for each status of {approval} / {fulfilled:?}");
        let words = (crate::web::status::approval(&request).word, fulfilment(&request).word);
        if request.approval == "approved" {
            assert_eq!(words.0, "Approved", "approval says nothing about fulfilment");
        }
        assert!(seen.insert(words.clone()), "{words:?} is said twice");
    }
}

/// S2-28: access that is approved and not in place is never shown as granted.
#[test]
fn approved_and_failed_says_why_when_and_who() {
    let text = reduced(&show("Ines Duarte", &sample::request_in("approved", Some("failed"))));
    for said in [
        "Approved, but not in place",
        "no seat is free",
        "tries again by itself on 18 Nov 2025, 14:15 UTC",
        "Priya Raman, Leo Bergström",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(!text.contains("Granted"), "{text}");
}

#[test]
fn only_the_actions_that_the_answer_names_are_offered() {
    let mut request = sample::request();
    request.actions.clear();
    let html = show("Ines Duarte", &request);
    assert!(!html.contains("<form class=\"stack"), "no form without an action");
    assert!(!html.contains("/cancel") && !html.contains("/edit"), "no link without an action");

    request.actions = ["approve", "deny", "comment"].map(str::to_owned).into();
    request.task = Some("tsk_1".to_owned());
    let html = show("Priya Raman", &request);
    assert!(html.contains("href=\"/tasks/tsk_1\"") && !html.contains("/cancel"));
}

#[test]
fn access_is_given_back_by_its_holder_and_taken_away_by_others() {
    let mut request = sample::request_in("approved", Some("granted"));
    request.grant = Some(sample::grant("active", &request));
    assert!(show("Ines Duarte", &request).contains("Give back"));
    assert!(show("Priya Raman", &request).contains("Take away"));
    let grant = sample::grant("active", &request);
    let page = |name| GiveBack::new(&sample::visit(name, false), &grant, &Draft::default()).render().unwrap();
    let both = format!("{}\n=====\n{}", reduced(&page("Ines Duarte")), reduced(&page("Priya Raman")));
    assert_snapshot!(both);
}

#[test]
fn what_became_of_the_access_stands_beside_the_two_statuses() {
    let lines = ["active", "ending", "revoked", "revoked_unverified"].map(|state| {
        let mut request = sample::request_in("approved", Some("granted"));
        request.grant = Some(sample::grant(state, &request));
        let text = reduced(&show("Ines Duarte", &request));
        let stats = text.lines().filter(|line| line.starts_with("Access: ")).collect::<Vec<_>>().join(" ");
        let ends = text.lines().skip_while(|line| !line.contains("Access ends")).take(1).collect::<String>();
        format!("{state}: {stats}\n  {ends}")
    });
    assert_snapshot!(lines.join("\n"));
}

/// S3-35: cancelling asks first and takes an optional reason.
#[test]
fn the_page_that_cancels() {
    let page = Cancel::new(&sample::visit("Ines Duarte", false), &sample::request(), &Draft::default());
    assert_snapshot!(reduced(&page.render().unwrap()));
}

/// S1-17, S1-29, S1-31: another level or length; nothing at all means deny.
#[test]
fn the_page_that_edits_keeps_what_was_typed() {
    let mut request = sample::request();
    request.actions = ["edit", "deny", "approve"].map(str::to_owned).into();
    request.task = Some("tsk_1".to_owned());
    let offered = [sample::entitlement("Read Access", "permission"), sample::entitlement("Write Access", "permission")];
    let fresh = Edit::new(&sample::visit("Priya Raman", false), &request, &offered, &Draft::default());
    let mut draft = Draft::default();
    for (name, value) in [("entitlement", "ent_read_access"), ("length", "custom"), ("n", "400"), ("reason", "<less>")]
    {
        draft.typed.insert(name.to_owned(), value.to_owned());
    }
    draft.problems.push(body::Problem { field: "duration".to_owned(), message: "Choose at most 90 days.".to_owned() });
    let again = Edit::new(&sample::visit("Ines Duarte", false), &request, &offered, &draft);
    assert_snapshot!(format!("{}\n=====\n{}", reduced(&fresh.render().unwrap()), reduced(&again.render().unwrap())));
}

#[test]
fn an_edit_is_read_as_it_was_meant() {
    let read = |pairs: &[(&str, &str)]| super::edit::read(&Draft::from_pairs(pairs.iter().copied()));
    let kept =
        read(&[("entitlement", "ent_1"), ("length", ""), ("n", "7"), ("unit", "d"), ("reason", " a\r\nb ")]).unwrap();
    assert_eq!(
        (kept.entitlement.as_deref(), kept.duration, kept.reason.as_deref()),
        (Some("ent_1"), None, Some("a\nb"))
    );
    let custom = |n, unit| read(&[("length", "custom"), ("n", n), ("unit", unit)]).map(|edit| edit.duration.unwrap());
    assert_eq!(custom("7", "d").unwrap(), "P7D");
    assert_eq!(custom("8", "h").unwrap(), "PT8H");
    assert_eq!(custom("0", "d").unwrap_err()[0].field, "duration");
    assert_eq!(read(&[("length", "unlimited")]).unwrap().duration.as_deref(), Some("unlimited"));
}

/// S2-5, S2-30: every step with who, when, door, texts, place in the log and leaf hash.
#[test]
fn the_audit_trail() {
    let kinds = sample::KINDS.iter().chain(&["task.reassigned"]);
    let events = kinds.zip(48_197..).map(|(kind, index)| sample::event(index, kind)).collect::<Vec<_>>();
    let page = Audit::new(&sample::visit("Ines Duarte", true), &sample::request(), &events);
    assert_snapshot!(reduced(&page.render().unwrap()));
}

#[test]
fn every_kind_of_event_has_a_sentence() {
    for kind in sample::KINDS {
        assert_ne!(crate::words::say(&key(kind)), key(kind), "{kind}");
    }
}

/// S1-33: comments are plain text: markup is shown as it was written and line breaks stay.
#[test]
fn a_comment_cannot_bring_markup() {
    let mut request = sample::request();
    request.comments[0].text = "<script>alert(1)</script>\n& more".to_owned();
    let html = show("Ines Duarte", &request);
    assert!(html.contains("&#60;script&#62;alert(1)&#60;/script&#62;<br>&#38; more"), "{html}");
}

#[test]
fn a_comment_that_was_not_accepted_is_still_there() {
    let mut draft = Draft::default();
    draft.typed.insert("text".to_owned(), "typed before".to_owned());
    draft.problems.push(body::Problem { field: "text".to_owned(), message: "Shorten it to 8 KiB.".to_owned() });
    let page = Show::new(&sample::visit("Ines Duarte", false), &sample::request(), &draft).render().unwrap();
    let form = page.split("id=\"comment-form\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(form.contains("typed before") && form.contains("href=\"#comment-text\"") && form.contains("aria-invalid"));
}

#[test]
fn more_approvers_than_are_named_are_counted() {
    let mut request = sample::request();
    request.steps[1].approvers_total = 14;
    request.steps[1].need = 2;
    request.steps[1].rerouted = Some("admins".to_owned());
    let text = reduced(&show("Ines Duarte", &request));
    for said in ["and 12 more", "2 of 14 are needed, 0 so far", "the administrators are asked"] {
        assert!(text.contains(said), "{said} in {text}");
    }
}
