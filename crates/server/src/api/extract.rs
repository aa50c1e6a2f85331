//! What comes in: strict JSON bodies, queries and ids. What is not known is refused by name, not ignored (T9).

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;
use crate::app::submissions::{IdempotencyKey, is_idempotency_key};
use crate::body::object::Object;
use crate::words;

/// How many rows a page has when nothing is said, and at most.
const LIMIT_DEFAULT: i64 = 50;
const LIMIT_MAX: i64 = 200;

/// A JSON body, with its bytes as they came.
pub(super) struct Body<T> {
    pub(super) value: T,
    pub(super) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).cloned();
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        match kind {
            Some(kind) if !kind.to_str().is_ok_and(is_json) => return Err(Problem::unsupported_media_type()),
            None if !bytes.is_empty() => return Err(Problem::unsupported_media_type()),
            _ => {}
        }
        // Where every member may be absent, so may the body.
        let text = if bytes.is_empty() { b"{}" } else { bytes.as_ref() };
        Ok(Self { value: read(text)?, bytes })
    }
}

fn unread(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large()
    } else {
        Problem::field("body", words::say("invalid-body"))
    }
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let whole = inner.is_syntax() || inner.is_eof() || path == ".";
        unfit((!whole).then_some(path), &inner.to_string())
    })?;
    json.end().map_err(|error| unfit(None, &error.to_string()))?;
    // A database cannot hold this character, whatever field it is in.
    if contains(text, b"\\u0000")
        && let Some(path) = with_null(&serde_json::from_slice(text).unwrap_or_default(), "")
    {
        return Err(Problem::field(path.trim_start_matches('.'), words::say("invalid-control")));
    }
    Ok(value)
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}

/// Where in a document the character NUL is.
fn with_null(value: &Value, at: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| at.to_owned()),
        Value::Array(items) => items.iter().enumerate().find_map(|(n, item)| with_null(item, &format!("{at}[{n}]"))),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.contains('\0') { Some(at.to_owned()) } else { with_null(member, &format!("{at}.{name}")) }
        }),
        _ => None,
    }
}

/// The problem behind what a parser said: the field by name, and what to do.
fn unfit(path: Option<String>, why: &str) -> Problem {
    // The parser quotes the name that it stumbled over.
    let named = why.split('`').nth(1).unwrap_or_default();
    let at = |path: Option<String>| path.unwrap_or_else(|| named.to_owned());
    let below = |path: Option<String>| match path {
        Some(path) if path == named || path.ends_with(&format!(".{named}")) => path,
        Some(path) => format!("{path}.{named}"),
        None => named.to_owned(),
    };
    if why.starts_with("unknown field") {
        Problem::field(&at(path), words::say("invalid-unknown-field"))
    } else if why.starts_with("missing field") {
        Problem::field(&below(path), words::say("invalid-missing"))
    } else if why.starts_with("duplicate field") {
        Problem::field(&below(path), words::say("invalid-twice"))
    } else {
        Problem::field(path.as_deref().unwrap_or("body"), words::tell("invalid-json", &[("why", why)]))
    }
}

/// What stands behind the `?`; every field is text or absent.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let unread = |error: extract::rejection::QueryRejection| unfit(None, &reason(&error));
        let pairs = extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(unread)?;
        if let Some((name, _)) = pairs.iter().find(|(_, value)| value.chars().any(char::is_control)) {
            return Err(Problem::field(name, words::say("invalid-control")));
        }
        Ok(Self(extract::Query::<T>::try_from_uri(&parts.uri).map_err(unread)?.0))
    }
}

/// What the parser said, without the words around it.
fn reason(rejection: &extract::rejection::QueryRejection) -> String {
    let text = rejection.body_text();
    let said = ["unknown field `", "duplicate field `"].into_iter().find_map(|begin| text.find(begin));
    said.and_then(|at| text.get(at..)).unwrap_or(&text).to_owned()
}

/// An id or natural key in the path.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = extract::Path::<String>::from_request_parts(parts, state).await;
        let id = path.map_err(|_| Problem::not_found())?.0;
        if id.chars().any(char::is_control) { Err(Problem::not_found()) } else { Ok(Self(id)) }
    }
}

/// How many rows are asked for.
pub(super) fn limit(asked: Option<&str>) -> Result<i64, Problem> {
    let Some(asked) = asked else { return Ok(LIMIT_DEFAULT) };
    let limit = asked.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| Problem::field("limit", words::tell("invalid-limit", &[("max", &LIMIT_MAX.to_string())])))
}

/// The `Idempotency-Key` of a call, if it has one.
pub(super) struct Key(Option<String>);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        key(&parts.headers).map(Self)
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut sent = headers.get_all("idempotency-key").iter();
    let Some(first) = sent.next() else { return Ok(None) };
    let key = first.to_str().ok().filter(|key| is_idempotency_key(key) && sent.next().is_none());
    let key = key.ok_or_else(|| Problem::field("Idempotency-Key", words::say("invalid-idempotency-key")))?;
    Ok(Some(key.to_owned()))
}

impl Key {
    /// The key with the hash of the body that came with it.
    pub(super) fn with(self, bytes: &Bytes) -> Option<IdempotencyKey> {
        use sha2::Digest as _;
        let body_hash = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(bytes));
        self.0.map(|key| IdempotencyKey { key, body_hash })
    }
}
