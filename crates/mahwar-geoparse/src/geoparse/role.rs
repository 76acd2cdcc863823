//! Roles of the people that a quantity counts: killed, wounded, displaced, …

use super::{
    claim_lexicon::{Form, List, Lists},
    parse::Role,
    passage::Passage,
    quantity::RawQuantity,
};
use crate::{language::Language, text::Kind};
use std::ops::Range;

/// Largest distance of a verb before or after its quantity, in tokens.
const BEFORE: usize = 12;
const AFTER: usize = 9;
/// In Arabic a verb has a noun this far before it for its subject.
const SUBJECT_REACH: usize = 10;
/// An adverbial between commas is not longer.
const ASIDE: usize = 6;
/// Most words between two joined verbs of harm and their figure: an approximation.
const ADVERBS: usize = 4;

/// Sets the roles of the quantities of a sentence.
pub(super) fn assign(passage: &Passage, sentence: &Range<usize>, quantities: &mut [RawQuantity]) {
    for at in 0..quantities.len() {
        let next = quantities.get(at + 1);
        quantities[at].acts =
            is_agent(passage, sentence, &quantities[at]) || acts_on(passage, sentence, &quantities[at], next);
        if quantities[at].acts {
            continue;
        }
        // قتل انتحاريان عشرة جنود: the verb before both is that of the object.
        let subject = at
            .checked_sub(1)
            .map(|before| &quantities[before])
            .filter(|before| before.acts);
        let shared = subject.and_then(|before| object_role(passage, sentence, before));
        if shared.is_some() {
            quantities[at].role = shared;
            continue;
        }
        // "six of the 14 wounded died": the verb after the whole is that of the part.
        let part = quantities
            .get(at + 1)
            .filter(|next| is_part_of(passage, &quantities[at], next))
            .map(|next| next.tokens.end);
        let whole = at
            .checked_sub(1)
            .is_some_and(|before| is_part_of(passage, &quantities[before], &quantities[at]));
        let beyond = at + 1 + usize::from(part.is_some());
        let finder = Finder {
            passage,
            sentence,
            left: at
                .checked_sub(1)
                .map_or(sentence.start, |before| quantities[before].tokens.end),
            right: quantities.get(beyond).map_or(sentence.end, |next| next.tokens.start),
        };
        let role = match part {
            Some(end) => finder.fate(end).map(|(role, ..)| role).or_else(|| {
                let before = finder.before(quantities[at].tokens.start);
                before.map(|(role, _)| role)
            }),
            None if whole => finder.own_role(&quantities[at]),
            None => finder.role(&quantities[at]),
        };
        let inherited = || {
            let before = quantities.get(at.checked_sub(1)?)?;
            let between = before.tokens.end..quantities[at].tokens.start;
            let same = passage.lexicon.is_people(before.unit) && passage.lexicon.is_people(quantities[at].unit);
            let first = quantities[at].tokens.start;
            let joins = |at: usize| passage.lists(at).has(List::And) || passage.slice(at) == "و";
            let attached = passage.has_proclitic(first, 'و') || first > between.start && joins(first - 1);
            let parted = between.clone().any(|at| {
                matches!(
                    passage.kind(at),
                    Some(Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Comma)
                ) || passage.roles(at).0.verb.is_some()
                    || passage.lists(at).any(Lists::of(&[List::Boundary, List::That]))
            });
            let listed = between.len() == 1 && passage.kind(between.start) == Some(Kind::Comma);
            before
                .role
                .filter(|_| same && between.len() <= BEFORE && (listed || (attached && !parted)))
        };
        let role = if whole { role } else { role.or_else(inherited) };
        // "22 injured and 86 victims": a victim is dead or hurt.
        let victims = passage.lexicon.is_victim(quantities[at].unit);
        let role = role.filter(|role| !victims || *role != Role::Wounded);
        quantities[at].role = role;
        // "three of the wounded died"
        let hurt = Role::named(&passage.lexicon.units[usize::from(quantities[at].unit)]) == Some(Role::Wounded);
        if hurt
            && role == Some(Role::Killed)
            && let Some(&person) = passage.lexicon.people.first()
        {
            quantities[at].unit = person;
        }
        // "killed or displaced": it is not said how many of them are dead.
        if role.is_some() && is_lump(passage, sentence, &quantities[at].tokens) {
            quantities[at].role = None;
            continue;
        }
        // "the killing and wounding of 25": it is not said how many of them are dead.
        let apart = at.checked_sub(1).is_some_and(|before| {
            let before = &quantities[before];
            passage.lexicon.is_people(before.unit)
                && quantities[at].tokens.start.saturating_sub(before.tokens.end) <= BEFORE
        });
        if matches!(role, Some(Role::Killed | Role::Wounded))
            && !(apart && passage.language == Language::Arabic)
            && harm_is_open(passage, sentence, &quantities[at].tokens)
            && let Some(&victims) = passage.lexicon.victims.first()
        {
            quantities[at].role = None;
            quantities[at].unit = victims;
        }
    }
    share_backwards(passage, quantities);
    let deadly = quantities.iter().any(|quantity| quantity.role == Some(Role::Killed));
    // Those who die of a disease were not killed.
    if deadly && sentence.clone().any(|at| passage.lists(at).has(List::Disease)) {
        for quantity in quantities
            .iter_mut()
            .filter(|quantity| quantity.role == Some(Role::Killed))
        {
            quantity.role = None;
        }
    }
}

