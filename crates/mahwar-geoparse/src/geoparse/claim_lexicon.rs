//! The words of numbers, units, approximations, speech and claims, read from the data folder.
//!
//! Every word is a [`WordId`] of the reader's vocabulary, so that a token's meaning is one look into a table.

use super::{
    claim_load,
    event::{EventFiles, EventLexicon},
    parse::{Bound, ClaimType, Role, Stance},
};
use crate::{
    language::Language,
    text::{Vocabulary, WordId},
};
use std::{collections::BTreeMap, sync::Arc};

/// The texts of the lexicon's files.
#[derive(Clone, Debug, Default)]
pub struct ClaimFiles {
    /// `numbers.csv`: lang, kind, value, words.
    pub numbers: String,
    /// `units.csv`: lang, unit, form, words.
    pub units: String,
    /// `approximations.csv`: lang, place, words.
    pub approximations: String,
    /// `saying_verbs.csv`: lang, kind, needs, denies, opens, masculine, feminine, plural.
    pub saying_verbs: String,
    /// `speakers.csv`: lang, list, words.
    pub speakers: String,
    /// `claim_words.csv`: lang, list, words.
    pub claim_words: String,
    /// `claim_patterns.toml`.
    pub claim_patterns: String,
    /// The words of events, the types of claims, the parties.
    pub events: EventFiles,
    /// Tables of units that the patterns name for their regions, by file name.
    pub tables: BTreeMap<String, String>,
}

impl ClaimFiles {
    /// Reads the files; `read` returns the text of a file by its name inside the data folder.
    pub fn read<E>(read: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let claim_patterns = read("lexicon/claim_patterns.toml")?;
        let mut tables = BTreeMap::new();
        for table in claim_load::tables_of(&claim_patterns) {
            let text = read(&table)?;
            tables.insert(table, text);
        }
        Ok(Self {
            numbers: read("lexicon/numbers.csv")?,
            units: read("lexicon/units.csv")?,
            approximations: read("lexicon/approximations.csv")?,
            saying_verbs: read("lexicon/saying_verbs.csv")?,
            speakers: read("lexicon/speakers.csv")?,
            claim_words: read("lexicon/claim_words.csv")?,
            claim_patterns,
            events: EventFiles {
                words: read("lexicon/event_words.csv")?,
                types: read("claim_types.toml")?,
                parties: read("parties.toml")?,
            },
            tables,
        })
    }
}

/// A file of the lexicon that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ClaimLexiconError {
    /// A row with a value that means nothing.
    #[error("{file}, line {line}: unknown {what} {value:?}")]
    Unknown {
        /// Name of the file.
        file: &'static str,
        /// Line, from 1.
        line: u64,
        /// Kind of value expected there.
        what: &'static str,
        /// Value in the file.
        value: String,
    },
    /// A row that is no row of this table.
    #[error("{file}: {source}")]
    Row {
        /// Name of the file.
        file: &'static str,
        /// Error of the CSV reader.
        source: csv::Error,
    },
    /// Patterns that are not as they should be.
    #[error("claim_patterns.toml: {0}")]
    Patterns(#[from] basic_toml::Error),
    /// A file of types or parties that cannot be read.
    #[error("{file}: {what}")]
    File {
        /// Name of the file.
        file: &'static str,
        /// Fault in the file.
        what: String,
    },
    /// A pattern that names a unit of no row.
    #[error("claim_patterns.toml: no unit {0:?} in units.csv")]
    Unit(String),
    /// A region whose table of units was not given.
    #[error("claim_patterns.toml: the table {0:?} of a region is missing from the data folder")]
    Table(String),
}

