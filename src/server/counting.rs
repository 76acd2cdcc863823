//! Numbers: layers that are sums over a period, histograms and facets. All of them come from the counts of the store, or of
//! the documents in memory; none reads documents.

use super::{
    archive, operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared, is_ruled},
    respond::Answer,
    selection::{self, SelectedPage, Selection},
    state::{App, Snapshot},
    work::{self, Task, WorkKind},
};
use crate::{
    geoparse::ClaimType,
    layers::{
        CountKey, CountTable, Counts, Days, Dimension, EVER, Feature, Layer, LayerKind, PlaceCounts, PlaceSummary,
        Properties, ReadDocument, Step, UNDATED, Units, day_of,
    },
    store::{SeriesQuery, Store, StoreError, SumsBy, TotalsQuery},
    tiles::LayerTiles,
};
use axum::{extract::State, response::Response};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Ready layers of periods that are kept.
const KEPT: usize = 24;
/// The most facets of one kind in an answer.
const FACETS: usize = 100;

/// Makes layers of sums.
pub trait CountService: Send + Sync {
    /// The units that contain each place.
    fn units(&self) -> &Units;
    /// Places with their totals as a layer.
    fn places(&self, totals: &[PlaceSummary], at_hand: &[&ReadDocument]) -> Option<Layer>;
    /// The units of a worldview with their totals as a layer, zeros included; `kind` and `speaker` as they were asked for.
    fn unit_layer(&self, worldview: &str, totals: &FxHashMap<String, Counts>, said: [&str; 2]) -> Option<Layer>;
}

/// Cached data of the count endpoints.
#[derive(Default)]
pub struct Counting {
    service: OnceLock<Arc<dyn CountService>>,
    ready: OnceLock<quick_cache::sync::Cache<LayerKey, Arc<LayerTiles>>>,
    /// The counts of the documents in memory, with the epoch that they are of.
    memory: Mutex<Option<(u64, Arc<CountTable>)>>,
}

impl fmt::Debug for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counting")
    }
}

/// A layer that was made: which, of which state, and of what.
#[derive(Clone, PartialEq, Eq, Hash)]
struct LayerKey {
    layer: String,
    worldview: String,
    revision: u64,
    days: Option<Days>,
    kind: String,
    speaker: String,
    is_ruled: bool,
}

impl Counting {
    /// Layers of sums are made by this; the first call counts.
    pub fn set(&self, service: Arc<dyn CountService>) {
        let _ = self.service.set(service);
    }
}

/// Source of the counts.
enum Source<'a> {
    Store(&'a dyn Store),
    Memory(Arc<CountTable>),
}

