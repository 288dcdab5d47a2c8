//! What was typed into a form: names and texts, taken one by one; a name nobody took is refused.

use super::body::read_whole;
use axum::extract::{FromRequest, Request};
use domain::problem::Problem;
use kit::fingerprint::Fingerprint;
use kit::{Error, Result};

/// The fields of a form as they came, in their order. Files come through `Upload`, not here.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    /// The form's idempotency key with what the form said, `KEY.FINGERPRINT`; empty where it has none.
    pub key: String,
}

/// Room for the longest section of a declaration.
const MOST_BYTES: usize = 512 * 1024;

impl Fields {
    pub fn new(pairs: Vec<(String, String)>) -> Fields {
        Fields::beside(pairs, Fingerprint::default())
    }

    /// The fields beside files, whose fingerprint is begun.
    pub(super) fn beside(pairs: Vec<(String, String)>, mut said: Fingerprint) -> Fields {
        let mut fields = Fields { pairs, key: String::new() };
        let key = fields.take("_key");
        if !key.is_empty() {
            for (name, text) in &fields.pairs {
                said.take(name);
                said.take(text);
            }
            fields.key = format!("{key}.{}", said.end());
        }
        fields
    }

    /// The key as the form has it.
    pub fn bare_key(&self) -> &str {
        self.key.rsplit_once('.').map_or("", |(key, _)| key)
    }

    /// What stands behind the question mark of an address; a query that does not read is empty.
    pub fn of_query(query: Option<&str>) -> Fields {
        Fields::new(decode(query.unwrap_or_default().as_bytes()).unwrap_or_default())
    }

    /// The text of a field without white space around it; empty where it was not sent.
    pub fn take(&mut self, name: &str) -> String {
        self.take_all(name).into_iter().next().unwrap_or_default()
    }

    /// All texts sent under a name: check boxes.
    pub fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, rest) = std::mem::take(&mut self.pairs).into_iter().partition(|(found, _)| found == name);
        self.pairs = rest;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, text)| text.trim().to_owned()).collect()
    }

    /// The text of a field that must be filled; a blank one is a problem.
    pub fn need(&mut self, name: &str, label: &str, problems: &mut Vec<Problem>) -> String {
        let text = self.take(name);
        if text.is_empty() {
            problems.push(Problem::new(name, "required", format!("请填写“{label}”。")));
        }
        text
    }

    /// A field read as a value of its type: `fields.parse("day", "日期", &mut problems)`.
    pub fn parse<T: std::str::FromStr>(
        &mut self,
        name: &str,
        label: &str,
        example: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.need(name, label, problems);
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            let says = format!("“{label}”填写的“{text}”无法识别，请按“{example}”的格式填写。");
            problems.push(Problem::new(name, "malformed", says));
        }
        value
    }

    /// All that is left, for forms whose items come from the pack.
    pub fn rest(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.pairs)
    }

    /// Stops where a form of buttons alone brought anything else.
    pub fn nothing_else(&self) -> Result<()> {
        let problems = self.leftover();
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    /// A problem for each field that no one asked for.
    pub fn leftover(&self) -> Vec<Problem> {
        self.pairs
            .iter()
            .map(|(name, _)| {
                Problem::new("", "unknown_field", format!("表单中没有“{name}”这一项，请刷新页面后重填。"))
            })
            .collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Fields> {
        let body = read_whole(request.into_body(), MOST_BYTES).await.ok_or_else(too_long)?;
        Ok(Fields::new(decode(&body)?))
    }
}

/// `application/x-www-form-urlencoded`, which must be UTF-8 without the null that no database text holds.
pub(super) fn decode(body: &[u8]) -> Result<Vec<(String, String)>> {
    let malformed =
        || Error::Invalid(vec![Problem::new("", "malformed", "提交的内容无法识别，请从页面上的表单提交。")]);
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).map_err(|_| malformed())?;
    let is_text = |text: &str| !text.contains('\0');
    match pairs.iter().all(|(name, value)| is_text(name) && is_text(value)) {
        true => Ok(pairs),
        false => Err(malformed()),
    }
}

pub(super) fn too_long() -> Error {
    let says = "提交的文字太长（超过512KB），请精简后重新提交；较长的材料请作为附件上传。";
    Error::Invalid(vec![Problem::new("", "too_long", says)])
}
