//! One permission table names every route, verb, action and job (I54): the tests walk it.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::Arc;

use domain::job::Act;
use domain::permission::TABLE;
use server::app::App;
use server::http::{self, Settings, Site};
use server::web;
use store::{Database, Location};

fn listed(prefixes: &[&str]) -> BTreeSet<String> {
    let wanted = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
    TABLE.iter().map(|row| row.name.to_owned()).filter(|name| wanted(name)).collect()
}

/// I54: the rows of the table and the registered routes of all sides are the same, in both directions.
#[tokio::test]
async fn every_route_is_a_row_and_every_row_a_route() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let database = Database::create(&location, store::Settings::default()).await.unwrap();
    let site = Site::new(App::new(database.writer(), database.reader()), Settings::default());
    let pages = web::with_demo(web::routes(&site), Arc::new(|_| {}));
    let (health, api) = (http::health(&site), server::api::routes(&site));
    let operator = server::api::operator_routes(&site);
    let all = [pages.names(), health.names(), api.names(), operator.names()].concat();
    let registered: BTreeSet<String> = all.into_iter().map(str::to_owned).collect();
    assert_eq!(registered, listed(&["GET ", "POST ", "PATCH ", "PUT ", "DELETE "]));
}

/// I54: every command of the command line is a row.
#[tokio::test]
async fn every_verb_is_a_row() {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_keyfob"));
    let output = command.arg("--help").stdin(Stdio::null()).output().await.unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let section = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let verbs = section.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let verbs: BTreeSet<String> = verbs
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help")
        .map(|verb| format!("cli {verb}"))
        .collect();
    assert_eq!(verbs, listed(&["cli "]));
}

/// I54: every job is a row.
#[test]
fn every_job_is_a_row() {
    let acts =
        [Act::Give, Act::Take].map(|act| format!("job {}", serde_json::to_value(act).unwrap().as_str().unwrap()));
    let loops = ["expire_grants", "expire_requests", "start_scheduled", "forget"].map(|name| format!("job {name}"));
    let all: BTreeSet<String> = acts.into_iter().chain(loops).collect();
    assert_eq!(all, listed(&["job "]));
}
