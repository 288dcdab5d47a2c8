-- Indexes for questions that walked through a whole table: found by the test that plans every statement.

-- A revoked grant or delegation ends its sessions; those past their limit are cleared.
CREATE INDEX session_grant ON session (grant_id);
CREATE INDEX session_delegation ON session (delegation_id);
CREATE INDEX session_started ON session (started_ms);
CREATE INDEX failed_sign_in_at ON failed_sign_in (at_ms);

-- The board of what is owed: the open steps among all there ever were.
CREATE INDEX stage_open ON stage (left_ms, due_day);

CREATE INDEX organisation_kind ON organisation (kind, division_code);
CREATE INDEX organisation_parent ON organisation (parent_id);
CREATE INDEX organisation_name ON organisation (name);
CREATE INDEX person_employer ON person (employer_id);
CREATE INDEX role_grant_role ON role_grant (role);
CREATE INDEX role_grant_open ON role_grant (approved_ms, declined_ms, id);
CREATE INDEX delegation_from ON delegation (from_person_id);

-- With the name, so that a list looks up names without reading the rows.
DROP INDEX division_code;
CREATE INDEX division_code ON division (code, valid_from, name);
CREATE INDEX division_level ON division (level, code);
CREATE INDEX place_county ON place (county_code, division_code);
CREATE INDEX decision_item_declaration ON decision_item (declaration_id);
