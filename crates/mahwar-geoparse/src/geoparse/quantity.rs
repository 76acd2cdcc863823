//! Quantities: numbers with a unit noun, and nouns in the dual.

use super::{
    claim_lexicon::{Form, List, Lists, NumberKind, Roles, UnitWord},
    number::{self, Number},
    passage::Passage,
};
use crate::{
    language::Language,
    text::{Kind, Span},
};
use std::ops::Range;

/// A quantity before it is written out.
#[derive(Clone, Debug)]
pub(super) struct RawQuantity {
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    pub(super) words: Span,
    pub(super) noun: Span,
    pub(super) value: f64,
    pub(super) upper: Option<f64>,
    /// Position in the lexicon's units.
    pub(super) unit: u16,
    pub(super) approximate: bool,
    pub(super) approximation: Option<Span>,
}

/// Words between a number and its noun: "five other Iraqi soldiers".
const GAP: usize = 3;
/// How far back the noun may stand that an isolated number counts.
const COUNTED_REACH: usize = 6;

/// Finds the quantities of a sentence. `names` tells whether a place name begins at a byte.
pub(super) fn quantities(
    passage: &Passage,
    sentence: Range<usize>,
    names: &dyn Fn(usize) -> bool,
    out: &mut Vec<RawQuantity>,
) {
    let mut finder = Finder {
        passage,
        sentence: sentence.clone(),
        names,
        approximation: None,
    };
    let mut at = sentence.start;
    while at < sentence.end {
        at = finder.step(at, out).max(at + 1);
    }
}

struct Finder<'f, 'a> {
    passage: &'f Passage<'a>,
    sentence: Range<usize>,
    names: &'f dyn Fn(usize) -> bool,
    /// Words that make the number after them approximate.
    approximation: Option<Range<usize>>,
}

/// The noun of a quantity, and the tokens of the whole.
struct Noun {
    unit: u16,
    tokens: Range<usize>,
    whole: Range<usize>,
}

impl Finder<'_, '_> {
    /// Reads what begins at a token; the token to go on from.
    fn step(&mut self, at: usize, out: &mut Vec<RawQuantity>) -> usize {
        let Some(token) = self.passage.token(at) else { return at };
        let numeric = token.kind == Kind::Number;
        if !numeric && !token.kind.is_word() {
            return at;
        }
        let (roles, len) = self.passage.roles(at);
        if !numeric && roles.is_empty() {
            return at;
        }
        if roles.approximates_next {
            let begun = self.approximation.take().filter(|before| before.end == at);
            self.approximation = Some(begun.map_or(at, |before| before.start)..at + len);
            return at + len;
        }
        if numeric || roles.number.is_some() {
            return self.counted(at, out);
        }
        match roles.unit {
            Some(unit) => self.uncounted(at, len, unit, &roles, out),
            None => at,
        }
    }

    fn counted(&mut self, at: usize, out: &mut Vec<RawQuantity>) -> usize {
        let between = at > self.sentence.start && self.is_between(at - 1);
        let Some(number) = number::number(self.passage, at, self.sentence.end, between) else {
            return at;
        };
        if self.is_label(at, &number) {
            return number.end;
        }
        let noun = self.noun(at, &number);
        let Some(noun) = noun.or_else(|| self.counted_before(at, &number)) else {
            return number.end;
        };
        self.push(&noun, number.value, number.upper, number.vague, out)
    }

    /// Writes a quantity down; the token to go on from.
    fn push(&mut self, noun: &Noun, value: f64, upper: Option<f64>, vague: bool, out: &mut Vec<RawQuantity>) -> usize {
        let tokens = noun.whole.clone();
        let before = self
            .approximation
            .take()
            .filter(|words| self.leads_to(words.end, tokens.start));
        let (after, after_len) = self.passage.roles(tokens.end);
        let after = after.approximates_last.then(|| tokens.end..tokens.end + after_len);
        let end = after.as_ref().map_or(tokens.end, |after| after.end);
        let approximation = before.or(after);
        out.push(RawQuantity {
            words: self.passage.span(tokens.start, tokens.end),
            noun: self.passage.span(noun.tokens.start, noun.tokens.end),
            value,
            upper,
            unit: noun.unit,
            approximate: vague || approximation.is_some(),
            approximation: approximation.map(|words| self.passage.outer_span(words.start, words.end)),
            tokens,
        });
        end
    }

