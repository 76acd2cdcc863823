//! English sentences: the noun phrase before the verb, adverbials and asides between the two, and inverted order.

use super::{
    AttributionFinder, FEWEST, Needs, RawAttribution, Spoken, Statement,
    english_nouns::{is_finding, is_governed, is_plural_noun, may_be_noun},
};
use crate::{
    geoparse::{
        claim_lexicon::{Gender, List, Lists, VerbKind},
        opening::{Opener, OpeningReader},
        passage::Passage,
        speaker,
    },
    text::Kind,
};
use std::ops::Range;

/// Longest aside between commas before a verb, and longest noun phrase, in tokens.
const ASIDE: usize = 28;
const LONGEST: usize = 30;
/// Words after "claimed" within which "lives" makes it a verb of killing.
const LIVES: usize = 4;

/// Words that cannot be part of a speaker's noun phrase.
const OUTSIDE: Lists = Lists::of(&[
    List::That,
    List::Boundary,
    List::Relative,
    List::Passive,
    List::Hypothesis,
    List::Supposed,
    List::Negation,
    List::Contrast,
]);
pub(super) const HEADS: Lists = Lists::of(&[List::Title, List::Organisation, List::People, List::Document]);

/// The words before a verb.
#[derive(Debug, Default)]
pub(super) struct Subject {
    pub(super) noun: Option<Range<usize>>,
    pronoun: bool,
}

