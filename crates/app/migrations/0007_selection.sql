-- Selection, thin: the office's proposals, the conference's decision, the public notice.

CREATE TABLE proposal (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  declaration_id {text} NOT NULL UNIQUE REFERENCES declaration (id),
  reasons {text} NOT NULL,
  proposed_by {text} NOT NULL,
  signature {text} NOT NULL,
  at_ms {int} NOT NULL
){strict};
CREATE INDEX proposal_batch ON proposal (batch_id);

CREATE TABLE decision (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  minutes_number {text} NOT NULL,
  held_on {text} NOT NULL,
  -- The members present, by their codes in the pack, a comma between.
  present {text} NOT NULL,
  remarks {text} NOT NULL,
  decided_by {text} NOT NULL,
  signature {text} NOT NULL,
  at_ms {int} NOT NULL,
  UNIQUE (batch_id)
){strict};

CREATE TABLE decision_item (
  id {text} PRIMARY KEY,
  decision_id {text} NOT NULL REFERENCES decision (id),
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  position {int} NOT NULL,
  UNIQUE (decision_id, declaration_id)
){strict};

-- What the public reads, copied out so that no page of the public side touches anything else.
CREATE TABLE notice (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  decision_id {text} NOT NULL REFERENCES decision (id),
  title {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  working_days {int} NOT NULL,
  phone {text} NOT NULL
){strict};

CREATE TABLE notice_entry (
  id {text} PRIMARY KEY,
  notice_id {text} NOT NULL REFERENCES notice (id),
  position {int} NOT NULL,
  name {text} NOT NULL,
  track {text} NOT NULL,
  county_name {text} NOT NULL,
  city_name {text} NOT NULL
){strict};
CREATE INDEX notice_entry_of ON notice_entry (notice_id, position);
