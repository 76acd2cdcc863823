//! Resolution: decides which of the places with a name is meant.
//!
//! The type noun counts first, then a unit named beside the place that contains it, then how well known it is. Where
//! that leaves two places too close, none is chosen.

use super::{
    cue::Cue,
    evidence::Verdict,
    find::{Found, Trigger},
    lexicon::{Number, TypeNoun},
    names::{Bearer, KNOWN_RANK, NameId, Names},
    parents::Parents,
    priors::Priors,
    ranks::{CITY, FAMOUS},
    words::Words,
};
use crate::{
    gazetteer::{Gazetteer, Level, Place, PlaceIndex},
    text::Tokens,
};
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

/// Why a candidate scores as it does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reasons {
    /// The type noun means its level.
    pub level: bool,
    /// It lies in, or contains, or lies beside this place, which the text names too.
    pub context: Option<(Relation, PlaceIndex)>,
    /// No other place has the name.
    pub only: bool,
    /// The best known of the places with the name.
    pub known: bool,
}

/// How a candidate lies to a place named near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Within,
    Holds,
    Beside,
    /// A unit of the same level is in the same list.
    Listed,
}

/// A place that a name could mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scored {
    pub place: PlaceIndex,
    pub score: f32,
    pub reasons: Reasons,
}

/// The candidates of a name, best first, and whether the best is good enough.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Resolution {
    pub candidates: SmallVec<[Scored; 4]>,
    pub chosen: Option<PlaceIndex>,
    /// The confidence that the evidence for it allows at most.
    pub most: Option<f32>,
}

impl Resolution {
    /// A resolution that nothing has limited yet.
    pub fn new(candidates: SmallVec<[Scored; 4]>, chosen: Option<PlaceIndex>) -> Self {
        Self {
            candidates,
            chosen,
            most: None,
        }
    }

    pub fn score(&self) -> f32 {
        match self.chosen {
            Some(_) => {
                let best = self.candidates.first().map_or(0.0, |best| best.score.min(0.99));
                self.most.map_or(best, |most| most * self.lead())
            }
            None => 0.0,
        }
    }

    /// Factor for the lead of the best candidate: the evidence is about the name, and so about all its places together.
    fn lead(&self) -> f32 {
        match &self.candidates[..] {
            [best, rival, ..] if best.score - rival.score < MARGIN => 0.9,
            _ => 1.0,
        }
    }

    /// Allows at most this confidence.
    pub fn limit(&mut self, most: f32) {
        self.most = Some(self.most.map_or(most, |before| before.min(most)));
    }
}

/// The resolutions of one text. Names that recur in like surroundings share one, so that a text of a single name many times
/// takes little memory.
#[derive(Debug, Default)]
pub(super) struct Resolutions {
    distinct: Vec<Resolution>,
    /// By number of the found name; [`DROPPED`] for one that makes no mention after all.
    numbers: Vec<u32>,
    /// The last resolution with each hash.
    known: FxHashMap<u64, u32>,
}

const DROPPED: u32 = u32::MAX;

impl Resolutions {
    /// Number of the resolution of a found name, the same for equal ones.
    pub fn number(&self, found: usize) -> Option<u32> {
        self.numbers.get(found).copied().filter(|number| *number != DROPPED)
    }

    /// A resolution by its number.
    pub fn get(&self, number: u32) -> &Resolution {
        &self.distinct[number as usize]
    }

    /// The resolution of a found name by its position.
    pub fn at(&self, found: usize) -> Option<&Resolution> {
        self.number(found).map(|number| self.get(number))
    }

    /// The resolutions after the verdict on each found name, still shared. Those without a verdict are dropped.
    pub fn judged(&self, verdicts: &[Verdict]) -> Self {
        let mut judged = Self {
            numbers: Vec::with_capacity(self.numbers.len()),
            ..Self::default()
        };
        let mut made: FxHashMap<(u32, Option<u32>), u32> = FxHashMap::default();
        for found in 0..self.numbers.len() {
            let most = match verdicts.get(found) {
                Some(Verdict::Means(most)) => Some(*most),
                Some(Verdict::Open) => None,
                _ => {
                    judged.numbers.push(DROPPED);
                    continue;
                }
            };
            let number = self.number(found).map_or(DROPPED, |number| {
                *made.entry((number, most.map(f32::to_bits))).or_insert_with(|| {
                    let mut resolution = self.get(number).clone();
                    match most {
                        Some(most) => resolution.limit(most),
                        None => resolution.chosen = None,
                    }
                    judged.distinct.push(resolution);
                    judged.distinct.len() as u32 - 1
                })
            });
            judged.numbers.push(number);
        }
        judged
    }

