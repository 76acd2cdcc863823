//! The lexicon: everything that the geoparser knows about words, read from the data folder.
//!
//! All files are CSV with a header; lists in a field are separated by `|`, cues by blanks. A phrase is folded when it
//! is read, so any spelling of it will do.

use super::{
    claim_lexicon::{ClaimFiles, ClaimLexiconError},
    cue::{Cue, Cues},
    position::{PositionWord, read_words},
    rows::{Row, Table},
    time::{TimeWords, time_words},
};
use crate::{
    gazetteer::Level,
    language::Language,
    text::{Affix, fold},
};

/// Errors in the lexicon or in building the geoparser from it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum GeoparseError {
    #[error("{file}: {source}")]
    Csv {
        file: &'static str,
        #[source]
        source: csv::Error,
    },
    #[error("{file} line {line}: {what}")]
    Row {
        file: &'static str,
        line: u64,
        what: String,
    },
    #[error("{file}: cannot be read: {what}")]
    Read { file: &'static str, what: String },
    #[error(transparent)]
    Claims(#[from] ClaimLexiconError),
}

/// How many names a type noun governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// One name, or a list by loose writing.
    Singular,
    /// Two names.
    Dual,
    /// A list of names.
    Plural,
}

/// A noun that names the kind of the place beside it.
#[derive(Clone, Debug)]
pub struct TypeNoun {
    /// The noun as written before or after the name.
    pub words: String,
    /// Its first letters folded, as far as its dual and plural share them.
    pub stem: String,
    /// How many names it governs.
    pub number: Number,
    /// The levels it may mean, the likeliest first.
    pub levels: Vec<Level>,
    /// It opens an unknown name as an unresolved place.
    pub opens: bool,
    /// It may follow its name ("Makhmour district").
    pub after: bool,
    /// It may precede its name.
    pub before: bool,
    /// It takes everyday words with an article as names.
    pub any: bool,
    /// The place keeps its own level (axis, road, front): the levels only rank candidates.
    pub loose: bool,
    /// A name that begins with it is known without it too (lake Hamrin, Hamrin).
    pub strips: bool,
    /// A place of any level but the first must have the noun in its name (the subdistrict called after a bridge).
    pub own: bool,
    /// It means a small place: no city is a village.
    pub small: bool,
    /// Words in front that are not part of it ("by way of" before a noun that also means "side").
    pub lead: u8,
}

/// Meaning of the outermost letters of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The definite article, written onto its word.
    Article,
    /// A word that begins so and is not known is a verb.
    VerbBegins,
    /// Letters at the end of a word that no verb ends with.
    NounEnds,
    /// A word that ends so, has no article and is not known is a verb.
    VerbEnds,
    /// An object that may be written onto a verb of the lexicon.
    VerbObject,
    /// A word that ends so, has no article and is not known is an adjective.
    AdjectiveEnds,
    /// A suffix that only common nouns take.
    CommonSuffix,
    /// A suffix that comes off the end of an unknown name.
    NameSuffix,
    /// A suffix that joins a noun and an adjective, and makes adjectives of countries.
    AdjectiveJoins,
    /// A preposition grown together with the article: no name begins so.
    PhraseBegins,
    /// A noun that ends so and an adjective that ends so are both indefinite.
    IndefiniteEnds,
}

/// Letters at the beginning or end of a word of a language and their meaning.
#[derive(Clone, Debug)]
pub struct AnyShape {
    /// The language.
    pub language: Language,
    /// Their meaning.
    pub shape: Shape,
    /// The letters, folded.
    pub letters: String,
    /// For a suffix of a name: letters of it that stay with the name.
    pub keeps: usize,
    /// For the end of an adjective: it names the origin of a person.
    pub relative: bool,
}

/// A phrase and its cues.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Its language.
    pub language: Language,
    /// Its words.
    pub words: String,
    /// Its cues.
    pub cues: Cues,
}

/// When a name makes a mention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameClass {
    /// Only after a type noun.
    #[default]
    Trigger,
    /// The same, or beside a place that contains it where a word of place shows that one can be there: a word for a
    /// state or an idea (peace, victory), which nobody is in.
    Word,
    /// After a type noun, or as a location beside a place that contains it.
    Admin,
    /// After a type noun or a word of place, or in a list of places: also a personal name or an everyday word.
    Place,
    /// By itself.
    Safe,
}

