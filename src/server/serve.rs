//! Listens and answers until told to stop.

use super::{App, Front, lingering::Lingering, stream::Paced};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{convert::Infallible, io, pin::Pin, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// How long a client may take to send its headers.
const HEADERS: Duration = Duration::from_secs(15);
/// How long open requests may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Answers on a listener until `stop` is done; then takes no new connection and lets open requests end.
///
/// # Errors
/// None from single connections: they are logged. Accepting is tried again after a moment when the process
/// has no more files.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let front = Connection(Front::new(app));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // A tile fits into few segments; waiting to fill them would only cost time.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "set_nodelay failed");
        }
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Lingering::new(stream)), front.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off: they took longer than {DRAIN:?} to end");
    }
    Ok(())
}

/// [`Front`] for one connection. A ready tile needs no boxed future.
#[derive(Clone)]
struct Connection(Front);

/// An answer that is there, or one that is being made.
enum Answering {
    Ready(Option<hyper::Response<super::front::FrontBody>>),
    Running(Pin<Box<dyn Future<Output = Result<hyper::Response<super::front::FrontBody>, Infallible>> + Send>>),
}

impl Future for Answering {
    type Output = Result<hyper::Response<super::front::FrontBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        match &mut *self {
            Self::Ready(response) => match response.take() {
                Some(response) => std::task::Poll::Ready(Ok(response)),
                None => std::task::Poll::Pending,
            },
            Self::Running(future) => future.as_mut().poll(context),
        }
    }
}

impl Service<hyper::Request<Incoming>> for Connection {
    type Response = hyper::Response<super::front::FrontBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, mut request: hyper::Request<Incoming>) -> Answering {
        match self.0.ready_tile(request.method(), request.uri(), request.headers()) {
            Some(response) => Answering::Ready(Some(response)),
            None => {
                // A connection drops what it has written: a stream need not make more before.
                request.extensions_mut().insert(Paced);
                Answering::Running(Box::pin(self.0.clone().answer(request)))
            }
        }
    }
}
