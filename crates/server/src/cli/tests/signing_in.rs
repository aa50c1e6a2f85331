//! `login`, and where the address and the token come from.

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::{fake::Fake, *};

fn alone(folder: &TempDir) -> Start {
    let surroundings = Surroundings { folder: Some(folder.path().join("keyfob")), ..Surroundings::default() };
    Start { surroundings, answers: None, piped: None, columns: None }
}

#[tokio::test]
async fn a_piped_token_is_checked_and_kept_for_this_user_only() {
    let (fake, folder) = (Fake::start().await, TempDir::new().unwrap());
    let ran = alone(&folder).piping("kf_right\n").run(&["login", &fake.url]).await;
    let path = folder.path().join("keyfob/login.json");
    let said = format!("Signed in to {} as Ann Arbor <ann@example.com>; saved in {}\n", fake.url, path.display());
    assert_eq!(ran, Ran { code: 0, out: said, err: String::new() });
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

    assert_eq!(alone(&folder).run(&["tasks"]).await.code, 0);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = alone(&folder).run(&["tasks"]).await;
    assert!(ran.err.starts_with("keyfob: others can read your token in "), "{}", ran.err);
}

#[tokio::test]
async fn a_token_is_typed_hidden_and_never_shown() {
    let (fake, folder) = (Fake::start().await, TempDir::new().unwrap());
    let ran = alone(&folder).answering(&["kf_right"]).run(&["login", &fake.url]).await;
    assert_eq!((ran.code, ran.err.as_str()), (0, "? Token (kf_…)\n"));
    assert!(!ran.out.contains("kf_right"));
}

#[tokio::test]
async fn a_wrong_token_is_not_kept() {
    let (fake, folder) = (Fake::start().await, TempDir::new().unwrap());
    let ran = alone(&folder).piping("kf_wrong").run(&["login", &fake.url]).await;
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("does not take your token") && !ran.err.contains("kf_wrong"), "{}", ran.err);
    for nonsense in ["", "two words", "line\nbreak"] {
        assert_eq!(alone(&folder).piping(nonsense).run(&["login", &fake.url]).await.code, 2, "{nonsense:?}");
    }
    let ran = alone(&folder).run(&["tasks"]).await;
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("keyfob: not signed in"));
    assert_eq!(alone(&folder).run(&["login"]).await.code, 2);
}

/// A saved token belongs to one server; naming another does not send it there.
#[tokio::test]
async fn a_saved_token_is_not_sent_to_another_server() {
    let (fake, other, folder) = (Fake::start().await, Fake::start().await, TempDir::new().unwrap());
    alone(&folder).piping("kf_right").run(&["login", &fake.url]).await;
    let mut start = alone(&folder);
    start.surroundings.url = Some(other.url.clone());
    assert_eq!(start.run(&["tasks"]).await.code, 3);
    assert!(other.seen().is_empty());

    let mut start = alone(&folder);
    start.surroundings.url = Some(fake.url.trim_end_matches('/').to_owned());
    assert_eq!(start.run(&["tasks"]).await.code, 0);

    let mut start = alone(&folder);
    start.surroundings.token = Some("kf_other".into());
    assert_eq!(start.run(&["tasks"]).await.code, 3, "the token in the environment goes first");
}

#[tokio::test]
async fn addresses_that_are_not_a_server_or_not_safe_are_refused() {
    let folder = TempDir::new().unwrap();
    for (url, why) in [
        ("keyfob.example.com", "relative URL"),
        ("ftp://example.com", "say https://HOST"),
        ("http://example.com", "in the clear"),
        ("http://127.0.0.1.example.com", "in the clear"),
        ("https://ann:pw@example.com", "leave out"),
        ("https://example.com/?a=b", "leave out"),
    ] {
        let ran = alone(&folder).piping("kf_right").run(&["login", url]).await;
        assert_eq!(ran.code, 2, "{url}");
        assert!(ran.err.contains(why), "{}", ran.err);
    }
    for safe in ["https://example.com", "http://localhost:8080", "http://127.0.0.2", "http://[::1]:1/keyfob"] {
        assert!(crate::cli::client::address(safe).is_ok(), "{safe}");
    }
}

#[tokio::test]
async fn a_damaged_sign_in_is_said_without_its_text() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("keyfob")).unwrap();
    std::fs::write(folder.path().join("keyfob/login.json"), "kf_secret").unwrap();
    let ran = alone(&folder).run(&["tasks"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("it is damaged") && !ran.err.contains("kf_secret"), "{}", ran.err);
}
