//! Layers made of what documents say: mentions, places mentioned, claims, coordination axes, the documents themselves.

use super::{Bounds, Feature, Partial, Properties, TimeSpan};
use crate::{
    document::Document,
    geoparse::{Attribution, Claim, ClaimType, Mention, MentionPlace, Parse, Part, Precision},
    language::Trilingual,
    text::sentence_at,
};
use geo::{Geometry, MultiPoint, Point};
use rustc_hash::FxHashSet;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
};

/// A document with what was found in it.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    /// The text and its description.
    pub document: Document,
    /// What the geoparser found.
    pub parse: Parse,
}

/// Finds the attribution that a position is in: of several, the last in the list, which is the innermost. Positions must be
/// asked for in ascending order; then all of them together take one pass over the attributions.
struct Attributed<'r> {
    /// By where their words begin.
    ahead: std::iter::Peekable<std::vec::IntoIter<(usize, usize)>>,
    /// Numbers of those that have begun.
    begun: BinaryHeap<usize>,
    attributions: &'r [Attribution],
}

impl<'r> Attributed<'r> {
    fn new(parse: &'r Parse) -> Self {
        let all = parse.attributions.iter().enumerate();
        let all = all.filter(|(_, one)| one.quote.part == Part::Text);
        let mut ahead: Vec<(usize, usize)> = all.map(|(at, one)| (one.quote.offsets.byte[0], at)).collect();
        ahead.sort_unstable();
        Self {
            ahead: ahead.into_iter().peekable(),
            begun: BinaryHeap::new(),
            attributions: &parse.attributions,
        }
    }

    fn at(&mut self, byte: usize) -> Option<&'r Attribution> {
        while let Some((_, at)) = self.ahead.next_if(|(start, _)| *start <= byte) {
            self.begun.push(at);
        }
        while let Some(at) = self.begun.peek() {
            let attribution = &self.attributions[*at];
            if byte < attribution.quote.offsets.byte[1] {
                return Some(attribution);
            }
            // It has ended, for every later position too.
            self.begun.pop();
        }
        None
    }
}

/// Properties from pairs; `null` is kept, so that every feature of a layer has the same keys.
pub fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Properties {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The names of a feature; `name` itself is chosen by the language of the request.
pub fn named(name: &Trilingual, rest: Properties) -> Properties {
    let mut all = properties([
        ("name:ar", json!(name.ar)),
        ("name:ckb", json!(name.ckb)),
        ("name:en", json!(name.en)),
    ]);
    all.extend(rest);
    all
}

fn speaker(attribution: Option<&Attribution>) -> Value {
    json!(
        attribution
            .and_then(|attribution| attribution.speaker.as_ref())
            .map(|speaker| &speaker.words.text)
    )
}

fn status(attribution: Option<&Attribution>) -> &'static str {
    if attribution.is_some() { "claimed" } else { "reported" }
}

/// The time of whatever a document says: the day it was published, where that is known.
fn time(document: &Document) -> Option<TimeSpan> {
    document.published.as_ref()?.parse().ok()
}

/// `mentions`: one feature for each mention that is drawn.
pub fn mentions(documents: &[&ReadDocument]) -> Vec<Feature> {
    documents
        .iter()
        .flat_map(|read| {
            let mut attributed = Attributed::new(&read.parse);
            let mentions = read.parse.mentions.iter();
            mentions.filter_map(move |mention| {
                // Names of the title come after those of the text.
                let attribution = match mention.part {
                    Part::Text => attributed.at(mention.offsets.byte[0]),
                    Part::Title => None,
                };
                mention_feature(read, mention, attribution)
            })
        })
        .collect()
}

