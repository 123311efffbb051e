//! The description of the API (OpenAPI 3.1). Each handler describes itself, above its code; here they are put together.
//! A test fails when a route of the router has no description.

use axum::Json;
use axum::extract::State;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder, Server};
use utoipa::{Modify, OpenApi};

use super::schemas::Refusal;
use super::{audit, clients, credentials, listing, page_support, product_life, products, signings};
use crate::sandbox::Shared;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ocisign sandbox",
        description = "A local stand-in for the signing service, for development and tests. What its documentation \
                       leaves open is this sandbox's choice; --shape changes it, and this description does not follow."
    ),
    paths(
        products::list,
        products::create,
        products::get,
        product_life::change,
        product_life::delete,
        product_life::enable,
        product_life::disable,
        product_life::approve,
        product_life::reject,
        product_life::restore,
        clients::register,
        clients::list,
        clients::get,
        clients::approve,
        clients::delete,
        clients::secrets,
        listing::list,
        signings::create,
        signings::get,
        signings::approve,
        signings::reject,
        signings::withdraw,
        audit::list,
        credentials::list,
        credentials::create,
        credentials::delete,
        page_support::profile,
        page_support::people,
        page_support::registry,
        show,
    ),
    components(schemas(Refusal)),
    modifiers(&Tokens, &Refusals)
)]
struct Description;

/// The description of an API at this base path.
pub fn document(base: &str) -> Document {
    let mut document = Description::openapi();
    document.servers = Some(vec![Server::new(base)]);
    document
}

/// `GET openapi.json`: this description.
#[utoipa::path(get, path = "/openapi.json", tag = "sandbox", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub async fn show(State(sandbox): State<Shared>) -> Json<Document> {
    Json(document(&sandbox.base))
}

/// How callers say who they are.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(bearer).into());
    }
}

/// Every route may refuse, and all refuse in one form.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut Document) {
        for path in document.paths.paths.values_mut() {
            let operations =
                [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
            for operation in operations.into_iter().flatten() {
                let responses = &mut operation.responses.responses;
                responses
                    .entry("4XX".to_owned())
                    .or_insert_with(|| refusal("The caller has to change something."));
                responses
                    .entry("5XX".to_owned())
                    .or_insert_with(|| refusal("The sandbox cannot answer now."));
            }
        }
    }
}

fn refusal(description: &str) -> RefOr<Response> {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Refusal"))).build();
    ResponseBuilder::new().description(description).content("application/json", body).build().into()
}