macro_rules! lists {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A list of words with one job.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum List { $($variant),+ }

        impl List {
            pub(super) fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

lists! {
    That "that", Adjunct "adjunct", Content "content", Stop "stop", Partitive "partitive", Range "range",
    Between "between", Uncounted "uncounted", YearOf "year_of", TimeOf "time_of", ClockOf "clock_of", Count "count",
    Month "month", Kills "kills", Wounds "wounds", Negation "negation", Negated "negated", Nothing "nothing",
    Hypothesis "hypothesis", Boundary "boundary", Result "result", Locative "locative", Harm "harm", Harmed "harmed",
    Gap "gap", Security "security", Linking "linking", Forces "forces", Axis "axis", Coordinate "coordinate",
    Meets "meets", Confers "confers", With "with", Meeting "meeting", Holds "holds", Relative "relative",
    Pronoun "pronoun", Auxiliary "auxiliary", Passive "passive", Outlet "outlet", What "what", Origin "origin",
    Title "title", Organisation "organisation", And "and", Number "number", Without "without", Contrast "contrast",
    Except "except", Question "question", Supposed "supposed", Light "light", Direction "direction", Event "event",
    Reference "reference", Time "time", TimeAdjective "time_adjective", TimeBefore "time_before", Reserve "reserve",
    Adjective "adjective", Resumptive "resumptive", Document "document", Sport "sport", Clock "clock", Age "age",
    Phone "phone", Toward "toward", From "from", UncountedPlural "uncounted_plural", Determiner "determiner",
    Chain "chain", DocumentVerb "document_verb", People "people", Press "press", Encounter "encounter",
    UncountedName "uncounted_name", Belongs "belongs", Disease "disease", Subset "subset", When "when",
    Rumour "rumour", False "false", Calibre "calibre", Rise "rise", Share "share", Fear "fear", Remembered "remembered",
    Player "player", Another "another", Others "others", Body "body", Suffers "suffers", Harms "harms",
    Disowns "disowns", Cause "cause", Home "home", Made "made", Stated "stated",
}

/// A set of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lists(pub(super) u128);

impl Lists {
    pub(super) fn has(self, list: List) -> bool {
        self.0 >> list as u8 & 1 == 1
    }

    pub(super) fn any(self, lists: Self) -> bool {
        self.0 & lists.0 != 0
    }

    pub(super) const fn of(lists: &[List]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < lists.len() {
            bits |= 1 << lists[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    pub(super) fn add(&mut self, list: List) {
        self.0 |= 1 << list as u8;
    }
}

/// How a number word takes part in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// Adds its value in its own decimal places.
    Small,
    /// Multiplies the units before it and stays in the group: hundred, dozen.
    Hundred,
    /// Multiplies the group before it and closes it: thousand, million.
    Scale,
    /// The same, but by itself it is a vague number ("thousands").
    Scales,
    /// A closed group by itself: two thousand in one word.
    Large,
    /// A part of one.
    Fraction,
    /// Dozens, hundreds: at least the value.
    Vague,
    /// Joins two parts of a number.
    And,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NumberWord {
    pub(super) kind: NumberKind,
    pub(super) value: f64,
}

/// Grammatical form of a unit noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Singular,
    Plural,
    /// Two of them, by itself.
    Dual,
    /// Two of them, when names follow.
    Construct,
    /// Precedes its number.
    Before,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnitWord {
    /// Position in [`ClaimLexicon::units`].
    pub(super) unit: u16,
    pub(super) form: Form,
}

impl UnitWord {
    /// The form of two.
    pub(super) fn is_dual(self) -> bool {
        matches!(self.form, Form::Dual | Form::Construct)
    }

    /// The form of several.
    pub(super) fn is_plural(self) -> bool {
        self.form == Form::Plural
    }
}

/// Function of a verb of saying in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VerbKind {
    Finite,
    /// A Sorani noun whose light verb is further on: داوای … کرد.
    Split,
    /// "adding that", مبيناً: the speaker is that of the main verb.
    Participle,
    /// قوله: the speaker precedes it after "from".
    Possessive,
    /// "according to": the speaker follows.
    Source,
    /// أعلنته: only after "according to what" or "as".
    Relayed,
}

/// Condition on the words after a verb of saying before it counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// A statement in any form.
    Anything,
    /// As above, but not a bare object.
    Content,
    /// "that", a colon, a quotation, or the preposition that the verb governs.
    Opened,
    /// As above, or the person or thing that the verb is about: "accused the government of neglect".
    Object,
    /// "that", a colon or a quotation.
    That,
    /// As [`Needs::That`], and at the beginning of a clause or written with its doubled letter.
    Marked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Masculine,
    Feminine,
    Plural,
}

#[derive(Clone, Debug)]
pub(super) struct Verb {
    pub(super) kind: VerbKind,
    pub(super) needs: Needs,
    pub(super) stance: Stance,
    pub(super) gender: Gender,
    /// Prepositions that open the statement.
    pub(super) opens: Vec<WordId>,
    /// The same as single letters before the next word.
    pub(super) opens_letter: Option<char>,
}

/// Everything that a word or a phrase can mean here.
///
/// `role` is that of a verb or a noun of action ("killed", "the return of"), `noun_role` that of a noun or an adjective
/// for the people themselves ("displaced", "hostages").
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Roles {
    pub(super) lists: Lists,
    pub(super) number: Option<NumberWord>,
    pub(super) unit: Option<UnitWord>,
    pub(super) squared: Option<u16>,
    pub(super) verb: Option<u16>,
    pub(super) role: Option<Role>,
    pub(super) noun_role: Option<Role>,
    pub(super) approximates_next: Option<Bound>,
    pub(super) approximates_last: Option<Bound>,
    /// It has the article.
    pub(super) definite: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// The words after the first.
    pub(super) rest: Vec<WordId>,
    /// A letter that must precede the next word.
    pub(super) letter: Option<char>,
    pub(super) roles: Roles,
}

/// Meaning of one word in one language.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    pub(super) language: Language,
    pub(super) roles: Roles,
    /// Longest first.
    pub(super) phrases: Vec<Phrase>,
    /// The meaning in another language plus one, or 0.
    pub(super) next: u32,
}

/// Words or quantities that trigger a claim, and the parts that belong to it.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) claim: ClaimType,
    pub(super) languages: Vec<Language>,
    pub(super) quantity: Vec<u16>,
    /// The quantity needs one of these roles; empty where any will do.
    pub(super) roles: Vec<Role>,
    /// Words of this list in the same clause forbid the claim.
    pub(super) unless: Lists,
    pub(super) words: Vec<List>,
    pub(super) gap: usize,
    pub(super) either: bool,
    pub(super) near: Lists,
    pub(super) initial: bool,
    pub(super) with: Vec<u16>,
    pub(super) extend_before: bool,
    pub(super) extend_after: bool,
    pub(super) needs_place: bool,
    pub(super) needs_quantity: bool,
    pub(super) weak: bool,
    pub(super) planned: bool,
    pub(super) merge: bool,
}

impl Pattern {
    /// The pattern of words that report an event.
    pub(super) fn of_event(claim: ClaimType, language: Language, with: Vec<u16>, weak: bool) -> Self {
        Self {
            claim,
            languages: vec![language],
            quantity: Vec::new(),
            roles: Vec::new(),
            unless: Lists::default(),
            words: Vec::new(),
            gap: 0,
            either: false,
            near: Lists::default(),
            initial: false,
            with,
            extend_before: false,
            extend_after: false,
            needs_place: false,
            needs_quantity: false,
            weak,
            planned: false,
            merge: false,
        }
    }
}

/// A set of places that a phrase names.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) language: Language,
    /// The words of the phrase.
    pub(super) words: Vec<WordId>,
    /// Ids of the places.
    pub(super) places: Arc<[String]>,
}

