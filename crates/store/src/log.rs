//! The audit log: appending an event in the transaction of the change it tells of, and reading events again.

use audit::{
    commitment,
    hash::Hash,
    leaf::{self, Actor, FORMAT, Header},
};
use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::{
    error::StoreError,
    head,
    id::fresh,
    sql::{Tx, run},
};

mod read;

pub use read::{Event, Filter, LogHead, Start, Text, head, list, records, texts, verify};

/// One event to be written down.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened, such as `request.approved`. A name keeps its meaning for ever.
    pub kind: &'static str,
    /// Who caused it, and through which door.
    pub actor: Actor,
    /// The id of the user whose access it is about.
    pub subject: Option<String>,
    /// The id of the request it belongs to.
    pub request: Option<String>,
    /// The revision of that request.
    pub revision: Option<u32>,
    /// The id of the entitlement it is about.
    pub entitlement: Option<String>,
    /// The ids of everything else it is about. The entitlement need not be among them.
    pub resources: Vec<String>,
    /// The id that ties together everything one action caused.
    pub correlation: String,
    /// What changed and why: an object of at most 16 KiB without personal text.
    pub body: Value,
    /// Personal text, kept beside the log; its commitment is put into the body.
    pub texts: Vec<Sealed>,
}

/// A text that is kept beside the log and can be erased there.
#[derive(Clone)]
pub struct Sealed {
    /// Its place in the body, as `audit::commitment::field` writes it: the keys joined by dots.
    pub field: String,
    /// Random bytes that make the commitment say nothing about the text.
    pub salt: [u8; 32],
    /// The text.
    pub text: String,
}

impl Sealed {
    /// Seals a text with a fresh salt.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> Result<Self, StoreError> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(StoreError::Random)?;
        Ok(Self { field: field.into(), salt, text: text.into() })
    }

    /// What the leaf says about the text.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        commitment::commit(&self.salt, &self.text)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealed").field("field", &self.field).finish_non_exhaustive()
    }
}

impl Tx {
    /// Appends an event to the log and answers its index. If it cannot be written the use case must fail, which it does by
    /// passing the error on (I45).
    ///
    /// # Errors
    /// Outside a group, or when the entry does not fit a leaf.
    pub async fn append(&mut self, entry: Entry) -> Result<i64, StoreError> {
        let appended = append(self, entry).await;
        // Even a use case that passes over the error must not be kept without its leaf.
        self.has_failed |= appended.is_err();
        appended
    }
}

async fn append(tx: &mut Tx, mut entry: Entry) -> Result<i64, StoreError> {
    for sealed in &entry.texts {
        place(&mut entry.body, sealed)?;
    }
    let head = tx.head.as_ref().ok_or(StoreError::NotInGroup)?;
    let index = head::size(&head.frontier)?;
    let header = header(tx, &entry, head.frontier.size(), head.epoch)?;
    let leaf = leaf::encode(&header, &entry.body).map_err(|error| StoreError::Leaf(std::sync::Arc::new(error)))?;
    run!(
        tx,
        "insert into event (idx, id, kind, at, effective_at, actor_id, door, subject_id, request_id, revision,
            entitlement_id, header, body, leaf)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        index,
        fresh("evt"),
        entry.kind,
        header.time,
        header.effective_now,
        entry.actor.person,
        entry.actor.door,
        entry.subject,
        entry.request,
        entry.revision.map(i64::from),
        entry.entitlement,
        leaf.header,
        leaf.body,
        leaf.hash.to_string()
    )?;
    for Sealed { field, salt, text } in entry.texts {
        run!(
            tx,
            "insert into event_text (event_idx, field, salt, text) values ($1, $2, $3, $4)",
            index,
            field,
            HEXLOWER.encode(&salt),
            text
        )?;
    }
    if let Some(head) = &mut tx.head {
        head.frontier.push(leaf.hash);
    }
    Ok(index)
}

fn header(tx: &Tx, entry: &Entry, sequence: u64, epoch: i64) -> Result<Header, StoreError> {
    let mut resources = entry.resources.clone();
    if let Some(entitlement) = &entry.entitlement
        && !resources.contains(entitlement)
    {
        resources.insert(0, entitlement.clone());
    }
    Ok(Header {
        version: FORMAT,
        sequence,
        time: tx.moment.source.micros(),
        effective_now: tx.moment.now.micros(),
        kind: entry.kind.to_owned(),
        actor: entry.actor.clone(),
        subject: entry.subject.clone(),
        resources,
        request: entry.request.clone(),
        revision: entry.revision,
        node: tx.node.to_string(),
        epoch: u64::try_from(epoch).map_err(|_| StoreError::Corrupt { what: "log epoch" })?,
        correlation: entry.correlation.clone(),
    })
}

/// Puts the commitment where the text would stand. Objects on the way are made; anything else in the way is an error.
fn place(body: &mut Value, sealed: &Sealed) -> Result<(), StoreError> {
    let no_place = || StoreError::NoPlace { field: sealed.field.clone() };
    let mut at = body;
    for key in sealed.field.split('.') {
        let key = key.replace("~1", ".").replace("~0", "~");
        at = match at {
            Value::Object(members) => members.entry(key).or_insert(Value::Null),
            Value::Array(items) => {
                key.parse::<usize>().ok().and_then(|position| items.get_mut(position)).ok_or_else(no_place)?
            }
            Value::Null => {
                *at = Value::Object(serde_json::Map::new());
                match at {
                    Value::Object(members) => members.entry(key).or_insert(Value::Null),
                    _ => return Err(no_place()),
                }
            }
            _ => return Err(no_place()),
        };
    }
    let commitment = commitment::place(sealed.commitment());
    if !at.is_null() && *at != commitment {
        return Err(no_place());
    }
    *at = commitment;
    Ok(())
}