impl<'a> Source<'a> {
    fn of(app: &'a App, snapshot: &Snapshot) -> Result<Self, Problem> {
        if let Some(library) = app.library() {
            return library.counts().map(Self::Store).ok_or_else(Problem::store_not_open);
        }
        let counting = &app.counting;
        let epoch = app.epoch();
        let mut memory = counting.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, table)) = memory.as_ref().filter(|(of, _)| *of == epoch) {
            return Ok(Self::Memory(Arc::clone(table)));
        }
        let none = Units::default();
        let units = counting.service.get().map_or(&none, |service| service.units());
        let table = Arc::new(CountTable::of(snapshot.documents().iter().map(Arc::as_ref), units));
        *memory = Some((epoch, Arc::clone(&table)));
        Ok(Self::Memory(table))
    }

    fn totals(&self, query: &TotalsQuery) -> Result<Vec<(String, Counts)>, StoreError> {
        let table = match self {
            Self::Store(store) => return store.totals(query),
            Self::Memory(table) => table,
        };
        let periods = match query.days {
            None => vec![EVER.to_owned()],
            Some(days) => match table.days().and_then(|all| days.within(all)) {
                None => return Ok(Vec::new()),
                Some(days) => days.periods(),
            },
        };
        let key = CountKey {
            dimension: query.dimension,
            value: query.value.clone().unwrap_or_default(),
            kind: query.kind.clone(),
            speaker: query.speaker.clone(),
        };
        Ok(match query.by {
            SumsBy::Value => table.totals(query.dimension, &query.kind, &query.speaker, &periods),
            SumsBy::Kind => table.said(&key, false, &periods),
            SumsBy::Speaker => table.said(&key, true, &periods),
        })
    }

    fn series(&self, query: &SeriesQuery) -> Result<Vec<(String, Counts)>, StoreError> {
        let table = match self {
            Self::Store(store) => return store.series(query),
            Self::Memory(table) => table,
        };
        let values: Vec<&String> = match query.values.is_empty() {
            true => vec![&query.key.value],
            false => query.values.iter().collect(),
        };
        let span = query
            .days
            .map(|days| [days.first, days.last].map(|day| day.to_string()));
        let is_in = |period: &str| {
            let cut = |day: &str| day.get(..query.letters).unwrap_or_default().to_owned();
            span.as_ref()
                .is_none_or(|[first, last]| *period >= *cut(first) && *period <= *cut(last))
        };
        let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
        for value in values {
            let key = CountKey {
                value: value.clone(),
                ..query.key.clone()
            };
            for (period, counts) in table.series(&key) {
                if period.len() == query.letters && is_in(period) {
                    *sums.entry(period.to_owned()).or_default() += counts;
                }
            }
        }
        Ok(sums.into_iter().collect())
    }

    fn days(&self) -> Result<Option<Days>, StoreError> {
        match self {
            Self::Store(store) => store.days(),
            Self::Memory(table) => Ok(table.days()),
        }
    }
}

/// The layer in place of one of sums, where a request asks for a period, a type of claim or a speaker; the layer itself
/// otherwise.
///
/// # Errors
/// If the store does not answer.
pub fn layer_for(
    app: &App,
    snapshot: &Snapshot,
    worldview: &str,
    tiles: &Arc<LayerTiles>,
    selection: &Selection,
    ruled: bool,
) -> Result<Arc<LayerTiles>, Problem> {
    let layer = tiles.layer();
    if !layer.kind.is_of_counts() {
        return Ok(Arc::clone(tiles));
    }
    let said = |name: &str| match layer.kind {
        LayerKind::UnitCounts => selection.text_equal(layer, name).unwrap_or_default(),
        _ => String::new(),
    };
    let (kind, speaker) = (said("type"), said("speaker"));
    let time = selection.time();
    if time.is_none() && kind.is_empty() && speaker.is_empty() {
        return Ok(Arc::clone(tiles));
    }
    let days = time.map(|time| {
        // A time before or after all days has none.
        let empty = Days {
            first: jiff::civil::date(9999, 12, 31),
            last: jiff::civil::date(0, 1, 1),
        };
        Days::meeting(time).unwrap_or(empty)
    });
    let Some(service) = app.counting.service.get() else {
        return Ok(Arc::clone(tiles));
    };
    let key = LayerKey {
        layer: layer.id.clone(),
        worldview: worldview.to_owned(),
        revision: archive::revision(app, layer),
        days,
        kind,
        speaker,
        is_ruled: ruled,
    };
    let ready = app.counting.ready.get_or_init(|| quick_cache::sync::Cache::new(KEPT));
    if let Some(ready) = ready.get(&key) {
        return Ok(ready);
    }
    let source = Source::of(app, snapshot)?;
    let made = match layer.kind {
        LayerKind::MentionPlaces => {
            let documents: Vec<&ReadDocument> = snapshot.documents().iter().map(Arc::as_ref).collect();
            let totals = place_summaries(&source, &documents, ruled, days)?;
            service.places(&totals, &documents).map(LayerTiles::of)
        }
        _ => {
            let totals = source.totals(&TotalsQuery {
                kind: key.kind.clone(),
                speaker: key.speaker.clone(),
                days,
                ruled,
                ..TotalsQuery::of(Dimension::Unit)
            })?;
            let totals: FxHashMap<String, Counts> = totals.into_iter().collect();
            let made = service.unit_layer(worldview, &totals, [&key.kind, &key.speaker]);
            // The shapes do not depend on the counts.
            made.map(|layer| LayerTiles::with_shapes_of(Arc::new(layer), tiles))
        }
    };
    let Some(made) = made else { return Ok(Arc::clone(tiles)) };
    let made = Arc::new(made);
    ready.insert(key, Arc::clone(&made));
    Ok(made)
}

