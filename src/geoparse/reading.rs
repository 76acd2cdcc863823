//! Reading: whether a mention means the place itself or an actor called by its name.
//!
//! The words before the name (and before its type noun and list) decide first, those behind it next. A place that
//! nothing speaks about is literal.

use super::{
    cue::{Cue, Cues},
    find::Found,
    parse::Reading,
    words::Words,
};
use crate::text::{Kind, Tokens};
use std::ops::Range;

/// How far an actor may stand before its place: "director of the health department of".
const CHAIN: usize = 4;
/// How far a talk, a border or a road may stand before "with" and "between".
const REACH: usize = 7;

/// A reading and, for an actor, its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub reading: Reading,
    pub actor: Option<Range<usize>>,
}

/// Reads mentions in their context.
pub(super) struct Reader<'a> {
    pub words: &'a Words,
    pub tokens: &'a Tokens,
    /// Cues of the proclitics of a token.
    pub prefix: &'a dyn Fn(usize, &Found) -> Cues,
}

impl Reader<'_> {
    /// The reading of one found name; `power` when its place often stands for a government; `list` are all members of
    /// its list, itself among them.
    pub fn read(&self, found: &Found, list: &[Found], power: bool) -> Read {
        let own = self.before(found, found.head, power);
        let first = list.first().filter(|first| first.head < found.head);
        let decided = own
            .or_else(|| first.and_then(|first| self.before(first, first.head, power)))
            .or_else(|| self.behind(found, list, power));
        decided.unwrap_or(Read {
            reading: Reading::Literal,
            actor: None,
        })
    }

    fn literal(&self) -> Option<Read> {
        Some(Read {
            reading: Reading::Literal,
            actor: None,
        })
    }

    fn actor(&self, range: Range<usize>) -> Option<Read> {
        Some(Read {
            reading: Reading::Associative,
            actor: Some(range),
        })
    }

    /// What stands before the head.
    fn before(&self, found: &Found, head: usize, power: bool) -> Option<Read> {
        if (self.prefix)(head, found).has(Cue::Literal) {
            return self.literal();
        }
        if self.tokens.get(head)?.begins_sentence() {
            return None;
        }
        let (cues, start) = self.words.ending_at(self.tokens, head);
        if cues.has(Cue::With) {
            return self.partner(start, found, power);
        }
        if cues.has(Cue::Between) {
            return self.between(start, found, power);
        }
        if cues.any(&[Cue::Literal, Cue::Motion, Cue::Facility, Cue::Line]) {
            return self.literal();
        }
        if cues.has(Cue::Actor) {
            return self.actor(start..found.last);
        }
        if let Some(read) = self.chain(found, head) {
            return Some(read);
        }
        if power && cues.has(Cue::Verb) {
            return self.actor(found.first..found.last);
        }
        None
    }

    /// "with X": a partner in talks, or the far side of a border.
    fn partner(&self, at: usize, found: &Found, power: bool) -> Option<Read> {
        match self.nearest(at, &[Cue::Talk, Cue::Line, Cue::Facility]) {
            Some((cues, start)) if cues.has(Cue::Talk) => self.actor(start..found.last),
            Some(_) => self.literal(),
            None if power => self.actor(found.first..found.last),
            None => self.literal(),
        }
    }

    /// "between X and Y": parties or ends.
    fn between(&self, at: usize, found: &Found, power: bool) -> Option<Read> {
        match self.nearest(at, &[Cue::Talk, Cue::Line]) {
            Some((cues, start)) if cues.has(Cue::Talk) && power => self.actor(start..found.last),
            Some((cues, _)) if cues.has(Cue::Line) => self.literal(),
            _ if power => self.actor(found.first..found.last),
            _ => self.literal(),
        }
    }

    /// The nearest word before a token, in its sentence, that has one of the cues.
    fn nearest(&self, at: usize, wanted: &[Cue]) -> Option<(Cues, usize)> {
        let mut end = at;
        while end > 0 && at - end < REACH {
            if self.tokens.get(end).is_some_and(crate::text::Token::begins_sentence) {
                return None;
            }
            let (cues, start) = self.words.ending_at(self.tokens, end);
            if cues.any(wanted) {
                return Some((cues, start));
            }
            end -= 1;
        }
        None
    }

    /// Nouns in construct before the name, up to one that makes it an actor or a site.
    fn chain(&self, found: &Found, head: usize) -> Option<Read> {
        let mut end = head;
        while end > 0 && head - end < CHAIN {
            if self.tokens.get(end)?.begins_sentence() {
                return None;
            }
            let token = self.tokens.get(end - 1)?;
            if !token.kind.is_word() {
                return None;
            }
            let (cues, start) = self.words.ending_at(self.tokens, end);
            if cues.has(Cue::Facility) {
                return self.literal();
            }
            if cues.has(Cue::Actor) {
                return self.actor(start..found.last);
            }
            if cues.any(&[
                Cue::Literal,
                Cue::Function,
                Cue::Verb,
                Cue::With,
                Cue::Between,
                Cue::Motion,
                Cue::Line,
            ]) {
                return None;
            }
            end -= 1;
        }
        None
    }

    /// What stands behind the name or its list.
    fn behind(&self, found: &Found, list: &[Found], power: bool) -> Option<Read> {
        let last = list
            .iter()
            .map(|one| self.end(one))
            .max()
            .unwrap_or(found.last)
            .max(self.end(found));
        let next = self.tokens.get(last)?;
        if next.begins_sentence() {
            return None;
        }
        if next.kind == Kind::Possessive {
            return if power {
                self.actor(found.first..found.last)
            } else {
                None
            };
        }
        let (cues, end) = self.words.beginning_at(self.tokens, last);
        if cues.has(Cue::ActorAfter) {
            return self.actor(found.first..end);
        }
        if power && cues.has(Cue::Verb) {
            return self.actor(found.first..found.last);
        }
        None
    }

    fn end(&self, found: &Found) -> usize {
        found
            .trigger
            .as_ref()
            .map_or(found.last, |trigger| trigger.end.max(found.last))
    }
}
