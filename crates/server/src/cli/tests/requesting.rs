//! `request`: on a terminal, in a script, and only to see who would be asked.

use serde_json::{Value, json};

use super::{fake::Fake, *};

fn only_body(fake: &Fake) -> Value {
    let submitted = fake.submitted();
    assert_eq!(submitted.len(), 1, "{submitted:?}");
    serde_json::from_str(submitted.values().next().unwrap()).unwrap()
}

/// S3-64: a script files a request.
#[tokio::test]
async fn a_script_files_a_request() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake)
        .run(&[
            "request",
            "github/write",
            "slack/guest",
            "--for",
            "bob@example.com",
            "--duration",
            "7d",
            "--starts",
            "2030-01-31 08:00",
            "--reason",
            "the release",
        ])
        .await;
    insta::assert_snapshot!("request", ran.out);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        only_body(&fake),
        json!({
            "for": "bob@example.com", "duration": "7d", "starts": "2030-01-31T08:00:00Z", "justification": "the release",
            "items": [{"entitlement": "github/write"}, {"entitlement": "slack/guest"}],
        })
    );
}

#[tokio::test]
async fn unlimited_is_no_duration_and_until_is_an_instant() {
    let fake = Fake::start().await;
    Start::at(&fake).run(&["request", "github/write", "--duration", "unlimited", "--reason", "x"]).await;
    assert_eq!(only_body(&fake), json!({"items": [{"entitlement": "github/write"}], "justification": "x"}));

    let fake = Fake::start().await;
    let until = "2030-01-31T18:00:00+01:00";
    Start::at(&fake).run(&["request", "github/write", "--until", until, "--reason", "x"]).await;
    assert_eq!(only_body(&fake)["until"], "2030-01-31T17:00:00Z");

    for wrong in ["2030-01-31", "tomorrow 18:00", "soon"] {
        let ran = Start::at(&fake).run(&["request", "github/write", "--until", wrong]).await;
        assert_eq!(ran.code, 2, "{wrong}");
        assert!(ran.err.contains("is not an instant"), "{}", ran.err);
    }
}

#[tokio::test]
async fn a_terminal_is_asked_for_what_is_missing() {
    let fake = Fake::start().await;
    let answers = ["github/write slack/guest", "7 days", "Another length", "3h", "the release"];
    let ran = Start::at(&fake).answering(&answers).run(&["request"]).await;
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("request-asking", ran.err);
    assert_eq!(
        only_body(&fake)["items"],
        json!([{"entitlement": "github/write", "duration": "P7D"}, {"entitlement": "slack/guest", "duration": "3h"}])
    );
}

#[tokio::test]
async fn a_script_is_never_asked_and_gets_the_usual_length() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake).run(&["request", "github/write", "--reason", "x"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (0, "github/write: 8 hours, the usual length\n"));
    assert_eq!(only_body(&fake)["items"][0]["duration"], "PT8H");

    let ran = Start::at(&fake).run(&["request"]).await;
    assert_eq!((ran.code, ran.err.as_str()), (2, "keyfob: say what you need; `keyfob search` lists the keys\n"));
}

#[tokio::test]
async fn the_reason_comes_from_a_file_or_a_pipe() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake)
        .piping("two\nlines\n")
        .run(&["request", "github/write", "--duration", "8h", "--reason-file", "-"])
        .await;
    assert_eq!(ran.code, 0);
    assert_eq!(only_body(&fake)["justification"], "two\nlines");

    let fake = Fake::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("reason");
    std::fs::write(&path, "from a file\n").unwrap();
    let path = path.to_str().unwrap();
    Start::at(&fake).run(&["request", "github/write", "--duration", "8h", "--reason-file", path]).await;
    assert_eq!(only_body(&fake)["justification"], "from a file");

    let ran = Start::at(&fake).run(&["request", "github/write", "--reason-file", "/nowhere"]).await;
    assert_eq!(ran.code, 2);
}

/// Preview equals execution: the same body goes to `/preview`, and nothing is filed.
#[tokio::test]
async fn a_dry_run_shows_who_would_be_asked_and_files_nothing() {
    let fake = Fake::start().await;
    let ran = Start::at(&fake)
        .run(&["request", "github/write", "slack/guest", "--duration", "8h", "--reason", "x", "--dry-run"])
        .await;
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("dry-run", format!("{}{}", ran.out, ran.err));

    let ran = Start::at(&fake).run(&["request", "github/write", "nobody/knows", "--duration", "8h", "--dry-run"]).await;
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("dry-run-refused", format!("{}{}", ran.out, ran.err));
    assert!(fake.submitted().is_empty());
}

/// I18: an answer that was lost is asked for again under the same key, so that one press files one request.
#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let fake = Fake::start().await;
    fake.set(|fake| fake.answers_to_cut = 2);
    let arguments = ["request", "github/write", "--duration", "8h", "--reason", "x"];
    let ran = Start::at(&fake).run(&arguments).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fake.seen().len(), 3);
    assert_eq!(fake.submitted().len(), 1);

    fake.set(|fake| fake.answers_to_cut = 3);
    assert_eq!(Start::at(&fake).run(&arguments).await.code, 4);
    assert_eq!(fake.submitted().len(), 2, "another press has another key");
}
