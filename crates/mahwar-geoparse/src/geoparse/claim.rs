//! Claims: typed statements with their places, quantities, attribution and evidence.
//!
//! What makes a claim stands in the lexicon's patterns; here they are matched within a clause. Claims are never merged,
//! save that the killed and wounded of one event, named together, are one claim.

use super::{
    attribution::RawAttribution,
    claim_lexicon::{ClaimLexicon, List, Lists, Pattern},
    clause::Clauses,
    parse::{ClaimType, Mention, Reading},
    passage::Passage,
    quantity::RawQuantity,
};
use crate::text::{Kind, Span};
use std::ops::Range;

/// A claim before it is written out.
#[derive(Clone, Debug)]
pub(super) struct RawClaim {
    pub(super) kind: ClaimType,
    /// Positions in the mentions.
    pub(super) mentions: Vec<usize>,
    /// Positions in the quantities.
    pub(super) quantities: Vec<usize>,
    /// Position in the attributions.
    pub(super) attribution: Option<usize>,
    pub(super) evidence: Span,
    tokens: Range<usize>,
    /// First token of the sentence.
    sentence: usize,
    /// Only counts when the text has no better claim of its type.
    weak: bool,
}

/// How far before a trigger a negation or a supposition reaches, in tokens.
const NEGATION_REACH: usize = 6;
const HYPOTHESIS_REACH: usize = 8;
/// How far a word such as "coordination" may stand from an axis.
const NEAR_REACH: usize = 12;
/// Figures of one event stand this close together.
const MERGE_REACH: usize = 14;
const JOIN_REACH: usize = 6;
/// A claim's place may stand this many clauses after it.
const CLAUSES_ON: usize = 2;

pub(super) struct ClaimFinder<'c, 'a> {
    pub(super) passage: Passage<'a>,
    pub(super) lexicon: &'a ClaimLexicon,
    pub(super) mentions: &'c [Mention],
    pub(super) quantities: &'c [RawQuantity],
    pub(super) attributions: &'c [RawAttribution],
    pub(super) clauses: Clauses<'c, 'a>,
    /// Attributions by the first token of what is said.
    pub(super) by_quote: &'c [(usize, usize)],
}

/// Words or a quantity that a pattern fires on.
struct Trigger<'p> {
    pattern: &'p Pattern,
    tokens: Range<usize>,
    quantity: Option<usize>,
}

impl ClaimFinder<'_, '_> {
    /// Finds the claims of a sentence, whose quantities are given as a range.
    pub(super) fn sentence(&self, sentence: Range<usize>, quantities: Range<usize>, out: &mut Vec<RawClaim>) {
        for at in quantities {
            let quantity = &self.quantities[at];
            let fires = |pattern: &&Pattern| {
                pattern.languages.contains(&self.passage.language)
                    && pattern.quantity.contains(&quantity.unit)
                    && self.has_company(pattern, &sentence, at, out)
            };
            if let Some(pattern) = self.lexicon.patterns.iter().find(fires) {
                let trigger = Trigger {
                    pattern,
                    tokens: quantity.tokens.clone(),
                    quantity: Some(at),
                };
                self.claim(&sentence, trigger, out);
            }
        }
        for at in sentence.clone() {
            if self.passage.is_word(at) && self.passage.lists(at).any(self.lexicon.heads) {
                self.words(&sentence, at, out);
            }
        }
    }

    /// Whether the words stand near that a pattern wants around its quantity.
    fn has_company(&self, pattern: &Pattern, sentence: &Range<usize>, at: usize, out: &[RawClaim]) -> bool {
        if pattern.before == Lists::default() && pattern.after == Lists::default() {
            return true;
        }
        let (passage, tokens) = (&self.passage, &self.quantities[at].tokens);
        let first = tokens.start.saturating_sub(pattern.before_reach).max(sentence.start);
        let ends = |at: &usize| matches!(passage.kind(*at), Some(Kind::Comma | Kind::Semicolon | Kind::Stop));
        let before = (first..tokens.start).rev().take_while(|at| !ends(at));
        let last = (tokens.end + pattern.after_reach).min(sentence.end);
        let mut after = (tokens.end..last).take_while(|at| !ends(at) && !passage.lists(*at).has(List::Boundary));
        let coordinated = || {
            let previous = at.checked_sub(1).and_then(|before| self.quantities.get(before));
            let near = previous.is_some_and(|previous| previous.tokens.end + JOIN_REACH >= tokens.start);
            near && out
                .last()
                .is_some_and(|last| last.kind == pattern.claim && last.quantities.contains(&(at - 1)))
                && self.is_joined(tokens.start)
        };
        before.clone().any(|at| passage.lists(at).any(pattern.before))
            || after.any(|at| passage.lists(at).any(pattern.after))
            || coordinated()
    }

    fn is_joined(&self, at: usize) -> bool {
        self.passage.has_proclitic(at, 'و')
            || at
                .checked_sub(1)
                .is_some_and(|before| self.passage.lists(before).has(List::And))
    }

