//! The Merkle tree of RFC 6962, grown leaf by leaf from the roots of its full subtrees.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The full subtrees that make up a tree of `size` leaves, largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

/// A subtree that a new leaf completed: its height, its place in the row of that height, its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub level: u32,
    pub index: u64,
    pub hash: Hash,
}

impl Frontier {
    /// The frontier kept as `size` and the roots one after another.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let roots: Vec<Hash> =
            bytes.chunks_exact(32).map(|chunk| chunk.try_into().expect("32 bytes")).collect();
        let whole = bytes.len().is_multiple_of(32) && roots.len() == size.count_ones() as usize;
        whole.then_some(Frontier { size, roots })
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and names the inner nodes it completed.
    pub fn push(&mut self, leaf: Hash) -> Vec<Node> {
        let mut made = Vec::new();
        let (mut hash, mut level, mut index) = (leaf, 0, self.size);
        while index & 1 == 1 {
            let left = self.roots.pop().expect("an odd index has a left sibling");
            hash = node_hash(&left, &hash);
            (level, index) = (level + 1, index >> 1);
            made.push(Node { level, index, hash });
        }
        self.roots.push(hash);
        self.size += 1;
        made
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(first) = roots.next() else {
            return Sha256::digest([]).into();
        };
        roots.fold(*first, |right, left| node_hash(left, &right))
    }
}

/// The root over a list of leaves' data.
pub fn root_of<T: AsRef<[u8]>>(leaves: impl IntoIterator<Item = T>) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push(leaf_hash(leaf.as_ref()));
    }
    frontier.root()
}

#[cfg(test)]
mod tests {
    use super::{Frontier, Hash, leaf_hash, node_hash, root_of};

    /// RFC 6962, 2.1, word for word.
    fn naive(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => root_of(Vec::<Vec<u8>>::new()),
            [leaf] => leaf_hash(leaf),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&naive(&leaves[..split]), &naive(&leaves[split..]))
            }
        }
    }

    #[test]
    fn every_size_has_the_root_of_the_definition() {
        let leaves: Vec<Vec<u8>> = (0..200u32).map(|n| n.to_be_bytes().to_vec()).collect();
        for size in 0..=leaves.len() {
            assert_eq!(root_of(&leaves[..size]), naive(&leaves[..size]), "size {size}");
        }
    }

    #[test]
    fn a_frontier_survives_storage() {
        let mut frontier = Frontier::default();
        for n in 0..37u8 {
            frontier.push(leaf_hash(&[n]));
        }
        let kept = Frontier::from_bytes(37, &frontier.to_bytes()).expect("whole");
        assert_eq!(kept, frontier);
        assert_eq!(Frontier::from_bytes(38, &frontier.to_bytes()[..64]), None);
    }
}
