//! Quantities: numbers with a unit noun, and nouns in the dual.

use super::{
    claim_lexicon::{Form, List, Lists, NumberKind, Roles, UnitWord},
    label::{self, Labels},
    number::{self, Number},
    parse::{Bound, Role},
    passage::Passage,
    role,
    victim::VictimReader,
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
    pub(super) role: Option<Role>,
    pub(super) bound: Bound,
    pub(super) approximate: bool,
    pub(super) approximation: Option<Span>,
    /// The people counted are those who do it: "by three gunmen".
    pub(super) acts: bool,
}

/// Words between a number and its noun: "five other Iraqi soldiers".
const GAP: usize = 3;
/// Largest distance of a verb of rising from the figures that it compares.
const RISE_REACH: usize = 12;
/// Largest distance of a noun before the isolated number that counts it, in tokens.
const COUNTED_REACH: usize = 6;

/// Finds the quantities of a sentence. `names` returns true if a place name begins at a byte.
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
        labels: Labels {
            passage,
            sentence: sentence.clone(),
            year: passage.lexicon.unit("year"),
        },
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
    labels: Labels<'f, 'a>,
    /// Words that limit the number after them or make it approximate.
    approximation: Option<(Range<usize>, Bound)>,
}

/// The noun of a quantity, and the tokens of the whole.
struct Noun {
    unit: u16,
    tokens: Range<usize>,
    whole: Range<usize>,
}

