-- People, their keys and sessions. Book-keeping of ours: not listed as layers, and never exported.
-- Of a password its argon2id hash is kept, of a key or a session the SHA-256 of its 32 random bytes.

CREATE TABLE lagesbild_user (
  name TEXT PRIMARY KEY NOT NULL, roles TEXT NOT NULL, password_phc TEXT, added_utc TEXT NOT NULL, revoked_utc TEXT);

CREATE TABLE lagesbild_key (
  prefix TEXT PRIMARY KEY NOT NULL, user TEXT NOT NULL REFERENCES lagesbild_user (name), label TEXT NOT NULL,
  scope TEXT NOT NULL, sha256 BLOB NOT NULL, added_utc TEXT NOT NULL, expires_utc TEXT NOT NULL,
  last_used_utc TEXT, revoked_utc TEXT);

CREATE TABLE lagesbild_session (
  sha256 BLOB PRIMARY KEY NOT NULL, user TEXT NOT NULL REFERENCES lagesbild_user (name), begun_utc TEXT NOT NULL,
  last_used_utc TEXT NOT NULL, expires_utc TEXT NOT NULL) WITHOUT ROWID;
