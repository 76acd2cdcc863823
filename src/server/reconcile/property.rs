//! Properties of a place: to fetch as columns, and to distinguish namesakes.

use crate::{
    gazetteer::{Level, Place, Reason, name_key},
    language::Language,
    server::{
        problem::echo,
        services::{PlaceMatch, SearchQuery},
        state::App,
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
    /// Any containing unit, nearest first.
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
    pub(super) fn cells(self, found: &PlaceMatch, language: Language) -> Vec<Value> {
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

/// Whether a place has a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It has it.
    Certain,
    /// It has it if the value was misspelt.
    Likely,
    /// It has it not, or the value means nothing here.
    Unfit,
}

/// A property that a candidate should have.
pub(super) enum Constraint {
    /// It lies in, or is, one of these; with [`Fit::Likely`] where their names were misspelt.
    Within(Vec<String>, Fit),
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
    /// Reads a property and its value or values: texts, numbers, places that were matched before. Nothing where the
    /// property is not known, or no value is given that can be read.
    pub(super) fn read(app: &App, id: &str, value: &Value, language: Language) -> Option<Self> {
        let property = Property::from_id(id).ok()?;
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
        let texts: Vec<String> = given
            .into_iter()
            .filter_map(text)
            .filter(|text| !text.is_empty())
            .collect();
        if texts.is_empty() {
            return None;
        }
        Some(match property {
            Property::Parent => Self::within(app, &texts, &[], language),
            Property::Unit(level) => Self::within(app, &texts, &[level], language),
            Property::Longitude | Property::Latitude => {
                let numbers: Vec<f64> = texts.iter().filter_map(|text| degrees(text)).collect();
                if numbers.is_empty() {
                    return None;
                }
                Self::Near(usize::from(property == Property::Latitude), numbers)
            }
            other => Self::Text(other, texts.iter().map(|text| name_key(text)).collect()),
        })
    }

    /// The units that texts name: by id, by code, by name, by a name nearly so, and at last at any level.
    fn within(app: &App, texts: &[String], levels: &[Level], language: Language) -> Self {
        let (mut ids, mut fit) = (Vec::new(), Fit::Certain);
        for text in texts {
            let (found, how) = units(app, text, levels, language);
            if how != Fit::Certain {
                fit = how;
            }
            ids.extend(found);
        }
        Self::Within(ids, fit)
    }

    /// Whether a place has it.
    pub(super) fn fit(&self, place: &Place) -> Fit {
        let certain = |fits: bool| if fits { Fit::Certain } else { Fit::Unfit };
        match self {
            Self::Within(ids, fit) => {
                let lies =
                    ids.iter().any(|id| *id == place.id) || place.parents.iter().any(|parent| ids.contains(parent));
                if lies { *fit } else { Fit::Unfit }
            }
            Self::Text(property, keys) => {
                certain(property.texts(place).iter().any(|text| keys.contains(&name_key(text))))
            }
            Self::Near(axis, numbers) => {
                certain(numbers.iter().any(|number| (place.point[*axis] - number).abs() <= NEAR))
            }
        }
    }
}

/// A number of degrees, with a point or a comma.
fn degrees(text: &str) -> Option<f64> {
    let number: f64 = text.trim_end_matches('°').replacen(',', ".", 1).parse().ok()?;
    number.is_finite().then_some(number)
}

/// The ids of the units that a text names, and how sure that is.
fn units(app: &App, text: &str, levels: &[Level], language: Language) -> (Vec<String>, Fit) {
    let places = &app.services.places;
    let ids = |found: Vec<PlaceMatch>| {
        found
            .into_iter()
            .map(|found| found.place.id.into())
            .collect::<Vec<String>>()
    };
    let by_id = places.lookup(&[text]);
    if !by_id.is_empty() {
        return (ids(by_id), Fit::Certain);
    }
    let has_code = |place: &&Place| {
        let codes = &place.same_as.codes;
        [&codes.pcode, &codes.iso3166_2, &codes.wikidata]
            .into_iter()
            .flatten()
            .any(|code| code.eq_ignore_ascii_case(text))
    };
    let coded: Vec<String> = (places.all().iter().filter(has_code))
        .map(|place| place.id.to_string())
        .collect();
    if !coded.is_empty() {
        return (coded, Fit::Certain);
    }
    let search = |levels: &[Level]| {
        places.search(&SearchQuery {
            text,
            language,
            limit: NAMESAKES,
            viewbox: None,
            bounded: false,
            levels,
        })
    };
    let found = search(levels);
    let (named, near): (Vec<PlaceMatch>, Vec<PlaceMatch>) = found.into_iter().partition(PlaceMatch::has_the_name);
    if !named.is_empty() {
        return (ids(named), Fit::Certain);
    }
    let mut near = near;
    near.retain(|found| found.reason == Reason::Near(1).to_string());
    near.truncate(1);
    if !near.is_empty() || levels.is_empty() {
        return (ids(near), Fit::Likely);
    }
    // "Iraq" in a column of governorates: the wrong column, but true of the places in it.
    let mut elsewhere = search(&[]);
    elsewhere.retain(|found| found.has_the_name() && found.place.level.is_administrative());
    (ids(elsewhere), Fit::Likely)
}
