//! Cosign's payload (sigstore/cosign, `specs/SIGNATURE_SPEC.md`): exactly these fields, about exactly this image.

use crate::{
    json::{self, Value, text},
    name::Name,
    refusal::{Result, refuse, require},
    shape,
};

/// The media type of a layer with a payload.
pub const MEDIA_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The annotation with the signature.
pub const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

const TYPE: &str = "cosign container image signature";

/// Compares a payload with the image.
pub fn check(payload: &[u8], image: &Name) -> Result<()> {
    let whole = json::parse(payload)?;
    shape::PAYLOAD.check(&whole)?;
    whole.exactly("payload", &["critical", "optional"])?;
    let critical = whole.get("critical").unwrap_or(&Value::Null);
    critical.exactly("critical", &["identity", "image", "type"])?;
    let identity = critical.get("identity").unwrap_or(&Value::Null);
    identity.exactly("identity", &["docker-reference"])?;
    let about = critical.get("image").unwrap_or(&Value::Null);
    about.exactly("image", &["docker-manifest-digest"])?;
    require(matches!(whole.get("optional"), Some(Value::Null | Value::Record(_))), "optional is no object")?;
    require(text(critical.get("type"), "type")? == TYPE, "another type")?;
    let digest = text(about.get("docker-manifest-digest"), "docker-manifest-digest")?;
    require(digest == image.digest, "another digest")?;
    check_name(text(identity.get("docker-reference"), "docker-reference")?, image)
}

/// Names without a digest are about the image that the payload names; a tag proves nothing.
fn check_name(signed: &str, image: &Name) -> Result<()> {
    let whole = if signed.contains('@') { signed.into() } else { format!("{signed}@{}", image.digest) };
    match Name::read(&whole) {
        Some(name) if name == *image => Ok(()),
        Some(name) => refuse(format!("made for {name:?}")),
        None => refuse(format!("{signed:?} is no name")),
    }
}
