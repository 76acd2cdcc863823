//! Coordinates as people write them into tables: decimal points and commas, Arabic digits, degrees with minutes.

use geo::{Geometry, Point};
use wkt::TryFromWkt;

/// A number or an angle: `44.39`, `44,39`, `٤٤٫٣٩`, `35°28'12"N`, `35 28 12 N`. `None` for another text.
pub fn angle(text: &str) -> Option<f64> {
    let text = latin(text);
    let text = text.trim();
    let (text, sign) = hemisphere(text);
    let parts: Vec<&str> = text
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, '°' | 'º' | '\'' | '"' | '′' | '″' | '’' | '”' | 'd')
        })
        .filter(|part| !part.is_empty())
        .collect();
    let [first, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let mut value = number(first)?;
    if rest.len() > 2 {
        return None;
    }
    let mut unit = 60.0;
    for part in rest {
        let part = number(part).filter(|part| (0.0..60.0).contains(part))?;
        value += part.copysign(value) / unit;
        unit *= 60.0;
    }
    match sign {
        Some(_) if value < 0.0 => None,
        Some(sign) => Some(value * sign),
        None => Some(value),
    }
}

/// Latitude and longitude in one text, as maps on the web copy them: `35.77, 43.58`.
pub fn pair(text: &str) -> Option<[f64; 2]> {
    let text = latin(text);
    let text = text.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let (lat, lon) = match text.matches(',').count() {
        1 => text.split_once(',')?,
        0 => text.split_once(';').or_else(|| text.split_once(char::is_whitespace))?,
        _ => return None,
    };
    Some([angle(lon)?, angle(lat)?])
}

/// A geometry in a cell: well-known text, also with `SRID=…;`, hexadecimal well-known binary, or GeoJSON.
///
/// # Errors
/// A text of none of these.
pub fn geometry(text: &str) -> Result<Option<Geometry<f64>>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.starts_with('{') {
        let value: geojson::Geometry = text
            .parse()
            .map_err(|error| format!("the geometry is no GeoJSON: {error}"))?;
        return Geometry::try_from(&value).map(Some).map_err(|error| error.to_string());
    }
    if let Some(bytes) = super::wkb::unhex(text) {
        return super::wkb::read(&bytes);
    }
    let plain = match text.split_once(';') {
        Some((head, rest)) if head.to_ascii_uppercase().starts_with("SRID=") => rest,
        _ => text,
    };
    if plain.trim_end().to_ascii_uppercase().ends_with("EMPTY") {
        return Ok(None);
    }
    Geometry::try_from_wkt_str(plain).map(Some).map_err(|_| {
        let start: String = text.chars().take(40).collect();
        format!("{start:?} is no well-known text such as POINT (43.58 35.77)")
    })
}

/// True if a geometry in a cell has heights.
pub fn has_heights(text: &str) -> bool {
    let text = text.trim();
    if let Some(bytes) = super::wkb::unhex(text) {
        return super::wkb::has_heights(&bytes);
    }
    let plain = text.split_once(';').map_or(text, |(_, rest)| rest);
    let Some((word, rest)) = plain.split_once('(') else {
        return false;
    };
    if plain.starts_with('{') {
        return false;
    }
    let dimensions = word.split_whitespace().nth(1).map(str::to_ascii_uppercase);
    let first = rest.trim_start_matches(['(', ' ']);
    let numbers = first
        .split([',', ')', '('])
        .next()
        .map_or(0, |corner| corner.split_whitespace().count());
    match dimensions.as_deref() {
        Some("Z" | "ZM") => true,
        Some(_) => false,
        None => numbers == 3,
    }
}

