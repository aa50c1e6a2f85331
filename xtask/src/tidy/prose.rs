//! What is written about the project is true and speaks of nothing else.

use super::Finding;
use super::tree::{File, Tree};

const MAP: &str = "ARCHITECTURE.md";
const MAP_LINES_MAX: usize = 150;

/// The documents whose paths must exist.
const DOCUMENTS: [&str; 2] = [MAP, "CONTRIBUTING.md"];

/// Words that only made sense where and when something was written; in two halves, for this file is read as well.
const PASSING: [(&str, &str); 4] = [("../sh", "ared"), ("/wo", "rk/"), ("suba", "gent"), ("this ses", "sion")];

/// The map is short, what it names exists, and no file speaks of where it was written.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    match tree.find(MAP).map(|map| (map, map.text.lines().count())) {
        None => found.push(Finding { path: MAP.to_owned(), line: 1, what: "there is no map, write one".to_owned() }),
        Some((map, lines)) if lines > MAP_LINES_MAX => {
            found.push(map.finding(1, format!("{lines} lines, shorten the map: at most {MAP_LINES_MAX}")));
        }
        Some(_) => {}
    }
    for document in DOCUMENTS.iter().filter_map(|path| tree.find(path)) {
        found.extend(lost_paths(tree, document));
    }
    for file in tree.files() {
        found.extend(passing(file));
    }
    found
}

fn passing(file: &File) -> Vec<Finding> {
    let phrases = PASSING.map(|(first, second)| format!("{first}{second}"));
    let mut found = Vec::new();
    for (line, text) in file.lines() {
        let text = text.to_lowercase();
        for phrase in phrases.iter().filter(|phrase| text.contains(*phrase)) {
            found.push(file.finding(line, format!("`{phrase}` speaks of something outside the product, remove it")));
        }
    }
    found
}

/// The paths in backticks that lead nowhere.
fn lost_paths(tree: &Tree, document: &File) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for (line, text) in document.lines() {
        if text.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        // Between backticks stands every second piece.
        for span in text.split('`').skip(1).step_by(2).filter(|span| !is_fenced && is_path(span)) {
            if !tree.has(span) && !tree.has(&format!("crates/{span}")) {
                found.push(document.finding(line, format!("`{span}` does not exist, say where it is now")));
            }
        }
    }
    found
}

/// Whether a span names a path of the repository rather than an address, a command or a pattern.
fn is_path(span: &str) -> bool {
    let is_plain = span.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'));
    is_plain && span.contains('/') && !span.starts_with('/') && !span.starts_with("target/")
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_path_that_is_named_exists() {
        let map = "See `crates/a/src/`, `a/src/a.rs` and `crates/b/src/b.rs`, at `/requests` or `GET /a/b`.\n```text\n`c/d`\n```\n`e/f`\n";
        assert_eq!(
            said(check, &[(MAP, map), ("crates/a/src/a.rs", "")]),
            [
                "ARCHITECTURE.md:1: `crates/b/src/b.rs` does not exist, say where it is now",
                "ARCHITECTURE.md:5: `e/f` does not exist, say where it is now",
            ]
        );
    }

    #[test]
    fn the_map_is_there_and_short() {
        assert_eq!(said(check, &[]), ["ARCHITECTURE.md:1: there is no map, write one"]);
        assert!(said(check, &[(MAP, &"\n".repeat(150))]).is_empty());
        assert_eq!(said(check, &[(MAP, &"\n".repeat(151))]).len(), 1);
    }

    #[test]
    fn what_lies_outside_is_not_spoken_of() {
        for (first, second) in PASSING {
            let text = format!("one\nas {} said{} it\n", first.to_uppercase(), second).replace(" said", "");
            let said = said(check, &[(MAP, ""), ("crates/a/static/a.css", &text)]);
            assert_eq!(said.len(), 1, "{text}");
            assert!(said.iter().all(|finding| finding.starts_with("crates/a/static/a.css:2: ")));
        }
    }
}
