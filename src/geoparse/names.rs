//! Every name of the gazetteer as words, with its bearers and the class that says when it makes a mention.

use super::{
    cue::Cue,
    lexicon::{GeoparseError, Lexicon, NameClass},
    trie::Trie,
    words::Words,
};
use crate::{
    gazetteer::{Gazetteer, Level, Place, PlaceIndex},
    text::{Script, Tokens, Vocabulary, WordId},
};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

/// Position of a name in the index.
pub(super) type NameId = u32;

/// A place that bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bearer {
    pub place: PlaceIndex,
    /// Known by this name only beside its type noun (حمرين for بحيرة حمرين).
    pub needs_noun: bool,
    /// The first word of that noun.
    pub noun: WordId,
}

/// One name, however many places bear it.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    pub bearers: SmallVec<[Bearer; 2]>,
    pub class: NameClass,
    /// The class was set by hand.
    pub ruled: bool,
    /// A bearer is a power: its name often stands for its government.
    pub power: bool,
    /// A bearer is a country or region.
    pub country: bool,
    /// The name is short for a place that text has named before ("the Region").
    pub short: bool,
    /// The bearer that is meant when nothing else is said.
    pub preferred: Option<PlaceIndex>,
    denial: Option<u32>,
}

impl Name {
    /// Some place bears it without a type noun.
    pub fn is_borne_bare(&self) -> bool {
        self.bearers.iter().any(|bearer| !bearer.needs_noun)
    }
}

/// Words beside a name that deny it.
#[derive(Clone, Debug, Default)]
pub(super) struct DenialWords {
    pub before: FxHashSet<WordId>,
    pub after: FxHashSet<WordId>,
}

/// All names.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    trie: Trie,
    names: Vec<Name>,
    denials: Vec<DenialWords>,
}

/// A name found at some tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameAt {
    pub name: NameId,
    /// One past its last token.
    pub end: usize,
    /// The last token's suffixes are taken off.
    pub tail: bool,
}

/// A settlement of at least this rank, or a natural feature, makes a mention by its bare name.
pub(super) const KNOWN_RANK: u8 = 30;
/// A single word of at least this many letters is seldom an everyday word that the lexicon does not have.
const TELLING: usize = 5;

