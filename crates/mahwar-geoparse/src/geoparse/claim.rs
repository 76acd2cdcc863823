//! Claims: typed statements with their places, quantities, attribution and evidence.
//!
//! The patterns that make a claim are in the lexicon; here they are matched within a clause. Claims are never merged,
//! except that the killed and wounded of one event, named together, are one claim.

use super::{
    attribution::RawAttribution,
    claim_lexicon::{ClaimLexicon, List, Lists, Pattern},
    clause::Clauses,
    event::{EventTrigger, PartyFinder},
    modality::{Modality, ModalityReader},
    parse::{ClaimType, Role, Stance},
    passage::Passage,
    quantity::RawQuantity,
    refutation,
    scene::{Needed, Scenes},
};
use crate::{
    language::Language,
    text::{Kind, Span},
};
use std::ops::Range;

/// A claim before it is written out.
#[derive(Clone, Debug)]
pub(super) struct RawClaim {
    pub(super) kind: ClaimType,
    /// Positions in the mentions.
    pub(super) mentions: Vec<usize>,
    /// Position in the lexicon's regions, where a phrase for one is all that says where.
    pub(super) region: Option<usize>,
    /// Positions in the quantities.
    pub(super) quantities: Vec<usize>,
    /// Position in the attributions.
    pub(super) attribution: Option<usize>,
    pub(super) evidence: Span,
    /// The words that report an event.
    pub(super) event: Option<EventTrigger>,
    /// Language of its passage.
    pub(super) language: Language,
    pub(super) tokens: Range<usize>,
    /// First token of the sentence.
    pub(super) sentence: usize,
    /// Only counts when the text has no better claim of its type.
    weak: bool,
    /// An event without a place and a figure.
    bare: bool,
}

/// Largest distance of a word such as "coordination" from an axis, in tokens.
const NEAR_REACH: usize = 12;
/// Tokens to either side that are read of a longer sentence: a text may be one sentence.
const SENTENCE_REACH: usize = 300;
/// Largest distance between figures of one event, in tokens.
const MERGE_REACH: usize = 14;
const JOIN_REACH: usize = 6;
/// Words between a verb and the place that is its object.
const OBJECT_REACH: usize = 6;
/// Tokens after "among them" within which a figure follows.
const SUBSET_REACH: usize = 4;
/// Words for players.
const PLAYERS: [&str; 8] = [
    "player",
    "players",
    "لاعب",
    "لاعبين",
    "لاعبون",
    "لاعبا",
    "یاریزان",
    "یاریزانان",
];
/// Words between a word such as "against" and the reason for a protest.
const REASON_REACH: usize = 5;
/// Most clauses between a claim and its place, after it and before it.
const CLAUSES_ON: usize = 2;
const CLAUSES_BACK: usize = 4;

pub(super) struct ClaimFinder<'c, 'a> {
    pub(super) passage: Passage<'a>,
    pub(super) lexicon: &'a ClaimLexicon,
    pub(super) scenes: Scenes<'c, 'a>,
    pub(super) quantities: &'c [RawQuantity],
    /// The sentence before.
    pub(super) previous: Option<Range<usize>>,
    pub(super) attributions: &'c [RawAttribution],
    pub(super) clauses: Clauses<'c, 'a>,
    /// Attributions by the first token of their statement.
    pub(super) by_quote: &'c [(usize, usize)],
}

/// Words or a quantity that a pattern fires on.
struct Trigger<'p> {
    pattern: &'p Pattern,
    tokens: Range<usize>,
    quantity: Option<usize>,
    event: Option<EventTrigger>,
}

/// The part of a sentence around some of its tokens.
fn near(sentence: &Range<usize>, tokens: &Range<usize>) -> Range<usize> {
    let first = tokens.start.saturating_sub(SENTENCE_REACH).max(sentence.start);
    first..(tokens.end + SENTENCE_REACH).min(sentence.end).max(first)
}

