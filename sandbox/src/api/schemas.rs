//! The shapes of bodies and replies, for the API's description. Replies are made of what was posted, so the sandbox
//! handles them as JSON; what it relies on and what it adds is said here. Tests hold replies to it.
#![allow(dead_code, reason = "these types describe JSON; nothing makes values of them")]

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a request was refused.
#[derive(Serialize, ToSchema)]
pub struct Refusal {
    /// For programs; it stays the same.
    #[schema(example = "unknown-product")]
    code: String,
    /// What is wrong, and where.
    message: String,
    /// What to do.
    fix: String,
    /// The byte of a text at which it goes wrong.
    offset: Option<u64>,
}

/// A product, as it is posted. More fields are kept, and shown again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewProduct {
    /// For people.
    #[schema(min_length = 1, max_length = 4096, pattern = r"\S", example = "OCI SIGN")]
    name: String,
    /// For people.
    #[schema(max_length = 4096)]
    description: Option<String>,
    /// Whether it may be used.
    enabled: Option<bool>,
    /// What can be done with it; at least one operation signs images.
    #[schema(min_items = 1, max_items = 20)]
    product_operations: Vec<ProductOperation>,
    /// One of these is named RegistryURL, and names the registry that the product signs for.
    #[schema(min_items = 1, max_items = 100)]
    product_config_items: Vec<ConfigItem>,
}

/// One operation of a product. The sandbox gives it its id and its key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductOperation {
    /// Set by the service.
    id: Option<String>,
    /// For people.
    #[schema(max_length = 4096)]
    name: Option<String>,
    /// Only SignOCI signs images.
    #[schema(example = "SignOCI", max_length = 4096)]
    operation_type: String,
    /// The key.
    token: Option<KeyToken>,
    /// Who may request, and who must approve.
    approval_rule: Option<ApprovalRule>,
}

/// A key that stays with the service.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyToken {
    /// For people.
    #[schema(max_length = 4096)]
    name: Option<String>,
    /// RSA2048, RSA3072, RSA4096, secp256r1, secp384r1 or secp521r1, when the operation is SignOCI.
    #[schema(example = "RSA4096", max_length = 4096)]
    key_type: Option<String>,
    /// Base64 of the SubjectPublicKeyInfo, in lines; set by the service.
    public_key: Option<String>,
}

/// Who may request a signature, and who must approve it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRule {
    /// For people.
    #[schema(max_length = 4096)]
    name: Option<String>,
    /// For people.
    #[schema(max_length = 4096)]
    description: Option<String>,
    /// Groups whose members may request.
    #[schema(min_items = 1, max_items = 50)]
    allowed_groups: Vec<Uuid>,
    /// Groups of which members must approve.
    #[schema(max_items = 50)]
    approval_groups: Vec<Uuid>,
    /// Groups whose members' requests are approved beforehand.
    #[schema(max_items = 50)]
    blanket_groups: Option<Vec<Uuid>>,
    /// How many of approvalGroups must approve, where the sandbox's own rule is not to hold.
    #[schema(max_length = 4096)]
    approvals: Option<String>,
}

/// A setting of a product.
#[derive(Serialize, ToSchema)]
pub struct ConfigItem {
    /// Its name.
    #[schema(example = "RegistryURL", max_length = 4096)]
    name: String,
    /// Its value.
    #[schema(example = "registry.example:5000", max_length = 4096)]
    value: String,
}

/// A product, as it is kept.
#[derive(Serialize, ToSchema)]
pub struct Product {
    id: Uuid,
    /// Where it stands in its life; only Ready is usable.
    state: String,
    #[serde(flatten)]
    posted: NewProduct,
}

/// A request for a signature, as it is posted. More fields are kept, and shown again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewSigning {
    /// For people.
    #[schema(max_length = 4096)]
    name: Option<String>,
    /// For people.
    #[schema(max_length = 4096)]
    description: Option<String>,
    /// The product.
    product_id: Uuid,
    /// Its operation.
    id_product_operation: Uuid,
    /// What is to be signed.
    payload: Payload,
}

/// What is to be signed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// For people.
    #[schema(max_length = 4096)]
    name: Option<String>,
    /// For people.
    #[schema(max_items = 100)]
    metadata: Option<Vec<Metadata>>,
    /// One element: the image, or the digest.
    #[schema(min_items = 1, max_items = 1)]
    optional_parameters: Vec<Asked>,
}

/// A note.
#[derive(Serialize, ToSchema)]
pub struct Metadata {
    /// Its name.
    #[schema(max_length = 4096)]
    name: String,
    /// Its text.
    #[schema(max_length = 4096)]
    value: String,
}

/// An image for an operation that signs images, a digest for one that signs digests.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Asked {
    /// For `SignOCI`.
    Image(Artifact),
    /// For `DigestSigning`.
    Digest(DigestToSign),
}

