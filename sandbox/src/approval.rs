//! Who may decide about a signing, and what is still missing. Pure: no clock, no store.
//!
//! By default every group of the rule approves once, and one person stands for one group only. A person in several
//! groups could be counted for the wrong one and leave the request stuck, so nobody is ever fixed to a
//! group: approvers and groups are matched anew at each approval (a maximum bipartite matching). A rule may be
//! content with any one of its groups instead, and may count the requester in.
//!
//! Groups come here in their one spelling ([`crate::identity::normal`]); they compare as texts.

use std::collections::{HashMap, HashSet};

use clap::ValueEnum;

use crate::identity::{self, Identity};

/// How many of a rule's groups must approve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Needs {
    /// Every group once, each by another person.
    #[default]
    Every,
    /// Any one group.
    Any,
}

impl Needs {
    /// As a rule and the command line write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Any => "any",
        }
    }

    /// Reads what [`Needs::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Every, Self::Any].into_iter().find(|needs| needs.as_str() == text)
    }
}

/// Who must approve a request: the rule as it was when the request was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The groups that approve, each once.
    pub groups: Vec<String>,
    /// How many of them must.
    pub needs: Needs,
    /// Whether the requester may be one of the approvers.
    pub self_approval: bool,
}

/// Someone who approved, with the groups that they were in when they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// Who.
    pub identity: Identity,
    /// Their groups; those outside the rule do not matter.
    pub groups: Vec<String>,
}

/// Why an approval is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The person made the request.
    OwnRequest,
    /// The person approved before.
    AlreadyApproved,
    /// The person is in none of the rule's groups.
    NotAnApprover,
    /// The person's groups have approved already.
    GroupAlreadyApproved,
}

/// Groups in their one spelling, each once, in the order in which they came.
pub fn distinct<'a>(groups: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    groups.into_iter().map(identity::normal).filter(|group| seen.insert(group.clone())).collect()
}

/// Whether the two lists share a group.
pub fn share_a_group(left: &[String], right: &[String]) -> bool {
    let left: HashSet<&String> = left.iter().collect();
    right.iter().any(|group| left.contains(group))
}

/// Whether the request needs no approval at all: there is no group to ask, or the requester is approved
/// beforehand.
pub fn is_automatic(required: &[String], blanket: &[String], requester_groups: &[String]) -> bool {
    required.is_empty() || share_a_group(blanket, requester_groups)
}

impl Rule {
    /// Checks one more approval, and gives the groups that are missing after it (none: approved).
    pub fn approve(
        &self,
        requester: &Identity,
        earlier: &[Approver],
        new: &Approver,
    ) -> Result<Vec<String>, Refusal> {
        if !self.self_approval && new.identity.is_same(requester) {
            return Err(Refusal::OwnRequest);
        }
        if earlier.iter().any(|approver| approver.identity.is_same(&new.identity)) {
            return Err(Refusal::AlreadyApproved);
        }
        if !share_a_group(&self.groups, &new.groups) {
            return Err(Refusal::NotAnApprover);
        }
        let mut all = earlier.to_vec();
        all.push(new.clone());
        let after = self.missing(requester, &all);
        if after.len() == self.missing(requester, earlier).len() {
            return Err(Refusal::GroupAlreadyApproved);
        }
        Ok(after)
    }

    /// The groups that nobody stands for, under the matching that covers the most groups. Where any one group is
    /// enough, all are missing until one has approved, and none after. Approvals that an older sandbox took from the
    /// requester, or from one person twice, count for nothing.
    pub fn missing(&self, requester: &Identity, approvers: &[Approver]) -> Vec<String> {
        let mut matching = Matching::new(&self.groups);
        let mut counted: Vec<&Identity> = if self.self_approval { vec![] } else { vec![requester] };
        for approver in approvers {
            if counted.iter().any(|person| person.is_same(&approver.identity)) {
                continue;
            }
            counted.push(&approver.identity);
            matching.add(&approver.groups);
        }
        if self.needs == Needs::Any && !matching.holders.is_empty() {
            return Vec::new();
        }
        matching.missing()
    }
}

