//! The subject of a search, and the limits on levels and area.

use super::{MAX_CANDIDATES, coordinates::Coordinates};
use crate::{
    gazetteer::Level,
    language::Language,
    layers::Bounds,
    server::{
        crs::Crs,
        parameter::{Parameter, Query},
        parameters as p,
        problem::Problem,
        selection,
        services::{PlaceMatch, SearchQuery},
        state::App,
    },
};

/// The subject of a search.
pub enum SearchSubject<'q> {
    /// A free text: a name, coordinates, or a code.
    Free(&'q str),
    /// The parts of an address with the levels that they can have, finest first.
    Parts(Vec<(&'q str, &'static [Level])>),
}

impl<'q> SearchSubject<'q> {
    /// Reads `q` or the parts of an address.
    ///
    /// # Errors
    /// Neither, both, or an empty text.
    pub fn read(query: &'q Query<'_>) -> Result<Self, Problem> {
        // Finest first: a part is looked for within those after it.
        let parts: [(&Parameter, &[Level]); 7] = [
            (&p::POSTALCODE, &[]),
            (&p::AMENITY, &[Level::Site]),
            (&p::STREET, &[Level::Road]),
            (&p::CITY, &[Level::Settlement, Level::Neighbourhood]),
            (&p::COUNTY, &[Level::District, Level::Subdistrict]),
            (&p::STATE, &[Level::Governorate, Level::Region]),
            (&p::COUNTRY, &[Level::Country]),
        ];
        let given: Vec<_> = parts
            .into_iter()
            .filter_map(|(parameter, levels)| Some((parameter, query.text(parameter)?, levels)))
            .collect();
        match (query.text(&p::SEARCH_Q), given.first()) {
            (Some(_), Some((parameter, ..))) => Err(Problem::parameter(
                parameter.name,
                format!("{} and q are two ways to ask: take one", parameter.name),
            )),
            (Some(text), None) if text.trim().is_empty() => Err(p::SEARCH_Q.wrong(text).into()),
            (Some(text), None) => Ok(Self::Free(text)),
            (None, None) => Err(Problem::parameter(
                p::SEARCH_Q.name,
                "q is required, or parts of an address: amenity, street, city, county, state, country, postalcode",
            )),
            (None, Some(_)) => Ok(Self::Parts(
                given.into_iter().map(|(_, text, levels)| (text, levels)).collect(),
            )),
        }
    }

    /// True for the parts of an address.
    pub fn has_parts(&self) -> bool {
        matches!(self, Self::Parts(_))
    }

    /// Finds the places: coordinates by their position, codes by id, everything else by `search`.
    pub fn search(&self, app: &App, search: impl Fn(&str, &[Level]) -> Vec<PlaceMatch>) -> Vec<PlaceMatch> {
        let parts = match self {
            Self::Free(text) => {
                if let Some(position) = Coordinates::parse(text) {
                    return at_position(app, position);
                }
                let by_code = match is_code(text) {
                    true => app.services.places.lookup(&[text.trim()]),
                    false => Vec::new(),
                };
                return if by_code.is_empty() { search(text, &[]) } else { by_code };
            }
            Self::Parts(parts) => parts,
        };
        let [(text, levels), around @ ..] = parts.as_slice() else {
            return Vec::new();
        };
        // The gazetteer has no postal codes, so none can be found.
        if levels.is_empty() {
            return Vec::new();
        }
        let mut found = search(text, levels);
        for (text, levels) in around {
            let units = app.services.places.search(&SearchQuery {
                text,
                language: Language::default(),
                limit: MAX_CANDIDATES,
                viewbox: None,
                bounded: false,
                levels,
            });
            let units: Vec<&str> = units.iter().map(|unit| unit.place.id.as_str()).collect();
            let within = |found: &PlaceMatch| {
                found
                    .place
                    .parents
                    .iter()
                    .any(|parent| units.contains(&parent.as_str()))
            };
            found.retain(within);
        }
        found
    }
}

/// True for one word with a digit, as codes are and names are not.
fn is_code(text: &str) -> bool {
    let text = text.trim();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_');
    let has_digit_or_dash = text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-');
    text.len() <= 64 && has_digit_or_dash && text.bytes().all(is_plain)
}

/// The place at a position. Only letters of the hemispheres change the order of latitude and longitude: a position that
/// would lie in the land the other way round is most often one abroad.
fn at_position(app: &App, Coordinates { lat, lon }: Coordinates) -> Vec<PlaceMatch> {
    let found = app.services.places.reverse(lon, lat, Level::Settlement);
    found.into_iter().collect()
}

/// The levels that `layer` and `featureType` leave; all for an empty list, none for [`None`].
pub fn levels_of(query: &Query<'_>) -> Result<Option<Vec<Level>>, Problem> {
    let mut levels: Vec<Level> = Vec::new();
    if let Some(words) = query.list(&p::PLACE_LAYER) {
        for word in words {
            levels.extend(match word {
                "address" => &[
                    Level::Country,
                    Level::Region,
                    Level::Governorate,
                    Level::District,
                    Level::Subdistrict,
                    Level::Settlement,
                    Level::Neighbourhood,
                    Level::Road,
                ][..],
                "poi" | "manmade" => &[Level::Site],
                "natural" => &[Level::River, Level::Lake, Level::Mountain, Level::Valley, Level::Area],
                "railway" => &[],
                _ => return Err(p::PLACE_LAYER.wrong(word).into()),
            });
        }
        if levels.is_empty() {
            return Ok(None);
        }
    }
    let kinds: &[Level] = match query.text(&p::FEATURE_TYPE) {
        None => return Ok(Some(levels)),
        Some("country") => &[Level::Country],
        Some("state") => &[Level::Region, Level::Governorate],
        Some("city") => &[Level::Settlement],
        _ => &[
            Level::Governorate,
            Level::District,
            Level::Subdistrict,
            Level::Settlement,
            Level::Neighbourhood,
        ],
    };
    let kept: Vec<Level> = kinds
        .iter()
        .copied()
        .filter(|level| levels.is_empty() || levels.contains(level))
        .collect();
    Ok((!kept.is_empty()).then_some(kept))
}

/// Two corners in any order.
pub fn viewbox(text: &str) -> Result<Bounds, Problem> {
    let numbers: Vec<&str> = text.split(',').collect();
    let numbers: Option<Vec<f64>> = numbers.iter().map(|word| word.trim().parse().ok()).collect();
    let ordered = match numbers.as_deref() {
        // Minimum and maximum would drop values that are no numbers: such a box is refused unchanged.
        Some(&[a, b, c, d]) if [a, b, c, d].iter().all(|number| number.is_finite()) => {
            format!("{},{},{},{}", a.min(c), b.min(d), a.max(c), b.max(d))
        }
        _ => text.to_owned(),
    };
    match selection::bbox(&ordered, Crs::Crs84) {
        Ok(boxes) => Ok(boxes[0]),
        Err(_) => Err(p::VIEWBOX.wrong(text).into()),
    }
}

/// ISO 3166-1 code of the country of a place, in capitals.
pub fn country_of(found: &PlaceMatch) -> Option<String> {
    let all = std::iter::once(&found.place).chain(&found.parents);
    all.into_iter()
        .find(|place| place.level == Level::Country)
        .map(|country| country.id.to_uppercase().into())
}
