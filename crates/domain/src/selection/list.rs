//! The kinds of list a place may stand on.

use crate::words::words;

words! {
    /// Which list a place stands on; both are monitored as one.
    ListKind {
        /// The construction list.
        Construction = "construction", "建设名单";
        /// The watch list.
        Watch = "watch", "观察名单";
    }
}