impl ClaimFinder<'_, '_> {
    /// Finds the claims of a sentence, whose quantities are given as a range.
    pub(super) fn sentence(&self, sentence: Range<usize>, quantities: Range<usize>, out: &mut Vec<RawClaim>) {
        for at in quantities {
            let quantity = &self.quantities[at];
            if quantity.acts || self.is_subset(&sentence, at) {
                continue;
            }
            let fires = |pattern: &&Pattern| {
                pattern.languages.contains(&self.passage.language)
                    && pattern.quantity.contains(&quantity.unit)
                    && (pattern.roles.is_empty() || quantity.role.is_some_and(|role| pattern.roles.contains(&role)))
            };
            if let Some(pattern) = self.lexicon.patterns.iter().find(fires) {
                let trigger = Trigger {
                    pattern,
                    tokens: quantity.tokens.clone(),
                    quantity: Some(at),
                    event: None,
                };
                self.claim(&sentence, trigger, out);
            }
        }
        for at in sentence.clone() {
            if self.passage.is_word(at) && self.passage.lists(at).any(self.lexicon.heads) {
                self.words(&sentence, at, out);
            }
        }
        self.events(&sentence, out);
    }

    /// Makes the claims of words that report events.
    fn events(&self, sentence: &Range<usize>, out: &mut Vec<RawClaim>) {
        for event in self.lexicon.events.triggers(&self.passage, sentence) {
            let rule = &self.lexicon.events.rules[usize::from(event.rule)];
            let trigger = Trigger {
                pattern: &rule.patterns[usize::from(event.refers)],
                tokens: event.tokens.clone(),
                quantity: None,
                event: Some(event),
            };
            self.claim(sentence, trigger, out);
        }
    }

    /// Matches the patterns of words that begin at a token.
    fn words(&self, sentence: &Range<usize>, at: usize, out: &mut Vec<RawClaim>) {
        // ولقمة may be a morsel as well as a summit: a noun after ل counts only with its article.
        if self.passage.has_proclitic(at, 'ل') || self.passage.slice(at).starts_with("ول") && self.passage.cut(at) > 1
        {
            return;
        }
        for pattern in &self.lexicon.patterns {
            if pattern.words.is_empty() || !pattern.languages.contains(&self.passage.language) {
                continue;
            }
            let end = self
                .follow(pattern.words.iter().copied(), pattern.gap, sentence, at)
                .or_else(|| {
                    let backwards = pattern.words.iter().rev().copied();
                    pattern
                        .either
                        .then(|| self.follow(backwards, 0, sentence, at))
                        .flatten()
                });
            if let Some(end) = end {
                let trigger = Trigger {
                    pattern,
                    tokens: at..end,
                    quantity: None,
                    event: None,
                };
                self.claim(sentence, trigger, out);
            }
        }
    }

    /// One past the last token when words of these lists follow each other from here.
    fn follow(
        &self,
        lists: impl Iterator<Item = List>,
        gap: usize,
        sentence: &Range<usize>,
        at: usize,
    ) -> Option<usize> {
        const BREAKS: Lists = Lists::of(&[List::Adjunct, List::That, List::Boundary, List::Relative]);
        let mut next = at;
        let mut end = at;
        for (step, list) in lists.enumerate() {
            let reach = if step == 0 { 0 } else { gap };
            let mut found = None;
            for candidate in next..(next + reach + 1).min(sentence.end) {
                let (roles, len) = self.passage.roles(candidate);
                if roles.lists.has(list) {
                    found = Some(candidate + len);
                    break;
                }
                let kind = self.passage.kind(candidate)?;
                if roles.lists.any(BREAKS) || matches!(kind, Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Colon) {
                    return None;
                }
            }
            end = found?;
            next = end;
        }
        Some(end)
    }

