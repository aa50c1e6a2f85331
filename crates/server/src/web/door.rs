//! The pages' side of the house: a cookie says who it is, a refusal is a page, and only our own pages may post.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use super::desk::visit;
use super::failure::{fault, page_of};
use super::render;
use super::views::error::Fault;
use super::views::sign_in::TlsPage;
use crate::app::{AppError, Caller, Outcome};
use crate::http::{Asked, Side, Site};

/// The cookie that holds the session's secret.
const COOKIE: &str = "__Host-keyfob";

/// What is the same for everybody, and makes the page readable that asks for TLS.
const STATIC: &str = "/static/";

/// What pages may load and do: our own files, nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; \
    trusted-types keyfob";

/// The pages.
#[derive(Clone, Copy, Debug)]
pub struct Pages;

impl Side for Pages {
    const OWNS: &'static [&'static str] = &[
        "/",
        "/browse",
        "/apps/",
        "/request",
        "/requests/",
        "/tasks",
        "/grants/",
        "/admin/",
        "/events",
        "/login",
        "/logout",
        "/sign-in/",
        "/demo/",
        "/static/",
    ];

    async fn caller(&self, site: &Site, headers: &HeaderMap, asked: &Asked) -> Outcome<Option<Caller>> {
        match secret(headers) {
            Some(secret) => site.app.session(&secret, &asked.correlation).await,
            None => Ok(None),
        }
    }

    fn refuse(&self, _: &Site, asked: &Asked, error: AppError) -> Response {
        if matches!(error, AppError::NotSignedIn) && asked.method == Method::GET {
            let next = asked.uri.path_and_query().map_or("/", |path| path.as_str());
            return Redirect::to(&super::views::address::with_query("/login", &[("next", next)])).into_response();
        }
        page_of(None, &fault(&error, &asked.correlation))
    }

    fn refuse_method(&self, asked: &Asked) -> Response {
        let mut response = page_of(None, &fault(&AppError::NotFound, &asked.correlation));
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response
    }
}

/// The session's secret, if a browser sent one.
pub(super) fn secret(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// Sets the session's cookie.
pub(super) fn signed_in(secret: String) -> CookieJar {
    CookieJar::new().add(session(secret))
}

/// Takes the session's cookie away.
pub(super) fn signed_out() -> CookieJar {
    let mut cookie = session(String::new());
    // A jar removes only what it was given, and this one was given nothing.
    cookie.make_removal();
    CookieJar::new().add(cookie)
}

fn session(secret: String) -> Cookie<'static> {
    Cookie::build((COOKIE, secret)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

/// Whether the name in `Host` is this machine's own.
pub(super) fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    matches!(name, "localhost" | "127.0.0.1" | "::1")
}

/// What holds for every page: TLS or this machine, no posting from elsewhere (T27), strict headers (T28).
pub(super) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let secure = site.settings.public_url.starts_with("https://");
    let trusted = secure || is_loopback(request.headers());
    let response = if !trusted && !request.uri().path().starts_with(STATIC) {
        needs_tls(request.headers())
    } else if !is_own(request.method(), request.headers()) {
        page_of(None, &fault(&AppError::Forbidden, ""))
    } else {
        let (secret, uri) = (secret(request.headers()), request.uri().clone());
        let response = next.run(request).await;
        match response.extensions().get::<Fault>().cloned() {
            Some(fault) => in_place(&site, secret, &uri, &fault).await.unwrap_or(response),
            None => response,
        }
    };
    with_headers(response, trusted, secure)
}

/// A failure that arose before anybody knew who asked, on a page with navigation for those who are signed in.
async fn in_place(site: &Site, secret: Option<String>, uri: &Uri, fault: &Fault) -> Option<Response> {
    let caller = site.app.session(&secret?, "").await.ok().flatten()?;
    let visit = visit(site, &caller, uri).await.ok()?;
    Some(page_of(Some(&visit), fault))
}

fn needs_tls(headers: &HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let page = render(&TlsPage::new(&format!("http://{host}"))).unwrap_or_default();
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

/// Whether what changes something comes from a page of ours: by Fetch Metadata, or by Origin where a browser has none.
fn is_own(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let host = text(header::HOST).unwrap_or_default();
    text(header::ORIGIN).and_then(|origin| origin.split_once("://")).is_some_and(|(_, from)| from == host)
}

fn with_headers(mut response: Response, trusted: bool, secure: bool) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    // Elsewhere browsers ignore it and say so.
    if trusted {
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    }
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Method, header};

    use super::{is_loopback, is_own};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080"] {
            assert!(is_loopback(&headers(&[("host", host)])), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com", "127.0.0.2", "[::2]:1"] {
            assert!(!is_loopback(&headers(&[("host", host)])), "{host}");
        }
    }

    /// T27: a post from another site, or from nowhere, is refused.
    #[test]
    fn only_our_own_pages_may_post() {
        let own = |pairs: &[(&'static str, &'static str)]| is_own(&Method::POST, &headers(pairs));
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("host", "localhost:8080"), ("origin", "http://localhost:8080")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("host", "a"), ("origin", "http://a")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("host", "localhost:8080"), ("origin", "http://evil.example")]));
        assert!(!own(&[("host", "localhost:8080"), ("origin", "null")]));
        assert!(!own(&[("host", "localhost:8080")]));
        assert!(is_own(&Method::GET, &headers(&[(header::ORIGIN.as_str(), "http://evil.example")])));
    }
}
