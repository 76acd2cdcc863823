//! Which time belongs to a mention and to a claim.

use super::{
    Grain, SENTENCE_REACH, Time,
    expression::{Found, Owner},
};
use crate::{
    geoparse::parse::{Attribution, Claim, Parse},
    text::Tokens,
};
use std::sync::Arc;

/// A time with the bytes of its sentence.
struct Placed {
    time: Arc<Time>,
    bytes: [usize; 2],
    sentence: [usize; 2],
    /// First byte of the clause that the time belongs to, and whether that reports an event. 0 for an event that another
    /// time is counted from.
    owner: Option<(usize, bool)>,
}

impl Placed {
    /// True if the time is not that of a claim: of a clause after its figure, or of another event.
    fn is_of_other(&self, figure: Option<[usize; 2]>) -> bool {
        /// Bytes between a figure and a relative clause about it.
        const JOINED: usize = 2;
        match (self.owner, figure) {
            (None, _) => false,
            (Some((0, _)), _) => true,
            (Some((start, _)), Some(figure)) => start > figure[1] + JOINED,
            (Some((_, event)), None) => !event,
        }
    }
}

/// Sets the times of mentions and claims. `found` are the expressions of the times.
pub(super) fn attach(tokens: &Tokens, found: &[Found], parse: &mut Parse) {
    let placed: Vec<Placed> = parse
        .times
        .iter()
        .zip(found)
        .map(|(time, found)| {
            let sentence = tokens.sentence_within(found.tokens.start, SENTENCE_REACH);
            let byte = |at: usize, end: bool| {
                tokens
                    .get(at)
                    .map_or(0, |token| if end { token.end as usize } else { token.start as usize })
            };
            Placed {
                time: Arc::clone(time),
                bytes: time.words.offsets.byte,
                sentence: [byte(sentence.start, false), byte(sentence.end.max(1) - 1, true)],
                owner: found.owner.map(|owner| match owner {
                    Owner::Counted => (0, false),
                    Owner::Relative { start, event } => (byte(start, false), event),
                }),
            }
        })
        .collect();
    let attributions = &parse.attributions;
    for mention in &mut parse.mentions {
        let span = mention.offsets.byte;
        mention.time = of_mention(&placed, attributions, span);
    }
    let claims: Vec<_> = parse
        .claims
        .iter()
        .map(|claim| of_claim(&placed, parse, claim))
        .collect();
    for (claim, time) in parse.claims.iter_mut().zip(claims) {
        claim.time = time;
    }
}

/// The times of the sentence that contains a byte.
fn around(placed: &[Placed], byte: usize) -> &[Placed] {
    let first = placed.partition_point(|one| one.sentence[1] <= byte);
    let rest = &placed[first..];
    let last = rest.partition_point(|one| one.sentence[0] <= byte);
    &rest[..last]
}

/// The words of the innermost attribution that contains a byte.
fn quote_of(attributions: &[Attribution], byte: usize) -> Option<[usize; 2]> {
    // Attributions are in the order of their verbs; only those near the byte can contain it.
    let at = attributions.partition_point(|one| one.verb.offsets.byte[0] <= byte);
    let near = &attributions[at.saturating_sub(4)..(at + 3).min(attributions.len())];
    let quotes = near.iter().map(|one| one.quote.offsets.byte);
    quotes
        .filter(|quote| quote[0] <= byte && byte < quote[1])
        .min_by_key(|quote| quote[1] - quote[0])
}

/// The only time of the sentence, or of several the one nearest in it, said by the same speaker.
fn of_mention(placed: &[Placed], attributions: &[Attribution], span: [usize; 2]) -> Option<Arc<Time>> {
    let times = around(placed, span[0]);
    if times.is_empty() {
        return None;
    }
    let quote = quote_of(attributions, span[0]);
    let said = times.iter().filter(|one| quote_of(attributions, one.bytes[0]) == quote);
    let nearest = said.min_by_key(|one| gap(one.bytes, span))?;
    Some(Arc::clone(&nearest.time))
}

/// The time of a claim: one in its words, or the only one of its speaker's statement in the sentence.
fn of_claim(placed: &[Placed], parse: &Parse, claim: &Claim) -> Option<Arc<Time>> {
    let evidence = claim.evidence.offsets.byte;
    let figure = figure(parse, claim);
    let inside: Vec<&Placed> = {
        let first = placed.partition_point(|one| one.bytes[0] < evidence[0]);
        placed[first..]
            .iter()
            .take_while(|one| one.bytes[1] <= evidence[1])
            .filter(|one| !one.is_of_other(figure))
            .collect()
    };
    let anchor = anchor(parse, claim).unwrap_or(evidence);
    if let Some(best) = best(&inside, anchor) {
        return Some(Arc::clone(&best.time));
    }
    let times = around(placed, evidence[0]);
    let said = claim.attribution.as_deref().and_then(|id| parse.attribution(id));
    let bounds = said.map(|said| said.quote.offsets.byte);
    let eligible: Vec<&Placed> = times
        .iter()
        .filter(|one| match bounds {
            Some(quote) => quote[0] <= one.bytes[0] && one.bytes[1] <= quote[1],
            None => quote_of(&parse.attributions, one.bytes[0]).is_none(),
        })
        .filter(|one| !one.is_of_other(figure))
        .collect();
    best(&eligible, anchor).map(|one| Arc::clone(&one.time))
}

/// Position of the first figure of a claim.
fn figure(parse: &Parse, claim: &Claim) -> Option<[usize; 2]> {
    let at = claim.quantities.first().and_then(|id| parse.quantity_index(id))?;
    Some(parse.quantities[at].words.offsets.byte)
}

/// Position of the central part of a claim: its first figure, or else its first place.
fn anchor(parse: &Parse, claim: &Claim) -> Option<[usize; 2]> {
    if let Some(figure) = figure(parse, claim) {
        return Some(figure);
    }
    let place = claim.mentions.first().and_then(|id| parse.mention(id))?;
    Some(place.offsets.byte)
}

/// Of several times the finest, and of those the nearest; open ends last.
fn best<'p>(times: &[&'p Placed], anchor: [usize; 2]) -> Option<&'p Placed> {
    let rank = |one: &&&Placed| {
        let time = &one.time;
        let coarse = match time.grain {
            Some(Grain::Day) => 0,
            Some(Grain::Week) => 1,
            Some(Grain::Interval) if time.from.is_none() || time.to.is_none() => 6,
            Some(Grain::Interval) => 2,
            Some(Grain::Month) => 3,
            Some(Grain::Season | Grain::Year | Grain::Decade) => 4,
            None => 5,
        };
        (coarse, gap(one.bytes, anchor))
    };
    times.iter().min_by_key(rank).copied()
}

/// Bytes between two spans.
fn gap(one: [usize; 2], other: [usize; 2]) -> usize {
    other[0].saturating_sub(one[1]).max(one[0].saturating_sub(other[1]))
}
