//! The power fails fifty times while people write: what was acknowledged is there, what was not is
//! there whole or not at all, and the record is true.

use super::Stage;
use super::program::Program;
use super::workers::{Crew, Work};
use crate::both;
use crate::world::nobody_is_at;
use kit::record::verify;
use std::sync::mpsc;
use std::time::Duration;

const KILLS: u32 = 50;

/// The same moments in every run; another seed, other moments.
const SEED: u64 = 20_180_426;

/// The writes that are waited for, and the milliseconds after them: fewer than these.
const MOST_AWAITED: u64 = 4;
const MOST_MS: u64 = 20;

both!(fifty_kills_lose_no_acknowledged_write, world => {
    let stage = Stage::set(&world).await;
    let mut program = Program::start(&stage);
    let mut crew = Crew::new(&stage, &program).await;
    let mut moments = Moments(SEED);
    for kill in 1..=KILLS {
        die_at_work(program, crew.all(), kill, &mut moments);
        if let Some(address) = &stage.address {
            nobody_is_at(address).await;
        }
        program = Program::start(&stage);
        let store = stage.store().await;
        crew.check(&store, &program).await;
        let verdict = verify(&store, None).await.expect("verified");
        assert!(verdict.is_true(), "after kill {kill}: {:?}", verdict.faults);
        store.db().close().await;
    }
    for worker in crew.all() {
        assert!(worker.acknowledged() > 0, "somebody never came to write: the drill is none");
    }
});

/// Everybody works at once until the program dies under them: some moment after one of them, each in
/// turn, has been told of some writes.
fn die_at_work(program: Program, crew: Vec<&mut dyn Work>, kill: u32, moments: &mut Moments) {
    let port = program.port();
    let awaited = kill as usize % crew.len();
    let (writes, moment) = (moments.next() % MOST_AWAITED, Duration::from_millis(moments.next() % MOST_MS));
    let (tell, told) = mpsc::channel();
    std::thread::scope(|scope| {
        for (at, worker) in crew.into_iter().enumerate() {
            let tell = (at == awaited).then(|| tell.clone());
            scope.spawn(move || {
                while worker.work(port).is_ok() {
                    if let Some(tell) = &tell {
                        let _dead = tell.send(());
                    }
                }
            });
        }
        drop(tell);
        for _ in 0..writes {
            // An end without so many writes is an end all the same.
            let _silent = told.recv();
        }
        std::thread::sleep(moment);
        program.kill();
    });
}

/// Numbers by a small generator: xorshift.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
