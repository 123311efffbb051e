//! Which Host a request may name. A foreign page that points its own domain at this machine (DNS
//! rebinding) is same-origin to itself, but it cannot hide its name.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api_error::ApiError;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names of this sandbox, each with its port.
#[derive(Debug, Clone)]
pub struct Hosts {
    names: Vec<String>,
    any: bool,
}

impl Hosts {
    /// The names under which `address` is reached from this machine; `any` lets all others through too.
    pub fn new(address: SocketAddr, any: bool) -> Self {
        let port = address.port();
        let mut names: Vec<String> =
            ["localhost", "127.0.0.1", "[::1]"].iter().map(|host| format!("{host}:{port}")).collect();
        names.push(address.to_string());
        if port == 80 {
            // Clients leave out the default port.
            let bare: Vec<String> =
                names.iter().filter_map(|name| Some(name.strip_suffix(":80")?.to_owned())).collect();
            names.extend(bare);
        }
        Self { names, any }
    }

    /// Whether the request's Host is one of ours.
    pub fn names_us(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        host.to_str().is_ok_and(|host| self.knows(host))
    }

    /// Whether the request comes from our own page, or from no page at all.
    pub fn comes_from_us(&self, headers: &HeaderMap) -> bool {
        let own_origin = headers.get_all(ORIGIN).iter().all(|origin| {
            origin
                .to_str()
                .ok()
                .and_then(|text| text.strip_prefix("http://"))
                .is_some_and(|host| self.knows(host))
        });
        let own_site = headers
            .get_all(SEC_FETCH_SITE)
            .iter()
            .all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
        own_origin && own_site
    }

    /// The origins of our own page, as browsers write them.
    pub fn origins(&self) -> Vec<String> {
        self.names.iter().map(|name| format!("http://{name}")).collect()
    }

    fn knows(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// The layer that refuses other hosts.
pub async fn guard(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    if hosts.any || hosts.names_us(request.headers()) {
        return next.run(request).await;
    }
    ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        "wrong-host",
        "The request names a host that is not this sandbox.",
        "Use the URL that the sandbox printed, or start it with --allow-remote.",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_names_pass() {
        let hosts = Hosts::new("127.0.0.1:8088".parse().unwrap(), false);
        for good in ["localhost:8088", "127.0.0.1:8088", "[::1]:8088", "LOCALHOST:8088"] {
            assert!(hosts.names_us(&headers(&[(HOST, good)])), "{good}");
        }
        for bad in ["evil.example:8088", "localhost", "localhost:80", "127.0.0.1:8088.evil.example", ""] {
            assert!(!hosts.names_us(&headers(&[(HOST, bad)])), "{bad}");
        }
        assert!(!hosts.names_us(&headers(&[])));
    }

    #[test]
    fn foreign_pages_are_told_apart() {
        let hosts = Hosts::new("127.0.0.1:8088".parse().unwrap(), false);
        assert!(hosts.comes_from_us(&headers(&[])));
        assert!(hosts.comes_from_us(&headers(&[(ORIGIN, "http://localhost:8088")])));
        assert!(!hosts.comes_from_us(&headers(&[(ORIGIN, "http://evil.example")])));
        assert!(!hosts.comes_from_us(&headers(&[(ORIGIN, "null")])));
        assert!(!hosts.comes_from_us(&headers(&[(SEC_FETCH_SITE, "cross-site")])));
    }
}
