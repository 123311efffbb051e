//! Products: building one as the reference shows it, and reading what a request needs from one.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::{
    KeyType, Profile, Reference, domain,
    error::{Error, Result},
    json::{Checked, Json, Kind, OPTIONAL_TEXT, Place, TEXTS},
    text::check_text,
    wire::{
        ApprovalRuleDefinition, ConfigItem, OperationDefinition, Product, ProductDefinition,
        ProductOperation, REGISTRY_URL, SIGN_OCI, TokenDefinition, signs_images,
    },
    words::Problem,
};

/// What a new product is made from. Names and descriptions have defaults; groups are UUIDs.
///
/// ```
/// use ocisign::product::ProductInput;
///
/// let value = serde_json::json!({ "name": "OCI SIGN", "registri": "a.example", "allowedGroups": [] });
/// let error = ProductInput::read(&value).unwrap_err();
/// assert_eq!(error.message(), "product has the unknown field `registri`.");
/// ```
#[derive(Clone, Debug, Default)]
pub struct ProductInput {
    /// The product's name. Required.
    pub name: String,
    /// The product's description.
    pub description: String,
    /// The registry's domain, with a port if it has one: the value of `RegistryURL`. Required.
    pub registry: String,
    /// The type of the HSM key, in any spelling that [`KeyType::parse`] reads. RSA4096 when left out.
    pub key_type: Option<String>,
    /// Whether requests may be made at once. True when left out.
    pub enabled: Option<bool>,
    /// Name of the operation.
    pub operation_name: Option<String>,
    /// Description of the operation.
    pub operation_description: Option<String>,
    /// Name of the HSM key.
    pub key_name: Option<String>,
    /// Description of the HSM key.
    pub key_description: Option<String>,
    /// Name of the approval rule.
    pub rule_name: Option<String>,
    /// Description of the approval rule.
    pub rule_description: Option<String>,
    /// Groups that may submit. At least one.
    pub allowed_groups: Vec<String>,
    /// Groups that must approve, each once.
    pub approval_groups: Vec<String>,
    /// Groups that are approved beforehand.
    pub blanket_groups: Vec<String>,
}

const INPUT: Kind = Kind::Only(&[
    ("name", Kind::Text),
    ("description", OPTIONAL_TEXT),
    ("registry", Kind::Text),
    ("keyType", OPTIONAL_TEXT),
    ("enabled", Kind::Optional(&Kind::Truth)),
    ("operationName", OPTIONAL_TEXT),
    ("operationDescription", OPTIONAL_TEXT),
    ("keyName", OPTIONAL_TEXT),
    ("keyDescription", OPTIONAL_TEXT),
    ("ruleName", OPTIONAL_TEXT),
    ("ruleDescription", OPTIONAL_TEXT),
    ("allowedGroups", TEXTS),
    ("approvalGroups", TEXTS),
    ("blanketGroups", TEXTS),
]);

impl ProductInput {
    /// Reads it from a value with these fields in camel case, and no others.
    ///
    /// # Errors
    /// `bad-input`, naming the field.
    pub fn read<J: Json>(value: J) -> Result<Self> {
        let place = Place::whole(value, "product");
        place.check(&INPUT)?;
        let value = place.value();
        Ok(Self {
            name: value.text_in("name"),
            description: value.text_in("description"),
            registry: value.text_in("registry"),
            key_type: value.text_of("keyType"),
            enabled: value.get("enabled").truth(),
            operation_name: value.text_of("operationName"),
            operation_description: value.text_of("operationDescription"),
            key_name: value.text_of("keyName"),
            key_description: value.text_of("keyDescription"),
            rule_name: value.text_of("ruleName"),
            rule_description: value.text_of("ruleDescription"),
            allowed_groups: value.texts_of("allowedGroups"),
            approval_groups: value.texts_of("approvalGroups"),
            blanket_groups: value.texts_of("blanketGroups"),
        })
    }
}

