//! Finding: one walk over the tokens that decides which spans name places.
//!
//! A type noun governs the name or the list behind it; a bare name must be licensed by its class and its neighbours.
//! What is found here is small and holds no strings; places and readings are decided afterwards.

/// Bare names: what licenses them.
mod bare;
/// Names behind a type noun, and lists of them.
mod governed;
/// Persons called like places.
mod person;
/// Spans of what was found.
mod span;

use super::{
    cue::{Cue, Cues},
    extent::Extent,
    lexicon::TypeNoun,
    names::{NameId, Names},
    words::Words,
};
use crate::{
    gazetteer::Gazetteer,
    text::{Kind, Span, Token, Tokens},
};

/// The type noun of a found name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trigger<'a> {
    /// First token.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
    /// What it may be.
    pub noun: &'a TypeNoun,
}

/// A span that names a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    /// First token of the name.
    pub first: usize,
    /// One past its last token.
    pub last: usize,
    /// The name without affixes.
    pub span: Span,
    /// The name; zero for one that no gazetteer has.
    pub name: NameId,
    /// What governs it.
    pub trigger: Option<Trigger<'a>>,
    /// Where its left context ends: the first token of its type noun or of the name.
    pub head: usize,
    /// Number of the first found name of the list that it stands in.
    pub list: usize,
    /// It counts only when a place that contains it is named near.
    pub tentative: bool,
}

/// What the walk needs to know.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub gazetteer: &'a Gazetteer,
    pub words: &'a Words,
    pub names: &'a Names,
    pub spots: &'a [u8],
}

/// A name may begin with the word.
pub(super) const NAME: u8 = 1;
/// A type noun before its name may begin with it.
pub(super) const NOUN: u8 = 2;
/// A type noun after its name may begin with it.
pub(super) const NOUN_AFTER: u8 = 4;
/// The name of an organisation may begin with it.
pub(super) const ORGANISATION: u8 = 8;

struct Walk<'a> {
    finder: Finder<'a>,
    text: &'a str,
    tokens: &'a Tokens,
    found: Vec<Found<'a>>,
    /// One past the last token of the last name that was a person's.
    person: usize,
}

impl<'a> Finder<'a> {
    pub fn find(&self, text: &'a str, tokens: &'a Tokens) -> Vec<Found<'a>> {
        let mut walk = Walk {
            finder: *self,
            text,
            tokens,
            found: Vec::with_capacity(tokens.len() / 16),
            person: 0,
        };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let spot = self.spot(token.word) | self.spot(token.stem);
            at = match spot {
                0 => at + 1,
                spot => walk.step(at, spot).max(at + 1),
            };
        }
        walk.found
    }

    #[inline]
    fn spot(&self, word: u32) -> u8 {
        self.spots.get(word as usize).copied().unwrap_or(0)
    }
}

impl<'a> Walk<'a> {
    /// Takes what begins at a token and returns where to go on.
    fn step(&mut self, at: usize, spot: u8) -> usize {
        if spot & ORGANISATION != 0 {
            let (cues, end) = self.finder.words.beginning_at(self.tokens, at);
            if cues.has(Cue::Organisation) {
                return end;
            }
        }
        if spot & NOUN_AFTER != 0 && self.ends_name(at) {
            let noun = self.finder.words.noun_after(self.tokens, at);
            if let Some(end) = noun.and_then(|noun| self.name_before(noun)) {
                return end;
            }
        }
        if spot & NOUN != 0
            && self.found.last().is_some_and(|last| last.last == at)
            && let Some(noun) = self.finder.words.noun_after(self.tokens, at)
        {
            // "the al-Wihda neighbourhood of Mosul": the noun is the name's before it.
            return noun.end;
        }
        if spot & NOUN != 0
            && let Some(noun) = self.finder.words.noun_before(self.tokens, at)
            && let Some(end) = self.governed(noun)
        {
            return end;
        }
        if spot & NAME != 0
            && let Some(end) = self.bare(at)
        {
            return end;
        }
        at + 1
    }

    // ---- what several parts ask

    fn loose_extent(&self) -> Extent<'a> {
        Extent {
            words: self.finder.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        }
    }

    /// The token before another one in its sentence.
    fn before(&self, at: usize) -> Option<&'a Token> {
        match self.tokens.get(at)?.begins_sentence() {
            true => None,
            false => self.tokens.get(at.checked_sub(1)?),
        }
    }

    /// The word behind a token in its sentence.
    fn word_at(&self, at: usize) -> Option<&'a Token> {
        self.tokens
            .get(at)
            .filter(|token| !token.begins_sentence() && token.kind.is_word())
    }

    /// The proclitic "and" stands before the word.
    fn starts_with_and(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let word = self.text.get(token.range()).unwrap_or_default();
            token.kind == Kind::Arabic && self.finder.words.proclitics(word, 1, false).has(Cue::And)
        })
    }

    /// What the proclitics say that are taken off a token.
    fn prefix_cues_at(&self, at: usize) -> Cues {
        let token = &self.tokens.tokens[at];
        let word = self.text.get(token.range()).unwrap_or_default();
        let words = self.finder.words;
        words.proclitics(word, usize::from(token.cut), token.is_sorani())
    }
}
