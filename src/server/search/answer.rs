//! Places in the five formats of Nominatim's answers.

use super::{
    shape::{self, Notation},
    xml,
};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    layers::Bounds,
    server::{
        jsonp,
        parameter::Query,
        parameters as p,
        problem::Problem,
        request_context::RequestContext,
        respond::{Answer, media},
        services::PlaceMatch,
        state::App,
    },
};
use axum::response::Response;
use serde_json::{Map, Value, json};

/// The resource that answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// `/search`
    Search,
    /// `/reverse`
    Reverse,
    /// `/lookup`
    Lookup,
}

/// A request with everything that its answer depends on beside the places.
pub struct Answering<'a, 'q> {
    /// The server.
    pub app: &'a App,
    /// The request.
    pub ask: &'a RequestContext,
    /// Its parameters.
    pub query: &'a Query<'q>,
    /// The resource.
    pub operation: Operation,
    /// Language of names.
    pub language: Language,
    /// The side whose governorates and names are given, if one was asked for.
    pub worldview: Option<&'a str>,
    /// How geometries are written.
    pub shape: shape::PolygonOptions,
    /// The function that a script calls with the answer.
    pub callback: Option<String>,
}

impl Answering<'_, '_> {
    /// The answer with these places.
    ///
    /// # Errors
    /// A callback for a format that is not JSON.
    pub fn send(&self, mut found: Vec<PlaceMatch>) -> Result<Response, Problem> {
        if let Some(worldview) = self.worldview {
            found
                .iter_mut()
                .for_each(|found| self.app.services.places.see(found, worldview));
        }
        // `format` is Nominatim's name for `f` and wins over it.
        let format = self.query.text(&p::FORMAT).or_else(|| self.query.text(&p::F_PARSE));
        let value = match format {
            Some("xml") if self.callback.is_some() => {
                return Err(Problem::parameter(
                    p::JSON_CALLBACK.name,
                    "json_callback needs a format that is JSON",
                ));
            }
            Some("xml") => {
                let body = xml::write(self, &found).into_bytes();
                return Ok(Answer::new(media::XML, body).send(&self.ask.headers));
            }
            Some("geojson" | "geocodejson") if self.is_missing(&found) => error(),
            Some("geojson") => self.geojson(&found),
            Some("geocodejson") => self.geocodejson(&found),
            _ if self.is_missing(&found) => error(),
            _ if self.operation == Operation::Reverse => self.place(&found[0]),
            _ => found.iter().map(|found| self.place(found)).collect(),
        };
        let is_geojson = matches!(format, Some("geojson" | "geocodejson")) && value.get("error").is_none();
        Ok(match (self.callback.as_deref(), is_geojson) {
            (Some(callback), _) => jsonp::answer(&value, Some(callback)),
            (None, true) => Answer::json_as(media::GEOJSON, &value),
            (None, false) => Answer::json(&value),
        }
        .send(&self.ask.headers))
    }

    /// True where Nominatim answers 200 with an error, which its clients look for.
    pub fn is_missing(&self, found: &[PlaceMatch]) -> bool {
        self.operation == Operation::Reverse && found.is_empty()
    }

    /// True if the parts of the address belong to the answer: positions have them unless they are declined.
    pub fn has_address(&self) -> bool {
        match self.query.text(&p::ADDRESSDETAILS) {
            Some(_) => self.query.flag(&p::ADDRESSDETAILS),
            None => self.operation == Operation::Reverse,
        }
    }

    fn geojson(&self, found: &[PlaceMatch]) -> Value {
        let feature = |found: &PlaceMatch| {
            json!({
                "type": "Feature",
                "id": found.place.id,
                "properties": self.common(found),
                "bbox": bounds_of(found),
                "geometry": shape::geojson(&self.shape.geometry(found)),
            })
        };
        json!({
            "type": "FeatureCollection",
            "licence": self.app.about.attribution,
            "features": found.iter().map(feature).collect::<Vec<Value>>(),
        })
    }

