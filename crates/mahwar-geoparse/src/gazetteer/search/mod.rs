//! Searching names for people: any of the usual spellings finds the place, and each hit says why.
//!
//! A query is compared with every name by its folded key: whole, without its article, without a type noun
//! ("محافظة أربيل", "Erbil governorate"), as a beginning, by its words, and a few letters off. This is apart from the
//! geoparser, which reads running text and never guesses at spelling.

mod index;
mod near;
mod words;

pub use words::{SearchWords, SearchWordsError, key};

use super::{Gazetteer, Level, Place, PlaceIndex};
use crate::language::Language;
use index::{Index, Posting};
use rustc_hash::FxHashMap;
use std::fmt;

/// What to search for beside the name.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    /// Of two names that match alike, the one in this language is given.
    pub language: Option<Language>,
    /// The most hits given.
    pub limit: usize,
    /// Only these levels; empty for all.
    pub levels: Vec<Level>,
    /// Only places in this box: west, south, east, north, degrees.
    pub bbox: Option<[f64; 4]>,
    /// Also names that only begin with the query, as suggestions while typing.
    pub prefix: bool,
    /// Also names that are a few letters off.
    pub near: bool,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            language: None,
            limit: 10,
            levels: Vec::new(),
            bbox: None,
            prefix: true,
            near: true,
        }
    }
}

/// Why a name matches, the best reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Letter for letter.
    Exact,
    /// The same after folding: hamza, ya, kaf, ta marbuta, marks, case, accents.
    Folded,
    /// The same but for the article.
    Article,
    /// Number of letters put in, left out, replaced or swapped.
    Near(u32),
    /// The name goes on after the query.
    Prefix,
    /// The name contains the query's words among others.
    Words,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Folded => f.write_str("folded"),
            Self::Article => f.write_str("article"),
            Self::Near(edits) => write!(f, "edit distance {edits}"),
            Self::Prefix => f.write_str("prefix"),
            Self::Words => f.write_str("words"),
        }
    }
}

/// A place that the query may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The place.
    pub index: PlaceIndex,
    /// Its name that matched.
    pub name: String,
    /// The language of that name.
    pub language: Language,
    /// Why it matched.
    pub reason: Reason,
    /// Quality of the match plus a tenth for the place's rank; at most about 1.3.
    pub score: f64,
}

/// The longest query compared, in characters; the rest of a longer one is left out.
const LONGEST_QUERY: usize = 120;
/// The most parts of a query that are read as names.
const MAX_PARTS: usize = 6;
/// The most places between words at which a query without separators is split.
const MAX_CONTEXT_WORDS: usize = 6;
/// Added for rank 100 to the quality of a match, which is 1 for an equal name.
const RANK_WEIGHT: f64 = 0.1;
/// Added if the place has the level of the query's type noun.
const LEVEL_WEIGHT: f64 = 0.1;
/// Subtracted for names a few letters off where a place at home goes on after the query: it is being typed.
const TYPING_PENALTY: f64 = 0.4;
/// Subtracted for places abroad that do not have the name as it was typed.
const FOREIGN_PENALTY: f64 = 0.15;
/// Added for rank 100 to a name that goes on after the query, beside [`RANK_WEIGHT`]: of many such names the better
/// known are meant.
const PREFIX_RANK_WEIGHT: f64 = 0.2;
/// Added for each other part of the query that names a unit in which the place lies, and subtracted otherwise.
const CONTEXT_WEIGHT: f64 = 0.1;

/// Names of one gazetteer, ready to be searched.
#[derive(Debug, Default)]
pub struct Search {
    index: Index,
    words: SearchWords,
}

impl Search {
    /// Indexes the names; the words are those of the data folder's lexicon.
    pub fn new(gazetteer: &Gazetteer, words: SearchWords) -> Self {
        Self {
            index: Index::new(gazetteer, &words),
            words,
        }
    }

    /// The level that a phrase names by itself: `District`, `المحافظة`, `ناحیە`; none for a phrase that means levels of several
    /// kinds.
    pub fn level_of_noun(&self, phrase: &str) -> Option<Level> {
        match self.words.levels_of(&words::key(phrase))? {
            [level] => Some(*level),
            // A district of a town is one too.
            [level, _] if level.is_administrative() => Some(*level),
            _ => None,
        }
    }

