-- Our own book-keeping; not listed as layers.

-- What was done, by whom, in one chain: each entry holds the hash of the one before. An entry with a revision
-- is a change of records; content_sha256 is the hash of what that revision made, ended and purged.
CREATE TABLE lagesbild_audit (
  seq INTEGER PRIMARY KEY NOT NULL, at_utc TEXT NOT NULL, actor TEXT NOT NULL, identity TEXT NOT NULL,
  action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT, revision INTEGER UNIQUE, import_id INTEGER,
  content_sha256 TEXT, chain_sha256 TEXT NOT NULL);

CREATE VIEW lagesbild_revision AS
  SELECT revision, at_utc, actor, identity, subject AS what, action, reason, import_id, chain_sha256
  FROM lagesbild_audit WHERE revision IS NOT NULL;

CREATE TABLE lagesbild_import (
  import_id INTEGER PRIMARY KEY NOT NULL, at_utc TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
  collection TEXT NOT NULL, id_prefix TEXT NOT NULL, rows INTEGER NOT NULL, accepted INTEGER NOT NULL, rejected INTEGER NOT NULL,
  revision INTEGER NOT NULL, undone_revision INTEGER);
CREATE INDEX lagesbild_import_sha256 ON lagesbild_import (sha256);

-- Superseded and withdrawn versions. A purged one has lost its record and its reason and keeps the hashes they had.
CREATE TABLE lagesbild_history (
  collection TEXT NOT NULL, id TEXT NOT NULL, from_revision INTEGER NOT NULL, to_revision INTEGER NOT NULL,
  fid INTEGER NOT NULL, reason TEXT NOT NULL, reason_sha256 TEXT NOT NULL, record TEXT, record_sha256 TEXT NOT NULL,
  purged_revision INTEGER,
  PRIMARY KEY (collection, id, from_revision)) WITHOUT ROWID;

-- What was answered to a request that may be sent again. No content: the answer is made from the version it names.
CREATE TABLE lagesbild_retry (
  actor TEXT NOT NULL, key TEXT NOT NULL, request_sha256 TEXT NOT NULL, at_utc TEXT NOT NULL,
  revision INTEGER NOT NULL, records TEXT NOT NULL, PRIMARY KEY (actor, key)) WITHOUT ROWID;

-- How long records are kept, by collection and source ('' is any other source), and what is left of those that are gone.
CREATE TABLE lagesbild_retention (
  collection TEXT NOT NULL, source TEXT NOT NULL, keep_days INTEGER NOT NULL, PRIMARY KEY (collection, source)) WITHOUT ROWID;

CREATE TABLE lagesbild_purged_count (
  purged_revision INTEGER NOT NULL, collection TEXT NOT NULL, month TEXT NOT NULL, term TEXT NOT NULL, source TEXT NOT NULL,
  area TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (purged_revision, collection, month, term, source, area)) WITHOUT ROWID;
