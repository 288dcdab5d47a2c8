//! Programmes, divisions, towns and platforms.
