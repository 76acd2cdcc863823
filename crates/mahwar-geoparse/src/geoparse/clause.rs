//! Clauses: the stretch of a sentence around a word, up to the next comma or conjunction.

use super::{
    claim_lexicon::{List, Lists},
    passage::Passage,
    quotation::Quotations,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Longest way from a word to the end of its clause.
const REACH: usize = 48;
/// A quotation of more tokens is a statement, and no clause reaches across its marks.
const TERM: usize = 6;

pub(super) struct Clauses<'c, 'a> {
    pub(super) passage: Passage<'a>,
    pub(super) quotations: &'c Quotations,
    /// True if a place name begins at a byte.
    pub(super) names: &'c dyn Fn(usize) -> bool,
}

impl Clauses<'_, '_> {
    /// The clause that contains these tokens, inside the bounds.
    pub(super) fn around(&self, bounds: &Range<usize>, tokens: &Range<usize>) -> Range<usize> {
        let mut start = tokens.start;
        let first = bounds.start.max(tokens.start.saturating_sub(REACH));
        while start > first && !self.ends_before(start) {
            start -= 1;
        }
        let mut end = tokens.end.max(start + 1);
        let last = bounds.end.min(tokens.end + REACH);
        while end < last && !self.ends_at(end) {
            end += 1;
        }
        self.trimmed(start..end.min(bounds.end.max(tokens.end)))
    }

    /// The clause after another one.
    pub(super) fn after(&self, bounds: &Range<usize>, clause: &Range<usize>) -> Option<Range<usize>> {
        let mut start = clause.end;
        while start < bounds.end && start < clause.end + 3 && !self.passage.kind(start)?.is_word() {
            if matches!(self.passage.kind(start), Some(Kind::Stop | Kind::Number)) {
                break;
            }
            start += 1;
        }
        let comma = start > clause.end;
        (comma && start < bounds.end).then(|| self.around(bounds, &(start..start + 1)))
    }

    /// The clause before another one.
    pub(super) fn before(&self, bounds: &Range<usize>, clause: &Range<usize>) -> Option<Range<usize>> {
        let mut end = clause.start;
        while end > bounds.start && end + 3 > clause.start && self.is_mark(end - 1) {
            end -= 1;
        }
        (end > bounds.start).then(|| self.around(bounds, &(end - 1..end)))
    }

    fn is_mark(&self, at: usize) -> bool {
        matches!(
            self.passage.kind(at),
            Some(Kind::Comma | Kind::Semicolon | Kind::Dash | Kind::Colon)
        )
    }

    fn ends_before(&self, at: usize) -> bool {
        self.ends_at(at - 1) || (self.passage.is_word(at) && self.passage.lists(at).has(List::Boundary))
    }

    fn ends_at(&self, at: usize) -> bool {
        let passage = &self.passage;
        match passage.kind(at) {
            // مقتل شرطي؛ جراء انفجار: the cause belongs to its effect.
            Some(Kind::Semicolon) => !passage.lists(at + 1).has(List::Cause),
            Some(Kind::Stop | Kind::Colon) | None => true,
            // A comma inside a list of names ends nothing.
            Some(Kind::Comma) => {
                let named = passage
                    .token(at + 1)
                    .is_some_and(|next| (self.names)(next.start as usize));
                !named && !self.is_at_day(at)
            }
            Some(Kind::Dash) => passage.tokens[at].is_spaced() && !passage.is_unspaced(at + 1),
            Some(Kind::Quote | Kind::QuoteOpen | Kind::QuoteClose) => {
                let open = self.quotations.opening(at, at);
                let pair = open
                    .map(|open| (open, at))
                    .or_else(|| Some((at, self.quotations.closing(at)?)));
                pair.is_some_and(|(open, close)| close - open > TERM)
            }
            Some(Kind::Arabic | Kind::Latin) => passage.lists(at).has(List::Boundary),
            Some(_) => false,
        }
    }

    /// اعتقلت، عصر الأحد، عشرين شخصا: one of the two commas around a day, after which the clause goes on.
    fn is_at_day(&self, comma: usize) -> bool {
        const DAY: usize = 4;
        let passage = &self.passage;
        let is_comma = |at: usize| passage.kind(at) == Some(Kind::Comma);
        let dated = |at: usize| {
            passage
                .lists(at)
                .any(Lists::of(&[List::Time, List::TimeAdjective, List::Month]))
        };
        let after = (comma + 1..comma + 1 + DAY).take_while(|at| dated(*at)).count();
        let before = (comma.saturating_sub(DAY)..comma)
            .rev()
            .take_while(|at| dated(*at))
            .count();
        let opens = after > 0 && is_comma(comma + 1 + after);
        let closes = before > 0 && before < comma && is_comma(comma - before - 1);
        passage.language == Language::Arabic && (opens || closes)
    }

    /// Without conjunctions and quotation marks at its edges.
    fn trimmed(&self, clause: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = clause;
        let opens = |at: usize| self.passage.lists(at).any(Lists::of(&[List::That, List::And]));
        let loose = |at: usize| match self.passage.kind(at) {
            Some(Kind::Arabic | Kind::Latin) => opens(at),
            Some(kind) => kind != Kind::Number,
            None => true,
        };
        let symbol = |at: usize| matches!(self.passage.kind(at), Some(Kind::Symbol | Kind::Close | Kind::Open));
        while start + 1 < end && loose(start) && !symbol(start) && !self.opens_term(start) {
            start += 1;
        }
        while end > start + 1
            && loose(end - 1)
            && !symbol(end - 1)
            && self.quotations.opening(end - 1, end - 1).is_none()
        {
            end -= 1;
        }
        start..end
    }

    /// The mark opens a quoted term inside the clause.
    fn opens_term(&self, at: usize) -> bool {
        self.quotations.closing(at).is_some()
    }
}
