//! The result of a verification, as pkg/index.d.ts describes it: filled step by step, then decided.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::input::get;
use crate::{
    Code, Reference,
    proof::{self, Candidate, Finding, Seen},
};

/// What came of one signature.
pub enum Outcome {
    Holds { key: String, hash: &'static str, repository_bound: bool },
    Fails { step: usize, reason: String },
    Unreadable(Problem),
}

/// What is checked, in this order.
const STEPS: [&str; 5] = ["manifest", "blob", "signature", "content", "repository"];
pub const BLOB: usize = 1;
pub const SIGNATURE: usize = 2;
pub const CONTENT: usize = 3;
pub const REPOSITORY: usize = 4;

/// A step that was not passed.
pub fn fails(step: usize, reason: impl Into<String>) -> Outcome {
    Outcome::Fails { step, reason: reason.into() }
}

/// The most signatures that are looked at in one verification, wherever they were found.
const MOST_SIGNATURES: usize = 1000;

/// The result, as pkg/index.d.ts describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    state: &'static str,
    reference: String,
    digest: String,
    threshold: usize,
    keys: Vec<String>,
    pub signatures: Vec<Signature>,
    pub problems: Vec<Problem>,
    reason: String,
    /// There are more signatures than are looked at.
    #[serde(skip)]
    too_many: bool,
}

/// What was found out about one signature.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    verified: bool,
    /// The steps that it passed.
    checked: Vec<&'static str>,
    /// The step that it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<&'static str>,
    format: Option<&'static str>,
    from: Vec<String>,
    blob: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_bound: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What it was read from; the same one, named by another place, is the same signature.
    #[serde(skip)]
    pub candidate: Option<Candidate>,
}

/// What could not be read.
#[derive(Clone, Serialize)]
pub struct Problem {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    pub code: String,
    pub message: String,
    fix: String,
}

impl Problem {
    pub fn read(error: &JsValue) -> Self {
        let text = |key: &str| get(error, key).as_string();
        Self {
            from: text("from"),
            code: text("code").unwrap_or_else(|| "network".to_string()),
            message: text("message").unwrap_or_else(|| "It could not be read.".to_string()),
            fix: text("fix").unwrap_or_else(|| "Try again.".to_string()),
        }
    }
}

impl Verification {
    pub fn new(image: &Reference, threshold: usize) -> Self {
        Self {
            state: "unreachable",
            reference: image.canonical(),
            digest: image.digest().into(),
            threshold,
            keys: Vec::new(),
            signatures: Vec::new(),
            problems: Vec::new(),
            reason: String::new(),
            too_many: false,
        }
    }

    /// Adds a signature, or another place to one that is known.
    pub fn add(&mut self, from: &str, candidate: crate::Result<Candidate>) {
        let is_full = self.signatures.len() == MOST_SIGNATURES;
        let is_same =
            |it: &&mut Signature| it.candidate.is_some() && it.candidate.as_ref() == candidate.as_ref().ok();
        let known = self.signatures.iter_mut().find(is_same);
        match (known, candidate) {
            (Some(known), _) if known.from.iter().any(|place| place == from) => {}
            (Some(known), _) => known.from.push(from.to_string()),
            (None, _) if is_full => self.too_many = true,
            (None, Ok(candidate)) => self.signatures.push(Signature::new(from, candidate)),
            (None, Err(error)) => self.signatures.push(Signature::broken(from, &error)),
        }
    }

    /// How much could be read.
    fn seen(&self) -> Seen {
        let about_image = |problem: &Problem| problem.from.as_deref() == Some("image");
        match (self.problems.is_empty(), self.problems.iter().any(about_image)) {
            (true, _) => Seen::All,
            (false, true) => Seen::NotTheImage,
            (false, false) => Seen::NotAll,
        }
    }

    pub fn decide(&mut self) {
        if self.too_many {
            // What was not looked at might be what matters.
            self.problems.push(Problem {
                from: None,
                code: Code::BadReply.as_str().to_string(),
                message: format!(
                    "There are more than {MOST_SIGNATURES} signatures; the others were not looked at."
                ),
                fix: "Remove from the registry what does not belong there.".to_string(),
            });
        }
        let findings: Vec<Finding> =
            self.signatures.iter().map(|signature| Finding { key: signature.key.clone() }).collect();
        let verdict = proof::verdict(&findings, self.threshold, self.seen());
        self.reason = match verdict.state {
            proof::State::Verified => {
                format!("{} of {} needed keys signed exactly this image.", verdict.keys.len(), self.threshold)
            }
            proof::State::Unsigned => "The registry holds no signature of this image.".to_string(),
            proof::State::Invalid => self.why_invalid(verdict.keys.len()),
            proof::State::Unreachable => {
                self.problems.first().map_or_else(String::new, |problem| problem.message.clone())
            }
        };
        self.state = verdict.state.as_str();
        self.keys = verdict.keys;
    }

    fn why_invalid(&self, keys: usize) -> String {
        if keys > 0 {
            return format!("Only {keys} of {} needed keys signed this image.", self.threshold);
        }
        let reason = self.signatures.iter().find_map(|signature| signature.reason.clone());
        reason.unwrap_or_else(|| "No signature holds.".to_string())
    }
}

impl Signature {
    fn new(from: &str, candidate: Candidate) -> Self {
        Self {
            format: Some(candidate.format().as_str()),
            blob: Some(candidate.digest().into()),
            candidate: Some(candidate),
            ..Self::empty(from)
        }
    }

    fn broken(from: &str, error: &crate::Error) -> Self {
        let mut signature = Self::empty(from);
        signature.conclude(fails(0, error.message()));
        signature
    }

    fn empty(from: &str) -> Self {
        Self {
            verified: false,
            checked: Vec::new(),
            failed: None,
            format: None,
            from: alloc::vec![from.to_string()],
            blob: None,
            key: None,
            hash: None,
            repository_bound: None,
            reason: None,
            candidate: None,
        }
    }

    pub fn conclude(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Holds { key, hash, repository_bound } => {
                self.verified = true;
                self.passed(if repository_bound { STEPS.len() } else { REPOSITORY });
                self.key = Some(key);
                self.hash = Some(hash);
                self.repository_bound = Some(repository_bound);
            }
            Outcome::Fails { step, reason } => {
                self.passed(step);
                self.failed = STEPS.get(step).copied();
                self.reason = Some(reason);
            }
            Outcome::Unreadable(problem) => {
                self.passed(BLOB);
                self.reason = Some(problem.message);
            }
        }
    }

    fn passed(&mut self, steps: usize) {
        self.checked = STEPS.into_iter().take(steps).collect();
    }
}
