//! Every name of the gazetteer as words, with its places and the class that decides when it makes a mention.

use super::{
    cue::Cue,
    evidence,
    frequency::Frequencies,
    lexicon::{GeoparseError, Lexicon, NameClass},
    respelling::Respellings,
    spellings::Spellings,
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

/// A place with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bearer {
    pub place: PlaceIndex,
    /// The first word of the type noun without which the place is not known by this name.
    pub noun: WordId,
    /// Known by this name only beside its type noun (حمرين for بحيرة حمرين).
    pub needs_noun: bool,
}

/// One name, however many places have it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name {
    /// Position of its first entry in `Names::bearers`; its last one is before the first of the next name.
    first: u32,
    pub class: NameClass,
    /// The class was set by hand.
    pub ruled: bool,
    /// One of its places is a power: the name often means its government.
    pub power: bool,
    /// One of its places is a country or region.
    pub country: bool,
    /// The name is short for a place that text has named before ("the Region").
    pub short: bool,
    /// Some place has this name without a type noun.
    pub bare: bool,
    /// A place at home of some note has this name.
    pub home: bool,
    /// Its words.
    pub words: u8,
    /// Of a name of one word: the logarithm of how often the word occurs in Sorani text and in other text.
    pub zipf: [f32; 2],
    /// How often the largest place with this name is expected to be named.
    pub expected: f32,
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
    /// Those of one name together.
    bearers: Vec<Bearer>,
    /// The place that is meant when the text says nothing else.
    preferred: FxHashMap<NameId, PlaceIndex>,
    denials: FxHashMap<NameId, DenialWords>,
    /// Names of the places at home that have several, by place.
    spelt: FxHashMap<PlaceIndex, SmallVec<[NameId; 4]>>,
    respellings: Respellings,
}

