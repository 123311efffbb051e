//! What an index names: with `--sign-platforms` all of it is signed, so that who verifies an image of one platform, or
//! all of them, finds a signature there.

use std::collections::HashSet;

use ocisign::Reference;
use serde_json::Value;

use crate::remote::{Failure, ImageRegistry};
use crate::signature_format::SignatureFormat;

/// As many as the package verifies.
const MOST: usize = 200;

/// All manifests in an index, those of indexes in it included, each once, and none in an image. Each is in the registry
/// under the digest that names it.
pub async fn parts(
    registry: &ImageRegistry,
    image: &Reference,
    format: SignatureFormat,
) -> Result<Vec<Reference>, Failure> {
    let mut seen = HashSet::from([image.digest().to_owned()]);
    let mut parts = Vec::new();
    add_named(image, &registry.image().await?.body, format, &mut seen, &mut parts)?;
    let mut read = 0;
    while let Some(part) = parts.get(read).cloned() {
        let body = registry.beside(&part).image().await;
        let body = body.map_err(|failure| failure.of("In the index"))?.body;
        add_named(&part, &body, format, &mut seen, &mut parts)?;
        read += 1;
    }
    Ok(parts)
}

/// Adds what a manifest names as manifests, unless it was met before.
fn add_named(
    image: &Reference,
    body: &[u8],
    format: SignatureFormat,
    seen: &mut HashSet<String>,
    parts: &mut Vec<Reference>,
) -> Result<(), Failure> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    for descriptor in document.get("manifests").and_then(Value::as_array).into_iter().flatten() {
        let part = child(image, descriptor, format)?;
        if !seen.insert(part.digest().to_owned()) {
            continue;
        }
        if parts.len() == MOST {
            return Err(Failure::new(format!(
                "The index names more than {MOST} manifests, which is the most that is signed with it. Request a signature of each."
            )));
        }
        parts.push(part);
    }
    Ok(())
}

fn child(image: &Reference, descriptor: &Value, format: SignatureFormat) -> Result<Reference, Failure> {
    let digest = descriptor.get("digest").and_then(Value::as_str).unwrap_or_default();
    let child = format!("{}/{}@{digest}", image.registry(), image.repository()).parse::<Reference>();
    child.ok().filter(|child| format.can_hold(child.digest())).ok_or_else(|| {
        Failure::new(format!(
            "The index {} names a manifest by something that is no sha256 digest. Build the index again.",
            image.digest()
        ))
    })
}