    /// GeocodeJSON 0.1.0, with the names that Nominatim gives its members.
    fn geocodejson(&self, found: &[PlaceMatch]) -> Value {
        let feature = |found: &PlaceMatch| {
            let place = &found.place;
            let mut members = Map::new();
            let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
            add("place_id", place.id.as_str().into());
            add("osm_key", category(place.level).into());
            add("osm_value", place.level.word().into());
            add("type", geocode_type(place.level).into());
            add("label", display_name(found, self.language).into());
            add("name", place.names.preferred().best(self.language).into());
            if self.has_address() {
                let Value::Object(address) = address(found, self.language) else {
                    return Value::Null;
                };
                for (name, value) in address {
                    // The place's own part is its name already; Nominatim has no municipality here.
                    let name = if name == "municipality" {
                        "district".to_owned()
                    } else {
                        name
                    };
                    members.entry(name).or_insert(value);
                }
            }
            members.insert("mahwar".to_owned(), own(found));
            json!({
                "type": "Feature",
                "properties": {"geocoding": members},
                "geometry": shape::geojson(&self.shape.geometry(found)),
            })
        };
        let mut geocoding = json!({
            "version": "0.1.0",
            "attribution": self.app.about.attribution,
            "licence": self.app.about.attribution,
        });
        geocoding["query"] = self.query.text(&p::SEARCH_Q).unwrap_or_default().into();
        json!({
            "type": "FeatureCollection",
            "geocoding": geocoding,
            "features": found.iter().map(feature).collect::<Vec<Value>>(),
        })
    }

    /// A place in Nominatim's `jsonv2`, or in `json`, which has another name for its category.
    fn place(&self, found: &PlaceMatch) -> Value {
        let mut value = Map::new();
        value.insert("place_id".to_owned(), found.place.id.as_str().into());
        value.insert("licence".to_owned(), self.app.about.attribution.as_str().into());
        value.insert("lat".to_owned(), decimal(found.place.point[1]).into());
        value.insert("lon".to_owned(), decimal(found.place.point[0]).into());
        for (name, member) in self.common(found) {
            let name = match name.as_str() {
                "category" if self.query.text(&p::FORMAT) == Some("json") => "class".to_owned(),
                _ => name,
            };
            value.insert(name, member);
        }
        value.insert("boundingbox".to_owned(), json!(bounding_box(found)));
        if let Some(notation) = self.shape.notation {
            let geometry = self.shape.geometry(found);
            let (name, member) = match notation {
                Notation::GeoJson => ("geojson", shape::geojson(&geometry)),
                Notation::Text => ("geotext", shape::text(&geometry).into()),
                Notation::Svg => ("svg", shape::svg(&geometry).into()),
                Notation::Kml => ("geokml", shape::kml(&geometry).into()),
            };
            value.insert(name.to_owned(), member);
        }
        Value::Object(value)
    }

    /// The members that `json`, `jsonv2` and `geojson` share.
    fn common(&self, found: &PlaceMatch) -> Map<String, Value> {
        let place = &found.place;
        let value = json!({
            "place_id": place.id,
            "osm_type": null,
            "osm_id": null,
            "category": category(place.level),
            "type": place.level,
            "place_rank": rank(place.level),
            "importance": found.importance,
            "addresstype": place.level,
            "name": place.names.preferred().best(self.language),
            "display_name": display_name(found, self.language),
            "mahwar": own(found),
        });
        let Value::Object(mut members) = value else {
            return Map::new();
        };
        if self.has_address() {
            members.insert("address".to_owned(), address(found, self.language));
        }
        if self.query.flag(&p::EXTRATAGS) {
            members.insert("extratags".to_owned(), extra_tags(place));
        }
        if self.query.flag(&p::NAMEDETAILS) {
            members.insert("namedetails".to_owned(), name_details(place));
        }
        members
    }
}

fn error() -> Value {
    json!({"error": "Unable to geocode"})
}

/// Degrees with seven decimals, as Nominatim writes them.
pub fn decimal(degrees: f64) -> String {
    format!("{degrees:.7}")
}

/// South, north, west, east, as Nominatim orders them.
pub fn bounding_box(found: &PlaceMatch) -> [String; 4] {
    let Bounds([west, south, east, north]) = bounds_of(found);
    [south, north, west, east].map(decimal)
}

fn bounds_of(found: &PlaceMatch) -> Bounds {
    let [lon, lat] = found.place.point;
    found.bounds.unwrap_or(Bounds([lon, lat, lon, lat]))
}

