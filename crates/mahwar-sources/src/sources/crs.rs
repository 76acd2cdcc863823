//! Reference systems as files name them: EPSG codes, well-known text of two editions, PROJJSON.
//!
//! Only systems on WGS 84 that the program projects exactly are accepted. Another one is refused by its name: a datum shift
//! that is left out moves a camp by hundreds of metres.

use super::rows::Declared;
use crate::geodesy::Crs;
use serde_json::Value;

/// The way out for a system that is not known.
pub const REPROJECT: &str = "convert it, for example with ogr2ogr -t_srs EPSG:4326 OUT IN";

/// A system by the name in the operator's configuration: `EPSG:32638`, `CRS84`, a bare code, an OGC URI.
///
/// # Errors
/// A name of none that is known.
pub fn by_name(name: &str) -> Result<Crs, String> {
    if matches!(plain(name).as_str(), "wgs84" | "epsgwgs84" | "crs84" | "ogccrs84") {
        return Ok(Crs::Crs84);
    }
    let full = match name.trim().parse::<u32>() {
        Ok(code) => format!("EPSG:{code}"),
        Err(_) => name.trim().to_owned(),
    };
    full.parse::<Crs>()
        .map(in_file_order)
        .map_err(|error| error.to_string())
}

/// Files have longitude before latitude, in any order of the system's axes.
fn in_file_order(crs: Crs) -> Crs {
    match crs {
        Crs::Epsg4326 => Crs::Crs84,
        other => other,
    }
}

/// A system by authority and code.
pub fn by_code(authority: &str, code: i64, name: &str) -> Declared {
    let known = match authority.to_ascii_uppercase().as_str() {
        "EPSG" | "ESRI" if code == 4326 => Some(Crs::Crs84),
        "OGC" if code == 84 => Some(Crs::Crs84),
        // Codes of web mercator before EPSG had one.
        "EPSG" | "ESRI" if matches!(code, 3857 | 900_913 | 102_100 | 102_113) => Some(Crs::Epsg3857),
        "EPSG" => format!("EPSG:{code}").parse().ok().map(in_file_order),
        _ => None,
    };
    match known {
        Some(crs) => Declared::Known(crs),
        None => Declared::Unknown(match name {
            "" => format!("{authority}:{code}"),
            name => format!("{authority}:{code} ({name})"),
        }),
    }
}

/// A system by its well-known text, as in `.prj` files.
pub fn by_wkt(text: &str) -> Declared {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Declared::Silent;
    }
    let keyword: String = text
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let name = text.split('"').nth(1).unwrap_or(text).to_owned();
    let plain = plain(&name);
    let code = root_code(text);
    let is_wgs84 = |text: &str| {
        ["wgs84", "wgs1984", "worldgeodeticsystem1984"]
            .iter()
            .any(|word| text.contains(word))
    };
    match keyword.as_str() {
        "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEOGRAPHICCRS" => {
            if let Some(code @ Declared::Known(_)) = code.map(|code| by_code("EPSG", code, &name)) {
                return code;
            }
            // Names on another datum contain its name: "GCS_Clarke_1880", "Nahrwan 1967".
            let datum = text.split('"').nth(3).map(self::plain).unwrap_or_default();
            match is_wgs84(&plain) && (datum.is_empty() || is_wgs84(&datum)) {
                true => Declared::Known(Crs::Crs84),
                false => Declared::Unknown(named(&name, code)),
            }
        }
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" => {
            if let Some(code @ Declared::Known(_)) = code.map(|code| by_code("EPSG", code, &name)) {
                return code;
            }
            projected(text, &plain, is_wgs84(&self::plain(text)))
                .map_or_else(|| Declared::Unknown(named(&name, code)), Declared::Known)
        }
        _ => Declared::Unknown(named(&name, code)),
    }
}

fn named(name: &str, code: Option<i64>) -> String {
    code.map_or_else(|| name.to_owned(), |code| format!("EPSG:{code} ({name})"))
}

/// Letters and digits, small.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Web mercator or a UTM zone, by the name, the datum and, for a zone, its central meridian.
fn projected(text: &str, name: &str, is_wgs84: bool) -> Option<Crs> {
    if !is_wgs84 {
        return None;
    }
    let mercator = [
        "webmercator",
        "pseudomercator",
        "googlemercator",
        "popularvisualisation",
    ];
    if mercator.iter().any(|word| name.contains(word)) {
        return Some(Crs::Epsg3857);
    }
    let zone_part = name.split("utmzone").nth(1)?;
    let digits: String = zone_part.chars().take_while(char::is_ascii_digit).collect();
    let zone: u8 = digits.parse().ok().filter(|zone| (1..=60).contains(zone))?;
    let north = match zone_part[digits.len()..].chars().next() {
        Some('n') | None => true,
        Some('s') => false,
        Some(_) => return None,
    };
    let meridian = parameter(text, "central_meridian").or_else(|| parameter(text, "Longitude of natural origin"));
    let expected = f64::from(zone) * 6.0 - 183.0;
    meridian
        .is_none_or(|meridian| (meridian - expected).abs() < 1e-6)
        .then_some(Crs::Utm { zone, north })
}

