//! Our reply, turned into the shape of another service.

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LINK, LOCATION};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Mounted;
use super::lists::{List, Way};
use super::pages::Page;
use super::request::Asked;
use super::routes::Name;
use super::service::Slash;
use crate::api_error::ApiError;
use crate::boundary::below;

/// Above the largest of our answers.
const LARGEST: usize = 64 * 1024 * 1024;

impl Mounted {
    /// The reply as theirs. Refusals, and what is no JSON, stay as they are.
    pub async fn turn_reply(&self, reply: Response, asked: &Asked) -> Response {
        let Some(name) = asked.name else { return reply };
        if !reply.status().is_success() || !is_json(reply.headers()) {
            return if asked.is_head { reply.map(|_| Body::empty()) } else { reply };
        }
        let (mut parts, body) = reply.into_parts();
        let bytes = match to_bytes(body, LARGEST).await {
            Ok(bytes) => bytes,
            Err(cause) => {
                tracing::error!(%cause, "a reply cannot be read");
                return ApiError::internal().into_response();
            }
        };
        // What a fault made of it is no JSON any more.
        let Ok(ours) = serde_json::from_slice::<Value>(&bytes) else {
            return Response::from_parts(parts, Body::from(bytes));
        };
        if let Some(location) = parts.headers.get(LOCATION).and_then(|it| self.their_location(it)) {
            parts.headers.insert(LOCATION, location);
        }
        let theirs = self.turn(name, ours, asked, &mut parts.headers);
        parts.headers.remove(CONTENT_LENGTH);
        let text = theirs.to_string();
        if asked.is_head {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
            return Response::from_parts(parts, Body::empty());
        }
        Response::from_parts(parts, Body::from(text))
    }

    fn turn(&self, name: Name, ours: Value, asked: &Asked, headers: &mut HeaderMap) -> Value {
        match (name, ours) {
            (Name::Products | Name::Signings, Value::Array(ours)) => {
                self.their_list(name, ours, asked, headers)
            }
            (Name::Product | Name::CreateProduct, Value::Object(ours)) => {
                self.shape.product.reply(self.their_product(ours, name.acts()))
            }
            (_, Value::Object(ours)) => self.shape.signing.reply(self.their_signing(ours, name.acts())),
            (_, other) => other,
        }
    }

    fn their_list(&self, name: Name, mut ours: Vec<Value>, asked: &Asked, headers: &mut HeaderMap) -> Value {
        let list = if name == Name::Products { &self.shape.products } else { &self.shape.signings };
        let was_cut = headers.remove(LINK).is_some();
        let mut next = None;
        if let Some(page) = &asked.page {
            let is_cut = cut(name, &mut ours, page);
            // A page of no elements leads to itself.
            if (was_cut || is_cut) && !ours.is_empty() {
                next = page.after(list, ours.len()).map(|query| self.link(name, asked, &query));
            }
        }
        let element = |ours: Value| match ours {
            Value::Object(ours) if name == Name::Products => {
                self.shape.product.element(self.their_product(ours, false))
            }
            Value::Object(ours) => self.shape.signing.element(self.their_signing(ours, false)),
            other => other,
        };
        let elements = ours.into_iter().map(element).collect();
        put_link(list, elements, next, headers)
    }

    fn link(&self, name: Name, asked: &Asked, query: &str) -> String {
        let origin = if self.shape.service.absolute_links { asked.origin.as_str() } else { "" };
        format!("{origin}{}?{query}", self.their_path(name, ""))
    }

    fn their_path(&self, name: Name, id: &str) -> String {
        let path = self.shape.routes.get(name).map(|route| route.path.with(id)).unwrap_or_default();
        let slash = if self.shape.service.slash == Slash::Required { "/" } else { "" };
        format!("{}/{path}{slash}", self.base)
    }

    fn their_location(&self, ours: &HeaderValue) -> Option<HeaderValue> {
        let path = below(&self.base, ours.to_str().ok()?)?;
        let (name, id) = match path.split_once('/')? {
            ("products", id) => (Name::Product, id),
            ("imagesignings", id) => (Name::Signing, id),
            _ => return None,
        };
        HeaderValue::from_str(&self.their_path(name, id)).ok()
    }

    fn their_product(&self, mut product: Map<String, Value>, acted: bool) -> Map<String, Value> {
        let service = &self.shape.service;
        if service.no_echo && acted {
            product.retain(|field, _| field == "id");
        }
        if service.life_cycle == Some(false) {
            product.shift_remove("state");
        }
        self.shape.key_types.write(&mut product);
        self.shape.keys.apply(&mut product);
        product
    }

    fn their_signing(&self, mut signing: Map<String, Value>, acted: bool) -> Map<String, Value> {
        let service = &self.shape.service;
        if service.no_echo && acted {
            signing.retain(|field, _| matches!(field.as_str(), "id" | "status"));
        }
        let code = |status: &mut Value| *status = self.shape.statuses.theirs(status);
        signing.get_mut("status").map(code);
        for step in signing.get_mut("history").and_then(Value::as_array_mut).into_iter().flatten() {
            step.get_mut("status").map(code);
        }
        if let Some(requester) = signing.get_mut("requester").filter(|_| service.requester_is_id)
            && let Some(id) = requester.get("objectId").cloned()
        {
            *requester = id;
        }
        signing
    }
}

/// Leaves the elements of the page; tells whether there are more after it.
fn cut(name: Name, ours: &mut Vec<Value>, page: &Page) -> bool {
    if page.is_behind {
        ours.clear();
    }
    // Our own list of products has no pages.
    if name == Name::Products {
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        ours.drain(..offset.min(ours.len()));
    }
    let limit = page.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let is_cut = ours.len() > limit;
    ours.truncate(limit);
    is_cut
}

fn put_link(list: &List, elements: Value, next: Option<String>, headers: &mut HeaderMap) -> Value {
    let mut reply = Map::new();
    if let (Way::Next(path), Some(_)) = (&list.way, &list.items) {
        path.put(&mut reply, json!(next));
    }
    if let (Way::Ours | Way::Link, Some(next)) = (&list.way, next)
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        headers.insert(LINK, link);
    }
    match &list.items {
        None => elements,
        Some(items) => {
            items.put(&mut reply, elements);
            Value::Object(reply)
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let written = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    written.is_some_and(|written| written.starts_with("application/json"))
}
