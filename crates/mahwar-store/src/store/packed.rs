//! Compact form of a parse: fields that can be derived from the text or from the table of places are omitted.
//!
//! A span is kept in bytes; its words, code points and UTF-16 units are computed from the text. A place is kept by its
//! id. The rest is JSON with short keys, compressed with Zstandard.

use super::{
    StoreError,
    packed_positions::{PackedPosition, Radii},
};
use crate::{
    gazetteer::Level,
    geoparse::{
        Attribution, Bound, Calendar, Candidate, Claim, ClaimParty, ClaimType, Grain, Mention, MentionPlace, Parse,
        Part, Precision, Quantity, Reading, Reason, Role, Setting, Speaker, Stance, Time, Words, attach_positions,
    },
    language::Language,
    text::{OffsetCounter, Offsets, Span},
};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use std::{borrow::Cow, io, sync::Arc};

/// Finds a place of the store by its id; none for a row that cannot be read.
pub(super) type FindPlace<'f> = dyn Fn(&str) -> Result<Option<Arc<MentionPlace>>, StoreError> + 'f;

/// Compression level: higher ones take several times as long for one part in a hundred.
const LEVEL: i32 = 6;
/// No packed parse is longer than this when unpacked (1 GiB); a larger size in a header is damage.
const LONGEST: usize = 1 << 30;

pub(super) type Bytes = (usize, usize);

/// A parse when it is read back.
#[derive(Deserialize)]
struct Packed<'p> {
    l: Language,
    #[serde(borrow, default)]
    m: Vec<PackedMention<'p>>,
    #[serde(borrow, default)]
    q: Vec<PackedQuantity<'p>>,
    #[serde(default)]
    a: Vec<PackedAttribution>,
    #[serde(borrow, default)]
    c: Vec<PackedClaim<'p>>,
    /// Described positions.
    #[serde(borrow, default)]
    o: Vec<PackedPosition<'p>>,
    /// Radii of places.
    #[serde(default)]
    z: Radii,
    /// Absent in parses of an earlier version.
    #[serde(borrow, default)]
    t: Vec<PackedTime<'p>>,
}

#[derive(Serialize, Deserialize)]
struct PackedMention<'p> {
    s: Bytes,
    #[serde(borrow, default, skip_serializing_if = "is_empty")]
    b: Cow<'p, str>,
    #[serde(borrow, default, skip_serializing_if = "is_empty")]
    e: Cow<'p, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    t: Option<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l: Option<Level>,
    r: Reading,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    a: Option<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    h: Option<Setting>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    p: Option<Cow<'p, str>>,
    c: PackedCandidates,
    f: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<Precision>,
    /// Position of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<usize>,
}

/// Candidates as `[id, score, [reason, …]]`.
struct PackedCandidates(Arc<[Candidate]>);

impl Serialize for PackedCandidates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|one| (one.id.as_str(), one.score, reasons(one))))
    }
}

fn reasons(candidate: &Candidate) -> Vec<&str> {
    candidate.reasons.iter().map(|reason| &**reason).collect()
}

impl<'de> Deserialize<'de> for PackedCandidates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<(EcoString, f64, Vec<EcoString>)>::deserialize(deserializer)?;
        let all = all.into_iter().map(|(id, score, reasons)| Candidate {
            id,
            score,
            reasons: reasons.iter().map(|reason| Arc::from(reason.as_str())).collect(),
        });
        Ok(Self(all.collect()))
    }
}

