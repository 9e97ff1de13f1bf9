-- What was built for the public, published, withdrawn and corrected: version 4. Book-keeping of ours, not listed as
-- layers and never exported; the files of a release are folders of their own. No row is ever removed, and a number
-- is never used twice. Each change has an entry in the audit log with the hash of the release after it.

CREATE TABLE lagesbild_release (
  number INTEGER PRIMARY KEY NOT NULL, stream TEXT NOT NULL, period TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
  published_on TEXT NOT NULL, revision_of INTEGER REFERENCES lagesbild_release (number), content_sha256 TEXT NOT NULL,
  areas_sha256 TEXT NOT NULL, data_revision INTEGER NOT NULL, built_by TEXT NOT NULL, built_utc TEXT NOT NULL,
  published_by TEXT, published_utc TEXT, withdrawn_by TEXT, withdrawn_utc TEXT, withdrawn_reason TEXT);

CREATE TABLE lagesbild_release_correction (
  number INTEGER NOT NULL REFERENCES lagesbild_release (number), seq INTEGER NOT NULL, on_day TEXT NOT NULL, by TEXT NOT NULL,
  text_sv TEXT NOT NULL, text_en TEXT NOT NULL, PRIMARY KEY (number, seq)) WITHOUT ROWID;