    /// Places that the query may mean, the likeliest first. `gazetteer` is the one that was indexed.
    ///
    /// Commas, slashes and dashes separate the name from the units that contain it, in either order: "Karrada, Baghdad"
    /// and "Baghdad, Karrada". The finest part that lies in the others is meant. A place that not all other parts
    /// contain has the reason [`Reason::Words`], for any name.
    pub fn search(&self, gazetteer: &Gazetteer, query: &str, options: &SearchOptions) -> Vec<Hit> {
        let query: String = query.trim().chars().take(LONGEST_QUERY).collect();
        let parts = self.parts(&query);
        let Some((name, others)) = parts.split_first() else {
            return Vec::new();
        };
        let mut hits = self.matches(gazetteer, name, options);
        if !others.is_empty() {
            self.weigh_parts(&parts, &mut hits);
        }
        hits.ranked()
    }

    /// False if a query names another kind of place beside a name: "Erbil Governorate" of a settlement. A noun that is part of
    /// the name itself says nothing.
    pub fn fits_noun(&self, query: &str, name: &str, level: Level) -> bool {
        let query: String = query.trim().chars().take(LONGEST_QUERY).collect();
        let bare = |key: &str| self.words.without_article(key).unwrap_or_else(|| key.to_owned());
        let name = words::key(name);
        self.parts(&query).into_iter().all(|part| {
            let part = words::key(part);
            match self.words.without_noun(&part) {
                Some((rest, levels)) if part != name && bare(&rest) == bare(&name) => levels.contains(&level),
                _ => true,
            }
        })
    }

