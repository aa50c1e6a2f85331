//! SQL: in the store only, one text for both databases, never put together from values.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

/// From this many pairs on, the rule of one text has failed and the design is to be reopened.
const DIALECTS_BELOW: usize = 10;

const STORE: &str = "crates/store/";

/// No SQL outside the store, and nowhere a way around sqlx's refusal of built statements.
pub(super) fn outside(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, rust) in tree.rust("crates/") {
        for token in rust.lexed.tokens.iter().filter(|token| token.is_word("AssertSqlSafe")) {
            found.push(file.finding(token.line, "a statement put together at run time, write it as a literal"));
        }
        if file.path.starts_with(STORE) {
            continue;
        }
        for (line, _) in rust.texts().filter(|(_, text)| is_sql(text)) {
            found.push(file.finding(line, "SQL outside the store, call a function of `store`"));
        }
    }
    found
}

/// Whether a string is a statement rather than a sentence that begins with the same word.
fn is_sql(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches("\\n").trim_start().to_lowercase();
    let begins = |word: &str, and: &str| text.strip_prefix(word).is_some_and(|rest| rest.contains(and));
    begins("insert into ", "") || begins("delete from ", "") || begins("select ", "from ") || begins("update ", " set ")
}

/// Statements that differ between the databases stay few.
pub(super) fn dialects(tree: &Tree) -> Vec<Finding> {
    let mut pairs = Vec::new();
    for (file, rust) in tree.rust("crates/store/src/") {
        let tokens = &rust.lexed.tokens;
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_word("Dialect")) {
            let is_pair = tokens.get(at + 1).is_some_and(|next| next.is_sign('{'));
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let is_item =
                before.is_some_and(|before| ["struct", "impl", "for"].iter().any(|word| before.is_word(word)));
            // `-> Dialect {` is the head of a function.
            if is_pair && !is_item && !before.is_some_and(|before| before.is_sign('>')) {
                pairs.push(file.finding(token.line, String::new()));
            }
        }
    }
    let many = pairs.len();
    let what = format!("the tenth `Dialect` pair of {many}, find one text for both databases");
    pairs
        .into_iter()
        .skip(DIALECTS_BELOW - 1)
        .take(1)
        .map(|finding| Finding { what: what.clone(), ..finding })
        .collect()
}

/// Each migration has its twin for the other database.
pub(super) fn twins(tree: &Tree) -> Vec<Finding> {
    const FOLDERS: [&str; 2] = ["crates/store/migrations/sqlite/", "crates/store/migrations/postgres/"];
    let [sqlite, postgres] =
        FOLDERS.map(|folder| tree.within(folder, ".sql").map(|file| file.name()).collect::<BTreeSet<_>>());
    let mut found = Vec::new();
    for (folder, names, twins) in [(FOLDERS[0], &sqlite, &postgres), (FOLDERS[1], &postgres, &sqlite)] {
        for name in names.difference(twins) {
            let what = "a migration without its twin, write it under the same name for the other database".to_owned();
            found.push(Finding { path: format!("{folder}{name}"), line: 1, what });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn sql_stands_in_the_store() {
        let source = "fn a() {\n    one!(tx, \"select id from users where id = $1\");\n    all!(tx, r#\"\n  Update users set a = 1\"#);\n}\n";
        let files = [("crates/store/src/user.rs", source), ("crates/server/src/app/users.rs", source)];
        assert_eq!(
            said(outside, &files),
            [
                "crates/server/src/app/users.rs:2: SQL outside the store, call a function of `store`",
                "crates/server/src/app/users.rs:3: SQL outside the store, call a function of `store`",
            ]
        );
    }

    #[test]
    fn a_sentence_is_no_statement() {
        for sentence in ["select one of these", "update the address and try again", "deleted from now on"] {
            assert!(!is_sql(sentence), "{sentence}");
        }
        for statement in ["insert into a values (1)", "DELETE FROM a", "select 1 from a", "update a set b = 1"] {
            assert!(is_sql(statement), "{statement}");
        }
    }

    #[test]
    fn no_statement_is_put_together() {
        let source = "// AssertSqlSafe is not for us.\nfn a() { query(AssertSqlSafe(x)); }\n";
        let said = said(outside, &[("crates/store/src/a.rs", source)]);
        assert_eq!(said, ["crates/store/src/a.rs:2: a statement put together at run time, write it as a literal"]);
    }

    #[test]
    fn nine_pairs_are_enough() {
        let pairs = |many: usize| {
            let head = "pub struct Dialect {}\nimpl Dialect {}\nfn pick() -> Dialect {}\n".to_owned();
            head + &"const A: Dialect = Dialect { sqlite: \"a\", postgres: \"b\" };\n".repeat(many)
        };
        assert!(said(dialects, &[("crates/store/src/a.rs", &pairs(9))]).is_empty());
        assert_eq!(
            said(dialects, &[("crates/store/src/a.rs", &pairs(11))]),
            ["crates/store/src/a.rs:13: the tenth `Dialect` pair of 11, find one text for both databases"]
        );
    }

    #[test]
    fn a_migration_has_a_twin() {
        let files = [
            ("crates/store/migrations/sqlite/0001_a.sql", ""),
            ("crates/store/migrations/postgres/0001_a.sql", ""),
            ("crates/store/migrations/postgres/0002_b.sql", ""),
        ];
        let said = said(twins, &files);
        assert_eq!(said.len(), 1);
        assert!(said.iter().all(|finding| finding.starts_with("crates/store/migrations/postgres/0002_b.sql:1: ")));
    }
}
