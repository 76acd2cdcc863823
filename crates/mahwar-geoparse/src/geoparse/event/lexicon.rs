//! The words of events, the types of claims and the parties, read from the data folder.

use super::phrases::Phrases;
use crate::{
    geoparse::{
        claim_lexicon::{ClaimLexiconError, Pattern},
        nationality::Nationalities,
        parse::ClaimType,
        variants,
    },
    language::{Language, Trilingual},
    text::Vocabulary,
};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::Arc;

/// The texts of the files about events.
#[derive(Clone, Debug, Default)]
pub struct EventFiles {
    /// `event_words.csv`: lang, claim, form, words, near, not.
    pub words: String,
    /// `claim_types.toml`.
    pub types: String,
    /// `parties.toml`.
    pub parties: String,
}

/// A type of claim as the land's data describe it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimKind {
    /// The type.
    #[serde(deserialize_with = "variants::one")]
    pub id: ClaimType,
    /// For people.
    pub title: Trilingual,
    /// Event type and sub-event type of ACLED: a suggestion.
    #[serde(default)]
    pub acled: Option<[String; 2]>,
    /// Type of violence of UCDP GED, 1 to 3, where the type of claim fixes it: a suggestion.
    #[serde(default)]
    pub ucdp: Option<u8>,
    /// Kinds of parties that may be its actor.
    #[serde(default)]
    actors: Vec<String>,
    /// Kinds of parties that may be its target.
    #[serde(default)]
    targets: Vec<String>,
}

/// A party as the land's data describe it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its id.
    pub id: String,
    /// Its possible part in a claim: `state`, `insurgent`, `civilians`, …
    pub kind: String,
    /// Code of ACLED for its kind of actor: a suggestion.
    #[serde(default)]
    pub interaction: Option<u8>,
    /// For people.
    pub name: Trilingual,
    #[serde(default, deserialize_with = "variants::keys")]
    words: FxHashMap<Language, Vec<String>>,
    /// Words that name a place or an origin as well.
    #[serde(default, deserialize_with = "variants::keys")]
    acting: FxHashMap<Language, Vec<String>>,
}

/// How the words of an event take part in their clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Form {
    Verb,
    Passive,
    Noun,
    Between,
    State,
}

/// Words of one type, language and form, with the words that must and must not be near them.
#[derive(Clone, Debug)]
pub(in super::super) struct Rule {
    pub(in super::super) kind: ClaimType,
    pub(in super::super) form: Form,
    /// A party must act, and the place must be the object of the words: `acting` and `named` in the column near.
    pub(in super::super) acting: bool,
    pub(in super::super) named: bool,
    /// Sets of classes by their bits.
    pub(super) near: u64,
    pub(super) not: u64,
    /// Patterns of the words: by themselves, and where they only refer to an event ("the clashes").
    pub(in super::super) patterns: [Pattern; 2],
}

impl Rule {
    /// True for a noun of action or of two sides.
    pub(in super::super) fn is_noun(&self) -> bool {
        matches!(self.form, Form::Noun | Form::Between)
    }
}

/// A word that names a party.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartyWord {
    pub(super) party: u16,
    /// It names a party only where that does something.
    pub(super) acting: bool,
}

/// Everything about events.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct EventLexicon {
    /// By phrase: the position of its rule.
    pub(super) triggers: Phrases<u16>,
    /// By phrase: the bit of its class.
    pub(in super::super) classes: Phrases<u8>,
    class_names: Vec<String>,
    pub(in super::super) rules: Vec<Rule>,
    pub(super) party_words: Phrases<PartyWord>,
    pub(in super::super) parties: Vec<Party>,
    pub(in super::super) kinds: Vec<ClaimKind>,
    /// Adjectives and names of states, from the gazetteer.
    pub(in super::super) nationalities: Arc<Nationalities>,
}

/// Units of the figures of events.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct EventUnits {
    /// Units that count people.
    pub(in super::super) people: Vec<u16>,
    /// Units of houses, vehicles and land.
    pub(in super::super) property: Vec<u16>,
}

impl EventUnits {
    fn of(&self, kind: ClaimType) -> &[u16] {
        match kind {
            ClaimType::Destruction | ClaimType::LandSeizureOrDeniedAccess => &self.property,
            _ => &self.people,
        }
    }
}

