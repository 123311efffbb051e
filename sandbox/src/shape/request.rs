//! A request in the shape of another service, turned into ours.

use axum::extract::{FromRequest, Request};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::lists::Kind;
use super::pages::Page;
use super::routes::{Meaning, Name, Route};
use super::service::Slash;
use super::template::Template;
use super::{Mounted, nothing_there, with_body};
use crate::api;
use crate::api_error::ApiError;
use crate::boundary::below;
use crate::json_body::{JsonBody, OptionalJsonBody};

/// What a request is about, for its reply.
pub struct Asked {
    /// Nothing that a shape speaks of, if there is none.
    pub name: Option<Name>,
    /// Of a list.
    pub page: Option<Page>,
    /// The reply has no body; ours had one, so that it could be turned.
    pub is_head: bool,
    /// Scheme and host by which the client sent it.
    pub origin: String,
}

/// A comment where the service takes none, and we need one.
const NO_COMMENT: &str = "(The service takes no comment.)";

impl Mounted {
    /// The request as ours; or the refusal of one that the service would not know.
    pub async fn turn_request(&self, request: Request) -> Result<(Request, Asked), Response> {
        let path = request.uri().path().to_owned();
        let is_head = *request.method() == Method::HEAD;
        let asked = Asked { name: None, page: None, is_head, origin: origin(&request) };
        let Some(below) = below(&self.base, &path) else { return Ok((request, asked)) };
        match self.shape.routes.meaning(request.method(), below) {
            Meaning::Else => Ok((request, asked)),
            Meaning::Moved => Err(nothing_there().await),
            Meaning::OtherMethod(methods) => Err(wrong_method(&methods).await),
            Meaning::Named(routes, id) => {
                let wrong_slash = match self.shape.service.slash {
                    Slash::Either => false,
                    Slash::Required => !below.ends_with('/'),
                    Slash::Refused => below.ends_with('/'),
                };
                if wrong_slash {
                    return Err(nothing_there().await);
                }
                self.named(request, asked, &routes, id).await.map_err(ApiError::into_response)
            }
        }
    }

    async fn named(
        &self,
        request: Request,
        mut asked: Asked,
        routes: &[&Route],
        id: &str,
    ) -> Result<(Request, Asked), ApiError> {
        let (name, request) = match routes {
            [route] if route.body.is_none() => (route.name, self.with_our_body(route.name, request).await?),
            routes => with_decision(routes, request).await?,
        };
        let (mut parts, body) = request.into_parts();
        parts.method = name.our_method();
        let mut query = parts.uri.query().map(str::to_owned);
        let list = match name {
            Name::Signings => Some((Kind::Signings, &self.shape.signings)),
            Name::Products => Some((Kind::Products, &self.shape.products)),
            _ => None,
        };
        if let Some((kind, list)) = list {
            let page = Page::read(list, &parts.uri)?;
            query = Some(page.ours(kind, &self.shape.statuses));
            asked.page = Some(page);
        }
        parts.uri = self.our_uri(name, id, query.as_deref())?;
        asked.name = Some(name);
        Ok((Request::from_parts(parts, body), asked))
    }

    fn our_uri(&self, name: Name, id: &str, query: Option<&str>) -> Result<Uri, ApiError> {
        let query = query.filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
        let uri = format!("{}/{}{}", self.base, name.our_path_with(id), query.unwrap_or_default());
        uri.parse().map_err(|cause| {
            tracing::error!(%cause, "a path cannot be made ours");
            ApiError::internal()
        })
    }

    /// The same body, in our words.
    async fn with_our_body(&self, name: Name, request: Request) -> Result<Request, ApiError> {
        match name {
            Name::CreateProduct if self.shape.key_types.differ() => {
                let (parts, mut body) = read(request).await?;
                self.shape.key_types.read_posted(&mut body)?;
                Ok(with_json(parts, body))
            }
            Name::RequestSigning => {
                let (parts, body) = read(request).await?;
                match body.keys().find(|field| self.shape.signing.occupies(field)) {
                    None => Ok(with_json(parts, body)),
                    Some(field) => Err(ApiError::new(
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "bad-input",
                        format!("request.{field} is set by the service, and cannot be sent."),
                        "Send name, idProductOperation, description, payload and productId.",
                    )),
                }
            }
            _ => Ok(request),
        }
    }
}

/// The decision that the body is of, with the body as ours.
async fn with_decision(routes: &[&Route], request: Request) -> Result<(Name, Request), ApiError> {
    let (parts, body) = request.into_parts();
    let request = with_body(parts.clone(), body);
    let OptionalJsonBody(body) = OptionalJsonBody::from_request(request, &()).await?;
    let ours = Template::default();
    let mut wrong = None;
    for route in routes {
        let template = route.body.as_ref().unwrap_or(&ours);
        match template.fill(&body) {
            Ok(filled) => {
                let mut decision = Map::new();
                let no_comment =
                    || (!template.takes_comment() && route.name == Name::Reject).then(|| NO_COMMENT.into());
                decision.extend(filled.comment.or_else(no_comment).map(|it| ("comment".to_owned(), it)));
                decision.extend(filled.expect.map(|it| ("expect".to_owned(), it)));
                return Ok((route.name, with_json(parts, decision)));
            }
            Err(place) => wrong = wrong.or(Some(place)),
        }
    }
    Err(ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "bad-input",
        format!("{} is not what this route expects.", wrong.unwrap_or_default()),
        "Send the body that the profile's route describes.",
    ))
}

async fn read(request: Request) -> Result<(Parts, Map<String, Value>), ApiError> {
    let (parts, body) = request.into_parts();
    let JsonBody(body) = JsonBody::from_request(with_body(parts.clone(), body), &()).await?;
    Ok((parts, body))
}

fn with_json(mut parts: Parts, body: Map<String, Value>) -> Request {
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    with_body(parts, Value::Object(body).to_string())
}

fn origin(request: &Request) -> String {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}

async fn wrong_method(methods: &[&Method]) -> Response {
    let mut response = api::wrong_method().await.into_response();
    let mut names: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if let Ok(allow) = HeaderValue::from_str(&names.join(",")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}
