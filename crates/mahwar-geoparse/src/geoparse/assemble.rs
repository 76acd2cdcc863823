//! Writing out mentions: the strings, offsets and reasons of what was found.

use super::{
    geoparser::Located,
    parse::{Candidate, Mention, MentionPlace, Part, Precision, Reading},
    resolve::{Relation, Scored},
};
use crate::{
    gazetteer::{Gazetteer, Place, PlaceIndex},
    text::{OffsetCounter, Tokens},
};

/// Makes mentions of one text.
pub(super) struct Assembly<'a> {
    pub gazetteer: &'a Gazetteer,
    pub text: &'a str,
    pub tokens: &'a Tokens,
}

impl Assembly<'_> {
    pub fn mentions(&self, located: &[Located]) -> Vec<Mention> {
        let mut counter = OffsetCounter::new(self.text);
        let number = located.iter().enumerate();
        number
            .map(|(at, one)| self.mention(at + 1, one, &mut counter))
            .collect()
    }

    fn mention(&self, number: usize, located: &Located, counter: &mut OffsetCounter) -> Mention {
        let found = &located.found;
        let offsets = counter.offsets(found.span);
        let trigger = found
            .trigger
            .as_ref()
            .map(|trigger| self.words(trigger.start, trigger.end));
        let place = located.resolution.chosen.map(|place| self.gazetteer.at(place));
        let candidates = &located.resolution.candidates;
        Mention {
            id: format!("m{number}"),
            document: None,
            part: Part::Text,
            text: offsets.slice(self.text).to_owned(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
            prefix: self.slice(self.token_start(found.first), found.span.start),
            suffix: self.slice(found.span.end, self.token_end(found.last)),
            level: place
                .map(|place| place.level)
                .or_else(|| found.trigger.as_ref()?.noun.levels.first().copied()),
            reading: located.read.reading,
            actor: match located.read.reading {
                Reading::Literal => None,
                Reading::Associative => located.read.actor.as_ref().map(|range| {
                    self.slice(
                        self.token_start(range.start),
                        self.actor_end(range.end, found.last, found.span.end),
                    )
                }),
            },
            place: place.map(MentionPlace::from),
            candidates: candidates
                .iter()
                .map(|one| self.candidate(one, trigger.as_deref()))
                .collect(),
            confidence: (f64::from(located.resolution.score()) * 100.0).round() / 100.0,
            precision: place.map(|place| self.precision(place)),
            trigger,
        }
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
            reasons.push(format!("type noun {trigger}"));
        }
        if let Some((relation, place)) = scored.reasons.context {
            let name = self.name(place);
            reasons.push(match relation {
                Relation::Within => format!("lies in {name}, named beside it"),
                Relation::Holds => format!("holds {name}, named beside it"),
                Relation::Listed => format!("listed with {name}"),
                Relation::Beside => format!("lies near {name}, named beside it"),
            });
        }
        if scored.reasons.only {
            reasons.push("no other place bears the name".to_owned());
        }
        if scored.reasons.known {
            reasons.push("the best known of its bearers".to_owned());
        }
        Candidate {
            id: self.gazetteer.at(scored.place).id.to_string(),
            score: (f64::from(scored.score.min(0.99)) * 100.0).round() / 100.0,
            reasons,
        }
    }

    fn name(&self, place: PlaceIndex) -> String {
        let preferred = self.gazetteer.at(place).names.preferred();
        preferred.best(self.tokens.language).to_owned()
    }

    fn words(&self, start: usize, end: usize) -> String {
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

    fn slice(&self, start: usize, end: usize) -> String {
        self.text.get(start..end).unwrap_or_default().to_owned()
    }
}
