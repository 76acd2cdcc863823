//! What is known of a place, as properties: to fetch as columns, and to tell namesakes apart by.

use crate::{
    gazetteer::{Level, Place, name_key},
    language::Language,
    server::{
        problem::echo,
        services::{Found, SearchQuery},
        state::App,
        work,
    },
};
use serde_json::{Value, json};

/// A property of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Name(Language),
    OtherNames,
    Level,
    Kind,
    /// Whatever contains the place, nearest first.
    Parent,
    /// The unit of a level that contains it.
    Unit(Level),
    Longitude,
    Latitude,
    Population,
    Pcode,
    Wof,
    GeoNames,
    Wikidata,
    Iso,
}

impl Property {
    /// Every property, in the order in which they are proposed.
    pub(super) const ALL: [Self; 20] = [
        Self::Name(Language::Arabic),
        Self::Name(Language::Sorani),
        Self::Name(Language::English),
        Self::OtherNames,
        Self::Level,
        Self::Kind,
        Self::Parent,
        Self::Unit(Level::Country),
        Self::Unit(Level::Region),
        Self::Unit(Level::Governorate),
        Self::Unit(Level::District),
        Self::Unit(Level::Subdistrict),
        Self::Longitude,
        Self::Latitude,
        Self::Population,
        Self::Pcode,
        Self::Wof,
        Self::GeoNames,
        Self::Wikidata,
        Self::Iso,
    ];

    pub(super) fn id(self) -> String {
        match self {
            Self::Name(language) => format!("name:{language}"),
            Self::OtherNames => "alt_name".to_owned(),
            Self::Level => "level".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Parent => "parent".to_owned(),
            Self::Unit(level) => level.word().to_owned(),
            Self::Longitude => "lon".to_owned(),
            Self::Latitude => "lat".to_owned(),
            Self::Population => "population".to_owned(),
            Self::Pcode => "pcode".to_owned(),
            Self::Wof => "wof".to_owned(),
            Self::GeoNames => "geonames".to_owned(),
            Self::Wikidata => "wikidata".to_owned(),
            Self::Iso => "iso3166_2".to_owned(),
        }
    }

    /// For people.
    pub(super) fn name(self) -> String {
        match self {
            Self::Name(language) => format!("Name ({language})"),
            Self::OtherNames => "Other names".to_owned(),
            Self::Parent => "Contained in".to_owned(),
            Self::Longitude => "Longitude (WGS 84, degrees)".to_owned(),
            Self::Latitude => "Latitude (WGS 84, degrees)".to_owned(),
            Self::Pcode => "OCHA p-code".to_owned(),
            Self::Wof => "Who's On First id".to_owned(),
            Self::GeoNames => "GeoNames id".to_owned(),
            Self::Wikidata => "Wikidata item".to_owned(),
            Self::Iso => "ISO 3166-2 code".to_owned(),
            other => {
                let id = other.id();
                let (first, rest) = id.split_at(1);
                format!("{}{rest}", first.to_ascii_uppercase())
            }
        }
    }

    /// As the protocol writes it.
    pub(super) fn json(self) -> Value {
        json!({"id": self.id(), "name": self.name()})
    }

    /// The property with this id, or which there are.
    pub(super) fn from_id(id: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|property| property.id() == id)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::id).join(", ");
                format!("property {:?} is not known; properties are {known}", echo(id))
            })
    }

    /// The type of its values, when they are places of one level.
    pub(super) fn level(self) -> Option<Level> {
        match self {
            Self::Unit(level) => Some(level),
            _ => None,
        }
    }

    /// Its values, each as the protocol writes a cell.
    pub(super) fn cells(self, found: &Found, language: Language) -> Vec<Value> {
        let units = |wanted: &dyn Fn(&Place) -> bool| -> Vec<Value> {
            let units = found.parents.iter().filter(|unit| wanted(unit));
            units.map(|unit| entity(unit, language)).collect()
        };
        match self {
            Self::Parent => units(&|_| true),
            Self::Unit(level) => units(&|unit| unit.level == level),
            Self::Longitude => vec![json!({"float": found.place.point[0]})],
            Self::Latitude => vec![json!({"float": found.place.point[1]})],
            Self::Population => found
                .place
                .population
                .iter()
                .map(|number| json!({"int": number}))
                .collect(),
            _ => self
                .texts(&found.place)
                .into_iter()
                .map(|text| json!({"str": text}))
                .collect(),
        }
    }

    /// Its values as texts.
    fn texts(self, place: &Place) -> Vec<String> {
        let same = &place.same_as;
        let one = |text: Option<String>| text.into_iter().collect();
        match self {
            Self::Name(language) => one(place.names.first(language).map(str::to_owned)),
            Self::OtherNames => {
                let names = Language::ALL.into_iter();
                names
                    .flat_map(|language| place.names.of(language).skip(1).map(str::to_owned))
                    .collect()
            }
            Self::Level => vec![place.level.word().to_owned()],
            Self::Kind => one(Some(place.kind.to_string()).filter(|kind| !kind.is_empty())),
            Self::Pcode => one(same.codes.pcode.clone()),
            Self::Wof => one(same.wof.map(|id| id.to_string())),
            Self::GeoNames => one(same.geonames.map(|id| id.to_string())),
            Self::Wikidata => one(same.codes.wikidata.clone()),
            Self::Iso => one(same.codes.iso3166_2.clone()),
            Self::Population => one(place.population.map(|number| number.to_string())),
            Self::Longitude | Self::Latitude | Self::Parent | Self::Unit(_) => Vec::new(),
        }
    }
}