    /// Makes the claim of a trigger, unless it is denied, supposed, or made already.
    fn claim(&self, sentence: &Range<usize>, trigger: Trigger, out: &mut Vec<RawClaim>) {
        let Trigger {
            pattern,
            tokens,
            quantity,
            event,
        } = trigger;
        let attribution = self.attribution(tokens.start);
        let bounds = self.bounds(sentence, attribution);
        let clause = self.clauses.around(&bounds, &tokens);
        if self.is_unsaid(pattern, &bounds, &tokens)
            || self.is_remembered(sentence, &tokens)
            || self.is_reason(pattern, sentence, &tokens)
            || self.is_game(pattern, sentence, &tokens, quantity)
            || !self.is_placed(pattern, &clause, &tokens)
            || self.is_other(pattern, &near(sentence, &tokens))
        {
            return;
        }
        let clause = self.extended(pattern, &bounds, clause);
        let needed = match pattern.claim {
            ClaimType::Meeting => Needed::Meeting,
            ClaimType::SecurityVacuum | ClaimType::CoordinationAxis | ClaimType::TerritorialClaim => Needed::Extent,
            ClaimType::DisplacementOrReturn if self.is_return(&clause, &tokens) => Needed::Return,
            _ => Needed::Event,
        };
        let clause = match quantity {
            Some(own) if pattern.merge => self.share(&clause, own),
            _ => clause,
        };
        let mentions = self.mentions_of(sentence, &bounds, &clause, needed);
        if event
            .as_ref()
            .is_some_and(|event| !self.is_grounded(event, &clause, &mentions))
        {
            return;
        }
        let region = match mentions.is_empty() {
            true => self.region(&bounds, &clause),
            false => None,
        };
        let quantities = match quantity {
            Some(own) => self.quantities_in(&clause, |at, unit| {
                at == own
                    || (!pattern.merge
                        && !self.quantities[at].acts
                        && !pattern.quantity.contains(&unit)
                        && pattern.with.contains(&unit))
            }),
            None => self.quantities_in(&clause, |at, unit| {
                let role = self.quantities[at].role;
                let acts = self.quantities[at].acts;
                pattern.with.contains(&unit) && !acts && (event.is_none() || counts_in(pattern.claim, role))
            }),
        };
        // A noun for an event without a place, a figure and a party says too little for a claim.
        let bare = event.is_some() && mentions.is_empty() && region.is_none() && quantities.is_empty();
        // At the beginning of its sentence it is the subject of the sentence.
        let initial = tokens.start <= sentence.start + 1;
        if bare && !initial && event.as_ref().is_some_and(|event| self.is_vague(event, &clause)) {
            return;
        }
        let specific = (pattern.needs_place && !(mentions.is_empty() && region.is_none()))
            || (pattern.needs_quantity && !quantities.is_empty());
        let vague = (pattern.needs_place || pattern.needs_quantity) && !specific;
        let claim = RawClaim {
            kind: pattern.claim,
            weak: pattern.weak || vague || bare || (quantity.is_none() && self.is_relative(&clause, tokens.start)),
            bare,
            mentions,
            region,
            quantities,
            attribution,
            evidence: self.passage.outer_span(clause.start, clause.end),
            event,
            language: self.passage.language,
            tokens: clause,
            sentence: sentence.start,
        };
        self.add(claim, pattern, &tokens, out);
    }

    /// True if the verb of the clause is one of coming back.
    fn is_return(&self, clause: &Range<usize>, trigger: &Range<usize>) -> bool {
        let returned = |at: usize| self.passage.roles(at).0.role == Some(Role::Returned);
        let figure = |at: &usize| self.quantities[*at].role == Some(Role::Returned);
        trigger.clone().any(returned) || self.quantities_in(clause, |_, _| true).iter().any(figure)
    }

    /// True if the words of an event have what their rule needs: a party that acts, a named place that they are about. A
    /// government that protests is no demonstration.
    fn is_grounded(&self, event: &EventTrigger, clause: &Range<usize>, mentions: &[usize]) -> bool {
        let rule = &self.lexicon.events.rules[usize::from(event.rule)];
        let finder = self.party_finder(clause);
        if rule.kind == ClaimType::Protest && finder.is_diplomatic(event) {
            return false;
        }
        let acting = !rule.acting || finder.of(event).actor.is_some();
        let named = !rule.named || mentions.iter().any(|at| self.is_object(event, *at));
        acting && named
    }

