//! Form fields that keep what was typed and say what is wrong with it.

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::body;
use crate::web::filters;

/// Fields that nobody can be led to: no field at all, and the hidden one.
const UNSEEN: [&str; 2] = ["", "digest"];

/// A form that was sent and not accepted: what was typed and what to change. Empty for a fresh form.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What was typed, by field name.
    pub typed: BTreeMap<String, String>,
    /// What is wrong.
    pub problems: Vec<body::Problem>,
}

impl Draft {
    /// What a form sent. Browsers send line breaks as CR LF; the rest of Keyfob knows LF only.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let typed = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.replace("\r\n", "\n")));
        Self { typed: typed.collect(), problems: Vec::new() }
    }

    /// The same form with what is wrong with it.
    pub fn refused(self, problems: Vec<body::Problem>) -> Self {
        Self { problems, ..self }
    }

    /// What a field says without the space around it; `None` when it says nothing.
    pub fn said(&self, name: &str) -> Option<String> {
        self.typed(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.typed.get(name).map(String::as_str)
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> &str {
        self.problems.iter().find(|problem| problem.field == name).map_or("", |problem| &problem.message)
    }

    /// All that is wrong, for the top of the page; the ids of the fields begin with `form`.
    pub fn summary(&self, form: &str) -> Problems {
        let items = self.problems.iter().map(|problem| ProblemLine {
            href: (!UNSEEN.contains(&problem.field.as_str())).then(|| format!("#{form}-{}", problem.field)),
            message: problem.message.clone(),
        });
        Problems { items: items.collect() }
    }
}

/// What is wrong with a form, each line leading to its field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "requests/_problems.html")]
pub struct Problems {
    /// In the order of the form.
    pub items: Vec<ProblemLine>,
}

/// One line of a summary.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    /// The field, when there is one.
    pub href: Option<String>,
    /// A sentence that says what to do.
    pub message: String,
}

/// A labelled text field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "requests/_text_field.html")]
pub struct TextField {
    /// Unique on the page.
    pub id: String,
    /// Name in the form.
    pub name: &'static str,
    /// What it is for.
    pub label: String,
    /// More about it; may be empty.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong; may be empty.
    pub error: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether it is one line only.
    pub short: bool,
}

impl TextField {
    /// A field of the form `form` with what was typed before.
    pub fn new(form: &str, name: &'static str, label: String, draft: &Draft) -> Self {
        Self {
            id: format!("{form}-{name}"),
            name,
            label,
            value: draft.typed(name).unwrap_or_default().to_owned(),
            error: draft.problem(name).to_owned(),
            ..Self::default()
        }
    }

    /// The same field, which must be filled in.
    pub fn required(self, required: bool) -> Self {
        Self { required, ..self }
    }

    /// The same field with a hint.
    pub fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    /// The same field on one line.
    pub fn short(self) -> Self {
        Self { short: true, ..self }
    }

    fn attributes(&self) -> FieldAttributes<'_> {
        FieldAttributes { field: self }
    }
}

/// The attributes that a one-line and a many-line field share.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#" class="input" id="{{ field.id }}" name="{{ field.name }}"{% if field.required %} required{% endif %}{% if !self.described().is_empty() %} aria-describedby="{{ self.described() }}"{% endif %}{% if !field.error.is_empty() %} aria-invalid="true"{% endif %}"#
)]
struct FieldAttributes<'a> {
    field: &'a TextField,
}

impl FieldAttributes<'_> {
    fn described(&self) -> String {
        let parts = [("hint", &self.field.hint), ("error", &self.field.error)];
        let ids =
            parts.iter().filter(|(_, text)| !text.is_empty()).map(|(part, _)| format!("{}-{part}", self.field.id));
        ids.collect::<Vec<_>>().join(" ")
    }
}

impl HtmlSafe for Problems {}
impl HtmlSafe for TextField {}
impl HtmlSafe for FieldAttributes<'_> {}
