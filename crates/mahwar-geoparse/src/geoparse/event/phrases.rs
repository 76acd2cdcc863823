//! Phrases by their words, each with its value.

use crate::{
    geoparse::time::follows,
    language::Language,
    text::{Kind, Token, Vocabulary, WordId},
};

#[derive(Clone, Debug)]
struct Entry<T> {
    language: Language,
    rest: Box<[WordId]>,
    /// The letters as written, for an abbreviation in capitals that is a word in small letters.
    capitals: Option<Box<str>>,
    value: T,
    /// The next entry of the same first word plus one, or 0.
    next: u32,
}

/// Phrases of three languages.
#[derive(Clone, Debug)]
pub(in super::super) struct Phrases<T> {
    first: Vec<u32>,
    entries: Vec<Entry<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            first: Vec::new(),
            entries: Vec::new(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    pub(super) fn add(&mut self, language: Language, phrase: &str, value: T, vocabulary: &mut Vocabulary) {
        let Some(ids) = vocabulary.intern_phrase(phrase) else {
            return;
        };
        let Some((&first, rest)) = ids.split_first() else {
            return;
        };
        let slot = first as usize;
        if slot >= self.first.len() {
            self.first.resize(slot + 1, 0);
        }
        let capitals = phrase.chars().all(|letter| letter.is_ascii_uppercase());
        self.entries.push(Entry {
            language,
            rest: rest.into(),
            capitals: capitals.then(|| phrase.into()),
            value,
            next: self.first[slot],
        });
        self.first[slot] = self.entries.len() as u32;
    }

    /// The phrases that begin at a token, with their tokens.
    pub(in super::super) fn at<'p>(
        &'p self,
        text: &'p str,
        tokens: &'p [Token],
        at: usize,
        language: Language,
    ) -> impl Iterator<Item = (T, usize)> + 'p {
        let token = tokens.get(at);
        let language = match token.map(|token| token.kind) {
            Some(Kind::Latin) => Language::English,
            Some(Kind::Arabic) if language == Language::English => Language::Arabic,
            _ => language,
        };
        let slot = |word: WordId| self.first.get(word as usize).copied().unwrap_or_default();
        let (word, stem) = token.map_or((0, 0), |token| (slot(token.word), slot(token.stem)));
        let mut entry_at = if word != 0 { word } else { stem };
        std::iter::from_fn(move || {
            while entry_at != 0 {
                let entry = &self.entries[entry_at as usize - 1];
                entry_at = entry.next;
                let slice = || token.and_then(|token| text.get(token.range()));
                let end = follows(tokens, at + 1, &entry.rest);
                let same = entry
                    .capitals
                    .as_deref()
                    .is_none_or(|capitals| slice() == Some(capitals));
                if let Some(end) = end.filter(|_| entry.language == language && same) {
                    return Some((entry.value, end - at));
                }
            }
            None
        })
    }

    /// The longest phrase that begins at a token.
    pub(super) fn longest(&self, text: &str, tokens: &[Token], at: usize, language: Language) -> Option<(T, usize)> {
        self.at(text, tokens, at, language).max_by_key(|(_, len)| *len)
    }
}
