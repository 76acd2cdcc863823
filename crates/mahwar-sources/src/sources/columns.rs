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
    of_role("pair").map(Place::Pair).ok_or_else(|| {
        format!(
            "no column is known as longitude and latitude or as a geometry; the columns are {}",
            listed(columns)
        )
    })
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
