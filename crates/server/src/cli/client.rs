//! The JSON API over HTTP.

use std::{error::Error, net::IpAddr, time::Duration};

use reqwest::{
    Method, StatusCode, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use super::failure::{Failure, Refusal, Result};

/// How long a connection may take to come up.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long a whole call may take.
const CALL_MAX: Duration = Duration::from_secs(60);
/// How often a call is sent whose repetition is harmless and whose answer was lost.
const SENDS_MAX: u32 = 3;

/// A client of one server, speaking as one person.
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    token: SecretString,
}

/// What the API answered, as it came.
pub(super) struct Reply {
    pub(super) text: String,
}

impl Reply {
    /// The body as the type that the API publishes.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.text).map_err(|error| {
            Failure::Failed(format!(
                "the server's answer is not understood ({error}): are server and client the same version?"
            ))
        })
    }
}

/// The address of a server as people write it, checked.
pub(super) fn address(text: &str) -> Result<Url> {
    let wrong = |why: &str| Failure::Usage(format!("{text:?} is not the address of a server: {why}"));
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("say https://HOST"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("leave out everything but scheme, host, port and path"));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(wrong("http would send your token in the clear; say https://"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || number.is_ok_and(|number| number.is_loopback())
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "the command line calls one server, its own; limits are set here")]
    pub(super) fn new(url: &str, token: SecretString) -> Result<Self> {
        let base = address(url)?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("keyfob-cli/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_MAX)
            .timeout(CALL_MAX)
            // A redirect could carry the token to another server.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Failure::Failed(format!("cannot prepare for calls: {}", root_cause(&error))))?;
        Ok(Self { http, base, token })
    }

    /// Reads something; `query` leaves out what has no value.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, Option<&str>)]) -> Result<Reply> {
        let query: Vec<_> = query.iter().filter_map(|(name, value)| Some((name, (*value)?))).collect();
        let call = self.call(Method::GET, path)?.query(&query);
        self.send(call, SENDS_MAX).await
    }

    /// Changes something.
    pub(super) async fn post<B: Serialize>(&self, path: &[&str], body: &B) -> Result<Reply> {
        self.send(self.call(Method::POST, path)?.json(body), 1).await
    }

    /// Changes something under a key that makes a repetition harmless (I18).
    pub(super) async fn post_once<B: Serialize>(&self, path: &[&str], body: &B, key: &str) -> Result<Reply> {
        let call = self.call(Method::POST, path)?.json(body).header("Idempotency-Key", key);
        self.send(call, SENDS_MAX).await
    }

    fn call(&self, method: Method, path: &[&str]) -> Result<reqwest::RequestBuilder> {
        let mut url = self.base.clone();
        // Segments are encoded one by one: what a person typed never becomes another path.
        url.path_segments_mut()
            .map_err(|()| Failure::Usage(format!("{url} is not the address of a server", url = self.base)))?
            .pop_if_empty()
            .extend(["api", "v1"])
            .extend(path);
        let call = self.http.request(method, url).bearer_auth(self.token.expose_secret());
        Ok(call.header("Accept", "application/json, application/problem+json").header("Keyfob-Door", "cli"))
    }

    async fn send(&self, call: reqwest::RequestBuilder, sends_max: u32) -> Result<Reply> {
        let mut sends = 1;
        loop {
            let again = call.try_clone().filter(|_| sends < sends_max);
            let Some(this) = again else { return self.understood(exchange(call).await) };
            match exchange(this).await {
                // Where nobody is there or nobody answers, asking at once again helps nobody.
                Err(error) if !error.is_connect() && !error.is_timeout() => sends += 1,
                answer => return self.understood(answer),
            }
        }
    }

    fn understood(&self, answer: reqwest::Result<Answered>) -> Result<Reply> {
        let Answered { status, is_json, retry_after, text } = answer.map_err(|error| {
            let why = if error.is_timeout() { "no answer in time".to_owned() } else { root_cause(&error) };
            Failure::Unreachable(format!("cannot reach {}: {why}", self.base))
        })?;
        if status.is_success() {
            return Ok(Reply { text });
        }
        let refusal = serde_json::from_str::<Refusal>(&text).ok().filter(|_| is_json);
        Err(match (status, refusal) {
            (StatusCode::UNAUTHORIZED, _) => Failure::NotSignedIn(format!(
                "{} does not take your token: make a new one and run `keyfob login {0}`",
                self.base
            )),
            (_, Some(mut refusal)) => {
                refusal.retry_after = retry_after;
                Failure::Refused(Box::new(refusal))
            }
            (StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT, None) => {
                Failure::Unreachable(format!("something answers for {}, but the server does not ({status})", self.base))
            }
            (_, None) => Failure::Failed(format!(
                "{} answered {status} and nothing that a Keyfob server says: is the address right?",
                self.base
            )),
        })
    }
}

/// An answer that arrived whole.
struct Answered {
    status: StatusCode,
    is_json: bool,
    retry_after: Option<String>,
    text: String,
}

async fn exchange(call: reqwest::RequestBuilder) -> reqwest::Result<Answered> {
    let answer = call.send().await?;
    let header = |name| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
    Ok(Answered {
        status: answer.status(),
        is_json: header(CONTENT_TYPE).is_some_and(|kind| kind.contains("json")),
        retry_after: header(RETRY_AFTER),
        text: answer.text().await?,
    })
}

/// The innermost reason, which is the one that helps.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
