//! Fresh ids.

use uuid::Uuid;

/// The bits of a new id: a UUIDv7.
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
#[must_use]
pub fn fresh_bits() -> u128 {
    Uuid::now_v7().as_u128()
}

/// A new id: the prefix, an underscore and a UUIDv7 as 26 characters of lower-case Crockford base32.
///
/// Ids made later by the same process sort later, which keeps indexes compact.
#[must_use]
pub fn fresh(prefix: &str) -> String {
    format!("{prefix}_{}", domain::id::base32(fresh_bits()))
}

#[cfg(test)]
mod tests {
    use super::fresh;

    #[test]
    fn fresh_ids_are_readable_and_rising() {
        let ids: Vec<String> = (0..1_000).map(|_| fresh("usr")).collect();
        assert!(ids.is_sorted());
        for id in ids {
            assert!(domain::id::UserId::parse(&id).is_ok(), "{id}");
        }
    }
}
