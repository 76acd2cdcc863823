//! The geoparser as its users see it.

use super::{
    assemble::Assembly,
    claim_lexicon::ClaimLexicon,
    cue::{Cue, Cues},
    dateline::Settings,
    event::{ClaimKind, Party},
    evidence::Judge,
    find::{Finder, Findings, Found, LAND, NAME, NOUN, NOUN_AFTER, ORGANISATION, REPORTER},
    frequency::Frequencies,
    head::Heads,
    lexicon::{GeoparseError, Lexicon},
    names::{KNOWN_RANK, Names},
    nationality::Nationalities,
    parents::Parents,
    parse::{Mention, Parse, Reading},
    position::{self, PlacePositions, PositionWords},
    priors::Priors,
    reading::{Read, Reader as ReadingReader, Standing},
    resolve::{Resolution, Resolutions, Resolver},
    time::{Clock, TimeLexicon, TimeReader},
    words::Words,
};
use crate::{
    gazetteer::{Gazetteer, Level, PlaceIndex},
    language::Language,
    text::{Affixes, Languages, OffsetCounter, Offsets, Reader, Tokens, Vocabulary, WordId},
};
use rustc_hash::FxHashMap;
use std::{
    borrow::Cow,
    cell::{Cell, OnceCell},
    sync::Arc,
};

/// Reads texts with one gazetteer and one lexicon. Building it takes a moment; reading with it does not change it.
pub struct Geoparser {
    gazetteer: Arc<Gazetteer>,
    vocabulary: Vocabulary,
    affixes: Affixes,
    languages: Languages,
    frequencies: Frequencies,
    nationalities: Arc<Nationalities>,
    words: Words,
    claims: ClaimLexicon,
    times: TimeLexicon,
    clock: Clock,
    names: Names,
    parents: Parents,
    priors: Priors,
    position_words: PositionWords,
    /// Makes geometries of described positions, where there is something that does.
    locator: Option<Arc<dyn PlacePositions>>,
    /// By word: kinds of phrases that may begin with it.
    spots: Vec<u8>,
    /// By place: its name often means its government.
    powers: Vec<bool>,
}

/// A found mention without any of its words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The span of the name, in three units.
    pub offsets: Offsets,
    /// The chosen place's position in the gazetteer.
    pub place: Option<PlaceIndex>,
    /// Literal or associative.
    pub reading: Reading,
    /// As [`Mention::confidence`], unrounded.
    pub confidence: f32,
}

/// The mentions of a text before they are written out.
pub(super) struct Located<'a> {
    pub found: Vec<Found<'a>>,
    pub resolutions: Resolutions,
    pub mentions: Vec<LocatedMention>,
}

/// One of them.
pub(super) struct LocatedMention {
    /// Number of the found name.
    pub found: u32,
    /// Number of its resolution.
    pub resolution: u32,
    pub read: Read,
}

/// Precision of mentions that are literal only for lack of other evidence; measured on the marked documents, see
/// `tests/eval/README.md`.
const UNDECIDED: f32 = 0.87;

impl LocatedMention {
    /// How sure the place and the reading are together.
    pub fn confidence(&self, resolution: &Resolution) -> f32 {
        match self.read.decided {
            true => resolution.score(),
            false => resolution.score() * UNDECIDED,
        }
    }
}

impl<'a> Located<'a> {
    pub fn found(&self, one: &LocatedMention) -> &Found<'a> {
        &self.found[one.found as usize]
    }

    pub fn resolution(&self, one: &LocatedMention) -> &Resolution {
        self.resolutions.get(one.resolution)
    }
}

/// Tag of the small words that are also parts of names.
const PARTICLES: &str = "mul";
/// Members of a list that are read on either side of one: lists have no limit.
const LIST: usize = 64;

