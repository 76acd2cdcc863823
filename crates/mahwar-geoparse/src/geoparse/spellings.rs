//! Every spelling of the gazetteer's names, collected before the number of places with each is known.

use super::{
    cue::Cue,
    names::{Bearer, NameId, is_seat_like},
    trie::Trie,
    words::Words,
};
use crate::{
    gazetteer::{Level, Place, PlaceIndex},
    text::{Vocabulary, WordId},
};

/// Names under construction. Name zero is none.
pub(super) struct Spellings {
    /// Names by their words.
    pub trie: Trie,
    /// The words of all names one after the other.
    words: Vec<WordId>,
    /// By name: one past its last word.
    ends: Vec<u32>,
    /// As they were found.
    bearers: Vec<(NameId, Bearer)>,
}

impl Default for Spellings {
    fn default() -> Self {
        Self {
            trie: Trie::default(),
            words: Vec::new(),
            ends: vec![0],
            bearers: Vec::new(),
        }
    }
}

impl Spellings {
    /// One more than the number of the last name.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The words of a name.
    pub fn words_of(&self, name: NameId) -> &[WordId] {
        let name = name as usize;
        let start = name.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[start as usize..self.ends[name] as usize]
    }

    /// Adds a name of a place in every way that text writes it.
    pub fn add_name(
        &mut self,
        name: &str,
        place: PlaceIndex,
        entry: &Place,
        words: &Words,
        vocabulary: &mut Vocabulary,
    ) {
        let Some(ids) = vocabulary.intern_phrase(name) else {
            return;
        };
        // Texts name a building, and the quarter around it, by its place: "the airport of Erbil".
        if matches!(entry.level, Level::Site | Level::Neighbourhood) && words.has(ids[0], Cue::Facility) {
            return;
        }
        // A name that begins with its own type noun is that noun and a name, without "oil" or "international".
        let kept = ids
            .iter()
            .rposition(|id| !words.has(*id, Cue::Epithet))
            .map_or(0, |last| last + 1);
        let ids = if kept > 0 && matches!(entry.level, Level::Site | Level::Area) {
            &ids[..kept]
        } else {
            &ids
        };
        match words.noun_in_name(ids) {
            Some((noun, count)) if noun.strips && noun.levels.contains(&entry.level) => {
                self.add_stripped(&ids[count..], place, ids[0]);
            }
            Some((noun, count))
                if noun.strips && is_seat_like(entry.level) && noun.levels.iter().all(|level| is_seat_like(*level)) =>
            {
                self.add(ids, place);
                self.add_stripped(&ids[count..], place, ids[0]);
            }
            _ => match words.noun_behind_name(ids) {
                Some(noun) if noun.strips && noun.levels.contains(&entry.level) => {
                    let (last, name) = (ids[ids.len() - 1], &ids[..ids.len() - 1]);
                    self.add(ids, place);
                    self.add_stripped(name, place, last);
                }
                _ => self.add(ids, place),
            },
        }
        // Two words are often written as one, and an article in Latin letters is often left out.
        if let [first, second] = ids {
            let (one, two) = (vocabulary.key(*first), vocabulary.key(*second));
            if words.has(*first, Cue::Head) && one.script() == two.script() {
                let joined = one.join(two, two.len());
                let id = vocabulary.intern(joined);
                if id != 0 {
                    self.add(&[id], place);
                }
            }
        }
        if ids.len() > 1 && words.has(ids[0], Cue::Article) {
            self.add(&ids[1..], place);
        }
    }

    /// Adds a name that a place has by itself.
    pub fn add(&mut self, ids: &[WordId], place: PlaceIndex) {
        let bearer = Bearer {
            place,
            needs_noun: false,
            noun: 0,
        };
        self.add_bearer(ids, bearer);
    }

    /// A name without its type noun.
    fn add_stripped(&mut self, ids: &[WordId], place: PlaceIndex, noun: WordId) {
        let bearer = Bearer {
            place,
            needs_noun: true,
            noun,
        };
        self.add_bearer(ids, bearer);
    }

    fn add_bearer(&mut self, ids: &[WordId], bearer: Bearer) {
        let next = self.ends.len() as NameId;
        let Some(name) = self.trie.entry(ids, next) else { return };
        if name == next {
            self.words.extend_from_slice(ids);
            self.ends.push(self.words.len() as u32);
        }
        self.bearers.push((name, bearer));
    }

    /// The places of all names, those of one name together, each place once in the order found.
    pub fn take_bearers(&mut self) -> Vec<(NameId, Bearer)> {
        let mut all = std::mem::take(&mut self.bearers);
        let mut order: Vec<u32> = (0..all.len() as u32).collect();
        let key = |at: u32| {
            let (name, bearer) = all[at as usize];
            (name, bearer.place, at)
        };
        order.sort_unstable_by_key(|at| key(*at));
        // The first spelling found decides whether a place needs a type noun.
        let mut repeats = vec![false; all.len()];
        let mut first = 0;
        for pair in 0..order.len() {
            let (at, before) = (order[pair] as usize, order[first] as usize);
            if pair == 0 || all[at].0 != all[before].0 || all[at].1.place != all[before].1.place {
                first = pair;
                continue;
            }
            let repeat = all[at].1;
            let kept = &mut all[before].1;
            kept.needs_noun &= repeat.needs_noun;
            if kept.noun == 0 {
                kept.noun = repeat.noun;
            }
            repeats[at] = true;
        }
        let mut repeats = repeats.into_iter();
        all.retain(|_| !repeats.next().unwrap_or_default());
        all.sort_by_key(|(name, _)| *name);
        all
    }
}
