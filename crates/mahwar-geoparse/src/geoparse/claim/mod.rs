//! Claims: typed statements with their places, quantities, attribution and evidence.
//!
//! The patterns that make a claim are in the lexicon; here they are matched within a clause. Claims are never merged,
//! except that the killed and wounded of one event, named together, are one claim.

mod excluded;
mod place;

use super::{
    attribution::RawAttribution,
    claim_lexicon::{ClaimLexicon, List, Lists, Pattern},
    clause::Clauses,
    event::{EventTrigger, PartyFinder},
    parse::{ClaimType, Role},
    passage::Passage,
    quantity::RawQuantity,
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
                if pattern.claim == ClaimType::AttackCount && self.is_one_of(&quantity.tokens) {
                    continue;
                }
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
        if self.is_peak(at) {
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
        let mut mentions = self.mentions_of(sentence, &bounds, &clause, needed);
        // "tightened control over the district of X, the second place after Y": control is over the place that follows.
        let over = event
            .as_ref()
            .filter(|_| pattern.claim == ClaimType::ChangeOfControl)
            .and_then(|event| self.scenes.object_after(&clause, event.tokens.end));
        if let Some(over) = over.filter(|over| !mentions.contains(over) && !self.scenes.is_whole_country(*over)) {
            mentions = vec![over];
        }
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
        // "I fell to the ground": without a place nothing changed hands.
        if bare && pattern.claim == ClaimType::ChangeOfControl {
            return;
        }
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

    fn party_finder(&self, clause: &Range<usize>) -> PartyFinder<'_, '_> {
        PartyFinder {
            passage: self.passage,
            lexicon: &self.lexicon.events,
            clause: clause.clone(),
        }
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
        // "killed 13 in an attack on a station in …, which also wounded over 50 others": others than those before.
        let reach = match self.names_others(trigger) {
            true => 2 * MERGE_REACH,
            false => MERGE_REACH,
        };
        if between.len() - self.bracketed(&between) > reach || earlier.tokens.len() > 4 * MERGE_REACH {
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
                let ends = self.passage.lists(at).any(Lists::of(&[List::Boundary, List::Range]));
                kind == Some(Kind::Semicolon) || (ends && !self.adds_others(at, trigger))
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

    /// The tokens in brackets among others: "844 (including 27 police), and the number of injured".
    fn bracketed(&self, between: &Range<usize>) -> usize {
        let mut depth = 0_usize;
        let mut count = 0;
        for at in between.clone() {
            match self.passage.kind(at) {
                Some(Kind::Open) => depth += 1,
                Some(Kind::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
            count += usize::from(depth > 0);
        }
        count
    }

    /// فيما أصيب اثنان آخران, "while five others were wounded": a conjunction before others of the same event.
    fn adds_others(&self, at: usize, trigger: &Range<usize>) -> bool {
        let passage = &self.passage;
        let joins = matches!(
            passage.slice(at),
            "فيما" | "كما" | "بينما" | "while" | "as" | "لەکاتێکدا"
        );
        // "while the number of the injured was 181"
        let counted = (at + 1..trigger.start).any(|at| passage.lists(at).has(List::Count));
        joins && (self.names_others(trigger) || counted)
    }

    /// "five others", خمسة آخرين: a figure of people beside those named before.
    fn names_others(&self, figure: &Range<usize>) -> bool {
        let last = (figure.end + 1).min(self.passage.tokens.len());
        (figure.start..last).any(|at| self.passage.lists(at).any(Lists::of(&[List::Others, List::Another])))
    }

    /// The innermost attribution that contains a token.
    fn attribution(&self, at: usize) -> Option<usize> {
        let end = self.by_quote.partition_point(|(start, _)| *start <= at);
        let recent = &self.by_quote[end.saturating_sub(8)..end];
        let holds = |found: &&(usize, usize)| self.attributions[found.1].quote.contains(&at);
        recent.iter().rev().find(holds).map(|found| found.1)
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
}

/// True if people of this role are a figure of an event of this type. The dead of a raid are the figure of a claim about
/// casualties.
fn counts_in(kind: ClaimType, role: Option<Role>) -> bool {
    match kind {
        ClaimType::Arrest => matches!(role, None | Some(Role::Arrested)),
        ClaimType::Abduction => matches!(role, None | Some(Role::Kidnapped)),
        ClaimType::DisplacementOrReturn => matches!(role, None | Some(Role::Displaced | Role::Returned)),
        ClaimType::Protest | ClaimType::Destruction | ClaimType::LandSeizureOrDeniedAccess => role.is_none(),
        ClaimType::Clash => matches!(role, Some(Role::Killed | Role::Wounded)),
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
