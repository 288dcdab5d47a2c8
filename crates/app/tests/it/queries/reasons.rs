//! What may be walked through whole, and why.

/// Tables that stay small: a few rows for a year of a programme.
pub const SMALL: [&str; 12] = [
    "batch",
    "batch_editor",
    "batch_extension",
    "city_report",
    "decision",
    "list_version",
    "log_checkpoint",
    "log_head",
    "migration",
    "notice",
    "pack_version",
    "programme",
];

const WHOLE: &str = "verifying and copying read everything: that is what they are for";
const PART: &str = "a search for a part of a name; some thousands of rows at most";
const LOG: &str = "the log in its own order until the page, or the count, is full";
const LIST: &str = "the office's list, in its order until the page is full; each filter may be empty";
const CARDS: &str = "the demo's cards alone, in their order until the page is full";

/// A part of a statement, the table it walks through, and why it may.
pub const REASONS: [(&str, &str, &str); 14] = [
    ("SELECT id FROM blob ORDER BY id", "blob", WHOLE),
    ("SELECT id, size FROM blob ORDER BY id", "blob", WHOLE),
    ("MIN(seq), MAX(seq) FROM row_digest GROUP BY table_name", "row_digest", WHOLE),
    ("SELECT COUNT(*) FROM log_node", "log_node", WHOLE),
    ("SELECT id FROM place WHERE id = $1 OR name LIKE $2", "place", PART),
    ("SELECT id FROM organisation WHERE id = $1 OR name LIKE $2", "organisation", PART),
    ("SELECT id FROM person WHERE id = $1 OR login = $1 OR name LIKE $2", "person", PART),
    ("(SELECT e.seq FROM log_entry e WHERE", "log_entry", LOG),
    ("o.valid_until IS NULL AND o.name LIKE $1", "organisation", PART),
    ("p.login LIKE $1 OR p.name LIKE $1 OR o.name LIKE $1", "person", PART),
    ("FROM (SELECT d.id FROM declaration d WHERE ($1 = '' OR", "declaration", LIST),
    ("d.county_number FROM declaration d WHERE", "declaration", LIST),
    ("d.county_number FROM place p JOIN declaration d", "declaration", LIST),
    ("p.disabled_ms IS NULL ORDER BY g.id LIMIT 60", "role_grant", CARDS),
];
