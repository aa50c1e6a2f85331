//! Commitments: their value, their place in a body, their names.

use audit::{
    commitment::{commit, commitments, field, place},
    hash::Hash,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::canonical::any_value;

#[test]
fn a_commitment_is_the_hash_of_salt_and_text() {
    let salt = [7; 32];
    assert_eq!(commit(&salt, "caf\u{e9}"), Hash::of(&[&salt[..], "caf\u{e9}".as_bytes()].concat()));
    assert_ne!(commit(&salt, "same"), commit(&[8; 32], "same"));
    insta::assert_snapshot!(place(commit(&salt, "")), @r#"{"commitment":"4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0"}"#);
}

#[test]
fn commitments_are_found_by_the_path_of_their_field() {
    let hashes: Vec<Hash> = (0..6_u8).map(|seed| Hash::of(&[seed])).collect();
    let body = json!({
        "justification": place(hashes[0]),
        "after": { "comment": place(hashes[1]), "state": "pending" },
        "answers": [{ "question": "q", "answer": place(hashes[2]) }, place(hashes[3])],
        "by": { "q.1~": place(hashes[4]), "commitment": place(hashes[5]) },
    });
    let found: Vec<(String, Hash)> = commitments(&body).into_iter().collect();
    let expected = [
        ("after.comment", 1),
        ("answers.0.answer", 2),
        ("answers.1", 3),
        ("by.commitment", 5),
        ("by.q~11~0", 4),
        ("justification", 0),
    ];
    assert_eq!(found, expected.map(|(name, at)| (name.to_owned(), hashes[at])));
    assert_eq!(field(&["by", "q.1~"]), "by.q~11~0");
}

#[test]
fn what_only_looks_like_a_commitment_is_ordinary_content() {
    let hash = Hash::of(b"").to_string();
    for content in [
        json!(hash),
        json!({ "commitment": hash, "more": 1 }),
        json!({ "commitment": hash.to_uppercase() }),
        json!({ "commitment": &hash[1..] }),
        json!({ "commitment": [hash] }),
        json!({ "commitment": null }),
        json!({ "commitments": hash }),
        json!({}),
    ] {
        assert!(commitments(&json!({ "field": content })).is_empty(), "{content}");
    }
}

fn put(value: Value, hash: Hash, places: &mut Vec<String>, keys: &mut Vec<String>) -> Value {
    match value {
        Value::String(_) => {
            places.push(field(keys));
            place(hash)
        }
        Value::Array(items) => {
            let visit = |(at, item): (usize, Value)| put_below(at.to_string(), item, hash, places, keys);
            items.into_iter().enumerate().map(visit).collect()
        }
        Value::Object(members) => {
            let visit = |(key, member): (String, Value)| (key.clone(), put_below(key, member, hash, places, keys));
            Value::Object(members.into_iter().map(visit).collect())
        }
        flat => flat,
    }
}

fn put_below(key: String, value: Value, hash: Hash, places: &mut Vec<String>, keys: &mut Vec<String>) -> Value {
    keys.push(key);
    let put = put(value, hash, places, keys);
    keys.pop();
    put
}

proptest! {
    /// Two places never share a name, or one text could stand in for another.
    #[test]
    fn every_commitment_has_a_name_of_its_own(value in any_value()) {
        let mut places = Vec::new();
        let body = put(value, Hash::of(b"text"), &mut places, &mut Vec::new());
        places.sort();
        let found: Vec<String> = commitments(&body).into_keys().collect();
        prop_assert_eq!(found, places);
    }

    #[test]
    fn field_names_tell_all_keys_apart(left in keys(), right in keys()) {
        prop_assert_eq!(field(&left) == field(&right), left == right);
    }
}

/// At least one key: a commitment that is itself the whole body has the empty name.
fn keys() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a.~01]{0,2}", 1..4)
}
