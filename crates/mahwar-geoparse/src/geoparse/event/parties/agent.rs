//! The agent: the party after "by" or its like.

use super::{AGENT_REACH, PartyAt, PartyFinder};
use crate::{
    geoparse::claim_lexicon::{List, Lists},
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// English participles without the ending -ed.
const PARTICIPLES: [&str; 28] = [
    "built", "run", "held", "led", "hit", "shot", "made", "won", "sent", "set", "known", "driven", "hidden", "given",
    "taken", "written", "left", "lost", "found", "sold", "bought", "seen", "done", "drawn", "laid", "kept", "overrun",
    "begun",
];
/// Endings of Sorani passive verbs, before which "by" may govern another verb than that of the event.
const SORANI_PASSIVES: [&str; 7] = ["کراوە", "کراون", "دەکرێت", "دەکرێن", "کرابوو", "کرابوون", "کراو"];

impl PartyFinder<'_, '_> {
    /// The party after "by" or its like.
    pub(super) fn agent<'p>(&self, all: &'p [PartyAt], words: &Range<usize>) -> Option<&'p PartyAt> {
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
        if !self.governs_agent(words, by) {
            return None;
        }
        let by_end = self.by_end(by);
        let agent = all.iter().find(|one| one.tokens.start >= by_end)?;
        let gap = by_end..agent.tokens.start;
        // بهجوم على الجيش: the party after the preposition is the target.
        let toward = |at: usize| self.passage.language == Language::Arabic && self.passage.lists(at).has(List::Stop);
        let plain = |at: usize| self.passage.is_word(at) && !toward(at);
        (gap.len() <= 2 && gap.into_iter().all(plain)).then_some(agent)
    }

    /// True if the words of the event govern "by": "killed by", "killed in an attack carried out by". False for "an attack on
    /// a plant built by", and for a relative clause about another noun.
    fn governs_agent(&self, words: &Range<usize>, by: usize) -> bool {
        let passage = &self.passage;
        if by < words.end {
            let between = self.by_end(by)..words.start;
            return passage.language != Language::Sorani
                || !between
                    .into_iter()
                    .any(|at| SORANI_PASSIVES.iter().any(|end| passage.slice(at).ends_with(end)));
        }
        let gap = words.end..by;
        let relative = gap.clone().rev().find(|at| passage.lists(*at).has(List::Relative));
        if let Some(relative) = relative {
            // "five people who were killed by"
            let own = relative == words.end && (relative..by).any(|at| self.is_violent_verb(at));
            return own || (relative..by).any(|at| self.commits(at));
        }
        let adverb = |at: &usize| {
            let particle = matches!(passage.slice(*at), "out" | "up" | "off" | "down" | "over");
            !(particle || passage.slice(*at).ends_with("ly"))
        };
        let Some(last) = gap.clone().rev().find(adverb) else {
            return true;
        };
        let own = || gap.clone().any(|at| self.commits(at)) || self.is_violent_verb(last);
        match passage.language {
            Language::English => {
                let word = passage.slice(last);
                let regular = word.len() > 3 && word.ends_with("ed") && !passage.tokens[last].is_capital();
                !(regular || PARTICIPLES.contains(&word)) || own()
            }
            Language::Arabic => {
                // محطة يجري تشييدها من قبل: a noun with a pronoun is the object of another verb, unless it follows the words.
                let word = passage.slice(last);
                let pronoun = word.chars().count() > 4
                    && ["ها", "ه", "هم"].iter().any(|end| word.ends_with(end))
                    && !passage.is_definite(last);
                !pronoun || last == words.end || own()
            }
            _ => true,
        }
    }

    /// True for a verb of carrying out an attack.
    fn commits(&self, at: usize) -> bool {
        let classes = self.lexicon.class_set("committed") | self.lexicon.class_set("launch");
        self.lexicon.class_at(&self.passage, at) & classes != 0
    }

    /// True for a verb of attack or of harm.
    fn is_violent_verb(&self, at: usize) -> bool {
        let attacked = self.lexicon.class_at(&self.passage, at) & self.lexicon.class_set("attacked") != 0;
        attacked || self.is_harm(at) || self.passage.lists(at).any(Lists::of(&[List::Kills, List::Wounds]))
    }
}
