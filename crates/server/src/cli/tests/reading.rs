//! `search`, `status`, `tasks` and `grants`: what people and programs read.

use serde_json::Value;

use super::{fake::Fake, given, *};

#[tokio::test]
async fn search_lists_what_can_be_requested_and_says_where_it_goes_on() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["search", "git", "write", "--state", "requestable,held", "--limit", "3"]).await;
    insta::assert_snapshot!("search", format!("{}{}", ran.out, ran.err));
    assert_eq!(ran.code, 0);
    assert_eq!(
        fake.seen(),
        ["GET /api/v1/catalog/entitlements?query=git+write&state=requestable%2Cheld&limit=3"]
            .map(|call| call.replace("/api/v1", ""))
    );

    let rest = Start::at(&fake).run(&["search", "--cursor", "c2"]).await;
    assert!(rest.out.contains("slack/guest") && rest.err.is_empty(), "{rest:?}");
    let nothing = Start::at(&fake).run(&["search", "nothing"]).await;
    assert_eq!(nothing, Ran { code: 0, out: String::new(), err: "nothing found\n".to_owned() });
}

/// S1-18 to S1-25, S2-28: the card has every field, the plan, both statuses, and who is waited for.
#[tokio::test]
async fn status_shows_a_request_in_full() {
    let fake = Fake::start().await;
    for number in ["KF-1042", "KF-1041", "KF-1043", "KF-1050"] {
        let ran = Start::at(&fake).columns(100).run(&["status", number]).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("status-{number}"), ran.out);
    }
}

#[tokio::test]
async fn status_alone_lists_my_requests() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["status"]).await;
    insta::assert_snapshot!("status", ran.out);
}

#[tokio::test]
async fn tasks_lists_what_waits_for_me() {
    let fake = Fake::start().await;
    insta::assert_snapshot!("tasks", Start::at(&fake).run(&["tasks"]).await.out);
    fake.set(|fake| fake.tasks = Some(vec![]));
    let nothing = Start::at(&fake).run(&["tasks", "--kind", "approval"]).await;
    assert_eq!(nothing.err, "nothing waits for you\n");
}

#[tokio::test]
async fn grants_lists_what_i_hold() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["grants"]).await;
    insta::assert_snapshot!("grants", ran.out);
    let narrow = Start::at(&fake).columns(60).run(&["grants", "--user", "ann@example.com"]).await;
    insta::assert_snapshot!("grants-narrow", narrow.out);
    let other = Start::at(&fake).run(&["grants", "--user", "gus@example.com"]).await;
    assert_eq!(other.err, "nothing is held\n");
}

#[tokio::test]
async fn json_is_the_answer_of_the_api_as_it_came() {
    let fake = Fake::start().await;
    for (arguments, wanted) in [
        (&["-o", "json", "status", "KF-1042"][..], given::request()),
        (&["status", "KF-1041", "--output=json"], given::granted()),
        (&["approve", "KF-1042", "--digest", given::DIGEST, "-o", "json"], given::granted()),
    ] {
        let ran = Start::at(&fake).run(arguments).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert_eq!(ran.out, format!("{wanted}\n"), "{arguments:?}");
    }
    for arguments in [&["search"][..], &["tasks"], &["grants"], &["status"]] {
        let ran = Start::at(&fake).run(&[arguments, &["-o", "json"]].concat()).await;
        let page: Value = serde_json::from_str(&ran.out).unwrap();
        assert!(page["items"].is_array(), "{arguments:?}");
    }
}

/// T8, T17: what other people wrote cannot steer the terminal or turn the text around.
#[tokio::test]
async fn texts_of_other_people_cannot_steer_the_terminal() {
    let fake = Fake::start().await;
    let mut task = given::approval_task();
    task["request"]["justification"] = "\u{1b}[2J\u{1b}]0;pwned\u{7}\u{202e}live\rok\u{9b}31m".into();
    task["request"]["subject"]["name"] = "Ann\u{1b}[1A\nApproved".into();
    fake.set(|fake| fake.tasks = Some(vec![task]));
    let ran = Start::at(&fake).answering(&["n"]).run(&["approve", "KF-1042"]).await;
    for text in [&ran.out, &ran.err] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}', '\u{9b}']), "{text:?}");
    }
    assert!(ran.err.contains("\u{fffd}[2J"));
}

/// Every problem is one line for people and one exit code for scripts.
#[tokio::test]
async fn problems_are_said_in_one_line_each() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["status", "KF-9"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (1, "keyfob: no request KF-9, or not for you\n"));
    // What a person types stays one segment of the path.
    let ran = Start::at(&fake).run(&["status", "../me?x=1#y"]).await;
    assert_eq!(ran.code, 1);
    assert_eq!(fake.seen().last().unwrap(), "GET /requests/..%2Fme%3Fx=1%23y");

    for (status, body, code, said) in [
        (429, r#"{"detail":"too many calls"}"#, 1, "keyfob: too many calls\n  try again in: 7 s\n"),
        (
            409,
            r#"{"detail":"KF-1042 is asked for already","request":"KF-1042"}"#,
            1,
            "keyfob: KF-1042 is asked for already\n  request: KF-1042\n",
        ),
        (
            409,
            r#"{"detail":"already denied","decided_by":{"name":"Mia Moss"},"decision":"denied"}"#,
            1,
            "keyfob: already denied\n  decided by: Mia Moss\n  decision: denied\n",
        ),
        (
            422,
            r#"{"title":"Invalid","errors":[{"field":"items[0].duration","message":"at most P30D"}]}"#,
            1,
            "keyfob: invalid\n  items[0].duration: at most P30D\n",
        ),
        (503, r#"{"detail":"starting"}"#, 1, "keyfob: starting\n"),
    ] {
        fake.set(|fake| fake.problem = Some((status, serde_json::from_str(body).unwrap())));
        let ran = Start::at(&fake).run(&["request", "github/write", "--duration", "8h", "--reason", "x"]).await;
        assert_eq!(ran, Ran { code, out: String::new(), err: said.to_owned() });
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_has_its_own_exit_code() {
    let fake = Fake::start().await;
    let gone = fake.url.clone();
    let mut start = Start::at(&fake);
    start.surroundings.url = Some("http://127.0.0.1:1/".to_owned());
    let ran = start.run(&["tasks"]).await;
    assert_eq!(ran.code, 4);
    assert!(ran.err.starts_with("keyfob: cannot reach http://127.0.0.1:1/: "), "{}", ran.err);

    let mut start = Start::at(&fake);
    start.surroundings.url = Some(format!("{gone}elsewhere/"));
    let ran = start.run(&["tasks"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("is the address right?"), "{}", ran.err);
}