fn place_summaries(
    source: &Source<'_>,
    documents: &[&ReadDocument],
    ruled: bool,
    days: Option<Days>,
) -> Result<Vec<PlaceSummary>, StoreError> {
    if let Source::Store(store) = source {
        let totals = store.place_totals(ruled, days)?.into_iter();
        return Ok(totals.map(summary).collect());
    }
    let ever = PlaceCounts::of(documents.iter().copied()).summaries();
    let Some(days) = days else { return Ok(ever) };
    let span = [days.first, days.last].map(|day| day.to_string());
    let within = documents.iter().copied().filter(|read| {
        let day = day_of(read.document.published.as_deref());
        day.is_some_and(|day| *day >= *span[0] && *day <= *span[1])
    });
    let within = PlaceCounts::of(within).summaries().into_iter();
    let within: FxHashMap<String, PlaceSummary> = within.map(|one| (one.place.id.clone(), one)).collect();
    let places = ever
        .into_iter()
        .filter_map(|ever| match (&ever.first, within.get(&ever.place.id)) {
            // Rows without a date are in no period.
            (None, _) | (Some(_), None) => None,
            (Some(_), Some(one)) => Some(PlaceSummary {
                mentions: one.mentions,
                documents: one.documents,
                ..ever
            }),
        });
    Ok(places.collect())
}

/// A place as a store counts it.
fn summary(total: crate::store::PlaceTotal) -> PlaceSummary {
    let number = |number: i64| number.max(0).unsigned_abs();
    PlaceSummary {
        place: total.place,
        mentions: number(total.counts.mentions),
        documents: number(total.counts.documents),
        first: total.days.map(|days| days.first.to_string()),
        last: total.days.map(|days| days.last.to_string()),
    }
}

/// The units that contain each place; none where nothing is counted.
pub fn units_of(app: &App) -> &Units {
    static NONE: OnceLock<Units> = OnceLock::new();
    match app.counting.service.get() {
        Some(service) => service.units(),
        None => NONE.get_or_init(Units::default),
    }
}

/// Reading the counts.
const COUNTED: Task = Task {
    kind: WorkKind::Document,
    cost: 5_000,
};

/// The type of claim that is asked for.
///
/// # Errors
/// 400 for one that is not known.
pub fn kind_asked(query: &Query<'_>) -> Result<Option<String>, Problem> {
    let Some(kind) = query.text(&p::SAID_TYPE) else {
        return Ok(None);
    };
    if ClaimType::named(kind).is_none() {
        let known: Vec<&str> = ClaimType::ALL.iter().map(|(_, name)| *name).collect();
        return Err(Problem::parameter(
            p::SAID_TYPE.name,
            format!(
                "type does not take {:?}; it takes one of {}",
                echo(kind),
                known.join(", ")
            ),
        ));
    }
    Ok(Some(kind.to_owned()))
}

/// Parsed parameters of a query for counts.
struct Narrowed {
    days: Option<Days>,
    key: CountKey,
    /// Several places together.
    values: Vec<String>,
    is_ruled: bool,
}