impl AttributionFinder<'_> {
    pub(super) fn english(&mut self, spoken: &Spoken) {
        let passage = spoken.passage;
        if is_no_verb(spoken) {
            return;
        }
        let reader = self.reader(spoken);
        if let Some(end) = self.inverted(spoken) {
            return self.push_inverted(spoken, end);
        }
        let quoted = self.quotation_before(spoken, &reader);
        let lower = quoted.as_ref().map_or(self.lower(spoken), |quoted| quoted.end + 1);
        let mut subject = subject(passage, spoken.at, lower.min(spoken.at));
        if subject.noun.as_ref().is_some_and(|noun| is_plural_noun(spoken, noun)) {
            return;
        }
        if let Some(noun) = subject.noun.take_if(|noun| is_governed(passage, lower, noun)) {
            // "The forces talked to the agency said": the subject of the sentence.
            let leading = leading_noun(passage, spoken.sentence.start, noun.start);
            let whole = passage.slice(noun.start - 1) == "to" && is_speaker(passage, &leading);
            subject.noun = (whole && leading.end < noun.start).then_some(leading);
        }
        // "The agency said it estimated that …": the statement of the first verb has begun with the pronoun.
        let nested = |last: &RawAttribution| last.forward && !last.direct && spoken.at <= last.quote.start + 2;
        if subject.pronoun && self.earlier(spoken).last().is_some_and(nested) {
            return;
        }
        if subject.noun.is_none() && !subject.pronoun {
            subject.noun = self.speaker_of_relative(spoken);
        }
        let quoted = quoted.filter(|tokens| !is_partial(spoken, tokens, &subject));
        let mut rest = spoken.end;
        let after_comma = spoken.at > spoken.sentence.start && !passage.is_word(spoken.at - 1);
        // "Nearly 200 were moved, the most since May, said Lise Grande, the coordinator.": a name, and nothing after it.
        if after_comma && !subject.pronoun && self.is_closing_name(spoken) {
            subject.noun = None;
        }
        if subject.noun.is_none() && !subject.pronoun && after_comma && passage.is_word(spoken.end) {
            // "…," said the mayor.
            let end = self.noun_end(spoken, spoken.end);
            if end > spoken.end && is_speaker(passage, &(spoken.end..end)) {
                subject.noun = Some(spoken.end..end);
                rest = end;
            }
        }
        // "… acknowledged it, but said": the subject of the verb before.
        let coordinated = spoken.at > spoken.sentence.start
            && passage
                .lists(spoken.at - 1)
                .any(Lists::of(&[List::And, List::Contrast]))
            && !self.earlier(spoken).is_empty();
        let joined = spoken.at > spoken.sentence.start && passage.lists(spoken.at - 1).has(List::And);
        if subject.noun.is_none() && !subject.pronoun && joined && self.earlier(spoken).is_empty() {
            // "The commander spoke about the war and said that …": the subject of the sentence.
            let leading = leading_noun(passage, spoken.sentence.start, spoken.at);
            subject.noun = (leading.end < spoken.at && is_speaker(passage, &leading)).then_some(leading);
        }
        if subject.noun.is_none() && !subject.pronoun && !coordinated {
            return;
        }
        let forward = match rest == spoken.end {
            true => self.english_statement(spoken, &reader),
            false => None,
        };
        let before = subject.noun.as_ref().filter(|noun| noun.start < spoken.at);
        // "…, the minister told the programme."
        let parted = before.is_some_and(|noun| {
            noun.start > lower && passage.kind(noun.start - 1) == Some(Kind::Comma) && takes_hearer(passage, spoken.at)
        });
        // "…, Amnesty said in a report released on 2 June": what follows says where it was said.
        let aside = before.is_some_and(|noun| self.is_aside_after(spoken, noun.start, lower));
        let forward = forward.filter(|_| !(parted || aside) || self.is_opened(spoken, &reader));
        let start = before.map_or(spoken.at, |noun| noun.start);
        let statement = match (quoted, forward) {
            (Some(tokens), _) => Statement::new(tokens, true, false),
            (None, Some(statement)) => statement,
            // "In a statement, the ministry said:" with nothing after it.
            (None, None) if passage.kind(spoken.end) == Some(Kind::Colon) => return,
            // "they have found three hideouts": without "that" only a whole clause before it is its statement.
            (None, None) if is_finding(passage, spoken.at) && passage.is_word(spoken.end) => return,
            (None, None) if spoken.verb.needs != Needs::Object && spoken.verb.needs != Needs::Opened => {
                match self.clause_before(spoken, start) {
                    Some(statement) => statement,
                    None => return,
                }
            }
            _ => return,
        };
        let own = subject.noun.and_then(|noun| speaker::accept(passage, noun));
        if own.is_none() && subject.pronoun && self.speakers.carried(Gender::Masculine).is_none() {
            // Nobody was named before: the statement is recorded without a speaker.
            return self.push(spoken, None, statement, start);
        }
        if statement.direct && !statement.forward {
            while self.found.last().is_some_and(|last| last.at > statement.tokens.start) {
                self.found.pop();
            }
        }
        self.push(spoken, own, statement, start);
    }

    /// True if a name with its office follows the verb of a statement and ends the sentence.
    fn is_closing_name(&self, spoken: &Spoken) -> bool {
        let passage = spoken.passage;
        let capital = passage.token(spoken.end).is_some_and(|token| token.is_capital());
        if !capital || matches!(spoken.verb.needs, Needs::Object | Needs::Opened) {
            return false;
        }
        let end = self.noun_end(spoken, spoken.end);
        let closes = end >= spoken.sentence.end || passage.kind(end) == Some(Kind::Stop);
        closes && end > spoken.end + 1 && is_speaker(passage, &(spoken.end..end))
    }

    /// "according to an official, who claimed that …": the speaker of the statement before.
    fn speaker_of_relative(&self, spoken: &Spoken) -> Option<Range<usize>> {
        let passage = spoken.passage;
        let who = spoken.at.checked_sub(1).filter(|at| passage.slice(*at) == "who")?;
        let comma = who.checked_sub(1).filter(|at| passage.kind(*at) == Some(Kind::Comma))?;
        let (span, _) = self.earlier(spoken).last()?.speaker?;
        let first = passage
            .tokens
            .partition_point(|token| (token.end as usize) <= span.start);
        let last = passage
            .tokens
            .partition_point(|token| (token.start as usize) < span.end);
        (last == comma && first < last).then_some(first..last)
    }

    /// True if a clause and a comma come before the speaker, and a preposition right after the verb.
    fn is_aside_after(&self, spoken: &Spoken, noun: usize, lower: usize) -> bool {
        const PREPOSITIONS: [&str; 9] = ["in", "on", "at", "by", "via", "through", "during", "from", "after"];
        let passage = spoken.passage;
        let parted = noun > lower + FEWEST && passage.kind(noun - 1) == Some(Kind::Comma);
        let leads = Lists::of(&[List::Adjunct, List::Time, List::Supposed]);
        let word = passage.slice(lower).to_lowercase();
        let adverbial = PREPOSITIONS.contains(&word.as_str()) || passage.lists(lower).any(leads);
        parted && !adverbial && PREPOSITIONS.contains(&passage.slice(spoken.end))
    }

    /// "that", a colon or a quotation introduces the statement.
    fn is_opened(&self, spoken: &Spoken, reader: &OpeningReader) -> bool {
        let opening = reader.read(spoken.end, spoken.verb);
        matches!(
            opening.content,
            Some((Opener::That | Opener::Colon | Opener::Quotation, _))
        )
    }

    /// The words after the verb, without its preposition.
    fn english_statement(&self, spoken: &Spoken, reader: &OpeningReader) -> Option<Statement> {
        let passage = spoken.passage;
        let opening = reader.read(spoken.end, spoken.verb);
        let opened = match opening.content {
            Some((Opener::That | Opener::Colon, _)) => true,
            Some((Opener::Quotation, start)) => start <= spoken.end + 1,
            _ => false,
        };
        let mut at = past_aside(passage, spoken.end, spoken.sentence.end);
        while at < spoken.sentence.end {
            let (roles, len) = passage.roles(at);
            if !roles.lists.any(Lists::of(&[List::Time, List::Adjunct])) {
                break;
            }
            at += len;
        }
        let governs = |at: usize| {
            passage
                .token(at)
                .is_some_and(|token| spoken.verb.opens.contains(&token.word))
        };
        match spoken.verb.needs {
            Needs::Object => {
                let start = if governs(at) { at + 1 } else { at };
                let object = passage.is_word(start)
                    && !passage
                        .lists(start)
                        .any(Lists::of(&[List::And, List::Boundary, List::Passive]));
                if opened && opening.speaker.is_empty() {
                    return self.statement(spoken, &opening, reader);
                }
                // "blamed Turkey"
                let named =
                    passage.token(start).is_some_and(|token| token.is_capital()) || passage.lists(start).any(HEADS);
                self.clause(spoken, start)
                    .filter(|said| object && said.tokens.len() >= if named { 1 } else { 2 })
            }
            Needs::Opened if governs(at) => self.clause(spoken, at + 1).filter(|said| said.tokens.len() >= 2),
            Needs::Opened => opened.then(|| self.statement(spoken, &opening, reader)).flatten(),
            _ if governs(at) && !opened => self
                .clause(spoken, at + 1)
                .filter(|said| said.tokens.len() >= FEWEST - 1),
            _ => self.forward(spoken, reader, spoken.end),
        }
    }
}

