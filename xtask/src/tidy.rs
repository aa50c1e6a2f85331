//! The rules that no other tool keeps, each a function from the files to what is wrong with them.
//!
//! A finding is one line, `path:line: what, do this`. There are no exceptions to list: what a rule should not catch, the
//! rule itself knows.

mod functions;
mod imports;
mod layout;
mod lexer;
mod proofs;
mod prose;
mod size;
mod sql;
mod templates;
mod tree;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::bail;
use tree::Tree;

const CHECKS: [fn(&Tree) -> Vec<Finding>; 16] = [
    size::files,
    size::functions_fit,
    size::handlers,
    size::partials,
    layout::heads,
    layout::names,
    imports::check,
    sql::outside,
    sql::dialects,
    sql::twins,
    templates::check,
    words::check,
    proofs::store,
    proofs::habits,
    proofs::snapshots,
    prose::check,
];

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Checks the repository at `root` and prints what is wrong.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let found = findings(root)?;
    for finding in &found {
        println!("{finding}");
    }
    match found.len() {
        0 => Ok(()),
        1 => bail!("tidy found 1 thing to change"),
        many => bail!("tidy found {many} things to change"),
    }
}

fn findings(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut found: Vec<Finding> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tree::File;

    /// What `check` says of a repository with these files.
    pub(super) fn said(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| File::new(path, (*text).to_owned())).collect();
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_repository_is_tidy() {
        let found: Vec<String> = findings(&crate::root()).unwrap().iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    }
}