impl Narrowed {
    fn read(app: &App, query: &Query<'_>) -> Result<Self, Problem> {
        let time = query.text(&p::DATETIME).map(selection::datetime).transpose()?;
        let empty = Days {
            first: jiff::civil::date(9999, 12, 31),
            last: jiff::civil::date(0, 1, 1),
        };
        let said = |parameter| query.text(parameter).unwrap_or_default().to_owned();
        let mut key = CountKey {
            dimension: Dimension::All,
            value: String::new(),
            kind: kind_asked(query)?.unwrap_or_default(),
            speaker: crate::layers::cut(&said(&p::SPEAKER)).to_owned(),
        };
        let dimensions = [
            (&p::IN_PLACE, Dimension::Place),
            (&p::IN_UNIT, Dimension::Unit),
            (&p::OF_LANGUAGE, Dimension::Language),
            (&p::OF_PUBLISHER, Dimension::Publisher),
        ];
        let mut given: Option<&str> = None;
        for (parameter, dimension) in dimensions {
            let Some(value) = query.text(parameter) else { continue };
            if let Some(other) = given {
                return Err(Problem::parameter(
                    parameter.name,
                    format!("{} and {other} are counted apart; give one of them", parameter.name),
                ));
            }
            given = Some(parameter.name);
            (key.dimension, key.value) = (dimension, crate::layers::cut(value).to_owned());
        }
        let is_of_document = matches!(key.dimension, Dimension::Language | Dimension::Publisher);
        if is_of_document && !(key.kind.is_empty() && key.speaker.is_empty()) {
            return Err(Problem::parameter(
                given.unwrap_or_default(),
                format!(
                    "{} is not counted together with type or speaker",
                    given.unwrap_or_default()
                ),
            ));
        }
        let mut values = Vec::new();
        if let Some(text) = query.text(&p::BBOX) {
            if let Some(other) = given {
                return Err(Problem::parameter(
                    p::BBOX.name,
                    format!("bbox and {other} are counted apart; give one of them"),
                ));
            }
            let boxes = selection::bbox(text, super::crs::Crs::Crs84)?;
            let snapshot = app.snapshot();
            let layer = snapshot
                .default_view()
                .layer(LayerKind::MentionPlaces.id())
                .map(|tiles| tiles.layer());
            let inside = layer.into_iter().flat_map(|layer| {
                let found = boxes.iter().flat_map(|bounds| layer.within(*bounds));
                found.map(|index| layer.at(index).id().to_owned())
            });
            values = inside.collect();
            values.sort_unstable();
            values.dedup();
            key.dimension = Dimension::Place;
            if values.is_empty() {
                // No place has an empty id.
                values.push(String::new());
            }
        }
        Ok(Self {
            days: time.map(|time| Days::meeting(time).unwrap_or(empty)),
            key,
            values,
            is_ruled: is_ruled(query),
        })
    }
}

/// `/histogram`
pub async fn histogram(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    archive::blocking(&app, COUNTED, move |app| histogram_of(app, &ask)).await
}

