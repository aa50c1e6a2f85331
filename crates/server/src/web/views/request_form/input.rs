//! What the request form sends, and what it asks for.

use crate::body;
use crate::words::say;

/// What was typed and pressed, as sent by the form or named by an address.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Input {
    /// `app/entitlement` keys or ids; `app/` for an app in which nothing is chosen yet.
    pub entitlements: Vec<String>,
    /// The app chosen under "Which app?".
    pub app: String,
    /// Whom it is for, by id or mail address; `None` = the visitor.
    pub person: Option<String>,
    /// An ISO 8601 length, `unlimited`, `custom` or `until`; empty until one is chosen.
    pub length: String,
    /// The number of a custom length.
    pub n: String,
    /// `h` or `d`.
    pub unit: String,
    /// The last day, `2025-12-24`.
    pub until: String,
    /// The first day, `2025-12-24`; empty = as soon as possible.
    pub starts: String,
    /// Why.
    pub justification: String,
    /// Made once for each form that is shown, so that pressing twice asks once.
    pub submission_key: String,
    /// What was pressed.
    pub act: Act,
}

/// What to do with the form.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Act {
    /// Show it again, with who will be asked.
    #[default]
    Show,
    /// Add the app under "Which app?".
    Add,
    /// Take an entitlement off again.
    Remove(String),
    /// File the requests.
    Submit,
}

impl Input {
    /// Reads the fields of a form or a query. Fields it does not know are left alone.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut input = Self::default();
        let mut recipient = String::new();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            match name {
                "entitlement" if !value.is_empty() && !input.entitlements.contains(&value) => {
                    input.entitlements.push(value);
                }
                "app" => input.app = value,
                "for" => recipient = value,
                "person" => input.person = Some(value).filter(|person| !person.is_empty()),
                "length" => input.length = value,
                "n" => input.n = value,
                "unit" => input.unit = value,
                "until" => input.until = value,
                "starts" => input.starts = value,
                "justification" => input.justification = value,
                "submission_key" => input.submission_key = value,
                "do" => input.act = Act::parse(&value),
                "remove" => input.act = Act::Remove(value),
                _ => {}
            }
        }
        match recipient.as_str() {
            "me" => input.person = None,
            "other" | "" => {}
            _ => input.person = Some(recipient),
        }
        input
    }

    /// Length, end and start as the API takes them.
    ///
    /// # Errors
    /// A problem for each field that cannot be read.
    pub fn times(&self) -> Result<Times, Vec<body::Problem>> {
        let mut times = Times { starts: self.first_day()?, ..Times::default() };
        match self.length.as_str() {
            "unlimited" => {}
            "custom" => times.duration = Some(self.custom()?),
            "until" => times.until = Some(format!("{}T23:59:00Z", day(&self.until, "until")?)),
            "" => return Err(problem("duration", say("request-problem-length"))),
            length => times.duration = Some(length.to_owned()),
        }
        Ok(times)
    }

    fn custom(&self) -> Result<String, Vec<body::Problem>> {
        match (self.n.parse::<u32>(), self.unit.as_str()) {
            (Ok(n), "h") if n > 0 => Ok(format!("PT{n}H")),
            (Ok(n), "d") if n > 0 => Ok(format!("P{n}D")),
            _ => Err(problem("duration", say("request-problem-number"))),
        }
    }

    fn first_day(&self) -> Result<Option<String>, Vec<body::Problem>> {
        match self.starts.as_str() {
            "" => Ok(None),
            starts => Ok(Some(format!("{}T00:00:00Z", day(starts, "starts")?))),
        }
    }
}

impl Act {
    fn parse(value: &str) -> Self {
        match value {
            "submit" => Self::Submit,
            "add" => Self::Add,
            _ => Self::Show,
        }
    }
}

/// When access begins and ends, as the API takes it; all absent = at once and for ever.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Times {
    /// ISO 8601.
    pub duration: Option<String>,
    /// RFC 3339.
    pub until: Option<String>,
    /// RFC 3339.
    pub starts: Option<String>,
}

fn day(text: &str, field: &str) -> Result<jiff::civil::Date, Vec<body::Problem>> {
    text.parse().map_err(|_| problem(field, say("request-problem-day")))
}

/// One problem with one field.
pub fn problem(field: &str, message: String) -> Vec<body::Problem> {
    vec![body::Problem { field: field.to_owned(), message }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(pairs: &[(&str, &str)]) -> Result<Times, Vec<String>> {
        let read = Input::from_pairs(pairs.iter().copied()).times();
        read.map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    /// S3-20, S3-21: presets, a custom length and an end date.
    #[test]
    fn lengths_are_read_as_the_api_takes_them() {
        assert_eq!(times(&[("length", "P7D")]).unwrap().duration.as_deref(), Some("P7D"));
        assert_eq!(times(&[("length", "unlimited")]), Ok(Times::default()));
        let custom = times(&[("length", "custom"), ("n", "36"), ("unit", "h")]).unwrap();
        assert_eq!(custom.duration.as_deref(), Some("PT36H"));
        let until = times(&[("length", "until"), ("until", "2025-12-24"), ("starts", "2025-12-01")]).unwrap();
        assert_eq!(until.until.as_deref(), Some("2025-12-24T23:59:00Z"));
        assert_eq!(until.starts.as_deref(), Some("2025-12-01T00:00:00Z"));
    }

    #[test]
    fn what_cannot_be_read_names_its_field() {
        assert_eq!(times(&[]), Err(vec!["duration".to_owned()]));
        for n in ["", "0", "-3", "many"] {
            let custom = times(&[("length", "custom"), ("n", n), ("unit", "d")]);
            assert_eq!(custom, Err(vec!["duration".to_owned()]), "{n}");
        }
        assert_eq!(times(&[("length", "until"), ("until", "tomorrow")]), Err(vec!["until".to_owned()]));
        assert_eq!(times(&[("length", "P1D"), ("starts", "2025-02-30")]), Err(vec!["starts".to_owned()]));
    }

    #[test]
    fn an_address_may_name_the_person_directly() {
        let person = |pairs: &[(&str, &str)]| Input::from_pairs(pairs.iter().copied()).person;
        assert_eq!(person(&[("for", "usr_1")]).as_deref(), Some("usr_1"));
        assert_eq!(person(&[("for", "other"), ("person", "a@example.com")]).as_deref(), Some("a@example.com"));
        assert_eq!(person(&[("for", "me"), ("person", "a@example.com")]), None);
    }
}
