//! The frontier against the definition of RFC 6962 and against known roots.

use audit::{
    hash::{Hash, node_hash},
    tree::Frontier,
};
use data_encoding::HEXLOWER;
use proptest::prelude::*;

/// RFC 6962 §2.1, word for word: split at the largest power of two smaller than the number of leaves.
fn merkle_tree_hash(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            node_hash(&merkle_tree_hash(&leaves[..split]), &merkle_tree_hash(&leaves[split..]))
        }
    }
}

fn some_leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| Hash::of(&index.to_be_bytes())).collect()
}

fn frontier_of(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier
}

/// The entries and roots that Certificate Transparency's own tests go by.
#[test]
fn the_roots_are_those_of_certificate_transparency() {
    let entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (entry, root) in entries.iter().zip(roots) {
        let entry = HEXLOWER.decode(entry.as_bytes()).unwrap();
        frontier.push(Hash::of(&[&[0], entry.as_slice()].concat()));
        assert_eq!(frontier.root().to_string(), root, "at size {}", frontier.size());
    }
}

/// Also: every size's text gives back the same frontier, so that a log goes on after every restart (I41).
#[test]
fn every_size_up_to_600_has_the_root_of_the_definition() {
    let leaves = some_leaves(600);
    let mut frontier = Frontier::new();
    for (before, leaf) in leaves.iter().enumerate() {
        assert_eq!(frontier.size(), before as u64);
        assert_eq!(frontier.root(), merkle_tree_hash(&leaves[..before]));
        assert_eq!(Frontier::from_text(&frontier.to_text()).as_ref(), Ok(&frontier));
        frontier.push(*leaf);
    }
}

proptest! {
    /// I41: it makes no difference where a log was interrupted and read back.
    #[test]
    fn a_frontier_read_back_goes_on_as_if_nothing_had_happened(size in 0_u64..2_000, pause in 0_u64..2_000) {
        let leaves = some_leaves(size);
        let (first, rest) = leaves.split_at(pause.min(size) as usize);
        let mut resumed = Frontier::from_text(&frontier_of(first).to_text()).unwrap();
        rest.iter().for_each(|leaf| resumed.push(*leaf));
        prop_assert_eq!(&resumed, &frontier_of(&leaves));
        prop_assert_eq!(resumed.root(), merkle_tree_hash(&leaves));
    }

    #[test]
    fn a_text_that_is_read_is_written_the_same(text in "[0-9+ ]{0,3}( ?[0-9a-fA-F]{64}){0,3} ?") {
        if let Ok(frontier) = Frontier::from_text(&text) {
            prop_assert_eq!(frontier.to_text(), text);
        }
    }

    #[test]
    fn changing_any_leaf_changes_the_root(size in 1_u64..200, at in any::<prop::sample::Index>()) {
        let mut leaves = some_leaves(size);
        let root = frontier_of(&leaves).root();
        let at = at.index(leaves.len());
        leaves[at] = Hash::of(b"another");
        prop_assert_ne!(frontier_of(&leaves).root(), root);
    }
}

/// The text is a column of a database that later releases read.
#[test]
fn the_text_of_a_frontier_never_changes_its_form() {
    assert_eq!(Frontier::new().to_text(), "0");
    let (leaf, pair) = (Hash::of(b"c"), node_hash(&Hash::of(b"a"), &Hash::of(b"b")));
    let frontier = frontier_of(&[Hash::of(b"a"), Hash::of(b"b"), Hash::of(b"c")]);
    assert_eq!(frontier.to_text(), format!("3 {pair} {leaf}"));
}

#[test]
fn a_bad_text_is_not_a_frontier() {
    let hash = Hash::of(b"a").to_string();
    let largest = format!("9007199254740991{}", format!(" {hash}").repeat(53));
    assert_eq!(Frontier::from_text(&largest).map(|frontier| frontier.to_text()), Ok(largest));
    let bad = [
        String::new(),
        "1".to_owned(),
        format!("0 {hash}"),
        format!("3 {hash}"),
        format!("01 {hash}"),
        format!("+1 {hash}"),
        format!("-1 {hash}"),
        format!(" 1 {hash}"),
        format!("1  {hash}"),
        format!("1 {hash} "),
        format!("1 {hash}\n"),
        format!("1 {}", hash.to_uppercase()),
        format!("1 {}", &hash[1..]),
        format!("x {hash}"),
        // One more than the largest sequence number that a header can hold.
        format!("9007199254740992 {hash}"),
    ];
    for text in bad {
        assert!(Frontier::from_text(&text).is_err(), "{text:?} was taken for a frontier");
    }
}
