//! Selection of a layer's features by a request: bbox, datetime, filter, equality, order, page.

mod bounding_box;
mod equality;
mod period;
mod properties;
mod sort;

pub use bounding_box::bbox;
pub use period::datetime;
pub use properties::{chosen_fields, field_or_id};
pub use sort::SortKey;

use super::{
    FeatureQuery, QueryError,
    budget::{self, Budget},
    cql::Filter,
    crs::Crs,
    page_cursor::Position,
    parameter::Query,
    parameters as p,
};
use crate::{
    language::Language,
    layers::{Bounds, FeatureRef, GeometryKind, Layer, LayerKind, TimeSpan, ValueRef},
};
use bounding_box::meets;
use equality::{Value, wanted};
use properties::ID_FIELD;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use sort::{OwnedValue, sort, sorted};
use std::cmp::Ordering;

/// Features that a request selects.
///
/// ```
/// use mahwar_geoparse::language::{Language, Trilingual};
/// use mahwar_layers::layers::{Feature, Field, FieldType, GeometryKind, Layer};
/// use mahwar_query::query::{
///     QueryError,
///     crs::Crs,
///     parameter::Query,
///     parameters::{FILTER, SORTBY},
///     selection::Selection,
/// };
///
/// let town = |id: &str, population: u32| {
///     let mut properties = serde_json::Map::new();
///     properties.insert("population".to_owned(), population.into());
///     Feature::new(id, None, properties)
/// };
/// let layer = Layer::new(
///     "towns",
///     Trilingual::default(),
///     Trilingual::default(),
///     "",
///     GeometryKind::None,
///     vec![Field { name: "population".to_owned(), kind: FieldType::Integer, title: Trilingual::default() }],
///     [0, 14],
///     [town("a", 900), town("b", 20_000), town("c", 70_000)],
/// );
/// let query = Query::read(Some("filter=population%3E1000&sortby=-population"), &[&FILTER, &SORTBY])?;
/// let selection = Selection::read(&query, &layer, &[Crs::Crs84], Language::English)?;
/// let found = selection.select(&layer)?;
/// let ids: Vec<&str> = found.page(0, 10).map(|index| layer.at(index).id()).collect();
/// assert_eq!(ids, ["c", "b"]);
/// # Ok::<(), QueryError>(())
/// ```
#[derive(Debug, Default)]
pub struct Selection {
    bbox: SmallVec<[Bounds; 2]>,
    datetime: Option<TimeSpan>,
    /// `datetime` is compared with these fields: first and last day of the event.
    event: Option<(usize, usize)>,
    filter: Option<Filter>,
    equal: Vec<(usize, Value)>,
    /// The field of the confidence, and the least that is asked for.
    least: Option<(usize, f64)>,
    sort: Vec<(usize, bool)>,
    language: Language,
    /// Only features of these documents.
    documents: Option<FxHashSet<String>>,
    /// True if a feature without a time is in no period. Elsewhere it is in each, as OGC API – Features has it
    /// (17-069r4, requirement /req/core/fc-time-response).
    leaves_undated_out: bool,
}

/// The features that match, in order.
#[derive(Debug)]
pub enum Matched {
    /// All of the layer.
    All(u32),
    /// These.
    These(Vec<u32>),
}

impl Matched {
    /// Number of matches.
    pub fn count(&self) -> usize {
        match self {
            Self::All(count) => *count as usize,
            Self::These(list) => list.len(),
        }
    }

    /// The first of them, at most `limit`.
    pub fn first(self, limit: usize) -> Self {
        match self {
            Self::All(count) if count as usize <= limit => self,
            matched => Self::These(matched.page(0, limit).collect()),
        }
    }

    /// How many come before the end of this feature; `None` if it is none of them.
    pub fn count_to(&self, feature: u32) -> Option<usize> {
        match self {
            Self::All(count) => (feature < *count).then_some(feature as usize + 1),
            Self::These(list) => Some(list.iter().position(|one| *one == feature)? + 1),
        }
    }

