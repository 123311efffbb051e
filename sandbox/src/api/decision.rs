//! A decision about one request. What never changes of a request is read and compared beforehand; the transaction
//! looks only at what others may have changed meanwhile.

use axum::http::StatusCode;
use ocisign::wire::BOUND_PARTS;
use rusqlite::Transaction;
use serde_json::{Map, Value, json};

use super::same_json::is_same;
use super::signings::unknown_signing;
use super::{forbidden, unprocessable, view};
use crate::api_error::ApiError;
use crate::approval::{Approver, Refusal, Rule};
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::database::{Database, off_the_async_threads};
use crate::expiry;
use crate::status;
use crate::store::{self, SigningRow};

/// A request and the person who decides about it.
pub struct Case {
    person: Person,
    signing: SigningRow,
    rule: Rule,
    /// Whether the request is what the person saw. Its body never changes.
    as_seen: Result<(), ApiError>,
}

impl Case {
    /// Reads the request, and compares it with what the person saw.
    pub async fn open(
        database: &Database,
        person: Person,
        id: &str,
        expect: Option<Map<String, Value>>,
    ) -> Result<Self, ApiError> {
        let signing = database.look_up::<_, ApiError, _>(|store| Ok(store::signing(store, id)?)).await?;
        let signing = signing.ok_or_else(unknown_signing)?;
        off_the_async_threads(move || {
            let rule = signing.rule();
            let as_seen = check_expectation(&signing.body, expect.as_ref());
            Ok(Self { person, signing, rule, as_seen })
        })
        .await
    }

    /// Keeps the person's approval, if they may give it now.
    pub fn approve(self, store: &Transaction<'_>, comment: Option<&str>) -> Result<(), ApiError> {
        let id = &self.signing.id;
        let earlier: Vec<Approver> =
            store::approvals(store, id)?.into_iter().map(|approval| approval.approver).collect();
        let new = Approver { identity: self.person.identity.clone(), groups: self.groups() };
        let missing = self.rule.approve(&self.signing.requester, &earlier, &new);
        // Who may never approve is told so whatever the status; "nothing left to do" only while waiting.
        match missing {
            Err(refusal @ (Refusal::OwnRequest | Refusal::AlreadyApproved | Refusal::NotAnApprover)) => {
                return Err(refused(refusal));
            }
            _ => self.waits(store)?,
        }
        let missing = missing.map_err(refused)?;
        self.as_seen.clone()?;
        let groups = Value::from(new.groups.as_slice()).to_string();
        store::insert_approval(store, id, &self.person, &groups, comment)?;
        if missing.is_empty() {
            store::set_status(store, id, status::APPROVED, Some(&self.person), comment, None)?;
        }
        let details = json!({ "comment": comment, "groups": new.groups, "missingGroups": missing });
        Ok(self.act(Action::Approve).details(details).record(store)?)
    }

    /// Keeps the person's rejection, if they may give it now.
    pub fn reject(self, store: &Transaction<'_>, comment: &str) -> Result<(), ApiError> {
        if self.groups().is_empty() {
            return Err(refused(Refusal::NotAnApprover));
        }
        self.end(store, Action::Reject, "Rejected", Some(comment))
    }

    /// Takes the request back, if it is the person's own and still waits.
    pub fn withdraw(self, store: &Transaction<'_>, comment: Option<&str>) -> Result<(), ApiError> {
        if !self.person.identity.is_same(&self.signing.requester) {
            return Err(forbidden(
                "not-yours",
                "Only the requester may withdraw a request.",
                "Ask its requester. A member of its approval groups may reject it.",
            ));
        }
        self.end(store, Action::Withdraw, "Withdrawn", comment)
    }

    fn end(
        &self,
        store: &Transaction<'_>,
        action: Action,
        what: &str,
        comment: Option<&str>,
    ) -> Result<(), ApiError> {
        self.waits(store)?;
        self.as_seen.clone()?;
        let said = comment.map(|comment| format!(": {comment}")).unwrap_or_default();
        let reason = format!("{what} by {}{said}", self.person.name);
        let by = Some(&self.person);
        store::set_status(store, &self.signing.id, status::REJECTED, by, comment, Some(&reason))?;
        Ok(self.act(action).details(json!({ "comment": comment })).record(store)?)
    }

    /// Refuses a decision that comes after the end. A time that is over ends a request before the sandbox notes it.
    fn waits(&self, store: &Transaction<'_>) -> Result<(), ApiError> {
        let status = store::status(store, &self.signing.id)?.ok_or_else(unknown_signing)?;
        let stands = match status {
            status::WAITING if expiry::is_over(self.signing.expires_at) => "expired",
            status::WAITING => return Ok(()),
            other => status::name(other),
        };
        Err(ApiError::new(
            StatusCode::CONFLICT,
            "not-waiting",
            format!("The request is not waiting for approval; it is {stands}."),
            "Read it again to see where it stands.",
        ))
    }

    fn act(&self, action: Action) -> Act<'_> {
        Act::new(action).by(&self.person).signing(&self.signing.id)
    }

    /// The rule's groups that the person is in. The others are nobody's business, and there may be thousands.
    fn groups(&self) -> Vec<String> {
        let own: std::collections::HashSet<&String> = self.person.groups.iter().collect();
        self.rule.groups.iter().filter(|group| own.contains(group)).cloned().collect()
    }
}

fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::OwnRequest => forbidden(
            "self-approval",
            "Nobody approves their own request.",
            "Ask another member of the approval groups.",
        ),
        Refusal::AlreadyApproved => ApiError::new(
            StatusCode::CONFLICT,
            "already-approved",
            "You have approved this request already.",
            "Ask a member of the missing groups.",
        ),
        Refusal::NotAnApprover => forbidden(
            "not-an-approver",
            "You are in none of the groups that approve this request.",
            "Ask a member of the missing groups.",
        ),
        Refusal::GroupAlreadyApproved => forbidden(
            "group-already-approved",
            "Your groups have approved this request already.",
            "Ask a member of the missing groups.",
        ),
    }
}

/// The approver decides about what they saw: each field that they pin must be what is stored.
fn check_expectation(body: &str, expect: Option<&Map<String, Value>>) -> Result<(), ApiError> {
    let stored = view::stored(body);
    for (field, expected) in expect.into_iter().flatten() {
        if !BOUND_PARTS.contains(&field.as_str()) {
            return Err(unprocessable(
                "bad-expectation",
                "`expect` has a field that cannot be pinned.",
                format!("Use only {}.", BOUND_PARTS.join(", ")),
            ));
        }
        if !stored.get(field).is_some_and(|stored| is_same(stored, expected)) {
            return Err(ApiError::new(
                StatusCode::CONFLICT,
                "changed",
                format!("The request's {field} is not what you saw."),
                "Read the request again, and decide about what it says now.",
            ));
        }
    }
    Ok(())
}
