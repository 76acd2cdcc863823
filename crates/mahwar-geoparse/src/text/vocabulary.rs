//! The words that matter, each with a number: those of names, cues, units, verbs.
//!
//! Every part of the reader registers its words here when it is built; a text's words are then looked up once, and
//! everything after that compares numbers.

use super::{affix::loosened, key::Key, token::keys_of};

/// The number of a word in its [`Vocabulary`]; [`UNKNOWN`] for any other word.
pub type WordId = u32;

/// The word that no part of the reader has registered.
pub const UNKNOWN: WordId = 0;

const ID_BITS: u32 = 22;
const ID_MASK: u32 = (1 << ID_BITS) - 1;

/// Numbers of words by hash. Open addressing; the low bits hold the word's number, the high ones part of its hash, so
/// that most misses never touch the keys.
#[derive(Clone, Debug)]
struct Slots {
    slots: Vec<u32>,
    used: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            slots: vec![0; 1 << 10],
            used: 0,
        }
    }
}

impl Slots {
    /// The word with this hash of which `is_it` is true, or [`UNKNOWN`].
    #[inline]
    fn find(&self, hash: u64, is_it: impl Fn(WordId) -> bool) -> WordId {
        let mask = self.slots.len() - 1;
        let tag = tag(hash);
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at & mask];
            if slot == 0 {
                return UNKNOWN;
            }
            if slot & !ID_MASK == tag && is_it(slot & ID_MASK) {
                return slot & ID_MASK;
            }
            at += 1;
        }
    }

    /// Adds a new word; `hash_of` returns the hash of any other.
    fn insert(&mut self, hash: u64, word: WordId, hash_of: impl Fn(WordId) -> u64) {
        self.used += 1;
        if self.used * 2 > self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![0; old.len() * 2];
            for slot in old.into_iter().filter(|slot| *slot != 0) {
                self.place(hash_of(slot & ID_MASK), slot & ID_MASK);
            }
        }
        self.place(hash, word);
    }

    fn place(&mut self, hash: u64, word: WordId) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = word | tag(hash);
    }
}

/// Words by key.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    slots: Slots,
    keys: Vec<Key>,
    /// True for words that some part of the reader takes by themselves; the rest only occur inside longer names.
    strong: Vec<bool>,
    /// Looser spellings of words, apart from the words themselves.
    loose: Slots,
    /// Bit `a * 64 + b` set: some looser spelling begins with the symbols `a` and `b`.
    loose_begins: Vec<u64>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            keys: vec![Key::NONE],
            strong: vec![false],
            loose: Slots::default(),
            loose_begins: vec![0; 64],
        }
    }
}

impl Vocabulary {
    /// One more than the largest number given out.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True if no word is registered.
    pub fn is_empty(&self) -> bool {
        self.keys.len() <= 1
    }

    /// The number of a word, registering it when it is new. [`UNKNOWN`] for a word too long to have a key, and for
    /// any new word when four million are registered.
    pub fn intern(&mut self, key: Key) -> WordId {
        if key.is_empty() {
            return UNKNOWN;
        }
        let known = self.get(key);
        if known != UNKNOWN || self.keys.len() > ID_MASK as usize {
            return known;
        }
        let id = self.keys.len() as WordId;
        self.keys.push(key);
        self.strong.push(false);
        self.slots
            .insert(key.hash(), id, |word| self.keys[word as usize].hash());
        id
    }

    /// Frees memory that no word uses.
    pub fn shrink_to_fit(&mut self) {
        self.keys.shrink_to_fit();
        self.strong.shrink_to_fit();
    }

    /// Maps the looser spelling of a word to it, unless another word has it already.
    pub fn add_loose(&mut self, word: WordId) {
        let key = loosened(self.key(word));
        if key.is_empty() {
            return;
        }
        let len = key.len();
        if self.get_loosened(key) == UNKNOWN {
            let hash_of = |word: WordId| loosened(self.keys[word as usize]).hash();
            self.loose.insert(key.hash(), word, hash_of);
        }
        if len > 1 {
            self.loose_begins[usize::from(key.symbol_from_end(len - 1))] |= 1 << key.symbol_from_end(len - 2);
        }
    }

    /// The word with this looser spelling, or [`UNKNOWN`].
    pub fn get_loose(&self, key: Key) -> WordId {
        self.get_loosened(loosened(key))
    }

    fn get_loosened(&self, loose: Key) -> WordId {
        self.loose
            .find(loose.hash(), |word| loosened(self.keys[word as usize]) == loose)
    }

    /// True if some looser spelling begins as this word of `len` symbols does.
    pub(super) fn may_be_loose(&self, key: Key, len: usize) -> bool {
        let begins = loosened(key.first_symbols(len, len.min(3)));
        let count = begins.len();
        count > 1
            && self.loose_begins[usize::from(begins.symbol_from_end(count - 1))] >> begins.symbol_from_end(count - 2)
                & 1
                == 1
    }

    /// The numbers of the words of a phrase, registering them; `None` for a phrase with a word that has no key.
    pub fn intern_phrase(&mut self, phrase: &str) -> Option<Vec<WordId>> {
        let words: Vec<_> = keys_of(phrase).into_iter().map(|key| self.intern(key)).collect();
        (!words.is_empty() && !words.contains(&UNKNOWN)).then_some(words)
    }

    /// Marks a word that means something by itself, so that it is not split in search of another.
    pub fn set_strong(&mut self, word: WordId) {
        if let Some(strong) = self.strong.get_mut(word as usize) {
            *strong = true;
        }
    }

    /// True if a word means something by itself.
    #[inline]
    pub fn is_strong(&self, word: WordId) -> bool {
        self.strong.get(word as usize).copied().unwrap_or(false)
    }

    /// The key of a word.
    pub fn key(&self, word: WordId) -> Key {
        self.keys.get(word as usize).copied().unwrap_or(Key::NONE)
    }

    /// The number of a word, or [`UNKNOWN`].
    #[inline]
    pub fn get(&self, key: Key) -> WordId {
        self.slots.find(key.hash(), |word| self.keys[word as usize] == key)
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 & !ID_MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_in_every_spelling() {
        let mut words = Vocabulary::default();
        let kirkuk = words.intern_phrase("كركوك").unwrap();
        assert_eq!(words.intern_phrase("کَرْكـوك"), Some(kirkuk.clone()));
        assert_ne!(words.intern_phrase("بغداد"), Some(kirkuk));
    }

    #[test]
    fn many_words_are_all_found_again() {
        let mut words = Vocabulary::default();
        let ids: Vec<_> = (0..20_000)
            .map(|i: u32| words.intern_phrase(&i.to_string()).unwrap())
            .collect();
        assert!((0..20_000).all(|i: u32| words.intern_phrase(&i.to_string()).as_ref() == Some(&ids[i as usize])));
        assert_eq!(words.get(keys_of("20001")[0]), UNKNOWN);
    }

    #[test]
    fn a_looser_spelling_stands_for_its_word() {
        let mut words = Vocabulary::default();
        let erbil = words.intern(keys_of("هەولێر")[0]);
        words.add_loose(erbil);
        let typed = keys_of("هه‌ولير")[0];
        assert_eq!(words.get(typed), UNKNOWN);
        assert_eq!(words.get_loose(typed), erbil);
        assert!(words.may_be_loose(typed, typed.len()));
    }
}
