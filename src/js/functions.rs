//! The pure functions of the package, with the documentation that their TypeScript declarations carry.

use alloc::string::String;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{
    error::JsResult,
    input,
    output::{self, plain},
};
use crate::{
    PublicKey, base_url, digest, domain, key_path,
    product::{self, ProductInput},
    signing_request::{self, SigningInput},
    simple_signing, wire,
};

/// Builds the product JSON that the reference shows.
///
/// @param profile how the deployment spells key types.
/// @throws {OcisignError} `bad-input`, `registry-invalid`, `port-invalid`, `scheme`, `key-type`, `bad-profile`.
/// @example
/// ```js
/// import { buildProduct } from "ocisign";
///
/// const definition = buildProduct({
///   name: "OCI SIGN",
///   registry: "registry.example",
///   allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
///   approvalGroups: ["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
/// });
/// console.log(definition.productOperations[0].token.keyType); // RSA4096
/// ```
#[wasm_bindgen(js_name = buildProduct, unchecked_return_type = "ProductDefinition")]
pub fn build_product(
    #[wasm_bindgen(js_name = input, unchecked_param_type = "ProductInput")] definition: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Profile")] profile: &JsValue,
) -> JsResult<JsValue> {
    let given = input::data(definition, "product")?;
    plain(&product::build(ProductInput::read(given.value())?, &input::profile(profile)?)?)
}

/// Builds the body of a signing request, without sending it.
///
/// @throws {OcisignError} as {@link parseReference} and {@link checkRegistry}; `product-disabled`,
///   `product-not-ready`, `operation-missing`, `operation-ambiguous`, `bad-input`.
/// @example
/// ```js
/// import { buildSigningRequest } from "ocisign";
///
/// const body = buildSigningRequest({
///   productId: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
///   operationId: "b4f4c9e4-cbd2-4073-820c-9d553a957e54",
///   artifact: image,
///   metadata: [{ name: "Version", value: "v1.0" }],
/// });
/// console.log(body.payload.name); // OCI sign request
/// ```
#[wasm_bindgen(js_name = buildSigningRequest, unchecked_return_type = "SigningRequestBody")]
pub fn build_signing_request(
    #[wasm_bindgen(js_name = input, unchecked_param_type = "RequestByProduct | RequestByIds")]
    request: &JsValue,
) -> JsResult<JsValue> {
    let given = input::data(request, "request")?;
    plain(&signing_request::build(SigningInput::read(given.value())?)?)
}

/// Reads the public key of a product's signing operation.
///
/// @param operation the operation's id or name, when there are several that sign images.
/// @param profile where the deployment shows the key, and how it spells key types.
/// @throws {OcisignError} `bad-public-key` when there is none at the profile's place, several, or another than
///   the announced type; `operation-missing`, `operation-ambiguous`, `bad-profile`.
/// @example
/// ```js
/// import { publicKey } from "ocisign";
///
/// const key = publicKey(product, undefined, client.profile);
/// console.log(key.pem, key.fingerprint);
/// ```
#[wasm_bindgen(js_name = publicKey, unchecked_return_type = "PublicKey")]
pub fn public_key(
    #[wasm_bindgen(unchecked_param_type = "Product")] product: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "OperationId")] operation: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Profile")] profile: &JsValue,
) -> JsResult<JsValue> {
    let operation = input::optional_text(operation, "operation")?;
    let profile = input::profile(profile)?;
    let given = input::data(product, "product")?;
    output::public_key(&key_path::public_key(given.value(), operation.as_deref(), &profile)?)
}

/// Reads a public key as people have it: PEM (`PUBLIC KEY`, or `RSA PUBLIC KEY` of PKCS #1) with whatever text around,
/// base64 of the DER form as the service shows it, or the bytes of a file: DER or text, with a byte order mark or in
/// UTF-16. Quotes and line breaks that are written as `\\n` do not matter.
///
/// @throws {OcisignError} `bad-public-key` when it is none, several, or of a kind that is not supported; `bad-input` when it is
///   neither text nor bytes.
/// @example
/// ```js
/// import { readPublicKey } from "ocisign";
///
/// const key = readPublicKey(pem);
/// console.log(readPublicKey(key.spki).fingerprint === key.fingerprint); // true
/// ```
#[wasm_bindgen(js_name = readPublicKey, unchecked_return_type = "PublicKey")]
pub fn read_public_key(
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] key: &JsValue,
) -> JsResult<JsValue> {
    let read = match input::bytes(key) {
        Some(bytes) => PublicKey::from_bytes(&bytes),
        None => PublicKey::read(&input::text_or_bytes(key, "publicKey")?),
    };
    output::public_key(&read?)
}

/// Makes the payload for signing an image elsewhere, such as by a `DigestSigning` operation of the same service.
/// Its form is that of sigstore/cosign's `SIGNATURE_SPEC.md`.
///
/// @throws {OcisignError} as {@link parseReference}.
/// @example
/// ```js
/// import { simpleSigningPayload } from "ocisign";
///
/// const { text, sha256 } = simpleSigningPayload(image);
/// console.log(JSON.parse(text).critical.type); // cosign container image signature
/// console.log(sha256.length); // 64
/// ```
#[wasm_bindgen(js_name = simpleSigningPayload, unchecked_return_type = "SimpleSigningPayload")]
pub fn simple_signing_payload(
    #[wasm_bindgen(unchecked_param_type = "string | ImageReference")] reference: &JsValue,
) -> JsResult<JsValue> {
    output::payload(simple_signing::payload(&input::reference(reference)?))
}

