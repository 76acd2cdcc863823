//! Administrative units of the boundary files: p-code, names, parent, polygon.

use super::{CompileError, boundaries::SourceFile};
use geo::{Coord, MultiPolygon, Validation};
use geojson::{FeatureCollection, JsonObject};
use std::{collections::HashMap, path::Path};

/// One unit of the boundary files.
#[derive(Clone, Debug)]
pub struct Unit {
    /// OCHA p-code.
    pub pcode: String,
    /// 0 country, 1 governorate, 2 district, 3 subdistrict.
    pub level: u8,
    /// P-code of the unit above; `None` at level 0.
    pub parent: Option<String>,
    /// English name, trimmed.
    pub en: String,
    /// Arabic name, trimmed, as the source spells it.
    pub ar: Option<String>,
    /// Outline, degrees on WGS 84.
    pub geometry: MultiPolygon<f64>,
    /// Position in its file, from 1.
    pub row: usize,
}

/// All units of the four levels, in the order of level and p-code.
///
/// # Errors
/// Broken JSON, a missing column, a p-code that occurs twice, a parent that does not exist, a polygon that is not
/// simple: with file, row and unit.
pub fn read_units(files: &[SourceFile; 4]) -> Result<Vec<Unit>, CompileError> {
    let mut units: Vec<Unit> = Vec::new();
    let mut seen: HashMap<String, u8> = HashMap::new();
    for (level, source) in (0u8..).zip(files) {
        let file = Path::new(&source.name);
        for unit in read_level(file, &source.text, level)? {
            let fail = |what: String| CompileError::unit(file, unit.row, &unit.pcode, what);
            if seen.insert(unit.pcode.clone(), level).is_some() {
                return Err(fail("this p-code stands twice".to_owned()));
            }
            if let Some(parent) = &unit.parent
                && seen.get(parent).is_none_or(|&above| above + 1 != level)
            {
                return Err(fail(format!("its parent {parent:?} is no unit of level {}", level - 1)));
            }
            units.push(unit);
        }
    }
    units.sort_by(|a, b| (a.level, &a.pcode).cmp(&(b.level, &b.pcode)));
    Ok(units)
}

fn read_level(file: &Path, text: &str, level: u8) -> Result<Vec<Unit>, CompileError> {
    let collection: FeatureCollection = text
        .parse::<geojson::GeoJson>()
        .and_then(FeatureCollection::try_from)
        .map_err(|error| CompileError::file(file, format!("not a GeoJSON FeatureCollection: {error}")))?;
    if collection.features.is_empty() {
        return Err(CompileError::file(file, "holds no feature"));
    }
    collection
        .features
        .into_iter()
        .enumerate()
        .map(|(index, feature)| read_unit(file, level, index + 1, feature))
        .collect()
}

fn read_unit(file: &Path, level: u8, row: usize, feature: geojson::Feature) -> Result<Unit, CompileError> {
    let columns = Columns(feature.properties.unwrap_or_default());
    let pcode = columns
        .text(&[&format!("adm{level}_pcode")])
        .ok_or_else(|| CompileError::row(file, row, format!("the column ADM{level}_PCODE is missing or empty")))?;
    let fail = |what: String| CompileError::unit(file, row, &pcode, what);
    let parent = match level {
        0 => None,
        _ => Some(
            columns
                .text(&[&format!("adm{}_pcode", level - 1)])
                .ok_or_else(|| fail(format!("the column ADM{}_PCODE is missing or empty", level - 1)))?,
        ),
    };
    let en = columns
        .text(&[&format!("adm{level}_en"), &format!("adm{level}_name")])
        .ok_or_else(|| fail(format!("the column ADM{level}_EN is missing or empty")))?;
    let ar = columns.text(&[&format!("adm{level}_ar"), &format!("adm{level}_name1")]);
    let geometry = feature.geometry.ok_or_else(|| fail("has no geometry".to_owned()))?;
    let geometry = polygons(geometry).map_err(fail)?;
    Ok(Unit {
        pcode,
        level,
        parent,
        en,
        ar,
        geometry,
        row,
    })
}

fn polygons(geometry: geojson::Geometry) -> Result<MultiPolygon<f64>, String> {
    let geometry = geo::Geometry::<f64>::try_from(geometry).map_err(|error| error.to_string())?;
    let polygons = match geometry {
        geo::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        geo::Geometry::MultiPolygon(polygons) => polygons,
        _ => return Err("the geometry is no Polygon or MultiPolygon".to_owned()),
    };
    let outside = |c: &Coord<f64>| !(c.x.abs() <= 180.0 && c.y.abs() <= 90.0);
    if geo::CoordsIter::coords_iter(&polygons).any(|c| outside(&c)) {
        return Err("a coordinate is not a longitude and latitude in degrees".to_owned());
    }
    polygons
        .check_validation()
        .map_err(|error| format!("the polygon is not valid: {error}"))?;
    Ok(polygons)
}

/// A feature's columns, found without regard to case.
struct Columns(JsonObject);

impl Columns {
    fn text(&self, names: &[&str]) -> Option<String> {
        let value = |name: &&str| self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let text = names.iter().find_map(value)?.1.as_str()?;
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        (!text.is_empty()).then(|| text.to_owned())
    }
}
