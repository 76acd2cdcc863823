//! Lists apart from their type noun: "the governorate is divided into six districts: Baquba, Khalis and Kifri", "the
//! districts which are disputed are Khanaqin and Kifri".

use super::{Found, Walk, governed::trigger};
use crate::{
    geoparse::{cue::Cue, lexicon::Number, words::NounAt},
    text::Kind,
};

/// The most tokens between a type noun and its list.
const APART: usize = 16;

impl<'a> Walk<'a> {
    /// Gives the members of bare lists the plural type noun that announces them.
    pub(super) fn announce(&mut self) {
        let mut first = 0;
        while first < self.found.len() {
            let list = self.found[first].list;
            let mut end = first + 1;
            while end < self.found.len() && self.found[end].list == list {
                end += 1;
            }
            let bare = self.found[first..end]
                .iter()
                .all(|one| one.trigger.is_none() && one.name != 0);
            if bare
                && end > first + 1
                && let Some(noun) = self.announcing(first, end)
            {
                for one in &mut self.found[first..end] {
                    one.trigger = Some(trigger(&noun));
                    one.tentative = false;
                }
            }
            first = end;
        }
    }

    /// The plural type noun before a list, if all members have its level.
    fn announcing(&self, first: usize, end: usize) -> Option<NounAt<'a>> {
        let head = self.found[first].head;
        let opened = matches!(
            self.before(head)?.kind,
            Kind::Open | Kind::QuoteOpen | Kind::Quote | Kind::Colon
        );
        let mut sign = head - 1;
        if opened && self.tokens.tokens[sign].kind != Kind::Colon {
            sign = sign.checked_sub(1)?;
        }
        if !self.announces(sign, opened) {
            return None;
        }
        let mut at = sign + 1;
        while at > 0 && sign + 1 - at < APART {
            at -= 1;
            let words = self.finder.words;
            let noun = words
                .noun_before(self.tokens, at)
                .or_else(|| words.noun_after(self.tokens, at));
            if let Some(noun) = noun.filter(|noun| noun.end <= sign + 1 && !noun.noun.loose) {
                let many = noun.noun.number != Number::Singular || self.is_counted(noun.start);
                return (many && !self.governs(&noun, first) && self.all_of_level(&noun, first, end)).then_some(noun);
            }
            if self.tokens.tokens[at].begins_sentence() {
                return None;
            }
        }
        None
    }

    /// True for a colon, for "are", and for a type noun right before a bracket.
    fn announces(&self, sign: usize, opened: bool) -> bool {
        let cues = self.finder.words.ending_at(self.tokens, sign + 1).0;
        opened || self.tokens.tokens[sign].kind == Kind::Colon || cues.any(&[Cue::Being, Cue::Announces])
    }

    fn governs(&self, noun: &NounAt, first: usize) -> bool {
        let governed = |one: &Found| one.trigger.as_ref().is_some_and(|trigger| trigger.end == noun.end);
        self.found[..first].iter().rev().take(8).any(governed)
    }

    fn all_of_level(&self, noun: &NounAt, first: usize, end: usize) -> bool {
        let levels = &noun.noun.levels[..1];
        self.found[first..end]
            .iter()
            .all(|one| self.has_level(one.name, levels))
    }
}
