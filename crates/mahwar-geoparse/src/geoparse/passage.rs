//! A range of tokens in one language, read through the lexicon: the meaning of each word there.

use super::claim_lexicon::{ClaimLexicon, List, Lists, Meaning, Phrase, Roles};
use crate::{
    language::Language,
    text::{Kind, Span, Token, WordId},
};

/// Tokens of the longest phrase that is looked for backwards.
const LONGEST_PHRASE: usize = 3;

fn begins_with_article(word: &str) -> bool {
    word.starts_with("ال") || word.starts_with("لل") || word.starts_with("بال") || word.starts_with("كال")
}

#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) lexicon: &'a ClaimLexicon,
    /// Language of the Arabic-script words; Latin ones are read as English everywhere.
    pub(super) language: Language,
}

impl<'a> Passage<'a> {
    /// The token, or `None` past the end.
    pub(super) fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(super) fn slice(&self, at: usize) -> &'a str {
        self.token(at)
            .and_then(|token| self.text.get(token.range()))
            .unwrap_or_default()
    }

    /// The text of some tokens.
    pub(super) fn span_text(&self, start: usize, end: usize) -> &'a str {
        let span = self.outer_span(start, end);
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Meaning of a token, and whether it is the meaning of its stem without affixes.
    #[inline]
    fn meaning(&self, at: usize) -> Option<(&'a Meaning, bool)> {
        let token = self.tokens.get(at)?;
        let language = match token.kind {
            Kind::Arabic if self.language == Language::English => Language::Arabic,
            Kind::Arabic => self.language,
            _ => Language::English,
        };
        if let Some(meaning) = self.lexicon.meaning(token.word, language) {
            return Some((meaning, false));
        }
        Some((self.lexicon.meaning(token.stem, language)?, true))
    }

    /// Meaning of the words that begin at a token, and the number of their tokens.
    #[inline]
    pub(super) fn roles(&self, at: usize) -> (Roles, usize) {
        let Some((meaning, _)) = self.meaning(at) else {
            return (Roles::default(), 1);
        };
        for phrase in &meaning.phrases {
            if let Some(len) = self.matches(at, phrase) {
                return (phrase.roles, len);
            }
        }
        // The name علي folds to the preposition على.
        if meaning.roles.lists.has(List::Stop) && self.slice(at) == "علي" {
            return (Roles::default(), 1);
        }
        (meaning.roles, 1)
    }

    pub(super) fn lists(&self, at: usize) -> Lists {
        self.roles(at).0.lists
    }

    /// The first token of a word or phrase of these lists that ends before a token, not before `from`.
    pub(super) fn ending(&self, lists: Lists, end: usize, from: usize) -> Option<usize> {
        (1..=LONGEST_PHRASE).find_map(|len| {
            let start = end.checked_sub(len).filter(|start| *start >= from)?;
            let (roles, tokens) = self.roles(start);
            (tokens == len && roles.lists.any(lists)).then_some(start)
        })
    }

    /// True if a token begins with the Arabic article, after its proclitics.
    pub(super) fn is_definite(&self, at: usize) -> bool {
        let Some(token) = self.token(at).filter(|token| token.kind == Kind::Arabic) else {
            return false;
        };
        let word = self.text.get(token.stem_range(self.text)).unwrap_or_default();
        let restored = token.is_restored() && self.cut(at) > 0;
        restored || begins_with_article(word) || begins_with_article(self.slice(at).trim_start_matches(['و', 'ف']))
    }

    /// Number of tokens of a phrase, if it begins here.
    fn matches(&self, at: usize, phrase: &Phrase) -> Option<usize> {
        let len = phrase.rest.len() + 1;
        let rest = phrase.rest.iter().zip(at + 1..);
        if !rest.clone().all(|(word, at)| self.is(at, *word)) {
            return None;
        }
        let Some(letter) = phrase.letter else {
            return Some(len);
        };
        if !self.slice(at + len).starts_with(letter) {
            return None;
        }
        Some(len + usize::from(self.is_letter(at + len, letter)))
    }

    pub(super) fn is(&self, at: usize, word: WordId) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(word))
    }

    /// True if the token is only this letter, with or without a tatweel, attached to the next word.
    pub(super) fn is_letter(&self, at: usize, letter: char) -> bool {
        self.slice(at)
            .strip_prefix(letter)
            .is_some_and(|rest| rest.chars().all(|c| c == 'ـ'))
            && self.token(at + 1).is_some_and(|next| !next.is_spaced())
    }

    /// True if the word is read without a proclitic that begins with this letter.
    pub(super) fn has_proclitic(&self, at: usize, letter: char) -> bool {
        self.meaning(at).is_some_and(|(_, stem)| stem) && self.tokens[at].cut > 0 && self.slice(at).starts_with(letter)
    }

    /// Symbols of proclitics that are cut off to find the word's meaning.
    pub(super) fn cut(&self, at: usize) -> u8 {
        match self.meaning(at) {
            Some((_, true)) => self.tokens[at].cut,
            _ => 0,
        }
    }

    /// First byte of the word after its proclitics.
    pub(super) fn bare_start(&self, at: usize) -> usize {
        let Some(token) = self.token(at) else {
            return self.text.len();
        };
        match self.cut(at) {
            0 => token.start as usize,
            _ => token.stem_range(self.text).start,
        }
    }

    /// Bytes from the first token (without its proclitics) up to the last one.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.bare_start(start);
        let last = end.checked_sub(1).and_then(|last| self.token(last));
        Span {
            start: first,
            end: last.map_or(first, |token| token.end as usize).max(first),
        }
    }

    /// As [`Passage::span`], with the proclitics of the first token.
    pub(super) fn outer_span(&self, start: usize, end: usize) -> Span {
        let first = self.token(start).map_or(self.text.len(), |token| token.start as usize);
        Span {
            start: first,
            ..self.span(start, end)
        }
    }

    /// A token is a word of a script that is read here.
    pub(super) fn is_word(&self, at: usize) -> bool {
        self.kind(at).is_some_and(Kind::is_word)
    }

    pub(super) fn is_unspaced(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| !token.is_spaced())
    }

    /// The first position at or after `from` that is past `bytes` bytes from it, or `end`.
    pub(super) fn within_bytes(&self, from: usize, end: usize, bytes: usize) -> usize {
        let Some(first) = self.token(from) else { return end };
        let limit = first.start as usize + bytes;
        let tokens = self.tokens.get(from..end).unwrap_or_default();
        from + tokens.partition_point(|token| token.end as usize <= limit)
    }
}