/// The members that Nominatim does not have.
fn own(found: &PlaceMatch) -> Value {
    let place = &found.place;
    let mut value = json!({
        "id": place.id,
        "names": place.names.preferred(),
        "level": place.level,
        "kind": place.kind,
        "foreign": place.foreign,
        "derived": place.derived,
        "matched": found.matched,
        "reason": found.reason,
        "same_as": place.same_as,
        "disputed": found.disputed.is_some(),
    });
    if let Some(dispute) = &found.disputed {
        value["dispute"] = json!({
            "id": dispute.pcode,
            "listed_name": dispute.listed_name,
            "claimed_by": dispute.claimed_by,
            "status": dispute.status,
            "source": dispute.source,
        });
    }
    value
}

/// The kind of a place in GeocodeJSON.
fn geocode_type(level: Level) -> &'static str {
    match level {
        Level::Country => "country",
        Level::Region | Level::Governorate => "state",
        Level::District => "county",
        Level::Settlement => "city",
        Level::Subdistrict | Level::Neighbourhood => "district",
        Level::Road => "street",
        Level::Site => "house",
        _ => "locality",
    }
}

/// The key of OpenStreetMap under which a place of this level stands.
pub fn category(level: Level) -> &'static str {
    match level {
        _ if level.is_administrative() => "boundary",
        Level::Settlement | Level::Neighbourhood => "place",
        Level::Road => "highway",
        Level::Site => "building",
        _ => "natural",
    }
}

/// The name of a place, followed by the names of the places that contain it.
pub fn display_name(found: &PlaceMatch, language: Language) -> String {
    let mut names: Vec<String> = Vec::new();
    for place in std::iter::once(&found.place).chain(&found.parents) {
        let preferred = place.names.preferred();
        let name = preferred.best(language);
        if !name.is_empty() && names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
    }
    let comma = if language == Language::English { ", " } else { "، " };
    names.join(comma)
}

/// Identifiers in other datasets, population and kind, in the keys of OpenStreetMap. All values are texts, as there.
pub fn extra_tags(place: &Place) -> Value {
    let mut tags = Map::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            tags.insert(name.to_owned(), value.into());
        }
    };
    let same = &place.same_as;
    add("wikidata", same.codes.wikidata.clone());
    add("ISO3166-2", same.codes.iso3166_2.clone());
    add("ref:pcode", same.codes.pcode.clone());
    add("ref:geonames", same.geonames.map(|id| id.to_string()));
    add("ref:whosonfirst", same.wof.map(|id| id.to_string()));
    add("population", place.population.map(|number| number.to_string()));
    add("place", Some(place.kind.to_string()));
    Value::Object(tags)
}

/// Nominatim's scale from 4 for a country to 30 for a house.
pub fn rank(level: Level) -> u8 {
    match level {
        Level::Country => 4,
        Level::Region => 6,
        Level::Governorate => 8,
        Level::District => 12,
        Level::Subdistrict => 14,
        Level::Settlement => 16,
        Level::Neighbourhood => 20,
        Level::Road => 26,
        Level::Site => 30,
        Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area => 18,
    }
}

/// Names of the parts of the address.
pub fn address(found: &PlaceMatch, language: Language) -> Value {
    let mut address = Map::new();
    for place in std::iter::once(&found.place).chain(&found.parents) {
        let key = match place.level {
            Level::Settlement => "city",
            Level::Governorate => "state",
            Level::District => "county",
            Level::Subdistrict => "municipality",
            level => level.word(),
        };
        let preferred = place.names.preferred();
        address.entry(key).or_insert_with(|| preferred.best(language).into());
        if place.level == Level::Country {
            address
                .entry("country_code")
                .or_insert_with(|| place.id.to_lowercase().as_str().into());
        }
    }
    Value::Object(address)
}

/// All names by language.
pub fn name_details(place: &Place) -> Value {
    let mut details = Map::new();
    for language in Language::ALL {
        let mut names = place.names.of(language);
        if let Some(first) = names.next() {
            details.insert(format!("name:{language}"), first.into());
        }
        let others: Vec<&str> = names.collect();
        if !others.is_empty() {
            details.insert(format!("alt_name:{language}"), others.join(";").into());
        }
    }
    Value::Object(details)
}
