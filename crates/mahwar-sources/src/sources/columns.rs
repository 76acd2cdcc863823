//! Which columns of a table contain coordinates: by the operator's words, or by names that such columns commonly have.

use super::spec::LayerSpec;

/// Names by role: `lon`, `lat`, `geometry`, and `pair` for latitude and longitude in one column.
const NAMES: &str = include_str!("columns.csv");

/// Columns of the coordinates, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Longitude or easting, then latitude or northing.
    Two(usize, usize),
    /// Well-known text or binary, or GeoJSON.
    Geometry(usize),
    /// Latitude and longitude, a comma between.
    Pair(usize),
}

impl Place {
    /// True for a column that is no attribute, because it repeats the geometry.
    pub fn is_geometry(self, column: usize) -> bool {
        matches!(self, Self::Geometry(at) if at == column)
    }
}

/// Finds the columns.
///
/// # Errors
/// A column that the operator names and the table does not have; no column with a known name; several.
pub fn find(spec: &LayerSpec, columns: &[String]) -> Result<Place, String> {
    let named = |name: &str, key: &str| {
        let exact = columns.iter().position(|column| column == name);
        let folded = || columns.iter().position(|column| fold(column) == fold(name));
        exact.or_else(folded).ok_or_else(|| {
            format!(
                "{key} = {name:?}: there is no such column; the columns are {}",
                listed(columns)
            )
        })
    };
    match (&spec.lon, &spec.lat, &spec.geometry) {
        (Some(lon), Some(lat), None) => return Ok(Place::Two(named(lon, "lon")?, named(lat, "lat")?)),
        (None, None, Some(geometry)) => return named(geometry, "geometry").map(Place::Geometry),
        (None, None, None) => {}
        _ => return Err("lon and lat, or geometry alone, name the columns of coordinates".to_owned()),
    }
    let of_role = |role: &str| {
        let names = NAMES.lines().skip(1).filter_map(|line| line.split_once(','));
        let mut names = names.filter(|(other, _)| *other == role).map(|(_, name)| name);
        names.find_map(|name| columns.iter().position(|column| fold(column) == fold(name)))
    };
    if let Some(at) = of_role("geometry") {
        return Ok(Place::Geometry(at));
    }
    if let (Some(lon), Some(lat)) = (of_role("lon"), of_role("lat")) {
        return Ok(Place::Two(lon, lat));
    }
    if let Some(at) = of_role("pair") {
        return Ok(Place::Pair(at));
    }
    match composed(columns).as_slice() {
        [(lon, lat)] => Ok(Place::Two(*lon, *lat)),
        [] => Err(format!(
            "no column is known as longitude and latitude or as a geometry; the columns are {}",
            listed(columns)
        )),
        pairs => {
            let names = pairs.iter().map(|(lon, _)| columns[*lon].as_str());
            Err(format!(
                "several columns are longitudes: {}",
                names.collect::<Vec<_>>().join(", ")
            ))
        }
    }
}

/// Pairs of columns whose names differ by one word, longitude and latitude: `decimalLongitude`, `_location_longitude`,
/// `#geo+lon`.
fn composed(columns: &[String]) -> Vec<(usize, usize)> {
    const LON: [&str; 4] = ["longitude", "long", "lon", "lng"];
    const LAT: [&str; 2] = ["latitude", "lat"];
    // The words of a name with a gap in the place of the one that says the axis.
    let around = |name: &str, axis: &[&str]| {
        let mut words = words(name);
        let at = words.iter().position(|word| axis.contains(&word.as_str()))?;
        words[at].clear();
        Some(words)
    };
    let latitudes: Vec<_> = columns.iter().map(|name| around(name, &LAT)).collect();
    let pairs = columns.iter().enumerate().filter_map(|(lon, name)| {
        let wanted = around(name, &LON)?;
        let lat = latitudes.iter().position(|other| other.as_ref() == Some(&wanted))?;
        Some((lon, lat))
    });
    pairs.collect()
}

/// The words of a name in lower case, cut at marks and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || was_small && letter.is_uppercase() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The way out where no column is found.
pub const REMEDY: &str = "name them in [[layers]]: lon = \"…\" and lat = \"…\", or geometry = \"…\" for WKT";

fn listed(columns: &[String]) -> String {
    const MOST: usize = 20;
    let shown: Vec<&str> = columns.iter().take(MOST).map(String::as_str).collect();
    let more = columns.len().saturating_sub(MOST);
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A name without case, blanks and marks around it.
fn fold(name: &str) -> String {
    let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
    // Units and systems are often said in brackets: "Longitude (WGS84)".
    let name = name.split(['(', '[']).next().unwrap_or_default().trim();
    name.replace([' ', '-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(columns: &[&str]) -> Result<Place, String> {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        find(&LayerSpec::new("a", "a.csv"), &columns)
    }

    #[test]
    fn usual_names_of_columns_are_known() {
        assert_eq!(found(&["name", "Latitude", "Longitude (WGS84)"]), Ok(Place::Two(2, 1)));
        assert_eq!(found(&["X", "Y", "the_geom"]), Ok(Place::Geometry(2)));
        assert_eq!(found(&["الاسم", "خط العرض", "خط الطول"]), Ok(Place::Two(2, 1)));
        assert_eq!(found(&["site", "GPS Coordinates"]), Ok(Place::Pair(1)));
        assert_eq!(found(&["_GPS_latitude", "_GPS_longitude"]), Ok(Place::Two(1, 0)));
        let error = found(&["name", "lat", "note"]).unwrap_err();
        assert!(error.contains("name, lat, note"), "{error}");
    }

    #[test]
    fn names_composed_with_longitude_and_latitude_are_known_in_pairs() {
        // Darwin Core, KoBoToolbox, the Humanitarian Exchange Language.
        assert_eq!(found(&["decimalLatitude", "decimalLongitude"]), Ok(Place::Two(1, 0)));
        assert_eq!(
            found(&["_location_latitude", "_location_longitude"]),
            Ok(Place::Two(1, 0))
        );
        assert_eq!(found(&["#adm1+name", "#geo+lon", "#geo+lat"]), Ok(Place::Two(1, 2)));
        // The longitude of one and the latitude of another are no pair, and two pairs are none.
        assert!(found(&["from_lon", "to_lat"]).is_err());
        let two = found(&["from_lon", "from_lat", "to_lon", "to_lat"]).unwrap_err();
        assert!(two.contains("from_lon, to_lon"), "{two}");
        assert!(found(&["along", "plate"]).is_err());
    }

    #[test]
    fn the_operators_words_come_first() {
        let columns: Vec<String> = ["lon", "lat", "a", "b"].map(str::to_owned).to_vec();
        let mut spec = LayerSpec::new("a", "a.csv");
        (spec.lon, spec.lat) = (Some("b".to_owned()), Some("A".to_owned()));
        assert_eq!(find(&spec, &columns), Ok(Place::Two(3, 2)));
        spec.lat = Some("c".to_owned());
        assert!(find(&spec, &columns).unwrap_err().contains("\"c\""));
        spec.lat = None;
        assert!(find(&spec, &columns).is_err());
    }
}
