//! Actor and target of a claim: only where the words name them plainly.

use super::{
    finder::EventTrigger,
    lexicon::{EventLexicon, Form, PartyWord},
};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists},
        parse::{ClaimType, Role},
        passage::Passage,
    },
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Words that name a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct PartyAt {
    /// Position of the party in the lexicon.
    pub(in super::super) party: u16,
    pub(in super::super) tokens: Range<usize>,
    acting: bool,
}

/// Actor and target of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Parties {
    pub(in super::super) actor: Option<PartyAt>,
    pub(in super::super) target: Option<PartyAt>,
}

/// Finds the parties of one claim.
pub(in super::super) struct PartyFinder<'f, 'a> {
    pub(in super::super) passage: Passage<'a>,
    pub(in super::super) lexicon: &'f EventLexicon,
    /// The clause of the claim.
    pub(in super::super) clause: Range<usize>,
}

/// Words between a verb and its subject; between it and its object; between "by" and the agent.
const SUBJECT_REACH: usize = 3;
const OBJECT_REACH: usize = 6;
const AGENT_REACH: usize = 12;
/// Words between a word such as "by" or "between" and the party that it governs.
const GOVERNED_REACH: usize = 4;

/// Words for more people of the same kind.
const OTHERS: [&str; 9] = [
    "other",
    "others",
    "more",
    "آخرين",
    "آخرون",
    "آخر",
    "تر",
    "دیکە",
    "another",
];

impl PartyFinder<'_, '_> {
    /// The parties of the event that some words report.
    pub(in super::super) fn of(&self, trigger: &EventTrigger) -> Parties {
        let rule = &self.lexicon.rules[usize::from(trigger.rule)];
        let kind = rule.kind;
        let words = &trigger.tokens;
        let all = self.all(words);
        let mut found = match rule.form {
            Form::State => Parties::default(),
            _ if kind == ClaimType::Clash => self.two_sides(&all, words),
            Form::Verb => match self.passage.language {
                Language::English => self.english_verb(&all, kind, words),
                Language::Sorani => self.sorani_verb(&all, kind, words),
                _ => self.arabic_verb(&all, kind, words),
            },
            Form::Passive => self.passive(&all, kind, words),
            Form::Noun | Form::Between => self.noun(&all, kind, words),
        };
        found.actor = found.actor.filter(|one| self.lexicon.may_act(kind, one.party));
        // "troops and Peshmerga arrested": of two who acted together none is the actor.
        if kind != ClaimType::Clash
            && found
                .actor
                .as_ref()
                .is_some_and(|one| self.has_partner(&all, kind, one))
        {
            found.actor = None;
        }
        found.target = found
            .target
            .filter(|one| self.lexicon.may_suffer(kind, one.party) && !one.acting);
        if found.actor.as_ref().map(|one| one.party) == found.target.as_ref().map(|one| one.party) {
            found.target = None;
        }
        found
    }

    /// True if "and" joins another party that may act to a party.
    fn has_partner(&self, all: &[PartyAt], kind: ClaimType, one: &PartyAt) -> bool {
        let joined = |first: &PartyAt, second: &PartyAt| {
            let between = first.tokens.end..second.tokens.start;
            let and = |at: usize| {
                self.passage.lists(at).has(List::And)
                    || self.passage.slice(at) == "و"
                    || self.passage.has_proclitic(at, 'و')
                    || self.passage.slice(at).starts_with("وال")
            };
            let joins = between.len() < SUBJECT_REACH && between.clone().chain([second.tokens.start]).any(and);
            let plain = |at: usize| {
                let roles = self.passage.roles(at).0;
                self.passage.is_word(at) && roles.role.is_none() && roles.verb.is_none()
            };
            joins && between.clone().all(plain)
        };
        all.iter().any(|other| {
            other.party != one.party
                && self.may_act(kind, other)
                && (other.tokens.start >= one.tokens.end && joined(one, other)
                    || other.tokens.end <= one.tokens.start && joined(other, one))
        })
    }

