//! Rows become a layer: one geometry type, one reference system, ids that are each once, types of columns, times.

use super::{
    coordinate,
    crs::REPROJECT,
    error::{Notices, SourceError},
    repair::{Area, examine},
    rows::{Declared, RawRow, Rows},
    spec::LayerSpec,
    values::{self, ColumnType},
};
use crate::{
    geodesy::Crs,
    layers::{Bounds, Feature, Field, GeometryKind, Layer, Properties, TimeSpan},
};
use geo::{
    CoordsIter, Geometry, GeometryCollection, MapCoords, MapCoordsInPlace, MultiLineString, MultiPoint, MultiPolygon,
};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Zooms of a layer whose description names none.
const ZOOMS: [u8; 2] = [0, 14];
/// Columns of ids, the first that each row has and that no two share.
const ID_COLUMNS: [&str; 6] = ["id", "fid", "gid", "objectid", "uuid", "code"];
/// Of the rows, the share that must lie in the land with their axes swapped for axes to count as swapped.
const SWAPPED_SHARE: f64 = 0.9;

/// Facts of the server that a layer is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// Bounds of the land, by which swapped axes are noticed.
    pub bounds: Option<Bounds>,
    /// Parameters of requests; a column of such a name can be filtered by CQL2 only.
    pub parameters: &'a [&'a str],
    /// The kind of geometry that the layer had before: it keeps it while its source has no rows.
    pub kind: Option<GeometryKind>,
}

/// A layer that was read.
#[derive(Debug)]
pub struct Built {
    /// The layer.
    pub layer: Layer,
    /// Facts that the operator should know.
    pub notices: Notices,
}

/// Builds the layer that rows describe.
///
/// # Errors
/// No row with a geometry, several kinds of geometry, an unknown reference system, swapped axes, repeated ids in the
/// operator's column.
pub fn build(spec: &LayerSpec, mut rows: Rows, around: Surroundings<'_>) -> Result<Built, SourceError> {
    let source = spec.shown_source();
    let mut notices = std::mem::take(&mut rows.notices);
    let crs = reference_system(spec, &rows, &source, &mut notices)?;
    place(spec, &mut rows, crs, around, &source, &mut notices)?;
    if rows.has_heights {
        notices.note("its geometries have heights (Z), which are not kept: features and downloads have two dimensions");
    }
    let kind = match rows.rows.is_empty() {
        true => rows.kind.or(around.kind).unwrap_or(GeometryKind::Point),
        false => unify(&mut rows, &source, &mut notices)?,
    };
    let ids = ids(spec, &rows, &source, &mut notices)?;
    let (fields, types) = fields(spec, &rows, around, &mut notices);
    // A collection without features does not say which columns it would have.
    let times = match rows.columns.is_empty() {
        true => Vec::new(),
        false => time_columns(spec, &fields, &source)?,
    };
    let is_text = rows.is_text;
    let features = rows.rows.into_iter().zip(ids).map(|(row, id)| {
        let values = row.values.into_iter().zip(fields.iter().zip(&types));
        let properties: Properties = values
            .map(|(value, (field, kind))| (field.name.clone(), values::converted(value, *kind, is_text)))
            .filter(|(_, value)| !value.is_null())
            .collect();
        let time = time_of(&properties, &times);
        Feature {
            time,
            ..Feature::new(id, row.geometry, properties)
        }
    });
    let mut layer = Layer::new(
        &spec.name,
        spec.full_title(),
        spec.description.clone(),
        &spec.attribution,
        kind,
        fields.clone(),
        spec.zooms.unwrap_or(ZOOMS),
        features,
    );
    layer.paint = spec.paint.unwrap_or_default();
    layer.own = true;
    layer.shown = spec.shown;
    Ok(Built { layer, notices })
}

