//! The wire format, in one place: names and order of every key that is sent or read.
//!
//! Source: the reference ("Product configuration" and "OCI Signing"). What is written is strict and
//! complete, in the order of the reference. What is read takes only what is needed and tolerates the
//! rest: unknown keys, missing keys, and `null` for an empty list.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    Error, Reference, artifact_uri,
    error::Result,
    json::{Checked, Json, Kind, OPTIONAL_TEXT, Place},
};

/// The operation type of image signing, as it is written.
pub const SIGN_OCI: &str = "SignOCI";
/// The same, as the service's screens show it; accepted when reading.
pub const SIGN_OCI_ON_SCREENS: &str = "SIGN_OCI";
/// The name of the configuration item that holds the registry's domain.
pub const REGISTRY_URL: &str = "RegistryURL";
/// The payload's name in the reference's request.
pub const PAYLOAD_NAME: &str = "OCI sign request";

/// The parts of a signing request that a decision binds: what was shown is what is decided about.
pub const BOUND_PARTS: [&str; 5] = ["name", "idProductOperation", "description", "payload", "productId"];

/// The headers of every call but `Authorization`, in the spelling of the reference's `curl`.
pub const ACCEPT: (&str, &str) = ("accept", "application/json");
/// Sent with a body only.
pub const CONTENT_TYPE: (&str, &str) = ("Content-Type", "application/json");

/// The body of `POST products`: the product JSON of the reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductDefinition {
    /// The product's name.
    pub name: String,
    /// The product's description.
    pub description: String,
    /// Always `Product`.
    pub product_type: &'static str,
    /// Whether requests may be made.
    pub enabled: bool,
    /// Always empty in the reference.
    pub ca_info: [(); 0],
    /// Always empty in the reference.
    pub rnd_keys: [(); 0],
    /// The one operation, which signs images.
    pub product_operations: [OperationDefinition; 1],
    /// The `RegistryURL`.
    pub product_config_items: [ConfigItem; 1],
}

/// One operation of a [`ProductDefinition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationDefinition {
    /// The operation's name.
    pub name: String,
    /// The operation's description.
    pub description: String,
    /// [`SIGN_OCI`].
    pub operation_type: &'static str,
    /// The HSM key.
    pub token: TokenDefinition,
    /// Who may ask and who must agree.
    pub approval_rule: ApprovalRuleDefinition,
}

/// The HSM key of an operation. Not a bearer token: the service calls a key's place a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenDefinition {
    /// The key's name.
    pub name: String,
    /// The key's description.
    pub description: String,
    /// The key's type in the deployment's spelling.
    pub key_type: String,
}

/// Who may ask and who must agree: lists of group UUIDs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRuleDefinition {
    /// The rule's name.
    pub name: String,
    /// The rule's description.
    pub description: String,
    /// May submit.
    pub allowed_groups: Vec<String>,
    /// Must approve.
    pub approval_groups: Vec<String>,
    /// Are approved beforehand.
    pub blanket_groups: Vec<String>,
}

/// A named value of a product's configuration or of a request's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigItem {
    /// The name, such as `RegistryURL`.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What is read of a product that the service shows.
///
/// ```
/// let product: ocisign::wire::Product = serde_json::from_str(
///     r#"{ "id": "e1ec8ea5", "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }] }"#,
/// )?;
/// assert_eq!(product.id.as_deref(), Some("e1ec8ea5"));
/// assert!(product.product_operations.is_empty(), "what is missing is tolerated");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its id, which a signing request names as `productId`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it may be used. A product that does not say is taken as enabled.
    pub enabled: Option<bool>,
    /// Where it stands in its life, as the service writes it; [`crate::product::check_usable`] reads it. What is no text says nothing.
    pub state: Option<String>,
    /// What it can do.
    pub product_operations: Vec<ProductOperation>,
    /// Its configuration, `RegistryURL` among it.
    pub product_config_items: Vec<ConfigItem>,
}

/// What is read of a product's operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductOperation {
    /// Its id, which a signing request names as `idProductOperation`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// `SignOCI` for image signing.
    pub operation_type: Option<String>,
    /// Its HSM key.
    pub token: Option<Token>,
    /// Who may ask and who must agree. Nothing in the module asks for it.
    #[cfg(not(target_arch = "wasm32"))]
    pub approval_rule: Option<ApprovalRule>,
}

/// What is read of an operation's HSM key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// The key's type, as the service spells it.
    pub key_type: Option<String>,
}

/// What is read of an approval rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalRule {
    /// May submit.
    pub allowed_groups: Vec<String>,
    /// Must approve.
    pub approval_groups: Vec<String>,
    /// Are approved beforehand.
    pub blanket_groups: Vec<String>,
}