/// Builds the product JSON of the reference.
///
/// # Errors
/// `bad-input` for a missing name, no group that may submit or a group that is not a UUID;
/// `registry-invalid` and `port-invalid` for the registry; `key-type`.
///
/// ```
/// use ocisign::{Profile, product};
///
/// let input = product::ProductInput {
///     name: "OCI SIGN".into(),
///     registry: "a.example".into(),
///     allowed_groups: vec!["b716abb1-2e3b-47a9-bca5-a3669faa50a6".into()],
///     ..Default::default()
/// };
/// let definition = product::build(input, &Profile::default())?;
/// assert_eq!(definition.product_operations[0].token.key_type, "RSA4096");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn build(input: ProductInput, profile: &Profile) -> Result<ProductDefinition> {
    check_text("name", &input.name)?;
    domain::check(&input.registry, 0)?;
    if input.allowed_groups.is_empty() {
        return Err(Problem::NobodyAllowed.into());
    }
    check_groups("allowedGroups", &input.allowed_groups)?;
    check_groups("approvalGroups", &input.approval_groups)?;
    check_groups("blanketGroups", &input.blanket_groups)?;
    let key_type = input.key_type.as_deref().map_or(Ok(KeyType::Rsa4096), |text| profile.key_type(text))?;
    Ok(ProductDefinition {
        name: input.name,
        description: input.description,
        product_type: "Product",
        enabled: input.enabled.unwrap_or(true),
        ca_info: [],
        rnd_keys: [],
        product_operations: [OperationDefinition {
            name: or(input.operation_name, "OCI sign"),
            description: or(input.operation_description, "OCI signing"),
            operation_type: SIGN_OCI,
            token: TokenDefinition {
                name: or(input.key_name, "Key for ocisigning"),
                description: or(input.key_description, "HSM token for ocisigning"),
                key_type: profile.spelling(key_type).to_owned(),
            },
            approval_rule: ApprovalRuleDefinition {
                name: or(input.rule_name, "Approval rule"),
                description: or(input.rule_description, "Rule for OCI signing"),
                allowed_groups: input.allowed_groups,
                approval_groups: input.approval_groups,
                blanket_groups: input.blanket_groups,
            },
        }],
        product_config_items: [ConfigItem { name: REGISTRY_URL.to_owned(), value: input.registry }],
    })
}

/// The domain that a product signs for: the value of its only `RegistryURL`.
///
/// # Errors
/// `product-registry` when there is none, more than one, or one that is not a registry's domain.
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "id": "e1ec8ea5", "name": "OCI SIGN", "enabled": true,
/// #     "productOperations": [{ "id": "b4f4c9e4", "name": "OCI sign", "operationType": "SignOCI" }],
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// assert_eq!(ocisign::product::registry_url(&product)?, "a.example");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn registry_url(product: &Product) -> Result<&str> {
    let mut items = product.product_config_items.iter().filter(|item| item.name == REGISTRY_URL);
    let (first, second) = (items.next(), items.next());
    match (first, second) {
        (None, _) => Err(of(product, Problem::RegistryUrlMissing)),
        (Some(_), Some(_)) => Err(of(product, Problem::RegistryUrlSeveral)),
        (Some(item), None) => match domain::check(&item.value, 0) {
            Ok(()) => Ok(&item.value),
            Err(error) => {
                Err(of(product, Problem::RegistryUrlInvalid).found(&item.value).found(&error.message()))
            }
        },
    }
}

/// The domain rule: the artifact's registry must be the product's `RegistryURL`, whole, with its port,
/// without regard to case; Docker Hub's names are one. Source: the reference, "The domain the artifact uri must match".
///
/// # Errors
/// `registry-mismatch`, and `product-registry` as for [`registry_url`].
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "id": "e1ec8ea5", "name": "OCI SIGN", "enabled": true,
/// #     "productOperations": [{ "id": "b4f4c9e4", "name": "OCI sign", "operationType": "SignOCI" }],
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// let digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
/// let image = ocisign::Reference::parse(&format!("a.example.evil.example/b@{digest}"))?;
/// assert_eq!(ocisign::check_registry(&image, &product).unwrap_err().code(), "registry-mismatch");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn check_registry(reference: &Reference, product: &Product) -> Result<()> {
    check_domain(reference.registry(), product)
}

/// The same for the registry of a reference that was read before.
///
/// # Errors
/// As [`check_registry`].
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// assert!(ocisign::product::check_domain("a.example", &product).is_ok());
/// ```
pub fn check_domain(registry: &str, product: &Product) -> Result<()> {
    let allowed = registry_url(product)?;
    if domain::canonical(registry) == domain::canonical(allowed) {
        return Ok(());
    }
    Err(of(product, Problem::RegistryMismatch).found(allowed).found(registry).and_at(0))
}

