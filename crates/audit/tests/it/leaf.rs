//! The bytes of a leaf, which can never change, and what may not become one.

use audit::{
    commitment::{commit, place},
    hash::{Hash, leaf_hash},
    leaf::{Actor, BODY_MAX, DecodeError, EncodeError, HEADER_MAX, Header, decode, encode, rehash},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{canonical::any_value, log::header};

/// If this fails, the change breaks every log that exists: it must be undone, never accepted.
#[test]
fn the_bytes_of_a_full_leaf_are_frozen() {
    let body = json!({
        "before": { "approval": "pending" },
        "after": { "approval": "approved", "reviewed": null, "share": 0.5 },
        "comment": place(commit(&[1; 32], "Fine by me, until the audit is over.")),
        "names": { "\u{fb33}": 1, "\u{1f600}": 2, "\u{e9}": "\u{1f}\n\"/\\" },
    });
    let leaf = encode(&header(41), &body).unwrap();
    insta::assert_snapshot!(leaf.header, @r#"{"actor":{"door":"web","issuer":"https://id.example.org","person":"usr_01k6zr8v5hf3t9m2c4d7e8g0ja","subject":"248289761001","token":"d5101ef793ee1213910ad91d780bc93bd8413e7dce9d8599ea2f98fc0c366352"},"correlation":"01k6zr8v5hf3t9m2c4d7e8g0jg","effective_now":1760000000000041,"epoch":1,"kind":"request.approved","node":"node-1","request":"req_01k6zr8v5hf3t9m2c4d7e8g0jf","resources":["app_01k6zr8v5hf3t9m2c4d7e8g0jd","ent_01k6zr8v5hf3t9m2c4d7e8g0je"],"revision":1,"sequence":41,"subject":"usr_01k6zr8v5hf3t9m2c4d7e8g0jc","time":1760000000000041,"version":1}"#);
    insta::assert_snapshot!(leaf.body, @r#"{"after":{"approval":"approved","reviewed":null,"share":0.5},"before":{"approval":"pending"},"comment":{"commitment":"295cddc8e0ea8f2ef7f10bbe7b2ee20dfbec214be90d3c4f255269d6b0627a61"},"names":{"é":"\u001f\n\"/\\","😀":2,"דּ":1}}"#);
    insta::assert_snapshot!(leaf.hash, @"bbab98f8b7e2dd6aa23e46ab34dd1e1b1d73f3a8d57068bf0cf43af6d68ca4fb");
}

/// Absent options are left out; an empty list is not absent.
#[test]
fn the_bytes_of_a_sparse_leaf_are_frozen() {
    let header = Header {
        actor: Actor { person: None, issuer: None, subject: None, door: "system".to_owned(), token: None },
        subject: None,
        resources: Vec::new(),
        request: None,
        revision: None,
        ..header(0)
    };
    let leaf = encode(&header, &json!({})).unwrap();
    insta::assert_snapshot!(leaf.header, @r#"{"actor":{"door":"system"},"correlation":"01k6zr8v5hf3t9m2c4d7e8g0jg","effective_now":1760000000000000,"epoch":1,"kind":"request.approved","node":"node-1","resources":[],"sequence":0,"time":1760000000000000,"version":1}"#);
    assert_eq!(leaf.body, "{}");
    insta::assert_snapshot!(leaf.hash, @"5b56cf4a4bb761faaecc32f650d9d1b7acfdebde3cc1715bb456678e43384dad");
}

#[test]
fn a_leaf_is_the_hash_of_the_hashes_of_its_parts() {
    let leaf = encode(&header(3), &json!({ "a": 1 })).unwrap();
    let expected = leaf_hash(&Hash::of(leaf.header.as_bytes()), &Hash::of(leaf.body.as_bytes()));
    assert_eq!(leaf.hash, expected);
    assert_eq!(rehash(&leaf.header, &leaf.body), expected);
}

#[test]
fn a_header_of_65535_bytes_is_the_longest() {
    let short = encode(&header(0), &json!({})).unwrap().header.len();
    let with_node_of = |length: usize| Header { node: "n".repeat(length), ..header(0) };
    let fits = HEADER_MAX - short + header(0).node.len();
    assert_eq!(encode(&with_node_of(fits), &json!({})).unwrap().header.len(), HEADER_MAX);
    let refusal = encode(&with_node_of(fits + 1), &json!({})).unwrap_err();
    insta::assert_snapshot!(refusal, @"the header is 65536 bytes long, at most 65535 are allowed: name fewer resources");
}

#[test]
fn a_body_of_16_kib_is_the_longest() {
    let body = |length: usize| json!({ "a": "x".repeat(length - r#"{"a":""}"#.len()) });
    assert_eq!(encode(&header(0), &body(BODY_MAX)).unwrap().body.len(), BODY_MAX);
    let refusal = encode(&header(0), &body(BODY_MAX + 1)).unwrap_err();
    insta::assert_snapshot!(refusal, @"the body is 16385 bytes long, at most 16384 are allowed: keep long text beside the log as a commitment");
}

#[test]
fn numbers_beyond_doubles_are_refused_in_header_and_body() {
    let limit = 1_u64 << 53;
    assert!(encode(&Header { sequence: limit - 1, time: 1 - limit as i64, ..header(0) }, &json!({})).is_ok());
    for wrong in [
        Header { sequence: limit, ..header(0) },
        Header { epoch: u64::MAX, ..header(0) },
        Header { time: i64::MIN, ..header(0) },
        Header { effective_now: limit as i64, ..header(0) },
    ] {
        assert!(matches!(encode(&wrong, &json!({})), Err(EncodeError::Header(_))), "{wrong:?}");
    }
    let refusal = encode(&header(0), &json!({ "a": [{ "b": limit }] })).unwrap_err();
    insta::assert_snapshot!(refusal, @"the body cannot be written: the number 9007199254740992 lies beyond ±(2^53 - 1) and would lose digits: write it as a string");
}

#[test]
fn only_objects_are_bodies_and_only_this_format_is_written() {
    for body in [json!(null), json!([]), json!("text"), json!(1)] {
        assert!(matches!(encode(&header(0), &body), Err(EncodeError::BodyNotObject)), "{body}");
    }
    let other = Header { version: 2, ..header(0) };
    assert!(matches!(encode(&other, &json!({})), Err(EncodeError::Version(2))));
}

#[test]
fn a_header_with_fields_of_a_later_release_can_be_read() {
    let leaf = encode(&header(5), &json!({})).unwrap();
    let grown = leaf.header.replace("\"version\":1", "\"version\":1,\"weather\":\"fair\"");
    assert_eq!(decode(&grown).unwrap(), header(5));
}

#[test]
fn a_header_of_another_format_is_named_even_when_its_shape_differs() {
    let leaf = encode(&header(5), &json!({})).unwrap();
    let same_shape = leaf.header.replace("\"version\":1", "\"version\":2");
    for text in [same_shape.as_str(), r#"{"version":2}"#] {
        assert!(matches!(decode(text), Err(DecodeError::Version(2))), "{text}");
    }
    for text in [r#"{"version":1}"#, r#"{"version":"1"}"#, "{}", "[]", ""] {
        assert!(matches!(decode(text), Err(DecodeError::Malformed(_))), "{text}");
    }
}

fn any_header() -> impl Strategy<Value = Header> {
    let ids = prop::collection::vec(any::<String>(), 0..4);
    let options = prop::collection::vec(prop::option::of(any::<String>()), 6);
    let numbers = (0_u64..1 << 53, -(1_i64 << 53) + 1..1 << 53, 0_u64..1 << 53, prop::option::of(any::<u32>()));
    (any::<[String; 4]>(), ids, options, numbers).prop_map(|(texts, resources, options, numbers)| {
        let [kind, door, node, correlation] = texts;
        let mut options = options.into_iter().flatten();
        Header {
            version: 1,
            sequence: numbers.0,
            time: numbers.1,
            effective_now: -numbers.1,
            kind,
            actor: Actor {
                person: options.next(),
                issuer: options.next(),
                subject: options.next(),
                door,
                token: options.next(),
            },
            subject: options.next(),
            resources,
            request: options.next(),
            revision: numbers.3,
            node,
            epoch: numbers.2,
            correlation,
        }
    })
}

proptest! {
    #[test]
    fn a_header_reads_back_as_it_was_written(header in any_header()) {
        let leaf = encode(&header, &json!({})).unwrap();
        prop_assert_eq!(decode(&leaf.header).unwrap(), header);
    }

    /// Whatever order a body was built in, its bytes and its hash are the same.
    #[test]
    fn a_body_read_back_makes_the_same_leaf(content in any_value()) {
        let leaf = encode(&header(0), &json!({ "content": content })).unwrap();
        let read: Value = serde_json::from_str(&leaf.body).unwrap();
        prop_assert_eq!(encode(&header(0), &read).unwrap(), leaf);
    }
}
