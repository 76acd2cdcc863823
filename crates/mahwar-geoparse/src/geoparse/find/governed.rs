//! Names after a type noun, and lists of them.

use super::{NOUN, Trigger, Walk};
use crate::{
    gazetteer::Level,
    geoparse::{
        cue::Cue,
        extent::Extent,
        lexicon::{NameClass, Number},
        names::{NameAt, NameId},
        words::NounAt,
    },
    text::{Kind, Token, UNKNOWN},
};
use smallvec::SmallVec;

/// The fewest letters of a name in Latin letters that may be spelt loosely, and how often a town is named whose may.
const LOOSE_LETTERS: u32 = 6;
const KNOWN_TOWN: f32 = 3.3;
/// Tokens around a word for a province in which its meaning is looked for.
const APART: usize = 24;
/// Type nouns that may follow each other before a name.
const NESTED: usize = 2;

/// Where a list may go on.
pub(super) struct Next {
    pub at: usize,
    pub comma: bool,
}

impl<'a> Walk<'a> {
    /// Finds the name or the list of names that a type noun governs; returns the end of the words that were used.
    pub(super) fn governed(&mut self, noun: NounAt<'a>) -> Option<usize> {
        self.governed_from(noun, noun.start, NESTED)
    }

    fn governed_from(&mut self, noun: NounAt<'a>, head: usize, nested: usize) -> Option<usize> {
        if self.is_pointed_at(noun.start) {
            return None;
        }
        let (at, quoted) = self.behind_links(noun.end);
        if self.tokens.get(at)?.begins_sentence() || self.is_brigade(&noun, at) {
            return None;
        }
        // "the rebel-held neighbourhoods of Aleppo" have no names.
        if noun.noun.number == Number::Plural
            && noun.noun.levels[..] == [Level::Neighbourhood]
            && let Some(name) = self.best_governed(at, false, &noun)
            && !self.has_level(name.name, &noun.noun.levels)
        {
            return None;
        }
        let first = self.found.len();
        let member = self.member(at, &noun, head, first, quoted, nested);
        let mut end = member.or_else(|| self.behind_centre(at, &noun, head, first))?;
        let members = match noun.noun.number {
            // Sorani counts singulars: "five subdistricts (A, B, …)".
            Number::Singular if quoted && self.is_counted(noun.start) => usize::MAX,
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

    /// "the subdistricts of the centre, A and B": the first member has no name.
    fn behind_centre(&mut self, at: usize, noun: &NounAt<'a>, head: usize, list: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        let common = self.finder.words.of(token).any(&[Cue::Generic, Cue::Common]);
        let definite = common && self.loose_extent().has_article(token, 0);
        if noun.noun.number != Number::Plural || !definite || !self.starts_with_and(at + 1) {
            return None;
        }
        let next = self.next_member(at + 1)?;
        self.listed(next, noun, head, list, false)
    }

    /// لواء is a province only after "in" or at the head of a sentence that speaks of tribes or districts, before the name
    /// of a governorate.
    fn is_brigade(&self, noun: &NounAt<'a>, at: usize) -> bool {
        let words = self.finder.words;
        if !words.ending_at(self.tokens, noun.end).0.has(Cue::NameBefore) {
            return false;
        }
        let placed = match self.before(noun.start) {
            None => true,
            Some(token) => words.whole(token).has(Cue::Inside) || token.kind == Kind::Comma,
        };
        let sentence = self.tokens.sentence_within(noun.start, APART);
        let province = self.tokens.tokens[sentence]
            .iter()
            .any(|token| words.of(token).has(Cue::Province));
        let name = self.best_governed(at, false, noun);
        !placed || !province || !name.is_some_and(|name| self.has_level(name.name, &noun.noun.levels))
    }

    /// True if an unknown word after a type noun is a name.
    fn opens(&self, noun: &NounAt) -> bool {
        noun.noun.opens
            && !self.is_counted(noun.start)
            && !self.is_led(noun)
            && !self.loose_extent().is_indefinite(noun.end - 1)
    }

    /// "this village": the next words describe it and are not its name.
    fn is_pointed_at(&self, noun: usize) -> bool {
        self.before(noun)
            .is_some_and(|token| self.finder.words.whole(token).has(Cue::This))
    }

    /// "as far as … goes": with the words before it the noun is another one, which opens nothing.
    fn is_led(&self, noun: &NounAt) -> bool {
        let before = noun.start.checked_sub(1).filter(|_| self.before(noun.start).is_some());
        let longer = before.and_then(|before| self.finder.words.noun_before(self.tokens, before));
        longer.is_some_and(|longer| longer.noun.lead > 0 && longer.end == noun.end)
    }

    /// "two villages": an unknown word that follows is said of them.
    pub(super) fn is_counted(&self, noun: usize) -> bool {
        self.before(noun).is_some_and(|token| {
            token.is_sorani() && (token.kind == Kind::Number || self.finder.words.whole(token).has(Cue::Count))
        })
    }

    /// Position after words like "of" and "called" and after an opening quotation mark; true if there was such a mark.
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

    /// Finds the name right after a type noun; returns the end of the words that were used.
    fn member(
        &mut self,
        at: usize,
        noun: &NounAt<'a>,
        head: usize,
        list: usize,
        quoted: bool,
        nested: usize,
    ) -> Option<usize> {
        let token = self.tokens.get(at)?;
        // "the villages of the plain of Erbil": the plain has the name, and the villages have none.
        if noun.noun.number == Number::Plural
            && let Some(inner) = self.finder.words.noun_before(self.tokens, at)
            && let Some(name) = self.best_governed(inner.end, false, &inner)
            && self.finder.names.get(name.name).class == NameClass::Safe
        {
            return self.governed_from(inner, inner.start, 0);
        }
        for stem in [false, true] {
            if stem && token.cut > 0 {
                continue;
            }
            if let Some(name) = self.best_governed(at, stem, noun) {
                // "the people of Syria": the noun is another word, for a state is no gorge.
                if self.finder.names.get(name.name).country
                    && !noun.noun.loose
                    && !self.has_level(name.name, &noun.noun.levels)
                    && !noun.noun.levels.iter().any(|level| level.is_administrative())
                {
                    return None;
                }
                // "a sub-district of Kifri district": the noun after the name is its own.
                let behind = self.finder.words.noun_after(self.tokens, name.end);
                let own = behind.filter(|behind| !noun.noun.own && self.has_level(name.name, &behind.noun.levels));
                let meant = own.as_ref().map_or(trigger(noun), trigger);
                self.push(at, name, stem, Some(meant), head, list, false);
                return Some(self.behind_quote(own.map_or(name.end, |noun| noun.end), quoted));
            }
        }
        if nested > 0
            && let Some(inner) = self.inner(at, noun)
        {
            return self.governed_from(inner, head, nested - 1);
        }
        if !self.opens(noun) {
            return None;
        }
        let end = self.extent(noun).unknown(at, 0, quoted)?;
        self.push_unknown(at, end, 0, trigger(noun), head, list);
        Some(self.behind_quote(end, quoted))
    }

    /// A type noun of the same kind directly after a type noun (the range of mount …), or after a looser one, governs
    /// instead of it.
    fn inner(&self, at: usize, noun: &NounAt) -> Option<NounAt<'a>> {
        let token = self.tokens.get(at)?;
        if at != noun.end || !self.finder.words.begins_noun(token.word) {
            return None;
        }
        let inner = self.finder.words.noun_before(self.tokens, at)?;
        let akin = inner.noun.levels.iter().any(|level| noun.noun.levels.contains(level));
        let same = akin && inner.noun.levels.first() == noun.noun.levels.first();
        // "the areas of Mount Qandil": the looser noun says nothing of the kind.
        let looser = noun.noun.loose && !inner.noun.loose;
        (same || looser).then_some(inner)
    }

    pub(super) fn extent(&self, noun: &NounAt) -> Extent<'a> {
        Extent {
            any: noun.noun.any,
            ..self.loose_extent()
        }
    }

