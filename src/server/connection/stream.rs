//! The stream between a socket and hyper.
//!
//! - Each request's head is checked before hyper sees it ([`head`](super::head)). A refused one is replaced by a request
//!   that the service answers with the refusal, so that answers keep their order and look like all others.
//! - A head must arrive in a given time; an idle connection ends after it.
//! - A client that closes its side for writing still gets the answer to its last request for a moment.
//! - A client that takes nothing of an answer is cut off.
//! - A connection closes without losing its last answer: an answer such as 413 goes out before the body is read whole.
//!   If the socket were then closed with bytes unread, the kernel would reset the connection, and the client, still
//!   sending, would never see the answer. So writing ends first, and further bytes of the client are discarded until it
//!   ends too, within a time and a number of bytes (the "lingering close" of RFC 9112, section 9.6).

use super::{
    framing::Framing,
    head::{self, Head, MAX_HEAD, Refusal},
    state::{ConnectionState, REFUSED_REQUEST},
};
use crate::server::limits::ClientLimits;
use axum::http::StatusCode;
use bytes::{Buf, BytesMut};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

/// Time that a client may go on sending after its last answer.
const LINGER_TIME: Duration = Duration::from_secs(5);
/// Bytes that it may send then: more than the largest body that any resource accepts.
const LINGER_BYTES: usize = 64 << 20;
/// Time limit of an answer after the client has closed its side. Fast answers still reach the client; slow work for a
/// client that has gone is cancelled.
const HALF_CLOSED_TIME: Duration = Duration::from_secs(1);
/// Bytes that hyper reads in place of a fault in the chunks of a body: no part of a chunk, so that it ends the body with an error.
/// It accepts some faults that other programs on the way may read differently.
const CHUNK_FAULT: &[u8] = b"x";
/// Bytes that a client must take within the write timeout.
const WRITE_PROGRESS: usize = 16 * 1024;

/// A client's connection.
pub struct ClientStream {
    socket: TcpStream,
    state: Arc<ConnectionState>,
    limits: Arc<ClientLimits>,
    phase: Phase,
    /// Bytes that were read and not yet looked at.
    unchecked: BytesMut,
    /// The length of `unchecked` when it was last parsed as an incomplete head; 0 before.
    parsed: usize,
    /// Checked bytes that hyper has not read yet.
    checked: BytesMut,
    /// Time at which the first byte of an incomplete head came.
    head_began: Option<Instant>,
    /// The time of the last byte in either direction.
    active: Instant,
    read_timer: Option<Pin<Box<Sleep>>>,
    /// True from the end of a request's head to the first byte of its answer.
    answer_due: bool,
    /// Set when the client has closed its side while its answer is due.
    half_closed: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
    /// True while the socket takes no bytes.
    blocked: bool,
    /// Bytes written since the write timer was set.
    progress: usize,
    closing: Option<Pin<Box<Sleep>>>,
    linger_bytes: usize,
}

/// Position in the client's bytes.
enum Phase {
    /// Before or in a head.
    Head,
    /// In a body.
    Body(Framing),
    /// After a refused head: nothing more is read.
    Refused,
}

impl ClientStream {
    pub fn new(socket: TcpStream, state: Arc<ConnectionState>, limits: Arc<ClientLimits>) -> Self {
        Self {
            socket,
            state,
            limits,
            phase: Phase::Head,
            unchecked: BytesMut::new(),
            parsed: 0,
            checked: BytesMut::new(),
            head_began: None,
            active: Instant::now(),
            read_timer: None,
            answer_due: false,
            half_closed: None,
            write_timer: None,
            blocked: false,
            progress: 0,
            closing: None,
            linger_bytes: LINGER_BYTES,
        }
    }

    fn touch(&mut self) {
        self.active = Instant::now();
        self.state.touch();
    }

    /// Starts the phase after a head.
    fn head_ended(&mut self, body: Framing) {
        self.head_began = None;
        self.parsed = 0;
        self.answer_due = true;
        self.phase = match body.is_done() {
            true => Phase::Head,
            false => Phase::Body(body),
        };
    }

    /// Has the service answer with a refusal after the answers that are due; nothing more is read.
    fn refuse(&mut self, refusal: Refusal) {
        tracing::debug!(
            status = refusal.status.as_u16(),
            detail = refusal.detail,
            "request refused"
        );
        self.state.refuse(refusal);
        self.unchecked = BytesMut::new();
        self.checked.extend_from_slice(REFUSED_REQUEST);
        self.head_began = None;
        self.answer_due = true;
        self.phase = Phase::Refused;
    }

