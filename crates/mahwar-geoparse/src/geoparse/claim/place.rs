//! Where a claim happened: the words that are read for it, and the mentions among them.

use super::{ClaimFinder, NEAR_REACH, near, repeated_role};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Pattern},
        event::EventTrigger,
        parse::ClaimType,
        scene::Needed,
    },
    language::Language,
};
use std::ops::Range;

/// Words between a verb and the place that is its object.
const OBJECT_REACH: usize = 6;
/// Most clauses between a claim and its place, after it and before it.
const CLAUSES_ON: usize = 2;
const CLAUSES_BACK: usize = 4;
/// Words that a clause of result may begin with: الأمر الذي أدى إلى.
const RESULT_REACH: usize = 3;

impl ClaimFinder<'_, '_> {
    /// True if the words of an event meet the needs of their rule: a party that acts, a named place that they are about. A
    /// government that protests is no demonstration.
    pub(super) fn is_grounded(&self, event: &EventTrigger, clause: &Range<usize>, mentions: &[usize]) -> bool {
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
    pub(super) fn is_object(&self, event: &EventTrigger, mention: usize) -> bool {
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

    /// The region whose phrase is in the clause, or else in the statement.
    pub(super) fn region(&self, bounds: &Range<usize>, clause: &Range<usize>) -> Option<usize> {
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
    pub(super) fn share(&self, clause: &Range<usize>, own: usize) -> Range<usize> {
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
    pub(super) fn is_placed(&self, pattern: &Pattern, clause: &Range<usize>, trigger: &Range<usize>) -> bool {
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

    pub(super) fn is_relative(&self, clause: &Range<usize>, at: usize) -> bool {
        (at.saturating_sub(2).max(clause.start)..at).any(|before| self.passage.lists(before).has(List::Relative))
    }

    /// A statement is read apart from the rest of its sentence.
    pub(super) fn bounds(&self, sentence: &Range<usize>, attribution: Option<usize>) -> Range<usize> {
        match attribution {
            Some(at) => {
                let quote = &self.attributions[at].quote;
                quote.start.max(sentence.start).min(quote.end)..quote.end.min(sentence.end).max(quote.start)
            }
            None => sentence.clone(),
        }
    }

    /// The clause together with the one beside it, when only that has a measure or a period that the pattern needs.
    pub(super) fn extended(&self, pattern: &Pattern, bounds: &Range<usize>, clause: Range<usize>) -> Range<usize> {
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

    /// The mentions that say where: those of the clause, or else of the clauses beside it, of the words that introduce
    /// the statement, or of the sentence before, when the clause refers to the event of that sentence.
    pub(super) fn mentions_of(
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
        let everywhere = self.scenes.is_national(clause);
        let mut last = clause.clone();
        for _ in 0..CLAUSES_ON {
            let Some(after) = self.clauses.after(bounds, &last) else {
                break;
            };
            // "…، كما تقرر في …": another clause about something else.
            if matches!(
                self.passage.slice(after.start),
                "كما" | "فيما" | "بينما" | "while" | "whereas"
            ) {
                break;
            }
            // "…, among them victims who died in Turkey": only a part of the claim's event.
            if self.passage.lists(after.start).has(List::Subset) {
                last = after;
                continue;
            }
            let found = scenes(&after);
            if !found.is_empty() {
                let placed = |at: usize| self.passage.lists(at).has(List::Locative);
                // "250 were killed in Iraq, a drop from the month of the operations in Mosul": the place is told already.
                if everywhere && !placed(after.start) && !self.tells_event(&after) {
                    break;
                }
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
    pub(super) fn told_before(&self, bounds: &Range<usize>, clause: &Range<usize>, needed: Needed) -> Vec<usize> {
        let results = (clause.start..clause.end.min(clause.start + RESULT_REACH))
            .any(|at| self.passage.lists(at).has(List::Result));
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
                // "Baghdad was the worst affected province, with 55 casualties"
                let affected = self.passage.slice(clause.start) == "with"
                    && found
                        .first()
                        .is_some_and(|first| self.scenes.tokens(*first).start <= before.start + 1);
                if results
                    || initial
                    || affected
                    || named
                    || self.tells_event(&before)
                    || self.is_subject(bounds, &before)
                {
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
    pub(super) fn is_subject(&self, bounds: &Range<usize>, clause: &Range<usize>) -> bool {
        let acts = |at: usize| {
            let (roles, _) = self.passage.roles(at);
            roles.role.is_some() || roles.verb.is_some() || roles.lists.any(Lists::of(&[List::Relative, List::Passive]))
        };
        let inside = |at: usize| matches!(self.passage.slice(at), "in" | "near" | "في" | "قرب" | "لە");
        clause.start == bounds.start && clause.clone().any(inside) && !clause.clone().any(acts)
    }

    /// A word for an attack, a blast, a clash.
    pub(super) fn tells_event(&self, tokens: &Range<usize>) -> bool {
        tokens
            .clone()
            .any(|at| self.passage.lists(at).any(Lists::of(&[List::Event, List::Reference])))
    }
}