/// Groups and the people who stand for them, both by number.
struct Matching<'a> {
    required: &'a [String],
    index: HashMap<&'a str, usize>,
    /// Of each person, the rule's groups that they are in.
    memberships: Vec<Vec<usize>>,
    /// For each group, who stands for it.
    holders: HashMap<usize, usize>,
}

impl<'a> Matching<'a> {
    fn new(required: &'a [String]) -> Self {
        let index = required.iter().enumerate().map(|(place, group)| (group.as_str(), place)).collect();
        Self { required, index, memberships: Vec::new(), holders: HashMap::new() }
    }

    fn add(&mut self, groups: &[String]) {
        let person = self.memberships.len();
        let known = groups.iter().filter_map(|group| self.index.get(group.as_str()).copied());
        self.memberships.push(known.collect());
        self.seat(person, &mut HashSet::new());
    }

    /// Gives `person` a group, moving others to another of theirs when that makes room.
    fn seat(&mut self, person: usize, seen: &mut HashSet<usize>) -> bool {
        let groups = self.memberships.get(person).cloned().unwrap_or_default();
        for group in groups {
            if !seen.insert(group) {
                continue;
            }
            let is_free = match self.holders.get(&group).copied() {
                None => true,
                Some(holder) => self.seat(holder, seen),
            };
            if is_free {
                self.holders.insert(group, person);
                return true;
            }
        }
        false
    }

