//! Versions of the list: who stood on it on a day.

use crate::day::Day;
use crate::id::PlaceId;
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

/// One place on a version of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// The place.
    pub place: PlaceId,
    /// Which list.
    pub kind: ListKind,
}

/// One published version: the whole list, not a change to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListVersion {
    /// The version, from 1.
    pub version: i64,
    /// The day it was published.
    pub published: Day,
    /// The day it takes effect.
    pub effective: Day,
    /// Everybody on it.
    pub entries: Vec<ListEntry>,
}

/// The version in force on a day: the latest to have taken effect, the higher one of two.
pub fn in_force(versions: &[ListVersion], day: Day) -> Option<&ListVersion> {
    let effective = versions.iter().filter(|version| version.effective <= day);
    effective.max_by_key(|version| (version.effective, version.version))
}

/// How a place stood on the list on a day.
pub fn entry_on(versions: &[ListVersion], place: PlaceId, day: Day) -> Option<&ListEntry> {
    in_force(versions, day)?.entries.iter().find(|entry| entry.place == place)
}
