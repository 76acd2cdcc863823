//! How often words occur in ordinary text, in any meaning.

use super::lexicon::WordFrequency;
use crate::{
    language::Language,
    text::{Key, key_of},
};
use rustc_hash::FxHashMap;

/// Logarithms (base 10) of occurrences in 1,000 million words, in steps of a tenth, by folded word: in Sorani text, and in
/// Arabic or English text; zero for a word that is rarer than the table goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Frequencies {
    tenths: FxHashMap<Key, [u8; 2]>,
}

impl Frequencies {
    pub fn new(list: &[WordFrequency]) -> Self {
        let mut counts: Vec<(Key, usize, f64)> = list
            .iter()
            .flat_map(|row| {
                let slot = usize::from(row.language != Language::Sorani);
                let keys = row.words.split('|').filter_map(key_of).filter(|key| !key.is_empty());
                keys.map(move |key| (key, slot, f64::from(row.zipf)))
            })
            .collect();
        counts.sort_unstable_by_key(|(key, slot, _)| (*key, *slot));
        let mut found = Self::default();
        let mut sums = [0.0; 2];
        for (at, (key, slot, zipf)) in counts.iter().enumerate() {
            // Spellings that fold together count together.
            sums[*slot] += 10f64.powf(*zipf);
            if counts.get(at + 1).is_none_or(|(next, ..)| next != key) {
                let tenths = sums.map(|sum| if sum > 0.0 { (sum.log10() * 10.0) as u8 } else { 0 });
                found.tenths.insert(*key, tenths);
                sums = [0.0; 2];
            }
        }
        found
    }

    /// The logarithm of a word's frequency in Sorani text or in other text; zero for a word that is not in the table.
    pub fn zipf(&self, key: Key, sorani: bool) -> f32 {
        let tenths = self.tenths.get(&key).map_or(0, |both| both[usize::from(!sorani)]);
        f32::from(tenths) / 10.0
    }

    /// As [`Frequencies::zipf`] of the only word in a piece of text.
    pub fn zipf_of(&self, word: &str, sorani: bool) -> f32 {
        key_of(word).map_or(0.0, |key| self.zipf(key, sorani))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_counted_together() {
        let row = |language, zipf, words: &str| WordFrequency {
            language,
            zipf,
            words: words.to_owned(),
        };
        let frequencies = Frequencies::new(&[
            row(Language::Arabic, 5.0, "وأنه|وإنه"),
            row(Language::Arabic, 3.0, "حديقة"),
            row(Language::Sorani, 4.0, "وانە"),
        ]);
        assert!(frequencies.zipf_of("وانه", false) > 5.2);
        assert!((frequencies.zipf_of("حديقه", false) - 3.0).abs() < 0.11);
        assert_eq!(frequencies.zipf_of("حديقة", true), 0.0);
    }
}
