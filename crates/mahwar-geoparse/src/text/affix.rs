//! Affixes of words: Arabic proclitics, Sorani suffix chains and prepositions.
//!
//! The data folder lists the parts by slot; every selection of at most one part of each slot, in order, is a chain. A
//! chain is split off only when the vocabulary has the remaining word: there is no stemmer.

use super::{
    key::{Key, Script},
    letters::ARABIC,
    token::{RESTORED, Token},
    vocabulary::{UNKNOWN, Vocabulary, WordId},
};
use crate::language::Language;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A shorter word after a particle of questions would be found in too many others.
const SHORTEST_ASKED: usize = 4;

/// One part that may be attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affix {
    /// Language whose words have it.
    pub language: Language,
    /// Precedes the word; otherwise follows it.
    pub before: bool,
    /// Parts of a lower slot precede those of a higher one.
    pub slot: u8,
    /// The letters of the part.
    pub letters: String,
    /// Letters that the part swallowed and that the word gets back (لل swallows the ا of ال).
    pub restores: String,
}

/// The affixes of each language.
#[derive(Clone, Debug, Default)]
pub struct Affixes {
    arabic: Grammar,
    sorani: Grammar,
    other: Grammar,
}

/// The chains of one language.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    /// By first symbol; the shortest first.
    before: Vec<Vec<Prefix>>,
    after: Suffixes,
    /// True if looser spellings of the remaining word are tried.
    loose: bool,
}

/// Suffix chains as an automaton that reads a word from its last symbol backwards. A chain has at most one part of
/// each slot, so the possible next parts depend on the slot alone, and thousands of chains need a few hundred states.
#[derive(Clone, Debug, Default)]
struct Suffixes {
    states: Vec<SuffixState>,
}

#[derive(Clone, Debug)]
struct SuffixState {
    next: [u16; 64],
    ends: bool,
}

/// State of a reader: a part and the number of its symbols that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Inside {
    part: usize,
    read: usize,
}

impl Suffixes {
    fn new(parts: &[(u8, Key)]) -> Self {
        let begun = |below: u8| {
            let lower = parts.iter().enumerate().filter(move |(_, (slot, _))| *slot < below);
            lower.map(|(part, _)| Inside { part, read: 0 })
        };
        let mut sets: Vec<BTreeSet<Inside>> = vec![begun(u8::MAX).collect()];
        let mut known: FxHashMap<BTreeSet<Inside>, u16> = FxHashMap::default();
        let mut states = vec![SuffixState::new(false)];
        let mut at = 0;
        while at < sets.len() {
            let mut reached: BTreeMap<u8, (BTreeSet<Inside>, bool)> = BTreeMap::new();
            for &Inside { part, read } in &sets[at] {
                let (slot, key) = parts[part];
                let (set, ends) = reached.entry(key.symbol_from_end(read)).or_default();
                if read + 1 < key.len() {
                    set.insert(Inside { part, read: read + 1 });
                } else {
                    set.extend(begun(slot));
                    *ends = true;
                }
            }
            for (symbol, (mut set, ends)) in reached {
                if ends {
                    // Two states that read on alike differ when one of them ends a chain.
                    set.insert(Inside {
                        part: parts.len(),
                        read: 0,
                    });
                }
                let next = *known.entry(set).or_insert_with_key(|set| {
                    states.push(SuffixState::new(ends));
                    sets.push(set.iter().copied().filter(|inside| inside.part < parts.len()).collect());
                    (states.len() - 1) as u16
                });
                states[at].next[usize::from(symbol)] = next;
            }
            at += 1;
        }
        Self { states }
    }

    /// Lengths of the chains that a word ends with, when at least two symbols stay, the shortest first.
    fn lengths(&self, key: Key, len: usize) -> impl Iterator<Item = usize> + '_ {
        let mut state = 0;
        let mut at = 0;
        std::iter::from_fn(move || {
            while at + 2 < len {
                let next = self.states.get(state)?.next[usize::from(key.symbol_from_end(at))];
                if next == 0 {
                    return None;
                }
                state = usize::from(next);
                at += 1;
                if self.states[state].ends {
                    return Some(at);
                }
            }
            None
        })
    }
}

impl SuffixState {
    fn new(ends: bool) -> Self {
        Self { next: [0; 64], ends }
    }
}

#[derive(Clone, Debug)]
struct Prefix {
    key: Key,
    len: usize,
    restores: Key,
}