/// A digest.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DigestToSign {
    /// Base64 of the digest.
    #[schema(min_length = 44, max_length = 88, example = "P7xjIWdCSm2Zfk9StXj1zEQiXP+sa8l3ADHuW0fE5xc=")]
    digest: String,
    /// SHA256, SHA384 or SHA512.
    #[schema(example = "SHA256", max_length = 6)]
    hash_algorithm: String,
}

/// The image.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Base64 of registry/repository@sha256:… .
    #[serde(rename = "artifactURI")]
    #[schema(max_length = 4096)]
    artifact_uri: String,
}

/// A request for a signature, as it stands.
#[derive(Serialize, ToSchema)]
pub struct Signing {
    id: Uuid,
    #[serde(flatten)]
    posted: NewSigning,
    #[serde(flatten)]
    state: SigningState,
}

/// What the service says of a request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SigningState {
    /// 1 new, 2 waiting, 4 approved, 8 signing, 16 signed, 32 rejected, 64 failed; the profile has the table.
    status: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Who made it.
    requester: PersonShown,
    /// Groups that must approve.
    required_groups: Vec<String>,
    /// Approvals that were given.
    approvals: Vec<Approval>,
    /// Groups whose approval is missing.
    missing_groups: Vec<String>,
    /// Every status that it had.
    history: Vec<Step>,
    /// How many of the groups must approve, where that is not the sandbox's own rule.
    required_approvals: Option<String>,
    /// Until when it waits.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Why it was rejected, or failed.
    reason: Option<String>,
    /// Of a digest that was signed, base64: RSASSA-PKCS1-v1_5, or ECDSA in DER.
    signature: Option<String>,
}

/// Somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonShown {
    /// Their id at the issuer of their token.
    object_id: String,
    /// Their name.
    name: String,
}

/// An approval.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// Who.
    object_id: String,
    /// Their name.
    name: String,
    /// The rule's groups that they were in.
    groups: Vec<String>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What they said.
    comment: Option<String>,
}

/// One status that a request came to.
#[derive(Serialize, ToSchema)]
pub struct Step {
    /// The status.
    status: i64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Whose act it was, if a person's.
    by: Option<PersonShown>,
    /// What they said.
    comment: Option<String>,
}

/// An approval to give.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalGiven {
    /// For the requester and the history.
    #[schema(max_length = 2000)]
    comment: Option<String>,
    /// Parts of the request as they were seen; the approval is refused when one of them is another now.
    expect: Option<Map<String, Value>>,
}

/// A rejection.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// Why; the requester reads it.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    comment: String,
    /// Parts of the request as they were seen; the rejection is refused when one of them is another now.
    expect: Option<Map<String, Value>>,
}

/// A username and password for a registry.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredential {
    /// The registry.
    #[schema(example = "registry.example:5000")]
    domain: String,
    /// The user.
    #[schema(min_length = 1, max_length = 4096, pattern = r"^[^:\x00-\x1f\x7f-\x9f]+$")]
    username: String,
    /// It is never shown again.
    #[schema(max_length = 4096, format = Password, write_only)]
    password: String,
}

/// A kept username, without its password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// The registry.
    domain: String,
    /// The user.
    username: String,
    /// When it was kept.
    #[schema(format = DateTime)]
    created_at: Option<String>,
}

/// A remark about a product.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// For whoever made the product. A rejection needs it.
    #[schema(max_length = 2000)]
    comment: Option<String>,
}

/// A client to register: who may read a product's secrets, and with which key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewClient {
    /// For people.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The product.
    product_id: Uuid,
    /// The object id of the one person who may read.
    #[schema(min_length = 1, max_length = 255)]
    client_user: String,
    /// To which the secrets are encrypted: a JWK.
    #[schema(value_type = Object)]
    public_key: Map<String, Value>,
}

/// A registered client.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    id: Uuid,
    /// For people.
    name: String,
    /// The product.
    product_id: Uuid,
    /// Who may read.
    client_user: String,
    /// A JWK.
    #[schema(value_type = Object)]
    public_key: Map<String, Value>,
    /// New, or Ready once an admin approved it.
    state: String,
    /// When it was registered.
    #[schema(format = DateTime)]
    created_at: String,
    /// When an admin approved it.
    #[schema(format = DateTime)]
    approved_at: Option<String>,
}

/// One act, in a chain of hashes.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its place, from 1.
    sequence: u64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What was done.
    action: String,
    /// Who did it, if it was a person.
    by: Option<Map<String, Value>>,
    /// Of which request it tells.
    signing: Option<Uuid>,
    /// Of which product it tells.
    product: Option<Uuid>,
    /// What belongs to the act.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
    /// The hash of the entry before.
    previous: String,
    /// Its own.
    hash: String,
}
