//! Where each function begins and ends, found by the indentation that rustfmt gives it.

use super::tree::indent;

/// A function with the lines it takes, first and last.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Function {
    pub(super) name: String,
    /// From the visibility to the opening brace, on one line.
    pub(super) signature: String,
    pub(super) first: usize,
    pub(super) last: usize,
    /// Zero at the top of a module, more inside another item.
    pub(super) depth: usize,
}

impl Function {
    /// How many lines it takes, signature and closing brace included.
    pub(super) fn length(&self) -> usize {
        self.last + 1 - self.first
    }
}

/// Every function of `code`, in which comments and strings are blanked.
pub(super) fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    (0..lines.len()).filter_map(|at| function(&lines, at)).collect()
}

fn function(lines: &[&str], at: usize) -> Option<Function> {
    let line = lines.get(at)?;
    let name = name(line)?;
    let depth = indent(line);
    let mut signature = String::new();
    let mut is_open = false;
    for (offset, line) in lines.get(at..)?.iter().enumerate() {
        let text = line.trim();
        let is_at_depth = indent(line) == depth && !text.is_empty();
        // What stands at its depth and is no part of a function: it had no body, as in a trait.
        if offset > 0
            && is_at_depth
            && !is_open
            && !text.starts_with([')', '>', '{', '}'])
            && !text.starts_with("where")
        {
            return None;
        }
        if !is_open {
            signature.push_str(text);
            signature.push(' ');
            if is_at_depth && text.ends_with(';') {
                return None;
            }
        }
        let closes = if offset == 0 || !is_open { text.ends_with('}') } else { text.starts_with('}') };
        if is_at_depth && closes {
            return Some(Function { name, signature, first: at + 1, last: at + 1 + offset, depth });
        }
        is_open |= is_at_depth && text.ends_with('{');
    }
    None
}

/// The name of the function that begins in this line.
fn name(line: &str) -> Option<String> {
    let mut rest = line.trim_start();
    if let Some(tail) = rest.strip_prefix("pub") {
        rest = tail.trim_start();
        if let Some(scope) = rest.strip_prefix('(') {
            rest = scope.split_once(')')?.1.trim_start();
        }
    }
    while let Some(tail) = ["const ", "async ", "unsafe ", "default "].iter().find_map(|word| rest.strip_prefix(word)) {
        rest = tail.trim_start();
    }
    let name: String = rest.strip_prefix("fn ")?.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
pub(super) async fn one(
    a: u8,
) -> u8
where
    u8: Copy,
{
    match a {
        1 => {
            2
        }
        _ => 3,
    }
}

trait T {
    fn none(&self);
    fn wide(
        &self,
    ) -> u8;
    fn two(&self) -> u8 { 1 }
    fn three(&self) {
    }
}
pub const fn four() {}
";

    #[test]
    fn functions_begin_and_end_where_they_do() {
        let found: Vec<_> = functions(SAMPLE).into_iter().map(|f| (f.name, f.first, f.last, f.depth)).collect();
        let expected = [("one", 1, 13, 0), ("two", 20, 20, 4), ("three", 21, 22, 4), ("four", 24, 24, 0)]
            .map(|f| (f.0.to_owned(), f.1, f.2, f.3));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_signature_is_read_as_one_line() {
        let found = functions(SAMPLE);
        let first = found.first().unwrap();
        assert_eq!(first.length(), 13);
        assert_eq!(first.signature.trim(), "pub(super) async fn one( a: u8, ) -> u8 where u8: Copy, {");
    }
}
