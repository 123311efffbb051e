//! Signing requests: building the body that the reference's `curl` posts, and reading one back.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use crate::{
    Reference, artifact_uri,
    error::{Error, Result},
    json::{Checked, Json, Kind, OPTIONAL_TEXT, Place},
    product::{check_registry, check_usable, of, signing_operation},
    text::{check_text, check_visible, is_plain},
    wire::{ConfigItem, OptionalParameter, PAYLOAD_NAME, PRODUCT, Payload, Product, SigningRequestBody},
    words::Problem,
};

/// What a signing request is made from.
///
/// ```
/// use ocisign::signing_request::SigningInput;
///
/// let value = serde_json::json!({ "productId": "e1ec8ea5", "artifact": 3 });
/// let error = SigningInput::read(&value).unwrap_err();
/// assert_eq!(error.message(), "request.artifact is not a string.");
/// ```
#[derive(Clone, Debug, Default)]
pub struct SigningInput {
    /// The product, as the service shows it: domain, `enabled`, `state` and operation are then checked.
    pub product: Option<Product>,
    /// The product's id, instead.
    pub product_id: Option<String>,
    /// The id or the name of one of the product's operations.
    pub operation: Option<String>,
    /// The operation's id.
    pub operation_id: Option<String>,
    /// The image: a reference with a digest. Required.
    pub artifact: String,
    /// The request's name.
    pub name: Option<String>,
    /// Why the signature is wanted, for the approvers.
    pub description: Option<String>,
    /// The payload's name; `OCI sign request` when left out.
    pub payload_name: Option<String>,
    /// What else the approvers should know.
    pub metadata: Vec<ConfigItem>,
}

const INPUT: Kind = Kind::Only(&[
    ("product", Kind::Optional(&PRODUCT)),
    ("productId", OPTIONAL_TEXT),
    ("operation", Kind::Optional(&Kind::TextOf("id"))),
    ("operationId", OPTIONAL_TEXT),
    ("artifact", Kind::TextOf("canonical")),
    ("name", OPTIONAL_TEXT),
    ("description", OPTIONAL_TEXT),
    ("payloadName", OPTIONAL_TEXT),
    ("metadata", Kind::List(&Kind::Only(&[("name", Kind::Text), ("value", Kind::Text)]))),
]);

impl SigningInput {
    /// Reads it from a value with these fields in camel case, and no others. `artifact` may be a parsed
    /// reference, an object with its `canonical` form; `operation` may be an operation, an object with its `id`.
    ///
    /// # Errors
    /// `bad-input`, naming the field.
    pub fn read<J: Json>(value: J) -> Result<Self> {
        let place = Place::whole(value, "request");
        place.check(&INPUT)?;
        let value = place.value();
        let text_or = |name, field| {
            let given = value.get(name);
            given.text_of(field).or_else(|| given.text())
        };
        Ok(Self {
            product: value.found("product").as_ref().map(Product::of),
            product_id: value.text_of("productId"),
            operation: text_or("operation", "id"),
            operation_id: value.text_of("operationId"),
            artifact: text_or("artifact", "canonical").unwrap_or_default(),
            name: value.text_of("name"),
            description: value.text_of("description"),
            payload_name: value.text_of("payloadName"),
            metadata: value.list_of("metadata", ConfigItem::of),
        })
    }
}

/// A reference as text: the text itself, or the `canonical` form of one that was parsed.
///
/// # Errors
/// `bad-input` when it is neither.
///
/// ```
/// use ocisign::{json::Place, signing_request::reference_text};
///
/// let parsed = serde_json::json!({ "canonical": "localhost/app@sha256:…" });
/// assert_eq!(reference_text(&Place::whole(&parsed, "artifact"))?, "localhost/app@sha256:…");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn reference_text<J: Json>(place: &Place<'_, J>) -> Result<String> {
    place.value().get("canonical").text().map_or_else(|| place.text(), Ok)
}