    /// The parties of killed and wounded people: those whom the figures count, and the one that an attack is attributed
    /// to.
    pub(in super::super) fn of_casualties(&self, figures: &[Range<usize>]) -> Parties {
        let kind = ClaimType::Casualties;
        let (Some(first), Some(last)) = (figures.first(), figures.last()) else {
            return Parties::default();
        };
        let all = self.all(&(0..0));
        let counted = |one: &&PartyAt| {
            figures.iter().any(|figure| {
                let overlaps = one.tokens.start < figure.end && figure.start < one.tokens.end;
                let follows = one.tokens.start >= figure.end
                    && one.tokens.start - figure.end <= 2
                    && !self.passage.has_proclitic(one.tokens.start, 'و')
                    && self.is_object_gap(figure.end..one.tokens.start);
                (overlaps || follows) && self.may_suffer(kind, one)
            })
        };
        let acting = self.killer(&all, first);
        let mut targets = all.iter().filter(counted).filter(|one| Some(*one) != acting);
        let target = targets.next();
        // Two parties among the dead are no one party.
        let target = target.filter(|one| targets.all(|other| other.party == one.party));
        // أصيب شرطيان ومدني: a figure of other people, of whom no party is known, is not the target either.
        let known = |figure: &Range<usize>| {
            let named = figure.clone().any(|at| self.passage.roles(at).0.unit.is_some());
            let others = figure.clone().any(|at| OTHERS.contains(&self.passage.slice(at)));
            let harmed = figure.clone().any(|at| {
                let roles = self.passage.roles(at).0;
                roles.role.is_some() || roles.noun_role.is_some()
            });
            !named
                || others
                || harmed
                || all.iter().any(|one| {
                    let overlaps = one.tokens.start < figure.end && figure.start < one.tokens.end;
                    let follows = one.tokens.start >= figure.end && one.tokens.start - figure.end <= 2;
                    overlaps || (follows && !self.passage.has_proclitic(one.tokens.start, 'و'))
                })
        };
        let target = target.filter(|_| figures.iter().all(known));
        let agent = self
            .agent(&all, &(first.start..last.end))
            .or_else(|| self.agent(&all, first))
            .or(acting)
            .or_else(|| self.attacker(&all));
        Parties {
            actor: agent.filter(|one| self.may_act(kind, one)).cloned(),
            target: target
                .filter(|one| agent.is_none_or(|agent| agent.party != one.party))
                .cloned(),
        }
    }