fn reference_system(spec: &LayerSpec, rows: &Rows, source: &str, notices: &mut Notices) -> Result<Crs, SourceError> {
    let stated = spec
        .stated_crs()
        .map_err(|error| SourceError::new(source, error).remedy(REPROJECT))?;
    match (&rows.declared, stated) {
        (Declared::Known(declared), Some(stated)) if *declared != stated => {
            notices.note(format!(
                "the source says {declared}, the settings say {stated}; the settings are followed"
            ));
            Ok(stated)
        }
        (_, Some(stated)) => Ok(stated),
        (Declared::Known(declared), None) => Ok(*declared),
        (Declared::Unknown(name), None) => {
            let what = format!(
                "its reference system is {name}; WGS 84 (EPSG:4326), web mercator (EPSG:3857) and UTM on WGS 84 (EPSG:32601 to \
                 32660, 32701 to 32760) are read"
            );
            Err(SourceError::new(source, what).remedy(REPROJECT))
        }
        (Declared::Silent, None) => {
            let beyond = |at: geo::Coord<f64>| at.x.abs() > 180.0 || at.y.abs() > 180.0;
            let far = rows.rows.iter().filter_map(|row| {
                let at = row.geometry.as_ref()?.coords_iter().find(|at| beyond(*at))?;
                Some((row.number, at))
            });
            // A few rows beyond the globe are wrong rows; most of them are in another reference system.
            let placed = rows.rows.iter().filter(|row| row.geometry.is_some()).count();
            let is_other = 2 * far.clone().count() > placed;
            match far.clone().next().filter(|_| is_other) {
                Some((row, at)) => Err(SourceError::new(
                    source,
                    format!("{}, {} are no degrees, and the source does not say its reference system", at.x, at.y),
                )
                .row(row)
                .remedy("say it in [[layers]], for example crs = \"EPSG:32638\"; a Shapefile says it in a .prj file beside it")),
                None => Ok(Crs::Crs84),
            }
        }
    }
}

/// Brings coordinates to longitude and latitude; rows outside the globe are left out.
fn place(
    spec: &LayerSpec,
    rows: &mut Rows,
    crs: Crs,
    around: Surroundings<'_>,
    source: &str,
    notices: &mut Notices,
) -> Result<(), SourceError> {
    let swap = spec.swap_axes.unwrap_or(false);
    if swap || crs != Crs::Crs84 {
        for row in &mut rows.rows {
            row.geometry = row.geometry.take().map(|geometry| {
                geometry.map_coords(|at| {
                    let [first, second] = if swap { [at.y, at.x] } else { [at.x, at.y] };
                    let [x, y] = crs.unproject([first, second]);
                    geo::Coord { x, y }
                })
            });
        }
    }
    // An operator who says `false` knows the layer: it lies elsewhere.
    if spec.swap_axes.is_none() {
        refuse_swapped(rows, around.bounds, source)?;
        note_swapped(rows, around.bounds, notices);
    }
    for geometry in rows.rows.iter_mut().filter_map(|row| row.geometry.as_mut()) {
        geometry.map_coords_in_place(onto_globe);
    }
    let on_globe =
        |at: geo::Coord<f64>| at.x.is_finite() && at.y.is_finite() && at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
    let before = rows.rows.len();
    rows.rows.retain(|row| {
        let Some(geometry) = &row.geometry else { return true };
        match geometry.coords_iter().find(|at| !on_globe(*at)) {
            None => true,
            Some(at) => {
                notices.row(
                    row.number,
                    format!("({}, {}) is no longitude and latitude; the row is left out", at.x, at.y),
                );
                false
            }
        }
    });
    if rows.rows.is_empty() && before > 0 {
        let what = notices
            .list
            .last()
            .map_or_else(String::new, |notice| notice.text.clone());
        return Err(SourceError::new(source, format!("no row can be placed: {what}"))
            .remedy("check the columns of coordinates and the reference system (crs = \"EPSG:…\")"));
    }
    Ok(())
}

/// Degrees by which arithmetic puts a point beyond the edge of the globe: the step of a number of 32 bits at 180, about 2 m.
const EDGE: f64 = 2e-5;

/// A point beyond the edge by no more than an error of arithmetic, on the edge: files that were cut at 180° have such.
fn onto_globe(at: geo::Coord<f64>) -> geo::Coord<f64> {
    let within = |value: f64, edge: f64| match value.abs() > edge && value.abs() <= edge + EDGE {
        true => edge.copysign(value),
        false => value,
    };
    geo::Coord {
        x: within(at.x, 180.0),
        y: within(at.y, 90.0),
    }
}

