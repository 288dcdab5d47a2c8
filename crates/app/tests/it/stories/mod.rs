//! Whole stretches of the programme, each told from beginning to end and verified.

mod declare;