#[derive(Serialize, Deserialize)]
struct PackedQuantity<'p> {
    s: Bytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    r: Option<Role>,
    /// Absent in parses of an earlier version, which distinguished exact figures from approximate ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<Bound>,
    #[serde(borrow)]
    u: Cow<'p, str>,
    #[serde(borrow)]
    n: Cow<'p, str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    x: bool,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    w: Option<Cow<'p, str>>,
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
struct PackedClaim<'p> {
    k: ClaimType,
    /// True if it is `claimed`.
    d: bool,
    m: Vec<usize>,
    #[serde(borrow)]
    p: Vec<Cow<'p, str>>,
    q: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    a: Option<usize>,
    e: Bytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<Precision>,
    /// Position of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    w: Option<usize>,
    /// Actor and target: their bytes and their party.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    o: Option<(usize, usize, Cow<'p, str>)>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    g: Option<(usize, usize, Cow<'p, str>)>,
}

#[derive(Serialize, Deserialize)]
struct PackedTime<'p> {
    s: Bytes,
    /// First and last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    f: Option<EcoString>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l: Option<EcoString>,
    #[serde(default, skip_serializing_if = "is_gregorian")]
    c: Calendar,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    r: Option<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<Grain>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    d: Option<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    u: Option<Reason>,
}

fn is_gregorian(calendar: &Calendar) -> bool {
    *calendar == Calendar::Gregorian
}

fn is_empty(text: &str) -> bool {
    text.is_empty()
}

/// A parse when it is written: each part is packed when its turn comes, so that no second copy of all of them is made.
struct Packing<'p>(&'p Parse);

impl Serialize for Packing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parse = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("l", &parse.language)?;
        if !parse.mentions.is_empty() {
            map.serialize_entry("m", &Each(&parse.mentions, |one| mention(parse, one)))?;
        }
        if !parse.quantities.is_empty() {
            map.serialize_entry("q", &Each(&parse.quantities, quantity))?;
        }
        if !parse.attributions.is_empty() {
            map.serialize_entry("a", &Each(&parse.attributions, attribution))?;
        }
        if !parse.claims.is_empty() {
            map.serialize_entry("c", &Each(&parse.claims, |one| claim(parse, one)))?;
        }
        if !parse.positions.is_empty() {
            map.serialize_entry("o", &Each(&parse.positions, |one| PackedPosition::of(parse, one)))?;
        }
        if !parse.place_radii.is_empty() {
            map.serialize_entry("z", &parse.place_radii)?;
        }
        if !parse.times.is_empty() {
            map.serialize_entry("t", &Each(&parse.times, time))?;
        }
        map.end()
    }
}

struct Each<'p, T, F>(&'p [T], F);

impl<'p, T, P: Serialize, F: Fn(&'p T) -> P> Serialize for Each<'p, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// Bytes up to a limit.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes that are stored of a parse.
///
/// # Errors
/// [`StoreError::TooLarge`] for one that [`unpack`] would not take.
pub(super) fn pack(parse: &Parse) -> Result<Vec<u8>, StoreError> {
    pack_within(parse, LONGEST)
}

fn pack_within(parse: &Parse, limit: usize) -> Result<Vec<u8>, StoreError> {
    let mut json = Limited {
        bytes: Vec::new(),
        limit,
    };
    serde_json::to_writer(&mut json, &Packing(parse)).map_err(|error| match error.io_error_kind() {
        Some(io::ErrorKind::FileTooLarge) => StoreError::TooLarge(format!(
            "{} mentions and {} claims were found in the text, which take more than {limit} bytes; divide the text",
            parse.mentions.len(),
            parse.claims.len()
        )),
        _ => StoreError::Broken(error.to_string()),
    })?;
    compress(&json.bytes)
}

/// Compressed bytes.
pub(super) fn compress(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(bytes, LEVEL).map_err(|error| StoreError::Broken(format!("cannot compress: {error}")))
}

/// Decompresses a parse.
pub(super) fn decompress(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= LONGEST);
    let size = size.ok_or_else(|| StoreError::Broken("compressed bytes without a size".to_owned()))?;
    zstd::bulk::decompress(bytes, size).map_err(|error| StoreError::Broken(format!("cannot decompress: {error}")))
}

/// The byte range of words; the title's range is offset.
fn key(words: &Words) -> Bytes {
    words.part.key(words.offsets.byte).into()
}

