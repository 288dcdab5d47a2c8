-- The lists as versions. An entry is a copy of what was published, and never changes.

CREATE TABLE list_version (
  id {text} PRIMARY KEY,
  programme_id {text} NOT NULL REFERENCES programme (id),
  version {int} NOT NULL CHECK (version >= 1),
  batch_id {text} NOT NULL REFERENCES batch (id),
  decision_id {text} NOT NULL REFERENCES decision (id),
  title {text} NOT NULL,
  minutes_number {text} NOT NULL,
  decided_day {text} NOT NULL,
  published_day {text} NOT NULL,
  effective_day {text} NOT NULL,
  approval_number {text},
  -- Until when the cities file the plans, and how that day was computed.
  filing_due {text} NOT NULL,
  filing_why {text} NOT NULL,
  published_by {text} NOT NULL,
  signature {text} NOT NULL,
  UNIQUE (programme_id, version)
){strict};

CREATE TABLE list_entry (
  id {text} PRIMARY KEY,
  list_id {text} NOT NULL REFERENCES list_version (id),
  position {int} NOT NULL,
  place_id {text} NOT NULL REFERENCES place (id),
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  kind {text} NOT NULL CHECK (kind IN ('construction', 'watch')),
  track {text} NOT NULL,
  name {text} NOT NULL,
  county_code {text} NOT NULL,
  county_name {text} NOT NULL,
  city_name {text} NOT NULL,
  batch_ordinal {int} NOT NULL,
  since_day {text} NOT NULL,
  UNIQUE (list_id, place_id)
){strict};
CREATE INDEX list_entry_place ON list_entry (place_id);
