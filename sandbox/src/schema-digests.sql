-- A request may be about a digest: then `artifact` holds it, such as sha256:3fbc…, and its signature stands here.

ALTER TABLE signing ADD COLUMN signature BLOB;
