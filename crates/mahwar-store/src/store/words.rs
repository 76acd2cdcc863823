//! Index form of the words of a text: folded as names are, so that every spelling of a word matches every other.

use crate::text::{fold, fold_with_map};
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// The greatest length of a word, in characters; the rest of a longer one is not searched.
const MAX_WORD: usize = 60;
/// The greatest length of the words of one document together, in bytes. The first ones of a longer text are searched.
const MAX_BYTES: usize = 900_000;
/// The most words that one question may have.
pub const MAX_QUESTION: usize = 20;
/// Characters of a snippet on each side of the match.
const AROUND: usize = 90;

/// The folded words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words = folded
        .split(|letter: char| !is_letter(letter))
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(cased).collect();
    words.into_iter()
}

/// A word without the difference of capitals that folding leaves to letters beyond Arabic and Latin ones.
fn cased(word: &str) -> String {
    word.to_lowercase().chars().take(MAX_WORD).collect()
}

/// Letters and digits make words; all other characters separate them. Beyond ASCII the two databases see no difference.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// The words of a document, each once.
pub fn words_of(title: &str, text: &str) -> Vec<String> {
    let mut seen = FxHashSet::default();
    let mut bytes = 0;
    let mut found = Vec::new();
    for word in words(title).chain(words(text)) {
        if seen.contains(&word) {
            continue;
        }
        bytes += word.len() + 8;
        if bytes > MAX_BYTES {
            break;
        }
        seen.insert(word.clone());
        found.push(word);
    }
    found
}

/// SHA-256 of the words of a text in their order, hexadecimal; `None` for a text without words.
pub fn hash_of_words(text: &str) -> Option<String> {
    let mut digest = Sha256::new();
    let mut is_empty = true;
    for word in words(text) {
        digest.update(word);
        digest.update(" ");
        is_empty = false;
    }
    let hex = |byte: &u8| format!("{byte:02x}");
    (!is_empty).then(|| digest.finalize().iter().map(hex).collect())
}

/// Full-text query: words that are all required, `begin*` for the beginning of a word, `"some words"` for words in this
/// order beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    terms: Vec<Term>,
    phrases: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    word: String,
    is_prefix: bool,
}

/// Errors of a full-text query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nothing but signs.
    #[error("there is no word in it; it takes words of letters or digits, \"words in quotes\" and beginnings with *")]
    Empty,
    /// Too many words.
    #[error("it has {0} words; it takes at most {MAX_QUESTION}")]
    TooLong(usize),
}

impl Question {
    /// Reads a question as people type it. A quotation that is not closed ends with the question.
    ///
    /// # Errors
    /// If it has no word, or more than [`MAX_QUESTION`].
    pub fn read(text: &str) -> Result<Self, QuestionError> {
        let mut question = Self::default();
        for (at, part) in text.split(['"', '“', '”', '«', '»']).enumerate() {
            let is_quoted = at % 2 == 1;
            if is_quoted {
                let phrase: Vec<String> = words(part).collect();
                for word in &phrase {
                    question.add(word.clone(), false);
                }
                if phrase.len() > 1 {
                    question.phrases.push(phrase);
                }
                continue;
            }
            for token in part.split_whitespace() {
                let is_prefix = token.ends_with('*');
                let found: Vec<String> = words(token).collect();
                let last = found.len();
                for (nth, word) in found.into_iter().enumerate() {
                    question.add(word, is_prefix && nth + 1 == last);
                }
            }
        }
        match question.terms.len() {
            0 => Err(QuestionError::Empty),
            count if count > MAX_QUESTION => Err(QuestionError::TooLong(count)),
            _ => Ok(question),
        }
    }

    fn add(&mut self, word: String, is_prefix: bool) {
        let term = Term { word, is_prefix };
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }

    /// For FTS5 of SQLite. Words have no quotes in them.
    pub(super) fn for_sqlite(&self) -> String {
        let terms = self.terms.iter().map(|term| match term.is_prefix {
            true => format!("\"{}\"*", term.word),
            false => format!("\"{}\"", term.word),
        });
        terms.collect::<Vec<_>>().join(" AND ")
    }

