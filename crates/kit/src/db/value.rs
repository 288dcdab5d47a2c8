//! Values that cross the border to a database: integers, texts, bytes, and nothing else.

/// One argument or cell. Null keeps its type, because PostgreSQL asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    NoInt,
    NoText,
    NoBytes,
}

pub type Args = Vec<Value>;

/// `args![id, day, amount]`: the arguments of a statement, in the order of `$1`, `$2` …
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::Int(i64::from(value))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Value {
        Value::Int(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Int(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Value {
        Value::Text(value.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Bytes(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Value {
        Value::Bytes(value.to_vec())
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        value.map_or(Value::NoInt, Value::Int)
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Value {
        value.map_or(Value::NoText, Value::Text)
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Value {
        value.map_or(Value::NoText, |text| Value::Text(text.to_owned()))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Value {
        value.map_or(Value::NoBytes, Value::Bytes)
    }
}

/// Values that are written as their text.
macro_rules! as_text {
    ($($name:path),* $(,)?) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Value {
                Value::Text(value.to_string())
            }
        }

        impl From<Option<$name>> for Value {
            fn from(value: Option<$name>) -> Value {
                value.map_or(Value::NoText, |value| Value::Text(value.to_string()))
            }
        }
    )*};
}

as_text!(
    domain::day::Day,
    domain::role::Role,
    domain::clause::Clause,
    domain::id::PersonId,
    domain::id::OrganisationId,
    domain::id::GrantId,
    domain::id::DelegationId,
    domain::id::ProgrammeId,
    domain::id::PlaceId,
    domain::id::MembershipId,
    domain::id::BatchId,
    domain::id::SubmissionId,
    domain::id::EditionId,
    domain::id::CityReportId,
    domain::id::NoticeId,
    domain::id::ListId,
    domain::id::DecisionId,
    domain::id::FileId,
    domain::id::RowId,
);