/// The body of `POST imagesignings`, key for key in the order of the reference's `curl`.
///
/// ```
/// use ocisign::wire::SigningRequestBody;
///
/// let body: SigningRequestBody = serde_json::from_str(
///     r#"{
///         "name": "NAME", "idProductOperation": "b4f4c9e4", "description": "", "productId": "e1ec8ea5",
///         "payload": { "name": "OCI sign request", "optionalParameters": [{ "artifactURI": "bG9jYWxob3N0L2FwcAo" }] }
///     }"#,
/// )?;
/// assert_eq!(body.payload.optional_parameters[0].artifact_uri, "bG9jYWxob3N0L2FwcAo");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningRequestBody {
    /// The request's name.
    pub name: String,
    /// The operation's id.
    pub id_product_operation: String,
    /// Why, for the approvers.
    pub description: String,
    /// What is to be signed.
    pub payload: Payload,
    /// The product's id.
    pub product_id: String,
}

/// The payload of a [`SigningRequestBody`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// [`PAYLOAD_NAME`] in the reference.
    pub name: String,
    /// What else the approvers should know.
    pub metadata: Vec<ConfigItem>,
    /// The image.
    pub optional_parameters: Vec<OptionalParameter>,
}

/// Where the artifact goes: base64 of `registry/repository@digest`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionalParameter {
    /// See [`crate::artifact_uri`].
    #[serde(rename = "artifactURI")]
    pub artifact_uri: String,
}

/// Does an operation of this type sign images?
pub(crate) fn signs_images(operation_type: Option<&str>) -> bool {
    matches!(operation_type, Some(SIGN_OCI | SIGN_OCI_ON_SCREENS))
}

/// The operations of a product that sign images, each as it was shown. Whatever is no product has none.
///
/// ```
/// let product = serde_json::json!({ "productOperations": [{ "id": "o", "operationType": "SIGN_OCI" }, null] });
/// assert_eq!(ocisign::wire::signing_operations(&&product).count(), 1);
/// ```
pub fn signing_operations<J: Json>(product: &J) -> impl Iterator<Item = J> {
    let operations = product.get("productOperations").elements().unwrap_or_default();
    operations.into_iter().filter(|it| signs_images(it.get("operationType").text().as_deref()))
}

/// The values of all of a product's `RegistryURL` items, each as it was shown. Whatever is no product has none.
///
/// ```
/// let product = serde_json::json!({ "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }] });
/// assert!(ocisign::wire::registries_of(&&product).eq([&serde_json::json!("a.example")]));
/// ```
pub fn registries_of<J: Json>(product: &J) -> impl Iterator<Item = J> {
    let items = product.get("productConfigItems").elements().unwrap_or_default();
    let registries = items.into_iter().filter(|it| it.get("name").text().as_deref() == Some(REGISTRY_URL));
    registries.map(|it| it.get("value"))
}

/// The one image that a signing request names, read leniently: what approvers are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedArtifact<J> {
    /// One image.
    Image {
        /// Its base64, as it stands in the request.
        encoded: String,
        /// The decoded text.
        text: String,
        /// What the text says.
        reference: Reference,
    },
    /// None at all.
    None,
    /// More than one: these parameters.
    Several(J),
    /// Something that cannot be read as an image.
    Unreadable {
        /// What stands in place of base64.
        encoded: J,
        /// The decoded text, empty when not even that can be read.
        text: String,
        /// What is wrong with it.
        error: Error,
    },
}

/// Which one image does a signing request name? Whatever is no request names none.
///
/// ```
/// use ocisign::wire::{RequestedArtifact, artifact_of};
///
/// let parameter = serde_json::json!({ "artifactURI": "bG9jYWxob3N0L2FwcAo" });
/// let request = serde_json::json!({ "payload": { "optionalParameters": [parameter] } });
/// let RequestedArtifact::Unreadable { text, error, .. } = artifact_of(&&request) else { panic!() };
/// assert_eq!((text.as_str(), error.code()), ("localhost/app", "digest-missing"));
/// ```
pub fn artifact_of<J: Json>(request: &J) -> RequestedArtifact<J> {
    let parameters = request.get("payload").get("optionalParameters");
    match parameters.elements().unwrap_or_default().as_slice() {
        [] => RequestedArtifact::None,
        [only] => artifact_in(only),
        _ => RequestedArtifact::Several(parameters),
    }
}

