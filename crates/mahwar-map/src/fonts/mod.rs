//! The font of the map, inside the binary: outlines, and signed distance fields of glyphs for MapLibre.
//!
//! Vazirmatn has Latin, Arabic and all Sorani letters in one font; it is under the SIL Open Font License (`data/fonts/OFL.txt`).

mod glyphs;

pub use glyphs::glyph_range;

use skrifa::{FontRef, MetadataProvider};

/// One weight of the font.
#[derive(Clone, Copy, Debug)]
pub struct Font {
    /// The name that styles have it by.
    pub name: &'static str,
    /// The family, as CSS and SVG name it.
    pub family: &'static str,
    /// The weight, as CSS counts it.
    pub weight: u16,
    /// The TrueType file.
    pub bytes: &'static [u8],
}

/// All weights, the lightest first.
pub static FONTS: [Font; 3] = [
    Font {
        name: "Vazirmatn Regular",
        family: "Vazirmatn",
        weight: 400,
        bytes: include_bytes!("../../../../data/fonts/Vazirmatn-Regular.ttf"),
    },
    Font {
        name: "Vazirmatn SemiBold",
        family: "Vazirmatn",
        weight: 600,
        bytes: include_bytes!("../../../../data/fonts/Vazirmatn-SemiBold.ttf"),
    },
    Font {
        name: "Vazirmatn Bold",
        family: "Vazirmatn",
        weight: 700,
        bytes: include_bytes!("../../../../data/fonts/Vazirmatn-Bold.ttf"),
    },
];

impl Font {
    /// The font with this name; of a stack with commas between, the first that there is.
    pub fn find(stack: &str) -> Option<&'static Self> {
        let mut names = stack.split(',').map(str::trim);
        names.find_map(|name| FONTS.iter().find(|font| font.name == name))
    }

    /// The font nearest in weight to a stack of fonts that there are not.
    pub fn instead_of(stack: &str) -> &'static Self {
        let first = stack.split(',').next().unwrap_or_default().to_ascii_lowercase();
        let weight = match () {
            () if first.contains("semibold") || first.contains("medium") || first.contains("demi") => 600,
            () if first.contains("bold") || first.contains("black") || first.contains("heavy") => 700,
            () => 400,
        };
        FONTS.iter().find(|font| font.weight == weight).unwrap_or(&FONTS[0])
    }

    /// The font for reading outlines and metrics.
    pub fn open(&self) -> Option<FontRef<'static>> {
        FontRef::new(self.bytes).ok()
    }

    /// True if it has a glyph for a character.
    pub fn covers(&self, letter: char) -> bool {
        self.open().is_some_and(|font| font.charmap().map(letter).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_three_languages_has_a_glyph() {
        let letters =
            "كركوك صلاح الدين هەولێر سلێمانی چەمچەماڵ ڕانیە گوڤار ژۆڵ پ ٠١٢٣٤٥٦٧٨٩ Kirkuk 0123456789 «»()،؛؟–·° é";
        for font in &FONTS {
            let missing: String = letters.chars().filter(|letter| !font.covers(*letter)).collect();
            assert_eq!(missing, "", "{}", font.name);
        }
    }

    #[test]
    fn a_stack_gives_the_first_font_that_there_is() {
        let font = Font::find("Open Sans Regular, Vazirmatn Bold").unwrap();
        assert_eq!(font.weight, 700);
        assert!(Font::find("Open Sans Regular").is_none());
    }
}
