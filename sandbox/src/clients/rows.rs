//! The SQL of clients.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::auth::Person;
use crate::identity::Identity;

type Sql<T> = rusqlite::Result<T>;

const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
const COLUMNS: &str = "id, product_id, name, client_user, public_key, registered_by, approved_at, created_at";

/// A client as it stands now.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// Its UUID.
    pub id: String,
    /// Its product.
    pub product_id: String,
    /// For people.
    pub name: String,
    /// The id of the one person who may read.
    pub client_user: String,
    /// A JWK, as text.
    pub public_key: String,
    /// Who registered it.
    pub registered_by: Identity,
    /// When an admin approved it.
    pub approved_at: Option<String>,
    /// When it was registered.
    pub created_at: String,
}

/// A client that is registered.
pub struct NewClient<'a> {
    /// Its UUID.
    pub id: &'a str,
    /// Its product.
    pub product_id: &'a str,
    /// For people.
    pub name: &'a str,
    /// The id of the one person who may read.
    pub client_user: &'a str,
    /// A JWK, as text.
    pub public_key: &'a str,
}

/// Keeps a new client.
pub fn insert(store: &Transaction<'_>, new: &NewClient<'_>, by: &Person) -> Sql<()> {
    let sql = format!(
        "INSERT INTO client (id, product_id, name, client_user, public_key, registered_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, {NOW})"
    );
    let values =
        params![new.id, new.product_id, new.name, new.client_user, new.public_key, by.identity.to_json()];
    store.prepare_cached(&sql)?.execute(values)?;
    Ok(())
}

/// One client.
pub fn get(store: &Transaction<'_>, id: &str) -> Sql<Option<ClientRow>> {
    let sql = format!("SELECT {COLUMNS} FROM client WHERE id = ?1");
    store.prepare_cached(&sql)?.query_row([id], client).optional()
}

/// All clients, oldest first.
pub fn all(store: &Transaction<'_>) -> Sql<Vec<ClientRow>> {
    let sql = format!("SELECT {COLUMNS} FROM client ORDER BY sequence");
    store.prepare_cached(&sql)?.query_map([], client)?.collect()
}

/// The clients of a product, newest first.
pub fn of_product(store: &Transaction<'_>, product_id: &str) -> Sql<Vec<ClientRow>> {
    let sql = format!("SELECT {COLUMNS} FROM client WHERE product_id = ?1 ORDER BY sequence DESC");
    store.prepare_cached(&sql)?.query_map([product_id], client)?.collect()
}

/// How many there are.
pub fn count(store: &Transaction<'_>) -> Sql<usize> {
    let count: i64 = store.prepare_cached("SELECT count(*) FROM client")?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Notes an admin's approval.
pub fn approve(store: &Transaction<'_>, id: &str) -> Sql<()> {
    let sql = format!("UPDATE client SET approved_at = {NOW} WHERE id = ?1");
    store.prepare_cached(&sql)?.execute([id])?;
    Ok(())
}

/// Forgets a client.
pub fn delete(store: &Transaction<'_>, id: &str) -> Sql<()> {
    store.prepare_cached("DELETE FROM client WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn client(row: &Row<'_>) -> Sql<ClientRow> {
    Ok(ClientRow {
        id: row.get(0)?,
        product_id: row.get(1)?,
        name: row.get(2)?,
        client_user: row.get(3)?,
        public_key: row.get(4)?,
        registered_by: Identity::stored("", Some(&row.get::<_, String>(5)?)),
        approved_at: row.get(6)?,
        created_at: row.get(7)?,
    })
}