    /// True if a place is the object of a verb: no preposition and no figure between the two.
    fn is_object(&self, event: &EventTrigger, mention: usize) -> bool {
        let name = self.scenes.tokens(mention);
        let between = match self.passage.language {
            Language::Sorani => name.end..event.tokens.start,
            _ => event.tokens.end..name.start,
        };
        // لە شاری …: the place of something else.
        let led = self.passage.language == Language::Sorani
            && (name.start.saturating_sub(2)..name.start)
                .any(|at| matches!(self.passage.slice(at), "لە" | "بە" | "بۆ"));
        if led {
            return false;
        }
        let prepositions = Lists::of(&[List::Stop, List::That, List::Boundary]);
        let plain = |at: usize| {
            let (roles, _) = self.passage.roles(at);
            let of = roles.lists.has(List::Determiner) || self.passage.slice(at) == "of";
            self.passage.is_word(at) && roles.number.is_none() && (of || !roles.lists.any(prepositions))
        };
        between.start <= between.end && between.len() <= OBJECT_REACH && between.into_iter().all(plain)
    }

    fn party_finder(&self, clause: &Range<usize>) -> PartyFinder<'_, '_> {
        PartyFinder {
            passage: self.passage,
            lexicon: &self.lexicon.events,
            clause: clause.clone(),
        }
    }

    /// True if the words for an event are a noun and no party is in their clause.
    fn is_vague(&self, event: &EventTrigger, clause: &Range<usize>) -> bool {
        let rule = &self.lexicon.events.rules[usize::from(event.rule)];
        let parties = self.party_finder(clause).of(event);
        rule.is_noun() && parties.actor.is_none() && parties.target.is_none()
    }

    fn add(&self, claim: RawClaim, pattern: &Pattern, trigger: &Range<usize>, out: &mut Vec<RawClaim>) {
        let same = |other: &&mut RawClaim| {
            other.kind == claim.kind && other.sentence == claim.sentence && other.attribution == claim.attribution
        };
        let earlier = out.iter_mut().rev().take(4).find(same);
        match earlier {
            Some(earlier) if pattern.quantity.is_empty() => {
                if earlier.weak && !claim.weak {
                    *earlier = claim;
                }
            }
            Some(earlier) if pattern.merge && self.is_one_event(earlier, &claim, trigger) => {
                let union = earlier.tokens.start.min(claim.tokens.start)..earlier.tokens.end.max(claim.tokens.end);
                earlier.evidence = self.passage.outer_span(union.start, union.end);
                earlier.tokens = union;
                earlier.quantities.extend(claim.quantities);
                for mention in claim.mentions {
                    if !earlier.mentions.contains(&mention) {
                        earlier.mentions.push(mention);
                    }
                }
                earlier.region = earlier.region.or(claim.region).filter(|_| earlier.mentions.is_empty());
            }
            _ => out.push(claim),
        }
    }

    /// True if a figure belongs to the event of an earlier claim: another kind of harm, or joined to it by "and".
    fn is_one_event(&self, earlier: &RawClaim, claim: &RawClaim, trigger: &Range<usize>) -> bool {
        let Some(last) = earlier.quantities.last().map(|at| &self.quantities[*at]) else {
            return false;
        };
        let Some(new) = claim.quantities.first().map(|at| &self.quantities[*at]) else {
            return false;
        };
        let between = last.tokens.end..trigger.start;
        if between.len() > MERGE_REACH || earlier.tokens.len() > 4 * MERGE_REACH {
            return false;
        }
        let repeated = earlier
            .quantities
            .iter()
            .any(|at| repeated_role(&self.quantities[*at], new));
        let place = |at: usize| self.scenes.begins_literal(at);
        let parted = (repeated && between.clone().any(place))
            || between.clone().any(|at| {
                let kind = self.passage.kind(at);
                kind == Some(Kind::Semicolon) || self.passage.lists(at).any(Lists::of(&[List::Boundary, List::Range]))
            });
        let coordinated =
            between.len() <= JOIN_REACH && !between.clone().any(|at| self.passage.kind(at) == Some(Kind::Comma));
        let article = |at: usize| self.passage.lists(at).has(List::Determiner);
        let listed = article(last.tokens.start)
            && between.len() == 1
            && self.passage.kind(between.start) == Some(Kind::Comma)
            && (article(new.tokens.start) || last.value == 1.0);
        !parted && (!repeated || coordinated || listed)
    }

