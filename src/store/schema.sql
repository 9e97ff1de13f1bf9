-- The data file: a GeoPackage 1.3 whose tables QGIS opens as they are.
-- Times are UTC text with milliseconds, as GeoPackage asks; an instant has no end_utc.
-- Columns that a later version added stand last, as they do in files that were brought up (migrate.rs).

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));

CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));

-- Feature tables: exactly the current row per id.

CREATE TABLE areas (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, id TEXT NOT NULL UNIQUE,
  name_sv TEXT NOT NULL, name_en TEXT NOT NULL, area_set TEXT NOT NULL, area_type TEXT NOT NULL,
  residents INTEGER, valid_from DATE, valid_to DATE, source TEXT NOT NULL, certainty TEXT NOT NULL,
  how_drawn TEXT NOT NULL, revision INTEGER NOT NULL);

CREATE TABLE places (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL, aliases TEXT NOT NULL, precision_m DOUBLE, area TEXT, source TEXT NOT NULL,
  revision INTEGER NOT NULL);

CREATE TABLE activities (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, start_utc DATETIME NOT NULL, end_utc DATETIME, time_certainty TEXT NOT NULL,
  actors TEXT, mode TEXT, minutes DOUBLE, result TEXT, operation_id TEXT,
  place TEXT, area TEXT, place_text TEXT, precision_m DOUBLE, text TEXT, kept TEXT,
  import_id INTEGER, revision INTEGER NOT NULL, intelligence_led BOOLEAN);

CREATE TABLE observations (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, id TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL, feeling TEXT, start_utc DATETIME NOT NULL, end_utc DATETIME, time_certainty TEXT NOT NULL,
  source TEXT, severity INTEGER,
  place TEXT, area TEXT, place_text TEXT, precision_m DOUBLE, text TEXT, reporter_key TEXT, kept TEXT,
  import_id INTEGER, revision INTEGER NOT NULL, inventory TEXT, photo TEXT);

-- Attribute tables.

CREATE TABLE categories (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL UNIQUE, label_sv TEXT NOT NULL, label_en TEXT NOT NULL);
CREATE TABLE kinds (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL UNIQUE, label_sv TEXT NOT NULL, label_en TEXT NOT NULL);
CREATE TABLE roles (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL UNIQUE, label_sv TEXT NOT NULL, label_en TEXT NOT NULL);

CREATE TABLE promises (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, text_sv TEXT NOT NULL, text_en TEXT NOT NULL,
  period_start DATE NOT NULL, period_end DATE NOT NULL, document TEXT NOT NULL, revision INTEGER NOT NULL);

CREATE TABLE surveys (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, wave TEXT NOT NULL, area TEXT,
  question_sv TEXT NOT NULL, question_en TEXT NOT NULL, respondents TEXT NOT NULL, answer_scale TEXT, unsafe_answers TEXT,
  period_start DATE NOT NULL, period_end DATE NOT NULL,
  asked INTEGER, answered INTEGER, unsafe INTEGER, unsafe_share DOUBLE, margin DOUBLE, source TEXT, revision INTEGER NOT NULL,
  weighted BOOLEAN, dont_know INTEGER, dont_go_there INTEGER);

CREATE TABLE reported_counts (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, organisation TEXT NOT NULL, kind TEXT NOT NULL,
  area TEXT, period_start DATE NOT NULL, period_end DATE NOT NULL, n INTEGER NOT NULL,
  reported_by TEXT NOT NULL, reported_on DATE NOT NULL, revision INTEGER NOT NULL,
  intelligence_led INTEGER, actors TEXT);

CREATE TABLE actions (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, about TEXT, text TEXT NOT NULL,
  owner_organisation TEXT NOT NULL, due DATE, status TEXT NOT NULL, why_not TEXT, recheck DATE, area TEXT, revision INTEGER NOT NULL);

CREATE TABLE reports (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE, organisation TEXT NOT NULL, week TEXT NOT NULL,
  area TEXT, n INTEGER NOT NULL, reported_on DATE, revision INTEGER NOT NULL);

-- Bookings, comments and priorities are in followup.sql.

-- Facts of the file as a whole. The rest of our book-keeping is in books.sql.

CREATE TABLE lagesbild_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);

CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