    fn push(&mut self, resolution: Option<Resolution>) {
        let number = resolution.map_or(DROPPED, |resolution| self.share(resolution));
        self.numbers.push(number);
    }

    /// Changes the resolution of a found name.
    pub(super) fn replace(&mut self, found: usize, resolution: Resolution) {
        self.numbers[found] = self.share(resolution);
    }

    /// Number of a resolution, the same for equal ones.
    fn share(&mut self, resolution: Resolution) -> u32 {
        let next = self.distinct.len() as u32;
        let known = self.known.entry(resolution.hash()).or_insert(next);
        if *known == next || self.distinct[*known as usize] != resolution {
            self.distinct.push(resolution);
            *known = next;
        }
        *known
    }
}

impl Resolution {
    fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for Scored { place, score, reasons } in &self.candidates {
            let Reasons {
                level,
                context,
                only,
                known,
            } = *reasons;
            let context = context.map(|(relation, place)| (relation as u8, place));
            (place, score.to_bits(), level, context, only, known).hash(&mut hasher);
        }
        self.chosen.hash(&mut hasher);
        hasher.finish()
    }
}

/// Below this, and with another candidate as close as [`MARGIN`], nothing is chosen.
pub(super) const SURE: f32 = 0.6;
const MARGIN: f32 = 0.04;
/// Added for a place whose own name has the type noun of the text.
const SAME_NOUN: f32 = 0.3;
/// Added for a place beside one of the same governorate to which only words of place link it.
const LINKED: f32 = 0.25;
/// The most words between two linked names.
const LINK: usize = 4;
/// Subtracted for a place abroad if a place named nearby contains one at home.
const ABROAD: f32 = 0.3;
/// Below the first, a candidate that leads by this much is chosen when it reaches this.
const FAIR: f32 = 0.4;
const WIDE: f32 = 0.18;
/// An only candidate below this is not chosen either.
const WEAK: f32 = 0.3;
/// A unit and a settlement of one name closer than this, in degrees, are unit and seat.
const SAME: f64 = 0.15;
/// Two settlements farther apart than this, in degrees, are not beside each other.
const NEAR: f64 = 0.4;
/// Added for a unit of another level than that of the type noun, before the town of the name.
const UNIT: f32 = 0.1;
/// The most candidates that a mention lists.
const LISTED: usize = 8;

/// Resolves found names; drops those that only counted beside a place that contains them.
pub(super) struct Resolver<'a> {
    pub gazetteer: &'a Gazetteer,
    pub names: &'a Names,
    pub parents: &'a Parents,
    pub words: &'a Words,
    /// Candidates without a type noun.
    pub priors: &'a Priors,
}

