//! Bodies of requests, in one place for every handler: time, memory, content codings, and the rest that a handler did
//! not read.
//!
//! A body is wrapped before the router sees the request ([`wrap`]) and looked at after the handler has answered
//! ([`BodyWatch::finish`]):
//!
//! - A client must send a body within a time and at a least rate: else 408.
//! - All bodies together have a limit of bytes in memory: else 503.
//! - `Content-Encoding` is decoded piece by piece, so that the limits of handlers hold for the decoded bytes.
//! - An answer that is sent before the end of the body either is delayed until a small rest has been read, and the
//!   connection can be used again, or says `Connection: close` (RFC 9112, section 9.3).

use super::{
    connection::ConnectionState,
    content_coding::{Coding, DecodeError, Decoder},
    limits::ClientLimits,
    problem::Problem,
};
use axum::{
    body::Body,
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes that are read on after an answer, so that the connection can be used again.
const SMALL_REST: u64 = 64 * 1024;
/// Time for them.
const REST_TIME: Duration = Duration::from_secs(2);
/// Decoded bytes after which other tasks get their turn.
const TURN: usize = 1 << 20;

/// Bytes of request bodies in memory, over all requests.
#[derive(Debug)]
pub struct BodyMemory {
    limit: usize,
    used: AtomicUsize,
}

impl BodyMemory {
    /// Memory for this many bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            used: AtomicUsize::new(0),
        }
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    fn try_add(&self, bytes: usize) -> bool {
        let add = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= self.limit);
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add)
            .is_ok()
    }
}

/// Bytes that one request holds of the memory for bodies.
#[derive(Debug)]
struct BodyReservation {
    memory: Arc<BodyMemory>,
    bytes: usize,
}

impl BodyReservation {
    fn add(&mut self, bytes: usize) -> bool {
        let added = self.memory.try_add(bytes);
        self.bytes += if added { bytes } else { 0 };
        added
    }

    fn release(&mut self) {
        self.memory.used.fetch_sub(self.bytes, Ordering::Relaxed);
        self.bytes = 0;
    }
}

impl Drop for BodyReservation {
    fn drop(&mut self) {
        self.release();
    }
}

/// Errors of a body that did not arrive completely.
#[derive(Clone, Debug, PartialEq)]
enum Failure {
    TooSlow(Duration),
    NoMemory,
    Undecodable(Coding),
    TooLarge,
    Evicted,
    Broken,
}

impl Failure {
    fn problem(&self) -> Problem {
        match self {
            Self::TooSlow(time) => Problem::request_timeout(format!(
                "the body of the request came too slowly: at most {time:?} without a byte, then at least {} bytes a second",
                ClientLimits::LEAST_BODY_RATE
            )),
            Self::NoMemory => Problem {
                retry_after: Some(2),
                ..Problem::unavailable("the server reads too many large bodies at present; try again in a few seconds")
            },
            Self::Undecodable(coding) => Problem::bad_request(format!(
                "the body is not {} as its Content-Encoding says, or it ends early",
                coding.word()
            )),
            Self::TooLarge => Problem::payload_too_large("the compressed body expands too far"),
            Self::Evicted => Problem {
                retry_after: Some(2),
                ..Problem::unavailable("the server has too many connections; try again in a few seconds")
            },
            Self::Broken => Problem::bad_request("the body of the request did not come whole"),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.problem().detail)
    }
}

impl std::error::Error for Failure {}

/// A body that is being read.
struct Reading {
    inner: Body,
    /// Bytes that came and are not decoded yet.
    encoded: Bytes,
    decoder: Option<Decoder>,
    /// True after the last byte of the inner body.
    received_all: bool,
    /// True after the last byte was passed on.
    ended: bool,
    failure: Option<Failure>,
    held: BodyReservation,
    clock: BodyClock,
    connection: Option<Arc<ConnectionState>>,
    /// True when the client waits for `100 Continue`, which is sent by the first read.
    expects_continue: bool,
    read: bool,
    since_turn: usize,
}

/// Time that a client has for its body. The time in which the server does not read does not count.
struct BodyClock {
    silence: Duration,
    received: u64,
    waited: Duration,
    waiting: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl BodyClock {
    fn came(&mut self, bytes: usize) {
        self.received += bytes as u64;
        if let Some(since) = self.waiting.take() {
            self.waited += since.elapsed();
        }
    }

    /// Ready when the client had its time.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let since = *self.waiting.get_or_insert_with(Instant::now);
        let earned = Duration::from_secs(self.received / ClientLimits::LEAST_BODY_RATE);
        let allowed = (self.silence + earned).min(self.silence * ClientLimits::MOST_BODY_TIMEOUTS);
        let deadline = since + allowed.saturating_sub(self.waited).min(self.silence);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(context)
    }
}

