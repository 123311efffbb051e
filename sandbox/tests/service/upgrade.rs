//! A store of an earlier version is opened with all that it holds.

use ocisign_sandbox::database::{Database, DatabaseError};
use ocisign_sandbox::keys::software;
use ocisign_sandbox::store::{self, MIGRATIONS};

#[tokio::test]
async fn keys_of_the_first_version_are_keys_in_software() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ocisign.sqlite");
    let old = Database::open(&path, &MIGRATIONS[..1]).unwrap();
    let rows = "INSERT INTO product (id, body, created_by, created_at) VALUES ('p', '{}', 'someone', 'then');
        INSERT INTO signing_key (operation_id, product_id, key_type, public_der, sealed_private)
        VALUES ('o', 'p', 'secp256r1', x'01', x'02');";
    old.transact(move |store| Ok::<_, DatabaseError>(store.execute_batch(rows)?)).await.unwrap();
    drop(old);

    let new = Database::open(&path, MIGRATIONS).unwrap();
    let key = new.transact(|store| Ok::<_, DatabaseError>(store::key(store, "o")?)).await.unwrap().unwrap();
    assert_eq!((key.kept_in.as_str(), key.public_der, key.handle), (software::PLACE, vec![1], vec![2]));
}
