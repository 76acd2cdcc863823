//! Persons called like places: a title before the name, a personal name beside it, an age after it.
//!
//! The evidence against a name depends on how surely it is a place: a power is a person only when a personal name follows, a
//! safe name needs a sign that a place would not have, any other name yields to the first sign.

use super::Walk;
use crate::{
    geoparse::{
        cue::{Cue, Cues},
        lexicon::NameClass,
        names::NameAt,
    },
    text::{Kind, Token, UNKNOWN},
};

/// The words beside a bare name.
pub(super) struct Beside {
    /// Cues of the phrase before it.
    pub left: Cues,
    /// It is a location, an actor, or in a list of places.
    pub placed: bool,
    /// A word of place precedes it.
    pub located: bool,
    /// Cues of its proclitics.
    pub prefix: Cues,
}

/// Largest distance of a verb of motion before its subject's title: "the minister visited" in Arabic order.
const REACH: usize = 4;
/// Names between a title and a surname.
const NAMES: usize = 3;
/// Towns that are named less often than this, as a logarithm, are as often surnames after a given name.
const SURNAME: f32 = 3.7;
/// Endings of Sorani verbs in the passive.
const PASSIVE: [&str; 2] = ["را", "ران"];
/// No age of a person is above it.
const OLDEST: u32 = 110;

