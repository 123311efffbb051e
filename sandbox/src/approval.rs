//! Who may decide about a signing, and what is still missing. Pure: no clock, no store.
//!
//! Every group of the rule approves once, and one person stands for one group only. A person in several
//! groups could be counted for the wrong one and leave the request stuck, so nobody is ever fixed to a
//! group: approvers and groups are matched anew at each approval (a maximum bipartite matching).

/// Someone who approved, with the groups that they were in when they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// The object id of the person's token.
    pub object_id: String,
    /// All of the person's groups; those outside the rule do not matter.
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

/// Groups are UUIDs, and those compare without case.
pub fn same_group(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// Whether the two lists share a group.
pub fn share_a_group(left: &[String], right: &[String]) -> bool {
    left.iter().any(|group| contains(right, group))
}

/// Whether the request needs no approval at all: there is no group to ask, or the requester is approved
/// beforehand.
pub fn is_automatic(required: &[String], blanket: &[String], requester_groups: &[String]) -> bool {
    required.is_empty() || share_a_group(blanket, requester_groups)
}

/// The rule's groups, each once.
pub fn distinct(groups: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for group in groups {
        if !contains(&kept, group) {
            kept.push(group.clone());
        }
    }
    kept
}

/// Checks one more approval, and gives the groups that are missing after it (none: approved).
pub fn approve(
    required: &[String],
    requester: &str,
    earlier: &[Approver],
    new: &Approver,
) -> Result<Vec<String>, Refusal> {
    if new.object_id == requester {
        return Err(Refusal::OwnRequest);
    }
    if earlier.iter().any(|approver| approver.object_id == new.object_id) {
        return Err(Refusal::AlreadyApproved);
    }
    if !share_a_group(required, &new.groups) {
        return Err(Refusal::NotAnApprover);
    }
    let mut all = earlier.to_vec();
    all.push(new.clone());
    let after = missing(required, &all);
    if after.len() == missing(required, earlier).len() {
        return Err(Refusal::GroupAlreadyApproved);
    }
    Ok(after)
}

/// The groups that nobody stands for, under the matching that covers the most groups.
pub fn missing(required: &[String], approvers: &[Approver]) -> Vec<String> {
    let required = distinct(required);
    let mut stands_for: Vec<Option<usize>> = vec![None; required.len()];
    for person in 0..approvers.len() {
        let mut seen = vec![false; required.len()];
        seat(person, &required, approvers, &mut stands_for, &mut seen);
    }
    required
        .into_iter()
        .zip(stands_for)
        .filter_map(|(group, person)| person.is_none().then_some(group))
        .collect()
}

/// Gives `person` a group, moving others to another of theirs when that makes room.
fn seat(
    person: usize,
    required: &[String],
    approvers: &[Approver],
    stands_for: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    let Some(approver) = approvers.get(person) else {
        return false;
    };
    for (index, group) in required.iter().enumerate() {
        if seen.get(index).copied().unwrap_or(true) || !contains(&approver.groups, group) {
            continue;
        }
        if let Some(mark) = seen.get_mut(index) {
            *mark = true;
        }
        let holder = stands_for.get(index).copied().flatten();
        let free = match holder {
            None => true,
            Some(holder) => seat(holder, required, approvers, stands_for, seen),
        };
        if free {
            if let Some(place) = stands_for.get_mut(index) {
                *place = Some(person);
            }
            return true;
        }
    }
    false
}

fn contains(groups: &[String], wanted: &str) -> bool {
    groups.iter().any(|group| same_group(group, wanted))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn person(object_id: &str, names: &[&str]) -> Approver {
        Approver { object_id: object_id.to_owned(), groups: groups(names) }
    }

    #[test]
    fn every_group_approves_once() {
        let rule = groups(&["a", "b"]);
        let first = person("one", &["a"]);
        assert_eq!(approve(&rule, "me", &[], &first), Ok(groups(&["b"])));
        assert_eq!(approve(&rule, "me", &[first], &person("two", &["b"])), Ok(vec![]));
    }

    #[test]
    fn one_person_stands_for_one_group_only() {
        let rule = groups(&["a", "b"]);
        let both = person("one", &["a", "b"]);
        assert_eq!(approve(&rule, "me", &[], &both), Ok(groups(&["b"])));
        assert_eq!(approve(&rule, "me", std::slice::from_ref(&both), &both), Err(Refusal::AlreadyApproved));
    }

    #[test]
    fn a_person_in_both_groups_makes_room() {
        // `both` came first and was counted for a. Someone who is only in a must still be of use.
        let rule = groups(&["a", "b"]);
        let both = person("one", &["a", "b"]);
        assert_eq!(approve(&rule, "me", &[both], &person("two", &["a"])), Ok(vec![]));
    }

    #[test]
    fn a_long_chain_of_moves_is_found() {
        let rule = groups(&["a", "b", "c", "d"]);
        let earlier = [person("1", &["a", "b"]), person("2", &["b", "c"]), person("3", &["c", "d"])];
        assert_eq!(missing(&rule, &earlier).len(), 1);
        assert_eq!(approve(&rule, "me", &earlier, &person("4", &["a"])), Ok(vec![]));
    }

    #[test]
    fn a_group_approves_only_once() {
        let rule = groups(&["a", "b"]);
        let first = person("one", &["a"]);
        assert_eq!(
            approve(&rule, "me", &[first], &person("two", &["a"])),
            Err(Refusal::GroupAlreadyApproved)
        );
    }

    #[test]
    fn nobody_approves_their_own_request() {
        assert_eq!(approve(&groups(&["a"]), "me", &[], &person("me", &["a"])), Err(Refusal::OwnRequest));
    }

    #[test]
    fn outsiders_do_not_approve() {
        assert_eq!(approve(&groups(&["a"]), "me", &[], &person("x", &[])), Err(Refusal::NotAnApprover));
        assert_eq!(approve(&groups(&["a"]), "me", &[], &person("x", &["z"])), Err(Refusal::NotAnApprover));
    }

    #[test]
    fn groups_compare_without_case_and_count_once() {
        let rule = groups(&["AB", "ab"]);
        assert_eq!(distinct(&rule), groups(&["AB"]));
        assert_eq!(approve(&rule, "me", &[], &person("x", &["aB"])), Ok(vec![]));
    }

    #[test]
    fn approval_is_automatic_without_groups_or_with_a_blanket() {
        assert!(is_automatic(&[], &[], &[]));
        assert!(is_automatic(&groups(&["a"]), &groups(&["b"]), &groups(&["b"])));
        assert!(!is_automatic(&groups(&["a"]), &groups(&["b"]), &groups(&["a"])));
    }
}
