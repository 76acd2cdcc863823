//! Times that belong to something else than the clause of their sentence.

use super::{
    expression::{Expression, Found, Owner},
    grammar::Grammar,
};
use crate::{
    geoparse::claim_lexicon::{List, Lists},
    language::Language,
    text::Kind,
};

/// Largest distance of a relative clause's first word before a time in it.
const CLAUSE_REACH: usize = 16;
/// Largest distance of a verb of saying before "that".
const SAYING_REACH: usize = 6;
/// Words between "two days after" and the time of the event that it is counted from.
const COUNTED_REACH: usize = 6;

impl Grammar<'_> {
    /// The owner of the time that begins at a token; `before`: the time before it.
    pub(super) fn owner(&self, at: usize, before: Option<&Found>) -> Option<Owner> {
        let counted = before.filter(|one| one.expression == Expression::Event && one.tokens.start >= self.start);
        if let Some(counted) = counted {
            let between = counted.tokens.end..at;
            let verb = |at: usize| self.passage.lists(at).any(Lists::of(&[List::Passive, List::Auxiliary]));
            if between.len() <= COUNTED_REACH && between.into_iter().all(|at| self.passage.is_word(at) && !verb(at)) {
                return Some(Owner::Counted);
            }
        }
        let first = at.saturating_sub(CLAUSE_REACH).max(self.start);
        let start = (first..at)
            .rev()
            .take_while(|at| !matches!(self.passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon)))
            .find(|start| self.begins_relative(*start))?;
        // "four of the passengers who died on Sunday"
        let harms = |at: usize| self.passage.roles(at).0.role.is_some();
        if (start..at).any(harms) {
            return None;
        }
        let events = &self.passage.lexicon.events;
        let meets = Lists::of(&[List::Meets, List::Confers, List::Meeting]);
        let reports = |at: usize| events.reports_at(&self.passage, at) || self.passage.lists(at).any(meets);
        let event = (start..at).any(reports);
        Some(Owner::Relative { start, event })
    }

    /// True if a relative clause about a noun that is no event begins at a token.
    fn begins_relative(&self, at: usize) -> bool {
        let passage = &self.passage;
        if at == self.start {
            return false;
        }
        let comma = passage.kind(at - 1) == Some(Kind::Comma);
        let noun = at - 1 - usize::from(comma && at - 1 > self.start);
        let roles = passage.roles(noun).0;
        let occurs = roles
            .lists
            .any(Lists::of(&[List::Event, List::Rumour, List::Meeting, List::Content]));
        let reports = passage.lexicon.events.reports_at(passage, noun);
        let day = roles.lists.any(Lists::of(&[List::Time, List::Month]));
        if !passage.is_word(noun) || occurs || reports || day || roles.verb.is_some() || roles.role.is_some() {
            return false;
        }
        match passage.language {
            Language::English => {
                let word = passage.slice(at);
                let first = at.saturating_sub(SAYING_REACH).max(self.start);
                let said = (first..at).any(|at| passage.roles(at).0.verb.is_some());
                let verb = passage.lists(at + 1).any(Lists::of(&[List::Passive, List::Auxiliary]));
                matches!(word, "which" | "who") || (word == "that" && verb && !comma && !said)
            }
            Language::Arabic => {
                let relative = passage.lists(at).has(List::Relative) && !passage.has_proclitic(at, 'و');
                relative || self.is_object_verb(at)
            }
            _ => false,
        }
    }

    /// قرية دمرها تنظيم داعش: a verb with a pronoun for the noun before it, and its subject. A noun with a pronoun takes no
    /// noun after it.
    fn is_object_verb(&self, at: usize) -> bool {
        let passage = &self.passage;
        let word = passage.slice(at);
        let pronoun = word.chars().count() > 4
            && ["ها", "ه", "هم"].iter().any(|end| word.ends_with(end))
            && passage.cut(at) == 0
            && !passage.is_definite(at)
            && !passage.is_definite(at - 1);
        pronoun && passage.lexicon.events.names_party(passage, at + 1)
    }
}
