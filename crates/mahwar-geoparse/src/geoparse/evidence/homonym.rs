//! Arabic names of places that are other words by their form: adjectives ("al-Ramadi" is also "the grey one"), participles,
//! names of clans.

use super::{Anchor, Judge, Strength, Subject};
use crate::{
    gazetteer::{Place, PlaceIndex},
    geoparse::{cue::Cue, extent::Extent, find::Found, lexicon::NameClass, ranks::FAMOUS},
    language::Language,
    text::{Kind, Token, fold},
};

/// The article, and its form after "to".
const ARTICLE: &str = "ال";
const TO_THE: &str = "لل";
/// "In", and "with" and more.
const IN: char = 'ب';
/// Endings of adjectives of origin, of which the first is that of masculine ones.
const ORIGIN: [&str; 4] = ["ي", "ية", "يه", "ى"];
/// Letters of a word with the article that can be such an adjective.
const ADJECTIVE: usize = 5;
/// The first letter of participles, and their letters.
const PARTICIPLE: char = 'م';
const PARTICIPLE_LETTERS: std::ops::RangeInclusive<usize> = 4..=5;
/// Names of places abroad in a text that is about other lands.
const SEVERAL: u32 = 3;
/// First words of the names of clans.
const CLAN: [&str; 3] = ["بني", "بنو", "البو"];

