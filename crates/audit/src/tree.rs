//! The right edge of the RFC 6962 tree: all that is needed to append a leaf and to know the root.

use crate::{
    canonical::NUMBER_MAX,
    hash::{Hash, node_hash},
};

/// The number of leaves and the roots of the complete subtrees they form, largest (leftmost) first.
///
/// There is one root per 1 in the binary form of the size, so never more than 64. It fits one database column
/// ([`Frontier::to_text`]), and a log of any length is appended to by reading and writing that column alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

/// The text is not a frontier as [`Frontier::to_text`] writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frontier: expected the number of leaves and one hash per complete subtree, separated by single spaces")]
pub struct FrontierError;

impl Frontier {
    /// The frontier of the empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf by its hash; it gets the index that [`Frontier::size`] said before.
    pub fn push(&mut self, leaf: Hash) {
        let mut right = leaf;
        // Each 1 at the low end of the size is a subtree as large as what has just become complete: join them.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                right = node_hash(&left, &right);
            }
        }
        self.roots.push(right);
        self.size += 1;
    }

    /// The number of leaves, which is also the index of the next one.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash of all leaves (RFC 6962 §2.1); that of no leaves is the SHA-256 hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let from_the_right = self.roots.iter().rev().copied();
        from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(|| Hash::of(b""))
    }

    /// One line of text that keeps the frontier: the size, then the roots, separated by spaces. Never changes its form.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.size.to_string();
        for root in &self.roots {
            text.push(' ');
            text.push_str(&root.to_string());
        }
        text
    }

    /// Reads what [`Frontier::to_text`] wrote, and nothing else.
    pub fn from_text(text: &str) -> Result<Self, FrontierError> {
        let mut words = text.split(' ');
        let size = words.next().and_then(|word| word.parse::<u64>().ok());
        let size = size.filter(|size| *size <= NUMBER_MAX).ok_or(FrontierError)?;
        let roots: Vec<Hash> = words.map(str::parse).collect::<Result<_, _>>().map_err(|_| FrontierError)?;
        let frontier = Self { size, roots };
        // The second comparison refuses other spellings of the size, such as +1 and 01.
        if frontier.roots.len() == size.count_ones() as usize && frontier.to_text() == text {
            Ok(frontier)
        } else {
            Err(FrontierError)
        }
    }
}