    /// Reads a head straight into hyper's buffer. Returns false if the head needs more than that.
    fn poll_read_whole_head(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<HeadRead>> {
        let start = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        let new = &buffer.filled()[start..];
        if new.is_empty() {
            return Poll::Ready(Ok(HeadRead::End));
        }
        let read = match head::check(new) {
            Head::Complete {
                length,
                body,
                rewritten: None,
            } => {
                self.unchecked.extend_from_slice(&new[length..]);
                buffer.set_filled(start + length);
                self.head_ended(body);
                HeadRead::Passed
            }
            _ => {
                self.unchecked.extend_from_slice(new);
                buffer.set_filled(start);
                HeadRead::Unchecked
            }
        };
        self.touch();
        Poll::Ready(Ok(read))
    }

    /// Checks the bytes that were read: moves a head to `checked`, or refuses it. Returns true if the head is
    /// incomplete.
    fn check_head(&mut self) -> bool {
        // A new look is worth it when the end of the head may have come.
        let is_grown = self.unchecked.len() >= self.parsed * 2 || self.unchecked.len() > MAX_HEAD;
        if !is_grown && !ends_head(&self.unchecked[self.parsed.saturating_sub(3)..]) {
            return true;
        }
        if self.parsed == 0 {
            let lines = self.unchecked.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            let lines = lines.count();
            self.unchecked.advance(lines);
            if self.unchecked.is_empty() {
                return true;
            }
        }
        match head::check(&self.unchecked) {
            Head::Partial => {
                self.parsed = self.unchecked.len();
                self.head_began.get_or_insert(self.active);
                return true;
            }
            Head::Refused(refusal) => self.refuse(refusal),
            Head::Complete {
                length,
                body,
                rewritten,
            } => {
                let head = self.unchecked.split_to(length);
                match rewritten {
                    Some(rewritten) => self.checked.extend_from_slice(&rewritten),
                    None => self.checked.unsplit(head),
                }
                self.head_ended(body);
            }
        }
        false
    }

    /// Ready when the client had its time for a head.
    fn poll_head_timeout(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let time = self.limits.head_timeout;
        loop {
            let deadline = self.head_began.unwrap_or(self.active) + time;
            let timer = self.read_timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            ready!(timer.as_mut().poll(context));
            let now = Instant::now();
            if self.state.is_running() || self.blocked {
                timer.as_mut().reset(now + time);
            } else if now < deadline {
                timer.as_mut().reset(deadline);
            } else {
                return Poll::Ready(());
            }
        }
    }

    /// The client waits longer than it may, or others need its place: an incomplete head is refused, an idle connection
    /// ends.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.state.register(context.waker());
        let is_evicted = self.state.is_evicted() && !self.state.is_running();
        if !is_evicted {
            ready!(self.poll_head_timeout(context));
        }
        if self.head_began.is_some() {
            self.refuse(match is_evicted {
                true => Refusal::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the server has too many connections; try again in a few seconds",
                ),
                false => Refusal::new(
                    StatusCode::REQUEST_TIMEOUT,
                    format!(
                        "the head of the request did not come within {:?}",
                        self.limits.head_timeout
                    ),
                ),
            });
        }
        Poll::Ready(())
    }

    /// Passes on that the client has closed its side: at once, or a moment later where its answer is due.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.head_began.is_some() {
            self.refuse(Refusal::new(
                StatusCode::BAD_REQUEST,
                "the request ended before its head was complete",
            ));
            return Poll::Ready(Ok(()));
        }
        if self.answer_due || self.blocked || self.state.is_running() {
            let timer = self
                .half_closed
                .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + HALF_CLOSED_TIME)));
            ready!(timer.as_mut().poll(context));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_read_head(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<HeadRead>> {
        if self.unchecked.is_empty() {
            match self.poll_read_whole_head(context, buffer) {
                Poll::Pending => {}
                ready => return ready,
            }
        } else {
            if !self.check_head() {
                return Poll::Ready(Ok(HeadRead::Unchecked));
            }
            let socket = Pin::new(&mut self.socket);
            match poll_read_more(socket, context, &mut self.unchecked) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Ok(HeadRead::End)),
                Poll::Ready(Ok(_)) => {
                    self.touch();
                    return Poll::Ready(Ok(HeadRead::Unchecked));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
        }
        ready!(self.poll_patience(context));
        Poll::Ready(Ok(match self.phase {
            Phase::Refused => HeadRead::Unchecked,
            _ => HeadRead::Idle,
        }))
    }

    /// Passes on bytes of a body.
    fn poll_read_body(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Phase::Body(framing) = &mut self.phase else {
            return Poll::Ready(Ok(()));
        };
        if framing.is_unreadable() {
            buffer.put_slice(&CHUNK_FAULT[..buffer.remaining().min(1)]);
            return Poll::Ready(Ok(()));
        }
        if !self.unchecked.is_empty() {
            let offered = self.unchecked.len().min(buffer.remaining());
            let used = framing.advance(&self.unchecked[..offered]);
            buffer.put_slice(&self.unchecked[..used]);
            self.unchecked.advance(used);
            if framing.is_unreadable() {
                buffer.put_slice(CHUNK_FAULT);
            }
        } else {
            let start = buffer.filled().len();
            if Pin::new(&mut self.socket).poll_read(context, buffer)?.is_pending() {
                self.state.register(context.waker());
                if self.state.is_evicted() {
                    return Poll::Ready(Err(io::Error::new(
                        io::ErrorKind::ConnectionAborted,
                        "too many connections",
                    )));
                }
                return Poll::Pending;
            }
            let new = &buffer.filled()[start..];
            if new.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let used = framing.advance(new);
            self.unchecked.extend_from_slice(&new[used..]);
            buffer.set_filled(start + used);
            if framing.is_unreadable() {
                buffer.put_slice(CHUNK_FAULT);
            }
            self.active = Instant::now();
            self.state.touch();
        }
        if let Phase::Body(framing) = &self.phase
            && framing.is_done()
        {
            self.phase = Phase::Head;
        }
        Poll::Ready(Ok(()))
    }

    /// Notes written bytes.
    fn wrote(&mut self, count: usize) {
        self.answer_due = false;
        self.touch();
        if self.blocked {
            self.progress += count;
            if self.progress >= WRITE_PROGRESS {
                self.unblock();
            }
        }
    }

    fn unblock(&mut self) {
        if self.blocked {
            self.blocked = false;
            self.progress = 0;
            self.write_timer = None;
            self.state.block_write(false);
        }
    }

    /// An error when the client took too little for too long, or others need its place.
    fn poll_write_timeout(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        self.blocked = true;
        self.state.block_write(true);
        self.state.register(context.waker());
        let time = self.limits.write_timeout;
        let timer = self
            .write_timer
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + time)));
        if !self.state.is_evicted() {
            ready!(timer.as_mut().poll(context));
        }
        Poll::Ready(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client took too little of the answer",
        ))
    }

    fn after_write(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                self.wrote(count);
                Poll::Ready(Ok(count))
            }
            Poll::Pending => self.poll_write_timeout(context).map(Err),
            failed => failed,
        }
    }

    /// Reads and discards, until the client has ended, has broken off, or has had its share.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut space = [0; 16 << 10];
        while self.linger_bytes > 0 {
            if let Some(sleep) = &mut self.closing
                && sleep.as_mut().poll(context).is_ready()
            {
                break;
            }
            let mut buffer = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.linger_bytes = self.linger_bytes.saturating_sub(buffer.filled().len());
        }
        Poll::Ready(())
    }
}

