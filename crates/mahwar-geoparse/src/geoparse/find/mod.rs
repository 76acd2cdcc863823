//! Finding: one walk over the tokens that decides which spans name places.
//!
//! A type noun governs the name or the list after it; a bare name must be licensed by its class and its neighbours.
//! Finds are small and contain no strings; places and readings are decided afterwards.

/// Bare names and the words that license them.
mod bare;
/// Lists apart from their type noun.
mod enumerated;
/// Names after a type noun, and lists of them.
mod governed;
/// Persons called like places.
mod person;
/// Spans of finds.
mod span;

use super::{
    cue::{Cue, Cues},
    extent::Extent,
    lexicon::TypeNoun,
    names::{NameId, Names},
    words::Words,
};
use crate::{
    gazetteer::Gazetteer,
    text::{Kind, Span, Token, Tokens},
};
use smallvec::SmallVec;

/// The type noun of a found name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trigger<'a> {
    /// First token.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
    /// The type noun.
    pub noun: &'a TypeNoun,
}

/// A span that names a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    /// First token of the name.
    pub first: usize,
    /// One past its last token.
    pub last: usize,
    /// The name without affixes.
    pub span: Span,
    /// The name; zero for one that no gazetteer has.
    pub name: NameId,
    /// The noun that governs it.
    pub trigger: Option<Trigger<'a>>,
    /// Where its left context ends: the first token of its type noun or of the name.
    pub head: usize,
    /// Number of the first found name of its list.
    pub list: usize,
    /// It counts only when a place that contains it is named near.
    pub tentative: bool,
    /// Its spelling is one letter away from that of the name.
    pub respelt: bool,
}

/// Input of the walk.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub gazetteer: &'a Gazetteer,
    pub words: &'a Words,
    pub names: &'a Names,
    pub spots: &'a [u8],
}

/// The most unknown names of a text that are compared with others.
const RESPELT: usize = 32;

/// A name may begin with the word.
pub(super) const NAME: u8 = 1;
/// A type noun before its name may begin with it.
pub(super) const NOUN: u8 = 2;
/// A type noun after its name may begin with it.
pub(super) const NOUN_AFTER: u8 = 4;
/// The name of an organisation may begin with it.
pub(super) const ORGANISATION: u8 = 8;
/// The word shows that the land is the text's subject.
pub(super) const LAND: u8 = 16;
/// Somebody who reports, or the words before those who wrote.
pub(super) const REPORTER: u8 = 32;

struct Walk<'a> {
    finder: Finder<'a>,
    text: &'a str,
    tokens: &'a Tokens,
    found: Vec<Found<'a>>,
    /// One past the last token of the last name that was a person's.
    person: usize,
    /// Words that show that the land is the text's subject.
    land: u32,
    reporters: bool,
    /// A name that is not to be found again.
    banned: Option<NameId>,
    /// Names that the text has with their type noun somewhere: they are places without it, too.
    typed: SmallVec<[NameId; 8]>,
    /// Names that were passed over only because no word of place is beside them.
    bare: SmallVec<[NameId; 8]>,
}

/// Names of a text, and how many of its words show that the land is its subject.
#[derive(Debug, Default)]
pub(super) struct Findings<'a> {
    pub found: Vec<Found<'a>>,
    pub land_words: u32,
    /// It has a word for a reporter, or for its authors.
    pub reporters: bool,
}

impl<'a> Finder<'a> {
    pub fn find(&self, text: &'a str, tokens: &'a Tokens) -> Findings<'a> {
        let mut walk = self.walk(text, tokens, tokens.len() / 16);
        walk.run(0..tokens.len());
        let typed = walk.typed_elsewhere();
        if !typed.is_empty() {
            walk = self.walk(text, tokens, walk.found.len() + typed.len());
            walk.typed = typed;
            walk.run(0..tokens.len());
        }
        walk.announce();
        walk.respell();
        Findings {
            found: walk.found,
            land_words: walk.land,
            reporters: walk.reporters,
        }
    }

    fn walk(&self, text: &'a str, tokens: &'a Tokens, capacity: usize) -> Walk<'a> {
        Walk {
            finder: *self,
            text,
            tokens,
            found: Vec::with_capacity(capacity),
            person: 0,
            land: 0,
            reporters: false,
            banned: None,
            typed: SmallVec::new(),
            bare: SmallVec::new(),
        }
    }

    /// The findings with dropped names replaced by the names inside them; `None` if they have none.
    pub fn give_way(
        &self,
        text: &'a str,
        tokens: &'a Tokens,
        found: &[Found<'a>],
        dropped: &[usize],
    ) -> Option<Vec<Found<'a>>> {
        let mut all: Vec<Found<'a>> = Vec::with_capacity(found.len() + dropped.len());
        // Where each one went.
        let mut moved = Vec::with_capacity(found.len());
        let mut dropped = dropped.iter().copied().peekable();
        let mut changed = false;
        for (at, one) in found.iter().enumerate() {
            moved.push(all.len());
            if dropped.next_if_eq(&at).is_some() {
                let mut walk = self.walk(text, tokens, 2);
                walk.banned = Some(one.name);
                walk.run(one.first..one.last);
                let inside = |inner: &Found| inner.last <= one.last && inner.first >= one.first;
                walk.found.retain(inside);
                if !walk.found.is_empty() {
                    changed = true;
                    let first = all.len();
                    all.extend(walk.found.into_iter().map(|inner| Found {
                        list: first + inner.list,
                        ..inner
                    }));
                    continue;
                }
            }
            all.push(Found {
                list: moved[one.list.min(at)],
                ..*one
            });
        }
        changed.then_some(all)
    }

    #[inline]
    fn spot(&self, word: u32) -> u8 {
        self.spots.get(word as usize).copied().unwrap_or(0)
    }
}

