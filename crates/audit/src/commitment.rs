//! Salted commitments: how a leaf vouches for personal text without holding it.
//!
//! The body holds `{"commitment":"<hex>"}` in the text's place, salt and text are kept beside the log. Erasing those two
//! erases the text: 32 random bytes cannot be guessed, so the commitment that stays says nothing about it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::hash::Hash;

const MEMBER: &str = "commitment";

/// The commitment to `text`: SHA-256 over the salt and the text's UTF-8 bytes. The salt is random and used once.
#[must_use]
pub fn commit(salt: &[u8; 32], text: &str) -> Hash {
    Hash::of_parts(&[salt, text.as_bytes()])
}

/// The object that stands in a body in place of the text.
#[must_use]
pub fn place(commitment: Hash) -> Value {
    json!({ MEMBER: commitment.to_string() })
}

/// The name of the field at these keys: the keys (for arrays the positions, counted from 0) joined by dots.
///
/// A dot or tilde inside a key is written `~1` or `~0`, so that two different places never share a name.
#[must_use]
pub fn field<K: AsRef<str>>(keys: &[K]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| key.as_ref().replace('~', "~0").replace('.', "~1")).collect();
    keys.join(".")
}

/// All commitments of a body by the [`field`] they stand at.
///
/// A commitment is an object with the one member `commitment`, whose value is a hash; anything else is ordinary content.
#[must_use]
pub fn commitments(body: &Value) -> BTreeMap<String, Hash> {
    let mut found = BTreeMap::new();
    collect(body, &mut Vec::new(), &mut found);
    found
}

/// The commitments of a body as it was kept, which must be canonical. Most bodies have none and need not be parsed.
pub(crate) fn kept_commitments(body: &str) -> BTreeMap<String, Hash> {
    if !body.contains(r#"{"commitment":""#) {
        return BTreeMap::new();
    }
    serde_json::from_str(body).map(|body| commitments(&body)).unwrap_or_default()
}

fn collect(value: &Value, keys: &mut Vec<String>, found: &mut BTreeMap<String, Hash>) {
    if let Some(commitment) = placed(value) {
        found.insert(field(keys), commitment);
        return;
    }
    let mut visit = |key: String, inner: &Value| {
        keys.push(key);
        collect(inner, keys, found);
        keys.pop();
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| visit(at.to_string(), item)),
        Value::Object(members) => members.iter().for_each(|(key, member)| visit(key.clone(), member)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn placed(value: &Value) -> Option<Hash> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(MEMBER)?.as_str()?.parse().ok()
}
