//! Writing out mentions: their strings, offsets and reasons.

use super::{
    geoparser::{Located, LocatedMention},
    parse::{Candidate, Mention, MentionPlace, Part, Precision, Reading},
    resolve::{Relation, Resolution, Scored},
};
use crate::{
    gazetteer::{Gazetteer, Place, PlaceIndex},
    text::{OffsetCounter, Tokens},
};
use ecow::{EcoString, eco_format};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{cell::RefCell, sync::Arc};

/// Distinct strings and lists that are shared between the mentions of one text, at most. Beyond, sharing begins anew.
const SHARED: usize = 4096;

/// Makes mentions of one text.
pub(super) struct Assembly<'a> {
    gazetteer: &'a Gazetteer,
    text: &'a str,
    tokens: &'a Tokens,
    shared: RefCell<Shared<'a>>,
}

/// Parts of mentions that occur more than once.
#[derive(Default)]
struct Shared<'a> {
    places: FxHashMap<PlaceIndex, Arc<MentionPlace>>,
    /// By number of a resolution and the words of the type noun.
    candidates: FxHashMap<(u32, &'a str), Arc<[Candidate]>>,
    reasons: FxHashSet<Arc<str>>,
}

impl<'a> Assembly<'a> {
    pub fn new(gazetteer: &'a Gazetteer, text: &'a str, tokens: &'a Tokens) -> Self {
        Self {
            gazetteer,
            text,
            tokens,
            shared: RefCell::default(),
        }
    }

    pub fn mentions(&self, located: &Located) -> Vec<Mention> {
        let mut counter = OffsetCounter::new(self.text);
        let number = located.mentions.iter().enumerate();
        number
            .map(|(at, one)| self.mention(at + 1, located, one, &mut counter))
            .collect()
    }

    fn mention(&self, number: usize, located: &Located, one: &LocatedMention, counter: &mut OffsetCounter) -> Mention {
        let (found, resolution) = (located.found(one), located.resolution(one));
        let offsets = counter.offsets(found.span);
        let trigger = found
            .trigger
            .as_ref()
            .map(|trigger| self.words(trigger.start, trigger.end));
        let place = resolution.chosen.map(|place| self.gazetteer.at(place));
        Mention {
            id: eco_format!("m{number}"),
            document: None,
            part: Part::Text,
            text: offsets.slice(self.text).into(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
            prefix: self.slice(self.token_start(found.first), found.span.start).into(),
            suffix: self.slice(found.span.end, self.token_end(found.last)).into(),
            level: place
                .map(|place| place.level)
                .or_else(|| found.trigger.as_ref()?.noun.levels.first().copied()),
            reading: one.read.reading,
            actor: match one.read.reading {
                Reading::Literal => None,
                Reading::Associative => one.read.actor.as_ref().map(|range| {
                    self.slice(
                        self.token_start(range.start),
                        self.actor_end(range.end, found.last, found.span.end),
                    )
                    .into()
                }),
            },
            setting: one.read.setting,
            place: resolution.chosen.map(|place| self.place(place)),
            candidates: self.candidates(one.resolution, resolution, trigger),
            confidence: (f64::from(one.confidence(resolution)) * 100.0).round() / 100.0,
            precision: place.map(|place| self.precision(place)),
            position: None,
            trigger: trigger.map(EcoString::from),
            time: None,
        }
    }

    fn place(&self, place: PlaceIndex) -> Arc<MentionPlace> {
        let made = || Arc::new(MentionPlace::of(self.gazetteer.at(place), self.gazetteer));
        let mut shared = self.shared.borrow_mut();
        Arc::clone(shared.places.entry(place).or_insert_with(made))
    }

    fn candidates(&self, number: u32, resolution: &Resolution, trigger: Option<&'a str>) -> Arc<[Candidate]> {
        let names_noun = resolution.candidates.iter().any(|one| one.reasons.level);
        let key = (number, trigger.filter(|_| names_noun).unwrap_or_default());
        if let Some(known) = self.shared.borrow().candidates.get(&key) {
            return Arc::clone(known);
        }
        let made = resolution.candidates.iter().map(|one| self.candidate(one, trigger));
        let made: Arc<[Candidate]> = made.collect();
        let mut shared = self.shared.borrow_mut();
        if shared.candidates.len() == SHARED {
            shared.candidates.clear();
        }
        shared.candidates.insert(key, Arc::clone(&made));
        made
    }

    /// Of a place whose unit alone is known, the precision is that of the unit.
    fn precision(&self, place: &Place) -> Precision {
        let unit = place.parents.first().filter(|_| place.approximate);
        let unit = unit.and_then(|unit| self.gazetteer.get(unit));
        unit.unwrap_or(place).level.into()
    }

    fn actor_end(&self, end: usize, last: usize, name_end: usize) -> usize {
        if end == last { name_end } else { self.token_end(end) }
    }

    fn candidate(&self, scored: &Scored, trigger: Option<&str>) -> Candidate {
        let mut reasons = Vec::new();
        if let (true, Some(trigger)) = (scored.reasons.level, trigger) {
            reasons.push(self.reason(&eco_format!("type noun {trigger}")));
        }
        if let Some((relation, place)) = scored.reasons.context {
            let name = self.name(place);
            reasons.push(self.reason(&match relation {
                Relation::Within => eco_format!("lies in {name}, named beside it"),
                Relation::Holds => eco_format!("holds {name}, named beside it"),
                Relation::Listed => eco_format!("listed with {name}"),
                Relation::Beside => eco_format!("lies near {name}, named beside it"),
            }));
        }
        if scored.reasons.only {
            reasons.push(self.reason("no other place bears the name"));
        }
        if scored.reasons.known {
            reasons.push(self.reason("the best known of its bearers"));
        }
        Candidate {
            id: self.gazetteer.at(scored.place).id.as_str().into(),
            score: (f64::from(scored.score.min(0.99)) * 100.0).round() / 100.0,
            reasons,
        }
    }

    fn reason(&self, words: &str) -> Arc<str> {
        let mut shared = self.shared.borrow_mut();
        if let Some(known) = shared.reasons.get(words) {
            return Arc::clone(known);
        }
        if shared.reasons.len() == SHARED {
            shared.reasons.clear();
        }
        let made: Arc<str> = words.into();
        shared.reasons.insert(Arc::clone(&made));
        made
    }

    fn name(&self, place: PlaceIndex) -> String {
        let preferred = self.gazetteer.at(place).names.preferred();
        preferred.best(self.tokens.language).to_owned()
    }

    fn words(&self, start: usize, end: usize) -> &'a str {
        let from = self
            .tokens
            .get(start)
            .map_or(0, |token| token.stem_range(self.text).start);
        self.slice(from, self.token_end(end))
    }

    fn token_start(&self, at: usize) -> usize {
        self.tokens
            .get(at)
            .map_or(self.text.len(), |token| token.start as usize)
    }

    fn token_end(&self, after: usize) -> usize {
        let last = after.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.end as usize)
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }
}
