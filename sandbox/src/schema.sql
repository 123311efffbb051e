-- Version 1 of the service's store.
-- Times are UTC, RFC 3339, in text. Bodies are kept as they came.

CREATE TABLE secret (
    name   TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE product (
    sequence   INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    body       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- The key of one operation of a product.
CREATE TABLE signing_key (
    operation_id   TEXT PRIMARY KEY,
    product_id     TEXT NOT NULL REFERENCES product (id),
    key_type       TEXT NOT NULL,
    public_der     BLOB NOT NULL,
    sealed_private BLOB NOT NULL
) STRICT;

CREATE TABLE signing (
    sequence        INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    product_id      TEXT NOT NULL REFERENCES product (id),
    operation_id    TEXT NOT NULL REFERENCES signing_key (operation_id),
    artifact        TEXT NOT NULL,
    body            TEXT NOT NULL,
    requester_id    TEXT NOT NULL,
    requester_name  TEXT NOT NULL,
    required_groups TEXT NOT NULL, -- a JSON list: the rule as it was when the request was made
    status          INTEGER NOT NULL,
    reason          TEXT,
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL
) STRICT;

-- The worker looks for what is approved or was being signed.
CREATE INDEX signing_by_status ON signing (status);

CREATE TABLE approval (
    signing_id    TEXT NOT NULL REFERENCES signing (id),
    approver_id   TEXT NOT NULL,
    approver_name TEXT NOT NULL,
    groups        TEXT NOT NULL, -- a JSON list: the approver's groups when they approved
    comment       TEXT,
    at            TEXT NOT NULL,
    PRIMARY KEY (signing_id, approver_id)
) STRICT;

CREATE TABLE history (
    sequence   INTEGER PRIMARY KEY,
    signing_id TEXT NOT NULL REFERENCES signing (id),
    status     INTEGER NOT NULL,
    at         TEXT NOT NULL,
    by_id      TEXT,
    by_name    TEXT,
    comment    TEXT
) STRICT;

CREATE INDEX history_by_signing ON history (signing_id);

-- One username and password per registry domain, as the reference says.
CREATE TABLE registry_credential (
    domain          TEXT PRIMARY KEY,
    username        TEXT NOT NULL,
    sealed_password BLOB NOT NULL,
    origin          TEXT NOT NULL CHECK (origin IN ('admin', 'start')),
    created_at      TEXT NOT NULL
) STRICT;