    /// The subject of a verb whose object is the figure: "the army killed six", قتل الجيش ستة, داعش دوو کەسی کوشت.
    fn killer<'p>(&self, all: &'p [PartyAt], figure: &Range<usize>) -> Option<&'p PartyAt> {
        let harms = |at: usize| self.passage.roles(at).0.role.is_some() && self.passage.roles(at).0.unit.is_none();
        match self.passage.language {
            Language::English => {
                let first = figure.start.saturating_sub(SUBJECT_REACH).max(self.clause.start);
                // "killed" is a noun too: "five killed".
                let harmed = |at: &usize| self.passage.roles(*at).0.role.is_some();
                let verb = (first..figure.start).rev().find(harmed)?;
                let gap = verb + 1..figure.start;
                let passive = verb > self.clause.start && self.passage.lists(verb - 1).has(List::Passive);
                let direct = self.is_object_gap(gap) && !passive && !self.passage.slice(verb).ends_with("ing");
                self.subject_before(all, verb).filter(|_| direct)
            }
            Language::Sorani => {
                let last = (figure.end + AGENT_REACH).min(self.clause.end);
                let verb = (figure.end..last).find(|at| harms(*at))?;
                let word = self.passage.slice(verb);
                let light = matches!(self.passage.slice(verb + 1), "کرد" | "کردن" | "کردووە" | "دەکات");
                let active = word.starts_with("کوشت") || word.ends_with("کرد") || (light && verb + 1 < self.clause.end);
                self.initial(all, figure.start).filter(|_| active)
            }
            _ => all.iter().find(|one| {
                let verb = one.tokens.start.checked_sub(1).filter(|at| *at >= self.clause.start);
                let verb = verb.filter(|at| harms(*at) && !self.passage.slice(*at).starts_with(['م', 'إ', 'ا']));
                let near = figure.start >= one.tokens.end && figure.start - one.tokens.end <= SUBJECT_REACH;
                verb.is_some() && near && !self.has_preposition(one) && self.is_object_gap(one.tokens.end..figure.start)
            }),
        }
    }

    /// A state or its government is the subject of a verb of protest: "Baghdad protested".
    pub(in super::super) fn is_diplomatic(&self, trigger: &EventTrigger) -> bool {
        let rule = &self.lexicon.rules[usize::from(trigger.rule)];
        let all = self.all(&trigger.tokens);
        let subject = match self.passage.language {
            Language::English => self.subject_before(&all, trigger.tokens.start),
            Language::Arabic => all.iter().find(|one| one.tokens.start == trigger.tokens.end),
            _ => None,
        };
        rule.form == Form::Verb && subject.is_some_and(|one| !self.lexicon.may_act(rule.kind, one.party))
    }

    /// The subject of a verb of attack, in the clauses before the result: "militants attacked a checkpoint,
    /// killing two".
    pub(in super::super) fn attacker_before(&self, result: usize) -> Option<PartyAt> {
        if !(result..result + 2).any(|at| self.passage.lists(at).has(List::Result)) {
            return None;
        }
        let attacked = self.lexicon.class_set("attacked");
        let attacks = |at: &usize| self.lexicon.class_at(&self.passage, *at) & attacked != 0;
        let mut verbs = self.clause.clone().filter(attacks);
        let (Some(verb), None) = (verbs.next(), verbs.next()) else {
            return None;
        };
        let passive = verb > self.clause.start && self.passage.lists(verb - 1).has(List::Passive);
        let all = self.all(&(verb..verb + 1));
        let one = match self.passage.language {
            Language::English => self.subject_before(&all, verb),
            Language::Sorani => self.initial(&all, verb),
            _ => all
                .iter()
                .find(|one| one.tokens.start == verb + 1 && !self.is_governed(one)),
        };
        let one = one.filter(|one| !passive && self.may_act(ClaimType::Casualties, one))?;
        (!self.has_partner(&all, ClaimType::Casualties, one)).then(|| one.clone())
    }

    /// The party of an attack: "an ISIS attack", "هجوم لتنظيم داعش", "هێرشێکی داعش".
    fn attacker<'p>(&self, all: &'p [PartyAt]) -> Option<&'p PartyAt> {
        let attack = self.lexicon.class_set("attack");
        let at = self
            .clause
            .clone()
            .find(|at| self.lexicon.class_at(&self.passage, *at) & attack != 0)?;
        match self.passage.language {
            Language::English => all.iter().find(|one| one.tokens.end == at && !one.acting),
            Language::Sorani => all.iter().find(|one| one.tokens.start == at + 1),
            _ => all.iter().find(|one| {
                let owned = one.tokens.start == at + 1 && self.passage.has_proclitic(one.tokens.start, 'ل');
                let launched =
                    self.lexicon.class_at(&self.passage, at + 1) & self.lexicon.class_set("launched_it") != 0;
                owned || (launched && one.tokens.start == at + 2)
            }),
        }
    }

    /// The parties that a clause names, in order.
    fn all(&self, words: &Range<usize>) -> Vec<PartyAt> {
        let mut found = Vec::new();
        let mut at = self.clause.start;
        while at < self.clause.end {
            let Passage {
                text, tokens, language, ..
            } = self.passage;
            let apart = |len: usize| at + len <= words.start || at >= words.end;
            let named = self.lexicon.party_words.at(text, tokens, at, language);
            // ئاوارە بوون: the first word of a verb is no party.
            let verb = language == Language::Sorani
                && self.passage.roles(at).0.role == Some(Role::Displaced)
                && self.passage.lists(at + 1).has(List::Light);
            match named
                .filter(|(_, len)| apart(*len) && !verb)
                .max_by_key(|(_, len)| *len)
            {
                Some((PartyWord { party, acting }, len)) if at + len <= self.clause.end => {
                    found.push(PartyAt {
                        party,
                        tokens: at..at + len,
                        acting,
                    });
                    at += len;
                }
                _ => at += 1,
            }
        }
        found
    }

    fn may_act(&self, kind: ClaimType, one: &PartyAt) -> bool {
        self.lexicon.may_act(kind, one.party)
    }

    /// A party that may be the actor where nothing says which it is. Of an arrest an insurgent is the target then.
    fn may_as_well_act(&self, kind: ClaimType, one: &PartyAt) -> bool {
        let insurgent = self.lexicon.parties[usize::from(one.party)].kind == "insurgent";
        self.may_act(kind, one) && !(kind == ClaimType::Arrest && insurgent)
    }

    fn may_suffer(&self, kind: ClaimType, one: &PartyAt) -> bool {
        self.lexicon.may_suffer(kind, one.party) && !one.acting
    }

    // ------------------------------------------------------------------ two sides

    /// "between A and B", "A clashed with B".
    fn two_sides(&self, all: &[PartyAt], words: &Range<usize>) -> Parties {
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
    fn is_joined(&self, between: Range<usize>, next: usize) -> bool {
        let and = |at: usize| self.passage.lists(at).has(List::And) || self.passage.slice(at).starts_with('و');
        between.len() <= GOVERNED_REACH
            && between.clone().chain([next]).any(and)
            && !between.clone().any(|at| self.is_mark(at))
    }

    // ------------------------------------------------------------------ verbs

    fn english_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
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

    fn arabic_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
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
    fn is_kept_from(&self, kind: ClaimType, one: &PartyAt, words: &Range<usize>) -> bool {
        let next =
            (one.tokens.end..(one.tokens.end + 2).min(self.clause.end)).find(|at| self.passage.slice(*at) == "من");
        kind == ClaimType::LandSeizureOrDeniedAccess
            && one.tokens.start == words.end
            && next.is_some()
            && self.may_suffer(kind, one)
    }

    /// حاصر الجيش القرية ومنع …: the subject of the verb that the clause begins with, where "and" joins a second one of the
    /// same gender.
    fn subject_of_joined<'p>(&self, all: &'p [PartyAt], words: &Range<usize>) -> Option<&'p PartyAt> {
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
    fn takes_figure(&self, kind: ClaimType, one: &PartyAt) -> bool {
        let insurgent = self.lexicon.parties[usize::from(one.party)].kind == "insurgent";
        kind != ClaimType::Arrest || !insurgent || self.has_object(one)
    }

    /// True if a counted noun follows a party that is no accusative itself.
    fn has_object(&self, one: &PartyAt) -> bool {
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

    fn sorani_verb(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
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

    fn passive(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
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

    // ------------------------------------------------------------------ nouns

    fn noun(&self, all: &[PartyAt], kind: ClaimType, words: &Range<usize>) -> Parties {
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

    // ------------------------------------------------------------------ words around a party

    /// The party after "by" or its like.
    fn agent<'p>(&self, all: &'p [PartyAt], words: &Range<usize>) -> Option<&'p PartyAt> {
        let after = words.end..(words.end + AGENT_REACH).min(self.clause.end);
        let before = words.start.saturating_sub(AGENT_REACH).max(self.clause.start)..words.start;
        let open = |at: &usize| {
            !matches!(
                self.passage.kind(*at),
                Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Colon)
            )
        };
        let by = match self.passage.language {
            Language::Sorani => before
                .rev()
                .take_while(open)
                .find(|at| self.is_by(*at))
                .or_else(|| after.take_while(open).find(|at| self.is_by(*at))),
            _ => after
                .take_while(open)
                .take_while(|at| self.passage.roles(*at).0.verb.is_none())
                .find(|at| self.is_by(*at)),
        }?;
        let by_end = self.by_end(by);
        let agent = all.iter().find(|one| one.tokens.start >= by_end)?;
        let gap = by_end..agent.tokens.start;
        // بهجوم على الجيش: the party after the preposition is the target.
        let toward = |at: usize| self.passage.language == Language::Arabic && self.passage.lists(at).has(List::Stop);
        let plain = |at: usize| self.passage.is_word(at) && !toward(at);
        (gap.len() <= 2 && gap.into_iter().all(plain)).then_some(agent)
    }

    /// The party between a verb such as "launched" and the noun of the event: شنت طائرات غارات.
    fn launcher<'p>(&self, all: &'p [PartyAt], noun: usize) -> Option<&'p PartyAt> {
        let one = all.iter().rev().find(|one| one.tokens.end <= noun)?;
        let verb = one.tokens.start.checked_sub(1).filter(|at| *at >= self.clause.start)?;
        let launches = self.lexicon.class_at(&self.passage, verb) & self.lexicon.class_set("launch") != 0;
        (launches && noun - one.tokens.end <= 1).then_some(one)
    }

    /// The token after a preposition such as "on" that leads to the target of a strike.
    fn skip_on(&self, at: usize) -> usize {
        let on = at < self.clause.end && self.lexicon.class_at(&self.passage, at) & self.lexicon.class_set("on") != 0;
        at + usize::from(on)
    }

    fn is_by(&self, at: usize) -> bool {
        at < self.clause.end && self.lexicon.class_at(&self.passage, at) & self.lexicon.class_set("by") != 0
    }

    fn by_end(&self, at: usize) -> usize {
        let phrases = self
            .lexicon
            .classes
            .at(self.passage.text, self.passage.tokens, at, self.passage.language);
        at + phrases.map(|(_, len)| len).max().unwrap_or(1)
    }

    /// The party right before a verb, with only adverbs and auxiliaries between, and no preposition before it.
    fn subject_before<'p>(&self, all: &'p [PartyAt], verb: usize) -> Option<&'p PartyAt> {
        let one = all.iter().rev().find(|one| one.tokens.end <= verb)?;
        let gap = one.tokens.end..verb;
        // "residents of Jalawla": the place they are from may come between.
        let mut of = false;
        let mut is_clear = |at: usize| {
            of |= self.passage.slice(at) == "of";
            let named = of && (self.passage.slice(at) == "of" || self.passage.tokens[at].is_capital());
            named || self.is_adverbial(at)
        };
        let clear = gap.len() <= SUBJECT_REACH && gap.clone().all(&mut is_clear);
        (clear && !self.is_governed(one)).then_some(one)
    }

    /// The first party of a clause, near its beginning.
    fn initial<'p>(&self, all: &'p [PartyAt], before: usize) -> Option<&'p PartyAt> {
        self.initial_from(all, self.clause.start, before)
    }

    /// The first party after the last verb that "and" follows: پێشمەرگە کشایەوە و حەشد چووە ناو …
    fn initial_of_last<'p>(&self, all: &'p [PartyAt], before: usize) -> Option<&'p PartyAt> {
        let ends = |at: usize| {
            let (roles, _) = self.passage.roles(at);
            let verb = ["ەوە", "کرد", "کران", "وون", "ناو"]
                .iter()
                .any(|end| self.passage.slice(at).ends_with(end));
            roles.role.is_some() || roles.lists.has(List::Light) || verb
        };
        let joined = |at: &usize| self.passage.lists(*at).has(List::And) && *at > self.clause.start && ends(*at - 1);
        let last = (self.clause.start..before).rev().find(joined).map(|at| at + 1);
        let later = last.and_then(|from| self.initial_from(all, from, before));
        later.or_else(|| self.initial(all, before))
    }

    fn initial_from<'p>(&self, all: &'p [PartyAt], from: usize, before: usize) -> Option<&'p PartyAt> {
        let one = all
            .iter()
            .find(|one| one.tokens.start >= from)
            .filter(|one| one.tokens.end <= before)?;
        let lead = from..one.tokens.start;
        // درۆنێک بنکەیەکی پێشمەرگەی …: an indefinite noun before the party is the subject itself.
        let other = |at: usize| self.passage.slice(at).ends_with("ێک") && !self.passage.lists(at).has(List::Time);
        let sorani = self.passage.language == Language::Sorani;
        // فڕۆکەیەکی جەنگی حەشارگەیەکی داعشی …: so is an aircraft that ی does not join to the party.
        let aircraft = self.lexicon.class_set("aircraft");
        let flies = |at: usize| at + 1 < one.tokens.start && self.lexicon.class_at(&self.passage, at) & aircraft != 0;
        let plain = lead.len() <= SUBJECT_REACH
            && !lead
                .clone()
                .any(|at| self.passage.lists(at).has(List::Stop) && !self.passage.lists(at).has(List::And))
            && !(sorani && lead.clone().any(|at| other(at) || flies(at)));
        (plain && !self.is_after_preposition(one)).then_some(one)
    }

    fn object_after<'p>(&self, all: &'p [PartyAt], verb_end: usize) -> Option<&'p PartyAt> {
        let one = all.iter().find(|one| one.tokens.start >= verb_end)?;
        let gap = verb_end..one.tokens.start;
        (gap.len() <= OBJECT_REACH && self.is_object_gap(gap)).then_some(one)
    }

    /// True for words that may come between a verb and the party that is its object: numbers, nouns, "of".
    fn is_object_gap(&self, gap: Range<usize>) -> bool {
        gap.into_iter().all(|at| {
            let (roles, _) = self.passage.roles(at);
            let slice = self.passage.slice(at);
            let partitive = matches!(
                slice,
                "of" | "the" | "a" | "an" | "من" | "لـ" | "some" | "at" | "least" | "about" | "نحو" | "than"
            );
            let word = self.passage.is_word(at) || self.passage.kind(at) == Some(Kind::Number);
            let breaks = roles.lists.any(Lists::of(&[
                List::Stop,
                List::That,
                List::Boundary,
                List::Relative,
                List::Adjunct,
                List::Result,
            ]));
            word && !self.is_by(at) && (partitive || !(breaks || roles.verb.is_some() || self.is_harm(at)))
        })
    }

    /// A verb of harm between a verb and a party belongs to another clause.
    fn is_harm(&self, at: usize) -> bool {
        let (roles, _) = self.passage.roles(at);
        roles.role.is_some() && roles.unit.is_none() && roles.noun_role.is_none()
    }

    fn is_adverbial(&self, at: usize) -> bool {
        let lists = self.passage.lists(at);
        let adverb = self.passage.slice(at).ends_with("ly");
        adverb
            || lists.has(List::Auxiliary)
            || lists.has(List::Time)
            || matches!(
                self.passage.slice(at),
                "on" | "had" | "has" | "have" | "قد" | "يوم" | "من" | "early" | "late" | "also"
            )
    }

    /// True if a preposition or a noun precedes the party and governs it.
    fn is_governed(&self, one: &PartyAt) -> bool {
        self.has_preposition(one) || self.is_after_preposition(one)
    }

    /// A preposition is written to it.
    fn has_preposition(&self, one: &PartyAt) -> bool {
        let letters = ['ب', 'ل', 'ك'];
        letters
            .iter()
            .any(|letter| self.passage.has_proclitic(one.tokens.start, *letter))
    }

    fn is_after_preposition(&self, one: &PartyAt) -> bool {
        let first = one.tokens.start.saturating_sub(2).max(self.clause.start);
        (first..one.tokens.start)
            .rev()
            .take_while(|at| self.passage.is_word(*at))
            .any(|at| {
                let lists = self.passage.lists(at);
                let slice = self.passage.slice(at).to_lowercase();
                let article = matches!(
                    slice.as_str(),
                    "the" | "a" | "an" | "and" | "و" | "that" | "but" | "when" | "after" | "while"
                );
                // "dozens of activists"
                let counted = slice == "of"
                    && at
                        .checked_sub(1)
                        .is_some_and(|before| self.passage.roles(before).0.number.is_some());
                lists.has(List::Stop) && !article && !counted
            })
    }

    fn is_mark(&self, at: usize) -> bool {
        matches!(
            self.passage.kind(at),
            Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Colon)
        )
    }
}
