//! Ids: a prefix and 26 characters of lower-case Crockford base32, the same in code, table, address and log.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits as 26 characters of lower-case Crockford base32, most significant first.
#[must_use]
pub fn base32(value: u128) -> String {
    (0..26).rev().map(|place| char::from(letter((value >> (place * 5)) as u8 & 31))).collect()
}

fn letter(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

/// 128 bits that follow from `parts`: deciding twice makes the same id, so nothing is made twice.
fn derived(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).fold(0, |value, byte| value << 8 | u128::from(*byte))
}

/// Text that is no id of the wanted kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no such id")]
pub struct BadId;

fn is_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .is_some_and(|rest| rest.len() == 26 && rest.bytes().all(|b| ALPHABET.contains(&b)))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What such an id begins with.
            pub const PREFIX: &'static str = $prefix;

            /// The id that holds these 128 bits.
            #[must_use]
            pub fn from_bits(bits: u128) -> Self {
                Self(format!("{}_{}", $prefix, base32(bits)))
            }

            /// The id that follows from `parts`.
            #[must_use]
            pub fn derive(parts: &[&str]) -> Self {
                Self::from_bits(derived(parts))
            }

            /// Reads an id.
            ///
            /// # Errors
            /// When the text is no id with this prefix.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                if is_id($prefix, text) { Ok(Self(text.to_owned())) } else { Err(BadId) }
            }

            /// The text of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                if is_id($prefix, &text) { Ok(Self(text)) } else { Err(BadId) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A user.
    UserId = "usr";
    /// A group.
    GroupId = "grp";
    /// An app.
    AppId = "app";
    /// An entitlement.
    EntitlementId = "ent";
    /// A catalog.
    CatalogId = "cat";
    /// A policy.
    PolicyId = "pol";
    /// A submission.
    SubmissionId = "sub";
    /// A request.
    RequestId = "req";
    /// A task.
    TaskId = "tsk";
    /// A grant.
    GrantId = "grt";
    /// An operation in a target system.
    OperationId = "opr";
    /// An event.
    EventId = "evt";
    /// A session.
    SessionId = "ses";
    /// An API token.
    TokenId = "tok";
    /// A sign-in link.
    LinkId = "lnk";
}

#[cfg(test)]
mod tests {
    use super::{UserId, base32};

    #[test]
    fn ids_are_a_prefix_and_26_letters() {
        assert_eq!(base32(0), "0".repeat(26));
        assert_eq!(base32(u128::MAX), format!("7{}", "z".repeat(25)));
        let id = UserId::from_bits(42);
        assert_eq!(UserId::parse(id.as_str()), Ok(id));
        for bad in [
            "",
            "usr_",
            "grp_00000000000000000000000000",
            "usr_0000000000000000000000000U",
            "usr-00000000000000000000000000",
        ] {
            assert!(UserId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn derived_ids_keep_their_parts_apart() {
        assert_eq!(UserId::derive(&["a", "b"]), UserId::derive(&["a", "b"]));
        assert_ne!(UserId::derive(&["a", "b"]), UserId::derive(&["ab", ""]));
    }
}
