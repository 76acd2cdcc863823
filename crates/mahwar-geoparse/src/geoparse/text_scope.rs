//! Resolution by the whole text. A name of several places that its sentence does not decide means the one in the
//! governorates that the text names around it; the same name in one text is the same place; a quarter that shares its
//! name with a unit is meant where its city is named.

use super::{
    cue::Cue,
    find::Found,
    ranks::{CITY, KNOWN, is_city},
    resolve::{Reasons, Relation, Resolution, Resolutions, Resolver, SURE, Scored, are_near},
};
use crate::{
    gazetteer::{Level, PlaceIndex},
    text::{Kind, Tokens},
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::borrow::Cow;

/// Named places before a name, and after it, that decide which bearer it means. The nearest counts most.
const BEFORE: usize = 24;
const AFTER: usize = 8;
/// Weight of a place named after the name, compared with one before it.
const LATER: f32 = 0.5;
/// The most cities of a text whose quarters are looked for.
const CITIES: usize = 32;
/// A quarter of this rank is named without its city.
const QUARTER: u8 = 30;
/// A quarter is nearer to the centre of its city than this, in degrees.
const INSIDE: f64 = 0.2;
/// A village is beside a place nearer than this, in degrees.
const BESIDE: f64 = 0.3;
/// Score of a place above the one that the name would mean without its surroundings.
const LEAD: f32 = 0.06;
/// The most that a place scores whose name is spelt otherwise.
const NAMESAKE: f32 = 0.2;
/// The most words of place between a name and the place that it is described from.
const LINK: usize = 4;

/// A named place that the text is located by.
#[derive(Clone, Copy, Debug)]
struct Landmark {
    /// Number of the found name.
    at: usize,
    place: PlaceIndex,
    /// Its name often means a government, and it has no type noun.
    power: bool,
}

impl Resolver<'_> {
    /// Resolves the names again that their sentences do not decide.
    pub(super) fn resolve_by_text(&self, tokens: &Tokens, found: &[Found], resolutions: &mut Resolutions) {
        let landmarks = self.landmarks(found, resolutions);
        let cities = self.cities(&landmarks);
        for at in 0..found.len() {
            let Some(own) = resolutions.at(at).filter(|own| own.candidates.len() > 1) else {
                continue;
            };
            let own = &*self.with_namesakes(own);
            let changed = self
                .described(tokens, found, at, own, resolutions)
                .or_else(|| self.as_quarter(tokens, found, at, own, &landmarks, &cities))
                .or_else(|| self.by_landmarks(found, at, own, &landmarks));
            if let Some(changed) = changed {
                resolutions.replace(at, changed);
            }
        }
        self.unite(found, resolutions);
    }

    /// The candidates of a small place, and those that share another spelling of its name.
    fn with_namesakes<'r>(&self, own: &'r Resolution) -> Cow<'r, Resolution> {
        let Some(best) = own.candidates.first().filter(|best| self.is_minor(best.place)) else {
            return Cow::Borrowed(own);
        };
        let least = own.candidates.last().map_or(0.0, |last| last.score);
        let mut more = Cow::Borrowed(own);
        for place in self.names.namesakes(best.place) {
            let known = more.candidates.iter().any(|one| one.place == place);
            if !known && !self.gazetteer.at(place).foreign {
                more.to_mut().candidates.push(Scored {
                    place,
                    score: least.min(NAMESAKE),
                    reasons: Reasons::default(),
                });
            }
        }
        more
    }

    /// Units, cities, and places of names that nothing else has.
    fn landmarks(&self, found: &[Found], resolutions: &Resolutions) -> Vec<Landmark> {
        let landmark = |(at, one): (usize, &Found)| {
            let own = resolutions.at(at)?;
            let chosen = own.chosen.filter(|_| !one.tentative)?;
            let place = self.gazetteer.at(chosen);
            let firm = match place.level {
                Level::Country | Level::Region => false,
                Level::Governorate | Level::District => true,
                _ if is_city(place) => true,
                _ => self.is_of_one_governorate(chosen, own),
            };
            (firm && !place.foreign && own.score() >= SURE).then_some(Landmark {
                at,
                place: chosen,
                power: one.trigger.is_none() && self.names.get(one.name).power,
            })
        };
        found.iter().enumerate().filter_map(landmark).collect()
    }

    /// True if all places of a name are in the governorate of the one that it means.
    fn is_of_one_governorate(&self, chosen: PlaceIndex, own: &Resolution) -> bool {
        let units = self.governorates(chosen);
        own.candidates
            .iter()
            .all(|one| units.iter().any(|unit| self.lies_in(one.place, *unit)))
    }

    /// Governorates that hold a place, or the place itself.
    fn governorates(&self, place: PlaceIndex) -> SmallVec<[PlaceIndex; 2]> {
        let parents = self.parents.of(place).iter().copied().chain([place]);
        parents
            .filter(|unit| self.gazetteer.at(*unit).level == Level::Governorate)
            .collect()
    }

    fn lies_in(&self, place: PlaceIndex, governorate: PlaceIndex) -> bool {
        place == governorate || self.parents.hold(governorate, place) || self.parents.border(governorate, place)
    }

    /// A place whose bearers are many: a village, a quarter, a small town, the unit around one.
    fn is_minor(&self, place: PlaceIndex) -> bool {
        let place = self.gazetteer.at(place);
        match place.level {
            Level::Settlement | Level::Subdistrict => place.rank < CITY,
            Level::Neighbourhood | Level::Site => true,
            _ => false,
        }
    }

    // ---- "X, near Y"

    /// "in X near Y": the bearer of X beside Y, if the one that X means by itself is far from Y.
    fn described(
        &self,
        tokens: &Tokens,
        found: &[Found],
        at: usize,
        own: &Resolution,
        resolutions: &Resolutions,
    ) -> Option<Resolution> {
        let next = found.get(at + 1)?;
        let best = own.candidates.first()?.place;
        let anchor = resolutions.at(at + 1)?.chosen?;
        if !self.is_minor(best) || self.gazetteer.at(anchor).foreign || !self.is_described(tokens, &found[at], next) {
            return None;
        }
        let unit = self.gazetteer.at(anchor);
        let beside = |place: PlaceIndex| match unit.level {
            Level::Country | Level::Region => false,
            Level::Governorate => self.lies_in(place, anchor),
            _ => are_near(self.gazetteer.at(place), unit, BESIDE),
        };
        let agrees = |place: PlaceIndex| {
            beside(place) || self.governorates(anchor).iter().any(|unit| self.lies_in(place, *unit))
        };
        if agrees(best) || matches!(unit.level, Level::Country | Level::Region) {
            return None;
        }
        let mut others = own
            .candidates
            .iter()
            .filter(|one| beside(one.place) && self.fits(&found[at], one.place));
        let meant = others.next()?.place;
        others.next().is_none().then(|| self.meaning(own, meant, anchor))
    }

    /// True if only words of place, which do not lead to the next name, are between two names, perhaps after a comma.
    fn is_described(&self, tokens: &Tokens, one: &Found, next: &Found) -> bool {
        let from = one
            .trigger
            .as_ref()
            .map_or(one.last, |trigger| trigger.end.max(one.last));
        let comma = tokens.get(from).is_some_and(|token| token.kind == Kind::Comma);
        let from = from + usize::from(comma);
        let to = next.head;
        if from >= to || to - from > LINK {
            return false;
        }
        let between = &tokens.tokens[from..to];
        !self.words.whole(&between[0]).has(Cue::Channel)
            && between
                .iter()
                .all(|token| !token.begins_sentence() && self.words.of(token).any(&[Cue::Literal, Cue::Tie]))
    }

    /// True for a place of a level that the type noun means, if there is one.
    fn fits(&self, one: &Found, place: PlaceIndex) -> bool {
        let place = self.gazetteer.at(place);
        !place.foreign
            && one
                .trigger
                .as_ref()
                .is_none_or(|trigger| trigger.noun.levels.contains(&place.level))
    }

    /// The same candidates, of which this one is meant.
    fn meaning(&self, own: &Resolution, meant: PlaceIndex, anchor: PlaceIndex) -> Resolution {
        let mut changed = own.clone();
        let best = own.candidates.iter().map(|one| one.score).fold(0.0, f32::max);
        for one in changed.candidates.iter_mut().filter(|one| one.place == meant) {
            one.score = best.max(SURE) + LEAD;
            one.reasons.context = Some((Relation::Beside, anchor));
        }
        self.order(&mut changed);
        changed.chosen = Some(meant);
        changed
    }

    // ---- quarters

    /// A quarter that shares its name with a unit, where its city is named: in the text for a bare name, in the sentence
    /// for one with a noun that means both.
    fn as_quarter(
        &self,
        tokens: &Tokens,
        found: &[Found],
        at: usize,
        own: &Resolution,
        landmarks: &[Landmark],
        cities: &[PlaceIndex],
    ) -> Option<Resolution> {
        let unit = self.gazetteer.at(own.chosen?);
        if !matches!(unit.level, Level::District | Level::Subdistrict) {
            return None;
        }
        let one = &found[at];
        let sentence = tokens.sentence_within(one.first, 80);
        let both = match &one.trigger {
            None => true,
            Some(trigger) => trigger.noun.loose || trigger.noun.levels.contains(&Level::Neighbourhood),
        };
        let quarters = || {
            let candidates = own.candidates.iter().map(|one| one.place);
            candidates.filter(|place| {
                let quarter = self.gazetteer.at(*place);
                quarter.level == Level::Neighbourhood
                    && quarter.rank >= QUARTER
                    && are_near(quarter, unit, 2.0 * INSIDE)
            })
        };
        if !both {
            return None;
        }
        let first = landmarks.partition_point(|landmark| landmark.at + BEFORE < at);
        let beside = landmarks[first..]
            .iter()
            .take_while(|landmark| landmark.at <= at + BEFORE);
        let named: SmallVec<[PlaceIndex; 8]> = match one.trigger.is_none() {
            true => cities.iter().copied().collect(),
            false => beside
                .filter(|landmark| landmark.at != at && sentence.contains(&found[landmark.at].first))
                .map(|landmark| landmark.place)
                .collect(),
        };
        quarters().find_map(|quarter| {
            let inside = |city: &&PlaceIndex| {
                let place = self.gazetteer.at(**city);
                is_city(place) && are_near(place, self.gazetteer.at(quarter), INSIDE)
            };
            let city = named.iter().find(inside)?;
            Some(self.meaning(own, quarter, *city))
        })
    }

    /// The different cities that the text is located by.
    fn cities(&self, landmarks: &[Landmark]) -> SmallVec<[PlaceIndex; 8]> {
        let mut cities = SmallVec::new();
        for landmark in landmarks {
            let place = self.gazetteer.at(landmark.place);
            if is_city(place) && !cities.contains(&landmark.place) {
                cities.push(landmark.place);
                if cities.len() == CITIES {
                    break;
                }
            }
        }
        cities
    }

    // ---- the governorates of the text

    /// Landmarks around a name with their weights. A government counts only where nothing else is named.
    fn around(&self, at: usize, landmarks: &[Landmark]) -> SmallVec<[(PlaceIndex, f32); 16]> {
        let first = landmarks.partition_point(|landmark| landmark.at + BEFORE < at);
        let near = || {
            let near = landmarks[first..]
                .iter()
                .take_while(|landmark| landmark.at <= at + AFTER);
            near.filter(|landmark| landmark.at != at)
        };
        let only_powers = near().all(|landmark| landmark.power);
        near()
            .filter(|landmark| only_powers || !landmark.power)
            .map(|landmark| {
                let weight = 1.0 / landmark.at.abs_diff(at) as f32;
                (landmark.place, if landmark.at > at { LATER * weight } else { weight })
            })
            .collect()
    }

    /// The bearer in the governorates that the text names around the name.
    fn by_landmarks(&self, found: &[Found], at: usize, own: &Resolution, landmarks: &[Landmark]) -> Option<Resolution> {
        let one = &found[at];
        let best = own.candidates.first()?;
        let decided = |one: &&Scored| one.reasons.context.is_some() && own.chosen.is_some();
        if !self.is_minor(best.place) || Some(best).filter(decided).is_some() || one.name == 0 {
            return None;
        }
        // "on the Euphrates", "in Hamrin": no unit of that name.
        let natural = |one: &Scored| self.gazetteer.at(one.place).level.is_natural();
        if one.trigger.is_none() && own.candidates.iter().any(natural) {
            return None;
        }
        let around = self.around(at, landmarks);
        let agrees = |place: PlaceIndex| {
            around.iter().any(|(other, _)| {
                let known = self.gazetteer.at(*other);
                let near = known.level != Level::Governorate && are_near(self.gazetteer.at(place), known, BESIDE);
                near || self.governorates(*other).iter().any(|unit| self.lies_in(place, *unit))
            })
        };
        if own.chosen.is_some() && agrees(best.place) {
            return None;
        }
        // A city is where news are written, people flee to and governments sit: it may support a reading of a village, and contradicts none.
        let around: SmallVec<[(PlaceIndex, f32); 16]> = around
            .iter()
            .copied()
            .filter(|(place, _)| !is_city(self.gazetteer.at(*place)))
            .collect();
        let mut units: SmallVec<[(PlaceIndex, f32); 8]> = SmallVec::new();
        for (place, weight) in &around {
            for unit in self.governorates(*place) {
                match units.iter_mut().find(|(known, _)| *known == unit) {
                    Some((_, sum)) => *sum += weight,
                    None => units.push((unit, *weight)),
                }
            }
        }
        if units.is_empty() {
            return None;
        }
        units.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let typed = one.trigger.as_ref().filter(|trigger| !trigger.noun.loose);
        let village = typed.is_some_and(|trigger| {
            matches!(
                trigger.noun.levels.first(),
                Some(Level::Settlement | Level::Neighbourhood)
            )
        });
        let inside = |unit: PlaceIndex| {
            let fitting = own.candidates.iter().map(|one| one.place);
            fitting
                .filter(|place| self.fits(one, *place) && self.is_minor(*place) && self.parents.hold(unit, *place))
                .collect::<SmallVec<[PlaceIndex; 4]>>()
        };
        for (unit, _) in units.iter().copied() {
            let inside = inside(unit);
            // "the town of X": a known town is no hamlet of its name.
            let known = self.gazetteer.at(best.place).rank >= KNOWN && !typed.is_some_and(|trigger| trigger.noun.small);
            let lesser = |place: &PlaceIndex| self.gazetteer.at(*place).rank < KNOWN;
            match (&inside[..], village) {
                ([], _) => {}
                (_, true) if known && inside.iter().all(lesser) => return None,
                (&[meant], true) => return Some(self.meaning(own, meant, unit)),
                (_, true) => return own.chosen.map(|_| open(own)),
                (places, false) => return self.bare_namesake(found, at, own, places, unit, &around),
            }
        }
        // A village of a name that several have, in a text about other governorates.
        let several = self.gazetteer.at(best.place).rank < KNOWN && !self.is_of_one_governorate(best.place, own);
        (village && several && own.chosen.is_some()).then(|| open(own))
    }

    /// A bare name, or one after a noun that says little: a known town may be meant in any text, unless a namesake is
    /// beside a named place; then neither is chosen.
    fn bare_namesake(
        &self,
        found: &[Found],
        at: usize,
        own: &Resolution,
        inside: &[PlaceIndex],
        unit: PlaceIndex,
        around: &[(PlaceIndex, f32)],
    ) -> Option<Resolution> {
        let best = self.gazetteer.at(own.candidates.first()?.place);
        let typed = found[at].trigger.as_ref().is_some_and(|trigger| !trigger.noun.loose);
        let listed = |other: Option<&Found>| other.is_some_and(|other| other.list == found[at].list);
        let listed = listed(found.get(at + 1)) || at.checked_sub(1).is_some_and(|before| listed(found.get(before)));
        if best.rank < KNOWN {
            return match inside {
                [meant] if own.chosen.is_some() => Some(self.meaning(own, *meant, unit)),
                _ => None,
            };
        }
        if own.chosen.is_none() && !listed {
            return None;
        }
        let beside = |place: &PlaceIndex| {
            around.iter().any(|(other, _)| {
                let other = self.gazetteer.at(*other);
                other.level == Level::Governorate && around.len() == 1
                    || other.level != Level::Governorate && are_near(self.gazetteer.at(*place), other, BESIDE)
            })
        };
        match inside {
            [meant] if self.gazetteer.at(*meant).rank >= KNOWN => Some(self.meaning(own, *meant, unit)),
            _ if !typed && inside.iter().any(beside) => own.chosen.map(|_| open(own)),
            _ => None,
        }
    }

    // ---- the same name

    /// The same name in one text means the same place, where the sentence says nothing else.
    fn unite(&self, found: &[Found], resolutions: &mut Resolutions) {
        let mut meant: FxHashMap<u32, PlaceIndex> = FxHashMap::default();
        for (at, one) in found.iter().enumerate() {
            let Some(own) = resolutions.at(at) else { continue };
            let best = own.candidates.first().filter(|best| best.reasons.context.is_some());
            if let (Some(chosen), Some(best)) = (own.chosen, best)
                && best.place == chosen
                && self.is_minor(chosen)
            {
                meant.entry(one.name).or_insert(chosen);
            }
        }
        if meant.is_empty() {
            return;
        }
        for (at, one) in found.iter().enumerate() {
            let (Some(own), Some(place)) = (resolutions.at(at), meant.get(&one.name).copied()) else {
                continue;
            };
            let decided = own.chosen.is_some()
                && own
                    .candidates
                    .first()
                    .is_some_and(|best| best.reasons.context.is_some());
            let units = self.governorates(place);
            let agrees = |other: PlaceIndex| units.iter().any(|unit| self.lies_in(other, *unit));
            if decided || own.chosen.is_some_and(agrees) || own.chosen.is_some_and(|chosen| !self.is_minor(chosen)) {
                continue;
            }
            let own = &*self.with_namesakes(own);
            let mut candidates = own.candidates.iter().map(|one| one.place);
            if let Some(same) = candidates.find(|other| *other == place && self.fits(one, *other)) {
                let changed = self.meaning(own, same, place);
                resolutions.replace(at, changed);
            }
        }
    }
}

/// The same candidates, none of which is chosen.
fn open(own: &Resolution) -> Resolution {
    Resolution {
        chosen: None,
        ..own.clone()
    }
}
