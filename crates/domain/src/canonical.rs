//! Canonical JSON (RFC 8785) and its SHA-256, for digests, definition hashes and policy hashes.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 of the RFC 8785 form of `value`, as 64 lower-case hex digits.
///
/// Values that JSON cannot hold do not occur in our types; should one, its hash is that of its error text and matches nothing.
#[must_use]
pub fn hash(value: &impl Serialize) -> String {
    let bytes = serde_json_canonicalizer::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
