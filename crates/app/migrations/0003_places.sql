-- Programmes, divisions, towns and platforms with the history of their names, and their part in a programme.

CREATE TABLE programme (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  pack {text} NOT NULL,
  division_code {text} NOT NULL,
  valid_from {text} NOT NULL,
  valid_until {text},
  version {int} NOT NULL DEFAULT 1
){strict};

-- A pack as it was put in force, whole, under its digest.
CREATE TABLE pack_version (
  id {text} PRIMARY KEY,
  programme_id {text} NOT NULL REFERENCES programme (id),
  digest {text} NOT NULL,
  content {text} NOT NULL,
  in_force_from {text} NOT NULL
){strict};

-- One state of a division; a rename or merge ends one row and starts another.
CREATE TABLE division (
  id {text} PRIMARY KEY,
  code {text} NOT NULL,
  name {text} NOT NULL,
  level {text} NOT NULL CHECK (level IN ('province', 'city', 'county', 'town')),
  kind {text} NOT NULL,
  parent_code {text},
  -- Set by the county, confirmed by the office: 1, 0, or null for unknown.
  is_county_seat {int} CHECK (is_county_seat IN (0, 1)),
  is_pilot_county {int} CHECK (is_pilot_county IN (0, 1)),
  valid_from {text} NOT NULL,
  valid_until {text}
){strict};
CREATE INDEX division_code ON division (code, valid_from);
CREATE INDEX division_parent ON division (parent_code);

CREATE TABLE place (
  id {text} PRIMARY KEY,
  track {text} NOT NULL CHECK (track IN ('StatutoryTown', 'Platform')),
  name {text} NOT NULL,
  -- The town's code for a statutory town; the county's, or the town's it lies in, for a platform.
  division_code {text} NOT NULL,
  county_code {text} NOT NULL,
  city_code {text} NOT NULL,
  is_industrial_park {int} CHECK (is_industrial_park IN (0, 1)),
  has_legal_operator {int} CHECK (has_legal_operator IN (0, 1)),
  facts_confirmed_by {text},
  facts_confirmed_ms {int},
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX place_division ON place (division_code, id);

-- The names and divisions a place has had.
CREATE TABLE place_name (
  id {text} PRIMARY KEY,
  place_id {text} NOT NULL REFERENCES place (id),
  name {text} NOT NULL,
  division_code {text} NOT NULL,
  valid_from {text} NOT NULL,
  valid_until {text},
  why {text}
){strict};
CREATE INDEX place_name_place ON place_name (place_id, valid_from);

CREATE TABLE membership (
  id {text} PRIMARY KEY,
  place_id {text} NOT NULL REFERENCES place (id),
  programme_id {text} NOT NULL REFERENCES programme (id),
  track {text} NOT NULL,
  stage {text} NOT NULL,
  since_day {text} NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  UNIQUE (place_id, programme_id)
){strict};
