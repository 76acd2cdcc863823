//! Default style of a layer: a colour, a width, a fill.

use serde::{Deserialize, Deserializer};

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 4]);

impl Colour {
    /// In QGIS's form: `r,g,b,a` from 0 to 255.
    pub fn qgis(self) -> String {
        let [red, green, blue, alpha] = self.0;
        format!("{red},{green},{blue},{alpha}")
    }

    /// In KML's form: `aabbggrr`.
    pub fn kml(self) -> String {
        let [red, green, blue, alpha] = self.0;
        format!("{alpha:02x}{blue:02x}{green:02x}{red:02x}")
    }

    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => Some(Self((number << 8 | 0xff).to_be_bytes())),
            8 => Some(Self(number.to_be_bytes())),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("{text:?} is no colour; write #rrggbb or #rrggbbaa"));
        Self::parse(&text).ok_or_else(wrong)
    }
}

/// Default style of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paint {
    /// Lines, outlines and labels.
    pub line: Colour,
    /// Width of lines, in millimetres.
    pub width: f64,
    /// The inside of areas and points; none for outlines alone.
    pub fill: Option<Colour>,
    /// Diameter of points, in millimetres.
    pub size: f64,
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            line: Colour([0x4a, 0x4f, 0x54, 0xff]),
            width: 0.3,
            fill: None,
            size: 2.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_as_each_program_wants_it() {
        let colour = Colour::parse("#a8690f40").unwrap();
        assert_eq!(colour.qgis(), "168,105,15,64");
        assert_eq!(colour.kml(), "400f69a8");
        assert_eq!(Colour::parse("#ffffff"), Some(Colour([255; 4])));
        for wrong in ["", "#fff", "ffffff", "#+fffff", "#1234567"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }
}
