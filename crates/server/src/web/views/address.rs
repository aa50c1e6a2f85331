//! Addresses with a query.

/// `path` with those of the pairs that say something.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query = said.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// RFC 3986: everything but unreserved characters as `%XX`.
fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    value.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out_and_the_rest_is_encoded() {
        assert_eq!(with_query("/tasks", &[("kind", "")]), "/tasks");
        assert_eq!(with_query("/tasks", &[("kind", "a b&c"), ("cursor", "ü")]), "/tasks?kind=a%20b%26c&cursor=%C3%BC");
    }
}
