//! Vector files of three kinds (GeoJSON, Shapefile, GeoPackage), each read as the text of a GeoJSON collection.

mod geopackage;
mod shapefile;

use super::{CompileError, boundaries::SourceFile, source::read_text};
use geo::{Contains, Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

pub use geopackage::tables;

/// One set of features: a file, or a table of a GeoPackage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dataset {
    /// The file.
    pub path: PathBuf,
    /// The table, in a GeoPackage.
    pub table: Option<String>,
}

/// True if a file of this name may contain features; names in lower case.
pub fn is_vector(name: &str) -> bool {
    is_geojson(name) || name.ends_with(".shp")
}

/// True if a file of this name is GeoJSON; names in lower case.
pub fn is_geojson(name: &str) -> bool {
    name.ends_with(".geojson") || name.ends_with(".json")
}

impl Dataset {
    /// A whole file.
    pub fn file(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            table: None,
        }
    }

    /// The features as GeoJSON, with the name to use in messages.
    ///
    /// # Errors
    /// A file that cannot be read, with the row where there is one.
    pub fn read(&self) -> Result<SourceFile, CompileError> {
        let name = self.path.display().to_string();
        if let Some(table) = &self.table {
            let text = geopackage::read(&self.path, table)?;
            return Ok(SourceFile {
                name: format!("{name}, table {table}"),
                text,
            });
        }
        let is_shapefile = self
            .path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("shp"));
        let text = if is_shapefile {
            shapefile::read(&self.path)?
        } else {
            read_text(&self.path)?
        };
        Ok(SourceFile { name, text })
    }
}

/// One feature of a collection that is being written.
fn feature(properties: Map<String, Value>, geometry: Option<MultiPolygon<f64>>) -> Value {
    let geometry = geometry.map(|polygons| geojson::Geometry::from(&polygons));
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn collection(features: Vec<Value>) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Polygons from a list of shells and a list of holes, each hole in the shell that contains it.
fn polygons(shells: Vec<Vec<Coord<f64>>>, holes: Vec<Vec<Coord<f64>>>) -> MultiPolygon<f64> {
    let shells = shells
        .into_iter()
        .map(|ring| Polygon::new(LineString(ring), Vec::new()));
    let mut polygons: Vec<Polygon<f64>> = shells.collect();
    for hole in holes {
        let holds = |polygon: &&mut Polygon<f64>| {
            let shell = Polygon::new(polygon.exterior().clone(), Vec::new());
            hole.iter().any(|corner| shell.contains(corner))
        };
        // A hole in no shell becomes a ring of its own; the check of the polygons reports it.
        match polygons.iter_mut().find(holds) {
            Some(polygon) => polygon.interiors_push(LineString(hole)),
            None => polygons.push(Polygon::new(LineString(hole), Vec::new())),
        }
    }
    MultiPolygon(polygons)
}