fn histogram_of(app: &App, ask: &RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::HISTOGRAM)?;
    let step = query.text(&p::STEP).and_then(Step::named).unwrap_or(Step::Day);
    let layer = query.text(&p::COUNTED_LAYER).unwrap_or("mentions");
    let counted = LayerKind::of(layer);
    let narrowed = Narrowed::read(app, &query)?;
    let is_places = !narrowed.values.is_empty();
    if is_places && !matches!(counted, LayerKind::Mentions | LayerKind::MentionPlaces) {
        return Err(Problem::parameter(
            p::BBOX.name,
            format!(
                "bbox is taken for mentions only: {} at several places would count more than once; give unit or place",
                echo(layer)
            ),
        ));
    }
    let snapshot = app.snapshot();
    let source = Source::of(app, &snapshot)?;
    // Months and years that are cut by the period are put together from days.
    let is_whole = narrowed.days.is_none_or(|days| {
        days.first.day() == 1
            && days.last == days.last.last_of_month()
            && (step != Step::Year || (days.first.month() == 1 && days.last.month() == 12))
    });
    let series = source.series(&SeriesQuery {
        key: narrowed.key.clone(),
        values: narrowed.values.clone(),
        letters: if is_whole { step.letters() } else { 10 },
        days: narrowed.days,
        ruled: narrowed.is_ruled,
    })?;
    let mut bins: BTreeMap<String, Counts> = BTreeMap::new();
    for (period, counts) in series {
        let bin = match is_whole || step == Step::Week {
            true => step.of(&period),
            false => period.get(..step.letters()).map(str::to_owned),
        };
        if let Some(bin) = bin {
            *bins.entry(bin).or_default() += counts;
        }
    }
    let count = |counts: Counts| match counted {
        LayerKind::Documents => counts.documents,
        LayerKind::Claims => counts.claims,
        _ if layer == "killed" => counts.killed,
        _ => counts.mentions,
    };
    // Only a question without a period means documents without a date too.
    let undated = match narrowed.days {
        Some(_) => 0,
        None => count(undated(&source, &narrowed)?),
    };
    let days = source.days()?;
    let total: i64 = bins.values().map(|counts| count(*counts)).sum();
    let listed: Vec<Value> = bins
        .iter()
        .filter(|(_, counts)| count(**counts) != 0)
        .map(|(start, counts)| json!({"start": start, "count": count(*counts)}))
        .collect();
    let value = json!({
        "layer": layer,
        "by": query.text(&p::STEP).unwrap_or("day"),
        "bins": listed,
        "total": total,
        "undated": undated,
        "first": days.map(|days| days.first.to_string()),
        "last": days.map(|days| days.last.to_string()),
    });
    Ok(Answer::json(&value).send_from(app, &ask.headers))
}

/// Counts of documents without a date.
fn undated(source: &Source<'_>, narrowed: &Narrowed) -> Result<Counts, StoreError> {
    // A period without letters is that of documents without a date.
    let series = source.series(&SeriesQuery {
        key: narrowed.key.clone(),
        values: narrowed.values.clone(),
        letters: UNDATED.len(),
        days: None,
        ruled: narrowed.is_ruled,
    })?;
    Ok(series.first().map_or_else(Counts::default, |(_, counts)| *counts))
}

/// `/facets`
pub async fn facets(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    archive::blocking(&app, COUNTED, move |app| facets_of(app, &ask)).await
}

fn facets_of(app: &App, ask: &RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::FACETS_OF)?;
    let narrowed = Narrowed::read(app, &query)?;
    let facets = match query.list(&p::FACETS) {
        Some(list) => facets_in(app, &narrowed, &list.collect::<Vec<_>>(), true)?,
        None => facets_in(app, &narrowed, &["publisher", "language", "type", "speaker"], false)?,
    };
    let value = json!({"facets": facets});
    Ok(Answer::json(&value).send_from(app, &ask.headers))
}

/// Facets for the list of documents, where its filters are ones that counts are kept for.
///
/// # Errors
/// 400 for filters that are not counted together.
pub fn facets_for(app: &App, query: &Query<'_>, wanted: &[&str]) -> Result<Value, Problem> {
    facets_in(app, &Narrowed::read(app, query)?, wanted, true)
}