impl Geoparser {
    /// Prepares names and cues.
    pub fn new(gazetteer: Arc<Gazetteer>, lexicon: Lexicon) -> Result<Self, GeoparseError> {
        let mut vocabulary = Vocabulary::default();
        let mut claims = ClaimLexicon::parse(&lexicon.claims, &mut vocabulary)?;
        let nationalities = Arc::new(Nationalities::new(&gazetteer, &lexicon.nationalities));
        claims.events.nationalities = Arc::clone(&nationalities);
        let words = Words::new(&lexicon, &mut vocabulary);
        let position_words = PositionWords::new(&lexicon.positions, &mut vocabulary);
        let mut powers = vec![false; gazetteer.places().len()];
        for id in &lexicon.powers {
            if let Some(place) = gazetteer.index_of(id) {
                powers[place as usize] = true;
            }
        }
        for (power, place) in powers.iter_mut().zip(gazetteer.places()) {
            *power |= place.level == Level::Country || place.kind == "capital";
        }
        let frequencies = Frequencies::new(&lexicon.frequencies);
        let names = Names::new(&gazetteer, &lexicon, &words, &powers, &frequencies, &mut vocabulary)?;
        let land: Vec<WordId> = lexicon
            .land_words
            .iter()
            .filter_map(|word| vocabulary.intern_phrase(word))
            .flatten()
            .collect();
        claims.add_loose_spellings(&mut vocabulary);
        let times = TimeLexicon::new(&lexicon.times, &mut vocabulary);
        vocabulary.shrink_to_fit();
        let mut spots = spots(&vocabulary, &words, &names);
        land.iter().for_each(|word| spots[*word as usize] |= LAND);
        let mut languages = Languages::default();
        for row in &lexicon.languages {
            if row.tag == PARTICLES {
                languages.add_particles(row.words.iter().map(String::as_str));
                continue;
            }
            let supported = row.tag.parse::<Language>().is_ok_and(Language::is_supported);
            languages.add(supported, row.words.iter().map(String::as_str));
        }
        let parents = Parents::new(&gazetteer);
        let priors = Resolver {
            gazetteer: &gazetteer,
            names: &names,
            parents: &parents,
            words: &words,
            priors: &Priors::default(),
        }
        .priors();
        Ok(Self {
            parents,
            priors,
            affixes: Affixes::new(&lexicon.affixes),
            languages,
            frequencies,
            nationalities,
            gazetteer,
            vocabulary,
            words,
            claims,
            times,
            clock: Clock::default(),
            names,
            position_words,
            locator: None,
            spots,
            powers,
        })
    }

