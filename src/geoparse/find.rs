//! Finding: one walk over the tokens that decides which spans name places.
//!
//! A type noun governs the name or the list behind it; a bare name must be licensed by its class and its neighbours.
//! What is found here is small and holds no strings; places and readings are decided afterwards.

use super::{
    cue::{Cue, Cues},
    extent::Extent,
    lexicon::{NameClass, Number},
    names::{NameAt, NameId, Names},
    words::{NounAt, Words},
};
use crate::{
    gazetteer::{Gazetteer, Level},
    text::{Kind, Span, Tokens, Vocabulary, fold},
};
use smallvec::SmallVec;

/// The type noun of a found name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trigger {
    /// First token.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
    /// Levels that it may mean.
    pub levels: SmallVec<[Level; 4]>,
    /// The levels only rank candidates.
    pub loose: bool,
}

/// A span that names a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// First token of the name.
    pub first: usize,
    /// One past its last token.
    pub last: usize,
    /// The name without affixes.
    pub span: Span,
    /// The name; zero for one that no gazetteer has.
    pub name: NameId,
    /// What governs it.
    pub trigger: Option<Trigger>,
    /// Where its left context ends: the first token of its type noun or of the name.
    pub head: usize,
    /// Number of the first found name of the list that it stands in.
    pub list: usize,
    /// It counts only when a place that contains it is named near.
    pub tentative: bool,
}

/// What the walk needs to know.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub gazetteer: &'a Gazetteer,
    pub vocabulary: &'a Vocabulary,
    pub words: &'a Words,
    pub names: &'a Names,
    pub spots: &'a [u8],
}

/// A name may begin with the word.
pub(super) const NAME: u8 = 1;
/// A type noun before its name may begin with it.
pub(super) const NOUN: u8 = 2;
/// A type noun after its name may begin with it.
pub(super) const NOUN_AFTER: u8 = 4;
/// The name of an organisation may begin with it.
pub(super) const ORGANISATION: u8 = 8;

struct Walk<'a> {
    finder: Finder<'a>,
    text: &'a str,
    tokens: &'a Tokens,
    found: Vec<Found>,
}

impl Finder<'_> {
    pub fn find(&self, text: &str, tokens: &Tokens) -> Vec<Found> {
        let mut walk = Walk {
            finder: *self,
            text,
            tokens,
            found: Vec::new(),
        };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let spot = self.spot(token.word) | self.spot(token.stem);
            at = match spot {
                0 => at + 1,
                spot => walk.step(at, spot).max(at + 1),
            };
        }
        walk.found
    }

    #[inline]
    fn spot(&self, word: u32) -> u8 {
        self.spots.get(word as usize).copied().unwrap_or(0)
    }
}