/// "called the ministry to reveal": somebody who can act is called, and "to" follows.
fn calls_to(spoken: &Spoken) -> bool {
    const REACH: usize = 9;
    let passage = spoken.passage;
    let from = past_aside(passage, spoken.end, spoken.sentence.end);
    let last = (from + REACH).min(spoken.sentence.end);
    let to = (from..last)
        .take_while(|at| passage.is_word(*at))
        .find(|at| passage.slice(*at) == "to");
    let heads = |to: usize| (from..to).any(|at| passage.lists(at).any(HEADS));
    let verb = |to: usize| !passage.tokens[to + 1].is_capital() && !passage.lists(to + 1).has(List::Determiner);
    to.is_some_and(|to| to > from && to + 1 < spoken.sentence.end && heads(to) && verb(to))
}

/// One past a day between commas: "accused, on Sunday, the party".
fn past_aside(passage: &Passage, from: usize, limit: usize) -> usize {
    const REACH: usize = 5;
    if passage.kind(from) != Some(Kind::Comma) {
        return from;
    }
    let dated = |at: &usize| {
        let lists = passage.lists(*at);
        passage.slice(*at) == "on" || lists.any(Lists::of(&[List::Time, List::Month, List::Adjunct]))
    };
    let len = (from + 1..limit.min(from + 1 + REACH)).take_while(dated).count();
    let close = from + 1 + len;
    match len > 0 && passage.kind(close) == Some(Kind::Comma) {
        true => close + 1,
        false => from,
    }
}