fn mention_feature(read: &ReadDocument, mention: &Mention, attribution: Option<&Attribution>) -> Option<Feature> {
    let place = mention.place.as_ref().filter(|_| mention.is_drawn())?;
    let document = &read.document;
    let byte = mention.offsets.byte[0];
    let quote = match mention.part {
        Part::Text => {
            let sentence = sentence_at(&document.text, byte);
            &document.text[sentence.start..sentence.end]
        }
        Part::Title => document.title.as_str(),
    };
    let mut properties = named(
        &place.name,
        properties([
            ("document", json!(document.id)),
            ("mention", json!(mention.id)),
            ("text", json!(mention.text)),
            ("quote", json!(quote)),
            ("start", json!(mention.start)),
            ("end", json!(mention.end)),
            ("reading", json!(mention.reading)),
            ("place", json!(place.id)),
            ("level", json!(place.level)),
            ("confidence", json!(mention.confidence)),
            ("precision", json!(mention.precision)),
            ("trigger", json!(mention.trigger)),
            ("speaker", speaker(attribution)),
            ("status", json!(status(attribution))),
            ("published", json!(document.published)),
        ]),
    );
    properties.insert("in".to_owned(), json!(mention.part));
    let geometry = Geometry::Point(Point::from(place.point));
    let mut feature = Feature::new(format!("{}-{}", document.id, mention.id), Some(geometry), properties);
    feature.time = time(document);
    Some(feature)
}

/// The day of a document, where it has one: `by_day` counts days, whatever the time of day.
fn day(document: &Document) -> Option<&str> {
    document.published.as_deref().map(|time| time.get(..10).unwrap_or(time))
}

/// Drawn mentions counted by place and day. It is as large as there are places and days, however many documents there are,
/// and takes a document in or out at the cost of that document.
#[derive(Clone, Debug, Default)]
pub struct PlaceCounts {
    places: BTreeMap<String, PlaceCount>,
}

#[derive(Clone, Debug)]
struct PlaceCount {
    place: Arc<MentionPlace>,
    mentions: u64,
    documents: u64,
    by_day: BTreeMap<String, u64>,
}

impl PlaceCounts {
    /// The counts of some documents.
    pub fn of<'d>(documents: impl IntoIterator<Item = &'d ReadDocument>) -> Self {
        let mut counts = Self::default();
        documents.into_iter().for_each(|read| counts.add(read));
        counts
    }

    /// Takes counts in; undated documents count under no day.
    pub fn count(&mut self, place: &Arc<MentionPlace>, day: Option<&str>, mentions: u64, documents: u64) {
        let count = self.places.entry(place.id.clone()).or_insert_with(|| PlaceCount {
            place: Arc::clone(place),
            mentions: 0,
            documents: 0,
            by_day: BTreeMap::new(),
        });
        count.mentions += mentions;
        count.documents += documents;
        if let Some(day) = day {
            match count.by_day.get_mut(day) {
                Some(counted) => *counted += mentions,
                None => {
                    count.by_day.insert(day.to_owned(), mentions);
                }
            }
        }
    }

    /// Takes a document in.
    pub fn add(&mut self, read: &ReadDocument) {
        for (place, mentions) in drawn(read) {
            self.count(&Arc::new(place.clone()), day(&read.document), mentions, 1);
        }
    }

    /// Takes a document out that was taken in as it is given.
    pub fn remove(&mut self, read: &ReadDocument) {
        for (place, mentions) in drawn(read) {
            let Some(count) = self.places.get_mut(&place.id) else {
                continue;
            };
            count.mentions = count.mentions.saturating_sub(mentions);
            count.documents = count.documents.saturating_sub(1);
            if let Some(day) = day(&read.document)
                && let Some(counted) = count.by_day.get_mut(day)
            {
                *counted = counted.saturating_sub(mentions);
                if *counted == 0 {
                    count.by_day.remove(day);
                }
            }
            if count.mentions == 0 {
                self.places.remove(&place.id);
            }
        }
    }

    /// All drawn mentions.
    pub fn mentions(&self) -> u64 {
        self.places.values().map(|count| count.mentions).sum()
    }

    /// Drawn mentions of one place.
    pub fn mentions_of(&self, place: &str) -> u64 {
        self.places.get(place).map_or(0, |count| count.mentions)
    }

    /// What is known of all drawn mentions, for layers that hold only the newest.
    pub fn all(&self) -> Partial {
        let first = self
            .places
            .values()
            .filter_map(|count| count.by_day.keys().next())
            .min();
        let last = self
            .places
            .values()
            .filter_map(|count| count.by_day.keys().next_back())
            .max();
        let points = self.places.values().map(|count| count.place.point);
        Partial {
            total: Some(self.mentions()),
            bounds: points
                .map(|[lon, lat]| Bounds([lon, lat, lon, lat]))
                .reduce(Bounds::union),
            time: first
                .zip(last)
                .and_then(|(first, last)| TimeSpan::between(Some(first), Some(last)).ok()),
        }
    }

    /// `mention_places`: one feature for each place, with its counts by day. A place is as sure as its surest mention in the
    /// documents that are at hand.
    pub fn features(&self, at_hand: &[&ReadDocument]) -> Vec<Feature> {
        let mut surest: BTreeMap<&str, f64> = BTreeMap::new();
        for mention in at_hand
            .iter()
            .flat_map(|read| &read.parse.mentions)
            .filter(|mention| mention.is_drawn())
        {
            if let Some(place) = &mention.place {
                let known = surest.entry(&place.id).or_default();
                *known = known.max(mention.confidence);
            }
        }
        let all = self.places.iter();
        all.map(|(id, count)| place_feature(count, surest.get(id.as_str()).copied()))
            .collect()
    }
}