/// "three of the ten farmers": only "of" and the article between the two figures.
fn is_part_of(passage: &Passage, part: &RawQuantity, whole: &RawQuantity) -> bool {
    let between = part.tokens.end..whole.tokens.start;
    passage.language == Language::English
        && (2..=3).contains(&between.len())
        && between.clone().all(|at| passage.lists(at).has(List::Partitive))
        && passage.slice(between.start).eq_ignore_ascii_case("of")
}

/// True if a figure follows "by": على يد ثلاثة مسلحين, لە لایەن سێ چەکدارەوە.
fn is_agent(passage: &Passage, sentence: &Range<usize>, quantity: &RawQuantity) -> bool {
    if !passage.lexicon.is_people(quantity.unit) || passage.lexicon.is_victim(quantity.unit) {
        return false;
    }
    let events = &passage.lexicon.events;
    let agent = events.class_set("agent");
    let start = quantity.tokens.start;
    let first = start.saturating_sub(ADVERBS + 1).max(sentence.start);
    (first..start).any(|at| {
        let found = events.classes.at(passage.text, passage.tokens, at, passage.language);
        let end = found
            .filter(|(class, _)| agent >> class & 1 == 1)
            .map(|(_, len)| at + len)
            .max();
        end.is_some_and(|end| {
            let mut next = end;
            while next < start {
                let (roles, len) = passage.roles(next);
                if roles.approximates_next.is_none() && !roles.lists.has(List::Determiner) {
                    return false;
                }
                next += len;
            }
            next == start
        })
    })
}

