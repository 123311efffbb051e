//! The registry that holds an image, as the signer uses it: is the image there, which signatures has it,
//! and one more. Failures are told in words for the requester, without anything secret.

use std::fmt;
use std::time::Duration;

use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference as RegistryReference};
use ocisign::{Reference, is_loopback};
use serde_json::Value;

use crate::signature_manifest::{self, MANIFEST_TYPE, Pushable, sha256, tag};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Everything that can be signed: images and indexes, of OCI and of docker.
const IMAGE_TYPES: [&str; 4] = [
    MANIFEST_TYPE,
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
const SIGNATURE_TYPES: [&str; 2] = [MANIFEST_TYPE, "application/vnd.docker.distribution.manifest.v2+json"];

/// How to reach a registry. It has no Debug: it holds the password.
pub struct Access {
    /// Without TLS.
    pub plain_http: bool,
    /// Username and password, if there are any for its domain.
    pub credential: Option<(String, String)>,
}

/// The registry of one image. It has no Debug: it holds the password.
pub struct ImageRegistry {
    client: Client,
    auth: RegistryAuth,
    image: Reference,
}

/// Why the registry did not do what the signer needs: the requester's `reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with its whole reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl ImageRegistry {
    /// Prepares for one image; nothing is sent yet.
    pub fn new(image: &Reference, access: Access) -> Result<Self, Failure> {
        let config = configuration(image.registry(), access.plain_http);
        let client = Client::try_from(config)
            .map_err(|_| Failure::new("The connection to the registry could not be set up."))?;
        let auth = match access.credential {
            Some((username, password)) => RegistryAuth::Basic(username, password),
            None => RegistryAuth::Anonymous,
        };
        Ok(Self { client, auth, image: image.clone() })
    }

    /// Checks that the image is there, under its digest.
    pub async fn check_image(&self) -> Result<(), Failure> {
        let at = self.by_digest();
        match self.client.pull_manifest_raw(&at, &self.auth, &IMAGE_TYPES).await {
            Ok(_) => Ok(()),
            Err(cause) if is_missing(&cause) => Err(Failure::new(format!(
                "The registry {} has no image {} in {}. Push the image first.",
                self.image.registry(),
                self.image.digest(),
                self.image.repository()
            ))),
            Err(cause) => Err(self.explain(&cause, "reading the image")),
        }
    }

    /// The manifest with the image's signatures, if there is one.
    pub async fn signatures(&self) -> Result<Option<Value>, Failure> {
        match self.client.pull_manifest_raw(&self.by_tag(), &self.auth, &SIGNATURE_TYPES).await {
            Ok((bytes, _)) => signature_manifest::parse(&bytes).map(Some).map_err(|_| self.occupied()),
            Err(cause) if is_missing(&cause) => Ok(None),
            Err(cause) => Err(self.explain(&cause, "reading the signatures")),
        }
    }

    /// Pushes the payload, the config, and then the manifest that names both.
    pub async fn push(&self, payload: &[u8], pushable: Pushable) -> Result<(), Failure> {
        self.push_blob(payload.to_vec()).await?;
        self.push_blob(pushable.config).await?;
        let content_type =
            signature_manifest::content_type(&pushable.manifest).parse().map_err(|_| self.occupied())?;
        self.client
            .push_manifest_raw(&self.by_tag(), pushable.manifest, content_type)
            .await
            .map(|_| ())
            .map_err(|cause| self.explain(&cause, "pushing the signature"))
    }

    async fn push_blob(&self, bytes: Vec<u8>) -> Result<(), Failure> {
        let digest = sha256(&bytes);
        self.client
            .push_blob(&self.by_tag(), bytes, &digest)
            .await
            .map(|_| ())
            .map_err(|cause| self.explain(&cause, "pushing the signature"))
    }

    fn by_digest(&self) -> RegistryReference {
        let (registry, repository) = self.place();
        RegistryReference::with_digest(registry, repository, self.image.digest().to_owned())
    }

    fn by_tag(&self) -> RegistryReference {
        let (registry, repository) = self.place();
        RegistryReference::with_tag(registry, repository, tag(self.image.digest()))
    }

    fn place(&self) -> (String, String) {
        (self.image.registry().to_owned(), self.image.repository().to_owned())
    }

    fn occupied(&self) -> Failure {
        Failure::new(format!(
            "In {} the tag {} holds something that is not a manifest of signatures. Remove it from the registry.",
            self.image.repository(),
            tag(self.image.digest())
        ))
    }

    /// The cause in plain words. The text of errors is not passed on: it may quote URLs and bodies.
    fn explain(&self, cause: &OciDistributionError, doing: &str) -> Failure {
        tracing::warn!(registry = self.image.registry(), doing, "the registry failed: {}", kind(cause));
        let registry = self.image.registry();
        Failure::new(match trouble(cause) {
            Trouble::Unauthorized if self.auth == RegistryAuth::Anonymous => format!(
                "The registry {registry} asks for credentials (401) and none are kept for it. An admin adds them."
            ),
            Trouble::Unauthorized => format!(
                "The registry {registry} refused the username and password that are kept for it (401). An admin replaces them."
            ),
            Trouble::Denied => format!(
                "The registry {registry} does not let the kept user do that (403), while {doing}. Give the user the right to pull and push."
            ),
            Trouble::NotConnected => {
                format!(
                    "The registry {registry} cannot be reached: no connection. Check that it runs and that the domain is right."
                )
            }
            Trouble::TooSlow => format!("The registry {registry} did not answer in time, while {doing}."),
            Trouble::Missing => format!(
                "The registry {registry} does not know the repository, while {doing}. Create it first."
            ),
            Trouble::Status(code) => {
                format!("The registry {registry} answered with status {code}, while {doing}.")
            }
            Trouble::Other => {
                format!("The registry {registry} answered in a way that is not understood, while {doing}.")
            }
        })
    }
}