impl Resolver<'_> {
    /// Resolves the found names of a text, a sentence at a time.
    pub fn resolve(&self, tokens: &Tokens, found: &[Found]) -> Resolutions {
        let mut resolutions = Resolutions {
            numbers: Vec::with_capacity(found.len()),
            ..Resolutions::default()
        };
        let mut start = 0;
        while start < found.len() {
            let sentence = tokens.sentence_within(found[start].first, 400);
            let mut end = start + 1;
            while end < found.len() && sentence.contains(&found[end].first) && end - start < 64 {
                end += 1;
            }
            let together = &found[start..end];
            let mut resolved: Vec<Option<Resolution>> = together.iter().map(|one| Some(self.score(one))).collect();
            self.weigh(tokens, together, &mut resolved);
            resolved.into_iter().for_each(|one| resolutions.push(one));
            start = end;
        }
        self.resolve_by_text(tokens, found, &mut resolutions);
        resolutions
    }

    /// Puts candidates whose scores changed in order.
    pub(super) fn order(&self, resolution: &mut Resolution) {
        sort(&mut resolution.candidates);
    }

    fn score(&self, found: &Found<'_>) -> Resolution {
        let prior = match found.trigger {
            None => self.priors.get(found.name),
            Some(_) => None,
        };
        prior.unwrap_or_else(|| self.candidates(found.name, found.trigger))
    }

    /// Computes the contents of [`Priors`].
    pub fn priors(&self) -> Priors {
        let mut priors = Priors::default();
        for name in (1..self.names.len() as NameId).filter(|name| self.names.bearers(*name).len() > 1) {
            priors.insert(name, &self.candidates(name, None));
        }
        priors.shrink_to_fit();
        priors
    }

    fn candidates(&self, name: NameId, trigger: Option<Trigger<'_>>) -> Resolution {
        let bearers = match name {
            0 => return Resolution::default(),
            name => self.names.bearers(name),
        };
        let only = bearers.len() == 1;
        let centre = self.centre_of(bearers, trigger);
        let mut candidates: SmallVec<[Scored; 4]> = bearers
            .iter()
            .map(|bearer| match centre {
                Some((district, place)) if district == bearer.place => Bearer { place, ..*bearer },
                _ => *bearer,
            })
            .filter_map(|bearer| {
                let (score, level) = self.prior(name, trigger, bearer)?;
                let reasons = Reasons {
                    level,
                    only,
                    ..Reasons::default()
                };
                Some(Scored {
                    place: bearer.place,
                    score,
                    reasons,
                })
            })
            .collect();
        sort(&mut candidates);
        let chosen = self.choose(&candidates);
        Resolution::new(candidates, chosen)
    }

    /// "The subdistrict of Baaj", a name that only a district has: the district and the subdistrict that is its centre.
    fn centre_of(&self, bearers: &[Bearer], trigger: Option<Trigger<'_>>) -> Option<(PlaceIndex, PlaceIndex)> {
        let noun = trigger?.noun;
        let level = |bearer: &&Bearer| self.gazetteer.at(bearer.place).level;
        // "the side of Basra".
        let city = |bearer: &Bearer| self.gazetteer.at(bearer.place).rank >= FAMOUS;
        if noun.loose
            || bearers.iter().any(city)
            || noun.number == Number::Plural
            || noun.levels.first() != Some(&Level::Subdistrict)
            || bearers
                .iter()
                .any(|bearer| level(&bearer) == Level::Subdistrict && !bearer.needs_noun)
        {
            return None;
        }
        let mut districts = bearers.iter().filter(|bearer| level(bearer) == Level::District);
        districts.find_map(|bearer| Some((bearer.place, self.parents.centre(bearer.place)?)))
    }

    /// How likely a place is before the places around are looked at; true if the type noun means its level.
    fn prior(&self, name: NameId, trigger: Option<Trigger<'_>>, bearer: Bearer) -> Option<(f32, bool)> {
        let place = self.gazetteer.at(bearer.place);
        let rank = f32::from(place.rank) / 100.0;
        match &trigger {
            None if bearer.needs_noun && self.names.get(name).bare => None,
            None => Some((self.bare(name, bearer, place), false)),
            // "the governorates of Iraq" are not "the marshes of Iraq".
            Some(trigger)
                if bearer.needs_noun && self.names.get(name).bare && self.same_noun(trigger.noun, bearer) == 0.0 =>
            {
                None
            }
            Some(trigger)
                if trigger.noun.own && !bearer.needs_noun && Some(&place.level) != trigger.noun.levels.first() =>
            {
                None
            }
            Some(trigger) if trigger.noun.loose => {
                let prior = loose_prior(place, &trigger.noun.levels, bearer.needs_noun);
                Some((prior + self.same_noun(trigger.noun, bearer), false))
            }
            Some(trigger) => match trigger.noun.levels.iter().position(|level| *level == place.level) {
                Some(at) => {
                    // A field, a camp or a crossing is meant before the town that it is named after.
                    let step = if is_site(&trigger.noun.levels) { 0.12 } else { 0.04 };
                    let same = self.same_noun(trigger.noun, bearer);
                    // A dam is no camp.
                    let other = is_site(&trigger.noun.levels) && bearer.needs_noun && same == 0.0;
                    let prior = if other { 0.4 } else { 0.72 } + 0.2 * rank - step * at as f32;
                    Some((prior + same, true))
                }
                // Its own name has the noun: "Mutanabbi Street" is a site to the gazetteer and a road to the noun.
                None if self.same_noun(trigger.noun, bearer) > 0.0 => Some((0.66 + 0.2 * rank, true)),
                None if bearer.needs_noun => None,
                // A town abroad is no quarter of a town here.
                None if place.foreign && trigger.noun.levels.first() == Some(&Level::Neighbourhood) => None,
                None if is_akin(place.level, &trigger.noun.levels) => {
                    // A unit that the gazetteer does not have yet is where its namesake is.
                    let preferred = self.names.preferred(name) == Some(bearer.place);
                    let part = |level: Level| matches!(level, Level::District | Level::Subdistrict);
                    let unit = trigger.noun.levels.first().is_some_and(|level| part(*level)) && part(place.level);
                    let gain = if preferred { WIDE } else { 0.0 } + if unit { UNIT } else { 0.0 };
                    Some((0.3 + 0.2 * rank + gain, false))
                }
                None if is_site(&trigger.noun.levels) && place.level == Level::Settlement => {
                    Some((0.25 + 0.2 * rank, false))
                }
                None => Some((0.1 + 0.1 * rank, false)),
            },
        }
    }

    /// Score added if a place's own name has the type noun of the text.
    fn same_noun(&self, noun: &TypeNoun, bearer: Bearer) -> f32 {
        match self.words.is_same_noun(noun, bearer.noun) {
            true => SAME_NOUN,
            false => 0.0,
        }
    }

    /// A bare name: the place that it means by itself, and no town that lies outside the governorate of the name.
    fn bare(&self, name: NameId, bearer: Bearer, place: &Place) -> f32 {
        let prior = bare_prior(place);
        if let Some(meant) = self.names.preferred(name) {
            return if meant == bearer.place {
                prior.max(0.9) + 0.05
            } else {
                prior - 0.2
            };
        }
        let bearers = self.names.bearers(name);
        let elsewhere = |other: &Bearer| {
            let unit = self.gazetteer.at(other.place);
            unit.level == Level::Governorate && !self.parents.hold(other.place, bearer.place)
        };
        // Hamrin is a range of hills, and a town and a subdistrict in it.
        let natural = |other: &Bearer| self.gazetteer.at(other.place).level.is_natural();
        match place.level {
            Level::Settlement if place.rank < CITY && bearers.iter().any(natural) => prior.min(0.6),
            Level::Settlement | Level::District | Level::Subdistrict if bearers.iter().any(elsewhere) => prior.min(0.5),
            _ => prior,
        }
    }

    /// Weighs the candidates of one sentence against each other.
    fn weigh(&self, tokens: &Tokens, found: &[Found], resolved: &mut [Option<Resolution>]) {
        let anchors: SmallVec<[(usize, PlaceIndex); 8]> = found
            .iter()
            .zip(resolved.iter())
            .enumerate()
            .filter(|(_, (one, _))| !one.tentative)
            .filter_map(|(at, (_, resolution))| {
                let resolution = resolution.as_ref()?;
                let chosen = resolution.chosen?;
                let level = self.gazetteer.at(chosen).level;
                (level != Level::Country && resolution.score() >= SURE).then_some((at, chosen))
            })
            .collect();
        for (at, (one, slot)) in found.iter().zip(resolved.iter_mut()).enumerate() {
            let Some(resolution) = slot.as_mut() else { continue };
            let others = anchors
                .iter()
                .filter(|(other, _)| *other != at)
                .map(|(_, place)| *place);
            let others: SmallVec<[PlaceIndex; 8]> = others.collect();
            let linked = found.get(at + 1).is_some_and(|next| self.is_linked(tokens, one, next));
            let linked = anchors.iter().find(|(other, _)| linked && *other == at + 1);
            self.weigh_one(resolution, &others, linked.map(|(_, place)| *place));
            let listed = anchors
                .iter()
                .filter(|(other, _)| *other != at && found[*other].list == one.list);
            let listed: SmallVec<[PlaceIndex; 8]> = listed.map(|(_, place)| *place).collect();
            self.stay_home(resolution, &listed);
            self.agree(resolution, &listed);
            if one.tentative
                && resolution
                    .candidates
                    .first()
                    .is_none_or(|best| best.reasons.context.is_none())
            {
                *slot = None;
            }
        }
    }

    /// True if only words of place are between two names: "Riyadh south-west of Kirkuk".
    fn is_linked(&self, tokens: &Tokens, one: &Found, next: &Found) -> bool {
        let between = one.last..next.first;
        !between.is_empty()
            && between.len() <= LINK
            && tokens.tokens[between]
                .iter()
                .all(|token| !token.begins_sentence() && self.words.of(token).has(Cue::Literal))
    }

    /// True if two places lie in one governorate.
    fn are_neighbours(&self, one: PlaceIndex, other: PlaceIndex) -> bool {
        let governorates = |place: PlaceIndex| {
            let parents = self.parents.of(place).iter().copied().chain([place]);
            parents.filter(|parent| self.gazetteer.at(*parent).level == Level::Governorate)
        };
        governorates(one).any(|unit| governorates(other).any(|other| other == unit))
    }

    fn weigh_one(&self, resolution: &mut Resolution, anchors: &[PlaceIndex], linked: Option<PlaceIndex>) {
        if resolution.candidates.is_empty() || (resolution.candidates.len() == 1 && anchors.is_empty()) {
            return;
        }
        for candidate in &mut resolution.candidates {
            let mut best = (0.0, None);
            for anchor in anchors {
                let (gain, relation) = self.relate(candidate.place, *anchor);
                if gain > best.0 {
                    best = (gain, relation.map(|relation| (relation, *anchor)));
                }
            }
            if let Some(anchor) = linked.filter(|anchor| self.are_neighbours(candidate.place, *anchor))
                && LINKED > best.0
            {
                best = (LINKED, Some((Relation::Beside, anchor)));
            }
            candidate.score += best.0;
            candidate.reasons.context = best.1;
        }
        self.come_home(&mut resolution.candidates, linked);
        self.settle(resolution);
        let small = |place: PlaceIndex| self.gazetteer.at(place).rank < KNOWN_RANK;
        if let (Some(chosen), Some(best)) = (resolution.chosen, resolution.candidates.first())
            && best.reasons.context.is_none()
            && !anchors.is_empty()
            && small(chosen)
        {
            resolution.chosen = None;
        }
    }

    /// A unit at home that a place named beside it contains is likelier than a place abroad of the same name.
    fn come_home(&self, candidates: &mut [Scored], linked: Option<PlaceIndex>) {
        let within = |one: &Scored| match one.reasons.context {
            Some((Relation::Within, anchor)) => !self.gazetteer.at(anchor).foreign,
            Some((_, anchor)) => linked == Some(anchor) && !self.gazetteer.at(one.place).foreign,
            None => false,
        };
        if candidates.iter().any(within) {
            self.lower_abroad(candidates);
        }
    }

    fn lower_abroad(&self, candidates: &mut [Scored]) {
        let abroad = candidates.iter_mut().filter(|one| self.gazetteer.at(one.place).foreign);
        abroad.for_each(|one| one.score -= ABROAD);
    }

    /// Puts candidates whose scores changed in order, and chooses again.
    fn settle(&self, resolution: &mut Resolution) {
        sort(&mut resolution.candidates);
        resolution.chosen = self.choose(&resolution.candidates);
    }

    /// In a list with a place at home that one candidate lies beside, a place abroad of the same name is unlikely.
    fn stay_home(&self, resolution: &mut Resolution, listed: &[PlaceIndex]) {
        let foreign = |place: PlaceIndex| self.gazetteer.at(place).foreign;
        let beside = |one: &Scored| {
            let mut mates = listed.iter().filter(|mate| !foreign(**mate));
            !foreign(one.place) && mates.any(|mate| self.relate(one.place, *mate).0 > 0.0)
        };
        if resolution.candidates.len() < 2 || !resolution.candidates.iter().any(beside) {
            return;
        }
        self.lower_abroad(&mut resolution.candidates);
        self.settle(resolution);
    }

    /// The best candidate, unless it is weak or a place elsewhere is as good. A unit and its seat are no rivals.
    fn choose(&self, candidates: &[Scored]) -> Option<PlaceIndex> {
        let (best, others) = candidates.split_first()?;
        let Some(rival) = others.iter().find(|other| !self.is_seat(best.place, other.place)) else {
            return (best.score >= WEAK).then_some(best.place);
        };
        let lead = best.score - rival.score;
        ((best.score >= SURE && lead >= MARGIN) || (best.score >= FAIR && lead >= WIDE)).then_some(best.place)
    }

    /// One is the other's unit or seat.
    fn is_seat(&self, one: PlaceIndex, other: PlaceIndex) -> bool {
        let (place, rival) = (self.gazetteer.at(one), self.gazetteer.at(other));
        are_near(place, rival, SAME) || self.parents.hold(one, other) || self.parents.hold(other, one)
    }

    /// Members of a list are of one kind: beside a governorate that is nothing else, the governorate is meant.
    fn agree(&self, resolution: &mut Resolution, listed: &[PlaceIndex]) {
        let unit = |place: &&PlaceIndex| self.gazetteer.at(**place).level.is_administrative();
        let Some(&other) = listed.iter().find(unit) else {
            return;
        };
        let level = self.gazetteer.at(other).level;
        for candidate in &mut resolution.candidates {
            if self.gazetteer.at(candidate.place).level == level && !candidate.reasons.level {
                candidate.score += 0.2;
                candidate.reasons.context = Some((Relation::Listed, other));
            }
        }
        self.settle(resolution);
    }

    fn relate(&self, place: PlaceIndex, anchor: PlaceIndex) -> (f32, Option<Relation>) {
        if place == anchor {
            return (0.0, None);
        }
        let (one, other) = (self.gazetteer.at(place), self.gazetteer.at(anchor));
        if other.level != Level::Region && self.parents.hold(anchor, place) {
            return (0.2, Some(Relation::Within));
        }
        if one.level != Level::Region && self.parents.hold(place, anchor) {
            return (0.06, Some(Relation::Holds));
        }
        if !one.foreign && !other.foreign && other.level > Level::Governorate && are_near(one, other, NEAR) {
            return (0.12, Some(Relation::Beside));
        }
        (0.0, None)
    }
}

