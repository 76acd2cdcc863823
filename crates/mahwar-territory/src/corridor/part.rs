//! Parts cut out of a line or laid along it, as GeoJSON: a slice, a strip, posts, crossings with rivers.

use super::{
    Corridors, LocateError,
    profile::units_beside,
    report::{METHOD, rounded},
};
use crate::{geodesy, language::Trilingual, territory::Boundaries};
use geo::{Geometry, MultiLineString};
use serde_json::{Map, Value, json};

/// A part that can be requested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// The line between two chainages in kilometres; to its end where there is no second one.
    Slice {
        /// Where it begins.
        from_km: f64,
        /// Where it ends.
        to_km: Option<f64>,
    },
    /// Everything within a distance in kilometres of the line.
    Strip {
        /// Kilometres on each side.
        half_width_km: f64,
    },
    /// A post at every step in kilometres; by default the step of `corridor.toml`.
    Posts {
        /// Kilometres from one to the next.
        every_km: Option<f64>,
    },
    /// Where rivers cross it.
    Crossings,
}

/// A river that may cross the line.
#[derive(Clone, Debug)]
pub struct River {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Trilingual,
    /// Where its line is from.
    pub source: String,
    /// Its line.
    pub line: MultiLineString<f64>,
}

impl Corridors {
    /// A part of the line of a definition, or of the default one: a GeoJSON feature or feature collection.
    pub fn part(
        &self,
        id: Option<&str>,
        part: Part,
        land: &Boundaries,
        rivers: &[River],
    ) -> Result<Value, LocateError> {
        Ok(match part {
            Part::Slice { from_km, to_km } => self.slice(id, from_km, to_km)?,
            Part::Strip { half_width_km } => self.strip(id, half_width_km)?,
            Part::Posts { every_km } => self.posts_every(id, every_km, land)?,
            Part::Crossings => self.crossings(id, land, rivers)?,
        })
    }

    fn slice(&self, id: Option<&str>, from_km: f64, to_km: Option<f64>) -> Result<Value, LocateError> {
        let line = self.line(id)?;
        let to_km = to_km.unwrap_or_else(|| line.length_km());
        let slice = line.slice_km(from_km, to_km)?;
        let properties = json!({
            "definition": line.id, "from_km": from_km, "to_km": rounded(to_km, 6),
            "length_km": rounded(to_km - from_km, 6), "method": METHOD,
        });
        Ok(feature(None, slice.into(), properties))
    }

    fn strip(&self, id: Option<&str>, half_width_km: f64) -> Result<Value, LocateError> {
        let line = self.line(id)?;
        let strip = line.strip(half_width_km)?;
        let properties = json!({
            "definition": line.id, "half_width_km": half_width_km,
            "area_km2": rounded(geodesy::area_km2(&strip), 1), "method": METHOD,
        });
        Ok(feature(None, strip.into(), properties))
    }

    fn posts_every(&self, id: Option<&str>, every_km: Option<f64>, land: &Boundaries) -> Result<Value, LocateError> {
        let line = self.line(id)?;
        let every_km = every_km.unwrap_or(self.definitions().posts_every_km);
        let every_km = geodesy::checked("every_km", every_km, 0.1, 1000.0)?;
        let posts = line.posts(every_km).into_iter().map(|station| {
            let km = rounded(station.chainage_m / 1000.0, 3);
            let [left, right] = units_beside(land, station.sides);
            let properties = json!({"definition": line.id, "km": km, "left": left, "right": right});
            feature(
                Some(format!("km-{km}")),
                geo::Point::from(station.point).into(),
                properties,
            )
        });
        Ok(collection(&line.id, posts.collect(), Map::new()))
    }

    fn crossings(&self, id: Option<&str>, land: &Boundaries, rivers: &[River]) -> Result<Value, LocateError> {
        let line = self.line(id)?;
        let found = line.crossings(rivers.iter().map(|river| (river.id.as_str(), &river.line)));
        let crossings = found.into_iter().map(|crossing| {
            let [left, right] = units_beside(land, line.at_m(crossing.chainage_km * 1000.0).sides);
            let river = rivers.iter().find(|river| river.id == crossing.id);
            let chainage_km = rounded(crossing.chainage_km, 3);
            let properties = json!({
                "definition": line.id, "river": crossing.id, "name": river.map(|river| &river.name),
                "chainage_km": chainage_km, "left": left, "right": right,
                "source": river.map(|river| &river.source),
            });
            let point = crossing.point.map(|degrees| rounded(degrees, 6));
            let id = format!("{}-{chainage_km}", crossing.id);
            feature(Some(id), geo::Point::from(point).into(), properties)
        });
        // The list of tested rivers distinguishes a river that does not cross from one that is not in the data.
        let held: Vec<Value> = rivers
            .iter()
            .map(|river| json!({"id": river.id, "name": river.name, "source": river.source}))
            .collect();
        let more = Map::from_iter([("rivers".to_owned(), json!(held))]);
        Ok(collection(&line.id, crossings.collect(), more))
    }
}

fn feature(id: Option<String>, geometry: Geometry<f64>, properties: Value) -> Value {
    let geometry = geojson::Geometry::from(&geometry);
    let mut feature = json!({"type": "Feature", "geometry": geometry, "properties": properties});
    if let Some(id) = id {
        feature["id"] = id.into();
    }
    feature
}

fn collection(definition: &str, features: Vec<Value>, more: Map<String, Value>) -> Value {
    let mut collection = json!({"type": "FeatureCollection", "definition": definition, "method": METHOD});
    for (key, value) in more {
        collection[key] = value;
    }
    collection["features"] = features.into();
    collection
}
