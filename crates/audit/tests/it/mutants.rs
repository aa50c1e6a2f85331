//! F31: whatever single thing is changed in a log, the verifier names the first leaf that it spoils.

use audit::{
    leaf::{decode, encode},
    verify::{Record, What},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::log::{Log, any_log, header, record};

/// The finding's index, or `None` where the log is still taken for sound.
fn first_bad(log: &Log, records: &[Record]) -> Option<u64> {
    log.verify(records).err().map(|finding| finding.index)
}

/// Flips one bit. A text that is no longer UTF-8 is what a lenient reader would make of it.
fn flip(text: &mut String, bit: usize) {
    let mut bytes = text.as_bytes().to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    *text = String::from_utf8_lossy(&bytes).into_owned();
}

/// Every bit of a small log, one after another.
#[test]
fn every_flipped_bit_is_found_in_its_leaf() {
    let records = (0..3).map(|sequence| record(&header(sequence), &json!({ "n": sequence }), Vec::new()));
    let log = Log::of(records.collect());
    for at in 0..log.records.len() {
        let mut records = log.records.clone();
        let sound = records[at].clone();
        for bit in 0..sound.header.len() * 8 {
            flip(&mut records[at].header, bit);
            assert_eq!(first_bad(&log, &records), Some(at as u64), "header bit {bit}");
            records[at].header.clone_from(&sound.header);
        }
        for bit in 0..sound.body.len() * 8 {
            flip(&mut records[at].body, bit);
            assert_eq!(first_bad(&log, &records), Some(at as u64), "body bit {bit}");
            records[at].body.clone_from(&sound.body);
        }
        for bit in 0..256 {
            records[at].leaf = flipped(sound.leaf, bit);
            assert_eq!(first_bad(&log, &records), Some(at as u64), "leaf bit {bit}");
        }
        records[at].leaf = sound.leaf;
        for bit in 0..64 {
            records[at].sequence = sound.sequence ^ (1 << bit);
            assert_eq!(first_bad(&log, &records), Some(at as u64), "sequence bit {bit}");
        }
    }
    for bit in 0..256 {
        let promised = Log { root: flipped(log.root, bit), ..log.clone() };
        assert!(matches!(promised.verify(&log.records).unwrap_err().what, What::RootDiffers { .. }));
    }
}

fn flipped(hash: audit::hash::Hash, bit: usize) -> audit::hash::Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    audit::hash::Hash::from_bytes(bytes)
}

