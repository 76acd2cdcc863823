//! A parse in little room: what follows from the text or from the table of places is left out.
//!
//! A span is kept in bytes; its words, code points and UTF-16 units are read off the text again. A place is kept by its id.
//! What is left is JSON with short keys, compressed with Zstandard.

use super::StoreError;
use crate::{
    gazetteer::Level,
    geoparse::{
        Attribution, Bound, Candidate, Claim, ClaimType, Mention, MentionPlace, Parse, Part, Precision, Quantity, Reading, Role,
        Speaker, Stance, Words,
    },
    language::Language,
    text::{OffsetCounter, Span},
};
use serde::{Deserialize, Serialize};

/// Compression level: higher ones take several times as long for one part in a hundred.
const LEVEL: i32 = 6;
/// No packed parse is longer than this when unpacked (1 GiB); a larger size in a header is damage.
const LONGEST: usize = 1 << 30;

type Bytes = (usize, usize);

#[derive(Serialize, Deserialize)]
struct Packed {
    l: Language,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    m: Vec<PackedMention>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    q: Vec<PackedQuantity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    a: Vec<PackedAttribution>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    c: Vec<PackedClaim>,
}

#[derive(Serialize, Deserialize)]
struct PackedMention {
    s: Bytes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    b: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    e: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    t: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l: Option<Level>,
    r: Reading,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    a: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<String>,
    c: Vec<(String, f64, Vec<String>)>,
    f: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<Precision>,
}

#[derive(Serialize, Deserialize)]
struct PackedQuantity {
    s: Bytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r: Option<Role>,
    /// Absent in parses of an earlier version, which told exact figures and approximate ones apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<Bound>,
    u: String,
    n: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    x: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct PackedAttribution {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    s: Option<(usize, usize, bool)>,
    v: Bytes,
    q: Bytes,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    d: bool,
    #[serde(default, skip_serializing_if = "is_said")]
    t: Stance,
}

fn is_said(stance: &Stance) -> bool {
    *stance == Stance::Said
}

#[derive(Serialize, Deserialize)]
struct PackedClaim {
    k: ClaimType,
    /// Whether it is `claimed`.
    d: bool,
    m: Vec<usize>,
    p: Vec<String>,
    q: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    a: Option<usize>,
    e: Bytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<Precision>,
}

/// The bytes that are kept of a parse.
pub(super) fn pack(parse: &Parse) -> Result<Vec<u8>, StoreError> {
    let packed = Packed {
        l: parse.language,
        m: parse.mentions.iter().map(mention).collect(),
        q: parse.quantities.iter().map(quantity).collect(),
        a: parse.attributions.iter().map(attribution).collect(),
        c: parse.claims.iter().map(|one| claim(parse, one)).collect(),
    };
    let json = serde_json::to_vec(&packed).map_err(|error| StoreError::Broken(error.to_string()))?;
    compress(&json)
}

/// Compressed bytes.
pub(super) fn compress(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(bytes, LEVEL).map_err(|error| StoreError::Broken(format!("cannot compress: {error}")))
}

/// What was compressed.
pub(super) fn decompress(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= LONGEST);
    let size = size.ok_or_else(|| StoreError::Broken("compressed bytes without a size".to_owned()))?;
    zstd::bulk::decompress(bytes, size).map_err(|error| StoreError::Broken(format!("cannot decompress: {error}")))
}

fn mention(mention: &Mention) -> PackedMention {
    let candidates = mention.candidates.iter();
    PackedMention {
        s: mention.offsets.byte.into(),
        b: mention.prefix.clone(),
        e: mention.suffix.clone(),
        t: mention.trigger.clone(),
        l: mention.level,
        r: mention.reading,
        a: mention.actor.clone(),
        p: mention.place.as_ref().map(|place| place.id.clone()),
        c: candidates
            .map(|one| (one.id.clone(), one.score, one.reasons.clone()))
            .collect(),
        f: mention.confidence,
        n: mention.precision,
    }
}

fn quantity(quantity: &Quantity) -> PackedQuantity {
    PackedQuantity {
        s: quantity.words.offsets.byte.into(),
        v: quantity.value,
        h: quantity.upper,
        g: quantity.range,
        r: quantity.role,
        b: Some(quantity.bound),
        u: quantity.unit.clone(),
        n: quantity.noun.clone(),
        x: quantity.approximate,
        w: quantity.approximation.clone(),
    }
}

fn attribution(attribution: &Attribution) -> PackedAttribution {
    let speaker = attribution.speaker.as_ref();
    PackedAttribution {
        s: speaker.map(|speaker| {
            let [start, end] = speaker.words.offsets.byte;
            (start, end, speaker.carried)
        }),
        v: attribution.verb.offsets.byte.into(),
        q: attribution.quote.offsets.byte.into(),
        d: attribution.direct,
        t: attribution.stance,
    }
}

