//! Names that are made of words of time: "14 July Bridge", "حي 7 نيسان", "گەڕەکی نەورۆز".

use super::{expression::Expression, grammar::Grammar, lexicon::Word};
use crate::{language::Language, text::Kind};

/// Words of naming, beside which "today" is "nowadays".
const NAMED: [&str; 24] = [
    "يعرف",
    "تعرف",
    "يعرفون",
    "معروف",
    "معروفة",
    "المعروف",
    "المعروفة",
    "يسمى",
    "تسمى",
    "المسمى",
    "المسماة",
    "يدعى",
    "تدعى",
    "مسمى",
    "ناسراوە",
    "ناسراون",
    "دەناسرێت",
    "دەناسرێن",
    "دەگوترێت",
    "دەوترێت",
    "known",
    "called",
    "named",
    "modern-day",
];

impl Grammar<'_> {
    /// True if an expression without a year is a part of the name of a place, a unit or a person.
    pub(super) fn is_name(&self, expression: &Expression, at: usize, end: usize) -> bool {
        let bare = match expression {
            Expression::Date(parts) => parts.year.is_none() && parts.which.is_none() && parts.day.is_some(),
            Expression::Feast { year, .. } => year.is_none(),
            Expression::Weekday { which, .. } => which.is_none(),
            _ => false,
        };
        if let Expression::Shift { days: 0, weekday: None } = expression {
            return self.is_outlet(at, end) || self.is_nowadays(at, end);
        }
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

    /// "بغداد اليوم": with the word before it in quotation marks it is the name of an outlet.
    fn is_outlet(&self, at: usize, end: usize) -> bool {
        let mark = |at: usize| self.passage.kind(at).is_some_and(Kind::is_quote);
        end == at + 1
            && at >= self.start + 2
            && self.passage.language == Language::Arabic
            && self.passage.is_word(at - 1)
            && mark(at - 2)
            && mark(end)
    }

    /// "known today as", تعرف اليوم باسم: nowadays, and no day.
    fn is_nowadays(&self, at: usize, end: usize) -> bool {
        let named = |at: usize| {
            let word = self.passage.slice(at);
            let bare: String = word
                .chars()
                .filter(|letter| !('\u{64b}'..='\u{652}').contains(letter))
                .collect();
            let stem = bare.trim_start_matches('و');
            NAMED.contains(&stem)
        };
        (at > self.start && named(at - 1)) || (end < self.end && named(end))
    }

    /// A noun that takes the name before it: "Friday market".
    fn is_named_behind(&self, end: usize) -> bool {
        self.passage.kind(end) == Some(Kind::Latin) && self.is(end, Word::NameAfter)
    }
}