fn entity(place: &Place, language: Language) -> Value {
    let names = place.names.preferred();
    let name = Some(names.best(language)).filter(|name| !name.is_empty());
    json!({"id": place.id, "name": name.unwrap_or(&place.id)})
}

/// A property that a candidate must have.
pub(super) enum Constraint {
    /// It lies in, or is, one of these.
    Within(Vec<String>),
    /// It has one of these texts, compared as names are.
    Text(Property, Vec<String>),
    /// Its longitude (0) or latitude (1) is near one of these.
    Near(usize, Vec<f64>),
}

/// How far off a position may be, in degrees: about ten kilometres.
const NEAR: f64 = 0.1;
/// How many units of one name are considered.
const NAMESAKES: usize = 50;

impl Constraint {
    /// Reads a property and its value or values: texts, numbers, places that were matched before.
    pub(super) fn read(app: &App, id: &str, value: &Value, language: Language) -> Result<Self, String> {
        let property = Property::from_id(id)?;
        let given: Vec<&Value> = match value {
            Value::Array(list) => list.iter().collect(),
            one => vec![one],
        };
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Object(_) => value["id"]
                .as_str()
                .or_else(|| value["name"].as_str())
                .map(str::to_owned),
            _ => None,
        };
        let texts: Option<Vec<String>> = given.into_iter().map(text).collect();
        let texts = texts.ok_or_else(|| format!("v of {id} is a text, a number, true or false, or {{\"id\": …}}"))?;
        Ok(match property {
            Property::Parent => Self::Within(units(app, &texts, &[], language)),
            Property::Unit(level) => Self::Within(units(app, &texts, &[level], language)),
            Property::Longitude | Property::Latitude => {
                let numbers: Result<_, _> = texts.iter().map(|text| text.parse()).collect();
                let numbers = numbers.map_err(|_| format!("v of {id} is a number of degrees"))?;
                Self::Near(usize::from(property == Property::Latitude), numbers)
            }
            other => Self::Text(other, texts.iter().map(|text| name_key(text)).collect()),
        })
    }

    /// Whether a place has it.
    pub(super) fn fits(&self, place: &Place) -> bool {
        match self {
            Self::Within(ids) => {
                ids.iter().any(|id| *id == place.id) || place.parents.iter().any(|parent| ids.contains(parent))
            }
            Self::Text(property, keys) => property.texts(place).iter().any(|text| keys.contains(&name_key(text))),
            Self::Near(axis, numbers) => numbers.iter().any(|number| (place.point[*axis] - number).abs() <= NEAR),
        }
    }
}

/// The ids of the units that texts name, by id or by name.
fn units(app: &App, texts: &[String], levels: &[Level], language: Language) -> Vec<String> {
    let places = &app.services.places;
    let mut ids = Vec::new();
    let budget = work::budget();
    for text in texts {
        // The batch is answered 503 then, before its next query.
        if budget.check().is_err() {
            break;
        }
        let by_id = places.lookup(&[text]);
        let found = if by_id.is_empty() {
            let asked = SearchQuery {
                text,
                language,
                limit: NAMESAKES,
                viewbox: None,
                bounded: false,
                levels,
            };
            let mut found = places.search(&asked);
            found.retain(Found::has_the_name);
            found
        } else {
            by_id
        };
        ids.extend(found.into_iter().map(|found| found.place.id.into()));
    }
    ids
}
