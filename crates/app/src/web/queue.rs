//! Work that needs much memory, one piece after another, all on one thread: what the allocator keeps
//! for a thread, it keeps once.

use kit::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

static QUEUE: LazyLock<Sender<Work>> = LazyLock::new(|| {
    let (sender, waiting) = channel::<Work>();
    std::thread::spawn(move || {
        for work in waiting {
            // Whoever waits for a piece that panicked hears that nothing came.
            let _panicked = catch_unwind(AssertUnwindSafe(work));
        }
    });
    sender
});

/// Does the work when all that came before it is done.
pub(super) async fn one_at_a_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (tell, told) = oneshot::channel();
    let job = Box::new(move || {
        let _gone = tell.send(work());
    });
    QUEUE.send(job).map_err(Error::internal)?;
    told.await.map_err(Error::internal)
}