    /// One page of them.
    pub fn page(&self, offset: usize, limit: usize) -> impl Iterator<Item = u32> + '_ {
        let end = self.count().min(offset.saturating_add(limit));
        (offset..end.max(offset)).map(move |at| match self {
            Self::All(_) => at as u32,
            Self::These(list) => list[at],
        })
    }
}

/// One page of matches.
#[derive(Debug)]
pub struct SelectedPage {
    /// The features of the page, by their positions in the layer.
    pub indexes: Vec<u32>,
    /// Number of all matches, if known.
    pub total: Option<usize>,
    /// True if there are more after the page.
    pub more: bool,
    /// The end of the page, where the store can go on from it.
    pub end: Option<Position>,
}

impl SelectedPage {
    /// A page of a layer in memory.
    pub fn on_page(matched: &Matched, offset: usize, limit: usize) -> Self {
        Self {
            indexes: matched.page(offset, limit).collect(),
            total: Some(matched.count()),
            more: offset.saturating_add(limit) < matched.count(),
            end: None,
        }
    }
}

impl Selection {
    /// Reads the parameters that select. Those that the resource does not have count as absent. `crs` lists the
    /// systems that the layer offers, and `language` is that of the names that a filter compares.
    ///
    /// # Errors
    /// For a value that the layer does not take: a box, a time, a filter, a system, or a field that it does not have.
    pub fn read(query: &Query<'_>, layer: &Layer, crs: &[Crs], language: Language) -> Result<Self, QueryError> {
        let bbox_crs = Crs::asked(query, &p::BBOX_CRS, crs)?;
        let bbox = query.text(&p::BBOX).map(|text| bbox(text, bbox_crs)).transpose()?;
        let datetime = query.text(&p::DATETIME).map(datetime).transpose()?;
        let event = (query.text(&p::TIME_OF) == Some("event"))
            .then(|| Some((layer.field("time_from")?, layer.field("time_to")?)))
            .flatten();
        let filter_crs = Crs::asked(query, &p::FILTER_CRS, crs)?;
        let filter = query
            .text(&p::FILTER)
            .map(|text| Filter::parse(text, query.text(&p::FILTER_LANG), layer, filter_crs))
            .transpose()?;
        let equal = query
            .fields
            .iter()
            .map(|(field, value)| Ok::<_, QueryError>((*field, wanted(layer, *field, value)?)));
        Ok(Self {
            bbox: bbox.unwrap_or_default(),
            datetime,
            event,
            filter,
            equal: equal.collect::<Result<_, _>>()?,
            least: query
                .number(&p::MIN_CONFIDENCE)
                .and_then(|least| Some((layer.field("confidence")?, least))),
            sort: sort(query, layer)?,
            language,
            documents: None,
            // Units with their counts are narrowed by the counts themselves.
            leaves_undated_out: layer.of_documents && layer.kind != LayerKind::UnitCounts,
        })
    }

    /// Narrows to the features of some documents.
    pub fn only_of(&mut self, documents: Vec<String>) {
        self.documents = Some(documents.into_iter().collect());
    }

    /// True if a feature belongs to one of the documents: by its field `document`, an event by the claims that it has,
    /// and a document by its id.
    fn is_of(documents: &FxHashSet<String>, feature: FeatureRef<'_>) -> bool {
        match (feature.value("document"), feature.value("told")) {
            (ValueRef::Text(document), _) => documents.contains(document),
            (_, ValueRef::Json(told)) => documents.iter().any(|document| told.contains(document.as_str())),
            _ => documents.contains(feature.id()),
        }
    }

    /// True if the request has no conditions: every feature in its order.
    pub fn is_everything(&self) -> bool {
        self.bbox.is_empty() && self.tests_nothing() && self.sort.is_empty()
    }

