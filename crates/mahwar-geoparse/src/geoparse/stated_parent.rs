//! The parent that a text itself states for a name: "Rabia, Latakia province", "the Syrian town of Rabia", "Basra's
//! Kadhimiya district", القرنة غرب الأقصر. A place that does not lie in it is not meant.

use super::{
    cue::{Cue, Cues},
    evidence::Judge,
    extent::Extent,
    find::Found,
    ranks::KNOWN,
    resolve::Resolutions,
};
use crate::{
    gazetteer::{Level, PlaceIndex},
    text::{Kind, Token},
};
use std::ops::Range;

/// The parent of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// None is stated.
    Silent,
    /// Another state, or a unit that the land does not have.
    Abroad,
    /// This place in the land.
    Home(PlaceIndex),
    /// A proper name that the gazetteer lacks, after a sign of apposition.
    Apposed,
    /// The same, after a word of place.
    Unknown,
}

/// The most tokens between a name and its parent.
const TIE: usize = 6;
/// The most names of a chain: "in X in the province of Y in Z".
pub(super) const CHAIN: usize = 3;
/// A noun is met more often than this; most names are rarer.
const NOUN: f32 = 4.3;
/// A settlement of this rank is a large city.
const LARGE_CITY: u8 = 90;

impl Judge<'_> {
    /// The stated parents of all names of a text.
    pub(super) fn stated_parents(&self, found: &[Found], resolved: &Resolutions) -> Vec<Parent> {
        let mut stated = vec![Parent::Silent; found.len()];
        for at in (0..found.len()).rev() {
            stated[at] = self.stated_parent(found, at, resolved, &stated);
        }
        stated
    }

    fn stated_parent(&self, found: &[Found], at: usize, resolved: &Resolutions, stated: &[Parent]) -> Parent {
        let one = &found[at];
        if let Some(country) = self.nationality(one) {
            return self.of_place(country);
        }
        if let Some(parent) = self.possessor(found, at, resolved) {
            return parent;
        }
        // "fighters from Erbil in Syria".
        let place = resolved.at(at).and_then(|own| own.chosen);
        let left = self.words.ending_at(self.tokens, one.head).0;
        // "the displaced of Sinjar in the camps of Duhok".
        let people = left.has(Cue::Literal) && !left.any(&[Cue::Function, Cue::Tie, Cue::Facility]);
        let end = one
            .trigger
            .as_ref()
            .map_or(one.last, |trigger| trigger.end.max(one.last));
        let context = Context {
            found,
            at,
            resolved,
            stated,
        };
        let channel = left.has(Cue::Channel) && !left.has(Cue::Inside);
        if channel && !place.is_some_and(|place| self.is_small(place)) {
            // "went to Bagdad, Florida", سيطر على سنجار في ريف إدلب: only another state is of interest then.
            let parent = match self.is_way(one) {
                true => self.after_sign(&context, end),
                false => self.after(&context, end),
            };
            return if parent == Parent::Abroad {
                parent
            } else {
                Parent::Silent
            };
        }
        match self.after(&context, end) {
            Parent::Home(_) if people => Parent::Silent,
            parent => parent,
        }
    }

    /// The parent that a word of place at a token ties to the whole that a name is a part of.
    pub(super) fn tied_from(
        &self,
        found: &[Found],
        at: usize,
        end: usize,
        resolved: &Resolutions,
        stated: &[Parent],
    ) -> Parent {
        let context = Context {
            found,
            at,
            resolved,
            stated,
        };
        self.tied(&context, end, CHAIN)
    }

    pub(super) fn of_place(&self, place: PlaceIndex) -> Parent {
        match self.gazetteer.at(place).foreign {
            true => Parent::Abroad,
            false => Parent::Home(place),
        }
    }

    /// "the Syrian town of", مدينة … المغربية.
    fn nationality(&self, one: &Found) -> Option<PlaceIndex> {
        let word = |at: usize| {
            let token = self.tokens.get(at)?;
            self.text.get(token.range())
        };
        let trigger = one.trigger.as_ref();
        let latin = self.tokens.get(one.first)?.kind == Kind::Latin;
        if latin {
            let head = trigger.filter(|trigger| trigger.end <= one.first)?.start;
            let first = self.tokens.tokens.get(head)?;
            let before = head.checked_sub(1).filter(|_| !first.begins_sentence())?;
            return self
                .tokens
                .get(before)
                .filter(|token| token.is_capital())
                .and_then(|_| self.nationalities.of(word(before)?));
        }
        let next = self.tokens.get(one.last).filter(|next| !next.begins_sentence())?;
        let placed = trigger.is_some_and(|trigger| trigger.end <= one.first) || self.is_located(one);
        if next.kind != Kind::Arabic || next.is_sorani() || !placed {
            return None;
        }
        self.nationalities.of(word(one.last)?)
    }

    /// "Basra's Kadhimiya district".
    fn possessor(&self, found: &[Found], at: usize, resolved: &Resolutions) -> Option<Parent> {
        let sign = found[at].head.checked_sub(1)?;
        let before = at.checked_sub(1)?;
        let owns = self.tokens.get(sign)?.kind == Kind::Possessive && found[before].last == sign;
        owns.then(|| self.of_found(resolved, before)).flatten()
    }

    fn of_found(&self, resolved: &Resolutions, at: usize) -> Option<Parent> {
        let place = resolved.at(at)?.chosen?;
        Some(self.of_place(place))
    }

    /// The parent that follows a name.
    fn after(&self, context: &Context, end: usize) -> Parent {
        let Some(token) = self.tokens.get(end).filter(|token| !token.begins_sentence()) else {
            return Parent::Silent;
        };
        if token.kind == Kind::Comma || self.words.of(token).has(Cue::Being) && token.kind == Kind::Latin {
            return self.after_sign(context, end);
        }
        // Sorani joins a town and its state: ڕەبیعەی سووریا.
        let one = &context.found[context.at];
        if let Some(next) = context.next()
            && next.head == end
            && token.is_sorani()
            && next.trigger.is_none()
            && self.tokens.tokens[one.last - 1].tail > 0
            && let Some(place) = context.resolved.at(context.at + 1).and_then(|next| next.chosen)
            && self.gazetteer.at(place).level == Level::Country
        {
            return self.of_place(place);
        }
        self.tied(context, end, CHAIN)
    }

    /// "To" or "from" precedes a name, and not "over" or "against".
    pub(super) fn is_way(&self, one: &Found) -> bool {
        let (left, start) = self.words.ending_at(self.tokens, one.head);
        let over = matches!(self.slice_of(start), "على" | "on" | "against");
        left.has(Cue::Channel) && !left.has(Cue::Inside) && !over
    }

    /// The parent after a comma, or after "is a".
    fn after_sign(&self, context: &Context, end: usize) -> Parent {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let apart = self.tokens.get(end).is_none_or(Token::begins_sentence);
        if apart || kind(end - 1) != Some(Kind::Latin) {
            return Parent::Silent;
        }
        if kind(end) == Some(Kind::Comma) {
            return self.after_comma(context, end + 1);
        }
        let is = self.words.of(&self.tokens.tokens[end]).has(Cue::Being);
        match is && matches!(self.slice_of(end + 1), "a" | "an") {
            true => match self.described(context, end + 2) {
                Parent::Abroad => Parent::Abroad,
                _ => Parent::Silent,
            },
            false => Parent::Silent,
        }
    }

    // ---- "in", "west of", بـ, غرب

    pub(super) fn tied(&self, context: &Context, end: usize, depth: usize) -> Parent {
        let mut at = end;
        // "the X area of", حي … التاريخي بـ.
        let noun = self.words.noun_after(self.tokens, at).filter(|noun| noun.start == at);
        if let Some(noun) = noun {
            at = noun.end;
        } else if self.is_aside(at) && self.is_tie(at + 1) {
            at += 1;
        }
        let first = at;
        let mut inside = false;
        while self.is_tie(at) && at - first < TIE {
            inside |= self.is_inside(at);
            at += 1;
            if self.tokens.get(at).is_some_and(|next| self.is_prefixed(next)) {
                break;
            }
        }
        let prefixed = self
            .tokens
            .get(at)
            .is_some_and(|token| self.is_prefixed(token) && !token.begins_sentence());
        if at == first && !prefixed || at - first > TIE {
            return Parent::Silent;
        }
        inside |= prefixed;
        // The type nouns of the parent.
        let mut division = false;
        let mut governorate = false;
        let mut name = at;
        for _ in 0..2 {
            let token = self.tokens.get(name).filter(|token| !token.begins_sentence());
            let cues = token.map_or(Cues::NONE, |token| self.words.of(token));
            division |= cues.has(Cue::Division);
            match token {
                Some(_) if cues.has(Cue::Division) => name += 1,
                Some(token) if context.begins(name).is_none() && token.kind == Kind::Arabic => {
                    match self.words.noun_before(self.tokens, name) {
                        Some(noun) => {
                            name = noun.end;
                            governorate |= noun.noun.levels.first() == Some(&Level::Governorate);
                        }
                        None => break,
                    }
                }
                _ => break,
            }
        }
        let (cues, _) = self.words.beginning_at(self.tokens, name);
        let capital = self
            .tokens
            .get(name)
            .is_some_and(|token| token.is_capital() && !token.begins_sentence());
        if cues.has(Cue::Abroad) && capital {
            return Parent::Abroad;
        }
        if let Some(next) = context.begins(at).or_else(|| context.begins(name)) {
            return self.of_next(context, next, inside);
        }
        // "in the governorate of …": the land's own are all known.
        let definite = self.tokens.get(name).is_some_and(|token| !token.begins_sentence())
            && self.slice_of(name).starts_with("ال");
        if governorate && definite {
            return Parent::Abroad;
        }
        let Some(run) = self.proper(name, prefixed && name == at, name > at) else {
            return Parent::Silent;
        };
        // "in Suffolk County", "in Tempe, Arizona".
        let last = run.end.checked_sub(1).and_then(|at| self.tokens.get(at));
        let county = last.is_some_and(|token| self.words.of(token).has(Cue::Division)) && run.len() > 1;
        let comma = self.tokens.get(run.end).is_some_and(|token| token.kind == Kind::Comma);
        let beyond = comma && self.words.beginning_at(self.tokens, run.end + 1).0.has(Cue::Abroad);
        if division || county || beyond {
            return Parent::Abroad;
        }
        let english = self.tokens.tokens[run.start].kind == Kind::Latin;
        let unit = self.words.noun_after(self.tokens, run.end).filter(|_| english);
        if unit.is_some_and(|unit| unit.noun.levels.first() == Some(&Level::Governorate)) {
            return Parent::Abroad;
        }
        match depth {
            0 => Parent::Unknown,
            _ => match self.tied(context, run.end, depth - 1) {
                Parent::Abroad => Parent::Abroad,
                _ => Parent::Unknown,
            },
        }
    }

    /// The parent that is a found name.
    pub(super) fn of_next(&self, context: &Context, next: usize, inside: bool) -> Parent {
        let other = &context.found[next];
        // "in Iran's sphere".
        if self
            .tokens
            .get(other.last)
            .is_some_and(|sign| sign.kind == Kind::Possessive)
        {
            return Parent::Silent;
        }
        if context.stated[next] == Parent::Abroad {
            return Parent::Abroad;
        }
        let Some(place) = context.resolved.at(next).and_then(|next| next.chosen) else {
            let level = other.trigger.as_ref().and_then(|trigger| trigger.noun.levels.first());
            return match level {
                Some(Level::Governorate) if other.name == 0 => Parent::Abroad,
                _ if other.name == 0 => Parent::Unknown,
                _ => Parent::Silent,
            };
        };
        match self.of_place(place) {
            // "west of" a town abroad is said of places on the border too.
            Parent::Abroad if !inside && self.gazetteer.at(place).level == Level::Country => Parent::Silent,
            Parent::Home(_) if !inside => Parent::Silent,
            parent => parent,
        }
    }

    /// A word of place that says where a thing lies, and not where it comes from or goes.
    fn is_tie(&self, at: usize) -> bool {
        let token = self
            .tokens
            .get(at)
            .filter(|token| !token.begins_sentence() && token.kind.is_word());
        token.is_some_and(|token| self.words.whole(token).has(Cue::Tie))
    }

    /// "in", and not "north of".
    pub(super) fn is_inside(&self, at: usize) -> bool {
        let cues = |at: usize| self.tokens.get(at).map_or(Cues::NONE, |token| self.words.whole(token));
        let direction = |at: usize| cues(at).has(Cue::Tie) && !cues(at).has(Cue::Inside);
        cues(at).has(Cue::Inside) && !(self.slice_of(at) == "of" && at.checked_sub(1).is_some_and(direction))
    }

    /// The Arabic "in" is written to its noun.
    fn is_prefixed(&self, token: &Token) -> bool {
        let word = self.text.get(token.range()).unwrap_or_default();
        token.kind == Kind::Arabic
            && !token.is_sorani()
            && word.starts_with('ب')
            && self.words.whole(token).is_empty()
            && (token.cut > 0 || word.starts_with("بال"))
    }

    /// A word between a name and its tie: an adjective with the article, or a common noun for a kind of place.
    fn is_aside(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at).filter(|token| !token.begins_sentence()) else {
            return false;
        };
        match token.kind {
            Kind::Latin => self.words.of(token).has(Cue::Unit),
            Kind::Arabic => {
                let cues = self.words.of(token);
                !token.is_sorani()
                    && self.slice_of(at).starts_with("ال")
                    && !cues.any(&[Cue::Verb, Cue::Literal, Cue::Line, Cue::Motion])
            }
            _ => false,
        }
    }

    /// The words of a proper name that the gazetteer lacks. `noun`: a type noun precedes it.
    pub(super) fn proper(&self, at: usize, prefixed: bool, noun: bool) -> Option<Range<usize>> {
        let token = self.tokens.get(at).filter(|token| !token.begins_sentence())?;
        let extent = Extent {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        };
        match token.kind {
            Kind::Latin if !self.tokens.is_uncased_at(at) => {
                let others = [Cue::Title, Cue::Person, Cue::Agency, Cue::Outlet, Cue::Verb, Cue::Sport];
                // "South Waziristan".
                let direction = token.is_capital() && self.words.whole(token).has(Cue::Tie);
                let from = at + usize::from(direction);
                let end = extent.unknown(from, 0, false)?;
                let plain = (from..end).all(|at| {
                    let token = &self.tokens.tokens[at];
                    !self.words.of(token).any(&others) && self.nationalities.of(self.slice_of(at)).is_none()
                });
                plain.then_some(at..end)
            }
            Kind::Arabic if !token.is_sorani() => {
                let cut = usize::from(prefixed);
                let word = self.text.get(token.part_range(self.text, cut, 0))?;
                let cues = self.words.of(token);
                let article = word.starts_with("ال");
                let rare = self.frequencies.zipf_of(word, false) < NOUN;
                let name = cues.is_empty() && rare && (article || noun);
                name.then(|| at..extent.unknown(at, cut, false).unwrap_or(at + 1).max(at + 1))
            }
            _ => None,
        }
    }

    pub(super) fn slice_of(&self, at: usize) -> &str {
        let token = self.tokens.get(at);
        token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
    }

    /// A quarter, a road, a site or a small town.
    pub(super) fn is_small(&self, place: PlaceIndex) -> bool {
        let place = self.gazetteer.at(place);
        match place.level {
            Level::Neighbourhood | Level::Road | Level::Site => true,
            Level::Settlement | Level::Subdistrict => place.rank < KNOWN,
            _ => false,
        }
    }

    /// A part of a governorate that is no city of note: it may be a part of a city too.
    pub(super) fn is_inner(&self, place: PlaceIndex) -> bool {
        let place = self.gazetteer.at(place);
        match place.level {
            Level::Country | Level::Region | Level::Governorate => false,
            Level::Settlement => place.rank < LARGE_CITY,
            _ => true,
        }
    }

    /// True if a place lies in a parent at home, contains it, or is near it.
    pub(super) fn agrees(&self, place: PlaceIndex, parent: PlaceIndex) -> bool {
        let level = self.gazetteer.at(parent).level;
        place == parent
            || matches!(level, Level::Country | Level::Region)
            || !self.is_inner(place)
            || self.parents.hold(parent, place)
            || self.parents.hold(place, parent)
            || self.parents.border(parent, place)
            // "Bardarash, Duhok": the city means its governorate.
            || self.parents.of(parent).iter().any(|unit| self.parents.is_also_in(*unit, place))
            || self.holds_or_neighbours(parent, place)
    }
}

/// A name and those around it.
pub(super) struct Context<'c, 'f> {
    pub found: &'c [Found<'f>],
    pub at: usize,
    pub resolved: &'c Resolutions,
    pub stated: &'c [Parent],
}

impl<'f> Context<'_, 'f> {
    fn next(&self) -> Option<&Found<'f>> {
        self.found.get(self.at + 1)
    }

    /// The number of a later name whose type noun or first word is at a token.
    pub fn begins(&self, token: usize) -> Option<usize> {
        let later = self.found.get(self.at + 1..)?;
        let near = later
            .iter()
            .take(4)
            .position(|next| next.head == token || next.first == token)?;
        Some(self.at + 1 + near)
    }
}
