//! The verifier against exports that a tiny writer of its own builds after `docs/record-format.md`.

mod clean;
mod hostile;
mod mutations;
mod named;
mod reference;
mod tree;
mod writer;