/// Axes count as swapped if latitudes are beyond 90 in all rows, or if rows lie in the land only the other way round.
fn refuse_swapped(rows: &Rows, land: Option<Bounds>, source: &str) -> Result<(), SourceError> {
    let mut firsts = rows.rows.iter().filter_map(|row| {
        let at = row.geometry.as_ref()?.coords_iter().next()?;
        Some((row.number, at))
    });
    let Some((row, first)) = firsts.clone().next() else {
        return Ok(());
    };
    let (mut all, mut inside, mut swapped) = (0_u32, 0_u32, 0_u32);
    let mut beyond = true;
    for (_, at) in firsts.by_ref() {
        all += 1;
        beyond &= at.y.abs() > 90.0 && at.x.abs() <= 90.0;
        if let Some(land) = land {
            let meets = |x: f64, y: f64| land.meets(Bounds([x, y, x, y]));
            inside += u32::from(meets(at.x, at.y));
            swapped += u32::from(meets(at.y, at.x));
        }
    }
    let is_swapped = beyond || inside == 0 && f64::from(swapped) >= SWAPPED_SHARE * f64::from(all);
    if !is_swapped {
        return Ok(());
    }
    let what = format!(
        "longitude and latitude look swapped: it says {}, {}, and {} of {all} rows lie in the map's land only the other way round",
        first.x,
        first.y,
        if beyond { all } else { swapped }
    );
    Err(SourceError::new(source, what)
        .row(row)
        .remedy(
            "set swap_axes = true in [[layers]], or name the columns: lon = \"…\", lat = \"…\"; swap_axes = false if they are right",
        ))
}

/// A notice for each row far from the land that would lie in it the other way round. It is drawn where it says.
fn note_swapped(rows: &Rows, land: Option<Bounds>, notices: &mut Notices) {
    /// Degrees from the land within which a row counts as one of its surroundings.
    const NEAR: f64 = 1.0;
    let Some(land) = land else { return };
    let Bounds([west, south, east, north]) = land;
    let near = Bounds([west - NEAR, south - NEAR, east + NEAR, north + NEAR]);
    let meets = |bounds: Bounds, x: f64, y: f64| bounds.meets(Bounds([x, y, x, y]));
    for row in &rows.rows {
        let at = row.geometry.as_ref().and_then(|geometry| geometry.coords_iter().next());
        if let Some(at) = at.filter(|at| !meets(near, at.x, at.y) && meets(land, at.y, at.x)) {
            notices.row(
                row.number,
                format!(
                    "{}, {} lies outside the map's land, and inside with longitude and latitude exchanged; it is drawn \
                     where it says: check the row",
                    at.x, at.y
                ),
            );
        }
    }
}

/// The families of geometry, of which a layer has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Points,
    Lines,
    Areas,
}

impl Family {
    fn word(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Lines => "lines",
            Self::Areas => "areas",
        }
    }
}

/// The family and whether the geometry has several parts; `None` for an empty one, an error for a mixture.
fn family(geometry: &Geometry<f64>) -> Result<Option<(Family, bool)>, ()> {
    Ok(match geometry {
        Geometry::Point(_) => Some((Family::Points, false)),
        Geometry::MultiPoint(points) => (!points.0.is_empty()).then_some((Family::Points, true)),
        Geometry::Line(_) => Some((Family::Lines, false)),
        Geometry::LineString(line) => (!line.0.is_empty()).then_some((Family::Lines, false)),
        Geometry::MultiLineString(lines) => (!lines.0.is_empty()).then_some((Family::Lines, true)),
        Geometry::Polygon(polygon) => (!polygon.exterior().0.is_empty()).then_some((Family::Areas, false)),
        Geometry::MultiPolygon(polygons) => (!polygons.0.is_empty()).then_some((Family::Areas, true)),
        Geometry::Rect(_) | Geometry::Triangle(_) => Some((Family::Areas, false)),
        Geometry::GeometryCollection(GeometryCollection(parts)) => {
            let mut found = None;
            for part in parts {
                match (found, family(part)?) {
                    (_, None) => {}
                    (None, Some((kind, _))) => found = Some(kind),
                    (Some(kind), Some((other, _))) if kind == other => {}
                    _ => return Err(()),
                }
            }
            found.map(|kind| (kind, true))
        }
    })
}

