//! What creating anything in the directory has in common.

use serde_json::Value;
use store::log::{Entry, Sealed};
use store::{StoreError, Tx};

use crate::app::caller::Caller;
use crate::app::error::{AppError, Outcome};
use crate::words;

/// Which page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Where it begins.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: i64,
}

/// What a new installation is called and sets.
#[derive(Clone, Debug, Default)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// What it sets.
    pub settings: domain::settings::Settings,
}

impl Page {
    /// The name key and id after which the page begins.
    pub(super) fn after(&self) -> Outcome<(String, String)> {
        let Some(cursor) = &self.cursor else { return Ok(Default::default()) };
        let decoded = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok();
        decoded
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .filter(|text| !text.contains('\0'))
            .and_then(|text| text.split_once('\n').map(|(key, id)| (key.to_owned(), id.to_owned())))
            .ok_or_else(|| AppError::field("cursor", words::say("invalid-cursor")))
    }

    /// How many rows to read: one more than fits tells whether there is another page.
    pub(super) fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts what was read to the page; the cursor of the next one, if there is one.
    pub(super) fn cut<T>(&self, rows: &mut Vec<T>, place: impl Fn(&T) -> (String, String)) -> Option<String> {
        let page = usize::try_from(self.limit).unwrap_or(0);
        let more = rows.len() > page;
        rows.truncate(page);
        let (key, id) = rows.last().filter(|_| more).map(place)?;
        Some(data_encoding::BASE64URL_NOPAD.encode(format!("{key}\n{id}").as_bytes()))
    }
}

/// One change of the directory, as it goes to the log.
pub(super) struct Change {
    pub(super) kind: &'static str,
    pub(super) subject: Option<String>,
    pub(super) entitlement: Option<String>,
    pub(super) resource: String,
    /// Everything that was set; personal texts replaced by commitments.
    pub(super) after: Value,
    pub(super) texts: Vec<Sealed>,
}

/// Writes the leaf of a change and counts the directory up.
pub(super) async fn log(tx: &mut Tx, caller: &Caller, change: Change) -> Result<(), StoreError> {
    tx.touch_directory()?;
    let body = serde_json::json!({ "kind": change.kind, "after": change.after });
    tx.append(Entry {
        kind: change.kind,
        actor: caller.named(),
        subject: change.subject,
        request: None,
        revision: None,
        entitlement: change.entitlement,
        resources: vec![change.resource],
        correlation: caller.correlation.clone(),
        body,
        texts: change.texts,
    })
    .await?;
    Ok(())
}

/// A personal text and the commitment that stands for it in the leaf.
pub(super) fn committed(field: &str, text: &str) -> Result<(Value, Sealed), StoreError> {
    let sealed = Sealed::new(format!("after.{field}"), text)?;
    Ok((audit::commitment::place(sealed.commitment()), sealed))
}

/// The error for something that exists already.
pub(super) fn taken(field: &str) -> AppError {
    AppError::field(field, words::say("invalid-taken"))
}