impl NameClass {
    fn parse(word: &str) -> Result<Self, String> {
        match word {
            "safe" => Ok(Self::Safe),
            "place" => Ok(Self::Place),
            "admin" => Ok(Self::Admin),
            "word" => Ok(Self::Word),
            "trigger" => Ok(Self::Trigger),
            _ => Err(format!(
                "unknown class {word:?}; accepted: safe, place, admin, word, trigger"
            )),
        }
    }
}

/// The class of a name, set by hand.
#[derive(Clone, Debug)]
pub struct NameRule {
    /// The name.
    pub name: String,
    /// Its class.
    pub class: NameClass,
}

/// Words that show that a name is not meant: any of `before` among the three words before it, any of `after` among the
/// two after it.
#[derive(Clone, Debug)]
pub struct Denial {
    /// The name.
    pub name: String,
    /// Words before the name.
    pub before: Vec<String>,
    /// Words after the name.
    pub after: Vec<String>,
}

/// A short name that only text uses, for a place of the gazetteer ("the Region").
#[derive(Clone, Debug)]
pub struct ShortName {
    /// Its language.
    pub language: Language,
    /// The name.
    pub name: String,
    /// The id of the place.
    pub place: String,
}

/// Words that occur equally often.
#[derive(Clone, Debug)]
pub struct WordFrequency {
    /// Their language.
    pub language: Language,
    /// The logarithm (base 10) of their occurrences in 1,000 million words.
    pub zipf: f32,
    /// The words, with `|` between them.
    pub words: String,
}

/// Small words of a language.
#[derive(Clone, Debug)]
pub struct SmallWords {
    /// Its BCP 47 tag.
    pub tag: String,
    /// The words.
    pub words: Vec<String>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// `affixes.csv`.
    pub affixes: Vec<Affix>,
    /// Letters by their meaning, also from `affixes.csv`.
    pub shapes: Vec<AnyShape>,
    /// `type_nouns.csv`.
    pub type_nouns: Vec<TypeNoun>,
    /// `cues.csv`, `actors.csv`, `common_words.csv`, `person_names.csv`, `verbs.csv`.
    pub phrases: Vec<Phrase>,
    /// `name_classes.csv`.
    pub classes: Vec<NameRule>,
    /// `denials.csv`.
    pub denials: Vec<Denial>,
    /// `preferred.csv`: the place that a bare name means when nothing else is said.
    pub preferred: Vec<ShortName>,
    /// `short_names.csv`.
    pub short_names: Vec<ShortName>,
    /// `nationalities.csv`: adjectives of states that are not made from their names by the common endings.
    pub nationalities: Vec<ShortName>,
    /// `word_frequencies.csv`.
    pub frequencies: Vec<WordFrequency>,
    /// `land_words.csv`: words that show that the land is a text's subject.
    pub land_words: Vec<String>,
    /// `languages.csv`.
    pub languages: Vec<SmallWords>,
    /// `powers.csv`: ids of places whose names often mean their governments.
    pub powers: Vec<String>,
    /// `position_words.csv`: words of descriptions of positions.
    pub(super) positions: Vec<PositionWord>,
    /// `time_words.csv`.
    pub times: Vec<TimeWords>,
    /// The words of quantities, attributions and claims.
    pub claims: ClaimFiles,
}

/// Files that share the columns `lang,words,cues`.
const PHRASE_FILES: [&str; 4] = [
    "lexicon/cues.csv",
    "lexicon/actors.csv",
    "lexicon/common_words.csv",
    "lexicon/outlets.csv",
];

