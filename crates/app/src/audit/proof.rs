//! The audit path of RFC 6962: the few hashes by which one entry is shown to lie under a signed head.

use super::store;
use kit::record::tree::{Hash, node_hash};
use kit::{Result, Store};
use std::collections::HashMap;
use std::ops::Range;

/// A step of the path: the hash beside, and whether it stands on the left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub hash: Hash,
    pub on_left: bool,
}

/// A full subtree by height and place.
type Part = (u32, u64);

/// The path of the leaf at `place` in a tree of `size` leaves, from the leaf up; `None` where the
/// stored tree lacks a part.
pub async fn path(store: &Store, place: u64, size: u64) -> Result<Option<Vec<Step>>> {
    let beside = beside(place, size);
    let parts: Vec<Part> = beside.iter().flat_map(|(range, _)| parts(range)).collect();
    let leaves: Vec<u64> = parts.iter().filter(|(level, _)| *level == 0).map(|(_, place)| *place).collect();
    let nodes: Vec<Part> = parts.into_iter().filter(|(level, _)| *level > 0).collect();
    let found = store::tree_parts(store, &leaves, &nodes).await?;
    Ok(steps(&beside, &found))
}

/// The root that a leaf and its path lead to.
pub fn root(leaf: Hash, path: &[Step]) -> Hash {
    path.iter().fold(leaf, |hash, step| {
        if step.on_left { node_hash(&step.hash, &hash) } else { node_hash(&hash, &step.hash) }
    })
}

/// The ranges of leaves beside the way from a leaf to the root, the lowest first.
fn beside(place: u64, size: u64) -> Vec<(Range<u64>, bool)> {
    let (mut range, mut beside) = (0..size, Vec::new());
    while range.end - range.start > 1 {
        let split = range.start + (range.end - range.start).next_power_of_two() / 2;
        if place < split {
            beside.push((split..range.end, false));
            range.end = split;
        } else {
            beside.push((range.start..split, true));
            range.start = split;
        }
    }
    beside.reverse();
    beside
}

/// The full subtrees that make up a range, the largest first.
fn parts(range: &Range<u64>) -> Vec<Part> {
    let (mut start, mut parts) = (range.start, Vec::new());
    while start < range.end {
        let level = (range.end - start).ilog2();
        parts.push((level, start >> level));
        start += 1 << level;
    }
    parts
}

fn steps(beside: &[(Range<u64>, bool)], found: &HashMap<Part, Vec<u8>>) -> Option<Vec<Step>> {
    let hash_of = |range: &Range<u64>| {
        let mut hashes = parts(range)
            .into_iter()
            .rev()
            .map(|part| -> Option<Hash> { found.get(&part)?.as_slice().try_into().ok() });
        let last = hashes.next()??;
        hashes.try_fold(last, |right, left| Some(node_hash(&left?, &right)))
    };
    beside.iter().map(|(range, on_left)| Some(Step { hash: hash_of(range)?, on_left: *on_left })).collect()
}

#[cfg(test)]
mod tests {
    use super::{beside, root, steps};
    use kit::record::tree::{Frontier, leaf_hash};
    use std::collections::HashMap;

    #[test]
    fn every_leaf_of_every_size_leads_to_the_root() {
        let (mut frontier, mut found) = (Frontier::default(), HashMap::new());
        for size in 1..=70u64 {
            let leaf = leaf_hash(&size.to_be_bytes());
            found.insert((0, size - 1), leaf.to_vec());
            for node in frontier.push(leaf) {
                found.insert((node.level, node.index), node.hash.to_vec());
            }
            for place in 0..size {
                let path = steps(&beside(place, size), &found).expect("every part is stored");
                let leaf = leaf_hash(&(place + 1).to_be_bytes());
                assert_eq!(root(leaf, &path), frontier.root(), "leaf {place} of {size}");
            }
        }
    }
}
