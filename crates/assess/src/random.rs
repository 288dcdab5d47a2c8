//! Counter-based generator (Philox4x32-10) keyed by seed, purpose, draw and index.
