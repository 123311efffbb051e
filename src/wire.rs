//! The wire format, in one place: names and order of every key that is sent or read.
//!
//! Source: the reference ("Product configuration" and "OCI Signing"). What is written is strict and
//! complete, in the order of the reference. What is read takes only what is needed and tolerates the
//! rest: unknown keys, missing keys, and `null` for an empty list.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    error::Result,
    json::{Json, Place},
};

/// The operation type of image signing, as it is written.
pub const SIGN_OCI: &str = "SignOCI";
/// The same, as the service's screens show it; accepted when reading.
pub const SIGN_OCI_ON_SCREENS: &str = "SIGN_OCI";
/// The name of the configuration item that holds the registry's domain.
pub const REGISTRY_URL: &str = "RegistryURL";
/// The payload's name in the reference's request.
pub const PAYLOAD_NAME: &str = "OCI sign request";

/// The headers of every call but `Authorization`, in the spelling of the reference's `curl`.
pub const ACCEPT: (&str, &str) = ("accept", "application/json");
/// Sent with a body only.
pub const CONTENT_TYPE: (&str, &str) = ("Content-Type", "application/json");

/// The body of `POST products`: the product JSON of the reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // the reference's names, and no more is known of them than the reference says
pub struct ProductDefinition {
    pub name: String,
    pub description: String,
    pub product_type: &'static str,
    pub enabled: bool,
    /// Always empty in the reference.
    pub ca_info: [(); 0],
    /// Always empty in the reference.
    pub rnd_keys: [(); 0],
    pub product_operations: [OperationDefinition; 1],
    pub product_config_items: [ConfigItem; 1],
}

/// One operation of a [`ProductDefinition`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct OperationDefinition {
    pub name: String,
    pub description: String,
    pub operation_type: &'static str,
    pub token: TokenDefinition,
    pub approval_rule: ApprovalRuleDefinition,
}

/// The HSM key of an operation. Not a bearer token: the service calls a key's place a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct TokenDefinition {
    pub name: String,
    pub description: String,
    pub key_type: String,
}

/// Who may ask and who must agree: lists of group UUIDs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRuleDefinition {
    #[allow(missing_docs)]
    pub name: String,
    #[allow(missing_docs)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its id, which a signing request names as `productId`.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it may be used. A product that does not say is taken as enabled.
    pub enabled: Option<bool>,
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
    /// Who may ask and who must agree.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SigningRequestBody {
    pub name: String,
    pub id_product_operation: String,
    pub description: String,
    pub payload: Payload,
    pub product_id: String,
}

/// The payload of a [`SigningRequestBody`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Payload {
    pub name: String,
    pub metadata: Vec<ConfigItem>,
    pub optional_parameters: Vec<OptionalParameter>,
}

/// Where the artifact goes: base64 of `registry/repository@digest`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionalParameter {
    /// See [`crate::artifact_uri`].
    #[serde(rename = "artifactURI")]
    pub artifact_uri: String,
}

impl Product {
    /// Reads a product as the service shows it.
    ///
    /// # Errors
    /// `bad-input`, naming the field that is of another type.
    pub fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let product = Self {
            id: fields.optional_text("id"),
            name: fields.optional_text("name"),
            enabled: fields.optional_truth("enabled"),
            product_operations: fields.list("productOperations", ProductOperation::read),
            product_config_items: fields.list("productConfigItems", ConfigItem::read),
        };
        fields.done(product)
    }
}

impl ProductOperation {
    fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let operation = Self {
            id: fields.optional_text("id"),
            name: fields.optional_text("name"),
            operation_type: fields.optional_text("operationType"),
            token: fields.optional("token", Token::read),
            approval_rule: fields.optional("approvalRule", ApprovalRule::read),
        };
        fields.done(operation)
    }
}

impl Token {
    fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let token = Self { key_type: fields.optional_text("keyType") };
        fields.done(token)
    }
}

impl ApprovalRule {
    fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let rule = Self {
            allowed_groups: fields.list("allowedGroups", |group| group.text_or_empty()),
            approval_groups: fields.list("approvalGroups", |group| group.text_or_empty()),
            blanket_groups: fields.list("blanketGroups", |group| group.text_or_empty()),
        };
        fields.done(rule)
    }
}

impl ConfigItem {
    pub(crate) fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let item = Self { name: fields.text_or_empty("name"), value: fields.text_or_empty("value") };
        fields.done(item)
    }
}

impl SigningRequestBody {
    /// Reads a request as the reference's `curl` posts it.
    ///
    /// # Errors
    /// `bad-input`, naming the field that is missing or of another type.
    pub fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let body = Self {
            name: fields.text("name"),
            id_product_operation: fields.text("idProductOperation"),
            description: fields.text_or_empty("description"),
            payload: fields.read("payload", Payload::read).unwrap_or_default(),
            product_id: fields.text("productId"),
        };
        fields.done(body)
    }
}

impl Payload {
    fn read<J: Json>(place: &Place<'_, J>) -> Result<Self> {
        let mut fields = place.fields();
        let payload = Self {
            name: fields.text_or_empty("name"),
            metadata: fields.list("metadata", ConfigItem::read),
            optional_parameters: fields.list("optionalParameters", |parameter| {
                Ok(OptionalParameter { artifact_uri: parameter.field("artifactURI").text()? })
            }),
        };
        fields.done(payload)
    }
}
