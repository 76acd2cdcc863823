//! The words of descriptions, read from `lexicon/position_words.csv`.

use crate::{
    geoparse::{
        lexicon::GeoparseError,
        rows::{Row, Table},
        trie::{Trie, readings},
    },
    language::Language,
    text::{Kind, Tokens, Vocabulary, fold},
};

/// Meaning of a word or a phrase in a description. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// A direction as a noun or adverb ("north of").
    Direction,
    /// A direction as an adjective ("northern").
    Adjective,
    /// A direction in letters, only after a distance ("20 km SW of").
    Letters,
    /// Leads from a direction or a distance to its place: "from".
    Link,
    /// Leads from a direction to its place and never from a distance: "of".
    Of,
    /// Leads to a direction: "to the", "in the".
    Lead,
    /// May come between the parts of a description: "away", "at a distance of".
    Filler,
    /// A noun of a unit or settlement that may precede its name.
    Noun,
    /// "near".
    Near,
    /// "outskirts of".
    Outskirts,
    /// "entrance of".
    Entrance,
    /// "between".
    Between,
    /// "and".
    And,
    /// "border", "border area".
    Border,
    /// "road", "highway".
    Road,
    /// "linking", between a road and "between".
    Linking,
    /// "along", "on the banks of".
    Along,
    /// "part of", "areas of".
    Part,
    /// "countryside of": the land of a unit outside its town.
    Countryside,
    /// "centre of".
    Centre,
    /// A quarter, a street or a building.
    Quarter,
    /// "in", before the city of a quarter.
    In,
    /// "coordinates".
    Coordinates,
    /// "latitude", "longitude".
    Latitude,
    Longitude,
    /// A way of travelling, after a time: "drive", "on foot".
    Travel,
    /// Shows that a road is travelled from its beginning to its end: "to".
    Onward,
    /// "lies away from": a distance from the place named after it follows.
    Away,
    /// One bank of the river in a town: "the left bank of". On which side it lies depends on the river.
    Bank,
    /// A unit of distance with its length in km, to notice distances that are no numbers.
    Unit,
    /// "and a half", before or after the unit of a distance.
    Half,
    /// A small whole number, only before "and a half".
    Count,
    /// "several": a number that is not stated.
    Vague,
    /// "long", "a length of": the distance beside it is the size of a thing.
    Length,
    /// "within": the distance after it is a limit.
    Within,
    /// "radius of", after a distance that is a limit.
    Radius,
    /// "not", before a description that is denied.
    Not,
    /// A noun that relates two places without a place between them: "match", "agreement", "the distance".
    Relation,
    /// An institution or installation that takes the name before it: "airport", "university".
    Site,
    /// Says of the place before it where it lies: "is", "which is".
    Says,
}

