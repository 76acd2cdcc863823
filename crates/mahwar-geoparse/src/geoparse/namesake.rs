//! Names of places in the names of other things: a street, a restaurant in another town, a club, a film, a sort of oil.
//! A street called after a city is not drawn at that city, and a name that is only part of another one is associative.

use super::{
    cue::Cue,
    evidence::Judge,
    extent::Extent,
    find::Found,
    lexicon::TypeNoun,
    ranks::is_city,
    resolve::{Resolution, Resolutions},
    stated_parent::Parent,
};
use crate::{
    gazetteer::{Level, PlaceIndex},
    text::{Kind, Token},
};
use std::ops::Range;

/// The most words of a business after the place in its name.
const BUSINESS: usize = 3;
/// The most tokens of a title between quotation marks, and from it to the word for what it is.
const TITLE: usize = 7;
const WORK: usize = 3;
/// The most tokens from the name of a list to the word for its seats.
const SEATS: usize = 5;
/// The most tokens of a list of periods, or of the name of a species.
const LIST: usize = 8;

impl Judge<'_> {
    /// True if a name is that of a street, a square or a quarter called after the place, or of a village called like a city.
    pub(super) fn is_namesake(&self, found: &[Found], at: usize, resolution: &Resolution, stated: Parent) -> bool {
        let one = &found[at];
        let Some(best) = resolution.candidates.first() else {
            return false;
        };
        let place = self.gazetteer.at(best.place);
        if let Some(trigger) = &one.trigger {
            if trigger.noun.small && is_city(place) {
                return true;
            }
            if trigger.noun.loose && trigger.noun.levels.contains(&Level::Road) {
                return !self.is_listed(found, at) && self.is_elsewhere(best.place, stated);
            }
            // A suburb is called a quarter too, beside its city.
            let suburb = trigger.noun.levels.first() == Some(&Level::Neighbourhood)
                && self.is_small(best.place)
                && best.reasons.context.is_some();
            return is_street(trigger.noun) && !best.reasons.level && !suburb;
        }
        if self.is_facility_elsewhere(found, at, best.place, stated) {
            return true;
        }
        let Some(noun) = self.words.noun_after(self.tokens, one.last) else {
            return false;
        };
        let road = noun.noun.levels.first() == Some(&Level::Road);
        let same = match road {
            true => place.level == Level::Road,
            false => noun.noun.levels.contains(&place.level),
        };
        if !is_street(noun.noun) || same || self.is_listed(found, at) {
            return false;
        }
        // "Baghdad Street", but "a Baghdad street"; "the Basra neighbourhood of Kirkuk", but "of Karrada".
        let capital = self.tokens.tokens[noun.start].is_capital() && !self.tokens.is_uncased_at(noun.start);
        capital || self.is_elsewhere(best.place, stated)
    }

    /// سوق الموصل في مدينة الصدر: a market or another facility called after a place, in another town.
    fn is_facility_elsewhere(&self, found: &[Found], at: usize, place: PlaceIndex, stated: Parent) -> bool {
        let one = &found[at];
        let arabic = self
            .tokens
            .get(one.first)
            .is_some_and(|token| token.kind == Kind::Arabic);
        let left = self.words.ending_at(self.tokens, one.head).0;
        if !arabic || !left.has(Cue::Facility) || self.is_listed(found, at) {
            return false;
        }
        let near = |other: PlaceIndex| self.share_governorate(place, other);
        if self.is_elsewhere(place, stated) {
            return !matches!(stated, Parent::Home(parent) if near(parent));
        }
        // The other town may be one of several with its name.
        let next = found.get(at + 1).and_then(|next| Some((next, next.trigger.as_ref()?)));
        stated == Parent::Silent
            && next.is_some_and(|(next, trigger)| {
                let town = trigger.noun.levels.first() == Some(&Level::Settlement) && trigger.end <= next.first;
                let inside = (one.last..next.head).all(|at| self.slice_of(at).starts_with("ال") || self.is_inside(at));
                let bearers = self.names.bearers(next.name);
                let related = |other: PlaceIndex| {
                    other == place
                        || self.parents.hold(place, other)
                        || self.parents.hold(other, place)
                        || self.are_neighbours(place, other)
                };
                town && inside
                    && next.head > one.last
                    && next.head - one.last <= BUSINESS
                    && next.name != 0
                    && !bearers.iter().any(|bearer| related(bearer.place))
            })
    }

    /// نينوى لأهلها بخمسة مقاعد: the list of an election whose name goes on with a word for the people, before its seats.
    fn is_list_of_seats(&self, one: &Found) -> bool {
        let arabic = |at: usize| {
            let token = self.tokens.get(at).filter(|token| !token.begins_sentence());
            token.filter(|token| token.kind == Kind::Arabic && !token.is_sorani())
        };
        let Some(next) = arabic(one.last) else { return false };
        let word = self.slice_of(one.last);
        let owned = word.ends_with("نا") || (word.starts_with('ل') && word.ends_with("ها"));
        let sentence = self.tokens.sentence_within(one.last, SEATS);
        owned
            && !self.is_located(one)
            && !self.words.of(next).any(&[Cue::Verb, Cue::Motion])
            && (one.last + 1..sentence.end.min(one.last + SEATS))
                .any(|at| arabic(at).is_some_and(|token| self.words.of(token).has(Cue::Seat)))
    }

    /// True if another member of its list precedes or follows: the ends of a road.
    pub(super) fn is_listed(&self, found: &[Found], at: usize) -> bool {
        let list = found[at].list;
        let beside = [at.checked_sub(1), Some(at + 1)];
        let other = |at: usize| found.get(at).is_some_and(|other| other.list == list);
        beside.into_iter().flatten().any(other)
    }

    /// True if the stated parent neither contains the place nor lies in it.
    fn is_elsewhere(&self, place: PlaceIndex, stated: Parent) -> bool {
        match stated {
            Parent::Abroad => true,
            Parent::Home(parent) => {
                let related = self.parents.hold(parent, place) || self.parents.hold(place, parent);
                place != parent && !related && !self.are_neighbours(place, parent)
            }
            _ => false,
        }
    }

    /// The tokens of the thing whose name a mention is a part of, if it is no place.
    pub(super) fn called_after(
        &self,
        found: &[Found],
        at: usize,
        resolved: &Resolutions,
        stated: &[Parent],
    ) -> Option<Range<usize>> {
        let one = &found[at];
        if one.trigger.is_some() {
            return None;
        }
        let place = resolved.at(at)?.chosen?;
        let own = one.first..one.last;
        if let Some(end) = self.product(one) {
            return Some(one.head.min(one.first)..end);
        }
        if self.is_in_title(one) || self.is_club(found, at) || self.is_list_of_seats(one) {
            return Some(own);
        }
        self.business(found, at, place, resolved, stated)
    }

    /// "Basra Light", "Baghdad-based", خام البصرة: one past the last token.
    fn product(&self, one: &Found) -> Option<usize> {
        let next = self.tokens.get(one.last).filter(|next| !next.begins_sentence());
        let before = one
            .head
            .checked_sub(1)
            .filter(|_| !self.tokens.tokens[one.head].begins_sentence());
        let before = before
            .and_then(|at| self.tokens.get(at))
            .filter(|token| token.kind == Kind::Arabic);
        if before.is_some_and(|before| self.words.of(before).has(Cue::Product)) {
            return Some(one.last);
        }
        let next = next?;
        if next.kind == Kind::Dash && !next.is_spaced() {
            let word = self
                .tokens
                .get(one.last + 1)
                .filter(|word| !word.is_spaced() && word.kind == Kind::Latin)?;
            let slice = self.text.get(word.range())?;
            let participle = slice.ends_with("ed") || slice.ends_with("born") || self.words.of(word).has(Cue::Product);
            return (!word.is_capital() && participle).then_some(one.last + 2);
        }
        let cased = self.tokens.tokens[one.first].kind == Kind::Latin && !self.tokens.is_uncased_at(one.first);
        if cased && self.has_period(one.last) {
            return Some(one.last);
        }
        if let Some(end) = self.species(one.last).filter(|_| cased) {
            return Some(end);
        }
        let cues = self.words.of(next);
        let sort = cues.has(Cue::Product) && (!cues.has(Cue::Common) || next.is_capital());
        (next.kind == Kind::Latin && sort).then_some(one.last + 1)
    }

    /// Inside the title of a film or a book: short, between quotation marks, beside a word for a work.
    fn is_in_title(&self, one: &Found) -> bool {
        let quote = |at: &usize| self.tokens.get(*at).is_some_and(|token| token.kind.is_quote());
        let sentence = self.tokens.sentence_within(one.first, TITLE * 2);
        let open = (sentence.start.max(one.first.saturating_sub(TITLE))..one.first)
            .rev()
            .find(quote);
        let close = (one.last..sentence.end.min(one.last + TITLE)).find(quote);
        let work = |range: Range<usize>| {
            range.into_iter().filter(|at| sentence.contains(at)).any(|at| {
                let token = &self.tokens.tokens[at];
                self.words.of(token).any(&[Cue::Work, Cue::NameBefore])
            })
        };
        match (open, close) {
            (Some(open), Some(close)) if close - open <= TITLE + 1 => {
                work(open.saturating_sub(WORK)..open) || work(close + 1..close + 1 + WORK)
            }
            // "the Battle of Mosul video game".
            _ => {
                let latin = self.tokens.tokens[one.first].kind == Kind::Latin && !self.is_located(one);
                latin && (work(one.last..one.last + 2) || self.title_before(one).is_some_and(|at| work(at..at + 1)))
            }
        }
    }

    /// True if a list of names leads to a word for their periods or wares: "the Samarra, Halaf and Ubaid periods".
    fn has_period(&self, from: usize) -> bool {
        for at in from..from + LIST {
            let Some(token) = self.tokens.get(at).filter(|token| !token.begins_sentence()) else {
                return false;
            };
            let cues = self.words.of(token);
            match token.kind {
                Kind::Comma | Kind::Dash => {}
                Kind::Latin if at > from && token.is_capital() && cues.has(Cue::Period) => return true,
                Kind::Latin if token.is_capital() || cues.has(Cue::And) => {}
                Kind::Latin => return cues.has(Cue::Period),
                _ => return false,
            }
        }
        false
    }

    /// "Basra Reed Warbler Acrocephalus griseldis": one past capitals that lead to the Latin name of a species.
    fn species(&self, from: usize) -> Option<usize> {
        let latin = |at: usize| {
            let token = self.tokens.get(at).filter(|token| !token.begins_sentence());
            token.filter(|token| token.kind == Kind::Latin)
        };
        let end = (from..from + LIST).find(|at| !latin(*at).is_some_and(Token::is_capital))?;
        let genus = end.checked_sub(1).filter(|genus| *genus > from)?;
        let ending = |at: usize| {
            ["us", "is", "a", "um", "ae", "ii", "i"]
                .iter()
                .any(|end| self.slice_of(at).ends_with(end))
        };
        let unknown = |at: usize| latin(at).is_some_and(|token| self.words.of(token).is_empty());
        (unknown(genus) && unknown(end) && ending(genus) && ending(end) && self.slice_of(end).len() > 5)
            .then_some(end + 1)
    }

    /// "released Rivers of Babylon": the word before a capitalised noun and "of".
    fn title_before(&self, one: &Found) -> Option<usize> {
        let noun = one.head.checked_sub(2)?;
        let token = self.tokens.get(noun)?;
        let titled = self.slice_of(noun + 1) == "of" && token.is_capital() && !token.begins_sentence();
        noun.checked_sub(1).filter(|_| titled)
    }

    /// One past a noun in small letters with which the name forms the name of a thing: "the Samarra apartments".
    fn attribute_end(&self, one: &Found, end: usize) -> Option<usize> {
        let article = one.head.checked_sub(1)?;
        let stops = [
            Cue::Literal,
            Cue::Function,
            Cue::Verb,
            Cue::Motion,
            Cue::Auxiliary,
            Cue::And,
            Cue::Line,
            Cue::Being,
        ];
        let noun = |at: usize| {
            let token = self.tokens.get(at).filter(|token| !token.begins_sentence());
            token.is_some_and(|token| {
                token.kind == Kind::Latin
                    && !token.is_capital()
                    && !self.words.of(token).any(&stops)
                    && !self.tokens.is_uncased_at(at)
            })
        };
        let named = matches!(self.slice_of(article), "the" | "The" | "a" | "A") && noun(end);
        named.then(|| end + 1 + usize::from(noun(end + 1)))
    }

    /// "Baghdad Restaurant in London", مقهى الموصل في إسطنبول.
    fn business(
        &self,
        found: &[Found],
        at: usize,
        place: PlaceIndex,
        resolved: &Resolutions,
        stated: &[Parent],
    ) -> Option<Range<usize>> {
        let one = &found[at];
        let first = self.tokens.get(one.first)?;
        if first.kind == Kind::Latin {
            let capital = |at: usize| {
                let token = self.tokens.get(at);
                token.is_some_and(|token| {
                    token.kind == Kind::Latin
                        && token.is_capital()
                        && !token.begins_sentence()
                        && !self.tokens.is_uncased_at(at)
                        && !self.words.of(token).any(&[Cue::Title, Cue::Person, Cue::Product])
                })
            };
            let end = (one.last..one.last + BUSINESS + 1).find(|at| !capital(*at))?;
            // "the Mosul market in Sadr City".
            let next = self.tokens.get(one.last).filter(|next| !next.begins_sentence());
            let facility = next.is_some_and(|next| !next.is_capital() && self.words.of(next).has(Cue::Facility));
            if facility
                && let parent @ Parent::Home(town) = self.tied_from(found, at, one.last + 1, resolved, stated)
                && self.is_elsewhere(place, parent)
                && !self.share_governorate(place, town)
            {
                return Some(one.first..one.last + 1);
            }
            if let Some(noun) = self.attribute_end(one, end)
                && self.tied_from(found, at, noun, resolved, stated) == Parent::Abroad
            {
                return Some(one.first..end);
            }
            let named = end > one.last && self.words.noun_after(self.tokens, one.last).is_none();
            let parent = self.tied_from(found, at, end, resolved, stated);
            let elsewhere = self.is_elsewhere(place, parent) || parent == Parent::Unknown;
            return (named && elsewhere).then_some(one.first..end);
        }
        let before = one.head.checked_sub(1).filter(|_| !first.begins_sentence())?;
        let token = self.tokens.get(before)?;
        let cues = self.words.of(token);
        let stops = [
            Cue::Literal,
            Cue::Function,
            Cue::Verb,
            Cue::Motion,
            Cue::With,
            Cue::Between,
            Cue::Line,
            Cue::Subject,
            Cue::And,
            Cue::Talk,
            Cue::Channel,
        ];
        let extent = Extent {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        };
        let prefixed = one.span.start > first.start as usize && one.head == one.first && !first.is_sorani();
        let construct = match token.is_sorani() {
            true => extent.ends_as_adjective(before),
            false => !extent.has_article(token, usize::from(token.cut)) && !extent.looks_like_verb(before),
        };
        let noun = token.kind == Kind::Arabic && construct && !cues.any(&stops) && !prefixed;
        (noun && self.is_elsewhere(place, stated[at])).then_some(before..one.last)
    }
}

/// Streets, squares, bridges and quarters: they are called after cities.
fn is_street(noun: &TypeNoun) -> bool {
    let kinds = [Level::Road, Level::Neighbourhood];
    let settled = noun
        .levels
        .iter()
        .any(|level| matches!(level, Level::Settlement | Level::District));
    !noun.loose
        && !settled
        && match noun.levels.first() {
            Some(Level::Road | Level::Neighbourhood) => true,
            Some(Level::Site) => noun.levels.iter().any(|level| kinds.contains(level)),
            _ => false,
        }
}
