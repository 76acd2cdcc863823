//! Spellings one letter away from a name, for unknown names after a type noun: "the village of Solag", "the subdistrict of
//! Qara Tape". The place counts only beside one that agrees with it.

use super::names::{NameId, Names};
use crate::{
    gazetteer::{Gazetteer, Level, PlaceIndex},
    text::{Key, Vocabulary, WordId, keys_of},
};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// The fewest letters of a name that may be spelt otherwise.
const LEAST: usize = 6;
/// Letters at the beginning or at the end of such a name that one edit leaves alone.
const INTACT: usize = LEAST / 2;

/// Names by their first and by their last letters.
#[derive(Clone, Debug, Default)]
pub(super) struct Respellings {
    /// Sorted by the hash of the letters.
    names: Vec<(u32, NameId)>,
}

impl Respellings {
    /// Adds the names of places at home. `words`: the words of a name.
    pub fn add(&mut self, name: NameId, words: &[WordId], vocabulary: &Vocabulary) {
        let Some(key) = joined(words.iter().map(|word| vocabulary.key(*word)), LEAST) else {
            return;
        };
        self.names.extend(ends(key).map(|end| (end, name)));
    }

    /// Puts the names in order.
    pub fn finish(&mut self) {
        self.names.sort_unstable();
        self.names.dedup();
        self.names.shrink_to_fit();
    }

    /// The name of the only place of these levels that has a name one letter away from a spelling.
    pub fn find(&self, spelling: &str, levels: &[Level], names: &Names, gazetteer: &Gazetteer) -> Option<NameId> {
        let key = joined(keys_of(spelling).into_iter(), LEAST - 1)?;
        let letters: Vec<char> = key.letters().chars().collect();
        let mut meant: Option<(PlaceIndex, NameId)> = None;
        for end in ends(key) {
            let first = self.names.partition_point(|(hash, _)| *hash < end);
            for (_, name) in self.names[first..].iter().take_while(|(hash, _)| *hash == end) {
                for bearer in names.bearers(*name) {
                    let place = gazetteer.at(bearer.place);
                    if place.foreign || !levels.contains(&place.level) {
                        continue;
                    }
                    let near = place.names.iter().any(|(_, name)| is_near(&letters, name));
                    match meant {
                        _ if !near => {}
                        Some((other, _)) if other != bearer.place => return None,
                        Some(_) => {}
                        None => meant = Some((bearer.place, *name)),
                    }
                }
            }
        }
        meant.map(|(_, name)| name)
    }
}

/// The letters of all words together, if they are enough.
fn joined(mut keys: impl Iterator<Item = Key>, least: usize) -> Option<Key> {
    let first = keys.next()?;
    let key = keys.fold(first, |key, next| match key.is_empty() {
        true => Key::NONE,
        false => key.join(next, next.len()),
    });
    (key.len() >= least).then_some(key)
}

fn ends(key: Key) -> [u32; 2] {
    let hash = |(at_end, part): (bool, Key)| {
        let mut hasher = FxHasher::default();
        (at_end, part).hash(&mut hasher);
        let hash = hasher.finish();
        (hash ^ (hash >> 32)) as u32
    };
    [
        (false, key.first_symbols(key.len(), INTACT)),
        (true, key.last_symbols(INTACT)),
    ]
    .map(hash)
}

/// True if a name has the letters, or one more, one fewer or one other.
fn is_near(letters: &[char], name: &str) -> bool {
    let Some(key) = joined(keys_of(name).into_iter(), LEAST) else {
        return false;
    };
    let other: Vec<char> = key.letters().chars().collect();
    if letters.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = letters
        .iter()
        .zip(&other)
        .take_while(|(one, other)| one == other)
        .count();
    let (one, other) = (&letters[same..], &other[same..]);
    match one.len().cmp(&other.len()) {
        std::cmp::Ordering::Equal => one.get(1..).unwrap_or_default() == other.get(1..).unwrap_or_default(),
        std::cmp::Ordering::Greater => &one[1..] == other,
        std::cmp::Ordering::Less => one == &other[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_may_differ() {
        let near = |spelling: &str, name: &str| {
            let key = joined(keys_of(spelling).into_iter(), LEAST - 1).expect("a long spelling");
            is_near(&key.letters().chars().collect::<Vec<_>>(), name)
        };
        for (spelling, name) in [
            ("Shahrazor", "Shahrizor"),
            ("Baqoofa", "Baqofa"),
            ("Qara Tape", "Qara Tapa"),
        ] {
            assert!(near(spelling, name), "{spelling} {name}");
            assert!(near(name, spelling), "{name} {spelling}");
        }
        assert!(near("Solag", "Solagh"));
        assert!(!near("Shahrazor", "Sharazur"));
        assert!(!near("Sulayman", "Sulaymaniyah"));
    }
}