/// Converts all rows to one kind of geometry.
fn unify(rows: &mut Rows, source: &str, notices: &mut Notices) -> Result<GeometryKind, SourceError> {
    const REMEDY: &str = "a layer has one kind: split the source, for example with ogr2ogr -where \"OGR_GEOMETRY='POINT'\", and \
                          name each part as a layer";
    let mut first: Option<(u64, Family)> = None;
    let mut several = false;
    for row in &rows.rows {
        let found = match &row.geometry {
            None => None,
            Some(geometry) => family(geometry).map_err(|()| {
                SourceError::new(source, "its geometry is a collection of several kinds")
                    .row(row.number)
                    .remedy(REMEDY)
            })?,
        };
        match (first, found) {
            (_, None) => {}
            (None, Some((kind, many))) => {
                first = Some((row.number, kind));
                several |= many;
            }
            (Some((_, kind)), Some((other, many))) if kind == other => several |= many,
            (Some((number, kind)), Some((other, _))) => {
                let what = format!(
                    "its geometry is one of {}, and that of row {number} one of {}",
                    other.word(),
                    kind.word()
                );
                return Err(SourceError::new(source, what).row(row.number).remedy(REMEDY));
            }
        }
    }
    let Some((_, kind)) = first else {
        let what = format!("none of its {} rows has a geometry", rows.rows.len());
        return Err(
            SourceError::new(source, what).remedy("name the column of the geometry, or of longitude and latitude")
        );
    };
    if kind == Family::Areas {
        rows.rows.retain_mut(|row| mend(row, notices));
        // Mending an area may leave several parts of it.
        several |= rows
            .rows
            .iter()
            .any(|row| matches!(&row.geometry, Some(Geometry::MultiPolygon(_))));
    }
    for row in &mut rows.rows {
        row.geometry = row.geometry.take().and_then(|geometry| shaped(geometry, kind, several));
    }
    // Counted when the rows that cannot be placed are left out.
    let empty = rows.rows.iter().filter(|row| row.geometry.is_none()).count();
    if empty > 0 {
        notices.note(format!(
            "{empty} rows have no geometry: they are listed and not drawn, and have no place in FlatGeobuf and tiles"
        ));
    }
    Ok(match (kind, several) {
        (Family::Points, false) => GeometryKind::Point,
        (Family::Points, true) => GeometryKind::MultiPoint,
        (Family::Lines, false) => GeometryKind::LineString,
        (Family::Lines, true) => GeometryKind::MultiLineString,
        (Family::Areas, false) => GeometryKind::Polygon,
        (Family::Areas, true) => GeometryKind::MultiPolygon,
    })
}

/// Mends the areas of a row; false for a row that has no area.
fn mend(row: &mut RawRow, notices: &mut Notices) -> bool {
    let Some(geometry) = row.geometry.take() else {
        return true;
    };
    // An empty area is no geometry.
    if family(&geometry) == Ok(None) {
        return true;
    }
    let several = !matches!(geometry, Geometry::Polygon(_));
    let mut polygons = Vec::new();
    gather_areas(geometry, &mut polygons);
    if polygons.is_empty() {
        return true;
    }
    let (polygons, is_mended) = match examine(polygons) {
        Area::Whole(polygons) => (polygons, false),
        Area::Mended(polygons) => (polygons, true),
        Area::Nothing => {
            notices.row(row.number, "its area has fewer than three corners; the row is left out");
            return false;
        }
    };
    if is_mended {
        notices.row(
            row.number,
            "the outline crosses itself; it is drawn as the areas that an odd number of its rings surround; mend it with \
             ogr2ogr -makevalid",
        );
    }
    row.geometry = Some(match (several, polygons.len()) {
        (false, 1) => polygons
            .into_iter()
            .next()
            .map_or_else(|| MultiPolygon(Vec::new()).into(), Geometry::Polygon),
        _ => Geometry::MultiPolygon(MultiPolygon(polygons)),
    });
    true
}

fn gather_areas(geometry: Geometry<f64>, into: &mut Vec<geo::Polygon<f64>>) {
    match geometry {
        Geometry::Polygon(polygon) => into.push(polygon),
        Geometry::MultiPolygon(polygons) => into.extend(polygons),
        Geometry::Rect(rect) => into.push(rect.to_polygon()),
        Geometry::Triangle(triangle) => into.push(triangle.to_polygon()),
        Geometry::GeometryCollection(parts) => parts.into_iter().for_each(|part| gather_areas(part, into)),
        _ => {}
    }
}