/// The places of a document that are drawn, each once, with the number of their mentions.
fn drawn(read: &ReadDocument) -> impl Iterator<Item = (&MentionPlace, u64)> {
    let mut places: BTreeMap<&str, (&MentionPlace, u64)> = BTreeMap::new();
    for mention in read.parse.mentions.iter().filter(|mention| mention.is_drawn()) {
        if let Some(place) = &mention.place {
            places.entry(&place.id).or_insert((&**place, 0)).1 += 1;
        }
    }
    places.into_values()
}

fn place_feature(count: &PlaceCount, surest: Option<f64>) -> Feature {
    let place = &count.place;
    let first = count.by_day.keys().next();
    let last = count.by_day.keys().next_back();
    let properties = named(
        &place.name,
        properties([
            ("place", json!(place.id)),
            ("level", json!(place.level)),
            ("precision", json!(Precision::from(place.level))),
            ("count", json!(count.mentions)),
            ("confidence", json!(surest)),
            ("documents", json!(count.documents)),
            ("first", json!(first)),
            ("last", json!(last)),
            ("by_day", json!(count.by_day)),
        ]),
    );
    let mut feature = Feature::new(
        place.id.clone(),
        Some(Geometry::Point(Point::from(place.point))),
        properties,
    );
    feature.time = first
        .zip(last)
        .and_then(|(first, last)| TimeSpan::between(Some(first), Some(last)).ok());
    feature
}

/// `claims`: one feature for each claim, at the places that it names; without a geometry where it names none.
///
/// `point` gives the label point of a place, for claims about a region whose units the text does not name.
pub fn claims(documents: &[&ReadDocument], point: impl Fn(&str) -> Option<[f64; 2]>) -> Vec<Feature> {
    documents
        .iter()
        .flat_map(|read| read.parse.claims.iter().map(|claim| claim_feature(read, claim, &point)))
        .collect()
}

