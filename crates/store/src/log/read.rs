//! Reading the log.

use audit::{
    hash::Hash,
    tree::Frontier,
    verify::{Finding, Record, Report, TextRecord, Verifier},
};
use data_encoding::HEXLOWER;
use domain::Time;

use crate::{
    error::StoreError,
    reader::Reader,
    sql::{Tx, all, one},
};

/// How many leaves are read at a time to be verified: at most 16 KiB of body each.
const VERIFY_PAGE: i64 = 256;

/// An event as it was kept.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Event {
    /// Its index in the log, from 0 without gaps.
    #[sqlx(rename = "idx")]
    pub index: i64,
    /// `evt_…`
    pub id: String,
    /// What happened.
    pub kind: String,
    at: i64,
    effective_at: i64,
    /// The id of the user who caused it; none when the product itself did.
    #[sqlx(rename = "actor_id")]
    pub actor: Option<String>,
    /// The way in.
    pub door: String,
    /// The id of the user whose access it is about.
    #[sqlx(rename = "subject_id")]
    pub subject: Option<String>,
    /// The id of the request it belongs to.
    #[sqlx(rename = "request_id")]
    pub request: Option<String>,
    /// The revision of that request.
    pub revision: Option<i64>,
    /// The id of the entitlement it is about.
    #[sqlx(rename = "entitlement_id")]
    pub entitlement: Option<String>,
    /// The header's canonical JSON, as it was hashed.
    pub header: String,
    /// The body's canonical JSON, as it was hashed.
    pub body: String,
    /// The leaf's hash in hexadecimal digits.
    pub leaf: String,
}

impl Event {
    /// When the source clock said it happened.
    #[must_use]
    pub fn at(&self) -> Time {
        Time::from_micros(self.at)
    }

    /// The time the decision went by; never before that of an earlier event.
    #[must_use]
    pub fn effective_at(&self) -> Time {
        Time::from_micros(self.effective_at)
    }
}

/// A text beside the log that has not been erased.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Text {
    /// The index of its event.
    #[sqlx(rename = "event_idx")]
    pub index: i64,
    /// The place of its commitment in the body.
    pub field: String,
    /// Its salt in hexadecimal digits.
    pub salt: String,
    /// The text.
    pub text: String,
}

/// Which events are wanted; what is absent does not matter.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// What happened.
    pub kind: Option<String>,
    /// The id of the user who caused it.
    pub actor: Option<String>,
    /// The id of the user whose access it is about.
    pub subject: Option<String>,
    /// The id of the request it belongs to.
    pub request: Option<String>,
    /// The id of the entitlement it is about.
    pub entitlement: Option<String>,
}

/// Where a page begins and which way it goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Start {
    /// The oldest first, from after this index.
    After(i64),
    /// The newest first, from before this index.
    Before(i64),
}

impl Start {
    /// The first event ever, and those after it.
    pub const OLDEST: Self = Self::After(-1);
    /// The latest event, and those before it.
    pub const NEWEST: Self = Self::Before(i64::MAX);
}

/// The log as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogHead {
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree over all of them.
    pub root: Hash,
    /// The right edge of that tree.
    pub frontier: Frontier,
    /// Grows with every restore or failover.
    pub epoch: i64,
}

/// The log as a whole, as this transaction sees it.
pub async fn head(tx: &mut Tx) -> Result<LogHead, StoreError> {
    let corrupt = StoreError::Corrupt { what: "log head" };
    let (frontier, epoch) = match &tx.head {
        Some(head) => (head.frontier.clone(), head.epoch),
        None => {
            let row = one!(tx, (i64, String, i64), "select size, frontier, epoch from head where id = 1")?;
            let (size, text, epoch) = row.ok_or_else(|| corrupt.clone())?;
            let frontier = Frontier::from_text(&text).map_err(|_| corrupt.clone())?;
            if u64::try_from(size) != Ok(frontier.size()) {
                return Err(corrupt);
            }
            (frontier, epoch)
        }
    };
    Ok(LogHead { size: frontier.size(), root: frontier.root(), frontier, epoch })
}

/// A page of events by the column that narrows most; the others are compared row by row.
///
/// One text for all would do without an index, because neither database plans for "equal or not asked".
macro_rules! page {
    ($tx:expr, $lead:literal, $filter:expr, $start:expr, $limit:expr) => {{
        let Filter { kind, actor, subject, request, entitlement } = $filter;
        match $start {
            Start::After(index) => all!(
                $tx,
                Event,
                concat!(page!(columns), $lead, " and idx > $6 order by idx limit $7"),
                kind,
                actor,
                subject,
                request,
                entitlement,
                index,
                $limit
            ),
            Start::Before(index) => all!(
                $tx,
                Event,
                concat!(page!(columns), $lead, " and idx < $6 order by idx desc limit $7"),
                kind,
                actor,
                subject,
                request,
                entitlement,
                index,
                $limit
            ),
        }
    }};
    (columns) => {
        "select idx, id, kind, at, effective_at, actor_id, door, subject_id, request_id, revision, entitlement_id,
            header, body, leaf
         from event
         where (cast($1 as text) is null or kind = $1)
           and (cast($2 as text) is null or actor_id = $2)
           and (cast($3 as text) is null or subject_id = $3)
           and (cast($4 as text) is null or request_id = $4)
           and (cast($5 as text) is null or entitlement_id = $5)
           and "
    };
}