/// True if two places are closer than a number of degrees.
pub(super) fn are_near(one: &Place, other: &Place, degrees: f64) -> bool {
    let (x, y) = (one.point[0] - other.point[0], one.point[1] - other.point[1]);
    x * x + y * y < degrees * degrees
}

/// A bare name is the town when it is a town of note, else the largest unit.
fn bare_prior(place: &Place) -> f32 {
    let rank = f32::from(place.rank) / 100.0;
    match place.level {
        Level::Country | Level::Region => 0.95,
        Level::Governorate => 0.80,
        Level::District => 0.70,
        Level::Subdistrict => 0.62,
        Level::Settlement if place.rank >= KNOWN_RANK => 0.81 + 0.15 * rank,
        Level::Settlement => 0.2 + 0.5 * rank,
        Level::Neighbourhood | Level::Road => 0.2 + 0.3 * rank,
        Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area | Level::Site => 0.4 + 0.3 * rank,
    }
}

fn loose_prior(place: &Place, levels: &[Level], needs_noun: bool) -> f32 {
    let fits = match levels.iter().position(|level| *level == place.level) {
        Some(0) => 0.36,
        Some(at) => 0.15 - 0.03 * at as f32,
        None => 0.0,
    };
    let penalty = if needs_noun && fits == 0.0 { 0.4 } else { 0.0 };
    bare_prior(place) + fits - penalty
}

/// A crossing or a bridge is called after its town.
fn is_site(levels: &[Level]) -> bool {
    matches!(levels.first(), Some(Level::Site | Level::Road))
}

/// Levels that a writer may mix up: the seat for its unit and the reverse.
fn is_akin(level: Level, levels: &[Level]) -> bool {
    let seat = |level: Level| level.is_administrative() || matches!(level, Level::Settlement | Level::Neighbourhood);
    seat(level) && levels.iter().any(|other| seat(*other))
}

fn sort(candidates: &mut SmallVec<[Scored; 4]>) {
    candidates.sort_by(|one, other| other.score.total_cmp(&one.score));
    candidates.truncate(LISTED);
    tell_known(candidates);
}

pub(super) fn tell_known(candidates: &mut [Scored]) {
    if let [best, second, ..] = candidates {
        best.reasons.known = best.score > second.score;
    }
}
