//! The SQL of what is shown of signing requests. A long list is many rows, so nothing of them is read that is not shown.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::approval::{Needs, Rule};
use crate::identity::Identity;
use crate::store::{self, ApprovalRow};

type Sql<T> = rusqlite::Result<T>;

/// A signing request with all that is shown of it.
pub struct ShownRow {
    /// Its place in the order in which requests were made.
    pub sequence: i64,
    /// Its UUID.
    pub id: String,
    /// The JSON that was posted.
    pub body: String,
    /// Who asked, as they are shown.
    pub requester_id: String,
    /// Their name.
    pub requester_name: String,
    /// Who asked, for comparing; JSON.
    requester_identity: Option<String>,
    /// The groups that must approve, a JSON list.
    pub required_groups: String,
    /// How many of them must.
    pub needs: Needs,
    self_approval: bool,
    /// It waits no longer than until then.
    pub expires_at: Option<String>,
    /// See [`crate::status`].
    pub status: i64,
    /// Why it failed or was rejected.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When its status last changed or somebody approved.
    pub updated_at: String,
    /// Of a digest that was signed.
    pub signature: Option<Vec<u8>>,
    /// In the order in which they were given.
    pub approvals: Vec<ApprovalRow>,
    /// Oldest first.
    pub history: Vec<HistoryRow>,
}

/// One step in the life of a request.
pub struct HistoryRow {
    /// The status that it came to.
    pub status: i64,
    /// When.
    pub at: String,
    /// Who did it, if it was a person: object id and name.
    pub by: Option<(String, String)>,
    /// What they said.
    pub comment: Option<String>,
}

/// Which signing requests to list; everything, unless it is narrowed.
#[derive(Default)]
pub struct SigningFilter {
    /// Only this status.
    pub status: Option<i64>,
    /// Only this product.
    pub product_id: Option<String>,
}

/// A part of a list.
pub struct Part {
    /// Only those that were made before the one at this place.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
    /// Leaving out so many first.
    pub offset: u32,
}

impl ShownRow {
    /// The groups that must approve, and those that have not yet.
    pub fn groups(&self) -> (Vec<String>, Vec<String>) {
        let groups = store::read_groups(&self.required_groups);
        if self.approvals.is_empty() {
            return (groups.clone(), groups);
        }
        let rule = Rule { groups, needs: self.needs, self_approval: self.self_approval };
        let requester = Identity::stored(&self.requester_id, self.requester_identity.as_deref());
        let approvers: Vec<_> = self.approvals.iter().map(|approval| approval.approver.clone()).collect();
        let missing = rule.missing(&requester, &approvers);
        (rule.groups, missing)
    }

    fn with_steps(mut self, store: &Transaction<'_>) -> Sql<Self> {
        self.approvals = store::approvals(store, &self.id)?;
        self.history = history(store, &self.id)?;
        Ok(self)
    }
}

const SHOWN: &str =
    "SELECT sequence, id, body, requester_id, requester_name, requester_identity, required_groups,
            approvals, self_approval, status, reason, created_at, updated_at,
            CASE WHEN expires_at IS NOT NULL
            THEN strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') END, signature FROM signing";

/// One signing request.
pub fn one(store: &Transaction<'_>, id: &str) -> Sql<Option<ShownRow>> {
    let found =
        store.prepare_cached(&format!("{SHOWN} WHERE id = ?1"))?.query_row([id], shown_row).optional()?;
    found.map(|row| row.with_steps(store)).transpose()
}

/// Signing requests, newest first.
pub fn part(store: &Transaction<'_>, filter: &SigningFilter, part: &Part) -> Sql<Vec<ShownRow>> {
    // A condition that is always there would hide the indexes.
    let status = filter.status.map_or("?1 IS NULL", |_| "status = ?1");
    let product = filter.product_id.as_ref().map_or("?2 IS NULL", |_| "product_id = ?2");
    let before = part.before.map_or("?3 IS NULL", |_| "sequence < ?3");
    // What comes before the part is skipped in an index, which is small. The rows are not, and only the part's are read.
    let is_whole = filter.status.is_none() && filter.product_id.is_none();
    let index = if is_whole { "INDEXED BY signing_in_order" } else { "" };
    let sql = format!(
        "{SHOWN} WHERE sequence IN (
             SELECT sequence FROM signing {index} WHERE {status} AND {product} AND {before}
             ORDER BY sequence DESC LIMIT ?4 OFFSET ?5)
         ORDER BY sequence DESC"
    );
    let values = params![filter.status, filter.product_id, part.before, part.limit, part.offset];
    let mut statement = store.prepare_cached(&sql)?;
    let rows = statement.query_map(values, shown_row)?;
    rows.map(|row| row?.with_steps(store)).collect()
}

/// The steps of a request, oldest first.
fn history(store: &Transaction<'_>, id: &str) -> Sql<Vec<HistoryRow>> {
    let sql =
        "SELECT status, at, by_id, by_name, comment FROM history WHERE signing_id = ?1 ORDER BY sequence";
    let step = |row: &Row<'_>| {
        let (by_id, by_name): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        Ok(HistoryRow { status: row.get(0)?, at: row.get(1)?, by: by_id.zip(by_name), comment: row.get(4)? })
    };
    store.prepare_cached(sql)?.query_map([id], step)?.collect()
}

fn shown_row(row: &Row<'_>) -> Sql<ShownRow> {
    Ok(ShownRow {
        sequence: row.get(0)?,
        id: row.get(1)?,
        body: row.get(2)?,
        requester_id: row.get(3)?,
        requester_name: row.get(4)?,
        requester_identity: row.get(5)?,
        required_groups: row.get(6)?,
        needs: store::needs(row, 7)?,
        self_approval: row.get(8)?,
        status: row.get(9)?,
        reason: row.get(10)?,
        created_at: row.get(11)?,
        updated_at: row.get(12)?,
        expires_at: row.get(13)?,
        signature: row.get(14)?,
        approvals: Vec::new(),
        history: Vec::new(),
    })
}
