//! Every sentence shown stands in the catalogue, and every sentence of the catalogue is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::lexer::Kind;
use super::tree::{File, Rust, Tree};

const CATALOGUE: &str = "crates/server/locales/en.ftl";

/// A comment that begins so says that the keys below it, up to the next blank line, are put together at run time.
const DYNAMIC: &str = "# dynamic";

/// Keys used exist, and keys that exist are used.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(catalogue) = tree.find(CATALOGUE) else { return Vec::new() };
    let keys = keys(&catalogue.text);
    let mut uses = Uses::default();
    for (file, rust) in tree.rust("crates/server/src/") {
        uses.read_rust(file, rust);
    }
    for file in tree.within("crates/server/templates/", "") {
        uses.read_template(file);
    }
    let missing = uses.asked.iter().filter(|(key, _, _)| !keys.contains_key(key.as_str())).map(|(key, file, line)| {
        Finding { path: file.clone(), line: *line, what: format!("`{key}` is not in en.ftl, write the sentence") }
    });
    let unused = keys.iter().filter(|(key, (_, is_dynamic))| {
        !is_dynamic && !uses.written.contains(**key) && !catalogue.text.contains(&format!("{{ {key} }}"))
    });
    let unused = unused.map(|(key, (line, _))| {
        catalogue.finding(*line, format!("`{key}` is never shown, remove it or put `{DYNAMIC}` above it"))
    });
    missing.chain(unused).collect()
}

/// Each key with its line and whether it is put together at run time.
fn keys(catalogue: &str) -> BTreeMap<&str, (usize, bool)> {
    let mut keys = BTreeMap::new();
    let mut is_dynamic = false;
    for (number, line) in (1..).zip(catalogue.lines()) {
        is_dynamic = (is_dynamic || line.starts_with(DYNAMIC)) && !line.trim().is_empty();
        let key = line.split_once('=').map(|(key, _)| key.trim_end());
        if let Some(key) = key.filter(|key| is_key(key)) {
            keys.insert(key, (number, is_dynamic));
        }
    }
    keys
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Where keys stand.
#[derive(Default)]
struct Uses {
    /// Those a sentence is asked for by: key, path and line.
    asked: Vec<(String, String, usize)>,
    /// Every string that could be a key, for many are chosen by a `match` first.
    written: BTreeSet<String>,
}

impl Uses {
    fn read_rust(&mut self, file: &File, rust: &Rust) {
        let tokens = &rust.lexed.tokens;
        for (at, token) in tokens.iter().enumerate() {
            let Kind::Text(text) = &token.kind else { continue };
            if rust.is_test(token.line) || !is_key(text) {
                continue;
            }
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            let is_asked = before(1).is_some_and(|token| token.is_sign('('))
                && before(2).is_some_and(|token| token.is_word("say") || token.is_word("tell"))
                && !before(3).is_some_and(|token| token.is_sign('.'));
            self.note(file, token.line, text, is_asked);
        }
    }

    fn read_template(&mut self, file: &File) {
        for (line, text) in file.lines() {
            for inside in ["{{", "{%"].iter().flat_map(|open| text.split(open).skip(1)) {
                let inside = inside.split("}}").next().and_then(|inside| inside.split("%}").next()).unwrap_or_default();
                // Every second piece stands between quotes.
                let pieces: Vec<&str> = inside.split('"').collect();
                for window in pieces.windows(3).step_by(2) {
                    if let [before, key, after] = window
                        && is_key(key)
                    {
                        let is_asked = is_call(before) || is_filter(after);
                        self.note(file, line, key, is_asked);
                    }
                }
            }
        }
    }

    fn note(&mut self, file: &File, line: usize, key: &str, is_asked: bool) {
        if is_asked {
            self.asked.push((key.to_owned(), file.path.clone(), line));
        }
        self.written.insert(key.to_owned());
    }
}

/// Whether what stands before a string asks for its sentence; after a bar it only fills in a blank.
fn is_call(before: &str) -> bool {
    let call = before.strip_suffix("say(").or_else(|| before.strip_suffix("tell("));
    call.is_some_and(|before| !before.trim_end().ends_with('|'))
}

/// Whether what follows a string hands it to `say` or `tell`.
fn is_filter(after: &str) -> bool {
    let filter = after.trim_start().strip_prefix('|').map(str::trim_start).unwrap_or_default();
    filter.starts_with("say") || filter.starts_with("tell")
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    const TEMPLATE: &str = "crates/server/templates/a.html";
    const SOURCE: &str = "crates/server/src/web/a.rs";

    #[test]
    fn a_key_that_is_used_exists() {
        let files = [
            (CATALOGUE, "there = Here.\n"),
            (
                SOURCE,
                "fn a() {\n    out.say(\"kind\", 1);\n    say(\"there\");\n    tell(\n        \"gone\",\n        &[],\n    );\n}\n",
            ),
            (
                TEMPLATE,
                "<p title=\"{{ \"lost\"|say }}\">{{ crate::words::say(\"missing\") }} {{ \"there\" | tell(\"n\", n) }}</p>",
            ),
        ];
        assert_eq!(
            said(check, &files),
            [
                "crates/server/src/web/a.rs:5: `gone` is not in en.ftl, write the sentence",
                "crates/server/templates/a.html:1: `lost` is not in en.ftl, write the sentence",
                "crates/server/templates/a.html:1: `missing` is not in en.ftl, write the sentence",
            ]
        );
    }

    #[test]
    fn a_key_that_exists_is_used() {
        let catalogue = "idle = Nobody says this.\nbusy = { part }\n    .more = x\npart = A part\nchosen =\n    { $n ->\n       *[other] x\n    }\n";
        let source = "fn a() { let key = if b { \"busy\" } else { \"chosen\" }; }\n";
        assert_eq!(
            said(check, &[(CATALOGUE, catalogue), (SOURCE, source)]),
            ["crates/server/locales/en.ftl:1: `idle` is never shown, remove it or put `# dynamic` above it"]
        );
    }

    #[test]
    fn keys_put_together_at_run_time_say_so() {
        let catalogue = "# dynamic: status-{ state }\nstatus-open = Open\nstatus-done = Done\n\nidle = x\n";
        let said = said(check, &[(CATALOGUE, catalogue)]);
        assert_eq!(said.len(), 1);
        assert!(said.iter().all(|finding| finding.contains(":5: `idle`")));
    }

    #[test]
    fn what_only_a_test_says_does_not_count() {
        let source = "#[cfg(test)]\nmod tests {\n    fn a() { say(\"none\"); say(\"idle\"); }\n}\n";
        assert_eq!(said(check, &[(CATALOGUE, "idle = x\n"), (SOURCE, source)]).len(), 1);
    }
}
