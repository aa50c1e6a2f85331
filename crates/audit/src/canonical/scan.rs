//! Says whether a text is canonical by reading it once: an auditor checks millions of them, and building a value and
//! writing it again takes ten times as long. It also checks the writer, with which it shares only the form of fractions.

use super::{DEPTH_MAX, NUMBER_MAX};

pub(super) fn is_canonical(text: &str) -> bool {
    let mut scan = Scan { rest: text.as_bytes() };
    scan.value(0).is_some() && scan.rest.is_empty()
}

/// What has not been read yet. Every method takes its part from the front, or answers `None` if that is not canonical.
struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.rest.first()? {
            b'{' if depth < DEPTH_MAX => self.object(depth + 1),
            b'[' if depth < DEPTH_MAX => self.array(depth + 1),
            b'"' => self.string().map(|_| ()),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => None,
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.word(b"{")?;
        if self.word(b"}").is_some() {
            return Some(());
        }
        let mut before = None;
        loop {
            let name = self.string()?;
            if before.is_some_and(|before| !precedes(before, name)) {
                return None;
            }
            before = Some(name);
            self.word(b":")?;
            self.value(depth)?;
            if self.word(b",").is_none() {
                return self.word(b"}");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.word(b"[")?;
        if self.word(b"]").is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.word(b",").is_none() {
                return self.word(b"]");
            }
        }
    }

    /// Answers what stands between the quotes, still escaped.
    fn string(&mut self) -> Option<&'a [u8]> {
        let inside = self.rest.strip_prefix(b"\"")?;
        let mut rest = inside;
        loop {
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
            match rest.get(plain..)? {
                end @ [b'"', tail @ ..] => {
                    self.rest = tail;
                    return inside.get(..inside.len() - end.len());
                }
                [b'\\', tail @ ..] => rest = after_escape(tail)?,
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        let in_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest.iter().take_while(|byte| in_number(byte)).count();
        let (number, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let number = str::from_utf8(number).ok()?;
        let canonical = is_integer(number) || is_fraction(number);
        canonical.then_some(())
    }
}

/// Skips what follows a backslash. Only what must be escaped is, and in the shortest way.
fn after_escape(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', tail @ ..] => Some(tail),
        [b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', tail @ ..] => Some(tail),
        [b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', tail @ ..] => Some(tail),
        _ => None,
    }
}

fn is_integer(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    if number == "0" {
        return true;
    }
    // Neither a zero nor a sign may lead: `parse` would let both pass.
    digits.starts_with(|first: char| matches!(first, '1'..='9'))
        && digits.parse::<u64>().is_ok_and(|value| value <= NUMBER_MAX)
}

fn is_fraction(number: &str) -> bool {
    let Ok(double) = number.parse::<f64>() else {
        return false;
    };
    // Whole numbers were integers already, so one that comes here was written in another way or is too large.
    double.fract() != 0.0 && serde_json_canonicalizer::to_string(&double).is_ok_and(|text| text == number)
}

/// Whether two member names, both still escaped, stand in the order of their UTF-16 code units.
fn precedes(left: &[u8], right: &[u8]) -> bool {
    let plain = |name: &[u8]| name.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
    if plain(left) && plain(right) {
        return left < right;
    }
    match (unescape(left), unescape(right)) {
        (Some(left), Some(right)) => left.encode_utf16().lt(right.encode_utf16()),
        _ => false,
    }
}

fn unescape(name: &[u8]) -> Option<String> {
    serde_json::from_slice(&[b"\"", name, b"\""].concat()).ok()
}
