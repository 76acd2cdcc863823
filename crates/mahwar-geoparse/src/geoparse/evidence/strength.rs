//! The class of a name, from its letters, its place, and how often ordinary text has its word.

use super::{Judge, Strength, spelling::Spelling};
use crate::{
    gazetteer::{Level, Place},
    geoparse::{
        cue::{Cue, Cues},
        find::Found,
        lexicon::NameClass,
        ranks::{FAMOUS, SMALL},
        resolve::Resolution,
    },
    text::{Kind, Token, UNKNOWN},
};

/// Excess of a word's frequency over that expected of the place, as a logarithm, from which on the name is weak, and
/// from which on it is a word.
const WEAK_EXCESS: f32 = 0.3;
const WORD_EXCESS: f32 = 1.05;
/// How much rarer a name is with one given affix than by itself.
const AFFIXED: f32 = 0.6;
/// How much more often Sorani text names the places of the land.
const SORANI: f32 = 0.3;
/// Letters of a name that is short in any meaning.
const SHORT: usize = 3;
/// Letters up to which a name after an affix is weak.
const SHORT_STEM: usize = 4;
/// A word met as often as this is an everyday one, with any affix.
const EVERYDAY: f32 = 3.4;
/// The most letters of an acronym.
const ACRONYM: usize = 4;
/// How much rarer a word is with a pronoun or a case ending.
const INFLECTED: f32 = 0.4;

