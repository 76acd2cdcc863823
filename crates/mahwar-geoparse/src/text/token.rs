//! Tokens: words, numbers and punctuation of a text with their bytes, sentences and paragraphs.
//!
//! [`Reader::read`] goes over the text once. Each word is folded into a [`Key`] on the way and looked up in the
//! vocabulary at the end of its paragraph, when the paragraph's language, and with it the affixes to try, is known.

use super::{
    affix::Affixes,
    key::Key,
    language::{Languages, Tally},
    scan::scan,
    vocabulary::{UNKNOWN, Vocabulary, WordId},
};
use crate::language::Language;
use std::ops::Range;

/// Kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Letters of the Arabic script.
    Arabic,
    /// Latin letters.
    Latin,
    /// A run of digits of any of the three kinds.
    Number,
    /// Letters of another script.
    Other,
    /// Full stop, question or exclamation mark, ellipsis.
    Stop,
    /// Comma of either direction.
    Comma,
    /// Semicolon of either direction.
    Semicolon,
    /// Colon.
    Colon,
    /// Hyphen or dash.
    Dash,
    /// Slash or backslash.
    Slash,
    /// A point or comma between two digits.
    Separator,
    /// A quotation mark with no direction.
    Quote,
    /// An opening quotation mark.
    QuoteOpen,
    /// A closing quotation mark.
    QuoteClose,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// The English ’s.
    Possessive,
    /// Anything else that can be seen.
    Symbol,
}

impl Kind {
    /// Letters of a script that is read here.
    pub fn is_word(self) -> bool {
        matches!(self, Self::Arabic | Self::Latin)
    }

    /// Any quotation mark.
    pub fn is_quote(self) -> bool {
        matches!(self, Self::Quote | Self::QuoteOpen | Self::QuoteClose)
    }
}

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The whole token as a word, or [`UNKNOWN`].
    pub word: WordId,
    /// The word that remains when `cut` symbols are removed at the beginning and `tail` at the end, or [`UNKNOWN`].
    /// Looked for only when the whole token means nothing by itself.
    pub stem: WordId,
    /// Its kind.
    pub kind: Kind,
    /// Symbols of proclitics before the stem.
    pub cut: u8,
    /// Symbols of suffixes after the stem.
    pub tail: u8,
    pub(super) flags: u8,
}

pub(super) const SPACED: u8 = 1;
pub(super) const SENTENCE: u8 = 2;
pub(super) const PARAGRAPH: u8 = 4;
pub(super) const CAPITAL: u8 = 8;
pub(super) const RESTORED: u8 = 16;
pub(super) const MAKSURA: u8 = 32;
pub(super) const SORANI: u8 = 64;
/// It begins with alef and hamza above, which is also the particle of questions.
pub(super) const ASKS: u8 = 128;

impl Token {
    /// True if white space precedes it.
    pub fn is_spaced(&self) -> bool {
        self.flags & SPACED != 0
    }

    /// It is the first token of a sentence.
    pub fn begins_sentence(&self) -> bool {
        self.flags & SENTENCE != 0
    }

    /// It is the first token of a paragraph.
    pub fn begins_paragraph(&self) -> bool {
        self.flags & PARAGRAPH != 0
    }

    /// It begins with a capital letter.
    pub fn is_capital(&self) -> bool {
        self.flags & CAPITAL != 0
    }

    /// It ends in alef maqsura (ى), which folds with ya.
    pub fn ends_in_maksura(&self) -> bool {
        self.flags & MAKSURA != 0
    }

    /// True if it is in a Sorani paragraph.
    pub fn is_sorani(&self) -> bool {
        self.flags & SORANI != 0
    }

    /// The proclitic swallowed letters of the stem (لل for ل + ال).
    pub fn is_restored(&self) -> bool {
        self.flags & RESTORED != 0
    }

    /// The bytes of the token.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The bytes of the token in its text without `cut` symbols at the beginning and `tail` at the end. Marks stay with
    /// their letter; controls between the stem and a suffix belong to neither.
    pub fn stem_range(&self, text: &str) -> Range<usize> {
        self.part_range(text, usize::from(self.cut), usize::from(self.tail))
    }