/// A participle that is an adjective, or a passive: "the alleged attack", "dozens reported dead", "was told".
fn is_no_verb(spoken: &Spoken) -> bool {
    let passage = spoken.passage;
    // "reports of intimidation", "claims about the raid": a noun.
    let noun = matches!(
        passage.slice(spoken.end),
        "of" | "about" | "regarding" | "concerning" | "from" | "against" | "into"
    );
    if noun && may_be_noun(passage, spoken.at) {
        return true;
    }
    // "News reports said": a noun in the plural, whose verb follows.
    let next = passage.roles(spoken.end).0.verb;
    let next = next.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
    if may_be_noun(passage, spoken.at) && next.is_some_and(|verb| verb.kind == VerbKind::Finite) {
        return true;
    }
    // "Tell Haddad": a name.
    let inside = passage.token(spoken.at).is_some_and(|token| !token.begins_sentence());
    let follows = spoken.at.checked_sub(1).is_some_and(|before| passage.is_word(before));
    if passage.slice(spoken.at) == "Tell" && inside && follows {
        return true;
    }
    // "called the ministry a failure": only "called the ministry to reveal" asks for something.
    let plain = matches!(passage.slice(spoken.at), "called" | "calls") && spoken.end == spoken.at + 1;
    if plain && !calls_to(spoken) {
        return true;
    }
    // "a raid condemned by the party": a passive.
    if passage.slice(spoken.end) == "by" && passage.slice(spoken.at).ends_with("ed") {
        return true;
    }
    // "continued to shell the town", "described as an attack": no statement follows.
    let goes_on = passage.slice(spoken.at).starts_with("continue") && passage.slice(spoken.end) == "to";
    let names = passage.slice(spoken.at).starts_with("describe") && passage.slice(spoken.end) == "as";
    if goes_on || names {
        return true;
    }
    // "the bombing claimed nine lives"
    let lives = (spoken.end..(spoken.end + LIVES).min(spoken.sentence.end))
        .take_while(|at| passage.is_word(*at) || passage.kind(*at) == Some(Kind::Number))
        .any(|at| matches!(passage.slice(at), "lives" | "life"));
    if lives && passage.slice(spoken.at).starts_with("claim") {
        return true;
    }
    let role_after = passage.roles(spoken.end).0.role.is_some() || passage.roles(spoken.end).0.noun_role.is_some();
    if role_after && passage.kind(spoken.end + 1).is_none_or(|kind| !kind.is_word()) {
        return true;
    }
    let Some(before) = spoken
        .at
        .checked_sub(1)
        .filter(|before| *before >= spoken.sentence.start)
    else {
        return false;
    };
    let lists = passage.lists(before);
    let possessive = passage.kind(before) == Some(Kind::Possessive);
    possessive
        || lists.any(Lists::of(&[List::Passive, List::Determiner]))
        || (passage.is_word(before) && passage.slice(before).eq_ignore_ascii_case("no"))
        // "to warn", "having said"
        || matches!(passage.slice(before).to_ascii_lowercase().as_str(), "to" | "of" | "in" | "by" | "for" | "with" | "as")
}

/// A quotation that is only a part of the statement: a word of the same clause precedes its mark, or between it and
/// the speaker.
fn is_partial(spoken: &Spoken, quoted: &Range<usize>, subject: &Subject) -> bool {
    let passage = spoken.passage;
    let (open, close) = (quoted.start - 1, quoted.end);
    let continued =
        open > spoken.sentence.start && passage.is_word(open - 1) && !passage.lists(open - 1).has(List::That);
    let start = subject.noun.as_ref().map_or(spoken.at, |noun| noun.start);
    let parted =
        !subject.pronoun && (close + 1..start).any(|at| passage.is_word(at) && !passage.lists(at).has(List::And));
    let clause = (open.max(spoken.sentence.start)..start).any(|at| passage.kind(at) == Some(Kind::Comma));
    clause && (continued || parted)
}

/// Verbs whose first object is the hearer.
pub(super) fn takes_hearer(passage: &Passage, verb: usize) -> bool {
    const HEARD: [&str; 8] = [
        "told", "tells", "warned", "warns", "informed", "assured", "reminded", "promised",
    ];
    HEARD.iter().any(|word| passage.slice(verb).eq_ignore_ascii_case(word))
}

