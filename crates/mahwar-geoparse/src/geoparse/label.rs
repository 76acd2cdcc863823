//! Numbers that count nothing: years, dates, clock times, telephone numbers, names of units, versions, ages.

use super::{
    claim_lexicon::{List, Lists},
    number::{self, Number, digit_count},
    passage::Passage,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Fewest digits of a telephone number that is written in groups, and of one that is not.
const PHONE_GROUPS: usize = 7;
const PHONE_WHOLE: usize = 9;
/// Words between "half" and the number of the whole, and the greatest number of a rate.
const SHARE_REACH: usize = 5;
const RATE: f64 = 100.0;
/// Largest distance of a word for an age before its number.
const AGE_REACH: usize = 3;

pub(super) struct Labels<'f, 'a> {
    pub(super) passage: &'f Passage<'a>,
    pub(super) sentence: Range<usize>,
    /// Unit of years, for ages.
    pub(super) year: Option<u16>,
}

impl Labels<'_, '_> {
    /// One past the last token of the label that a number is or begins, or `None` where the number counts.
    /// `approximated`: words such as "about" precede it.
    pub(super) fn end(&self, at: usize, number: &Number, approximated: bool) -> Option<usize> {
        let digits = self.passage.kind(at) == Some(Kind::Number);
        if let Some(end) = self.age(at, number) {
            return Some(end);
        }
        if let Some(end) = self.calibre(at, number).or_else(|| self.share(at, number)) {
            return Some(end);
        }
        if !digits {
            return None;
        }
        if let Some(end) = self.phone(at) {
            return Some(end);
        }
        if self.is_glued(at, number) {
            return Some(number.end);
        }
        if let Some(end) = self.designation(at, number) {
            return Some(end);
        }
        if self.is_time(at, number) || self.is_date(at, number) {
            return Some(number.end);
        }
        self.years(at, number, approximated)
    }

    /// A list of these ends before the token.
    fn follows(&self, lists: &[List], at: usize) -> bool {
        self.passage.ending(Lists::of(lists), at, self.sentence.start).is_some()
    }

    fn inside(&self, at: usize) -> bool {
        self.sentence.contains(&at)
    }

    /// A telephone number: digits in groups that begin with 0, + or a word for telephones, or one long run.
    fn phone(&self, at: usize) -> Option<usize> {
        let passage = self.passage;
        let first = passage.slice(at);
        let zero = matches!(first.chars().next(), Some('0' | '٠' | '۰')) && digit_count(first) > 1;
        let plus = at > self.sentence.start && passage.slice(at - 1) == "+";
        let named = || self.follows(&[List::Phone], at) || (plus && self.follows(&[List::Phone], at - 1));
        // The groups are read last: in a table each figure begins a run of all that follow.
        if !zero && !plus && !named() {
            return None;
        }
        let (mut end, mut digits, mut groups) = (at, 0, 0);
        let mut next = at;
        while next < self.sentence.end {
            match passage.kind(next) {
                Some(Kind::Number) => {
                    digits += digit_count(passage.slice(next));
                    groups += 1;
                    next += 1;
                    end = next;
                }
                Some(Kind::Dash | Kind::Open | Kind::Close) if passage.kind(next + 1) == Some(Kind::Number) => {
                    next += 1
                }
                _ => break,
            }
        }
        let long = digits >= PHONE_WHOLE || (groups > 1 && digits >= PHONE_GROUPS);
        (long || zero).then_some(end)
    }

    /// Digits stuck to letters, dashes or slashes.
    fn is_glued(&self, at: usize, number: &Number) -> bool {
        let passage = self.passage;
        let glued = |kind: Option<Kind>| matches!(kind, Some(Kind::Dash | Kind::Slash | Kind::Colon | Kind::Separator));
        if passage.is_unspaced(at) && at > self.sentence.start {
            let before = passage.kind(at - 1);
            let letter = before == Some(Kind::Latin)
                || (before == Some(Kind::Arabic)
                    && !self.is_attached_letter(at - 1)
                    && !is_article(passage.slice(at - 1)));
            let sign = before == Some(Kind::Symbol) && matches!(passage.slice(at - 1), "+" | "#" | "№");
            if letter || sign || before == Some(Kind::Separator) {
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

    fn is_attached_letter(&self, at: usize) -> bool {
        self.passage.slice(at).chars().filter(|c| *c != 'ـ').count() == 1 && self.passage.is_unspaced(at + 1)
    }

    /// "Brigade 30", "Units 5 and 6", "Article 140": the noun before names something by the number.
    fn designation(&self, at: usize, number: &Number) -> Option<usize> {
        let passage = self.passage;
        let plural = self.follows(&[List::UncountedPlural], at);
        // "Camp 5", but "in the camp 500 families".
        let named = || {
            let start = passage.ending(Lists::of(&[List::UncountedName]), at, self.sentence.start);
            start.is_some_and(|start| passage.tokens[start].is_capital() && start > self.sentence.start)
        };
        if !plural && !self.follows(&[List::Uncounted], at) && !named() {
            return None;
        }
        // The plural names several, and so does a singular before digits that nothing is counted by.
        let mut end = number.end;
        while let Some(next) = self.coordinated(end) {
            let Some(other) = number::number(passage, next, self.sentence.end, false) else {
                break;
            };
            let counts = passage.roles(other.end).0.unit.is_some();
            if !plural && counts {
                break;
            }
            end = other.end;
        }
        Some(end)
    }

    /// The digits that follow after "and" or a comma.
    fn coordinated(&self, at: usize) -> Option<usize> {
        let passage = self.passage;
        let joins = passage.kind(at) == Some(Kind::Comma) || passage.lists(at).has(List::And);
        (joins && self.inside(at + 1) && passage.kind(at + 1) == Some(Kind::Number)).then_some(at + 1)
    }

    /// "At 7.30", "9 am", "الساعة 7".
    fn is_time(&self, at: usize, number: &Number) -> bool {
        let passage = self.passage;
        if number.value > 24.0 {
            return false;
        }
        if self.follows(&[List::ClockOf], at) || passage.lists(number.end).has(List::Clock) {
            return true;
        }
        // Sorani: ٧ی بەیانی.
        let joined = passage.is_unspaced(number.end) && passage.slice(number.end) == "ی";
        if joined && passage.lists(number.end + 1).has(List::Clock) {
            return true;
        }
        let minutes = || {
            let mut parts = passage.span_text(at, number.end).split(['.', ':', '٫']);
            let (hours, minutes) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            digit_count(hours) <= 2 && digit_count(minutes) == 2 && parts.next().is_none()
        };
        number.end == at + 3
            && (number.value * 100.0).round() % 100.0 < 60.0
            && minutes()
            && self.follows(&[List::TimeOf, List::Locative], at)
            && passage
                .roles(number.end)
                .0
                .unit
                .is_none_or(|unit| passage.lexicon.is_people(unit.unit))
    }

    /// A day before or after the name of a month.
    fn is_date(&self, at: usize, number: &Number) -> bool {
        let passage = self.passage;
        let day = (1.0..=31.0).contains(&number.value) && number.end == at + 1;
        let month_before = self.follows(&[List::Month], at);
        if month_before && (day || number.year) {
            return true;
        }
        if !day {
            return false;
        }
        let mut next = number.end;
        // ٣ی ئازار, "3 of May", 3 من آذار.
        if (passage.is_unspaced(next) && passage.slice(next) == "ی") || passage.lists(next).has(List::Partitive) {
            next += 1;
        }
        passage.lists(next).has(List::Month) && self.inside(next)
    }

    /// A year, or two years that are the ends of a period.
    fn years(&self, at: usize, number: &Number, approximated: bool) -> Option<usize> {
        if self.is_period(at, number) {
            return Some(number.end);
        }
        (number.year && self.is_year(at, number, approximated)).then_some(number.end)
    }

    /// "2014–2017", "between 2014 and 2017".
    fn is_period(&self, at: usize, number: &Number) -> bool {
        let year = |value: f64| (1900.0..2100.0).contains(&value);
        let bare = || self.passage.slice(at).chars().count() == 4;
        number
            .upper
            .is_some_and(|upper| year(upper) && year(number.value) && upper - number.value < 100.0)
            && bare()
    }

    fn is_year(&self, at: usize, number: &Number, approximated: bool) -> bool {
        let passage = self.passage;
        let start = self.sentence.start;
        if approximated {
            return false;
        }
        if self.follows(&[List::YearOf, List::Month, List::TimeOf, List::Time], at) {
            return true;
        }
        if at > start && passage.roles(at - 1).0.role.is_some() {
            return false;
        }
        let before = at.checked_sub(1).filter(|before| *before >= start);
        let Some(before) = before else { return true };
        if passage.kind(before) == Some(Kind::Comma) {
            return true;
        }
        let other = |at: usize| number::number(passage, at, self.sentence.end, true).is_some_and(|other| other.year);
        let period = self.coordinated(number.end).is_some_and(other)
            || (passage.lists(before).has(List::And) && before > start && other(before - 1));
        if period || passage.lists(before).has(List::Determiner) {
            return true;
        }
        if number.value % 100.0 == 0.0 || passage.lists(before).has(List::Count) {
            return false;
        }
        match passage.language {
            // A number of more than ten takes the singular.
            Language::Arabic => passage.roles(number.end).0.unit.is_some_and(|unit| unit.is_plural()),
            _ => true,
        }
    }

    /// "155 mm", "60-mm", عيار 155: the size of a weapon counts nothing.
    fn calibre(&self, at: usize, number: &Number) -> Option<usize> {
        let passage = self.passage;
        let dash = passage.kind(number.end) == Some(Kind::Dash) && passage.is_unspaced(number.end);
        let unit = number.end + usize::from(dash);
        if self.inside(unit) && passage.lists(unit).has(List::Calibre) {
            return Some(unit + passage.roles(unit).1);
        }
        let named = matches!(
            passage.slice(at - usize::from(at > 0)),
            "عيار" | "calibre" | "caliber" | "کالیبەر"
        );
        (at > self.sentence.start && named).then_some(number.end)
    }

    /// "half of the 400 families", ثلث العائلات البالغ عددها 300: a part of so many, of whom the text says no more; and "one in
    /// five families", which is a rate.
    fn share(&self, at: usize, number: &Number) -> Option<usize> {
        let passage = self.passage;
        let first = at.saturating_sub(SHARE_REACH).max(self.sentence.start);
        let words = (first..at).rev().take_while(|at| passage.is_word(*at));
        let links = Lists::of(&[List::Partitive, List::Determiner, List::Count]);
        let link = |at: usize| passage.lists(at).any(links) || passage.slice(at).starts_with("البالغ");
        let linked = at > first && link(at - 1);
        if linked
            && words
                .into_iter()
                .any(|at| passage.lists(at).has(List::Share) && passage.cut(at) == 0)
        {
            return Some(self.past_noun(number.end));
        }
        let whole = self.whole_of_rate(at, number)?;
        Some(self.past_noun(whole))
    }

    /// The end of the second number of "one in five" or "three out of ten", where no verb comes right before the first.
    fn whole_of_rate(&self, at: usize, number: &Number) -> Option<usize> {
        let passage = self.passage;
        if passage.language != Language::English || number.upper.is_some() || number.vague {
            return None;
        }
        let out = passage.slice(number.end) == "out" && passage.slice(number.end + 1) == "of";
        let rate = passage.slice(number.end) == "in" && self.begins_clause(at);
        let next = number.end + 1 + usize::from(out);
        let second = number::number(passage, next, self.sentence.end, false).filter(|_| out || rate)?;
        let noun = passage.roles(second.end).0.unit.is_some_and(|unit| unit.is_plural());
        (noun && second.value > number.value && second.value <= RATE).then_some(second.end)
    }

    /// Nothing before a token could take it for an object.
    fn begins_clause(&self, at: usize) -> bool {
        let passage = self.passage;
        let Some(before) = at.checked_sub(1).filter(|before| *before >= self.sentence.start) else {
            return true;
        };
        let (roles, _) = passage.roles(before);
        roles.role.is_none() && !roles.lists.has(List::Harm)
    }

    fn past_noun(&self, end: usize) -> usize {
        let (roles, len) = self.passage.roles(end);
        match roles.unit {
            Some(_) if self.inside(end) => end + len,
            _ => end,
        }
    }

    /// "aged 25", "25 years old", البالغ من العمر 25 عاما, "(25 عاما)".
    fn age(&self, at: usize, number: &Number) -> Option<usize> {
        let passage = self.passage;
        let mut noun = number.end;
        if passage.kind(noun) == Some(Kind::Dash) && passage.is_unspaced(noun) {
            noun += 1;
        }
        let (roles, len) = passage.roles(noun);
        let years = self.inside(noun) && roles.unit.is_some_and(|unit| Some(unit.unit) == self.year);
        let end = if years { noun + len } else { number.end };
        let first = at.saturating_sub(AGE_REACH).max(self.sentence.start);
        let mut before = (first..at)
            .rev()
            .take_while(|at| passage.kind(*at) != Some(Kind::Comma));
        if before.any(|at| passage.lists(at).has(List::Age)) && number.value < 130.0 {
            return Some(end);
        }
        if !years {
            let link = passage.lists(number.end).has(List::Partitive) && passage.lists(number.end + 1).has(List::Age);
            return link.then_some(number.end + 2);
        }
        let after = end + usize::from(passage.kind(end) == Some(Kind::Dash));
        if passage.lists(after).has(List::Age) {
            return Some(after + 1);
        }
        let bracketed = at > self.sentence.start
            && passage.kind(at - 1) == Some(Kind::Open)
            && passage.kind(end) == Some(Kind::Close);
        bracketed.then_some(end)
    }
}

/// The article, written before digits.
pub(super) fn is_article(word: &str) -> bool {
    let word: String = word.chars().filter(|c| *c != 'ـ').collect();
    matches!(word.as_str(), "ال" | "وال" | "بال" | "لل" | "فال" | "ولل")
}
