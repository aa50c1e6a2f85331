//! The files of the repository, as the checks read them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Finding;
use super::lexer::{Kind, Lexed, Named, lex, paths};

/// Every text file that git tracks or would track.
pub(super) struct Tree {
    files: Vec<File>,
    folders: Vec<String>,
}

/// One file, with its path from the top of the repository.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    /// Taken apart when it is Rust.
    rust: Option<Rust>,
}

/// A Rust file taken apart.
pub(super) struct Rust {
    pub(super) lexed: Lexed,
    pub(super) paths: Vec<Named>,
    /// Lines that only tests compile, first and last.
    test_lines: Vec<(usize, usize)>,
}

impl Tree {
    /// Reads the repository at `root`.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("git lists the files; install it")?;
        ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim());
        let mut files = Vec::new();
        for path in String::from_utf8(listed.stdout)?.split_terminator('\0') {
            // A file that is gone but not yet committed as gone, and what is no text, is nothing to read.
            match std::fs::read(root.join(path)).map(String::from_utf8) {
                Ok(Ok(text)) => files.push(File::new(path, text)),
                Ok(Err(_)) => files.push(File::new(path, String::new())),
                Err(_) => {}
            }
        }
        Ok(Self::of(files))
    }

    /// A repository of these files.
    pub(super) fn of(files: Vec<File>) -> Self {
        let mut folders: Vec<String> = files.iter().flat_map(|file| ancestors(&file.path)).map(str::to_owned).collect();
        folders.sort_unstable();
        folders.dedup();
        Self { files, folders }
    }

    /// All files.
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The file at `path`.
    pub(super) fn find(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether a file or a folder is at `path`.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.find(path).is_some() || self.folders.iter().any(|folder| folder == path)
    }

    /// The files in a folder, at any depth, that end so.
    pub(super) fn within<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(end))
    }

    /// The Rust files in a folder.
    pub(super) fn rust<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a File, &'a Rust)> {
        self.files
            .iter()
            .filter(move |file| file.path.starts_with(folder))
            .filter_map(|file| file.rust.as_ref().map(|rust| (file, rust)))
    }
}

fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

impl File {
    /// The file at `path` with this text.
    pub(super) fn new(path: &str, text: String) -> Self {
        let rust = path.ends_with(".rs").then(|| Rust::read(path, &text));
        Self { path: path.to_owned(), text, rust }
    }

    /// What is wrong in line `line`, and what to do about it.
    pub(super) fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }

    /// The lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

impl Rust {
    fn read(path: &str, text: &str) -> Self {
        let lexed = lex(text);
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        let test_lines = if is_test { vec![(1, usize::MAX)] } else { test_lines(&lexed.code) };
        Self { paths: paths(&lexed.tokens), lexed, test_lines }
    }

    /// Whether only tests compile this line.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.test_lines.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }

    /// The paths that the product itself names.
    pub(super) fn own_paths(&self) -> impl Iterator<Item = &Named> {
        self.paths.iter().filter(|named| !self.is_test(named.line))
    }

    /// The strings with their lines.
    pub(super) fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lexed.tokens.iter().filter_map(|token| match &token.kind {
            Kind::Text(text) => Some((token.line, text.as_str())),
            _ => None,
        })
    }
}

/// The lines of each `#[cfg(test)] mod … { … }`, found by indentation.
fn test_lines(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut lines = (1..).zip(code.lines());
    while let Some((first, line)) = lines.next() {
        if !line.trim_start().starts_with("#[cfg(test)]") {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent(line)));
        let body = lines.by_ref().find(|(_, line)| !line.trim_start().starts_with('#'));
        if let Some((last, _)) = body
            .filter(|(_, line)| line.trim_end().ends_with('{'))
            .and_then(|_| lines.by_ref().find(|(_, line)| line.trim_end() == close))
        {
            found.push((first, last));
        }
    }
    found
}

/// How far a line is indented.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_module_ends_where_its_brace_stands() {
        let file = File::new(
            "crates/a/src/b.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n".to_owned(),
        );
        let rust = file.rust.unwrap();
        let tested: Vec<usize> = (1..=7).filter(|line| rust.is_test(*line)).collect();
        assert_eq!(tested, [2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_folder_is_there_when_a_file_is_in_it() {
        let tree = Tree::of(vec![File::new("crates/a/src/b.rs", String::new())]);
        assert!(tree.has("crates/a/") && tree.has("crates/a/src/b.rs"));
        assert!(!tree.has("crates/b") && !tree.has("crates/a/s"));
    }
}