    fn behind_quote(&self, at: usize, quoted: bool) -> usize {
        match self.tokens.get(at) {
            Some(token) if quoted && matches!(token.kind, Kind::Quote | Kind::QuoteClose | Kind::Close) => at + 1,
            _ => at,
        }
    }

    /// The longest name at a token that a place of the noun's levels has, or else the longest one that reads as a name
    /// without its noun.
    pub(super) fn best_governed(&self, at: usize, stem: bool, noun: &NounAt) -> Option<NameAt> {
        let found = self.finder.names.at(self.tokens, at, stem);
        let here = || {
            found
                .iter()
                .filter(|name| self.banned != Some(name.name))
                .filter(|name| self.is_name_here(at, name) && !self.is_part(at, name, noun))
        };
        let fits = |name: &&NameAt| match self.is_generic(at, name) {
            true => noun.noun.number != Number::Plural && self.is_unit(name.name, &noun.noun.levels),
            false if self.is_common(at, name) && is_site(noun) => self.has_level(name.name, &noun.noun.levels[..1]),
            false => self.has_level(name.name, &noun.noun.levels) || (noun.noun.loose && self.is_plausible(name.name)),
        };
        let plausible = |name: &&NameAt| self.is_plausible(name.name) && !self.is_generic(at, name);
        here().find(fits).or_else(|| here().find(plausible)).copied()
    }

