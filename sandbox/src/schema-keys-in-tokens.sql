-- Keys may be kept elsewhere than in this store: each says where, and by what it is found there.

ALTER TABLE signing_key RENAME COLUMN sealed_private TO handle;
ALTER TABLE signing_key ADD COLUMN kept_in TEXT NOT NULL DEFAULT 'software';

CREATE INDEX signing_key_by_place ON signing_key (kept_in);

-- Keys that are being made elsewhere: those that still stand here at a start came to nothing.
CREATE TABLE begun_key (
    operation_id TEXT PRIMARY KEY,
    kept_in      TEXT NOT NULL
) STRICT;
