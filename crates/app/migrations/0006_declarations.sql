-- Declarations and what each level did to them; the city's report of them.

CREATE TABLE declaration (
  -- The id of its submission: the form it is filled in on.
  id {text} PRIMARY KEY REFERENCES submission (id),
  batch_id {text} NOT NULL REFERENCES batch (id),
  place_id {text} NOT NULL REFERENCES place (id),
  -- 2018-2-001: year, batch, serial.
  number {text} NOT NULL,
  track {text} NOT NULL CHECK (track IN ('StatutoryTown', 'Platform')),
  name {text} NOT NULL,
  county_code {text} NOT NULL,
  city_code {text} NOT NULL,
  stage {text} NOT NULL CHECK (stage IN ('Draft', 'AtTownHead', 'AtCounty', 'AtCity', 'Reported', 'Received', 'UnderReview', 'Proposed', 'Listed', 'NotSelected', 'Returned', 'Withdrawn', 'Held', 'Reserve')),
  -- The edition that was last sent, and the hash of what it says.
  edition_id {text},
  content_hash {text} NOT NULL DEFAULT '',
  started_by {text} NOT NULL,
  handed_by {text},
  confirmed_by {text},
  -- Since it last arrived at the county.
  reviewed_by {text},
  county_number {text},
  -- The order of recommendation in the city report it was sent in.
  city_report_id {text},
  recommended {int},
  -- The clock that runs since the office returned it, and how often that was.
  supplement_due {text},
  supplement_rounds {int} NOT NULL DEFAULT 0,
  reported_day {text},
  is_late {int} NOT NULL DEFAULT 0 CHECK (is_late IN (0, 1)),
  version {int} NOT NULL DEFAULT 1,
  UNIQUE (batch_id, place_id),
  UNIQUE (batch_id, number)
){strict};
CREATE INDEX declaration_place ON declaration (place_id);
CREATE INDEX declaration_batch ON declaration (batch_id, stage);
CREATE INDEX declaration_report ON declaration (city_report_id, recommended);

-- What a person did to it and said: added, never changed.
CREATE TABLE declaration_step (
  id {text} PRIMARY KEY,
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  event {text} NOT NULL,
  stage_before {text} NOT NULL,
  stage_after {text} NOT NULL,
  edition_id {text},
  content_hash {text} NOT NULL,
  opinion {text} NOT NULL DEFAULT '',
  document_number {text} NOT NULL DEFAULT '',
  person_id {text} NOT NULL,
  signature {text} NOT NULL,
  role {text} NOT NULL,
  organisation_id {text} NOT NULL,
  organisation_name {text} NOT NULL,
  at_ms {int} NOT NULL
){strict};
CREATE INDEX declaration_step_of ON declaration_step (declaration_id, at_ms);

-- A bureau's signature on one content hash; a new edition voids it, and the void stays visible.
CREATE TABLE bureau_signature (
  id {text} PRIMARY KEY,
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  edition_id {text} NOT NULL,
  content_hash {text} NOT NULL,
  bureau {text} NOT NULL,
  organisation_id {text} NOT NULL,
  organisation_name {text} NOT NULL,
  person_id {text} NOT NULL,
  signature {text} NOT NULL,
  opinion {text} NOT NULL DEFAULT '',
  signed_ms {int} NOT NULL,
  void_ms {int},
  void_why {text}
){strict};
CREATE INDEX bureau_signature_of ON bureau_signature (declaration_id, signed_ms);

-- What stays with a declaration for ever: sent late, extended, supplemented.
CREATE TABLE declaration_mark (
  id {text} PRIMARY KEY,
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  kind {text} NOT NULL CHECK (kind IN ('Late', 'Extended', 'Supplemented', 'PilotCounty')),
  -- The day that was missed, for a late one.
  due_day {text},
  reason {text} NOT NULL DEFAULT '',
  authority {text} NOT NULL DEFAULT '',
  round {int} NOT NULL DEFAULT 0,
  at_ms {int} NOT NULL
){strict};
CREATE INDEX declaration_mark_of ON declaration_mark (declaration_id);

-- One report of a city: its declarations in order of recommendation.
CREATE TABLE city_report (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  city_code {text} NOT NULL,
  -- The first report of the city in the batch, and those that supplement it.
  ordinal {int} NOT NULL,
  document_number {text} NOT NULL DEFAULT '',
  summary {text} NOT NULL DEFAULT '',
  -- Over the number, the summary and the list with its contents; the three bureaus sign it.
  content_hash {text} NOT NULL DEFAULT '',
  compiled_by {text},
  sent_by {text},
  sent_ms {int},
  version {int} NOT NULL DEFAULT 1,
  UNIQUE (batch_id, city_code, ordinal)
){strict};

CREATE TABLE city_report_item (
  id {text} PRIMARY KEY,
  report_id {text} NOT NULL REFERENCES city_report (id),
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  position {int} NOT NULL CHECK (position >= 1),
  edition_id {text} NOT NULL,
  content_hash {text} NOT NULL,
  UNIQUE (report_id, declaration_id)
){strict};

CREATE TABLE report_signature (
  id {text} PRIMARY KEY,
  report_id {text} NOT NULL REFERENCES city_report (id),
  content_hash {text} NOT NULL,
  bureau {text} NOT NULL,
  organisation_id {text} NOT NULL,
  organisation_name {text} NOT NULL,
  person_id {text} NOT NULL,
  signature {text} NOT NULL,
  signed_ms {int} NOT NULL,
  void_ms {int}
){strict};
CREATE INDEX report_signature_of ON report_signature (report_id, signed_ms);

-- A document kept with a step: the county's letter, the city's, the notice of a call.
CREATE TABLE declaration_document (
  id {text} PRIMARY KEY,
  subject_kind {text} NOT NULL CHECK (subject_kind IN ('batch', 'declaration', 'city_report')),
  subject_id {text} NOT NULL,
  step_event {text} NOT NULL,
  document_number {text} NOT NULL DEFAULT '',
  name {text} NOT NULL,
  media_type {text} NOT NULL,
  size {int} NOT NULL,
  blob_id {text} NOT NULL,
  uploaded_by {text} NOT NULL,
  at_ms {int} NOT NULL
){strict};
CREATE INDEX declaration_document_of ON declaration_document (subject_kind, subject_id, at_ms);