impl Lexicon {
    /// Reads the lexicon; `read` returns the text of a file by its name inside the data folder.
    pub fn read<E: std::fmt::Display>(read: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Self, GeoparseError> {
        let mut lexicon = Self::default();
        let mut rows = |file: &'static str| -> Result<Table, GeoparseError> {
            let text = read(file).map_err(|error| GeoparseError::Read {
                file,
                what: error.to_string(),
            })?;
            Table::read(file, &text)
        };
        for part in rows("lexicon/affixes.csv")?.map(affix)? {
            match part {
                Part::Affix(affix) => lexicon.affixes.push(affix),
                Part::Shape(shape) => lexicon.shapes.push(shape),
            }
        }
        lexicon.type_nouns = rows("lexicon/type_nouns.csv")?
            .map(type_nouns)?
            .into_iter()
            .flatten()
            .collect();
        for file in PHRASE_FILES {
            lexicon.phrases.extend(rows(file)?.map(phrases)?.into_iter().flatten());
        }
        lexicon
            .phrases
            .extend(rows("lexicon/person_names.csv")?.map(persons)?.into_iter().flatten());
        lexicon
            .phrases
            .extend(rows("lexicon/verbs.csv")?.map(verbs)?.into_iter().flatten());
        lexicon
            .phrases
            .extend(rows("lexicon/saying_verbs.csv")?.map(sayings)?.into_iter().flatten());
        lexicon.add_verb_objects();
        lexicon.classes = rows("lexicon/name_classes.csv")?
            .map(name_rules)?
            .into_iter()
            .flatten()
            .collect();
        lexicon.short_names = rows("lexicon/short_names.csv")?.map(short_name)?;
        lexicon.preferred = rows("lexicon/preferred.csv")?.map(short_name)?;
        lexicon.nationalities = rows("lexicon/nationalities.csv")?
            .map(|row| {
                let names = row.list("words")?.map(str::to_owned);
                let (language, place) = (row.language()?, row.get("place")?.to_owned());
                let short = |name| ShortName {
                    language,
                    name,
                    place: place.clone(),
                };
                Ok(names.map(short).collect::<Vec<_>>())
            })?
            .concat();
        lexicon.denials = rows("lexicon/denials.csv")?
            .map(denials)?
            .into_iter()
            .flatten()
            .collect();
        lexicon.frequencies = rows("lexicon/word_frequencies.csv")?.map(word_frequency)?;
        lexicon.land_words = rows("lexicon/land_words.csv")?
            .map(|row| Ok(row.list("words")?.map(str::to_owned).collect::<Vec<_>>()))?
            .concat();
        lexicon.languages = rows("lexicon/languages.csv")?.map(small_words)?;
        lexicon.powers = rows("lexicon/powers.csv")?.map(|row| Ok(row.get("place")?.to_owned()))?;
        lexicon.positions = read_words(&rows("lexicon/position_words.csv")?)?;
        lexicon.times = time_words(&rows("lexicon/time_words.csv")?)?;
        lexicon.claims = ClaimFiles::read(&mut |file| {
            read(file).map_err(|error| GeoparseError::Read {
                file: "lexicon",
                what: format!("{file}: {error}"),
            })
        })?;
        Ok(lexicon)
    }
}

impl Lexicon {
    /// Gives verbs with an object written onto them the cues of the verb: "which Baghdad received".
    fn add_verb_objects(&mut self) {
        let objects: Vec<_> = self
            .shapes
            .iter()
            .filter(|shape| shape.shape == Shape::VerbObject)
            .collect();
        let verbs: Vec<_> = self
            .phrases
            .iter()
            .filter(|phrase| phrase.cues.any(&[Cue::Verb, Cue::Motion]) && !phrase.words.contains(' '))
            .flat_map(|verb| {
                let objects = objects.iter().filter(|object| object.language == verb.language);
                objects.map(|object| phrase(verb.language, &format!("{}{}", verb.words, object.letters), verb.cues))
            })
            .collect();
        self.phrases.extend(verbs);
    }
}

enum Part {
    Affix(Affix),
    Shape(AnyShape),
}

fn affix(row: &Row) -> Result<Part, String> {
    let letters = row.get("letters")?.to_owned();
    let language = row.language()?;
    let keeps = row.get("restores")?.chars().count();
    let relative = row.get("note")? == "relative";
    let shape = |shape| {
        Ok(Part::Shape(AnyShape {
            language,
            shape,
            letters: fold(&letters),
            keeps,
            relative,
        }))
    };
    let before = match row.get("position")? {
        "before" => true,
        "after" => false,
        "article" => return shape(Shape::Article),
        "verb_begins" => return shape(Shape::VerbBegins),
        "noun_ends" => return shape(Shape::NounEnds),
        "verb_ends" => return shape(Shape::VerbEnds),
        "common_suffix" => return shape(Shape::CommonSuffix),
        "verb_object" => return shape(Shape::VerbObject),
        "adjective_ends" => return shape(Shape::AdjectiveEnds),
        "name_suffix" => return shape(Shape::NameSuffix),
        "adjective_joins" => return shape(Shape::AdjectiveJoins),
        "phrase_begins" => return shape(Shape::PhraseBegins),
        "indefinite_ends" => return shape(Shape::IndefiniteEnds),
        other => {
            return Err(format!(
                "unknown position {other:?}; accepted: before, after, article, verb_begins, noun_ends, verb_ends, verb_object, common_suffix, adjective_ends, name_suffix, adjective_joins, phrase_begins, indefinite_ends"
            ));
        }
    };
    Ok(Part::Affix(Affix {
        language,
        before,
        slot: row
            .get("slot")?
            .parse()
            .map_err(|_| "the slot must be a small number".to_owned())?,
        letters,
        restores: row.get("restores")?.to_owned(),
    }))
}

