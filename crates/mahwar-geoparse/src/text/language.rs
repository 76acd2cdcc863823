//! The language of a paragraph, from the letters of its words and from its small words.

use super::{
    key::Key,
    token::{Kind, Token, keys_of},
};
use crate::language::Language;
use rustc_hash::FxHashMap;

/// Longest small word, in symbols.
const LONGEST: usize = 6;
/// Latin words without a small word of English after which the language is another one.
const SILENT: u32 = 24;

/// Latin words of the shortest text in which one small word of another language decides.
const SHORTEST: u32 = 3;
/// One word in so many with a letter of Urdu, Pashto or Uyghur is enough.
const ALIEN: u32 = 5;

/// Small words ("the", "von", "için") that distinguish languages that share a script.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    /// By word: bit 0 for a language that is read here, bit 1 for another one, bit 2 for parts of names.
    words: FxHashMap<Key, u8>,
}

const SUPPORTED: u8 = 1;
const OTHER: u8 = 2;
const PARTICLE: u8 = 4;

impl Languages {
    /// Adds the small words of a language that is read here, or of another one.
    pub fn add<'w>(&mut self, supported: bool, words: impl IntoIterator<Item = &'w str>) {
        self.mark(words, if supported { SUPPORTED } else { OTHER });
    }

    /// Adds small words that are also parts of names ("de", "al"): one alone shows no other language.
    pub fn add_particles<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) {
        self.mark(words, PARTICLE);
    }

    fn mark<'w>(&mut self, words: impl IntoIterator<Item = &'w str>, mark: u8) {
        for word in words {
            if let [key] = keys_of(word)[..] {
                *self.words.entry(key).or_default() |= mark;
            }
        }
    }

    #[inline]
    fn of(&self, key: Key) -> u8 {
        match key.len() <= LONGEST {
            true => self.words.get(&key).copied().unwrap_or(0),
            false => 0,
        }
    }
}

/// Counts of a paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Arabic-script words without a letter that only Sorani has, and with one.
    arabic: u32,
    sorani: u32,
    latin: u32,
    /// Words of other scripts.
    other: u32,
    /// Small words of the languages that are read, and of others, by script: Arabic, Latin.
    own_small: [u32; 2],
    other_small: [u32; 2],
    /// Small words of others that are also parts of names.
    particles: u32,
    /// Arabic-script words with a letter that neither Arabic nor Sorani has, and those without one and without a letter
    /// of Sorani that have one which Arabic lacks (پ چ ژ گ).
    alien: u32,
    persian: u32,
    /// Latin words with a letter that English and transliterations do not have.
    pub(super) foreign: u32,
    /// Latin words inside a sentence that begin with a capital, that do not, and that are all capitals.
    capital: u32,
    /// The same at the head of a sentence.
    heads: u32,
    small: u32,
    shouted: u32,
    lacking: bool,
}

impl Tally {
    #[inline]
    pub(super) fn add_arabic(&mut self, languages: &Languages, key: Key, sorani: bool) {
        match sorani {
            true => self.sorani += 1,
            false => {
                self.persian += u32::from(std::mem::take(&mut self.lacking));
                self.arabic += 1;
                self.add_small(0, languages.of(key));
            }
        }
    }

    /// The next Arabic-script word has a letter that neither Arabic nor Sorani has.
    pub(super) fn add_alien(&mut self) {
        self.alien += 1;
    }

    /// The next Arabic-script word has a letter that Arabic lacks.
    pub(super) fn mark_lacking(&mut self) {
        self.lacking = true;
    }

    #[inline]
    pub(super) fn add_latin(&mut self, languages: &Languages, key: Key, token: &Token, capitals: bool) {
        self.latin += 1;
        let small = languages.of(key);
        // "Der Spiegel" in an English sentence is a name.
        if small & OTHER == 0 || !token.is_capital() || token.begins_sentence() {
            self.add_small(1, small);
        }
        let pronoun = token.end - token.start == 1;
        match (token.is_capital(), capitals) {
            _ if pronoun => {}
            (true, true) => self.shouted += 1,
            (true, false) if !token.begins_sentence() => self.capital += 1,
            (true, false) => self.heads += 1,
            (false, _) => self.small += 1,
        }
    }

    pub(super) fn add_other(&mut self, token: &Token) {
        debug_assert_eq!(token.kind, Kind::Other);
        // Some scripts do not part words.
        self.other += ((token.end - token.start) / 8).max(1);
    }

    #[inline]
    fn add_small(&mut self, script: usize, found: u8) {
        match found {
            SUPPORTED => self.own_small[script] += 1,
            OTHER => self.other_small[script] += 1,
            found if found & SUPPORTED == 0 && found & OTHER != 0 => self.particles += 1,
            _ => {}
        }
    }

    pub(super) fn words(&self) -> u32 {
        self.arabic + self.sorani + self.latin + self.other
    }

    /// The Latin words are all small or all in capitals.
    pub(super) fn is_uncased(&self) -> bool {
        let lower = self.capital + self.heads == 0 && self.shouted == 0 && self.small > 1;
        let upper = self.small == 0 && self.capital == 0 && self.shouted > 2;
        lower || upper
    }

    /// The language of most of the words; `otherwise` when there are none. Most Sorani words have a letter of its own
    /// (ە above all), Arabic text has them in borrowed names only, so one word in five decides. Other languages are
    /// recognised by their small words and by letters of their own.
    pub(super) fn language(&self, otherwise: Language) -> Language {
        let arabic_script = self.arabic + self.sorani;
        if self.words() == 0 {
            otherwise
        } else if self.other > arabic_script && self.other > self.latin {
            Language::Undetermined
        } else if self.latin > arabic_script {
            match self.is_other(1) || self.is_silent() {
                true => Language::Undetermined,
                false => Language::English,
            }
        } else if self.alien > 0 && self.alien * ALIEN >= arabic_script {
            Language::Undetermined
        } else if self.sorani * 5 >= arabic_script && (self.other_small[0] < 2 || self.other_small[0] <= self.sorani) {
            Language::Sorani
        } else if self.is_other(0) || self.is_persian() {
            Language::Undetermined
        } else {
            Language::Arabic
        }
    }

    /// More small words of other languages than of those that are read; in a short text without any of the latter, one.
    fn is_other(&self, script: usize) -> bool {
        let (own, certain) = (self.own_small[script], self.other_small[script]);
        let other = certain + if script == 1 { self.particles } else { 0 };
        (other >= 2 && other > own) || (script == 1 && certain > 0 && own == 0 && self.latin >= SHORTEST)
    }

    /// Small words of Persian and its letters are more than the small words of Arabic.
    fn is_persian(&self) -> bool {
        let (own, other) = (self.own_small[0], self.other_small[0]);
        other > 0 && other + self.persian >= 2 && other + self.persian > own
    }

    /// Latin words without a single small word of English, although there are many or some have foreign letters.
    fn is_silent(&self) -> bool {
        self.own_small[1] == 0
            && ((self.foreign > 0 && self.latin >= 3 && self.foreign * 6 >= self.latin) || self.latin >= SILENT)
    }
}