fn claim(parse: &Parse, claim: &Claim) -> PackedClaim {
    let mention = |id: &String| parse.mentions.iter().position(|one| one.id == *id);
    let quantity = |id: &String| parse.quantities.iter().position(|one| one.id == *id);
    let said = claim.attribution.as_ref();
    PackedClaim {
        k: claim.kind,
        d: claim.status == "claimed",
        m: claim.mentions.iter().filter_map(mention).collect(),
        p: claim.places.clone(),
        q: claim.quantities.iter().filter_map(quantity).collect(),
        a: said.and_then(|id| parse.attributions.iter().position(|one| one.id == *id)),
        e: claim.evidence.offsets.byte.into(),
        n: claim.precision,
    }
}

/// The parse again. `place` gives a place by its id. Parts get their ids by position, as the geoparser gives them.
pub(super) fn unpack(
    bytes: &[u8],
    text: &str,
    place: &dyn Fn(&str) -> Option<MentionPlace>,
) -> Result<Parse, StoreError> {
    let json = decompress(bytes)?;
    let packed: Packed = serde_json::from_slice(&json)
        .map_err(|error| StoreError::Broken(format!("a parse cannot be read: {error}")))?;
    let mut reader = Unpacker {
        text,
        counter: OffsetCounter::new(text),
        place,
    };
    Ok(Parse {
        language: packed.l,
        mentions: numbered(packed.m, |at, one| reader.mention(at, one))?,
        quantities: numbered(packed.q, |at, one| reader.quantity(at, one))?,
        attributions: numbered(packed.a, |at, one| reader.attribution(at, one))?,
        claims: numbered(packed.c, |at, one| reader.claim(at, one))?,
    })
}

fn numbered<P, T>(
    parts: Vec<P>,
    mut part: impl FnMut(usize, P) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    parts
        .into_iter()
        .enumerate()
        .map(|(at, one)| part(at + 1, one))
        .collect()
}

struct Unpacker<'t> {
    text: &'t str,
    counter: OffsetCounter<'t>,
    place: &'t dyn Fn(&str) -> Option<MentionPlace>,
}

impl Unpacker<'_> {
    fn words(&mut self, (start, end): Bytes) -> Result<Words, StoreError> {
        let text = self
            .text
            .get(start..end)
            .ok_or_else(|| StoreError::Broken(format!("bytes {start} to {end} are no part of the text")))?;
        let offsets = self.counter.offsets(Span { start, end });
        Ok(Words {
            part: Part::Text,
            text: text.to_owned(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
        })
    }

    fn mention(&mut self, at: usize, packed: PackedMention) -> Result<Mention, StoreError> {
        let words = self.words(packed.s)?;
        let place = packed.p.map(|id| {
            (self.place)(&id).ok_or_else(|| StoreError::Broken(format!("place {id:?} is not in the table of places")))
        });
        let candidates = packed.c.into_iter();
        Ok(Mention {
            id: format!("m{at}"),
            document: None,
            part: Part::Text,
            text: words.text,
            start: words.start,
            end: words.end,
            offsets: words.offsets,
            prefix: packed.b,
            suffix: packed.e,
            trigger: packed.t,
            level: packed.l,
            reading: packed.r,
            actor: packed.a,
            place: place.transpose()?,
            candidates: candidates
                .map(|(id, score, reasons)| Candidate { id, score, reasons })
                .collect(),
            confidence: packed.f,
            precision: packed.n,
        })
    }

    fn quantity(&mut self, at: usize, packed: PackedQuantity) -> Result<Quantity, StoreError> {
        Ok(Quantity {
            id: format!("q{at}"),
            words: self.words(packed.s)?,
            value: packed.v,
            upper: packed.h,
            range: packed.g,
            role: packed.r,
            bound: packed.b.unwrap_or(if packed.x { Bound::About } else { Bound::Exact }),
            unit: packed.u,
            noun: packed.n,
            approximate: packed.x,
            approximation: packed.w,
        })
    }

    fn attribution(&mut self, at: usize, packed: PackedAttribution) -> Result<Attribution, StoreError> {
        let speaker = packed.s.map(|(start, end, carried)| {
            let words = self.words((start, end))?;
            Ok::<_, StoreError>(Speaker { words, carried })
        });
        Ok(Attribution {
            id: format!("a{at}"),
            speaker: speaker.transpose()?,
            verb: self.words(packed.v)?,
            stance: packed.t,
            quote: self.words(packed.q)?,
            direct: packed.d,
        })
    }

    fn claim(&mut self, at: usize, packed: PackedClaim) -> Result<Claim, StoreError> {
        let ids = |kind: char, places: Vec<usize>| places.into_iter().map(|at| format!("{kind}{}", at + 1)).collect();
        Ok(Claim {
            id: format!("c{at}"),
            document: None,
            kind: packed.k,
            status: if packed.d { "claimed" } else { "reported" },
            mentions: ids('m', packed.m),
            places: packed.p,
            precision: packed.n,
            quantities: ids('q', packed.q),
            attribution: packed.a.map(|at| format!("a{}", at + 1)),
            evidence: self.words(packed.e)?,
        })
    }
}
