//! Tests: that the store has them, that they prove something, and that no snapshot is left behind.

use std::collections::BTreeSet;

use super::Finding;
use super::functions::functions;
use super::tree::{File, Tree};

/// Every public function of the store that reads or writes is called by a test of the store, which runs on both databases.
pub(super) fn store(tree: &Tree) -> Vec<Finding> {
    let mut called = BTreeSet::new();
    for (_, rust) in tree.rust("crates/store/tests/") {
        for named in &rust.paths {
            called.extend(named.parts.windows(2).map(|pair| pair.join("::")));
        }
    }
    let mut found = Vec::new();
    // The dialect layer is what every statement of every test goes through.
    for (file, rust) in tree.rust("crates/store/src/").filter(|(file, _)| file.name() != "sql.rs") {
        let nouns: Vec<&str> = file.path.trim_end_matches(".rs").split('/').skip(3).collect();
        for function in functions(&rust.lexed.code) {
            let is_public = function.depth == 0 && function.signature.starts_with("pub ");
            let name = &function.name;
            let is_called = nouns.iter().any(|noun| called.contains(&format!("{noun}::{name}")));
            if is_public && function.signature.contains("Tx") && !rust.is_test(function.first) && !is_called {
                let noun = nouns.first().copied().unwrap_or_default();
                let what =
                    format!("no test calls `{noun}::{name}`, write one in crates/store/tests for both databases");
                found.push(file.finding(function.first, what));
            }
        }
    }
    found
}

/// Nothing that makes a test say less than it seems to.
pub(super) fn habits(tree: &Tree) -> Vec<Finding> {
    const EVERYWHERE: [(&str, &str); 4] = [
        ("#[ignore", "an ignored test proves nothing, make it run or remove it"),
        ("#[should_panic", "a test that passes on any panic, match the error instead"),
        ("todo!(", "something left to do, do it"),
        ("unimplemented!(", "something left to do, do it"),
    ];
    const IN_TESTS: [(&str, &str); 1] = [("thread::sleep", "a test that sleeps, wait for what should happen")];
    const IN_BROWSER: [(&str, &str); 3] = [
        ("waitForTimeout(", "a test that sleeps, wait for what should be seen"),
        (".only(", "a test that silences the others, remove `only`"),
        (".skip(", "a skipped test proves nothing, make it run or remove it"),
    ];
    let mut found = Vec::new();
    for (file, rust) in tree.rust("") {
        for (line, text) in (1..).zip(rust.lexed.code.lines()) {
            let tests = IN_TESTS.iter().filter(|_| rust.is_test(line));
            let wrong = EVERYWHERE.iter().chain(tests).filter(|(sign, _)| text.contains(sign));
            found.extend(wrong.map(|(_, what)| file.finding(line, *what)));
        }
    }
    for file in tree.within("browser/", ".mjs") {
        for (line, text) in file.lines() {
            let wrong = IN_BROWSER.iter().filter(|(sign, _)| text.contains(sign));
            found.extend(wrong.map(|(_, what)| file.finding(line, *what)));
        }
    }
    found
}

/// Each snapshot still belongs to a test.
pub(super) fn snapshots(tree: &Tree) -> Vec<Finding> {
    let all = tree.within("", ".snap").filter(|file| file.path.contains("/snapshots/"));
    all.filter(|file| !is_taken(tree, file))
        .map(|file| file.finding(1, "no test takes this snapshot any more, remove the file"))
        .collect()
}

/// Whether the source that the snapshot names is there, beside it, and holds a test or a string of its name.
///
/// The file of the snapshot `name` of module `a::b` of crate `c` is `c__a__b__name.snap`; without a name of its own it is
/// the function's, counted from the second on (`name-2`). A suffix stands behind `@`.
fn is_taken(tree: &Tree, snapshot: &File) -> bool {
    let source = snapshot.text.lines().find_map(|line| line.strip_prefix("source: ")).unwrap_or_default().trim();
    let beside = snapshot.path.split("/snapshots/").next().unwrap_or_default();
    let Some((_, rust)) = tree.rust(beside).find(|(file, _)| file.path == source) else { return false };
    let stem = snapshot.name().trim_end_matches(".snap").split('@').next().unwrap_or_default();
    let name = stem.rsplit("__").next().unwrap_or_default();
    let uncounted =
        name.rsplit_once('-').filter(|(_, count)| count.chars().all(|c| c.is_ascii_digit())).map(|(name, _)| name);
    let is_name = |own: &str| own == name || Some(own) == uncounted;
    let has_function = functions(&rust.lexed.code)
        .iter()
        .any(|function| is_name(&function.name) || function.name.strip_prefix("test_").is_some_and(is_name));
    let has_text = rust.texts().any(|(_, text)| match text.split_once('{') {
        None => is_name(text),
        Some((before, _)) => !before.is_empty() && name.starts_with(before),
    });
    has_function || has_text
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_function_of_the_store_has_a_test() {
        let noun = "pub async fn find(tx: &mut Tx) {}\npub async fn list(tx: &mut Tx) {}\npub fn key(text: &str) {}\nasync fn row(tx: &mut Tx) {}\n";
        let files = [
            ("crates/store/src/user.rs", noun),
            ("crates/store/src/group.rs", "pub async fn find(tx: &mut Tx) {}\n"),
            (
                "crates/store/tests/it/user.rs",
                "async fn a() {\n    store::user::find(&mut tx);\n    user::list(&mut tx);\n}\n",
            ),
        ];
        assert_eq!(
            said(store, &files),
            [
                "crates/store/src/group.rs:1: no test calls `group::find`, write one in crates/store/tests for both databases"
            ]
        );
    }

    #[test]
    fn a_test_that_says_less_than_it_seems_is_found() {
        let source =
            "#[test]\n#[ignore]\nfn a() { thread::sleep(b); }\n#[should_panic]\nfn c() { todo!() }\n// #[ignore]\n";
        assert_eq!(said(habits, &[("crates/a/tests/it/main.rs", source)]).len(), 4);
        assert_eq!(said(habits, &[("crates/a/src/a.rs", source)]).len(), 3);
        assert_eq!(said(habits, &[("browser/tests/a.spec.mjs", "await page.waitForTimeout(100);\n")]).len(), 1);
    }

    #[test]
    fn a_snapshot_belongs_to_a_test() {
        let snap = "---\nsource: crates/a/tests/it/leaf.rs\nexpression: x\n---\nx\n";
        let source =
            "#[test]\nfn the_first() {}\n#[test]\nfn b() { check(\"named\"); check(format!(\"kind_{kind}\")); }\n";
        let mut files = vec![("crates/a/tests/it/leaf.rs", source)];
        let path = |name: &str| format!("crates/a/tests/it/snapshots/it__leaf__{name}.snap");
        let kept = ["the_first", "the_first-2", "named", "named@sqlite", "kind_open"].map(path);
        files.extend(kept.iter().map(|path| (path.as_str(), snap)));
        assert!(said(snapshots, &files).is_empty());
        let left = ["the_last", "the_first-b", "other"].map(path);
        files.extend(left.iter().map(|path| (path.as_str(), snap)));
        assert_eq!(said(snapshots, &files).len(), 3);
        files.remove(0);
        assert_eq!(said(snapshots, &files).len(), 8);
    }
}
