//! Adjectives of states: "Syrian", المغربية. They are made from the names of the countries in the gazetteer, by the
//! endings that such adjectives have; the lexicon lists those that are made otherwise ("French").

use super::lexicon::ShortName;
use crate::{
    gazetteer::{Gazetteer, Level, PlaceIndex},
    text::{Key, fold, key_of},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Letters of a stem at least.
const STEM: usize = 3;
/// Endings of English adjectives of states.
const ENGLISH: [&str; 8] = ["n", "an", "ian", "ean", "i", "ese", "ish", ""];
/// Endings of Arabic ones, singular and plural.
const ARABIC: [&str; 5] = ["ي", "ية", "يين", "يون", "يات"];

/// Countries by their adjectives.
#[derive(Clone, Debug, Default)]
pub(super) struct Nationalities {
    countries: FxHashMap<Key, PlaceIndex>,
    /// Countries other than that of the land.
    foreign: FxHashSet<PlaceIndex>,
    /// Names of these, of one word.
    foreign_names: FxHashSet<Key>,
}

impl Nationalities {
    pub fn new(gazetteer: &Gazetteer, listed: &[ShortName]) -> Self {
        let mut made = Self::default();
        for (place, country) in (0..).zip(gazetteer.places()) {
            if country.level != Level::Country {
                continue;
            }
            if country.foreign {
                made.foreign.insert(place);
            }
            for (_, name) in country.names.iter() {
                let folded = fold(name);
                if folded.contains(' ') || folded.contains('-') {
                    continue;
                }
                if country.foreign {
                    made.foreign_names.extend(key_of(&folded));
                }
                for adjective in adjectives(&folded) {
                    made.add(&adjective, place);
                }
            }
        }
        for adjective in listed {
            if let Some(place) = gazetteer.index_of(&adjective.place) {
                made.countries.extend(key_of(&adjective.name).map(|key| (key, place)));
            }
        }
        made
    }

    fn add(&mut self, adjective: &str, place: PlaceIndex) {
        if let Some(key) = key_of(adjective) {
            self.countries.entry(key).or_insert(place);
        }
    }

    /// True for the name or the adjective of another state: "Libyan", السوري, سووریا, سووری.
    pub fn is_foreign(&self, word: &str) -> bool {
        let named = |word: &str| key_of(word).is_some_and(|key| self.foreign_names.contains(&key));
        // Sorani adjectives: ئێرانی of ئێران, سووری of سووریا.
        let stem = word.strip_suffix('ی').unwrap_or(word);
        self.of(word).is_some_and(|country| self.foreign.contains(&country))
            || named(word)
            || stem != word && (named(stem) || named(&format!("{word}ا")))
    }

    /// The country that a word is the adjective of.
    pub fn of(&self, word: &str) -> Option<PlaceIndex> {
        self.countries.get(&key_of(word)?).copied()
    }
}

/// The words that may be the adjective of a country with a folded name.
fn adjectives(name: &str) -> Vec<String> {
    let cut = |letters: usize| -> Option<String> {
        let count = name
            .chars()
            .count()
            .checked_sub(letters)
            .filter(|count| *count >= STEM)?;
        Some(name.chars().take(count).collect())
    };
    if name.is_ascii() {
        let mut made = Vec::new();
        for ending in ENGLISH.iter().filter(|ending| !ending.is_empty()) {
            made.push(format!("{name}{ending}"));
        }
        for letters in 1..=2 {
            let endings = ENGLISH.iter().skip(usize::from(letters == 2));
            let endings = endings.filter(|ending| letters == 1 || !ending.is_empty());
            made.extend(
                cut(letters)
                    .into_iter()
                    .flat_map(|stem| endings.clone().map(move |ending| format!("{stem}{ending}"))),
            );
        }
        if let Some(stem) = name.strip_suffix("istan") {
            made.extend(["", "i"].map(|ending| format!("{stem}{ending}")));
        }
        return made;
    }
    let article = name.starts_with("ال");
    let bare = |stem: &str| stem.strip_prefix("ال").filter(|_| article).unwrap_or(stem).to_owned();
    let last = name.chars().next_back();
    let mut stems = vec![bare(name)];
    if matches!(last, Some('ا' | 'ه' | 'ي')) {
        stems.extend(cut(1).map(|stem| bare(&stem)));
    }
    if name.ends_with("يا") || name.ends_with("يه") {
        stems.extend(cut(2).map(|stem| bare(&stem)));
    }
    stems.extend(name.strip_suffix("ستان").map(bare));
    let long = stems.iter().filter(|stem| stem.chars().count() + 1 >= STEM);
    long.flat_map(|stem| ARABIC.map(|ending| format!("ال{stem}{ending}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjectives_are_made_from_names() {
        for (name, adjective) in [
            ("syria", "syrian"),
            ("egypt", "egyptian"),
            ("lebanon", "lebanese"),
            ("turkey", "turkish"),
            ("germany", "german"),
            ("afghanistan", "afghan"),
            ("morocco", "moroccan"),
            ("سوريا", "السورية"),
            ("المغرب", "المغربية"),
            ("السعوديه", "السعودية"),
            ("افغانستان", "الافغانية"),
            ("تركيا", "التركي"),
        ] {
            assert!(
                adjectives(name).contains(&adjective.to_owned()),
                "{name}: {:?}",
                adjectives(name)
            );
        }
    }
}
