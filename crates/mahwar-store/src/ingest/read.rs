//! Parses an accepted text into a document with its mentions and claims.

use super::AcceptedText;
use crate::{
    document::Document,
    geoparse::{Geoparser, Parse, read_titled, text_first},
    store::{NewDocument, Original},
};
use std::{num::NonZero, panic, thread};

/// Parses a text. Its language is the one that the client gave, or else the detected one.
pub fn read(geoparser: &Geoparser, taken: AcceptedText) -> NewDocument {
    let mut document = taken.document;
    let published = document.published.as_deref();
    let parse = text_first(read_titled(document.own_title(), &document.text, |whole| {
        geoparser.geoparse_published(whole, published)
    }));
    if !taken.language_given {
        document.language = parse.language;
    }
    let original = taken.original.map(|original| Original {
        media_type: original.media_type.to_owned(),
        bytes: original.bytes,
    });
    NewDocument {
        document,
        parse,
        original,
    }
}

/// Reads a document again whose title or date was corrected.
pub fn reread(geoparser: &Geoparser, document: &Document) -> Parse {
    let published = document.published.as_deref();
    text_first(read_titled(document.own_title(), &document.text, |whole| {
        geoparser.geoparse_published(whole, published)
    }))
}

/// Reads texts on as many threads as there are cores; the documents are in the order of the texts.
pub fn read_all(geoparser: &Geoparser, mut taken: Vec<AcceptedText>) -> Vec<NewDocument> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = taken.len().div_ceil(threads).max(1);
    if taken.len() < 2 || threads == 1 {
        return taken.into_iter().map(|taken| read(geoparser, taken)).collect();
    }
    let mut parts = Vec::new();
    while !taken.is_empty() {
        let rest = taken.split_off(share.min(taken.len()));
        parts.push(std::mem::replace(&mut taken, rest));
    }
    thread::scope(|scope| {
        let one = |part: Vec<AcceptedText>| part.into_iter().map(|taken| read(geoparser, taken)).collect::<Vec<_>>();
        let workers: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || one(part))).collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(part) => part,
            Err(cause) => panic::resume_unwind(cause),
        });
        done.flatten().collect()
    })
}