fn mention<'p>(parse: &Parse, mention: &'p Mention) -> PackedMention<'p> {
    PackedMention {
        s: mention.span().into(),
        b: mention.prefix.as_str().into(),
        e: mention.suffix.as_str().into(),
        t: mention.trigger.as_deref().map(Cow::from),
        l: mention.level,
        r: mention.reading,
        a: mention.actor.as_deref().map(Cow::from),
        h: mention.setting,
        p: mention.place.as_ref().map(|place| place.id.as_str().into()),
        c: PackedCandidates(Arc::clone(&mention.candidates)),
        f: mention.confidence,
        n: mention.precision,
        w: time_index(parse, mention.time.as_deref()),
    }
}

fn quantity(quantity: &Quantity) -> PackedQuantity<'_> {
    PackedQuantity {
        s: key(&quantity.words),
        v: quantity.value,
        h: quantity.upper,
        g: quantity.range,
        r: quantity.role,
        b: Some(quantity.bound),
        u: quantity.unit.as_str().into(),
        n: quantity.noun.as_str().into(),
        x: quantity.approximate,
        w: quantity.approximation.as_deref().map(Cow::from),
    }
}

fn attribution(attribution: &Attribution) -> PackedAttribution {
    let speaker = attribution.speaker.as_ref();
    PackedAttribution {
        s: speaker.map(|speaker| {
            let (start, end) = key(&speaker.words);
            (start, end, speaker.carried)
        }),
        v: key(&attribution.verb),
        q: key(&attribution.quote),
        d: attribution.direct,
        t: attribution.stance,
    }
}

fn claim<'p>(parse: &Parse, claim: &'p Claim) -> PackedClaim<'p> {
    let said = claim.attribution.as_ref();
    PackedClaim {
        k: claim.kind,
        d: claim.status == "claimed",
        m: claim.mentions.iter().filter_map(|id| parse.mention_index(id)).collect(),
        p: claim.places.iter().map(|id| id.as_str().into()).collect(),
        q: claim
            .quantities
            .iter()
            .filter_map(|id| parse.quantity_index(id))
            .collect(),
        a: said.and_then(|id| parse.attribution_index(id)),
        e: key(&claim.evidence),
        n: claim.precision,
        w: time_index(parse, claim.time.as_deref()),
        o: claim.actor.as_deref().map(party),
        g: claim.target.as_deref().map(party),
    }
}

fn party(party: &ClaimParty) -> (usize, usize, Cow<'_, str>) {
    let (start, end) = key(&party.words);
    (start, end, party.party.as_str().into())
}

/// Position of a time: times are numbered in their order.
fn time_index(parse: &Parse, time: Option<&Time>) -> Option<usize> {
    let number: usize = time?.id.get(1..)?.parse().ok()?;
    number.checked_sub(1).filter(|at| *at < parse.times.len())
}

fn time(time: &Arc<Time>) -> PackedTime<'_> {
    PackedTime {
        s: key(&time.words),
        f: time.from.map(|day| eco_format!("{day}")),
        l: time.to.map(|day| eco_format!("{day}")),
        c: time.calendar,
        r: time.relative_to.as_deref().map(Cow::from),
        g: time.grain,
        d: time.duration.as_deref().map(Cow::from),
        u: time.unresolved,
    }
}