/// Result of one step of reading a head.
enum HeadRead {
    /// A whole head is in hyper's buffer.
    Passed,
    /// There are bytes to look at, or checked ones to pass on.
    Unchecked,
    /// The client has closed its side.
    End,
    /// The client had its time.
    Idle,
}

/// True if a head may end in these bytes.
fn ends_head(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\n\r\n").is_some() || memchr::memmem::find(bytes, b"\n\n").is_some()
}

/// Reads the available bytes of the socket into a growing buffer.
fn poll_read_more(
    socket: Pin<&mut TcpStream>,
    context: &mut Context<'_>,
    bytes: &mut BytesMut,
) -> Poll<io::Result<usize>> {
    let mut space = [0; 4096];
    let mut buffer = ReadBuf::new(&mut space);
    ready!(socket.poll_read(context, &mut buffer))?;
    bytes.extend_from_slice(buffer.filled());
    Poll::Ready(Ok(buffer.filled().len()))
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.checked.is_empty() {
                let count = this.checked.len().min(buffer.remaining());
                buffer.put_slice(&this.checked.split_to(count));
                return Poll::Ready(Ok(()));
            }
            if this.half_closed.is_some() {
                return this.poll_end(context);
            }
            match this.phase {
                Phase::Refused => return Poll::Pending,
                Phase::Body(_) => return this.poll_read_body(context, buffer),
                Phase::Head => match ready!(this.poll_read_head(context, buffer))? {
                    HeadRead::Passed | HeadRead::Idle => return Poll::Ready(Ok(())),
                    HeadRead::Unchecked => {}
                    HeadRead::End => {
                        ready!(this.poll_end(context))?;
                        if this.checked.is_empty() {
                            return Poll::Ready(Ok(()));
                        }
                    }
                },
            }
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.after_write(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.after_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Hyper flushes when it has nothing left to write.
        self.unblock();
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
            self.closing = Some(Box::pin(sleep_until(Instant::now() + LINGER_TIME)));
        }
        self.poll_discard(context).map(Ok)
    }
}