/// The facets. Those that are not counted with the filters are refused if they were `asked` for, and left out otherwise.
fn facets_in(app: &App, narrowed: &Narrowed, wanted: &[&str], asked: bool) -> Result<Value, Problem> {
    let snapshot = app.snapshot();
    let source = Source::of(app, &snapshot)?;
    let mut facets = serde_json::Map::new();
    for name in wanted {
        let (dimension, by) = match *name {
            "language" => (Dimension::Language, SumsBy::Value),
            "publisher" => (Dimension::Publisher, SumsBy::Value),
            "place" => (Dimension::Place, SumsBy::Value),
            "unit" => (Dimension::Unit, SumsBy::Value),
            "type" => (narrowed.key.dimension, SumsBy::Kind),
            "speaker" => (narrowed.key.dimension, SumsBy::Speaker),
            other => {
                return Err(Problem::parameter(
                    p::FACETS.name,
                    format!(
                        "facets does not take {:?}; it takes language, publisher, place, unit, type, speaker",
                        echo(other)
                    ),
                ));
            }
        };
        let is_said = by != SumsBy::Value;
        let narrows = !narrowed.key.kind.is_empty() || !narrowed.key.speaker.is_empty();
        let is_counted = match dimension {
            Dimension::Language | Dimension::Publisher => {
                !is_said && !narrows && narrowed.key.dimension == Dimension::All
            }
            _ if is_said => true,
            _ => narrowed.key.dimension == Dimension::All,
        };
        if !is_counted || !narrowed.values.is_empty() {
            if !asked {
                continue;
            }
            return Err(Problem::parameter(
                p::FACETS.name,
                format!(
                    "{name} is not counted together with these filters; it is with datetime{}",
                    if is_said { ", place, unit, type and speaker" } else { "" }
                ),
            ));
        }
        let mut totals = source.totals(&TotalsQuery {
            dimension,
            value: is_said.then(|| narrowed.key.value.clone()),
            kind: if by == SumsBy::Kind {
                String::new()
            } else {
                narrowed.key.kind.clone()
            },
            speaker: if by == SumsBy::Speaker {
                String::new()
            } else {
                narrowed.key.speaker.clone()
            },
            by,
            days: narrowed.days,
            ruled: narrowed.is_ruled,
        })?;
        totals.sort_by(|(a, one), (b, other)| other.documents.cmp(&one.documents).then_with(|| a.cmp(b)));
        let more = totals.len().saturating_sub(FACETS);
        let list = totals.iter().take(FACETS).map(|(value, counts)| {
            json!({"value": value, "documents": counts.documents, "mentions": counts.mentions, "claims": counts.claims})
        });
        let list: Vec<Value> = list.collect();
        facets.insert((*name).to_owned(), json!({"values": list, "more": more}));
    }
    Ok(Value::Object(facets))
}

/// The position of the field of counts by day, where a request names it.
pub fn days_field(layer: &Layer, fields: &[usize]) -> Option<usize> {
    let field = layer
        .field("by_day")
        .filter(|_| layer.kind == LayerKind::MentionPlaces)?;
    fields.contains(&field).then_some(field)
}

/// The features of a page with their counts by day.
///
/// # Errors
/// If the store does not answer.
pub fn with_days(
    app: &App,
    snapshot: &Snapshot,
    layer: &Layer,
    found: &SelectedPage,
    selection: &Selection,
    ruled: bool,
) -> Result<Layer, Problem> {
    let source = Source::of(app, snapshot)?;
    let mut features = Vec::with_capacity(found.indexes.len());
    for &index in &found.indexes {
        work::check()?;
        let feature = layer.at(index);
        let mut properties: Properties = Properties::new();
        for (field, column) in layer.fields.iter().zip(layer.columns()) {
            let value = column.get(index).to_json();
            if !value.is_null() {
                properties.insert(field.name.clone(), value);
            }
        }
        properties.insert("by_day".to_owned(), by_day(&source, feature.id(), selection, ruled)?);
        let geometry = feature.geometry().map(std::borrow::Cow::into_owned);
        let mut dated = Feature::new(feature.id(), geometry, properties);
        dated.time = feature.time();
        features.push(dated);
    }
    let made = Layer::new(
        &layer.id,
        layer.title.clone(),
        layer.description.clone(),
        &layer.attribution,
        layer.geometry,
        layer.fields.clone(),
        layer.zooms,
        features,
    );
    Ok(made)
}

/// The counts by day of a place.
fn by_day(source: &Source<'_>, place: &str, selection: &Selection, ruled: bool) -> Result<Value, StoreError> {
    let series = source.series(&SeriesQuery {
        key: CountKey::new(Dimension::Place, place),
        values: Vec::new(),
        letters: 10,
        days: selection.time().and_then(Days::meeting),
        ruled,
    })?;
    let days = series.into_iter().filter(|(_, counts)| counts.mentions > 0);
    Ok(days.map(|(day, counts)| (day, Value::from(counts.mentions))).collect())
}