impl Affixes {
    /// Builds the chains from the parts.
    pub fn new(parts: &[Affix]) -> Self {
        Self {
            arabic: Grammar::new(parts, Language::Arabic),
            sorani: Grammar::new(parts, Language::Sorani),
            other: Grammar::new(parts, Language::Undetermined),
        }
    }

    /// The chains of a language; a paragraph in English has the Arabic ones for its Arabic words.
    pub(super) fn grammar(&self, language: Language) -> &Grammar {
        match language {
            Language::Sorani => &self.sorani,
            Language::Arabic | Language::English | Language::Undetermined => &self.arabic,
        }
    }

    /// Affixes of other languages on names in Latin letters.
    pub(super) fn latin(&self) -> &Grammar {
        &self.other
    }
}

impl Grammar {
    fn new(parts: &[Affix], language: Language) -> Self {
        let mut grammar = Self {
            before: vec![Vec::new(); 64],
            after: Suffixes::new(&suffixes(parts, language)),
            loose: language == Language::Sorani,
        };
        for (chain, restores) in prefix_chains(parts, language) {
            let (Some(key), restores) = (key(&chain), key(&restores).unwrap_or(Key::NONE)) else {
                continue;
            };
            let len = key.len();
            grammar.before[usize::from(key.first(len))].push(Prefix { key, len, restores });
        }
        for prefixes in &mut grammar.before {
            prefixes.sort_by_key(|prefix| prefix.len);
        }
        grammar
    }

    /// Looks for the word that remains when affixes are cut off, the fewest letters first. A remainder that means
    /// something by itself is better than one that only occurs inside longer names, an exact one than a looser
    /// spelling.
    #[inline]
    pub(super) fn analyse(&self, vocabulary: &Vocabulary, key: Key, token: &mut Token) {
        let len = key.len();
        let prefixes = &self.before[usize::from(key.first(len))];
        if prefixes.is_empty() && !self.loose {
            return;
        }
        let mut best = Stem::default();
        let whole = token.word == UNKNOWN;
        self.try_all(&|key| vocabulary.get(key), vocabulary, prefixes, key, false, &mut best);
        if self.loose && !best.strong && vocabulary.may_be_loose(key, len) {
            self.try_all(&|key| vocabulary.get_loose(key), vocabulary, &[], key, whole, &mut best);
        }
        token.stem = best.word;
        token.cut = best.cut;
        token.tail = best.tail;
        if best.restored {
            token.flags |= RESTORED;
        }
    }

    /// Looks for a name in Latin letters with endings of another language written onto it ("Kerkûkê").
    pub(super) fn analyse_ending(&self, vocabulary: &Vocabulary, key: Key, token: &mut Token) {
        let found = self.after.lengths(key, key.len()).find_map(|tail| {
            let word = vocabulary.get(key.without_last(tail));
            vocabulary.is_strong(word).then_some((word, tail))
        });
        if let Some((word, tail)) = found {
            (token.stem, token.tail) = (word, tail as u8);
        }
    }

    /// Looks for a name in Latin letters that an apostrophe separates from `before` symbols in front of it or from
    /// `behind` symbols after it, where these are affixes of another language ("d'Erbil", "Kerkük'te").
    pub(super) fn analyse_parted(
        &self,
        vocabulary: &Vocabulary,
        key: Key,
        before: usize,
        behind: usize,
        token: &mut Token,
    ) {
        let len = key.len();
        let look_up = |key: Key| match vocabulary.get(key) {
            UNKNOWN => vocabulary.get_loose(key),
            word => word,
        };
        if self.after.lengths(key, len).any(|tail| tail == behind) {
            let word = look_up(key.without_last(behind));
            if word != UNKNOWN {
                (token.stem, token.tail) = (word, behind as u8);
                return;
            }
        }
        let first = key.first_symbols(len, before);
        let prefixes = &self.before[usize::from(key.first(len))];
        if prefixes
            .iter()
            .any(|prefix| prefix.len == before && prefix.key == first)
        {
            let word = look_up(key.without_first(len, before));
            if word != UNKNOWN {
                (token.stem, token.cut) = (word, before as u8);
            }
        }
    }

