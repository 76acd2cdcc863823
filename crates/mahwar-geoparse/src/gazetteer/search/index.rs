//! The names of a gazetteer by key: sorted for exact and prefix look-ups, with letter masks for near ones.

use super::{
    near::{self, Distance, Measure},
    words::{SearchWords, key},
};
use crate::{
    gazetteer::{Gazetteer, Place, PlaceIndex},
    language::Language,
};
use std::ops::Range;

/// One name of one place under a key.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// The place.
    pub place: PlaceIndex,
    /// Position among its names of the language.
    pub name: u16,
    /// The language.
    pub language: Language,
    /// The key is the name without its article.
    pub without_article: bool,
}

impl Posting {
    /// The name as its place has it.
    pub fn name_of(self, place: &Place) -> &str {
        place.names.of(self.language).nth(self.name.into()).unwrap_or_default()
    }
}

#[derive(Debug)]
struct Entry {
    text: Range<u32>,
    letters: u16,
    mask: u64,
    postings: Range<u32>,
}

/// Names by key.
#[derive(Debug, Default)]
pub struct Index {
    text: String,
    /// In the order of their keys.
    entries: Vec<Entry>,
    postings: Vec<Posting>,
}

impl Index {
    /// Folds and sorts all names.
    pub fn new(gazetteer: &Gazetteer, words: &SearchWords) -> Self {
        let mut all: Vec<(String, Posting)> = Vec::with_capacity(gazetteer.places().len() * 4);
        for (place, entry) in (0..).zip(gazetteer.places()) {
            for language in Language::ALL {
                for (name, spelling) in (0..).zip(entry.names.of(language)) {
                    let posting = Posting {
                        place,
                        name,
                        language,
                        without_article: false,
                    };
                    let key = key(spelling);
                    if let Some(bare) = words.without_article(&key) {
                        let without_article = true;
                        all.push((
                            bare,
                            Posting {
                                without_article,
                                ..posting
                            },
                        ));
                    }
                    all.push((key, posting));
                }
            }
        }
        all.retain(|(key, _)| !key.is_empty());
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let mut index = Self::default();
        for (key, posting) in all {
            index.push(&key, posting);
        }
        index.text.shrink_to_fit();
        index.entries.shrink_to_fit();
        index.postings.shrink_to_fit();
        index
    }

    fn push(&mut self, key: &str, posting: Posting) {
        let at = self.postings.len() as u32;
        self.postings.push(posting);
        match self.entries.last_mut() {
            Some(last) if self.text[last.text.start as usize..last.text.end as usize] == *key => {
                last.postings.end = at + 1;
            }
            _ => {
                let start = self.text.len() as u32;
                self.text.push_str(key);
                self.entries.push(Entry {
                    text: start..self.text.len() as u32,
                    letters: key.chars().count().min(usize::from(u16::MAX)) as u16,
                    mask: near::mask(key),
                    postings: at..at + 1,
                });
            }
        }
    }

    fn text_of(&self, entry: &Entry) -> &str {
        &self.text[entry.text.start as usize..entry.text.end as usize]
    }

    fn postings_of(&self, entry: &Entry) -> &[Posting] {
        &self.postings[entry.postings.start as usize..entry.postings.end as usize]
    }

    /// Names with this key.
    pub fn exact(&self, key: &str) -> &[Posting] {
        let found = self.entries.binary_search_by(|entry| self.text_of(entry).cmp(key));
        found.map_or(&[], |at| self.postings_of(&self.entries[at]))
    }

    /// Names whose key goes on after `key`, with the share of the name that the key is.
    pub fn prefix<'a>(&'a self, key: &'a str) -> impl Iterator<Item = (f64, &'a [Posting])> {
        let from = self.entries.partition_point(|entry| self.text_of(entry) <= key);
        let letters = key.chars().count() as f64;
        let entries = self.entries[from..].iter();
        entries
            .take_while(move |entry| self.text_of(entry).starts_with(key))
            .map(move |entry| (letters / f64::from(entry.letters), self.postings_of(entry)))
    }

    /// Names whose key is a few edits away.
    pub fn near(&self, key: &str, mut found: impl FnMut(Distance, &[Posting])) {
        let mut measure = Measure::new(key);
        let mask = near::mask(key);
        let letters = measure.letters();
        let edits = near::edits_allowed(letters);
        if edits == 0 {
            return;
        }
        for entry in &self.entries {
            let close = usize::from(entry.letters).abs_diff(letters) <= edits as usize;
            if close
                && near::may_be_near(mask, entry.mask, edits)
                && let Some(distance) = measure.distance(self.text_of(entry), edits)
                && distance.edits > 0
            {
                found(distance, self.postings_of(entry));
            }
        }
    }

    /// Names that contain all of these words, in any order.
    pub fn with_words(&self, words: &[&str], mut found: impl FnMut(f64, &[Posting])) {
        let mask = words.iter().fold(0, |mask, word| mask | near::mask(word));
        let letters: usize = words.iter().map(|word| word.chars().count()).sum();
        for entry in self.entries.iter().filter(|entry| entry.mask & mask == mask) {
            let text = self.text_of(entry);
            if words.iter().all(|word| text.split(' ').any(|other| other == *word)) {
                found(
                    letters as f64 / f64::from(entry.letters).max(1.0),
                    self.postings_of(entry),
                );
            }
        }
    }
}
