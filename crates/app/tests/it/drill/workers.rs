//! The people of the drill. Each knows what he was told is done and what he has only asked for, and
//! after a kill holds the store against it.

use super::Stage;
use super::program::{Person, Program};
use kit::{Store, args};
use std::io;

/// One write after another, until the program does not answer.
pub trait Work: Send {
    fn work(&mut self, port: u16) -> io::Result<()>;

    fn acknowledged(&self) -> i64;
}

/// Everybody who writes during the drill.
pub struct Crew {
    saving: Saving,
    attaching: Attaching,
    sending: Sending,
    changing: Changing,
}

impl Crew {
    pub async fn new(stage: &Stage, program: &Program) -> Crew {
        let store = stage.store().await;
        let crew = Crew {
            saving: Saving::new(stage, program, &store).await,
            attaching: Attaching::new(stage, program).await,
            sending: Sending::new(stage, program, &store).await,
            changing: Changing::new(stage, program, &store).await,
        };
        store.db().close().await;
        crew
    }

    pub fn all(&mut self) -> Vec<&mut dyn Work> {
        vec![&mut self.saving, &mut self.attaching, &mut self.sending, &mut self.changing]
    }

    pub async fn check(&mut self, store: &Store, program: &Program) {
        self.saving.check(store).await;
        self.attaching.check(store, program.port()).await;
        self.sending.check(store).await;
        self.changing.check(store, program.port()).await;
    }
}

/// A clerk who types: the section saves itself again and again.
struct Saving {
    clerk: Person,
    submission: String,
    version: i64,
    /// The number of the text that was saved, and of the one that was sent.
    saved: i64,
    sent: i64,
}

impl Saving {
    async fn new(stage: &Stage, program: &Program, store: &Store) -> Saving {
        let clerk = program.sign_in(stage.card("chaxiang_clerk"));
        let submission = stage.declaration("示例茶香镇").await;
        let (version, _) = identity(store, &submission).await;
        Saving { clerk, submission, version, saved: 0, sent: 0 }
    }

