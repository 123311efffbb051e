//! The registry that holds an image, as the signer uses it: is the image there, which signatures has it,
//! and one more. Failures are told in words for the requester, without anything secret.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use ocisign::{Reference, harmless};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Method, Url};
use serde_json::Value;

use super::basic::Basic;
use super::calls::{Asking, Calls, Reply, Trouble};
use super::clients::Clients;
use super::failure::Failure;
use super::password::{Password, RegistryPassword};
use super::refusal;
use super::tokens::{self, Credential, NoToken};
use crate::signature_manifest::{self, Pushable, sha256, tag};

/// As the distribution specification recommends it ("Pushing manifests"); what is larger is nothing genuine.
pub(super) const LARGEST_MANIFEST: usize = 4 * 1024 * 1024;

/// Everything that can be signed: images and indexes, of OCI and of docker.
pub(super) const IMAGE_TYPES: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";
const SIGNATURE_TYPES: &str =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// A manifest as it came.
pub struct Manifest {
    /// Its bytes.
    pub body: Vec<u8>,
    /// What it says that it is, or if it does not, what the registry says.
    pub media_type: String,
}

impl Manifest {
    fn of(reply: Reply) -> Self {
        let content: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let served = reply.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let served = served.split(';').next().unwrap_or_default().trim();
        let own = content.get("mediaType").and_then(Value::as_str);
        Self { media_type: own.unwrap_or(served).to_owned(), body: reply.body }
    }
}

/// How to reach a registry. It has no Debug: it holds the password.
pub struct Access {
    /// Without TLS.
    pub plain_http: bool,
    /// Username and password, if there are any for its domain.
    pub credential: Option<(String, Password)>,
    /// The connections to all registries.
    pub clients: Clients,
}

/// The registry of one image. It has no Debug: it holds the password.
pub struct ImageRegistry {
    entry: Arc<Entry>,
    image: Reference,
}

/// The way into a repository.
struct Entry {
    calls: Calls,
    credential: Option<(String, Password)>,
    /// What the registry let us in with last, by what we wanted to do.
    authorizations: Mutex<HashMap<&'static str, HeaderValue>>,
    basic: Basic,
    root: Url,
}

/// Where a registry is. Docker Hub is not where its images are called after.
fn host(registry: &str) -> &str {
    if registry == "docker.io" { "registry-1.docker.io" } else { registry }
}

/// A password that was refused may be replaced within this.
const PASSWORD_PATIENCE: Duration = Duration::from_secs(10 * 60);

impl ImageRegistry {
    /// Prepares for one image: finds where its registry is.
    pub async fn new(image: &Reference, access: Access) -> Result<Self, Failure> {
        let scheme = if access.plain_http { "http" } else { "https" };
        let root = format!("{scheme}://{}/v2/{}/", host(image.registry()), image.repository());
        let root =
            Url::parse(&root).map_err(|_| Failure::new("The image's registry is not one to connect to."))?;
        let calls = Calls::new(root.clone(), &access.clients);
        let calls = calls.await.map_err(|trouble| in_words(image.registry(), &trouble, "finding it"))?;
        let (credential, basic) = (access.credential, access.clients.basic);
        let entry = Entry { calls, credential, authorizations: Mutex::default(), basic, root };
        Ok(Self { entry: Arc::new(entry), image: image.clone() })
    }

    /// The same for another image of the repository.
    pub fn beside(&self, image: &Reference) -> Self {
        Self { entry: Arc::clone(&self.entry), image: image.clone() }
    }

    /// The image's manifest or index. It is there, under its digest.
    pub async fn image(&self) -> Result<Manifest, Failure> {
        let doing = "reading the image";
        let reply = self.read_manifest(self.image.digest(), IMAGE_TYPES, doing).await?;
        match reply {
            Some(found) if has_digest(&found.body, self.image.digest()) => Ok(found),
            Some(_) => Err(Failure::new(format!(
                "The registry {} answers with another content than the image {}.",
                self.image.registry(),
                self.image.digest()
            ))),
            None => Err(Failure::new(format!(
                "The registry {} has no image {} in {}. Push the image first.",
                self.image.registry(),
                self.image.digest(),
                self.image.repository()
            ))),
        }
    }

