//! Geometry of a place in the notation that the request asks for.

use crate::server::{
    crs::Crs, geojson::write_geometry, parameter::Query, parameters as p, problem::Problem, services::PlaceMatch,
};
use geo::{Coord, Geometry, LineString, Point, Polygon, Simplify};
use serde_json::Value;
use std::fmt::Write;
use wkt::ToWkt;

/// A notation of geometries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notation {
    /// GeoJSON.
    GeoJson,
    /// Well-known text.
    Text,
    /// The `d` of an SVG path; y grows to the south.
    Svg,
    /// A geometry of KML.
    Kml,
}

/// The `polygon_*` parameters.
#[derive(Clone, Copy, Debug)]
pub struct PolygonOptions {
    /// The notation, where a geometry is asked for.
    pub notation: Option<Notation>,
    threshold: f64,
}

impl PolygonOptions {
    /// Reads `polygon_geojson`, `polygon_kml`, `polygon_svg`, `polygon_text` and `polygon_threshold`.
    ///
    /// # Errors
    /// Two notations at once.
    pub fn read(query: &Query<'_>) -> Result<Self, Problem> {
        let notations = [
            (&p::POLYGON_GEOJSON, Notation::GeoJson),
            (&p::POLYGON_TEXT, Notation::Text),
            (&p::POLYGON_SVG, Notation::Svg),
            (&p::POLYGON_KML, Notation::Kml),
        ];
        let mut asked = notations.into_iter().filter(|(parameter, _)| query.flag(parameter));
        let notation = asked.next();
        if let (Some((first, _)), Some((second, _))) = (notation, asked.next()) {
            return Err(Problem::parameter(
                second.name,
                format!("{} and {} are two notations: ask for one", first.name, second.name),
            ));
        }
        Ok(Self {
            notation: notation.map(|(_, notation)| notation),
            threshold: query.number(&p::POLYGON_THRESHOLD).unwrap_or_default(),
        })
    }

    /// The boundary of a place if it is asked for, no finer than the threshold; else its point.
    pub fn geometry(&self, found: &PlaceMatch) -> Geometry<f64> {
        let [lon, lat] = found.place.point;
        match found.geometry.as_deref().filter(|_| self.notation.is_some()) {
            Some(Geometry::MultiPolygon(polygons)) if self.threshold > 0.0 => {
                Geometry::MultiPolygon(polygons.simplify(self.threshold))
            }
            Some(geometry) => geometry.clone(),
            None => Geometry::Point(Point::new(lon, lat)),
        }
    }
}

/// A geometry as GeoJSON.
pub fn geojson(geometry: &Geometry<f64>) -> Value {
    let mut bytes = Vec::new();
    write_geometry(&mut bytes, geometry, Crs::Crs84);
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// A geometry as well-known text.
pub fn text(geometry: &Geometry<f64>) -> String {
    geometry.wkt_string()
}

/// A geometry as the attributes of an SVG element: `cx` and `cy` of a point, the `d` of a path of everything else.
pub fn svg(geometry: &Geometry<f64>) -> String {
    let mut out = String::new();
    match geometry {
        Geometry::Point(point) => {
            let _ = write!(out, "cx=\"{}\" cy=\"{}\"", point.x(), -point.y());
        }
        Geometry::Polygon(polygon) => svg_polygon(&mut out, polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| svg_polygon(&mut out, polygon)),
        Geometry::LineString(line) => svg_line(&mut out, line, false),
        Geometry::MultiLineString(lines) => lines.iter().for_each(|line| svg_line(&mut out, line, false)),
        // The gazetteer has no others.
        _ => {}
    }
    out
}

fn svg_polygon(out: &mut String, polygon: &Polygon<f64>) {
    svg_line(out, polygon.exterior(), true);
    polygon.interiors().iter().for_each(|ring| svg_line(out, ring, true));
}

fn svg_line(out: &mut String, line: &LineString<f64>, closed: bool) {
    let points = &line.0[..line.0.len() - usize::from(closed && line.0.len() > 1)];
    for (index, Coord { x, y }) in points.iter().enumerate() {
        let command = match index {
            0 if out.is_empty() => "M ",
            0 => " M ",
            1 => " L ",
            _ => " ",
        };
        let _ = write!(out, "{command}{x} {}", -y);
    }
    if closed {
        out.push_str(" Z");
    }
}

/// A geometry as an element of KML.
pub fn kml(geometry: &Geometry<f64>) -> String {
    let mut out = String::new();
    match geometry {
        Geometry::Point(point) => {
            let _ = write!(
                out,
                "<Point><coordinates>{},{}</coordinates></Point>",
                point.x(),
                point.y()
            );
        }
        Geometry::Polygon(polygon) => kml_polygon(&mut out, polygon),
        Geometry::MultiPolygon(polygons) => {
            out.push_str("<MultiGeometry>");
            polygons.iter().for_each(|polygon| kml_polygon(&mut out, polygon));
            out.push_str("</MultiGeometry>");
        }
        Geometry::LineString(line) => kml_line(&mut out, line),
        Geometry::MultiLineString(lines) => {
            out.push_str("<MultiGeometry>");
            lines.iter().for_each(|line| kml_line(&mut out, line));
            out.push_str("</MultiGeometry>");
        }
        // The gazetteer has no others.
        _ => {}
    }
    out
}

fn kml_polygon(out: &mut String, polygon: &Polygon<f64>) {
    out.push_str("<Polygon><outerBoundaryIs>");
    kml_ring(out, polygon.exterior());
    out.push_str("</outerBoundaryIs>");
    for ring in polygon.interiors() {
        out.push_str("<innerBoundaryIs>");
        kml_ring(out, ring);
        out.push_str("</innerBoundaryIs>");
    }
    out.push_str("</Polygon>");
}

fn kml_ring(out: &mut String, ring: &LineString<f64>) {
    out.push_str("<LinearRing>");
    kml_coordinates(out, ring);
    out.push_str("</LinearRing>");
}

fn kml_line(out: &mut String, line: &LineString<f64>) {
    out.push_str("<LineString>");
    kml_coordinates(out, line);
    out.push_str("</LineString>");
}

fn kml_coordinates(out: &mut String, line: &LineString<f64>) {
    out.push_str("<coordinates>");
    for (index, Coord { x, y }) in line.coords().enumerate() {
        let blank = if index == 0 { "" } else { " " };
        let _ = write!(out, "{blank}{x},{y}");
    }
    out.push_str("</coordinates>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_polygon_with_a_hole_is_written_in_each_notation() {
        let square = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 0.0)],
            interiors: [[(x: 2.0, y: 1.0), (x: 3.0, y: 1.0), (x: 3.0, y: 2.0), (x: 2.0, y: 1.0)]]
        );
        let square = Geometry::MultiPolygon(vec![square].into());
        assert_eq!(svg(&square), "M 0 -0 L 4 -0 4 -4 Z M 2 -1 L 3 -1 3 -2 Z");
        assert_eq!(
            kml(&square),
            "<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 0,0</coordinates></LinearRing>\
             </outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>2,1 3,1 3,2 2,1</coordinates></LinearRing>\
             </innerBoundaryIs></Polygon></MultiGeometry>"
        );
        assert!(text(&square).starts_with("MULTIPOLYGON(((0 0,4 0"), "{}", text(&square));
        assert_eq!(geojson(&square)["type"], "MultiPolygon");
        let point = Geometry::Point(Point::new(44.5, 35.25));
        assert_eq!(svg(&point), "cx=\"44.5\" cy=\"-35.25\"");
        assert_eq!(kml(&point), "<Point><coordinates>44.5,35.25</coordinates></Point>");
    }
}