/// A geometry in the form that the layer has; `None` for an empty one.
fn shaped(geometry: Geometry<f64>, kind: Family, several: bool) -> Option<Geometry<f64>> {
    family(&geometry).ok()??;
    if !several {
        return Some(match geometry {
            Geometry::Line(line) => Geometry::LineString(line.into()),
            other => other,
        });
    }
    let mut points = Vec::new();
    let mut lines = Vec::new();
    let mut areas = Vec::new();
    let mut open = vec![geometry];
    while let Some(part) = open.pop() {
        match part {
            Geometry::Point(point) => points.push(point),
            Geometry::MultiPoint(all) => points.extend(all),
            Geometry::Line(line) => lines.push(line.into()),
            Geometry::LineString(line) => lines.push(line),
            Geometry::MultiLineString(all) => lines.extend(all),
            Geometry::GeometryCollection(all) => open.extend(all.0.into_iter().rev()),
            other => gather_areas(other, &mut areas),
        }
    }
    Some(match kind {
        Family::Points => MultiPoint(points).into(),
        Family::Lines => MultiLineString(lines).into(),
        Family::Areas => MultiPolygon(areas).into(),
    })
}

/// A geometry as a layer of this kind has it; `None` for an empty one or one of another family.
pub(super) fn shaped_as(geometry: Geometry<f64>, kind: GeometryKind) -> Option<Geometry<f64>> {
    let (wanted, several) = match kind {
        GeometryKind::Point => (Family::Points, false),
        GeometryKind::MultiPoint => (Family::Points, true),
        GeometryKind::LineString => (Family::Lines, false),
        GeometryKind::MultiLineString => (Family::Lines, true),
        GeometryKind::Polygon => (Family::Areas, false),
        GeometryKind::MultiPolygon => (Family::Areas, true),
        GeometryKind::None => return None,
    };
    let (found, has_parts) = family(&geometry).ok()??;
    (found == wanted && (several || !has_parts)).then(|| shaped(geometry, wanted, several))?
}

/// The ids of the rows, in their order, each once.
fn ids(spec: &LayerSpec, rows: &Rows, source: &str, notices: &mut Notices) -> Result<Vec<String>, SourceError> {
    let of_column =
        |at: usize| -> Vec<Option<String>> { rows.rows.iter().map(|row| text_of(row.values.get(at))).collect() };
    if rows.rows.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(name) = &spec.id {
        let at = rows.columns.iter().position(|column| column == name).ok_or_else(|| {
            SourceError::new(source, format!("id = {name:?}: there is no such column"))
                .remedy(format!("the columns are {}", rows.columns.join(", ")))
        })?;
        return unique(&rows.rows, of_column(at)).map_err(|(row, fault)| {
            SourceError::new(source, format!("the id column {name:?} {fault}"))
                .row(row)
                .remedy("name a column whose values differ in every row, or leave id out: rows are then numbered")
        });
    }
    let given = rows.rows.iter().map(|row| row.id.clone());
    let named = ID_COLUMNS.iter().filter_map(|name| {
        let found = |column: &String| column.eq_ignore_ascii_case(name);
        rows.columns.iter().position(found)
    });
    let mut first_fault = None;
    let candidates = std::iter::once(given.collect()).chain(named.map(of_column));
    for candidate in candidates {
        if candidate.iter().all(Option::is_none) {
            continue;
        }
        match unique(&rows.rows, candidate) {
            Ok(ids) => return Ok(ids),
            Err(fault) => {
                first_fault.get_or_insert(fault);
            }
        }
    }
    if let Some((row, fault)) = first_fault {
        notices.row(
            row,
            format!(
                "the id {fault}; features have the number of their row as id; name a column of ids with id = \"…\""
            ),
        );
    }
    Ok(rows.rows.iter().map(|row| row.number.to_string()).collect())
}