/// The noun phrase before a verb, past adverbs and asides.
pub(super) fn subject(passage: &Passage, verb: usize, lower: usize) -> Subject {
    let mut end = verb;
    while end > lower {
        let at = end - 1;
        // "on last Wednesday": the preposition of a day that is left out already.
        if end < verb && matches!(passage.slice(at), "on" | "last") {
            end = at;
            continue;
        }
        let adverbs = Lists::of(&[List::Adjunct, List::Time, List::Auxiliary]);
        if let Some(start) = passage
            .ending(adverbs, end, lower)
            .filter(|start| !is_conjunction(passage, *start))
        {
            end = start;
            continue;
        }
        let slice = passage.slice(at);
        if passage.kind(at) == Some(Kind::Latin) && slice.ends_with("ly") && !passage.tokens[at].is_capital() {
            end = at;
            continue;
        }
        if let Some(start) = adverbial_before(passage, lower, end) {
            end = start;
            continue;
        }
        if passage.kind(at) != Some(Kind::Comma) {
            break;
        }
        let floor = at.saturating_sub(ASIDE).max(lower);
        let Some(open) = (floor..at).rev().find(|at| passage.kind(*at) == Some(Kind::Comma)) else {
            return Subject::default();
        };
        if is_apposition(passage, open + 1..at)
            && let Some(noun) = noun_phrase(passage, lower, open).filter(|noun| is_speaker(passage, noun))
        {
            return Subject {
                noun: Some(noun.start..at),
                pronoun: false,
            };
        }
        end = open;
    }
    if end > lower && passage.lists(end - 1).has(List::Relative) {
        end -= 1;
        if end > lower && passage.kind(end - 1) == Some(Kind::Comma) {
            end -= 1;
        }
    }
    if end > lower && passage.lists(end - 1).has(List::Pronoun) {
        return Subject {
            noun: None,
            pronoun: true,
        };
    }
    let noun = noun_phrase(passage, lower, end).filter(|noun| is_speaker(passage, noun));
    let noun = noun.map(|noun| with_name(passage, lower, noun));
    let noun = noun.map(|noun| with_partner(passage, lower, noun));
    Subject { noun, pronoun: false }
}

/// The article, the names, the offices and the adjectives before them that a sentence begins with.
pub(super) fn leading_noun(passage: &Passage, start: usize, limit: usize) -> Range<usize> {
    let inside = |at: &usize| {
        let roles = passage.roles(*at).0;
        let adjective = roles.is_empty() && passage.lists(at + 1).any(HEADS);
        passage.is_word(*at)
            && (passage.tokens[*at].is_capital()
                || roles.lists.any(HEADS)
                || adjective
                || (*at == start && roles.lists.has(List::Determiner)))
    };
    start..start + (start..limit).take_while(inside).count()
}

/// With the name before the comma: "Şiyar Güldiken, co-chair of the union".
fn with_name(passage: &Passage, lower: usize, noun: Range<usize>) -> Range<usize> {
    let Some(comma) = noun.start.checked_sub(1).filter(|at| *at > lower) else {
        return noun;
    };
    let capital = |at: &usize| passage.tokens[*at].is_capital() && passage.roles(*at).0.is_empty();
    // "Sabreen News, a channel of the militia": an article that is not definite adds to the name.
    let described = matches!(passage.slice(noun.start), "a" | "an");
    let office = !passage.tokens[noun.start].is_capital()
        && noun.clone().any(|at| {
            let lists = passage.lists(at);
            lists.has(List::Title) || (described && lists.any(Lists::of(&[List::Organisation, List::Press])))
        });
    if passage.kind(comma) != Some(Kind::Comma) {
        return noun;
    }
    // "The governor of Kirkuk, Rebwar Taha, who …"
    let part = |at: usize| capital(&at) || matches!(passage.kind(at), Some(Kind::Stop | Kind::Dash));
    let called = (2..=5).contains(&noun.len()) && noun.clone().all(part);
    if called && let Some(before) = noun_phrase(passage, lower, comma) {
        let begins = before.start == lower || !passage.is_word(before.start - 1);
        let titled = before.clone().any(|at| passage.lists(at).has(List::Title));
        return match begins && titled && before.end == comma {
            true => before.start..noun.end,
            false => noun,
        };
    }
    if !office {
        return noun;
    }
    let named = |at: &usize| passage.tokens[*at].is_capital() && (capital(at) || passage.lists(*at).has(List::Title));
    let len = (lower..comma).rev().take_while(named).count();
    let start = comma - len;
    let begins = start == lower || !passage.is_word(start - 1);
    match begins && (2..=4).contains(&len) {
        true => start..noun.end,
        false => noun,
    }
}

