//! Handlers that run whole on a worker.

use super::{Task, WorkKind};
use crate::server::state::App;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::Thread,
};

/// Runs a handler on a worker, with all that it makes: JSON or HTML, and its compression. For handlers that read no body
/// and wait for nothing but other work, which on a worker runs at once.
pub async fn on_worker(
    State((app, kind, cost)): State<(Arc<App>, WorkKind, u64)>,
    request: Request,
    next: Next,
) -> Response {
    let work = move |_: &super::Budget| Ok(complete(next.run(request)));
    match app.work.run(Task { kind, cost }, work).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// Wakes a thread that is parked.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls a future on this thread until it is complete. Not in the context of a runtime: the client of PostgreSQL has a
/// runtime of its own, and may not start it inside of another one.
fn complete<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_waits_is_polled_again_when_it_is_woken() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let sends = std::thread::spawn(move || sender.send(7));
        assert_eq!(complete(receiver), Ok(7));
        sends.join().unwrap().unwrap();
    }

    /// The store's client would panic otherwise: "Cannot start a runtime from within a runtime".
    #[test]
    fn a_handler_may_start_a_runtime_of_its_own() {
        let value = complete(async {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async { 7 })
        });
        assert_eq!(value, 7);
    }
}