fn type_nouns(row: &Row) -> Result<Vec<TypeNoun>, String> {
    let levels = row.list("levels")?.map(str::parse).collect::<Result<Vec<Level>, _>>()?;
    let has = |flag: &str| Ok::<_, String>(row.get("flags")?.split_whitespace().any(|word| word == flag));
    let number = match row.get("number")? {
        "singular" => Number::Singular,
        "dual" => Number::Dual,
        "plural" => Number::Plural,
        other => return Err(format!("unknown number {other:?}; accepted: singular, dual, plural")),
    };
    let noun = TypeNoun {
        words: String::new(),
        stem: String::new(),
        number,
        levels,
        opens: has("opens")?,
        after: has("after")?,
        before: !has("after")? || has("before")?,
        any: has("any")?,
        loose: has("loose")?,
        strips: has("strips")?,
        own: has("own")?,
        small: has("small")?,
        lead: u8::from(has("lead")?),
    };
    Ok(row
        .list("words")?
        .map(|words| TypeNoun {
            words: words.to_owned(),
            stem: stem(words),
            ..noun.clone()
        })
        .collect())
}

/// All letters but the last; a short word keeps them all.
fn stem(words: &str) -> String {
    let folded = fold(words);
    let count = folded.chars().count();
    folded.chars().take(if count > 3 { count - 1 } else { count }).collect()
}

fn phrases(row: &Row) -> Result<Vec<Phrase>, String> {
    let language = row.language()?;
    let cues = Cues::parse(row.get("cues")?)?;
    Ok(row.list("words")?.map(|words| phrase(language, words, cues)).collect())
}

fn persons(row: &Row) -> Result<Vec<Phrase>, String> {
    let language = row.language()?;
    let cues = Cues::parse("person")?;
    Ok(row.list("names")?.map(|words| phrase(language, words, cues)).collect())
}

/// Verbs are given by the forms that a place can be beside: `past|present`, third person masculine; the feminine and
/// the future follow by rule where the language builds them by affix.
fn verbs(row: &Row) -> Result<Vec<Phrase>, String> {
    let language = row.language()?;
    let cues = Cues::parse(row.get("cues")?)?;
    Ok(row.list("forms")?.map(|words| phrase(language, words, cues)).collect())
}

/// Finite verbs of saying, whose words the reader of attributions has by person.
fn sayings(row: &Row) -> Result<Vec<Phrase>, String> {
    let language = row.language()?;
    if row.get("kind")? != "finite" || language != Language::Arabic {
        return Ok(Vec::new());
    }
    let cues = Cues::only(Cue::Verb);
    let mut phrases = Vec::new();
    for column in ["masculine", "feminine"] {
        phrases.extend(row.list(column)?.map(|words| phrase(language, words, cues)));
    }
    Ok(phrases)
}

fn phrase(language: Language, words: &str, cues: Cues) -> Phrase {
    Phrase {
        language,
        words: words.to_owned(),
        cues,
    }
}

fn name_rules(row: &Row) -> Result<Vec<NameRule>, String> {
    let class = NameClass::parse(row.get("class")?)?;
    Ok(row
        .list("name")?
        .map(|name| NameRule {
            name: name.to_owned(),
            class,
        })
        .collect())
}

fn denials(row: &Row) -> Result<Vec<Denial>, String> {
    let words = |column| Ok::<_, String>(row.list(column)?.map(str::to_owned).collect::<Vec<_>>());
    let (before, after) = (words("before")?, words("after")?);
    Ok(row
        .list("name")?
        .map(|name| Denial {
            name: name.to_owned(),
            before: before.clone(),
            after: after.clone(),
        })
        .collect())
}

fn word_frequency(row: &Row) -> Result<WordFrequency, String> {
    let zipf: f32 = row
        .get("zipf")?
        .parse()
        .map_err(|_| "zipf must be a number".to_owned())?;
    match (0.0..=9.0).contains(&zipf) {
        true => Ok(WordFrequency {
            language: row.language()?,
            zipf,
            words: row.get("words")?.to_owned(),
        }),
        false => Err(format!("zipf is {zipf}; accepted: 0 to 9")),
    }
}

fn small_words(row: &Row) -> Result<SmallWords, String> {
    Ok(SmallWords {
        tag: row.get("lang")?.to_owned(),
        words: row.list("words")?.map(str::to_owned).collect(),
    })
}

fn short_name(row: &Row) -> Result<ShortName, String> {
    Ok(ShortName {
        language: row.language()?,
        name: row.get("name")?.to_owned(),
        place: row.get("place")?.to_owned(),
    })
}