/// All ids, if each occurs once.
fn unique(rows: &[RawRow], ids: Vec<Option<String>>) -> Result<Vec<String>, (u64, String)> {
    let mut seen: FxHashMap<&str, u64> = FxHashMap::default();
    for (row, id) in rows.iter().zip(&ids) {
        match id.as_deref() {
            None => return Err((row.number, "is empty".to_owned())),
            Some(id) => {
                if let Some(before) = seen.insert(id, row.number) {
                    return Err((row.number, format!("{id:?} is that of row {before} too")));
                }
            }
        }
    }
    Ok(ids.into_iter().flatten().collect())
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The fields, by the order of the columns.
fn fields(
    spec: &LayerSpec,
    rows: &Rows,
    around: Surroundings<'_>,
    notices: &mut Notices,
) -> (Vec<Field>, Vec<ColumnType>) {
    let mut fields = Vec::with_capacity(rows.columns.len());
    let mut types = Vec::with_capacity(rows.columns.len());
    let has_name = rows.columns.iter().any(|column| column == "name");
    for (at, column) in rows.columns.iter().enumerate() {
        if around.parameters.contains(&column.as_str()) {
            notices.note(format!(
                "the column {column:?} has the name of a parameter: ask for it with filter={column}=…, not with {column}=…"
            ));
        }
        // The map writes `name`, so the column of the labels gets this name where it is free.
        let is_label = spec.label.as_ref() == Some(column) && !has_name;
        let column_type = values::column_type(&rows.rows, at, rows.is_text);
        types.push(column_type);
        fields.push(Field {
            name: if is_label { "name".to_owned() } else { column.clone() },
            kind: column_type.kind,
            title: crate::language::Trilingual {
                en: is_label.then(|| column.clone()),
                ..Default::default()
            },
        });
    }
    let missing = |label: &&String| !rows.columns.is_empty() && !rows.columns.contains(label);
    if let Some(label) = spec.label.as_ref().filter(missing) {
        notices.note(format!(
            "label = {label:?}: there is no such column; the columns are {}",
            rows.columns.join(", ")
        ));
    }
    (fields, types)
}

/// The fields of the time: those that the operator names, or the only one with dates.
pub(super) fn time_columns(spec: &LayerSpec, fields: &[Field], source: &str) -> Result<Vec<String>, SourceError> {
    if let Some(name) = spec
        .datetime
        .iter()
        .find(|name| !fields.iter().any(|field| field.name == **name))
    {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        return Err(
            SourceError::new(source, format!("datetime: there is no column {name:?}"))
                .remedy(format!("the columns are {}", names.join(", "))),
        );
    }
    if spec.datetime.len() > 2 {
        return Err(SourceError::new(
            source,
            "datetime takes one column, or two for beginning and end",
        ));
    }
    if !spec.datetime.is_empty() {
        return Ok(spec.datetime.clone());
    }
    let mut dates = fields.iter().filter(|field| field.kind.is_temporal());
    Ok(match (dates.next(), dates.next()) {
        (Some(only), None) => vec![only.name.clone()],
        _ => Vec::new(),
    })
}

pub(super) fn time_of(properties: &Properties, columns: &[String]) -> Option<TimeSpan> {
    let value = |name: &String| properties.get(name).and_then(Value::as_str);
    match columns {
        [one] => super::values::time(value(one)?),
        [start, end] => {
            let (start, end) = (value(start), value(end));
            start.or(end)?;
            Some(TimeSpan {
                start: start.map_or(Some(i64::MIN), |text| Some(super::values::time(text)?.start))?,
                end: end.map_or(Some(i64::MAX), |text| Some(super::values::time(text)?.end))?,
            })
        }
        _ => None,
    }
}

/// The point or geometry of a row of text, by the columns of its coordinates.
///
/// # Errors
/// A cell that is no coordinate.
pub(super) fn geometry_of(
    place: super::columns::Place,
    cell: impl Fn(usize) -> String,
) -> Result<Option<Geometry<f64>>, String> {
    use super::columns::Place;
    match place {
        Place::Two(lon, lat) => coordinate::point(&cell(lon), &cell(lat)),
        Place::Geometry(at) => coordinate::geometry(&cell(at)),
        Place::Pair(at) => {
            let text = cell(at);
            if text.trim().is_empty() {
                return Ok(None);
            }
            let [x, y] = coordinate::pair(&text)
                .ok_or_else(|| format!("{text:?} is no latitude and longitude such as 35.77, 43.58"))?;
            Ok(Some(geo::Point::new(x, y).into()))
        }
    }
}
