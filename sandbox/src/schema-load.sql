-- What the worker has to do, and a page of a long list, stay quick to find, however many requests there are.

CREATE INDEX signing_unfinished ON signing (sequence) WHERE status IN (4, 8);
CREATE INDEX signing_put_off ON signing (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX signing_in_order ON signing (sequence);
