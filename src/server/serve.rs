//! Listens and answers until it receives the signal to stop.

use super::{
    App, TileFastPath,
    access::Peer,
    connection::{Admission, ClientStream, ConnectionState, REFUSED_METHOD, Refusal, Running},
    problem::Problem,
    stream::Paced,
    tile_fast_path::FrontBody,
};
use axum::response::IntoResponse;
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Bytes of an answer that hyper buffers for a client. The heads of requests must fit too.
const BUFFER: usize = super::connection::MAX_HEAD;
/// Unsent bytes of an answer that the kernel buffers for a client.
const UNSENT: u32 = 64 * 1024;
/// Time in which answers reach their clients after the requests that take too long were cut off.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Connections that get the answer "too many" at the same time.
const MOST_REFUSED: usize = 64;
/// Time for that.
const REFUSED_TIME: Duration = Duration::from_secs(1);
/// Time between two lines in the log about connections that were not accepted.
const LOG_PAUSE: Duration = Duration::from_secs(10);

/// Time between two turns of idle threads.
const IDLE_TURN: Duration = Duration::from_secs(2);

/// Answers on a listener until `stop` is done; then accepts no new connection and lets open requests end.
///
/// # Errors
/// None from single connections: they are logged. Accepting is tried again after a moment when the process
/// has no more files.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let limits = Arc::new(app.settings.limits.clone());
    let front = TileFastPath::new(app);
    let mut http = http1::Builder::new();
    // The stream has the time limit. Flushing late would hold back answers while the client sends more.
    http.header_read_timeout(None)
        .pipeline_flush(false)
        .max_buf_size(BUFFER);
    let graceful = GracefulShutdown::new();
    let (cut_off, stopping) = watch::channel(());
    let mut admission = Admission::new(limits.connections);
    let mut refusals = Refusals::default();
    let turning = AbortOnDrop(tokio::spawn(turn_idle_threads()));
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => (stream, peer),
                Err(error) => {
                    refusals.log(&format!("accept failed: {error}"));
                    admission.relieve();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        set_options(&stream);
        let state = ConnectionState::new();
        let Some(place) = admission.admit(&state) else {
            refusals.log("too many connections");
            refusals.answer(stream);
            continue;
        };
        let service = Connection {
            front: front.clone(),
            peer: Peer(peer),
            state: Arc::clone(&state),
            stopping: stopping.clone(),
        };
        let stream = ClientStream::new(stream, state, Arc::clone(&limits));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop(place);
        });
    }
    drop((listener, turning));
    front.end_streams();
    let drain = limits.drain_timeout;
    let mut open = std::pin::pin!(graceful.shutdown());
    if tokio::time::timeout(drain, &mut open).await.is_err() {
        tracing::warn!("some requests were cut off: they took longer than {drain:?} to end");
        drop(cut_off);
        let _ = tokio::time::timeout(LAST_WORDS, open).await;
    }
    Ok(())
}

/// Wakes every thread of the runtime now and then, so that each does its idle work although nobody asks anything.
async fn turn_idle_threads() {
    let tasks = 4 * tokio::runtime::Handle::current().metrics().num_workers();
    let mut turns = tokio::time::interval(IDLE_TURN);
    loop {
        turns.tick().await;
        for _ in 0..tasks {
            tokio::spawn(tokio::task::yield_now());
        }
    }
}

/// A task that ends with its owner.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn set_options(stream: &TcpStream) {
    // A tile fits into few segments; waiting to fill them would only cost time.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "set_nodelay failed");
    }
    // A client that reads slowly must not have megabytes waiting for it.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT) {
        tracing::debug!(%error, "set_tcp_notsent_lowat failed");
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    if let Err(error) = socket2::SockRef::from(stream).set_send_buffer_size(UNSENT as usize) {
        tracing::debug!(%error, "set_send_buffer_size failed");
    }
}

/// Connections beyond the limit: each gets an answer, and a warning is logged once in a while.
#[derive(Default)]
struct Refusals {
    open: Arc<AtomicUsize>,
    logged: Option<Instant>,
    unlogged: u64,
}

