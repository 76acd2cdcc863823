//! Settlements: records become places, repeats of one place are merged, each gets its units and its rank.

use super::{
    label::metres_to,
    names::{Prefixes, add, key, names_of},
    unit::Unit,
    wof::Record,
};
use crate::{
    gazetteer::{KnownCodes, Level, Place, SameAs},
    language::Language,
};
use ecow::{EcoString, eco_format};
use geo::{BoundingRect, Contains, Point, Rect};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    num::NonZeroU64,
};

/// Two records of one name closer than this are one place.
const SAME_PLACE_METRES: f64 = 2_000.0;
/// Two records of one Wikidata item closer than this are one place.
const SAME_ITEM_METRES: f64 = 5_000.0;
/// A living record takes over the names of a retired one of the same name within this distance.
const SAME_RETIRED_METRES: f64 = 1_000.0;
/// A point outside every unit belongs to the nearest one within this distance.
const NEAREST_UNIT_METRES: f64 = 2_000.0;

/// A place with the evidence for its weight.
struct Draft {
    place: Place,
    feature_code: String,
    /// Languages with a name of their own, transliterations not counted.
    languages: usize,
    retired: bool,
    superseded_by: Vec<u64>,
}

/// Settlements, quarters and sites of the records. Of records that are one place, the one named in a hand-written table
/// (`named`, ids `wof-<id>`) determines the id.
pub fn settlements(records: &[Record], units: &[Unit], prefixes: &Prefixes, named: &HashSet<&str>) -> Vec<Place> {
    let drafts: Vec<Draft> = records.iter().filter_map(|record| draft(record, prefixes)).collect();
    let drafts = merge(drafts, named);
    let locator = Locator::new(units);
    let mut places: Vec<Place> = drafts
        .into_iter()
        .map(|draft| {
            let mut place = draft.place;
            place.parents = locator.unit_at(place.point).into_iter().map(str::to_owned).collect();
            place
        })
        .collect();
    // Places of one unit are adjacent.
    places.sort_by(|a, b| (&a.parents, a.same_as.wof).cmp(&(&b.parents, b.same_as.wof)));
    places
}

fn draft(record: &Record, prefixes: &Prefixes) -> Option<Draft> {
    let feature_code = record.gn_fcode.clone().unwrap_or_default();
    let level = match (record.placetype.as_str(), feature_code.as_str()) {
        ("locality", "PPLX") | ("neighbourhood", _) => Level::Neighbourhood,
        ("locality", _) => Level::Settlement,
        ("campus", _) => Level::Site,
        _ => return None,
    };
    let names = names_of(record, prefixes);
    names.iter().next()?;
    let mut draft = Draft {
        place: Place {
            id: eco_format!("wof-{}", record.id),
            level,
            kind: EcoString::default(),
            point: [record.lon, record.lat],
            parents: [].into(),
            foreign: false,
            population: record.population.and_then(NonZeroU64::new),
            rank: 0,
            names,
            same_as: SameAs {
                wof: NonZeroU64::new(record.id),
                geonames: record.gn_id.and_then(NonZeroU64::new),
                codes: KnownCodes {
                    wikidata: record.wd_id.clone(),
                    ..KnownCodes::default()
                }
                .into(),
            },
            derived: false,
            approximate: false,
        },
        feature_code,
        languages: record
            .names
            .iter()
            .filter(|(language, _)| !matches!(language.as_str(), "und" | "fas"))
            .count(),
        retired: record.is_retired(),
        superseded_by: record.superseded_by.clone(),
    };
    weigh(&mut draft);
    Some(draft)
}

/// Rank and kind by evidence alone; seats are raised later.
fn weigh(draft: &mut Draft) {
    let people = draft.place.population.map_or(0, NonZeroU64::get);
    let by_people = match people {
        1_000_000.. => 80,
        300_000.. => 72,
        100_000.. => 64,
        50_000.. => 56,
        20_000.. => 48,
        1.. => 40,
        0 => 0,
    };
    let by_code = match draft.feature_code.as_str() {
        "PPLC" => 80,
        "PPLA" => 66,
        "PPLA2" => 44,
        "PPLA3" => 34,
        _ => 0,
    };
    // Figures on quarters are those of their city.
    let by_people = if draft.place.level == Level::Settlement {
        by_people
    } else {
        by_people.min(36)
    };
    let known = draft.place.same_as.codes.wikidata.is_some();
    let by_fame = if known { 36 } else { 0 };
    // Wrong matches upstream put the names of famous namesakes on hamlets: languages alone do not lift far.
    let by_languages = match (draft.languages, draft.place.names.first(Language::English).is_none()) {
        (5.., _) if known => 40,
        (4.., _) => 14,
        (3, _) => 10,
        (2, _) => 7,
        _ => 4,
    };
    draft.place.rank = by_people.max(by_code).max(by_fame).max(by_languages);
    draft.place.kind = match (draft.place.level, draft.place.rank) {
        (Level::Settlement, 64..) => "city",
        (Level::Settlement, 30..) => "town",
        (Level::Settlement, _) => "village",
        _ => "",
    }
    .into();
}

