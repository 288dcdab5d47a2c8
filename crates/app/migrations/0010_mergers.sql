-- Divisions that went up in others.

CREATE TABLE division_merger (
  id {text} PRIMARY KEY,
  -- The division that ended the day before, and the one it went up in.
  code {text} NOT NULL,
  into_code {text} NOT NULL,
  since_day {text} NOT NULL
){strict};
CREATE INDEX division_merger_code ON division_merger (code);
