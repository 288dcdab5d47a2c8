-- Who filled in what: nobody confirms, reviews, approves or signs what he filled in himself.

-- Unrecorded: everybody who has put a word or a file into a draft; added, never taken out.
CREATE TABLE draft_editor (
  id {text} PRIMARY KEY,
  submission_id {text} NOT NULL,
  person_id {text} NOT NULL,
  -- When he last did.
  at_ms {int} NOT NULL,
  UNIQUE (submission_id, person_id)
){strict};

-- The drafts of before know who saved last.
INSERT INTO draft_editor (id, submission_id, person_id, at_ms)
SELECT w.submission_id || '.' || w.person_id, w.submission_id, w.person_id, MAX(w.at_ms) FROM (
  SELECT submission_id, saved_by AS person_id, saved_ms AS at_ms FROM draft_section WHERE saved_by <> ''
  UNION ALL
  SELECT submission_id, added_by AS person_id, added_ms AS at_ms FROM draft_file WHERE added_by <> ''
) w GROUP BY w.submission_id, w.person_id;

-- The same people, kept with each edition when it is sealed.
CREATE TABLE edition_editor (
  id {text} PRIMARY KEY,
  edition_id {text} NOT NULL REFERENCES edition (id),
  person_id {text} NOT NULL,
  UNIQUE (edition_id, person_id)
){strict};

-- Everybody who has drafted a batch; `batch.opened_by` is the first of them.
CREATE TABLE batch_editor (
  id {text} PRIMARY KEY,
  batch_id {text} NOT NULL REFERENCES batch (id),
  person_id {text} NOT NULL,
  UNIQUE (batch_id, person_id)
){strict};
