//! The real executable: what it says when it cannot start, and what is left when it is killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Output, Stdio};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const KEYFOB: &str = env!("CARGO_BIN_EXE_keyfob");

/// Runs a command to its end.
async fn keyfob(arguments: &[&str]) -> Output {
    let mut command = Command::new(KEYFOB);
    command.args(arguments).env_remove("KEYFOB_URL").env_remove("KEYFOB_TOKEN").stdin(Stdio::null());
    command.output().await.unwrap()
}

fn said(output: &[u8]) -> String {
    String::from_utf8_lossy(output).trim().to_owned()
}

/// A running server.
struct Server {
    process: Child,
    url: String,
    client: Client,
    tokens: BTreeMap<String, String>,
}

impl Server {
    /// Starts it and waits until it says where it is.
    async fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(KEYFOB);
        command.args(arguments).args(["--port", "0"]).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines.next_line().await.unwrap().expect("the server says where it is");
            if let Some(url) = line.strip_prefix("Keyfob is at ") {
                break url.to_owned();
            }
        };
        let _once = rustls::crypto::ring::default_provider().install_default();
        Self { process, url, client: Client::new(), tokens: BTreeMap::new() }
    }

    /// A token of this person, made by the operator while the server runs.
    async fn token(&mut self, data: &Path, who: &str) -> String {
        if let Some(token) = self.tokens.get(who) {
            return token.clone();
        }
        let made = keyfob(&["token", "create", "--data", data.to_str().unwrap(), "--user", who]).await;
        assert!(made.status.success(), "{}", said(&made.stderr));
        let token = said(&made.stdout);
        self.tokens.insert(who.to_owned(), token.clone());
        token
    }

    /// What the API answers; `None` = the server is gone.
    async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<(&str, &Value)>,
    ) -> Option<(StatusCode, Value)> {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(token);
        if let Some((key, body)) = body {
            request = request.header("Idempotency-Key", key).json(body);
        }
        let response = request.send().await.ok()?;
        let status = response.status();
        Some((status, response.json().await.ok()?))
    }

    async fn get(&self, token: &str, path: &str) -> Value {
        self.call(token, Method::GET, path, None).await.expect("the server answers").1
    }

    /// Pulls the plug while every life is being filed, each at another point of its way.
    async fn kill_amid(mut self, lives: &[Life], round: usize) {
        let helpdesk = self.tokens["helpdesk"].clone();
        let mut flying = tokio::task::JoinSet::new();
        for life in lives {
            let request = self.client.post(format!("{}/api/v1/submissions", self.url)).bearer_auth(&helpdesk);
            flying.spawn(request.header("Idempotency-Key", &life.key).json(&life.asked).send());
        }
        for _ in 0..round {
            // What is answered by then was acknowledged; the rest is cut somewhere on its way.
            flying.join_next().await;
        }
        self.process.start_kill().unwrap();
        self.process.wait().await.unwrap();
        flying.join_all().await;
    }

    /// Tells it to stop and waits until it has.
    async fn stop(mut self) {
        let pid = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        assert!(self.process.wait().await.unwrap().success(), "it stops in order");
    }
}

/// Every line that a failing start prints is one, says what to do, and the exit is not zero.
#[tokio::test]
async fn what_cannot_start_says_so_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let bad = folder.path().join("bad.toml");
    std::fs::write(&bad, "[server]\nprot = 1\n").unwrap();
    let (bad, nowhere) = (bad.to_str().unwrap(), folder.path().join("nothing"));
    let nowhere = nowhere.to_str().unwrap();
    for (arguments, expected) in [
        (&["config", "check", "--config", bad][..], "prot"),
        (&["config", "check", "--config", nowhere], "no configuration file"),
        (&["doctor", "--data", nowhere], "keyfob migrate"),
        (&["audit", "verify", "--data", nowhere], "keyfob migrate"),
        (&["token", "create", "--data", nowhere, "--user", "a@b.c"], "keyfob migrate"),
        (&["serve", "--no-migrate", "--data", nowhere, "--port", "0"], "keyfob migrate"),
        (
            &["serve", "--data", data, "--port", "0", "--database", "postgres://nobody@127.0.0.1:1/x"],
            "cannot be opened",
        ),
        (&["serve", "--data", "/proc/keyfob", "--port", "0"], "cannot be used"),
    ] {
        let output = keyfob(arguments).await;
        let error = said(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
        assert!(error.starts_with("keyfob: ") && error.contains(expected), "{arguments:?}: {error}");
    }
}

