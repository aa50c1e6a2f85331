//! Hashes and how they are written.

use audit::hash::{Hash, leaf_hash, node_hash};

const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn a_hash_is_sha_256_in_lower_case_hex() {
    assert_eq!(Hash::of(b"").to_string(), OF_NOTHING);
    assert_eq!(OF_NOTHING.parse(), Ok(Hash::of(b"")));
    assert_eq!(Hash::from_bytes(*Hash::of(b"").as_bytes()), Hash::of(b""));
}

#[test]
fn a_hash_in_json_is_its_hex_text() {
    let json = serde_json::to_string(&Hash::of(b"")).unwrap();
    assert_eq!(json, format!("\"{OF_NOTHING}\""));
    assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), Hash::of(b""));
    assert!(serde_json::from_str::<Hash>("\"e3b0\"").is_err());
}

#[test]
fn only_64_lower_case_digits_are_a_hash() {
    let upper = OF_NOTHING.to_uppercase();
    let longer = format!("{OF_NOTHING}00");
    let spaced = format!("{OF_NOTHING} ");
    for text in ["", "e3", "zz", &OF_NOTHING[1..], &OF_NOTHING[2..], &upper, &longer, &spaced] {
        assert!(text.parse::<Hash>().is_err(), "{text:?} was taken for a hash");
    }
}

#[test]
fn leaves_and_nodes_are_hashed_with_different_prefixes() {
    let (left, right) = (Hash::of(b"left"), Hash::of(b"right"));
    let prefixed = |prefix: u8| Hash::of(&[&[prefix], &left.as_bytes()[..], &right.as_bytes()[..]].concat());
    assert_eq!(leaf_hash(&left, &right), prefixed(0));
    assert_eq!(node_hash(&left, &right), prefixed(1));
}