    /// The same geoparser with the time zone and the weeks of a land.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same geoparser, which accepts that other accounts put units in other governorates: pairs of the ids of a unit
    /// and of that governorate. Ids that the gazetteer lacks are ignored.
    #[must_use]
    pub fn with_other_parents<'i>(mut self, pairs: impl IntoIterator<Item = (&'i str, &'i str)>) -> Self {
        self.parents.add_others(&self.gazetteer, pairs);
        self
    }

    /// The types of claims as the land's data describe them.
    pub fn claim_kinds(&self) -> &[ClaimKind] {
        &self.claims.events.kinds
    }

    /// The parties that the land's data name.
    pub fn parties(&self) -> &[Party] {
        &self.claims.events.parties
    }

    /// Everything that a text without a publication date says about places: relative times stay unresolved.
    pub fn geoparse(&self, text: &str) -> Parse {
        self.geoparse_published(text, None)
    }

    /// Everything that a text says about places. Relative times are resolved against its publication, an RFC 3339 full-date
    /// or date-time; anything else counts as none.
    pub fn geoparse_published(&self, text: &str, published: Option<&str>) -> Parse {
        let tokens = self.tokens(text);
        let mut mentions = self.mentions(text, &tokens);
        mentions.shrink_to_fit();
        let said = self.claims.read(text, &tokens, &mentions);
        let mut parse = Parse {
            language: tokens.language,
            supported: Parse::support(tokens.language),
            mentions,
            quantities: said.quantities,
            attributions: said.attributions,
            claims: said.claims,
            ..Parse::default()
        };
        self.add_positions(text, &tokens, &mut parse);
        TimeReader {
            text,
            tokens: &tokens,
            claims: &self.claims,
            lexicon: &self.times,
            clock: &self.clock,
            published: published.and_then(|published| self.clock.day(published)),
        }
        .add_to(&mut parse);
        parse
    }

    /// The same geoparser, which adds a geometry to described positions.
    #[must_use]
    pub fn with_positions(mut self, locator: Arc<dyn PlacePositions>) -> Self {
        self.locator = Some(locator);
        self
    }

    /// Finds the positions of a text whose mentions are known, and links mentions and claims to them.
    fn add_positions(&self, text: &str, tokens: &Tokens, parse: &mut Parse) {
        let (words, gazetteer) = (&self.position_words, &self.gazetteer);
        let mut found = position::find(text, tokens, words, gazetteer, &parse.mentions, &parse.quantities);
        if let Some(locator) = &self.locator {
            // Texts repeat their descriptions, and a geometry costs far more than to find its words.
            let mut located: FxHashMap<String, Arc<position::Position>> = FxHashMap::default();
            for shared in &mut found {
                let Some(position) = Arc::get_mut(shared) else { continue };
                let key = position.geometry_key();
                let known = located.get(&key);
                match known {
                    Some(known) => position.share_geometry(known),
                    None => locator.locate(position),
                }
                // It is only for making the geometry.
                position.hint = position::PositionHint::default();
                if known.is_none() {
                    located.insert(key, Arc::clone(shared));
                }
            }
            for place in parse.mentions.iter().filter_map(|mention| mention.place.as_ref()) {
                if !parse.place_radii.contains_key(&place.id)
                    && let Some(radius) = locator.radius_km(&place.id)
                {
                    parse.place_radii.insert(place.id.clone(), radius);
                }
            }
        }
        if self.locator.is_none() {
            // Without a locator only the words are stored, and positions have no hint, as with one.
            for position in found.iter_mut().filter_map(Arc::get_mut) {
                position.hint = position::PositionHint::default();
            }
        }
        parse.positions = found;
        position::attach_positions(parse);
    }

    /// The mentions of a text without their words: where they are, in three units, which place, which reading. For
    /// streams and counts; [`Geoparser::geoparse`] writes the same mentions out.
    pub fn spots(&self, text: &str) -> Vec<Spot> {
        let tokens = self.tokens(text);
        let mut counter = OffsetCounter::new(text);
        let located = self.locate(text, &tokens);
        let spot = |one: &LocatedMention| Spot {
            offsets: counter.offsets(located.found(one).span),
            place: located.resolution(one).chosen,
            reading: one.read.reading,
            confidence: one.confidence(located.resolution(one)),
        };
        located.mentions.iter().map(spot).collect()
    }

    /// The tokens of a text, with the words of this geoparser.
    pub fn tokens(&self, text: &str) -> Tokens {
        Reader {
            vocabulary: &self.vocabulary,
            affixes: &self.affixes,
            languages: &self.languages,
        }
        .read(text)
    }

    /// The mentions in a text that is already in tokens.
    pub fn mentions(&self, text: &str, tokens: &Tokens) -> Vec<Mention> {
        let located = self.locate(text, tokens);
        Assembly::new(&self.gazetteer, text, tokens).mentions(&located)
    }

    /// The gazetteer that it reads with.
    pub fn gazetteer(&self) -> &Arc<Gazetteer> {
        &self.gazetteer
    }

    fn locate<'a>(&'a self, text: &'a str, tokens: &'a Tokens) -> Located<'a> {
        let finder = Finder {
            gazetteer: &self.gazetteer,
            words: &self.words,
            names: &self.names,
            spots: &self.spots,
        };
        let Findings {
            mut found,
            land_words,
            reporters,
        } = finder.find(text, tokens);
        let resolver = Resolver {
            gazetteer: &self.gazetteer,
            names: &self.names,
            parents: &self.parents,
            words: &self.words,
            priors: &self.priors,
        };
        let resolved = resolver.resolve(tokens, &found);
        let judge = Judge {
            gazetteer: &self.gazetteer,
            names: &self.names,
            parents: &self.parents,
            words: &self.words,
            frequencies: &self.frequencies,
            nationalities: &self.nationalities,
            text,
            tokens,
            land_words,
            sport_text: OnceCell::new(),
            abroad_text: OnceCell::new(),
            of_state: OnceCell::new(),
        };
        let (mut resolutions, dropped) = judge.judge(&found, &resolved);
        drop(resolved);
        if let Some(inner) = finder.give_way(text, tokens, &found, &dropped) {
            found = inner;
            (resolutions, _) = judge.judge(&found, &resolver.resolve(tokens, &found));
        }
        let resolutions = resolutions;
        let resolution = |at: usize| resolutions.at(at);
        let prefix = |head: usize, one: &Found| self.prefix_cues(text, tokens, head, one);
        let reader = ReadingReader {
            words: &self.words,
            text,
            tokens,
            prefix: &prefix,
        };
        // Names that were dropped are words like any other to the head of a report.
        let kept: Cow<[Found]> = match (0..found.len()).all(|at| resolution(at).is_some()) {
            true => Cow::Borrowed(&found),
            false => {
                let known = found.iter().enumerate().filter(|(at, _)| resolution(*at).is_some());
                known.map(|(_, one)| *one).collect()
            }
        };
        let kept_at: Vec<usize> = (0..found.len()).filter(|at| resolution(*at).is_some()).collect();
        let level = |at: usize| {
            let place = resolution(*kept_at.get(at)?)?.chosen?;
            Some(self.gazetteer.at(place).level)
        };
        let settings = Settings {
            heads: Heads {
                words: &self.words,
                text,
                tokens,
                level: &level,
            },
            words: &self.words,
            text,
            tokens,
            reporters,
            last_head: Cell::default(),
        };
        let stated = judge.stated_parents(&found, &resolutions);
        let mut mentions = Vec::with_capacity(kept.len());
        let mut first = 0;
        let power = |(at, one): (usize, &Found)| resolution(at).is_some_and(|known| self.is_power(one, known));
        let powers: Vec<bool> = found.iter().enumerate().map(power).collect();
        let governs: Vec<bool> = (0..found.len()).map(|at| self.is_governorate(resolution(at))).collect();
        for (at, one) in found.iter().enumerate() {
            if one.list == at {
                first = at;
            }
            let Some(number) = resolutions.number(at) else { continue };
            let resolution = resolutions.get(number);
            let end = found[at..]
                .iter()
                .take(LIST)
                .take_while(|other| other.list == one.list)
                .count()
                + at;
            let list = first.max(at.saturating_sub(LIST))..end;
            let unanimous = !powers[list.clone()].contains(&false);
            let standing = Standing {
                floor: first.checked_sub(1).map_or(0, |before| found[before].last),
                power: powers[at],
                short: one.name != 0 && self.names.get(one.name).short,
                state: resolution.chosen.is_some_and(|place| {
                    let place = self.gazetteer.at(place);
                    place.foreign || place.level == Level::Country
                }),
                acts: self.can_act(resolution),
                unanimous,
                partners: unanimous && list.len() > 1,
                subjects: powers[list.clone()].contains(&true)
                    && list.clone().all(|member| powers[member] || governs[member]),
            };
            let read = match settings.of(&kept, mentions.len()) {
                Some(setting) => Read::setting(setting),
                None => match judge.called_after(&found, at, &resolutions, &stated) {
                    Some(whole) => Read::part(whole),
                    None => reader.read(one, &found[first], &found[at..end], standing),
                },
            };
            mentions.push(LocatedMention {
                found: at as u32,
                resolution: number,
                read,
            });
        }
        Located {
            found,
            resolutions,
            mentions,
        }
    }

    fn is_power(&self, found: &Found, resolution: &Resolution) -> bool {
        let foreign = resolution.chosen.is_some_and(|place| self.gazetteer.at(place).foreign);
        match resolution.chosen {
            Some(place) if foreign => self.powers[place as usize],
            Some(_) => found.name != 0 && self.names.get(found.name).power,
            None => false,
        }
    }

    fn is_governorate(&self, resolution: Option<&Resolution>) -> bool {
        let candidates = resolution.map_or(&[][..], |resolution| &resolution.candidates[..]);
        let mut places = candidates.iter().map(|one| self.gazetteer.at(one.place));
        places.any(|place| place.level == Level::Governorate)
    }

    /// A governorate, a district or a town of note has an administration.
    fn can_act(&self, resolution: &Resolution) -> bool {
        resolution.chosen.is_some_and(|place| {
            let place = self.gazetteer.at(place);
            place.level.is_administrative() || (place.level == Level::Settlement && place.rank >= KNOWN_RANK)
        })
    }

    /// Cues of the proclitics before a head.
    fn prefix_cues(&self, text: &str, tokens: &Tokens, head: usize, found: &Found) -> Cues {
        let Some(token) = tokens.get(head) else {
            return Cues::NONE;
        };
        let end = match head == found.first {
            true => found.span.start,
            false => token.stem_range(text).start,
        };
        let prefix = text.get(token.start as usize..end).unwrap_or_default();
        self.words.proclitics(prefix, usize::MAX, token.is_sorani())
    }
}

/// Kinds of phrases that may begin with each word.
fn spots(vocabulary: &Vocabulary, words: &Words, names: &Names) -> Vec<u8> {
    (0..vocabulary.len() as u32)
        .map(|word| {
            let bit = |set: bool, bit: u8| if set { bit } else { 0 };
            bit(names.begins(word), NAME)
                | bit(words.begins_noun(word), NOUN)
                | bit(words.begins_noun_after(word), NOUN_AFTER)
                | bit(words.begins_cue(word, Cue::Organisation), ORGANISATION)
                | bit(
                    [Cue::Reporter, Cue::Credits, Cue::Bureau]
                        .iter()
                        .any(|cue| words.begins_cue(word, *cue)),
                    REPORTER,
                )
        })
        .collect()
}