    async fn check(&mut self, store: &Store) {
        let (version, content) = identity(store, &self.submission).await;
        let more = version - self.version;
        assert!((0..=self.sent - self.saved).contains(&more), "version {version} after {}", self.version);
        let number = self.saved + more;
        if number > 0 {
            assert_eq!(content, format!(r#"{{"items":{{"115":"{}"}}}}"#, text_of(number)));
        }
        (self.version, self.saved, self.sent) = (version, number, number);
    }
}

/// Long enough to fill several pages of a database.
fn text_of(number: i64) -> String {
    format!("第{number}稿。").repeat(120)
}

async fn identity(store: &Store, submission: &str) -> (i64, String) {
    let sql = "SELECT version, content FROM draft_section WHERE submission_id = $1 AND code = 'identity'";
    store.read().one(sql, args![submission]).await.expect("the section")
}

impl Work for Saving {
    fn work(&mut self, port: u16) -> io::Result<()> {
        self.sent = self.saved + 1;
        let path = format!("/submissions/{}/sections/identity/autosave", self.submission);
        let version = self.version.to_string();
        let fields = [("version", version.as_str()), ("115", &text_of(self.sent))];
        let reply = self.clerk.post(port, &path, &fields)?;
        assert_eq!(reply.status, 200, "{}", reply.text);
        (self.version, self.saved) = (self.version + 1, self.sent);
        Ok(())
    }

    fn acknowledged(&self) -> i64 {
        self.saved
    }
}

/// A clerk who uploads files; after each kill they are looked at and taken away.
struct Attaching {
    clerk: Person,
    submission: String,
    /// The numbers of the files that are there, and of the one that was sent.
    kept: Vec<i64>,
    sent: i64,
    done: i64,
}

/// An attachment of the form that takes five files.
const ITEM: &str = "1308";
const MOST: usize = 5;

impl Attaching {
    async fn new(stage: &Stage, program: &Program) -> Attaching {
        let clerk = program.sign_in(stage.card("lejiang_clerk"));
        let submission = stage.declaration("示例乐江镇").await;
        Attaching { clerk, submission, kept: Vec::new(), sent: 0, done: 0 }
    }

    async fn check(&mut self, store: &Store, port: u16) {
        let mut there = Vec::new();
        for (name, blob, id) in files(store, &self.submission).await {
            let number = name.trim_end_matches(".pdf").parse().expect("one of ours");
            assert_eq!(std::fs::read(store.files().path(&blob)).expect("its content"), pdf(number), "{name}");
            there.push(number);
            let removal = format!("/submissions/{}/files/{id}/removal", self.submission);
            assert_eq!(self.clerk.post(port, &removal, &[]).expect("an answer").status, 303);
        }
        for number in &self.kept {
            assert!(there.contains(number), "file {number} is lost");
        }
        there.retain(|number| !self.kept.contains(number));
        assert!(there.is_empty() || there == [self.sent], "{there:?} came from nowhere");
        self.kept.clear();
        assert!(files(store, &self.submission).await.is_empty(), "removed is removed");
    }
}

async fn files(store: &Store, submission: &str) -> Vec<(String, String, String)> {
    let sql = "SELECT name, blob_id, id FROM draft_file WHERE submission_id = $1 AND item = $2 ORDER BY position, id";
    store.read().all(sql, args![submission, ITEM]).await.expect("the files")
}

/// A small PDF that differs from every other.
fn pdf(number: i64) -> Vec<u8> {
    format!("%PDF-1.4\n1 0 obj<</Type/Catalog/N {number}>>endobj\nstartxref\n0\n%%EOF\n").into_bytes()
}

impl Work for Attaching {
    fn work(&mut self, port: u16) -> io::Result<()> {
        if self.kept.len() == MOST {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.sent += 1;
        let (name, content) = (format!("{}.pdf", self.sent), pdf(self.sent));
        let path = format!("/submissions/{}/files", self.submission);
        let file = (name.as_str(), content.as_slice());
        let reply = self.clerk.upload(port, &path, &[("item", ITEM)], &format!("file-{ITEM}"), file)?;
        assert_eq!(reply.status, 303, "{}", reply.text);
        self.kept.push(self.sent);
        self.done += 1;
        Ok(())
    }

    fn acknowledged(&self) -> i64 {
        self.done
    }
}

/// A declaration that goes to the head, is taken back and taken up again: editions, steps, stages, log.
struct Sending {
    clerk: Person,
    submission: String,
    /// Where it lies for certain.
    stage: &'static str,
    /// How many steps it took for certain, and whether one more may have been.
    steps: i64,
    asked: bool,
    done: i64,
}

/// What the clerk does next with it, and where it lies then.
fn next(stage: &str) -> (&'static str, &'static [(&'static str, &'static str)], &'static str) {
    match stage {
        "AtTownHead" => ("withdrawal", &[("reason", "附件传错，须更换。")], "Withdrawn"),
        "Withdrawn" => ("reopening", &[], "Draft"),
        _ => ("sending", &[("promise", "1")], "AtTownHead"),
    }
}

impl Sending {
    async fn new(stage: &Stage, program: &Program, store: &Store) -> Sending {
        let clerk = program.sign_in(stage.card("ciyuan_clerk"));
        let submission = stage.declaration("示例瓷源镇").await;
        let steps = steps(store, &submission).await;
        let now = stage_of(store, &submission).await;
        let stages = ["AtTownHead", "Withdrawn", "Draft"];
        let stage = stages.into_iter().find(|stage| *stage == now).expect("a stage of this work");
        Sending { clerk, submission, stage, steps, asked: false, done: 0 }
    }

    async fn check(&mut self, store: &Store) {
        let id = &self.submission;
        let taken = steps(store, id).await;
        let more = taken - self.steps;
        assert!((0..=i64::from(self.asked)).contains(&more), "{taken} steps after {}", self.steps);
        if more == 1 {
            self.stage = next(self.stage).2;
        }
        assert_eq!(stage_of(store, id).await, self.stage);
        let logged = "SELECT COUNT(*) FROM log_entry WHERE subject_id = $1";
        assert_eq!(count(store, logged, id).await, taken, "a step and its entry come together");
        let sent = "SELECT COUNT(*) FROM declaration_step WHERE declaration_id = $1 \
                    AND event = 'declaration.handed_to_town_head'";
        let editions = "SELECT COUNT(*) FROM edition WHERE submission_id = $1";
        let editions = count(store, editions, id).await;
        assert_eq!(editions, count(store, sent, id).await, "a sending and its edition come together");
        let sections = "SELECT COUNT(*) FROM section s JOIN edition e ON e.id = s.edition_id \
                        WHERE e.submission_id = $1";
        assert_eq!(count(store, sections, id).await % editions, 0, "an edition is whole");
        let open = "SELECT COUNT(*) FROM stage WHERE subject_id = $1 AND left_ms IS NULL";
        assert_eq!(count(store, open, id).await, 1, "somebody has it, and one alone");
        (self.steps, self.asked) = (taken, false);
    }
}

async fn steps(store: &Store, id: &str) -> i64 {
    count(store, "SELECT COUNT(*) FROM declaration_step WHERE declaration_id = $1", id).await
}

async fn stage_of(store: &Store, id: &str) -> String {
    let sql = "SELECT stage FROM declaration WHERE id = $1";
    store.read().one::<(String,)>(sql, args![id]).await.expect("the declaration").0
}

impl Work for Sending {
    fn work(&mut self, port: u16) -> io::Result<()> {
        self.asked = true;
        let (verb, fields, then) = next(self.stage);
        let path = format!("/declarations/{}/{verb}", self.submission);
        let reply = self.clerk.post(port, &path, fields)?;
        assert_eq!(reply.status, 303, "{}", reply.text);
        (self.stage, self.steps, self.asked, self.done) = (then, self.steps + 1, false, self.done + 1);
        Ok(())
    }

    fn acknowledged(&self) -> i64 {
        self.done
    }
}

/// An official who changes a telephone, and sends the same form again when he got no answer.
struct Changing {
    office: Person,
    organisation: String,
    name: String,
    version: i64,
    /// The key of the form that got no answer.
    asked: Option<String>,
    number: i64,
    done: i64,
}

impl Changing {
    async fn new(stage: &Stage, program: &Program, store: &Store) -> Changing {
        let office = program.sign_in(stage.card("office"));
        let sql = "SELECT id, name, version FROM organisation WHERE kind = 'audit'";
        let (organisation, name, version) = store.read().one(sql, args![]).await.expect("one");
        Changing { office, organisation, name, version, asked: None, number: 0, done: 0 }
    }

    /// What was asked and not answered is asked again under its key, and is then done once.
    async fn check(&mut self, store: &Store, port: u16) {
        if let Some(key) = self.asked.take() {
            let reply = self.send(port, &key).expect("an answer");
            assert_eq!(reply.status, 303, "{}", reply.text);
            self.version += 1;
        }
        let sql = "SELECT version, phone FROM organisation WHERE id = $1";
        let found: (i64, String) = store.read().one(sql, args![&self.organisation]).await.expect("one");
        assert_eq!(found.0, self.version, "each change is made once");
        assert!(self.number == 0 || found.1 == self.number.to_string(), "{found:?}");
    }

    fn send(&self, port: u16, key: &str) -> io::Result<super::program::Reply> {
        let (phone, version) = (self.number.to_string(), self.version.to_string());
        let fields = [("name", self.name.as_str()), ("phone", &phone), ("version", &version), ("_key", key)];
        self.office.post(port, &format!("/organisations/{}", self.organisation), &fields)
    }
}

impl Work for Changing {
    fn work(&mut self, port: u16) -> io::Result<()> {
        self.number += 1;
        let key = format!("drill-{}", self.number);
        self.asked = Some(key.clone());
        let reply = self.send(port, &key)?;
        assert_eq!(reply.status, 303, "{}", reply.text);
        (self.version, self.asked, self.done) = (self.version + 1, None, self.done + 1);
        Ok(())
    }

    fn acknowledged(&self) -> i64 {
        self.done
    }
}

async fn count(store: &Store, sql: &'static str, id: &str) -> i64 {
    store.read().int(sql, args![id]).await.expect("counted")
}
