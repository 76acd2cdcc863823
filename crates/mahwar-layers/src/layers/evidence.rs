//! Layers made from documents: mentions, places mentioned, claims, coordination axes, the documents themselves.

use super::{Bounds, Feature, Holders, Partial, Properties, TimeSpan};
use crate::{
    document::Document,
    geoparse::{
        Attribution, Claim, ClaimKind, ClaimParty, ClaimType, Mention, MentionPlace, Parse, Part, Precision, Time,
    },
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

/// A document with its parse.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    /// The text and its description.
    pub document: Document,
    /// Result of the geoparser.
    pub parse: Parse,
}

/// Finds the attribution that a position is in: of several, the last in the list, which is the innermost. Positions
/// must be passed in ascending order; then all of them together take one pass over the attributions.
pub(super) struct Attributed<'r> {
    /// By the start of their words.
    ahead: std::iter::Peekable<std::vec::IntoIter<(usize, usize)>>,
    /// Numbers of those that have begun.
    begun: BinaryHeap<usize>,
    attributions: &'r [Attribution],
}

impl<'r> Attributed<'r> {
    pub(super) fn new(parse: &'r Parse) -> Self {
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

    pub(super) fn at(&mut self, byte: usize) -> Option<&'r Attribution> {
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

/// Properties together with the time of the event, as written in the text.
fn with_time(mut properties: Properties, time: Option<&Time>) -> Properties {
    let day = |day: Option<jiff::civil::Date>| json!(day.map(|day| day.to_string()));
    properties.insert("time".to_owned(), json!(time.map(|time| &time.words.text)));
    properties.insert("time_from".to_owned(), day(time.and_then(|time| time.from)));
    properties.insert("time_to".to_owned(), day(time.and_then(|time| time.to)));
    properties.insert("time_reason".to_owned(), json!(time.and_then(|time| time.unresolved)));
    properties
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

pub(super) fn speaker(attribution: Option<&Attribution>) -> Value {
    json!(
        attribution
            .and_then(|attribution| attribution.speaker.as_ref())
            .map(|speaker| &speaker.words.text)
    )
}

pub(super) fn status(attribution: Option<&Attribution>) -> &'static str {
    if attribution.is_some() { "claimed" } else { "reported" }
}

/// The time of a document's features: its day of publication, where known.
pub(super) fn time(document: &Document) -> Option<TimeSpan> {
    document.published.as_ref()?.parse().ok()
}

/// `mentions`: one feature for each mention that is drawn.
pub fn mentions<'r>(documents: &'r [&'r ReadDocument], coding: Coding<'r>) -> impl Iterator<Item = Feature> + 'r {
    documents.iter().flat_map(move |read| {
        let mut attributed = Attributed::new(&read.parse);
        // Those that analysts added are at the end.
        let mut mentions: Vec<&Mention> = read.parse.mentions.iter().collect();
        if !mentions.is_sorted_by_key(|mention| mention.span()) {
            mentions.sort_by_key(|mention| mention.span());
        }
        mentions.into_iter().filter_map(move |mention| {
            // Mentions in the title follow those in the text.
            let attribution = match mention.part {
                Part::Text => attributed.at(mention.offsets.byte[0]),
                Part::Title => None,
            };
            mention_feature(read, mention, attribution, coding)
        })
    })
}

/// Properties together with those of their document.
fn with_document(mut properties: Properties, document: &Document) -> Properties {
    let described = [
        ("title", json!(document.title)),
        ("publisher", json!(document.publisher)),
        ("source_url", json!(document.source_url)),
        ("published", json!(document.published)),
        ("day", json!(day(document))),
    ];
    properties.extend(described.map(|(key, value)| (key.to_owned(), value)));
    properties
}

/// The parts of a document that its features quote: the title, the sentences of drawn mentions, the evidence of claims.
pub fn quoted_parts(read: &ReadDocument) -> Vec<&str> {
    let ReadDocument { document, parse } = read;
    let mentions = parse
        .mentions
        .iter()
        .filter(|mention| mention.is_drawn() && mention.part == Part::Text);
    let sentences = mentions.map(|mention| {
        let sentence = sentence_at(&document.text, mention.offsets.byte[0]);
        &document.text[sentence.start..sentence.end]
    });
    let evidence = parse.claims.iter().map(|claim| claim.evidence.text.as_str());
    let mut parts: Vec<&str> = [document.title.as_str()]
        .into_iter()
        .chain(sentences)
        .chain(evidence)
        .collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn mention_feature(
    read: &ReadDocument,
    mention: &Mention,
    attribution: Option<&Attribution>,
    coding: Coding<'_>,
) -> Option<Feature> {
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
    let properties = named(
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
            ("verb", json!(attribution.map(|attribution| &attribution.verb.text))),
            ("status", json!(status(attribution))),
        ]),
    );
    let mut properties = with_time(with_document(properties, document), mention.time.as_deref());
    coding.add_units(&mut properties, &[&place.id]);
    properties.insert("in".to_owned(), json!(mention.part));
    let geometry = Geometry::Point(Point::from(place.point));
    let mut feature = Feature::new(format!("{}-{}", document.id, mention.id), Some(geometry), properties);
    feature.time = time(document);
    Some(feature)
}

