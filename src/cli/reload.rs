//! Files that a running server reads again: the list of tokens when it changes or on SIGHUP, the file of audit records on SIGHUP.

use crate::{log, server::access::TokenBook};
use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

/// Interval at which the list of tokens is checked.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the list of tokens until the server is gone.
pub(super) fn follow(tokens: &Arc<TokenBook>) {
    let tokens: Weak<TokenBook> = Arc::downgrade(tokens);
    let spawned = thread::Builder::new().name("tokens".to_owned()).spawn(move || {
        loop {
            thread::sleep(LOOK);
            let Some(tokens) = tokens.upgrade() else { return };
            refresh(&tokens, false);
        }
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "the list of tokens is read again on SIGHUP only");
    }
}

fn refresh(tokens: &TokenBook, always: bool) {
    match tokens.refresh(always) {
        Ok(false) => {}
        Ok(true) => tracing::warn!("the list of tokens was read again"),
        Err(error) => tracing::error!(%error, "the list of tokens is not taken; those of before are valid"),
    }
}

/// Reads everything again on each SIGHUP.
#[cfg(unix)]
pub(super) async fn on_hangup(tokens: Arc<TokenBook>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return;
    };
    while hangup.recv().await.is_some() {
        let tokens = Arc::clone(&tokens);
        // A thread that may block: the files may lie on a slow disk.
        let _ = tokio::task::spawn_blocking(move || {
            log::reopen();
            refresh(&tokens, true);
        })
        .await;
    }
}
