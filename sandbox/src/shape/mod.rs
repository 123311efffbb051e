//! The API in the shape of a service that is not ours (`--shape`): methods, paths and bodies of requests, envelopes,
//! field names, codes and pages of replies.
//!
//! It stands before the handlers, which know nothing of it: `request` turns a request into ours, `reply` turns our
//! reply into the service's. The language is the profile's; what no profile can mend is `service`.

mod fields;
mod keys;
mod lists;
mod options;
mod pages;
mod paths;
mod readers;
mod reply;
mod request;
mod routes;
mod service;
mod statuses;
mod template;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api;
use crate::boundary::before_routing;
use crate::sandbox::Shared;
use crate::start_error::StartError;
use crate::strict_json::{At, Wrong, parse};
use fields::Form;
use keys::{KeyPlace, KeyTypes};
use lists::{Kind, List};
pub use options::ShapeOptions;
pub use routes::Name;
use routes::Routes;
pub use service::read_groups;
use service::{Service, Slash};
use statuses::Statuses;

/// How a service differs from ours.
#[derive(Debug, Clone)]
pub struct Shape {
    routes: Routes,
    statuses: Statuses,
    signing: Form,
    product: Form,
    signings: List,
    products: List,
    keys: KeyPlace,
    key_types: KeyTypes,
    service: Service,
    /// `GET ocisign-profile`.
    profile: Value,
}

/// A shape where it is served.
pub(crate) struct Mounted {
    shape: Shape,
    /// `/<customer>/api/v1`.
    base: String,
}

const FIELDS: [&str; 7] = ["routes", "statuses", "replies", "lists", "publicKeyPath", "keyTypes", "service"];

impl Shape {
    /// Reads the file of `--shape`.
    pub fn open(path: &Path) -> Result<Self, StartError> {
        let text = fs::read_to_string(path).map_err(|cause| {
            StartError::because(format!("Cannot read --shape {}. Check the path.", path.display()), cause)
        })?;
        Self::read(&text)
            .map_err(|wrong| StartError::new(format!("--shape {} cannot be used. {wrong}", path.display())))
    }

    /// Reads a shape, and checks all that can be checked before a request comes.
    ///
    /// # Errors
    /// The first thing that is wrong, by its place: `shape.routes.approve.method`.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let value = parse(text)?;
        let whole = At::whole(&value, "shape");
        whole.only(&FIELDS)?;
        let replies = whole.field("replies");
        let lists = whole.field("lists");
        for (at, known) in [(&replies, ["signing", "product"]), (&lists, ["signings", "products"])] {
            at.as_ref().map(|at| at.only(&known)).transpose()?;
        }
        let service = Service::read(whole.field("service").as_ref())?;
        let keys = KeyPlace::read(whole.field("publicKeyPath").as_ref())?;
        let mut shape = Self {
            routes: Routes::read(whole.field("routes").as_ref())?,
            statuses: Statuses::read(whole.field("statuses").as_ref())?,
            signing: Form::of_signings(within(&replies, "signing").as_ref())?,
            product: Form::of_products(within(&replies, "product").as_ref(), keys.field())?,
            signings: List::read(Kind::Signings, within(&lists, "signings").as_ref(), &service)?,
            products: List::read(Kind::Products, within(&lists, "products").as_ref(), &service)?,
            key_types: KeyTypes::read(whole.field("keyTypes").as_ref())?,
            keys,
            service,
            profile: Value::Null,
        };
        shape.profile = shape.written(&value);
        Ok(shape)
    }

    /// The shape as a profile: what was left out is said, and `service` is not.
    fn written(&self, given: &Value) -> Value {
        let ours = ocisign::Profile::default().public_key_path;
        let mut profile = json!({
            "routes": self.routes.written(self.service.slash == Slash::Required),
            "statuses": self.statuses.written(),
            "publicKeyPath": given.get("publicKeyPath").cloned().unwrap_or_else(|| json!(ours)),
            "keyTypes": self.key_types.written(),
        });
        for name in ["replies", "lists"] {
            if let (Some(value), Some(profile)) = (given.get(name), profile.as_object_mut()) {
                profile.insert(name.to_owned(), value.clone());
            }
        }
        profile
    }

    /// What `GET ocisign-profile` says of it.
    pub fn profile(&self) -> &Value {
        &self.profile
    }

    /// Whether the sandbox's own tokens say no groups.
    pub fn is_without_groups(&self) -> bool {
        self.service.without_groups
    }

    /// The API below `base`, in this shape.
    pub fn apply(&self, api: Router, base: &str) -> Router {
        let mounted = Arc::new(Mounted { shape: self.clone(), base: base.to_owned() });
        before_routing(api).layer(from_fn_with_state(mounted, in_shape))
    }

    /// The API, with its products for their readers only.
    pub fn hide_products(&self, api: Router, sandbox: &Shared) -> Router {
        let Some(groups) = &self.service.product_readers else { return api };
        readers::guard(api, sandbox, groups.clone(), self.service.products_hidden_by)
    }
}

fn within<'a>(at: &Option<At<'a>>, name: &str) -> Option<At<'a>> {
    at.as_ref()?.field(name)
}

/// Turns a request into ours and our reply into the service's.
async fn in_shape(State(mounted): State<Arc<Mounted>>, request: Request, next: Next) -> Response {
    match mounted.turn_request(request).await {
        Ok((request, asked)) => {
            let reply = next.run(request).await;
            mounted.turn_reply(reply, &asked).await
        }
        Err(refusal) => refusal,
    }
}

/// 404, as for everything that is not there.
pub(crate) async fn nothing_there() -> Response {
    api::not_found().await.into_response()
}

pub(crate) fn with_body(parts: axum::http::request::Parts, body: impl Into<Body>) -> Request {
    Request::from_parts(parts, body.into())
}