/// Joins records of one place; the result is in the order of the records.
fn merge(drafts: Vec<Draft>, named: &HashSet<&str>) -> Vec<Draft> {
    let (retired, living): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.retired);
    let mut kept: Vec<Draft> = Vec::with_capacity(living.len());
    let mut near = NameGrid::default();
    let mut order: Vec<Draft> = living;
    order.sort_by_cached_key(|draft| {
        let place = &draft.place;
        (
            !named.contains(place.id.as_str()),
            u8::MAX - place.rank,
            place.same_as.wof,
        )
    });
    for draft in order {
        let same = near.find(&draft, &kept, SAME_PLACE_METRES);
        match same {
            Some(index) => absorb(&mut kept[index], draft),
            None => {
                near.insert(&draft, kept.len());
                kept.push(draft);
            }
        }
    }
    let by_id: HashMap<u64, usize> = kept
        .iter()
        .enumerate()
        .filter_map(|(index, draft)| Some((draft.place.same_as.wof?.get(), index)))
        .collect();
    for draft in retired {
        let heir = draft.superseded_by.iter().find_map(|id| by_id.get(id).copied());
        if let Some(index) = heir.or_else(|| near.find(&draft, &kept, SAME_RETIRED_METRES)) {
            absorb(&mut kept[index], draft);
        }
    }
    kept
}

fn absorb(winner: &mut Draft, other: Draft) {
    for language in Language::ALL {
        winner.place.names.change(language, |names| {
            let others = other.place.names.of(language);
            others.for_each(|name| add(names, name.to_owned()));
        });
    }
    let (mine, its) = (&mut winner.place, other.place);
    mine.population = mine.population.max(its.population);
    mine.same_as.geonames = mine.same_as.geonames.or(its.same_as.geonames);
    if mine.same_as.codes.wikidata.is_none() && its.same_as.codes.wikidata.is_some() {
        mine.same_as.codes.wikidata.clone_from(&its.same_as.codes.wikidata);
    }
    winner.languages = winner.languages.max(other.languages);
    if winner.feature_code.is_empty() || winner.feature_code == "PPL" {
        winner.feature_code = other.feature_code;
    }
    weigh(winner);
}

/// Drafts by preferred name and by cell of 0.05 degrees, to find the same name nearby.
#[derive(Default)]
struct NameGrid(BTreeMap<(String, i32, i32), Vec<usize>>);

impl NameGrid {
    fn cell(point: [f64; 2]) -> (i32, i32) {
        ((point[0] / 0.05).floor() as i32, (point[1] / 0.05).floor() as i32)
    }

    /// The preferred name of each language, folded, and the Wikidata item.
    fn keys(draft: &Draft) -> BTreeSet<String> {
        let preferred = Language::ALL
            .into_iter()
            .filter_map(|language| draft.place.names.first(language));
        preferred
            .map(key)
            .chain(draft.place.same_as.codes.wikidata.clone())
            .collect()
    }

    fn insert(&mut self, draft: &Draft, index: usize) {
        let (x, y) = Self::cell(draft.place.point);
        for name in Self::keys(draft) {
            self.0.entry((name, x, y)).or_default().push(index);
        }
    }

    fn find(&self, draft: &Draft, kept: &[Draft], within_metres: f64) -> Option<usize> {
        let (x, y) = Self::cell(draft.place.point);
        let mut best: Option<(f64, usize)> = None;
        for name in Self::keys(draft) {
            for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
                for &index in self.0.get(&(name.clone(), x + dx, y + dy)).into_iter().flatten() {
                    let metres = metres(draft.place.point, kept[index].place.point);
                    let (this, other) = (&draft.place, &kept[index].place);
                    let one_item = this.same_as.codes.wikidata.is_some()
                        && this.same_as.codes.wikidata == other.same_as.codes.wikidata;
                    let within = if one_item { SAME_ITEM_METRES } else { within_metres };
                    let fits = this.level == other.level && metres <= within;
                    if fits && best.is_none_or(|(least, at)| (metres, index) < (least, at)) {
                        best = Some((metres, index));
                    }
                }
            }
        }
        best.map(|(_, index)| index)
    }
}

/// Distance in metres, flat-earth; good for a few kilometres.
pub fn metres(a: [f64; 2], b: [f64; 2]) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let shrink = ((a[1] + b[1]) / 2.0).to_radians().cos();
    ((a[0] - b[0]) * shrink).hypot(a[1] - b[1]) * METRES_PER_DEGREE
}

/// Finds the unit of the lowest level at a point.
pub struct Locator<'a>(Vec<(Rect<f64>, &'a Unit)>);

impl<'a> Locator<'a> {
    /// Over the units of the lowest level.
    pub fn new(units: &'a [Unit]) -> Self {
        let lowest = units.iter().map(|unit| unit.level).max().unwrap_or(0);
        let lowest = units.iter().filter(|unit| unit.level == lowest);
        Self(
            lowest
                .filter_map(|unit| Some((unit.geometry.bounding_rect()?, unit)))
                .collect(),
        )
    }

    /// The unit that contains the point, or the nearest one within two kilometres.
    pub fn unit_at(&self, point: [f64; 2]) -> Option<&'a str> {
        let point = Point::new(point[0], point[1]);
        let holds = |(bounds, unit): &&(Rect<f64>, &Unit)| bounds.contains(&point) && unit.geometry.contains(&point);
        if let Some((_, unit)) = self.0.iter().find(holds) {
            return Some(&unit.pcode);
        }
        const MARGIN_DEGREES: f64 = 0.03;
        let close = self.0.iter().filter(|(bounds, _)| {
            point.x() > bounds.min().x - MARGIN_DEGREES
                && point.x() < bounds.max().x + MARGIN_DEGREES
                && point.y() > bounds.min().y - MARGIN_DEGREES
                && point.y() < bounds.max().y + MARGIN_DEGREES
        });
        close
            .map(|(_, unit)| (metres_to(&unit.geometry, point), &unit.pcode))
            .filter(|(metres, _)| *metres <= NEAREST_UNIT_METRES)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, pcode)| pcode.as_str())
    }
}