/// Says which one image a signing request names. It never throws: what cannot be read is one of the answers.
///
/// @param request a signing request as the service shows it, or as {@link buildSigningRequest} builds it.
/// @example
/// ```js
/// import { artifactOf } from "ocisign";
///
/// const artifact = artifactOf(request);
/// if (artifact.state === "image") console.log(artifact.reference.digest);
/// else console.log(`${artifact.state}: ${artifact.encoded}`);
/// ```
#[wasm_bindgen(js_name = artifactOf, unchecked_return_type = "RequestedArtifact")]
pub fn artifact_of(#[wasm_bindgen(unchecked_param_type = "unknown")] request: &JsValue) -> JsResult<JsValue> {
    output::artifact(wire::artifact_of(&input::lenient(request).value()))
}

/// Refuses a product that signs nothing: it is switched off, or its `state` is another than `Ready`. A product that says
/// neither is usable, and so is one whose state has no meaning here.
///
/// @throws {OcisignError} `product-disabled`; `product-not-ready` for the states New, InProcess, Rejected, Failed, To Be
///   Deleted and Deleted, in any spelling; `bad-input` for what is no product.
/// @example
/// ```js
/// import { checkUsable } from "ocisign";
///
/// checkUsable(product); // throws when nothing can be requested of it
/// ```
#[wasm_bindgen(js_name = checkUsable)]
pub fn check_usable(#[wasm_bindgen(unchecked_param_type = "Product")] product: &JsValue) -> JsResult<()> {
    Ok(crate::product::check_usable(&input::product(product)?)?)
}

/// Picks the operations of a product that sign images, of type `SignOCI` or `SIGN_OCI`, with all their fields. It never
/// throws: whatever is no product has none.
///
/// @example
/// ```js
/// import { signingOperations } from "ocisign";
///
/// for (const { id, name } of signingOperations(product)) console.log(id, name);
/// ```
#[wasm_bindgen(js_name = signingOperations, unchecked_return_type = "ProductOperation[]")]
pub fn signing_operations(#[wasm_bindgen(unchecked_param_type = "unknown")] product: &JsValue) -> Array {
    wire::signing_operations(&input::lenient(product).value()).map(output::value).collect()
}

/// Picks the values of a product's `RegistryURL` items, as they stand there: one, unless the product is set up wrongly.
/// It never throws: whatever is no product has none.
///
/// @example
/// ```js
/// import { registriesOf } from "ocisign";
///
/// console.log(registriesOf(product).length); // 1
/// ```
#[wasm_bindgen(js_name = registriesOf, unchecked_return_type = "unknown[]")]
pub fn registries_of(#[wasm_bindgen(unchecked_param_type = "unknown")] product: &JsValue) -> Array {
    wire::registries_of(&input::lenient(product).value()).map(output::value).collect()
}

/// Names the parts of a signing request that a decision binds: an approval holds only for the request as it was shown.
///
/// @example
/// ```js
/// import { boundParts } from "ocisign";
///
/// console.log(boundParts().join()); // name,idProductOperation,description,payload,productId
/// ```
#[wasm_bindgen(js_name = boundParts, unchecked_return_type = "BoundPart[]")]
pub fn bound_parts() -> JsResult<JsValue> {
    output::texts(&wire::BOUND_PARTS)
}

/// Says whether a host, with or without a port, is this very machine: `localhost` and all below it (RFC 6761),
/// 127.0.0.0/8 in plain dotted form, and `[::1]`. Only there do secrets travel without TLS.
///
/// @example
/// ```js
/// import { isLoopback } from "ocisign";
///
/// console.log(isLoopback("registry.localhost:5000"), isLoopback("127.0.0.1.example")); // true false
/// ```
#[wasm_bindgen(js_name = isLoopback)]
pub fn is_loopback(#[wasm_bindgen(unchecked_param_type = "string")] host: &JsValue) -> bool {
    host.as_string().is_some_and(|host| domain::is_loopback(&host))
}

/// Checks a URL that secrets are sent to, or that answers are believed from: `https://`, or `http://` on this very
/// machine, without user, query and fragment. Returns it without slashes at the end.
///
/// @param what how a message calls the URL, such as `The registry's URL`.
/// @throws {OcisignError} `bad-url`, naming what is wrong.
/// @example
/// ```js
/// import { checkUrl } from "ocisign";
///
/// console.log(checkUrl("https://registry.example/", "The registry's URL")); // https://registry.example
/// ```
#[wasm_bindgen(js_name = checkUrl)]
pub fn check_url(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] what: &JsValue,
) -> JsResult<String> {
    let what = input::text(what, "what")?;
    Ok(base_url::check_url(&input::text(text, &what)?, &what)?.into())
}

/// Says whether a text is a digest that is accepted here: `sha256:`, `sha384:` or `sha512:` and as many lower-case
/// hexadecimal digits as the algorithm has.
///
/// @example
/// ```js
/// import { isDigest } from "ocisign";
///
/// console.log(isDigest(image.slice(image.indexOf("@") + 1)), isDigest("sha256:3fbc63")); // true false
/// ```
#[wasm_bindgen(js_name = isDigest)]
pub fn is_digest(#[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue) -> bool {
    text.as_string().is_some_and(|text| digest::is_digest(&text))
}
