//! Verification over what was found: the core's steps, the platform's cryptography, one result.
//! How signatures are found stands in pkg/lib/verify.js.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use js_sys::{Function, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{
    input::{self, get},
    output::plain,
    support::{JsResult, OcisignError, Verifier, bytes_of},
    verification::{BLOB, CONTENT, Outcome, Problem, REPOSITORY, SIGNATURE, Verification, fails},
};
use crate::{
    PublicKey, Reference,
    json::Json,
    proof::{self, Algorithm, Candidate, Question, Role, Untrusted, Verified},
    simple_signing,
};

/// The payload that a signature of an image is made over, and its SHA-256.
#[wasm_bindgen(js_name = simpleSigningPayload, skip_typescript)]
pub fn simple_signing_payload(reference: &JsValue) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct Payload {
        text: String,
        sha256: String,
    }
    let text = simple_signing::payload(&input::reference(reference)?);
    let sha256 = crate::public_key::hex_sha256(text.as_bytes());
    plain(&Payload { text, sha256 })
}

/// Is this what the digest names?
#[wasm_bindgen(js_name = hasDigest, skip_typescript)]
pub fn has_digest(bytes: &[u8], digest: &str) -> bool {
    proof::has_digest(bytes, digest)
}

/// The digests of the manifests in an index of referrers that may hold signatures.
#[wasm_bindgen(js_name = referrerDigests, skip_typescript)]
pub fn referrer_digests(bytes: &[u8]) -> JsResult<Vec<String>> {
    Ok(proof::referrer_digests(bytes)?)
}

/// The keys of a verification, read and imported once, and how many of them have to agree.
#[wasm_bindgen(skip_typescript)]
pub struct KeySet {
    keys: Vec<Key>,
    threshold: usize,
}

/// Reads `{ publicKey | keys, threshold }`, and refuses what cannot be used before anything is fetched for it.
#[wasm_bindgen(js_name = readKeys, skip_typescript)]
pub async fn read_keys(options: JsValue) -> JsResult<KeySet> {
    let keys = distinct_keys(&options)?;
    let threshold = input::optional_count(&options, "threshold")?.unwrap_or(1) as usize;
    if threshold > keys.len() {
        let message = format!("threshold is {threshold}, but there are only {} different keys.", keys.len());
        return Err(input::bad(message, "Pass as many keys as have to agree, or more."));
    }
    for Key { key, verifier } in &keys {
        for Algorithm { name, hash, curve, .. } in Algorithm::of(key) {
            JsFuture::from(verifier.imported(name, hash, curve)).await?;
        }
    }
    Ok(KeySet { keys, threshold })
}

/// Verifies what was found: `{ reference, requireRepository, manifests: [{ bytes, from }], blob, problems }`.
/// `problems` are places that could not be read, as `{ from, code, message, fix }`.
#[wasm_bindgen(js_name = verifyFound, skip_typescript)]
pub async fn verify_found(found: JsValue, key_set: &KeySet) -> JsResult<JsValue> {
    let image = input::reference(&get(&found, "reference"))?;
    let check = Check {
        image,
        keys: &key_set.keys,
        repository_required: get(&found, "requireRepository").is_truthy(),
        blob: get(&found, "blob").dyn_into()?,
    };

    let mut result = Verification::new(&check.image, key_set.threshold);
    result.problems =
        get(&found, "problems").elements().unwrap_or_default().iter().map(Problem::read).collect();
    for manifest in get(&found, "manifests").elements().unwrap_or_default() {
        let from = get(&manifest, "from").as_string().unwrap_or_default();
        let bytes = bytes_of(&get(&manifest, "bytes"), MOST_BYTES);
        let bytes = bytes.ok_or_else(|| not_bytes("The manifest"))?;
        let role = if from == "tag" || from == "given" { Role::Signatures } else { Role::Referrer };
        match proof::candidates(&bytes, role) {
            Ok(candidates) => candidates.into_iter().for_each(|candidate| result.add(&from, candidate)),
            Err(error) => result.add(&from, Err(error)),
        }
    }
    for index in 0..result.signatures.len() {
        let candidate = result.signatures.get(index).and_then(|it| it.candidate.clone());
        let Some(candidate) = candidate else { continue };
        let outcome = check.one(candidate).await?;
        if let Outcome::Unreadable(problem) = &outcome {
            result.problems.push(problem.clone());
        }
        if let Some(signature) = result.signatures.get_mut(index) {
            signature.conclude(outcome);
        }
    }
    result.decide();
    plain(&result)
}

/// The largest manifest that is read, in bytes; registries take 4 MiB (OCI distribution spec, "Pushing
/// manifests").
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

fn not_bytes(what: &str) -> JsValue {
    let fix = "Pass a Uint8Array whose buffer was not handed to somebody else.";
    input::bad(format!("{what} is not bytes, or has too many of them."), fix)
}

/// What all signatures are checked against.
struct Check<'a> {
    image: Reference,
    keys: &'a [Key],
    repository_required: bool,
    blob: Function,
}

struct Key {
    key: PublicKey,
    verifier: Verifier,
}

impl Verifier {
    /// Has the platform answer a question.
    async fn ask(&self, question: &Question<'_>) -> JsResult<bool> {
        let Algorithm { name, hash, curve, .. } = question.algorithm;
        let signature = Uint8Array::from(question.signature.as_slice());
        let answer = self.holds(name, hash, curve, signature, Uint8Array::from(question.message));
        Ok(JsFuture::from(answer).await?.is_truthy())
    }
}

