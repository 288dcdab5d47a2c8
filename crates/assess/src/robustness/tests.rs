//! Small cases with known answers.
