//! Institutions called after a place: "Basra Oil Company", "the Board of Muslim Clerics in Fallujah", مركز كركوك للدراسات.
//! Such a name says who acts, and not where.

use super::{
    cue::{Cue, Cues},
    find::Found,
    words::Words,
};
use crate::text::{Kind, Token, Tokens};
use std::ops::Range;

/// The most words of an institution's name on one side of its place.
const NAME: usize = 6;
/// The most tokens of an aside between a subject and its verb.
const ASIDE: usize = 14;

/// Reads the institutions of one text.
pub(super) struct Institutions<'a> {
    pub words: &'a Words,
    pub text: &'a str,
    pub tokens: &'a Tokens,
}

impl Institutions<'_> {
    /// The tokens of the institution that a found name is a part of. `last`: one past the name, its list and its noun.
    /// `placed`: a preposition of place precedes it.
    pub fn of(&self, found: &Found, last: usize, placed: bool) -> Option<Range<usize>> {
        let first = self.tokens.get(found.first)?;
        if found.head != found.first && placed {
            return None;
        }
        if first.kind == Kind::Latin {
            let behind = self.capitals(last).map(|end| found.first..end);
            let named = || self.serving(found.head).map(|start| start..found.last);
            return behind.or_else(|| self.seated(found, last)).or_else(named);
        }
        if placed {
            return None;
        }
        let start = match first.is_sorani() {
            true => self.joined(found.head),
            false => self.construct(found.head).or_else(|| self.named_for(found, last)),
        };
        start.map(|start| start..found.last)
    }

    /// One past the last capitalised word after a name, where one of them is the word for an institution: "Kurdistan
    /// Freedom Movement", "Baghdad Chamber of Commerce".
    fn capitals(&self, from: usize) -> Option<usize> {
        if self.tokens.is_uncased_at(from) {
            return None;
        }
        let capital = |at: usize| {
            let token = self.tokens.get(at);
            token.is_some_and(|token| token.kind == Kind::Latin && token.is_capital() && !token.begins_sentence())
        };
        let mut end = from;
        let mut found = false;
        while end < from + NAME {
            let step = match (capital(end), self.cues(end)) {
                (true, _) => 1,
                (false, cues)
                    if end > from && cues.any(&[Cue::And, Cue::Function, Cue::Literal]) && capital(end + 1) =>
                {
                    2
                }
                _ => break,
            };
            found |= (end..end + step).any(|at| self.cues(at).has(Cue::Institution));
            end += step;
        }
        found.then_some(end)
    }

    /// "the United Nations Assistance Mission for Iraq", "the Chamber of Commerce of Basra": the first capital of an
    /// institution's name that ends in front of the preposition.
    fn serving(&self, head: usize) -> Option<usize> {
        let preposition = head
            .checked_sub(1)
            .filter(|at| matches!(self.slice(*at), "for" | "of"))?;
        let capital = |at: usize| {
            let token = &self.tokens.tokens[at];
            token.kind == Kind::Latin && token.is_capital() && !self.tokens.is_uncased_at(at)
        };
        let mut start = preposition;
        let mut found = false;
        while start > 0 && preposition - start < NAME && !self.tokens.tokens[start].begins_sentence() {
            let linked = start < preposition && matches!(self.slice(start - 1), "of" | "and");
            if !capital(start - 1) && !linked {
                break;
            }
            start -= 1;
            found |= capital(start) && self.cues(start).has(Cue::Institution);
        }
        (found && start < preposition).then_some(start)
    }

    /// "the Board of Muslim Clerics in Fallujah condemned": an institution, its seat, and a verb of saying.
    fn seated(&self, found: &Found, last: usize) -> Option<Range<usize>> {
        let preposition = found.head.checked_sub(1)?;
        let token = self.tokens.get(preposition)?;
        if token.begins_sentence() || self.slice(preposition) != "in" {
            return None;
        }
        let mut start = preposition;
        let mut institution = None;
        while start > 0 && preposition - start < NAME * 2 && !self.tokens.tokens[start].begins_sentence() {
            start -= 1;
            let token = &self.tokens.tokens[start];
            let cues = self.words.of(token);
            if token.kind != Kind::Latin || cues.any(&[Cue::Verb, Cue::Motion, Cue::Auxiliary, Cue::Subject]) {
                start += 1;
                break;
            }
            if cues.has(Cue::Institution) && token.is_capital() && !self.tokens.is_uncased_at(start) {
                institution = Some(start);
            }
        }
        let begins =
            self.tokens.tokens[start].begins_sentence() || self.kind(start.checked_sub(1)?) == Some(Kind::Comma);
        institution
            .filter(|_| begins && self.says(last))
            .map(|_| start..found.last)
    }

    /// True if a verb of saying or deciding follows, perhaps after an aside between commas.
    fn says(&self, at: usize) -> bool {
        let verb = |at: usize| {
            let cues = self.cues(at);
            let apart = self.tokens.get(at).is_none_or(Token::begins_sentence);
            !apart && cues.has(Cue::Verb) && !cues.has(Cue::Auxiliary)
        };
        if self.kind(at) != Some(Kind::Comma) {
            return verb(at);
        }
        let close = (at + 1..at + ASIDE).find(|at| self.kind(*at) == Some(Kind::Comma));
        close.is_some_and(|close| {
            let quote = usize::from(self.kind(close + 1).is_some_and(Kind::is_quote));
            verb(close + 1 + quote)
        })
    }

    /// Sorani: nouns that ی joins, from the word for an institution on: بزووتنەوەی ئازادی کۆمەڵگەی کوردستان.
    fn joined(&self, head: usize) -> Option<usize> {
        self.back(head, |at| {
            let word = self.slice(at);
            // The first part of a compound right after it: پارتی سۆشیال دیموکراتی کوردستان.
            let compound = || self.cues(at).is_empty() && at > 0 && self.cues(at - 1).has(Cue::Institution);
            word.ends_with('ی') || word.ends_with('ێ') || compound()
        })
    }

    /// Arabic: nouns in construct from the word for an institution on, past the people and sides that it is named for:
    /// اتحاد عشائر كركوك, بعثة الأمم المتحدة لمساعدة العراق.
    fn construct(&self, head: usize) -> Option<usize> {
        let before = head.checked_sub(1)?;
        let serves = self.letter(before, 'ل') && !self.cues(before).any(&[Cue::Literal, Cue::Function]);
        self.back(head, |at| {
            let article = self.slice(at).starts_with("ال") || self.slice(at).starts_with("لل");
            serves || !article
        })
    }

    /// The first token of an institution whose words lead to a head.
    fn back(&self, head: usize, joins: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = head;
        while at > 0 && head - at < NAME {
            if self.tokens.tokens[at].begins_sentence() {
                return None;
            }
            at -= 1;
            let token = &self.tokens.tokens[at];
            let cues = self.words.of(token);
            let body = cues.has(Cue::Institution) && !cues.has(Cue::Facility);
            if body && (token.is_sorani() || !self.slice(at).starts_with("ال")) {
                return Some(at);
            }
            let stops = [
                Cue::Function,
                Cue::Verb,
                Cue::Motion,
                Cue::Line,
                Cue::Subject,
                Cue::With,
            ];
            let whole = self.words.whole(token);
            // A theatre may be part of the name of a troupe: تیپی شانۆی کەرکوک.
            let site = cues.has(Cue::Facility) && !token.is_sorani();
            if token.kind != Kind::Arabic || site || cues.any(&stops) || whole.any(&stops) || !joins(at) {
                return None;
            }
        }
        None
    }

    /// مركز كركوك للدراسات: the word for an institution, the place, and its purpose.
    fn named_for(&self, found: &Found, last: usize) -> Option<usize> {
        let purpose = self.tokens.get(last).filter(|token| !token.begins_sentence())?;
        let word = self.slice(last);
        let long = word.chars().count() > NAME;
        if purpose.kind != Kind::Arabic || !word.starts_with("لل") || !long || self.words.of(purpose).has(Cue::Count)
        {
            return None;
        }
        let head = match &found.trigger {
            Some(trigger) if trigger.end <= found.first => trigger.start,
            _ => found.first.checked_sub(1)?,
        };
        let placed = self.words.ending_at(self.tokens, head).0.has(Cue::Literal);
        (!placed && self.cues(head).has(Cue::Institution)).then_some(head)
    }

    fn letter(&self, at: usize, letter: char) -> bool {
        self.slice(at).starts_with(letter) && !self.slice(at).starts_with("لل")
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn cues(&self, at: usize) -> Cues {
        self.tokens.get(at).map_or(Cues::NONE, |token| self.words.of(token))
    }

    fn slice(&self, at: usize) -> &str {
        let token = self.tokens.get(at);
        token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
    }
}
