//! The SQL of the audit log.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::chain::{BEGINNING, Entry, canonical};
use super::{Act, Action};

type Sql<T> = rusqlite::Result<T>;

const COLUMNS: &str = "sequence, at, action, person_id, person_name, person_identity, signing_id, product_id,
                       details, previous, hash";

/// Which entries to list.
#[derive(Debug, Default)]
pub struct Filter {
    /// Not before this time.
    pub from: Option<String>,
    /// Before this time.
    pub to: Option<String>,
    /// Only what this person did: an id that their tokens have.
    pub person: Option<String>,
    /// Only this action.
    pub action: Option<Action>,
    /// Only about this request.
    pub signing: Option<String>,
    /// Only about this product.
    pub product: Option<String>,
    /// Only what comes after this entry.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// Writes an entry at the end.
pub(super) fn append(store: &Transaction<'_>, act: &Act<'_>) -> Sql<()> {
    let last: Option<(i64, String)> = store
        .prepare_cached("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (sequence, previous) = last.unwrap_or_else(|| (0, BEGINNING.to_owned()));
    let at: String = store
        .prepare_cached("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")?
        .query_row([], |row| row.get(0))?;
    let identity = act.by.map(|person| canonical(&json!(person.identity)));
    let id = act.by.map(|person| person.identity.shown().to_owned());
    let name = act.by.map(|person| person.name.clone());
    let mut entry = Entry {
        sequence: sequence + 1,
        at,
        action: act.action.as_str().to_owned(),
        by: by(id.clone(), name.clone(), identity.clone()),
        signing: act.signing.map(str::to_owned),
        product: product_of(store, act)?,
        details: act.details.clone(),
        previous,
        hash: String::new(),
    };
    entry.hash = entry.computed_hash();
    store
        .prepare_cached(
            "INSERT INTO audit (sequence, at, action, person_id, person_name, person_identity, signing_id,
                                product_id, details, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            entry.sequence,
            entry.at,
            entry.action,
            id,
            name,
            identity,
            entry.signing,
            entry.product,
            canonical(&entry.details),
            entry.previous,
            entry.hash
        ])?;
    Ok(())
}

/// A request says itself which product it is for.
fn product_of(store: &Transaction<'_>, act: &Act<'_>) -> Sql<Option<String>> {
    let Some(signing) = act.signing else { return Ok(act.product.map(str::to_owned)) };
    store
        .prepare_cached("SELECT product_id FROM signing WHERE id = ?1")?
        .query_row([signing], |row| row.get(0))
        .optional()
}

/// The entries that a filter leaves, oldest first.
pub fn entries(store: &Transaction<'_>, filter: &Filter) -> Sql<Vec<Entry>> {
    // A condition that is always there would hide the indexes.
    let from = filter.from.as_ref().map_or("?2 IS NULL", |_| "at >= ?2");
    let to = filter.to.as_ref().map_or("?3 IS NULL", |_| "at < ?3");
    let person = filter.person.as_ref().map_or("?4 IS NULL", |_| {
        "?4 IN (person_id, json_extract(person_identity, '$.id'),
                json_extract(person_identity, '$.object_id'), json_extract(person_identity, '$.subject'))"
    });
    let action = filter.action.map_or("?5 IS NULL", |_| "action = ?5");
    let signing = filter.signing.as_ref().map_or("?6 IS NULL", |_| "signing_id = ?6");
    let product = filter.product.as_ref().map_or("?7 IS NULL", |_| "product_id = ?7");
    let sql = format!(
        "SELECT {COLUMNS} FROM audit
         WHERE sequence > ?1 AND {from} AND {to} AND {person} AND {action} AND {signing} AND {product}
         ORDER BY sequence LIMIT ?8"
    );
    let values = params![
        filter.after,
        filter.from,
        filter.to,
        filter.person,
        filter.action.map(Action::as_str),
        filter.signing,
        filter.product,
        filter.limit
    ];
    store.prepare_cached(&sql)?.query_map(values, entry)?.collect()
}

/// Reads the whole log, entry by entry, and gives the place of the last entry that there ever was.
pub(super) fn walk<E: From<rusqlite::Error>>(
    store: &Connection,
    mut visit: impl FnMut(&Entry) -> Result<(), E>,
) -> Result<i64, E> {
    let mut statement = store.prepare(&format!("SELECT {COLUMNS} FROM audit ORDER BY sequence"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(&entry(row)?)?;
    }
    let last = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'audit'";
    Ok(store.query_row(last, [], |row| row.get(0))?)
}

/// A time as entries have it; none when SQLite cannot read it.
pub fn time(store: &Transaction<'_>, written: &str) -> Sql<Option<String>> {
    store.prepare_cached("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', ?1)")?.query_row([written], |row| row.get(0))
}

fn entry(row: &Row<'_>) -> Sql<Entry> {
    let [id, name, identity] = [row.get(3)?, row.get(4)?, row.get(5)?];
    Ok(Entry {
        sequence: row.get(0)?,
        at: row.get(1)?,
        action: row.get(2)?,
        by: by(id, name, identity),
        signing: row.get(6)?,
        product: row.get(7)?,
        details: stored(&row.get::<_, String>(8)?),
        previous: row.get(9)?,
        hash: row.get(10)?,
    })
}

fn by(id: Option<String>, name: Option<String>, identity: Option<String>) -> Value {
    if id.is_none() && name.is_none() && identity.is_none() {
        return Value::Null;
    }
    json!({ "objectId": id, "name": name, "identity": identity.map(|text| stored(&text)) })
}

/// JSON as this file wrote it. Whatever else stands there is a text, which has another hash.
fn stored(text: &str) -> Value {
    let read: Option<Value> = serde_json::from_str(text).ok();
    read.filter(|value| canonical(value) == text).unwrap_or_else(|| json!(text))
}
