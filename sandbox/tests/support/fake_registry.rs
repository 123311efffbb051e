//! A registry whose every answer a test may replace. It keeps one image, whatever is pushed, and what it was asked.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Sandbox, request_body};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub authorization: Option<String>,
}

type Answer = dyn Fn(&Asked) -> Option<Response> + Send + Sync;

pub struct FakeRegistry {
    pub address: SocketAddr,
    world: Arc<World>,
}

struct World {
    answer: Box<Answer>,
    asked: Mutex<Vec<Asked>>,
    manifests: Mutex<HashMap<String, Bytes>>,
    blobs: Mutex<HashMap<String, Bytes>>,
}

impl FakeRegistry {
    /// `answer` goes before what a registry says.
    pub async fn start(answer: impl Fn(&Asked) -> Option<Response> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let world = Arc::new(World {
            answer: Box::new(answer),
            asked: Mutex::default(),
            manifests: Mutex::new(HashMap::from([(image_digest(), image())])),
            blobs: Mutex::default(),
        });
        let router = Router::new().fallback(registry).with_state(Arc::clone(&world));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, world }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.world.asked.lock().unwrap().clone()
    }

    pub fn artifact(&self) -> String {
        format!("{}/app@{}", self.address, image_digest())
    }

    /// The manifest with the image's signatures.
    pub fn signatures(&self) -> Option<Value> {
        self.manifest(&ocisign_sandbox::signature_manifest::tag(&image_digest()))
    }

    /// The manifest or index under a tag or digest.
    pub fn manifest(&self, name: &str) -> Option<Value> {
        let manifests = self.world.manifests.lock().unwrap();
        manifests.get(name).map(|body| serde_json::from_slice(body).unwrap())
    }

    /// Puts a manifest or index there, under a tag or digest.
    pub fn put(&self, name: &str, manifest: &Value) {
        let body = Bytes::from(manifest.to_string());
        self.world.manifests.lock().unwrap().insert(name.to_owned(), body);
    }

    /// A blob that was pushed.
    pub fn blob(&self, digest: &str) -> Option<Bytes> {
        self.world.blobs.lock().unwrap().get(digest).cloned()
    }

    /// Asks for a signature of its image that needs no approval; gives the request's id.
    pub async fn begin(&self, sandbox: &Sandbox) -> String {
        let mut definition = super::product(&self.address.to_string());
        definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
        let product = sandbox.create_product(definition).await;
        let reply =
            sandbox.post("requester", "/imagesignings", request_body(&product, &self.artifact())).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.json);
        reply.json["id"].as_str().unwrap().to_owned()
    }

    /// The whole way.
    pub async fn sign(&self, sandbox: &Sandbox) -> Value {
        sandbox.outcome(&self.begin(sandbox).await).await
    }
}

pub fn image() -> Bytes {
    Bytes::from(json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": {}, "layers": [] }).to_string())
}

pub fn image_digest() -> String {
    ocisign_sandbox::signature_manifest::sha256(&image())
}

/// A reply with this status, this body, and these headers.
pub fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let response = headers
        .iter()
        .fold(Response::builder().status(status), |response, (name, value)| response.header(*name, *value));
    response.body(body.into()).unwrap()
}

async fn registry(State(world): State<Arc<World>>, request: Request) -> Response {
    let asked = Asked {
        method: request.method().clone(),
        path: request.uri().path_and_query().unwrap().to_string(),
        authorization: request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned()),
    };
    world.asked.lock().unwrap().push(asked.clone());
    if let Some(answer) = (world.answer)(&asked) {
        return answer;
    }
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let name = asked.path.rsplit('/').next().unwrap().to_owned();
    let mut manifests = world.manifests.lock().unwrap();
    if asked.method == Method::GET && asked.path.contains("/manifests/") {
        return match manifests.get(&name) {
            Some(body) => reply(200, &[("content-type", MANIFEST)], body.clone()),
            None => reply(404, &[], json!({ "errors": [{ "code": "MANIFEST_UNKNOWN" }] }).to_string()),
        };
    }
    if asked.method == Method::PUT && asked.path.contains("/manifests/") {
        manifests.insert(name, body);
    }
    drop(manifests);
    let mut blobs = world.blobs.lock().unwrap();
    if let Some((_, digest)) = asked.path.split_once("digest=") {
        blobs.insert(digest.replace("%3A", ":"), body);
    } else if let Some(blob) = blobs.get(&name).filter(|_| asked.path.contains("/blobs/")) {
        return reply(200, &[("content-type", "application/octet-stream")], blob.clone());
    }
    match asked.method {
        Method::POST => reply(202, &[("location", "/v2/app/blobs/uploads/one?state=x")], ""),
        Method::PUT => reply(StatusCode::CREATED.as_u16(), &[], ""),
        _ => reply(404, &[], json!({ "errors": [{ "code": "NAME_UNKNOWN" }] }).to_string()),
    }
}