    /// The bytes of the token without some symbols at the beginning and the end.
    pub fn part_range(&self, text: &str, cut: usize, tail: usize) -> Range<usize> {
        let whole = self.range();
        let Some(slice) = text.get(whole.clone()) else {
            return whole;
        };
        if cut == 0 && tail == 0 {
            return whole;
        }
        let keep = super::scan::symbols(slice)
            .filter(|(_, count)| *count > 0)
            .map(|(_, count)| count)
            .sum::<usize>();
        let keep = keep.saturating_sub(tail);
        let (mut seen, mut start, mut end, mut last) = (0, None, whole.start, ' ');
        let mut at = whole.start;
        for (c, count) in super::scan::symbols(slice) {
            let inside = seen >= cut || (count > 0 && seen + count > cut);
            if count > 0 && seen >= keep {
                break;
            }
            if inside && count > 0 && start.is_none() {
                start = Some(at);
            }
            at += c.len_utf8();
            if super::scan::extends(c, last) {
                end = at;
            }
            last = c;
            seen += count;
        }
        let start = start.unwrap_or(whole.start);
        start..end.max(start)
    }

    /// True if the token is this word, as a whole or without its affixes.
    pub fn is(&self, word: WordId) -> bool {
        word != UNKNOWN && (self.word == word || self.stem == word)
    }
}

/// A run of tokens up to a blank line or another line break that ends a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its tokens.
    pub tokens: Range<u32>,
    /// The language of most of its words.
    pub language: Language,
    /// Its Latin words are all small or all in capitals, so that a capital shows no name.
    pub uncased: bool,
}

/// The tokens of one text.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// In order of position; they never overlap.
    pub tokens: Vec<Token>,
    /// In order; together they contain every token.
    pub paragraphs: Vec<Paragraph>,
    /// The language of most of the text.
    pub language: Language,
}

impl Tokens {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// True if the text has no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// A token, if there is one at this position.
    #[inline]
    pub fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The tokens of the sentence that contains this one. Takes time in proportion to the sentence.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        self.sentence_within(at, usize::MAX)
    }

    /// As [`Tokens::sentence`], but at most `reach` tokens to either side.
    pub fn sentence_within(&self, at: usize, reach: usize) -> Range<usize> {
        let mut start = at;
        while start > 0 && at - start < reach && !self.tokens[start].begins_sentence() {
            start -= 1;
        }
        let mut end = at + 1;
        while end < self.tokens.len() && end - at < reach && !self.tokens[end].begins_sentence() {
            end += 1;
        }
        start..end.min(self.tokens.len())
    }

    /// Every sentence as a range of tokens.
    pub fn sentences(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        std::iter::from_fn(move || {
            if start >= self.tokens.len() {
                return None;
            }
            let mut end = start + 1;
            while end < self.tokens.len() && !self.tokens[end].begins_sentence() {
                end += 1;
            }
            let sentence = start..end;
            start = end;
            Some(sentence)
        })
    }

    /// The paragraph that contains a token.
    pub fn paragraph(&self, at: usize) -> Option<&Paragraph> {
        let after = self
            .paragraphs
            .partition_point(|paragraph| paragraph.tokens.start as usize <= at);
        self.paragraphs.get(after.checked_sub(1)?)
    }

    /// The language around a token.
    pub fn language_at(&self, at: usize) -> Language {
        self.paragraph(at).map_or(self.language, |paragraph| paragraph.language)
    }

    /// True if capitals mean nothing around a token.
    pub fn is_uncased_at(&self, at: usize) -> bool {
        self.paragraph(at).is_some_and(|paragraph| paragraph.uncased)
    }
}

/// Turns text into tokens.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'v> {
    /// The words to recognise.
    pub vocabulary: &'v Vocabulary,
    /// Affixes that may be attached to them.
    pub affixes: &'v Affixes,
    /// The small words that show which language a paragraph is in.
    pub languages: &'v Languages,
}

/// A shorter word in Latin letters has too many that are spelt like it.
const SHORTEST_LOOSE: usize = 4;

/// A paragraph longer than this many words is looked up in pieces, so that memory stays in proportion.
const PIECE: usize = 1 << 14;

impl Reader<'_> {
    /// Reads a text of up to 4 GB; the rest of a longer one is not read.
    pub fn read(&self, text: &str) -> Tokens {
        let mut sink = Sink {
            reader: self,
            tokens: Vec::with_capacity(text.len() / 8),
            paragraphs: Vec::new(),
            words: Vec::with_capacity(256),
            apostrophes: Vec::new(),
            first: 0,
            tally: Tally::default(),
            total: [0; 4],
            language: Language::default(),
        };
        scan(text, &mut sink);
        sink.end_paragraph();
        Tokens {
            language: most(&sink.total),
            tokens: sink.tokens,
            paragraphs: sink.paragraphs,
        }
    }
}

/// The language with most words, the first of those that have as many.
fn most(words: &[u32; 4]) -> Language {
    let languages = [
        Language::Arabic,
        Language::Sorani,
        Language::English,
        Language::Undetermined,
    ];
    let best = (1..4).fold(0, |best, at| if words[at] > words[best] { at } else { best });
    if words[best] == 0 {
        Language::default()
    } else {
        languages[best]
    }
}