impl Names {
    pub fn new(
        gazetteer: &Gazetteer,
        lexicon: &Lexicon,
        words: &Words,
        powers: &[bool],
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, GeoparseError> {
        let mut index = Self {
            names: vec![Name::default()],
            ..Self::default()
        };
        let mut spelt: Vec<Vec<WordId>> = vec![Vec::new()];
        for (place, entry) in gazetteer.places().iter().enumerate() {
            for (_, name) in entry.names.iter() {
                index.add_spellings(name, place as PlaceIndex, entry, words, vocabulary, &mut spelt);
            }
        }
        for short in &lexicon.short_names {
            let place = index_of(gazetteer, "lexicon/short_names.csv", &short.place)?;
            if let Some(ids) = vocabulary.intern_phrase(&short.name) {
                index.add(&ids, place, false, &mut spelt);
                index.change(&ids, |name| name.short = true);
            }
        }
        for preferred in &lexicon.preferred {
            // Preferences only rank: one for a place that this gazetteer leaves out does nothing.
            let Some(place) = gazetteer.index_of(&preferred.place) else {
                continue;
            };
            if let Some(ids) = vocabulary.intern_phrase(&preferred.name) {
                index.add(&ids, place, false, &mut spelt);
                index.change(&ids, |name| name.preferred = Some(place));
            }
        }
        index.classify(gazetteer, lexicon, words, powers, vocabulary, &spelt);
        index.deny(lexicon, vocabulary);
        index.strengthen(vocabulary, &spelt);
        index.names.shrink_to_fit();
        index.trie.shrink_to_fit();
        Ok(index)
    }

    fn change(&mut self, ids: &[WordId], change: impl FnOnce(&mut Name)) {
        if let Some(name) = self.trie.get(ids) {
            change(&mut self.names[name as usize]);
        }
    }

    fn deny(&mut self, lexicon: &Lexicon, vocabulary: &mut Vocabulary) {
        for denial in &lexicon.denials {
            let Some(ids) = vocabulary.intern_phrase(&denial.name) else {
                continue;
            };
            let mut words = |list: &[String]| -> FxHashSet<WordId> {
                list.iter()
                    .filter_map(|word| vocabulary.intern_phrase(word))
                    .flatten()
                    .collect()
            };
            let at = self.denials.len() as u32;
            self.denials.push(DenialWords {
                before: words(&denial.before),
                after: words(&denial.after),
            });
            self.change(&ids, |name| name.denial = Some(at));
        }
    }

    /// The words that deny a name.
    pub fn denial(&self, name: NameId) -> Option<&DenialWords> {
        self.denials.get(self.get(name).denial? as usize)
    }

    fn add_spellings(
        &mut self,
        name: &str,
        place: PlaceIndex,
        entry: &Place,
        words: &Words,
        vocabulary: &mut Vocabulary,
        spelt: &mut Vec<Vec<WordId>>,
    ) {
        let Some(ids) = vocabulary.intern_phrase(name) else {
            return;
        };
        // Text calls a building, and the quarter around it, by the place that it stands in: "the airport of Erbil".
        if matches!(entry.level, Level::Site | Level::Neighbourhood) && words.has(ids[0], Cue::Facility) {
            return;
        }
        // A name that begins with its own type noun is that noun and a name, without "oil" or "international".
        let kept = ids
            .iter()
            .rposition(|id| !words.has(*id, Cue::Epithet))
            .map_or(0, |last| last + 1);
        let ids = if kept > 0 && matches!(entry.level, Level::Site | Level::Area) {
            ids[..kept].to_vec()
        } else {
            ids
        };
        match words.noun_in_name(&ids) {
            Some((noun, count)) if noun.strips && noun.levels.contains(&entry.level) => {
                self.add_stripped(&ids[count..], place, ids[0], spelt);
            }
            Some((noun, count))
                if noun.strips && is_seat_like(entry.level) && noun.levels.iter().all(|level| is_seat_like(*level)) =>
            {
                self.add(&ids, place, false, spelt);
                self.add_stripped(&ids[count..], place, ids[0], spelt);
            }
            _ => match words.noun_behind_name(&ids) {
                Some(noun) if noun.strips && noun.levels.contains(&entry.level) => {
                    let (last, name) = (ids[ids.len() - 1], &ids[..ids.len() - 1]);
                    self.add(&ids, place, false, spelt);
                    self.add_stripped(name, place, last, spelt);
                }
                _ => self.add(&ids, place, false, spelt),
            },
        }
        // Two words are often written as one, and an article in Latin letters is often left out.
        if let [first, second] = ids.as_slice() {
            let (one, two) = (vocabulary.key(*first), vocabulary.key(*second));
            if words.has(*first, Cue::Head) && one.script() == two.script() {
                let joined = one.join(two, two.len());
                let id = vocabulary.intern(joined);
                if id != 0 {
                    self.add(&[id], place, false, spelt);
                }
            }
        }
        if ids.len() > 1 && words.has(ids[0], Cue::Article) {
            self.add(&ids[1..], place, false, spelt);
        }
    }

    fn add(&mut self, ids: &[WordId], place: PlaceIndex, needs_noun: bool, spelt: &mut Vec<Vec<WordId>>) {
        let bearer = Bearer {
            place,
            needs_noun,
            noun: 0,
        };
        self.add_bearer(ids, bearer, spelt);
    }

    /// A name without its type noun.
    fn add_stripped(&mut self, ids: &[WordId], place: PlaceIndex, noun: WordId, spelt: &mut Vec<Vec<WordId>>) {
        let bearer = Bearer {
            place,
            needs_noun: true,
            noun,
        };
        self.add_bearer(ids, bearer, spelt);
    }

    fn add_bearer(&mut self, ids: &[WordId], bearer: Bearer, spelt: &mut Vec<Vec<WordId>>) {
        let next = self.names.len() as NameId;
        let Some(value) = self.trie.entry(ids) else { return };
        if *value == 0 {
            *value = next;
            self.names.push(Name::default());
            spelt.push(ids.to_vec());
        }
        let name = &mut self.names[*value as usize];
        match name.bearers.iter_mut().find(|other| other.place == bearer.place) {
            Some(other) => {
                other.needs_noun &= bearer.needs_noun;
                if other.noun == 0 {
                    other.noun = bearer.noun;
                }
            }
            None => name.bearers.push(bearer),
        }
    }

    fn classify(
        &mut self,
        gazetteer: &Gazetteer,
        lexicon: &Lexicon,
        words: &Words,
        powers: &[bool],
        vocabulary: &mut Vocabulary,
        spelt: &[Vec<WordId>],
    ) {
        let rules: FxHashMap<Vec<WordId>, NameClass> = lexicon
            .classes
            .iter()
            .filter_map(|rule| Some((vocabulary.intern_phrase(&rule.name)?, rule.class)))
            .collect();
        for (name, ids) in self.names.iter_mut().zip(spelt).skip(1) {
            (name.class, name.ruled) = match rules.get(ids) {
                Some(class) => (*class, true),
                None => (class_by_rule(name, gazetteer, words, vocabulary, ids), false),
            };
            let mut bearers = name.bearers.iter().map(|bearer| bearer.place);
            name.power = bearers.clone().any(|place| powers[place as usize]);
            name.country = bearers.any(|place| matches!(gazetteer.at(place).level, Level::Country | Level::Region));
        }
    }

    /// Words that are names by themselves are not taken apart, and Sorani ones are known in looser spellings.
    fn strengthen(&self, vocabulary: &mut Vocabulary, spelt: &[Vec<WordId>]) {
        for (name, ids) in self.names.iter().zip(spelt).skip(1) {
            if name.class <= NameClass::Word {
                continue;
            }
            for word in ids {
                if ids.len() == 1 {
                    vocabulary.set_strong(*word);
                }
                if vocabulary.key(*word).script() == Script::Arabic {
                    vocabulary.add_loose(*word);
                }
            }
        }
    }

    /// Whether some name begins with this word.
    #[inline]
    pub fn begins(&self, word: WordId) -> bool {
        self.trie.begins(word)
    }

    /// One more than the number of the last name.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn get(&self, name: NameId) -> &Name {
        &self.names[name as usize]
    }

