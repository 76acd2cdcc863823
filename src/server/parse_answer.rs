//! The answer to a text as JSON: everything found in it. A long one is written while it is sent, so that no copy of it
//! lies beside the parse.

use super::{
    negotiate::Encoding,
    problem::Problem,
    respond::{Answer, media},
    state::App,
    stream::{self, Compressor, Paced, Source, Stream},
};
use crate::{budget::Permit, export::Pieces, geoparse::Parse};
use axum::{
    body::Body,
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use serde::Serialize;
use std::sync::Arc;

/// Answers with at most so many parts are written at once: they have a length and a tag.
const FEW: usize = 200;

/// Answers with a parse. The permit is returned when the answer is sent.
pub fn respond(app: &Arc<App>, parse: Parse, permit: Permit<'static>, parts: &Parts) -> Result<Response, Problem> {
    let whole = WholeParse {
        versions: app.about.versions.clone(),
        parse,
        _permit: Some(permit),
    };
    send(app, whole, media::JSON, parts)
}

fn send(app: &Arc<App>, source: impl Source, media: &'static str, parts: &Parts) -> Result<Response, Problem> {
    if source.len() <= FEW {
        return Ok(Answer::new(media, stream::whole(&source)?).send_from(app, &parts.headers));
    }
    let compressor = Compressor::open(Encoding::accepted(&parts.headers));
    let encoding = compressor.encoding();
    let paced = parts.extensions.get::<Paced>().is_some();
    let body = Stream::new(Arc::clone(app), source, compressor, paced).map_err(Problem::internal)?;
    let mut response = Response::new(Body::new(body));
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    head.insert(
        header::VARY,
        HeaderValue::from_static("accept, accept-encoding, accept-language"),
    );
    if let Some(value) = encoding.header() {
        head.insert(header::CONTENT_ENCODING, value);
    }
    Ok(response)
}

/// A parse with `id: null` before everything else: it has no document.
struct WholeParse {
    /// Versions of the program and of the land.
    versions: String,
    parse: Parse,
    _permit: Option<Permit<'static>>,
}

/// The lists of a parse, in the order in which they are written.
const LISTS: [&str; 6] = ["mentions", "quantities", "attributions", "claims", "positions", "times"];

impl WholeParse {
    fn lengths(&self) -> [usize; 6] {
        let parse = &self.parse;
        [
            parse.mentions.len(),
            parse.quantities.len(),
            parse.attributions.len(),
            parse.claims.len(),
            parse.positions.len(),
            parse.times.len(),
        ]
    }

    /// The list that a part is in, and its position there.
    fn place(&self, mut nth: usize) -> (usize, usize) {
        for (list, length) in self.lengths().into_iter().enumerate() {
            if nth < length {
                return (list, nth);
            }
            nth -= length;
        }
        (LISTS.len(), 0)
    }

    /// Ends a list and begins those up to another.
    fn go_on(&self, from: usize, to: usize, out: &mut Vec<u8>) {
        for name in LISTS.iter().take(to + 1).skip(from + 1) {
            out.extend_from_slice(b"],\"");
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":[");
        }
    }
}

impl Source for WholeParse {
    fn len(&self) -> usize {
        self.lengths().iter().sum()
    }

    fn pieces(&self) -> Box<dyn Pieces + '_> {
        Box::new(self)
    }
}

impl Pieces for &WholeParse {
    fn head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"id\":null,");
        if !self.versions.is_empty() {
            out.extend_from_slice(b"\"versions\":");
            write(out, &self.versions);
            out.push(b',');
        }
        out.extend_from_slice(b"\"language\":");
        write(out, &self.parse.language);
        if let Some(supported) = self.parse.supported {
            out.extend_from_slice(b",\"supported\":");
            write(out, &supported);
        }
        out.extend_from_slice(b",\"mentions\":[");
    }

    fn feature(&self, nth: usize, out: &mut Vec<u8>) {
        let (list, at) = self.place(nth);
        match at {
            0 => self.go_on(nth.checked_sub(1).map_or(0, |before| self.place(before).0), list, out),
            _ => out.push(b','),
        }
        let parse = &self.parse;
        match list {
            0 => write(out, &parse.mentions[at]),
            1 => write(out, &parse.quantities[at]),
            2 => write(out, &parse.attributions[at]),
            3 => write(out, &parse.claims[at]),
            4 => write(out, &*parse.positions[at]),
            _ => write(out, &*parse.times[at]),
        }
    }

    fn tail(&self, out: &mut Vec<u8>) {
        let last = self.len().checked_sub(1).map_or(0, |last| self.place(last).0);
        self.go_on(last, LISTS.len(), out);
        out.extend_from_slice(b"]}");
    }
}

fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    // Memory takes everything, and the parts of a parse have no keys that JSON lacks.
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geoparse::{Attribution, Claim, ClaimType, Quantity, Words};

    /// Each list empty or not: the parts add up to the JSON of the whole.
    #[test]
    fn the_parts_of_a_parse_are_its_json() {
        for lists in 0..8_usize {
            let has = |list: u8| (0..2 * (lists >> list & 1)).map(|at| format!("x{at}"));
            let parse = Parse {
                quantities: has(0)
                    .map(|id| Quantity {
                        id,
                        words: Words::default(),
                        value: Some(1.5),
                        range: None,
                        role: None,
                        bound: Default::default(),
                        upper: None,
                        unit: "km".to_owned(),
                        noun: String::new(),
                        approximate: false,
                        approximation: None,
                    })
                    .collect(),
                attributions: has(1)
                    .map(|id| Attribution {
                        id,
                        speaker: None,
                        verb: Words::default(),
                        stance: Default::default(),
                        quote: Words::default(),
                        direct: true,
                    })
                    .collect(),
                claims: has(2)
                    .map(|id| Claim {
                        id,
                        document: None,
                        kind: ClaimType::Meeting,
                        status: "claimed",
                        mentions: Vec::new(),
                        places: Vec::new(),
                        precision: None,
                        quantities: Vec::new(),
                        attribution: None,
                        evidence: Words::default(),
                        position: None,
                        time: None,
                        actor: None,
                        target: None,
                        given: None,
                    })
                    .collect(),
                ..Parse::default()
            };
            let json = serde_json::to_string(&parse).unwrap();
            let whole = String::from_utf8(
                stream::whole(&WholeParse {
                    versions: String::new(),
                    parse,
                    _permit: None,
                })
                .unwrap(),
            )
            .unwrap();
            assert_eq!(whole, format!("{{\"id\":null,{}", &json[1..]));
        }
    }
}
