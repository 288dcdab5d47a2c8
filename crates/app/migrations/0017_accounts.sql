-- Accounts: who issued a set-up link, what a failed sign-in and a used key are sought by, what the form of a key
-- said, former names.

ALTER TABLE credential ADD COLUMN setup_by {text};

CREATE INDEX failed_sign_in_address ON failed_sign_in (from_address, at_ms);
CREATE INDEX idempotency_at ON idempotency (at_ms);
ALTER TABLE idempotency ADD COLUMN fingerprint {text} NOT NULL DEFAULT '';

-- What an organisation was called before an instant; its present name stands with it.
CREATE TABLE former_name (
  id {text} PRIMARY KEY,
  organisation_id {text} NOT NULL REFERENCES organisation (id),
  name {text} NOT NULL,
  until_ms {int} NOT NULL
){strict};
CREATE INDEX former_name_until ON former_name (organisation_id, until_ms);
