-- The log by whatever it is asked for, each in the log's own order.

CREATE INDEX log_entry_organisation ON log_entry (organisation_id, seq);
CREATE INDEX log_entry_kind ON log_entry (subject_kind, seq);
CREATE INDEX log_entry_at ON log_entry (at_ms, seq);