fn claim_feature(read: &ReadDocument, claim: &Claim, point: &impl Fn(&str) -> Option<[f64; 2]>) -> Feature {
    let document = &read.document;
    let attribution = claim.attribution.as_deref().and_then(|id| read.parse.attribution(id));
    let mentions = claim
        .mentions
        .iter()
        .filter_map(|id| read.parse.mention(id))
        .filter(|mention| mention.is_drawn());
    let points: Vec<Point> = match claim.precision {
        Some(_) => claim
            .places
            .iter()
            .filter_map(|id| point(id))
            .map(Point::from)
            .collect(),
        None => mentions
            .filter_map(|mention| mention.place.as_ref())
            .map(|place| Point::from(place.point))
            .collect(),
    };
    let quantities: Vec<Value> = read
        .parse
        .quantities_of(claim)
        .into_iter()
        .map(|quantity| {
            json!({
                "value": quantity.value, "unit": quantity.unit, "role": quantity.role, "bound": quantity.bound,
                "approximate": quantity.approximate, "text": quantity.words.text,
            })
        })
        .collect();
    let name = Trilingual::default();
    let properties = named(
        &name,
        properties([
            ("document", json!(document.id)),
            ("type", json!(claim.kind)),
            ("status", json!(claim.status)),
            ("quote", json!(claim.evidence.text)),
            ("start", json!(claim.evidence.start)),
            ("end", json!(claim.evidence.end)),
            ("speaker", speaker(attribution)),
            ("verb", json!(attribution.map(|attribution| &attribution.verb.text))),
            ("stance", json!(attribution.map(|attribution| attribution.stance))),
            ("places", json!(claim.places)),
            ("precision", json!(claim.precision)),
            ("quantities", json!(quantities)),
            ("published", json!(document.published)),
        ]),
    );
    let geometry = (!points.is_empty()).then_some(Geometry::MultiPoint(MultiPoint(points)));
    let mut feature = Feature::new(format!("{}-{}", document.id, claim.id), geometry, properties);
    feature.time = time(document);
    feature
}

/// `coordination_axes`: the units that documents name as axes, one feature a claim and place.
///
/// `boundary` gives a unit's geometry; a place without a boundary makes no feature.
pub fn coordination_axes(
    documents: &[&ReadDocument],
    boundary: impl Fn(&str) -> Option<Arc<Geometry<f64>>>,
) -> Vec<Feature> {
    let mut features = Vec::new();
    for read in documents {
        for claim in read
            .parse
            .claims
            .iter()
            .filter(|claim| claim.kind == ClaimType::CoordinationAxis)
        {
            let attribution = claim.attribution.as_deref().and_then(|id| read.parse.attribution(id));
            let mut seen = FxHashSet::default();
            for place in claim
                .mentions
                .iter()
                .filter_map(|id| read.parse.mention(id)?.place.as_ref())
            {
                if !seen.insert(&place.id) {
                    continue;
                }
                let Some(area) = boundary(&place.id) else { continue };
                let properties = named(
                    &place.name,
                    properties([
                        ("document", json!(read.document.id)),
                        ("claim", json!(claim.id)),
                        ("place", json!(place.id)),
                        ("quote", json!(claim.evidence.text)),
                        ("speaker", speaker(attribution)),
                        ("status", json!(claim.status)),
                    ]),
                );
                let id = format!("{}-{}-{}", read.document.id, claim.id, place.id);
                let mut feature = Feature::new(id, None, properties);
                feature.geometry = Some(area);
                feature.time = time(&read.document);
                features.push(feature);
            }
        }
    }
    features
}

/// `documents`: one feature a document, without geometry.
pub fn documents(documents: &[&ReadDocument]) -> Vec<Feature> {
    documents
        .iter()
        .map(|read| {
            let document = &read.document;
            let properties = properties([
                ("title", json!(document.title)),
                ("language", json!(document.language)),
                ("source_url", json!(document.source_url)),
                ("publisher", json!(document.publisher)),
                ("published", json!(document.published)),
                ("mentions", json!(read.parse.mentions.len())),
                ("claims", json!(read.parse.claims.len())),
            ]);
            let mut feature = Feature::new(document.id.clone(), None, properties);
            feature.time = time(document);
            feature
        })
        .collect()
}

/// The drawn mentions of one text as a GeoJSON FeatureCollection.
pub fn collection(document: &Document, parse: &Parse) -> geojson::FeatureCollection {
    let read = ReadDocument {
        document: document.clone(),
        parse: parse.clone(),
    };
    let features = mentions(&[&read]).into_iter().map(|feature| geojson::Feature {
        id: Some(geojson::feature::Id::String(feature.id.clone())),
        geometry: feature.geometry.as_deref().map(geojson::Geometry::from),
        properties: Some(feature.properties),
        bbox: None,
        foreign_members: None,
    });
    geojson::FeatureCollection {
        bbox: None,
        features: features.collect(),
        foreign_members: None,
    }
}