fn artifact_in<J: Json>(parameter: &J) -> RequestedArtifact<J> {
    let place = Place::whole(parameter.get("artifactURI"), "artifactURI");
    if place.is_missing() || place.value().text().as_deref() == Some("") {
        return RequestedArtifact::None;
    }
    let mut text = String::new();
    match read_artifact(&place, &mut text) {
        Ok((encoded, reference)) => RequestedArtifact::Image { encoded, text, reference },
        Err(error) => RequestedArtifact::Unreadable { encoded: parameter.get("artifactURI"), text, error },
    }
}

/// Reads base64 of a reference, and leaves the text that it decodes to even when that is no reference.
fn read_artifact<J: Json>(place: &Place<'_, J>, text: &mut String) -> Result<(String, Reference)> {
    let encoded = place.text()?;
    *text = artifact_uri::decode(&encoded)?;
    Reference::parse(text).map(|reference| (encoded, reference))
}

/// A named value, of which both may be left out.
const ITEM: Kind = Kind::Record(&[("name", OPTIONAL_TEXT), ("value", OPTIONAL_TEXT)]);

/// What is checked of a product that the service shows.
pub(crate) const PRODUCT: Kind = Kind::Record(&[
    ("id", OPTIONAL_TEXT),
    ("name", OPTIONAL_TEXT),
    ("enabled", Kind::Optional(&Kind::Truth)),
    ("productOperations", Kind::List(&OPERATION)),
    ("productConfigItems", Kind::List(&ITEM)),
]);

const OPERATION: Kind = Kind::Record(&[
    ("id", OPTIONAL_TEXT),
    ("name", OPTIONAL_TEXT),
    ("operationType", OPTIONAL_TEXT),
    ("token", Kind::Optional(&Kind::Record(&[("keyType", OPTIONAL_TEXT)]))),
    ("approvalRule", Kind::Optional(&RULE)),
]);

const RULE: Kind = Kind::Record(&[
    ("allowedGroups", Kind::List(&OPTIONAL_TEXT)),
    ("approvalGroups", Kind::List(&OPTIONAL_TEXT)),
    ("blanketGroups", Kind::List(&OPTIONAL_TEXT)),
]);

const BODY: Kind = Kind::Record(&[
    ("name", Kind::Text),
    ("idProductOperation", Kind::Text),
    ("description", OPTIONAL_TEXT),
    (
        "payload",
        Kind::Record(&[
            ("name", OPTIONAL_TEXT),
            ("metadata", Kind::List(&ITEM)),
            ("optionalParameters", Kind::List(&Kind::Record(&[("artifactURI", Kind::Text)]))),
        ]),
    ),
    ("productId", Kind::Text),
]);

impl Product {
    /// Reads a product as the service shows it.
    ///
    /// # Errors
    /// `bad-input`, naming the field that is of another type.
    pub fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        place.check(&PRODUCT)?;
        Ok(Self::of(place.value()))
    }

    /// Reads one that was checked.
    pub(crate) fn of<J: Json>(value: &J) -> Self {
        Self {
            id: value.text_of("id"),
            name: value.text_of("name"),
            enabled: value.get("enabled").truth(),
            state: value.text_of("state"),
            product_operations: value.list_of("productOperations", ProductOperation::of),
            product_config_items: value.list_of("productConfigItems", ConfigItem::of),
        }
    }
}

impl ProductOperation {
    fn of<J: Json>(value: &J) -> Self {
        Self {
            id: value.text_of("id"),
            name: value.text_of("name"),
            operation_type: value.text_of("operationType"),
            token: value.found("token").map(|token| Token { key_type: token.text_of("keyType") }),
            #[cfg(not(target_arch = "wasm32"))]
            approval_rule: value.found("approvalRule").map(|rule| ApprovalRule {
                allowed_groups: rule.texts_of("allowedGroups"),
                approval_groups: rule.texts_of("approvalGroups"),
                blanket_groups: rule.texts_of("blanketGroups"),
            }),
        }
    }
}

impl ConfigItem {
    pub(crate) fn of<J: Json>(value: &J) -> Self {
        Self { name: value.text_in("name"), value: value.text_in("value") }
    }
}

impl SigningRequestBody {
    /// Reads a request as the reference's `curl` posts it.
    ///
    /// # Errors
    /// `bad-input`, naming the field that is missing or of another type.
    pub fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        place.check(&BODY)?;
        let value = place.value();
        let payload = value.get("payload");
        Ok(Self {
            name: value.text_in("name"),
            id_product_operation: value.text_in("idProductOperation"),
            description: value.text_in("description"),
            payload: Payload {
                name: payload.text_in("name"),
                metadata: payload.list_of("metadata", ConfigItem::of),
                optional_parameters: payload.list_of("optionalParameters", |parameter| OptionalParameter {
                    artifact_uri: parameter.text_in("artifactURI"),
                }),
            },
            product_id: value.text_in("productId"),
        })
    }
}