    /// An everyday word.
    fn is_common(&self, at: usize, name: &NameAt) -> bool {
        name.end == at + 1 && self.finder.words.of(&self.tokens.tokens[at]).has(Cue::Common)
    }

    /// "the city" and the like.
    pub(super) fn is_generic(&self, at: usize, name: &NameAt) -> bool {
        name.end == at + 1 && self.finder.words.of(&self.tokens.tokens[at]).has(Cue::Generic)
    }

    /// Only the first word of a longer name that no gazetteer has (كاني of كاني شوانكه).
    fn is_part(&self, at: usize, name: &NameAt, noun: &NounAt) -> bool {
        let token = &self.tokens.tokens[at];
        noun.noun.opens
            && name.end == at + 1
            && self.finder.names.get(name.name).class != NameClass::Safe
            && match token.kind {
                Kind::Latin => self.extent(noun).unknown(name.end, 0, false).is_some(),
                _ => self.finder.words.of(token).has(Cue::Head) && self.extent(noun).can_complete(name.end),
            }
    }

    fn is_unit(&self, name: NameId, levels: &[Level]) -> bool {
        let units = levels.iter().copied().filter(|level| level.is_administrative());
        self.has_level(name, &units.collect::<SmallVec<[Level; 4]>>())
    }

    pub(super) fn has_level(&self, name: NameId, levels: &[Level]) -> bool {
        let bearers = self.finder.names.bearers(name);
        bearers
            .iter()
            .any(|bearer| levels.contains(&self.finder.gazetteer.at(bearer.place).level))
    }

    pub(super) fn is_plausible(&self, name: NameId) -> bool {
        self.finder.names.get(name).class > NameClass::Word
    }

    /// Latin names have a capital; a word that grammar needs is no name.
    pub(super) fn is_name_here(&self, at: usize, name: &NameAt) -> bool {
        let token = &self.tokens.tokens[at];
        let function = name.end == at + 1
            && self.finder.words.whole(token).has(Cue::Function)
            && !self.finder.names.get(name.name).ruled;
        !function && (token.kind != Kind::Latin || self.is_latin_name(at, name))
    }

    /// Capitals show a name in Latin letters. Where the writer used none, or nothing else, the name itself must not be
    /// an everyday word.
    fn is_latin_name(&self, at: usize, name: &NameAt) -> bool {
        // A looser spelling of a short name is another word.
        let token = &self.tokens.tokens[at];
        let loose = token.word == UNKNOWN && token.cut == 0 && token.tail == 0 && name.end == at + 1;
        if loose && (token.end - token.start < LOOSE_LETTERS || self.finder.names.get(name.name).expected < KNOWN_TOWN)
        {
            return false;
        }
        if name.end > at + 1 && self.is_other_article(at) {
            return false;
        }
        if !self.tokens.is_uncased_at(at) {
            return self.is_capital(at, name.end);
        }
        let entry = self.finder.names.get(name.name);
        match entry.words {
            1 => entry.class > NameClass::Trigger && entry.zipf[1] < entry.expected,
            _ => entry.class > NameClass::Word,
        }
    }

