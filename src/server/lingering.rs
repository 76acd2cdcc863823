//! Connections that close without losing their last answer.
//!
//! An answer such as 413 goes out before the body is read whole. Were the socket then closed with bytes unread, the
//! kernel would reset the connection, and the client, still sending, would never see the answer. So writing ends
//! first, and what the client still sends is thrown away until it ends too, within a time and a number of bytes (the
//! "lingering close" of HTTP servers; RFC 9112, section 9.6).

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

/// How long a client may go on sending after its answer.
const TIME: Duration = Duration::from_secs(5);
/// How much it may send: some more than the largest body that any resource takes.
const ROOM: usize = 64 << 20;

/// A stream whose shutdown waits for the client to end.
pub struct Lingering {
    stream: TcpStream,
    closing: Option<Pin<Box<Sleep>>>,
    room: usize,
}

impl Lingering {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            closing: None,
            room: ROOM,
        }
    }

    /// Reads and forgets, until the client has ended, has broken off, or has had its share.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut space = [0; 16 << 10];
        while self.room > 0 {
            if let Some(sleep) = &mut self.closing
                && sleep.as_mut().poll(context).is_ready()
            {
                break;
            }
            let mut buffer = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.room = self.room.saturating_sub(buffer.filled().len());
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.closing = Some(Box::pin(tokio::time::sleep(TIME)));
        }
        self.poll_discard(context).map(Ok)
    }
}
