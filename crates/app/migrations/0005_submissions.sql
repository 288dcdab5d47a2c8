-- Filled forms of any kind: what was sent (editions, recorded) and what is being written (drafts, unrecorded).

CREATE TABLE submission (
  id {text} PRIMARY KEY,
  -- What it is sent as: `declaration`.
  kind {text} NOT NULL,
  form_code {text} NOT NULL,
  pack_digest {text} NOT NULL,
  place_id {text} NOT NULL REFERENCES place (id),
  batch_id {text},
  owner_organisation_id {text} NOT NULL REFERENCES organisation (id),
  -- Whether its draft may be written to.
  is_open {int} NOT NULL CHECK (is_open IN (0, 1)),
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX submission_place ON submission (place_id, form_code);
CREATE INDEX submission_batch ON submission (batch_id);

-- One sent version. Its rows are never changed.
CREATE TABLE edition (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL REFERENCES submission (id),
  number {int} NOT NULL,
  content_hash {text} NOT NULL,
  sealed_ms {int} NOT NULL,
  sealed_by {text} NOT NULL,
  pack_digest {text} NOT NULL,
  UNIQUE (submission_id, number)
){strict};

-- An edition that has left the organisation that filled it in; until then nobody else reads it.
CREATE TABLE edition_release (
  id {text} PRIMARY KEY,
  edition_id {text} NOT NULL UNIQUE REFERENCES edition (id),
  released_ms {int} NOT NULL,
  released_by {text} NOT NULL
){strict};

CREATE TABLE section (
  id {text} PRIMARY KEY,
  edition_id {text} NOT NULL REFERENCES edition (id),
  code {text} NOT NULL,
  content {text} NOT NULL,
  UNIQUE (edition_id, code)
){strict};

CREATE TABLE edition_file (
  id {text} PRIMARY KEY,
  edition_id {text} NOT NULL REFERENCES edition (id),
  item {text} NOT NULL,
  name {text} NOT NULL,
  blob_id {text} NOT NULL REFERENCES blob (id),
  size {int} NOT NULL,
  media_type {text} NOT NULL,
  position {int} NOT NULL
){strict};
CREATE INDEX edition_file_edition ON edition_file (edition_id, item, position);

-- What a reviewer found at fault in an edition, at its item; settled when the next edition is sent.
CREATE TABLE fault (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL REFERENCES submission (id),
  edition_id {text} NOT NULL REFERENCES edition (id),
  section {text} NOT NULL,
  item {text} NOT NULL,
  says {text} NOT NULL,
  raised_ms {int} NOT NULL,
  raised_by {text} NOT NULL,
  settled_ms {int}
){strict};
CREATE INDEX fault_submission ON fault (submission_id, settled_ms);

-- Unrecorded: the draft of each section, with the version that guards against overwriting a colleague.
CREATE TABLE draft_section (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL,
  code {text} NOT NULL,
  content {text} NOT NULL,
  version {int} NOT NULL,
  saved_ms {int} NOT NULL,
  saved_by {text} NOT NULL,
  done {int} NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  UNIQUE (submission_id, code)
){strict};

-- Unrecorded: attachments of a draft. The content lies under its hash from the start.
CREATE TABLE draft_file (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL,
  item {text} NOT NULL,
  name {text} NOT NULL,
  blob_id {text} NOT NULL,
  size {int} NOT NULL,
  media_type {text} NOT NULL,
  position {int} NOT NULL,
  added_ms {int} NOT NULL,
  added_by {text} NOT NULL
){strict};
CREATE INDEX draft_file_submission ON draft_file (submission_id, item, position);

-- Unrecorded: what a person typed while a colleague saved the same section, until he has chosen.
CREATE TABLE draft_aside (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL,
  code {text} NOT NULL,
  person_id {text} NOT NULL,
  content {text} NOT NULL,
  at_ms {int} NOT NULL,
  UNIQUE (submission_id, code, person_id)
){strict};