#[derive(Deserialize)]
struct TypeFile {
    #[serde(default, rename = "note")]
    _note: String,
    #[serde(rename = "type")]
    types: Vec<ClaimKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyFile {
    #[serde(default)]
    party: Vec<Party>,
}

const WORDS: &str = "event_words.csv";
/// Conditions in the column near that are no classes of words.
const CONDITIONS: [&str; 2] = ["acting", "named"];

impl EventLexicon {
    /// Reads the files. `with` are the units of the quantities that belong to an event.
    pub(in super::super) fn parse(
        files: &EventFiles,
        with: &EventUnits,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, ClaimLexiconError> {
        let mut lexicon = Self::default();
        if !files.types.is_empty() {
            let file: TypeFile =
                basic_toml::from_str(&files.types).map_err(|error| file_error("claim_types.toml", &error))?;
            lexicon.kinds = file.types;
        }
        if !files.parties.is_empty() {
            let file: PartyFile =
                basic_toml::from_str(&files.parties).map_err(|error| file_error("parties.toml", &error))?;
            lexicon.parties = file.party;
        }
        for (at, party) in lexicon.parties.iter().enumerate() {
            for (acting, words) in [(false, &party.words), (true, &party.acting)] {
                let mut languages: Vec<_> = words.iter().collect();
                languages.sort_by_key(|(language, _)| language.tag());
                for (language, words) in languages {
                    for word in words.iter().flat_map(|word| forms_of(*language, word)) {
                        let value = PartyWord {
                            party: at as u16,
                            acting,
                        };
                        lexicon.party_words.add(*language, &word, value, vocabulary);
                    }
                }
            }
        }
        lexicon.rows(&files.words, with, vocabulary)?;
        Ok(lexicon)
    }

    fn rows(&mut self, text: &str, with: &EventUnits, vocabulary: &mut Vocabulary) -> Result<(), ClaimLexiconError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let records: Vec<_> = reader
            .records()
            .collect::<Result<_, _>>()
            .map_err(|source| ClaimLexiconError::Row { file: WORDS, source })?;
        for record in &records {
            let line = record.position().map_or(0, csv::Position::line);
            let get = |column: usize| record.get(column).unwrap_or_default();
            let unknown = |what: &'static str, value: &str| ClaimLexiconError::Unknown {
                file: WORDS,
                line,
                what,
                value: value.to_owned(),
            };
            let language: Language = get(0).parse().map_err(|_| unknown("language", get(0)))?;
            let words = get(3).split('|').map(str::trim).filter(|word| !word.is_empty());
            if let Some(class) = get(1).strip_prefix('@') {
                let bit = self
                    .class(class)
                    .ok_or_else(|| unknown("class (64 are accepted)", class))?;
                for word in words {
                    for form in forms_of(language, word) {
                        self.classes.add(language, &form, bit, vocabulary);
                    }
                    if let Some(definite) = definite(language, word) {
                        self.classes.add(language, &definite, bit, vocabulary);
                    }
                }
                continue;
            }
            let kind = ClaimType::named(get(1)).ok_or_else(|| unknown("type of claim", get(1)))?;
            let form = match get(2) {
                "verb" => Form::Verb,
                "passive" => Form::Passive,
                "noun" => Form::Noun,
                "between" => Form::Between,
                "state" => Form::State,
                other => return Err(unknown("form", other)),
            };
            let mut bits = [0u64; 2];
            for (set, column) in bits.iter_mut().zip([4, 5]) {
                for class in get(column)
                    .split_whitespace()
                    .filter(|class| !CONDITIONS.contains(class))
                {
                    *set |= 1
                        << self
                            .class(class)
                            .ok_or_else(|| unknown("class (64 are accepted)", class))?;
                }
            }
            let rule = self.rules.len() as u16;
            let pattern = |weak| Pattern {
                // A party that demands a territory claims it.
                planned: form == Form::State,
                ..Pattern::of_event(kind, language, with.of(kind).to_vec(), weak)
            };
            let asks = |condition| get(4).split_whitespace().any(|class| class == condition);
            self.rules.push(Rule {
                kind,
                form,
                acting: asks(CONDITIONS[0]),
                named: asks(CONDITIONS[1]),
                near: bits[0],
                not: bits[1],
                patterns: [pattern(false), pattern(true)],
            });
            for word in words {
                self.triggers.add(language, word, rule, vocabulary);
                if language == Language::Arabic && form == Form::Verb {
                    for with_object in with_objects(word) {
                        self.triggers.add(language, &with_object, rule, vocabulary);
                    }
                }
                if let Some(definite) = definite(language, word).filter(|_| matches!(form, Form::Noun | Form::Between))
                {
                    self.triggers.add(language, &definite, rule, vocabulary);
                }
            }
        }
        Ok(())
    }