impl<'a> Walk<'a> {
    fn run(&mut self, range: std::ops::Range<usize>) {
        let mut at = range.start;
        while at < range.end
            && let Some(token) = self.tokens.get(at)
        {
            let spot = self.finder.spot(token.word) | self.finder.spot(token.stem);
            at = match spot {
                0 => at + 1,
                spot => self.step(at, spot).max(at + 1),
            };
        }
    }

    /// Reads the words that begin at a token and returns where to go on.
    fn step(&mut self, at: usize, spot: u8) -> usize {
        self.land += u32::from(spot & LAND != 0);
        self.reporters |= spot & REPORTER != 0;
        if spot & ORGANISATION != 0 {
            let (cues, end) = self.finder.words.beginning_at(self.tokens, at);
            if cues.has(Cue::Organisation) {
                return end;
            }
        }
        if spot & NOUN_AFTER != 0 && self.ends_name(at) {
            let noun = self.finder.words.noun_after(self.tokens, at);
            if let Some(end) = noun.and_then(|noun| self.name_before(noun)) {
                return end;
            }
        }
        if spot & NOUN != 0
            && self.found.last().is_some_and(|last| last.last == at)
            && !self.leads_on(at)
            && let Some(noun) = self.finder.words.noun_after(self.tokens, at)
        {
            // "the al-Wihda neighbourhood of Mosul": the noun is the name's before it.
            return noun.end;
        }
        if spot & NOUN != 0
            && let Some(noun) = self.finder.words.noun_before(self.tokens, at)
            && let Some(end) = self.governed(noun)
        {
            return end;
        }
        if spot & NAME != 0
            && let Some(end) = self.bare(at)
        {
            return end;
        }
        at + 1
    }

    /// Gives unknown names after a type noun the name that is spelt almost alike.
    fn respell(&mut self) {
        let Finder { names, gazetteer, .. } = self.finder;
        for one in self.found.iter_mut().filter(|one| one.name == 0).take(RESPELT) {
            let Some(trigger) = one.trigger.as_ref().filter(|trigger| !trigger.noun.loose) else {
                continue;
            };
            let spelling = self.text.get(one.span.start..one.span.end).unwrap_or_default();
            if let Some(name) = names.respelt(spelling, &trigger.noun.levels, gazetteer) {
                (one.name, one.respelt) = (name, true);
            }
        }
    }

    /// Names that were passed over, and that the text has with a type noun of one of their places.
    fn typed_elsewhere(&self) -> SmallVec<[NameId; 8]> {
        let typed = |name: &NameId| {
            let mut found = self.found.iter().filter(|one| one.name == *name);
            found.any(|one| {
                let noun = one.trigger.as_ref().map(|trigger| trigger.noun);
                noun.is_some_and(|noun| !noun.loose && self.has_level(*name, &noun.levels))
            })
        };
        self.bare.iter().copied().filter(typed).collect()
    }

    // ---- questions of several parts

    /// "the Baghdad neighbourhood of Kadhimiyah": the noun is that of the name after it, and not of the one before it.
    fn leads_on(&self, at: usize) -> bool {
        if self.found.last().is_none_or(|last| last.trigger.is_some()) {
            return false;
        }
        let Some(noun) = self.finder.words.noun_before(self.tokens, at) else {
            return false;
        };
        let name = self.best_governed(noun.end, false, &noun);
        name.is_some_and(|name| self.has_level(name.name, &noun.noun.levels))
    }

    fn loose_extent(&self) -> Extent<'a> {
        Extent {
            words: self.finder.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        }
    }

    /// The token before another one in its sentence.
    fn before(&self, at: usize) -> Option<&'a Token> {
        match self.tokens.get(at)?.begins_sentence() {
            true => None,
            false => self.tokens.get(at.checked_sub(1)?),
        }
    }

    /// The word at a position, unless a sentence begins there.
    fn word_at(&self, at: usize) -> Option<&'a Token> {
        self.tokens
            .get(at)
            .filter(|token| !token.begins_sentence() && token.kind.is_word())
    }

    /// True if the word begins with the proclitic "and".
    fn starts_with_and(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let word = self.text.get(token.range()).unwrap_or_default();
            token.kind == Kind::Arabic && self.finder.words.proclitics(word, 1, false).has(Cue::And)
        })
    }

    /// Cues of the proclitics that are split off a token.
    fn prefix_cues_at(&self, at: usize) -> Cues {
        let token = &self.tokens.tokens[at];
        let word = self.text.get(token.range()).unwrap_or_default();
        let words = self.finder.words;
        words.proclitics(word, usize::from(token.cut), token.is_sorani())
    }
}
