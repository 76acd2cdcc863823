//! A JSON object that is written member by member and compressed while it is written, so that an answer of a hundred
//! megabytes takes a few of memory: neither its values nor its text are whole at any time.

use super::{
    negotiate::Encoding,
    problem::Problem,
    respond::{Answer, Packed},
    state::App,
    stream::Encoder,
    work,
};
use axum::{http::HeaderMap, response::Response};
use rustc_hash::FxHasher;
use serde::Serialize;
use std::{hash::Hasher, io};

/// Bytes that are compressed at a time. An object that is shorter is sent as any other answer.
const BLOCK: usize = 64 * 1024;

/// The object as far as it is written.
pub struct ObjectAnswer {
    media: &'static str,
    /// The content coding that the client likes.
    shown: Encoding,
    /// Text that is not compressed yet.
    waiting: Vec<u8>,
    /// Since the first block.
    encoder: Option<Encoder>,
    packed: Vec<u8>,
    /// Bytes of text in `packed`.
    length: usize,
    hasher: FxHasher,
}

impl ObjectAnswer {
    /// An object without members.
    pub fn new(media: &'static str, request: &HeaderMap) -> Self {
        Self {
            media,
            shown: Encoding::accepted(request),
            waiting: vec![b'{'],
            encoder: None,
            packed: Vec::new(),
            length: 0,
            hasher: FxHasher::default(),
        }
    }

    /// Adds a member.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn member(&mut self, name: &str, value: &impl Serialize) -> Result<(), Problem> {
        self.name(name);
        self.value(value)
    }

    /// Adds a member that is a list.
    ///
    /// # Errors
    /// 503 when the work is over its budget, and when the compressor fails.
    pub fn list(&mut self, name: &str, items: impl IntoIterator<Item = impl Serialize>) -> Result<(), Problem> {
        self.name(name);
        self.waiting.push(b'[');
        for (nth, item) in items.into_iter().enumerate() {
            work::check()?;
            if nth > 0 {
                self.waiting.push(b',');
            }
            self.value(&item)?;
        }
        self.waiting.push(b']');
        Ok(())
    }

    fn name(&mut self, name: &str) {
        if self.length > 0 || self.waiting.len() > 1 {
            self.waiting.push(b',');
        }
        // Memory takes everything.
        let _ = serde_json::to_writer(&mut self.waiting, name);
        self.waiting.push(b':');
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        let _ = serde_json::to_writer(&mut self.waiting, value);
        match self.waiting.len() < BLOCK {
            true => Ok(()),
            false => self.pack().map_err(Problem::internal),
        }
    }

    fn pack(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.waiting);
        self.hasher.write(&block);
        self.length += block.len();
        let stored = self.stored();
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            none => none.insert(Encoder::of_answer(stored)?),
        };
        self.packed.extend(encoder.push(block)?);
        Ok(())
    }

    /// The coding that is kept. Of clients that take none it is the one that is undone fastest while they read.
    fn stored(&self) -> Encoding {
        match self.shown {
            Encoding::Identity => Encoding::Zstd,
            coding => coding,
        }
    }

    /// Ends the object and answers with it.
    ///
    /// # Errors
    /// When the compressor fails.
    pub fn send(mut self, app: &App, request: &HeaderMap) -> Result<Response, Problem> {
        self.waiting.push(b'}');
        let Some(encoder) = self.encoder else {
            return Ok(Answer::new(self.media, self.waiting).send_from(app, request));
        };
        self.hasher.write(&self.waiting);
        let packed = Packed {
            shown: self.shown,
            length: self.length + self.waiting.len(),
        };
        self.packed
            .extend(encoder.end(&self.waiting).map_err(Problem::internal)?);
        let answer = Answer::packed(self.media, self.packed, packed);
        Ok(answer.tagged(self.hasher.finish()).send_from(app, request))
    }
}
