//! Pages carry no script and no style of their own: the content security policy would drop them.

use super::Finding;
use super::tree::Tree;

/// No inline style, script or event attribute.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.within("crates/server/templates/", ".html") {
        for (line, text) in file.lines() {
            found.extend(wrong(&text.to_lowercase()).map(|what| file.finding(line, what)));
        }
    }
    found
}

fn wrong(line: &str) -> Option<&'static str> {
    if has_attribute(line, |name| name == "style") || line.contains("<style") {
        return Some("a style of its own, put it into keyfob.css under a class");
    }
    if has_attribute(line, |name| name.len() > 4 && name.starts_with("on")) {
        return Some("an event attribute, mark the element with `data-…` and act in keyfob.js");
    }
    if line.contains("javascript:") || line.split("<script").skip(1).any(|tag| !is_empty_script(tag)) {
        return Some("an inline script, put it into keyfob.js");
    }
    None
}

/// Whether a name that passes stands between white space and `="`.
fn has_attribute(line: &str, passes: impl Fn(&str) -> bool) -> bool {
    line.match_indices("=\"").chain(line.match_indices("='")).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let name = before.rsplit(|c: char| c.is_whitespace() || c == '}').next().unwrap_or_default();
        name.len() < before.len() && passes(name)
    })
}

/// Whether what follows `<script` only names a file.
fn is_empty_script(tag: &str) -> bool {
    tag.split_once('>').is_some_and(|(attributes, rest)| attributes.contains(" src=") && rest.starts_with("</script>"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn what_the_policy_would_drop_is_found() {
        for line in [
            "<p style=\"color: red\">",
            "<a{% if x %} style='a'{% endif %}>",
            "<button class=\"a\" onclick=\"go()\">",
            "<script>go()</script>",
            "<script src=\"/a.js\">go()</script>",
            "<style>p {}</style>",
            "<a href=\"javascript:go()\">",
        ] {
            assert_eq!(said(check, &[("crates/server/templates/a.html", line)]).len(), 1, "{line}");
        }
    }

    #[test]
    fn what_it_lets_through_is_not() {
        for line in [
            "<script type=\"module\" src=\"{{ \"keyfob.js\"|asset }}\"></script>",
            "<link rel=\"stylesheet\" href=\"{{ \"keyfob.css\"|asset }}\">",
            "<p data-style=\"plain\" data-on=\"now\">one=\"two\" lesson=\"three\"</p>",
        ] {
            assert!(said(check, &[("crates/server/templates/a.html", line)]).is_empty(), "{line}");
        }
        assert!(said(check, &[("browser/a.html", "<p style=\"a\">")]).is_empty());
    }
}
