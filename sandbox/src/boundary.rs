//! What stands before the routes, so that the handlers know nothing of it: shapes, and faults.

use axum::Router;
use axum::http::header;

use crate::faults;
use crate::page_headers::default_header;
use crate::sandbox::Shared;
use crate::shape::Shape;

/// The routes, with what the start asked for before them.
pub fn around(router: Router, sandbox: &Shared, shape: Option<&Shape>) -> Router {
    let has_faults = sandbox.faults.are_on();
    let mut router = router;
    if let Some(shape) = shape {
        router = shape.hide_products(router, sandbox);
    }
    if has_faults {
        router = faults::apply_within(router, sandbox);
    }
    if let Some(shape) = shape {
        router = shape.apply(router, &sandbox.base);
    }
    if has_faults {
        router = faults::admin::before(faults::apply_outside(router), sandbox);
    }
    // The handlers say it themselves; what answers before them does not.
    if has_faults || shape.is_some() {
        router = router.layer(default_header(header::CACHE_CONTROL, "no-store"));
    }
    router
}

/// A router whose layers see a request before it finds its route, and may change where it goes.
pub fn before_routing(router: Router) -> Router {
    Router::new().fallback_service(router)
}

/// The path below the base, if it is below it.
pub fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(base)?.strip_prefix('/')
}