fn configuration(registry: &str, plain_http: bool) -> ClientConfig {
    let mut config = ClientConfig {
        protocol: if plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
        connect_timeout: Some(CONNECT_TIMEOUT),
        read_timeout: Some(READ_TIMEOUT),
        // One request a blob: these blobs are small, and some registries refuse chunks.
        use_monolithic_push: true,
        user_agent: concat!("ocisign-sandbox/", env!("CARGO_PKG_VERSION")),
        ..ClientConfig::default()
    };
    if is_loopback(registry) {
        // Without this a proxy from the environment would be asked for this very machine.
        config.http_proxy = Some("http://127.0.0.1:9".to_owned());
        config.no_proxy = Some("localhost,127.0.0.0/8,::1".to_owned());
    }
    config
}

enum Trouble {
    Unauthorized,
    Denied,
    Missing,
    NotConnected,
    TooSlow,
    Status(u16),
    Other,
}

fn trouble(cause: &OciDistributionError) -> Trouble {
    match cause {
        OciDistributionError::UnauthorizedError { .. } | OciDistributionError::AuthenticationFailure(_) => {
            Trouble::Unauthorized
        }
        OciDistributionError::ServerError { code, .. } => status(*code),
        OciDistributionError::RegistryError { envelope, .. } => {
            envelope.errors.first().map_or(Trouble::Other, |error| match error.code {
                OciErrorCode::Unauthorized => Trouble::Unauthorized,
                OciErrorCode::Denied => Trouble::Denied,
                OciErrorCode::NameUnknown | OciErrorCode::NotFound | OciErrorCode::ManifestUnknown => {
                    Trouble::Missing
                }
                OciErrorCode::Toomanyrequests => Trouble::Status(429),
                _ => Trouble::Other,
            })
        }
        OciDistributionError::RequestError(cause) if cause.is_timeout() => Trouble::TooSlow,
        OciDistributionError::RequestError(cause) => match cause.status() {
            Some(code) => status(code.as_u16()),
            None if cause.is_connect() || cause.is_request() => Trouble::NotConnected,
            None => Trouble::Other,
        },
        _ => Trouble::Other,
    }
}

fn status(code: u16) -> Trouble {
    match code {
        401 => Trouble::Unauthorized,
        403 => Trouble::Denied,
        404 => Trouble::Missing,
        other => Trouble::Status(other),
    }
}

fn is_missing(cause: &OciDistributionError) -> bool {
    matches!(cause, OciDistributionError::ImageManifestNotFoundError(_))
        || matches!(trouble(cause), Trouble::Missing)
}

/// For the log: what happened, without the text that came from elsewhere.
fn kind(cause: &OciDistributionError) -> &'static str {
    match trouble(cause) {
        Trouble::Unauthorized => "unauthorized",
        Trouble::Denied => "denied",
        Trouble::Missing => "missing",
        Trouble::NotConnected => "not connected",
        Trouble::TooSlow => "too slow",
        Trouble::Status(_) => "unexpected status",
        Trouble::Other => "not understood",
    }
}
