//! Selection of a layer's features by a request: bbox, datetime, filter, equality, order, page.

use super::{
    FeatureQuery, QueryError,
    budget::{self, Budget},
    cql::{self, Filter},
    crs::Crs,
    echo,
    page_cursor::Position,
    parameter::{Query, flag, is_plain_number},
    parameters as p,
};
use crate::{
    language::Language,
    layers::{Bounds, FeatureRef, FieldType, GeometryKind, Layer, TimeSpan, ValueRef},
};
use geo::{Coord, CoordsIter, Intersects, Rect};
use jiff::{Span, Timestamp, tz::TimeZone};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Features that a request selects.
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

#[derive(Debug)]
enum Value {
    Text(String),
    Number(f64),
    Integer(i64),
    Boolean(bool),
    Time(TimeSpan),
}

/// The position of the id among the fields of a layer that has no field of this name.
pub const ID_FIELD: usize = usize::MAX;

/// The field with this name, or the id.
pub fn field_or_id(layer: &Layer, name: &str) -> Option<usize> {
    layer.field(name).or_else(|| (name == cql::ID).then_some(ID_FIELD))
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
    /// Reads the parameters that select. Those that the resource does not have are simply not there.
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
            leaves_undated_out: layer.of_documents && layer.id != "unit_counts",
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
        let is_known = matches!(layer.id.as_str(), "mentions" | "claims" | "positions");
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

/// The values of the fields by which a feature is sorted, each with whether it descends.
#[derive(Clone, Debug)]
pub struct SortKey(SmallVec<[(OwnedValue, bool); 2]>);

/// A value that outlives its layer.
#[derive(Clone, Debug)]
enum OwnedValue {
    Null,
    Text(Box<str>),
    Number(f64),
    Integer(i64),
    Boolean(bool),
}

impl OwnedValue {
    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Text(text) | ValueRef::Json(text) => Self::Text(text.into()),
            ValueRef::Number(number) => Self::Number(number),
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Boolean(truth) => Self::Boolean(truth),
        }
    }

    fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Text(text) => ValueRef::Text(text),
            Self::Number(number) => ValueRef::Number(*number),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Boolean(truth) => ValueRef::Boolean(*truth),
        }
    }
}

impl SortKey {
    /// The bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let text = |value: &OwnedValue| match value {
            OwnedValue::Text(text) => text.len(),
            _ => 0,
        };
        size_of::<Self>() + self.0.iter().map(|(value, _)| text(value)).sum::<usize>()
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        let orders = pairs.map(|((a, descending), (b, _))| sorted(a.as_ref(), b.as_ref(), *descending));
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortKey {}

/// The order of two values of one field. No value comes last, whichever way.
fn sorted(a: ValueRef<'_>, b: ValueRef<'_>, descending: bool) -> Ordering {
    match (a, b) {
        (ValueRef::Null, ValueRef::Null) => Ordering::Equal,
        (ValueRef::Null, _) => Ordering::Greater,
        (_, ValueRef::Null) => Ordering::Less,
        _ if descending => compare(b, a),
        _ => compare(a, b),
    }
}

