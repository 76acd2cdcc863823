//! Themes, classes and words, read from `style.toml`.

use crate::language::Trilingual;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeMap, fmt};

/// A colour without transparency: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// The colour with an opacity of 0 to 1, as CSS writes it.
    pub fn alpha(self, opacity: f64) -> String {
        let [red, green, blue] = self.0;
        format!("rgba({red},{green},{blue},{opacity})")
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no colour; one is written #rrggbb")))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

/// The colours of one theme, named after their use.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[allow(missing_docs)]
pub struct Theme {
    /// The id in URLs.
    pub id: String,
    #[serde(skip_serializing)]
    pub title: Trilingual,
    pub sea: Colour,
    pub land: Colour,
    pub abroad: Colour,
    pub abroad_line: Colour,
    pub water: Colour,
    pub water_line: Colour,
    pub governorate: Colour,
    pub district: Colour,
    pub subdistrict: Colour,
    pub text: Colour,
    pub text_soft: Colour,
    pub water_text: Colour,
    pub halo: Colour,
    pub disputed: Colour,
    pub gap: Colour,
    pub gap_casing: Colour,
    pub mention: Colour,
    pub mention_fill: Colour,
    pub claim: Colour,
    pub paper: Colour,
    /// Opacity of hatching.
    pub hatch: f64,
    /// Inks of the land's classes.
    #[serde(flatten)]
    pub inks: BTreeMap<String, Colour>,
}

impl Theme {
    /// The ink that a class names.
    fn ink(&self, name: &str) -> Option<Colour> {
        match name {
            "disputed" => Some(self.disputed),
            "text" => Some(self.text),
            _ => self.inks.get(name).copied(),
        }
    }

    /// The ink of a class; that of disputed land where the theme has none.
    pub fn ink_of(&self, class: &Class) -> Colour {
        self.ink(&class.ink).unwrap_or(self.disputed)
    }
}

/// Direction of hatching, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Hatch {
    Rising,
    Falling,
}

/// How features of one class of a layer are drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// The layer.
    pub layer: String,
    /// The value of the features' `class`.
    pub class: String,
    /// The theme's colour.
    pub ink: String,
    /// Hatching of areas.
    pub hatch: Option<Hatch>,
    /// Dashes of lines, in widths of the line.
    #[serde(default)]
    pub dashes: Vec<f64>,
    /// Pixels that its lines are wider by.
    #[serde(default)]
    pub widen: f64,
}

/// Words on the frame of the map, by name.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Words {
    pub evidence: Trilingual,
    pub territory: Trilingual,
    pub units: Trilingual,
    pub context: Trilingual,
    #[serde(default)]
    pub own: Trilingual,
    /// Said of a line that is derived by a definition.
    #[serde(default)]
    pub derived: Trilingual,
    pub legend: Trilingual,
    pub fine: Trilingual,
    pub middle: Trilingual,
    pub coarse: Trilingual,
    pub unsure: Trilingual,
    pub kilometres: Trilingual,
    pub metres: Trilingual,
    pub sources: Trilingual,
    pub north: Trilingual,
}

/// `style.toml`, read.
#[derive(Clone, Debug)]
pub struct Palettes {
    /// The themes; the first is the default.
    pub themes: Vec<Theme>,
    /// How classes are drawn.
    pub classes: Vec<Class>,
    /// Words.
    pub words: Words,
}

/// Errors in `style.toml`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum PaletteError {
    #[error("style.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("style.toml: there is no theme")]
    NoTheme,
    #[error("style.toml: class {class:?} of {layer:?} has the ink {ink:?}, which theme {theme:?} does not have")]
    NoInk {
        layer: String,
        class: String,
        ink: String,
        theme: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    themes: Vec<Theme>,
    classes: Vec<Class>,
    words: Words,
}

impl Palettes {
    /// Reads `style.toml`.
    pub fn read(text: &str) -> Result<Self, PaletteError> {
        let File { themes, classes, words } = toml::from_str(text)?;
        if themes.is_empty() {
            return Err(PaletteError::NoTheme);
        }
        for class in &classes {
            if let Some(theme) = themes.iter().find(|theme| theme.ink(&class.ink).is_none()) {
                return Err(PaletteError::NoInk {
                    layer: class.layer.clone(),
                    class: class.class.clone(),
                    ink: class.ink.clone(),
                    theme: theme.id.clone(),
                });
            }
        }
        Ok(Self { themes, classes, words })
    }

    /// The themes, classes and words inside the program, for a land that brings none of its own.
    pub fn embedded() -> Self {
        match Self::read(include_str!("../../../../data/style.toml")) {
            Ok(palettes) => palettes,
            // A test reads the same file.
            Err(error) => unreachable!("{error}"),
        }
    }

    /// The theme with this id.
    pub fn theme(&self, id: &str) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == id)
    }

    /// The classes of a layer.
    pub fn classes_of<'p>(&'p self, layer: &'p str) -> impl Iterator<Item = &'p Class> {
        self.classes.iter().filter(move |class| class.layer == layer)
    }
}

impl Default for Palettes {
    fn default() -> Self {
        Self::embedded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_themes_of_the_repository_are_read() {
        let palettes = Palettes::embedded();
        let ids: Vec<&str> = palettes.themes.iter().map(|theme| theme.id.as_str()).collect();
        assert_eq!(ids, ["light", "dark", "print"]);
        assert_eq!(palettes.themes[0].sea.to_string(), "#d5e3e8");
        assert_eq!(palettes.themes[0].gap.alpha(0.13), "rgba(142,11,33,0.13)");
    }

    #[test]
    fn an_ink_that_a_theme_lacks_is_named() {
        let text = include_str!("../../../../data/style.toml").replace("ink = \"federal\"", "ink = \"mauve\"");
        let error = Palettes::read(&text).unwrap_err().to_string();
        assert!(error.contains("mauve") && error.contains("light"), "{error}");
    }
}
