//! Bare names: the words beside a name must license it, as far as its class requires.

use super::{
    Walk,
    governed::{Next, trigger},
    person::Beside,
};
use crate::{
    gazetteer::Level,
    geoparse::{
        cue::{Cue, Cues},
        lexicon::{NameClass, Number, Shape},
        names::NameAt,
        words::NounAt,
    },
    language::Language,
    text::{Kind, Token, fold},
};
use rustc_hash::FxHashSet;

/// Letters of a short Sorani word, and of suffixes that are many for it.
const SHORT: usize = 3;
const MANY: u8 = 3;

/// Names without a word of place that a text is remembered to have.
const REMEMBERED: usize = 16;
/// Parts of governorates.
const PARTS: [Level; 2] = [Level::District, Level::Subdistrict];
/// The most words between "is a" and a kind of place.
const KIND: usize = 3;

impl<'a> Walk<'a> {
    /// Finds the longest name at a token that makes a mention; returns the end of the words that were used.
    pub(super) fn bare(&mut self, at: usize) -> Option<usize> {
        for stem in [false, true] {
            let names = self.finder.names.at(self.tokens, at, stem);
            for name in names {
                if self.banned == Some(name.name) || !self.is_name_here(at, &name) || self.is_overlapped(at, &name) {
                    continue;
                }
                let after = self.finder.words.noun_after(self.tokens, name.end);
                let governs = |noun: &NounAt| {
                    let levels = &noun.noun.levels;
                    // "Rawa district": a unit of another level by another account.
                    let unit = levels.iter().any(|level| PARTS.contains(level)) && self.has_level(name.name, &PARTS);
                    noun.noun.loose || noun.noun.own || unit || self.has_level(name.name, levels)
                };
                if let Some(noun) = after.filter(governs) {
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

    /// "northern Kurdistan Region": a word of place with which a name abroad begins, and a longer name that begins inside it.
    fn is_overlapped(&self, at: usize, name: &NameAt) -> bool {
        let latin = self.tokens.tokens[at].kind == Kind::Latin;
        let bearers = || self.finder.names.bearers(name.name).iter();
        latin
            && name.end > at + 1
            && bearers().all(|bearer| self.finder.gazetteer.at(bearer.place).foreign)
            && self.finder.words.whole(&self.tokens.tokens[at]).has(Cue::Tie)
            && (at + 1..name.end).any(|inner| {
                let mut names = self.finder.names.at(self.tokens, inner, false).into_iter();
                names.any(|other| other.end > name.end)
            })
    }

    /// A name before a type noun, which may govern a whole list before it.
    fn before_noun(&mut self, at: usize, name: NameAt, stem: bool, noun: NounAt<'a>) -> usize {
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
            Some(last) if self.behind_and(last.last).is_some_and(|next| next.at == at) => last.list,
            _ => self.found.len(),
        }
    }

    /// Where the list goes on after a name, each of whose members may be in quotation marks or brackets.
    fn behind_and(&self, end: usize) -> Option<Next> {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let closed = matches!(kind(end), Some(Kind::Quote | Kind::QuoteClose | Kind::Close));
        let next = self.next_member(end + usize::from(closed))?;
        let opened = matches!(kind(next.at), Some(Kind::Quote | Kind::QuoteOpen | Kind::Open));
        Some(Next {
            at: next.at + usize::from(opened),
            ..next
        })
    }

    /// A name that means a place by itself follows and is joined by "and".
    fn leads_list(&self, end: usize) -> bool {
        self.behind_and(end)
            .is_some_and(|next| !next.comma && self.is_name_of(NameClass::Safe, next.at))
    }

    /// A direction and a name that means a place by itself follow: "al-Islah, east of Nasiriyah". Joined to the name,
    /// as Sorani does, any word of place will do: "ڕزگاریی نزیک کەلار".
    fn lies_beside(&self, end: usize, joined: bool, cues: Cues, next: usize) -> bool {
        cues.has(Cue::Literal)
            && (joined || !cues.has(Cue::Function))
            && self.word_at(end).is_some_and(|token| token.cut == 0)
            && self.is_name_of(if joined { NameClass::Place } else { NameClass::Safe }, next)
    }

    /// "of the district of Kalar": it belongs to a unit whose name follows.
    fn belongs_to(&self, cues: Cues, next: usize) -> bool {
        let noun = || self.finder.words.noun_before(self.tokens, next);
        cues.has(Cue::Belongs) && noun().is_some_and(|noun| self.is_name_of(NameClass::Place, noun.end))
    }

    fn is_beside(&self, name: NameAt) -> bool {
        let last = name.end - 1;
        let (cues, next) = self.finder.words.beginning_at(self.tokens, name.end);
        if !cues.any(&[Cue::Literal, Cue::Belongs]) {
            return false;
        }
        let joined = name.tail && self.tokens.tokens[last].is_sorani() && self.loose_extent().ends_as_adjective(last);
        self.lies_beside(name.end, joined, cues, next) || self.belongs_to(cues, next)
    }

    /// "was a neighbourhood of", "is a small town in": the words after the name say which kind of place it is.
    fn is_kind(&self, end: usize) -> bool {
        let words = self.finder.words;
        let cues = |at: usize| self.word_at(at).map_or(Cues::NONE, |token| words.of(token));
        let described = cues(end).has(Cue::Being) && cues(end + 1).has(Cue::Indefinite);
        let kind = |at: usize| cues(at).has(Cue::Unit) && cues(at + 1).has(Cue::Tie);
        described && (end + 2..end + 2 + KIND).any(kind)
    }

    /// A name of this class, or of one that means a place more surely, begins at a token.
    fn is_name_of(&self, least: NameClass, at: usize) -> bool {
        let Some(token) = self.word_at(at) else { return false };
        [false, true].into_iter().any(|stem| {
            let names = self.finder.names.at(self.tokens, at, stem && token.cut <= 1);
            names
                .iter()
                .any(|name| self.finder.names.get(name.name).class >= least && self.is_name_here(at, name))
        })
    }

    /// Cues of the phrase before a name; an opening bracket or quotation mark between the two is passed over.
    fn left_of(&self, at: usize) -> Cues {
        let behind = match self.before(at).map(|token| token.kind) {
            Some(Kind::Open | Kind::QuoteOpen | Kind::Quote) => at - 1,
            _ => at,
        };
        self.finder.words.ending_at(self.tokens, behind).0
    }

    /// True if a bare name makes a mention here, and whether only tentatively.
    fn licensed(&mut self, at: usize, name: NameAt, stem: bool) -> Option<bool> {
        let entry = self.finder.names.get(name.name);
        let left = self.left_of(at);
        let prefix = if stem { self.prefix_cues_at(at) } else { Cues::NONE };
        if entry.class == NameClass::Trigger {
            if entry.country && left.has(Cue::Verb) && self.loose_extent().ends_as_feminine_verb(at - 1) {
                return Some(false);
            }
            let inside = left.has(Cue::Literal) || prefix.has(Cue::Literal);
            // "in al-Dur, north of Samarra": an everyday word where something happens, and the place beside it.
            return (inside && self.is_beside(name)).then_some(true);
        }
        if entry.class == NameClass::Word {
            return self.is_inside(at, name, left);
        }
        if entry.class < NameClass::Safe && self.is_title(at, name) {
            return None;
        }
        let listed = self.list_of(at) < self.found.len();
        let located =
            left.any(&[Cue::Literal, Cue::Motion, Cue::Facility, Cue::Between, Cue::Line]) || prefix.has(Cue::Literal);
        let personal = self.is_personal(at, name.end);
        let acts = left.has(Cue::Actor)
            || (left.any(&[Cue::With, Cue::Talk]) && !personal)
            || (entry.power
                && (left.any(&[Cue::Verb, Cue::Subject, Cue::Pronoun])
                    || at.checked_sub(1).is_some_and(|before| self.is_verb(before, at))));
        let beside_known = entry.class < NameClass::Safe && (self.is_beside(name) || self.is_kind(name.end));
        let leads = entry.class == NameClass::Place && self.leads_list(name.end);
        let placed =
            located || acts || listed || leads || beside_known || self.is_line(at, name.end) || self.is_hashtag(at);
        if (self.is_denied(at, name) && !(beside_known && located))
            || self.is_other_name(name, left)
            || self.is_described(name, left, prefix)
            || self.is_nisba(at, name, located)
            || self.is_counted_word(at, name)
            || self.is_inflected_word(at, name, located)
            || self.has_common_suffix(at, name)
        {
            return None;
        }
        let beside = Beside {
            left,
            placed,
            located,
            prefix,
        };
        if self.is_person(at, name, &beside) {
            self.person = name.end;
            return None;
        }
        match entry.class {
            NameClass::Safe => Some(false),
            NameClass::Place => (placed || self.is_typed_elsewhere(at, name)).then_some(false),
            NameClass::Admin => {
                ((beside_known || self.is_admin(at, name, &beside, listed)) && entry.bare).then_some(true)
            }
            NameClass::Trigger | NameClass::Word => None,
        }
    }

    /// "والشيخ مجبل": a title by itself, before another word.
    fn is_title(&self, at: usize, name: NameAt) -> bool {
        let token = &self.tokens.tokens[at];
        name.end == at + 1 && self.finder.words.of(token).has(Cue::Title) && self.word_at(name.end).is_some()
    }

    /// True if the text has the name with its type noun elsewhere. Otherwise remembers it, should one follow.
    fn is_typed_elsewhere(&mut self, at: usize, name: NameAt) -> bool {
        // A personal name is the person's beside another one.
        if self.follows_person(at) || self.typed.contains(&name.name) {
            return !self.follows_person(at);
        }
        if self.bare.len() < REMEMBERED && !self.bare.contains(&name.name) {
            self.bare.push(name.name);
        }
        false
    }

    /// A word of place that needs a place after it, not "to" and "from", which govern anything: "in" only beside the
    /// unit that contains the place, "north of" and "the people of" by itself.
    fn is_inside(&self, at: usize, name: NameAt, left: Cues) -> Option<bool> {
        let located = left.has(Cue::Literal) && !left.has(Cue::Channel) && !self.is_denied(at, name);
        (located || self.is_beside(name)).then_some(!located || left.has(Cue::Function))
    }

    /// A name that only counts beside its unit: a single word without a class set by hand needs a preposition.
    fn is_admin(&self, at: usize, name: NameAt, beside: &Beside, listed: bool) -> bool {
        let single = name.end == at + 1 && !self.finder.names.get(name.name).ruled;
        let preposition =
            beside.prefix.has(Cue::Literal) || (beside.left.has(Cue::Literal) && beside.left.has(Cue::Function));
        match single && self.tokens.tokens[at].kind == Kind::Arabic {
            true => preposition || listed,
            false => beside.located || listed,
        }
    }

    /// A verb by its outermost letters, right before a name.
    fn is_verb(&self, at: usize, name: usize) -> bool {
        !self.tokens.tokens[name].begins_sentence() && self.loose_extent().looks_like_verb(at)
    }

    /// True if the name is alone in its line, as in a list of places, or heads its line ("Salah al-Din: …").
    fn is_line(&self, at: usize, end: usize) -> bool {
        let ends = |token: &Token| {
            token.begins_paragraph()
                || matches!(token.kind, Kind::Colon | Kind::Slash)
                || (token.kind == Kind::Dash && token.is_spaced())
        };
        self.tokens.tokens[at].begins_paragraph() && self.tokens.get(end).is_none_or(ends)
    }

    /// "#Salah_al-Din": a hashtag is a name.
    fn is_hashtag(&self, at: usize) -> bool {
        let token = &self.tokens.tokens[at];
        !token.is_spaced()
            && self
                .text
                .get(..token.start as usize)
                .is_some_and(|before| before.ends_with('#'))
    }

    /// Words beside it that show its other meaning.
    fn is_denied(&self, at: usize, name: NameAt) -> bool {
        let Some(denial) = self.finder.names.denial(name.name) else {
            return false;
        };
        let word = |at: usize, side: &FxHashSet<u32>| {
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

    /// An adjective spelt like the name: a name with an article after another word with one, or a Sorani country name
    /// with the suffix of adjectives after a noun that can have one.
    fn is_nisba(&self, at: usize, name: NameAt, located: bool) -> bool {
        let Some(before) = self.before(at) else {
            return false;
        };
        if !before.kind.is_word() || located {
            return false;
        }
        let token = &self.tokens.tokens[at];
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

    /// "by the Arab role": an adjective with the article after a name that has only a proclitic before it.
    fn is_described(&self, name: NameAt, left: Cues, prefix: Cues) -> bool {
        let entry = self.finder.names.get(name.name);
        let next = self.tokens.get(name.end);
        entry.class < NameClass::Safe
            && prefix.has(Cue::Literal)
            && !left.has(Cue::Literal)
            && next.is_some_and(|next| next.kind == Kind::Arabic && !next.is_sorani() && !next.begins_sentence())
            && self.loose_extent().is_relative(name.end)
    }

    /// "two falcons", "this mountain": a counted or pointed-at word is no name, except of a power.
    fn is_counted_word(&self, at: usize, name: NameAt) -> bool {
        let entry = self.finder.names.get(name.name);
        self.before(at).is_some_and(|before| {
            before.is_sorani() && !entry.power && self.finder.words.whole(before).any(&[Cue::This, Cue::Count])
        })
    }

    /// A name with a suffix that only common nouns take (the definite article of Sorani).
    fn has_common_suffix(&self, at: usize, name: NameAt) -> bool {
        let token = &self.tokens.tokens[at];
        if !token.is_sorani() || !name.tail || name.end != at + 1 {
            return false;
        }
        if self.is_sorani_nisba(token) {
            return true;
        }
        let suffix = self.text.get(token.stem_range(self.text).end..token.end as usize);
        let suffix = fold(suffix.unwrap_or_default());
        let mut shapes = self.finder.words.shapes(Shape::CommonSuffix, Language::Sorani);
        shapes.any(|shape| suffix.starts_with(&shape.letters))
    }

    /// "کوردستانیەکان": after a consonant, ی and ە are the suffixes of an adjective of origin and of its plural.
    fn is_sorani_nisba(&self, token: &Token) -> bool {
        let range = token.stem_range(self.text);
        let stem = fold(self.text.get(range.clone()).unwrap_or_default());
        let tail = fold(self.text.get(range.end..token.end as usize).unwrap_or_default());
        let vowel = stem.ends_with(['ا', 'ە', 'ێ', 'ۆ', 'و', 'ی', 'ي', 'ه']);
        let adjective = ["ییە", "یە"].map(fold).iter().any(|suffix| tail.starts_with(&**suffix));
        adjective && !vowel
    }

    /// A short Sorani word with several suffixes is a verb or a noun, unless a word of place precedes it.
    fn is_inflected_word(&self, at: usize, name: NameAt, located: bool) -> bool {
        let token = &self.tokens.tokens[at];
        let letters = || token.stem_range(self.text);
        token.is_sorani()
            && !located
            && name.tail
            && name.end == at + 1
            && token.tail >= MANY
            && self
                .text
                .get(letters())
                .is_some_and(|stem| stem.chars().count() <= SHORT)
    }

    /// The name of a newspaper, a club, a hotel.
    fn is_other_name(&self, name: NameAt, left: Cues) -> bool {
        left.has(Cue::NameBefore) || {
            let (right, _) = self.finder.words.beginning_at(self.tokens, name.end);
            right.has(Cue::NameAfter) && !self.tokens.get(name.end).is_some_and(|token| token.begins_sentence())
        }
    }

    /// True if a word in Latin letters that could be a name is directly before a token.
    pub(super) fn ends_name(&self, at: usize) -> bool {
        self.before(at)
            .is_some_and(|token| token.kind == Kind::Latin && token.is_capital())
            && self.found.last().is_none_or(|last| last.last < at)
    }

    /// An unknown name before a type noun that opens one: "the al-Wihda neighbourhood".
    pub(super) fn name_before(&mut self, noun: NounAt<'a>) -> Option<usize> {
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
}