/// The keys of the words and numbers in a phrase.
pub fn keys_of(phrase: &str) -> Vec<Key> {
    struct Keys(Vec<Key>);
    impl super::scan::Sink for Keys {
        fn token(&mut self, token: Token, key: Key, _: bool) {
            if token.kind.is_word() || token.kind == Kind::Number {
                self.0.push(key);
            }
        }
        fn line(&mut self) {}
    }
    let mut keys = Keys(Vec::new());
    scan(phrase, &mut keys);
    keys.0
}

/// The key of the only word or number in a piece of text, without any allocation.
pub fn key_of(word: &str) -> Option<Key> {
    struct Only(Option<Key>, usize);
    impl super::scan::Sink for Only {
        fn token(&mut self, token: Token, key: Key, _: bool) {
            if token.kind.is_word() || token.kind == Kind::Number {
                self.0 = Some(key);
                self.1 += 1;
            }
        }
        fn line(&mut self) {}
    }
    let mut only = Only(None, 0);
    scan(word, &mut only);
    only.0.filter(|_| only.1 == 1)
}

struct Sink<'r> {
    reader: &'r Reader<'r>,
    tokens: Vec<Token>,
    paragraphs: Vec<Paragraph>,
    words: Vec<(u32, Key)>,
    /// Words with apostrophes among those: their token, the symbols before the first one and after the last one.
    apostrophes: Vec<(u32, usize, usize)>,
    first: u32,
    tally: Tally,
    /// Words of paragraphs in each language.
    total: [u32; 4],
    language: Language,
}

impl super::scan::Sink for Sink<'_> {
    #[inline]
    fn token(&mut self, token: Token, key: Key, mark: bool) {
        match token.kind {
            Kind::Arabic => self.tally.add_arabic(self.reader.languages, key, mark),
            Kind::Latin => self.tally.add_latin(self.reader.languages, key, &token, mark),
            Kind::Other => self.tally.add_other(&token),
            _ => {}
        }
        self.tokens.push(token);
        if !key.is_empty() {
            self.words.push((self.tokens.len() as u32 - 1, key));
            if self.words.len() == PIECE {
                self.look_up();
            }
        }
    }

    fn line(&mut self) {
        self.end_paragraph();
    }

    fn apostrophe(&mut self, before: usize, behind: usize) {
        self.apostrophes.push((self.tokens.len() as u32, before, behind));
    }

    fn foreign_letter(&mut self) {
        self.tally.foreign += 1;
    }

    fn alien_letter(&mut self) {
        self.tally.add_alien();
    }

    fn lacking_letter(&mut self) {
        self.tally.mark_lacking();
    }
}

impl Sink<'_> {
    fn end_paragraph(&mut self) {
        if self.first as usize == self.tokens.len() {
            return;
        }
        self.look_up();
        let end = self.tokens.len() as u32;
        self.paragraphs.push(Paragraph {
            tokens: self.first..end,
            language: self.language,
            uncased: self.tally.is_uncased(),
        });
        self.first = end;
        self.total[self.language as usize] += self.tally.words();
        self.tally = Tally::default();
    }

    fn look_up(&mut self) {
        self.language = self.tally.language(self.language);
        let Reader {
            vocabulary, affixes, ..
        } = *self.reader;
        let grammar = affixes.grammar(self.language);
        let unsupported = !self.language.is_supported();
        for &(at, key) in &self.words {
            let Some(token) = self.tokens.get_mut(at as usize) else {
                continue;
            };
            token.word = vocabulary.get(key);
            token.flags |= if self.language == Language::Sorani { SORANI } else { 0 };
            if token.kind == Kind::Arabic && !vocabulary.is_strong(token.word) {
                grammar.analyse(vocabulary, key, token);
                if token.flags & ASKS != 0 && token.stem == UNKNOWN {
                    grammar.ask(vocabulary, key, token);
                }
            } else if token.kind == Kind::Latin && token.word == UNKNOWN {
                if unsupported {
                    affixes.latin().analyse_ending(vocabulary, key, token);
                }
                if token.stem == UNKNOWN && token.is_capital() && key.len() >= SHORTEST_LOOSE {
                    token.stem = vocabulary.get_loose(key);
                }
            }
        }
        for (at, before, behind) in self.apostrophes.drain(..) {
            let word = self.words.binary_search_by_key(&at, |(word, _)| *word);
            let (Ok(word), Some(token)) = (word, self.tokens.get_mut(at as usize)) else {
                continue;
            };
            if token.word == UNKNOWN {
                let key = self.words[word].1;
                affixes.latin().analyse_parted(vocabulary, key, before, behind, token);
            }
        }
        self.words.clear();
    }
}
