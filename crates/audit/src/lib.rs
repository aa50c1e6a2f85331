//! What is provable: leaf encoding, the RFC 6962 tree and the verifier.
//!
//! A change is written down as a leaf ([`leaf::encode`]), the leaf's hash goes into the tree ([`tree::Frontier`]), and
//! anybody who holds the leaves and one root can check all of it again ([`verify::Verifier`]). Personal text is not in a
//! leaf, only a salted commitment to it ([`commitment`]), so that it can be erased and every proof still holds.
//!
//! Format 1 is frozen: what is hashed here can never be changed afterwards. Kinds and fields may be added, nothing may be
//! renamed, removed or written differently. Everything is a pure function of its arguments.

pub mod canonical;
pub mod commitment;
pub mod hash;
pub mod leaf;
pub mod tree;
pub mod verify;
