//! Stories: many people, one life of a thing, through the routes, ending with a verdict on the record.

mod declare;
mod publish;