impl Sense {
    const ALL: [(Self, &'static str); 40] = [
        (Self::Direction, "direction"),
        (Self::Adjective, "adjective"),
        (Self::Letters, "letters"),
        (Self::Link, "link"),
        (Self::Of, "of"),
        (Self::Lead, "lead"),
        (Self::Filler, "filler"),
        (Self::Noun, "noun"),
        (Self::Near, "near"),
        (Self::Outskirts, "outskirts"),
        (Self::Entrance, "entrance"),
        (Self::Between, "between"),
        (Self::And, "and"),
        (Self::Border, "border"),
        (Self::Road, "road"),
        (Self::Linking, "linking"),
        (Self::Along, "along"),
        (Self::Part, "part"),
        (Self::Countryside, "countryside"),
        (Self::Centre, "centre"),
        (Self::Quarter, "quarter"),
        (Self::In, "in"),
        (Self::Coordinates, "coordinates"),
        (Self::Latitude, "latitude"),
        (Self::Longitude, "longitude"),
        (Self::Travel, "travel"),
        (Self::Onward, "onward"),
        (Self::Away, "away"),
        (Self::Bank, "bank"),
        (Self::Unit, "unit"),
        (Self::Half, "half"),
        (Self::Count, "count"),
        (Self::Vague, "vague"),
        (Self::Length, "length"),
        (Self::Within, "within"),
        (Self::Radius, "radius"),
        (Self::Not, "not"),
        (Self::Relation, "relation"),
        (Self::Site, "site"),
        (Self::Says, "says"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(sense, _)| *sense)
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct PositionWord {
    language: Language,
    says: Says,
    value: f64,
    words: String,
}

/// Words of a text, or letters that are only looked for beside an angle.
#[derive(Clone, Copy, Debug)]
enum Says {
    Sense(Sense),
    Angle(AngleWord),
    Hemisphere,
}

/// A word of an angle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AngleWord {
    /// "degrees".
    Degree,
    /// "minutes".
    Minute,
    /// "seconds".
    Second,
}

/// A letter or word that names a hemisphere after or before an angle.
#[derive(Clone, Debug)]
struct Hemisphere {
    /// Folded.
    letters: String,
    /// Degrees clockwise from north: 0, 90, 180 or 270.
    bearing: f64,
}

/// Reads `lexicon/position_words.csv`.
pub(in crate::geoparse) fn read(table: &Table) -> Result<Vec<PositionWord>, GeoparseError> {
    Ok(table.map(row)?.into_iter().flatten().collect())
}

fn row(row: &Row) -> Result<Vec<PositionWord>, String> {
    let name = row.get("sense")?;
    let says = match name {
        "hemisphere" => Says::Hemisphere,
        "degree" => Says::Angle(AngleWord::Degree),
        "minute" => Says::Angle(AngleWord::Minute),
        "second" => Says::Angle(AngleWord::Second),
        _ => Says::Sense(Sense::named(name).ok_or_else(|| format!("unknown sense {name:?}"))?),
    };
    let value = match row.get("value")? {
        "" => f64::NAN,
        value => value.parse().map_err(|_| {
            format!("the value {value:?} is no number; accepted: degrees clockwise from north, km, a count, or nothing")
        })?,
    };
    let directed = matches!(
        says,
        Says::Hemisphere | Says::Sense(Sense::Direction | Sense::Adjective | Sense::Letters)
    );
    if directed && !(0.0..360.0).contains(&value) {
        return Err(format!("{name} needs a value from 0 to below 360"));
    }
    let measured = matches!(says, Says::Sense(Sense::Unit | Sense::Count));
    if measured && !(value.is_finite() && value > 0.0) {
        return Err(format!("{name} needs a value above 0"));
    }
    let language = row.language()?;
    Ok(row
        .list("words")?
        .map(|words| PositionWord {
            language,
            says,
            value,
            words: words.to_owned(),
        })
        .collect())
}

#[derive(Clone, Copy, Debug)]
struct Meaning {
    language: Language,
    sense: Sense,
    value: f64,
}

/// Words of descriptions by word number.
#[derive(Clone, Debug, Default)]
pub(in crate::geoparse) struct PositionWords {
    trie: Trie,
    meanings: Vec<Vec<Meaning>>,
    hemispheres: Vec<Hemisphere>,
    angle_words: Vec<(String, AngleWord)>,
}

/// A word or phrase of a description in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub(super) sense: Sense,
    /// Language of the word.
    pub(super) language: Language,
    /// Degrees clockwise from north of a direction, km of a unit, value of a count.
    pub(super) value: f64,
    /// First token.
    pub(super) start: usize,
    /// One past the last token.
    pub(super) end: usize,
}

impl PositionWords {
    pub(in crate::geoparse) fn new(rows: &[PositionWord], vocabulary: &mut Vocabulary) -> Self {
        let mut words = Self {
            meanings: vec![Vec::new()],
            ..Self::default()
        };
        for row in rows {
            let sense = match row.says {
                Says::Sense(sense) => sense,
                Says::Angle(word) => {
                    words.angle_words.push((fold(&row.words), word));
                    continue;
                }
                Says::Hemisphere => {
                    words.hemispheres.push(Hemisphere {
                        letters: fold(&row.words),
                        bearing: row.value,
                    });
                    continue;
                }
            };
            let Some(ids) = vocabulary.intern_phrase(&row.words) else {
                continue;
            };
            if let Some(at) = words.trie.entry(&ids, words.meanings.len() as u32) {
                let at = at as usize;
                if at == words.meanings.len() {
                    words.meanings.push(Vec::new());
                }
                words.meanings[at].push(Meaning {
                    language: row.language,
                    sense,
                    value: row.value,
                });
            }
        }
        words.trie.shrink_to_fit();
        words
    }

    /// Calls `found` for each sense of the longest phrases that begin at a token.
    pub(super) fn at(&self, tokens: &Tokens, at: usize, language: Language, mut found: impl FnMut(Sign)) {
        let Some(token) = tokens.get(at) else { return };
        if !token.kind.is_word() {
            return;
        }
        let language = match token.kind {
            Kind::Latin => Language::English,
            _ if language == Language::English => Language::Arabic,
            _ => language,
        };
        for word in readings(token) {
            if !self.trie.begins(word) {
                continue;
            }
            // A stem with a suffix of Sorani ends the phrase, one with proclitics does not.
            self.trie.forward(tokens, at, word, false, |value, end| {
                let meanings = self.meanings.get(value as usize).into_iter().flatten();
                for meaning in meanings.filter(|meaning| meaning.language == language) {
                    found(Sign {
                        sense: meaning.sense,
                        language: meaning.language,
                        value: meaning.value,
                        start: at,
                        end,
                    });
                }
            });
        }
    }

    /// The part of an angle that a word names.
    pub(super) fn angle_word(&self, word: &str) -> Option<AngleWord> {
        let folded = fold(word);
        let known = self.angle_words.iter().find(|(letters, _)| *letters == folded)?;
        Some(known.1)
    }

    /// The direction of a hemisphere that a word names: "N", "شمالا".
    pub(super) fn hemisphere(&self, word: &str) -> Option<f64> {
        let folded = fold(word);
        let known = self.hemispheres.iter().find(|one| one.letters == folded)?;
        Some(known.bearing)
    }
}