    /// The bit of a class, which is new or known.
    fn class(&mut self, name: &str) -> Option<u8> {
        let at = self
            .class_names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.class_names.push(name.to_owned());
                self.class_names.len() - 1
            });
        (at < 64).then_some(at as u8)
    }

    /// The set of one class; none for a class that no row names.
    pub(in super::super) fn class_set(&self, name: &str) -> u64 {
        let at = self.class_names.iter().position(|known| known == name);
        at.map_or(0, |at| 1 << at)
    }

    fn kind(&self, kind: ClaimType) -> Option<&ClaimKind> {
        self.kinds.iter().find(|known| known.id == kind)
    }

    /// True if a party can be the actor of a type of claim.
    pub(super) fn may_act(&self, kind: ClaimType, party: u16) -> bool {
        let party = &self.parties[usize::from(party)].kind;
        self.kind(kind).is_some_and(|kind| kind.actors.contains(party))
    }

    /// True if a party can be the target of a type of claim.
    pub(super) fn may_suffer(&self, kind: ClaimType, party: u16) -> bool {
        let party = &self.parties[usize::from(party)].kind;
        self.kind(kind).is_some_and(|kind| kind.targets.contains(party))
    }
}

/// An Arabic verb with the pronoun of an object that precedes it: اعتقلتهم, خطفوهم.
fn with_objects(verb: &str) -> Vec<String> {
    if verb.contains(' ') {
        return Vec::new();
    }
    let stem = verb
        .strip_suffix("وا")
        .map_or_else(|| verb.to_owned(), |stem| format!("{stem}و"));
    ["ه", "ها", "هم", "هما"]
        .map(|pronoun| format!("{stem}{pronoun}"))
        .into()
}

/// An Arabic noun or a noun with its adjective with the article.
fn definite(language: Language, phrase: &str) -> Option<String> {
    let takes = language == Language::Arabic && !phrase.starts_with("ال") && phrase.split(' ').count() <= 2;
    let bare = phrase
        .split(' ')
        .all(|word| word.chars().count() > 2 && !word.starts_with("ال"));
    (takes && bare).then(|| {
        let words: Vec<_> = phrase.split(' ').map(|word| format!("ال{word}")).collect();
        words.join(" ")
    })
}

/// The words of a party with the endings that they take: the Arabic accusative, the Sorani suffixes.
fn forms_of(language: Language, word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    match language {
        Language::Arabic
            if !word.contains(' ')
                && !word.starts_with("ال")
                && !word.ends_with(['ة', 'ا', 'ى'])
                && !word.ends_with("ون")
                && !word.ends_with("ين") =>
        {
            forms.push(format!("{word}ا"));
        }
        Language::Sorani => {
            const SUFFIXES: [&str; 18] = [
                "ی",
                "یان",
                "ەوە",
                "وە",
                "یەوە",
                "دا",
                "ێک",
                "ێکی",
                "ێکیان",
                "یەک",
                "یەکیان",
                "ەکان",
                "ەکانی",
                "ەکانیان",
                "ەکە",
                "ەکەی",
                "ەکەیان",
                "یەکە",
            ];
            forms.extend(SUFFIXES.map(|suffix| format!("{word}{suffix}")));
        }
        _ => {}
    }
    forms
}

fn file_error(file: &'static str, error: &basic_toml::Error) -> ClaimLexiconError {
    ClaimLexiconError::File {
        file,
        what: error.to_string(),
    }
}
