//! The fields that are known by name. Go's readers, and with them most of what pulls images, do not tell `Layers` from
//! `layers`: a name that is not exactly a known one, and is one but for its case, is refused.

use crate::{
    json::Value,
    refusal::{Result, refuse},
};

/// The fields of a structure, each with the fields of the structures in it.
pub struct Shape(&'static [(&'static str, &'static Shape)]);

/// Anything may stand here.
const FREE: Shape = Shape(&[]);

const PLATFORM: Shape = Shape(&[
    ("architecture", &FREE),
    ("os", &FREE),
    ("os.version", &FREE),
    ("os.features", &FREE),
    ("variant", &FREE),
    ("features", &FREE),
]);

const DESCRIPTOR: Shape = Shape(&[
    ("mediaType", &FREE),
    ("digest", &FREE),
    ("size", &FREE),
    ("urls", &FREE),
    ("annotations", &FREE),
    ("data", &FREE),
    ("artifactType", &FREE),
    ("platform", &PLATFORM),
]);

/// A manifest or an index, with the lists of older formats.
pub const MANIFEST: Shape = Shape(&[
    ("schemaVersion", &FREE),
    ("mediaType", &FREE),
    ("artifactType", &FREE),
    ("config", &DESCRIPTOR),
    ("layers", &DESCRIPTOR),
    ("manifests", &DESCRIPTOR),
    ("blobs", &DESCRIPTOR),
    ("subject", &DESCRIPTOR),
    ("annotations", &FREE),
    ("fsLayers", &Shape(&[("blobSum", &FREE)])),
    ("history", &Shape(&[("v1Compatibility", &FREE)])),
    ("signatures", &FREE),
]);

/// Cosign's payload.
pub const PAYLOAD: Shape = Shape(&[
    (
        "critical",
        &Shape(&[
            ("identity", &Shape(&[("docker-reference", &FREE)])),
            ("image", &Shape(&[("docker-manifest-digest", &FREE)])),
            ("type", &FREE),
        ]),
    ),
    ("optional", &FREE),
]);

/// A Sigstore bundle, as far as it is read.
pub const BUNDLE: Shape = Shape(&[
    ("mediaType", &FREE),
    (
        "verificationMaterial",
        &Shape(&[
            ("publicKey", &FREE),
            ("certificate", &RAW_BYTES),
            ("x509CertificateChain", &Shape(&[("certificates", &RAW_BYTES)])),
            ("tlogEntries", &FREE),
            ("timestampVerificationData", &FREE),
        ]),
    ),
    (
        "dsseEnvelope",
        &Shape(&[
            ("payload", &FREE),
            ("payloadType", &FREE),
            ("signatures", &Shape(&[("sig", &FREE), ("keyid", &FREE)])),
        ]),
    ),
    ("messageSignature", &FREE),
]);

const RAW_BYTES: Shape = Shape(&[("rawBytes", &FREE)]);

/// An in-toto statement.
pub const STATEMENT: Shape = Shape(&[
    ("_type", &FREE),
    (
        "subject",
        &Shape(&[
            ("name", &FREE),
            ("uri", &FREE),
            ("digest", &FREE),
            ("content", &FREE),
            ("downloadLocation", &FREE),
            ("mediaType", &FREE),
            ("annotations", &FREE),
        ]),
    ),
    ("predicateType", &FREE),
    ("predicate", &FREE),
]);

impl Shape {
    /// Refuses a name that other readers take for a known one.
    pub fn check(&self, value: &Value) -> Result<()> {
        match value {
            Value::List(items) => items.iter().try_for_each(|item| self.check(item)),
            Value::Record(fields) => {
                fields.iter().try_for_each(|(name, field)| self.check_field(name, field))
            }
            _ => Ok(()),
        }
    }

    fn check_field(&self, name: &str, field: &Value) -> Result<()> {
        if let Some((_, inside)) = self.0.iter().find(|(known, _)| *known == name) {
            return inside.check(field);
        }
        let folded = without_case(name);
        match self.0.iter().find(|(known, _)| without_case(known) == folded) {
            Some((known, _)) => refuse(format!("{name:?} may be taken for {known}")),
            None => Ok(()),
        }
    }
}

/// Both mappings of Unicode, one after the other: more than Go's `encoding/json` folds.
fn without_case(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}
