-- Batches: the call, its window, and every time the window was made longer.

CREATE TABLE batch (
  id {text} PRIMARY KEY,
  programme_id {text} NOT NULL REFERENCES programme (id),
  -- Which batch of the programme: 1, 2.
  ordinal {int} NOT NULL CHECK (ordinal >= 1),
  year {int} NOT NULL,
  title {text} NOT NULL,
  -- About how many towns are wanted; a target, not a limit.
  target_count {int} NOT NULL CHECK (target_count >= 1),
  opens {text} NOT NULL,
  -- The last day as the notice says it, and as it is after rest days and extensions.
  closes_nominal {text} NOT NULL,
  closes {text} NOT NULL,
  closes_why {text} NOT NULL,
  list_by_nominal {text} NOT NULL,
  list_by {text} NOT NULL,
  -- Why the days differ from the plan's, and who allowed it.
  slip_reason {text} NOT NULL DEFAULT '',
  slip_authority {text} NOT NULL DEFAULT '',
  town_form {text} NOT NULL,
  platform_form {text} NOT NULL,
  stage {text} NOT NULL CHECK (stage IN ('Draft', 'Called', 'Selecting', 'OnNotice', 'Published')),
  opened_by {text} NOT NULL,
  call_number {text},
  called_day {text},
  version {int} NOT NULL DEFAULT 1,
  UNIQUE (programme_id, ordinal)
){strict};

-- A longer window, for the whole batch (no division, no declaration), for a city or a county, or
-- for one declaration; with reason and authority, and never taken back.
CREATE TABLE batch_extension (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  division_code {text} NOT NULL DEFAULT '',
  declaration_id {text} NOT NULL DEFAULT '',
  was {text} NOT NULL,
  until {text} NOT NULL,
  until_why {text} NOT NULL,
  reason {text} NOT NULL,
  authority {text} NOT NULL,
  document_number {text} NOT NULL,
  granted_by {text} NOT NULL,
  granted_ms {int} NOT NULL
){strict};
CREATE INDEX batch_extension_batch ON batch_extension (batch_id, granted_ms);