impl Check<'_> {
    async fn one(&self, candidate: Candidate) -> JsResult<Outcome> {
        let blob = match self.fetch(&candidate).await {
            Ok(Some(blob)) => blob,
            Ok(None) => return Ok(fails(BLOB, "The signature's blob is larger than its manifest says.")),
            Err(error) if is_callers(&error) => return Err(error),
            Err(error) => return Ok(unreadable(&error)),
        };
        let untrusted = match candidate.open(blob) {
            Ok(untrusted) => untrusted,
            Err(error) => return Ok(fails(BLOB, error.message())),
        };
        match self.verify(untrusted).await? {
            Ok((verified, key, hash)) => Ok(self.compare(&verified, key, hash)),
            Err(reason) => Ok(fails(SIGNATURE, reason)),
        }
    }

    /// The blob, unless it is larger than announced.
    async fn fetch(&self, candidate: &Candidate) -> JsResult<Option<Vec<u8>>> {
        #[allow(clippy::cast_precision_loss)] // at most a mebibyte
        let size = candidate.size() as f64;
        let answer = self.blob.call2(&JsValue::UNDEFINED, &candidate.digest().into(), &size.into())?;
        let answer = JsFuture::from(Promise::resolve(&answer)).await?;
        match bytes_of(&answer, size) {
            Some(bytes) => Ok(Some(bytes)),
            None if get(&answer, "byteLength").as_f64().is_some_and(|length| length > size) => Ok(None),
            None => Err(not_bytes("What blob() gave")),
        }
    }

    /// Asks each key; the first under which the signature holds makes the content readable.
    async fn verify(
        &self,
        untrusted: Untrusted,
    ) -> JsResult<Result<(Verified, String, &'static str), String>> {
        let mut reason = None;
        for Key { key, verifier } in self.keys {
            let questions = match untrusted.questions(key) {
                Ok(questions) => questions,
                Err(error) => {
                    reason = Some(error.message().to_string());
                    continue;
                }
            };
            for question in questions {
                let hash = question.algorithm.hash;
                let holds = question.answered(verifier.ask(&question).await?);
                drop(question);
                if let Some(holds) = holds {
                    return Ok(Ok((untrusted.verified(holds), key.fingerprint(), hash)));
                }
            }
        }
        Ok(
            Err(reason
                .unwrap_or_else(|| "The signature was not made with any of the given keys.".to_string())),
        )
    }

    fn compare(&self, verified: &Verified, key: String, hash: &'static str) -> Outcome {
        match verified.about(&self.image) {
            Ok(binding) if self.repository_required && !binding.repository_bound => {
                fails(REPOSITORY, "The signature names no repository, and requireRepository asks for one.")
            }
            Ok(binding) => Outcome::Holds { key, hash, repository_bound: binding.repository_bound },
            Err(error) => fails(CONTENT, error.message()),
        }
    }
}

/// Is it a mistake of the caller's own function, and so no finding?
fn is_callers(error: &JsValue) -> bool {
    !error.is_instance_of::<OcisignError>()
        || matches!(get(error, "code").as_string().as_deref(), Some("bad-input" | "aborted"))
}

/// A blob that is not there, or is not what was announced, makes a signature invalid; a registry that does
/// not answer says nothing about it.
fn unreadable(error: &JsValue) -> Outcome {
    let problem = Problem::read(error);
    match problem.code.as_str() {
        "not-found" | "bad-reply" => fails(BLOB, problem.message),
        _ => Outcome::Unreadable(problem),
    }
}

/// The keys, each once: `publicKey` or `keys`, as PEM, as DER, or as `publicKey()` returned them.
fn distinct_keys(options: &JsValue) -> JsResult<Vec<Key>> {
    let mut keys: Vec<Key> = Vec::new();
    for value in given_keys(options)? {
        let key = read_key(&value)?;
        if keys.iter().all(|known| known.key != key) {
            let verifier = Verifier::new(Uint8Array::from(key.spki()));
            keys.push(Key { key, verifier });
        }
    }
    if keys.is_empty() {
        let fix = "Pass publicKey, or a list of keys.";
        return Err(input::bad("There is no key to verify with.".to_string(), fix));
    }
    Ok(keys)
}

fn given_keys(options: &JsValue) -> JsResult<Vec<JsValue>> {
    let (one, several) = (get(options, "publicKey"), get(options, "keys"));
    if several.is_missing() {
        return Ok(alloc::vec![one]);
    }
    if !one.is_missing() {
        return Err(input::bad("publicKey and keys are both given.".to_string(), "Pass one of the two."));
    }
    several
        .elements()
        .ok_or_else(|| input::bad("keys is not a list.".to_string(), "Pass a list of keys, or publicKey."))
}

fn read_key(value: &JsValue) -> JsResult<PublicKey> {
    if let Some(text) = value.as_string() {
        return Ok(PublicKey::read(&text)?);
    }
    let der = bytes_of(value, MOST_BYTES).or_else(|| bytes_of(&get(value, "spki"), MOST_BYTES));
    if let Some(der) = der {
        return Ok(PublicKey::from_spki_der(&der)?);
    }
    Err(input::bad(
        "The public key is neither PEM, nor DER bytes, nor a key of publicKey().".to_string(),
        "Pass one of these.",
    ))
}
