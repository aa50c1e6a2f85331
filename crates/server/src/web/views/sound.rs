//! For tests: whether a page is well-formed and keeps the rules of the content policy and of accessibility
//! that can be read off its markup.

use std::collections::BTreeSet;

const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr"];
const INTERACTIVE: [&str; 6] = ["a", "button", "input", "select", "textarea", "summary"];

/// One tag as it was read.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    closes: bool,
    empty: bool,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// Everything that is wrong with a whole page; empty when it is sound.
pub fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let tags = read(html, &mut faults);
    nesting(&tags, &mut faults);
    references(&tags, &mut faults);
    headings(&tags, &mut faults);
    names(html, &tags, &mut faults);
    policy(&tags, &mut faults);
    faults
}

fn read<'a>(html: &'a str, faults: &mut Vec<String>) -> Vec<Tag<'a>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if text.contains("{{") || text.contains("{%") {
            faults.push(format!("template code is shown: {text}"));
        }
        let mut quoted = false;
        let end = after.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '>' && !quoted
        });
        let Some((end, _)) = end else {
            faults.push(format!("a tag is not closed: {after:.40}"));
            break;
        };
        let (inside, after) = after.split_at(end);
        rest = &after[1..];
        if !inside.starts_with('!') {
            tags.push(tag(inside, faults));
        }
    }
    tags
}

fn tag<'a>(inside: &'a str, faults: &mut Vec<String>) -> Tag<'a> {
    let closes = inside.starts_with('/');
    let empty = inside.ends_with('/');
    let inside = inside.trim_matches('/').trim();
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        if key.is_empty() {
            break;
        }
        let value = after.strip_prefix("=\"").and_then(|value| value.split_once('"'));
        if after.starts_with('=') && value.is_none() {
            faults.push(format!("an attribute is not quoted: {inside}"));
            break;
        }
        if attributes.iter().any(|(known, _)| *known == key) {
            faults.push(format!("an attribute stands twice: {inside}"));
        }
        attributes.push((key, value.map_or("", |(value, _)| value)));
        rest = value.map_or(after, |(_, rest)| rest);
    }
    Tag { name, attributes, closes, empty }
}

