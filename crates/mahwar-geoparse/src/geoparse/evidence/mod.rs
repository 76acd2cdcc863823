//! Evidence: decides if a text has enough of it that a name means the place that it was resolved to.
//!
//! How much evidence a name needs follows from the name itself. Its letters are compared with ordinary text: a place is
//! named about as often as its size lets expect, and a word that is met much more often is mostly something else. A
//! strong name needs no more evidence. A weak one needs a type noun, a strong name beside it, or a text whose subject
//! is the land. A contextual one, a quarter, a road or a village, needs the unit or the city that contains it.

mod antiquity;
mod homonym;
mod relations;
mod spelling;
mod strength;
mod unknown;
mod verdicts;

use super::{
    find::Found,
    frequency::Frequencies,
    names::{NameId, Names},
    nationality::Nationalities,
    parents::Parents,
    ranks::{CITY, FAMOUS},
    resolve::{Relation, Resolution, Resolutions},
    stated_parent::Parent,
    surname::Surnames,
    words::Words,
};
use crate::{
    gazetteer::{Gazetteer, Level, PlaceIndex},
    text::Tokens,
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::cell::OnceCell;
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

/// The rank from which on a place is meant by its name in any text of Sorani, and of Latin letters. Arabic letters spell the
/// towns of many countries; there it is [`FAMOUS`].
const FAMOUS_SORANI: u8 = 60;
const FAMOUS_LATIN: u8 = 50;
/// Tokens of a text that is long enough to name a second place of the land, where the land is its subject.
const LONG: usize = 60;
/// Share of home places among the strong names of a text whose subject is the land.
const SUBJECT: f32 = 0.5;
/// Tokens of a sentence on either side of a name that are its passage.
pub(super) const PASSAGE: usize = 80;
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
    /// The text is about sport.
    pub sport_text: OnceCell<bool>,
    /// It names divisions of another state.
    pub abroad_text: OnceCell<bool>,
    /// It has an adjective of a state in which its places abroad lie.
    pub of_state: OnceCell<bool>,
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
pub(super) struct Anchor {
    pub at: usize,
    pub place: PlaceIndex,
    pub foreign: bool,
}

/// A home unit that a text's strong names are about, or a place abroad.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    home: u32,
    abroad: u32,
    /// Different home places.
    pub places: SmallVec<[PlaceIndex; 16]>,
    /// A place abroad is named, if only weakly.
    names_abroad: bool,
    /// It has words for the land, names a city of it, or two places that lie together.
    grounded: bool,
    /// Different places abroad that are no states and no capitals.
    pub towns_abroad: SmallVec<[PlaceIndex; 8]>,
    /// Names that the text puts abroad; true where it says so of the name itself.
    pub stated_abroad: FxHashMap<NameId, bool>,
    /// Tokens at which words for times before our era and their states begin.
    antiquity: Vec<usize>,
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
        let mut anchors = self.anchors(found, resolved, &strengths, &stated);
        let surnames = self.surnames();
        let (mut verdicts, mut dropped) = self.verdicts(found, resolved, &strengths, &stated, &anchors, &surnames);
        // A name that turns out to mean no place here is no evidence for another one.
        let known = anchors.len();
        anchors.retain(|anchor| anchor.foreign || matches!(verdicts[anchor.at], Verdict::Means(_)));
        if anchors.len() < known {
            (verdicts, dropped) = self.verdicts(found, resolved, &strengths, &stated, &anchors, &surnames);
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

    /// The verdict on each name by the anchors of the text, and the positions of names of several words that were dropped.
    fn verdicts(
        &self,
        found: &[Found],
        resolved: &Resolutions,
        strengths: &[Option<Strength>],
        stated: &[Parent],
        anchors: &[Anchor],
        surnames: &Surnames,
    ) -> (Vec<Verdict>, Vec<usize>) {
        let mut subject = self.subject(anchors);
        subject.names_abroad = (0..found.len()).any(|at| {
            let chosen = resolved.at(at).and_then(|resolution| resolution.chosen);
            chosen.is_some_and(|place| self.gazetteer.at(place).foreign)
        });
        subject.grounded = self.land_words > 0 || self.are_together(&subject.places);
        subject.towns_abroad = self.towns_abroad(found, anchors);
        subject.antiquity = self.antiquity();
        subject.stated_abroad = self.names_stated_abroad(found, resolved, anchors, stated);
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
                _ if self.is_person(one, surnames) => Verdict::Nothing,
                Some(strength) => self.verdict(found, at, resolution, strength, &near, &subject, resolved, stated),
                None => self.unresolved(one, resolution),
            };
            // A spelling that no gazetteer has is never certain.
            let verdict = match verdict {
                Verdict::Means(sure) if one.respelt => Verdict::Means(sure.min(confidence::SUBJECT)),
                verdict => verdict,
            };
            if verdict == Verdict::Nothing && one.last > one.first + 1 {
                dropped.push(at);
            }
            verdicts.push(verdict);
        }
        (verdicts, dropped)
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
            if stated[at] == Parent::Apposed
                || self.is_namesake(found, at, resolution, stated[at])
                || self.is_bearer_at_home(found, at, resolution, resolved, stated)
                || self.is_beside_abroad(found, at, resolved)
            {
                return None;
            }
            let place = resolution.chosen?;
            let typed = resolution.candidates.first().is_some_and(|best| best.reasons.level);
            let unit = self.gazetteer.at(place).level.is_administrative();
            let strong = match (*strength)? {
                Strength::Other => false,
                // "والناصرية والبعثية", of which nothing says that they are places.
                Strength::Strong if !typed && (self.may_be_adjective(one) || self.is_named_by_adjective(one)) => {
                    self.is_located(one) || self.is_located(&found[one.list.min(at)])
                }
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

    /// True if a city, a governorate or the land is among some places of the land, or two of them lie together. Two villages far
    /// apart may be other words, both of them.
    fn are_together(&self, places: &[PlaceIndex]) -> bool {
        let known = |place: &PlaceIndex| {
            let place = self.gazetteer.at(*place);
            !self.is_natural(place) && (place.rank >= CITY || place.level <= Level::Governorate)
        };
        let mut pairs = places.iter().enumerate();
        places.iter().any(known)
            || pairs.any(|(at, one)| places[at + 1..].iter().any(|other| self.is_akin(*one, *other)))
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
        parents: &[Parent],
    ) -> Verdict {
        let (one, stated) = (&found[at], parents[at]);
        let Some(best) = resolution.candidates.first() else {
            return Verdict::Means(confidence::STRONG);
        };
        let place = self.gazetteer.at(best.place);
        if place.foreign {
            return match self.is_bearer_at_home(found, at, resolution, resolved, parents) {
                true => Verdict::Open,
                false => Verdict::Means(confidence::STRONG),
            };
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
            let holds = |anchor: &Anchor| self.is_right_beside(anchor.place, best.place);
            let agrees = match stated {
                Parent::Home(parent) => self.parents.hold(parent, best.place),
                _ => near.iter().any(holds),
            };
            if !agrees {
                return Verdict::Open;
            }
        }
        let finer = |anchor: &Anchor| !matches!(self.gazetteer.at(anchor.place).level, Level::Country | Level::Region);
        let contradicted = match stated {
            Parent::Silent => false,
            Parent::Abroad => place.level != Level::Country,
            Parent::Home(parent) => !self.agrees(best.place, parent),
            Parent::Apposed => !at_home,
            Parent::Unknown => !at_home && place.rank < FAMOUS,
        };
        if self.is_given_name(one)
            || self.has_surname(one)
            || self.goes_on_before(one)
            || self.is_bracketed_source(one)
            || !at_home && self.is_beside_rare_name(one)
            || self.is_listed_with_persons(found, at)
        {
            return Verdict::Nothing;
        }
        if contradicted {
            return Verdict::Open;
        }
        if !at_home && self.is_in_work(one) || self.means_abroad(one, best.place, near, subject) {
            return self.open_or_nothing(one);
        }
        let beside = best
            .reasons
            .context
            .is_some_and(|(_, anchor)| near.iter().any(|one| one.place == anchor));
        if self.is_of_another_kind(one, resolution)
            || self.is_beside_abroad(found, at, resolved)
            || self.is_part_of_kurdistan(one, place)
            || !self.is_listed(found, at) && !beside && self.is_seat_of_presidency(one, place, resolution, subject)
        {
            return Verdict::Open;
        }
        // "Babylon Health, a London start-up": the name goes on, and the text is about another land.
        let elsewhere = near.iter().any(|anchor| anchor.foreign && finer(anchor));
        if !at_home && elsewhere && one.trigger.is_none() && (self.is_capital_beside(one) || self.is_called(one)) {
            return self.open_or_nothing(one);
        }
        let typed = one.trigger.is_some() && best.reasons.level;
        if !typed && place.level.is_administrative() && self.is_of_antiquity(one, subject) {
            return Verdict::Open;
        }
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
            Strength::Strong
                if typed
                    && (self.is_other_village(one, best.place, subject)
                        || self.is_adjective_elsewhere(one, place, near, subject)) =>
            {
                Verdict::Open
            }
            Strength::Strong if typed => Verdict::Means(confidence::TYPED),
            Strength::Strong if self.lists_neighbours(found, at, resolved, best.place) => {
                Verdict::Means(confidence::STRONG)
            }
            Strength::Strong => self.strong(one, best.place, near, subject),
            _ if self.names.get(one.name).short => match self.names_part_of(best.place, near, subject) {
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
}
