//! The SQL of signing requests, keys and credentials. Each function is one step of somebody's transaction.

use rusqlite::types::Type;
use rusqlite::{Error, OptionalExtension, Params, Row, Transaction, params};
use serde_json::Value;

use crate::approval::{self, Approver, Needs, Rule};
use crate::auth::Person;
use crate::identity::Identity;
use crate::status;
use crate::subject::Subject;

/// How each version of the store is made from the one before.
pub const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-keys-in-tokens.sql"),
    include_str!("schema-rules.sql"),
    include_str!("schema-audit.sql"),
    include_str!("schema-clients.sql"),
    include_str!("schema-load.sql"),
    include_str!("schema-digests.sql"),
];

const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

type Sql<T> = rusqlite::Result<T>;

/// The key of an operation, as [`crate::keys`] finds it.
pub struct KeyRow {
    /// As [`ocisign::KeyType::parse`] reads it.
    pub key_type: String,
    /// SubjectPublicKeyInfo.
    pub public_der: Vec<u8>,
    /// Which store has the private half.
    pub kept_in: String,
    /// By which that store finds it.
    pub handle: Vec<u8>,
}

/// A signing request as it stands now, for who decides or signs. [`crate::shown_rows`] reads what is shown of it.
pub struct SigningRow {
    /// Its UUID.
    pub id: String,
    /// The operation whose key signs.
    pub operation_id: String,
    /// What is signed, read once when the row is.
    pub subject: Subject,
    /// The JSON that was posted.
    pub body: String,
    /// Who asked, for comparing.
    pub requester: Identity,
    /// The groups that must approve, a JSON list.
    pub required_groups: String,
    /// How many of them must.
    pub approvals: Needs,
    /// Whether the requester may approve, too.
    pub self_approval: bool,
    /// It waits no longer than until then: milliseconds since 1970.
    pub expires_at: Option<i64>,
    /// The same as it is shown.
    pub expires_at_shown: Option<String>,
    /// See [`crate::status`].
    pub status: i64,
}

impl SigningRow {
    /// Who must approve it.
    pub fn rule(&self) -> Rule {
        Rule {
            groups: read_groups(&self.required_groups),
            needs: self.approvals,
            self_approval: self.self_approval,
        }
    }
}

/// What a new signing request is made of.
pub struct NewSigning<'a> {
    /// Its UUID.
    pub id: &'a str,
    /// The product.
    pub product_id: &'a str,
    /// The operation.
    pub operation_id: &'a str,
    /// What is to be signed.
    pub subject: &'a Subject,
    /// The JSON that was posted.
    pub body: &'a str,
    /// The groups that must approve, a JSON list.
    pub required_groups: &'a str,
    /// How many of them must.
    pub approvals: Needs,
    /// Whether the requester may approve, too.
    pub self_approval: bool,
    /// Until when it waits: milliseconds since 1970.
    pub expires_at: Option<i64>,
}

/// One approval that was given.
pub struct ApprovalRow {
    /// Who, with their groups, for comparing.
    pub approver: Approver,
    /// Who, as they are shown.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they said.
    pub comment: Option<String>,
    /// When.
    pub at: String,
}

/// A kept credential, without its password.
pub struct CredentialRow {
    /// The registry, with its port.
    pub domain: String,
    /// The user.
    pub username: String,
    /// When it was kept.
    pub created_at: String,
}

/// A kept credential.
pub struct SealedCredential {
    /// The user.
    pub username: String,
    /// As [`crate::vault::Vault`] sealed it.
    pub sealed_password: Vec<u8>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a credential came from: an admin, or the command line of this start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `POST registrycredentials`.
    Admin,
    /// The embedded registry, or `--registry`.
    Start,
}