    /// The names in a query. Separators that names may contain count only where no place has the whole name.
    fn parts<'q>(&self, query: &'q str) -> Vec<&'q str> {
        let commas = [',', '،', ';', '؛'];
        let trimmed = |part: &'q str| Some(part.trim()).filter(|part| !part.is_empty());
        let of_commas: Vec<&str> = query.split(commas).filter_map(trimmed).take(MAX_PARTS).collect();
        if of_commas.len() != 1 || !self.index.exact(&words::key(query)).is_empty() {
            return of_commas;
        }
        let spaced = query.split(" - ").flat_map(|part| part.split(" – "));
        spaced
            .flat_map(|part| part.split(" — "))
            .flat_map(|part| part.split(['/', '\\', '|', '>', '›', '→', '\n', '\t']))
            .filter_map(trimmed)
            .take(MAX_PARTS)
            .collect()
    }

    /// The places that one name may mean.
    fn matches<'a>(&self, gazetteer: &'a Gazetteer, name: &'a str, options: &'a SearchOptions) -> Hits<'a> {
        let mut hits = Hits {
            gazetteer,
            options,
            query: name,
            best: FxHashMap::default(),
        };
        let whole = words::key(name);
        self.look_up(&whole, None, 1.0, &mut hits);
        if let Some((rest, levels)) = self.words.without_noun(&whole) {
            self.look_up(&rest, Some(levels), 0.97, &mut hits);
        }
        if hits.best.is_empty() {
            self.look_up_with_context(&whole, &mut hits);
        }
        hits.weigh_typing();
        hits
    }

    /// Adds the places that the other parts name, and weighs each place by how many of the other parts contain it.
    fn weigh_parts<'a>(&self, parts: &[&'a str], hits: &mut Hits<'a>) {
        let (gazetteer, options) = (hits.gazetteer, hits.options);
        let units: Vec<Vec<&str>> = parts
            .iter()
            .map(|part| self.units(&words::key(part)))
            .map(|units| units.into_iter().map(|unit| gazetteer.at(unit).id.as_str()).collect())
            .collect();
        let mut weighed: FxHashMap<PlaceIndex, Best> = FxHashMap::default();
        for (at, part) in parts.iter().enumerate() {
            let found = match at {
                0 => std::mem::take(&mut hits.best),
                _ => self.matches(gazetteer, part, options).best,
            };
            for (index, mut best) in found {
                let parents = &gazetteer.at(index).parents;
                let contains = |ids: &Vec<&str>| parents.iter().any(|parent| ids.contains(&parent.as_str()));
                let others = units.iter().enumerate().filter(|(other, _)| *other != at);
                let containing = others.filter(|(_, ids)| contains(ids)).count();
                // The first part may be a name whose units are not known; a later one is a name only within another.
                if at > 0 && containing == 0 {
                    continue;
                }
                let missing = parts.len() - 1 - containing;
                best.score += CONTEXT_WEIGHT * (containing as f64 - missing as f64);
                if missing > 0 && best.reason <= Reason::Article {
                    best.reason = Reason::Words;
                }
                let is_better = weighed.get(&index).is_none_or(|other| other.score < best.score);
                if is_better {
                    weighed.insert(index, best);
                }
            }
        }
        hits.best = weighed;
    }

    fn look_up(&self, key: &str, levels: Option<&[Level]>, quality: f64, hits: &mut Hits<'_>) {
        if key.is_empty() {
            return;
        }
        let bare = self.words.without_article(key);
        for posting in self.index.exact(key) {
            let reason = if posting.without_article {
                Reason::Article
            } else {
                Reason::Folded
            };
            hits.add(posting, reason, quality, levels);
        }
        for posting in bare.iter().flat_map(|bare| self.index.exact(bare)) {
            // Both without their articles is the same name again, found above.
            if !posting.without_article {
                hits.add(posting, Reason::Article, quality, levels);
            }
        }
        if hits.options.near {
            let letters = bare.as_deref().unwrap_or(key).chars().count().max(4) as f64;
            self.index.near(key, |distance, postings| {
                let near = quality * (1.0 - 0.6 * distance.weight / letters);
                let postings = postings.iter().filter(|posting| !posting.without_article);
                postings.for_each(|posting| hits.add(posting, Reason::Near(distance.edits), near, levels));
            });
            if let Some(bare) = &bare {
                self.index.near(bare, |distance, postings| {
                    let near = quality * (1.0 - 0.6 * (distance.weight + 0.25) / letters);
                    let reason = Reason::Near(distance.edits);
                    postings
                        .iter()
                        .for_each(|posting| hits.add(posting, reason, near, levels));
                });
            }
        }
        if hits.options.prefix && key.chars().count() >= 2 {
            for (share, postings) in self.index.prefix(key) {
                for posting in postings {
                    let rank = f64::from(hits.gazetteer.at(posting.place).rank) / 100.0;
                    let quality = quality * (0.6 + 0.1 * share + PREFIX_RANK_WEIGHT * rank);
                    hits.add(posting, Reason::Prefix, quality, levels);
                }
            }
        }
        let words: Vec<&str> = key.split(' ').collect();
        if hits.options.prefix || words.len() > 1 {
            self.index.with_words(&words, |share, postings| {
                let quality = quality * (0.6 + 0.2 * share);
                postings
                    .iter()
                    .for_each(|posting| hits.add(posting, Reason::Words, quality, levels));
            });
        }
    }

    /// "Makhmour Erbil", "Erbil Makhmour": no such name, but a name with the names of its units after or before it.
    fn look_up_with_context(&self, key: &str, hits: &mut Hits<'_>) {
        for (at, _) in key.match_indices(' ').take(MAX_CONTEXT_WORDS) {
            let (before, after) = (&key[..at], &key[at + 1..]);
            for (name, context) in [(before, after), (after, before)] {
                for posting in self.index.exact(name) {
                    if self.contains(hits.gazetteer, context, posting.place, MAX_CONTEXT_WORDS) {
                        hits.add(posting, Reason::Words, 0.9, None);
                    }
                }
            }
        }
    }

    /// True if words name one unit that contains the place, or several such units one after another.
    fn contains(&self, gazetteer: &Gazetteer, context: &str, place: PlaceIndex, words: usize) -> bool {
        let parents = &gazetteer.at(place).parents;
        let is_parent = |unit: &PlaceIndex| parents.iter().any(|parent| *parent == gazetteer.at(*unit).id);
        if self.units(context).iter().any(is_parent) {
            return true;
        }
        // The first unit is removed; the rest are fewer words.
        words > 0
            && context.match_indices(' ').take(words).any(|(at, _)| {
                self.units(&context[..at]).iter().any(is_parent)
                    && self.contains(gazetteer, &context[at + 1..], place, words - 1)
            })
    }

    fn units(&self, key: &str) -> Vec<PlaceIndex> {
        let rest = self.words.without_noun(key);
        let key = rest.as_ref().map_or(key, |(rest, _)| rest);
        let bare = self.words.without_article(key);
        let bare = bare.iter().flat_map(|bare| self.index.exact(bare));
        let mut units: Vec<_> = self
            .index
            .exact(key)
            .iter()
            .chain(bare)
            .map(|posting| posting.place)
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}