/// At most `limit` events that pass the filter.
pub async fn list(tx: &mut Tx, filter: &Filter, start: Start, limit: i64) -> Result<Vec<Event>, StoreError> {
    match filter {
        Filter { request: Some(_), .. } => page!(tx, "request_id = $4", filter, start, limit),
        Filter { entitlement: Some(_), .. } => page!(tx, "entitlement_id = $5", filter, start, limit),
        Filter { subject: Some(_), .. } => page!(tx, "subject_id = $3", filter, start, limit),
        Filter { actor: Some(_), .. } => page!(tx, "actor_id = $2", filter, start, limit),
        Filter { kind: Some(_), .. } => page!(tx, "kind = $1", filter, start, limit),
        _ => page!(tx, "1 = 1", filter, start, limit),
    }
}

/// The texts beside these events, in the order of the events.
pub async fn texts(tx: &mut Tx, indexes: &[i64]) -> Result<Vec<Text>, StoreError> {
    let mut found = Vec::new();
    for few in indexes.chunks(8) {
        // No event has the index -1.
        let nth = |n: usize| few.get(n).copied().unwrap_or(-1);
        found.extend(all!(
            tx,
            Text,
            "select event_idx, field, salt, text from event_text
             where event_idx in ($1, $2, $3, $4, $5, $6, $7, $8) order by event_idx, field",
            nth(0),
            nth(1),
            nth(2),
            nth(3),
            nth(4),
            nth(5),
            nth(6),
            nth(7)
        )?);
    }
    found.sort_by_key(|text| indexes.iter().position(|index| *index == text.index));
    Ok(found)
}

/// At most `limit` leaves from after the index `after` (-1 for the first), as the verifier takes them. A page at a time is
/// all that is ever in memory.
pub async fn records(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Record>, StoreError> {
    let rows = all!(
        tx,
        (i64, String, String, String),
        "select idx, header, body, leaf from event where idx > $1 order by idx limit $2",
        after,
        limit
    )?;
    let last = rows.last().map_or(after, |row| row.0);
    let texts = all!(
        tx,
        Text,
        "select event_idx, field, salt, text from event_text where event_idx > $1 and event_idx <= $2
         order by event_idx, field",
        after,
        last
    )?;
    let mut texts = texts.into_iter().peekable();
    let mut records = Vec::with_capacity(rows.len());
    for (index, header, body, leaf) in rows {
        let mut beside = Vec::new();
        while let Some(text) = texts.next_if(|text| text.index == index) {
            beside.push(text_record(text)?);
        }
        records.push(Record {
            sequence: u64::try_from(index).map_err(|_| StoreError::Corrupt { what: "event index" })?,
            header,
            body,
            leaf: leaf.parse().map_err(|_| StoreError::Corrupt { what: "leaf hash" })?,
            texts: beside,
        });
    }
    Ok(records)
}

fn text_record(text: Text) -> Result<TextRecord, StoreError> {
    let salt = HEXLOWER.decode(text.salt.as_bytes()).ok();
    let salt = salt.and_then(|salt| <[u8; 32]>::try_from(salt).ok());
    Ok(TextRecord { field: text.field, salt: salt.ok_or(StoreError::Corrupt { what: "salt" })?, text: text.text })
}

/// Checks the whole log against the head it has now: every leaf, every text, the order and the root.
pub async fn verify(reader: &Reader) -> Result<Result<Report, Finding>, StoreError> {
    let head = reader.read(async |tx| head(tx).await).await?;
    let mut verifier = Verifier::new();
    let mut after = -1;
    while verifier.size() < head.size {
        let left = i64::try_from(head.size - verifier.size()).unwrap_or(VERIFY_PAGE);
        // A transaction per page: what is in the log stays as it is, and a long reading would hold up the database's own care.
        let page = reader.read(async |tx| records(tx, after, left.min(VERIFY_PAGE)).await).await?;
        if page.is_empty() {
            break;
        }
        for record in page {
            after = i64::try_from(record.sequence).unwrap_or(i64::MAX);
            if let Err(finding) = verifier.push(&record) {
                return Ok(Err(finding));
            }
        }
    }
    Ok(verifier.finish(head.size, head.root))
}
