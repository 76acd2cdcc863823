//! Evidence: decides if a text has enough of it that a name means the place that it was resolved to.
//!
//! How much evidence a name needs follows from the name itself. Its letters are compared with ordinary text: a place is
//! named about as often as its size lets expect, and a word that is met much more often is mostly something else. A
//! strong name needs no more evidence. A weak one needs a type noun, a strong name beside it, or a text whose subject
//! is the land. A contextual one, a quarter, a road or a village, needs the unit or the city that contains it.

mod relations;
mod spelling;
mod strength;
mod unknown;

use super::{
    find::Found,
    frequency::Frequencies,
    names::Names,
    nationality::Nationalities,
    parents::Parents,
    resolve::{Relation, Resolution, Resolutions},
    stated_parent::Parent,
    words::Words,
};
use crate::{
    gazetteer::{Gazetteer, Level, PlaceIndex},
    text::{Kind, Tokens},
};
use smallvec::SmallVec;
pub(super) use strength::expected;

/// How much more than its name a place needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// The spelling is that of another word.
    Other,
    /// The letters mostly spell an everyday word.
    Word,
    /// Also a word, a surname, a place abroad; short; or cut out of a longer word.
    Weak,
    /// A quarter, a road, a village, a building: many are called alike, and few are in the gazetteer.
    Contextual,
    /// Nothing else is meant by it.
    Strong,
}

/// A place of this rank is known beyond its governorate.
const KNOWN: u8 = 45;
/// A settlement of this rank is a city.
const CITY: u8 = 60;
/// A village or a site below this rank is contextual.
const SMALL: u8 = 30;
/// A place of this rank is meant by its name in any text: in Arabic letters, which spell the towns of many countries,
/// in Sorani, and in Latin ones.
const FAMOUS: u8 = 80;
const FAMOUS_SORANI: u8 = 60;
const FAMOUS_LATIN: u8 = 50;
/// Tokens of a text that is long enough to name a second place of the land, where the land is its subject.
const LONG: usize = 60;
/// Share of home places among the strong names of a text whose subject is the land.
const SUBJECT: f32 = 0.5;
/// Tokens of a sentence on either side of a name that are its passage.
const PASSAGE: usize = 80;
/// Different home places of a text that others are compared with.
const COMPARED: usize = 48;

/// The confidence that each kind of evidence allows at most; see `tests/eval/README.md` for how often each is right.
mod confidence {
    pub const TYPED: f32 = 0.99;
    pub const STRONG: f32 = 0.97;
    pub const BESIDE: f32 = 0.93;
    pub const PARAGRAPH: f32 = 0.9;
    pub const SUBJECT: f32 = 0.8;
    pub const LONE: f32 = 0.9;
    pub const ALONE: f32 = 0.55;
}

/// Input of the decision.
pub(super) struct Judge<'a> {
    pub gazetteer: &'a Gazetteer,
    pub names: &'a Names,
    pub parents: &'a Parents,
    pub words: &'a Words,
    pub frequencies: &'a Frequencies,
    pub nationalities: &'a Nationalities,
    pub text: &'a str,
    pub tokens: &'a Tokens,
    /// Words of the text that show that the land is its subject ("Iraqi").
    pub land_words: u32,
}

/// Decision about a mention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It means the place, with at most this confidence.
    Means(f32),
    /// It is a name, but nothing shows of which place.
    Open,
    /// It is no name.
    Nothing,
}

/// A strong mention, by which others are judged.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    at: usize,
    place: PlaceIndex,
    foreign: bool,
}

/// A home unit that a text's strong names are about, or a place abroad.
#[derive(Clone, Debug, Default)]
struct Subject {
    home: u32,
    abroad: u32,
    /// Different home places.
    places: SmallVec<[PlaceIndex; 16]>,
    /// A place abroad is named, if only weakly.
    names_abroad: bool,
}

impl Subject {
    fn is_land(&self) -> bool {
        self.home > 0 && self.home as f32 >= SUBJECT * (self.home + self.abroad) as f32
    }
}