    /// A single letter such as ب may stand between an approximation and its number, and "between" before a range.
    fn leads_to(&self, from: usize, to: usize) -> bool {
        from == to || (from + 1 == to && (self.is_attached_letter(from) || self.is_between(from)))
    }

    fn is_attached_letter(&self, at: usize) -> bool {
        self.passage.slice(at).chars().filter(|c| *c != 'ـ').count() == 1 && self.passage.is_unspaced(at + 1)
    }

    fn is_between(&self, at: usize) -> bool {
        self.passage.lists(at).has(List::Between)
            || (at > self.sentence.start && self.passage.roles(at - 1).1 == 2 && {
                self.passage.lists(at - 1).has(List::Between)
            })
    }

    /// A number that names something and counts nothing: a year, a date, a division, a model, a clock time.
    fn is_label(&self, at: usize, number: &Number) -> bool {
        let passage = self.passage;
        if self.is_part_of_label(at, number) {
            return true;
        }
        let Some(before) = at.checked_sub(1).filter(|before| *before >= self.sentence.start) else {
            return false;
        };
        let lists = passage.lists(before);
        let is_digits = passage.kind(at) == Some(Kind::Number);
        (lists.any(Lists::of(&[List::Uncounted, List::Month])) && is_digits)
            || (lists.has(List::ClockOf) && number.value <= 24.0)
            || (number.year && lists.any(Lists::of(&[List::YearOf, List::TimeOf])))
    }

    /// Digits stuck to letters, dashes or slashes.
    fn is_part_of_label(&self, at: usize, number: &Number) -> bool {
        let passage = self.passage;
        if passage.kind(at) != Some(Kind::Number) {
            return false;
        }
        let glued = |kind: Option<Kind>| matches!(kind, Some(Kind::Dash | Kind::Slash | Kind::Colon | Kind::Separator));
        if passage.is_unspaced(at) && at > self.sentence.start {
            let before = passage.kind(at - 1);
            let letter =
                before == Some(Kind::Latin) || (before == Some(Kind::Arabic) && !self.is_attached_letter(at - 1));
            let plus = before == Some(Kind::Symbol) && passage.slice(at - 1) == "+";
            if letter || plus || before == Some(Kind::Separator) {
                return true;
            }
            if glued(before) && passage.is_unspaced(at - 1) && at - 1 > self.sentence.start {
                return true;
            }
        }
        let after = number.end;
        if !passage.is_unspaced(after) {
            return false;
        }
        let next_is_number = passage.is_unspaced(after + 1) && passage.kind(after + 1) == Some(Kind::Number);
        if glued(passage.kind(after)) && next_is_number {
            return true;
        }
        let (roles, _) = passage.roles(after);
        // "14th", "3G": letters glued to digits that are no unit.
        passage.kind(after) == Some(Kind::Latin) && roles.unit.is_none() && roles.number.is_none()
    }

    /// The noun that a number counts.
    fn noun(&self, at: usize, number: &Number) -> Option<Noun> {
        self.symbol_after(at, number)
            .or_else(|| self.noun_before(at, number))
            .or_else(|| self.noun_after(at, number))
            .or_else(|| self.elliptic(at, number))
    }

    fn symbol_after(&self, at: usize, number: &Number) -> Option<Noun> {
        let end = number.end;
        Some(Noun {
            unit: self.symbol(end)?,
            tokens: end..end + 1,
            whole: at..end + 1,
        })
    }

    fn symbol(&self, at: usize) -> Option<u16> {
        if self.passage.kind(at)? != Kind::Symbol {
            return None;
        }
        let sign = self.passage.slice(at).chars().next()?;
        let known = self
            .passage
            .lexicon
            .symbols
            .iter()
            .find(|(symbol, _)| *symbol == sign)?;
        Some(known.1)
    }