/// The number after a quoted name.
fn parameter(text: &str, name: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(&format!("\"{}\"", name.to_ascii_lowercase()))? + name.len() + 2;
    let number: String = lower[at..]
        .trim_start_matches([',', ' ', '\n', '\r', '\t'])
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+' | 'e'))
        .collect();
    number.parse().ok()
}

/// The EPSG code of the whole text, which is at its end.
fn root_code(text: &str) -> Option<i64> {
    let upper = text.to_ascii_uppercase();
    let at = upper.rfind("AUTHORITY[").or_else(|| upper.rfind("ID["))?;
    // Inside another element it is that element's code.
    let tail: String = upper[at..].chars().filter(|letter| !letter.is_whitespace()).collect();
    if tail.matches(']').count() != 2 || !tail.contains("\"EPSG\"") {
        return None;
    }
    let digits: String = tail.rsplit(',').next()?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A system by PROJJSON, as GeoParquet has it; `null` means none.
pub fn by_projjson(value: &Value) -> Declared {
    match value {
        Value::Null => Declared::Silent,
        Value::String(text) => by_name(text).map_or_else(|_| by_wkt(text), Declared::Known),
        other => {
            let name = other["name"].as_str().unwrap_or("a system without a name");
            let id = &other["id"];
            let code = id["code"].as_i64().or_else(|| id["code"].as_str()?.parse().ok());
            match (id["authority"].as_str(), code) {
                (Some("OGC"), _) if id["code"] == "CRS84" => Declared::Known(Crs::Crs84),
                (Some(authority), Some(code)) => by_code(authority, code, name),
                _ if plain(name).contains("crs84") || plain(name) == "wgs84" => Declared::Known(Crs::Crs84),
                _ => Declared::Unknown(name.to_owned()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that ArcGIS, GDAL 3 and QGIS write.
    #[test]
    fn well_known_text_of_several_programs_is_understood() {
        let esri = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";
        assert_eq!(by_wkt(esri), Declared::Known(Crs::Crs84));
        let utm = format!(
            "PROJCS[\"WGS_1984_UTM_Zone_38N\",{esri},PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"Central_Meridian\",45.0],UNIT[\"Meter\",1.0]]"
        );
        assert_eq!(by_wkt(&utm), Declared::Known(Crs::Utm { zone: 38, north: true }));
        // A zone that is none: the meridian is another's.
        assert!(matches!(by_wkt(&utm.replace("45.0", "44.0")), Declared::Unknown(_)));
        let wkt2 = "PROJCRS[\"WGS 84 / UTM zone 37N\",BASEGEOGCRS[\"WGS 84\",DATUM[\"World Geodetic System 1984\",ELLIPSOID[\"WGS 84\",6378137,298.257223563]],ID[\"EPSG\",4326]],ID[\"EPSG\",32637]]";
        assert_eq!(by_wkt(wkt2), Declared::Known(Crs::Utm { zone: 37, north: true }));
        let mercator = format!(
            "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",{esri},PROJECTION[\"Mercator_Auxiliary_Sphere\"]]"
        );
        assert_eq!(by_wkt(&mercator), Declared::Known(Crs::Epsg3857));
    }

    #[test]
    fn a_system_on_another_datum_is_named_and_not_guessed() {
        let nahrwan = "GEOGCS[\"GCS_Nahrwan_1967\",DATUM[\"D_Nahrwan_1967\",SPHEROID[\"Clarke_1880_RGS\",6378249.145,293.465]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";
        assert_eq!(by_wkt(nahrwan), Declared::Unknown("GCS_Nahrwan_1967".to_owned()));
        let utm = format!(
            "PROJCS[\"Nahrwan_1967_UTM_Zone_38N\",{nahrwan},PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"Central_Meridian\",45.0]]"
        );
        assert_eq!(by_wkt(&utm), Declared::Unknown("Nahrwan_1967_UTM_Zone_38N".to_owned()));
        assert_eq!(
            by_code("EPSG", 27038, "Nahrwan 1967 / UTM zone 38N"),
            Declared::Unknown("EPSG:27038 (Nahrwan 1967 / UTM zone 38N)".to_owned())
        );
        assert_eq!(
            by_code("epsg", 32738, ""),
            Declared::Known(Crs::Utm { zone: 38, north: false })
        );
    }

    #[test]
    fn projjson_is_read_by_its_id() {
        let json = serde_json::json!({"name": "WGS 84 (CRS84)", "id": {"authority": "OGC", "code": "CRS84"}});
        assert_eq!(by_projjson(&json), Declared::Known(Crs::Crs84));
        assert_eq!(by_projjson(&Value::Null), Declared::Silent);
        let json = serde_json::json!({"name": "ED50", "id": {"authority": "EPSG", "code": 4230}});
        assert_eq!(by_projjson(&json), Declared::Unknown("EPSG:4230 (ED50)".to_owned()));
        assert_eq!(by_name("32638"), Ok(Crs::Utm { zone: 38, north: true }));
        assert!(by_name("EPSG:27038").is_err());
        for name in ["WGS84", "WGS 84", "OGC:CRS84"] {
            assert_eq!(by_name(name), Ok(Crs::Crs84), "{name}");
        }
    }
}
