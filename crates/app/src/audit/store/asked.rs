//! What is asked of the log as conditions. Only filters that are on become one, and names become ids
//! first, so that each has an index in the log's order.

use super::Whose;
use crate::audit::filter::Filter;
use crate::audit::names::KINDS;
use domain::problem::Problem;
use kit::db::{Args, Sql, Value};
use kit::{Error, Result, Store, args};

/// Conditions on `log_entry e`, and their arguments.
pub struct Asked {
    conditions: Vec<String>,
    bound: Args,
}

/// A part of a name that more things have is too little to ask for.
const MOST_NAMED: i64 = 200;

impl Asked {
    pub async fn of(store: &Store, filter: &Filter, whose: &Whose) -> Result<Asked> {
        let mut asked = Asked { conditions: Vec::new(), bound: Vec::new() };
        asked.whose(whose);
        asked.equal("e.act", &filter.act);
        asked.subject(filter);
        let people = "SELECT id FROM person WHERE id = $1 OR login = $1 OR name LIKE $2 LIMIT $3";
        asked.named(store, people, "e.person", ("person", &filter.person)).await?;
        let organisations = "SELECT id FROM organisation WHERE id = $1 OR name LIKE $2 LIMIT $3";
        let organisation = ("organisation", filter.organisation.as_str());
        asked.named(store, organisations, "e.organisation_id", organisation).await?;
        let places = "SELECT id FROM place WHERE id = $1 OR name LIKE $2 LIMIT $3";
        asked.named(store, places, "e.place_id", ("place", &filter.place)).await?;
        if !filter.clause.is_empty() {
            // The body is one line of JSON; a quote inside a text is escaped and cannot match.
            asked.that("e.body LIKE ?", format!("%\"clause\":\"{}\"%", filter.clause));
        }
        asked.days(store, filter).await?;
        Ok(asked)
    }

    /// A condition on one more value, which stands for each `?`.
    pub fn that(&mut self, condition: &str, value: impl Into<Value>) {
        self.bound.push(value.into());
        self.conditions.push(condition.replace('?', &format!("${}", self.bound.len())));
    }

    /// What follows `SELECT`: the numbers of what is asked, in an order, at most so many.
    pub fn seqs(&self, order: &str, most: i64) -> String {
        let conditions = match self.conditions.as_slice() {
            [] => "1 = 1".to_owned(),
            some => some.join(" AND "),
        };
        format!("e.seq FROM log_entry e WHERE {conditions} ORDER BY e.seq {order} LIMIT {most}")
    }

    pub fn bound(self) -> Args {
        self.bound
    }

    fn whose(&mut self, whose: &Whose) {
        match whose {
            Whose::Everybody => {}
            Whose::Programme => self.conditions.push(
                "e.subject_kind NOT IN \
                 ('person', 'grant', 'role_grant', 'delegation', 'session', 'account', 'credential', 'log')"
                    .to_owned(),
            ),
            Whose::Person(id) => {
                self.bound.push(Value::from(format!("%\"for\":\"{id}\"%")));
                self.that(
                    "(e.person = ? OR (e.person IN (SELECT d.to_person_id FROM delegation d \
                     WHERE d.from_person_id = ?) AND e.body LIKE $1))",
                    id,
                );
            }
        }
    }

    fn equal(&mut self, column: &str, value: &str) {
        if !value.is_empty() {
            self.that(&format!("{column} = ?"), value);
        }
    }

    /// An id without its kind may be of any kind: the index begins with the kind.
    fn subject(&mut self, filter: &Filter) {
        if filter.kind.is_empty() && !filter.subject.is_empty() {
            let kinds: Vec<String> = KINDS.iter().map(|kind| format!("'{}'", kind.code)).collect();
            self.conditions.push(format!("e.subject_kind IN ({})", kinds.join(", ")));
        }
        self.equal("e.subject_kind", &filter.kind);
        self.equal("e.subject_id", &filter.subject);
    }

    /// Those of a column whose id or name is asked for.
    async fn named(
        &mut self,
        store: &Store,
        sql: &'static str,
        column: &str,
        (field, asked): (&str, &str),
    ) -> Result<()> {
        if asked.is_empty() {
            return Ok(());
        }
        let within = format!("%{}%", asked.replace(['%', '_'], ""));
        let found: Vec<(String,)> = store.read().all(sql, args![asked, within, MOST_NAMED + 1]).await?;
        if found.len() as i64 > MOST_NAMED {
            let says = format!("名称含“{asked}”的超过{MOST_NAMED}个，请写得更完整。");
            return Err(Error::Invalid(vec![Problem::new(field, "too_many", says)]));
        }
        // The hands that are nobody's are asked for by their own word.
        let ids = found.into_iter().map(|(id,)| id).chain([asked.to_owned()]);
        let places: Vec<String> = ids
            .map(|id| {
                self.bound.push(Value::from(id));
                format!("${}", self.bound.len())
            })
            .collect();
        self.conditions.push(format!("{column} IN ({})", places.join(", ")));
        Ok(())
    }

    /// Days as numbers of entries: time never runs back along the log.
    async fn days(&mut self, store: &Store, filter: &Filter) -> Result<()> {
        let (from_ms, until_ms) = filter.span_ms();
        for (ms, condition) in [(from_ms, "e.seq >= ?"), (until_ms, "e.seq < ?")] {
            if let Some(ms) = ms {
                let sql = "SELECT seq FROM log_entry WHERE at_ms >= $1 ORDER BY at_ms, seq LIMIT 1";
                let first: Option<(i64,)> = store.read().opt(Sql::Written(sql), args![ms]).await?;
                self.that(condition, first.map_or(i64::MAX, |(seq,)| seq));
            }
        }
        Ok(())
    }
}