/// True if a figure is the subject of a verb whose object is the next figure: "three gunmen killed two farmers".
fn acts_on(passage: &Passage, sentence: &Range<usize>, quantity: &RawQuantity, next: Option<&RawQuantity>) -> bool {
    let people =
        |quantity: &RawQuantity| passage.lexicon.is_people(quantity.unit) && !passage.lexicon.is_victim(quantity.unit);
    let own = Role::named(&passage.lexicon.units[usize::from(quantity.unit)]);
    let Some(next) = next.filter(|next| people(next) && people(quantity) && own.is_none()) else {
        return false;
    };
    let between = quantity.tokens.end..next.tokens.start;
    let harms = |at: usize| passage.roles(at).0.role.is_some() && passage.roles(at).0.unit.is_none();
    let joins = |at: usize| {
        !passage.is_word(at)
            || passage
                .lists(at)
                .any(Lists::of(&[List::And, List::Range, List::Boundary, List::Partitive]))
    };
    match passage.language {
        Language::Arabic => {
            let verb = quantity.tokens.start.checked_sub(1).filter(|at| *at >= sentence.start);
            let noun = |at: usize| passage.lists(at).has(List::Content) && !passage.lists(at).has(List::Harmed);
            between.is_empty()
                && !passage.has_proclitic(next.tokens.start, 'و')
                && !passage.slice(next.tokens.start).starts_with('و')
                && verb.is_some_and(|at| harms(at) && !noun(at))
        }
        Language::Sorani => {
            let last = (next.tokens.end + AFTER).min(sentence.end);
            let verb = (next.tokens.end..last)
                .take_while(|at| passage.is_word(*at))
                .find(|at| harms(*at));
            let active = |at: usize| {
                ["کوشت", "کوشتیان", "کوشتی", "ڕفاند", "ڕفاندی", "ڕفاندیان"].contains(&passage.slice(at))
                    || ["کرد", "کردن"].contains(&passage.slice(at + 1))
            };
            between.len() <= ADVERBS && !between.clone().any(joins) && verb.is_some_and(active)
        }
        _ => {
            let verb = between.clone().find(|at| passage.roles(*at).0.role.is_some());
            let active = |verb: usize| {
                let passive = (between.start..verb).any(|at| passage.lists(at).has(List::Passive));
                let object = (verb + 1..between.end).all(|at| {
                    passage.is_word(at)
                        && (passage.roles(at).0.approximates_next.is_some() || passage.lists(at).has(List::Determiner))
                });
                !passive && object && passage.slice(verb).ends_with("ed")
            };
            !(between.start..verb.unwrap_or(between.start)).any(joins) && verb.is_some_and(active)
        }
    }
}

/// The role of the verb before a subject, which is that of the object after it.
fn object_role(passage: &Passage, sentence: &Range<usize>, subject: &RawQuantity) -> Option<Role> {
    let verb = subject.tokens.start.checked_sub(1).filter(|at| *at >= sentence.start)?;
    passage
        .roles(verb)
        .0
        .role
        .filter(|_| passage.language == Language::Arabic)
}

/// True if "or" or "and" joins two different fates of all the people of one figure, of which one is no harm: "killed or
/// displaced".
fn is_lump(passage: &Passage, sentence: &Range<usize>, tokens: &Range<usize>) -> bool {
    let fate = |at: usize| {
        let (roles, len) = passage.roles(at);
        let fates = [
            Role::Killed,
            Role::Wounded,
            Role::Displaced,
            Role::Kidnapped,
            Role::Arrested,
            Role::Missing,
        ];
        roles.role.filter(|role| len == 1 && fates.contains(role))
    };
    let counted = |at: usize| passage.kind(at) == Some(Kind::Number) || passage.roles(at).0.number.is_some();
    let harm = |role: Role| matches!(role, Role::Killed | Role::Wounded);
    let pair = |one: usize, two: usize| {
        let (Some(one), Some(other)) = (fate(one), fate(two)) else {
            return false;
        };
        one != other && !(harm(one) && harm(other))
    };
    let joins = |at: usize| passage.lists(at).any(Lists::of(&[List::And, List::Range])) || passage.slice(at) == "أو";
    let after = |at: usize| {
        let open = match passage.language {
            Language::Arabic => {
                pair(at, at + 1) && passage.has_proclitic(at + 1, 'و') || joins(at + 1) && pair(at, at + 2)
            }
            _ => joins(at + 1) && pair(at, at + 2),
        };
        open && at + 2 < sentence.end && !counted(at + 2) && !counted(at + 3)
    };
    let last = (tokens.end + AFTER).min(sentence.end);
    let follows = (tokens.end..last).find(|at| fate(*at).is_some()).is_some_and(after);
    let first = tokens.start.saturating_sub(ADVERBS).max(sentence.start + 2);
    let precedes = passage.language == Language::Arabic
        && (first..tokens.start)
            .any(|at| pair(at - 1, at) && passage.has_proclitic(at, 'و') || joins(at - 1) && pair(at - 2, at));
    follows || precedes
}

