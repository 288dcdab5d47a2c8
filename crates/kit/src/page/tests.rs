//! Every piece rendered in every state it has.
