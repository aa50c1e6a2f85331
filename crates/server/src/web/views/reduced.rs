//! For tests: a page reduced to what a reader gets, its text, links, statuses and form fields.

/// What stands in `<main>`, one line per block.
pub fn reduced(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let main = main.split_once("</main>").map_or(main, |(main, _)| main);
    let mut out = String::new();
    for piece in main.split('<').skip(usize::from(html.contains("<main"))) {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        out.push_str(&told(tag));
        out.push_str(&text.replace('\n', " "));
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    decoded(&lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// The value of an attribute; empty when it has none.
pub fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = tag.find(&format!(" {name}=\"")).map(|at| at + name.len() + 3);
    start.and_then(|start| tag.get(start..)).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// The inside of every tag of this name.
pub fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let pieces = html.split('<').skip(1).filter_map(|piece| piece.split('>').next());
    pieces.filter(|tag| tag.split_whitespace().next() == Some(name)).collect()
}

fn told(tag: &str) -> String {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let get = |attribute_name: &str| attribute(tag, attribute_name);
    let spoken = if get("aria-label").is_empty() { String::new() } else { format!(" «{}»", get("aria-label")) };
    let flags = [" required", " checked", " selected", "aria-invalid=\"true\""];
    let flags = flags.iter().filter(|flag| tag.contains(**flag)).map(|flag| flag.trim()).collect::<Vec<_>>().join(" ");
    match name {
        "h1" => "\n# ".to_owned(),
        "h2" => "\n## ".to_owned(),
        "h3" => "\n### ".to_owned(),
        "form" => format!("\n[form {} {}]", get("method"), get("action")),
        "/form" => "\n[/form]\n".to_owned(),
        "dialog" => format!("\n[dialog {}]", get("id")),
        "/dialog" => "\n[/dialog]\n".to_owned(),
        "input" => format!("\n[input {} {}={} {flags}{spoken}]", get("type"), get("name"), get("value")),
        "textarea" => format!("\n[textarea {} {flags}{spoken}]", get("name")),
        "select" => format!("\n[select {} {flags}{spoken}]", get("name")),
        "option" => format!("\n[option {} {flags}] ", get("value")),
        "button" => format!("\n[button {}={}{spoken}] ", get("name"), get("value")),
        "a" => format!(" [{}{spoken}] ", get("href")),
        "span" if get("class").starts_with("status") => format!(" ({}) ", get("data-state")),
        "li" if !get("data-step").is_empty() => format!("\n- {{{}}} ", get("data-step")),
        "li" => "\n- ".to_owned(),
        "dt" => "\n".to_owned(),
        "dd" => ": ".to_owned(),
        "br" => "\n".to_owned(),
        "p" | "/p" | "div" | "/div" | "section" | "/section" | "blockquote" | "/blockquote" | "tr" | "summary"
        | "/summary" | "details" | "label" | "/label" | "legend" | "ul" | "/ul" | "ol" | "/ol" | "/li" | "/h1"
        | "/h2" | "/dl" | "pre" | "aside" | "footer" | "/header" => "\n".to_owned(),
        "td" | "th" => " | ".to_owned(),
        "small" => " ".to_owned(),
        _ => String::new(),
    }
}

fn decoded(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}
