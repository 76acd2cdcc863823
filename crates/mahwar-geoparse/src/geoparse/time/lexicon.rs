//! The words of times, from `time_words.csv`.

use super::super::{lexicon::GeoparseError, rows::Table};
use crate::{
    language::Language,
    text::{Kind as TokenKind, Token, Vocabulary, WordId},
};

macro_rules! kinds {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// The part that a word takes in an expression of time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(clippy::enum_variant_names)] // Words for a date are a word of their own.
        pub(in super::super) enum Word { $($variant),+ }

        impl Word {
            fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    Month "month", Hijri "hijri", Solar "solar", Weekday "weekday", WeekdayBare "weekday_bare", Season "season",
    Day "day", Week "week", MonthUnit "month_unit", Year "year", Decade "decade", Hour "hour", Shift "shift",
    ShiftYear "shift_year", ShiftNight "shift_night", Last "last", This "this", Next "next", Ago "ago",
    AgoAfter "ago_after", Later "later", LaterAfter "later_after", EarlierAfter "earlier_after",
    RelationAfter "relation_after", SameDay "same_day", NextDay "next_day", Since "since", SinceAfter "since_after",
    Until "until", From "from", To "to", Between "between", And "and", During "during", Before "before",
    After "after", In "in", Of "of", Ordinal "ordinal", Tail "tail", Era "era", Part "part", Daytime "daytime",
    DateWord "date_word", Occasion "occasion", Feast "feast", FeastHijri "feast_hijri", Vague "vague", Future "future", Clock "clock",
    ShiftBeside "shift_beside", BeforeLast "before_last", Following "following", First "first", SameYear "same_year",
    Now "now", FeastDay "feast_day", DecadeNamed "decade_named", NameBefore "name_before", NameAfter "name_after",
    Past "past", Present "present", NeverFuture "never_future", Canceled "canceled",
}

/// One row of `time_words.csv`.
#[derive(Clone, Debug)]
pub struct TimeWords {
    /// Its language.
    pub(super) language: Language,
    /// Function of the words.
    pub(super) word: Word,
    /// Their value.
    pub(super) value: i32,
    /// Words and phrases.
    pub(super) phrases: Vec<String>,
}

/// Reads the rows of `time_words.csv`.
pub(in super::super) fn time_words(table: &Table) -> Result<Vec<TimeWords>, GeoparseError> {
    table.map(|row| {
        let name = row.get("kind")?;
        let value = row.get("value")?;
        Ok(TimeWords {
            language: row.language()?,
            word: Word::named(name).ok_or_else(|| format!("unknown kind {name:?} of a word of time"))?,
            value: value.parse().map_err(|_| format!("{value:?} is no whole number"))?,
            phrases: row.list("words")?.map(str::to_owned).collect(),
        })
    })
}

#[derive(Clone, Debug)]
struct Entry {
    language: Language,
    word: Word,
    value: i32,
    rest: Box<[WordId]>,
    /// The next entry of the same first word plus one, or 0.
    next: u32,
}

/// The words of times by the numbers of the vocabulary.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct TimeLexicon {
    /// For each word its first entry plus one, or 0.
    first: Vec<u32>,
    entries: Vec<Entry>,
    /// Words of one or two letters of the Arabic script. They are compared as written: as words of the vocabulary they
    /// would be found inside others.
    short: Vec<(Language, Word, i32, String)>,
    /// Beginnings of Arabic words that look like a verb of the future and are none.
    never_future: Vec<String>,
}

/// Suffixes that a Sorani word of time takes. The affixes of the lexicon take them off too, but not from a word that
/// means something with its suffix.
const SORANI_SUFFIXES: [&str; 12] = [
    "ی", "ە", "دا", "یدا", "ەدا", "ێک", "ێکی", "ەکە", "ەکەی", "ەوە", "یەوە", "یە",
];

impl TimeLexicon {
    pub(in super::super) fn new(rows: &[TimeWords], vocabulary: &mut Vocabulary) -> Self {
        let mut lexicon = Self::default();
        for row in rows {
            for phrase in &row.phrases {
                match row.word {
                    Word::NeverFuture => lexicon.never_future.push(phrase.clone()),
                    _ => lexicon.add(row, phrase, vocabulary),
                }
            }
        }
        for row in rows.iter().filter(|row| row.word != Word::NeverFuture) {
            for phrase in &row.phrases {
                match row.language {
                    Language::Sorani if phrase.chars().count() > 2 => {
                        for suffix in SORANI_SUFFIXES {
                            lexicon.add(row, &format!("{phrase}{suffix}"), vocabulary);
                        }
                    }
                    Language::Arabic if takes_article(row.word) && !phrase.starts_with("ال") => {
                        lexicon.add(row, &format!("ال{phrase}"), vocabulary);
                    }
                    _ => {}
                }
            }
        }
        lexicon
    }

