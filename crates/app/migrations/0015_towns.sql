-- A town is registered once. Two places may share a division after a merger, but not its name too.

CREATE UNIQUE INDEX place_town ON place (division_code, name) WHERE track = 'StatutoryTown';
