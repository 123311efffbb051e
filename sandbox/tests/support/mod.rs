//! A real sandbox process on free ports, and people who speak HTTP to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

pub const GROUP_A: &str = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
pub const GROUP_B: &str = "f65a3ea9-60db-47a4-9ad8-c6915735ec5f";
pub mod fake_registry;
pub mod issuer;
pub mod random;

const PATIENCE: Duration = Duration::from_secs(60);
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A running sandbox; it is killed when dropped.
pub struct Sandbox {
    child: Child,
    pub ready: Value,
    pub http: Client,
}

/// A reply, read whole.
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub json: Value,
}

impl Sandbox {
    /// Starts on free ports.
    pub async fn start(data: &Path, arguments: &[&str]) -> Self {
        let free = ["--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"];
        let without_registry = ["--listen", "127.0.0.1:0"];
        let ports: &[&str] = if arguments.contains(&"--registry") { &without_registry } else { &free };
        Self::start_with(data, &[ports, arguments].concat()).await
    }

    /// Starts with exactly these arguments, and the data folder.
    pub async fn start_with(data: &Path, arguments: &[&str]) -> Self {
        let mut command = command(data);
        command.args(arguments);
        Self::start_command(data, command).await
    }

    /// Starts a command of [`command`], which is complete but for the file by which it says that it is ready.
    pub async fn start_command(data: &Path, mut command: Command) -> Self {
        let ready_file = ready_path(data);
        let _ = fs::remove_file(&ready_file);
        let mut child = command.arg("--ready-file").arg(&ready_file).spawn().unwrap();
        let ready = wait_for_file(&ready_file, &mut child).await;
        Self { child, ready, http: Client::builder().no_proxy().build().unwrap() }
    }

    /// As a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager would.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for the process to end by itself.
    pub async fn wait(&mut self) -> std::process::ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the sandbox does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.ready["base"].as_str().unwrap())
    }

    pub fn origin(&self) -> &str {
        self.ready["url"].as_str().unwrap().trim_end_matches('/')
    }

    pub fn domain(&self) -> &str {
        self.ready["registry"]["domain"].as_str().unwrap()
    }

    pub fn registry_url(&self, path: &str) -> String {
        format!("{}{path}", self.ready["registry"]["url"].as_str().unwrap())
    }

    pub fn token(&self, role: &str) -> String {
        let people = self.ready["people"].as_array().unwrap();
        let person = people.iter().find(|person| person["role"] == role).unwrap();
        person["token"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, role: &str, path: &str) -> Reply {
        self.call(role, Method::GET, path, None).await
    }

    pub async fn post(&self, role: &str, path: &str, body: Value) -> Reply {
        self.call(role, Method::POST, path, Some(body)).await
    }

    pub async fn call(&self, role: &str, method: Method, path: &str, body: Option<Value>) -> Reply {
        self.call_with(&self.token(role), method, path, body).await
    }

    /// With any token.
    pub async fn call_with(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Reply {
        let mut request = self.http.request(method, self.url(path)).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.unwrap()).await
    }

    /// A genuine small image in the registry of this sandbox; gives its digest.
    pub async fn push_image(&self, repository: &str, content: &str) -> String {
        let config =
            json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] } });
        let config = config.to_string();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.push_blob(repository, "application/vnd.oci.image.config.v1+json", &config).await,
            "layers": [self.push_blob(repository, "application/vnd.oci.image.layer.v1.tar", content).await],
        });
        let manifest = manifest.to_string();
        let digest = ocisign_sandbox::signature_manifest::sha256(manifest.as_bytes());
        let url = self.registry_url(&format!("/v2/{repository}/manifests/{digest}"));
        let request = self.as_writer(self.http.put(url)).header(CONTENT_TYPE, MANIFEST).body(manifest);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
        digest
    }

    async fn push_blob(&self, repository: &str, media_type: &str, content: &str) -> Value {
        let digest = ocisign_sandbox::signature_manifest::sha256(content.as_bytes());
        let url = self.registry_url(&format!("/v2/{repository}/blobs/uploads/?digest={digest}"));
        let request = self.as_writer(self.http.post(url)).body(content.to_owned());
        assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
        json!({ "mediaType": media_type, "digest": digest, "size": content.len() })
    }

    pub fn as_writer(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let registry = &self.ready["registry"];
        request.basic_auth(registry["username"].as_str().unwrap(), registry["password"].as_str())
    }

    /// The manifest with the signatures of an image, if there is one.
    pub async fn signatures(&self, repository: &str, digest: &str) -> Option<Value> {
        let tag = ocisign_sandbox::signature_manifest::tag(digest);
        let url = self.registry_url(&format!("/v2/{repository}/manifests/{tag}"));
        let reply = self.http.get(url).send().await.unwrap();
        if reply.status() == StatusCode::NOT_FOUND { None } else { Some(reply.json().await.unwrap()) }
    }

    /// The product of the reference, for this sandbox's registry.
    pub fn product(&self) -> Value {
        product(self.domain())
    }

    pub async fn create_product(&self, product: Value) -> Value {
        let reply = self.post("requester", "/products", product).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json);
        reply.json
    }

    pub async fn request(&self, product: &Value, artifact: &str) -> Value {
        let reply = self.post("requester", "/imagesignings", request_body(product, artifact)).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json);
        reply.json
    }

    pub async fn approve(&self, role: &str, id: &str) -> Reply {
        self.post(role, &format!("/imagesignings/{id}/approve"), json!({})).await
    }

    /// Polls until the status is final.
    pub async fn outcome(&self, id: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let signing = self.get("requester", &format!("/imagesignings/{id}")).await.json;
            if matches!(signing["status"].as_i64(), Some(16 | 32 | 64)) {
                return signing;
            }
            assert!(Instant::now() < deadline, "never final: {signing}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    /// Checks a refusal: its status, its code, and that it says what to do.
    #[track_caller]
    pub fn refuses(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.json["code"].as_str()), (status, Some(code)), "{}", self.json);
        for field in ["message", "fix"] {
            assert!(self.json[field].as_str().is_some_and(|text| !text.is_empty()), "{}", self.json);
        }
        assert!(self.headers.contains_key("x-ocisign-sandbox"));
    }
}