    /// A `tsquery` of PostgreSQL. Words have no quotes or backslashes in them.
    pub(super) fn for_postgres(&self) -> String {
        let terms = self.terms.iter().map(|term| match term.is_prefix {
            true => format!("'{}':*", term.word),
            false => format!("'{}'", term.word),
        });
        terms.collect::<Vec<_>>().join(" & ")
    }

    /// True if the phrases must be searched in the text itself.
    pub fn has_phrases(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// True if a document that has all words has the phrases too.
    pub fn has_phrases_in(&self, title: &str, text: &str) -> bool {
        let [title, text]: [Vec<String>; 2] = [title, text].map(|part| words(part).collect());
        let is_in = |phrase: &Vec<String>, part: &[String]| part.windows(phrase.len()).any(|window| window == phrase);
        let mut phrases = self.phrases.iter();
        phrases.all(|phrase| is_in(phrase, &title) || is_in(phrase, &text))
    }

    /// True if parts of a text match: each word is in one of them, and each phrase within one.
    pub fn is_in_parts(&self, parts: &[&str]) -> bool {
        let parts: Vec<Vec<String>> = parts.iter().map(|part| words(part).collect()).collect();
        let has = |term: &Term| {
            parts.iter().flatten().any(|word| match term.is_prefix {
                true => word.starts_with(&term.word),
                false => *word == term.word,
            })
        };
        let is_in = |phrase: &Vec<String>, part: &[String]| part.windows(phrase.len()).any(|window| window == phrase);
        self.terms.iter().all(has)
            && self
                .phrases
                .iter()
                .all(|phrase| parts.iter().any(|part| is_in(phrase, part)))
    }

    /// True if a text matches: the same result as from an index.
    pub fn is_in(&self, title: &str, text: &str) -> bool {
        let words = words_of(title, text);
        let has = |term: &Term| match term.is_prefix {
            true => words.iter().any(|word| word.starts_with(&term.word)),
            false => words.contains(&term.word),
        };
        self.terms.iter().all(has) && self.has_phrases_in(title, text)
    }

    /// The part of a text around the first matching word, with all matches in it.
    pub fn snippet(&self, text: &str) -> Option<Snippet> {
        let found = self.found(text);
        let first = found.first()?;
        let start = back(text, first.start, AROUND);
        let end = forth(text, first.end, AROUND);
        let inside = found.iter().filter(|span| span.start >= start && span.end <= end);
        let marks = inside.map(|span| {
            let points = |to: usize| text[start..to].chars().count();
            [points(span.start), points(span.end)]
        });
        let marks = marks.collect();
        Some(Snippet {
            text: text[start..end].trim_end().to_owned(),
            marks,
            is_cut: [start > 0, end < text.len()],
        })
    }

    /// The byte ranges of the matching words in a text, in order.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        /// More of a long text is not looked through.
        const MOST: usize = 1 << 20;
        let looked_at = &text[..back(text, text.len().min(MOST), 0)];
        let folded = fold_with_map(looked_at);
        let mut found = Vec::new();
        let mut start = None;
        let letters = folded.text.char_indices().chain([(folded.text.len(), ' ')]);
        for (at, letter) in letters {
            match (is_letter(letter), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    let word = cased(&folded.text[from..at]);
                    let asked = |term: &Term| match term.is_prefix {
                        true => word.starts_with(&term.word),
                        false => word == term.word,
                    };
                    if self.terms.iter().any(asked) {
                        let last = folded.text[from..at]
                            .char_indices()
                            .next_back()
                            .map_or(from, |(last, _)| from + last);
                        let source = folded.map[last] as usize;
                        let letter = text[source..].chars().next().map_or(0, char::len_utf8);
                        found.push(folded.map[from] as usize..source + letter);
                    }
                    start = None;
                }
                _ => {}
            }
        }
        found
    }
}

/// The byte so many characters before one, at the beginning of a word where there is one near.
fn back(text: &str, mut at: usize, characters: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let start = before
        .char_indices()
        .rev()
        .take(characters)
        .last()
        .map_or(at, |(start, _)| start);
    match text[start..at].find(char::is_whitespace) {
        Some(blank) if start > 0 => {
            let rest = &text[start + blank..at];
            start + blank + (rest.len() - rest.trim_start().len())
        }
        _ => start,
    }
}