/// A folder in use and a busy port are told apart, and neither harms the server that runs.
#[tokio::test]
async fn a_second_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let server = Server::start(&["serve", "--data", data]).await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let second = keyfob(&["serve", "--data", data, "--port", "0"]).await;
    assert!(!second.status.success() && said(&second.stderr).contains("in use"), "{}", said(&second.stderr));
    let other = folder.path().join("other");
    let busy = keyfob(&["serve", "--data", other.to_str().unwrap(), "--port", &port]).await;
    assert!(!busy.status.success() && said(&busy.stderr).contains("--port"), "{}", said(&busy.stderr));
    let sound = keyfob(&["doctor", "--data", data]).await;
    assert!(sound.status.success(), "{}", said(&sound.stdout));
    server.stop().await;
    assert!(keyfob(&["audit", "verify", "--data", data]).await.status.success());
}

/// `config check` prints what is in force, with the environment on top and without secrets (I44).
#[tokio::test]
async fn the_effective_configuration_holds_no_secret() {
    let mut command = Command::new(KEYFOB);
    command.args(["config", "check"]).env("KEYFOB__DATABASE__URL", "postgres://u:hunter2@db/x");
    let output = command.env("KEYFOB__SERVER__PORT", "9090").output().await.unwrap();
    let text = said(&output.stdout);
    assert!(output.status.success() && text.contains("port = 9090") && text.contains("url = \"(set)\""), "{text}");
    assert!(!text.contains("hunter2"));
    let mut command = Command::new(KEYFOB);
    let output = command.args(["config", "check"]).env("KEYFOB__SERVER__PROT", "1").output().await.unwrap();
    assert!(!output.status.success() && said(&output.stderr).contains("prot"), "{}", said(&output.stderr));
}

/// One request on its way: who is to get what.
struct Life {
    key: String,
    asked: Value,
    number: Option<String>,
}

/// Ten times somebody pulls the plug while requests are on their way (F1, I17, I18, I19, I20): what was acknowledged
/// is there, nothing is there twice, the log is whole, and the target holds what the grants say.
#[tokio::test]
async fn ten_kills_lose_nothing_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let arguments = ["demo", "--data", data.to_str().unwrap()];
    let mut lives = plan(&arguments, &data).await;
    for round in 0..10 {
        let mut server = Server::start(&arguments).await;
        // Where the plug is pulled differs from round to round, also within a use case.
        let calls = 3 + round * 2;
        live(&mut server, &data, &mut lives, calls).await;
        server.kill_amid(&lives, round).await;
    }
    let mut server = Server::start(&arguments).await;
    while live(&mut server, &data, &mut lives, usize::MAX).await {}
    let admin = server.token(&data, "admin@example.com").await;
    for life in &lives {
        let number = life.number.as_deref().expect("every life was filed in the end");
        let request = until_granted(&server, &admin, number).await;
        assert_eq!(request["fulfilment"], "granted", "{request:#}");
        let (subject, entitlement) =
            (request["subject"]["id"].as_str().unwrap(), request["entitlement"]["id"].as_str().unwrap());
        let same = server.get(&admin, &format!("/requests?subject={subject}&entitlement={entitlement}")).await;
        assert_eq!(same["items"].as_array().unwrap().len(), 1, "{number} is there once");
        let again =
            server.call(&server.tokens["helpdesk"], Method::POST, "/submissions", Some((&life.key, &life.asked)));
        let (status, again) = again.await.unwrap();
        assert_eq!((status.as_u16(), again["requests"][0]["number"].as_str()), (201, Some(number)), "I18");
    }
    server.stop().await;
    for check in [["doctor", "--data"], ["audit verify", "--data"]] {
        let mut all: Vec<&str> = check[0].split(' ').collect();
        all.extend(["--data", data.to_str().unwrap()]);
        let output = keyfob(&all).await;
        assert!(output.status.success(), "{}", said(&output.stdout));
    }
    holds_what_it_should(&data).await;
}

/// Waits for the worker, which tells nobody when it is done.
async fn until_granted(server: &Server, admin: &str, number: &str) -> Value {
    loop {
        let request = server.get(admin, &format!("/requests/{number}")).await;
        if request["fulfilment"] != "queued" && request["fulfilment"] != "provisioning" {
            return request;
        }
        tokio::task::yield_now().await;
    }
}