impl Walk<'_> {
    /// Takes what begins at a token and returns where to go on.
    fn step(&mut self, at: usize, spot: u8) -> usize {
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

    // ---- names behind a type noun

    fn governed(&mut self, noun: NounAt) -> Option<usize> {
        let head = noun.start;
        let (noun, at) = self.innermost(noun);
        let (at, quoted) = self.behind_links(at);
        if self.tokens.get(at)?.begins_sentence() {
            return None;
        }
        let first = self.found.len();
        let mut end = self.member(at, &noun, head, first, quoted)?;
        let members = match noun.noun.number {
            Number::Singular => 1,
            Number::Dual => 2,
            Number::Plural => usize::MAX,
        };
        let mut count = 1;
        while let Some(next) = self.next_member(end) {
            let certain = count < members;
            let Some(further) = self.listed(next, &noun, head, first, certain) else {
                break;
            };
            end = further;
            count += 1;
        }
        Some(end)
    }

    /// "مركز قضاء", "قرى ناحية": the noun that stands next to the name governs it.
    fn innermost<'w>(&self, noun: NounAt<'w>) -> (NounAt<'w>, usize)
    where
        Self: 'w,
    {
        (noun, noun.end)
    }

    /// Behind words like "of" and "called", and behind an opening quotation mark.
    fn behind_links(&self, at: usize) -> (usize, bool) {
        let mut at = at;
        for _ in 0..2 {
            match self.tokens.get(at) {
                Some(token) if self.finder.words.of(token).has(Cue::Link) => at += 1,
                _ => break,
            }
        }
        match self.tokens.get(at) {
            Some(token) if matches!(token.kind, Kind::Quote | Kind::QuoteOpen | Kind::Open) => (at + 1, true),
            _ => (at, false),
        }
    }

    /// The name right behind a type noun; returns the end of what was taken.
    fn member(&mut self, at: usize, noun: &NounAt, head: usize, list: usize, quoted: bool) -> Option<usize> {
        let token = self.tokens.get(at)?;
        let trigger = trigger(noun);
        for stem in [false, true] {
            if stem && token.cut > 0 {
                continue;
            }
            if let Some(name) = self.best_governed(at, stem, noun) {
                self.push(at, name, stem, Some(trigger.clone()), head, list, false);
                return Some(self.behind_quote(name.end, quoted));
            }
        }
        if !noun.noun.opens {
            return None;
        }
        let end = self.extent(noun).unknown(at, 0, quoted)?;
        self.push_unknown(at, end, 0, trigger, head, list);
        Some(self.behind_quote(end, quoted))
    }

    fn extent(&self, noun: &NounAt) -> Extent<'_> {
        Extent {
            any: noun.noun.any,
            ..self.loose_extent()
        }
    }

    fn loose_extent(&self) -> Extent<'_> {
        Extent {
            words: self.finder.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        }
    }

    fn behind_quote(&self, at: usize, quoted: bool) -> usize {
        match self.tokens.get(at) {
            Some(token) if quoted && matches!(token.kind, Kind::Quote | Kind::QuoteClose | Kind::Close) => at + 1,
            _ => at,
        }
    }

    /// The longest name at a token that a place of the noun's levels bears, or else the longest one that reads as a
    /// name without its noun.
    fn best_governed(&self, at: usize, stem: bool, noun: &NounAt) -> Option<NameAt> {
        let found = self.finder.names.at(self.tokens, at, stem);
        let here = || {
            found
                .iter()
                .filter(|name| self.is_name_here(at, name) && !self.is_part(at, name, noun))
        };
        let fits = |name: &&NameAt| match self.is_generic(at, name) {
            true => noun.noun.number != Number::Plural && self.is_unit(name.name, &noun.noun.levels),
            false => self.has_level(name.name, &noun.noun.levels) || (noun.noun.loose && self.is_plausible(name.name)),
        };
        let plausible = |name: &&NameAt| self.is_plausible(name.name) && !self.is_generic(at, name);
        here().find(fits).or_else(|| here().find(plausible)).copied()
    }

    /// "the city" and the like.
    fn is_generic(&self, at: usize, name: &NameAt) -> bool {
        name.end == at + 1 && self.finder.words.of(&self.tokens.tokens[at]).has(Cue::Generic)
    }

    /// Only the first word of a longer name that no gazetteer has (كاني of كاني شوانكه).
    fn is_part(&self, at: usize, name: &NameAt, noun: &NounAt) -> bool {
        noun.noun.opens
            && name.end == at + 1
            && self.finder.words.of(&self.tokens.tokens[at]).has(Cue::Head)
            && self.finder.names.get(name.name).class != NameClass::Safe
            && self.extent(noun).can_complete(name.end)
    }

    fn is_unit(&self, name: NameId, levels: &[Level]) -> bool {
        let units = levels.iter().copied().filter(|level| level.is_administrative());
        self.has_level(name, &units.collect::<SmallVec<[Level; 4]>>())
    }

    fn has_level(&self, name: NameId, levels: &[Level]) -> bool {
        let bearers = &self.finder.names.get(name).bearers;
        bearers
            .iter()
            .any(|bearer| levels.contains(&self.finder.gazetteer.at(bearer.place).level))
    }

    fn is_plausible(&self, name: NameId) -> bool {
        self.finder.names.get(name).class > NameClass::Trigger
    }

    /// Latin names have a capital; a word that grammar needs is no name.
    fn is_name_here(&self, at: usize, name: &NameAt) -> bool {
        let token = &self.tokens.tokens[at];
        let function = name.end == at + 1
            && self.finder.words.whole(token).has(Cue::Function)
            && !self.finder.names.get(name.name).ruled;
        !function && (token.kind != Kind::Latin || self.is_capital(at, name.end))
    }

    fn is_capital(&self, at: usize, end: usize) -> bool {
        let mut words = self.tokens.tokens[at..end]
            .iter()
            .filter(|token| token.kind == Kind::Latin);
        words.all(|token| token.is_capital() || self.finder.words.of(token).any(&[Cue::Article, Cue::Function]))
            && self.tokens.tokens[at..end]
                .iter()
                .any(|token| token.kind != Kind::Latin || token.is_capital())
    }

    // ---- lists

    /// Where the next member of a list may begin, when the tokens from `at` on continue the list.
    fn next_member(&self, at: usize) -> Option<Next> {
        let token = self.tokens.get(at)?;
        if token.begins_sentence() {
            return None;
        }
        let words = self.finder.words;
        if token.kind == Kind::Comma {
            let next = self.tokens.get(at + 1)?;
            if words.whole(next).has(Cue::And) {
                return Some(Next {
                    at: at + 2,
                    comma: false,
                });
            }
            return Some(Next {
                at: at + 1,
                comma: true,
            });
        }
        if token.kind == Kind::Dash && token.is_spaced() {
            return self.tokens.get(at + 1).filter(|next| next.is_spaced()).map(|_| Next {
                at: at + 1,
                comma: false,
            });
        }
        if words.whole(token).has(Cue::And) {
            return Some(Next {
                at: at + 1,
                comma: false,
            });
        }
        self.starts_with_and(at).then_some(Next { at, comma: false })
    }

    /// The proclitic "and" stands before the word.
    fn starts_with_and(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let first = self.text.get(token.range()).and_then(|word| word.chars().next());
        token.kind == Kind::Arabic
            && first.is_some_and(|letter| {
                let mut bytes = [0; 4];
                self.prefix_cues(letter.encode_utf8(&mut bytes)).has(Cue::And)
            })
    }

    fn prefix_cues(&self, prefix: &str) -> Cues {
        let keys = crate::text::keys_of(prefix);
        let word = keys.first().map_or(0, |key| self.finder.vocabulary.get(*key));
        self.finder.words.of_word(word, false)
    }

    /// A further member of a governed list; `certain` while the noun's number asks for more.
    fn listed(&mut self, next: Next, noun: &NounAt, head: usize, list: usize, certain: bool) -> Option<usize> {
        let token = *self.tokens.get(next.at)?;
        if token.begins_sentence() || (next.comma && !certain) {
            return None;
        }
        let spot = self.finder.spot(token.word) | self.finder.spot(token.stem);
        if spot & NOUN != 0 && self.finder.words.noun_before(self.tokens, next.at).is_some() {
            return None;
        }
        let trigger = trigger(noun);
        for stem in [false, true] {
            if stem && token.cut > 0 && !self.cut_is_and(next.at) {
                continue;
            }
            let fits = |name: &NameAt| {
                certain || (self.is_plausible(name.name) && self.has_level(name.name, &noun.noun.levels))
            };
            if let Some(name) = self.best_governed(next.at, stem, noun).filter(fits) {
                self.push(next.at, name, stem, Some(trigger.clone()), head, list, false);
                return Some(name.end);
            }
        }
        if !noun.noun.opens || !certain {
            return None;
        }
        let cut = usize::from(self.starts_with_and(next.at));
        let end = self.extent(noun).unknown_member(next.at, cut, noun.noun.number)?;
        self.push_unknown(next.at, end, cut, trigger, head, list);
        Some(end)
    }

    fn cut_is_and(&self, at: usize) -> bool {
        self.tokens.tokens[at].cut == 1 && self.starts_with_and(at)
    }

    // ---- bare names

    fn bare(&mut self, at: usize) -> Option<usize> {
        for stem in [false, true] {
            let names = self.finder.names.at(self.tokens, at, stem);
            for name in names {
                if !self.is_name_here(at, &name) {
                    continue;
                }
                let after = self.finder.words.noun_after(self.tokens, name.end);
                if let Some(noun) = after.filter(|noun| noun.noun.loose || self.has_level(name.name, &noun.noun.levels))
                {
                    return Some(self.before_noun(at, name, stem, noun));
                }
                if let Some(tentative) = self.licensed(at, name, stem) {
                    let list = self.list_of(at);
                    self.push(at, name, stem, None, at, list, tentative);
                    return Some(name.end);
                }
            }
        }
        None
    }

    /// A name with a type noun behind it, which may govern a whole list before it.
    fn before_noun(&mut self, at: usize, name: NameAt, stem: bool, noun: NounAt) -> usize {
        let list = self.list_of(at);
        if noun.noun.number != Number::Singular {
            let first = list.min(self.found.len());
            for member in self.found[first..].iter_mut().filter(|member| member.trigger.is_none()) {
                member.trigger = Some(trigger(&noun));
            }
        }
        self.push(at, name, stem, Some(trigger(&noun)), at, list, false);
        noun.end
    }

    /// The number of the list that a bare name at this token continues, or a new one.
    fn list_of(&self, at: usize) -> usize {
        match self.found.last() {
            Some(last) if self.next_member(last.last).is_some_and(|next| next.at == at) => last.list,
            _ => self.found.len(),
        }
    }

    /// Whether a bare name makes a mention here, and whether only tentatively.
    fn licensed(&self, at: usize, name: NameAt, stem: bool) -> Option<bool> {
        let entry = self.finder.names.get(name.name);
        if entry.class == NameClass::Trigger {
            return None;
        }
        let (left, _) = self.finder.words.ending_at(self.tokens, at);
        let prefix = if stem { self.prefix_cues_at(at) } else { Cues::NONE };
        let listed = self.list_of(at) < self.found.len();
        let located =
            left.any(&[Cue::Literal, Cue::Motion, Cue::Facility, Cue::Between, Cue::Line]) || prefix.has(Cue::Literal);
        let acts = left.any(&[Cue::Actor, Cue::With, Cue::Talk])
            || (entry.power && left.any(&[Cue::Verb, Cue::Subject, Cue::Pronoun]));
        let placed = located || acts || listed;
        if self.is_denied(at, name) || self.is_other_name(name, left) || self.is_nisba(at, name, located) {
            return None;
        }
        if entry.class < NameClass::Safe && self.is_person(at, name, left, placed) {
            return None;
        }
        match entry.class {
            NameClass::Safe => Some(false),
            NameClass::Place => placed.then_some(false),
            NameClass::Admin => (located || listed).then_some(true),
            NameClass::Trigger => None,
        }
    }

    /// Words beside it that show its other meaning.
    fn is_denied(&self, at: usize, name: NameAt) -> bool {
        let Some(denial) = self.finder.names.denial(name.name) else {
            return false;
        };
        let word = |at: usize, side: &rustc_hash::FxHashSet<u32>| {
            let token = self.tokens.get(at)?;
            Some(side.contains(&token.word) || (token.stem != 0 && side.contains(&token.stem)))
        };
        let sentence = self.tokens.sentence_within(at, 4);
        let before = (at.saturating_sub(3)..at).filter(|other| sentence.contains(other));
        let after = (name.end..name.end + 2).filter(|other| sentence.contains(other));
        before
            .into_iter()
            .any(|other| word(other, &denial.before) == Some(true))
            || after.into_iter().any(|other| word(other, &denial.after) == Some(true))
    }

    /// An adjective spelt like the name: a name with an article behind another word with one, or a Sorani country name
    /// with the suffix of adjectives behind a noun that takes one.
    fn is_nisba(&self, at: usize, name: NameAt, located: bool) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| self.tokens.get(before)) else {
            return false;
        };
        let token = &self.tokens.tokens[at];
        if token.begins_sentence() || !before.kind.is_word() || located {
            return false;
        }
        let extent = self.loose_extent();
        let entry = self.finder.names.get(name.name);
        if entry.class < NameClass::Safe && name.end == at + 1 && token.cut == 0 {
            let adjective = extent.has_article(token, 0) && extent.has_article(before, usize::from(before.cut));
            if adjective && self.found.last().is_none_or(|last| last.last != at) {
                return true;
            }
        }
        entry.country && name.tail && extent.is_adjective(at)
    }

    fn prefix_cues_at(&self, at: usize) -> Cues {
        let token = &self.tokens.tokens[at];
        let name = token.stem_range(self.text);
        let prefix = self.text.get(token.start as usize..name.start).unwrap_or_default();
        fold(prefix).chars().fold(Cues::NONE, |cues, letter| {
            let mut bytes = [0; 4];
            cues.with(self.prefix_cues(letter.encode_utf8(&mut bytes)))
        })
    }

    /// Personal names beside it, or a title before it.
    fn is_person(&self, at: usize, name: NameAt, left: Cues, placed: bool) -> bool {
        let words = self.finder.words;
        let named = |cues: Cues| cues.has(Cue::Person) && !cues.any(&[Cue::Common, Cue::Literal]);
        let continues = at > 0 && !self.tokens.tokens[at].begins_sentence();
        let before = continues && {
            let token = &self.tokens.tokens[at - 1];
            let taken = self.found.last().is_some_and(|last| last.last == at);
            !taken && token.kind.is_word() && named(words.of(token))
        };
        if before || left.any(&[Cue::Title, Cue::Kin]) {
            return true;
        }
        let after = self.tokens.get(name.end).is_some_and(|token| {
            !token.begins_sentence() && token.kind.is_word() && {
                let cues = words.whole(token);
                named(cues) || cues.has(Cue::Kin)
            }
        });
        after && !placed
    }

    /// The name of a newspaper, a club, a hotel.
    fn is_other_name(&self, name: NameAt, left: Cues) -> bool {
        left.has(Cue::NameBefore) || {
            let (right, _) = self.finder.words.beginning_at(self.tokens, name.end);
            right.has(Cue::NameAfter) && !self.tokens.get(name.end).is_some_and(|token| token.begins_sentence())
        }
    }

    /// A word in Latin letters that could be a name stands right before a token.
    fn ends_name(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.is_some_and(|token| token.kind == Kind::Latin && token.is_capital())
            && !self.tokens.tokens[at].begins_sentence()
            && self.found.last().is_none_or(|last| last.last < at)
    }

    /// An unknown name before a type noun that opens one: "the al-Wihda neighbourhood".
    fn name_before(&mut self, noun: NounAt) -> Option<usize> {
        if !noun.noun.opens {
            return None;
        }
        let first = self.extent(&noun).unknown_before(noun.start)?;
        if self.found.last().is_some_and(|last| last.last > first) {
            return None;
        }
        let list = self.found.len();
        self.push_unknown(first, noun.start, 0, trigger(&noun), first, list);
        Some(noun.end)
    }

    // ---- results

    #[allow(clippy::too_many_arguments)]
    fn push(
        &mut self,
        at: usize,
        name: NameAt,
        stem: bool,
        trigger: Option<Trigger>,
        head: usize,
        list: usize,
        tentative: bool,
    ) {
        let first = &self.tokens.tokens[at];
        let last = &self.tokens.tokens[name.end - 1];
        let cut = if stem { usize::from(first.cut) } else { 0 };
        let tail = if name.tail { usize::from(last.tail) } else { 0 };
        let start = first
            .part_range(self.text, cut, if name.end == at + 1 { tail } else { 0 })
            .start;
        let end = last
            .part_range(self.text, if name.end == at + 1 { cut } else { 0 }, tail)
            .end;
        let article = self.article_before(at, start);
        self.found.push(Found {
            first: article.map_or(at, |(token, _)| token),
            last: name.end,
            span: Span {
                start: article.map_or(start, |(_, byte)| byte),
                end,
            },
            name: name.name,
            trigger,
            head: if head == at {
                article.map_or(at, |(token, _)| token)
            } else {
                head
            },
            list,
            tentative,
        });
    }

    /// The article of a name in Latin letters: `al-` before a name that the gazetteer has without it.
    fn article_before(&self, at: usize, start: usize) -> Option<(usize, usize)> {
        let token = &self.tokens.tokens[at];
        if token.kind != Kind::Latin || start != token.start as usize || token.begins_sentence() {
            return None;
        }
        let dash = at > 0 && self.tokens.tokens[at - 1].kind == Kind::Dash && !token.is_spaced();
        let before = at.checked_sub(if dash { 2 } else { 1 })?;
        let article = &self.tokens.tokens[before];
        let joined = !dash || !self.tokens.tokens[at - 1].is_spaced();
        let written = dash || article.is_capital();
        (joined && written && self.finder.words.of(article).has(Cue::Article))
            .then_some((before, article.start as usize))
    }

    fn push_unknown(&mut self, at: usize, end: usize, cut: usize, trigger: Trigger, head: usize, list: usize) {
        let (first, last) = (&self.tokens.tokens[at], &self.tokens.tokens[end - 1]);
        let tail = self.loose_extent().unknown_tail(end);
        let start = first.part_range(self.text, cut, 0).start;
        let stop = last.part_range(self.text, 0, tail).end;
        self.found.push(Found {
            first: at,
            last: end,
            span: Span { start, end: stop },
            name: 0,
            trigger: Some(trigger),
            head,
            list,
            tentative: false,
        });
    }
}

struct Next {
    at: usize,
    comma: bool,
}

fn trigger(noun: &NounAt) -> Trigger {
    Trigger {
        start: noun.start,
        end: noun.end,
        levels: noun.noun.levels.iter().copied().collect(),
        loose: noun.noun.loose,
    }
}
