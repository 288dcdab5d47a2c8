//! Digests of business rows: the same bytes on both engines, whatever the table.

use super::tree::Hash;
use crate::db::{Cell, Cells};
use sha2::{Digest, Sha256};

pub const SALT_BYTES: usize = 16;
pub type Salt = [u8; SALT_BYTES];

/// `SHA-256(salt ‖ table ‖ 0 ‖ columns)`: see `docs/record-format.md`. Null columns are left out,
/// so a new optional column leaves old digests true.
pub fn row_digest(salt: &Salt, table: &str, row: &Cells) -> Hash {
    let mut columns: Vec<&(String, Cell)> = row.0.iter().filter(|(_, cell)| *cell != Cell::Null).collect();
    columns.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(table);
    hasher.update([0]);
    for (name, cell) in columns {
        with_length(&mut hasher, name.as_bytes());
        match cell {
            Cell::Null => {}
            Cell::Int(value) => {
                hasher.update(b"i");
                hasher.update(value.to_be_bytes());
            }
            Cell::Text(text) => {
                hasher.update(b"t");
                with_length(&mut hasher, text.as_bytes());
            }
            Cell::Bytes(bytes) => {
                hasher.update(b"b");
                with_length(&mut hasher, bytes);
            }
        }
    }
    hasher.finalize().into()
}

/// The leaf by which an entry names one row it wrote. A deleted row has no digest.
pub fn row_leaf(table: &str, id: &str, digest: &[u8]) -> Vec<u8> {
    [table.as_bytes(), &[0], id.as_bytes(), &[0], digest].concat()
}

fn with_length(hasher: &mut Sha256, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a cell is far smaller than 4 GiB");
    hasher.update(length.to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::row_digest;
    use crate::db::{Cell, Cells};

    fn row(cells: &[(&str, Cell)]) -> Cells {
        Cells(cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect())
    }

    #[test]
    fn order_and_nulls_do_not_count_and_all_else_does() {
        let one = row(&[("id", Cell::Text("a".into())), ("n", Cell::Int(7)), ("x", Cell::Null)]);
        let same = row(&[("n", Cell::Int(7)), ("id", Cell::Text("a".into()))]);
        let other = row(&[("n", Cell::Text("7".into())), ("id", Cell::Text("a".into()))]);
        let digest = |table: &str, row| row_digest(&[1; 16], table, row);
        assert_eq!(digest("place", &one), digest("place", &same));
        assert_ne!(digest("place", &one), digest("place", &other));
        assert_ne!(digest("place", &one), digest("palace", &one));
        assert_ne!(digest("place", &one), row_digest(&[2; 16], "place", &one));
    }
}