/// True if two different kinds of harm share one figure, before it in Arabic, after it elsewhere.
fn harm_is_open(passage: &Passage, sentence: &Range<usize>, tokens: &Range<usize>) -> bool {
    let harm = |at: usize| {
        let role = passage.roles(at).0.role;
        role.filter(|role| matches!(role, Role::Killed | Role::Wounded))
    };
    if passage.language == Language::Arabic && is_between_harms(passage, sentence, tokens.end) {
        return true;
    }
    if passage.language == Language::Arabic {
        let first = tokens.start.saturating_sub(ADVERBS).max(sentence.start + 1);
        let Some(second) = (first..tokens.start).rev().find(|at| harm(*at).is_some()) else {
            return false;
        };
        let joined = passage.has_proclitic(second, 'و') || passage.has_proclitic(second, 'أ');
        return joined && harm(second - 1).is_some_and(|one| harm(second) != Some(one));
    }
    let joins = |at: usize| passage.lists(at).any(Lists::of(&[List::And, List::Range]));
    // "killing and injuring 31 people"
    if passage.language == Language::English {
        let first = tokens.start.saturating_sub(ADVERBS).max(sentence.start + 2);
        let second = (first..tokens.start).rev().find(|at| harm(*at).is_some());
        let pair = |second: usize| joins(second - 1) && harm(second - 2).is_some_and(|one| harm(second) != Some(one));
        if second.is_some_and(pair) {
            return true;
        }
    }
    let last = (tokens.end + AFTER).min(sentence.end);
    let Some(one) = (tokens.end..last).find(|at| harm(*at).is_some()) else {
        return false;
    };
    let counted = passage.roles(one + 3).0.number.is_some() || passage.kind(one + 3) == Some(Kind::Number);
    one + 2 < sentence.end && joins(one + 1) && harm(one + 2).is_some_and(|two| harm(one) != Some(two)) && !counted
}

/// بين قتيل وجريح: of people who fell it is not said how many are dead.
fn is_between_harms(passage: &Passage, sentence: &Range<usize>, end: usize) -> bool {
    let last = (end + ADVERBS + 1).min(sentence.end);
    let own = |at: usize| {
        let unit = passage.roles(at).0.unit?;
        Role::named(&passage.lexicon.units[usize::from(unit.unit)])
    };
    (end..last).any(|at| {
        let one = at + 1;
        let two = one + 1 + usize::from(passage.slice(one + 1) == "و");
        passage.slice(at) == "بين" && matches!((own(one), own(two)), (Some(one), Some(other)) if one != other)
    })
}

/// "three soldiers and two civilians were killed": the verb after the last is that of the one before.
fn share_backwards(passage: &Passage, quantities: &mut [RawQuantity]) {
    for at in (1..quantities.len()).rev() {
        let (before, next) = (&quantities[at - 1], &quantities[at]);
        let between = before.tokens.end..next.tokens.start;
        let joined = (between.is_empty() && passage.has_proclitic(next.tokens.start, 'و'))
            || (between.len() == 1 && passage.lists(between.start).has(List::And));
        // "a policeman, a soldier and two farmers"
        let one = passage.lists(before.tokens.start).has(List::Determiner) && before.value == 1.0;
        let listed = one && between.len() == 1 && passage.kind(between.start) == Some(Kind::Comma);
        // "2,803 individuals (546 families) returned"
        // "957 casualties (238 killed and 719 injured)": the sum of both is neither.
        let counted = Role::named(&passage.lexicon.units[usize::from(next.unit)]).is_some();
        let bracketed = between.len() == 1
            && passage.kind(between.start) == Some(Kind::Open)
            && !counted
            && !passage.lexicon.is_victim(before.unit);
        let joined = joined || listed || bracketed;
        let people = passage.lexicon.is_people(before.unit) && passage.lexicon.is_people(next.unit);
        // "86 victims and 22 injured", "86 victims and 22 were injured": the victims have no share in it.
        let apart = passage.lexicon.is_victim(before.unit) && (counted || next.role == Some(Role::Wounded));
        if joined && people && !apart && before.role.is_none() {
            quantities[at - 1].role = quantities[at].role;
        }
    }
}