impl Reading {
    fn fail(&mut self, failure: Failure) -> Failure {
        self.failure = Some(failure.clone());
        failure
    }

    /// The next encoded bytes; none at the end.
    fn poll_encoded(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Failure>> {
        self.read = true;
        if self.received_all {
            return Poll::Ready(Ok(None));
        }
        loop {
            match Pin::new(&mut self.inner).poll_frame(context) {
                Poll::Ready(frame) => {
                    if let Some(connection) = &self.connection {
                        connection.await_body(false);
                    }
                    return Poll::Ready(match frame {
                        None => {
                            self.received_all = true;
                            Ok(None)
                        }
                        Some(Ok(frame)) => match frame.into_data() {
                            Ok(bytes) => {
                                self.clock.came(bytes.len());
                                Ok(Some(bytes))
                            }
                            // Trailers.
                            Err(_) => continue,
                        },
                        Some(Err(error)) => {
                            tracing::debug!(%error, "a body broke off");
                            let is_evicted = self.connection.as_ref().is_some_and(|state| state.is_evicted());
                            Err(if is_evicted { Failure::Evicted } else { Failure::Broken })
                        }
                    });
                }
                Poll::Pending => {
                    if let Some(connection) = &self.connection {
                        connection.await_body(true);
                    }
                    ready!(self.clock.poll_late(context));
                    return Poll::Ready(Err(Failure::TooSlow(self.clock.silence)));
                }
            }
        }
    }

    /// The next decoded bytes; none at the end.
    fn poll_decoded(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Failure>> {
        loop {
            let Some(decoder) = &mut self.decoder else {
                return self.poll_encoded(context);
            };
            if !self.encoded.is_empty() {
                if self.since_turn >= TURN {
                    self.since_turn = 0;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                let decoded = match decoder.decode(&mut self.encoded) {
                    Ok(decoded) => decoded,
                    Err(DecodeError::Broken) => return Poll::Ready(Err(Failure::Undecodable(decoder.coding()))),
                    Err(DecodeError::Expands) => return Poll::Ready(Err(Failure::TooLarge)),
                };
                if !decoded.is_empty() {
                    self.since_turn += decoded.len();
                    return Poll::Ready(Ok(Some(decoded)));
                }
                continue;
            }
            match ready!(self.poll_encoded(context))? {
                Some(bytes) => self.encoded = bytes,
                None => {
                    let Some(decoder) = &mut self.decoder else {
                        return Poll::Ready(Ok(None));
                    };
                    return Poll::Ready(match decoder.end() {
                        Ok(last) if last.is_empty() => Ok(None),
                        Ok(last) => Ok(Some(last)),
                        Err(DecodeError::Expands) => Err(Failure::TooLarge),
                        Err(DecodeError::Broken) => Err(Failure::Undecodable(decoder.coding())),
                    });
                }
            }
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Some(failure) = &self.failure {
            return Poll::Ready(Some(Err(failure.clone())));
        }
        let next = match ready!(self.poll_decoded(context)) {
            Ok(None) => {
                self.ended = true;
                return Poll::Ready(None);
            }
            Ok(Some(bytes)) if self.held.add(bytes.len()) => Ok(bytes),
            Ok(Some(_)) => Err(self.fail(Failure::NoMemory)),
            Err(failure) => Err(self.fail(failure)),
        };
        Poll::Ready(Some(next))
    }
}

/// The handler's half of a body.
struct RequestBody(Arc<Mutex<Reading>>);

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let next = ready!(lock(&self.0).poll(context));
        Poll::Ready(next.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).ended
    }
}

fn lock(reading: &Mutex<Reading>) -> MutexGuard<'_, Reading> {
    reading.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The front's half of a body, kept until the request is answered.
pub struct BodyWatch {
    reading: Arc<Mutex<Reading>>,
    declared: Option<u64>,
}

/// The memory that a request's body holds, for handlers that read a body in parts. In the extensions of the request.
#[derive(Clone)]
pub struct BodyHold(Arc<Mutex<Reading>>);

impl BodyHold {
    /// Releases the memory of all that was read so far: the handler is done with it.
    pub fn release(&self) {
        lock(&self.0).held.release();
    }
}

/// Mark of an answer that is sent while its handler still reads the body. In the extensions of the response.
#[derive(Clone, Copy)]
pub struct ReadsOn;

/// Releases the memory of the part of the body that the handler is done with.
pub fn release(parts: &Parts) {
    if let Some(hold) = parts.extensions.get::<BodyHold>() {
        hold.release();
    }
}

/// Prepares the body of a request for its handler.
///
/// # Errors
/// 415 for a content coding that is not supported. The watch still has to finish the answer.
pub fn wrap(
    parts: &mut Parts,
    body: Body,
    limits: &ClientLimits,
    memory: &Arc<BodyMemory>,
) -> (BodyWatch, Result<Body, Problem>) {
    let coding = Coding::of(&parts.headers);
    let declared = parts.headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse().ok());
    let expects_continue = parts.headers.contains_key(header::EXPECT);
    let mut reading = Reading {
        inner: body,
        encoded: Bytes::new(),
        decoder: None,
        received_all: false,
        ended: false,
        failure: None,
        held: BodyReservation {
            memory: Arc::clone(memory),
            bytes: 0,
        },
        clock: BodyClock {
            silence: limits.body_timeout,
            received: 0,
            waited: Duration::ZERO,
            waiting: None,
            timer: None,
        },
        connection: parts.extensions.get().cloned(),
        expects_continue,
        read: false,
        since_turn: 0,
    };
    let mut refused = None;
    match coding {
        Ok(None) => {}
        Ok(Some(coding)) => match reading.held.add(coding.memory()).then(|| Decoder::new(coding)) {
            Some(Ok(decoder)) => {
                reading.decoder = Some(decoder);
                // They describe the encoded bytes; handlers see the decoded ones.
                parts.headers.remove(header::CONTENT_LENGTH);
                parts.headers.remove(header::CONTENT_ENCODING);
            }
            Some(Err(error)) => refused = Some(Problem::internal(error)),
            None => refused = Some(Failure::NoMemory.problem()),
        },
        Err(problem) => refused = Some(problem),
    }
    let reading = Arc::new(Mutex::new(reading));
    parts.extensions.insert(BodyHold(Arc::clone(&reading)));
    let watch = BodyWatch {
        reading: Arc::clone(&reading),
        declared,
    };
    let body = match refused {
        None => Ok(Body::new(RequestBody(reading))),
        Some(problem) => Err(problem),
    };
    (watch, body)
}

impl BodyWatch {
    /// Completes an answer: the true reason when the body did not come whole, and `Connection: close` when the
    /// connection cannot be used again. `respond` makes the answer that replaces another.
    pub async fn finish(self, mut response: Response, respond: impl FnOnce(Problem) -> Response) -> Response {
        let failure = lock(&self.reading).failure.clone();
        let is_error = response.status().is_client_error() || response.status().is_server_error();
        if let Some(failure) = failure.filter(|_| is_error) {
            response = respond(failure.problem());
        }
        // Its handler reads the rest of the body while the answer is sent, and may stop before its end.
        let reads_on = response.extensions_mut().remove::<ReadsOn>().is_some();
        if reads_on || !self.reach_end().await {
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Reads a small rest of the body. Returns true when the whole body has been read.
    async fn reach_end(&self) -> bool {
        {
            let mut reading = lock(&self.reading);
            if reading.ended {
                return true;
            }
            let rest = self
                .declared
                .map(|length| length.saturating_sub(reading.clock.received));
            let is_unasked = reading.expects_continue && !reading.read;
            if reading.failure.is_some() || is_unasked || rest.is_some_and(|rest| rest > SMALL_REST) {
                return false;
            }
            // The rest is discarded as it comes.
            reading.decoder = None;
            reading.held.release();
        }
        let rest = Rest {
            reading: &self.reading,
            bytes: 0,
        };
        tokio::time::timeout(REST_TIME, rest).await.unwrap_or(false)
    }
}

/// Reads and discards a small rest.
struct Rest<'w> {
    reading: &'w Arc<Mutex<Reading>>,
    bytes: u64,
}

impl Future for Rest<'_> {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        // A handler whose answer is still being made may read the body itself.
        if Arc::strong_count(self.reading) > 1 {
            return Poll::Ready(false);
        }
        loop {
            let next = ready!(lock(self.reading).poll_encoded(context));
            match next {
                Ok(None) => {
                    lock(self.reading).ended = true;
                    return Poll::Ready(true);
                }
                Ok(Some(bytes)) => self.bytes += bytes.len() as u64,
                Err(_) => return Poll::Ready(false),
            }
            if self.bytes > SMALL_REST {
                return Poll::Ready(false);
            }
        }
    }
}
