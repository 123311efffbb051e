-- Version 2 of the service's store. A person is kept as what the issuer's one claim says, with who vouches for it;
-- rows of version 1 have none of it, and are read by what they show. A passing failure of a registry is tried again.

ALTER TABLE signing ADD COLUMN requester_identity TEXT; -- JSON
ALTER TABLE signing ADD COLUMN tried_since INTEGER;     -- milliseconds since 1970: the first failure in a row
ALTER TABLE signing ADD COLUMN retry_at INTEGER;        -- milliseconds since 1970: not before

-- Two issuers may call two people by one id, so the id alone is no key any more.
CREATE TABLE approval_2 (
    sequence          INTEGER PRIMARY KEY,
    signing_id        TEXT NOT NULL REFERENCES signing (id),
    approver_id       TEXT NOT NULL,
    approver_name     TEXT NOT NULL,
    approver_identity TEXT, -- JSON
    groups            TEXT NOT NULL, -- a JSON list: those of the rule that the approver was in then
    comment           TEXT,
    at                TEXT NOT NULL
) STRICT;

INSERT INTO approval_2 (signing_id, approver_id, approver_name, groups, comment, at)
SELECT signing_id, approver_id, approver_name, groups, comment, at FROM approval ORDER BY rowid;

DROP TABLE approval;
ALTER TABLE approval_2 RENAME TO approval;
CREATE INDEX approval_by_signing ON approval (signing_id);

-- Lists of one product's requests.
CREATE INDEX signing_by_product ON signing (product_id);