/// Restores the parse. `place` returns a place by its id, none for one whose row is damaged. Parts get their ids by
/// position, as in the geoparser.
pub(super) fn unpack(bytes: &[u8], title: &str, text: &str, place: &FindPlace<'_>) -> Result<Parse, StoreError> {
    let json = decompress(bytes)?;
    let packed: Packed = serde_json::from_slice(&json)
        .map_err(|error| StoreError::Broken(format!("a parse cannot be read: {error}")))?;
    let mut reader = Unpacker {
        title,
        times: Vec::new(),
        text,
        counter: OffsetCounter::new(text),
        lists: FxHashMap::default(),
        place,
    };
    let times = numbered(packed.t, |at, one| reader.time(at, one))?;
    reader.times.clone_from(&times);
    let mut parse = Parse {
        language: packed.l,
        supported: Parse::support(packed.l),
        times,
        mentions: numbered(packed.m, |at, one| reader.mention(at, one))?,
        quantities: numbered(packed.q, |at, one| reader.quantity(at, one))?,
        attributions: numbered(packed.a, |at, one| reader.attribution(at, one))?,
        claims: numbered(packed.c, |at, one| reader.claim(at, one))?,
        positions: numbered(packed.o, |at, one| {
            let words = reader.words(one.s)?;
            Ok(Arc::new(one.unpacked(at, words)))
        })?,
        place_radii: packed.z,
    };
    attach_positions(&mut parse);
    Ok(parse)
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
    title: &'t str,
    times: Vec<Arc<Time>>,
    text: &'t str,
    counter: OffsetCounter<'t>,
    /// The last list of candidates that each place heads.
    lists: FxHashMap<EcoString, Arc<[Candidate]>>,
    place: &'t FindPlace<'t>,
}

impl<'t> Unpacker<'t> {
    fn span(&mut self, (start, end): Bytes) -> Result<(Part, &'t str, Offsets), StoreError> {
        let (part, [start, end]) = Part::of_key([start, end]);
        if part == Part::Title {
            let words = self
                .title
                .get(start..end)
                .ok_or_else(|| StoreError::Broken(format!("bytes {start} to {end} are no part of the title")))?;
            return Ok((part, words, OffsetCounter::new(self.title).offsets(Span { start, end })));
        }
        let text = self
            .text
            .get(start..end)
            .ok_or_else(|| StoreError::Broken(format!("bytes {start} to {end} are no part of the text")))?;
        Ok((part, text, self.counter.offsets(Span { start, end })))
    }