impl Judge<'_> {
    /// The class that the form of an Arabic name without a type noun allows at most.
    pub(super) fn strength_by_form(&self, found: &Found, place: &Place) -> Strength {
        if self.is_clan(found) {
            return Strength::Word;
        }
        if self.is_sorani_spelling(found, place) {
            let cut = found.span.start > self.tokens.tokens[found.first].start as usize;
            return if cut { Strength::Other } else { Strength::Weak };
        }
        if self.lacks_article(found, place) {
            return Strength::Weak;
        }
        Strength::Strong
    }

    /// True if a text has words for the land, or names a region or a place in it, or some place of the land in the sentence.
    pub(super) fn names_part_of(&self, region: PlaceIndex, near: &[Anchor], subject: &Subject) -> bool {
        let part = |place: &PlaceIndex| *place == region || self.parents.hold(region, *place);
        self.land_words > 0 || subject.places.iter().any(part) || near.iter().any(|anchor| !anchor.foreign)
    }

    /// True if the name is written without the article that the place has: "موصل" is also "a conductor".
    pub(super) fn lacks_article(&self, found: &Found, place: &Place) -> bool {
        let Some(token) = self.arabic(found.first) else {
            return false;
        };
        let slice = self.slice(found);
        let before = self
            .text
            .get(token.start as usize..found.span.start)
            .unwrap_or_default();
        found.last == found.first + 1
            && !slice.starts_with(ARTICLE)
            && !before.ends_with(TO_THE)
            && place
                .names
                .iter()
                .any(|(_, name)| name.strip_prefix(ARTICLE).is_some_and(|rest| rest == slice))
    }

    /// True if an Arabic text has a spelling that only Sorani gives to the place: "واست".
    pub(super) fn is_sorani_spelling(&self, found: &Found, place: &Place) -> bool {
        if found.last != found.first + 1 || self.arabic(found.first).is_none() {
            return false;
        }
        let slice = self.slice(found);
        let arabic = |(own, name): (Language, &str)| own == Language::Arabic && name.ends_with(slice);
        if place.names.iter().any(arabic) {
            return false;
        }
        let written = fold(slice);
        let written = written.strip_prefix(ARTICLE).unwrap_or(&written);
        let spelt = |language: Language| {
            let mut names = place.names.iter().filter(|(own, _)| *own == language);
            names.any(|(_, name)| {
                let folded = fold(name);
                folded.ends_with(written)
            })
        };
        !spelt(Language::Arabic) && spelt(Language::Sorani)
    }

    /// True if a name is an adjective here as likely as a place. In a longer text the form of an adjective of origin is
    /// enough ("والناصرية والبعثية").
    pub(super) fn may_be_adjective(&self, one: &Found) -> bool {
        !self.is_short() && self.is_named_by_adjective(one) || self.is_participle(one)
    }

    /// A name with that form in a short text that names a place abroad, or several where a word of place precedes the name.
    pub(super) fn is_adjective_among_lands(&self, one: &Found, abroad: u32) -> bool {
        let several = if self.is_placed(one) { SEVERAL } else { 1 };
        abroad >= several && self.is_named_by_adjective(one)
    }

    /// A participle that agrees with the word before it ("الطريق الموصل"), or with which a masculine adjective agrees, as
    /// with no town ("في الموصل الكهربائي").
    fn is_participle(&self, one: &Found) -> bool {
        let Some(token) = self.arabic(one.first).filter(|_| one.last == one.first + 1) else {
            return false;
        };
        let slice = self.slice(one);
        let definite = slice.starts_with(ARTICLE) || one.span.start > token.start as usize;
        let bare = slice.strip_prefix(ARTICLE).unwrap_or(slice);
        definite
            && bare.starts_with(PARTICIPLE)
            && PARTICIPLE_LETTERS.contains(&bare.chars().count())
            && (self.agrees_before(one) || self.agrees_behind(one))
    }

    /// True if a text about other lands, without a place of this one in the sentence, has a town that is called by an
    /// adjective: there is an Alexandria in many of them.
    pub(super) fn is_adjective_elsewhere(
        &self,
        one: &Found,
        place: &Place,
        near: &[Anchor],
        subject: &Subject,
    ) -> bool {
        let town = !place.level.is_administrative() && place.rank < FAMOUS;
        town && self.is_named_by_adjective(one) && !subject.is_land() && near.iter().all(|anchor| anchor.foreign)
    }

    /// A name of one word with the form of an adjective of origin.
    pub(super) fn is_named_by_adjective(&self, one: &Found) -> bool {
        one.last == one.first + 1 && self.arabic(one.first).is_some() && is_adjective(self.slice(one))
    }

    /// "متخصص بالعمارة": a name that is an everyday word, too, after ب, which many words need without any place.
    pub(super) fn is_object_of_word(&self, one: &Found) -> bool {
        let name = self.names.get(one.name);
        let Some(token) = self.arabic(one.first).filter(|_| one.trigger.is_none()) else {
            return false;
        };
        let before = self.text.get(token.start as usize..one.span.start).unwrap_or_default();
        name.ruled && name.class < NameClass::Safe && before.ends_with(IN)
    }

    /// A word of Sorani dictionaries: دوکان is a shop, too.
    pub(super) fn is_sorani_word(&self, one: &Found) -> bool {
        let token = &self.tokens.tokens[one.first];
        one.last == one.first + 1 && token.is_sorani() && self.frequencies.zipf_of(self.slice(one), true) > 0.0
    }

    /// A noun with an adjective that is indefinite as well: "ديانة توحيدية".
    pub(super) fn is_indefinite_noun(&self, one: &Found) -> bool {
        let extent = Extent {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        };
        let next = self.arabic(one.last).is_some_and(|next| !next.begins_sentence());
        next && one.last == one.first + 1 && self.arabic(one.first).is_some() && extent.is_indefinite(one.first)
    }

    /// A word with the article directly before it, unless that is the subject of a verb: "دخل الجيش الموصل".
    fn agrees_before(&self, one: &Found) -> bool {
        let first = &self.tokens.tokens[one.first];
        let next = self.arabic(one.last).filter(|next| !next.begins_sentence());
        let leads = next.is_some_and(|next| self.words.whole(next).any(&[Cue::Channel, Cue::Between]));
        let before = one.first.checked_sub(1).filter(|_| !first.begins_sentence());
        one.span.start == first.start as usize
            && before.is_some_and(|at| {
                let subject = at.checked_sub(1).is_some_and(|verb| {
                    let begins = self.tokens.tokens[at].begins_sentence();
                    !begins && self.words.of(&self.tokens.tokens[verb]).any(&[Cue::Motion, Cue::Verb])
                });
                self.arabic(at).is_some() && self.slice_of(at).starts_with(ARTICLE) && (leads || !subject)
            })
    }

    /// A masculine adjective after a name that a preposition governs.
    fn agrees_behind(&self, one: &Found) -> bool {
        let next = self.arabic(one.last).filter(|next| !next.begins_sentence());
        let word = self.slice_of(one.last);
        next.is_some() && word.ends_with(ORIGIN[0]) && is_adjective(word) && self.is_located(one)
    }

    /// True for the name of a clan ("بني هاشم"), of which few are places.
    fn is_clan(&self, one: &Found) -> bool {
        let first = self.tokens.tokens[one.first];
        let word = self.text.get(one.span.start..first.end as usize).unwrap_or_default();
        one.last > one.first + 1 && self.arabic(one.first).is_some() && CLAN.contains(&word)
    }

    /// True if a name after "and" ends a list of persons: "كعمر وعثمان وعلي وطلحة والزبير".
    pub(super) fn is_listed_with_persons(&self, found: &[Found], at: usize) -> bool {
        let one = &found[at];
        let first = &found[one.list.min(at)];
        let joined = |at: usize| self.arabic(at).is_some() && self.slice_of(at).starts_with('و');
        one.trigger.is_none()
            && joined(first.first)
            && first.first.checked_sub(1).is_some_and(|before| {
                let person = &self.tokens.tokens[before];
                joined(before) && !person.begins_sentence() && self.words.of(person).has(Cue::Person)
            })
    }

    /// A word in Arabic letters that is not Sorani.
    fn arabic(&self, at: usize) -> Option<&Token> {
        let token = self.tokens.get(at)?;
        (token.kind == Kind::Arabic && !token.is_sorani()).then_some(token)
    }
}

/// True for a word with the article and an ending of adjectives of origin.
fn is_adjective(word: &str) -> bool {
    let bare = word.trim_end_matches([
        '\u{64b}', '\u{64c}', '\u{64d}', '\u{64e}', '\u{64f}', '\u{650}', '\u{651}',
    ]);
    word.starts_with(ARTICLE) && bare.chars().count() >= ADJECTIVE && ORIGIN.iter().any(|ending| bare.ends_with(ending))
}
