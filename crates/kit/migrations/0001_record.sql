-- The log, the digests of the rows it wrote, its signed heads; and where each thing stands.

CREATE TABLE log_entry (
  seq {int} PRIMARY KEY,
  at_ms {int} NOT NULL,
  person {text} NOT NULL,
  organisation_id {text},
  role {text},
  act {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject_id {text} NOT NULL,
  place_id {text},
  body {text} NOT NULL,
  leaf {bytes} NOT NULL
){strict};
CREATE INDEX log_entry_subject ON log_entry (subject_kind, subject_id, seq);
CREATE INDEX log_entry_place ON log_entry (place_id, seq);
CREATE INDEX log_entry_person ON log_entry (person, seq);
CREATE INDEX log_entry_act ON log_entry (act, seq);

CREATE TABLE log_node (
  level {int} NOT NULL,
  position {int} NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (level, position)
){strict};

CREATE TABLE log_head (
  id {int} PRIMARY KEY CHECK (id = 1),
  size {int} NOT NULL,
  at_ms {int} NOT NULL,
  frontier {bytes} NOT NULL
){strict};
INSERT INTO log_head (id, size, at_ms, frontier) VALUES (1, 0, 0, {empty});

CREATE TABLE log_checkpoint (
  size {int} PRIMARY KEY,
  at_ms {int} NOT NULL,
  note {text} NOT NULL
){strict};

CREATE TABLE row_digest (
  table_name {text} NOT NULL,
  row_id {text} NOT NULL,
  seq {int} NOT NULL,
  ordinal {int} NOT NULL,
  digest {bytes} NOT NULL,
  PRIMARY KEY (table_name, row_id, seq)
){strict};
CREATE INDEX row_digest_seq ON row_digest (seq, ordinal);

-- Where a thing stands, who owes the next step and until when. One open row for each organisation
-- that owes; a row is closed, never changed otherwise.
CREATE TABLE stage (
  id {text} PRIMARY KEY,
  subject_kind {text} NOT NULL,
  subject_id {text} NOT NULL,
  place_id {text},
  stage {text} NOT NULL,
  owing_organisation_id {text},
  owing_role {text},
  due_day {text},
  due_why {text},
  entered_ms {int} NOT NULL,
  entered_by {text} NOT NULL,
  left_ms {int},
  left_by {text},
  remark {text}
){strict};
CREATE INDEX stage_subject ON stage (subject_kind, subject_id, entered_ms);
CREATE INDEX stage_owing ON stage (owing_organisation_id, left_ms, due_day);

-- An attachment kept under the SHA-256 of its content.
CREATE TABLE blob (
  id {text} PRIMARY KEY,
  size {int} NOT NULL,
  media_type {text} NOT NULL
){strict};

-- Unrecorded: what a form already did, so that a double click is harmless.
CREATE TABLE idempotency (
  key {text} PRIMARY KEY,
  person {text} NOT NULL,
  location {text} NOT NULL,
  at_ms {int} NOT NULL
){strict};

-- Unrecorded: who is signed in.
CREATE TABLE session (
  token_hash {text} PRIMARY KEY,
  person_id {text} NOT NULL,
  grant_id {text},
  delegation_id {text},
  started_ms {int} NOT NULL,
  seen_ms {int} NOT NULL,
  factor_ms {int},
  from_address {text}
){strict};
CREATE INDEX session_person ON session (person_id);

-- Unrecorded: failed sign-ins; the lock they lead to is an act.
CREATE TABLE failed_sign_in (
  id {text} PRIMARY KEY,
  login {text} NOT NULL,
  from_address {text},
  at_ms {int} NOT NULL
){strict};
CREATE INDEX failed_sign_in_login ON failed_sign_in (login, at_ms);
