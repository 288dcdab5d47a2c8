//! Identifiers: 128 bits, shown as 26 characters of base32, a type for each noun.
//!
//! Ids are made outside (they need a clock and chance); here they are only read and written.

/// Crockford's alphabet in lower case: no i, l, o, u, and text order is number order.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text of 128 bits: 26 characters, sorted as the numbers are.
pub fn to_base32(bits: u128) -> String {
    (0..26).rev().map(|place| char::from(ALPHABET[((bits >> (place * 5)) & 31) as usize])).collect()
}

/// The 128 bits of a text that `to_base32` wrote, and of no other.
pub fn from_base32(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    let mut bits = 0u128;
    for (place, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)? as u128;
        if place == 0 && digit > 7 {
            return None;
        }
        bits = (bits << 5) | digit;
    }
    Some(bits)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub u128);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&to_base32(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<$name, String> {
                from_base32(text).map($name).ok_or_else(|| format!("`{text}` is not an id"))
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<$name, String> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        impl From<u128> for $name {
            fn from(bits: u128) -> $name {
                $name(bits)
            }
        }
    )*};
}

ids! {
    /// A person who signs in.
    PersonId,
    /// An organisation on one of the four levels, or an operator.
    OrganisationId,
    /// A role held by a person in an organisation.
    GrantId,
    /// A time-boxed delegation of a role.
    DelegationId,
    /// A province's programme.
    ProgrammeId,
    /// A town or platform.
    PlaceId,
    /// A place's part in a programme.
    MembershipId,
    /// One round of declarations.
    BatchId,
    /// A filled form of any kind: declaration, plan, return.
    SubmissionId,
    /// One sent version of a submission.
    EditionId,
    /// One city's report of its declarations.
    CityReportId,
    /// A public notice.
    NoticeId,
    /// A published version of the list.
    ListId,
    /// A conference decision.
    DecisionId,
    /// An attachment.
    FileId,
    /// Any other row of the record.
    RowId,
}

#[cfg(test)]
mod tests {
    use super::{PlaceId, from_base32, to_base32};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_comes_back_and_keeps_its_order(a: u128, b: u128) {
            prop_assert_eq!(from_base32(&to_base32(a)), Some(a));
            prop_assert_eq!(a.cmp(&b), to_base32(a).cmp(&to_base32(b)));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        assert!("".parse::<PlaceId>().is_err());
        assert!("zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<PlaceId>().is_err());
        assert!("0000000000000000000000000I".parse::<PlaceId>().is_err());
    }
}