/// Builds the body of `POST imagesignings`, key for key as in the reference.
///
/// With a `product`, its domain, `enabled`, `state` and operation are checked. With a `product_id` alone, an
/// `operation_id` is needed, and the service checks the rest.
///
/// # Errors
/// Every code of [`Reference::parse`], of [`check_registry`] and of [`signing_operation`], `product-disabled`,
/// `product-not-ready`,
/// and `bad-input` for what is missing.
///
/// ```
/// # let product: ocisign::wire::Product = serde_json::from_value(serde_json::json!({
/// #     "id": "e1ec8ea5", "name": "OCI SIGN", "enabled": true,
/// #     "productOperations": [{ "id": "b4f4c9e4", "name": "OCI sign", "operationType": "SignOCI" }],
/// #     "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
/// # })).unwrap();
/// use ocisign::signing_request::{self, SigningInput};
///
/// let body = signing_request::build(SigningInput {
///     product: Some(product),
///     artifact: "a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79".into(),
///     ..Default::default()
/// })?;
/// assert_eq!(body.id_product_operation, "b4f4c9e4");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn build(mut input: SigningInput) -> Result<SigningRequestBody> {
    let reference = Reference::parse(&input.artifact)?;
    let (product_id, operation_id) = match &input.product {
        Some(product) => ids_of(product, &input, &reference)?,
        None => (given("productId", input.product_id.take())?, given_operation(&mut input)?),
    };
    check_texts(&input)?;
    Ok(SigningRequestBody {
        name: input.name.unwrap_or_else(|| "OCI signing".to_owned()),
        id_product_operation: operation_id,
        description: input.description.unwrap_or_default(),
        payload: Payload {
            name: input.payload_name.unwrap_or_else(|| PAYLOAD_NAME.to_owned()),
            metadata: input.metadata,
            optional_parameters: vec![OptionalParameter { artifact_uri: artifact_uri::encode(&reference) }],
        },
        product_id,
    })
}

/// The image that a request asks to sign.
///
/// # Errors
/// `bad-input` unless there is exactly one artifact URI; then those of [`artifact_uri::decode`] and
/// [`Reference::parse`].
///
/// ```
/// use ocisign::signing_request::{self, SigningInput};
///
/// let image = "a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
/// let body = signing_request::build(SigningInput {
///     product_id: Some("e1ec8ea5".into()),
///     operation_id: Some("b4f4c9e4".into()),
///     artifact: image.into(),
///     ..Default::default()
/// })?;
/// assert_eq!(signing_request::artifact(&body)?.canonical(), image);
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn artifact(body: &SigningRequestBody) -> Result<Reference> {
    match body.payload.optional_parameters.as_slice() {
        [parameter] => Reference::parse(&artifact_uri::decode(&parameter.artifact_uri)?),
        parameters => Err(Error::from(Problem::ArtifactCount).number(parameters.len())),
    }
}

fn ids_of(product: &Product, input: &SigningInput, reference: &Reference) -> Result<(String, String)> {
    check_usable(product)?;
    check_registry(reference, product)?;
    let wanted = input.operation_id.as_deref().or(input.operation.as_deref());
    let operation = signing_operation(product, wanted)?;
    let contradicts = |given: Option<&str>| given.is_some_and(|id| operation.id.as_deref() != Some(id));
    let by_name =
        input.operation.is_some() && signing_operation(product, input.operation.as_deref())? != operation;
    if contradicts(input.operation_id.as_deref()) || by_name {
        return Err(Problem::OperationContradicts.into());
    }
    let product_id = product.id.as_deref().or(input.product_id.as_deref()).filter(|id| !id.is_empty());
    let product_id = product_id.ok_or_else(|| of(product, Problem::ProductIdMissing))?;
    if input.product_id.as_deref().is_some_and(|given| given != product_id) {
        return Err(Problem::ProductContradicts.into());
    }
    let operation_id = operation.id.as_deref().filter(|id| !id.is_empty());
    let operation_id = operation_id.ok_or_else(|| of(product, Problem::OperationIdMissing))?;
    Ok((product_id.to_owned(), operation_id.to_owned()))
}

/// What the approvers read has to be readable.
fn check_texts(input: &SigningInput) -> Result<()> {
    for (field, text) in [("name", &input.name), ("payloadName", &input.payload_name)] {
        text.as_deref().map_or(Ok(()), |text| check_text(field, text))?;
    }
    check_visible("description", input.description.as_deref().unwrap_or_default(), &['\n', '\t'])?;
    for (index, item) in input.metadata.iter().enumerate() {
        if is_plain(&item.name) && is_plain(&item.value) {
            continue;
        }
        let field = |name| ["metadata[", &index.to_string(), "].", name].concat();
        check_text(&field("name"), &item.name)?;
        check_visible(&field("value"), &item.value, &['\n', '\t'])?;
    }
    Ok(())
}

fn given(field: &str, value: Option<String>) -> Result<String> {
    let value = value.ok_or_else(|| Problem::IdMissing.found(field))?;
    check_text(field, &value)?;
    Ok(value)
}

fn given_operation(input: &mut SigningInput) -> Result<String> {
    if input.operation_id.is_none() && input.operation.is_some() {
        return Err(Problem::OperationByName.into());
    }
    given("operationId", input.operation_id.take())
}
