//! What the verifier says about sound logs and about each kind of fault, in words.

use audit::{
    commitment::{commit, place},
    hash::Hash,
    leaf::{Header, rehash},
    tree::Frontier,
    verify::{Record, TextRecord, Verifier, What},
};
use proptest::prelude::*;
use serde_json::json;

use crate::log::{Log, any_log, header, record};

const SALT: [u8; 32] = [9; 32];

fn text(field: &str, text: &str) -> TextRecord {
    TextRecord { field: field.to_owned(), salt: SALT, text: text.to_owned() }
}

/// Four leaves; the second has two texts beside it.
fn small_log() -> Log {
    let reasons = json!({ "reason": place(commit(&SALT, "on call")), "comment": place(commit(&SALT, "soon")) });
    let records = (0..4).map(|sequence| match sequence {
        1 => record(&header(1), &reasons, vec![text("reason", "on call"), text("comment", "soon")]),
        _ => record(&header(sequence), &json!({ "n": sequence }), Vec::new()),
    });
    Log::of(records.collect())
}

fn said(change: impl FnOnce(&mut Vec<Record>)) -> String {
    let log = small_log();
    let mut records = log.records.clone();
    change(&mut records);
    log.verify(&records).unwrap_err().to_string()
}

/// A record whose leaf hash fits its header and body, whatever these are.
fn forged(header: String, body: String) -> Record {
    let leaf = rehash(&header, &body);
    Record { sequence: 1, header, body, leaf, texts: Vec::new() }
}

/// The finding about a log whose second leaf says something else and was hashed again.
fn said_of_forged(change: impl FnOnce(&mut String, &mut String)) -> String {
    said(|records| {
        let (mut header, mut body) = (records[1].header.clone(), records[1].body.clone());
        change(&mut header, &mut body);
        records[1] = forged(header, body);
    })
}

fn said_of_header(header: Header) -> String {
    said(|records| records[1] = record(&header, &json!({}), Vec::new()))
}

#[test]
fn a_sound_log_is_reported_with_its_counts() {
    let log = small_log();
    let report = log.verify(&log.records).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap(), @r#"
    {
      "size": 4,
      "root": "7ad76dccaec535d8e62da4a6683454915689d1f1f5dee743a0ffa864b016fd86",
      "kinds": {
        "request.approved": 4
      },
      "texts_checked": 2,
      "texts_erased": 0
    }
    "#);
}

#[test]
fn the_empty_log_is_sound() {
    let root = Frontier::new().root();
    assert_eq!(Verifier::new().finish(0, root).unwrap().size, 0);
    let finding = Verifier::new().finish(0, Hash::of(b"other")).unwrap_err();
    assert!(matches!(finding.what, What::RootDiffers { .. }));
    let finding = Verifier::new().finish(3, root).unwrap_err();
    insta::assert_snapshot!(finding, @"leaf 0: the log ends before it, though it should have 3 leaves");
}

/// F31.
#[test]
fn missing_repeated_and_swapped_leaves_are_named() {
    insta::assert_snapshot!(said(|records| { records.remove(2); }), @"leaf 2: in its place stands the leaf kept under index 3, so leaves are missing, repeated or out of order");
    insta::assert_snapshot!(said(|records| records.swap(0, 3)), @"leaf 0: in its place stands the leaf kept under index 3, so leaves are missing, repeated or out of order");
    insta::assert_snapshot!(said(|records| records.truncate(3)), @"leaf 3: the log ends before it, though it should have 4 leaves");
    insta::assert_snapshot!(said(|records| records.push(record(&header(4), &json!({}), Vec::new()))), @"leaf 4: the log goes on with it, though it should have only 4 leaves");
    insta::assert_snapshot!(said(|records| {
        records.remove(1);
        (0..).zip(records).for_each(|(sequence, record)| record.sequence = sequence);
    }), @"leaf 1: its header says it was written as leaf 2, so the log was renumbered");
}

