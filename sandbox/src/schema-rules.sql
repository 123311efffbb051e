-- Products have a life, and requests the rule under which they were made.

ALTER TABLE product ADD COLUMN state TEXT NOT NULL DEFAULT 'Ready'
    CHECK (state IN ('New', 'InProcess', 'Ready', 'Rejected', 'Failed', 'To Be Deleted', 'Deleted'));
ALTER TABLE product ADD COLUMN state_before TEXT;                   -- to which a restored product comes back
ALTER TABLE product ADD COLUMN revision INTEGER NOT NULL DEFAULT 1; -- grows with each change of body or state
ALTER TABLE product ADD COLUMN created_identity TEXT;               -- JSON; older rows have what is shown
ALTER TABLE product ADD COLUMN changed_identity TEXT;               -- JSON: who changed it last, if anybody did

-- Who approved a product since its last change.
CREATE TABLE product_approval (
    product_id        TEXT NOT NULL REFERENCES product (id),
    approver_identity TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX product_approval_by_product ON product_approval (product_id);

ALTER TABLE signing ADD COLUMN approvals TEXT NOT NULL DEFAULT 'every' CHECK (approvals IN ('every', 'any'));
ALTER TABLE signing ADD COLUMN self_approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE signing ADD COLUMN expires_at INTEGER; -- milliseconds since 1970: it waits no longer

CREATE INDEX signing_by_end ON signing (status, expires_at) WHERE expires_at IS NOT NULL;
