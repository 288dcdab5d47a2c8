//! What was found, in sentences: many of one kind do not hide one of another.

use std::collections::BTreeMap;

/// True means no fault.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The first of each group, in the order found.
    pub faults: Vec<String>,
    /// How many there are, listed or not.
    pub fault_count: u64,
    /// What is no fault and should be known all the same.
    pub notes: Vec<String>,
    pub entries: u64,
    pub rows: u64,
    pub files: u64,
    pub checkpoints: u64,
    pub root: String,
    pub unrecorded: Vec<String>,
    groups: BTreeMap<String, u64>,
}

/// More of one group help nobody.
const LISTED_OF_A_GROUP: u64 = 20;

impl Verdict {
    pub(super) fn begin(unrecorded: impl Iterator<Item = &'static str>) -> Verdict {
        Verdict { unrecorded: unrecorded.map(str::to_owned).collect(), ..Verdict::default() }
    }

    pub fn is_true(&self) -> bool {
        self.fault_count == 0
    }

    pub(super) fn fault(&mut self, group: &str, says: impl Into<String>) {
        self.fault_count += 1;
        let count = self.groups.entry(group.to_owned()).or_default();
        *count += 1;
        if *count <= LISTED_OF_A_GROUP {
            self.faults.push(says.into());
        }
    }

    pub(super) fn note(&mut self, says: String) {
        self.notes.push(says);
    }

    /// Says how many of each group were not listed.
    pub(super) fn close(&mut self) {
        for (group, count) in &self.groups {
            if let Some(more @ 1..) = count.checked_sub(LISTED_OF_A_GROUP) {
                self.faults.push(format!("{group}：另有{more}处，未一一列出"));
            }
        }
    }
}