    /// True if the event is denied, demanded, negated, a question or only supposed.
    fn is_unsaid(&self, pattern: &Pattern, bounds: &Range<usize>, trigger: &Range<usize>) -> bool {
        let end = self.by_quote.partition_point(|(start, _)| *start <= trigger.start);
        let recent = &self.by_quote[end.saturating_sub(8)..end];
        let around = recent
            .iter()
            .map(|(_, at)| &self.attributions[*at])
            .filter(|said| said.quote.contains(&trigger.start));
        // "demanded talks" is no meeting either; a word such as "expected" puts nothing forward as a fact.
        let unasserted = around.into_iter().any(|said| {
            let asked = said.is_denial() || said.stance == Stance::Demanded;
            let expected = self.passage.lists(said.at).has(List::Hypothesis);
            // A warning of a gap that is there speaks of the present.
            let warned = said.nominal && pattern.claim != ClaimType::SecurityVacuum;
            let open = !said.stance.asserts() || warned || expected;
            open && (!pattern.planned || asked)
        });
        let reader = ModalityReader {
            passage: &self.passage,
            bounds: bounds.clone(),
        };
        unasserted
            || reader.of(trigger, pattern.planned) != Modality::Stated
            || refutation::is_refuted(&self.passage, bounds, trigger)
    }

    /// "remembered the bomb that exploded last year", "an earlier version of this report said": the words are about another
    /// day, or are taken back.
    fn is_remembered(&self, sentence: &Range<usize>, trigger: &Range<usize>) -> bool {
        let before = near(sentence, trigger).start..trigger.start;
        let remembers = |at: usize| {
            let (roles, len) = self.passage.roles(at);
            roles.lists.has(List::Remembered) && at + len <= trigger.start
        };
        if before.clone().any(remembers) {
            return true;
        }
        let last = (trigger.end + SENTENCE_REACH).min(sentence.end);
        // The Sorani verb comes last.
        self.passage.language == Language::Sorani
            && (trigger.end..last).any(|at| self.passage.lists(at).has(List::Remembered))
    }

    /// "protested against the shelling": the reason for a protest has a day and a place of its own.
    fn is_reason(&self, pattern: &Pattern, sentence: &Range<usize>, trigger: &Range<usize>) -> bool {
        let passage = &self.passage;
        let events = &self.lexicon.events;
        let planned = matches!(
            pattern.claim,
            ClaimType::Protest | ClaimType::Meeting | ClaimType::TerritorialClaim
        );
        let around = near(sentence, trigger);
        if planned {
            return false;
        }
        let reason = events.class_set("reason");
        let ends = |at: &usize| {
            !matches!(
                passage.kind(*at),
                Some(Kind::Stop | Kind::Semicolon | Kind::Comma | Kind::Colon)
            ) && !passage
                .lists(*at)
                .any(Lists::of(&[List::Boundary, List::Result, List::And]))
                && !passage.has_proclitic(*at, 'و')
        };
        let first = trigger.start.saturating_sub(REASON_REACH).max(around.start);
        let mut words = (first..=trigger.start).rev().take_while(ends);
        words.any(|at| events.class_at(passage, at) & reason != 0)
            && around.into_iter().any(|at| events.is_protest_at(passage, at))
    }

    /// Injured players are no casualties, unless the sentence reports an attack too.
    fn is_game(
        &self,
        pattern: &Pattern,
        sentence: &Range<usize>,
        trigger: &Range<usize>,
        quantity: Option<usize>,
    ) -> bool {
        if pattern.claim != ClaimType::Casualties {
            return false;
        }
        let wounded = quantity.is_some_and(|at| {
            let role = self.quantities[at].role;
            role != Some(Role::Killed)
        });
        let around = || near(sentence, trigger);
        let player = |at: usize| PLAYERS.contains(&self.passage.slice(at));
        let players = quantity.is_some_and(|at| {
            let tokens = &self.quantities[at].tokens;
            (tokens.start..(tokens.end + 2).min(sentence.end)).any(player)
        });
        wounded
            && (players || around().any(|at| self.passage.lists(at).has(List::Sport)))
            && !self.tells_event(&around())
    }

