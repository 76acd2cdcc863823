//! Places abroad and places of this land with one name: which of them a text cannot mean.

use super::{
    cue::Cue,
    evidence::{Anchor, Judge, Subject},
    find::Found,
    names::NameId,
    ranks::{FAMOUS, SMALL, is_city},
    resolve::{Resolution, Resolutions},
    stated_parent::Parent,
};
use crate::{
    gazetteer::{Level, PlaceIndex},
    language::Language,
    text::{Kind, Token, fold},
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::ops::Range;

/// The most members of a list on either side of a name that are looked at.
const LIST: usize = 16;
/// Names before and after one among which another place of its state is looked for.
const AROUND: usize = 128;
/// Tokens of a text in which the adjective of a state is looked for.
const TEXT: usize = 4000;
/// A town abroad nearer than this, in degrees, is across the border.
const ACROSS: f64 = 1.5;
/// The most words between "in" and the unit that it governs: "in the southern countryside of".
const UNIT: usize = 6;
/// A town of this rank is known in its governorate.
const SMALL_TOWN: u8 = 50;
/// Letters of the name of a division that is no abbreviation, and how many of them a text about another state has.
const DIVISION: usize = 4;
const DIVISIONS: usize = 2;

impl Judge<'_> {
    /// True if a name is not that of the place abroad: a village with the name of a city, a place in a unit of this land,
    /// or a member of a list of places of which none is known.
    pub(super) fn is_bearer_at_home(
        &self,
        found: &[Found],
        at: usize,
        resolution: &Resolution,
        resolved: &Resolutions,
        stated: &[Parent],
    ) -> bool {
        let one = &found[at];
        let (Some(best), Some(trigger)) = (resolution.candidates.first(), &one.trigger) else {
            return false;
        };
        let place = self.gazetteer.at(best.place);
        if !place.foreign || matches!(place.level, Level::Country | Level::Region) {
            return false;
        }
        if self.is_namesake(found, at, resolution, stated[at]) {
            return true;
        }
        if trigger.noun.levels.first() != Some(&Level::Settlement) {
            return false;
        }
        let list = self.list_around(found, at);
        let unit = |parent: PlaceIndex| self.gazetteer.at(parent).level != Level::Country;
        let in_unit = |at: usize| matches!(stated[at], Parent::Home(parent) if unit(parent));
        if list.clone().any(in_unit) {
            return true;
        }
        let chosen = |at: usize| resolved.at(at).and_then(|resolution| resolution.chosen);
        let unknown = list.clone().any(|other| other != at && chosen(other).is_none());
        let state = self.state_of(best.place);
        let compatriot = |other: PlaceIndex| other != best.place && state.is_some() && self.state_of(other) == state;
        let around = at.saturating_sub(AROUND)..found.len().min(at + AROUND);
        unknown && !around.into_iter().any(|other| chosen(other).is_some_and(compatriot))
    }

    /// The members of the list of a name.
    fn list_around(&self, found: &[Found], at: usize) -> Range<usize> {
        let list = found[at].list;
        let same = |other: usize| found[other].list == list;
        let start = (at.saturating_sub(LIST)..at)
            .rev()
            .take_while(|other| same(*other))
            .last();
        let end = (at + 1..found.len().min(at + LIST))
            .take_while(|other| same(*other))
            .last();
        start.unwrap_or(at)..end.unwrap_or(at) + 1
    }

    /// The state of a place.
    fn state_of(&self, place: PlaceIndex) -> Option<PlaceIndex> {
        let state = |place: &PlaceIndex| self.gazetteer.at(*place).level == Level::Country;
        Some(place)
            .filter(state)
            .or_else(|| self.parents.of(place).iter().copied().find(state))
    }

    /// The names of a text that its own words put abroad somewhere: they mean no place of this land in the rest of it,
    /// unless it names other places of the land.
    pub(super) fn names_stated_abroad(
        &self,
        found: &[Found],
        resolved: &Resolutions,
        anchors: &[Anchor],
        stated: &[Parent],
    ) -> FxHashMap<NameId, bool> {
        let mut first = 0;
        let mut names = FxHashMap::default();
        for (at, one) in found.iter().enumerate() {
            let Some(place) = resolved.at(at).and_then(|resolution| resolution.chosen) else {
                continue;
            };
            let sentence = self.tokens.sentence_within(one.first, super::evidence::PASSAGE);
            while first < anchors.len() && found[anchors[first].at].first < sentence.start {
                first += 1;
            }
            let near = anchors[first..]
                .iter()
                .take_while(|anchor| sentence.contains(&found[anchor.at].first));
            let known = self.gazetteer.at(place);
            let state = matches!(known.level, Level::Country | Level::Region);
            if one.name == 0 || known.foreign || state {
                continue;
            }
            let said = stated[at] == Parent::Abroad;
            if said
                || known.rank < FAMOUS
                    && near
                        .into_iter()
                        .any(|anchor| self.happens_in(found, one, place, anchor))
            {
                *names.entry(one.name).or_insert(false) |= said;
            }
        }
        names
    }

    /// True if the text puts a name abroad, or is about divisions of another state and spells the name otherwise than the
    /// land does ("Bagdad"), and names no other place of the land that would speak for it.
    pub(super) fn means_abroad(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> bool {
        let own = |other: PlaceIndex| {
            let mut bearers = self.names.bearers(one.name).iter();
            other == place || bearers.any(|bearer| bearer.place == other)
        };
        let mut others = subject.places.iter().filter(|other| !own(**other));
        let at_home = self.land_words > 0 || others.clone().next().is_some();
        match subject.stated_abroad.get(&one.name) {
            Some(true) => {
                let beside = near.iter().any(|anchor| !anchor.foreign && !own(anchor.place));
                !beside && !others.any(|other| self.is_akin(place, *other))
            }
            Some(false) => !at_home,
            None => {
                let level = self.gazetteer.at(place).level;
                let state = matches!(level, Level::Country | Level::Region);
                let latin = self.tokens.tokens[one.first].kind == Kind::Latin;
                let usual = || {
                    let mut names = self.gazetteer.at(place).names.of(Language::English);
                    names.next().is_some_and(|name| fold(name) == fold(self.slice(one)))
                };
                let unit = one.trigger.as_ref().and_then(|trigger| trigger.noun.levels.first());
                let typed = unit.is_some_and(|level| level.is_administrative());
                let known = self.gazetteer.at(place).rank >= FAMOUS;
                let across = || subject.towns_abroad.iter().any(|town| self.is_across(place, *town));
                let other_state =
                    || !typed && !known && !self.comes_from(one) && !across() && self.is_text_of_state(subject);
                !at_home && !state && (latin && self.is_text_abroad() && !usual() || other_state())
            }
        }
    }

    /// The towns abroad that a text names. A capital is often the government that acts elsewhere, and "from" a town
    /// somebody comes into this land.
    pub(super) fn towns_abroad(&self, found: &[Found], anchors: &[Anchor]) -> SmallVec<[PlaceIndex; 8]> {
        let mut towns = SmallVec::new();
        for anchor in anchors.iter().filter(|anchor| anchor.foreign) {
            let place = self.gazetteer.at(anchor.place);
            let town = place.level != Level::Country && place.kind != "capital" && !self.comes_from(&found[anchor.at]);
            if town && towns.len() < LIST && !towns.contains(&anchor.place) {
                towns.push(anchor.place);
            }
        }
        towns
    }

    /// True if the text has the adjective of a state in which it names towns: it is about that state.
    fn is_text_of_state(&self, subject: &Subject) -> bool {
        !subject.towns_abroad.is_empty()
            && *self.of_state.get_or_init(|| {
                let towns = subject.towns_abroad.iter();
                let states: SmallVec<[PlaceIndex; 8]> = towns.filter_map(|town| self.state_of(*town)).collect();
                (0..self.tokens.len().min(TEXT)).any(|at| {
                    let token = &self.tokens.tokens[at];
                    let adjective = match token.kind {
                        Kind::Latin => token.is_capital(),
                        Kind::Arabic => !token.is_sorani() && self.slice_of(at).starts_with("ال"),
                        _ => false,
                    };
                    let state = || self.nationalities.of(self.slice_of(at));
                    adjective && state().is_some_and(|state| states.contains(&state))
                })
            })
    }

    /// True if a town abroad lies so near a place of the land that both are named for the border between them.
    fn is_across(&self, place: PlaceIndex, town: PlaceIndex) -> bool {
        let (one, other) = (self.gazetteer.at(place).point, self.gazetteer.at(town).point);
        (one[0] - other[0]).hypot(one[1] - other[1]) < ACROSS
    }

    /// True if a name is where something comes from or goes to, or the people of a place.
    fn comes_from(&self, one: &Found) -> bool {
        let left = self.words.ending_at(self.tokens, one.head).0;
        let people = left.has(Cue::Literal) && !left.any(&[Cue::Function, Cue::Tie]);
        people || self.is_way(one) || self.prefix(one).has(Cue::Channel)
    }

    /// True if the text names divisions of another state more than once.
    fn is_text_abroad(&self) -> bool {
        *self.abroad_text.get_or_init(|| {
            let division = |at: usize| {
                let token = &self.tokens.tokens[at];
                token.kind == Kind::Latin
                    && token.is_capital()
                    && self.words.begins_cue(token.word, Cue::Abroad)
                    && self.slice_of(at).len() >= DIVISION
                    && self.words.beginning_at(self.tokens, at).0.has(Cue::Abroad)
            };
            (0..self.tokens.len())
                .filter(|at| division(*at))
                .take(DIVISIONS)
                .count()
                == DIVISIONS
        })
    }

    /// True if a village is called like a town of another governorate than all that the text names.
    pub(super) fn is_other_village(&self, one: &Found, place: PlaceIndex, subject: &Subject) -> bool {
        let village = one.trigger.as_ref().is_some_and(|trigger| trigger.noun.small);
        let known = self.gazetteer.at(place).rank >= SMALL;
        let own = |other: PlaceIndex| self.names.bearers(one.name).iter().any(|bearer| bearer.place == other);
        // A city alone, where news are written and people flee to, says nothing of where a village lies.
        let unit = |other: PlaceIndex| {
            let other = self.gazetteer.at(other);
            !matches!(other.level, Level::Country | Level::Region) && !is_city(other)
        };
        let mut others = subject
            .places
            .iter()
            .filter(|other| unit(**other) && !own(**other))
            .peekable();
        village
            && known
            && others.peek().is_some()
            && !others.any(|other| self.is_akin(place, *other) || self.parents.border(*other, place))
    }

    /// True if a unit of another state that follows in the sentence is where it happens: "Sinjar fell to the army in the
    /// province of Idlib".
    fn happens_in(&self, found: &[Found], one: &Found, place: PlaceIndex, anchor: &Anchor) -> bool {
        let other = &found[anchor.at];
        let unit = self.gazetteer.at(anchor.place).level != Level::Country;
        // "from Mecca to Yathrib".
        let way = anchor.foreign && unit && other.last + 1 == one.first && self.slice_of(other.last) == "to";
        if way && self.gazetteer.at(place).rank <= SMALL_TOWN {
            return true;
        }
        if !anchor.foreign || !unit || self.comes_from(one) || self.is_across(place, anchor.place) {
            return false;
        }
        if other.first < one.first {
            // "in Idlib province, following the liberation of Sinjar".
            let behind = || self.words.noun_after(self.tokens, other.last).map(|noun| noun.noun);
            let noun = other.trigger.as_ref().map_or_else(behind, |trigger| Some(trigger.noun));
            return noun.is_some_and(|noun| noun.levels.first() == Some(&Level::Governorate));
        }
        if self.prefix(other).has(Cue::Inside) {
            return true;
        }
        for at in (one.last.max(other.head.saturating_sub(UNIT))..other.head).rev() {
            let token = &self.tokens.tokens[at];
            let whole = self.words.whole(token);
            let of = matches!(self.slice_of(at), "of" | "the");
            if whole.has(Cue::Inside) && !of {
                // "Kocho, … spoke in Geneva": a city is where somebody acts; a province is where towns fall.
                return other.trigger.is_some()
                    || self.gazetteer.at(anchor.place).level != Level::Settlement
                    || (at + 1..other.head).any(|at| token.kind != Kind::Latin || self.slice_of(at) == "of")
                    || self.are_names(one.last..at);
            }
            let stops = [Cue::Verb, Cue::Motion, Cue::And, Cue::Channel];
            let word = matches!(token.kind, Kind::Latin | Kind::Arabic) && !of;
            if token.begins_sentence() || !token.kind.is_word() || word && whole.any(&stops) {
                return false;
            }
        }
        false
    }

    /// True if only further names of a list are between: "Rabia and Salma in Latakia".
    fn are_names(&self, between: Range<usize>) -> bool {
        between.into_iter().all(|at| {
            let token = &self.tokens.tokens[at];
            self.words.whole(token).has(Cue::And) || token.kind == Kind::Latin && token.is_capital()
        })
    }

    /// True if the type noun is not one of the place: "Qassim province" of a subdistrict, "the town of Babylon" of a
    /// governorate. The land's own governorates are all known, and none is a town.
    pub(super) fn is_of_another_kind(&self, one: &Found, resolution: &Resolution) -> bool {
        let behind = || self.words.noun_after(self.tokens, one.last).map(|noun| noun.noun);
        let noun = one.trigger.as_ref().map_or_else(behind, |trigger| Some(trigger.noun));
        let (Some(best), Some(noun)) = (resolution.candidates.first(), noun) else {
            return false;
        };
        let place = self.gazetteer.at(best.place);
        if noun.loose || best.reasons.level || place.foreign {
            return false;
        }
        let latin = self
            .tokens
            .get(one.first)
            .is_some_and(|token| token.kind == Kind::Latin);
        let town = latin
            && noun.levels.first() == Some(&Level::Settlement)
            && (noun.small || noun.levels.contains(&Level::Subdistrict));
        let governorate = noun.levels.first() == Some(&Level::Governorate);
        match place.level {
            Level::Governorate => town,
            Level::District | Level::Subdistrict => governorate && latin,
            Level::Settlement => governorate && latin && place.rank < FAMOUS,
            _ => false,
        }
    }

    /// True if the name of a place abroad is directly beside it: "Babylon Berlin".
    pub(super) fn is_beside_abroad(&self, found: &[Found], at: usize, resolved: &Resolutions) -> bool {
        let one = &found[at];
        let plain = |other: &Found| other.trigger.is_none();
        let abroad = |at: usize| {
            let place = resolved.at(at).and_then(|resolution| resolution.chosen);
            place.is_some_and(|place| {
                let place = self.gazetteer.at(place);
                place.foreign && place.level != Level::Country
            })
        };
        let next = found.get(at + 1).is_some_and(|next| {
            next.first == one.last && plain(next) && abroad(at + 1) && self.is_latin_inside(next.first)
        });
        let before = at.checked_sub(1).is_some_and(|before| {
            found[before].last == one.first
                && plain(&found[before])
                && abroad(before)
                && self.is_latin_inside(one.first)
        });
        plain(one) && (next || before)
    }

    /// "Babylon Health, a London start-up": capitals go on the name, and an apposition follows.
    pub(super) fn is_called(&self, one: &Found) -> bool {
        let capital = |at: &usize| self.is_latin_inside(*at) && self.tokens.tokens[*at].is_capital();
        let Some(end) = (one.last..one.last + UNIT).find(|at| !capital(at)) else {
            return false;
        };
        let comma = self.tokens.get(end).is_some_and(|token| token.kind == Kind::Comma);
        end > one.last && comma && matches!(self.slice_of(end + 1), "a" | "an")
    }

    /// "in the video game": the sentence is about a work of fiction.
    pub(super) fn is_in_work(&self, one: &Found) -> bool {
        let sentence = self.tokens.sentence_within(one.first, super::evidence::PASSAGE);
        sentence.into_iter().any(|at| {
            let token = &self.tokens.tokens[at];
            let begins = self.words.begins_cue(token.word, Cue::Work) && self.words.whole(token).has(Cue::Inside);
            begins && self.words.beginning_at(self.tokens, at).0.has(Cue::Work)
        })
    }

    /// A word in Latin letters that goes on a sentence in which capitals mean something.
    fn is_latin_inside(&self, at: usize) -> bool {
        let token: Option<&Token> = self.tokens.get(at).filter(|token| !token.begins_sentence());
        token.is_some_and(|token| token.kind == Kind::Latin && token.is_spaced()) && !self.tokens.is_uncased_at(at)
    }

    /// True if the source of a report has the name: "according to the information of (X)".
    pub(super) fn is_bracketed_source(&self, one: &Found) -> bool {
        let Some(open) = one.head.checked_sub(1) else {
            return false;
        };
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        if kind(open) != Some(Kind::Open) || kind(one.last) != Some(Kind::Close) || one.trigger.is_some() {
            return false;
        }
        let sentence = self.tokens.sentence_within(open, 3);
        (sentence.start.max(open.saturating_sub(2))..=open)
            .any(|end| self.words.ending_at(self.tokens, end).0.has(Cue::According))
    }
}
