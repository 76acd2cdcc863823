//! A text file that is sent while it is made: no more of it is in memory than a block.

use super::{
    negotiate::Encoding,
    problem::Problem,
    state::App,
    work::{self, Budget, WorkKind},
};
use crate::export::Pieces;
use axum::body::HttpBody;
use bytes::Bytes;
use flate2::write::GzEncoder;
use http_body::Frame;
use std::{
    io::{self, Write},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

/// Bytes of a block before it is compressed.
const BLOCK: usize = 32 * 1024;
/// Cost estimate of a block, in microseconds.
const BLOCK_COST: u64 = 500;

/// Parts of a file.
pub trait Source: Send + Unpin + 'static {
    /// Number of features.
    fn len(&self) -> usize;
    /// The pieces of the file.
    fn pieces(&self) -> Box<dyn Pieces + '_>;
}

/// The whole file at once.
///
/// # Errors
/// 503 when the work that the thread does is over its budget.
pub fn whole(source: &impl Source) -> Result<Vec<u8>, Problem> {
    let budget = work::budget();
    let pieces = source.pieces();
    let mut out = Vec::new();
    pieces.head(&mut out);
    let features = (0..source.len()).take_while(|_| !budget.is_spent());
    features.for_each(|nth| pieces.feature(nth, &mut out));
    budget.check()?;
    pieces.tail(&mut out);
    Ok(out)
}

/// A file on its way: each time that the client can take more, a worker makes a block of it.
pub struct Stream<S> {
    app: Arc<App>,
    state: State<S>,
    /// Closed while the block before is still held; `None` if the reader is not a connection, and may gather blocks.
    /// blocks.
    gate: Option<Arc<Gate>>,
}

enum State<S> {
    /// The next block can be made.
    Ready(Box<Making<S>>),
    /// A worker makes it.
    Running(Pin<Box<dyn Future<Output = Result<Block<S>, Problem>> + Send>>),
    /// All is sent.
    Ended,
}

/// The rest to be made, and a block that was made.
type Block<S> = (Box<Making<S>>, Option<Vec<u8>>);

struct Making<S> {
    source: S,
    /// The next feature.
    at: usize,
    /// The compressor; none when all is sent.
    encoder: Option<Encoder>,
}

impl<S: Source> Stream<S> {
    /// Nothing is made yet. A paced stream makes a block when the one before was written to the socket, so that a client
    /// that does not read holds one block.
    pub fn new(app: Arc<App>, source: S, compressor: Compressor, paced: bool) -> io::Result<Self> {
        let making = Making {
            source,
            at: 0,
            encoder: Some(Encoder::new(compressor)?),
        };
        Ok(Self {
            app,
            state: State::Ready(Box::new(making)),
            gate: paced.then(Arc::default),
        })
    }
}

impl<S: Source> Making<S> {
    fn block(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let Some(mut encoder) = self.encoder.take() else {
                return Ok(None);
            };
            let mut plain = Vec::with_capacity(BLOCK + BLOCK / 4);
            let pieces = self.source.pieces();
            let count = self.source.len();
            if self.at == 0 {
                pieces.head(&mut plain);
            }
            while self.at < count && plain.len() < BLOCK {
                pieces.feature(self.at, &mut plain);
                self.at += 1;
            }
            if self.at >= count {
                pieces.tail(&mut plain);
                return encoder.end(&plain).map(Some);
            }
            drop(pieces);
            let made = encoder.push(plain)?;
            self.encoder = Some(encoder);
            // A compressor may keep its input for a while.
            if !made.is_empty() {
                return Ok(Some(made));
            }
        }
    }
}

impl<S: Source> HttpBody for Stream<S> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        loop {
            match std::mem::replace(&mut this.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Ready(mut making) => {
                    if let Some(gate) = &this.gate
                        && gate.is_held(context)
                    {
                        this.state = State::Ready(making);
                        return Poll::Pending;
                    }
                    let app = Arc::clone(&this.app);
                    this.state = State::Running(Box::pin(async move {
                        let make = move |_: &Budget| {
                            let block = making.block().map_err(Problem::internal)?;
                            Ok((making, block))
                        };
                        app.work.run(WorkKind::Stream.costing(BLOCK_COST), make).await
                    }));
                }
                State::Running(mut running) => match running.as_mut().poll(context) {
                    Poll::Pending => {
                        this.state = State::Running(running);
                        return Poll::Pending;
                    }
                    // The client sees that the file is cut: the last chunk is missing.
                    Poll::Ready(Err(problem)) => return Poll::Ready(Some(Err(io::Error::other(problem.detail)))),
                    Poll::Ready(Ok((_, None))) => return Poll::Ready(None),
                    Poll::Ready(Ok((making, Some(block)))) => {
                        this.state = State::Ready(making);
                        let bytes = match &this.gate {
                            None => block.into(),
                            Some(gate) => Gate::hold(gate, block),
                        };
                        return Poll::Ready(Some(Ok(Frame::data(bytes))));
                    }
                },
            }
        }
    }
}

/// Mark of requests that came over a connection, which drops blocks as it writes them.
#[derive(Clone, Copy, Debug)]
pub struct Paced;