    /// A match, a film or an interview is no meeting.
    fn is_other(&self, pattern: &Pattern, sentence: &Range<usize>) -> bool {
        pattern.unless != Lists::default() && sentence.clone().any(|at| self.passage.lists(at).any(pattern.unless))
    }

    /// The region whose phrase is in the clause, or else in the statement.
    fn region(&self, bounds: &Range<usize>, clause: &Range<usize>) -> Option<usize> {
        let regions = self.lexicon.regions.iter().enumerate();
        let own = regions.filter(|(_, region)| region.language == self.passage.language);
        let stands = |words: &[crate::text::WordId], range: &Range<usize>| {
            range.clone().any(|at| {
                words
                    .iter()
                    .zip(at..range.end)
                    .filter(|(word, at)| self.passage.is(*at, **word))
                    .count()
                    == words.len()
            })
        };
        let mut own = own.filter(|(_, region)| !region.words.is_empty());
        own.clone()
            .find(|(_, region)| stands(&region.words, clause))
            .or_else(|| own.find(|(_, region)| stands(&region.words, &near(bounds, clause))))
            .map(|(at, _)| at)
    }

    /// The part of a clause that belongs to one figure of several: "Baghdad had 5 dead, Diyala 3" reports two events.
    fn share(&self, clause: &Range<usize>, own: usize) -> Range<usize> {
        let new = &self.quantities[own];
        let inside = self.quantities_in(clause, |at, _| repeated_role(&self.quantities[at], new));
        let at = inside.iter().position(|at| *at == own).unwrap_or_default();
        let place = |range: Range<usize>| range.into_iter().find(|at| self.scenes.begins_literal(*at));
        let before = at
            .checked_sub(1)
            .map(|before| self.quantities[inside[before]].tokens.end..new.tokens.start);
        let after = inside
            .get(at + 1)
            .map(|next| new.tokens.end..self.quantities[*next].tokens.start);
        let start = before.and_then(place).unwrap_or(clause.start);
        let end = after.and_then(place).unwrap_or(clause.end);
        start..end.max(new.tokens.end)
    }

    /// True if the trigger is at a position that its pattern allows.
    fn is_placed(&self, pattern: &Pattern, clause: &Range<usize>, trigger: &Range<usize>) -> bool {
        if pattern.initial && trigger.start > clause.start {
            return false;
        }
        if pattern.near == Lists::default() {
            return true;
        }
        let first = trigger.start.saturating_sub(NEAR_REACH).max(clause.start);
        let last = (trigger.end + NEAR_REACH).min(clause.end);
        (first..last).any(|at| !trigger.contains(&at) && self.passage.lists(at).any(pattern.near))
    }

    fn is_relative(&self, clause: &Range<usize>, at: usize) -> bool {
        (at.saturating_sub(2).max(clause.start)..at).any(|before| self.passage.lists(before).has(List::Relative))
    }

    /// The innermost attribution that contains a token.
    fn attribution(&self, at: usize) -> Option<usize> {
        let end = self.by_quote.partition_point(|(start, _)| *start <= at);
        let recent = &self.by_quote[end.saturating_sub(8)..end];
        let holds = |found: &&(usize, usize)| self.attributions[found.1].quote.contains(&at);
        recent.iter().rev().find(holds).map(|found| found.1)
    }

    /// A statement is read apart from the rest of its sentence.
    fn bounds(&self, sentence: &Range<usize>, attribution: Option<usize>) -> Range<usize> {
        match attribution {
            Some(at) => {
                let quote = &self.attributions[at].quote;
                quote.start.max(sentence.start).min(quote.end)..quote.end.min(sentence.end).max(quote.start)
            }
            None => sentence.clone(),
        }
    }