    fn noun_after(&self, at: usize, number: &Number) -> Option<Noun> {
        let passage = self.passage;
        let mut next = number.end;
        let mut partitive = false;
        // "three-day", and the suffix of Sorani after digits: ٧٠ی.
        if passage.kind(next) == Some(Kind::Dash) && passage.is_unspaced(next) && passage.is_unspaced(next + 1) {
            next += 1;
        }
        while next < self.sentence.end && next < number.end + 2 && passage.lists(next).has(List::Partitive) {
            partitive = true;
            next += 1;
        }
        let gap = if passage.kind(next) == Some(Kind::Latin) {
            GAP
        } else {
            0
        };
        for noun_at in next..(next + gap + 1).min(self.sentence.end) {
            let (roles, len) = passage.roles(noun_at);
            if self.counts(noun_at, len, &roles, number, partitive) {
                return Some(self.squared(at, noun_at, len, roles.unit?));
            }
            let skipped = passage.is_word(noun_at)
                && roles.verb.is_none()
                && roles.number.is_none()
                && !roles.lists.any(NO_GAP)
                && !self.looks_plural(noun_at);
            if !skipped {
                break;
            }
        }
        None
    }

    /// "two sides", "three governorates": a plural of no unit is what is counted.
    fn looks_plural(&self, at: usize) -> bool {
        let (slice, token) = (self.passage.slice(at), &self.passage.tokens[at]);
        token.kind == Kind::Latin && !token.is_capital() && slice.ends_with('s') && !slice.ends_with("ss")
    }

    /// Whether a word is the noun of the number before it.
    fn counts(&self, at: usize, len: usize, roles: &Roles, number: &Number, partitive: bool) -> bool {
        let passage = self.passage;
        let Some(unit) = roles.unit else { return false };
        let joined = passage.has_proclitic(at, 'و') || passage.has_proclitic(at, 'ف');
        if at >= self.sentence.end || joined || unit.form == Form::Before {
            return false;
        }
        if passage.language == Language::Sorani && partitive {
            return passage.tokens[at].tail > 0 || unit.form == Form::Plural;
        }
        if partitive && unit.form == Form::Singular {
            return false;
        }
        if passage.cut(at) > 0 && unit.form != Form::Singular {
            return false;
        }
        // "attack helicopters", "police officers": the last noun is what is counted.
        let compound = passage.kind(at) == Some(Kind::Latin)
            && number.value > 1.0
            && passage
                .roles(at + len)
                .0
                .unit
                .is_some_and(|next| next.form == Form::Plural);
        !compound
    }

    /// Kilometres become square kilometres when ² or 2 is stuck to them.
    fn squared(&self, start: usize, at: usize, len: usize, word: UnitWord) -> Noun {
        let (passage, end) = (self.passage, at + len);
        let square = passage.is_unspaced(end) && matches!(passage.slice(end), "²" | "2" | "٢");
        let squared = passage.roles(at).0.squared.filter(|_| square && len == 1);
        let end = end + usize::from(squared.is_some());
        Noun {
            unit: squared.unwrap_or(word.unit),
            tokens: at..end,
            whole: start..end,
        }
    }

    /// A currency sign, a percent sign or لەسەدا before the number.
    fn noun_before(&self, at: usize, number: &Number) -> Option<Noun> {
        let before = at.checked_sub(1).filter(|before| *before >= self.sentence.start)?;
        let noun = |unit, start| {
            Some(Noun {
                unit,
                tokens: start..at,
                whole: start..number.end,
            })
        };
        if let Some(unit) = self.symbol(before) {
            return noun(unit, before);
        }
        for len in 1..=2 {
            let start = at.checked_sub(len).filter(|start| *start >= self.sentence.start)?;
            let (roles, tokens) = self.passage.roles(start);
            if let Some(UnitWord {
                unit,
                form: Form::Before,
            }) = roles.unit.filter(|_| tokens == len)
            {
                return noun(unit, start);
            }
        }
        None
    }

