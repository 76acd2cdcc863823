//! How the spelling in a text differs from the name's own.

use super::Judge;
use crate::{gazetteer::Place, geoparse::find::Found};
use smallvec::SmallVec;

impl Judge<'_> {
    /// How the text's spelling differs from those of the gazetteer.
    pub(super) fn spelling(&self, found: &Found, place: &Place) -> Spelling {
        // Most texts spell a name as the gazetteer does.
        let slice = self.slice(found);
        if place.names.iter().any(|(_, name)| name.ends_with(slice)) {
            return Spelling::Same;
        }
        let written: SmallVec<[char; 24]> = letters(slice).collect();
        let mut nearest = Spelling::Other;
        let mut compared = false;
        for (_, name) in place.names.iter() {
            let own: SmallVec<[char; 24]> = letters(name).collect();
            // Names with their type noun are compared by their last word.
            let own = match own.len() > written.len() {
                true => &own[own.len() - written.len()..],
                false => &own[..],
            };
            if own.len() != written.len() {
                continue;
            }
            if let Some(spelling) = compare(&written, own) {
                compared = true;
                nearest = nearest.min(spelling);
            }
        }
        let sorani = self.tokens.tokens[found.last - 1].is_sorani();
        match compared {
            true => nearest,
            false if sorani => Spelling::Loose,
            false => Spelling::Same,
        }
    }
}

/// How a spelling differs from a name's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    /// Letter by letter, or with a hamza left out, as many write.
    Same,
    /// With letters of another keyboard.
    Loose,
    /// The last letter is the pronoun "his" where the name has the feminine ending.
    Possessive,
    /// It has a hamza where the name has none: another word.
    Other,
}

/// The letters of a word without marks and signs that are not seen.
fn letters(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| match c {
        // Nearly all letters, without a look into the tables of Unicode.
        'a'..='z' | 'A'..='Z' | '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{671}'..='\u{6d3}' => true,
        // Vowel signs are alphabetic to Unicode, and few texts write them.
        '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' => false,
        other => other.is_alphabetic(),
    })
}

fn compare(written: &[char], own: &[char]) -> Option<Spelling> {
    let article = matches!(written, ['ا', 'ل', ..]);
    let mut worst = Spelling::Same;
    for (at, (one, other)) in written.iter().zip(own).enumerate() {
        if one == other {
            continue;
        }
        let hamza = matches!((one, other), ('أ' | 'إ', 'ا') | ('ؤ', 'و') | ('ئ', 'ي' | 'ی' | 'ى'));
        let heh = matches!((one, other), ('ه', 'ة')) && at + 1 == written.len() && !article;
        let (one, other) = (
            crate::text::fold(&one.to_string()),
            crate::text::fold(&other.to_string()),
        );
        if one != other {
            return None;
        }
        worst = worst.max(match (hamza, heh) {
            (true, _) => Spelling::Other,
            (_, true) => Spelling::Possessive,
            _ => Spelling::Same,
        });
    }
    Some(worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(written: &str, own: &str) -> Option<Spelling> {
        let (written, own): (Vec<char>, Vec<char>) = (letters(written).collect(), letters(own).collect());
        (written.len() == own.len()).then(|| compare(&written, &own)).flatten()
    }

    #[test]
    fn people_leave_a_hamza_out_and_do_not_put_one_in() {
        assert_eq!(spelling("اربيل", "أربيل"), Some(Spelling::Same));
        assert_eq!(spelling("وأنه", "وانه"), Some(Spelling::Other));
        assert_eq!(spelling("كَركوك", "كركوك"), Some(Spelling::Same));
    }

    #[test]
    fn a_final_heh_without_an_article_may_be_a_pronoun() {
        assert_eq!(spelling("بصره", "بصرة"), Some(Spelling::Possessive));
        assert_eq!(spelling("البصره", "البصرة"), Some(Spelling::Same));
    }
}
