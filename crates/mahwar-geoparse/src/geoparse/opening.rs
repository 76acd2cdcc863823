//! From a verb of saying to the statement: who is between the two, and where the statement begins.

use super::{
    claim_lexicon::{List, Lists, Needs, Roles, Verb, VerbKind},
    passage::Passage,
    quotation::Quotations,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// A word or sign that introduces a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opener {
    That,
    Colon,
    Quotation,
    /// The preposition that the verb governs.
    Preposition,
    /// A noun of action: "the killing of", "the need for".
    Content,
    /// Any other object of the verb: "accused the government of neglect".
    Object,
    /// A noun of news that the verb denies: نفى الأنباء التي …
    Report,
    /// The letter that the verb governs, which is written to the word: بالتقصير.
    Letter,
}

/// The words after a verb of saying.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// Tokens of the speaker; may be empty.
    pub(super) speaker: Range<usize>,
    /// The opener of the statement, and its first token.
    pub(super) content: Option<(Opener, usize)>,
    /// A pronoun after the verb refers to the medium of the statement ("a statement in which"): the speaker is the subject of
    /// the sentence.
    pub(super) resumptive: bool,
}

/// Longest way from a verb to its statement.
const REACH: usize = 48;
/// A quotation of fewer words without "that" or a colon before it is a name or a term.
const SHORTEST: usize = 3;
/// Words after an adverbial phrase's head that belong to it.
const ADVERBIAL: usize = 2;

pub(super) struct OpeningReader<'r, 'a> {
    pub(super) passage: &'r Passage<'a>,
    pub(super) quotations: &'r Quotations,
    pub(super) sentence: Range<usize>,
}

/// Where the reader is on its way from the verb.
#[derive(Default)]
struct Way {
    start: Option<usize>,
    end: Option<usize>,
    after_comma: bool,
    /// Past the head of an adverbial phrase; the position where a statement may begin again.
    adverbial: Option<usize>,
}

impl OpeningReader<'_, '_> {
    /// Reads on from the token after a verb.
    pub(super) fn read(&self, from: usize, verb: &Verb) -> Opening {
        let limit = self.sentence.end.min(from + REACH);
        let mut way = Way::default();
        let mut at = from;
        let mut content = None;
        while at < limit {
            let step = match self.passage.kind(at) {
                // A Sorani verb precedes its comma: گوتی، …
                Some(Kind::Comma) if at == from && self.passage.language == Language::Sorani => {
                    Step::Content(Opener::That, self.after_that(at + 1))
                }
                Some(Kind::Semicolon) if at == from && self.passage.language == Language::Sorani => {
                    Step::Content(Opener::That, self.after_that(at + 1))
                }
                Some(Kind::Comma | Kind::Dash) => Step::Comma,
                Some(Kind::Stop) if at + 1 < limit && self.passage.is_word(at + 1) => Step::Speaker(1),
                Some(Kind::Semicolon | Kind::Stop) | None => Step::End,
                Some(Kind::Colon) => Step::Content(Opener::Colon, self.after_that(at + 1)),
                Some(kind) if kind.is_quote() => self.quotation(at),
                Some(kind) if kind.is_word() => self.word(at, from, verb, &way),
                Some(_) => Step::Speaker(1),
            };
            match step {
                Step::End => break,
                Step::Content(Opener::Content, start) if verb.needs == Needs::Opened && way.adverbial.is_some() => {
                    // "… عن" or "… أن" may still come after the adverbial phrase.
                    way.close(at, self.passage);
                    content.get_or_insert((Opener::Content, start));
                    at += 1;
                }
                Step::Content(opener, start) => {
                    content = Some((opener, start));
                    way.close(at, self.passage);
                    break;
                }
                Step::Comma => {
                    way.after_comma = true;
                    at += 1;
                    continue;
                }
                Step::Adverbial(len) => {
                    way.close(at, self.passage);
                    at += len;
                    way.adverbial = Some(at + ADVERBIAL);
                }
                Step::Speaker(len) => {
                    if way.adverbial.is_none() && way.end.is_none() {
                        way.start.get_or_insert(at);
                    }
                    at += len;
                }
            }
            way.after_comma = false;
        }
        let end = way.end.unwrap_or(at);
        let start = way.start.unwrap_or(end).min(end);
        Opening {
            speaker: start..end,
            content,
            resumptive: false,
        }
    }

    pub(super) fn quotation(&self, at: usize) -> Step {
        match self.quotations.closing(at) {
            Some(close) if self.is_statement(at, close, SHORTEST, false) && !self.follows_preposition(at) => {
                Step::Content(Opener::Quotation, at)
            }
            Some(close) if close < self.sentence.end => Step::Speaker(close + 1 - at),
            None if self.quotations.is_unclosed(self.passage.text, self.passage.tokens, at) => {
                Step::Content(Opener::Quotation, at)
            }
            _ => Step::Speaker(1),
        }
    }