    /// "killed three and wounded five": what was done says what is counted.
    fn elliptic(&self, at: usize, number: &Number) -> Option<Noun> {
        let passage = self.passage;
        let before = at.checked_sub(1).filter(|before| *before >= self.sentence.start)?;
        let lists = passage.lists(before);
        let name = match (lists.has(List::Kills), lists.has(List::Wounds)) {
            (true, _) => "killed",
            (_, true) => "wounded",
            _ => return None,
        };
        let (next, _) = passage.roles(number.end);
        let isolated = number.end >= self.sentence.end
            || !passage.is_word(number.end)
            || passage.token(number.end).is_some_and(|token| token.cut > 0)
            || next.lists.any(Lists::of(&[
                List::And,
                List::Stop,
                List::Locative,
                List::Adjunct,
                List::Partitive,
            ]));
        let unit = passage.lexicon.units.iter().position(|unit| unit == name)?;
        isolated.then_some(Noun {
            unit: unit as u16,
            tokens: before..at,
            whole: at..number.end,
        })
    }

    /// "the number of dead rose to 17": the noun stands before, after a word of counting.
    fn counted_before(&self, at: usize, number: &Number) -> Option<Noun> {
        let passage = self.passage;
        let first = at.saturating_sub(COUNTED_REACH).max(self.sentence.start + 1);
        for noun_at in (first..at).rev() {
            if !passage.is_word(noun_at) {
                return None;
            }
            let (roles, len) = passage.roles(noun_at);
            let Some(unit) = roles.unit else { continue };
            let counting = (noun_at.saturating_sub(2).max(self.sentence.start)..noun_at)
                .any(|before| passage.lists(before).has(List::Count));
            return (counting && unit.form != Form::Dual && noun_at + len <= at).then_some(Noun {
                unit: unit.unit,
                tokens: noun_at..noun_at + len,
                whole: at..number.end,
            });
        }
        None
    }

    /// A unit noun without a number before it: a dual, or a noun with "one" after it.
    fn uncounted(&mut self, at: usize, len: usize, word: UnitWord, roles: &Roles, out: &mut Vec<RawQuantity>) -> usize {
        let end = at + len;
        let value = match word.form {
            Form::Dual => Some((2.0, self.after_two(end))),
            Form::Construct if self.begins_name(end) && !roles.definite => Some((2.0, end)),
            Form::Singular => self.after_one(end).map(|end| (1.0, end)),
            Form::Plural if roles.definite => self.after_definite(end),
            _ => None,
        };
        let Some((value, after)) = value else { return end };
        let noun = Noun {
            unit: word.unit,
            tokens: at..end,
            whole: at..after,
        };
        self.push(&noun, value, None, false, out)
    }

    fn begins_name(&self, at: usize) -> bool {
        self.passage
            .token(at)
            .is_some_and(|token| (self.names)(token.start as usize))
    }

    /// جنديين اثنين.
    fn after_two(&self, at: usize) -> usize {
        self.plain_number(at, 2.0).unwrap_or(at)
    }

    /// شهر واحد.
    fn after_one(&self, at: usize) -> Option<usize> {
        if self.passage.kind(at)? != Kind::Arabic || self.passage.language == Language::Sorani {
            return None;
        }
        self.plain_number(at, 1.0)
    }

    /// الأشهر الستة: the number follows, with the article.
    fn after_definite(&self, at: usize) -> Option<(f64, usize)> {
        if at >= self.sentence.end || !self.passage.is_word(at) || self.passage.cut(at) > 0 {
            return None;
        }
        let (roles, len) = self.passage.roles(at);
        let number = roles.number.filter(|_| roles.definite)?;
        (number.kind == NumberKind::Small).then_some((number.value, at + len))
    }

    fn plain_number(&self, at: usize, value: f64) -> Option<usize> {
        if at >= self.sentence.end || self.passage.cut(at) > 0 || !self.passage.is_word(at) {
            return None;
        }
        let (roles, len) = self.passage.roles(at);
        (roles.number?.value == value && !roles.definite).then_some(at + len)
    }
}

/// Words that cannot stand between a number and its noun.
const NO_GAP: Lists = Lists::of(&[
    List::Stop,
    List::Month,
    List::And,
    List::That,
    List::Negation,
    List::Passive,
]);