    /// "At Kidder": an article that is assimilated to another letter than the one that follows is an English word.
    pub(super) fn is_other_article(&self, at: usize) -> bool {
        let word = |at: usize| {
            let token = self.tokens.get(at);
            let slice = token.and_then(|token| self.text.get(token.range()));
            slice.unwrap_or_default().to_ascii_lowercase()
        };
        let token = &self.tokens.tokens[at];
        let article = word(at);
        let assimilated = article
            .strip_prefix('a')
            .filter(|letters| !matches!(*letters, "" | "l"));
        let dash = self.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Dash);
        self.finder.words.whole(token).has(Cue::Article)
            && assimilated.is_some_and(|letters| !word(at + 1 + usize::from(dash)).starts_with(letters))
    }

    fn is_capital(&self, at: usize, end: usize) -> bool {
        let mut words = self.tokens.tokens[at..end]
            .iter()
            .filter(|token| token.kind == Kind::Latin);
        // With an article in it, it is no English word, whatever its letters: "salah al-din".
        let article = |token: &Token| self.finder.words.of(token).has(Cue::Article);
        let name = &self.tokens.tokens[at..end];
        if end > at + 1 && name.iter().any(article) && !name.iter().any(Token::is_capital) {
            return true;
        }
        words.all(|token| token.is_capital() || self.finder.words.of(token).any(&[Cue::Article, Cue::Function]))
            && self.tokens.tokens[at..end]
                .iter()
                .any(|token| token.kind != Kind::Latin || token.is_capital())
    }

    /// Where the next member of a list may begin, when the tokens from `at` on continue the list.
    pub(super) fn next_member(&self, at: usize) -> Option<Next> {
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
        if token.kind == Kind::Dash && !token.is_spaced() {
            let next = self.tokens.get(at + 1)?;
            return (!next.is_spaced() && next.kind.is_word()).then_some(Next {
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

    /// A further member of a governed list; `certain` while the noun's number requires more.
    fn listed(&mut self, next: Next, noun: &NounAt<'a>, head: usize, list: usize, certain: bool) -> Option<usize> {
        let token = *self.tokens.get(next.at)?;
        if token.begins_sentence() || (next.comma && !certain) {
            return None;
        }
        let spot = self.finder.spot(token.word) | self.finder.spot(token.stem);
        if spot & NOUN != 0 && self.finder.words.noun_before(self.tokens, next.at).is_some() {
            return None;
        }
        for stem in [false, true] {
            if stem && token.cut > 0 && !self.cut_is_and(next.at) {
                continue;
            }
            let fits = |name: &NameAt| {
                certain || (self.is_plausible(name.name) && self.has_level(name.name, &noun.noun.levels))
            };
            if let Some(name) = self.best_governed(next.at, stem, noun).filter(fits) {
                self.push(next.at, name, stem, Some(trigger(noun)), head, list, false);
                return Some(name.end);
            }
        }
        if !noun.noun.opens || !certain {
            return None;
        }
        let cut = usize::from(self.starts_with_and(next.at));
        let end = self.extent(noun).unknown_member(next.at, cut, noun.noun.number)?;
        self.push_unknown(next.at, end, cut, trigger(noun), head, list);
        Some(end)
    }

    fn cut_is_and(&self, at: usize) -> bool {
        self.tokens.tokens[at].cut == 1 && self.starts_with_and(at)
    }
}

/// Fields, camps and bridges, which everyday words follow.
fn is_site(noun: &NounAt) -> bool {
    matches!(noun.noun.levels.first(), Some(Level::Site | Level::Road))
}

pub(super) fn trigger<'a>(noun: &NounAt<'a>) -> Trigger<'a> {
    Trigger {
        start: noun.start + usize::from(noun.noun.lead),
        end: noun.end,
        noun: noun.noun,
    }
}