    /// The clause together with the one beside it, when only that has a measure or a period that the pattern needs.
    fn extended(&self, pattern: &Pattern, bounds: &Range<usize>, clause: Range<usize>) -> Range<usize> {
        let measured = |clause: &Range<usize>| {
            let wanted = |_, unit: u16| pattern.with.contains(&unit) && !pattern.quantity.contains(&unit);
            !self.quantities_in(clause, wanted).is_empty()
        };
        if !(pattern.extend_before || pattern.extend_after) || measured(&clause) {
            return clause;
        }
        if pattern.extend_after
            && let Some(next) = self.clauses.after(bounds, &clause).filter(measured)
        {
            return clause.start..next.end;
        }
        if pattern.extend_before {
            let first = |before: &Range<usize>| before.start == bounds.start;
            if let Some(before) = self.clauses.before(bounds, &clause).filter(first).filter(measured) {
                return before.start..clause.end;
            }
        }
        clause
    }

    /// "ten people, among them two women": a figure that another one includes.
    fn is_subset(&self, sentence: &Range<usize>, at: usize) -> bool {
        let passage = &self.passage;
        let start = self.quantities[at].tokens.start;
        let first = start.saturating_sub(SUBSET_REACH).max(sentence.start);
        let Some(before) = at.checked_sub(1).map(|before| &self.quantities[before]) else {
            return false;
        };
        let whole = before.tokens.start >= sentence.start && repeated_role(before, &self.quantities[at]);
        whole
            && (first..start)
                .rev()
                .take_while(|at| !matches!(passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Comma)))
                .any(|at| passage.lists(at).has(List::Subset))
    }

    fn quantities_in(&self, tokens: &Range<usize>, wanted: impl Fn(usize, u16) -> bool) -> Vec<usize> {
        let first = self
            .quantities
            .partition_point(|quantity| quantity.tokens.start < tokens.start);
        let inside = self.quantities.iter().enumerate().skip(first);
        inside
            .take_while(|(_, quantity)| quantity.tokens.end <= tokens.end)
            .filter(|(at, quantity)| wanted(*at, quantity.unit))
            .map(|(at, _)| at)
            .collect()
    }

    /// The mentions that say where: those of the clause, or else of the clauses beside it, of the words that introduce
    /// the statement, or of the sentence before, when the clause refers to the event of that sentence.
    fn mentions_of(
        &self,
        sentence: &Range<usize>,
        bounds: &Range<usize>,
        clause: &Range<usize>,
        needed: Needed,
    ) -> Vec<usize> {
        let scenes = |clause: &Range<usize>| self.scenes.of(clause, needed);
        let found = scenes(clause);
        if !found.is_empty() {
            return found;
        }
        let found = self.told_before(bounds, clause, needed);
        if !found.is_empty() {
            return found;
        }
        let mut last = clause.clone();
        for _ in 0..CLAUSES_ON {
            let Some(after) = self.clauses.after(bounds, &last) else {
                break;
            };
            // "…, among them victims who died in Turkey": only a part of the claim's event.
            if self.passage.lists(after.start).has(List::Subset) {
                last = after;
                continue;
            }
            let found = scenes(&after);
            if !found.is_empty() {
                let placed = |at: usize| self.passage.lists(at).has(List::Locative);
                return if after.clone().any(placed) { found } else { Vec::new() };
            }
            last = after;
        }
        if bounds.start > sentence.start {
            let frame = sentence.start..bounds.start;
            let first = self.clauses.around(&frame, &(frame.start..frame.start + 1));
            let found = scenes(&first);
            let framed = self
                .passage
                .lists(first.start)
                .any(Lists::of(&[List::Locative, List::Stop]));
            if (framed || self.tells_event(&first)) && !found.is_empty() {
                return found;
            }
        }
        match &self.previous {
            Some(previous) if self.refers(sentence) && self.tells_event(previous) => scenes(previous),
            _ => Vec::new(),
        }
    }

    /// The scene of an earlier clause of the same sentence: one that reports the event, or that only says where.
    fn told_before(&self, bounds: &Range<usize>, clause: &Range<usize>, needed: Needed) -> Vec<usize> {
        let results =
            (clause.start..clause.end.min(clause.start + 2)).any(|at| self.passage.lists(at).has(List::Result));
        let mut last = clause.clone();
        for _ in 0..CLAUSES_BACK {
            let Some(before) = self.clauses.before(bounds, &last) else {
                break;
            };
            let found = self.scenes.of(&before, needed);
            if !found.is_empty() {
                let lists = self.passage.lists(before.start);
                let initial = before.start == bounds.start && lists.any(Lists::of(&[List::Locative, List::Stop]));
                let named = found
                    .last()
                    .is_some_and(|last| self.scenes.tokens(*last).end >= before.end)
                    && found
                        .first()
                        .is_some_and(|first| self.scenes.tokens(*first).start <= before.start);
                if results || initial || named || self.tells_event(&before) || self.is_subject(bounds, &before) {
                    return found;
                }
                return Vec::new();
            }
            last = before;
        }
        Vec::new()
    }

    /// "Police in Tuz Khurmatu, 65 km southeast of Kirkuk, arrested …": a clause without a verb that begins the statement is
    /// its subject, and says where.
    fn is_subject(&self, bounds: &Range<usize>, clause: &Range<usize>) -> bool {
        let acts = |at: usize| {
            let (roles, _) = self.passage.roles(at);
            roles.role.is_some() || roles.verb.is_some() || roles.lists.any(Lists::of(&[List::Relative, List::Passive]))
        };
        let inside = |at: usize| matches!(self.passage.slice(at), "in" | "near" | "في" | "قرب" | "لە");
        clause.start == bounds.start && clause.clone().any(inside) && !clause.clone().any(acts)
    }

    /// A word for an attack, a blast, a clash.
    fn tells_event(&self, tokens: &Range<usize>) -> bool {
        tokens
            .clone()
            .any(|at| self.passage.lists(at).any(Lists::of(&[List::Event, List::Reference])))
    }

    /// True if the sentence refers to an event reported before: "the blast".
    fn refers(&self, sentence: &Range<usize>) -> bool {
        sentence.clone().any(|at| {
            let lists = self.passage.lists(at);
            let determined = at > sentence.start && self.passage.lists(at - 1).has(List::Determiner);
            lists.has(List::Reference) || (lists.has(List::Event) && (self.passage.is_definite(at) || determined))
        })
    }
}

