//! Enums whose names stand once: the code for data, the words for people.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $code:literal, $words:literal);* $(;)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$item])* $variant),* }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The name used in code, data and the record.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),* }
            }

            /// The official words.
            pub fn words(self) -> &'static str {
                match self { $($name::$variant => $words),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<$name, String> {
                let known = $name::ALL.iter().copied().find(|one| one.code() == text);
                known.ok_or_else(|| {
                    let codes: Vec<_> = $name::ALL.iter().map(|one| one.code()).collect();
                    format!("应为 {} 之一", codes.join("、"))
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<$name, String> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(one: $name) -> String {
                one.code().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use words;