pub async fn read(response: Response) -> Reply {
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    Reply { status, headers, json: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

pub fn product(domain: &str) -> Value {
    json!({
        "name": "OCI SIGN",
        "description": "Product OCI signing",
        "productType": "Product",
        "enabled": true,
        "caInfo": [],
        "rndKeys": [],
        "productOperations": [{
            "name": "OCI sign",
            "description": "OCI signing",
            "operationType": "SignOCI",
            "token": {
                "name": "Key for ocisigning",
                "description": "HSM token for ocisigning",
                "keyType": "secp256r1",
            },
            "approvalRule": {
                "name": "Test rule",
                "description": "Rule used for testing",
                "allowedGroups": [GROUP_A],
                "approvalGroups": [GROUP_A, GROUP_B],
                "blanketGroups": [],
            },
        }],
        "productConfigItems": [{ "name": "RegistryURL", "value": domain }],
    })
}

pub fn request_body(product: &Value, artifact: &str) -> Value {
    json!({
        "name": "NAME",
        "idProductOperation": product["productOperations"][0]["id"],
        "description": "Normal product oci signing ",
        "payload": {
            "name": "OCI sign request",
            "metadata": [{ "name": "Version", "value": "v1.0" }, { "name": "Date", "value": "today" }],
            "optionalParameters": [{ "artifactURI": STANDARD.encode(artifact) }],
        },
        "productId": product["id"],
    })
}

pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocisign-sandbox"));
    command.arg("--data").arg(data).stdout(Stdio::null()).stdin(Stdio::null());
    // A proxy that a developer has set must not be asked for this machine; the test proves it.
    command.env("http_proxy", "http://127.0.0.1:1").env("HTTP_PROXY", "http://127.0.0.1:1");
    command
}

fn ready_path(data: &Path) -> PathBuf {
    data.with_extension("ready.json")
}

async fn wait_for_file(path: &Path, child: &mut Child) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Ok(text) = fs::read_to_string(path) {
            return serde_json::from_str(&text).unwrap();
        }
        assert!(child.try_wait().unwrap().is_none(), "the sandbox ended before it was ready");
        assert!(Instant::now() < deadline, "the sandbox does not get ready");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
