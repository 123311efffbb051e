-- Clients: who may read the secrets document of a product, and to which key it is encrypted.

CREATE TABLE client (
    sequence    INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    product_id  TEXT NOT NULL REFERENCES product (id),
    name        TEXT NOT NULL,
    client_user TEXT NOT NULL, -- the object id of the one person who may read
    public_key  TEXT NOT NULL, -- a JWK
    registered_by TEXT NOT NULL, -- JSON: who
    approved_at TEXT,
    created_at  TEXT NOT NULL
) STRICT;

CREATE INDEX client_by_product ON client (product_id);