proptest! {
    #[test]
    fn a_flipped_bit_is_found(log in any_log(1..8), at in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>()) {
        let at = at.index(log.records.len());
        let sound = &log.records[at];
        let mut mutants = vec![sound.clone(); 3];
        flip(&mut mutants[0].header, bit.index(sound.header.len() * 8));
        flip(&mut mutants[1].body, bit.index(sound.body.len() * 8));
        mutants[2].leaf = flipped(sound.leaf, bit.index(256));
        if let Some(text) = sound.texts.first() {
            let mut salted = sound.clone();
            let bit_of_salt = bit.index(256);
            salted.texts[0].salt[bit_of_salt / 8] ^= 1 << (bit_of_salt % 8);
            mutants.push(salted);
            let mut renamed = sound.clone();
            flip(&mut renamed.texts[0].field, bit.index(text.field.len() * 8));
            mutants.push(renamed);
            if !text.text.is_empty() {
                let mut reworded = sound.clone();
                flip(&mut reworded.texts[0].text, bit.index(text.text.len() * 8));
                mutants.push(reworded);
            }
        }
        for mutant in mutants {
            let mut records = log.records.clone();
            records[at] = mutant;
            prop_assert_eq!(first_bad(&log, &records), Some(at as u64));
        }
    }

    #[test]
    fn a_deleted_leaf_is_found(log in any_log(1..10), at in any::<prop::sample::Index>()) {
        let at = at.index(log.records.len());
        let mut records = log.records.clone();
        records.remove(at);
        prop_assert_eq!(first_bad(&log, &records), Some(at as u64));
        // The same when somebody numbered the rest again.
        (0..).zip(&mut records).for_each(|(sequence, record)| record.sequence = sequence);
        prop_assert_eq!(first_bad(&log, &records), Some(at as u64));
    }

    #[test]
    fn a_truncated_tail_is_found(log in any_log(1..10), length in any::<prop::sample::Index>()) {
        let length = length.index(log.records.len());
        let finding = log.verify(&log.records[..length]).unwrap_err();
        prop_assert_eq!(finding.index, length as u64);
        prop_assert_eq!(finding.what, What::Truncated { expected: log.size });
    }

    #[test]
    fn a_repeated_leaf_is_found(log in any_log(1..10), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let (from, to) = (from.index(log.records.len()), to.index(log.records.len() + 1));
        let mut records = log.records.clone();
        records.insert(to, log.records[from].clone());
        // A copy right before its original is only noticed at the original.
        let first = if to == from { to + 1 } else { to };
        prop_assert_eq!(first_bad(&log, &records), Some(first as u64));
    }

    #[test]
    fn swapped_leaves_are_found(log in any_log(2..10), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let (one, other) = (one.index(log.records.len()), other.index(log.records.len()));
        prop_assume!(one != other);
        let mut records = log.records.clone();
        records.swap(one, other);
        prop_assert_eq!(first_bad(&log, &records), Some(one.min(other) as u64));
        // The same when each took over the other's place and number.
        (0..).zip(&mut records).for_each(|(sequence, record)| record.sequence = sequence);
        prop_assert_eq!(first_bad(&log, &records), Some(one.min(other) as u64));
    }

    #[test]
    fn any_other_order_is_found_where_it_begins(
        (log, order) in any_log(2..8).prop_flat_map(|log| {
            let order: Vec<usize> = (0..log.records.len()).collect();
            (Just(log), Just(order).prop_shuffle())
        }),
    ) {
        let records: Vec<Record> = order.iter().map(|at| log.records[*at].clone()).collect();
        let first = order.iter().enumerate().find(|(place, at)| place != *at).map(|(place, _)| place as u64);
        prop_assert_eq!(first_bad(&log, &records), first);
    }

    /// One root cannot tell which leaf it was, so the finding claims nothing for any of them.
    #[test]
    fn a_leaf_rewritten_with_its_hash_is_found_by_the_root(log in any_log(1..8), at in any::<prop::sample::Index>()) {
        let at = at.index(log.records.len());
        let sound = &log.records[at];
        let mut body: Value = serde_json::from_str(&sound.body).unwrap();
        body["forged"] = json!(true);
        let leaf = encode(&decode(&sound.header).unwrap(), &body).unwrap();
        let mut records = log.records.clone();
        records[at] = Record { body: leaf.body, leaf: leaf.hash, ..sound.clone() };
        let finding = log.verify(&records).unwrap_err();
        prop_assert_eq!(finding.index, 0);
        prop_assert!(matches!(finding.what, What::RootDiffers { .. }), "{}", finding);
    }

    /// A log written as a whole with a clock or an epoch that goes back, hashes and root all right.
    #[test]
    fn going_back_in_time_is_found_where_it_happens(log in any_log(2..8), at in any::<prop::sample::Index>(), epoch in any::<bool>()) {
        let at = 1 + at.index(log.records.len() - 1);
        let mut header = decode(&log.records[at].header).unwrap();
        let before = decode(&log.records[at - 1].header).unwrap();
        if epoch {
            header.epoch = before.epoch - 1;
        } else {
            header.effective_now = before.effective_now - 1;
        }
        let mut records = log.records.clone();
        let body = serde_json::from_str(&records[at].body).unwrap();
        records[at] = record(&header, &body, records[at].texts.clone());
        let finding = Log::of(records.clone()).verify(&records).unwrap_err();
        prop_assert_eq!(finding.index, at as u64);
        let back = matches!(finding.what, What::EpochWentBack { .. } | What::EffectiveNowWentBack { .. });
        prop_assert!(back, "{}", finding);
    }

    #[test]
    fn a_text_moved_to_another_leaf_is_found(log in any_log(2..8), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let (from, to) = (from.index(log.records.len()), to.index(log.records.len()));
        prop_assume!(from != to);
        let mut records = log.records.clone();
        let Some(text) = records[from].texts.pop() else { return Ok(()) };
        records[to].texts.push(text);
        prop_assert_eq!(first_bad(&log, &records), Some(to as u64));
    }
}
