//! Logs to check: built as the product builds them, kept as records.

use audit::{
    commitment::{commit, place},
    hash::Hash,
    leaf::{Actor, FORMAT, Header, encode},
    tree::Frontier,
    verify::{Finding, Record, Report, TextRecord, Verifier},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::canonical::any_value;

/// A log and what was promised about it from outside.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) records: Vec<Record>,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

impl Log {
    pub(crate) fn of(records: Vec<Record>) -> Self {
        let mut frontier = Frontier::new();
        records.iter().for_each(|record| frontier.push(record.leaf));
        Self { records, size: frontier.size(), root: frontier.root() }
    }

    /// Checks `records` against what was promised about this log.
    pub(crate) fn verify(&self, records: &[Record]) -> Result<Report, Finding> {
        let mut verifier = Verifier::new();
        for record in records {
            verifier.push(record)?;
        }
        verifier.finish(self.size, self.root)
    }
}

pub(crate) fn header(sequence: u64) -> Header {
    Header {
        version: FORMAT,
        sequence,
        time: 1_760_000_000_000_000 + sequence as i64,
        effective_now: 1_760_000_000_000_000 + sequence as i64,
        kind: "request.approved".to_owned(),
        actor: Actor {
            person: Some("usr_01k6zr8v5hf3t9m2c4d7e8g0ja".to_owned()),
            issuer: Some("https://id.example.org".to_owned()),
            subject: Some("248289761001".to_owned()),
            door: "web".to_owned(),
            token: Some(Hash::of(b"tok_01k6zr8v5hf3t9m2c4d7e8g0jb").to_string()),
        },
        subject: Some("usr_01k6zr8v5hf3t9m2c4d7e8g0jc".to_owned()),
        resources: vec!["app_01k6zr8v5hf3t9m2c4d7e8g0jd".to_owned(), "ent_01k6zr8v5hf3t9m2c4d7e8g0je".to_owned()],
        request: Some("req_01k6zr8v5hf3t9m2c4d7e8g0jf".to_owned()),
        revision: Some(1),
        node: "node-1".to_owned(),
        epoch: 1,
        correlation: "01k6zr8v5hf3t9m2c4d7e8g0jg".to_owned(),
    }
}

pub(crate) fn record(header: &Header, body: &Value, texts: Vec<TextRecord>) -> Record {
    let leaf = encode(header, body).unwrap();
    Record { sequence: header.sequence, header: leaf.header, body: leaf.body, leaf: leaf.hash, texts }
}

/// What one leaf of a generated log is made of.
#[derive(Clone, Debug)]
struct Draft {
    kind: String,
    later: i64,
    epochs: u64,
    resources: Vec<String>,
    request: Option<String>,
    content: Value,
    texts: Vec<([u8; 32], String)>,
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let text = (any::<[u8; 32]>(), any::<String>());
    (
        "request\\.[a-c]",
        0_i64..3,
        0_u64..2,
        prop::collection::vec("[a-z]{3}_[0-9a-z]{4}", 0..3),
        prop::option::of("req_[0-9a-z]{4}"),
        any_value(),
        prop::collection::vec(text, 0..3),
    )
        .prop_map(|(kind, later, epochs, resources, request, content, texts)| Draft {
            kind,
            later,
            epochs,
            resources,
            request,
            content,
            texts,
        })
}

/// A sound log of the given number of leaves.
pub(crate) fn any_log(size: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Log> {
    prop::collection::vec(any_draft(), size).prop_map(|drafts| {
        let mut header = header(0);
        let mut records = Vec::new();
        for (sequence, draft) in (0..).zip(drafts) {
            header.sequence = sequence;
            header.kind = draft.kind;
            header.effective_now += draft.later;
            header.epoch += draft.epochs;
            header.resources = draft.resources;
            header.request = draft.request;
            records.push(with_texts(&header, &draft.content, &draft.texts));
        }
        Log::of(records)
    })
}

fn with_texts(header: &Header, content: &Value, texts: &[([u8; 32], String)]) -> Record {
    let mut body = json!({ "content": content, "answers": [] });
    let mut kept = Vec::new();
    for (at, (salt, text)) in texts.iter().enumerate() {
        body["answers"].as_array_mut().unwrap().push(place(commit(salt, text)));
        kept.push(TextRecord { field: format!("answers.{at}"), salt: *salt, text: text.clone() });
    }
    record(header, &body, kept)
}