/// With the speaker that "and" joins to the last one at the beginning of a clause: "…, police and medical sources said".
fn with_partner(passage: &Passage, lower: usize, noun: Range<usize>) -> Range<usize> {
    let Some(and) = noun
        .start
        .checked_sub(1)
        .filter(|at| *at > lower && passage.lists(*at).has(List::And))
    else {
        return noun;
    };
    let headed = |tokens: &Range<usize>| tokens.clone().any(|at| passage.lists(at).any(HEADS));
    let partner = noun_phrase(passage, lower, and).filter(|partner| {
        let begins = partner.start == lower || !passage.is_word(partner.start - 1);
        begins && partner.end == and && headed(partner) && headed(&noun)
    });
    partner.map_or(noun.clone(), |partner| partner.start..noun.end)
}

fn is_conjunction(passage: &Passage, at: usize) -> bool {
    passage.lists(at).any(Lists::of(&[List::And, List::Boundary])) && !passage.lists(at).has(List::Time)
}

/// The first token of "on Monday" or "in a statement" when such a phrase ends here.
fn adverbial_before(passage: &Passage, lower: usize, end: usize) -> Option<usize> {
    let floor = end.saturating_sub(5).max(lower + 1);
    (floor..end).rev().find(|at| {
        let (roles, len) = passage.roles(*at);
        roles.lists.has(List::Adjunct)
            && len > 1
            && (at + len..end).all(|at| {
                let lists = passage.lists(at);
                passage.kind(at) == Some(Kind::Number)
                    // "in a tweet posted on Wednesday"
                    || lists.any(Lists::of(&[List::Adjunct, List::Time, List::Month, List::Made]))
            })
    })
}

/// A title or a name between commas, and no relative clause, number or adverbial.
fn is_apposition(passage: &Passage, tokens: Range<usize>) -> bool {
    const ASIDES: Lists = Lists::of(&[
        List::Relative,
        List::Adjunct,
        List::Stop,
        List::Phone,
        List::Boundary,
        List::Time,
        List::Reserve,
    ]);
    let Some(first) = passage.token(tokens.start).filter(|token| token.kind == Kind::Latin) else {
        return false;
    };
    let lists = passage.lists(tokens.start);
    let article = lists.has(List::Determiner);
    let numbered = tokens
        .clone()
        .filter(|at| passage.kind(*at) == Some(Kind::Number))
        .count()
        > 0;
    let ing = passage.slice(tokens.start).ends_with("ing") && !first.is_capital();
    // "author of the blog", "professor at the university"
    let office = !lists.any(Lists::of(&[List::Stop, List::Time, List::Chain]))
        && passage.lists(tokens.start + 1).has(List::Chain)
        && tokens.len() > 2;
    let named = first.is_capital() || article || office || tokens.clone().any(|at| passage.lists(at).any(HEADS));
    let acts = tokens.clone().any(|at| passage.roles(at).0.verb.is_some());
    let aside = lists.any(ASIDES) && !article;
    !aside && !numbered && !ing && named && !acts
}

/// The noun phrase that ends at a token: names and nouns, joined by "of", "for", "in", "at".
fn noun_phrase(passage: &Passage, lower: usize, end: usize) -> Option<Range<usize>> {
    let floor = end.saturating_sub(LONGEST).max(lower);
    let mut start = end;
    while start > floor {
        let at = start - 1;
        match passage.kind(at) {
            Some(Kind::Latin) => {
                let lists = passage.lists(at);
                if passage.slice(at) == "by" && start < end && made_by(passage, floor, at) {
                    start = at - 1;
                    continue;
                }
                if lists.has(List::Determiner) {
                    start = match at.checked_sub(1).filter(|before| *before >= floor) {
                        // "Save the Children": the article inside a name.
                        Some(before)
                            if passage.token(start).is_some_and(|token| token.is_capital())
                                && start < end
                                && !passage.tokens[at].is_capital()
                                && passage.tokens[before].is_capital()
                                && !passage.tokens[before].begins_sentence()
                                && passage.roles(before).0.is_empty() =>
                        {
                            at
                        }
                        Some(before) if passage.lists(before).has(List::Chain) && is_noun(passage, floor, before) => {
                            before
                        }
                        Some(before) if passage.slice(before) == "by" && made_by(passage, floor, before) => before - 1,
                        _ => return Some(at..end),
                    };
                    continue;
                }
                if lists.has(List::Chain) {
                    if start == end || !is_noun(passage, floor, at) {
                        break;
                    }
                } else if lists.has(List::And) {
                    let pair = at > floor
                        && passage.tokens[at - 1].is_capital()
                        && passage.token(start).is_some_and(|token| token.is_capital());
                    if !pair {
                        break;
                    }
                } else if !is_nominal(passage, at) {
                    break;
                }
            }
            Some(Kind::Number) => {}
            Some(Kind::Possessive) if at > floor => {}
            Some(Kind::Dash) if passage.is_unspaced(at) && start < end => {}
            Some(Kind::Stop) if at > floor && is_abbreviation(passage, at - 1) => {}
            Some(Kind::Close) => match (floor..at)
                .rev()
                .take(6)
                .find(|at| passage.kind(*at) == Some(Kind::Open))
            {
                Some(open) => {
                    start = open;
                    continue;
                }
                None => break,
            },
            _ => break,
        }
        start = at;
    }
    while start < end && !(passage.is_word(start) || passage.kind(start) == Some(Kind::Number)) {
        start += 1;
    }
    (start < end).then_some(start..end)
}