/// F31.
#[test]
fn changed_bytes_are_named() {
    insta::assert_snapshot!(said(|records| records[2].body = r#"{"n":3}"#.to_owned()), @"leaf 2: its header and body hash to 9350f5559a825bc1c666a5e0bca0476362c2df6469cb112913d2fc7959c8d580, it was kept with c0fad9be3964c002fba03c25a1e6f7d7e916c85fac9d3131ffe524d1e052ff0e, so one of the three was changed");
    let header = said(|records| records[2].header = records[2].header.replace("approved", "denied"));
    assert!(header.starts_with("leaf 2: its header and body hash to "), "{header}");
    let leaf = said(|records| records[3].leaf = records[2].leaf);
    assert!(leaf.starts_with("leaf 3: its header and body hash to "), "{leaf}");
}

#[test]
fn leaves_that_were_hashed_again_are_named_by_their_form() {
    insta::assert_snapshot!(said_of_forged(|header, _| header.push(' ')), @"leaf 1: its header is not canonical JSON");
    insta::assert_snapshot!(said_of_forged(|header, _| *header = "nonsense".to_owned()), @"leaf 1: its header is not canonical JSON");
    insta::assert_snapshot!(said_of_forged(|header, _| *header = "{}".to_owned()), @"leaf 1: its header lacks a field or has one of the wrong type");
    insta::assert_snapshot!(said_of_forged(|header, _| *header = r#"{"version":7}"#.to_owned()), @"leaf 1: it has format 7, which this release cannot check: use a newer one");
    insta::assert_snapshot!(said_of_forged(|_, body| *body = r#"{"b":1,"a":2}"#.to_owned()), @"leaf 1: its body is not canonical JSON");
    insta::assert_snapshot!(said_of_header(Header { sequence: 1, effective_now: 5, ..header(1) }), @"leaf 1: its effective time, 5 µs, is before 1760000000000000 µs, that of the leaf before it");
    insta::assert_snapshot!(said_of_header(Header { epoch: 0, ..header(1) }), @"leaf 1: its epoch 0 is smaller than 1, that of the leaf before it");
    insta::assert_snapshot!(said_of_forged(|header, _| *header = header.replace("\"sequence\":1", "\"sequence\":2")), @"leaf 1: its header says it was written as leaf 2, so the log was renumbered");
}

#[test]
fn a_leaf_rewritten_along_with_its_hash_is_found_by_the_root() {
    insta::assert_snapshot!(said_of_forged(|_, body| *body = "{}".to_owned()), @"leaf 0: it or a later one was rewritten along with its hash: all leaves together have the root fe2eaf50516e4a787181878aa4fc2f019c43f20c2bd3a59770fb09b2dc88961b, not 7ad76dccaec535d8e62da4a6683454915689d1f1f5dee743a0ffa864b016fd86");
}

#[test]
fn texts_are_held_to_their_commitments() {
    insta::assert_snapshot!(said(|records| records[1].texts[0].text.push('!')), @r#"leaf 1: the text kept for "reason" is not the one its body has the commitment to"#);
    insta::assert_snapshot!(said(|records| records[1].texts[1].salt[31] ^= 1), @r#"leaf 1: the text kept for "comment" is not the one its body has the commitment to"#);
    insta::assert_snapshot!(said(|records| records[1].texts[0].field = "comment".to_owned()), @r#"leaf 1: the text kept for "comment" is not the one its body has the commitment to"#);
    insta::assert_snapshot!(said(|records| records[2].texts.push(text("reason", "on call"))), @r#"leaf 2: a text is kept for "reason", where its body has no commitment"#);
    insta::assert_snapshot!(said(|records| records[1].texts[0].field = "line\nbreak".to_owned()), @r#"leaf 1: a text is kept for "line\nbreak", where its body has no commitment"#);
    insta::assert_snapshot!(said(|records| {
        let again = records[1].texts[0].clone();
        records[1].texts.push(again);
    }), @r#"leaf 1: more than one text is kept for "reason""#);
}

#[test]
fn a_finding_stands_whatever_follows_it() {
    let log = small_log();
    let mut verifier = Verifier::new();
    let finding = verifier.push(&log.records[1]).unwrap_err();
    assert_eq!(verifier.push(&log.records[0]), Err(finding.clone()));
    assert_eq!(verifier.finish(0, Frontier::new().root()), Err(finding));
}

proptest! {
    #[test]
    fn every_log_as_written_is_sound(log in any_log(0..12)) {
        let report = log.verify(&log.records).unwrap();
        prop_assert_eq!((report.size, report.root), (log.size, log.root));
        prop_assert_eq!(report.kinds.values().sum::<u64>(), log.size);
        let texts: usize = log.records.iter().map(|record| record.texts.len()).sum();
        prop_assert_eq!(report.texts_checked, texts as u64);
    }

    /// I47: whatever is erased, size, root and every other text stay provable.
    #[test]
    fn erasing_texts_leaves_every_proof_valid(log in any_log(1..8), keep in any::<u64>()) {
        let before = log.verify(&log.records).unwrap();
        let mut records = log.records.clone();
        let mut at = 0;
        for record in &mut records {
            record.texts.retain(|_| { at += 1; (keep >> (at % 64)) & 1 == 1 });
        }
        let after = log.verify(&records).unwrap();
        prop_assert_eq!((after.size, after.root, after.kinds), (before.size, before.root, before.kinds));
        prop_assert_eq!(after.texts_checked + after.texts_erased, before.texts_checked + before.texts_erased);
        prop_assert_eq!(after.texts_checked, records.iter().map(|record| record.texts.len() as u64).sum::<u64>());
    }

    /// I41: while a log is read, every earlier checkpoint can be compared on the way.
    #[test]
    fn the_root_at_every_size_is_that_of_the_log_then(log in any_log(1..8)) {
        let mut verifier = Verifier::new();
        for (at, record) in log.records.iter().enumerate() {
            let then = Log::of(log.records[..at].to_vec());
            prop_assert_eq!((verifier.size(), verifier.root()), (then.size, then.root));
            verifier.push(record).unwrap();
        }
    }
}