    fn add(&mut self, row: &TimeWords, phrase: &str, vocabulary: &mut Vocabulary) {
        let arabic = row.language != Language::English;
        if arabic && !phrase.contains(' ') && phrase.chars().count() <= 2 {
            let letters = phrase.trim_end_matches('ـ').to_owned();
            self.short.push((row.language, row.word, row.value, letters));
            return;
        }
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
        let mut at = self.first[slot];
        while at != 0 {
            let entry = &self.entries[at as usize - 1];
            let same = entry.language == row.language && entry.word == row.word && *entry.rest == *rest;
            if same {
                return;
            }
            at = entry.next;
        }
        self.entries.push(Entry {
            language: row.language,
            word: row.word,
            value: row.value,
            rest: rest.into(),
            next: self.first[slot],
        });
        self.first[slot] = self.entries.len() as u32;
    }

    /// The kinds of the phrases whose first word is this token, as bits, whether or not their other words follow.
    pub(super) fn kinds(&self, text: &str, token: &Token, language: Language) -> u64 {
        let Some(language) = language_of(token, language) else {
            return 0;
        };
        let mut bits = 0;
        for id in [token.word, token.stem] {
            let mut at = self.first.get(id as usize).copied().unwrap_or_default();
            while at != 0 {
                let entry = &self.entries[at as usize - 1];
                if entry.language == language {
                    bits |= 1 << entry.word as u8;
                }
                at = entry.next;
            }
        }
        if let Some(slice) = short_slice(text, token) {
            for row in self.short.iter().filter(|row| row.0 == language && row.3 == slice) {
                bits |= 1 << row.1 as u8;
            }
        }
        bits
    }

    /// True for an Arabic verb of the future by its form: سيفتح, ستغلق. Nouns with the same beginning are data.
    pub(super) fn is_future_verb(&self, word: &str) -> bool {
        let word = word.trim_start_matches(['و', 'ف']);
        let begins = word.starts_with("سي") || word.starts_with("ست");
        // A verb ends neither like a feminine noun nor like a plural.
        let noun = word.ends_with('ة') || word.ends_with("ات") || word.ends_with("ية");
        begins
            && !noun
            && word.chars().count() >= 5
            && !self.never_future.iter().any(|other| word.starts_with(other.as_str()))
    }

    /// True if only the rest of the token without its affixes is a word of time.
    pub(super) fn is_stem(&self, token: &Token) -> bool {
        let known = |word: WordId| self.first.get(word as usize).is_some_and(|first| *first != 0);
        !known(token.word) && known(token.stem)
    }

    /// The longest phrase of a kind that begins at a token: its value and its number of tokens.
    pub(super) fn find(
        &self,
        text: &str,
        tokens: &[Token],
        at: usize,
        language: Language,
        word: Word,
    ) -> Option<(i32, usize)> {
        let token = tokens.get(at)?;
        let language = language_of(token, language)?;
        let mut best: Option<(i32, usize)> = None;
        for id in [token.word, token.stem] {
            let mut entry_at = self.first.get(id as usize).copied().unwrap_or_default();
            while entry_at != 0 {
                let entry = &self.entries[entry_at as usize - 1];
                let len = entry.rest.len() + 1;
                if entry.word == word
                    && entry.language == language
                    && best.is_none_or(|(_, longest)| len > longest)
                    && let Some(end) = follows(tokens, at + 1, &entry.rest)
                {
                    best = Some((entry.value, end - at));
                }
                entry_at = entry.next;
            }
            if best.is_some() {
                return best;
            }
        }
        let slice = short_slice(text, token)?;
        let same = |row: &&(Language, Word, i32, String)| row.0 == language && row.1 == word && row.3 == slice;
        self.short.iter().find(same).map(|row| (row.2, 1))
    }
}

/// The language in which a token of a paragraph is read.
fn language_of(token: &Token, paragraph: Language) -> Option<Language> {
    Some(match token.kind {
        TokenKind::Latin => Language::English,
        TokenKind::Arabic if matches!(paragraph, Language::Arabic | Language::Sorani) => paragraph,
        TokenKind::Arabic => Language::Arabic,
        _ => return None,
    })
}

/// The letters of a token that may be a word of one or two letters.
fn short_slice<'t>(text: &'t str, token: &Token) -> Option<&'t str> {
    // Two letters of two bytes each, and tatweels after them.
    let short = token.kind == TokenKind::Arabic && token.range().len() <= 8;
    let slice = short.then(|| text.get(token.range()).unwrap_or_default())?;
    let slice = slice.trim_end_matches('ـ');
    (slice.len() <= 4).then_some(slice)
}

/// One past the last token when these words follow, with or without hyphens between them.
pub(in super::super) fn follows(tokens: &[Token], mut at: usize, rest: &[WordId]) -> Option<usize> {
    for word in rest {
        let token = tokens.get(at)?;
        if token.kind == TokenKind::Dash && !token.is_spaced() {
            at += 1;
        }
        if !tokens.get(at)?.is(*word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Words that are written with and without the Arabic article.
fn takes_article(word: Word) -> bool {
    matches!(
        word,
        Word::Day | Word::Week | Word::MonthUnit | Word::Year | Word::Decade | Word::Hour | Word::Daytime
    )
}
