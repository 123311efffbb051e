//! The rules, in the order in which they were added, and how often each struck.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::draw::draw;
use super::{Part, PartFault, Trouble};
use crate::identity::Identity;
use crate::shape::Name;

/// Far above what a test needs.
const MOST: usize = 100;

/// All rules of this start.
pub struct Rules {
    seed: u64,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Numbers are not given twice: a draw depends on them.
    last: u64,
    rules: Vec<Rule>,
}

/// One rule.
struct Rule {
    number: u64,
    wanted: Wanted,
    /// It looked at so many requests.
    seen: u64,
    struck: u64,
}

/// What a rule says.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// As it was sent.
    pub written: Value,
    /// Which requests it looks at.
    pub matching: Matching,
    /// Which of them it strikes.
    pub turn: Turn,
    /// And of these by chance.
    pub probability: f64,
    /// So many at most.
    pub times: u64,
    /// What it does.
    pub fault: Fault,
}

/// Which requests a rule looks at: those that are all of this.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// With this method.
    pub method: Option<Method>,
    /// Of this route.
    pub route: Option<Name>,
    /// To this path, as it is sent; with `*` at its end, to all that begin so.
    pub path: Option<String>,
    /// Of the person with this id.
    pub person: Option<String>,
}

/// Which of the requests in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Each.
    Each,
    /// This one.
    Nth(u64),
    /// One in so many.
    Every(u64),
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// A request.
    Request(Box<RequestFault>),
    /// A part inside.
    Part(Trouble),
}

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub struct RequestFault {
    /// It waits so long first.
    pub latency: Option<Duration>,
    /// Then this happens.
    pub outcome: Outcome,
    /// The reply's body comes so slowly, in bytes a second.
    pub slow: Option<u32>,
    /// The reply's body breaks off after so many bytes.
    pub cut: Option<u64>,
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is answered.
    Pass,
    /// The connection is reset, after or before the request took effect.
    Reset {
        /// After.
        after: bool,
    },
    /// It gets another answer.
    Answer(Answer),
    /// Its token counts as expired.
    ExpiredToken,
    /// Its reply has this status code.
    UnknownStatus(i64),
}

/// An answer in the place of ours.
#[derive(Debug, Clone)]
pub struct Answer {
    /// None: ours, or 200.
    pub status: Option<StatusCode>,
    /// With these headers.
    pub headers: HeaderMap,
    /// A page in place of JSON.
    pub html: bool,
    /// The request is taken all the same.
    pub takes_effect: bool,
}

/// A request, for rules to look at.
pub struct Seen<'a> {
    /// As it was sent.
    pub method: &'a Method,
    /// As it was sent.
    pub path: &'a str,
    /// What it means.
    pub route: Option<Name>,
    /// Who sent it, if a rule asks for it.
    pub person: Option<&'a Identity>,
}

impl Rules {
    /// None yet.
    pub fn new(seed: u64) -> Self {
        Self { seed, kept: Mutex::default() }
    }

    /// Adds a rule, and shows it with its number; nothing if there are too many.
    pub fn add(&self, wanted: Wanted) -> Option<(u64, Value)> {
        let mut kept = self.lock();
        if kept.rules.len() >= MOST {
            return None;
        }
        kept.last += 1;
        let rule = Rule { number: kept.last, wanted, seen: 0, struck: 0 };
        let shown = rule.shown();
        kept.rules.push(rule);
        Some((kept.last, shown))
    }

    /// Takes one away; false if there is none of this number.
    pub fn remove(&self, number: u64) -> bool {
        let mut kept = self.lock();
        let before = kept.rules.len();
        kept.rules.retain(|rule| rule.number != number);
        kept.rules.len() < before
    }

    /// Takes all away.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// One rule, with how often it struck.
    pub fn shown(&self, number: u64) -> Option<Value> {
        self.lock().rules.iter().find(|rule| rule.number == number).map(Rule::shown)
    }

    /// All of them.
    pub fn list(&self) -> Value {
        let rules: Vec<Value> = self.lock().rules.iter().map(Rule::shown).collect();
        json!({ "seed": self.seed, "rules": rules })
    }

    /// Whether a rule asks who sends a request.
    pub fn ask_for_people(&self) -> bool {
        self.lock().rules.iter().any(|rule| rule.wanted.matching.person.is_some())
    }

    /// The rule that strikes a request, with what it does.
    pub fn strike_request(&self, seen: &Seen<'_>) -> Option<(u64, RequestFault)> {
        let looks = |wanted: &Wanted| match &wanted.fault {
            Fault::Request(fault) if wanted.matching.is_of(seen) => Some(RequestFault::clone(fault)),
            _ => None,
        };
        self.strike(looks)
    }

    /// The rule that strikes a part.
    pub fn strike_part(&self, part: Part) -> Option<PartFault> {
        let looks = |wanted: &Wanted| match wanted.fault {
            Fault::Part(trouble) if trouble.part() == part => Some(trouble),
            _ => None,
        };
        self.strike(looks).map(|(rule, trouble)| PartFault { rule, trouble })
    }

    /// Every rule that looks counts, and the first that strikes is it.
    fn strike<T>(&self, looks: impl Fn(&Wanted) -> Option<T>) -> Option<(u64, T)> {
        let mut struck = None;
        for rule in &mut self.lock().rules {
            let Some(fault) = looks(&rule.wanted) else { continue };
            rule.seen += 1;
            if struck.is_none() && rule.strikes(self.seed) {
                rule.struck += 1;
                struck = Some((rule.number, fault));
            }
        }
        struck
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn strikes(&self, seed: u64) -> bool {
        let is_its_turn = match self.wanted.turn {
            Turn::Each => true,
            Turn::Nth(nth) => self.seen == nth,
            Turn::Every(every) => self.seen.is_multiple_of(every),
        };
        is_its_turn
            && self.struck < self.wanted.times
            && draw(seed, self.number, self.seen) < self.wanted.probability
    }

    fn shown(&self) -> Value {
        let mut shown = json!({ "id": self.number });
        if let (Some(shown), Some(written)) = (shown.as_object_mut(), self.wanted.written.as_object()) {
            shown.extend(written.clone());
            shown.insert("seen".to_owned(), json!(self.seen));
            shown.insert("struck".to_owned(), json!(self.struck));
        }
        shown
    }
}

impl Matching {
    fn is_of(&self, seen: &Seen<'_>) -> bool {
        let is_path = |path: &String| match path.strip_suffix('*') {
            Some(beginning) => seen.path.starts_with(beginning),
            None => seen.path == path,
        };
        self.method.as_ref().is_none_or(|method| method == seen.method)
            && self.route.is_none_or(|route| seen.route == Some(route))
            && self.path.as_ref().is_none_or(is_path)
            && self.person.as_ref().is_none_or(|id| seen.person.is_some_and(|person| person.has_name(id)))
    }
}
