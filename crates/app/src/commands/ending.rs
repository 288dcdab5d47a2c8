//! How the program hears that it is to end: Ctrl-C, and on Unix the word of whoever runs it.

use std::io;
use tokio::sync::watch;

/// How often the program was asked to end, counted from the call on.
pub(super) struct Asked(watch::Receiver<u32>);

impl Asked {
    /// Hears from now on.
    #[cfg(unix)]
    pub(super) fn hear() -> io::Result<Asked> {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (count, heard) = watch::channel(0);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                count.send_modify(|count| *count += 1);
            }
        });
        Ok(Asked(heard))
    }

    /// Hears from now on.
    #[cfg(not(unix))]
    pub(super) fn hear() -> io::Result<Asked> {
        let (count, heard) = watch::channel(0);
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                count.send_modify(|count| *count += 1);
            }
        });
        Ok(Asked(heard))
    }

    /// Ends when it was asked so often.
    pub(super) async fn times(&self, often: u32) {
        let mut heard = self.0.clone();
        if heard.wait_for(|count| *count >= often).await.is_err() {
            std::future::pending().await
        }
    }
}