impl Judge<'_> {
    /// Lowers or removes mentions without enough evidence. Returns the rest, and the positions of names of several
    /// words that were dropped, whose words may contain other names.
    pub fn judge(&self, found: &[Found], resolved: &Resolutions) -> (Resolutions, Vec<usize>) {
        let strengths: Vec<Option<Strength>> = found
            .iter()
            .enumerate()
            .map(|(at, one)| self.strength(one, resolved.at(at)?))
            .collect();
        let stated = self.stated_parents(found, resolved);
        let anchors = self.anchors(found, resolved, &strengths, &stated);
        let mut subject = self.subject(&anchors);
        subject.names_abroad = (0..found.len()).any(|at| {
            let chosen = resolved.at(at).and_then(|resolution| resolution.chosen);
            chosen.is_some_and(|place| self.gazetteer.at(place).foreign)
        });
        let surnames = self.surnames();
        let mut dropped = Vec::new();
        let mut first = 0;
        let mut verdicts = Vec::with_capacity(found.len());
        for (at, one) in found.iter().enumerate() {
            let Some(resolution) = resolved.at(at) else {
                if one.last > one.first + 1 {
                    dropped.push(at);
                }
                verdicts.push(Verdict::Nothing);
                continue;
            };
            // Anchors of the sentence, found from those of the sentence before on.
            let sentence = self.tokens.sentence_within(one.first, PASSAGE);
            while first < anchors.len() && found[anchors[first].at].first < sentence.start {
                first += 1;
            }
            let near: SmallVec<[Anchor; 8]> = anchors[first..]
                .iter()
                .take_while(|anchor| sentence.contains(&found[anchor.at].first))
                .filter(|anchor| anchor.at != at)
                .copied()
                .collect();
            let verdict = match strengths[at] {
                _ if self.is_person(one, &surnames) => Verdict::Nothing,
                Some(strength) => self.verdict(found, at, resolution, strength, &near, &subject, resolved, stated[at]),
                None => self.unresolved(one, resolution),
            };
            if verdict == Verdict::Nothing && one.last > one.first + 1 {
                dropped.push(at);
            }
            verdicts.push(verdict);
        }
        let mut judged = resolved.judged(&verdicts);
        // Without evidence a spelling of its own is no name of the gazetteer.
        let open = |(at, one): &(usize, &Found)| one.respelt && judged.at(*at).is_none_or(|own| own.chosen.is_none());
        let unknown: Vec<usize> = found.iter().enumerate().filter(open).map(|(at, _)| at).collect();
        unknown
            .into_iter()
            .for_each(|at| judged.replace(at, Resolution::default()));
        (judged, dropped)
    }

    /// True if another member of its list lies in the same governorate: several weak names support each other.
    fn lists_neighbours(&self, found: &[Found], at: usize, resolved: &Resolutions, place: PlaceIndex) -> bool {
        let first = found[at].list.max(at.saturating_sub(16)).min(at);
        let members =
            (first..found.len().min(at + 16)).filter(|other| *other != at && found[*other].list == found[at].list);
        members.into_iter().any(|other| {
            let chosen = resolved.at(other).and_then(|resolution| resolution.chosen);
            chosen.is_some_and(|other| other != place && self.share_governorate(place, other))
        })
    }

    // ---- the subject of a text

    fn anchors(
        &self,
        found: &[Found],
        resolved: &Resolutions,
        strengths: &[Option<Strength>],
        stated: &[Parent],
    ) -> Vec<Anchor> {
        let each = found.iter().zip(strengths).enumerate();
        each.filter_map(|(at, (one, strength))| {
            let resolution = resolved.at(at)?;
            if stated[at] == Parent::Apposed || self.is_namesake(found, at, resolution, stated[at]) {
                return None;
            }
            let place = resolution.chosen?;
            let typed = resolution.candidates.first().is_some_and(|best| best.reasons.level);
            let unit = self.gazetteer.at(place).level.is_administrative();
            let strong = match (*strength)? {
                Strength::Other => false,
                Strength::Strong => !one.tentative || typed,
                // "the district of Haditha", "west of Maysan".
                Strength::Weak | Strength::Word => {
                    let governorate = self.gazetteer.at(place).level == Level::Governorate;
                    (typed && unit) || (governorate && self.is_located(one))
                }
                Strength::Contextual => false,
            };
            strong.then_some(Anchor {
                at,
                place,
                foreign: self.gazetteer.at(place).foreign || stated[at] == Parent::Abroad,
            })
        })
        .collect()
    }

    fn subject(&self, anchors: &[Anchor]) -> Subject {
        let mut subject = Subject {
            home: self.land_words,
            ..Subject::default()
        };
        for anchor in anchors {
            match anchor.foreign {
                true => subject.abroad += 1,
                false => {
                    subject.home += 1;
                    if subject.places.len() < COMPARED && !subject.places.contains(&anchor.place) {
                        subject.places.push(anchor.place);
                    }
                }
            }
        }
        subject
    }

    // ---- verdicts

    #[allow(clippy::too_many_arguments)]
    fn verdict(
        &self,
        found: &[Found],
        at: usize,
        resolution: &Resolution,
        strength: Strength,
        near: &[Anchor],
        subject: &Subject,
        resolved: &Resolutions,
        stated: Parent,
    ) -> Verdict {
        let one = &found[at];
        let Some(best) = resolution.candidates.first() else {
            return Verdict::Means(confidence::STRONG);
        };
        let place = self.gazetteer.at(best.place);
        if place.foreign {
            return Verdict::Means(confidence::STRONG);
        }
        let at_home = self.land_words > 0 || subject.places.iter().any(|other| *other != best.place);
        let unsupported = !self.is_supported(one);
        if strength == Strength::Other
            || unsupported && (strength < Strength::Strong || !self.is_unmistakable(one, place, at_home))
        {
            return Verdict::Nothing;
        }
        if self.lies_abroad(found, at, near, place) || self.is_namesake(found, at, resolution, stated) {
            return Verdict::Open;
        }
        if self.goes_on_abroad(place, near, subject) || place.rank < FAMOUS && self.is_cut_off(one) {
            return Verdict::Open;
        }
        // A spelling that no gazetteer has needs a place beside it that agrees.
        if one.respelt {
            let holds = |anchor: &Anchor| self.holds_or_neighbours(anchor.place, best.place);
            let inside = matches!(stated, Parent::Home(parent) if self.parents.hold(parent, best.place));
            if !inside && !near.iter().any(holds) {
                return Verdict::Open;
            }
        }
        let contradicted = match stated {
            Parent::Silent => false,
            Parent::Abroad => place.level != Level::Country,
            Parent::Home(parent) => !self.agrees(best.place, parent),
            Parent::Apposed => !at_home,
            Parent::Unknown => !at_home && place.rank < FAMOUS,
        };
        if self.is_given_name(one) {
            return Verdict::Nothing;
        }
        if contradicted {
            return Verdict::Open;
        }
        let typed = one.trigger.is_some() && best.reasons.level;
        // Another kind of unit than the one that the text names: "Kurdistan province".
        if one
            .trigger
            .as_ref()
            .is_some_and(|trigger| !best.reasons.level && !trigger.noun.loose && place.level == Level::Region)
        {
            return Verdict::Open;
        }
        let behind = self
            .words
            .noun_after(self.tokens, one.last)
            .filter(|_| one.trigger.is_none());
        if behind.is_some_and(|noun| {
            place.level == Level::Region && !noun.noun.loose && !noun.noun.levels.contains(&Level::Region)
        }) {
            return Verdict::Open;
        }
        let beside = best
            .reasons
            .context
            .is_some_and(|(_, anchor)| near.iter().any(|one| one.place == anchor));
        let finer = |anchor: &Anchor| !matches!(self.gazetteer.at(anchor.place).level, Level::Country | Level::Region);
        match strength {
            Strength::Other => Verdict::Nothing,
            // A quarter or a village of that name may be anywhere.
            Strength::Strong if typed && !at_home && !place.level.is_administrative() && place.rank < FAMOUS => {
                match (self.is_short(), subject.abroad) {
                    (true, 0) => Verdict::Means(confidence::LONE),
                    (true, _) => Verdict::Means(confidence::SUBJECT),
                    _ => Verdict::Open,
                }
            }
            Strength::Strong if typed => Verdict::Means(confidence::TYPED),
            Strength::Strong if self.lists_neighbours(found, at, resolved, best.place) => {
                Verdict::Means(confidence::STRONG)
            }
            Strength::Strong => self.strong(one, best.place, near, subject),
            _ if self.names.get(one.name).short => match at_home {
                true => Verdict::Means(confidence::BESIDE),
                false if self.is_short() && subject.abroad == 0 => Verdict::Means(confidence::ALONE),
                false => Verdict::Open,
            },
            Strength::Contextual => self.contextual(one, best.place, typed, near, subject),
            // "towards the north" has the letters of a subdistrict.
            Strength::Word if typed && place.level == Level::Subdistrict && !at_home => Verdict::Nothing,
            _ if typed && place.level.is_administrative() => match at_home {
                true => Verdict::Means(confidence::STRONG),
                false => Verdict::Means(confidence::LONE),
            },
            _ if typed && near.iter().any(&finer) => {
                match near
                    .iter()
                    .any(|anchor| finer(anchor) && self.is_within(best.place, anchor.place))
                    || best.reasons.only && self.is_described_from(found, at, near, best.place)
                {
                    true => Verdict::Means(confidence::PARAGRAPH),
                    false => Verdict::Open,
                }
            }
            _ if self.is_contextual(place) && one.trigger.is_some() => {
                self.contextual(one, best.place, typed, near, subject)
            }
            _ if typed && at_home => Verdict::Means(confidence::PARAGRAPH),
            Strength::Weak if typed && subject.abroad == 0 => Verdict::Means(confidence::SUBJECT),
            Strength::Word if one.trigger.is_some() && !at_home => Verdict::Nothing,
            _ if one.trigger.is_some() && !beside => Verdict::Open,
            _ if beside
                && best
                    .reasons
                    .context
                    .is_some_and(|(relation, _)| relation != Relation::Holds) =>
            {
                Verdict::Means(confidence::BESIDE)
            }
            // A list of places: its other members are at home.
            _ if near
                .iter()
                .any(|anchor| !anchor.foreign && found[anchor.at].list == one.list) =>
            {
                Verdict::Means(confidence::BESIDE)
            }
            _ if self.lists_neighbours(found, at, resolved, best.place) => Verdict::Means(confidence::PARAGRAPH),
            Strength::Weak => self.weak(one, best.place, near, subject),
            Strength::Word => self.word(one, best.place, near, subject),
        }
    }

    /// A strong name without a type noun. Where nothing else in a longer text is at home, a town that is not known
    /// everywhere may have a namesake abroad.
    fn strong(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let other = |anchor: &Anchor| !anchor.foreign && anchor.place != place;
        let (rank, level) = (self.rank(one, place), self.gazetteer.at(place).level);
        let company = self.land_words > 0
            || near.iter().any(other)
            || subject.places.iter().any(|other| *other != place)
            // The name of a region goes beyond the land's part of it.
            || (rank >= self.famous(one) && level != Level::Region);
        if company {
            return Verdict::Means(confidence::STRONG);
        }
        match (self.is_short(), subject.abroad) {
            (true, 0) => Verdict::Means(confidence::LONE),
            (true, _) | (false, 0) if self.is_placed(one) && level != Level::Region => {
                Verdict::Means(confidence::SUBJECT)
            }
            _ => Verdict::Open,
        }
    }

    /// The rank of a place; the seat of a subdistrict is not better known than the subdistrict.
    fn rank(&self, one: &Found, place: PlaceIndex) -> u8 {
        let bearers = self.names.bearers(one.name).iter().map(|bearer| bearer.place);
        let seat =
            |unit: &PlaceIndex| self.gazetteer.at(*unit).level == Level::Subdistrict && self.parents.hold(*unit, place);
        let unit = bearers.filter(seat).map(|unit| self.gazetteer.at(unit).rank).min();
        let own = self.gazetteer.at(place).rank;
        if own < CITY {
            unit.map_or(own, |unit| own.min(unit))
        } else {
            own
        }
    }

    fn famous(&self, one: &Found) -> u8 {
        match self.tokens.get(one.first) {
            Some(token) if token.kind == Kind::Latin => FAMOUS_LATIN,
            Some(token) if token.is_sorani() => FAMOUS_SORANI,
            _ => FAMOUS,
        }
    }

    /// A text too short to name a second place.
    fn is_short(&self) -> bool {
        self.tokens.len() <= LONG
    }

    /// A weak name without a type noun and without a place beside it that contains or neighbours it.
    fn weak(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let related = |anchor: &&Anchor| !anchor.foreign && self.is_akin(place, anchor.place);
        if near.iter().any(|anchor| related(&anchor)) {
            return Verdict::Means(confidence::BESIDE);
        }
        let country = near.iter().any(|anchor| !anchor.foreign);
        match subject.is_land() {
            true if subject.places.iter().any(|other| self.is_akin(place, *other)) => {
                Verdict::Means(confidence::PARAGRAPH)
            }
            true if country || self.is_placed(one) => Verdict::Means(confidence::SUBJECT),
            true => Verdict::Open,
            false if subject.abroad == 0 && (country || (self.is_short() && self.is_placed(one))) => {
                Verdict::Means(confidence::ALONE)
            }
            false => self.open_or_nothing(one),
        }
    }

    /// An everyday word that is also a name, without a type noun and without a place beside it.
    fn word(&self, one: &Found, place: PlaceIndex, near: &[Anchor], subject: &Subject) -> Verdict {
        let akin = near
            .iter()
            .any(|anchor| !anchor.foreign && self.is_akin(place, anchor.place));
        let known = self.gazetteer.at(place).rank >= KNOWN;
        match self.is_located(one) {
            true if akin => Verdict::Means(confidence::BESIDE),
            true if known && subject.is_land() && subject.places.iter().any(|other| self.is_akin(place, *other)) => {
                Verdict::Means(confidence::SUBJECT)
            }
            _ => Verdict::Nothing,
        }
    }

    /// A quarter, a road, a village: the city or unit that contains it must be named, and no other one beside it.
    fn contextual(&self, one: &Found, place: PlaceIndex, typed: bool, near: &[Anchor], subject: &Subject) -> Verdict {
        let holds = |anchor: &&Anchor| self.holds_or_neighbours(anchor.place, place);
        if near.iter().any(|anchor| holds(&anchor)) {
            return Verdict::Means(if typed { confidence::STRONG } else { confidence::BESIDE });
        }
        let finer = |anchor: &&Anchor| !matches!(self.gazetteer.at(anchor.place).level, Level::Country | Level::Region);
        if near.iter().any(|anchor| finer(&anchor)) {
            return self.open_or_nothing(one);
        }
        if subject
            .places
            .iter()
            .any(|other| self.holds_or_neighbours(*other, place))
        {
            return Verdict::Means(if typed {
                confidence::PARAGRAPH
            } else {
                confidence::SUBJECT
            });
        }
        let unit = |place: &PlaceIndex| !matches!(self.gazetteer.at(*place).level, Level::Country | Level::Region);
        if subject.abroad > 0 || subject.places.iter().any(unit) || !typed {
            return self.open_or_nothing(one);
        }
        // Nothing else is named: the name itself must be a rare one that only one place has.
        let name = self.names.get(one.name);
        let rare = name.words > 1 || name.zipf.iter().all(|zipf| *zipf < 3.2);
        let only = self.names.bearers(one.name).len() == 1;
        match rare && only && (subject.is_land() || subject.abroad == 0) {
            true => Verdict::Means(confidence::ALONE.max(if subject.is_land() { confidence::SUBJECT } else { 0.0 })),
            false => Verdict::Open,
        }
    }

    /// A bare name that was left open by resolution is listed unless it is an everyday word.
    fn unresolved(&self, one: &Found, resolution: &Resolution) -> Verdict {
        if one.name == 0 && self.is_no_name(one) {
            return Verdict::Nothing;
        }
        if one.trigger.is_some() || one.name == 0 {
            return Verdict::Open;
        }
        let name = self.names.get(one.name);
        let best = resolution.candidates.first().map(|best| self.gazetteer.at(best.place));
        let Some(place) = best else { return Verdict::Open };
        let expected = expected(place).max(name.expected);
        match name.words == 1 && self.word_strength(one, place, name.zipf, expected) == Strength::Word {
            true => Verdict::Nothing,
            false => Verdict::Open,
        }
    }

    /// A name without evidence is listed after a type noun; without one it counts as a word.
    fn open_or_nothing(&self, one: &Found) -> Verdict {
        match one.trigger.is_some() || self.is_located(one) {
            true => Verdict::Open,
            false => Verdict::Nothing,
        }
    }
}