/// What the target holds is what the grants say.
async fn holds_what_it_should(data: &Path) {
    let location = store::Location::Folder(data.to_owned());
    let database = store::Database::open(&location, store::Settings::default()).await.unwrap();
    let sim = connect::sim::Sim::open(&data.join("sim.target"), connect::sim::SimSettings::default()).unwrap();
    let held = sim.holdings().into_iter().map(|held| (held.app, held.account, held.entitlement)).collect();
    testkit::invariants::hold(&database.reader(), Some(&held)).await;
    database.close().await;
}

/// A dozen people who shall get something that the simulated target gives.
async fn plan(arguments: &[&str], data: &Path) -> Vec<Life> {
    let mut server = Server::start(arguments).await;
    let admin = server.token(data, "admin@example.com").await;
    let apps = server.get(&admin, "/apps?limit=200").await;
    let sims: Vec<_> = apps["items"].as_array().unwrap().iter().filter(|app| app["connector"] == "sim").collect();
    let people = server.get(&admin, "/users?limit=200").await;
    let mut lives = Vec::new();
    for person in people["items"].as_array().unwrap() {
        let (mail, manager) = (person["email"].as_str().unwrap(), &person["manager"]);
        if lives.len() == 12 || manager.is_null() || person["status"] != "active" || person["kind"] != "person" {
            continue;
        }
        for app in &sims {
            let key = format!("{}/access", app["slug"].as_str().unwrap());
            let asked = json!({ "for": mail, "items": [{ "entitlement": key, "duration": "P7D" }], "justification": "To work" });
            let preview = server.client.post(format!("{}/api/v1/preview", server.url)).bearer_auth(&admin).json(&asked);
            let preview: Value = preview.send().await.unwrap().json().await.unwrap();
            let held = server.get(&admin, &format!("/grants?user={mail}&entitlement={key}")).await;
            let item = &preview["items"][0];
            let simple = item["problems"].as_array().is_some_and(Vec::is_empty) && approvals(item) == 1;
            if simple && held["items"].as_array().is_some_and(Vec::is_empty) {
                lives.push(Life { key: format!("life-{mail}"), asked, number: None });
                break;
            }
        }
    }
    assert!(lives.len() >= 8, "{} lives", lives.len());
    server.stop().await;
    lives
}

/// How many approvals a previewed item needs.
fn approvals(item: &Value) -> usize {
    item["steps"].as_array().map_or(0, |steps| steps.iter().filter(|step| step["kind"] == "approval").count())
}

/// Moves every life on, until so many calls were made. `false` = nothing is left to do.
async fn live(server: &mut Server, data: &Path, lives: &mut [Life], mut calls: usize) -> bool {
    let helpdesk = helpdesk(server, data).await;
    let mut moved = false;
    for life in lives {
        if calls == 0 {
            return true;
        }
        calls -= 1;
        let filed = server.call(&helpdesk, Method::POST, "/submissions", Some((&life.key, &life.asked))).await;
        let Some((status, filed)) = filed else { return true };
        assert_eq!(status.as_u16(), 201, "{filed:#}");
        let number = filed["requests"][0]["number"].as_str().unwrap().to_owned();
        assert!(life.number.as_ref().is_none_or(|known| *known == number), "the same key gives the same request");
        life.number = Some(number.clone());
        let request = server.get(&helpdesk, &format!("/requests/{number}")).await;
        if request["approval"] != "pending" {
            continue;
        }
        moved = true;
        let approver = request["steps"][0]["approvers"][0]["email"].as_str().unwrap().to_owned();
        let token = server.token(data, &approver).await;
        let tasks = server.get(&token, &format!("/tasks?assignee=me&request={number}")).await;
        let task = &tasks["items"][0];
        let path = format!("/tasks/{}/approve", task["id"].as_str().unwrap());
        let body = json!({ "digest": task["digest"] });
        // Two at once: the plug is pulled while one may still be on its way.
        let (once, _) = tokio::join!(
            server.call(&token, Method::POST, &path, Some(("x", &body))),
            server.call(&helpdesk, Method::GET, "/requests?limit=20", None),
        );
        assert!(once.is_none_or(|(status, _)| status.is_success()));
    }
    moved
}

/// The token of somebody who may request for anyone.
async fn helpdesk(server: &mut Server, data: &Path) -> String {
    let admin = server.token(data, "admin@example.com").await;
    let people = server.get(&admin, "/users?limit=200").await;
    let found = people["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["roles"].as_array().unwrap().iter().any(|role| role == "helpdesk"));
    let mail = found.unwrap()["email"].as_str().unwrap().to_owned();
    let token = server.token(data, &mail).await;
    server.tokens.insert("helpdesk".to_owned(), token.clone());
    token
}