/// The operation that signs images: the one with this id, or else of this name, or the only one there is.
///
/// # Errors
/// `operation-missing`, and `operation-ambiguous` when there are several and none was named.
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "id": "e1ec8ea5", "name": "OCI SIGN", "enabled": true,
/// #     "productOperations": [{ "id": "b4f4c9e4", "name": "OCI sign", "operationType": "SignOCI" }],
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// let operation = ocisign::product::signing_operation(&product, None)?;
/// assert_eq!(operation.id.as_deref(), Some("b4f4c9e4"));
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn signing_operation<'a>(product: &'a Product, wanted: Option<&str>) -> Result<&'a ProductOperation> {
    let position = signing_operation_index(product, wanted)?;
    product.product_operations.get(position).ok_or_else(|| no_operation(product, wanted))
}

/// As [`signing_operation`], its place in the product's list.
pub(crate) fn signing_operation_index(product: &Product, wanted: Option<&str>) -> Result<usize> {
    let signing = |operation: &ProductOperation| signs_images(operation.operation_type.as_deref());
    let operations =
        || product.product_operations.iter().enumerate().filter(|(_, operation)| signing(operation));
    // An id is the operation's own; a name is only what somebody called it.
    if let Some((index, _)) =
        operations().find(|(_, operation)| wanted.is_some() && operation.id.as_deref() == wanted)
    {
        return Ok(index);
    }
    let mut found =
        operations().filter(|(_, operation)| wanted.is_none() || operation.name.as_deref() == wanted);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (None, _) => Err(no_operation(product, wanted)),
        (Some(_), Some(_)) => Err(of(product, Problem::OperationAmbiguous)),
    }
}

/// The states of a product in which it signs nothing, as the vendor's pages name them, in small letters and without
/// what stands between the words. `Ready` is the only other one.
const NOT_READY: [&str; 6] = ["new", "inprocess", "rejected", "failed", "tobedeleted", "deleted"];

/// Does a state say that the product signs nothing? Services spell states as they like: `To Be Deleted`,
/// `TO_BE_DELETED`. A state that nobody described says nothing.
fn is_not_ready(state: &str) -> bool {
    let letters = state.chars().filter(|letter| !matches!(letter, ' ' | '_' | '-'));
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    NOT_READY.contains(&plain.as_str())
}

/// Refuses a product that says it is switched off, or not ready.
///
/// # Errors
/// `product-disabled`, `product-not-ready`.
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "id": "e1ec8ea5", "name": "OCI SIGN", "enabled": true,
/// #     "productOperations": [{ "id": "b4f4c9e4", "name": "OCI sign", "operationType": "SignOCI" }],
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// ocisign::product::check_usable(&product)?;
/// let marked = ocisign::wire::Product { state: Some("TO_BE_DELETED".into()), ..product };
/// assert_eq!(ocisign::product::check_usable(&marked).unwrap_err().code(), "product-not-ready");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn check_usable(product: &Product) -> Result<()> {
    if product.enabled == Some(false) {
        return Err(of(product, Problem::ProductDisabled));
    }
    match product.state.as_deref() {
        Some(state) if is_not_ready(state) => Err(of(product, Problem::ProductNotReady).found(state)),
        _ => Ok(()),
    }
}

/// A problem of a product, which messages call by its name, or else by its id.
pub(crate) fn of(product: &Product, problem: Problem) -> Error {
    problem.found(product.name.as_deref().or(product.id.as_deref()).unwrap_or_default())
}

fn no_operation(product: &Product, wanted: Option<&str>) -> Error {
    match wanted {
        Some(wanted) => of(product, Problem::OperationUnknown).found(wanted),
        None => of(product, Problem::OperationNone),
    }
}

fn or(given: Option<String>, default: &str) -> String {
    given.unwrap_or_else(|| default.to_owned())
}

fn check_groups(field: &str, groups: &[String]) -> Result<()> {
    match groups.iter().enumerate().find(|(_, group)| !is_uuid(group)) {
        Some((index, group)) => Err(Problem::GroupNotUuid.found(field).number(index).found(group)),
        None => Ok(()),
    }
}

/// The text form of RFC 9562 §4: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