    /// The manifest with the image's signatures, if there is one.
    pub async fn signatures(&self) -> Result<Option<Value>, Failure> {
        let tag = tag(self.image.digest());
        let found = self.read_manifest(&tag, SIGNATURE_TYPES, "reading the signatures").await?;
        let parse = |found: Manifest| signature_manifest::parse(&found.body);
        let occupied = |_| self.occupied(&tag, "a manifest of signatures");
        found.map(|found| parse(found).map_err(occupied)).transpose()
    }

    /// Pushes the payload, the config, and then the manifest that names both.
    pub async fn push(&self, payload: &[u8], pushable: Pushable) -> Result<(), Failure> {
        if pushable.manifest.len() > LARGEST_MANIFEST {
            return Err(Failure::new(format!(
                "The image has so many signatures that their manifest would be larger than {LARGEST_MANIFEST} bytes."
            )));
        }
        self.push_blob(payload).await?;
        self.push_blob(&pushable.config).await?;
        let tag = tag(self.image.digest());
        let content_type = signature_manifest::content_type(&pushable.manifest);
        let content_type = HeaderValue::from_str(&content_type)
            .map_err(|_| self.occupied(&tag, "a manifest of signatures"))?;
        // What is there now is read back by whoever pushes.
        self.push_manifest(&tag, pushable.manifest, content_type).await.map(|_| ())
    }

    /// Puts a manifest under a tag or its digest.
    pub(super) async fn push_manifest(
        &self,
        name: &str,
        manifest: Vec<u8>,
        content_type: HeaderValue,
    ) -> Result<Reply, Failure> {
        let mut asking = Asking::write(Method::PUT, self.url(&format!("manifests/{name}"))?, manifest);
        asking.headers.insert(CONTENT_TYPE, content_type);
        let reply = self.ask(asking, PUSH, PUSHING).await?;
        match reply.status {
            200..=299 => Ok(reply),
            _ if refusal::is_of_immutable_tag(&reply) => Err(self.immutable(&reply, name)),
            _ => Err(self.refused(&reply, PUSHING)),
        }
    }

    pub(super) async fn push_blob(&self, bytes: &[u8]) -> Result<(), Failure> {
        let begun =
            self.written(Asking::write(Method::POST, self.url("blobs/uploads/")?, Vec::new())).await?;
        let location = begun.header(LOCATION.as_str()).and_then(|text| begun.url.join(text).ok());
        let mut url = location.ok_or_else(|| self.explain(&Trouble::NotUnderstood, PUSHING))?;
        self.keep_tls(&mut url);
        // What is in the location already belongs to the registry, and stays as it is.
        url.query_pairs_mut().append_pair("digest", &sha256(bytes));
        // One request a blob: these blobs are small, and some registries refuse chunks.
        let mut asking = Asking::write(Method::PUT, url, bytes.to_vec());
        asking.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        self.written(asking).await.map(|_| ())
    }

    /// A registry behind a proxy that ends TLS speaks of itself with `http://`. It is asked where it was asked before.
    fn keep_tls(&self, url: &mut Url) {
        let root = &self.entry.root;
        let is_ours = url.host_str() == root.host_str()
            && (url.port().is_none() || url.port() == root.port_or_known_default());
        if url.scheme() == "http" && root.scheme() == "https" && is_ours {
            // Both are possible: the URL has a host.
            let _ = url.set_scheme("https");
            let _ = url.set_port(root.port());
        }
    }

