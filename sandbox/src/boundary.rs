//! What stands before the routes, so that the handlers know nothing of it: shapes, and faults.

use axum::Router;

use crate::sandbox::Shared;
use crate::shape::Shape;

/// The routes, with what the start asked for before them.
pub fn around(router: Router, sandbox: &Shared, shape: Option<&Shape>) -> Router {
    let Some(shape) = shape else { return router };
    shape.apply(shape.hide_products(router, sandbox), &sandbox.base)
}

/// A router whose layers see a request before it finds its route, and may change where it goes.
pub fn before_routing(router: Router) -> Router {
    Router::new().fallback_service(router)
}

/// The path below the base, if it is below it.
pub fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(base)?.strip_prefix('/')
}
