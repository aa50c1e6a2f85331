//! One entry of the audit log: what is hashed, byte for byte.
//!
//! A leaf is a header (who, what, when, about what) and a body (what changed and why). Both are RFC 8785 text, and that
//! text is kept as it was hashed; nothing ever writes it again from the parsed values.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    canonical::{self, CanonicalError},
    hash::{Hash, leaf_hash},
};

/// The format of the leaves written today, in [`Header::version`].
pub const FORMAT: u32 = 1;

/// The longest header in bytes: bundles of leaves carry 16-bit lengths (C2SP tlog-tiles).
pub const HEADER_MAX: usize = 65_535;

/// The longest body in bytes. Longer text belongs beside the log, under a commitment.
pub const BODY_MAX: usize = 16 * 1024;

/// Who caused an event, and through which door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user's id; absent when the product itself acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The issuer of the identity the person signed in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The subject of that identity, as its issuer names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The way in: web, api, cli, slack, mail, jira, scim, mcp, authzen or system.
    pub door: String,
    /// The hash of the id of the token that was used, never the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The part of a leaf that says who, what, when and about what; it can be shown without the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The format of this leaf: [`FORMAT`].
    pub version: u32,
    /// The index of the leaf in the log; the first one is 0 and none is ever left out.
    pub sequence: u64,
    /// When the source clock said it happened, in microseconds since 1970 UTC.
    pub time: i64,
    /// The time the decision went by, in microseconds since 1970 UTC: never before that of an earlier leaf.
    pub effective_now: i64,
    /// What happened, as a name that keeps its meaning for ever.
    pub kind: String,
    /// Who caused it.
    pub actor: Actor,
    /// The id of the user whose access it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The ids of everything else it is about.
    pub resources: Vec<String>,
    /// The id of the request it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The revision of that request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// The node that wrote it.
    pub node: String,
    /// Grows with every restore or failover; never smaller than that of an earlier leaf.
    pub epoch: u64,
    /// The id that ties together everything one action caused.
    pub correlation: String,
}

/// A leaf ready to be kept: header and body exactly as they were hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The RFC 8785 text of the header.
    pub header: String,
    /// The RFC 8785 text of the body.
    pub body: String,
    /// The leaf's hash in the tree.
    pub hash: Hash,
}

/// Why something cannot be written down as a leaf. The action that wanted it must fail.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The header names another format.
    #[error("this release writes leaves of format {FORMAT}, not {0}")]
    Version(u32),
    /// The header is longer than [`HEADER_MAX`].
    #[error("the header is {0} bytes long, at most {HEADER_MAX} are allowed: name fewer resources")]
    HeaderTooLong(usize),
    /// The body is longer than [`BODY_MAX`].
    #[error(
        "the body is {0} bytes long, at most {BODY_MAX} are allowed: keep long text beside the log as a commitment"
    )]
    BodyTooLong(usize),
    /// The body is not an object, so no field could ever be added to it.
    #[error("the body must be a JSON object")]
    BodyNotObject,
    /// The header cannot be written canonically.
    #[error("the header cannot be written: {0}")]
    Header(#[source] CanonicalError),
    /// The body cannot be written canonically.
    #[error("the body cannot be written: {0}")]
    Body(#[source] CanonicalError),
}

/// Why a kept header cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The header is of a format this release does not know.
    #[error("the header has format {0}, this release reads format {FORMAT}: use a newer release")]
    Version(u32),
    /// The text is not a header.
    #[error("not a header: {0}")]
    Malformed(#[source] serde_json::Error),
}

/// Writes header and body canonically and hashes them.
pub fn encode(header: &Header, body: &Value) -> Result<Leaf, EncodeError> {
    if header.version != FORMAT {
        return Err(EncodeError::Version(header.version));
    }
    if !body.is_object() {
        return Err(EncodeError::BodyNotObject);
    }
    let header = serde_json::to_value(header).map_err(CanonicalError::from);
    let header = header.and_then(|header| canonical::write(&header)).map_err(EncodeError::Header)?;
    if header.len() > HEADER_MAX {
        return Err(EncodeError::HeaderTooLong(header.len()));
    }
    let body = canonical::write(body).map_err(EncodeError::Body)?;
    if body.len() > BODY_MAX {
        return Err(EncodeError::BodyTooLong(body.len()));
    }
    let hash = rehash(&header, &body);
    Ok(Leaf { header, body, hash })
}

/// Reads a kept header. Fields that a later release added are passed over.
pub fn decode(header: &str) -> Result<Header, DecodeError> {
    match serde_json::from_str::<Header>(header) {
        Ok(read) if read.version == FORMAT => Ok(read),
        Ok(read) => Err(DecodeError::Version(read.version)),
        // A header of another format may have another shape; its version is the better answer.
        Err(malformed) => match serde_json::from_str::<Versioned>(header) {
            Ok(Versioned { version }) if version != FORMAT => Err(DecodeError::Version(version)),
            _ => Err(DecodeError::Malformed(malformed)),
        },
    }
}

/// The leaf hash of a kept header and body, from their bytes as they are.
#[must_use]
pub fn rehash(header: &str, body: &str) -> Hash {
    leaf_hash(&Hash::of(header.as_bytes()), &Hash::of(body.as_bytes()))
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}