    /// The particle of questions, one letter, before a word that means something by itself.
    pub(super) fn ask(&self, vocabulary: &Vocabulary, key: Key, token: &mut Token) {
        let len = key.len();
        let word = vocabulary.get(key.without_first(len, 1));
        if !self.loose && len > SHORTEST_ASKED && vocabulary.is_strong(word) {
            token.stem = word;
            token.cut = 1;
        }
    }

    fn try_all(
        &self,
        look_up: LookUp,
        vocabulary: &Vocabulary,
        prefixes: &[Prefix],
        key: Key,
        whole: bool,
        best: &mut Stem,
    ) {
        let len = key.len();
        self.try_suffixes(look_up, vocabulary, key, Stem::default(), whole, best);
        for prefix in prefixes {
            if best.strong {
                break;
            }
            if prefix.len + 1 >= len || key.first_symbols(len, prefix.len) != prefix.key {
                continue;
            }
            let rest = key.without_first(len, prefix.len);
            let stem = Stem {
                cut: prefix.len as u8,
                ..Stem::default()
            };
            match prefix.restores {
                Key::NONE => self.try_suffixes(look_up, vocabulary, rest, stem, true, best),
                restored => {
                    let stem = Stem { restored: true, ..stem };
                    self.try_suffixes(
                        look_up,
                        vocabulary,
                        restored.join(rest, len - prefix.len),
                        stem,
                        true,
                        best,
                    );
                }
            }
        }
    }

    fn try_suffixes(
        &self,
        look_up: LookUp,
        vocabulary: &Vocabulary,
        key: Key,
        stem: Stem,
        bare: bool,
        best: &mut Stem,
    ) {
        if bare {
            best.consider(vocabulary, look_up(key), stem);
        }
        for tail in self.after.lengths(key, key.len()) {
            if best.strong {
                return;
            }
            let stem = Stem {
                tail: tail as u8,
                ..stem
            };
            best.consider(vocabulary, look_up(key.without_last(tail)), stem);
        }
    }
}

type LookUp<'a> = &'a dyn Fn(Key) -> WordId;

#[derive(Clone, Copy, Default)]
struct Stem {
    word: WordId,
    cut: u8,
    tail: u8,
    restored: bool,
    strong: bool,
}

impl Stem {
    fn consider(&mut self, vocabulary: &Vocabulary, word: WordId, found: Self) {
        if word == UNKNOWN || self.strong {
            return;
        }
        let strong = vocabulary.is_strong(word);
        if strong || self.word == UNKNOWN {
            *self = Self { word, strong, ..found };
        }
    }
}

/// The looser spelling of a Sorani word, for writers whose keyboard lacks the letters: ە as ه, ڵ as ل, ڕ as ر, ێ as ی,
/// ۆ and وو as و, ڤ as ف. Words are registered under it as aliases.
///
/// Of a word in Latin letters it is one spelling of the many ways to transliterate a name: vowels by kind, no doubled
/// letters, no h ("Suleymaniye", "Sulaimaniya"; "Tuz Khurmatu", "Touz Khourmatou").
pub fn loosened(key: Key) -> Key {
    if key.script() == Script::Latin {
        return transliterated(key);
    }
    const WAW: u8 = symbol("و");
    key.map(|before, symbol_| match LOOSE[usize::from(symbol_ & 63)] {
        WAW if before == WAW => 0,
        looser => looser,
    })
}

/// One spelling for the transliterations of a name.
fn transliterated(key: Key) -> Key {
    const fn letter(letter: u8) -> u8 {
        letter - b'a' + 1
    }
    let len = key.len();
    let at = |place: usize| {
        if place < len {
            key.symbol_from_end(len - 1 - place) + b'a' - 1
        } else {
            0
        }
    };
    let (mut symbols, mut last, mut place) = (0u128, 0, 0);
    while place < len {
        let (kept, taken) = match (at(place), at(place + 1)) {
            (b'd', b'j') => (b'j', 2),
            (b'p', b'h') => (b'f', 2),
            (b'o' | b'u', b'u' | b'o') | (b'a', b'u') | (b'a' | b'o' | b'u', b'w') => (b'u', 2),
            (b'a' | b'e' | b'i', b'i' | b'y') | (b'i' | b'e', b'e') => (b'i', 2),
            (b'h', _) => (0, 1),
            (b'e' | b'y', _) => (b'i', 1),
            (b'o' | b'w', _) => (b'u', 1),
            (b'q' | b'x' | b'c', _) => (b'k', 1),
            (other, _) => (other, 1),
        };
        place += taken;
        if kept != 0 && kept != last {
            symbols = (symbols << 6) | u128::from(letter(kept));
            last = kept;
        }
    }
    Key::new(Script::Latin, symbols)
}