    fn missing(&self) -> Vec<String> {
        let open = self.required.iter().enumerate().filter(|(place, _)| !self.holders.contains_key(place));
        open.map(|(_, group)| group.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        distinct(names.iter().copied())
    }

    fn named(name: &str) -> Identity {
        Identity::new("issuer", name.to_owned())
    }

    fn person(name: &str, names: &[&str]) -> Approver {
        Approver { identity: named(name), groups: groups(names) }
    }

    fn every(groups: &[String]) -> Rule {
        Rule { groups: groups.to_vec(), needs: Needs::Every, self_approval: false }
    }

    fn open(rule: &[String], approvers: &[Approver]) -> Vec<String> {
        every(rule).missing(&named("me"), approvers)
    }

    fn add(rule: &[String], earlier: &[Approver], new: &Approver) -> Result<Vec<String>, Refusal> {
        every(rule).approve(&named("me"), earlier, new)
    }

    #[test]
    fn any_one_group_is_enough_when_the_rule_says_so() {
        let rule = Rule { needs: Needs::Any, ..every(&groups(&["a", "b"])) };
        let me = named("me");
        assert_eq!(rule.missing(&me, &[]), groups(&["a", "b"]));
        for group in ["a", "b"] {
            assert_eq!(rule.approve(&me, &[], &person("one", &[group])), Ok(vec![]));
        }
        assert_eq!(rule.approve(&me, &[], &person("x", &["z"])), Err(Refusal::NotAnApprover));
        assert_eq!(rule.approve(&me, &[], &person("me", &["a"])), Err(Refusal::OwnRequest));
        assert_eq!(
            rule.missing(&me, &[person("me", &["a"])]),
            groups(&["a", "b"]),
            "which counts for nothing"
        );
    }

    #[test]
    fn a_requester_who_may_approve_stands_for_one_group_as_others_do() {
        let rule = Rule { self_approval: true, ..every(&groups(&["a", "b"])) };
        let (me, own) = (named("me"), person("me", &["a", "b"]));
        assert_eq!(rule.approve(&me, &[], &own), Ok(groups(&["b"])));
        assert_eq!(rule.approve(&me, std::slice::from_ref(&own), &own), Err(Refusal::AlreadyApproved));
        assert_eq!(rule.approve(&me, &[own], &person("one", &["a"])), Ok(vec![]));
    }

    #[test]
    fn what_a_rule_needs_is_read_as_it_is_written() {
        for needs in [Needs::Every, Needs::Any] {
            assert_eq!(Needs::parse(needs.as_str()), Some(needs));
        }
        assert_eq!(Needs::parse("ANY"), None);
    }

    #[test]
    fn every_group_approves_once() {
        let rule = groups(&["a", "b"]);
        let first = person("one", &["a"]);
        assert_eq!(add(&rule, &[], &first), Ok(groups(&["b"])));
        assert_eq!(add(&rule, &[first], &person("two", &["b"])), Ok(vec![]));
    }

    #[test]
    fn one_person_stands_for_one_group_only() {
        let rule = groups(&["a", "b"]);
        let both = person("one", &["a", "b"]);
        assert_eq!(add(&rule, &[], &both), Ok(groups(&["b"])));
        assert_eq!(add(&rule, std::slice::from_ref(&both), &both), Err(Refusal::AlreadyApproved));
    }

    #[test]
    fn what_should_never_have_been_kept_counts_for_nothing() {
        let rule = groups(&["a", "b", "c"]);
        let twice = [person("one", &["a"]), person("one", &["b"]), person("me", &["c"])];
        assert_eq!(open(&rule, &twice), groups(&["b", "c"]));
    }

    #[test]
    fn a_person_in_both_groups_makes_room() {
        // `both` came first and was counted for a. Someone who is only in a must still be of use.
        let rule = groups(&["a", "b"]);
        let both = person("one", &["a", "b"]);
        assert_eq!(add(&rule, &[both], &person("two", &["a"])), Ok(vec![]));
    }

    #[test]
    fn a_long_chain_of_moves_is_found() {
        let rule = groups(&["a", "b", "c", "d"]);
        let earlier = [person("1", &["a", "b"]), person("2", &["b", "c"]), person("3", &["c", "d"])];
        assert_eq!(open(&rule, &earlier).len(), 1);
        assert_eq!(add(&rule, &earlier, &person("4", &["a"])), Ok(vec![]));
    }

    #[test]
    fn a_group_approves_only_once() {
        let rule = groups(&["a", "b"]);
        let first = person("one", &["a"]);
        assert_eq!(add(&rule, &[first], &person("two", &["a"])), Err(Refusal::GroupAlreadyApproved));
    }

    #[test]
    fn nobody_approves_their_own_request() {
        assert_eq!(add(&groups(&["a"]), &[], &person("me", &["a"])), Err(Refusal::OwnRequest));
    }

    #[test]
    fn outsiders_do_not_approve() {
        assert_eq!(add(&groups(&["a"]), &[], &person("x", &[])), Err(Refusal::NotAnApprover));
        assert_eq!(add(&groups(&["a"]), &[], &person("x", &["z"])), Err(Refusal::NotAnApprover));
    }

    #[test]
    fn a_group_in_other_case_is_the_same_and_counts_once() {
        let uuid = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
        let rule = groups(&[&uuid.to_uppercase(), uuid]);
        assert_eq!(rule, [uuid]);
        assert_eq!(add(&rule, &[], &person("x", &[&uuid.to_uppercase()])), Ok(vec![]));
    }

    #[test]
    fn approval_is_automatic_without_groups_or_with_a_blanket() {
        assert!(is_automatic(&[], &[], &[]));
        assert!(is_automatic(&groups(&["a"]), &groups(&["b"]), &groups(&["b"])));
        assert!(!is_automatic(&groups(&["a"]), &groups(&["b"]), &groups(&["a"])));
    }

    #[test]
    fn a_rule_of_many_groups_is_no_work() {
        let names: Vec<String> = (0..8_000).map(|number| format!("group {number}")).collect();
        let rule = distinct(names.iter().map(String::as_str));
        let approvers: Vec<Approver> = (0..50)
            .map(|number| Approver { identity: named(&number.to_string()), groups: rule.clone() })
            .collect();
        assert_eq!(open(&rule, &approvers).len(), 7_950);
    }
}