fn nesting(tags: &[Tag<'_>], faults: &mut Vec<String>) {
    let mut open = Vec::<&str>::new();
    for tag in tags {
        if tag.closes {
            if open.last() == Some(&tag.name) {
                open.pop();
            } else {
                faults.push(format!("</{}> closes {open:?}", tag.name));
            }
            continue;
        }
        if INTERACTIVE.contains(&tag.name)
            && tag.get("type") != Some("hidden")
            && open.iter().any(|name| matches!(*name, "a" | "button"))
        {
            faults.push(format!("<{}> stands inside {open:?}", tag.name));
        }
        if tag.name == "form" && open.contains(&"form") {
            faults.push("a form stands inside a form".to_owned());
        }
        let parent = open.last().copied().unwrap_or_default();
        if tag.name == "li" && !matches!(parent, "ul" | "ol") || matches!(parent, "ul" | "ol") && tag.name != "li" {
            faults.push(format!("<{}> stands inside <{parent}>", tag.name));
        }
        if parent == "p" && matches!(tag.name, "p" | "div" | "ul" | "ol" | "form" | "dl" | "blockquote" | "h2" | "h3") {
            faults.push(format!("<{}> ends the paragraph it stands in", tag.name));
        }
        if !tag.empty && !VOID.contains(&tag.name) {
            open.push(tag.name);
        }
    }
    if !open.is_empty() {
        faults.push(format!("never closed: {open:?}"));
    }
}

fn references(tags: &[Tag<'_>], faults: &mut Vec<String>) {
    let all = tags.iter().filter_map(|tag| tag.get("id")).collect::<Vec<_>>();
    let ids = all.iter().copied().collect::<BTreeSet<_>>();
    for id in &ids {
        if all.iter().filter(|one| one == &id).count() > 1 {
            faults.push(format!("the id {id} stands twice"));
        }
    }
    for tag in tags {
        for name in ["for", "list", "popovertarget", "aria-labelledby", "aria-describedby", "data-dialog"] {
            for id in tag.get(name).unwrap_or_default().split_whitespace().filter(|id| !ids.contains(id)) {
                faults.push(format!("{name}={id:?} leads nowhere"));
            }
        }
        let anchor = tag.get("href").and_then(|href| href.strip_prefix('#'));
        if let Some(id) = anchor.filter(|id| !ids.contains(id)) {
            faults.push(format!("href=\"#{id}\" leads nowhere"));
        }
    }
}

/// WCAG: one `h1`, no skipped levels.
fn headings(tags: &[Tag<'_>], faults: &mut Vec<String>) {
    let level = |tag: &Tag<'_>| tag.name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok());
    let levels = tags.iter().filter(|tag| !tag.closes).filter_map(level).collect::<Vec<_>>();
    if levels.iter().filter(|level| **level == 1).count() != 1 {
        faults.push("there is not exactly one h1".to_owned());
    }
    let mut before = 0;
    for level in levels {
        if level > before + 1 {
            faults.push(format!("h{before} is followed by h{level}"));
        }
        before = level;
    }
}

/// Every field and every button has a name, and the way past the navigation comes first (S2-36).
fn names(html: &str, tags: &[Tag<'_>], faults: &mut Vec<String>) {
    let labelled = tags.iter().filter_map(|tag| tag.get("for")).collect::<BTreeSet<_>>();
    let mut labels = 0_u32;
    for tag in tags {
        if tag.name == "label" {
            labels = if tag.closes { labels - 1 } else { labels + 1 };
        }
        let hidden = tag.get("type") == Some("hidden");
        if matches!(tag.name, "input" | "select" | "textarea") && !tag.closes && !hidden {
            let named =
                tag.get("aria-label").is_some() || tag.get("id").is_some_and(|id| labelled.contains(id)) || labels > 0;
            if !named {
                faults.push(format!("a field has no name: {:?}", tag.attributes));
            }
        }
        if tag.name == "a" && !tag.closes && tag.get("href").is_none_or(str::is_empty) {
            faults.push("a link leads nowhere".to_owned());
        }
    }
    for name in ["button", "a"] {
        for piece in html.split(&format!("<{name} ")).skip(1) {
            let (tag, after) = piece.split_once('>').unwrap_or_default();
            let inside = after.split(&format!("</{name}>")).next().unwrap_or_default();
            let text = inside.split('<').map(|part| part.rsplit('>').next().unwrap_or_default()).collect::<String>();
            if text.trim().is_empty() && !tag.contains("aria-label=\"") {
                faults.push(format!("nothing names <{name} {tag}>"));
            }
        }
    }
    let first = tags.iter().find(|tag| INTERACTIVE.contains(&tag.name));
    if html.contains("<body") && first.and_then(|tag| tag.get("class")) != Some("skip") {
        faults.push("the skip link is not the first that takes the focus".to_owned());
    }
}

/// The content policy allows no inline script and no inline style.
fn policy(tags: &[Tag<'_>], faults: &mut Vec<String>) {
    for tag in tags.iter().filter(|tag| !tag.closes) {
        let inline = tag.attributes.iter().any(|(name, _)| *name == "style" || name.starts_with("on"));
        let script = tag.name == "style" || tag.name == "script" && tag.get("src").is_none_or(str::is_empty);
        if inline || script {
            faults.push(format!("inline code: <{} {:?}>", tag.name, tag.attributes));
        }
    }
}

#[test]
fn faults_are_found() {
    let bad = [
        "<h1>a</h1><p><div></div></p>",
        "<h1>a</h1><p style=\"x\">b</p>",
        "<h1>a</h1><a href=\"#x\">b</a>",
        "<h1>a</h1><button></button>x<button class=\"b\"><svg></svg></button>",
        "<h1>a</h1><h3>b</h3>",
        "<h2>a</h2>",
        "<h1>a</h1><input name=\"q\">",
        "<h1 id=\"a\">a</h1><p id=\"a\">b</p>",
        "<h1>a</h1><a href=\"/\"><button>b</button></a>",
        "<h1>a</h1><ul><p>b</p></ul>",
        "<h1>a</h1><div>",
        "<h1 class=b>a</h1>",
    ];
    for html in bad {
        assert!(!faults(html).is_empty(), "{html}");
    }
    assert_eq!(
        faults("<h1 id=\"a\">a</h1><label>b<input name=\"q\"></label><a href=\"#a\">c</a>"),
        Vec::<String>::new()
    );
}
