//! The files under `/static`, embedded in the binary and addressed by their content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file that browsers may keep for ever under its address.
#[derive(Debug)]
pub struct Asset {
    /// Its name under `/static/`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// The beginning of its SHA-256, part of its address.
    pub version: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("keyfob.css", "text/css; charset=utf-8", include_bytes!("../../static/keyfob.css")),
        asset("keyfob.js", "text/javascript; charset=utf-8", include_bytes!("../../static/keyfob.js")),
        asset("icons.svg", "image/svg+xml", include_bytes!("../../static/icons.svg")),
        asset("mark.svg", "image/svg+xml", include_bytes!("../../static/mark.svg")),
    ]
});

/// The file with this name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of a file, which changes when its content does.
pub fn url(name: &str) -> String {
    let version = find(name).map_or("", |asset| asset.version.as_str());
    format!("/static/{name}?v={version}")
}

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let version = Sha256::digest(bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    Asset { name, content_type, bytes, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_with_the_content() {
        assert!(url("keyfob.css").starts_with("/static/keyfob.css?v="));
        assert_ne!(asset("a", "b", b"one").version, asset("a", "b", b"two").version);
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn no_file_holds_what_the_content_policy_forbids() {
        let script = std::str::from_utf8(find("keyfob.js").unwrap().bytes).unwrap();
        for forbidden in ["innerHTML", "eval(", "document.write", ".style."] {
            assert!(!script.contains(forbidden), "{forbidden}");
        }
    }
}