impl Refusals {
    fn log(&mut self, cause: &str) {
        self.unlogged += 1;
        if self.logged.is_none_or(|logged| logged.elapsed() >= LOG_PAUSE) {
            tracing::warn!(connections = self.unlogged, cause, "connections were not accepted");
            self.logged = Some(Instant::now());
            self.unlogged = 0;
        }
    }

    /// Answers 503, without regard to the request.
    fn answer(&self, mut stream: TcpStream) {
        let open = Arc::clone(&self.open);
        if open.fetch_add(1, Ordering::AcqRel) >= MOST_REFUSED {
            open.fetch_sub(1, Ordering::AcqRel);
            return;
        }
        tokio::spawn(async move {
            let _ = tokio::time::timeout(REFUSED_TIME, async {
                stream.write_all(too_many().as_bytes()).await?;
                stream.shutdown().await?;
                // Unread bytes would have the kernel take the answer back.
                let mut space = [0; 1024];
                while stream.read(&mut space).await? > 0 {}
                io::Result::Ok(())
            })
            .await;
            open.fetch_sub(1, Ordering::AcqRel);
        });
    }
}

/// The answer to a connection beyond the limit.
fn too_many() -> String {
    let body = r#"{"type":"urn:mahwar:problem:unavailable","title":"Service Unavailable","status":503,"detail":"the server has too many connections; try again in a few seconds"}"#;
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: {}\r\n\
         Retry-After: 2\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// [`TileFastPath`] for one connection. A ready tile needs no boxed future.
struct Connection {
    front: TileFastPath,
    peer: Peer,
    state: Arc<ConnectionState>,
    /// Closed when requests that still run are cut off.
    stopping: watch::Receiver<()>,
}

type Answer = Result<hyper::Response<FrontBody>, Infallible>;

/// An answer that is ready, or one that is being made.
enum Answering {
    Ready(Option<hyper::Response<FrontBody>>),
    Running(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Future for Answering {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Ready(response) => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                None => Poll::Pending,
            },
            Self::Running(future) => future.as_mut().poll(context),
        }
    }
}

impl Service<hyper::Request<Incoming>> for Connection {
    type Response = hyper::Response<FrontBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, mut request: hyper::Request<Incoming>) -> Answering {
        if let Some(response) = self
            .front
            .ready_tile(request.method(), request.uri(), request.headers())
        {
            return Answering::Ready(Some(response));
        }
        if request.method().as_str() == REFUSED_METHOD
            && let Some(refusal) = self.state.take_refusal()
        {
            return Answering::Ready(Some(self.front.refuse(refusal)));
        }
        let running = self.state.start_request();
        request.extensions_mut().insert(self.peer);
        // A connection frees written blocks: a stream need not make more before.
        request.extensions_mut().insert(Paced);
        request.extensions_mut().insert(Arc::clone(&self.state));
        Answering::Running(Box::pin(answer(
            self.front.clone(),
            request,
            running,
            self.stopping.clone(),
        )))
    }
}

/// Answers a request, or says that the server stops.
async fn answer(
    front: TileFastPath,
    request: hyper::Request<Incoming>,
    running: Running,
    mut stopping: watch::Receiver<()>,
) -> Answer {
    let stopped = front.clone();
    tokio::select! {
        biased;
        answered = front.answer(request) => answered.map(|response| response.map(|body| body.until_sent(running))),
        // The sender sends nothing: it is dropped.
        _ = stopping.changed() => Ok(stopped.refuse(Refusal::new(
            hyper::StatusCode::SERVICE_UNAVAILABLE,
            "the server is being stopped and the request took too long; try again in a few seconds",
        ))),
    }
}

impl TileFastPath {
    /// The answer to a request that is refused as a whole; the connection ends after it.
    fn refuse(&self, refusal: Refusal) -> hyper::Response<FrontBody> {
        let mut response = self.complete(Problem::refused(refusal).into_response());
        let headers = response.headers_mut();
        headers.insert(
            hyper::header::CONNECTION,
            hyper::header::HeaderValue::from_static("close"),
        );
        response
    }
}
