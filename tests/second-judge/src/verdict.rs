//! One answer for a case (docs/verify.md, "What the states mean").

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    bundle::{self, Opened},
    case::Case,
    digest,
    evidence::{Evidence, signature_in},
    key::Key,
    manifest::{Claim, Role, claims},
    name::Name,
    places::{Found, Search},
    refusal::{Refusal, Result, refuse, require},
    simple,
};

/// The answer.
#[derive(Serialize)]
pub struct Verdict {
    state: State,
    /// The fingerprints of the different keys whose signatures count, in the order of the alphabet.
    keys: BTreeSet<String>,
    /// Why each signature does not count, for the person who looks at a difference.
    reasons: Vec<String>,
}

/// The outcome.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// Enough keys have signed exactly this image.
    Verified,
    /// There are signatures, and too few of them count.
    Invalid,
    /// There is no signature, in any place.
    Unsigned,
    /// Something could not be read.
    Unreachable,
    /// What was asked for makes no sense.
    Refused,
}

/// Judges a case.
pub fn of(case: &Case) -> Verdict {
    match Demand::of(case) {
        Ok(demand) => demand.judge(),
        Err(Refusal(reason)) => {
            Verdict { state: State::Refused, keys: BTreeSet::new(), reasons: vec![reason] }
        }
    }
}

/// What is asked, once it was read.
struct Demand<'a> {
    case: &'a Case,
    image: Name,
    keys: Vec<Key>,
}

/// What came of all signatures.
#[derive(Default)]
struct Outcome {
    keys: BTreeSet<String>,
    reasons: Vec<String>,
    is_signed: bool,
}

impl<'a> Demand<'a> {
    fn of(case: &'a Case) -> Result<Self> {
        let Some(image) = Name::read(&case.reference) else { return refuse("no reference") };
        let keys: Vec<Key> = case.keys.iter().map(|key| Key::read(&key.0)).collect::<Result<_>>()?;
        let different: BTreeSet<_> = keys.iter().map(|key| &key.fingerprint).collect();
        require((1..=different.len()).contains(&case.threshold), "too few keys for the threshold")?;
        // That nothing was given says nothing of the image.
        require(case.given.as_ref().is_none_or(|given| !given.is_empty()), "no manifest was given")?;
        Ok(Self { case, image, keys })
    }

    fn judge(&self) -> Verdict {
        let Case { registry, given, threshold, .. } = self.case;
        let mut search = match given {
            Some(given) => Search::given(registry, given.iter().map(|it| &*it.0)),
            None => Search::of(registry, &self.image),
        };
        let mut outcome = Outcome::default();
        for found in &search.found {
            self.take(found, &mut outcome);
        }
        for digest in std::mem::take(&mut search.others) {
            if outcome.keys.len() >= *threshold {
                break;
            }
            if let Some(found) = search.read(&digest, Role::CalledOther) {
                self.take(&found, &mut outcome);
            }
        }
        let Outcome { keys, reasons, is_signed } = outcome;
        let state = if !search.is_image_seen {
            State::Unreachable
        } else if keys.len() >= *threshold {
            State::Verified
        } else if !search.is_all_seen {
            State::Unreachable
        } else if is_signed {
            State::Invalid
        } else {
            State::Unsigned
        };
        Verdict { state, keys, reasons }
    }

    fn take(&self, Found { bytes, served, role }: &Found<'_>, outcome: &mut Outcome) {
        for claim in claims(bytes, *served, *role) {
            match self.signer(claim, *role) {
                Ok(None) => continue,
                Ok(Some(key)) => drop(outcome.keys.insert(key.fingerprint.clone())),
                Err(Refusal(reason)) => outcome.reasons.push(reason),
            }
            outcome.is_signed = true;
        }
    }

    /// Whose signature it is; nothing of what is none.
    fn signer(&self, claim: Claim, role: Role) -> Result<Option<&Key>> {
        let evidence = match claim {
            Claim::Attestation => return Ok(None),
            Claim::Damaged(refusal) => return Err(refusal),
            Claim::Bundle { digest, size } => {
                match bundle::open(self.blob(&digest, size)?, role != Role::Given)? {
                    Opened::Attestation => return Ok(None),
                    Opened::Signature(evidence) => evidence,
                }
            }
            Claim::Simple { digest, size, signature } => {
                let payload = self.blob(&digest, size)?.to_vec();
                Evidence {
                    message: payload.clone(),
                    signature: signature_in(&signature)?,
                    content: payload,
                    check: simple::check,
                    names_repository: true,
                }
            }
        };
        evidence.signer(&self.keys, &self.image, self.case.require_repository).map(Some)
    }

    /// The blob that was named, if it is the one.
    fn blob(&self, digest: &str, size: u64) -> Result<&[u8]> {
        let Some(blob) = self.case.blobs.iter().find(|blob| blob.digest == digest) else {
            return refuse("the blob is not there");
        };
        require(blob.bytes.0.len() as u64 == size, "a blob of another size")?;
        require(digest::names(digest, &blob.bytes.0), "another blob")?;
        Ok(&blob.bytes.0)
    }
}
