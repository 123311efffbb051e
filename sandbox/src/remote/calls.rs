//! One call to a registry: its time, the size of its answer, where a redirect may lead, and which errors are the
//! registry's own.

use std::io;
use std::time::Duration;

use ocisign::is_loopback;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, Response, Url};
use serde_json::Value;
use tokio::time::timeout;

use super::addresses::{Forbidden, Reach};
use super::clients::Clients;
use super::trust::untrusted;

/// For finding the address.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);
/// From the connection to the last byte, redirects included.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 3;
/// Of an error only so much is read.
const LARGEST_ERROR: usize = 64 * 1024;
/// A registry that wants a longer pause is asked earlier.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(5 * 60);

/// What can go wrong with a call, whatever it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No connection.
    NotConnected,
    /// No answer in time.
    TooSlow,
    /// An answer that is larger than anything genuine.
    TooLarge,
    /// It leads where nobody may be led.
    LedAstray,
    /// Its certificate is not trusted: in TLS's own words.
    NotTrusted(String),
    /// An answer that no registry gives.
    NotUnderstood,
}

/// What is asked.
pub struct Asking {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// With these headers, `Authorization` left out.
    pub headers: HeaderMap,
    /// With this body.
    pub body: Vec<u8>,
    /// For the origin of `url`, and no other.
    pub authorization: Option<HeaderValue>,
    /// The most bytes that a success may have.
    pub limit: usize,
}

impl Asking {
    /// A GET.
    pub fn get(url: Url, limit: usize) -> Self {
        Self { limit, ..Self::write(Method::GET, url, Vec::new()) }
    }

    /// What writes is answered with next to nothing.
    pub fn write(method: Method, url: Url, body: Vec<u8>) -> Self {
        Self { method, url, headers: HeaderMap::new(), body, authorization: None, limit: LARGEST_ERROR }
    }
}

/// A reply that was read to its end.
pub struct Reply {
    /// Of HTTP.
    pub status: u16,
    /// All.
    pub headers: HeaderMap,
    /// Of an error, only the beginning.
    pub body: Vec<u8>,
    /// Where it came from.
    pub url: Url,
}

