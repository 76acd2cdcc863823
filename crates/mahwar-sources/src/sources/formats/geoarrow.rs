//! Geometries of GeoParquet 1.1 that are written as lists of coordinates ("native" encodings, those of GeoArrow).

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use parquet::record::Field;

/// The kind of geometry of a column, which its encoding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Point,
    LineString,
    Polygon,
    MultiPoint,
    MultiLineString,
    MultiPolygon,
}

impl Shape {
    /// The shape of an encoding in lower case; `None` for another word.
    pub(super) fn of_encoding(encoding: &str) -> Option<Self> {
        Some(match encoding {
            "point" => Self::Point,
            "linestring" => Self::LineString,
            "polygon" => Self::Polygon,
            "multipoint" => Self::MultiPoint,
            "multilinestring" => Self::MultiLineString,
            "multipolygon" => Self::MultiPolygon,
            _ => return None,
        })
    }

    /// The geometry of a field; `None` for an empty one.
    ///
    /// # Errors
    /// A field whose lists are not nested as the encoding says.
    pub(super) fn geometry(self, field: &Field) -> Result<Option<Geometry<f64>>, String> {
        let geometry: Geometry<f64> = match self {
            Self::Point => return Ok(corner(field)?.map(|at| Point(at).into())),
            Self::LineString => line(field)?.into(),
            Self::Polygon => polygon(field)?.into(),
            Self::MultiPoint => MultiPoint(line(field)?.0.into_iter().map(Point).collect()).into(),
            Self::MultiLineString => MultiLineString(parts(field, line)?).into(),
            Self::MultiPolygon => MultiPolygon(parts(field, polygon)?).into(),
        };
        use geo::CoordsIter;
        Ok(Some(geometry).filter(|geometry| geometry.coords_iter().next().is_some()))
    }
}

/// The parts of a list; none of a null.
fn parts<T>(field: &Field, part: impl Fn(&Field) -> Result<T, String>) -> Result<Vec<T>, String> {
    match field {
        Field::Null => Ok(Vec::new()),
        Field::ListInternal(list) => list.elements().iter().map(part).collect(),
        _ => Err("its geometry is no list of coordinates, as its encoding says".to_owned()),
    }
}

fn polygon(field: &Field) -> Result<Polygon<f64>, String> {
    let mut rings = parts(field, line)?.into_iter();
    let shell = rings.next().unwrap_or(LineString(Vec::new()));
    Ok(Polygon::new(shell, rings.collect()))
}

fn line(field: &Field) -> Result<LineString<f64>, String> {
    let corners = parts(field, corner)?;
    Ok(corners.into_iter().flatten().collect())
}

/// The coordinates of a structure with the members `x` and `y`; `None` for an empty point, whose numbers are none.
fn corner(field: &Field) -> Result<Option<Coord<f64>>, String> {
    let Field::Group(members) = field else {
        return match field {
            Field::Null => Ok(None),
            _ => Err("its geometry is no structure of coordinates, as its encoding says".to_owned()),
        };
    };
    let member = |name: &str| members.get_column_iter().find(|(column, _)| *column == name);
    let number = |name: &str| match member(name) {
        Some((_, Field::Double(number))) => Ok(*number),
        Some((_, Field::Float(number))) => Ok(f64::from(*number)),
        Some((_, Field::Null)) => Ok(f64::NAN),
        _ => Err("its geometry is a structure without x and y".to_owned()),
    };
    let at = Coord {
        x: number("x")?,
        y: number("y")?,
    };
    Ok(Some(at).filter(|at| !(at.x.is_nan() && at.y.is_nan())))
}