    /// The manifest of a tag or digest. That there is none is believed only of the registry itself: signatures that a
    /// proxy's error hides would be overwritten.
    pub(super) async fn read_manifest(
        &self,
        name: &str,
        types: &'static str,
        doing: &str,
    ) -> Result<Option<Manifest>, Failure> {
        let reply = self.read(&format!("manifests/{name}"), types, LARGEST_MANIFEST, doing).await?;
        match reply.status {
            200 => Ok(Some(Manifest::of(reply))),
            404 if reply.is_the_registry_s_own() => Ok(None),
            _ => Err(self.refused(&reply, doing)),
        }
    }

    /// What is at a path of the repository.
    pub(super) async fn read(
        &self,
        path: &str,
        types: &'static str,
        limit: usize,
        doing: &str,
    ) -> Result<Reply, Failure> {
        self.read_at(self.url(path)?, types, limit, doing).await
    }

    /// What is at an address of the registry.
    pub(super) async fn read_at(
        &self,
        url: Url,
        types: &'static str,
        limit: usize,
        doing: &str,
    ) -> Result<Reply, Failure> {
        let mut asking = Asking::get(url, limit);
        asking.headers.insert(ACCEPT, HeaderValue::from_static(types));
        self.ask(asking, PULL, doing).await
    }

    /// The image that this is the registry of.
    pub(super) fn about(&self) -> &Reference {
        &self.image
    }

    async fn written(&self, asking: Asking) -> Result<Reply, Failure> {
        let reply = self.ask(asking, PUSH, PUSHING).await?;
        if matches!(reply.status, 200..=299) { Ok(reply) } else { Err(self.refused(&reply, PUSHING)) }
    }

    /// Asks, and once more with a newer password, if there is one.
    async fn ask(&self, asking: Asking, actions: &'static str, doing: &str) -> Result<Reply, Failure> {
        let credential = self.credential();
        let mut answer = self.ask_as(credential.as_ref(), &asking, actions).await;
        if let Some(refused) = credential.filter(|_| self.refuses_password(&answer))
            && let Some(credential) = self.newer(refused).await
        {
            self.authorizations().clear();
            answer = self.ask_as(Some(&credential), &asking, actions).await;
        }
        let reply = answer.map_err(|why| self.no_answer(&why, doing))?;
        self.note(&reply);
        Ok(reply)
    }

    /// Remembers a password that let us in.
    fn note(&self, reply: &Reply) {
        let was_shown = self.is_home(&reply.url) && !self.authorizations().is_empty();
        if let Some((_, Password::Renewable(password))) = &self.entry.credential
            && was_shown
            && matches!(reply.status, 200..=299)
        {
            password.works();
        }
    }

    /// Asks, and once more after a challenge of the registry itself.
    async fn ask_as(
        &self,
        credential: Option<&Credential>,
        asking: &Asking,
        actions: &'static str,
    ) -> Result<Reply, NoToken> {
        let used = self.authorization(credential, actions).filter(|_| self.is_home(&asking.url));
        let reply = self.send(asking, used.clone()).await?;
        if reply.status != 401 || !self.is_home(&reply.url) || !self.is_home(&asking.url) {
            return Ok(reply);
        }
        let scope = format!("repository:{}:{actions}", self.image.repository());
        let new = tokens::answer(&self.entry.calls, &reply, credential, &scope).await?;
        let Some(new) = new.filter(|new| used.as_ref() != Some(new)) else {
            return Ok(reply);
        };
        if credential.and_then(Credential::basic).as_ref() == Some(&new) {
            self.entry.basic.note(&self.entry.root, actions);
        }
        self.authorizations().insert(actions, new.clone());
        self.send(asking, Some(new)).await
    }

    /// What let us in before, or will: the password, where Basic was asked for the last time.
    fn authorization(&self, credential: Option<&Credential>, actions: &'static str) -> Option<HeaderValue> {
        if let Some(used) = self.authorizations().get(actions) {
            return Some(used.clone());
        }
        let wanted = self.entry.basic.is_wanted(&self.entry.root, actions);
        let basic = credential.filter(|_| wanted).and_then(Credential::basic)?;
        self.authorizations().insert(actions, basic.clone());
        Some(basic)
    }

