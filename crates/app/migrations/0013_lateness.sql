-- By how many days one sending was late or extended, as it was decided then. Null in older marks,
-- whose day and instant say it.
ALTER TABLE declaration_mark ADD COLUMN days {int};