impl Walk<'_> {
    /// True if a bare name is a person's here.
    pub(super) fn is_person(&self, at: usize, name: NameAt, beside: &Beside) -> bool {
        let entry = self.finder.names.get(name.name);
        // Only a title makes a person of a place by itself: "a son of Basra", "or Kirkuk?".
        let titles: &[Cue] = match entry.class {
            NameClass::Safe => &[Cue::Title],
            _ => &[Cue::Title, Cue::Kin],
        };
        let titled = self.is_titled(at, beside, titles);
        let after = self.is_followed_by_person(at, name.end);
        if !entry.power && (self.is_child(name, beside) || self.precedes_patronym(name.end))
            || self.is_patronymic(at)
            || self.follows_given_name(at, beside)
        {
            return true;
        }
        if self.is_given_sorani_name(at, name, beside) {
            return true;
        }
        if self.is_surname(at, name) {
            return true;
        }
        if entry.power {
            let latin = self.tokens.tokens[at].kind == Kind::Latin;
            let doubtful = entry.class < NameClass::Safe || latin;
            let surname = self.is_personal(at, name.end) && self.is_unknown_capital(name.end);
            let heads = self.heads_apposition(at, name.end);
            let comma = self.tokens.get(name.end).is_some_and(|token| token.kind == Kind::Comma);
            let called = latin && self.follows_person(at) && (comma || self.is_personal(at, name.end));
            return ((after || surname) && !beside.located && (titled || doubtful || heads)) || called;
        }
        if self.says_surname(at, name, beside)
            || (!beside.placed && self.is_followed_by_title(name.end))
            || self.has_age(name.end)
            || self.is_listed_with_persons(at, name.end, beside)
        {
            return true;
        }
        match entry.class {
            NameClass::Safe => {
                let named = self.is_named(beside.left);
                let given = entry.expected < SURNAME && !beside.placed && self.follows_person(at);
                titled || (after && !beside.placed) || given || (named && self.follows_titled_person(at))
            }
            _ => titled || self.follows_person(at) || (after && !beside.placed),
        }
    }

    /// True if a title precedes it, alone or with a comma, and no verb before that has the name as its object.
    fn is_titled(&self, at: usize, beside: &Beside, titles: &[Cue]) -> bool {
        let comma = self.before(at).is_some_and(|token| token.kind == Kind::Comma);
        let left = match comma {
            true => self.finder.words.ending_at(self.tokens, at - 1).0,
            false => beside.left,
        };
        let title = left.any(titles) && !left.has(Cue::Literal) && !self.is_object(at);
        title && !self.is_of(at)
    }

    /// A Sorani title with the suffix that joins it to the next word ("player of"), and a name that is not said of a
    /// person ("her name is").
    fn is_of(&self, at: usize) -> bool {
        let extent = self.loose_extent();
        let sorani = self
            .before(at)
            .is_some_and(|token| token.kind == Kind::Arabic && token.is_sorani());
        let said = self.tokens.tokens[at].tail > 0 && !extent.ends_as_adjective(at);
        sorani && !said && extent.ends_as_adjective(at - 1)
    }

    /// True if a verb of motion precedes the words before the name: "visited the minister Kirkuk".
    fn is_object(&self, at: usize) -> bool {
        let mut end = at;
        while end > 0 && at - end < REACH && !self.tokens.tokens[end].begins_sentence() {
            end -= 1;
            let token = &self.tokens.tokens[end];
            if token.kind == Kind::Arabic && !token.is_sorani() && self.finder.words.of(token).has(Cue::Motion) {
                return true;
            }
        }
        false
    }

    /// A sentence begins with it and another word, and a comma follows: "Kurdistan Ahmad, a teacher, …".
    fn heads_apposition(&self, at: usize, end: usize) -> bool {
        let comma = self.tokens.get(end + 1).is_some_and(|token| token.kind == Kind::Comma);
        comma && self.tokens.tokens[at].begins_sentence() && self.tokens.tokens[end].tail == 0
    }

    /// True for an unknown word in Latin letters with a capital: a surname after a given name.
    fn is_unknown_capital(&self, at: usize) -> bool {
        self.word_at(at)
            .is_some_and(|token| token.kind == Kind::Latin && token.is_capital() && token.word == UNKNOWN)
    }

    /// True if a Sorani title is between a given name and the name of a family: لاهور شێخ جەنگی.
    fn is_followed_by_title(&self, at: usize) -> bool {
        let title = self.word_at(at).is_some_and(|token| {
            let word = self.text.get(token.range()).unwrap_or_default();
            token.is_sorani() && self.finder.words.whole(token).has(Cue::Title) && !word.ends_with('ی')
        });
        title && self.word_at(at + 1).is_some()
    }

    /// Every word of the name is a personal name.
    pub(super) fn is_personal(&self, at: usize, end: usize) -> bool {
        let words = self.finder.words;
        self.tokens.tokens[at..end]
            .iter()
            .all(|token| words.of(token).has(Cue::Person))
    }

    /// "said al-Rifai": an adjective of origin with the article directly after a verb of saying that is not feminine,
    /// as it would be beside a town.
    fn says_surname(&self, at: usize, name: NameAt, beside: &Beside) -> bool {
        let token = &self.tokens.tokens[at];
        let extent = self.loose_extent();
        beside.left.has(Cue::Verb)
            && name.end == at + 1
            && token.kind == Kind::Arabic
            && !token.is_sorani()
            && extent.is_relative(at)
            && !extent.ends_as_feminine_verb(at - 1)
    }

    /// True if a title and personal names are directly before it: "the researcher Abd al-Karim Sinjar".
    fn follows_titled_person(&self, at: usize) -> bool {
        let words = self.finder.words;
        let mut start = at;
        for _ in 0..NAMES {
            let (cues, before) = words.ending_at(self.tokens, start);
            if !self.is_named(cues) {
                break;
            }
            start = before;
        }
        start < at && words.ending_at(self.tokens, start).0.has(Cue::Title) && !self.is_object(start)
    }

    /// "Abd Allah ibn al-Zubayr": a word that joins a name to the father's is before it, perhaps with the article.
    fn is_patronymic(&self, at: usize) -> bool {
        let patronym = |at: usize| self.finder.words.whole(&self.tokens.tokens[at]).has(Cue::Patronym);
        let article = |at: usize| {
            let token = &self.tokens.tokens[at];
            token.kind == Kind::Dash || self.finder.words.whole(token).has(Cue::Article)
        };
        let mut before = at;
        while before > 0 && at - before < NAMES && !self.tokens.tokens[before].begins_sentence() {
            before -= 1;
            if patronym(before) {
                return true;
            }
            if !article(before) || self.tokens.tokens[before].kind == Kind::Arabic {
                return false;
            }
        }
        false
    }

    /// "Linda Kirkuk": a given name in Latin letters, which no place has, is directly before it.
    fn follows_given_name(&self, at: usize, beside: &Beside) -> bool {
        let given =
            |token: &Token| token.kind == Kind::Latin && token.is_capital() && !self.finder.names.begins(token.word);
        let spaced = self.tokens.tokens[at].is_spaced() && !self.tokens.is_uncased_at(at);
        spaced && !beside.located && self.follows_person(at) && self.before(at).is_some_and(given)
    }

    /// Sorani: a given name at the head of a sentence, an unknown word with the suffix of surnames, and a comma or a title:
    /// "ڕەشاد گەڵاڵی، جێگری".
    fn is_given_sorani_name(&self, at: usize, name: NameAt, beside: &Beside) -> bool {
        let token = &self.tokens.tokens[at];
        let entry = self.finder.names.get(name.name);
        let alone = token.is_sorani() && token.begins_sentence() && name.end == at + 1 && token.tail + token.cut == 0;
        if !alone || entry.class == NameClass::Safe || beside.located {
            return false;
        }
        let surname = self.word_at(name.end).is_some_and(|next| {
            let cues = self.finder.words.whole(next);
            cues.is_empty() && self.loose_extent().ends_as_adjective(name.end)
        });
        let ends = self.tokens.get(name.end + 1).is_some_and(|next| {
            let cues = self.finder.words.of(next);
            next.kind == Kind::Comma || cues.any(&[Cue::Title, Cue::Actor]) || cues.has(Cue::Tie)
        });
        surname && ends
    }

    fn is_named(&self, cues: Cues) -> bool {
        cues.has(Cue::Person) && !cues.any(&[Cue::Common, Cue::Literal])
    }

    /// True if a personal name is directly before it.
    pub(super) fn follows_person(&self, at: usize) -> bool {
        let taken = self.found.last().is_some_and(|last| last.last == at);
        !taken
            && self
                .before(at)
                .is_some_and(|token| token.kind.is_word() && self.is_named(self.finder.words.of(token)))
    }

    /// "الزبير بن العوام": a word that joins a name to the father's and does nothing else is directly after it.
    fn precedes_patronym(&self, end: usize) -> bool {
        self.word_at(end)
            .is_some_and(|token| token.kind == Kind::Arabic && self.finder.words.whole(token).has(Cue::Patronym))
    }

    /// "Rabia son of Amir": a word like "son of" is directly after it, and no word of place is before. A town that
    /// somebody visits may also precede one: "visited Sinjar the brother of …".
    fn is_child(&self, name: NameAt, beside: &Beside) -> bool {
        let safe = self.finder.names.get(name.name).class == NameClass::Safe;
        let located =
            beside.left.has(Cue::Literal) || beside.prefix.has(Cue::Literal) || (safe && beside.left.has(Cue::Motion));
        !located
            && self
                .word_at(name.end)
                .is_some_and(|token| !token.is_sorani() && is_kin(token, self.finder.words.whole(token)))
    }

    /// True if a personal name, or a word like "son of", is directly after it.
    fn is_followed_by_person(&self, at: usize, end: usize) -> bool {
        let latin = self.tokens.tokens[at].kind == Kind::Latin;
        self.word_at(end).is_some_and(|token| {
            let cues = self.finder.words.whole(token);
            (self.is_named(cues) || is_kin(token, cues)) && (!latin || token.is_capital())
        })
    }

    /// "بڕیار گەرمیانی کوژرا": a word that nothing joins to the name begins the sentence, and a passive verb ends it. In the
    /// active the suffix of the name would be the verb's subject.
    fn is_passive_subject(&self, at: usize) -> bool {
        let word = |at: usize| {
            let token = self.tokens.get(at);
            token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
        };
        let given = at.checked_sub(1).filter(|_| self.before(at).is_some());
        let begins = given.is_some_and(|given| {
            let token = &self.tokens.tokens[given];
            token.begins_sentence()
                && token.is_sorani()
                && self.finder.words.whole(token).is_empty()
                && !self.loose_extent().ends_as_adjective(given)
        });
        begins && self.word_at(at + 1).is_some() && PASSIVE.iter().any(|ending| word(at + 1).ends_with(ending))
    }

    /// Sorani makes surnames of places with a suffix: a personal name or a title and another word before it.
    fn is_surname(&self, at: usize, name: NameAt) -> bool {
        let token = &self.tokens.tokens[at];
        if !token.is_sorani() || name.end != at + 1 || !self.loose_extent().ends_as_adjective(at) {
            return false;
        }
        if self.is_passive_subject(at) {
            return true;
        }
        if !name.tail {
            // The name's own last letter is that suffix: "Nechirvan Sulaymani" at the head of a sentence.
            let heads = at > 0 && self.tokens.tokens[at - 1].begins_sentence() && self.follows_person(at);
            let object = self
                .word_at(name.end)
                .is_some_and(|next| self.finder.words.of(next).has(Cue::Verb));
            return heads && !object;
        }
        let titled = at >= 2
            && !self.tokens.tokens[at - 1].begins_sentence()
            && self
                .before(at)
                .is_some_and(|token| token.kind == Kind::Arabic && self.finder.words.of(token).is_empty())
            && self.finder.words.ending_at(self.tokens, at - 1).0.has(Cue::Title);
        // "Biryar Garmiani was killed": at the head of a sentence, and nothing joins the two words as it would a noun and
        // its place.
        let before = &self.tokens.tokens[at.saturating_sub(1)];
        let plain =
            !self
                .finder
                .words
                .of(before)
                .any(&[Cue::Function, Cue::Literal, Cue::Verb, Cue::Motion, Cue::Actor]);
        let heads = at > 0
            && before.begins_sentence()
            && before.kind == Kind::Arabic
            && before.tail == 0
            && plain
            && !self.loose_extent().ends_as_adjective(at - 1);
        if heads && !self.tokens.tokens[at].begins_sentence() && !self.finder.names.get(name.name).power {
            return true;
        }
        // A given name, an unknown father's name, a surname.
        let given = at >= 2 && !self.tokens.tokens[at - 1].begins_sentence() && self.follows_person(at - 1);
        let father = self
            .before(at)
            .is_some_and(|token| self.finder.words.of(token).is_empty());
        self.follows_person(at) || titled || (given && father)
    }

    /// "Ramadi, 54, …", "سنجار (34 عاما)": an age follows.
    fn has_age(&self, end: usize) -> bool {
        let kind = |at: usize| self.tokens.get(at).map(|token| token.kind);
        let opened = match kind(end) {
            Some(Kind::Comma) => false,
            Some(Kind::Open) => true,
            _ => return false,
        };
        let age = self.tokens.get(end + 1).filter(|token| token.kind == Kind::Number);
        let age = age.and_then(|token| self.text.get(token.range())).and_then(number);
        if age.is_none_or(|age| !(3..=OLDEST).contains(&age)) {
            return false;
        }
        match self.tokens.get(end + 2) {
            Some(token) if token.kind.is_word() => self.finder.words.of(token).has(Cue::Age),
            Some(token) => match token.kind {
                Kind::Comma => !opened && self.tokens.tokens[end - 1].kind == Kind::Latin,
                _ => false,
            },
            None => false,
        }
    }

    /// In a list with personal names: a name before it that was a person's, or one after it that can only be one.
    fn is_listed_with_persons(&self, at: usize, end: usize, beside: &Beside) -> bool {
        let joined = match self.before(at) {
            Some(token) if self.starts_with_and(at) => Some((token, at)),
            Some(token) if self.finder.words.whole(token).has(Cue::And) => {
                at.checked_sub(2).map(|before| (&self.tokens.tokens[before], at - 1))
            }
            _ => None,
        };
        let before = joined.is_some_and(|(token, end)| {
            self.person == end && end > 0
                || (!beside.located
                    && token.kind.is_word()
                    && self.found.last().is_none_or(|last| last.last != end)
                    && self.is_named(self.finder.words.of(token)))
        });
        let inside = beside.prefix.has(Cue::Literal) || (beside.located && !beside.left.has(Cue::Channel));
        let behind = !inside
            && self.starts_with_and(end)
            && self.word_at(end).is_some_and(|token| {
                token.cut == 1 && self.finder.words.whole(token).is_empty() && self.is_only_person(token)
            });
        before || behind
    }

    /// True for a personal name that no place has.
    fn is_only_person(&self, token: &Token) -> bool {
        self.is_named(self.finder.words.stem(token)) && !self.finder.names.begins(token.stem)
    }
}

/// "son of", not "mother of", which in Arabic is spelt like "or".
fn is_kin(token: &Token, cues: Cues) -> bool {
    cues.has(Cue::Kin) && (token.is_sorani() || !cues.has(Cue::Head))
}

/// The value of a run of digits of any of the three kinds.
fn number(digits: &str) -> Option<u32> {
    crate::text::fold(digits).parse().ok()
}
