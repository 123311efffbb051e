//! The rules, in the order in which they were added, and how often each struck.

use std::cmp::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::Method;
use serde_json::{Value, json};

use super::draw::{draw, rank};
use super::request_fault::RequestFault;
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

    /// The rules that strike a request, with what they do together.
    pub fn strike_request(&self, seen: &Seen<'_>) -> Option<(Vec<u64>, RequestFault)> {
        let mut kept = self.lock();
        let looks = |wanted: &Wanted| match &wanted.fault {
            Fault::Request(fault) => wanted.matching.is_of(seen).then(|| RequestFault::clone(fault)),
            Fault::Part(_) => None,
        };
        let drawn = kept.drawn(self.seed, looks);
        let ending = drawn.iter().filter(|one| one.is_certain || one.fault.ends()).min_by(goes_first);
        let mut whole = ending.map(|one| one.fault.clone()).unwrap_or_default();
        let mut numbers: Vec<u64> = ending.iter().map(|one| one.number).collect();
        // What a rule without chance does is known: nothing is added to it.
        if ending.is_none_or(|one| !one.is_certain) {
            let travelling = drawn.iter().filter(|one| !one.fault.ends());
            numbers.extend(travelling.filter(|one| whole.add(&one.fault)).map(|one| one.number));
        }
        kept.count_strikes(&numbers);
        (!numbers.is_empty()).then_some((numbers, whole))
    }

    /// The rule that strikes a part.
    pub fn strike_part(&self, part: Part) -> Option<PartFault> {
        let mut kept = self.lock();
        let looks = |wanted: &Wanted| match wanted.fault {
            Fault::Part(trouble) if trouble.part() == part => Some(trouble),
            _ => None,
        };
        let drawn = kept.drawn(self.seed, looks);
        let fault =
            drawn.iter().min_by(goes_first).map(|one| PartFault { rule: one.number, trouble: one.fault });
        kept.count_strikes(fault.map(|fault| fault.rule).as_slice());
        fault
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A rule that has drawn that it strikes.
struct Drawn<T> {
    number: u64,
    fault: T,
    /// It leaves nothing to chance.
    is_certain: bool,
    /// Of those by chance, the lowest goes first.
    rank: f64,
}

/// Which of two strikes, if only one can.
fn goes_first<T>(one: &&Drawn<T>, other: &&Drawn<T>) -> Ordering {
    one.rank.total_cmp(&other.rank)
}

impl Kept {
    /// Every rule that looks counts, and draws for itself. Those that strike: the oldest alone if it leaves nothing to
    /// chance, else all by chance.
    fn drawn<T>(&mut self, seed: u64, looks: impl Fn(&Wanted) -> Option<T>) -> Vec<Drawn<T>> {
        let mut drawn = Vec::new();
        for rule in &mut self.rules {
            let Some(fault) = looks(&rule.wanted) else { continue };
            rule.seen += 1;
            if rule.strikes(seed) {
                let is_certain = rule.wanted.probability >= 1.0;
                let rank = rank(seed, rule.number, rule.seen);
                drawn.push(Drawn { number: rule.number, fault, is_certain, rank });
            }
        }
        match drawn.first() {
            Some(oldest) if oldest.is_certain => drawn.truncate(1),
            _ => drawn.retain(|one| !one.is_certain),
        }
        drawn
    }

    fn count_strikes(&mut self, numbers: &[u64]) {
        for rule in &mut self.rules {
            if numbers.contains(&rule.number) {
                rule.struck += 1;
            }
        }
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