/// The byte so many characters after one, at the end of a word where there is one near.
fn forth(text: &str, at: usize, characters: usize) -> usize {
    let end = text[at..]
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(end, _)| at + end);
    match text[at..end].rfind(char::is_whitespace) {
        Some(blank) if end < text.len() => at + blank,
        _ => end,
    }
}

/// A part of a text with the matches in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The part, as written in the text.
    pub text: String,
    /// Matches: code points of the part, first and one past the last.
    pub marks: Vec<[usize; 2]>,
    /// True if the text goes on before and after it.
    pub is_cut: [bool; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_word_finds_every_other() {
        for (asked, text) in [
            ("كركوك", "في كَرْكُوك."),
            ("کرکوک", "في كركوك"),
            ("أربيل", "مدينة اربيل"),
            ("ديالى", "لە دیالی"),
            ("206", "وقعت ٢٠٦ هجمات"),
            ("Makhmour", "in MAKHMOUR, today"),
            ("كەرکوک", "که‌ركوك"),
            ("مخم*", "قضاء مخمور"),
            ("\"قضاء مخمور\"", "في قضاء مَخمور وغيره"),
        ] {
            assert!(Question::read(asked).unwrap().is_in("", text), "{asked} in {text}");
        }
        assert!(!Question::read("\"مخمور قضاء\"").unwrap().is_in("", "في قضاء مخمور"));
        assert!(!Question::read("ه").unwrap().is_in("", "ە"));
    }

    #[test]
    fn texts_with_the_same_words_have_the_same_hash() {
        let hash = hash_of_words("Five people were killed in Kalar.\nنزحوا من كركوك");
        assert!(hash.as_ref().is_some_and(|hash| hash.len() == 64));
        for same in [
            "  Five people were killed in Kalar.\r\nنزحوا من كركوك\n",
            "Five peo\u{200b}ple were killed in\u{a0}KALAR.\nنَزحوا من کرکوک",
        ] {
            assert_eq!(hash_of_words(same), hash, "{same:?}");
        }
        assert_ne!(hash_of_words("Six people were killed in Kalar.\nنزحوا من كركوك"), hash);
        assert_eq!(hash_of_words(" …\n"), None);
    }

    #[test]
    fn parts_of_a_text_answer_for_themselves_alone() {
        let parts = ["Attack in Kalar", "Five people were killed."];
        let is_in = |asked: &str| Question::read(asked).unwrap().is_in_parts(&parts);
        assert!(is_in("kalar killed") && is_in("\"five people\" att*"));
        assert!(!is_in("\"kalar five\"") && !is_in("weather") && !is_in("wea*"));
    }

    #[test]
    fn what_has_no_word_is_no_question() {
        assert_eq!(Question::read(" \"*\" - "), Err(QuestionError::Empty));
        let long: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        assert_eq!(Question::read(&long.join(" ")), Err(QuestionError::TooLong(30)));
        for text in ["a\" OR b", "x' & !y", "NEAR(a b)", "words:a", "a\\'b"] {
            let question = Question::read(text).unwrap();
            let safe = |sign: char| sign.is_alphanumeric() || "\"' &:*".contains(sign);
            assert!(question.for_postgres().chars().all(safe), "{}", question.for_postgres());
            let words = question
                .terms
                .iter()
                .all(|term| term.word.chars().all(char::is_alphanumeric));
            assert!(words, "{question:?}");
        }
    }

    #[test]
    fn a_snippet_marks_what_was_found() {
        let text = format!("{} في قضاء مَخْمور وفي خانقين {}", "كلمة ".repeat(60), "أخرى ".repeat(60));
        let snippet = Question::read("مخمور").unwrap().snippet(&text).unwrap();
        let [start, end] = snippet.marks[0];
        let marked: String = snippet.text.chars().skip(start).take(end - start).collect();
        assert_eq!(fold(&marked), "مخمور");
        assert_eq!(snippet.is_cut, [true, true]);
        assert!(snippet.text.chars().count() < 250);
        assert_eq!(Question::read("بغداد").unwrap().snippet(&text), None);
    }
}
