//! Products, signing requests, profiles and statuses: what comes as JSON.

use ocisign::{
    KeyType, Profile, PublicKey, Reference, Result, Status, check_registry,
    insides::{self, Tape},
    json::{Json, Place},
    product::{self as products, ProductInput, check_usable, registry_url, signing_operation},
    public_key,
    signing_request::{self as requests, SigningInput},
    wire::{Product, RequestedArtifact, SigningRequestBody, artifact_of, registries_of, signing_operations},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    json::{Reading, both, stringified},
    said, text,
};

/// A product is read alike from JavaScript and from JSON, and says the same about its operation, registry and key.
pub fn product(data: &[u8]) {
    let Some(value) = text(data).and_then(stringified) else { return };
    both(&value, Picked);
    for operation in [None, Some("b4f4c9e4"), Some("OCI sign")] {
        read_well(both(&value, KeyOf(operation)));
    }
    let Some(product) = read_well(both(&value, ReadProduct)) else { return };
    read_well(check_usable(&product));
    read_well(signing_operation(&product, None));
    let Some(registry) = read_well(registry_url(&product)) else { return };

    let image = format!("{registry}/app@sha256:{}", "0".repeat(64));
    if let Ok(image) = Reference::parse(&image) {
        assert_eq!(check_registry(&image, &product), Ok(()), "a product signs for its own registry");
        let other = format!(
            "{}.evil.example/app@sha256:{}",
            image.registry().replace([':', '[', ']'], "-"),
            "0".repeat(64)
        );
        if let Ok(other) = Reference::parse(&other) {
            assert!(check_registry(&other, &product).is_err(), "and for no other");
        }
    }
}

struct ReadProduct;

impl Reading<Result<Product>> for ReadProduct {
    fn of<J: Json>(&self, value: J) -> Result<Product> {
        Product::read(&Place::whole(value, "product"))
    }
}

