//! Claims that are none: unsaid, remembered, a reason, a game, a subset of another figure.

use super::{ClaimFinder, SENTENCE_REACH, near, repeated_role};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Pattern},
        event::EventTrigger,
        modality::{Modality, ModalityReader},
        parse::{ClaimType, Role, Stance},
        refutation,
    },
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Tokens after "among them" within which a figure follows.
const SUBSET_REACH: usize = 4;
/// Words between a word such as "against" and the reason for a protest.
const REASON_REACH: usize = 5;

impl ClaimFinder<'_, '_> {
    /// True if the verb of the clause is one of coming back.
    pub(super) fn is_return(&self, clause: &Range<usize>, trigger: &Range<usize>) -> bool {
        let returned = |at: usize| self.passage.roles(at).0.role == Some(Role::Returned);
        let figure = |at: &usize| self.quantities[*at].role == Some(Role::Returned);
        trigger.clone().any(returned) || self.quantities_in(clause, |_, _| true).iter().any(figure)
    }

    /// True if the words for an event are a noun and no party is in their clause.
    pub(super) fn is_vague(&self, event: &EventTrigger, clause: &Range<usize>) -> bool {
        let rule = &self.lexicon.events.rules[usize::from(event.rule)];
        let parties = self.party_finder(clause).of(event);
        rule.is_noun() && parties.actor.is_none() && parties.target.is_none()
    }

    /// True if the event is denied, demanded, negated, a question or only supposed.
    pub(super) fn is_unsaid(&self, pattern: &Pattern, bounds: &Range<usize>, trigger: &Range<usize>) -> bool {
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
            bounds: self.past_excluded(bounds, trigger)..bounds.end,
        };
        unasserted
            || reader.of(trigger, pattern.planned) != Modality::Stated
            || refutation::is_refuted(&self.passage, bounds, trigger)
    }

    /// "the number of dead (not including police) was 31": the negation in brackets is about others.
    fn past_excluded(&self, bounds: &Range<usize>, trigger: &Range<usize>) -> usize {
        let passage = &self.passage;
        let first = trigger.start.saturating_sub(SENTENCE_REACH).max(bounds.start);
        let before = first..trigger.start.max(first);
        let close = before.rev().find(|at| passage.kind(*at) == Some(Kind::Close));
        let open = close.and_then(|close| (first..close).rev().find(|at| passage.kind(*at) == Some(Kind::Open)));
        match (open, close) {
            (Some(open), Some(close)) if passage.slice(open + 1) == "not" => close + 1,
            _ => bounds.start,
        }
    }

    /// "remembered the bomb that exploded last year", "an earlier version of this report said": the words are about another
    /// day, or are taken back.
    pub(super) fn is_remembered(&self, sentence: &Range<usize>, trigger: &Range<usize>) -> bool {
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
    pub(super) fn is_reason(&self, pattern: &Pattern, sentence: &Range<usize>, trigger: &Range<usize>) -> bool {
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
    pub(super) fn is_game(
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
        let player = |at: usize| self.passage.lists(at).has(List::Player);
        let players = quantity.is_some_and(|at| {
            let tokens = &self.quantities[at].tokens;
            (tokens.start..(tokens.end + 2).min(sentence.end)).any(player)
        });
        wounded
            && (players || around().any(|at| self.passage.lists(at).has(List::Sport)))
            && !self.tells_event(&around())
    }

    /// أعلى قمة, قمة الجبل: a peak, and no summit of people.
    pub(super) fn is_peak(&self, at: usize) -> bool {
        let word = |at: usize| self.passage.slice(at);
        let peak = matches!(word(at).trim_start_matches(['و', 'ف', 'ب']), "قمة" | "القمة");
        let highest = at > 0 && matches!(word(at - 1), "أعلى" | "اعلى");
        let mountain = ["جبل", "الجبل", "جبال", "الجبال", "تل", "التل", "تلة", "الهرم", "السلم"];
        peak && (highest || mountain.contains(&word(at + 1)))
    }

    /// A match, a film or an interview is no meeting.
    pub(super) fn is_other(&self, pattern: &Pattern, sentence: &Range<usize>) -> bool {
        pattern.unless != Lists::default() && sentence.clone().any(|at| self.passage.lists(at).any(pattern.unless))
    }

    /// "ten people, among them two women": a figure that another one includes.
    pub(super) fn is_subset(&self, sentence: &Range<usize>, at: usize) -> bool {
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

    /// "one of the attacks": one of several, and no number of attacks.
    pub(super) fn is_one_of(&self, figure: &Range<usize>) -> bool {
        let of = |at: usize| self.passage.slice(at) == "of" && self.passage.lists(at + 1).has(List::Determiner);
        (figure.start + 1..=figure.end).any(of)
    }

    /// True if the sentence refers to an event reported before: "the blast".
    pub(super) fn refers(&self, sentence: &Range<usize>) -> bool {
        sentence.clone().any(|at| {
            let lists = self.passage.lists(at);
            let determined = at > sentence.start && self.passage.lists(at - 1).has(List::Determiner);
            lists.has(List::Reference) || (lists.has(List::Event) && (self.passage.is_definite(at) || determined))
        })
    }
}
