-- What was undone before publication: proposals withdrawn, public notices put right.

-- A proposal leaves `proposal` when it is withdrawn, and stays readable here.
CREATE TABLE proposal_withdrawal (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  declaration_id {text} NOT NULL REFERENCES declaration (id),
  reasons {text} NOT NULL,
  proposed_by {text} NOT NULL,
  proposed_signature {text} NOT NULL,
  proposed_ms {int} NOT NULL,
  why {text} NOT NULL,
  -- The conference's minutes, where it had decided already.
  minutes_number {text} NOT NULL,
  withdrawn_by {text} NOT NULL,
  signature {text} NOT NULL,
  at_ms {int} NOT NULL
){strict};
CREATE INDEX proposal_withdrawal_batch ON proposal_withdrawal (batch_id);

-- What the public reads of it; the reasons stay inside.
CREATE TABLE notice_correction (
  id {text} PRIMARY KEY,
  notice_id {text} NOT NULL REFERENCES notice (id),
  -- The entry it is about; 0 for the notice itself.
  position {int} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('withdrawn', 'name', 'phone')),
  was {text} NOT NULL,
  becomes {text} NOT NULL,
  day {text} NOT NULL
){strict};
CREATE INDEX notice_correction_of ON notice_correction (notice_id, id);