impl Judge<'_> {
    pub(in super::super) fn slice(&self, found: &Found) -> &str {
        self.text.get(found.span.start..found.span.end).unwrap_or_default()
    }

    /// The class of a mention of a known place; nothing for one without a place.
    pub(super) fn strength(&self, found: &Found, resolution: &Resolution) -> Option<Strength> {
        let chosen = resolution.chosen.filter(|_| found.name != 0)?;
        let place = self.gazetteer.at(chosen);
        let name = self.names.get(found.name);
        let expected = expected(place).max(name.expected);
        let mut strength = match place.level {
            _ if place.foreign => Strength::Strong,
            Level::Neighbourhood | Level::Road => Strength::Contextual,
            Level::Settlement | Level::Site | Level::Area | Level::Valley | Level::Mountain if place.rank < SMALL => {
                Strength::Contextual
            }
            _ => Strength::Strong,
        };
        if name.words == 1 {
            strength = strength.min(self.word_strength(found, place, name.zipf, expected));
        }
        let doubtful = name.ruled && name.class < NameClass::Safe && found.trigger.is_none();
        if !place.foreign && (name.short || doubtful) {
            strength = strength.min(Strength::Weak);
        }
        if name.class < NameClass::Place && found.trigger.is_none() && name.words == 1 {
            strength = strength.min(Strength::Weak);
        }
        if !place.foreign && found.trigger.is_none() {
            strength = strength.min(self.strength_by_form(found, place));
            if strength == Strength::Weak && self.is_indefinite_noun(found) {
                strength = Strength::Word;
            }
        }
        Some(strength)
    }

    /// The class of a name of one word, by the use of its letters in ordinary text.
    pub(super) fn word_strength(&self, found: &Found, place: &Place, zipf: [f32; 2], expected: f32) -> Strength {
        let Some(token) = self.tokens.get(found.last - 1) else {
            return Strength::Strong;
        };
        let sorani = token.is_sorani();
        let expected = expected + if sorani { SORANI } else { 0.0 };
        let cut = found.span.start > token.start as usize && found.first + 1 == found.last;
        let tail = found.span.end < token.end as usize;
        let slice = self.slice(found);
        let letters = slice.chars().count();
        // A looser spelling of the name may be an everyday word itself.
        let mut zipf = zipf[usize::from(!sorani)];
        if sorani {
            zipf = zipf.max(self.frequencies.zipf_of(slice, true));
        } else if slice.ends_with(['ا', 'ه']) {
            zipf = zipf.max(self.inflected(slice, false) - INFLECTED);
        }
        let mut excess = zipf - expected;
        if cut || tail {
            let whole = self.text.get(token.range()).unwrap_or_default();
            let affixed = self.frequencies.zipf_of(whole, sorani);
            excess = excess.max(affixed - (expected - AFFIXED));
            if !place.foreign && place.rank < FAMOUS && self.has_longer_stem(found, token) {
                return Strength::Other;
            }
            // The particle of questions in the middle of a sentence is a letter of another word.
            if whole.starts_with('أ') && found.span.start == token.start as usize + 'أ'.len_utf8() {
                return Strength::Other;
            }
        }
        // "Tell Wasit": the name goes on before it.
        let before = found.first.checked_sub(1).filter(|_| !token.begins_sentence());
        let head = before
            .and_then(|at| self.tokens.get(at))
            .filter(|_| found.trigger.is_none() && !cut);
        if head.is_some_and(|head| head.kind == Kind::Arabic && !sorani && self.words.of(head) == Cues::only(Cue::Head))
        {
            return Strength::Word;
        }
        let by_use = match excess {
            _ if excess > WORD_EXCESS => Strength::Word,
            _ if excess > WEAK_EXCESS => Strength::Weak,
            _ => Strength::Strong,
        };
        // Nothing else can differ between a spelling and a name that folds alike.
        let hamza = token.kind == Kind::Arabic
            && !place.foreign
            && (sorani && zipf >= EVERYDAY || slice.ends_with('ه') || slice.contains(['أ', 'إ', 'ؤ', 'ئ']));
        if token.kind == Kind::Latin && !place.foreign {
            let loose = token.word == UNKNOWN && !cut && !tail;
            let acronym = slice.len() <= ACRONYM
                && slice.bytes().all(|byte| byte.is_ascii_uppercase())
                && !self.tokens.is_uncased_at(found.last - 1);
            let part = self.is_capital_beside(found);
            if found.trigger.is_none() && (acronym && place.rank < 80 || part && place.rank < 75) {
                return Strength::Word;
            }
            if loose && letters < 8 {
                return Strength::Weak.min(by_use);
            }
        }
        let by_spelling = match hamza.then(|| self.spelling(found, place)) {
            Some(Spelling::Other) => Strength::Other,
            Some(Spelling::Loose) if zipf >= EVERYDAY => Strength::Word,
            Some(Spelling::Possessive) => Strength::Weak,
            _ => Strength::Strong,
        };
        if !place.foreign && (cut || tail) && letters <= SHORT && place.rank < 95 && sorani {
            return Strength::Word;
        }
        // A village inside a longer word of Sorani.
        if !place.foreign && cut && sorani && place.rank < SMALL && found.trigger.is_none() {
            return Strength::Other;
        }
        let short = letters <= SHORT && place.rank < 70 || (cut || tail) && letters <= SHORT_STEM && place.rank < 60;
        let by_length = if short && !place.foreign {
            Strength::Weak
        } else {
            Strength::Strong
        };
        by_use.min(by_spelling).min(by_length)
    }

    /// True if an unknown word with a capital is directly beside it: the name is part of another one ("Azim Rahimi").
    pub(super) fn is_capital_beside(&self, found: &Found) -> bool {
        let unknown = |token: &Token| {
            token.kind == Kind::Latin && token.is_capital() && token.word == UNKNOWN && token.cut + token.tail == 0
        };
        let first = &self.tokens.tokens[found.first];
        let begins = first.begins_sentence() || !first.is_spaced();
        let before = found
            .first
            .checked_sub(1)
            .filter(|_| !begins)
            .and_then(|at| self.tokens.get(at));
        let person = |token: &Token| self.words.of(token).has(Cue::Person) && token.is_capital();
        let after = self.tokens.get(found.last).filter(|token| !token.begins_sentence());
        before.is_some_and(|token| unknown(token) || person(token)) || after.is_some_and(unknown)
    }

    /// "Amara Essy", "Sayed Salahuddin": a personal name, or a word with a capital that ordinary text lacks, is directly
    /// beside it, and no word of place before it.
    pub(super) fn is_beside_rare_name(&self, one: &Found) -> bool {
        let first = &self.tokens.tokens[one.first];
        if one.trigger.is_some() || first.kind != Kind::Latin || self.tokens.is_uncased_at(one.first) {
            return false;
        }
        let rare = |at: usize| {
            let token = &self.tokens.tokens[at];
            let shape = token.kind == Kind::Latin && token.is_capital() && token.is_spaced();
            let unknown = token.word == UNKNOWN && token.cut + token.tail == 0;
            shape && unknown && self.frequencies.zipf_of(self.slice_of(at), false) == 0.0
        };
        let person = |at: usize| {
            let token = &self.tokens.tokens[at];
            token.kind == Kind::Latin && token.is_capital() && self.words.of(token).has(Cue::Person)
        };
        let before = one.first.checked_sub(1).filter(|_| !first.begins_sentence());
        let behind = self.tokens.get(one.last).is_some_and(|next| !next.begins_sentence());
        !self.is_located(one) && (before.is_some_and(|at| rare(at) || person(at)) || behind && rare(one.last))
    }

    /// True if an everyday word remains when fewer letters are cut off at the end: "states" is not a village and a
    /// plural.
    pub(super) fn has_longer_stem(&self, found: &Found, token: &Token) -> bool {
        let (Some(stem), Some(tail)) = (
            self.text.get(found.span.start..found.span.end),
            self.text.get(found.span.end..token.end as usize),
        ) else {
            return false;
        };
        token.is_sorani()
            && tail.char_indices().skip(1).any(|(at, _)| {
                let longer = format!("{stem}{}", &tail[..at]);
                self.frequencies.zipf_of(&longer, true) >= EVERYDAY
            })
    }

    /// How often the word occurs of which an Arabic word may be the accusative or the form with "his": the same letters
    /// without the last one.
    pub(super) fn inflected(&self, word: &str, sorani: bool) -> f32 {
        if sorani || word.starts_with("ال") || word.chars().count() < 4 {
            return 0.0;
        }
        let zipf = |stem: &str| self.frequencies.zipf_of(stem, false);
        match word.chars().next_back() {
            Some('ا') => word.strip_suffix('ا').map_or(0.0, zipf),
            Some('ه') => {
                let feminine = word.strip_suffix("ته").map_or(0.0, |stem| zipf(&format!("{stem}ة")));
                word.strip_suffix('ه').map_or(0.0, zipf).max(feminine)
            }
            _ => 0.0,
        }
    }
}

/// The logarithm of the occurrences in 1,000 million words of ordinary text that a place of this size has.
pub(in super::super) fn expected(place: &Place) -> f32 {
    let rank = f32::from(place.rank) / 100.0;
    let home = match place.level {
        Level::Country | Level::Region => 5.6,
        Level::Governorate => 4.4,
        Level::District => 3.4,
        Level::Subdistrict => 2.8,
        Level::Settlement if place.kind == "capital" => 4.9,
        Level::Settlement => 1.3 + 3.2 * rank,
        Level::Neighbourhood | Level::Road | Level::Site => 1.2 + 3.0 * rank,
        Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area => 1.9 + 3.0 * rank,
    };
    if place.foreign { home + 2.0 } else { home }
}
