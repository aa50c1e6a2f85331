//! Small parts that every page prints: faces, app icons, status pills and symbols.
//!
//! Each renders itself, so that a template writes `{{ person }}` or `{{ request.status }}`.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::body;

/// A symbol of `icons.svg`; [`super::render`] puts the symbols that a page uses at its end.
#[derive(Clone, Copy, Debug, Template)]
#[template(ext = "html", source = r##"<svg class="i" aria-hidden="true"><use href="#i-{{ self.0 }}"/></svg>"##)]
pub struct Icon(pub &'static str);

/// How large a face or an app icon is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Size {
    /// Beside a line of text.
    Small,
    /// In rows.
    #[default]
    Normal,
    /// In page heads.
    Large,
}

/// The round face of a person: initials on the person's hue.
#[derive(Clone, Debug, Eq, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="avatar{{ self.class() }}" data-hue="{{ hue }}" aria-hidden="true">{{ initials }}</span>"#
)]
pub struct Avatar {
    /// Up to two letters.
    pub initials: String,
    /// 0 to 11.
    pub hue: u32,
    /// How large.
    pub size: Size,
}

impl Avatar {
    /// The face of somebody with this name.
    pub fn new(name: &str, size: Size) -> Self {
        Self { initials: initials(name), hue: hue(name), size }
    }

    fn class(&self) -> &'static str {
        match self.size {
            Size::Small => " avatar-sm",
            Size::Normal => "",
            Size::Large => " avatar-lg",
        }
    }
}

/// A person with face and name.
#[derive(Clone, Debug, Eq, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="person">{{ avatar }}<span>{{ name }}{% if !note.is_empty() %}<small>{{ note }}</small>{% endif %}</span></span>"#
)]
pub struct Person {
    /// The face.
    pub avatar: Avatar,
    /// Display name.
    pub name: String,
    /// A second, quieter line; may be empty.
    pub note: String,
}

impl Person {
    /// A person beside a line of text.
    pub fn small(user: &body::User) -> Self {
        Self { avatar: Avatar::new(&user.name, Size::Small), name: user.name.clone(), note: String::new() }
    }

    /// A person with a second line, such as the mail address.
    pub fn with_note(user: &body::User, note: &str) -> Self {
        Self { avatar: Avatar::new(&user.name, Size::Normal), name: user.name.clone(), note: note.to_owned() }
    }
}

/// The square icon of an app: two letters on the app's hue.
#[derive(Clone, Debug, Eq, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="app-icon{{ self.class() }}" data-hue="{{ hue }}" aria-hidden="true">{{ letters }}</span>"#
)]
pub struct AppIcon {
    /// Two letters.
    pub letters: String,
    /// 0 to 11.
    pub hue: u32,
    /// How large.
    pub size: Size,
}

impl AppIcon {
    /// The icon of an app with this name.
    pub fn new(name: &str, size: Size) -> Self {
        Self { letters: app_letters(name), hue: hue(name), size }
    }

    fn class(&self) -> &'static str {
        match self.size {
            Size::Small => " app-sm",
            Size::Normal => "",
            Size::Large => " app-lg",
        }
    }
}

/// A status: a shape by `data-state`, and always a word.
#[derive(Clone, Debug, Eq, PartialEq, Template)]
#[template(ext = "html", source = r#"<span class="status" data-state="{{ state }}">{{ word }}</span>"#)]
pub struct Pill {
    /// One of the states that the style sheet knows.
    pub state: &'static str,
    /// The word.
    pub word: String,
}

/// A message that a page shows on top.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Banner {
    /// `ok`, `info`, `warn` or `danger`.
    pub tone: &'static str,
    /// What happened.
    pub text: String,
}

impl Banner {
    /// The symbol that goes with the tone.
    pub fn icon(&self) -> Icon {
        match self.tone {
            "ok" => Icon("check"),
            "info" => Icon("info"),
            _ => Icon("alert"),
        }
    }
}

impl HtmlSafe for Icon {}
impl HtmlSafe for Avatar {}
impl HtmlSafe for Person {}
impl HtmlSafe for AppIcon {}
impl HtmlSafe for Pill {}

/// The first letters of the first and the last name; two letters of a single one.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let Some(first) = words.next() else { return "?".to_owned() };
    let letters = match words.next_back() {
        Some(last) => first.chars().take(1).chain(last.chars().take(1)).collect::<String>(),
        None => first.chars().take(2).collect(),
    };
    letters.to_uppercase()
}

/// The hue of a person or an app: FNV-1a (32 bits) over the UTF-8 name, modulo 12.
pub fn hue(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) % 12
}

/// `GitHub` gives `Gh`, `Snowflake` gives `Sn`.
fn app_letters(name: &str) -> String {
    let word = name.split_whitespace().next().unwrap_or("?");
    let mut rest = word.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    let inner = word.chars().zip(word.chars().skip(1)).find(|(a, b)| a.is_lowercase() && b.is_uppercase());
    let second = inner.map(|(_, capital)| capital).or_else(|| rest.next());
    first.chain(second.into_iter().flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_are_the_ones_the_design_names() {
        assert_eq!([hue("GitHub"), hue("Snowflake"), hue("Ines Duarte"), hue("Okta")], [6, 7, 9, 0]);
    }

    #[test]
    fn initials_take_first_and_last_name() {
        assert_eq!(initials("Ines Duarte"), "ID");
        assert_eq!(initials("Leo van der Berg"), "LB");
        assert_eq!(initials("émile"), "ÉM");
        assert_eq!(initials(" "), "?");
    }

    #[test]
    fn app_letters_follow_the_capitals() {
        assert_eq!(["GitHub", "Snowflake", "AWS Production", "X"].map(app_letters), ["Gh", "Sn", "Aw", "X"]);
    }

    #[test]
    fn names_are_escaped_wherever_they_are_printed() {
        let user = body::User { id: String::new(), email: String::new(), name: "<b> & co".to_owned() };
        let html = Person::small(&user).render().unwrap();
        assert!(!html.contains("<b>"), "{html}");
    }

    #[test]
    fn every_icon_that_is_used_exists() {
        let known = std::str::from_utf8(super::super::assets::find("icons.svg").unwrap().bytes).unwrap();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut used = std::collections::BTreeSet::new();
        for folder in ["templates", "src"] {
            icons_in(&root.join(folder), &mut used);
        }
        let unknown = used.iter().filter(|name| !known.contains(&format!("id=\"i-{name}\""))).collect::<Vec<_>>();
        assert!(used.len() > 10 && unknown.is_empty(), "not in icons.svg: {unknown:?}");
    }

    fn icons_in(folder: &std::path::Path, used: &mut std::collections::BTreeSet<String>) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                icons_in(&path, used);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<String>();
            let before = text.match_indices("\"|icon").filter_map(|(at, _)| text[..at].rsplit('"').next());
            let after = text.split("Icon(\"").skip(1).filter_map(|rest| rest.split('"').next());
            let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
            used.extend(before.chain(after).filter(is_name).map(str::to_owned));
        }
    }
}