    async fn send(&self, asking: &Asking, authorization: Option<HeaderValue>) -> Result<Reply, NoToken> {
        let asking = Asking {
            method: asking.method.clone(),
            url: asking.url.clone(),
            headers: asking.headers.clone(),
            body: asking.body.clone(),
            authorization,
            limit: asking.limit,
        };
        self.entry.calls.ask(asking).await.map_err(NoToken::Trouble)
    }

    fn credential(&self) -> Option<Credential> {
        let (username, password) = self.entry.credential.as_ref()?;
        let password = match password {
            Password::Fixed(password) => password.clone(),
            Password::Renewable(password) => password.current(),
        };
        Some(Credential { username: username.clone(), password })
    }

    async fn newer(&self, refused: Credential) -> Option<Credential> {
        let Some((_, Password::Renewable(renewable))) = &self.entry.credential else { return None };
        let password = renewable.instead_of(&refused.password).await?;
        Some(Credential { password, ..refused })
    }

    /// Whether the registry, or who gives out its tokens, no longer takes the password.
    fn refuses_password(&self, answer: &Result<Reply, NoToken>) -> bool {
        match answer {
            Ok(reply) => self.is_home(&reply.url) && refusal::is_of_password(reply),
            Err(NoToken::Refused(reply)) => refusal::is_of_password(reply),
            Err(_) => false,
        }
    }

    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.entry.root.origin()
    }

    fn authorizations(&self) -> MutexGuard<'_, HashMap<&'static str, HeaderValue>> {
        self.entry.authorizations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn url(&self, path: &str) -> Result<Url, Failure> {
        // Not `join`: it would read the colon of a digest as the end of a scheme.
        Url::parse(&format!("{}{path}", self.entry.root))
            .map_err(|_| self.explain(&Trouble::NotUnderstood, "asking it"))
    }

    /// A tag holds something else than it has to.
    pub(super) fn occupied(&self, tag: &str, wanted: &str) -> Failure {
        Failure::new(format!(
            "In {} the tag {tag} holds something that is not {wanted}. Remove it from the registry.",
            self.image.repository(),
        ))
    }

    /// An answer that no registry gives.
    pub(super) fn not_understood(&self, doing: &str) -> Failure {
        self.explain(&Trouble::NotUnderstood, doing)
    }

    fn explain(&self, trouble: &Trouble, doing: &str) -> Failure {
        in_words(self.image.registry(), trouble, doing)
    }

    fn no_answer(&self, why: &NoToken, doing: &str) -> Failure {
        let registry = self.image.registry();
        match why {
            NoToken::Trouble(trouble) => self.explain(trouble, doing),
            NoToken::OfRealm(trouble) => self.explain(trouble, "getting a token for it"),
            NoToken::UnsafeRealm => Failure::new(format!(
                "The registry {registry} names a token service that no password may be sent to. Correct its token realm: a https URL at an address that the registry's users reach."
            )),
            NoToken::Refused(reply) => self.refused(reply, doing),
        }
    }

    /// A tag is there, and may not be overwritten; the registry says so in its own words.
    fn immutable(&self, reply: &Reply, tag: &str) -> Failure {
        let (registry, repository) = (self.image.registry(), self.image.repository());
        let words = self.words(reply);
        let exempt = if tag.contains(".sig") {
            "tags that end in .sig from immutability (in ECR: an exclusion filter for *.sig)"
        } else {
            "tags that begin with sha256- from immutability (in ECR: an exclusion filter for sha256-*)"
        };
        Failure::new(format!(
            "The registry {registry} does not let the tag {tag} in {repository} be overwritten, so no signature can be added{words}. Exempt {exempt}, and request again."
        ))
    }

    /// The registry's own words, without the password.
    fn words(&self, reply: &Reply) -> String {
        let password = self.credential().map(|credential| credential.password);
        refusal::words(reply, &[password.as_deref().unwrap_or_default()])
    }

    /// The password was refused, and there is no other yet. One that was good is waited for.
    fn refused_renewable(&self, reply: &Reply, password: &RegistryPassword, doing: &str) -> Failure {
        let option = password.renewed_by().unwrap_or("--registry-username");
        let reason = format!(
            "The registry {} refused the username and password of {option} ({}), while {doing}. Renew the password there, and request again.",
            self.image.registry(),
            reply.status
        );
        if password.has_worked() || refusal::says_expired(reply) {
            return Failure::passing(reason, Duration::ZERO).within(PASSWORD_PATIENCE);
        }
        Failure::new(reason)
    }

    /// The reply in plain words, with the registry's own if it gives a reason.
    pub(super) fn refused(&self, reply: &Reply, doing: &str) -> Failure {
        let (registry, status) = (self.image.registry(), reply.status);
        tracing::warn!(registry, doing, status, "the registry refused");
        if let Some(after) = reply.passes_after() {
            let reason = format!("The registry {registry} answered with status {status}, while {doing}.");
            return Failure::passing(reason, after);
        }
        if refusal::is_of_password(reply)
            && let Some((_, Password::Renewable(password))) = &self.entry.credential
        {
            return self.refused_renewable(reply, password, doing);
        }
        Failure::new(match status {
            401 if self.entry.credential.is_none() => format!(
                "The registry {registry} asks for credentials (401) and none are kept for it. An admin adds them."
            ),
            401 => format!(
                "The registry {registry} refused the username and password that are kept for it (401). An admin replaces them."
            ),
            400 | 403 if refusal::is_of_password(reply) => format!(
                "The registry {registry} says that the password that is kept for it has expired ({status}). An admin replaces it."
            ),
            403 => format!(
                "The registry {registry} does not let the kept user do that (403), while {doing}{}. Give the user the right to pull and push, unless the registry names another reason.",
                self.words(reply)
            ),
            404 if reply.is_the_registry_s_own() => format!(
                "The registry {registry} does not know the repository, while {doing}. Create it first."
            ),
            404 => format!(
                "What answered for the registry {registry} is no registry (404), while {doing}. Look at the proxy before it."
            ),
            _ => format!(
                "The registry {registry} answered with status {status}, while {doing}{}.",
                self.words(reply)
            ),
        })
    }
}

