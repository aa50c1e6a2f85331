//! Task Center and task pages as a reader gets them.

use askama::Template;
use insta::assert_snapshot;

use crate::body;
use crate::web::views::field::Draft;
use crate::web::views::reduced::reduced;
use crate::web::views::sample;

use super::List;
use super::answer::{Deny, Overtaken};
use super::page::page;

fn list(tasks: Vec<body::Task>) -> String {
    let tasks = body::Page { items: tasks, next: Some("abc".to_owned()) };
    List::new(&sample::visit("Priya Raman", false), &tasks, None).render().unwrap()
}

fn show(task: &body::Task) -> String {
    page(&sample::visit("Priya Raman", false), task, &Draft::default()).unwrap()
}

fn removal() -> body::Task {
    sample::task("deprovisioning", sample::request_in("approved", Some("granted")))
}

/// S1-5, S1-13, S1-14, S1-18 to S1-25: every tile names everything that is needed to decide.
#[test]
fn the_task_center() {
    let mut group = sample::manual_task("provisioning");
    group.request.entitlement = sample::entitlement("platform-team", "group");
    group.request.requester = sample::user("Ruth Abebe");
    group.request.holds = vec!["Read Access".to_owned()];
    group.request.number = "KF-1029".to_owned();
    let approval = sample::task("approval", sample::request());
    assert_snapshot!(reduced(&list(vec![approval, group, removal()])));
}

#[test]
fn an_empty_task_center_says_so() {
    let tasks = body::Page { items: Vec::new(), next: None };
    let mut visit = sample::visit("Priya Raman", false);
    visit.counts.tasks = 0;
    assert_snapshot!(reduced(&List::new(&visit, &tasks, Some("approval")).render().unwrap()));
}

/// S1-6: a long comment is cut on the tile and whole on the page.
#[test]
fn a_long_comment_is_cut_on_the_tile_only() {
    let mut task = sample::task("approval", sample::request());
    task.request.justification = "word ".repeat(200);
    assert!(list(vec![task.clone()]).contains("Show all"));
    assert!(!show(&task).contains("Show all"));
}

/// S2-23: an approval that needs a comment is not offered without a place to write one.
#[test]
fn an_approval_that_needs_a_comment_is_given_on_the_page() {
    let mut task = sample::task("approval", sample::request());
    task.comment_required = vec!["approve".to_owned()];
    assert!(!list(vec![task.clone()]).contains("/approve"));
    let text = reduced(&show(&task));
    assert!(text.contains("[textarea comment required]"), "{text}");
}

/// S0-26, S1-19: the approval page with its digest.
#[test]
fn an_approval_task() {
    assert_snapshot!(reduced(&show(&sample::task("approval", sample::request()))));
}

/// S0-28 to S0-31, S1-15 to S1-17: instructions, the app's own page, Confirm Provisioning, Deny, Edit.
#[test]
fn a_provisioning_task() {
    assert_snapshot!(reduced(&show(&sample::manual_task("provisioning"))));
}

/// S1-15: the words fit an account that exists already, and work that a connector could not do.
#[test]
fn a_change_of_an_account_and_a_removal() {
    let mut change = sample::manual_task("provisioning");
    change.request.holds = vec!["Read Access".to_owned()];
    change.request.problem = Some("GitHub answered: no seat is free".to_owned());
    let parts = [change, removal()].map(|task| {
        let text = reduced(&show(&task));
        let (_, forms) = text.split_once("## Instructions").unwrap();
        let (forms, _) = forms.split_once("## Progress").unwrap();
        format!("{}\n{forms}", text.lines().find(|line| line.starts_with("# ")).unwrap())
    });
    assert_snapshot!(parts.join("\n=====\n"));
}

/// S1-10: a finished task is a card that names who and when, without a button.
#[test]
fn a_finished_task_has_no_buttons() {
    let mut done = sample::manual_task("provisioning");
    done.state = "done".to_owned();
    let given = body::Given { license: Some("Full seat".to_owned()), ..body::Given::default() };
    done.finished = Some(body::Decision {
        comment: Some("Invited.".to_owned()),
        given: Some(given),
        ..sample::decision("Leo Bergström", "confirmed", "2025-11-18T13:00:00Z")
    });
    let mut void = sample::task("approval", sample::request());
    void.state = "void".to_owned();
    let parts = [done, void].map(|task| {
        let html = show(&task);
        let main = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(!main.contains("<form") && !main.contains("<button"), "{main}");
        let text = reduced(&html);
        let from = text.find("## This task").unwrap();
        text[from..].lines().take(7).collect::<Vec<_>>().join("\n")
    });
    assert_snapshot!(parts.join("\n=====\n"));
}

/// S1-8, S1-9, S1-16: denying asks why; at provisioning it reminds to look into the app.
#[test]
fn the_page_that_denies() {
    let mut draft = Draft::default();
    draft.typed.insert("checked".to_owned(), "true".to_owned());
    draft.problems.push(body::Problem { field: "comment".to_owned(), message: "Say why.".to_owned() });
    let visit = sample::visit("Priya Raman", false);
    let approval = Deny::new(&visit, &sample::task("approval", sample::request()), &Draft::default());
    let by_hand = Deny::new(&visit, &sample::manual_task("provisioning"), &draft);
    assert_snapshot!(format!(
        "{}\n=====\n{}",
        reduced(&approval.render().unwrap()),
        reduced(&by_hand.render().unwrap())
    ));
}

/// S1-9: the tick is part of the answer.
#[test]
fn answers_are_read_as_they_were_meant() {
    let draft = Draft::from_pairs([("digest", "ab"), ("comment", "  "), ("checked", "true"), ("license", "Full seat")]);
    let answer = super::answer::answer(&draft);
    assert_eq!((answer.digest.as_str(), answer.comment, answer.checked), ("ab", None, Some(true)));
    assert_eq!(super::answer::confirm(&draft).given.unwrap().license.as_deref(), Some("Full seat"));
    assert!(super::answer::confirm(&Draft::default()).given.is_none());
}

#[test]
fn whoever_comes_too_late_is_told_kindly() {
    let visit = sample::visit("Leo Bergström", false);
    let by = sample::user("Priya Raman");
    let pages = [
        Overtaken::decided(&visit, "KF-1042", Some(&by), "approved"),
        Overtaken::decided(&visit, "KF-1042", None, "denied"),
        Overtaken::changed(&visit, "KF-1042", Some("tsk_2")),
    ];
    assert_snapshot!(pages.map(|page| reduced(&page.render().unwrap())).join("\n=====\n"));
}

#[test]
fn an_address_that_is_no_web_page_is_not_linked() {
    let mut task = sample::manual_task("provisioning");
    task.url = Some("javascript:alert(1)".to_owned());
    assert!(!show(&task).contains("javascript:alert"));
}