/// A name found at some tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameAt {
    pub name: NameId,
    /// One past its last token.
    pub end: usize,
    /// The last token's suffixes are cut off.
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
        frequencies: &Frequencies,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, GeoparseError> {
        let mut spellings = Spellings::default();
        for (place, entry) in (0..).zip(gazetteer.places()) {
            for (_, name) in entry.names.iter() {
                spellings.add_name(name, place, entry, words, vocabulary);
            }
        }
        let mut shorts = Vec::new();
        for short in &lexicon.short_names {
            let place = index_of(gazetteer, "lexicon/short_names.csv", &short.place)?;
            if let Some(ids) = vocabulary.intern_phrase(&short.name) {
                spellings.add(&ids, place);
                shorts.extend(spellings.trie.get(&ids));
            }
        }
        let mut preferred = FxHashMap::default();
        for prefers in &lexicon.preferred {
            // Preferences only rank: one for a place that this gazetteer leaves out does nothing.
            let Some(place) = gazetteer.index_of(&prefers.place) else {
                continue;
            };
            if let Some(ids) = vocabulary.intern_phrase(&prefers.name) {
                spellings.add(&ids, place);
                preferred.extend(spellings.trie.get(&ids).map(|name| (name, place)));
            }
        }
        let bearers = spellings.take_bearers();
        let mut index = Self {
            names: firsts(&bearers, spellings.len()),
            bearers: bearers.iter().map(|(_, bearer)| *bearer).collect(),
            preferred,
            ..Self::default()
        };
        for short in shorts {
            index.names[short as usize].short = true;
        }
        index.classify(gazetteer, lexicon, words, powers, vocabulary, &spellings);
        index.weigh(gazetteer, frequencies, vocabulary, &spellings);
        index.strengthen(vocabulary, &spellings);
        for name in 1..index.names.len() as NameId {
            let home = |bearer: &Bearer| !gazetteer.at(bearer.place).foreign;
            if index.bearers(name).iter().any(home) {
                index.respellings.add(name, spellings.words_of(name), vocabulary);
            }
        }
        index.respellings.finish();
        index.trie = spellings.trie;
        index.trie.shrink_to_fit();
        index.deny(lexicon, vocabulary);
        index.spelt = index.find_spelt(gazetteer);
        Ok(index)
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
            let words = DenialWords {
                before: words(&denial.before),
                after: words(&denial.after),
            };
            self.denials.extend(self.trie.get(&ids).map(|name| (name, words)));
        }
    }

    /// The names of towns and subdistricts, whose namesakes may be spelt otherwise.
    fn find_spelt(&self, gazetteer: &Gazetteer) -> FxHashMap<PlaceIndex, SmallVec<[NameId; 4]>> {
        let mut spelt: FxHashMap<PlaceIndex, SmallVec<[NameId; 4]>> = FxHashMap::default();
        let minor = |place: &Place| {
            let level = matches!(place.level, Level::Settlement | Level::Subdistrict);
            !place.foreign && level && place.rank >= KNOWN_RANK
        };
        for name in 1..self.names.len() as NameId {
            let bearers = self.bearers(name);
            if bearers.len() < 2 {
                continue;
            }
            for bearer in bearers.iter().filter(|bearer| minor(gazetteer.at(bearer.place))) {
                spelt.entry(bearer.place).or_default().push(name);
            }
        }
        spelt.shrink_to_fit();
        spelt
    }

    /// The name of the only place of these levels that is spelt almost like this.
    pub fn respelt(&self, spelling: &str, levels: &[Level], gazetteer: &Gazetteer) -> Option<NameId> {
        self.respellings.find(spelling, levels, self, gazetteer)
    }

    /// Places that share some name with a town or a subdistrict.
    pub fn namesakes(&self, place: PlaceIndex) -> impl Iterator<Item = PlaceIndex> {
        let names = self.spelt.get(&place).map(|names| &names[..]).unwrap_or_default();
        let bearers = names.iter().flat_map(|name| self.bearers(*name));
        bearers.filter(|bearer| !bearer.needs_noun).map(|bearer| bearer.place)
    }

    /// The words that deny a name.
    pub fn denial(&self, name: NameId) -> Option<&DenialWords> {
        self.denials.get(&name)
    }

    /// The places with a name.
    pub fn bearers(&self, name: NameId) -> &[Bearer] {
        let name = name as usize;
        let end = self
            .names
            .get(name + 1)
            .map_or(self.bearers.len(), |next| next.first as usize);
        &self.bearers[self.names[name].first as usize..end]
    }

    /// The place that is meant when the text says nothing else.
    pub fn preferred(&self, name: NameId) -> Option<PlaceIndex> {
        self.preferred.get(&name).copied()
    }

    fn classify(
        &mut self,
        gazetteer: &Gazetteer,
        lexicon: &Lexicon,
        words: &Words,
        powers: &[bool],
        vocabulary: &mut Vocabulary,
        spellings: &Spellings,
    ) {
        let rules: FxHashMap<Vec<WordId>, NameClass> = lexicon
            .classes
            .iter()
            .filter_map(|rule| Some((vocabulary.intern_phrase(&rule.name)?, rule.class)))
            .collect();
        for id in 1..self.names.len() as NameId {
            let (bearers, ids) = (self.bearers(id), spellings.words_of(id));
            let by_rule = || (class_by_rule(bearers, gazetteer, words, vocabulary, ids), false);
            let (class, ruled) = rules.get(ids).map_or_else(by_rule, |class| (*class, true));
            let mut places = bearers.iter().map(|bearer| bearer.place);
            self.names[id as usize] = Name {
                class,
                ruled,
                power: places.clone().any(|place| powers[place as usize]),
                country: places.any(|place| matches!(gazetteer.at(place).level, Level::Country | Level::Region)),
                bare: bearers.iter().any(|bearer| !bearer.needs_noun),
                home: bearers.iter().any(|bearer| {
                    let place = gazetteer.at(bearer.place);
                    !place.foreign && place.rank >= KNOWN_RANK
                }),
                ..self.names[id as usize]
            };
        }
    }

    /// How often each name of one word occurs as a word, and how often its places are expected to be named.
    fn weigh(
        &mut self,
        gazetteer: &Gazetteer,
        frequencies: &Frequencies,
        vocabulary: &Vocabulary,
        spellings: &Spellings,
    ) {
        for id in 1..self.names.len() as NameId {
            let ids = spellings.words_of(id);
            let zipf = match ids {
                [word] => [true, false].map(|sorani| frequencies.zipf(vocabulary.key(*word), sorani)),
                _ => [0.0; 2],
            };
            let bearers = self.bearers(id);
            let bare = bearers.iter().any(|bearer| !bearer.needs_noun);
            let expected = bearers
                .iter()
                .filter(|bearer| !bare || !bearer.needs_noun)
                .map(|bearer| evidence::expected(gazetteer.at(bearer.place)))
                .fold(0.0, f32::max);
            let name = &mut self.names[id as usize];
            (name.words, name.zipf, name.expected) = (ids.len().min(255) as u8, zipf, expected);
        }
    }

    /// Words that are names by themselves are not split, and Sorani ones are known in looser spellings.
    fn strengthen(&self, vocabulary: &mut Vocabulary, spellings: &Spellings) {
        for (name, id) in self.names.iter().zip(0..).skip(1) {
            if name.class <= NameClass::Word {
                continue;
            }
            let ids = spellings.words_of(id);
            for word in ids {
                if ids.len() == 1 {
                    vocabulary.set_strong(*word);
                }
                let latin = vocabulary.key(*word).script() == Script::Latin;
                if !latin || (name.class == NameClass::Safe && name.home) {
                    vocabulary.add_loose(*word);
                }
            }
        }
    }

    /// True if some name begins with this word.
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

/// Names with only the position of their first entry set.
fn firsts(bearers: &[(NameId, Bearer)], names: usize) -> Vec<Name> {
    let mut at = 0;
    let first = |name| {
        while bearers.get(at).is_some_and(|(of, _)| *of < name) {
            at += 1;
        }
        Name {
            first: at as u32,
            ..Name::default()
        }
    };
    (0..names as NameId).map(first).collect()
}

fn index_of(gazetteer: &Gazetteer, file: &'static str, id: &str) -> Result<PlaceIndex, GeoparseError> {
    gazetteer.index_of(id).ok_or_else(|| GeoparseError::Row {
        file,
        line: 0,
        what: format!("the gazetteer has no place {id:?}"),
    })
}

/// Class of a name by its places and words: it needs no evidence when a place that news names bare has it and it
/// is neither a personal name nor an everyday word.
fn class_by_rule(
    bearers: &[Bearer],
    gazetteer: &Gazetteer,
    words: &Words,
    vocabulary: &Vocabulary,
    ids: &[WordId],
) -> NameClass {
    let places = bearers
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
pub(super) fn is_seat_like(level: Level) -> bool {
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