/// The words of quantities, attributions and claims.
#[derive(Clone, Debug, Default)]
pub struct ClaimLexicon {
    /// For each word the first of its meanings plus one, or 0.
    pub(super) first: Vec<u32>,
    pub(super) meanings: Vec<Meaning>,
    pub(super) units: Vec<String>,
    pub(super) verbs: Vec<Verb>,
    /// Units that count people, who can be killed, arrested, displaced.
    pub(super) people: Vec<u16>,
    /// Those of them that leave open how they were harmed.
    pub(super) victims: Vec<u16>,
    /// Units of distance.
    pub(super) distances: Vec<u16>,
    /// Places that are named by a phrase and not by a name of their own, such as "the disputed areas".
    pub(super) regions: Vec<Region>,
    /// Signs such as % and $ with their units.
    pub(super) symbols: Vec<(char, u16)>,
    pub(super) patterns: Vec<Pattern>,
    /// Position of the verb for "is written in".
    pub(super) document_verb: Option<u16>,
    /// Words of Sorani, for [`Self::add_loose_spellings`].
    pub(super) sorani: Vec<WordId>,
    /// Lists that some pattern begins with.
    pub(super) heads: Lists,
    /// The words of events and the parties.
    pub(super) events: EventLexicon,
}

impl ClaimLexicon {
    /// Reads the files and registers their words.
    pub fn parse(files: &ClaimFiles, vocabulary: &mut Vocabulary) -> Result<Self, ClaimLexiconError> {
        claim_load::lexicon(files, vocabulary)
    }

    /// Lets the Sorani words be found in looser spellings too. Comes after every part of the reader has registered its
    /// words, so that no spelling takes the place of a word.
    pub fn add_loose_spellings(&self, vocabulary: &mut Vocabulary) {
        for &word in &self.sorani {
            vocabulary.add_loose(word);
        }
    }

    /// Position of a unit by its name.
    pub(super) fn unit(&self, name: &str) -> Option<u16> {
        self.units.iter().position(|unit| unit == name).map(|at| at as u16)
    }

    /// The verb of a statement that a document contains.
    pub(super) fn document_verb(&self) -> Option<&Verb> {
        self.verbs.get(usize::from(self.document_verb?))
    }

    /// The unit of people described only by their role: "killed three".
    pub(super) fn unit_of(&self, role: Role) -> Option<u16> {
        self.unit(role.name()).or_else(|| self.people.first().copied())
    }

    /// True if a unit counts people without saying how they were harmed.
    pub(super) fn is_victim(&self, unit: u16) -> bool {
        self.victims.contains(&unit)
    }

    /// True if a unit counts people.
    pub(super) fn is_people(&self, unit: u16) -> bool {
        self.people.contains(&unit)
    }

    /// Meaning of a word in a language.
    #[inline]
    pub(super) fn meaning(&self, word: WordId, language: Language) -> Option<&Meaning> {
        let mut at = *self.first.get(word as usize)?;
        while at != 0 {
            let meaning = &self.meanings[at as usize - 1];
            if meaning.language == language {
                return Some(meaning);
            }
            at = meaning.next;
        }
        None
    }
}

impl Roles {
    /// True if the word means nothing here.
    pub(super) fn is_empty(&self) -> bool {
        self.lists == Lists::default()
            && self.unit.is_none()
            && self.verb.is_none()
            && self.role.is_none()
            && self.approximates_next.is_none()
            && self.approximates_last.is_none()
    }
}
