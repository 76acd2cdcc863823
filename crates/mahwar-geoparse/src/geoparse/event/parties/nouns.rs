//! Parties of a noun, and the two sides of an event between them.

use super::{AGENT_REACH, GOVERNED_REACH, OBJECT_REACH, Parties, PartyAt, PartyFinder};
use crate::{
    geoparse::{claim_lexicon::List, parse::ClaimType},
    language::Language,
    text::Kind,
};
use std::ops::Range;

impl PartyFinder<'_, '_> {
    /// "between A and B", "A clashed with B".
    pub(super) fn two_sides(&self, all: &[PartyAt], words: &Range<usize>) -> Parties {
        let between = self.lexicon.class_set("between");
        let opens = |at: &usize| self.lexicon.class_at(&self.passage, *at) & between != 0;
        let near = words.start.saturating_sub(AGENT_REACH).max(self.clause.start)..self.clause.end;
        if let Some(at) = near.clone().find(opens) {
            let mut sides = all.iter().filter(|one| one.tokens.start > at);
            if let (Some(one), Some(other)) = (sides.next(), sides.next())
                && one.tokens.start - at <= GOVERNED_REACH
                && self.is_joined(one.tokens.end..other.tokens.start, other.tokens.start)
            {
                return Parties {
                    actor: Some(one.clone()),
                    target: Some(other.clone()),
                };
            }
            return Parties::default();
        }
        let with = self.lexicon.class_set("with");
        let Some(at) = (words.end..(words.end + GOVERNED_REACH).min(self.clause.end))
            .find(|at| self.lexicon.class_at(&self.passage, *at) & with != 0)
            .or_else(|| {
                let sorani = self.passage.language == Language::Sorani;
                let before = words.start.saturating_sub(AGENT_REACH).max(self.clause.start)..words.start;
                sorani
                    .then(|| {
                        before
                            .rev()
                            .find(|at| self.lexicon.class_at(&self.passage, *at) & with != 0)
                    })
                    .flatten()
            })
        else {
            return Parties::default();
        };
        let target = all
            .iter()
            .find(|one| one.tokens.start > at && one.tokens.start - at <= GOVERNED_REACH);
        let actor = match self.passage.language {
            Language::English => self.subject_before(all, words.start),
            Language::Sorani => self.initial(all, at),
            _ => self.subject_before(all, words.start).or_else(|| {
                all.iter()
                    .find(|one| one.tokens.start == words.end && one.tokens.end <= at)
            }),
        };
        match (actor, target) {
            (Some(actor), Some(target)) if actor.tokens.end <= at => Parties {
                actor: Some(actor.clone()),
                target: Some(target.clone()),
            },
            _ => Parties::default(),
        }
    }

    /// "A and B" with a few words of B before it.
    pub(super) fn is_joined(&self, between: Range<usize>, next: usize) -> bool {
        let and = |at: usize| self.passage.lists(at).has(List::And) || self.passage.slice(at).starts_with('و');
        between.len() <= GOVERNED_REACH
            && between.clone().chain([next]).any(and)
            && !between.clone().any(|at| self.is_mark(at))
    }

    pub(super) fn noun(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
        let agent = self.agent(all, words);
        let after = all
            .iter()
            .find(|one| one.tokens.start >= words.end && Some(*one) != agent);
        let beside = after.filter(|one| one.tokens.start == words.end);
        let acts_in_noun = matches!(
            kind,
            ClaimType::AirstrikeOrShelling | ClaimType::Protest | ClaimType::ChangeOfControl
        );
        if self.passage.language == Language::English {
            let on = self.lexicon.class_set("on");
            let governs = (words.end..(words.end + 1).min(self.clause.end))
                .any(|at| self.lexicon.class_at(&self.passage, at) & on != 0)
                || self.passage.slice(words.end - 1) == "of";
            let target = after.filter(|one| {
                governs
                    && one.tokens.start - words.end <= OBJECT_REACH
                    && self.is_object_gap(words.end + 1..one.tokens.start)
            });
            let before = all.iter().rev().find(|one| one.tokens.end <= words.start);
            let before = before.filter(|one| {
                let gap = one.tokens.end..words.start;
                acts_in_noun
                    && (gap.is_empty() || (gap.len() == 1 && self.passage.kind(gap.start) == Some(Kind::Possessive)))
            });
            return Parties {
                actor: agent.or(before).cloned(),
                target: target.filter(|one| self.may_suffer(kind, one)).cloned(),
            };
        }
        let launched = self.launcher(all, words.start);
        let actor = agent.or(launched).or_else(|| {
            beside.filter(|one| {
                let owned = acts_in_noun && self.passage.has_proclitic(one.tokens.start, 'ل');
                self.may_act(kind, one) && (owned || !self.lexicon.may_suffer(kind, one.party))
            })
        });
        let from = self.skip_on(words.end);
        let after = all.iter().find(|one| one.tokens.start >= from && Some(*one) != actor);
        let target = after.filter(|one| {
            self.may_suffer(kind, one)
                && (!self.may_as_well_act(kind, one) || launched.is_some())
                && one.tokens.start - from <= GOVERNED_REACH
                && self.is_object_gap(from..one.tokens.start)
        });
        Parties {
            actor: actor.cloned(),
            target: target.cloned(),
        }
    }
}
