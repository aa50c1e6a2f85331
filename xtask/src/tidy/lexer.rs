//! Takes Rust source apart far enough to read it: what is code, what is text, which paths are named.

/// A piece of code, with the line it stands on (from 1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) kind: Kind,
}

/// What a token is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word(String),
    /// What stands between the quotes of a string, escapes as written.
    Text(String),
    /// Any other character.
    Sign(char),
}

/// Source taken apart.
pub(super) struct Lexed {
    /// The source with comments and the insides of strings blanked, line for line.
    pub(super) code: String,
    /// All of it but comments and white space.
    pub(super) tokens: Vec<Token>,
}

/// Takes `source` apart.
pub(super) fn lex(source: &str) -> Lexed {
    let mut lexer = Lexer { rest: source, line: 1, code: String::with_capacity(source.len()), tokens: Vec::new() };
    while lexer.step() {}
    Lexed { code: lexer.code, tokens: lexer.tokens }
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment(self.rest));
        } else if let Some((open, inside, close)) = string(self.rest) {
            self.text(open, inside, close);
        } else if let Some(length) = char_literal(self.rest) {
            self.blank(length);
        } else if is_word(first) {
            let word: String = self.rest.chars().take_while(|c| is_word(*c)).collect();
            self.keep(word.len());
            self.push(Kind::Word(word));
        } else {
            if !first.is_whitespace() {
                self.push(Kind::Sign(first));
            }
            self.keep(first.len_utf8());
        }
        true
    }

    fn push(&mut self, kind: Kind) {
        self.tokens.push(Token { line: self.line, kind });
    }

    fn text(&mut self, open: usize, inside: usize, close: usize) {
        let text = self.rest.get(open..open + inside).unwrap_or_default().to_owned();
        self.push(Kind::Text(text));
        self.keep(open);
        self.blank(inside);
        self.keep(close);
    }

    fn keep(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.code.push_str(taken);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a comment that may hold others.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The lengths of the opening, the inside and the closing of the string that `rest` begins with.
fn string(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        rest.strip_prefix(prefix).is_some_and(|tail| {
            tail.starts_with('"') || prefix.ends_with('r') && tail.trim_start_matches('#').starts_with('"')
        })
    })?;
    let tail = rest.get(prefix.len()..)?;
    if prefix.ends_with('r') {
        let hashes = tail.len() - tail.trim_start_matches('#').len();
        let open = prefix.len() + hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let inside = rest.get(open..)?.find(&close).unwrap_or(rest.len() - open);
        return Some((open, inside, close.len()));
    }
    let open = prefix.len() + 1;
    let mut escaped = false;
    let end = rest.get(open..)?.char_indices().find(|(_, c)| {
        let is_end = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        is_end
    });
    Some((open, end.map_or(rest.len() - open, |(at, _)| at), 1))
}

/// The length of the character literal that `rest` begins with; a lifetime is none.
fn char_literal(rest: &str) -> Option<usize> {
    let mut chars = rest.strip_prefix('\'')?.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next();
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 2);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 2)
}

/// A path as written, a group taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) parts: Vec<String>,
}

/// Every path of two or more parts, and every single name after `use`.
pub(super) fn paths(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut reader = Reader { tokens, at: 0 };
    while let Some(token) = tokens.get(reader.at) {
        let begins = matches!(&token.kind, Kind::Word(word) if word != "use");
        if !begins {
            reader.at += 1;
            continue;
        }
        let is_use = reader.at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| token.is_word("use"));
        let before = found.len();
        reader.path(Vec::new(), &mut found);
        if !is_use && found.get(before).is_some_and(|named: &Named| named.parts.len() < 2) {
            found.truncate(before);
        }
    }
    found
}

impl Token {
    /// Whether it is this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    /// Whether it is this sign.
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn is_sign(&self, ahead: usize, sign: char) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.is_sign(sign))
    }

    /// Reads one path from its next part on; `before` holds the parts already read.
    fn path(&mut self, mut before: Vec<String>, found: &mut Vec<Named>) {
        while let Some(Token { line, kind }) = self.tokens.get(self.at) {
            match kind {
                Kind::Word(word) => before.push(word.clone()),
                Kind::Sign('*') => before.push("*".to_owned()),
                Kind::Sign('{') => return self.group(&before, found),
                _ => break,
            }
            self.at += 1;
            if !(self.is_sign(0, ':') && self.is_sign(1, ':')) {
                found.push(Named { line: *line, parts: before });
                return;
            }
            self.at += 2;
        }
        // A path that ends in `::<` still names what stands before it.
        let line = self.tokens.get(self.at.saturating_sub(1)).map_or(0, |token| token.line);
        if !before.is_empty() {
            found.push(Named { line, parts: before });
        }
    }

    fn group(&mut self, before: &[String], found: &mut Vec<Named>) {
        self.at += 1;
        while let Some(token) = self.tokens.get(self.at) {
            match &token.kind {
                Kind::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Kind::Word(word) if word == "as" => self.at += 2,
                Kind::Word(_) | Kind::Sign('*' | '{') => self.path(before.to_vec(), found),
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(source: &str) -> Vec<String> {
        paths(&lex(source).tokens).into_iter().map(|named| named.parts.join("::")).collect()
    }

    #[test]
    fn comments_and_strings_are_blanked_line_for_line() {
        let source = "let a = \"fn x() {\"; // fn y() {\n/* { /* } */ */ let b = r#\"a \"quoted\" }\n\"#;\n";
        let lexed = lex(source);
        assert_eq!(lexed.code.lines().count(), source.lines().count());
        assert!(!lexed.code.contains("fn") && !lexed.code.contains('{') && !lexed.code.contains("quoted"));
        assert!(lexed.tokens.contains(&Token { line: 2, kind: Kind::Text("a \"quoted\" }\n".to_owned()) }));
        assert_eq!(lexed.tokens.last(), Some(&Token { line: 3, kind: Kind::Sign(';') }));
    }

    #[test]
    fn a_lifetime_is_not_the_start_of_a_character() {
        let lexed = lex("fn f<'a>(x: &'a str) -> char { if x == \"\\\"}\" { '\"' } else { '\\'' } } // '");
        assert_eq!(lexed.tokens.iter().filter(|token| token.is_sign('}')).count(), 3);
        assert_eq!(lexed.tokens.iter().filter(|token| matches!(token.kind, Kind::Text(_))).count(), 1);
    }

    #[test]
    fn groups_are_taken_apart() {
        assert_eq!(
            named("use std::{env, fs::{self, File}, io::Write as _};\nuse store;"),
            ["std::env", "std::fs::self", "std::fs::File", "std::io::Write", "store"]
        );
    }

    #[test]
    fn paths_are_found_where_they_are_used_too() {
        assert_eq!(
            named("let x = a.b(crate::web::show(1), iter.collect::<Vec<_>>()); y { z: std::mem::take(q) }"),
            ["crate::web::show", "std::mem::take"]
        );
    }
}