    /// The names that begin at a token, the longest first, with the token as a whole or without its affixes.
    pub fn at(&self, tokens: &Tokens, at: usize, stem: bool) -> SmallVec<[NameAt; 4]> {
        let mut found = SmallVec::new();
        let Some(token) = tokens.get(at) else { return found };
        let (word, last) = if stem {
            (token.stem, token.tail > 0)
        } else {
            (token.word, false)
        };
        if word == crate::text::UNKNOWN {
            return found;
        }
        self.trie.forward(tokens, at, word, last, |name, end| {
            let tail = match end - at {
                1 => last,
                _ => {
                    let closing = &tokens.tokens[end - 1];
                    closing.tail > 0 && closing.word == crate::text::UNKNOWN
                }
            };
            found.push(NameAt { name, end, tail });
        });
        found.reverse();
        found
    }
}

fn index_of(gazetteer: &Gazetteer, file: &'static str, id: &str) -> Result<PlaceIndex, GeoparseError> {
    gazetteer.index_of(id).ok_or_else(|| GeoparseError::Row {
        file,
        line: 0,
        what: format!("the gazetteer has no place {id:?}"),
    })
}

/// What a name's bearers and words say about it: it stands by itself when a place that news names bare bears it and it
/// is neither a personal name nor an everyday word.
fn class_by_rule(
    name: &Name,
    gazetteer: &Gazetteer,
    words: &Words,
    vocabulary: &Vocabulary,
    ids: &[WordId],
) -> NameClass {
    let places = name
        .bearers
        .iter()
        .filter(|bearer| !bearer.needs_noun)
        .map(|bearer| gazetteer.at(bearer.place));
    let known = places.clone().any(is_known);
    let is = |cue| {
        ids.iter()
            .all(|id| words.has(*id, cue) || words.has(*id, Cue::Function))
    };
    match (known, is(Cue::Common), is(Cue::Person)) {
        (true, true, _) => NameClass::Trigger,
        (true, _, true) => NameClass::Place,
        (true, false, false) => NameClass::Safe,
        (false, true, _) | (false, _, true) => NameClass::Trigger,
        (false, ..)
            if ids.len() > 1
                || vocabulary.key(ids[0]).script() == Script::Latin
                || vocabulary.key(ids[0]).len() >= TELLING =>
        {
            NameClass::Admin
        }
        (false, ..) => NameClass::Trigger,
    }
}

/// Levels between which names are carried over: "the city of …" is the name of a district too.
fn is_seat_like(level: Level) -> bool {
    matches!(
        level,
        Level::Settlement | Level::Neighbourhood | Level::District | Level::Subdistrict
    )
}

fn is_known(place: &Place) -> bool {
    match place.level {
        Level::Country | Level::Region | Level::Governorate | Level::District | Level::Subdistrict => true,
        Level::Settlement => place.foreign || place.rank >= KNOWN_RANK,
        Level::Neighbourhood | Level::Road => false,
        Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area | Level::Site => {
            place.rank >= KNOWN_RANK / 2
        }
    }
}