struct Finder<'f, 'a> {
    passage: &'f Passage<'a>,
    sentence: &'f Range<usize>,
    /// Where the quantities beside this one end and begin.
    left: usize,
    right: usize,
}

impl Finder<'_, '_> {
    fn role(&self, quantity: &RawQuantity) -> Option<Role> {
        let lexicon = self.passage.lexicon;
        if !lexicon.is_people(quantity.unit) {
            return None;
        }
        let tokens = &quantity.tokens;
        let own = Role::named(&lexicon.units[usize::from(quantity.unit)]);
        // "three of the wounded died"
        let partitive = tokens.clone().any(|at| self.passage.lists(at).has(List::Partitive));
        if own == Some(Role::Wounded) && partitive {
            let before = self.before(tokens.start).filter(|(_, distance)| *distance <= 1);
            let after = self
                .after(tokens.end)
                .filter(|_| self.passage.language != Language::Arabic);
            if before.is_some_and(|(role, _)| role == Role::Killed)
                || after.is_some_and(|(role, ..)| role == Role::Killed)
            {
                return Some(Role::Killed);
            }
        }
        // A victim may be dead or hurt, with any verb.
        if matches!(own, Some(Role::Killed | Role::Wounded)) || lexicon.is_victim(quantity.unit) {
            return own;
        }
        // "four wounded civilians"
        let inside = tokens.clone().find_map(|at| self.passage.roles(at).0.role);
        if inside.is_some() {
            // "1,000 displaced people returned", "three kidnapped farmers were freed": the verb says what came of them.
            let outcome = self.after(tokens.end).map(|(role, ..)| role);
            let came = outcome.filter(|role| matches!(role, Role::Returned | Role::Freed | Role::Killed));
            let state = matches!(inside, Some(Role::Displaced | Role::Kidnapped | Role::Arrested));
            let english = self.passage.language == Language::English;
            let came_back = came == Some(Role::Returned);
            let kept = came.filter(|_| state && (english || came_back));
            return kept.or_else(|| self.counted_as(tokens.start)).or(inside);
        }
        if let Some(role) = self.counted_as(tokens.start) {
            return Some(role);
        }
        let before = self.before(tokens.start);
        let after = self.after(tokens.end).map(|found| self.outcome(tokens.end, found));
        let found = match self.passage.language {
            Language::Arabic => match (before, after) {
                (_, Some((role, _, true))) => Some(role),
                (Some((role, _)), _) => Some(role),
                (None, Some((role, distance, _))) if distance <= 1 => Some(role),
                _ => None,
            },
            // A noun of action precedes its object, a verb follows it.
            Language::Sorani => match (before, after) {
                (Some((role, distance)), _) if distance <= 2 => Some(role),
                (_, Some((role, ..))) => Some(role),
                (Some((role, _)), None) => Some(role),
                _ => None,
            },
            Language::English | Language::Undetermined => match (before, after) {
                (Some((role, distance)), _) if distance <= 3 && !self.is_joined(tokens.start, distance) => Some(role),
                (_, Some((role, ..))) => Some(role),
                (Some((role, _)), None) => Some(role),
                _ => None,
            },
        };
        let noun = self.of_noun(tokens);
        match (found, noun, before) {
            // "the dead and the displaced, who were 400,000 displaced"
            (Some(Role::Killed | Role::Wounded), Some(noun), Some((_, distance))) if distance > 3 => Some(noun),
            _ => found.or(noun).or(own),
        }
    }

    /// The role that the words of a figure themselves give.
    fn own_role(&self, quantity: &RawQuantity) -> Option<Role> {
        let lexicon = self.passage.lexicon;
        if !lexicon.is_people(quantity.unit) {
            return None;
        }
        let tokens = &quantity.tokens;
        let own = Role::named(&lexicon.units[usize::from(quantity.unit)]);
        let inside = tokens.clone().find_map(|at| self.passage.roles(at).0.role);
        own.or(inside).or_else(|| self.of_noun(tokens))
    }

