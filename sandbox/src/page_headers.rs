//! What pages of this origin may do, as headers say it to the browser.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::oidc::Issuer;

/// For replies that no page is made of: somebody who opens one in a browser sees text.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The page as its own files make it. `lit-html` is the policy for Trusted Types
/// that Lit asks for, and `ocisign` starts the worker that reads layers.
const PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; \
    require-trusted-types-for 'script'; trusted-types lit-html ocisign";
/// None of a device's powers; copying to the clipboard is not among them, since digests are copied.
const NO_POWERS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
    hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Where the page may send requests to, besides its own origin.
pub struct Connections {
    /// The registry's origin.
    pub registry: String,
    /// Who signs people in, if anybody.
    pub issuer: Option<Arc<Issuer>>,
}

impl Connections {
    /// Asked for each time: the issuer says where its tokens are, and it may not have been there before.
    async fn policy(&self) -> Option<HeaderValue> {
        let mut sources = vec!["'self'".to_owned(), self.registry.clone()];
        if let Some(issuer) = &self.issuer {
            sources.extend(issuer.origins().await);
        }
        HeaderValue::from_str(&format!("{PAGE}; connect-src {}", sources.join(" "))).ok()
    }
}

/// The headers of the page's own files. Portals use the API and the registry, but not these.
pub fn for_page(router: Router, connections: Connections) -> Router {
    router
        .layer(from_fn_with_state(Arc::new(connections), with_policy))
        .layer(default_header(RESOURCE_POLICY, "same-origin"))
}

async fn with_policy(State(connections): State<Arc<Connections>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // Without one, the stricter policy of every reply holds.
    if let Some(policy) = connections.policy().await {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The headers of every reply on the page's origin.
pub fn harden(router: Router) -> Router {
    router
        .layer(default_header(header::CONTENT_SECURITY_POLICY, NO_PAGE))
        .layer(default_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(default_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(default_header(PERMISSIONS_POLICY, NO_POWERS))
        // The page has to see whether the window of a sign-in was closed.
        .layer(default_header(OPENER_POLICY, "same-origin-allow-popups"))
}

/// A header for replies that do not set it themselves.
pub fn default_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