    /// Matches the patterns of words that begin at a token.
    fn words(&self, sentence: &Range<usize>, at: usize, out: &mut Vec<RawClaim>) {
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
        } = trigger;
        let attribution = self.attribution(tokens.start);
        let bounds = self.bounds(sentence, attribution);
        let clause = self.clauses.around(&bounds, &tokens);
        if self.is_unsaid(pattern, &clause, &tokens, attribution) || !self.is_placed(pattern, &clause, &tokens) {
            return;
        }
        let clause = self.extended(pattern, &bounds, clause);
        let mentions = self.mentions_of(&bounds, &clause);
        let quantities = match quantity {
            Some(own) => self.quantities_in(&clause, |at, unit| {
                at == own || (!pattern.merge && !pattern.quantity.contains(&unit) && pattern.with.contains(&unit))
            }),
            None => self.quantities_in(&clause, |_, unit| pattern.with.contains(&unit)),
        };
        let specific =
            (pattern.needs_place && !mentions.is_empty()) || (pattern.needs_quantity && !quantities.is_empty());
        let vague = (pattern.needs_place || pattern.needs_quantity) && !specific;
        let claim = RawClaim {
            kind: pattern.claim,
            weak: pattern.weak || vague || (quantity.is_none() && self.is_relative(&clause, tokens.start)),
            mentions,
            quantities,
            attribution,
            evidence: self.passage.outer_span(clause.start, clause.end),
            tokens: clause,
            sentence: sentence.start,
        };
        self.add(claim, pattern, &tokens, out);
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
            }
            _ => out.push(claim),
        }
    }

    /// Whether a figure belongs to the event of an earlier claim: another kind of harm, or joined to it by "and".
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
        let parted = between.clone().any(|at| {
            let kind = self.passage.kind(at);
            kind == Some(Kind::Semicolon) || self.passage.lists(at).any(Lists::of(&[List::Boundary, List::Range]))
        });
        let repeated = earlier
            .quantities
            .iter()
            .any(|at| self.quantities[*at].unit == new.unit);
        let coordinated =
            between.len() <= JOIN_REACH && !between.clone().any(|at| self.passage.kind(at) == Some(Kind::Comma));
        !parted && (!repeated || coordinated)
    }

    /// Denied, negated or only supposed.
    fn is_unsaid(
        &self,
        pattern: &Pattern,
        clause: &Range<usize>,
        trigger: &Range<usize>,
        attribution: Option<usize>,
    ) -> bool {
        let lists_in = |range: Range<usize>, list: List| {
            let mut at = range.start;
            while at < range.end {
                let (roles, len) = self.passage.roles(at);
                if roles.lists.has(list) {
                    return true;
                }
                at += len;
            }
            false
        };
        let back = |reach: usize| trigger.start.saturating_sub(reach).max(clause.start)..trigger.start;
        attribution.is_some_and(|at| self.attributions[at].denies)
            || lists_in(back(NEGATION_REACH), List::Negation)
            || lists_in(
                trigger.end..(trigger.end + NEGATION_REACH).min(clause.end),
                List::Negated,
            )
            || (!pattern.planned && lists_in(back(HYPOTHESIS_REACH), List::Hypothesis))
    }

    /// Whether the trigger stands where its pattern wants it.
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

    /// The innermost attribution that holds a token.
    fn attribution(&self, at: usize) -> Option<usize> {
        let end = self.by_quote.partition_point(|(start, _)| *start <= at);
        let recent = &self.by_quote[end.saturating_sub(8)..end];
        let holds = |found: &&(usize, usize)| self.attributions[found.1].quote.contains(&at);
        recent.iter().rev().find(holds).map(|found| found.1)
    }

    /// What is said is said apart from the rest of the sentence.
    fn bounds(&self, sentence: &Range<usize>, attribution: Option<usize>) -> Range<usize> {
        match attribution {
            Some(at) => {
                let quote = &self.attributions[at].quote;
                quote.start.max(sentence.start).min(quote.end)..quote.end.min(sentence.end).max(quote.start)
            }
            None => sentence.clone(),
        }
    }

    /// The clause together with the one beside it, when only that holds a measure or a period that the pattern wants.
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

    /// The literal mentions of a clause, or else of the clause beside it that says where.
    fn mentions_of(&self, bounds: &Range<usize>, clause: &Range<usize>) -> Vec<usize> {
        let own = self.mentions_in(clause);
        if !own.is_empty() {
            return own;
        }
        if let Some(before) = self.clauses.before(bounds, clause) {
            let lists = self.passage.lists(before.start);
            let results =
                (clause.start..clause.end.min(clause.start + 2)).any(|at| self.passage.lists(at).has(List::Result));
            if results || (before.start == bounds.start && lists.any(Lists::of(&[List::Locative, List::Stop]))) {
                let found = self.mentions_in(&before);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        let mut last = clause.clone();
        for _ in 0..CLAUSES_ON {
            let Some(after) = self.clauses.after(bounds, &last) else {
                break;
            };
            let found = self.mentions_in(&after);
            if !found.is_empty() {
                let placed = |at: usize| self.passage.lists(at).has(List::Locative);
                return if after.clone().any(placed) { found } else { Vec::new() };
            }
            last = after;
        }
        Vec::new()
    }

    fn mentions_in(&self, tokens: &Range<usize>) -> Vec<usize> {
        let span = self.passage.outer_span(tokens.start, tokens.end);
        let first = self
            .mentions
            .partition_point(|mention| mention.offsets.byte[0] < span.start);
        let inside = self.mentions.iter().enumerate().skip(first);
        inside
            .take_while(|(_, mention)| mention.offsets.byte[1] <= span.end)
            .filter(|(_, mention)| mention.reading == Reading::Literal)
            .map(|(at, _)| at)
            .collect()
    }
}

/// Leaves out what is only said in passing when the text says it better elsewhere.
pub(super) fn without_weak(claims: Vec<RawClaim>) -> Vec<RawClaim> {
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