impl Finder<'_, '_> {
    /// Reads the words that begin at a token; returns the token to go on from.
    fn step(&mut self, at: usize, out: &mut Vec<RawQuantity>) -> usize {
        let Some(token) = self.passage.token(at) else { return at };
        let numeric = token.kind == Kind::Number;
        if !numeric && !token.kind.is_word() {
            return at;
        }
        let (roles, len) = self.passage.roles(at);
        if !numeric
            && roles.unit.is_none()
            && let Some(end) = self.another_victim(at, out)
        {
            return end;
        }
        if !numeric && roles.is_empty() {
            return at;
        }
        if let Some(bound) = roles.approximates_next {
            let begun = self.approximation.take().filter(|(before, _)| before.end == at);
            // "at least some 40": the limit says more than the estimate.
            let (start, bound) = match begun {
                Some((before, Bound::About)) => (before.start, bound),
                Some((before, limit)) => (before.start, limit),
                None => (at, bound),
            };
            self.approximation = Some((start..at + len, bound));
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
        // "No one was killed."
        let english = self.passage.language == Language::English || self.passage.kind(at) == Some(Kind::Latin);
        let none = english && at > self.sentence.start && self.passage.slice(at - 1).eq_ignore_ascii_case("no");
        if none && self.passage.slice(at).eq_ignore_ascii_case("one") {
            return at + 1;
        }
        let between = at > self.sentence.start && self.is_between(at - 1);
        let Some(number) = number::number(self.passage, at, self.sentence.end, between) else {
            return at;
        };
        let Some(number) = self.latest(at, number) else {
            return at + 1;
        };
        let approximated = self.approximation.as_ref().is_some_and(|(words, _)| words.end == at);
        if let Some(end) = self.labels.end(at, &number, approximated) {
            return end;
        }
        let noun = self.noun(at, &number);
        let before = || {
            self.counted_before(at, &number)
                .or_else(|| self.stated_number(at, &number))
        };
        let Some(noun) = noun.or_else(before) else {
            return number.end;
        };
        // A third of a family is a share of all of them.
        if number.value < 1.0 && self.passage.lexicon.is_people(noun.unit) {
            return noun.whole.end.max(number.end);
        }
        // "a 7.3-magnitude earthquake killed": no number of people has a fraction.
        if number.value.fract() != 0.0 && self.passage.lexicon.is_people(noun.unit) {
            return number.end;
        }
        self.push(&noun, number.value, number.upper, number.vague, out)
    }

    /// "rose from three to seven", "to six from four": the later figure counts. `None` for an earlier one by itself.
    fn latest(&self, at: usize, number: Number) -> Option<Number> {
        let passage = self.passage;
        let from = self
            .passage
            .ending(Lists::of(&[List::From, List::Partitive]), at, self.sentence.start);
        if from.is_none() && number.upper.is_none() {
            return Some(number);
        }
        let first = at.saturating_sub(RISE_REACH).max(self.sentence.start);
        let last = (number.end + RISE_REACH).min(self.sentence.end);
        let after =
            passage.language == Language::Sorani && (number.end..last).any(|at| passage.lists(at).has(List::Rise));
        if !after && !(first..at).any(|at| passage.lists(at).has(List::Rise)) {
            return Some(number);
        }
        match number.upper {
            Some(_) if from.is_some() => Some(number.upper_end()),
            Some(_) => Some(number),
            None => {
                // "to six from four", "from nine to six"
                let number_at = |at: usize| number::number(passage, at, self.sentence.end, false).is_some();
                // لە ١٢ەوە بوو بە ١٥
                let suffix = usize::from(passage.is_unspaced(number.end) && passage.is_word(number.end));
                let (became, len) = passage.roles(number.end + suffix);
                if passage.language == Language::Sorani && became.lists.has(List::Rise) {
                    return (!number_at(number.end + suffix + len)).then_some(number);
                }
                let to = passage.lists(number.end).any(Lists::of(&[List::Range, List::Toward]));
                let earlier = passage.language == Language::English
                    && passage.lists(at - 1).has(List::From)
                    && at >= self.sentence.start + 2
                    && number_at(at - 2);
                (!(earlier || to && number_at(number.end + 1))).then_some(number)
            }
        }
    }

    /// Writes a quantity down; the token to go on from.
    fn push(&mut self, noun: &Noun, value: f64, upper: Option<f64>, vague: bool, out: &mut Vec<RawQuantity>) -> usize {
        let tokens = noun.whole.clone();
        let before = self
            .approximation
            .take()
            .filter(|(words, _)| self.leads_to(words.end, tokens.start));
        let (after, after_len) = self.passage.roles(tokens.end);
        let after = after
            .approximates_last
            .filter(|_| tokens.end < self.sentence.end)
            .map(|bound| (tokens.end..tokens.end + after_len, bound));
        let end = after.as_ref().map_or(tokens.end, |(after, _)| after.end);
        let approximation = before.or(after);
        let bound = match (&approximation, upper) {
            _ if vague => Bound::Vague,
            (Some((_, bound)), _) => *bound,
            (None, Some(_)) => Bound::About,
            (None, None) => Bound::Exact,
        };
        out.push(RawQuantity {
            words: self.passage.span(tokens.start, tokens.end),
            noun: self.passage.span(noun.tokens.start, noun.tokens.end),
            value,
            upper,
            unit: noun.unit,
            role: None,
            bound,
            approximate: vague || approximation.is_some(),
            approximation: approximation.map(|(words, _)| self.passage.outer_span(words.start, words.end)),
            acts: false,
            tokens,
        });
        end
    }

    /// True if a number follows at once, or after a single letter such as ب, or after "between" before a range.
    fn leads_to(&self, from: usize, to: usize) -> bool {
        // "did not exceed the number of victims of 10"
        let counted = || from < to && to - from <= COUNTED_REACH && self.passage.lists(from).has(List::Count);
        from == to || (from + 1 == to && (self.is_attached_letter(from) || self.is_between(from))) || counted()
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
        // "(245) displaced people": brackets around the number.
        let bracketed = self.is_bracketed(at, number);
        let at = if bracketed {
            next += 1;
            at - 1
        } else {
            at
        };
        // "three-day", and the suffix of Sorani after digits: ٧٠ی.
        let hyphenated =
            passage.kind(next) == Some(Kind::Dash) && passage.is_unspaced(next) && passage.is_unspaced(next + 1);
        next += usize::from(hyphenated);
        while next < self.sentence.end && next < number.end + 2 && passage.lists(next).has(List::Partitive) {
            partitive = true;
            next += 1;
        }
        if partitive && let Some(noun) = self.part_of(at, next) {
            return Some(Noun {
                whole: at..number.end,
                ..noun
            });
        }
        // The two parts of a compound are one word.
        let compound = passage.kind(next + 1) == Some(Kind::Dash) && passage.is_unspaced(next + 1);
        let gap = if passage.kind(next) == Some(Kind::Latin) && !hyphenated {
            GAP + if compound { 2 } else { 0 }
        } else {
            0
        };
        for noun_at in next..(next + gap + 1).min(self.sentence.end) {
            let (roles, len) = passage.roles(noun_at);
            if self.counts(noun_at, len, &roles, number, partitive) && !(bracketed && noun_at > next) {
                // عشرة من القوات: members of the forces are counted.
                let members = partitive && passage.lexicon.units[usize::from(roles.unit?.unit)].as_str() == "force";
                let noun = self.squared(at, noun_at, len, roles.unit?);
                return match passage.lexicon.people.first() {
                    Some(&unit) if members => Some(Noun { unit, ..noun }),
                    _ => Some(noun),
                };
            }
            // "four anti-government protesters"
            let hyphen = passage.kind(noun_at) == Some(Kind::Dash)
                && noun_at > next
                && passage.is_unspaced(noun_at)
                && passage.is_unspaced(noun_at + 1);
            let skipped = (passage.is_word(noun_at) || hyphen)
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

    /// "three of the ten abducted farmers": the part has the noun of the whole, but what happened to all of them says nothing
    /// of it.
    fn part_of(&self, at: usize, whole: usize) -> Option<Noun> {
        let passage = self.passage;
        if passage.language != Language::English || !passage.lists(whole - 1).has(List::Determiner) {
            return None;
        }
        let all = number::number(passage, whole, self.sentence.end, false)?;
        let noun = self.noun_after(whole, &all)?;
        let people = passage.lexicon.is_people(noun.unit);
        let unit = match people {
            true => *passage.lexicon.people.first()?,
            false => noun.unit,
        };
        (at < whole).then_some(Noun { unit, ..noun })
    }

    fn is_bracketed(&self, at: usize, number: &Number) -> bool {
        at > self.sentence.start
            && self.passage.kind(at - 1) == Some(Kind::Open)
            && self.passage.kind(number.end) == Some(Kind::Close)
    }

    /// "two sides", "three governorates": a plural that is no unit is the counted thing.
    fn looks_plural(&self, at: usize) -> bool {
        let (slice, token) = (self.passage.slice(at), &self.passage.tokens[at]);
        token.kind == Kind::Latin && !token.is_capital() && slice.ends_with('s') && !slice.ends_with("ss")
    }

    /// True if a word is the noun of the number before it.
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
        // "killed four in an attack": a noun with a preposition is not counted.
        if passage.cut(at) > 0 {
            return false;
        }
        // "five member states": the singular describes the noun that is counted.
        let describes = passage.kind(at) == Some(Kind::Latin)
            && number.value > 1.0
            && unit.form == Form::Singular
            && passage.lexicon.is_people(unit.unit)
            && at + len < self.sentence.end
            && self.looks_plural(at + len);
        if describes {
            return false;
        }
        // "attack helicopters", "police officers": the last noun is the counted thing, but not in "families displaced".
        let (next, _) = passage.roles(at + len);
        let compound = passage.kind(at) == Some(Kind::Latin)
            && number.value > 1.0
            && next.unit.is_some_and(|next| next.form == Form::Plural)
            && !(next.role.is_some() && unit.form == Form::Plural);
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

    /// "killed three and wounded five", "nine were wounded": the verb determines the counted noun.
    fn elliptic(&self, at: usize, number: &Number) -> Option<Noun> {
        let passage = self.passage;
        let approximated = self.approximation.as_ref().filter(|(words, _)| words.end == at);
        let start = approximated.map_or(at, |(words, _)| words.start);
        let before = start.checked_sub(1).filter(|before| *before >= self.sentence.start);
        // "the injury of more than 220": a noun of action of two words.
        let pair = before.and_then(|last| {
            let first = last.checked_sub(1).filter(|first| *first >= self.sentence.start)?;
            let (roles, len) = passage.roles(first);
            (len == 2).then_some((roles.role?, first..start))
        });
        let single = before.and_then(|before| Some((passage.roles(before).0.role?, before..start)));
        let (before, tokens) = match single.or(pair) {
            Some((role, tokens)) if self.is_isolated(number.end) => (Some(role), tokens),
            _ => (None, at..at),
        };
        let (role, tokens) = match before {
            Some(role) => (role, tokens),
            None => self.done_after(number.end)?,
        };
        let unit = passage.lexicon.unit_of(role)?;
        Some(Noun {
            unit,
            tokens,
            whole: at..number.end,
        })
    }

    /// Nothing that could be counted follows.
    fn is_isolated(&self, end: usize) -> bool {
        let passage = self.passage;
        let (next, _) = passage.roles(end);
        end >= self.sentence.end
            || !passage.is_word(end)
            || passage.token(end).is_some_and(|token| token.cut > 0)
            || next.lists.any(Lists::of(&[
                List::And,
                List::Stop,
                List::Locative,
                List::Adjunct,
                List::Partitive,
                List::Time,
                List::Boundary,
            ]))
    }

    /// "were wounded" after a number, in Sorani the verb alone: its role and its tokens.
    fn done_after(&self, end: usize) -> Option<(Role, Range<usize>)> {
        let passage = self.passage;
        // "25 more were wounded"
        let others = passage.language == Language::English && passage.lists(end).has(List::Others);
        let end = end + usize::from(others);
        let mut at = end;
        while at < self.sentence.end.min(end + 2) && passage.lists(at).any(Lists::of(&[List::Passive, List::Auxiliary]))
        {
            at += 1;
        }
        // "hundreds reported missing"
        at += usize::from(at == end && passage.language == Language::English && passage.roles(at).0.verb.is_some());
        let (roles, len) = passage.roles(at);
        let plural = passage.language == Language::Arabic && role::ends_as_subject(passage.slice(at));
        let alone = passage.language == Language::Sorani || plural;
        let done = at < self.sentence.end && (at > end || alone) && passage.cut(at) == 0;
        roles.role.filter(|_| done).map(|role| (role, at..at + len))
    }

    /// "the number of dead rose to 17": the noun comes before, after a word of counting.
    fn counted_before(&self, at: usize, number: &Number) -> Option<Noun> {
        let passage = self.passage;
        let to = at > self.sentence.start && passage.lists(at - 1).any(Lists::of(&[List::Range, List::Toward]));
        let became = passage.language == Language::Sorani
            && passage
                .ending(Lists::of(&[List::Rise]), at, self.sentence.start)
                .is_some();
        let rises = became
            || to
                && (at.saturating_sub(RISE_REACH).max(self.sentence.start)..at)
                    .any(|at| passage.lists(at).has(List::Rise));
        let reach = if rises {
            RISE_REACH + COUNTED_REACH
        } else {
            COUNTED_REACH
        };
        let first = at.saturating_sub(reach).max(self.sentence.start);
        for noun_at in (first..at).rev() {
            if !passage.is_word(noun_at) && !rises {
                return None;
            }
            let joins = matches!(passage.kind(noun_at), Some(Kind::Number | Kind::Possessive));
            if !passage.is_word(noun_at) && !joins {
                return None;
            }
            let (roles, len) = passage.roles(noun_at);
            let Some(unit) = roles.unit else { continue };
            // "the number of dead", "the death toll"
            let counting = (noun_at.saturating_sub(2).max(self.sentence.start)..noun_at + len)
                .any(|before| passage.lists(before).has(List::Count));
            if rises && !counting {
                continue;
            }
            // حصيلة قتلى تفجير كركوك: the dead are counted, and not the blast.
            let nearer = (noun_at.saturating_sub(2).max(self.sentence.start)..noun_at).find(|before| {
                passage
                    .roles(*before)
                    .0
                    .unit
                    .is_some_and(|unit| unit.form != Form::Dual)
            });
            if counting && nearer.is_some_and(|before| before >= first) {
                continue;
            }
            return (counting && unit.form != Form::Dual && noun_at + len <= at).then_some(Noun {
                unit: unit.unit,
                tokens: noun_at..noun_at + len,
                whole: at..number.end,
            });
        }
        None
    }

    /// "the number of civilians killed in August (not including police) was 116": the number is that of the people whom the
    /// subject names, and of their fate.
    fn stated_number(&self, at: usize, number: &Number) -> Option<Noun> {
        const SUBJECT: usize = 26;
        const NOUN: usize = 6;
        const STATES: [&str; 9] = [
            "was", "is", "were", "reached", "totalled", "totaled", "exceeded", "to", "at",
        ];
        let passage = self.passage;
        let approximated = self.approximation.as_ref().filter(|(words, _)| words.end == at);
        let start = approximated.map_or(at, |(words, _)| words.start);
        let states = start.checked_sub(1).filter(|at| *at > self.sentence.start)?;
        if passage.language != Language::English
            || !STATES.contains(&passage.slice(states))
            || !self.is_isolated(number.end) && !self.is_bracket(number.end)
        {
            return None;
        }
        let first = states.saturating_sub(SUBJECT).max(self.sentence.start);
        let mut back = states;
        while back > first {
            back -= 1;
            match passage.kind(back) {
                Some(Kind::Close) => back = (first..back).rev().find(|at| passage.kind(*at) == Some(Kind::Open))?,
                Some(Kind::Latin) if passage.lists(back).has(List::Count) && passage.slice(back + 1) == "of" => {
                    return self.fate_counted(back + 2..(back + 2 + NOUN).min(states), at..number.end);
                }
                Some(Kind::Latin | Kind::Number | Kind::Possessive | Kind::Dash) => {}
                _ => return None,
            }
        }
        None
    }

    fn is_bracket(&self, at: usize) -> bool {
        self.passage.kind(at) == Some(Kind::Open)
    }

    /// The unit of the people whom a subject names: by their fate, or victims.
    fn fate_counted(&self, subject: Range<usize>, whole: Range<usize>) -> Option<Noun> {
        let passage = self.passage;
        let people = |at: &usize| {
            let unit = passage.roles(*at).0.unit;
            unit.is_some_and(|unit| passage.lexicon.is_people(unit.unit))
        };
        let noun = subject.clone().find(people)?;
        let fate = subject
            .clone()
            .find_map(|at| Some((passage.roles(at).0.role?, at..at + passage.roles(at).1)));
        let (unit, tokens) = match fate {
            Some((role, tokens)) => (passage.lexicon.unit_of(role)?, tokens),
            None => {
                let unit = passage.roles(noun).0.unit?.unit;
                (passage.lexicon.is_victim(unit).then_some(unit)?, noun..noun + 1)
            }
        };
        Some(Noun { unit, tokens, whole })
    }

    /// A unit noun without a number before it: a dual, or a noun with "one" after it.
    fn uncounted(&mut self, at: usize, len: usize, word: UnitWord, roles: &Roles, out: &mut Vec<RawQuantity>) -> usize {
        let end = at + len;
        // خمسة أفراد من عائلة واحدة: the family is that of the people counted before.
        let family = at > self.sentence.start
            && self.passage.lists(at - 1).has(List::Partitive)
            && self.passage.lexicon.is_people(word.unit)
            && out
                .last()
                .is_some_and(|one| one.tokens.end + 1 == at && self.passage.lexicon.is_people(one.unit));
        if family && word.form == Form::Singular {
            return end;
        }
        let value = match word.form {
            Form::Dual => Some((2.0, self.after_two(end))),
            Form::Construct if self.begins_name(end) && !roles.definite => Some((2.0, end)),
            Form::Singular => match self.after_one(end) {
                Some(end) => Some((1.0, end)),
                None => return self.one_victim(at, end, word, out).unwrap_or(end),
            },
            // مسلحين is two with اثنين after it.
            Form::Plural
                if self.is_arabic(at)
                    && !roles.definite
                    && self.agrees(at, end)
                    && self.plain_number(end, 2.0).is_some() =>
            {
                self.plain_number(end, 2.0).map(|end| (2.0, end))
            }
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

    /// One person whose harm the text reports without a number: "killing a farmer", مقتل مدني.
    fn one_victim(&mut self, at: usize, end: usize, word: UnitWord, out: &mut Vec<RawQuantity>) -> Option<usize> {
        let before = out.last().filter(|one| self.passage.lexicon.is_people(one.unit));
        let reader = VictimReader {
            passage: self.passage,
            sentence: &self.sentence,
            counted_until: before.map(|one| one.tokens.end),
        };
        let whole = reader.noun(at..end, word)?;
        let noun = Noun {
            unit: word.unit,
            tokens: at..end,
            whole,
        };
        Some(self.push(&noun, 1.0, None, false, out))
    }

    /// One more person: "wounding another", إصابة آخر.
    fn another_victim(&mut self, at: usize, out: &mut Vec<RawQuantity>) -> Option<usize> {
        let reader = VictimReader {
            passage: self.passage,
            sentence: &self.sentence,
            counted_until: None,
        };
        if let Some(whole) = reader.one_of(at) {
            let counted = self.passage.roles(at + 1).0.unit.map(|unit| unit.unit);
            let noun = Noun {
                unit: counted.or_else(|| self.passage.lexicon.people.first().copied())?,
                tokens: at + 1..whole.end,
                whole,
            };
            return Some(self.push(&noun, 1.0, None, false, out));
        }
        let noun = Noun {
            unit: *self.passage.lexicon.people.first()?,
            tokens: at..at + 1,
            whole: at..at + 1,
        };
        reader.is_another(at).then(|| self.push(&noun, 1.0, None, false, out))
    }

    fn begins_name(&self, at: usize) -> bool {
        self.passage
            .token(at)
            .is_some_and(|token| (self.names)(token.start as usize))
    }

    /// مسلحون اثنان, مسلحين اثنين: noun and number have one case. خطف مسلحون اثنين has a subject and an object.
    fn agrees(&self, at: usize, number: usize) -> bool {
        let nominative = |at: usize| ["ون", "ان"].iter().any(|end| self.passage.slice(at).ends_with(end));
        nominative(at) == nominative(number)
    }

    fn is_arabic(&self, at: usize) -> bool {
        self.passage.kind(at) == Some(Kind::Arabic) && self.passage.language != Language::Sorani
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
        if at >= self.sentence.end || !self.passage.is_word(at) {
            return None;
        }
        if label::is_article(self.passage.slice(at)) && self.passage.kind(at + 1) == Some(Kind::Number) {
            let number = number::number(self.passage, at + 1, self.sentence.end, false)?;
            return Some((number.value, number.end));
        }
        if self.passage.cut(at) > 0 {
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

/// Words that cannot come between a number and its noun.
const NO_GAP: Lists = Lists::of(&[
    List::Stop,
    List::Month,
    List::And,
    List::That,
    List::Negation,
    List::Passive,
]);
