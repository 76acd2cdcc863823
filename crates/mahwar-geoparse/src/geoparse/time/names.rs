//! Names that are made of words of time: "14 July Bridge", "حي 7 نيسان", "گەڕەکی نەورۆز".

use super::{expression::Expression, grammar::Grammar, lexicon::Word};
use crate::text::Kind;

impl Grammar<'_> {
    /// True if an expression without a year is a part of the name of a place, a unit or a person.
    pub(super) fn is_name(&self, expression: &Expression, at: usize, end: usize) -> bool {
        let bare = match expression {
            Expression::Date(parts) => parts.year.is_none() && parts.which.is_none() && parts.day.is_some(),
            Expression::Feast { year, .. } => year.is_none(),
            Expression::Weekday { which, .. } => which.is_none(),
            _ => false,
        };
        bare && (self.is_named_before(at) || self.is_named_behind(end))
    }

    /// A noun that takes a name directly before the expression, with a quotation mark or an ordinal between them.
    fn is_named_before(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let quoted = matches!(self.passage.kind(before), Some(Kind::Quote | Kind::QuoteOpen));
        let noun = if quoted { before.checked_sub(1) } else { Some(before) };
        noun.is_some_and(|noun| {
            noun >= self.start && self.is(noun, Word::NameBefore) && !self.passage.is_definite(noun)
        })
    }

    /// A noun that takes the name before it: "Friday market".
    fn is_named_behind(&self, end: usize) -> bool {
        self.passage.kind(end) == Some(Kind::Latin) && self.is(end, Word::NameAfter)
    }
}
