//! The SQL of products. Each function is one step of somebody's transaction.

use rusqlite::types::Type;
use rusqlite::{Error, OptionalExtension, Row, Transaction, params};

use crate::auth::Person;
use crate::identity::Identity;
use crate::product_state::ProductState;
use crate::status;

type Sql<T> = rusqlite::Result<T>;

const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
const COLUMNS: &str =
    "id, body, state, state_before, revision, created_by, created_identity, changed_identity";

/// A product as it stands now.
#[derive(Debug, Clone)]
pub struct ProductRow {
    /// Its UUID.
    pub id: String,
    /// Its JSON, with ids and public keys.
    pub body: String,
    /// Where it stands.
    pub state: ProductState,
    /// Where it stood before it was marked for deletion.
    pub state_before: Option<ProductState>,
    /// Grows with each change.
    pub revision: i64,
    /// Who made it.
    pub creator: Identity,
    /// Who changed it last, or made it.
    pub author: Identity,
}

/// Keeps a new product.
pub fn insert(store: &Transaction<'_>, id: &str, body: &str, state: ProductState, by: &Person) -> Sql<()> {
    store
        .prepare_cached(&format!(
            "INSERT INTO product (id, body, created_by, created_at, state, created_identity)
             VALUES (?1, ?2, ?3, {NOW}, ?4, ?5)"
        ))?
        .execute(params![id, body, by.identity.shown(), state.as_str(), by.identity.to_json()])?;
    Ok(())
}

/// One product, whatever its state.
pub fn get(store: &Transaction<'_>, id: &str) -> Sql<Option<ProductRow>> {
    store
        .prepare_cached(&format!("SELECT {COLUMNS} FROM product WHERE id = ?1"))?
        .query_row([id], product)
        .optional()
}

/// All products that are not deleted, oldest first.
pub fn all(store: &Transaction<'_>) -> Sql<Vec<ProductRow>> {
    store
        .prepare_cached(&format!("SELECT {COLUMNS} FROM product WHERE state <> 'Deleted' ORDER BY sequence"))?
        .query_map([], product)?
        .collect()
}

/// The size of all products that this person made and that lists show.
pub fn bytes_of(store: &Transaction<'_>, creator: &str) -> Sql<usize> {
    let sql =
        "SELECT coalesce(sum(length(body)), 0) FROM product WHERE created_by = ?1 AND state <> 'Deleted'";
    let bytes: i64 = store.prepare_cached(sql)?.query_row([creator], |row| row.get(0))?;
    Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// Gives a product another body and state; who approved it before approved another.
pub fn change(store: &Transaction<'_>, id: &str, body: &str, state: ProductState, by: &Person) -> Sql<()> {
    store.prepare_cached("DELETE FROM product_approval WHERE product_id = ?1")?.execute([id])?;
    store
        .prepare_cached(
            "UPDATE product SET body = ?2, state = ?3, changed_identity = ?4, revision = revision + 1 WHERE id = ?1",
        )?
        .execute(params![id, body, state.as_str(), by.identity.to_json()])?;
    Ok(())
}

/// Gives a product another body, and leaves all else.
pub fn set_body(store: &Transaction<'_>, id: &str, body: &str) -> Sql<()> {
    let sql = "UPDATE product SET body = ?2, revision = revision + 1 WHERE id = ?1";
    store.prepare_cached(sql)?.execute([id, body])?;
    Ok(())
}

/// Brings a product to another state.
pub fn set_state(store: &Transaction<'_>, id: &str, state: ProductState) -> Sql<()> {
    let sql = "UPDATE product SET state_before = state, state = ?2, revision = revision + 1 WHERE id = ?1";
    store.prepare_cached(sql)?.execute([id, state.as_str()])?;
    Ok(())
}

/// How many requests there ever were for it.
pub fn count_requests(store: &Transaction<'_>, id: &str) -> Sql<i64> {
    let sql = "SELECT count(*) FROM signing WHERE product_id = ?1";
    store.prepare_cached(sql)?.query_row([id], |row| row.get(0))
}

/// How many of its requests have not come to an end.
pub fn count_open_requests(store: &Transaction<'_>, id: &str) -> Sql<i64> {
    let sql = "SELECT count(*) FROM signing WHERE product_id = ?1 AND status NOT IN (?2, ?3, ?4)";
    let ends = params![id, status::SIGNED, status::REJECTED, status::FAILED];
    store.prepare_cached(sql)?.query_row(ends, |row| row.get(0))
}

/// Who approved it since its last change.
pub fn approvers(store: &Transaction<'_>, id: &str) -> Sql<Vec<Identity>> {
    store
        .prepare_cached("SELECT approver_identity FROM product_approval WHERE product_id = ?1")?
        .query_map([id], |row| Ok(Identity::stored("", Some(&row.get::<_, String>(0)?))))?
        .collect()
}

/// Keeps an admin's approval.
pub fn insert_approval(store: &Transaction<'_>, id: &str, by: &Person) -> Sql<()> {
    store
        .prepare_cached("INSERT INTO product_approval (product_id, approver_identity) VALUES (?1, ?2)")?
        .execute([id, &by.identity.to_json()])?;
    Ok(())
}

fn product(row: &Row<'_>) -> Sql<ProductRow> {
    let shown: String = row.get(5)?;
    let (created, changed): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let author = changed.as_ref().or(created.as_ref());
    let before: Option<String> = row.get(3)?;
    Ok(ProductRow {
        id: row.get(0)?,
        body: row.get(1)?,
        state: state(2, &row.get::<_, String>(2)?)?,
        state_before: before.map(|text| state(3, &text)).transpose()?,
        revision: row.get(4)?,
        creator: Identity::stored(&shown, created.as_deref()),
        author: Identity::stored(&shown, author.map(String::as_str)),
    })
}

fn state(column: usize, text: &str) -> Sql<ProductState> {
    let unknown = || Error::FromSqlConversionFailure(column, Type::Text, "an unknown state".into());
    ProductState::parse(text).ok_or_else(unknown)
}
