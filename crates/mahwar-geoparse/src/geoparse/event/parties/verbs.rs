//! Parties of a verb: its subject, its object, and the agent of a passive.

use super::{GOVERNED_REACH, OBJECT_REACH, Parties, PartyAt, PartyFinder, SUBJECT_REACH};
use crate::{
    geoparse::{claim_lexicon::List, parse::ClaimType},
    language::Language,
    text::Kind,
};
use std::ops::Range;

impl PartyFinder<'_, '_> {
    pub(super) fn english_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
        let auxiliary = (words.start.saturating_sub(SUBJECT_REACH).max(self.clause.start)..words.start)
            .rev()
            .take_while(|at| self.passage.is_word(*at))
            .find(|at| self.passage.lists(*at).has(List::Passive));
        let own = self.passage.lists(words.start).has(List::Passive);
        let agent = self.agent(all, words);
        if auxiliary.is_some() || own || self.is_by(words.end) {
            let verb = auxiliary.unwrap_or(words.start);
            return Parties {
                actor: agent.cloned(),
                target: self.subject_before(all, verb).cloned(),
            };
        }
        // "Five militants arrested in Kirkuk": no object follows.
        let reduced = matches!(kind, ClaimType::Arrest | ClaimType::Abduction)
            && matches!(
                self.passage.slice(words.end),
                "in" | "on" | "at" | "near" | "during" | "after" | "outside" | "over"
            );
        if reduced {
            return Parties {
                actor: agent.cloned(),
                target: self.subject_before(all, words.start).cloned(),
            };
        }
        let subject = self
            .subject_before(all, words.start)
            .filter(|one| self.may_act(kind, one));
        let object = match kind {
            ClaimType::Protest => None,
            ClaimType::AirstrikeOrShelling => self.object_after(all, self.skip_on(words.end)),
            _ => self.object_after(all, words.end),
        };
        let intransitive = kind == ClaimType::DisplacementOrReturn;
        Parties {
            actor: subject.cloned(),
            target: match intransitive {
                true => self.subject_before(all, words.start).cloned(),
                false => object.cloned(),
            },
        }
    }

    pub(super) fn arabic_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
        let agent = self.agent(all, words);
        let after = all.iter().find(|one| one.tokens.start >= words.end);
        let near = |reach: usize| {
            after.filter(|one| one.tokens.start - words.end <= reach && self.is_object_gap(words.end..one.tokens.start))
        };
        if agent.is_some() {
            return Parties {
                actor: agent.cloned(),
                target: near(OBJECT_REACH).filter(|one| Some(*one) != agent).cloned(),
            };
        }
        if let Some(kept) = after.filter(|one| self.is_kept_from(kind, one, words)) {
            return Parties {
                actor: self
                    .subject_of_joined(all, words)
                    .filter(|one| self.may_act(kind, one))
                    .cloned(),
                target: Some(kept.clone()),
            };
        }
        match kind {
            ClaimType::Protest => {
                return Parties {
                    actor: near(GOVERNED_REACH)
                        .or_else(|| self.subject_before(all, words.start))
                        .cloned(),
                    target: None,
                };
            }
            ClaimType::DisplacementOrReturn => {
                return Parties {
                    actor: None,
                    target: near(GOVERNED_REACH)
                        .or_else(|| self.subject_before(all, words.start))
                        .cloned(),
                };
            }
            _ => {}
        }
        let subject =
            after.filter(|one| one.tokens.start == words.end && self.may_act(kind, one) && !self.is_governed(one));
        let subject = subject.or_else(|| {
            self.subject_before(all, words.start)
                .filter(|one| self.may_act(kind, one))
        });
        let subject = subject.filter(|one| self.takes_figure(kind, one));
        // اعتقل داعش 20 شابا: a party between the verb and the figure is who did it.
        if subject.is_none() && after.is_some_and(|one| one.tokens.start == words.end && self.has_object(one)) {
            return Parties::default();
        }
        let from = self.skip_on(subject.map_or(words.end, |one| one.tokens.end.max(words.end)));
        let object = all
            .iter()
            .find(|one| one.tokens.start >= from)
            .filter(|one| one.tokens.start - from <= OBJECT_REACH && self.is_object_gap(from..one.tokens.start))
            .filter(|one| self.may_suffer(kind, one) && !self.has_preposition(one));
        // اعتقل داعش …: nothing says whether the group was arrested or arrests.
        let open = |one: &&PartyAt| {
            let insurgent = self.may_act(kind, one) && !self.may_as_well_act(kind, one);
            insurgent && one.tokens.start == words.end && !self.passage.slice(one.tokens.end - 1).ends_with("ين")
        };
        let object = object.filter(|one| subject.is_some() || !open(one));
        // Without a subject, a party that may do it as well as suffer it may be either.
        let object = object.filter(|one| subject.is_some() || !self.may_as_well_act(kind, one));
        Parties {
            actor: subject.cloned(),
            target: object.cloned(),
        }
    }

    /// منع المزارعين من الوصول: the party right after the verb is kept from something, and another one keeps it.
    pub(super) fn is_kept_from(&self, kind: ClaimType, one: &PartyAt, words: &Range<usize>) -> bool {
        let next =
            (one.tokens.end..(one.tokens.end + 2).min(self.clause.end)).find(|at| self.passage.slice(*at) == "من");
        kind == ClaimType::LandSeizureOrDeniedAccess
            && one.tokens.start == words.end
            && next.is_some()
            && self.may_suffer(kind, one)
    }

    /// حاصر الجيش القرية ومنع …: the subject of the verb that the clause begins with, where "and" joins a second one of the
    /// same gender.
    pub(super) fn subject_of_joined<'p>(&self, all: &'p [PartyAt], words: &Range<usize>) -> Option<&'p PartyAt> {
        let first = self.clause.start;
        let feminine = |at: usize| self.passage.slice(at).ends_with('ت');
        let joined = self.passage.slice(words.start).starts_with('و') && feminine(first) == feminine(words.end - 1);
        let one = all
            .first()
            .filter(|one| one.tokens.start == first + 1 && one.tokens.end <= words.start)?;
        (joined && !self.is_governed(one)).then_some(one)
    }

    /// An insurgent group arrests only whom the text counts or names after it: the letters of "arrested" are those of "was
    /// arrested".
    pub(super) fn takes_figure(&self, kind: ClaimType, one: &PartyAt) -> bool {
        let insurgent = self.lexicon.parties[usize::from(one.party)].kind == "insurgent";
        kind != ClaimType::Arrest || !insurgent || self.has_object(one)
    }

    /// True if a counted noun follows a party that is no accusative itself.
    pub(super) fn has_object(&self, one: &PartyAt) -> bool {
        let accusative = self.passage.slice(one.tokens.end - 1).ends_with("ين");
        let next = one.tokens.end..(one.tokens.end + SUBJECT_REACH).min(self.clause.end);
        let counts = |at: usize| {
            self.passage.kind(at) == Some(Kind::Number)
                || self.passage.roles(at).0.number.is_some()
                || self.passage.roles(at).0.unit.is_some_and(|unit| unit.is_dual())
        };
        let clear = |at: &usize| {
            !self.passage.lists(*at).has(List::Stop) || self.passage.roles(*at).0.approximates_next.is_some()
        };
        !accusative && next.take_while(clear).any(counts)
    }

    pub(super) fn sorani_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
        let agent = self.agent(all, words);
        let first = self.initial_of_last(all, words.start);
        let subject = agent.or_else(|| first.filter(|one| self.may_act(kind, one)));
        if kind == ClaimType::Protest {
            return Parties {
                actor: subject.cloned(),
                target: None,
            };
        }
        let object = all
            .iter()
            .rev()
            .find(|one| one.tokens.end <= words.start && Some(*one) != subject)
            .filter(|one| words.start - one.tokens.end <= SUBJECT_REACH && !self.is_after_preposition(one));
        let object = object.filter(|one| subject.is_some() || !self.may_as_well_act(kind, one));
        let object = object.filter(|one| subject.is_none_or(|subject| subject.tokens.end <= one.tokens.start));
        // ڕێگری لە جووتیاران: the target follows the words.
        let object = object.or_else(|| {
            let kept = kind == ClaimType::LandSeizureOrDeniedAccess;
            let after = all.iter().find(|one| one.tokens.start >= words.end).filter(|_| kept);
            after.filter(|one| one.tokens.start - words.end <= 1)
        });
        Parties {
            actor: subject.cloned(),
            target: object.cloned(),
        }
    }

    pub(super) fn passive(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
        let agent = self.agent(all, words);
        let target = match self.passage.language {
            Language::Sorani => {
                let before = all
                    .iter()
                    .rev()
                    .find(|one| one.tokens.end <= words.start && Some(*one) != agent);
                before.filter(|one| words.start - one.tokens.end <= OBJECT_REACH && !self.is_after_preposition(one))
            }
            Language::English => self.subject_before(all, words.start),
            _ => all
                .iter()
                .find(|one| one.tokens.start >= words.end && Some(*one) != agent)
                .filter(|one| {
                    one.tokens.start - words.end <= GOVERNED_REACH && self.is_object_gap(words.end..one.tokens.start)
                })
                .or_else(|| self.subject_before(all, words.start)),
        };
        Parties {
            actor: agent.cloned(),
            target: target.filter(|one| self.may_suffer(kind, one)).cloned(),
        }
    }
}