    fn words(&mut self, span: Bytes) -> Result<Words, StoreError> {
        let (part, text, offsets) = self.span(span)?;
        Ok(Words {
            part,
            text: text.to_owned(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
        })
    }

    fn mention(&mut self, at: usize, packed: PackedMention<'_>) -> Result<Mention, StoreError> {
        let (part, text, offsets) = self.span(packed.s)?;
        let place = packed.p.map(|id| (self.place)(&id)).transpose()?.flatten();
        Ok(Mention {
            id: eco_format!("m{at}"),
            document: None,
            part,
            text: text.into(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
            prefix: packed.b.into(),
            suffix: packed.e.into(),
            trigger: packed.t.map(EcoString::from),
            level: packed.l,
            reading: packed.r,
            actor: packed.a.map(EcoString::from),
            setting: packed.h,
            place,
            candidates: self.shared(packed.c.0),
            confidence: packed.f,
            precision: packed.n,
            position: None,
            time: self.time_at(packed.w),
        })
    }

    fn time(&mut self, at: usize, packed: PackedTime<'_>) -> Result<Arc<Time>, StoreError> {
        let day = |day: Option<EcoString>| {
            let read = |day: EcoString| {
                day.parse()
                    .map_err(|_| StoreError::Broken(format!("{day:?} is no day of a time")))
            };
            day.map(read).transpose()
        };
        Ok(Arc::new(Time {
            id: eco_format!("t{at}"),
            words: self.words(packed.s)?,
            from: day(packed.f)?,
            to: day(packed.l)?,
            calendar: packed.c,
            relative_to: packed.r.map(EcoString::from),
            grain: packed.g,
            duration: packed.d.map(EcoString::from),
            unresolved: packed.u,
        }))
    }

    fn time_at(&self, at: Option<usize>) -> Option<Arc<Time>> {
        self.times.get(at?).map(Arc::clone)
    }

    fn party(&mut self, (start, end, party): (usize, usize, Cow<'_, str>)) -> Result<ClaimParty, StoreError> {
        Ok(ClaimParty {
            words: self.words((start, end))?,
            party: party.into(),
        })
    }

    /// The list of the mention before, if it is the same: names recur.
    fn shared(&mut self, candidates: Arc<[Candidate]>) -> Arc<[Candidate]> {
        let known = candidates.first().and_then(|first| self.lists.get(&first.id));
        match known {
            Some(known) if **known == *candidates => Arc::clone(known),
            _ => {
                if let Some(first) = candidates.first() {
                    self.lists.insert(first.id.clone(), Arc::clone(&candidates));
                }
                candidates
            }
        }
    }

    fn quantity(&mut self, at: usize, packed: PackedQuantity<'_>) -> Result<Quantity, StoreError> {
        Ok(Quantity {
            id: format!("q{at}"),
            words: self.words(packed.s)?,
            value: packed.v,
            upper: packed.h,
            range: packed.g,
            role: packed.r,
            bound: packed.b.unwrap_or(if packed.x { Bound::About } else { Bound::Exact }),
            unit: packed.u.into_owned(),
            noun: packed.n.into_owned(),
            approximate: packed.x,
            approximation: packed.w.map(Cow::into_owned),
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

    fn claim(&mut self, at: usize, packed: PackedClaim<'_>) -> Result<Claim, StoreError> {
        let ids = |kind: char, places: Vec<usize>| places.into_iter().map(|at| format!("{kind}{}", at + 1)).collect();
        Ok(Claim {
            id: format!("c{at}"),
            document: None,
            kind: packed.k,
            status: if packed.d { "claimed" } else { "reported" },
            mentions: ids('m', packed.m),
            places: packed.p.into_iter().map(Cow::into_owned).collect(),
            precision: packed.n,
            quantities: ids('q', packed.q),
            attribution: packed.a.map(|at| format!("a{}", at + 1)),
            evidence: self.words(packed.e)?,
            position: None,
            time: self.time_at(packed.w),
            actor: packed.o.map(|party| self.party(party).map(Box::new)).transpose()?,
            target: packed.g.map(|party| self.party(party).map(Box::new)).transpose()?,
            given: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(mentions: usize) -> Parse {
        let one = Mention {
            id: "m1".into(),
            document: None,
            part: Part::Text,
            setting: None,
            text: "Kirkuk".into(),
            start: 0,
            end: 6,
            offsets: Offsets {
                byte: [0, 6],
                codepoint: [0, 6],
                utf16: [0, 6],
            },
            prefix: EcoString::default(),
            suffix: EcoString::default(),
            trigger: Some("\"city\"".into()),
            level: None,
            reading: Reading::Literal,
            actor: None,
            place: None,
            candidates: Arc::new([Candidate {
                id: "IQG13".into(),
                score: 0.9,
                reasons: vec!["no other place bears the name".into()],
            }]),
            confidence: 0.9,
            precision: None,
            position: None,
            time: None,
        };
        let mentions = (1..=mentions).map(|at| Mention {
            id: eco_format!("m{at}"),
            ..one.clone()
        });
        Parse {
            mentions: mentions.collect(),
            ..Parse::default()
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_and_equal_lists_are_one() {
        let parse = parse(3);
        let read = unpack(&pack(&parse).unwrap(), "", "Kirkuk", &|_| Ok(None)).unwrap();
        assert_eq!(read, parse);
        assert!(Arc::ptr_eq(&read.mentions[0].candidates, &read.mentions[2].candidates));
    }

    /// Report: a parse was stored that could never be read again.
    #[test]
    fn a_parse_that_could_not_be_unpacked_is_not_packed() {
        let parse = parse(100);
        let refused = pack_within(&parse, 1000);
        assert!(matches!(refused, Err(StoreError::TooLarge(_))), "{refused:?}");
        assert!(pack_within(&parse, 100_000).is_ok());
    }
}
