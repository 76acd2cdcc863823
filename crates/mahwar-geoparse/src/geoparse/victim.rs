//! Single victims whom a text does not count: "killing a farmer", مقتل مدني, سەربازێک کوژرا.
//!
//! A noun in the singular is a figure only where a verb or noun of harm governs it and nothing else can be its object.

use super::{
    claim_lexicon::{List, Lists, UnitWord},
    parse::Role,
    passage::Passage,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Most words of a name before an English noun.
const NAME: usize = 8;
/// Words between an English article and its noun.
const ADJECTIVES: usize = 2;
/// Longest list of victims after its first member, in tokens.
const LIST_REACH: usize = 12;
/// Largest distance of a Sorani verb after its subject, in tokens.
const SORANI_REACH: usize = 8;
/// Largest distance of أودى before بحياة, in tokens.
const LIFE_REACH: usize = 8;
/// Endings of an indefinite Sorani noun, as a subject and as the object of a verb with its clitic.
const INDEFINITE: [&str; 4] = ["ێک", "یەک", "ێکی", "یەکی"];
const OBJECT: [&str; 4] = ["ێکی", "یەکی", "ێکیان", "یەکیان"];

/// Reads single victims in a sentence.
pub(super) struct VictimReader<'v, 'a> {
    pub(super) passage: &'v Passage<'a>,
    pub(super) sentence: &'v Range<usize>,
    /// One past the last token of the people counted before.
    pub(super) counted_until: Option<usize>,
}

impl VictimReader<'_, '_> {
    /// The tokens of a single victim, with the article, whose noun is given.
    pub(super) fn noun(&self, noun: Range<usize>, word: UnitWord) -> Option<Range<usize>> {
        let unit = &self.passage.lexicon.units[usize::from(word.unit)];
        if !matches!(unit.as_str(), "person" | "fighter") {
            return None;
        }
        match self.passage.kind(noun.start)? {
            Kind::Latin => self.english(noun),
            _ if self.passage.language == Language::Sorani => self.sorani(&noun).then_some(noun),
            _ => self.arabic(&noun).then_some(noun),
        }
    }

    /// True if a word means one more victim.
    pub(super) fn is_another(&self, at: usize) -> bool {
        let passage = self.passage;
        let word = passage.slice(at);
        let english = word.eq_ignore_ascii_case("another");
        if !english && !passage.lists(at).has(List::Another) {
            return false;
        }
        let ends = !passage.is_word(at + 1)
            || at + 1 >= self.sentence.end
            || passage.lists(at + 1).any(Lists::of(&[
                List::Stop,
                List::Locative,
                List::And,
                List::Time,
                List::Adjunct,
                List::Boundary,
            ]))
            || passage.cut(at + 1) > 0;
        if english {
            return passage.kind(at + 1) != Some(Kind::Number)
                && (self.harm_before(at) && ends || self.is_harmed_after(at + 1));
        }
        let arabic = passage.language != Language::Sorani && passage.kind(at) == Some(Kind::Arabic);
        arabic && ends && self.harm_before(at)
    }

    /// A word of harm right before a token.
    fn harm_before(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).filter(|before| *before >= self.sentence.start) else {
            return false;
        };
        // Bodies are found, and not killed then.
        self.is_harm(before) && (!self.passage.lists(before).has(List::Body) || self.takes_life(before))
    }

    /// أودى الهجوم بحياة شرطي: the verb that costs a life comes before its subject.
    fn takes_life(&self, at: usize) -> bool {
        let first = at.saturating_sub(LIFE_REACH).max(self.sentence.start);
        let costs = |at: usize| {
            let word = self.passage.slice(at).trim_start_matches(['و', 'ل', 'ف']);
            matches!(word, "أودى" | "اودى" | "أودت" | "اودت" | "يودي" | "تودي")
        };
        self.passage.slice(at) == "بحياة" && (first..at).any(costs)
    }

    /// One of several people whose harm the text reports, with the noun: مقتل أحد عناصر الشرطة, بحياة أحد أفرادها.
    pub(super) fn one_of(&self, at: usize) -> Option<Range<usize>> {
        let passage = self.passage;
        let arabic = passage.language == Language::Arabic && passage.kind(at) == Some(Kind::Arabic);
        let one = matches!(passage.slice(at), "أحد" | "احد" | "إحدى" | "احدى");
        if !arabic || !one || at + 1 >= self.sentence.end || !self.harm_before(at) {
            return None;
        }
        let (roles, len) = passage.roles(at + 1);
        let people = |unit: UnitWord| {
            let name = passage.lexicon.units[usize::from(unit.unit)].as_str();
            unit.is_plural() && matches!(name, "person" | "fighter")
        };
        let word = passage.slice(at + 1);
        let members = ["ها", "ه", "هم"].iter().any(|end| {
            let stem = word.strip_suffix(end).unwrap_or_default();
            matches!(
                stem,
                "أفراد"
                    | "افراد"
                    | "عناصر"
                    | "جنود"
                    | "منتسبي"
                    | "مقاتلي"
                    | "ضباط"
                    | "أعضائ"
                    | "اعضائ"
            )
        });
        match roles.unit {
            Some(unit) if people(unit) => Some(at..at + 1 + len),
            _ if members => Some(at..at + 2),
            _ => None,
        }
    }

    fn is_harm(&self, at: usize) -> bool {
        let (roles, len) = self.passage.roles(at);
        let harm = matches!(
            roles.role,
            Some(Role::Killed | Role::Wounded | Role::Kidnapped | Role::Arrested)
        );
        let noun = roles.noun_role.is_some() && self.passage.kind(at) != Some(Kind::Latin);
        harm && len == 1 && !noun
    }

    fn is_people(&self, at: usize) -> bool {
        let unit = self.passage.roles(at).0.unit;
        unit.is_some_and(|unit| self.passage.lexicon.is_people(unit.unit))
    }

    fn is_number(&self, at: usize) -> bool {
        self.passage.kind(at) == Some(Kind::Number) || self.passage.roles(at).0.number.is_some()
    }

    fn arabic(&self, noun: &Range<usize>) -> bool {
        let passage = self.passage;
        let (at, next) = (noun.start, noun.end);
        if passage.is_definite(at) || passage.roles(at).0.definite {
            return false;
        }
        let joined = passage.has_proclitic(at, 'و') && self.counted_until == Some(at) && self.harm_since(at);
        // قتل جندي ثلاثة مدنيين: the noun is the subject.
        let object = next < self.sentence.end
            && (self.is_number(next) || self.is_people(next))
            && !passage.has_proclitic(next, 'و');
        let governed = passage.cut(at) == 0 && (self.harm_before(at) || self.is_first_of(at, next));
        (governed || joined) && !object
    }

    /// إن شرطيا قتل وأصيب آخر: the subject of a verb of harm, after "that".
    fn is_first_of(&self, at: usize, verb: usize) -> bool {
        let passage = self.passage;
        let singular = passage.lists(verb).has(List::Harmed) && !passage.slice(verb).ends_with(['و', 'ا', 'ن']);
        let object = self.is_number(verb + 1) || self.is_people(verb + 1) || passage.is_definite(verb + 1);
        at > self.sentence.start
            && passage.lists(at - 1).has(List::That)
            && verb < self.sentence.end
            && passage.cut(verb) == 0
            && self.is_harm(verb)
            && singular
            && !object
    }

    /// A word of harm in the words before, up to a mark.
    fn harm_since(&self, at: usize) -> bool {
        let words = (self.sentence.start..at).rev().take_while(|at| {
            !matches!(
                self.passage.kind(*at),
                Some(Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Comma)
            )
        });
        words.take(ADJECTIVES * 4).any(|at| self.is_harm(at))
    }

    fn english(&self, noun: Range<usize>) -> Option<Range<usize>> {
        let passage = self.passage;
        // "a senior Counter Terrorism Forces (CTF) commander": a name may be between.
        let named = |at: &usize| {
            let bracket = matches!(passage.kind(*at), Some(Kind::Open | Kind::Close));
            bracket || passage.token(*at).is_some_and(|token| token.is_capital())
        };
        let names = (self.sentence.start..noun.start)
            .rev()
            .take(NAME)
            .take_while(named)
            .count();
        let first = noun
            .start
            .saturating_sub(ADJECTIVES + 1 + names)
            .max(self.sentence.start);
        let article = |at: &usize| {
            let word = passage.slice(*at);
            word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an")
        };
        let start = (first..noun.start).rev().find(article)?;
        let adjective = |at: usize| {
            let roles = passage.roles(at).0;
            if at >= noun.start - names {
                return roles.role.is_none();
            }
            passage.kind(at) == Some(Kind::Latin) && roles.role.is_none() && !roles.lists.has(List::Stop)
        };
        // "a soldier's brother", "an army officer cadet"
        let compound = self.is_people(noun.end) && passage.roles(noun.end).0.role.is_none();
        let goes_on = passage.kind(noun.end) == Some(Kind::Possessive) || compound;
        if !(start + 1..noun.start).all(adjective) || goes_on {
            return None;
        }
        let and = start > self.sentence.start && passage.lists(start - 1).has(List::And);
        let joined = and && self.counted_until == Some(start - 1) && self.harm_since(start);
        let initial = start == self.sentence.start || and;
        let governed = self.harm_before(start) && !self.is_passive(start - 1);
        // "a board member died": a member of something is a victim only where somebody harmed them.
        let member = matches!(passage.slice(noun.end - 1), "member" | "official" | "relative");
        let died = member && matches!(passage.slice(noun.end), "died" | "dies");
        let harmed = (self.is_harmed_after(noun.end) && !died)
            || (initial && self.is_reduced(noun.end))
            || self.is_listed(noun.end);
        (governed || joined || harmed).then_some(start..noun.end)
    }

    /// "a policeman, a soldier and two farmers were killed": the verb after the list is that of each of its members.
    fn is_listed(&self, from: usize) -> bool {
        let passage = self.passage;
        let last = (from + LIST_REACH).min(self.sentence.end);
        let joins = |at: usize| passage.kind(at) == Some(Kind::Comma) || passage.lists(at).has(List::And);
        if from >= last || !joins(from) {
            return false;
        }
        for at in from..last {
            if self.is_harmed_after(at) {
                return true;
            }
            let roles = passage.roles(at).0;
            let article = roles.lists.has(List::Determiner);
            let word = passage.kind(at) == Some(Kind::Latin)
                && roles.role.is_none()
                && roles.verb.is_none()
                && (article || !roles.lists.any(Lists::of(&[List::Stop, List::Relative, List::Subset])));
            if !joins(at) && !self.is_number(at) && !word {
                return false;
            }
        }
        false
    }

    fn is_passive(&self, verb: usize) -> bool {
        verb > self.sentence.start && self.passage.lists(verb - 1).has(List::Passive)
    }

    /// "was killed", "has been wounded", "died".
    fn is_harmed_after(&self, at: usize) -> bool {
        let passage = self.passage;
        let mut verb = at;
        let auxiliary = Lists::of(&[List::Passive, List::Auxiliary]);
        while verb < self.sentence.end.min(at + 3) && passage.lists(verb).any(auxiliary) {
            verb += 1;
        }
        let passive = (at..verb).any(|at| passage.lists(at).has(List::Passive));
        let died = matches!(passage.slice(verb), "died" | "dies");
        verb < self.sentence.end && self.is_harm(verb) && (passive || died)
    }

    /// "and a civilian wounded in the blast": a participle without an object.
    fn is_reduced(&self, at: usize) -> bool {
        let passage = self.passage;
        let participle = matches!(
            passage.slice(at),
            "killed" | "wounded" | "injured" | "hurt" | "kidnapped" | "abducted"
        );
        let prepositions = Lists::of(&[List::Stop, List::Locative, List::And, List::Time, List::Adjunct]);
        let next = at + 1;
        let ends = next >= self.sentence.end || !passage.is_word(next) || passage.lists(next).any(prepositions);
        participle
            && at < self.sentence.end
            && ends
            && !self.is_number(next)
            && !passage.lists(next).has(List::Determiner)
    }

    fn sorani(&self, noun: &Range<usize>) -> bool {
        let passage = self.passage;
        let word = passage.slice(noun.end - 1);
        let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
        if ends(&OBJECT) && passage.lists(noun.end).has(List::Harms) {
            return true;
        }
        if !ends(&INDEFINITE) {
            return false;
        }
        let last = (noun.end + SORANI_REACH).min(self.sentence.end);
        for at in noun.end..last {
            if passage.lists(at).has(List::Suffers) {
                return true;
            }
            let breaks = Lists::of(&[List::And, List::That, List::Boundary]);
            if !passage.is_word(at) || self.is_number(at) || self.is_people(at) || passage.lists(at).any(breaks) {
                return false;
            }
        }
        false
    }
}