    /// True if a quotation contains a statement and not a name: long enough, and not the name of a newspaper. `opened`:
    /// "that" or a colon precedes it, so that two words at the end of a clause are enough.
    pub(super) fn is_statement(&self, open: usize, close: usize, shortest: usize, opened: bool) -> bool {
        // A comma or a stop before the closing mark is no word.
        let marked = matches!(
            self.passage.kind(close.saturating_sub(1)),
            Some(Kind::Comma | Kind::Stop)
        );
        let words = close.saturating_sub(open + 1 + usize::from(marked));
        let ends_clause = close + 1 >= self.sentence.end
            || matches!(
                self.passage.kind(close + 1),
                Some(Kind::Stop | Kind::Comma | Kind::Semicolon)
            );
        let long = words >= shortest || (opened && ends_clause && words >= 2);
        let named = open > self.sentence.start
            && (self.passage.lists(open - 1).has(List::Outlet)
                || (!self.passage.tokens[open].is_spaced() && self.passage.is_word(open - 1)));
        words > 0 && long && !named
    }

    pub(super) fn after_that(&self, at: usize) -> usize {
        let (roles, len) = self.passage.roles(at);
        if roles.lists.has(List::That) { at + len } else { at }
    }

    /// True if a mark opens a quotation that contains a statement.
    pub(super) fn opens_statement(&self, open: usize) -> bool {
        self.quotations
            .closing(open)
            .is_some_and(|close| self.is_statement(open, close, SHORTEST, false))
    }

    /// في "تويتر", مع "العربي الجديد".
    fn follows_preposition(&self, open: usize) -> bool {
        let Some(close) = self.quotations.closing(open) else {
            return false;
        };
        let short = close - open <= SHORTEST + 1;
        short && open > self.sentence.start && self.passage.lists(open - 1).any(Lists::of(&[List::Stop, List::With]))
    }

    fn word(&self, at: usize, from: usize, verb: &Verb, way: &Way) -> Step {
        let passage = self.passage;
        let (roles, len) = passage.roles(at);
        let lists = roles.lists;
        if lists.has(List::That) {
            return Step::Content(Opener::That, at + len);
        }
        if let Some(other) = roles
            .verb
            .and_then(|other| passage.lexicon.verbs.get(usize::from(other)))
        {
            if other.kind == VerbKind::Participle && verb.kind == VerbKind::Finite && !way.after_comma {
                // وتابع قائلاً: one act of saying.
                return Step::Adverbial(len);
            }
            let begins = way.after_comma
                || passage.cut(at) > 0
                || matches!(other.kind, VerbKind::Participle | VerbKind::Possessive);
            if begins && other.kind != VerbKind::Source {
                return Step::End;
            }
        }
        if at > from && lists.has(List::Boundary) && way.after_comma {
            return Step::End;
        }
        if verb
            .opens
            .iter()
            .any(|word| passage.token(at).is_some_and(|token| token.word == *word))
        {
            return Step::Content(Opener::Preposition, self.after_that(at + 1));
        }
        if self.is_content(at, &roles, verb, way) {
            return Step::Content(Opener::Content, at);
        }
        if lists.has(List::Adjunct) || self.is_hearer(at, way) || (way.after_comma && self.is_accusative(at)) {
            return Step::Adverbial(len);
        }
        Step::Speaker(len)
    }

    /// "، طالباً عدم الكشف عن اسمه،" says how, not who.
    fn is_accusative(&self, at: usize) -> bool {
        let slice = self.passage.slice(at);
        slice.ends_with("اً") || slice.ends_with("\u{64B}ا")
    }

    /// The hearer: لـ"العربي الجديد".
    fn is_hearer(&self, at: usize, way: &Way) -> bool {
        let quoted = self.passage.kind(at + 1).is_some_and(Kind::is_quote);
        (quoted && self.passage.is_letter(at, 'ل')) || (way.after_comma && self.passage.slice(at).starts_with("لل"))
    }

    fn is_content(&self, at: usize, roles: &Roles, verb: &Verb, way: &Way) -> bool {
        let passage = self.passage;
        if !roles.lists.has(List::Content) || way.adverbial.is_some_and(|end| at < end && !way.after_comma) {
            return false;
        }
        match passage.cut(at) {
            0 => {
                let heads = Lists::of(&[List::Organisation]);
                let idafa = at.checked_sub(1).is_some_and(|before| {
                    let (before, _) = passage.roles(before);
                    before.lists.any(heads) && !before.definite
                });
                matches!(verb.needs, Needs::Anything | Needs::Content | Needs::Opened) && !idafa
            }
            _ => verb
                .opens_letter
                .is_some_and(|letter| passage.has_proclitic(at, letter)),
        }
    }
}

impl Way {
    /// The speaker ends here, before any comma.
    fn close(&mut self, at: usize, passage: &Passage) {
        if self.end.is_none() {
            let mut end = at;
            while end > 0 && matches!(passage.kind(end - 1), Some(Kind::Comma | Kind::Dash)) {
                end -= 1;
            }
            self.end = Some(end);
        }
    }
}

/// Use of a token by the reader.
pub(super) enum Step {
    End,
    Comma,
    Speaker(usize),
    Adverbial(usize),
    Content(Opener, usize),
}