/// A sealed secret of the sandbox itself.
pub fn secret(store: &Transaction<'_>, name: &str) -> Sql<Option<Vec<u8>>> {
    store
        .prepare_cached("SELECT sealed FROM secret WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Keeps a sealed secret of the sandbox itself.
pub fn put_secret(store: &Transaction<'_>, name: &str, sealed: &[u8]) -> Sql<()> {
    execute(store, "INSERT INTO secret (name, sealed) VALUES (?1, ?2)", params![name, sealed])
}

/// Notes that a key is going to be made in a store that is not this one.
pub fn begin_key(store: &Transaction<'_>, operation_id: &str, kept_in: &str) -> Sql<()> {
    let sql = "INSERT INTO begun_key (operation_id, kept_in) VALUES (?1, ?2)";
    execute(store, sql, [operation_id, kept_in])
}

/// The keys that were going to be made in a store, and came to nothing.
pub fn begun_keys(store: &Transaction<'_>, kept_in: &str) -> Sql<Vec<String>> {
    collect(store, "SELECT operation_id FROM begun_key WHERE kept_in = ?1", [kept_in], |row| row.get(0))
}

/// Forgets that a key was going to be made.
pub fn forget_begun_key(store: &Transaction<'_>, operation_id: &str) -> Sql<()> {
    execute(store, "DELETE FROM begun_key WHERE operation_id = ?1", [operation_id])
}

/// Keeps the key of a product's operation.
pub fn insert_key(store: &Transaction<'_>, operation_id: &str, product_id: &str, key: &KeyRow) -> Sql<()> {
    forget_begun_key(store, operation_id)?;
    execute(
        store,
        "INSERT INTO signing_key (operation_id, product_id, key_type, public_der, kept_in, handle)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![operation_id, product_id, key.key_type, key.public_der, key.kept_in, key.handle],
    )
}

/// The key of an operation.
pub fn key(store: &Transaction<'_>, operation_id: &str) -> Sql<Option<KeyRow>> {
    store
        .prepare_cached(
            "SELECT key_type, public_der, kept_in, handle FROM signing_key WHERE operation_id = ?1",
        )?
        .query_row([operation_id], |row| key_row(row, 0))
        .optional()
}

/// Every key, with its operation's id.
pub fn all_keys(store: &Transaction<'_>) -> Sql<Vec<(String, KeyRow)>> {
    let sql = "SELECT operation_id, key_type, public_der, kept_in, handle FROM signing_key";
    collect(store, sql, [], |row| Ok((row.get(0)?, key_row(row, 1)?)))
}

/// The stores that have keys.
pub fn key_places(store: &Transaction<'_>) -> Sql<Vec<String>> {
    collect(store, "SELECT DISTINCT kept_in FROM signing_key", [], |row| row.get(0))
}

/// Notes that a key is in another store.
pub fn move_key(store: &Transaction<'_>, operation_id: &str, kept_in: &str) -> Sql<()> {
    let sql = "UPDATE signing_key SET kept_in = ?2 WHERE operation_id = ?1";
    execute(store, sql, [operation_id, kept_in])
}

fn key_row(row: &Row<'_>, first: usize) -> Sql<KeyRow> {
    Ok(KeyRow {
        key_type: row.get(first)?,
        public_der: row.get(first + 1)?,
        kept_in: row.get(first + 2)?,
        handle: row.get(first + 3)?,
    })
}

/// Keeps a new signing request, in status 1.
pub fn insert_signing(store: &Transaction<'_>, signing: &NewSigning<'_>, by: &Person) -> Sql<()> {
    let sql = format!(
        "INSERT INTO signing (id, product_id, operation_id, artifact, body, requester_id, requester_name,
                              requester_identity, required_groups, status, approvals, self_approval, expires_at,
                              created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, {NOW}, {NOW})"
    );
    execute(
        store,
        &sql,
        params![
            signing.id,
            signing.product_id,
            signing.operation_id,
            signing.subject.stored(),
            signing.body,
            by.identity.shown(),
            by.name,
            by.identity.to_json(),
            signing.required_groups,
            status::NEW,
            signing.approvals.as_str(),
            signing.self_approval,
            signing.expires_at
        ],
    )?;
    insert_history(store, signing.id, status::NEW, Some(by), None)
}

const SIGNING: &str =
    "SELECT id, operation_id, artifact, body, requester_id, requester_identity, required_groups,
            status, approvals, self_approval, expires_at,
            strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') FROM signing";

/// One signing request.
pub fn signing(store: &Transaction<'_>, id: &str) -> Sql<Option<SigningRow>> {
    store.prepare_cached(&format!("{SIGNING} WHERE id = ?1"))?.query_row([id], signing_row).optional()
}

/// Where a request stands now.
pub fn status(store: &Transaction<'_>, id: &str) -> Sql<Option<i64>> {
    store
        .prepare_cached("SELECT status FROM signing WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// How many requests there are in each status.
pub fn counts(store: &Transaction<'_>) -> Sql<Vec<(i64, i64)>> {
    collect(store, "SELECT status, count(*) FROM signing GROUP BY status", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// In the words of the index `signing_unfinished`.
const UNFINISHED: &str = "status IN (4, 8)";

/// A request that is to be signed.
pub struct Unfinished {
    /// Its UUID.
    pub id: String,
    /// The domain of its image's registry; empty for a digest.
    pub registry: String,
}

/// What the worker has to do now, oldest first: the approved, those that a stop interrupted, and those that were put
/// off until now; without these requests and registries, and without those whose keys are in one of these stores.
pub fn unfinished(
    store: &Transaction<'_>,
    now: i64,
    without: &[String],
    without_registries: &[String],
    without_keys_in: &[String],
    at_most: usize,
) -> Sql<Vec<Unfinished>> {
    let list = |texts: &[String]| Value::from(texts).to_string();
    // Thousands may be approved at once. The index has them in their order, so that the first few are found without
    // looking at the others.
    let sql = format!(
        "SELECT id, substr(artifact, 1, instr(artifact, '/') - 1) AS registry
         FROM signing INDEXED BY signing_unfinished
         WHERE {UNFINISHED} AND (retry_at IS NULL OR retry_at <= ?1)
           AND id NOT IN (SELECT value FROM json_each(?2))
           AND substr(artifact, 1, instr(artifact, '/') - 1) NOT IN (SELECT value FROM json_each(?3))
           AND (?4 = '[]' OR operation_id NOT IN (
             SELECT operation_id FROM signing_key WHERE kept_in IN (SELECT value FROM json_each(?4))))
         ORDER BY sequence LIMIT ?5"
    );
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    let values = params![now, list(without), list(without_registries), list(without_keys_in), at_most];
    collect(store, &sql, values, |row| Ok(Unfinished { id: row.get(0)?, registry: row.get(1)? }))
}

/// When the next request that was put off is due.
pub fn next_retry(store: &Transaction<'_>, now: i64) -> Sql<Option<i64>> {
    let sql = format!(
        "SELECT min(retry_at) FROM signing INDEXED BY signing_put_off WHERE {UNFINISHED} AND retry_at > ?1"
    );
    store.prepare_cached(&sql)?.query_row([now], |row| row.get(0))
}

/// Waiting requests whose time is over.
pub fn overdue(store: &Transaction<'_>, now: i64, at_most: u32) -> Sql<Vec<SigningRow>> {
    collect(
        store,
        &format!("{SIGNING} WHERE expires_at <= ?1 AND status = ?2 ORDER BY expires_at LIMIT ?3"),
        params![now, status::WAITING, at_most],
        signing_row,
    )
}

/// When the time of the next waiting request is over.
pub fn next_end(store: &Transaction<'_>) -> Sql<Option<i64>> {
    let sql = "SELECT min(expires_at) FROM signing WHERE expires_at IS NOT NULL AND status = ?1";
    store.prepare_cached(sql)?.query_row([status::WAITING], |row| row.get(0))
}

/// Since when a request is tried in vain.
pub fn tried_since(store: &Transaction<'_>, id: &str) -> Sql<Option<i64>> {
    store.prepare_cached("SELECT tried_since FROM signing WHERE id = ?1")?.query_row([id], |row| row.get(0))
}

/// Says of each request whose key is in a store why it waits.
pub fn explain_waiting(store: &Transaction<'_>, kept_in: &str, reason: &str) -> Sql<()> {
    let sql = format!(
        "UPDATE signing SET reason = ?2, updated_at = {NOW}
         WHERE status IN (?3, ?4) AND reason IS NOT ?2
           AND operation_id IN (SELECT operation_id FROM signing_key WHERE kept_in = ?1)"
    );
    execute(store, &sql, params![kept_in, reason, status::APPROVED, status::SIGNING])
}

/// Says why one request waits.
pub fn set_reason(store: &Transaction<'_>, id: &str, reason: &str) -> Sql<()> {
    let sql =
        format!("UPDATE signing SET reason = ?2, updated_at = {NOW} WHERE id = ?1 AND reason IS NOT ?2");
    execute(store, &sql, [id, reason])
}

/// Puts a request off; its status stays.
pub fn put_off(store: &Transaction<'_>, id: &str, since: i64, until: i64) -> Sql<()> {
    let sql = "UPDATE signing SET tried_since = ?2, retry_at = ?3 WHERE id = ?1";
    execute(store, sql, params![id, since, until])
}

/// Brings a request to its next status, with what is to be remembered about it.
pub fn set_status(
    store: &Transaction<'_>,
    id: &str,
    status: i64,
    by: Option<&Person>,
    comment: Option<&str>,
    reason: Option<&str>,
) -> Sql<()> {
    let sql = format!("UPDATE signing SET status = ?2, reason = ?3, updated_at = {NOW} WHERE id = ?1");
    execute(store, &sql, params![id, status, reason])?;
    insert_history(store, id, status, by, comment)
}

/// Keeps the signature of a digest.
pub fn set_signature(store: &Transaction<'_>, id: &str, signature: &[u8]) -> Sql<()> {
    execute(store, "UPDATE signing SET signature = ?2 WHERE id = ?1", params![id, signature])
}

fn insert_history(
    store: &Transaction<'_>,
    id: &str,
    status: i64,
    by: Option<&Person>,
    comment: Option<&str>,
) -> Sql<()> {
    let sql = format!(
        "INSERT INTO history (signing_id, status, at, by_id, by_name, comment)
         VALUES (?1, ?2, {NOW}, ?3, ?4, ?5)"
    );
    let (by_id, by_name) = (by.map(|person| person.identity.shown()), by.map(|person| &person.name));
    execute(store, &sql, params![id, status, by_id, by_name, comment])
}

/// Keeps an approval.
pub fn insert_approval(
    store: &Transaction<'_>,
    id: &str,
    by: &Person,
    groups: &str,
    comment: Option<&str>,
) -> Sql<()> {
    let sql = format!(
        "INSERT INTO approval (signing_id, approver_id, approver_name, approver_identity, groups, comment, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, {NOW})"
    );
    let (shown, identity) = (by.identity.shown(), by.identity.to_json());
    execute(store, &sql, params![id, shown, by.name, identity, groups, comment])?;
    let touch = format!("UPDATE signing SET updated_at = {NOW} WHERE id = ?1");
    execute(store, &touch, [id])
}

/// The approvals of one request, in the order in which they were given.
pub fn approvals(store: &Transaction<'_>, id: &str) -> Sql<Vec<ApprovalRow>> {
    let sql = "SELECT approver_id, approver_name, approver_identity, groups, comment, at FROM approval
         WHERE signing_id = ?1 ORDER BY sequence";
    collect(store, sql, [id], |row| {
        let (id, identity, groups): (String, Option<String>, String) =
            (row.get(0)?, row.get(2)?, row.get(3)?);
        let identity = Identity::stored(&id, identity.as_deref());
        Ok(ApprovalRow {
            approver: Approver { identity, groups: read_groups(&groups) },
            id,
            name: row.get(1)?,
            comment: row.get(4)?,
            at: row.get(5)?,
        })
    })
}

/// Keeps a credential; false when the domain has one already.
pub fn insert_credential(
    store: &Transaction<'_>,
    domain: &str,
    username: &str,
    sealed_password: &[u8],
    origin: Origin,
) -> Sql<bool> {
    let sql = format!(
        "INSERT INTO registry_credential (domain, username, sealed_password, origin, created_at)
         VALUES (?1, ?2, ?3, ?4, {NOW}) ON CONFLICT (domain) DO NOTHING"
    );
    let origin = match origin {
        Origin::Admin => "admin",
        Origin::Start => "start",
    };
    Ok(store.execute(&sql, params![domain, username, sealed_password, origin])? == 1)
}

/// Forgets what an earlier start brought; gives the domains.
pub fn forget_start_credentials(store: &Transaction<'_>) -> Sql<Vec<String>> {
    let sql = "DELETE FROM registry_credential WHERE origin = 'start' RETURNING domain";
    collect(store, sql, [], |row| row.get(0))
}

/// Forgets a credential; false when there was none.
pub fn delete_credential(store: &Transaction<'_>, domain: &str) -> Sql<bool> {
    Ok(store.execute("DELETE FROM registry_credential WHERE domain = ?1", [domain])? == 1)
}

/// All kept credentials, without passwords.
pub fn credentials(store: &Transaction<'_>) -> Sql<Vec<CredentialRow>> {
    collect(
        store,
        "SELECT domain, username, created_at FROM registry_credential ORDER BY domain",
        [],
        |row| Ok(CredentialRow { domain: row.get(0)?, username: row.get(1)?, created_at: row.get(2)? }),
    )
}

/// The credential for exactly this domain.
pub fn credential(store: &Transaction<'_>, domain: &str) -> Sql<Option<SealedCredential>> {
    store
        .prepare_cached(
            "SELECT username, sealed_password, origin = 'start' FROM registry_credential WHERE domain = ?1",
        )?
        .query_row([domain], |row| {
            let origin = if row.get(2)? { Origin::Start } else { Origin::Admin };
            Ok(SealedCredential { username: row.get(0)?, sealed_password: row.get(1)?, origin })
        })
        .optional()
}

/// A JSON list of groups, as this module wrote it; older rows have other spellings and repetitions.
pub fn read_groups(text: &str) -> Vec<String> {
    let written: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    approval::distinct(written.iter().map(String::as_str))
}

fn signing_row(row: &Row<'_>) -> Sql<SigningRow> {
    let (requester_id, identity): (String, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(SigningRow {
        id: row.get(0)?,
        operation_id: row.get(1)?,
        subject: subject(&row.get::<_, String>(2)?)?,
        body: row.get(3)?,
        requester: Identity::stored(&requester_id, identity.as_deref()),
        required_groups: row.get(6)?,
        status: row.get(7)?,
        approvals: needs(row, 8)?,
        self_approval: row.get(9)?,
        expires_at: row.get(10)?,
        expires_at_shown: row.get(11)?,
    })
}

/// How many of a rule's groups must approve.
pub(crate) fn needs(row: &Row<'_>, column: usize) -> Sql<Needs> {
    Ok(Needs::parse(row.get_ref(column)?.as_str()?).unwrap_or_default())
}

/// What is signed, as this module wrote it.
fn subject(text: &str) -> Sql<Subject> {
    let column = 2;
    Subject::read(text).map_err(|cause| Error::FromSqlConversionFailure(column, Type::Text, Box::new(cause)))
}

fn execute(store: &Transaction<'_>, sql: &str, values: impl Params) -> Sql<()> {
    store.prepare_cached(sql)?.execute(values).map(|_| ())
}

fn collect<T>(
    store: &Transaction<'_>,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> Sql<T>,
) -> Sql<Vec<T>> {
    store.prepare_cached(sql)?.query_map(values, read)?.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn the_index_of_unfinished_requests_has_their_codes() {
        let codes = format!("status IN ({}, {})", status::APPROVED, status::SIGNING);
        assert_eq!(UNFINISHED, codes);
        assert!(include_str!("schema-load.sql").contains(&codes));
    }

    #[test]
    fn the_worker_finds_its_work_by_an_index_in_its_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            connection.execute_batch(migration).unwrap();
        }
        let transaction = connection.transaction().unwrap();
        assert!(unfinished(&transaction, 0, &[], &[], &[], 1).unwrap().is_empty());
        assert_eq!(next_retry(&transaction, 0).unwrap(), None);
    }

    #[test]
    fn a_store_of_version_1_keeps_its_approvals_in_their_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO product VALUES (1, 'p', '{}', 'x', 't');
                 INSERT INTO signing_key VALUES ('o', 'p', 'RSA2048', x'00', x'00');
                 INSERT INTO signing VALUES (1, 's', 'p', 'o', 'a.b/c', '{}', 'X', 'n', '[]', 2, NULL, 't', 't');
                 INSERT INTO approval VALUES ('s', 'Z', 'first', '[\"G\"]', NULL, 't'), ('s', 'A', 'second', '[]', 'c', 't');",
            )
            .unwrap();
        connection.execute_batch(MIGRATIONS[1]).unwrap();
        let transaction = connection.transaction().unwrap();
        let rows = approvals(&transaction, "s").unwrap();
        let shown: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect();
        assert_eq!(shown, [("Z", "first"), ("A", "second")]);
    }
}
