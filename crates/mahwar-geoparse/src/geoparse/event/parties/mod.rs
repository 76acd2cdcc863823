//! Actor and target of a claim: only where the words name them plainly.

mod agent;
mod around;
mod nouns;
mod verbs;

use super::{
    finder::EventTrigger,
    lexicon::{EventLexicon, Form, PartyWord},
};
use crate::{
    geoparse::{
        claim_lexicon::List,
        parse::{ClaimType, Role},
        passage::Passage,
    },
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Words that name a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::geoparse) struct PartyAt {
    /// Position of the party in the lexicon.
    pub(in crate::geoparse) party: u16,
    pub(in crate::geoparse) tokens: Range<usize>,
    acting: bool,
}

/// Actor and target of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::geoparse) struct Parties {
    pub(in crate::geoparse) actor: Option<PartyAt>,
    pub(in crate::geoparse) target: Option<PartyAt>,
}

/// Finds the parties of one claim.
pub(in crate::geoparse) struct PartyFinder<'f, 'a> {
    pub(in crate::geoparse) passage: Passage<'a>,
    pub(in crate::geoparse) lexicon: &'f EventLexicon,
    /// The clause of the claim.
    pub(in crate::geoparse) clause: Range<usize>,
}

/// Words between a verb and its subject; between it and its object; between "by" and the agent.
const SUBJECT_REACH: usize = 3;
const OBJECT_REACH: usize = 6;
const AGENT_REACH: usize = 12;
/// Words between a word such as "by" or "between" and the party that it governs.
const GOVERNED_REACH: usize = 4;

impl PartyFinder<'_, '_> {
    /// The parties of the event that some words report.
    pub(in crate::geoparse) fn of(&self, trigger: &EventTrigger) -> Parties {
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
            .filter(|one| self.lexicon.may_suffer(kind, one.party) && !one.acting)
            .filter(|one| rule.form != Form::Passive || !self.is_enclosed(one, words));
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
    pub(in crate::geoparse) fn of_casualties(&self, figures: &[Range<usize>]) -> Parties {
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
            let others = figure.clone().any(|at| self.passage.lists(at).has(List::Others));
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
    pub(in crate::geoparse) fn is_diplomatic(&self, trigger: &EventTrigger) -> bool {
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
    pub(in crate::geoparse) fn attacker_before(&self, result: usize) -> Option<PartyAt> {
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
                .filter(|(word, len)| apart(*len) && !verb && !self.is_other_bearer(word.party, at..at + len))
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

    /// "the Libyan army", الجيش السوري: the forces of another state than the one that the bare words name; "the Workers' Party":
    /// a word inside the name of an organisation.
    fn is_other_bearer(&self, party: u16, tokens: Range<usize>) -> bool {
        let passage = &self.passage;
        let kind = self.lexicon.parties[usize::from(party)].kind.as_str();
        let is_foreign = |at: usize| self.lexicon.nationalities.is_foreign(passage.slice(at));
        let capital = |at: usize| passage.token(at).is_some_and(|token| token.is_capital());
        match (passage.language, kind) {
            (Language::English, "state") => tokens.start > self.clause.start && is_foreign(tokens.start - 1),
            (Language::English, "civilians" | "protesters") => {
                let owned = passage.kind(tokens.end) == Some(Kind::Possessive);
                let mark = !passage.is_word(tokens.end) && passage.is_unspaced(tokens.end);
                let next = tokens.end + usize::from(owned || mark);
                tokens.len() == 1 && capital(tokens.start) && tokens.start > self.clause.start && capital(next)
            }
            (Language::Arabic, "state") => is_foreign(tokens.end),
            (Language::Sorani, "state") => passage.slice(tokens.end - 1).ends_with('ی') && is_foreign(tokens.end),
            _ => false,
        }
    }

    /// لەلایەن چەند چەکدارێکی خۆیانەوە: the words that "by" and ەوە enclose, where the clause begins after "by".
    fn is_enclosed(&self, one: &PartyAt, words: &Range<usize>) -> bool {
        let last = (one.tokens.end + 2).min(words.start);
        self.passage.language == Language::Sorani
            && (one.tokens.end - 1..last).any(|at| self.passage.slice(at).ends_with("ەوە"))
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
}