const PUSHING: &str = "pushing the signature";
/// The actions of a token, as docker's token protocol names them.
const PULL: &str = "pull";
const PUSH: &str = "pull,push";

/// Trouble in plain words.
fn in_words(registry: &str, trouble: &Trouble, doing: &str) -> Failure {
    tracing::warn!(registry, doing, ?trouble, "the registry failed");
    Failure::new(match trouble {
        Trouble::NotConnected => return Failure::not_connected(registry),
        Trouble::TooSlow => format!("The registry {registry} did not answer in time, while {doing}."),
        Trouble::TooLarge => format!(
            "The registry {registry} answered with more bytes than anything genuine has, while {doing}."
        ),
        Trouble::LedAstray => format!(
            "The registry {registry} leads to a place that it may not lead to, while {doing}: without TLS, on another network than its own, or on this machine. Correct the URLs that it gives."
        ),
        Trouble::NotTrusted(words) => format!(
            "The registry {registry} shows a certificate that is not trusted, while {doing}: {}. If a private CA issued it, start the sandbox with --registry-ca and the CA's certificate.",
            harmless(words)
        ),
        Trouble::NotUnderstood => {
            format!("The registry {registry} answered in a way that is not understood, while {doing}.")
        }
    })
}

/// Whether the bytes are those that a digest names; of another algorithm the registry is believed.
pub(super) fn has_digest(bytes: &[u8], wanted: &str) -> bool {
    let Some((algorithm, wanted)) = wanted.split_once(':') else { return false };
    let algorithm = match algorithm {
        "sha256" => &SHA256,
        "sha384" => &SHA384,
        "sha512" => &SHA512,
        _ => return true,
    };
    let actual: String = digest(algorithm, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    actual == wanted
}