fn compare(a: ValueRef<'_>, b: ValueRef<'_>) -> Ordering {
    match (a, b) {
        (ValueRef::Text(a) | ValueRef::Json(a), ValueRef::Text(b) | ValueRef::Json(b)) => a.cmp(b),
        (ValueRef::Number(a), ValueRef::Number(b)) => a.total_cmp(&b),
        (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(&b),
        (ValueRef::Boolean(a), ValueRef::Boolean(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

/// True if the geometry itself, not only its box, meets the bounds.
fn meets(feature: FeatureRef<'_>, bounds: Bounds) -> bool {
    let (Some(own), Some(geometry)) = (feature.bounds(), feature.geometry()) else {
        return false;
    };
    if bounds.holds(own) {
        return true;
    }
    let [west, south, east, north] = bounds.0;
    let rect = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    // Most that meet it have a point in it, which is sooner seen.
    geometry.coords_iter().any(|at| rect.intersects(&at)) || geometry.intersects(&rect)
}

impl Value {
    fn is(&self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::Text(wanted), ValueRef::Text(text) | ValueRef::Json(text)) => wanted == text,
            (Self::Number(wanted), ValueRef::Number(number)) => *wanted == number,
            (Self::Number(wanted), ValueRef::Integer(number)) => *wanted == number as f64,
            (Self::Integer(wanted), ValueRef::Integer(number)) => *wanted == number,
            (Self::Integer(wanted), ValueRef::Number(number)) => *wanted as f64 == number,
            (Self::Time(wanted), ValueRef::Text(text)) => TimeSpan::of_client(text).is_ok_and(|time| time == *wanted),
            (Self::Boolean(wanted), ValueRef::Boolean(truth)) => *wanted == truth,
            _ => false,
        }
    }
}

fn wanted(layer: &Layer, field: usize, value: &str) -> Result<Value, QueryError> {
    if field == ID_FIELD {
        return Ok(Value::Text(value.to_owned()));
    }
    let field = &layer.fields[field];
    let wrong = |takes: &str| {
        QueryError::parameter(
            &field.name,
            format!("{} does not take {:?}; it takes {takes}", field.name, echo(value)),
        )
    };
    match field.kind {
        FieldType::String | FieldType::Json => Ok(Value::Text(value.to_owned())),
        FieldType::Date | FieldType::DateTime | FieldType::Time => match TimeSpan::of_client(value) {
            Ok(time) => Ok(Value::Time(time)),
            Err(_) => Err(wrong("an RFC 3339 date or date-time")),
        },
        FieldType::Number | FieldType::Integer => match value.parse::<f64>() {
            Ok(_) if value.parse::<i64>().is_ok() && is_plain_number(value) => {
                Ok(value.parse().map_or(Value::Number(0.0), Value::Integer))
            }
            Ok(number) if is_plain_number(value) && number.is_finite() => Ok(Value::Number(number)),
            _ => Err(wrong("a number")),
        },
        // GDAL writes 1 and 0.
        FieldType::Boolean => flag(value)
            .map(Value::Boolean)
            .ok_or_else(|| wrong("true or false, 1 or 0")),
    }
}

fn sort(query: &Query<'_>, layer: &Layer) -> Result<Vec<(usize, bool)>, QueryError> {
    let Some(list) = query.list(&p::SORTBY) else {
        return Ok(Vec::new());
    };
    let mut sort = Vec::new();
    for word in list {
        let (name, descending) = match word.strip_prefix('-') {
            Some(name) => (name, true),
            None => (word.strip_prefix('+').unwrap_or(word), false),
        };
        // A plus that was not percent-encoded arrives as a space.
        let field = match field_or_id(layer, name.trim()) {
            Some(field) => field,
            None => field_named(layer, name.trim(), p::SORTBY.name)?,
        };
        if !sort.iter().any(|(other, _)| *other == field) {
            sort.push((field, descending));
        }
    }
    Ok(sort)
}

/// The fields that `properties` names; all for `None`.
pub fn chosen_fields(query: &Query<'_>, layer: &Layer) -> Result<Option<Vec<usize>>, QueryError> {
    let Some(list) = query.list(&p::PROPERTIES) else {
        return Ok(None);
    };
    let mut chosen = Vec::new();
    for name in list {
        let field = field_named(layer, name, p::PROPERTIES.name)?;
        if !chosen.contains(&field) {
            chosen.push(field);
        }
    }
    Ok(Some(chosen))
}

fn field_named(layer: &Layer, name: &str, parameter: &str) -> Result<usize, QueryError> {
    layer.field(name).ok_or_else(|| {
        let names: Vec<&str> = layer.fields.iter().map(|field| field.name.as_str()).collect();
        QueryError::parameter(
            parameter,
            format!(
                "layer {} has no field {:?}; it has {}",
                layer.id,
                echo(name),
                names.join(", ")
            ),
        )
    })
}

/// Parses a box; west greater than east returns two boxes, on both sides of the antimeridian.
pub fn bbox(text: &str, crs: Crs) -> Result<SmallVec<[Bounds; 2]>, QueryError> {
    let wrong = |why: &str| {
        QueryError::parameter(
            p::BBOX.name,
            format!("bbox {:?}: {why}; it takes {}", echo(text), p::BBOX.takes()),
        )
    };
    let mut numbers: SmallVec<[f64; 6]> = SmallVec::new();
    for word in text.split(',') {
        let word = word.trim();
        let number: f64 = word.parse().map_err(|_| wrong("not all are numbers"))?;
        if !is_plain_number(word) || !number.is_finite() {
            return Err(wrong("not all are finite numbers"));
        }
        if numbers.len() == 6 {
            return Err(wrong("too many numbers"));
        }
        numbers.push(number);
    }
    let [a, b, c, d] = match numbers.as_slice() {
        [a, b, c, d] | [a, b, _, c, d, _] => [*a, *b, *c, *d],
        _ => return Err(wrong("there are not four or six numbers")),
    };
    if !crs.is_geographic() {
        if a > c || b > d {
            return Err(wrong("the lower corner is above or right of the upper one"));
        }
        return Ok(SmallVec::from_elem(around(crs, [a, b, c, d]), 1));
    }
    let ([west, south], [east, north]) = (crs.unproject([a, b]), crs.unproject([c, d]));
    if south > north {
        return Err(wrong("south is greater than north"));
    }
    if !(-90.0..=90.0).contains(&south) || !(-90.0..=90.0).contains(&north) {
        return Err(wrong("a latitude is beyond 90 degrees"));
    }
    if west.abs() > MAX_LONGITUDE || east.abs() > MAX_LONGITUDE {
        return Err(wrong("a longitude is beyond ten turns of the globe"));
    }
    let (west, east) = turned_back(west, east);
    Ok(if west <= east {
        SmallVec::from_elem(Bounds([west, south, east, north]), 1)
    } else {
        SmallVec::from_slice(&[
            Bounds([west, south, 180.0, north]),
            Bounds([-180.0, south, east, north]),
        ])
    })
}

/// The greatest longitude of a box, in degrees: clients count on when the map is turned around the globe.
const MAX_LONGITUDE: f64 = 3600.0;

/// The western and the eastern side of a box within 180 degrees. A box of a whole turn is the whole globe.
fn turned_back(west: f64, east: f64) -> (f64, f64) {
    let within = |lon: f64| (-180.0..=180.0).contains(&lon);
    if within(west) && within(east) {
        return (west, east);
    }
    if east - west >= 360.0 {
        return (-180.0, 180.0);
    }
    let turned = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
    let (west, mut east) = (turned(west), turned(east));
    if east == -180.0 {
        east = 180.0;
    }
    (west, east)
}

/// The box in degrees around a box in metres: its sides are walked, for they are curves in degrees.
fn around(crs: Crs, [left, bottom, right, top]: [f64; 4]) -> Bounds {
    const STEPS: i32 = 16;
    let mut all: Option<Bounds> = None;
    for step in 0..=STEPS {
        let part = f64::from(step) / f64::from(STEPS);
        let (x, y) = (left + (right - left) * part, bottom + (top - bottom) * part);
        for corner in [[x, bottom], [x, top], [left, y], [right, y]] {
            let [lon, lat] = crs.unproject(corner);
            let point = Bounds([lon, lat, lon, lat]);
            all = Some(all.map_or(point, |all| all.union(point)));
        }
    }
    all.unwrap_or(Bounds([0.0; 4]))
}

/// Reads a time or an interval.
pub fn datetime(text: &str) -> Result<TimeSpan, QueryError> {
    let wrong = || p::DATETIME.wrong(text);
    // GDAL ends a day with T where the time of day is not asked for.
    let day = |word| match word {
        word if str::len(word) == 11 => word.strip_suffix('T').unwrap_or(word),
        word => word,
    };
    let Some((start, end)) = text.split_once('/') else {
        return day(text).parse().map_err(|_| wrong());
    };
    let (start, end) = (day(start), day(end));
    let open = |word: &str| word.is_empty() || word == "..";
    if open(start) && open(end) {
        return if text == "/" {
            Err(wrong())
        } else {
            Ok(TimeSpan::ALWAYS)
        };
    }
    let is_duration = |word: &str| word.starts_with('P');
    let span = match (is_duration(start), is_duration(end)) {
        (false, true) => lasting(start, end, true),
        (true, false) => lasting(end, start, false),
        _ => TimeSpan::between((!open(start)).then_some(start), (!open(end)).then_some(end)).ok(),
    };
    let span = span.ok_or_else(wrong)?;
    if span.start > span.end {
        return Err(wrong());
    }
    Ok(span)
}

/// A span from or up to a moment that lasts as long as an ISO 8601 duration says (`P2D`, `PT36H`, `P1Y6M`).
fn lasting(moment: &str, duration: &str, forward: bool) -> Option<TimeSpan> {
    let plain = |letter: u8| letter.is_ascii_digit() || b"PYMWDTHS.".contains(&letter);
    if duration.len() > 40 || !duration.bytes().all(plain) {
        return None;
    }
    let moment: TimeSpan = moment.parse().ok()?;
    let duration: Span = duration.parse().ok()?;
    let from = if forward { moment.start } else { moment.end };
    let from = Timestamp::from_millisecond(from).ok()?.to_zoned_datetime(TimeZone::UTC);
    let to = if forward {
        from.checked_add(duration)
    } else {
        from.checked_sub(duration)
    };
    let to = to.ok()?.timestamp().as_millisecond();
    Some(if forward {
        TimeSpan { end: to, ..moment }
    } else {
        TimeSpan { start: to, ..moment }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_may_be_a_moment_and_a_duration() {
        let written_out = datetime("2021-12-01T00:00:00Z/2021-12-03T00:00:00Z").unwrap();
        assert_eq!(datetime("2021-12-01/P2D").unwrap(), written_out);
        assert_eq!(datetime("PT48H/2021-12-03T00:00:00Z").unwrap(), written_out);
        for wrong in [
            "P2D/P2D",
            "2021-12-01/P",
            "2021-12-01/PXD",
            "../P2D",
            "P2D/..",
            "2021-12-01/P99999999Y",
        ] {
            assert!(datetime(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_box_across_the_antimeridian_is_two() {
        assert_eq!(bbox("170,-10,-170,10", Crs::Crs84).unwrap().len(), 2);
        assert_eq!(
            bbox("43,34,0,46,37,500", Crs::Crs84).unwrap()[0],
            Bounds([43.0, 34.0, 46.0, 37.0])
        );
        assert_eq!(
            bbox("34,43,37,46", Crs::Epsg4326).unwrap()[0],
            Bounds([43.0, 34.0, 46.0, 37.0])
        );
    }

    // Report "bbox beyond 180 degrees is accepted and answered with nothing".
    #[test]
    fn a_box_beyond_180_degrees_is_turned_back() {
        let boxes = |text: &str| -> Vec<[f64; 4]> {
            let read = bbox(text, Crs::Crs84).unwrap();
            read.iter().map(|bounds| bounds.0).collect()
        };
        assert_eq!(boxes("-316,34,-314,36"), [[44.0, 34.0, 46.0, 36.0]]);
        assert_eq!(boxes("404,34,405,35"), [[44.0, 34.0, 45.0, 35.0]]);
        assert_eq!(boxes("764,34,765,35"), [[44.0, 34.0, 45.0, 35.0]]);
        assert_eq!(boxes("-360,-90,0,90"), [[-180.0, -90.0, 180.0, 90.0]]);
        assert_eq!(boxes("-200,-10,200,10"), [[-180.0, -10.0, 180.0, 10.0]]);
        assert_eq!(
            boxes("170,-10,190,10"),
            [[170.0, -10.0, 180.0, 10.0], [-180.0, -10.0, -170.0, 10.0]]
        );
        assert_eq!(boxes("0,0,540,10"), [[-180.0, 0.0, 180.0, 10.0]]);
        assert_eq!(boxes("100,0,180,10"), [[100.0, 0.0, 180.0, 10.0]]);
        assert_eq!(boxes("200,0,540,10"), [[-160.0, 0.0, 180.0, 10.0]]);
    }

    #[test]
    fn a_box_that_is_none_is_refused() {
        for wrong in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,4,5,6,7",
            "a,b,c,d",
            "NaN,0,1,1",
            "inf,0,1,1",
            "0,10,10,0",
            "0,-91,1,0",
            "1e999,0,1,1",
            "0x1,0,1,1",
            ",,,",
            "3500,0,3700,1",
        ] {
            let error = bbox(wrong, Crs::Crs84).unwrap_err();
            assert_eq!(error.parameter.as_deref(), Some("bbox"), "{wrong}");
        }
    }

    #[test]
    fn a_box_in_metres_covers_its_corners() {
        let utm = Crs::Utm { zone: 38, south: false };
        let Bounds([west, south, east, north]) = bbox("400000,3900000,500000,4000000", utm).unwrap()[0];
        let [lon, lat] = utm.unproject([400_000.0, 3_900_000.0]);
        assert!(west <= lon && lon <= east && south <= lat && lat <= north);
    }

    #[test]
    fn intervals_are_open_closed_or_wrong() {
        assert_eq!(datetime("../2021-12-31").unwrap().start, i64::MIN);
        assert_eq!(datetime("2021-01-01/").unwrap().end, i64::MAX);
        assert_eq!(datetime("../..").unwrap(), TimeSpan::ALWAYS);
        for wrong in [
            "/",
            "2021",
            "2021-12-31/2021-01-01",
            "a/b",
            "2021-01-01/2021-01-02/2021-01-03",
            "now",
        ] {
            assert_eq!(
                datetime(wrong).unwrap_err().parameter.as_deref(),
                Some("datetime"),
                "{wrong}"
            );
        }
    }
}
