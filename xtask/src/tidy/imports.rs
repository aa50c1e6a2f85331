//! Which module may name which: the one direction of the architecture, where Cargo cannot see it.

use super::Finding;
use super::lexer::Named;
use super::tree::Tree;

/// Modules that may not name some others.
struct Rule {
    /// Paths, without `.rs`, of the module or of the folder it stands for.
    of: &'static [&'static str],
    /// Beginnings of paths; `…` stands for any number of parts.
    not: &'static [&'static str],
    /// What to do about it.
    instead: &'static str,
}

const RULES: [Rule; 9] = [
    Rule {
        of: &["crates/domain/src", "crates/audit/src"],
        not: &[
            "axum",
            "reqwest",
            "sqlx",
            "std::env",
            "std::fs",
            "std::net",
            "std::process",
            "std::time::Instant",
            "std::time::SystemTime",
            "tokio",
        ],
        instead: "take it as an argument: here is no clock, no randomness and no outside",
    },
    Rule { of: &["crates/audit/src"], not: &["domain", "store"], instead: "the log knows nothing of what it records" },
    Rule { of: &["crates/store/src"], not: &["axum", "connect", "reqwest"], instead: "the store only remembers" },
    Rule { of: &["crates/connect/src"], not: &["axum", "sqlx", "store"], instead: "a connector is told all it needs" },
    Rule {
        of: &["crates/server/src/app"],
        not: &["crate::api", "crate::cli", "crate::web", "crate::worker"],
        instead: "a use case does not know which door it came through",
    },
    Rule {
        of: &["crates/server/src/web", "crates/server/src/api"],
        not: &["crate::worker", "store::…::Writer", "crate::app::…::Writer"],
        instead: "a door asks the app",
    },
    Rule {
        of: &["crates/server/src/worker"],
        not: &["crate::api", "crate::web"],
        instead: "the worker reports through the app",
    },
    Rule {
        of: &["crates/server/src/cli"],
        not: &["crate::app", "crate::web", "crate::worker", "store"],
        instead: "the command line speaks to the API like any other client",
    },
    Rule {
        of: &["crates/server/src/body"],
        not: &["audit", "connect", "crate", "store"],
        instead: "the bodies of the API stand alone, so that a client can use them",
    },
];

/// No module names what it may not know.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, rust) in tree.rust("crates/") {
        for rule in RULES.iter().filter(|rule| rule.of.iter().any(|of| is_in(&file.path, of))) {
            for named in rust.own_paths() {
                let parts = resolve(&file.path, named);
                if !is_own(&file.path, &parts) && rule.not.iter().any(|not| begins(&parts, not)) {
                    let (what, instead) = (parts.join("::"), rule.instead);
                    found.push(file.finding(named.line, format!("`{what}` may not be named here, {instead}")));
                }
            }
        }
    }
    found
}

fn is_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

/// The path from the crate's root, or from another crate's.
fn resolve(path: &str, named: &Named) -> Vec<String> {
    let mut module = module(path);
    let mut parts = named.parts.iter().peekable();
    if !matches!(parts.peek().map(|part| part.as_str()), Some("self" | "super")) {
        return named.parts.clone();
    }
    while let Some(part) = parts.next_if(|part| matches!(part.as_str(), "self" | "super")) {
        if part == "super" {
            module.pop();
        }
    }
    std::iter::once("crate").chain(module).map(str::to_owned).chain(parts.cloned()).collect()
}

/// Whether a path leads into the module itself, whose parts may name each other.
fn is_own(path: &str, parts: &[String]) -> bool {
    let [first, second, ..] = parts else { return false };
    first == "crate" && module(path).first() == Some(&second.as_str())
}

/// The parts of a module's path: `crates/server/src/web/home.rs` is `web`, `home`.
fn module(path: &str) -> Vec<&str> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside).trim_end_matches(".rs");
    inside.split('/').filter(|part| !matches!(*part, "lib" | "main")).collect()
}

/// Whether `parts` begin as `pattern` says.
fn begins(parts: &[String], pattern: &str) -> bool {
    let starts = |parts: &[String], pattern: &str| {
        let mut wanted = pattern.split("::").filter(|part| !part.is_empty());
        wanted.all({
            let mut parts = parts.iter();
            move |part| parts.next().is_some_and(|own| own == part)
        })
    };
    match pattern.split_once("…") {
        None => starts(parts, pattern),
        Some((before, after)) => {
            let last = after.trim_start_matches("::");
            starts(parts, before) && parts.iter().any(|part| part == last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    /// The first name that each file may not use.
    fn refused(path: &str, source: &str) -> Vec<String> {
        let refused = said(check, &[(path, source)]);
        refused.iter().filter_map(|finding| finding.split('`').nth(1)).map(str::to_owned).collect()
    }

    #[test]
    fn the_rules_know_nothing_of_the_outside() {
        let source =
            "use std::{collections::BTreeMap, fs, time::{Duration, SystemTime}};\nfn a() { std::env::var(\"A\"); }\n";
        assert_eq!(refused("crates/domain/src/a.rs", source), ["std::fs", "std::time::SystemTime", "std::env::var"]);
        assert!(refused("crates/server/src/config.rs", source).is_empty());
    }

    #[test]
    fn their_tests_may_read_files() {
        let source = "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert!(refused("crates/domain/src/a.rs", source).is_empty());
        assert!(refused("crates/domain/tests/it/main.rs", "use std::fs;\n").is_empty());
    }

    #[test]
    fn the_app_knows_no_door() {
        let source = "use crate::web;\nuse super::super::worker::nudge;\nuse crate::{api::router, words};\n";
        assert_eq!(
            refused("crates/server/src/app/requests.rs", source),
            ["crate::web", "crate::worker::nudge", "crate::api::router"]
        );
        assert_eq!(refused("crates/server/src/app.rs", "use super::cli::run;\n"), ["crate::cli::run"]);
        assert!(refused("crates/server/src/application.rs", source).is_empty());
    }

    #[test]
    fn a_door_reads_but_never_writes() {
        let source = "use store::{Reader, Writer};\nuse store::tx::Writer as W;\nuse crate::app::App;\n";
        for door in ["crates/server/src/web/a.rs", "crates/server/src/api.rs"] {
            assert_eq!(refused(door, source), ["store::Writer", "store::tx::Writer"]);
        }
    }

    #[test]
    fn the_worker_and_the_command_line_keep_to_their_side() {
        assert_eq!(refused("crates/server/src/worker/lane.rs", "use crate::api::x;\n"), ["crate::api::x"]);
        assert_eq!(
            refused("crates/server/src/cli/ask.rs", "use store::user;\nuse crate::body::User;\n"),
            ["store::user"]
        );
    }

    #[test]
    fn the_bodies_stand_alone() {
        let source = "use crate::words::say;\nuse domain::id::UserId;\nuse serde::Serialize;\n";
        assert_eq!(refused("crates/server/src/body.rs", source), ["crate::words::say"]);
        let part = "use super::User;\nuse crate::body::Principal;\nuse crate::app::App;\n";
        assert_eq!(refused("crates/server/src/body/directory.rs", part), ["crate::app::App"]);
    }

    #[test]
    fn the_store_and_the_connectors_do_not_meet() {
        assert_eq!(refused("crates/store/src/a.rs", "use connect::sim;\n"), ["connect::sim"]);
        assert_eq!(refused("crates/connect/src/a.rs", "use sqlx;\nlet a = store::find();\n"), ["sqlx", "store::find"]);
    }
}