/// True if people of this role are a figure of an event of this type. The dead of a raid are the figure of a claim about
/// casualties.
fn counts_in(kind: ClaimType, role: Option<Role>) -> bool {
    match kind {
        ClaimType::Arrest => matches!(role, None | Some(Role::Arrested)),
        ClaimType::Abduction => matches!(role, None | Some(Role::Kidnapped)),
        ClaimType::DisplacementOrReturn => matches!(role, None | Some(Role::Displaced | Role::Returned)),
        ClaimType::Protest | ClaimType::Destruction | ClaimType::LandSeizureOrDeniedAccess => role.is_none(),
        ClaimType::Clash => matches!(role, None | Some(Role::Killed | Role::Wounded)),
        ClaimType::AirstrikeOrShelling | ClaimType::ExplosiveDevice | ClaimType::ChangeOfControl => false,
        _ => true,
    }
}

/// Two figures of the same kind of harm.
fn repeated_role(one: &RawQuantity, other: &RawQuantity) -> bool {
    one.role == other.role && (one.role.is_some() || one.unit == other.unit)
}

/// Leaves out claims made only in passing where the text has better ones.
pub(super) fn without_weak(mut claims: Vec<RawClaim>) -> Vec<RawClaim> {
    // A sentence that reports more than a bare event needs no claim about the event itself.
    let mut told: Vec<usize> = claims
        .iter()
        .filter(|claim| !claim.bare)
        .map(|claim| claim.sentence)
        .collect();
    told.sort_unstable();
    claims.retain(|claim| !claim.bare || told.binary_search(&claim.sentence).is_err());
    let mut strong = Vec::new();
    for claim in claims.iter().filter(|claim| !claim.weak) {
        if !strong.contains(&claim.kind) {
            strong.push(claim.kind);
        }
    }
    let mut kept: Vec<_> = claims
        .into_iter()
        .filter(|claim| {
            let keep = !claim.weak || !strong.contains(&claim.kind);
            if claim.weak && keep {
                strong.push(claim.kind);
            }
            keep
        })
        .collect();
    kept.sort_by_key(|claim| (claim.evidence.start, claim.evidence.end));
    kept
}
