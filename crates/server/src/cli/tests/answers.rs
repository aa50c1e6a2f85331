//! `approve`, `deny`, `confirm` and `drop`.

use super::{
    fake::Fake,
    given::{self, DIGEST},
    *,
};

/// I2, I55: the person sees the card, and the answer carries the digest of that card.
#[tokio::test]
async fn approving_shows_the_card_and_sends_its_digest() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&["y"]).run(&["approve", "KF-1042"]).await;
    insta::assert_snapshot!("approve", format!("{}{}", ran.err, ran.out));
    assert_eq!(ran.code, 0);
    let said = fake.seen();
    assert_eq!(said[0], "GET /tasks?request=KF-1042&assignee=me&state=open");
    assert_eq!(
        said[1],
        format!(r#"POST /tasks/tsk_approve/approve {{"digest":"{DIGEST}","comment":null,"checked":null}}"#)
    );
}

#[tokio::test]
async fn saying_no_answers_nothing() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&["n"]).run(&["approve", "tsk_approve"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.ends_with("keyfob: nothing was answered; KF-1042 still waits\n"));
    assert_eq!(fake.seen(), ["GET /tasks/tsk_approve"]);
}

/// Without a terminal nobody saw a card, so the script has to say which one it means.
#[tokio::test]
async fn a_script_needs_the_digest() {
    let fake = Fake::start().await;
    for verb in ["approve", "deny"] {
        let ran = Start::at(&fake).run(&[verb, "KF-1042"]).await;
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("--digest"), "{}", ran.err);
    }
    assert!(fake.seen().is_empty());
    let ran = Start::at(&fake).run(&["approve", "tsk_approve", "--digest", DIGEST, "--comment", "ok"]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fake.seen().len(), 1, "a task and a digest need no reading");
}

#[tokio::test]
async fn a_stale_digest_is_explained() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["approve", "tsk_approve", "--digest", "00"]).await;
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "keyfob: the request changed since it was shown; look at it again\n  request: KF-1042\n");
}

#[tokio::test]
async fn denying_asks_why_and_again_when_the_policy_wants_to_know() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&["too broad", "y"]).run(&["deny", "KF-1042"]).await;
    assert_eq!(ran.code, 0);
    assert!(fake.seen()[1].contains(r#""comment":"too broad""#));

    fake.set(|fake| fake.comment_needed = true);
    let ran = Start::at(&fake).answering(&["", "y", "because"]).run(&["deny", "KF-1042"]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = Start::at(&fake).run(&["deny", "KF-1042", "--digest", DIGEST]).await;
    assert_eq!((ran.code, ran.err.as_str()), (1, "keyfob: this step needs a comment\n  comment: say why\n"));
}

/// S1-8, S1-9: denying at provisioning asks whether the app was checked.
#[tokio::test]
async fn denying_at_provisioning_asks_whether_the_app_was_checked() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&["y", "no seats left", "y"]).run(&["deny", "KF-1040"]).await;
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("deny-provisioning", ran.err);
    assert_eq!(
        fake.seen()[1],
        format!(r#"POST /tasks/tsk_provision/deny {{"digest":"{DIGEST}","comment":"no seats left","checked":true}}"#)
    );
    let arguments = ["deny", "tsk_provision", "--digest", DIGEST, "--checked"];
    assert_eq!(Start::at(&fake).run(&arguments).await.code, 0);
    assert!(fake.seen()[2].contains(r#""checked":true"#));
}

#[tokio::test]
async fn a_task_is_found_by_its_request_only_when_it_is_clear() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&[]).run(&["approve", "KF-1040"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("keyfob status KF-1040"), "{}", ran.err);

    let mut second = given::approval_task();
    second["id"] = "tsk_second".into();
    fake.set(|fake| fake.tasks = Some(vec![given::approval_task(), second]));
    let ran = Start::at(&fake).answering(&[]).run(&["approve", "KF-1042"]).await;
    assert!(ran.err.contains("tsk_approve, tsk_second"), "{}", ran.err);
}

/// S1-15: what was really given travels with the confirmation.
#[tokio::test]
async fn confirming_says_what_was_given() {
    let fake = Fake::start().await;
    let arguments =
        ["confirm", "KF-1040", "--comment", "done", "--license", "E3", "--role", "dev", "--group", "g", "--level", "2"];
    let ran = Start::at(&fake).run(&arguments).await;
    assert_eq!(ran.code, 0);
    assert_eq!(ran.out, "KF-1041  GitHub Write Access for Ann Arbor: Granted until 31 January 2030, 18:00\n");
    assert_eq!(
        fake.seen()[1],
        r#"POST /tasks/tsk_provision/confirm {"comment":"done","given":{"license":"E3","role":"dev","group":"g","level":"2"}}"#
    );
    Start::at(&fake).run(&["confirm", "tsk_provision"]).await;
    assert_eq!(fake.seen()[2], r#"POST /tasks/tsk_provision/confirm {"comment":null,"given":null}"#);
}

/// I28: access goes with the last grant, so a key means all of them.
#[tokio::test]
async fn dropping_a_key_gives_every_grant_of_it_back() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).answering(&["y"]).run(&["drop", "github/write", "--reason", "done"]).await;
    assert_eq!(ran.code, 0);
    assert_eq!(ran.err, "? Give back github/write (2 grants)?\n");
    let revoked: Vec<String> = fake.seen().into_iter().filter(|call| call.starts_with("POST")).collect();
    assert_eq!(revoked, ["grt_1", "grt_2"].map(|id| format!(r#"POST /grants/{id}/revoke {{"reason":"done"}}"#)));

    let ran = Start::at(&fake).run(&["drop", "slack/guest", "--yes"]).await;
    assert_eq!((ran.code, ran.err.contains("you do not hold slack/guest")), (1, true));
}

#[tokio::test]
async fn dropping_asks_first_and_a_script_says_yes() {
    let fake = Fake::start().await;
    assert_eq!(Start::at(&fake).run(&["drop", "grt_1"]).await.code, 2);
    assert_eq!(Start::at(&fake).answering(&["n"]).run(&["drop", "grt_1"]).await.code, 1);
    assert!(fake.seen().is_empty());
    assert_eq!(Start::at(&fake).run(&["drop", "grt_1", "-y"]).await.code, 0);
    assert_eq!(fake.seen(), [r#"POST /grants/grt_1/revoke {"reason":null}"#]);
}
