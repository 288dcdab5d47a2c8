//! The power fails fifty times while people write: what was acknowledged is there, what was not is
//! there whole or not at all, and the record is true.

use super::Stage;
use super::program::Program;
use super::workers::{Crew, Work};
use crate::both;
use crate::world::nobody_is_at;
use kit::record::verify;
use std::time::Duration;

const KILLS: u32 = 50;

/// The same moments in every run; another seed, other moments.
const SEED: u64 = 20_180_426;

/// The program dies at some moment of so many milliseconds.
const LONGEST_LIFE_MS: u64 = 80;

both!(fifty_kills_lose_no_acknowledged_write, world => {
    let stage = Stage::set(&world).await;
    let mut program = Program::start(&stage);
    let mut crew = Crew::new(&stage, &program).await;
    let mut moments = Moments(SEED);
    for kill in 1..=KILLS {
        die_at_work(program, crew.all(), moments.next());
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

/// Everybody works at once until the program dies under them.
fn die_at_work(program: Program, crew: Vec<&mut dyn Work>, life: Duration) {
    let port = program.port();
    std::thread::scope(|scope| {
        for worker in crew {
            scope.spawn(move || while worker.work(port).is_ok() {});
        }
        std::thread::sleep(life);
        program.kill();
    });
}

/// Moments by a small generator: xorshift.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(1 + self.0 % LONGEST_LIFE_MS)
    }
}