/// "figures released by": a participle between a document and "by".
fn made_by(passage: &Passage, floor: usize, by: usize) -> bool {
    by >= floor + 2 && passage.lists(by - 1).has(List::Made) && passage.lists(by - 2).has(List::Document)
}

/// "Lt.", "Gen.", "J.", but not the end of a sentence: "joined the KDP."
fn is_abbreviation(passage: &Passage, at: usize) -> bool {
    let word = passage.slice(at);
    let acronym = word.len() > 1 && word.chars().all(char::is_uppercase);
    passage.tokens[at].is_capital() && word.len() <= 4 && !acronym
}

/// True if a noun that a preposition can follow precedes a token.
fn is_noun(passage: &Passage, floor: usize, preposition: usize) -> bool {
    preposition > floor
        && matches!(
            passage.kind(preposition - 1),
            Some(Kind::Latin | Kind::Close | Kind::Number)
        )
        && (passage.kind(preposition - 1) != Some(Kind::Latin) || is_nominal(passage, preposition - 1))
}

/// A word that can be part of a noun phrase.
fn is_nominal(passage: &Passage, at: usize) -> bool {
    let (roles, _) = passage.roles(at);
    let capital = passage.tokens[at].is_capital() && !passage.tokens[at].begins_sentence();
    let stops = roles.lists.has(List::Stop) && !capital;
    // "an informed source", "the alleged leader": an adjective.
    let adjective = at > 0
        && passage.lists(at - 1).has(List::Determiner)
        && passage.slice(at).ends_with("ed")
        && passage.lists(at + 1).any(HEADS);
    let acts = (roles.verb.is_some() || roles.role.is_some()) && !capital && !roles.lists.any(HEADS) && !adjective;
    let timed = roles.lists.any(Lists::of(&[List::Time, List::Adjunct])) && !roles.lists.any(HEADS);
    !roles.lists.any(OUTSIDE) && !roles.lists.has(List::Pronoun) && !stops && !acts && !timed
}

/// True if a noun phrase can speak: a name, an office, an organisation, a document, people; not a bare number.
pub(super) fn is_speaker(passage: &Passage, tokens: &Range<usize>) -> bool {
    let named = |at: usize| {
        let token = &passage.tokens[at];
        let roles = passage.roles(at).0;
        let plain = roles.number.is_none() && !roles.lists.any(Lists::of(&[List::Time, List::Month]));
        (token.kind == Kind::Latin
            && token.is_capital()
            && plain
            && !roles.lists.any(Lists::of(&[List::Determiner, List::Stop, List::Event])))
            || roles.lists.any(HEADS)
    };
    // "rescuers said": a noun of agents in the plural, by itself.
    let agents = tokens.len() == 1 && {
        let word = passage.slice(tokens.start);
        word.len() > 6
            && ["ers", "ors", "ists", "ians", "men"]
                .iter()
                .any(|end| word.ends_with(end))
    };
    let people = |at: usize| {
        passage
            .roles(at)
            .0
            .unit
            .is_some_and(|unit| passage.lexicon.is_people(unit.unit))
    };
    let counted = passage.roles(tokens.start).0.number.is_some() && (tokens.start + 1..tokens.end).any(people);
    let determined = (passage.lists(tokens.start).has(List::Determiner) && tokens.len() > 1) || counted;
    tokens.clone().any(named) || determined || agents
}
