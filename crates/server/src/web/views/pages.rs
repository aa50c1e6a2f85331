//! For tests: every page of requests, tasks and tickets, looked over as a whole.

use askama::Template;

use crate::body;
use crate::web::render;

use super::field::Draft;
use super::request::Show;
use super::request::acts::{Cancel, GiveBack};
use super::request::edit::Edit;
use super::request::trail::Audit;
use super::task::answer::{Deny, Overtaken};
use super::ticket::{Filter, Ticket};
use super::{sample, sound, task, ticket};

fn whole(page: &impl Template) -> String {
    render(page).unwrap()
}

fn refused(field: &str) -> Draft {
    let problem = body::Problem { field: field.to_owned(), message: "Change this.".to_owned() };
    Draft::default().refused(vec![problem])
}

fn request_pages() -> Vec<(String, String)> {
    let admin = sample::visit("Ines Duarte", true);
    let mut pages = vec![("show".to_owned(), whole(&Show::new(&admin, &sample::request(), &refused("text"))))];
    for (approval, fulfilment) in sample::STATES {
        let mut request = sample::request_in(approval, fulfilment);
        request.status = format!("{}.", crate::web::status::overall(&request).word);
        let page = Show::new(&sample::visit("Priya Raman", false), &request, &Draft::default());
        pages.push((format!("state-{approval}-{}", fulfilment.unwrap_or("none")), whole(&page)));
    }
    let events = sample::KINDS.iter().zip(48_197..).map(|(kind, index)| sample::event(index, kind)).collect::<Vec<_>>();
    let mut request = sample::request();
    request.actions = ["edit", "deny", "approve"].map(str::to_owned).into();
    request.task = Some("tsk_1".to_owned());
    let offered = [sample::entitlement("Read Access", "permission")];
    let grant = sample::grant("active", &request);
    pages.extend([
        ("audit".to_owned(), whole(&Audit::new(&admin, &sample::request(), &events))),
        ("cancel".to_owned(), whole(&Cancel::new(&admin, &request, &refused("reason")))),
        ("edit".to_owned(), whole(&Edit::new(&admin, &request, &offered, &refused("duration")))),
        ("give_back".to_owned(), whole(&GiveBack::new(&admin, &grant, &refused("reason")))),
    ]);
    pages
}

fn task_pages() -> Vec<(String, String)> {
    let admin = sample::visit("Ines Duarte", true);
    let approval = sample::task("approval", sample::request());
    let mut group = sample::manual_task("provisioning");
    group.request.entitlement = sample::entitlement("platform-team", "group");
    group.request.requester = sample::user("Ruth Abebe");
    group.request.holds = vec!["Read Access".to_owned()];
    group.request.problem = Some("GitHub answered: no seat is free".to_owned());
    group.request.justification = "Starting on the brand refresh with the agency. ".repeat(12);
    group.created_at = "2025-11-17T09:00:00Z".to_owned();
    let removal = sample::task("deprovisioning", sample::request_in("approved", Some("granted")));
    let mut done = group.clone();
    done.state = "done".to_owned();
    done.finished = Some(sample::decision("Leo Bergström", "confirmed", "2025-11-18T13:00:00Z"));
    let mut failing = sample::request_in("approved", Some("failed"));
    failing.created_at = "2025-11-14T09:00:00Z".to_owned();
    let tickets = [Ticket::from(&approval), Ticket::from(&group), Ticket::from(&removal), Ticket::from(&failing)];
    let apps = [failing.entitlement.app.clone()];
    let open = body::Page { items: vec![approval.clone(), group.clone(), removal.clone()], next: Some("c".to_owned()) };
    let none = body::Page { items: Vec::new(), next: None };
    let one = |task: &body::Task| task::page::page(&admin, task, &refused("comment")).unwrap();
    let by = sample::user("Priya Raman");
    let pages = [
        ("tasks", whole(&task::List::new(&admin, &open, None))),
        ("tasks-empty", whole(&task::List::new(&admin, &none, None))),
        ("task-approval", one(&approval)),
        ("task-provision", one(&group)),
        ("task-removal", one(&removal)),
        ("task-done", task::page::page(&admin, &done, &Draft::default()).unwrap()),
        ("deny", whole(&Deny::new(&admin, &group, &refused("comment")))),
        ("overtaken", whole(&Overtaken::decided(&admin, "KF-1042", Some(&by), "approved"))),
        ("tickets", whole(&ticket::List::new(&admin, &tickets, &Filter::default(), &apps, Some("n")))),
        ("tickets-none", whole(&ticket::List::new(&admin, &[], &Filter::default(), &apps, None))),
    ];
    pages.map(|(name, html)| (name.to_owned(), html)).into()
}

/// Markup, headings, names of fields and buttons, ids and the content policy, on every page in every state.
#[test]
fn every_page_is_sound() {
    for (name, html) in request_pages().into_iter().chain(task_pages()) {
        assert_eq!(sound::faults(&html), Vec::<String>::new(), "{name}");
    }
}
