-- Version 1 of the embedded registry's store. Blobs lie on disk beside it.

CREATE TABLE manifest (
    repository TEXT NOT NULL,
    digest     TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT;

CREATE TABLE tag (
    repository TEXT NOT NULL,
    name       TEXT NOT NULL,
    digest     TEXT NOT NULL,
    PRIMARY KEY (repository, name),
    FOREIGN KEY (repository, digest) REFERENCES manifest (repository, digest)
) STRICT;

-- A subject may be pushed after what refers to it, or never: no foreign key there.
CREATE TABLE referrer (
    repository TEXT NOT NULL,
    subject    TEXT NOT NULL,
    digest     TEXT NOT NULL,
    descriptor TEXT NOT NULL, -- JSON, as the referrers API shows it
    PRIMARY KEY (repository, subject, digest)
) STRICT;