/// The day of a document, if it has one: `by_day` counts days, whatever the time of day.
fn day(document: &Document) -> Option<&str> {
    document.published.as_deref().map(|time| time.get(..10).unwrap_or(time))
}

/// Drawn mentions counted by place and day. Its size depends on the number of places and days, not of documents. Adding
/// or removing a document costs as much as that document alone.
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

    /// Adds counts; undated documents count under no day.
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

    /// Adds a document.
    pub fn add(&mut self, read: &ReadDocument) {
        for (place, mentions) in drawn(read) {
            self.count(&Arc::new(place.clone()), day(&read.document), mentions, 1);
        }
    }

    /// Subtracts a document that was added in the same state.
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

    /// Totals of each place, by id.
    pub fn summaries(&self) -> Vec<PlaceSummary> {
        let all = self.places.values().map(|count| PlaceSummary {
            place: Arc::clone(&count.place),
            mentions: count.mentions,
            documents: count.documents,
            first: count.by_day.keys().next().cloned(),
            last: count.by_day.keys().next_back().cloned(),
        });
        all.collect()
    }
}

/// A place with its totals in some time.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceSummary {
    /// The place.
    pub place: Arc<MentionPlace>,
    /// Mentions that are drawn.
    pub mentions: u64,
    /// Documents with such mentions.
    pub documents: u64,
    /// The first day with a mention, ever.
    pub first: Option<String>,
    /// The last day with a mention, ever.
    pub last: Option<String>,
}

/// Totals of all drawn mentions, for layers that hold only the newest.
pub fn all_mentions(places: &[PlaceSummary]) -> Partial {
    let first = places.iter().filter_map(|place| place.first.as_deref()).min();
    let last = places.iter().filter_map(|place| place.last.as_deref()).max();
    let points = places.iter().map(|place| place.place.point);
    Partial {
        total: Some(places.iter().map(|place| place.mentions).sum()),
        bounds: points
            .map(|[lon, lat]| Bounds([lon, lat, lon, lat]))
            .reduce(Bounds::union),
        time: first
            .zip(last)
            .and_then(|(first, last)| TimeSpan::between(Some(first), Some(last)).ok()),
    }
}

/// `mention_places`: one feature for each place, with its totals. Its confidence is the greatest of its mentions in the
/// documents `at_hand`.
pub fn mention_places(places: &[PlaceSummary], at_hand: &[&ReadDocument]) -> Vec<Feature> {
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
    let anchors = anchors(at_hand);
    let named = places.iter().map(|summary| {
        let id = summary.place.id.as_str();
        let described = anchors.get(id).map_or(0, |(_, described)| *described);
        place_feature(summary, surest.get(id).copied(), described)
    });
    // Places that only descriptions name.
    let known: FxHashSet<&str> = places.iter().map(|summary| summary.place.id.as_str()).collect();
    let only = anchors.iter().filter(|(id, _)| !known.contains(*id));
    let only = only.map(|(_, (place, described))| {
        let summary = PlaceSummary {
            place: Arc::clone(place),
            mentions: 0,
            documents: 0,
            first: None,
            last: None,
        };
        place_feature(&summary, None, *described)
    });
    named.chain(only).collect()
}