struct KeyOf(Option<&'static str>);

impl Reading<Result<PublicKey>> for KeyOf {
    fn of<J: Json>(&self, value: J) -> Result<PublicKey> {
        public_key(value, self.0, &Profile::default())
    }
}

/// What is picked from a product, whatever that is.
struct Picked;

impl Reading<(usize, Vec<Option<String>>)> for Picked {
    fn of<J: Json>(&self, value: J) -> (usize, Vec<Option<String>>) {
        (signing_operations(&value).count(), registries_of(&value).map(|it| it.text()).collect())
    }
}

/// What a new product is made from makes a product that can be read, and signs for that registry.
pub fn product_input(data: &[u8]) {
    let Some(value) = text(data).and_then(stringified) else { return };
    let Some(definition) = read_well(both(&value, BuildProduct)) else { return };
    let written = is_written(&definition);
    let read = both(&written, ReadProduct).expect("what is written is read");
    assert_eq!(read.name.as_deref(), Some(definition.name.as_str()));
    let [item] = &definition.product_config_items;
    assert_eq!(registry_url(&read), Ok(item.value.as_str()));
    assert!(signing_operation(&read, None).is_ok());
}

struct BuildProduct;

impl Reading<Result<ocisign::wire::ProductDefinition>> for BuildProduct {
    fn of<J: Json>(&self, value: J) -> Result<ocisign::wire::ProductDefinition> {
        products::build(ProductInput::read(value)?, &Profile::default())
    }
}

/// A request asks to sign the image that it was made from; one that is read is written again as it was.
pub fn signing_request(data: &[u8]) {
    let Some(value) = text(data).and_then(stringified) else { return };
    if let Some(body) = read_well(both(&value, BuildRequest)) {
        let given = value["artifact"].as_str().or_else(|| value["artifact"]["canonical"].as_str());
        let image = given.and_then(|text| Reference::parse(text).ok()).expect("an image was given");
        let asked = requests::artifact(&body).expect("it asks for one image");
        assert_eq!(asked.canonical(), image.canonical());
        is_read_again(&body);
    }
    if let Some(body) = read_well(both(&value, ReadRequest)) {
        is_read_again(&body);
        agrees(&requests::artifact(&body), &both(&is_written(&body), NamedImage));
    }
    both(&value, NamedImage);
}

fn is_read_again(body: &SigningRequestBody) {
    assert_eq!(both(&is_written(body), ReadRequest).as_ref(), Ok(body));
}

/// The strict reader and the lenient one, of what approvers are shown.
fn agrees(strict: &Result<Reference>, shown: &Named) {
    match (strict, shown) {
        (Ok(image), Named::Image(text, canonical)) => {
            assert_eq!(&image.canonical(), canonical);
            assert_eq!(Reference::parse(text).as_ref(), Ok(image));
        }
        (Err(error), Named::Unreadable(code)) => assert_eq!(error.code(), *code),
        (Err(_), Named::None | Named::Several) => {}
        other => panic!("they differ: {other:?}"),
    }
}

struct BuildRequest;

impl Reading<Result<SigningRequestBody>> for BuildRequest {
    fn of<J: Json>(&self, value: J) -> Result<SigningRequestBody> {
        requests::build(SigningInput::read(value)?)
    }
}

struct ReadRequest;

impl Reading<Result<SigningRequestBody>> for ReadRequest {
    fn of<J: Json>(&self, value: J) -> Result<SigningRequestBody> {
        SigningRequestBody::read(&Place::whole(value, "request"))
    }
}

/// What a request names, without what holds it.
#[derive(Debug, PartialEq)]
enum Named {
    Image(String, String),
    None,
    Several,
    Unreadable(&'static str),
}

struct NamedImage;

impl Reading<Named> for NamedImage {
    fn of<J: Json>(&self, value: J) -> Named {
        match artifact_of(&value) {
            RequestedArtifact::Image { text, reference, .. } => Named::Image(text, reference.canonical()),
            RequestedArtifact::None => Named::None,
            RequestedArtifact::Several(_) => Named::Several,
            RequestedArtifact::Unreadable { error, .. } => {
                said::plainly(&error);
                Named::Unreadable(error.code())
            }
        }
    }
}

/// A profile that was read is read again as it is; each status has one meaning, and each key type a spelling.
pub fn profile(data: &[u8]) {
    let Some(value) = text(data).and_then(stringified) else { return };
    let Some(profile) = read_well(both(&value, ReadProfile)) else { return };
    assert_eq!(both(&is_written(&profile), ReadProfile).as_ref(), Ok(&profile));

    for (code, name) in profile.statuses.iter() {
        let code = code.parse().expect("a code is a number");
        assert_eq!(Status::decode(code, &profile).state.as_str(), name);
    }
    let spellings = KeyType::ALL.map(|it| profile.spelling(it));
    for (key_type, spelling) in KeyType::ALL.into_iter().zip(spellings) {
        if spellings.iter().filter(|other| **other == spelling).count() == 1 {
            assert_eq!(profile.key_type(spelling), Ok(key_type));
        }
    }
}

struct ReadProfile;

impl Reading<Result<Profile>> for ReadProfile {
    fn of<J: Json>(&self, value: J) -> Result<Profile> {
        Profile::read(value)
    }
}

/// A status is a safe integer, and means what the profile says, or nothing.
pub fn status(data: &[u8]) {
    let (number, rest) = data.split_at(data.len().min(8));
    let mut bytes = [0; 8];
    bytes[..number.len()].copy_from_slice(number);
    let profile = text(rest).and_then(stringified).and_then(|value| Profile::read(&value).ok());
    let profile = profile.unwrap_or_default();
    // The first ones are rarely whole.
    let integer = i64::from_le_bytes(bytes);
    #[allow(clippy::cast_precision_loss)]
    for number in [f64::from_le_bytes(bytes), integer as f64, (integer >> 11) as f64, f64::from(bytes[0])] {
        let is_safe = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
        let read = Status::decode_number(Some(number), &profile);
        assert_eq!(read.is_ok(), is_safe, "{number}");
        let Some(status) = read_well(read) else { continue };
        #[allow(clippy::cast_possible_truncation)]
        let code = number as i64;
        let named = profile.statuses.get(&code.to_string()).unwrap_or("unknown");
        assert_eq!((status.code, status.state.as_str()), (code, named));
        assert_eq!(Status::decode(code, &profile), status);
    }
    assert!(Status::decode_number(None, &profile).is_err());
}

/// Our writer of JSON writes what serde_json writes. The value that comes of it.
fn is_written<T: Serialize>(ours: &T) -> Value {
    let value = serde_json::to_value(ours).expect("our types have a JSON form");
    let text = insides::json(ours).expect("and our writer has one, too");
    assert_eq!(serde_json::from_str::<Value>(&text).ok().as_ref(), Some(&value));
    // What JavaScript hands over again.
    assert_eq!(Tape::of(text.clone()).value().json(), text);
    value
}

/// What was read; otherwise the words of what went wrong are checked.
fn read_well<T>(read: Result<T>) -> Option<T> {
    read.map_err(|error| said::plainly(&error)).ok()
}
