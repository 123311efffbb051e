-- The audit log: who did what, when. Each entry holds the hash of the one before, and its own over all that it says.

CREATE TABLE audit (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT, -- SQLite remembers the last one, so a cut end is seen
    at              TEXT NOT NULL,
    action          TEXT NOT NULL,
    person_id       TEXT,
    person_name     TEXT,
    person_identity TEXT,          -- JSON
    signing_id      TEXT,
    product_id      TEXT,
    details         TEXT NOT NULL, -- JSON, canonical
    previous        TEXT NOT NULL,
    hash            TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_signing ON audit (signing_id) WHERE signing_id IS NOT NULL;
CREATE INDEX audit_by_product ON audit (product_id) WHERE product_id IS NOT NULL;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- INSERT OR REPLACE deletes without the trigger above, but only what stands at a place that is not the next one.
CREATE TRIGGER audit_goes_on_at_its_end BEFORE INSERT ON audit
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
  OR NEW.previous IS NOT coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
BEGIN SELECT RAISE(ABORT, 'the audit log goes on at its end'); END;
