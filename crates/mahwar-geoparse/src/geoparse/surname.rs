//! Names of places inside longer names of Latin letters: surnames ("Abu Bakr al-Baghdadi") and names that the gazetteer
//! lacks ("Jisr al-Khadhr").

use super::{
    cue::{Cue, Cues},
    evidence::Judge,
    find::Found,
};
use crate::text::{Kind, Token, UNKNOWN, WordId};
use smallvec::SmallVec;

/// Surnames of a text that are remembered.
const MOST: usize = 64;

/// Words of surnames, which later are used alone.
pub(super) type Surnames = SmallVec<[WordId; 4]>;

impl Judge<'_> {
    /// The surnames of a text: words with an article directly after a name, "Bakr al-Baghdadi".
    pub(super) fn surnames(&self) -> Surnames {
        let mut found = Surnames::new();
        for at in 1..self.tokens.len() {
            if found.len() < MOST
                && self.is_article(at)
                && (self.is_given_name_at(at - 1) || self.words.whole(&self.tokens.tokens[at - 1]).has(Cue::Patronym))
                && let Some(name) = self.word_after(at)
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
        found
    }

    /// True if a name is a surname of the text, and nothing says that it is a place here.
    pub(super) fn is_person(&self, one: &Found, surnames: &Surnames) -> bool {
        let Some(last) = one.last.checked_sub(1).and_then(|at| self.tokens.get(at)) else {
            return false;
        };
        // "Salah al-Din" is a place with its given name.
        let is_alone = one.last - one.first == 1 || self.is_article(one.first);
        if one.trigger.is_some() || !is_alone || !surnames.contains(&last.word) {
            return false;
        }
        let article = [one.first, one.first.wrapping_sub(1), one.first.wrapping_sub(2)]
            .into_iter()
            .find(|at| self.is_article(*at));
        let follows = article
            .and_then(|at| at.checked_sub(1))
            .is_some_and(|at| self.is_given_name_at(at));
        follows || !self.is_located(one)
    }

    /// True if an article and another name follow: the place is another one, with a longer name.
    pub(super) fn is_cut_off(&self, one: &Found) -> bool {
        let name = self.is_article(one.last).then(|| self.name_after(one.last)).flatten();
        let begins = name.is_some_and(|name| name.word != UNKNOWN && self.names.begins(name.word));
        name.is_some() && !begins && !self.tokens.is_uncased_at(one.last)
    }

    /// "Abu al-Duhur", أبو الضهور: the name is the second part of another one. أم is also "or".
    pub(super) fn goes_on_before(&self, found: &Found) -> bool {
        let Some(before) = found.first.checked_sub(1) else {
            return false;
        };
        let (head, first) = (&self.tokens.tokens[before], &self.tokens.tokens[found.first]);
        let cues = self.words.whole(head);
        let joined = !first.begins_sentence() && found.span.start == first.start as usize;
        joined
            && match head.kind {
                Kind::Latin => head.is_capital() && cues.has(Cue::Head) && self.is_article(found.first),
                Kind::Arabic => {
                    let word = self.slice_of(before);
                    let father = word.starts_with("أب") || word.starts_with("اب");
                    !head.is_sorani() && father && cues.has(Cue::Head) && cues.has(Cue::Kin)
                }
                _ => false,
            }
    }

    /// "Qassim al-Muhammadi": a personal name, and a surname with an article directly after it.
    pub(super) fn has_surname(&self, one: &Found) -> bool {
        let token = one.last.checked_sub(1).and_then(|at| self.tokens.get(at));
        let given = token.is_some_and(|token| token.kind == Kind::Latin && self.words.whole(token).has(Cue::Person));
        // "Gen. Qassim": the full stop of an abbreviation.
        let stop = one
            .head
            .checked_sub(1)
            .filter(|at| self.tokens.tokens[*at].kind == Kind::Stop);
        let title = stop.and_then(|stop| self.tokens.get(stop.checked_sub(1)?));
        let titled = title.is_some_and(|title| title.is_capital() && self.words.whole(title).has(Cue::Title));
        (given || titled) && one.last == one.first + 1 && one.trigger.is_none() && self.word_after(one.last).is_some()
    }

    fn is_given_name_at(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let cues = self.words.of(token);
        token.kind == Kind::Latin
            && token.is_capital()
            && !self.tokens.is_uncased_at(at)
            && (cues.is_empty() || cues.has(Cue::Person))
    }

    /// The word of a name after an article.
    fn word_after(&self, article: usize) -> Option<WordId> {
        let token = &self.tokens.tokens[article];
        let apart = token.begins_sentence() || !token.is_spaced();
        let name = self.name_after(article).filter(|_| !apart)?;
        Some(name.word).filter(|word| *word != UNKNOWN)
    }

    /// The name after an article, with or without a dash.
    fn name_after(&self, article: usize) -> Option<&Token> {
        let dash = self
            .tokens
            .get(article + 1)
            .is_some_and(|token| token.kind == Kind::Dash);
        let name = self.tokens.get(article + 1 + usize::from(dash))?;
        (name.kind == Kind::Latin && name.is_capital() && !name.begins_sentence()).then_some(name)
    }

    pub(super) fn is_article(&self, at: usize) -> bool {
        let cues = self.tokens.get(at).map_or(Cues::NONE, |token| match token.kind {
            Kind::Latin => self.words.whole(token),
            _ => Cues::NONE,
        });
        cues.has(Cue::Article) && !cues.has(Cue::Indefinite)
    }
}