impl Reply {
    /// A header that is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the registry says about its refusal: code and message of its first error (OCI distribution specification,
    /// "Error codes").
    pub fn error(&self) -> (String, String) {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = |name| json.pointer(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        (text("/errors/0/code"), text("/errors/0/message"))
    }

    /// Whether the registry itself says this, and not a proxy or a page before it: by its header, or by its JSON with a
    /// code of the specification ("Error Codes"). The package judges so, too (`pkg/src/registry/own-word.ts`).
    pub fn is_the_registry_s_own(&self) -> bool {
        let marked = self
            .header("docker-distribution-api-version")
            .is_some_and(|version| version.trim().to_ascii_lowercase().starts_with("registry/2."));
        let (code, _) = self.error();
        !self.is_page() && (marked || REGISTRY_CODES.contains(&code.as_str()))
    }

    /// A page for people: a proxy may add a registry's header to its own.
    fn is_page(&self) -> bool {
        let media_type = self.header(CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
        media_type.contains("html") || self.body.trim_ascii_start().starts_with(b"<")
    }

    /// For an answer that passes by itself (RFC 9110 §15.6, RFC 6585 §4): how long to wait.
    pub fn passes_after(&self) -> Option<Duration> {
        // 501 says that it will never be otherwise.
        let passes = matches!(self.status, 408 | 425 | 429 | 500 | 502..=599);
        let seconds =
            self.header(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        passes.then(|| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
    }
}

/// The codes of the specification ("Error Codes"), two that docker had before, Harbor's own, and Quay's for a tag that was
/// deleted. Gateways write JSON with
/// `errors`, too.
const REGISTRY_CODES: [&str; 18] = [
    "BLOB_UNKNOWN",
    "BLOB_UPLOAD_INVALID",
    "BLOB_UPLOAD_UNKNOWN",
    "DENIED",
    "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN",
    "MANIFEST_INVALID",
    "MANIFEST_UNKNOWN",
    "MANIFEST_UNVERIFIED",
    "NAME_INVALID",
    "NAME_UNKNOWN",
    "NOT_FOUND",
    "SIZE_INVALID",
    "TAG_EXPIRED",
    "TAG_INVALID",
    "TOOMANYREQUESTS",
    "UNAUTHORIZED",
    "UNSUPPORTED",
];

/// Calls one registry. It has no Debug: its requests hold secrets.
pub struct Calls {
    client: Client,
    reach: Reach,
    home: Url,
}

impl Calls {
    /// Calls for a registry at this URL.
    pub async fn new(home: Url, clients: &Clients) -> Result<Self, Trouble> {
        let reach = timeout(RESOLVE_TIMEOUT, Reach::of(&home)).await;
        let reach = reach.map_err(|_| TooSlow)?.map_err(|_: io::Error| NotConnected)?;
        let client = clients.get(&home, &reach).map_err(|_| NotConnected)?;
        Ok(Self { client, reach, home })
    }

    /// Whether the registry may send us there: over TLS, or on this machine if it is there itself and without TLS;
    /// to an address within its reach; and without a user in the URL.
    pub fn may_go(&self, url: &Url) -> bool {
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && self.may_be_plain(url));
        is_safe && url.username().is_empty() && url.password().is_none() && self.reach.covers_url(url)
    }

    /// The registry's own origin speaks as the start said; everything else without TLS is on this machine.
    fn may_be_plain(&self, url: &Url) -> bool {
        let here = |url: &Url| url.host_str().is_some_and(is_loopback);
        url.origin() == self.home.origin() || (self.home.scheme() == "http" && here(&self.home) && here(url))
    }

    /// Whether a password may go there: nobody reads it on the way.
    pub fn may_hold_secrets(&self, url: &Url) -> bool {
        let here = url.host_str().is_some_and(is_loopback);
        self.may_go(url) && (url.scheme() == "https" || here)
    }

    /// Asks. A GET follows redirects within the rules; the authorization stays at its origin.
    pub async fn ask(&self, asking: Asking) -> Result<Reply, Trouble> {
        timeout(CALL_TIMEOUT, self.ask_without_end(asking)).await.map_err(|_| TooSlow)?
    }

    async fn ask_without_end(&self, asking: Asking) -> Result<Reply, Trouble> {
        let mut url = asking.url.clone();
        let mut has_left = false;
        for _ in 0..=MOST_REDIRECTS {
            if !self.may_go(&url) {
                return Err(LedAstray);
            }
            // Once it has left, a redirect back does not get the secret either.
            has_left |= url.origin() != asking.url.origin();
            let secret = asking.authorization.as_ref().filter(|_| !has_left);
            let reply = self.send(&asking, url.clone(), secret).await?;
            if asking.method != Method::GET || !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(reply);
            }
            let location = reply.header(LOCATION.as_str()).and_then(|text| url.join(text).ok());
            url = location.ok_or(NotUnderstood)?;
        }
        Err(LedAstray)
    }

    async fn send(&self, asking: &Asking, url: Url, secret: Option<&HeaderValue>) -> Result<Reply, Trouble> {
        let request = self.client.request(asking.method.clone(), url.clone()).headers(asking.headers.clone());
        let request = match secret {
            Some(secret) => request.header("authorization", secret),
            None => request,
        };
        let request = match asking.method {
            Method::GET => request,
            // Registries want a length even where there is nothing.
            _ => request.header(CONTENT_LENGTH, asking.body.len()).body(asking.body.clone()),
        };
        let response = request.send().await.map_err(|cause| of_a_request(&cause))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = if status.is_success() {
            read(response, asking.limit).await?.ok_or(TooLarge)?
        } else {
            read(response, LARGEST_ERROR).await?.unwrap_or_default()
        };
        Ok(Reply { status: status.as_u16(), headers, body, url })
    }
}

use Trouble::{LedAstray, NotConnected, NotTrusted, NotUnderstood, TooLarge, TooSlow};

/// The body, and no more of it than is allowed: by what it announces, and by what comes.
async fn read(mut response: Response, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Ok(None);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| of_a_request(&cause))? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn of_a_request(cause: &reqwest::Error) -> Trouble {
    let causes = std::iter::successors(std::error::Error::source(cause), |cause| cause.source());
    let is_forbidden = causes.into_iter().any(|cause| cause.is::<Forbidden>());
    if let Some(words) = untrusted(cause) {
        return NotTrusted(words);
    }
    match cause {
        _ if is_forbidden => LedAstray,
        _ if cause.is_timeout() => TooSlow,
        _ if cause.is_body() || cause.is_decode() => NotUnderstood,
        _ => NotConnected,
    }
}