    /// Puts the greatest values of a field first, where no order is asked for.
    pub fn newest_first(&mut self, field: usize) {
        if self.sort.is_empty() {
            self.sort.push((field, true));
        }
    }

    /// The one field that is asked to put features in order, and whether from the greatest on.
    pub fn single_order(&self) -> Option<(usize, bool)> {
        match self.sort.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// True if every feature passes, in any order.
    pub fn passes_all(&self) -> bool {
        self.bbox.is_empty() && self.tests_nothing()
    }

    /// True if the request has an order.
    pub fn is_sorted(&self) -> bool {
        !self.sort.is_empty()
    }

    /// Query for the store's indexes: its result is a superset of the selection.
    pub fn wanted(&self, layer: &Layer) -> FeatureQuery {
        const DAY: i64 = 86_400_000;
        let equal = |name: &str| {
            let field = layer.field(name)?;
            let given = self.equal.iter().find(|(other, _)| *other == field);
            match given {
                Some((_, Value::Text(text))) => Some(text.clone()),
                _ => self.filter.as_ref()?.text_equal_to(field).map(str::to_owned),
            }
        };
        FeatureQuery {
            bbox: match self.bbox.as_slice() {
                [one] => Some(one.0),
                _ => None,
            },
            // A store knows days only, and a day begins at another moment elsewhere.
            time: self.datetime.filter(|_| self.event.is_none()).map(|time| TimeSpan {
                start: time.start.saturating_sub(DAY),
                end: time.end.saturating_add(DAY),
            }),
            place: equal("place"),
            document: equal("document").or_else(|| self.document_of_id(layer)),
            kind: equal("type"),
            speaker: equal("speaker"),
            skip: 0,
            most: usize::MAX,
            rows: usize::MAX,
        }
    }

    /// The document of the feature whose id is asked for: its id begins with that of the document.
    fn document_of_id(&self, layer: &Layer) -> Option<String> {
        let is_known = matches!(
            layer.kind,
            LayerKind::Mentions | LayerKind::Claims | LayerKind::Positions
        );
        let asked = self.equal.iter().find(|(field, _)| *field == ID_FIELD && is_known);
        match asked {
            Some((_, Value::Text(id))) => id.split('-').next().map(str::to_owned),
            _ => None,
        }
    }

    /// The time that is asked for.
    pub fn time(&self) -> Option<TimeSpan> {
        self.datetime
    }

    /// The text that a field must equal, by a parameter of its name or by the filter.
    pub fn text_equal(&self, layer: &Layer, name: &str) -> Option<String> {
        let field = layer.field(name)?;
        let given = self.equal.iter().find(|(other, _)| *other == field);
        match given {
            Some((_, Value::Text(text))) => Some(text.clone()),
            _ => self.filter.as_ref()?.text_equal_to(field).map(str::to_owned),
        }
    }

    fn tests_nothing(&self) -> bool {
        self.datetime.is_none()
            && self.filter.is_none()
            && self.equal.is_empty()
            && self.least.is_none()
            && self.documents.is_none()
    }

    /// True if the requested time overlaps that of a feature.
    fn meets(&self, feature: FeatureRef<'_>, asked: TimeSpan) -> bool {
        let Some((from, to)) = self.event else {
            return feature
                .time()
                .map_or(!self.leaves_undated_out, |time| time.meets(asked));
        };
        let day = |field: usize| match feature.field_value(field, self.language) {
            ValueRef::Text(day) => Some(day),
            _ => None,
        };
        let (from, to) = (day(from), day(to));
        (from.is_some() || to.is_some()) && TimeSpan::between(from, to).is_ok_and(|time| time.meets(asked))
    }

    /// The value of a field, or the id.
    fn value<'f>(&self, feature: FeatureRef<'f>, field: usize) -> ValueRef<'f> {
        match field {
            ID_FIELD => ValueRef::Text(feature.id()),
            field => feature.field_value(field, self.language),
        }
    }

    /// Whether a feature passes all that is asked but the bbox.
    pub fn passes(&self, feature: FeatureRef<'_>) -> bool {
        self.datetime.is_none_or(|asked| self.meets(feature, asked))
            && self
                .equal
                .iter()
                .all(|(field, wanted)| wanted.is(self.value(feature, *field)))
            && self
                .least
                .is_none_or(|(field, least)| match feature.field_value(field, self.language) {
                    ValueRef::Number(confidence) => confidence >= least,
                    ValueRef::Integer(confidence) => confidence as f64 >= least,
                    _ => false,
                })
            && self
                .filter
                .as_ref()
                .is_none_or(|filter| filter.matches(feature, self.language))
            && self
                .documents
                .as_ref()
                .is_none_or(|documents| Self::is_of(documents, feature))
    }

    /// The features that match.
    ///
    /// # Errors
    /// When the budget of the work that the thread does is spent.
    pub fn select(&self, layer: &Layer) -> Result<Matched, QueryError> {
        if self.is_everything() {
            return Ok(Matched::All(layer.len() as u32));
        }
        let mut found = self.unsorted(layer)?;
        if !self.sort.is_empty() {
            found.sort_by(|&a, &b| self.order(layer, a, b));
            budget::check()?;
        }
        Ok(Matched::These(found))
    }

    /// Cost estimate of [`Self::select`] over so many features, in microseconds of one core.
    pub fn cost(&self, features: usize) -> u64 {
        /// Cost of a test of bounds or of a time, in nanoseconds.
        const PLAIN_NS: u64 = 20;
        /// Cost of sorting for each feature and field.
        const SORT_NS: u64 = 500;
        let filter = self.filter.as_ref().map_or(0, Filter::cost_ns);
        let plain = (self.bbox.len() + self.equal.len() + usize::from(self.datetime.is_some())) as u64;
        let each = filter + plain * PLAIN_NS + self.sort.len() as u64 * SORT_NS;
        (features as u64).saturating_mul(each) / 1000
    }

    /// The keys by which a feature is sorted.
    pub fn sort_key(&self, feature: FeatureRef<'_>) -> SortKey {
        let keys = self.sort.iter().map(|&(field, descending)| {
            let value = OwnedValue::of(self.value(feature, field));
            (value, descending)
        });
        SortKey(keys.collect())
    }

    /// The features that match, in the layer's order.
    ///
    /// # Errors
    /// When the budget of the work that the thread does is spent.
    pub fn unsorted(&self, layer: &Layer) -> Result<Vec<u32>, QueryError> {
        let budget = budget::budget();
        let mut found: Vec<u32> = if self.bbox.is_empty() {
            (0..layer.len() as u32).collect()
        } else {
            self.in_bbox(layer, &budget)
        };
        if !self.tests_nothing() {
            found.retain(|&index| !budget.is_spent() && self.passes(layer.at(index)));
        }
        budget.check()?;
        Ok(found)
    }

    fn in_bbox(&self, layer: &Layer, budget: &Budget) -> Vec<u32> {
        let mut found = Vec::new();
        for bounds in &self.bbox {
            let mut part = layer.within(*bounds);
            part.retain(|&index| !budget.is_spent() && meets(layer.at(index), *bounds));
            found.extend(part);
        }
        // Features without a geometry have no location, so that a bbox does not exclude them.
        if layer.geometry == GeometryKind::None {
            found.extend(0..layer.len() as u32);
        }
        if self.bbox.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    fn order(&self, layer: &Layer, a: u32, b: u32) -> Ordering {
        for &(field, descending) in &self.sort {
            let (x, y) = (self.value(layer.at(a), field), self.value(layer.at(b), field));
            let order = sorted(x, y, descending);
            if order != Ordering::Equal {
                return order;
            }
        }
        a.cmp(&b)
    }
}
