//! Where things go and how files begin.

use super::Finding;
use super::tree::Tree;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 11] =
    ["common", "data", "handler", "handlers", "helper", "helpers", "info", "manager", "service", "util", "utils"];

/// Each module begins with a sentence that says what it is for.
pub(super) fn heads(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, _) in tree.rust("") {
        // Shared attributes such as lints may stand before it only in a crate root, and there it goes first as well.
        let head = file.text.lines().find(|line| !line.trim().is_empty()).and_then(|line| line.strip_prefix("//!"));
        match head.map(str::trim) {
            None => {
                found.push(file.finding(1, "no `//!` head, begin with a sentence that says what the module is for"))
            }
            Some(sentence) if sentence.split_whitespace().count() < 2 => {
                found.push(file.finding(1, "the `//!` head says nothing, write a sentence"));
            }
            Some(_) => {}
        }
    }
    found
}

/// A module is named by its file, and the name says something.
pub(super) fn names(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, _) in tree.rust("") {
        let stem = file.name().trim_end_matches(".rs");
        if stem == "mod" {
            found.push(file.finding(1, "a tab called mod.rs helps nobody, name the file after its folder"));
        }
        if EMPTY_NAMES.contains(&stem) {
            found.push(file.finding(1, format!("`{stem}` says nothing, name the module after what is in it")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_module_begins_with_its_sentence() {
        let files = [
            ("crates/a/src/a.rs", "//! What a grant is.\n"),
            ("crates/a/src/b.rs", "use x;\n//! Late.\n"),
            ("crates/a/src/c.rs", "//! TODO\n"),
            ("crates/a/src/d.rs", ""),
        ];
        let said = said(heads, &files);
        assert_eq!(said.len(), 3);
        assert!(said.iter().all(|finding| !finding.contains("/a.rs")));
    }

    #[test]
    fn a_file_has_a_name_that_says_something() {
        let files = [("crates/a/src/a/mod.rs", ""), ("crates/a/src/utils.rs", ""), ("crates/a/src/model.rs", "")];
        assert_eq!(
            said(names, &files),
            [
                "crates/a/src/a/mod.rs:1: a tab called mod.rs helps nobody, name the file after its folder",
                "crates/a/src/utils.rs:1: `utils` says nothing, name the module after what is in it",
            ]
        );
    }
}
