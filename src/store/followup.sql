-- What came with version 3 (a column that a later version added stands last): tables for what is booked, said and put first, and a way to find the counts beside a count.

CREATE TABLE bookings (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  start_utc DATETIME NOT NULL, end_utc DATETIME, time_certainty TEXT NOT NULL, area TEXT, actors TEXT, title TEXT,
  booked_on DATE NOT NULL, cancelled BOOLEAN NOT NULL, activity TEXT, revision INTEGER NOT NULL,
  invitation BOOLEAN);

CREATE TABLE comments (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, promise TEXT NOT NULL, commitment TEXT NOT NULL,
  party TEXT NOT NULL, text TEXT NOT NULL, said_on DATE NOT NULL, revision INTEGER NOT NULL);

CREATE TABLE priorities (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, week TEXT NOT NULL, rank INTEGER NOT NULL,
  area TEXT, text TEXT NOT NULL, owner_organisation TEXT, decided_on DATE NOT NULL, revision INTEGER NOT NULL);

CREATE INDEX reported_counts_beside ON reported_counts (kind, area, period_start);
