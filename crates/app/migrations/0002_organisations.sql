-- Organisations on four levels, people, the roles they hold, and who stands in for whom.

CREATE TABLE organisation (
  id {text} PRIMARY KEY,
  kind {text} NOT NULL CHECK (kind IN ('office', 'department', 'city', 'bureau', 'county', 'operator', 'audit', 'administration')),
  name {text} NOT NULL,
  -- Which department or bureau: a code of the pack, such as `housing`, `finance`.
  department {text},
  division_code {text} NOT NULL,
  -- Significant digits of the division: 36, 3602, 360222, nine for a town.
  division_prefix {text} NOT NULL,
  -- Deferred, so that a restore may write a child before its parent.
  parent_id {text} REFERENCES organisation (id) DEFERRABLE INITIALLY DEFERRED,
  -- The town or platform an operator runs.
  place_id {text},
  phone {text} NOT NULL,
  valid_from {text} NOT NULL,
  valid_until {text},
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX organisation_division ON organisation (division_prefix, kind);
CREATE INDEX organisation_place ON organisation (place_id);

CREATE TABLE person (
  id {text} PRIMARY KEY,
  login {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  phone {text} NOT NULL,
  employer_id {text} REFERENCES organisation (id),
  disabled_ms {int},
  locked_until_ms {int},
  version {int} NOT NULL DEFAULT 1
){strict};

-- Unrecorded: how a person likes his pages. The id is the person's.
CREATE TABLE preference (
  id {text} PRIMARY KEY REFERENCES person (id),
  text_size {int} NOT NULL
){strict};

-- Recorded, and withheld from exports. The id is the person's.
CREATE TABLE credential (
  id {text} PRIMARY KEY REFERENCES person (id),
  password_hash {text},
  password_day {text},
  former_hashes {text},
  totp_secret {text},
  totp_step {int},
  recovery_hashes {text},
  -- A one-time set-up link: the hash of its token and how long it holds.
  setup_hash {text},
  setup_until_ms {int},
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE UNIQUE INDEX credential_setup ON credential (setup_hash);

CREATE TABLE role_grant (
  id {text} PRIMARY KEY,
  person_id {text} NOT NULL REFERENCES person (id),
  organisation_id {text} NOT NULL REFERENCES organisation (id),
  role {text} NOT NULL,
  requested_by {text} NOT NULL,
  requested_ms {int} NOT NULL,
  reason {text} NOT NULL DEFAULT '',
  approved_by {text},
  approved_ms {int},
  declined_by {text},
  declined_ms {int},
  ended_by {text},
  ended_ms {int},
  valid_from {text} NOT NULL,
  valid_until {text},
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX role_grant_person ON role_grant (person_id);
CREATE INDEX role_grant_organisation ON role_grant (organisation_id, role);

CREATE TABLE delegation (
  id {text} PRIMARY KEY,
  grant_id {text} NOT NULL REFERENCES role_grant (id),
  from_person_id {text} NOT NULL REFERENCES person (id),
  to_person_id {text} NOT NULL REFERENCES person (id),
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  reason {text} NOT NULL,
  revoked_ms {int},
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX delegation_to ON delegation (to_person_id);

-- A lost password or second factor: asked for by one administrator, approved by another.
CREATE TABLE account_reset (
  id {text} PRIMARY KEY,
  person_id {text} NOT NULL REFERENCES person (id),
  reason {text} NOT NULL,
  requested_by {text} NOT NULL,
  requested_ms {int} NOT NULL,
  decided_by {text},
  decided_ms {int},
  approved {int} CHECK (approved IN (0, 1)),
  version {int} NOT NULL DEFAULT 1
){strict};
CREATE INDEX account_reset_open ON account_reset (decided_ms, id);