    /// The role of the noun that is counted, or of an adjective after it.
    fn of_noun(&self, tokens: &Range<usize>) -> Option<Role> {
        let end = (tokens.end + 2).min(self.right).min(self.sentence.end);
        (tokens.start..end)
            .take_while(|at| self.passage.is_word(*at) || *at < tokens.end)
            .find_map(|at| self.passage.roles(at).0.noun_role)
    }

    /// The nearest verb or noun of action before, and its distance.
    fn before(&self, start: usize) -> Option<(Role, usize)> {
        let passage = self.passage;
        let first = start.saturating_sub(BEFORE).max(self.left).max(self.sentence.start);
        let mut at = start;
        while at > first {
            at -= 1;
            match passage.kind(at) {
                Some(Kind::Stop | Kind::Semicolon | Kind::Colon) => return None,
                Some(Kind::Comma) => at = self.aside_before(at, first)?,
                _ => {}
            }
            let (roles, len) = passage.roles(at);
            if roles.lists.any(Lists::of(&[List::Boundary, List::That])) && roles.role.is_none() {
                return None;
            }
            // "killed when three gunmen attacked": the second clause has a subject of its own.
            if roles.lists.has(List::When) {
                return None;
            }
            // In Sorani only a noun of action has its object after it, joined by ی.
            let governs = passage.language != Language::Sorani || passage.slice(at + len - 1).ends_with('ی');
            if let Some(role) = roles.role.filter(|_| at + len <= start && governs) {
                return Some((role, start - at - len));
            }
        }
        None
    }

    /// عدد العائدين بلغ ٣٦٧ نازحا: the noun after "the number of" has their role.
    fn counted_as(&self, start: usize) -> Option<Role> {
        let passage = self.passage;
        let first = start.saturating_sub(2 * BEFORE).max(self.left).max(self.sentence.start);
        let open = |at: &usize| {
            passage.is_word(*at) || matches!(passage.kind(*at), Some(Kind::Number | Kind::Comma | Kind::Open))
        };
        let states = |at: usize| passage.lists(at).any(Lists::of(&[List::Rise, List::Stated]));
        let stated = (start.saturating_sub(4).max(self.sentence.start)..start).any(states);
        let fate = |at: usize| {
            let (roles, _) = passage.roles(at);
            let counted = |role: &Role| *role == Role::Returned || (stated && *role == Role::Displaced);
            let role = roles.noun_role.filter(counted);
            // عدد القتلى بلغ 13 شخصا
            let unit = roles.unit.filter(|unit| unit.form == Form::Plural && stated);
            role.or_else(|| Role::named(&passage.lexicon.units[usize::from(unit?.unit)]))
        };
        let noun = (first..start).rev().take_while(open).find(|at| fate(*at).is_some())?;
        let counted = (noun.saturating_sub(2).max(first)..noun).any(|at| passage.lists(at).has(List::Count));
        fate(noun).filter(|_| counted)
    }

    /// "killed and six people wounded": a conjunction separates the verb from the number.
    fn is_joined(&self, start: usize, distance: usize) -> bool {
        let apart = Lists::of(&[List::And, List::Passive, List::Locative, List::Stop]);
        (start - distance..start).any(|at| self.passage.lists(at).any(apart))
    }

    /// The comma that opens the adverbial that a comma closes.
    fn aside_before(&self, comma: usize, first: usize) -> Option<usize> {
        let lower = comma.saturating_sub(ASIDE).max(first);
        let open = (lower..comma)
            .rev()
            .find(|at| self.passage.kind(*at) == Some(Kind::Comma))?;
        let adverbial = Lists::of(&[List::Adjunct, List::Stop, List::Time, List::Locative]);
        self.passage.lists(open + 1).any(adverbial).then_some(open)
    }

    /// The comma that closes "among them …", where such an aside begins at a token.
    fn subset_end(&self, comma: usize) -> Option<usize> {
        let passage = self.passage;
        let opens = passage.kind(comma) == Some(Kind::Comma) && passage.lists(comma + 1).has(List::Subset);
        let reach = comma + 2..(comma + 2 + AFTER).min(self.sentence.end);
        reach
            .into_iter()
            .find(|at| passage.kind(*at) == Some(Kind::Comma))
            .filter(|_| opens)
    }