/// True if a block is held, and who waits until it is not.
#[derive(Default)]
struct Gate(Mutex<(bool, Option<Waker>)>);

impl Gate {
    fn state(&self) -> std::sync::MutexGuard<'_, (bool, Option<Waker>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if a block is held; the task is woken when it is not any more.
    fn is_held(&self, context: &Context<'_>) -> bool {
        let mut state = self.state();
        if state.0 {
            state.1 = Some(context.waker().clone());
        }
        state.0
    }

    fn hold(gate: &Arc<Self>, bytes: Vec<u8>) -> Bytes {
        gate.state().0 = true;
        Bytes::from_owner(HeldBlock {
            bytes,
            gate: Arc::clone(gate),
        })
    }
}

struct HeldBlock {
    bytes: Vec<u8>,
    gate: Arc<Gate>,
}

impl AsRef<[u8]> for HeldBlock {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for HeldBlock {
    fn drop(&mut self) {
        let waker = {
            let mut state = self.gate.state();
            state.0 = false;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Compressors of streams that may be open at a time: each holds up to about a megabyte until its client has the file.
const COMPRESSORS: usize = 24;
static OPEN_COMPRESSORS: AtomicUsize = AtomicUsize::new(0);

/// The encoding of a stream, and its place among the open compressors.
pub struct Compressor(Encoding);

impl Compressor {
    /// A compressor of this encoding; none when too many are open, since a file may always be sent as it is.
    pub fn open(encoding: Encoding) -> Self {
        if encoding == Encoding::Identity {
            return Self(encoding);
        }
        let opened = OPEN_COMPRESSORS.fetch_update(Ordering::AcqRel, Ordering::Acquire, |open| {
            (open < COMPRESSORS).then_some(open + 1)
        });
        Self(opened.map_or(Encoding::Identity, |_| encoding))
    }

    /// Content coding of the stream.
    pub fn encoding(&self) -> Encoding {
        self.0
    }
}

impl Drop for Compressor {
    fn drop(&mut self) {
        if self.0 != Encoding::Identity {
            OPEN_COMPRESSORS.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// A compressor that returns its output so far.
pub(super) struct Encoder {
    coder: Coder,
    /// Its place among those that wait for clients, given back with the compressor.
    _compressor: Option<Compressor>,
}

enum Coder {
    Plain,
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

/// Base-two logarithm of the window of brotli, in bytes: small, since each stream has one.
const BROTLI_WINDOW: u32 = 18;

impl Encoder {
    fn new(compressor: Compressor) -> io::Result<Self> {
        let encoder = Self::of_answer(compressor.encoding())?;
        Ok(Self {
            _compressor: Some(compressor),
            ..encoder
        })
    }

    /// A compressor of an answer that is whole before it is sent: it waits for nobody.
    pub(super) fn of_answer(encoding: Encoding) -> io::Result<Self> {
        let coder = match encoding {
            Encoding::Identity => Coder::Plain,
            Encoding::Gzip => Coder::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::fast())),
            Encoding::Brotli => {
                let writer = brotli::CompressorWriter::new(Vec::new(), 32 * 1024, 3, BROTLI_WINDOW);
                Coder::Brotli(Box::new(writer))
            }
            Encoding::Zstd => Coder::Zstd(zstd::stream::write::Encoder::new(Vec::new(), 1)?),
        };
        Ok(Self {
            coder,
            _compressor: None,
        })
    }

    pub(super) fn push(&mut self, plain: Vec<u8>) -> io::Result<Vec<u8>> {
        let made = match &mut self.coder {
            Coder::Plain => return Ok(plain),
            Coder::Gzip(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
            Coder::Brotli(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
            Coder::Zstd(writer) => {
                writer.write_all(&plain)?;
                writer.get_mut()
            }
        };
        Ok(std::mem::take(made))
    }

    pub(super) fn end(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match self.coder {
            Coder::Plain => Ok(plain.to_vec()),
            Coder::Gzip(mut writer) => {
                writer.write_all(plain)?;
                writer.finish()
            }
            Coder::Brotli(mut writer) => {
                writer.write_all(plain)?;
                Ok(writer.into_inner())
            }
            Coder::Zstd(mut writer) => {
                writer.write_all(plain)?;
                writer.finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Wake;

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_next_block_waits_until_the_one_before_is_written() {
        let gate = Arc::new(Gate::default());
        let woken = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&woken));
        let context = Context::from_waker(&waker);
        assert!(!gate.is_held(&context));
        let block = Gate::hold(&gate, vec![1, 2, 3]);
        let rest = block.slice(1..);
        drop(block);
        assert!(gate.is_held(&context), "a part of it is not written yet");
        drop(rest);
        assert!(!gate.is_held(&context));
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn more_streams_than_compressors_are_sent_as_they_are() {
        let open: Vec<Compressor> = (0..COMPRESSORS + 2).map(|_| Compressor::open(Encoding::Gzip)).collect();
        assert_eq!(open.last().unwrap().encoding(), Encoding::Identity);
        drop(open);
        assert_eq!(Compressor::open(Encoding::Gzip).encoding(), Encoding::Gzip);
    }
}
