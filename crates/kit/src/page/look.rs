//! The colours can be read and told apart.