/// A point of two cells; `None` where both are empty.
///
/// # Errors
/// A cell that is no number.
pub fn point(lon: &str, lat: &str) -> Result<Option<Geometry<f64>>, String> {
    if lon.trim().is_empty() && lat.trim().is_empty() {
        return Ok(None);
    }
    let read = |text: &str, what: &str| {
        angle(text).ok_or_else(|| format!("{what} {text:?} is no number of degrees or metres"))
    };
    let (lon, lat) = (read(lon, "longitude")?, read(lat, "latitude")?);
    Ok(Some(Geometry::Point(Point::new(lon, lat))))
}

/// Letters of a half of the globe, with their sign.
fn hemisphere(text: &str) -> (&str, Option<f64>) {
    let sign = |letter: char| match letter.to_ascii_uppercase() {
        'N' | 'E' => Some(1.0),
        'S' | 'W' => Some(-1.0),
        _ => None,
    };
    if let Some(found) = text.chars().last().and_then(sign) {
        return (text[..text.len() - 1].trim_end(), Some(found));
    }
    if let Some(found) = text.chars().next().and_then(sign) {
        return (text[1..].trim_start(), Some(found));
    }
    (text, None)
}

fn number(text: &str) -> Option<f64> {
    let decimal = match (text.matches(',').count(), text.contains('.')) {
        (1, false) => text.replace(',', "."),
        (0, _) => text.to_owned(),
        // Groups of thousands: 431,652.03.
        (_, true) if text.rfind(',') < text.find('.') => text.replace(',', ""),
        _ => return None,
    };
    let plain = decimal
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    decimal.parse().ok().filter(|value: &f64| plain && value.is_finite())
}

/// Digits and decimal marks of Arabic as those of English.
pub(super) fn latin(text: &str) -> String {
    let letter = |letter: char| match letter {
        '٠'..='٩' => char::from(b'0' + (letter as u32 - '٠' as u32) as u8),
        '۰'..='۹' => char::from(b'0' + (letter as u32 - '۰' as u32) as u8),
        '٫' => '.',
        '،' => ',',
        '−' => '-',
        '\u{200e}' | '\u{200f}' | '\u{a0}' | '\u{feff}' => ' ',
        other => other,
    };
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn coordinates_are_read_as_people_write_them() {
        for (text, value) in [
            ("44.39", 44.39),
            (" 44,39 ", 44.39),
            ("٤٤٫٣٩", 44.39),
            ("۴۴٫۳۹", 44.39),
            ("35°28'12\"N", 35.47),
            ("35 28 12 N", 35.47),
            ("N 35.47", 35.47),
            ("-70.5", -70.5),
            ("70.5 W", -70.5),
            ("431,652.03", 431_652.03),
        ] {
            let read = angle(text).unwrap_or(f64::NAN);
            assert!((read - value).abs() < 1e-9, "{text}: {read}");
        }
        for wrong in [
            "", "north", "44.39.1", "35°78'", "1 2 3 4", "1,2,3", "NaN", "inf", "-35 S",
        ] {
            assert_eq!(angle(wrong), None, "{wrong}");
        }
        assert_eq!(pair("35.77, 43.58"), Some([43.58, 35.77]));
        assert_eq!(pair("(35.77 43.58)"), Some([43.58, 35.77]));
        assert_eq!(pair("35.77"), None);
    }

    #[test]
    fn a_cell_holds_a_geometry_in_three_forms() {
        let point = Some(Geometry::Point(Point::new(43.5, 35.25)));
        for text in [
            "POINT (43.5 35.25)",
            "SRID=4326;POINT(43.5 35.25)",
            "0101000020E61000000000000000C045400000000000A04140",
            r#"{"type":"Point","coordinates":[43.5,35.25]}"#,
        ] {
            assert_eq!(geometry(text), Ok(point.clone()), "{text}");
        }
        assert_eq!(geometry("POINT EMPTY"), Ok(None));
        assert!(geometry("Makhmour").unwrap_err().contains("Makhmour"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_coordinate_or_none(text in "\\PC*") {
            let _ = (angle(&text), pair(&text), geometry(&text));
        }
    }
}