const LOOSE: [u8; 64] = {
    let mut loose = [0; 64];
    let mut i = 0;
    while i < 64 {
        loose[i] = i as u8;
        i += 1;
    }
    loose[symbol("ە") as usize] = symbol("ه");
    loose[symbol("ڵ") as usize] = symbol("ل");
    loose[symbol("ڕ") as usize] = symbol("ر");
    loose[symbol("ێ") as usize] = symbol("ي");
    loose[symbol("ۆ") as usize] = symbol("و");
    loose[symbol("ڤ") as usize] = symbol("ف");
    loose
};

const fn symbol(letter: &str) -> u8 {
    let (letters, letter) = (ARABIC.as_bytes(), letter.as_bytes());
    let mut i = 0;
    while letters[i] != letter[0] || letters[i + 1] != letter[1] {
        i += 2;
    }
    (i / 2) as u8 + 1
}

/// The parts after the words of a language, with their slots.
fn suffixes(parts: &[Affix], language: Language) -> Vec<(u8, Key)> {
    let own = parts.iter().filter(|part| part.language == language && !part.before);
    own.filter_map(|part| Some((part.slot, key(&part.letters)?))).collect()
}

/// Every chain of at most one part a slot before a word: its letters and the letters that it restores.
fn prefix_chains(parts: &[Affix], language: Language) -> Vec<(String, String)> {
    let parts: Vec<_> = parts
        .iter()
        .filter(|part| part.language == language && part.before)
        .collect();
    let slots: BTreeSet<_> = parts.iter().map(|part| part.slot).collect();
    let mut chains = vec![(String::new(), String::new())];
    for slot in slots {
        let shorter = chains.clone();
        for part in parts.iter().filter(|part| part.slot == slot) {
            for (letters, _) in &shorter {
                chains.push((format!("{letters}{}", part.letters), part.restores.clone()));
            }
        }
    }
    chains.retain(|(letters, _)| !letters.is_empty());
    chains
}

fn key(letters: &str) -> Option<Key> {
    match super::token::keys_of(letters).as_slice() {
        [key] => Some(*key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every chain, made one by one.
    fn chains(parts: &[Affix]) -> BTreeSet<String> {
        let mut chains = BTreeSet::from([String::new()]);
        for slot in 0..=9 {
            for part in parts.iter().filter(|part| part.slot == slot) {
                let longer = chains.iter().filter(|chain| !chain.contains(&format!("{slot}")));
                let longer: Vec<String> = longer.map(|chain| format!("{chain}{}{slot}", part.letters)).collect();
                chains.extend(longer);
            }
        }
        let letters = |chain: &String| chain.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        chains
            .iter()
            .map(letters)
            .filter(|chain: &String| !chain.is_empty())
            .collect()
    }

    #[test]
    fn the_automaton_takes_off_exactly_the_chains_of_at_most_one_part_a_slot() {
        let part = |slot: u8, letters: &str| Affix {
            language: Language::Sorani,
            before: false,
            slot,
            letters: letters.to_owned(),
            restores: String::new(),
        };
        let parts = [
            part(1, "ەکە"),
            part(1, "یان"),
            part(2, "ی"),
            part(2, "ە"),
            part(3, "دا"),
            part(3, "ەوە"),
            part(4, "ش"),
        ];
        let all = chains(&parts);
        let automaton = Suffixes::new(&suffixes(&parts, Language::Sorani));
        let stem = "ڕمن";
        let mut words: BTreeSet<String> = all.iter().map(|chain| format!("{stem}{chain}")).collect();
        // Not chains: parts of one slot twice, or in the wrong order.
        words.extend(["یدادا", "شدا", "داەکە", "ەوەی", "کە"].map(|tail| format!("{stem}{tail}")));
        for word in words {
            let own = key(&word).unwrap();
            let found: Vec<usize> = automaton.lengths(own, own.len()).collect();
            let letters: Vec<char> = word.chars().collect();
            let expected: Vec<usize> = (1..letters.len() - 1)
                .filter(|cut| all.contains(&letters[letters.len() - cut..].iter().collect::<String>()))
                .collect();
            assert_eq!(found, expected, "{word}");
        }
    }
}