/// Places from which positions elsewhere are described, with the number of their mentions.
fn anchors<'r>(documents: &[&'r ReadDocument]) -> BTreeMap<&'r str, (&'r Arc<MentionPlace>, u64)> {
    let mut anchors: BTreeMap<&str, (&Arc<MentionPlace>, u64)> = BTreeMap::new();
    let mentions = documents.iter().flat_map(|read| &read.parse.mentions);
    for mention in mentions.filter(|mention| mention.is_at_home() && mention.is_anchor()) {
        if let Some(place) = &mention.place {
            anchors.entry(&place.id).or_insert((place, 0)).1 += 1;
        }
    }
    anchors
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

fn place_feature(summary: &PlaceSummary, surest: Option<f64>, described: u64) -> Feature {
    let place = &summary.place;
    let (first, last) = (summary.first.as_deref(), summary.last.as_deref());
    // Counts by day are omitted: their number has no limit; see `/histogram` and `properties=by_day`.
    let properties = named(
        &place.name,
        properties([
            ("place", json!(place.id)),
            ("level", json!(place.level)),
            ("precision", json!(Precision::from(place.level))),
            ("count", json!(summary.mentions)),
            ("described", json!(described)),
            ("confidence", json!(surest)),
            ("documents", json!(summary.documents)),
            ("first", json!(first)),
            ("last", json!(last)),
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
/// `point` returns the label point of a place, for claims about a region whose units the text does not name.
pub fn claims(documents: &[&ReadDocument], point: impl Fn(&str) -> Option<[f64; 2]>) -> Vec<Feature> {
    coded_claims(documents, point, Coding::default())
}

/// Context for the rows of claims, beyond their documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coding<'c> {
    /// The types of claims with their codes.
    pub kinds: &'c [ClaimKind],
    /// Versions of the program and of the land that made the rows.
    pub versions: Option<&'c str>,
    /// The units that contain places; without them rows have no units.
    pub holders: Option<Holders<'c>>,
}

impl Coding<'_> {
    /// Adds the units that contain the places.
    pub fn add_units(&self, properties: &mut Properties, places: &[&str]) {
        if let Some(holders) = self.holders {
            holders.add_to(properties, places);
        }
    }
}

/// As [`claims`], with the codes of the types of claims.
pub fn coded_claims(
    documents: &[&ReadDocument],
    point: impl Fn(&str) -> Option<[f64; 2]>,
    coding: Coding<'_>,
) -> Vec<Feature> {
    documents
        .iter()
        .flat_map(|read| {
            let claims = read.parse.claims.iter();
            claims.map(|claim| claim_feature(read, claim, &point, coding))
        })
        .collect()
}

/// Properties together with the parties of a claim and the codes of its type.
fn with_coding(mut properties: Properties, claim: &Claim, coding: Coding<'_>) -> Properties {
    let party = |party: Option<&ClaimParty>| json!(party.map(|party| &party.party));
    let words = |party: Option<&ClaimParty>| json!(party.map(|party| &party.words.text));
    let (actor, target) = (claim.actor.as_deref(), claim.target.as_deref());
    let kind = coding.kinds.iter().find(|kind| kind.id == claim.kind);
    let acled = |at: usize| json!(kind.and_then(|kind| kind.acled.as_ref()).map(|acled| &acled[at]));
    let coded = [
        ("actor", party(actor)),
        ("actor_text", words(actor)),
        ("target", party(target)),
        ("target_text", words(target)),
        ("acled_event_type", acled(0)),
        ("acled_sub_event_type", acled(1)),
        ("ucdp_type", json!(kind.and_then(|kind| kind.ucdp))),
        ("versions", json!(coding.versions)),
    ];
    properties.extend(coded.map(|(key, value)| (key.to_owned(), value)));
    properties
}

fn claim_feature(
    read: &ReadDocument,
    claim: &Claim,
    point: &impl Fn(&str) -> Option<[f64; 2]>,
    coding: Coding<'_>,
) -> Feature {
    let document = &read.document;
    let attribution = claim.attribution.as_deref().and_then(|id| read.parse.attribution(id));
    let mentions = claim
        .mentions
        .iter()
        .filter_map(|id| read.parse.mention(id))
        .filter(|mention| mention.is_drawn());
    let points: Vec<Point> = match (&claim.given, claim.precision) {
        (Some(given), _) => given.iter().map(|place| Point::from(place.point)).collect(),
        (None, Some(_)) => claim
            .places
            .iter()
            .filter_map(|id| point(id))
            .map(Point::from)
            .collect(),
        (None, None) => mentions
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
        ]),
    );
    let properties = with_time(with_document(properties, document), claim.time.as_deref());
    let mut properties = with_coding(properties, claim, coding);
    let places: Vec<&str> = claim.places.iter().map(String::as_str).collect();
    coding.add_units(&mut properties, &places);
    let geometry = (!points.is_empty()).then_some(Geometry::MultiPoint(MultiPoint(points)));
    let mut feature = Feature::new(format!("{}-{}", document.id, claim.id), geometry, properties);
    feature.time = time(document);
    feature
}

/// `coordination_axes`: the units that documents name as axes, one feature a claim and place.
///
/// `boundary` returns a unit's geometry; a place without a boundary makes no feature.
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
            let mentions = claim.mentions.iter();
            let of_mentions = mentions.filter_map(|id| read.parse.mention(id)?.place.as_ref());
            let places: Vec<&Arc<MentionPlace>> = match &claim.given {
                Some(given) => given.iter().collect(),
                None => of_mentions.collect(),
            };
            for place in places {
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

/// The drawn mentions and the described positions of one text as a GeoJSON FeatureCollection.
pub fn collection(document: &Document, parse: &Parse) -> geojson::FeatureCollection {
    let read = ReadDocument {
        document: document.clone(),
        parse: parse.clone(),
    };
    let read = [&read];
    let features = mentions(&read, Coding::default()).chain(super::positions::features(&read));
    let features = features.map(|feature| geojson::Feature {
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
