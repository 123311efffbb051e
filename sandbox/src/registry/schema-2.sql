-- Version 2 of the embedded registry's store. A blob belongs to the repositories that it was pushed to or mounted in,
-- as in every registry that keeps people apart; deleting it in one leaves it in the others.

CREATE TABLE blob (
    repository TEXT NOT NULL,
    digest     TEXT NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT;

-- For mounting from wherever a blob is.
CREATE INDEX blob_by_digest ON blob (digest);

-- Version 1 did not remember this. What a manifest names was in its repository when the manifest came.
WITH document AS (
    SELECT repository, CASE WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT) ELSE '{}' END AS body
    FROM manifest
),
named AS (
    SELECT repository, json_extract(body, '$.config.digest') AS digest FROM document
    UNION ALL
    SELECT repository, json_extract(each.value, '$.digest') FROM document, json_each(body, '$.layers') AS each
    WHERE each.type = 'object'
    UNION ALL
    SELECT repository, json_extract(each.value, '$.digest') FROM document, json_each(body, '$.manifests') AS each
    WHERE each.type = 'object'
)
INSERT OR IGNORE INTO blob (repository, digest)
SELECT repository, lower(digest) FROM named WHERE typeof(digest) = 'text';