#[derive(Clone, Copy)]
struct Best {
    score: f64,
    reason: Reason,
    posting: Posting,
}

/// The best match of each place so far.
struct Hits<'a> {
    gazetteer: &'a Gazetteer,
    options: &'a SearchOptions,
    query: &'a str,
    best: FxHashMap<PlaceIndex, Best>,
}

impl Hits<'_> {
    fn add(&mut self, posting: &Posting, reason: Reason, quality: f64, levels: Option<&[Level]>) {
        let place = self.gazetteer.at(posting.place);
        if !self.is_wanted(place) {
            return;
        }
        let is_query = || posting.name_of(place) == self.query;
        let reason = if reason == Reason::Folded && is_query() {
            Reason::Exact
        } else {
            reason
        };
        let article = if reason == Reason::Article { 0.02 } else { 0.0 };
        let level = match levels {
            Some(levels) if levels.contains(&place.level) => LEVEL_WEIGHT,
            Some(_) => -LEVEL_WEIGHT,
            None => 0.0,
        };
        let score = quality - article + level + RANK_WEIGHT * f64::from(place.rank) / 100.0;
        let new = Best {
            score,
            reason,
            posting: *posting,
        };
        let options = self.options;
        let order = |best: &Best| {
            let asked = options.language == Some(best.posting.language);
            (
                best.score,
                !asked,
                best.reason,
                best.posting.language,
                best.posting.name,
            )
        };
        self.best
            .entry(posting.place)
            .and_modify(|old| {
                let (a, b) = (order(&new), order(old));
                let better =
                    a.0.total_cmp(&b.0)
                        .reverse()
                        .then_with(|| (a.2, a.1, a.3, a.4).cmp(&(b.2, b.1, b.3, b.4)));
                if better.is_lt() {
                    *old = new;
                }
            })
            .or_insert(new);
    }

    /// A beginning of a name at home comes before names a few letters off, and home before abroad.
    fn weigh_typing(&mut self) {
        let gazetteer = self.gazetteer;
        let is_typed =
            |(place, best): (&PlaceIndex, &Best)| best.reason == Reason::Prefix && !gazetteer.at(*place).foreign;
        let is_exact = |best: &Best| best.reason <= Reason::Article;
        let typing = self.best.iter().any(is_typed);
        for (place, best) in &mut self.best {
            if typing && matches!(best.reason, Reason::Near(_)) {
                best.score -= TYPING_PENALTY;
            }
            if gazetteer.at(*place).foreign && !is_exact(best) {
                best.score -= FOREIGN_PENALTY;
            }
        }
    }

    fn is_wanted(&self, place: &Place) -> bool {
        let [lon, lat] = place.point;
        let inside = |[west, south, east, north]: [f64; 4]| lon >= west && lon <= east && lat >= south && lat <= north;
        (self.options.levels.is_empty() || self.options.levels.contains(&place.level))
            && self.options.bbox.is_none_or(inside)
    }

    fn ranked(self) -> Vec<Hit> {
        let mut all: Vec<(PlaceIndex, Best)> = self.best.into_iter().collect();
        let gazetteer = self.gazetteer;
        let order = |a: &(PlaceIndex, Best), b: &(PlaceIndex, Best)| {
            let (one, other) = (gazetteer.at(a.0), gazetteer.at(b.0));
            let by_score = b.1.score.total_cmp(&a.1.score);
            by_score.then(one.level.cmp(&other.level)).then(one.id.cmp(&other.id))
        };
        let limit = self.options.limit.min(all.len());
        if limit < all.len() && limit > 0 {
            all.select_nth_unstable_by(limit - 1, order);
        }
        all.truncate(limit);
        all.sort_by(order);
        let hit = |(place, best): (PlaceIndex, Best)| Hit {
            index: place,
            name: best.posting.name_of(gazetteer.at(place)).to_owned(),
            language: best.posting.language,
            reason: best.reason,
            score: best.score,
        };
        all.into_iter().map(hit).collect()
    }
}