    /// The verb for the fate of a part, after the participle that describes the whole: "one of the nine people wounded
    /// in the blast died".
    fn fate(&self, end: usize) -> Option<(Role, usize, bool)> {
        let first = self.after(end)?;
        let described = first.1 == 0;
        let later = described.then(|| self.after(end + 1)).flatten();
        Some(later.filter(|later| later.0 != first.0).unwrap_or(first))
    }

    /// The verb after an adjective for the people: خێزانی ئاوارە گەڕاونەتەوە.
    fn outcome(&self, end: usize, found: (Role, usize, bool)) -> (Role, usize, bool) {
        let adjective = self.passage.roles(end + found.1).0.noun_role.is_some();
        if !adjective || found.1 > 1 {
            return found;
        }
        let later = self.after(end + found.1 + 1);
        later
            .filter(|(role, ..)| matches!(role, Role::Returned | Role::Freed | Role::Killed))
            .unwrap_or(found)
    }

    /// The auxiliary after "and" and a noun of people without a figure of its own, in English.
    fn shares_verb(&self, and: usize, last: usize) -> Option<usize> {
        const NOUNS: usize = 3;
        let passage = self.passage;
        let passive = |at: &usize| passage.lists(*at).any(Lists::of(&[List::Passive, List::Auxiliary]));
        let verb = (and + 1..last.min(and + 2 + NOUNS)).find(passive)?;
        let plain = |at: usize| {
            let roles = passage.roles(at).0;
            passage.is_word(at)
                && roles.role.is_none()
                && roles.verb.is_none()
                && roles.number.is_none()
                && !roles.lists.any(Lists::of(&[List::Determiner, List::Stop, List::And]))
        };
        (passage.language == Language::English && verb > and + 1 && (and + 1..verb).all(plain)).then_some(verb)
    }

    /// The first verb after, its distance, and true if it has the ending of a subject that precedes it.
    fn after(&self, end: usize) -> Option<(Role, usize, bool)> {
        let passage = self.passage;
        let reach = if passage.language == Language::Arabic {
            SUBJECT_REACH
        } else {
            AFTER
        };
        let mut last = (end + reach).min(self.right).min(self.sentence.end);
        let mut at = end;
        // "five people, including two children, were killed"
        if let Some(close) = self.subset_end(end) {
            at = close + 1;
            last = (at + reach).min(self.sentence.end);
        }
        while at < last {
            let (roles, len) = passage.roles(at);
            // "of the men of the army and the police": a noun with its article goes on the noun phrase.
            let noun = passage.language == Language::Arabic
                && passage.has_proclitic(at, 'و')
                && passage.is_definite(at)
                && roles.role.is_none();
            // "protesters and security personnel had been killed": people who share the figure.
            let shared = if roles.lists.has(List::And) {
                self.shares_verb(at, last)
            } else {
                None
            };
            if let Some(verb) = shared.filter(|_| at - end <= 1) {
                at = verb;
                continue;
            }
            let joined = (passage.has_proclitic(at, 'و') || roles.lists.has(List::And)) && !noun;
            let ends = matches!(
                passage.kind(at),
                Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Colon)
            );
            if ends
                || joined
                || (roles.lists.any(Lists::of(&[List::Boundary, List::That, List::Result])) && roles.role.is_none())
            {
                return None;
            }
            if let Some(role) = roles.role.filter(|_| passage.cut(at) == 0) {
                let agrees = roles.lists.has(List::Harmed) && ends_as_subject(passage.slice(at));
                return Some((role, at - end, agrees));
            }
            at += len;
        }
        None
    }
}

/// An Arabic verb after a subject of several: قتلوا, قتلا, يقتلون.
pub(super) fn ends_as_subject(word: &str) -> bool {
    ["وا", "ا", "ون", "ن"].iter().any(|ending| word.ends_with(ending)) || word.contains("جروح")
}
