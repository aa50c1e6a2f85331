//! Limits on what a reader has to hold in mind at once.

use super::Finding;
use super::functions::{Function, functions};
use super::tree::Tree;

const FILE_LINES_MAX: usize = 700;
const FUNCTION_LINES_MAX: usize = 70;
const HANDLER_LINES_MAX: usize = 25;
const PARTIAL_LINES_MAX: usize = 59;

/// Where handlers live: the pages and the JSON API.
const DOORS: [&str; 4] =
    ["crates/server/src/web/", "crates/server/src/web.rs", "crates/server/src/api/", "crates/server/src/api.rs"];

/// No source file is longer than what can be read in one sitting.
pub(super) fn files(tree: &Tree) -> Vec<Finding> {
    let long = tree.rust("").map(|(file, _)| (file, file.text.lines().count()));
    long.filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(file, lines)| file.finding(1, format!("{lines} lines, split the file: at most {FILE_LINES_MAX}")))
        .collect()
}

/// No function is longer than a screen.
pub(super) fn functions_fit(tree: &Tree) -> Vec<Finding> {
    longer(tree, "", FUNCTION_LINES_MAX, |_| true)
}

/// A handler parses, asks the app once and answers.
pub(super) fn handlers(tree: &Tree) -> Vec<Finding> {
    let is_handler = |function: &Function| {
        function.signature.starts_with("pub")
            && function.signature.split("fn ").next().is_some_and(|s| s.contains("async"))
    };
    DOORS.iter().flat_map(|door| longer(tree, door, HANDLER_LINES_MAX, is_handler)).collect()
}

fn longer(tree: &Tree, folder: &str, lines_max: usize, counts: impl Fn(&Function) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, rust) in tree.rust(folder) {
        for function in functions(&rust.lexed.code) {
            let (name, length) = (&function.name, function.length());
            if length > lines_max && counts(&function) {
                let what = format!("`{name}` takes {length} lines, split it: at most {lines_max}");
                found.push(file.finding(function.first, what));
            }
        }
    }
    found
}

/// A partial is a part.
pub(super) fn partials(tree: &Tree) -> Vec<Finding> {
    tree.within("crates/server/templates/", ".html")
        .filter(|file| file.name().starts_with('_') || file.path.contains("/_"))
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > PARTIAL_LINES_MAX)
        .map(|(file, lines)| file.finding(1, format!("{lines} lines, split the partial: at most {PARTIAL_LINES_MAX}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    fn function(head: &str, lines: usize) -> String {
        format!("{head} {{\n{}}}\n", "    x();\n".repeat(lines - 2))
    }

    #[test]
    fn a_file_may_have_seven_hundred_lines() {
        let (fits, long) = ("\n".repeat(700), "\n".repeat(701));
        let said = said(files, &[("crates/a/src/a.rs", &fits), ("crates/a/src/b.rs", &long), ("c.md", &long)]);
        assert_eq!(said, ["crates/a/src/b.rs:1: 701 lines, split the file: at most 700"]);
    }

    #[test]
    fn a_function_may_have_seventy_lines() {
        let source = function("fn fits()", 70) + &function("fn long()", 71);
        let said = said(functions_fit, &[("crates/a/src/a.rs", &source)]);
        assert_eq!(said, ["crates/a/src/a.rs:71: `long` takes 71 lines, split it: at most 70"]);
    }

    #[test]
    fn a_handler_may_have_twenty_five_lines() {
        let source = function("pub(crate) async fn fits()", 25)
            + &function("async fn private()", 26)
            + &function("pub fn view()", 26)
            + &function("pub(super) async fn long()", 26);
        let files = [("crates/server/src/web/a.rs", source.as_str()), ("crates/server/src/app/a.rs", &source)];
        assert_eq!(
            said(handlers, &files),
            ["crates/server/src/web/a.rs:78: `long` takes 26 lines, split it: at most 25"]
        );
    }

    #[test]
    fn a_partial_may_have_fifty_nine_lines() {
        let (fits, long) = ("\n".repeat(59), "\n".repeat(60));
        let files = [
            ("crates/server/templates/a/_fits.html", fits.as_str()),
            ("crates/server/templates/a/_long.html", &long),
            ("crates/server/templates/_parts/long.html", &long),
            ("crates/server/templates/a/page.html", &long),
        ];
        assert_eq!(said(partials, &files).len(), 2);
    }
}
