//! Reads the lexicon's files and registers their words.

use super::{
    claim_lexicon::{
        ClaimFiles, ClaimLexicon, ClaimLexiconError, Form, Gender, List, Lists, Meaning, Needs, NumberKind, NumberWord,
        Pattern, Phrase, Region, Roles, UnitWord, Verb, VerbKind,
    },
    event::{EventLexicon, EventUnits},
    forms,
    parse::{Bound, ClaimType, Role, Stance},
    variants,
};
use crate::{
    language::Language,
    text::{Vocabulary, WordId},
};
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn lexicon(files: &ClaimFiles, vocabulary: &mut Vocabulary) -> Result<ClaimLexicon, ClaimLexiconError> {
    let mut builder = Builder {
        lexicon: ClaimLexicon::default(),
        vocabulary: &mut *vocabulary,
    };
    builder.numbers(&files.numbers)?;
    builder.units(&files.units)?;
    builder.approximations(&files.approximations)?;
    builder.saying_verbs(&files.saying_verbs)?;
    builder.lists("speakers.csv", &files.speakers)?;
    builder.lists("claim_words.csv", &files.claim_words)?;
    let file: PatternFile = basic_toml::from_str(&files.claim_patterns)?;
    for row in &file.region {
        builder.region(row, files)?;
    }
    builder.document_verb();
    let mut lexicon = builder.lexicon;
    for meaning in &mut lexicon.meanings {
        meaning
            .phrases
            .sort_by_key(|phrase| std::cmp::Reverse((phrase.rest.len(), phrase.letter.is_some())));
    }
    let units = |names: &[String], lexicon: &ClaimLexicon| {
        let named = |name: &String| lexicon.unit(name).ok_or_else(|| ClaimLexiconError::Unit(name.clone()));
        names.iter().map(named).collect::<Result<Vec<_>, _>>()
    };
    lexicon.people = units(&file.people, &lexicon)?;
    lexicon.victims = units(&file.victims, &lexicon)?;
    lexicon.distances = units(&file.distances, &lexicon)?;
    let counted = EventUnits {
        people: lexicon.people.clone(),
        property: units(&file.property, &lexicon)?,
    };
    lexicon.events = EventLexicon::parse(&files.events, &counted, vocabulary)?;
    lexicon.patterns = patterns(file, &lexicon.units)?;
    for pattern in &lexicon.patterns {
        let heads = if pattern.either { pattern.words.len() } else { 1 };
        for head in pattern.words.iter().take(heads) {
            lexicon.heads.add(*head);
        }
    }
    Ok(lexicon)
}

/// The greatest number that a word may mean.
const MAX_NUMBER: f64 = 1e15;

/// A row of one of the tables.
struct Row<'r> {
    file: &'static str,
    record: &'r csv::StringRecord,
}

impl Row<'_> {
    fn get(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default()
    }

    fn unknown(&self, what: &'static str, column: usize) -> ClaimLexiconError {
        ClaimLexiconError::Unknown {
            file: self.file,
            line: self.record.position().map_or(0, csv::Position::line),
            what,
            value: self.get(column).to_owned(),
        }
    }

    fn language(&self) -> Result<Language, ClaimLexiconError> {
        self.get(0).parse().map_err(|_| self.unknown("language", 0))
    }
}

/// Passes every row after the header to `take`.
fn rows(
    file: &'static str,
    text: &str,
    mut take: impl FnMut(Row) -> Result<(), ClaimLexiconError>,
) -> Result<(), ClaimLexiconError> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|source| ClaimLexiconError::Row { file, source })?;
        take(Row { file, record: &record })?;
    }
    Ok(())
}

struct Builder<'v> {
    lexicon: ClaimLexicon,
    vocabulary: &'v mut Vocabulary,
}

impl Builder<'_> {
    fn numbers(&mut self, text: &str) -> Result<(), ClaimLexiconError> {
        const FILE: &str = "numbers.csv";
        rows(FILE, text, |row| {
            let kind = match row.get(1) {
                "small" | "ten" => NumberKind::Small,
                "hundred" => NumberKind::Hundred,
                "scale" => NumberKind::Scale,
                "scales" => NumberKind::Scales,
                "large" => NumberKind::Large,
                "fraction" => NumberKind::Fraction,
                "vague" => NumberKind::Vague,
                "and" => NumberKind::And,
                _ => return Err(row.unknown("kind of number", 1)),
            };
            let value = row.get(2).parse().map_err(|_| row.unknown("number", 2))?;
            if !(0.0..=MAX_NUMBER).contains(&value) {
                return Err(row.unknown("number (0 to 1e15 is accepted)", 2));
            }
            let language = row.language()?;
            self.add(language, row.get(3), true, |roles| {
                match kind {
                    NumberKind::And => roles.lists.add(List::And),
                    _ => roles.lists.add(List::Number),
                }
                roles.number = Some(NumberWord { kind, value });
            });
            Ok(())
        })
    }

    fn units(&mut self, text: &str) -> Result<(), ClaimLexiconError> {
        const FILE: &str = "units.csv";
        let mut derived = Vec::new();
        rows(FILE, text, |row| {
            let unit = self.unit(row.get(1));
            let words = row.get(3);
            let form = match row.get(2) {
                "singular" => Form::Singular,
                "plural" => Form::Plural,
                "dual" => Form::Dual,
                "construct" => Form::Construct,
                "before" => Form::Before,
                "squared" => {
                    self.add(row.language()?, words, false, |roles| roles.squared = Some(unit));
                    return Ok(());
                }
                "symbol" => {
                    let signs = words.split('|').filter_map(|sign| sign.chars().next());
                    self.lexicon.symbols.extend(signs.map(|sign| (sign, unit)));
                    return Ok(());
                }
                _ => return Err(row.unknown("form of a unit", 2)),
            };
            let language = row.language()?;
            self.add(language, words, true, |roles| {
                roles.unit.get_or_insert(UnitWord { unit, form });
            });
            if form == Form::Singular {
                derived.extend(words.split('|').map(|word| (language, unit, word.to_owned())));
            }
            Ok(())
        })?;
        // Forms that follow from the singular come last, so that they take the place of no row.
        for (language, unit, word) in derived {
            let (forms, form) = match language {
                Language::Arabic => (forms::duals(&word), Form::Dual),
                Language::Sorani => (forms::joined(&word), Form::Singular),
                Language::English | Language::Undetermined => continue,
            };
            self.add(language, &forms.join("|"), language == Language::Arabic, |roles| {
                roles.unit.get_or_insert(UnitWord { unit, form });
            });
        }
        Ok(())
    }

    fn unit(&mut self, name: &str) -> u16 {
        let units = &mut self.lexicon.units;
        let at = units.iter().position(|unit| unit == name).unwrap_or_else(|| {
            units.push(name.to_owned());
            units.len() - 1
        });
        at as u16
    }

    fn approximations(&mut self, text: &str) -> Result<(), ClaimLexiconError> {
        const FILE: &str = "approximations.csv";
        rows(FILE, text, |row| {
            let after = match row.get(1) {
                "before" => false,
                "after" => true,
                _ => return Err(row.unknown("place", 1)),
            };
            let bound = match row.get(3) {
                "" => Bound::About,
                name => Bound::named(name).ok_or_else(|| row.unknown("bound", 3))?,
            };
            let language = row.language()?;
            self.add(language, row.get(2), false, |roles| match after {
                true => roles.approximates_last = Some(bound),
                false => roles.approximates_next = Some(bound),
            });
            Ok(())
        })
    }

    fn saying_verbs(&mut self, text: &str) -> Result<(), ClaimLexiconError> {
        const FILE: &str = "saying_verbs.csv";
        rows(FILE, text, |row| {
            let language = row.language()?;
            let kind = match row.get(1) {
                "finite" => VerbKind::Finite,
                "split" => VerbKind::Split,
                "participle" => VerbKind::Participle,
                "possessive" => VerbKind::Possessive,
                "source" => VerbKind::Source,
                "relayed" => VerbKind::Relayed,
                _ => return Err(row.unknown("kind of verb", 1)),
            };
            let needs = match row.get(2) {
                "" => Needs::Anything,
                "content" => Needs::Content,
                "opened" => Needs::Opened,
                "object" => Needs::Object,
                "that" => Needs::That,
                "marked" => Needs::Marked,
                _ => return Err(row.unknown("need", 2)),
            };
            let stance = match (row.get(8), row.get(3)) {
                ("", "denies") => Stance::Denied,
                ("", _) => Stance::Said,
                (name, _) => Stance::named(name).ok_or_else(|| row.unknown("stance", 8))?,
            };
            let mut opens = Vec::new();
            let mut opens_letter = None;
            for word in row.get(4).split('|').filter(|word| !word.is_empty()) {
                match letter(word) {
                    Some(letter) => opens_letter = Some(letter),
                    None => opens.extend(self.vocabulary.intern_phrase(word).unwrap_or_default()),
                }
            }
            for (column, gender) in [(5, Gender::Masculine), (6, Gender::Feminine), (7, Gender::Plural)] {
                let verb = self.lexicon.verbs.len() as u16;
                self.lexicon.verbs.push(Verb {
                    kind,
                    needs,
                    stance,
                    gender,
                    opens: opens.clone(),
                    opens_letter,
                });
                self.add(language, row.get(column), false, |roles| {
                    roles.verb.get_or_insert(verb);
                });
                self.add_negated(language, row.get(column));
                if language == Language::Sorani {
                    let also: Vec<_> = row.get(column).split('|').flat_map(forms::also).collect();
                    self.add(language, &also.join("|"), false, |roles| {
                        roles.verb.get_or_insert(verb);
                    });
                }
            }
            Ok(())
        })
    }

    fn lists(&mut self, file: &'static str, text: &str) -> Result<(), ClaimLexiconError> {
        rows(file, text, |row| {
            let language = row.language()?;
            if let Some(name) = row.get(1).strip_prefix("noun_") {
                let role = Role::named(name).ok_or_else(|| row.unknown("list", 1))?;
                self.add(language, row.get(2), true, |roles| roles.noun_role = Some(role));
                return Ok(());
            }
            if let Some(name) = row.get(1).strip_prefix("role_") {
                let role = Role::named(name).ok_or_else(|| row.unknown("list", 1))?;
                self.add(language, row.get(2), true, |roles| roles.role = Some(role));
                if language == Language::Arabic {
                    // أعدمهم, مقتلهم
                    let possessed: Vec<_> = row.get(2).split('|').flat_map(forms::possessed).collect();
                    self.add(language, &possessed.join("|"), false, |roles| {
                        roles.role.get_or_insert(role);
                    });
                }
                self.add_negated(language, row.get(2));
                return Ok(());
            }
            let list = List::named(row.get(1)).ok_or_else(|| row.unknown("list", 1))?;
            let inflected = matches!(
                list,
                List::Gap
                    | List::Security
                    | List::Axis
                    | List::Coordinate
                    | List::Meeting
                    | List::Forces
                    | List::Title
                    | List::Organisation
                    | List::Count
                    | List::People
                    | List::Document
                    | List::Sport
            );
            self.add(language, row.get(2), inflected, |roles| roles.lists.add(list));
            if inflected && language == Language::Sorani {
                let forms: Vec<_> = row.get(2).split('|').flat_map(forms::declined).collect();
                self.add(language, &forms.join("|"), false, |roles| roles.lists.add(list));
            }
            if matches!(list, List::Light | List::Meets | List::Holds) {
                self.add_negated(language, row.get(2));
            }
            if matches!(list, List::Content | List::Document) && language == Language::Arabic {
                let possessed: Vec<_> = row.get(2).split('|').flat_map(forms::possessed).collect();
                self.add(language, &possessed.join("|"), false, |roles| roles.lists.add(list));
            }
            Ok(())
        })
    }

    /// The verb of a statement inside a document has no form of its own: it is a word of the list.
    fn document_verb(&mut self) {
        self.lexicon.document_verb = Some(self.lexicon.verbs.len() as u16);
        self.lexicon.verbs.push(Verb {
            kind: VerbKind::Source,
            needs: Needs::Anything,
            stance: Stance::Said,
            gender: Gender::Masculine,
            opens: Vec::new(),
            opens_letter: None,
        });
    }

    /// The negated forms of Sorani verbs.
    fn add_negated(&mut self, language: Language, words: &str) {
        if language != Language::Sorani {
            return;
        }
        for form in words.split('|').flat_map(forms::negated) {
            self.add(language, &form, false, |roles| roles.lists.add(List::Negated));
        }
    }

    fn region(&mut self, row: &RegionRow, files: &ClaimFiles) -> Result<(), ClaimLexiconError> {
        let missing = || ClaimLexiconError::Table(row.table.clone());
        let table = files.tables.get(&row.table).ok_or_else(missing)?;
        let mut places = Vec::new();
        // The name of the file is for errors only, and those of the table name its row.
        rows("table of a region", table, |unit| {
            places.push(unit.get(0).to_owned());
            Ok(())
        })?;
        let places: Arc<[String]> = places.into();
        for phrase in &row.words {
            if let Some(words) = self.vocabulary.intern_phrase(phrase) {
                self.lexicon.regions.push(Region {
                    language: row.language,
                    words,
                    places: Arc::clone(&places),
                });
            }
        }
        Ok(())
    }

    /// Adds a role to words and phrases; with the article too, where the language writes it on the word.
    fn add(&mut self, language: Language, words: &str, article: bool, role: impl Fn(&mut Roles)) {
        for phrase in words.split('|').filter(|phrase| !phrase.is_empty()) {
            self.add_phrase(language, phrase, false, &role);
            if article && language == Language::Arabic && !phrase.starts_with("ال") {
                let definite: Vec<_> = phrase.split(' ').map(|word| format!("ال{word}")).collect();
                self.add_phrase(language, &definite.join(" "), true, &role);
            }
        }
    }

    fn add_phrase(&mut self, language: Language, phrase: &str, definite: bool, role: impl Fn(&mut Roles)) {
        let (phrase, letter) = match phrase.rsplit_once(' ') {
            Some((words, last)) if letter(last).is_some() => (words, letter(last)),
            _ => (phrase, None),
        };
        let Some(ids) = self.vocabulary.intern_phrase(phrase) else {
            return;
        };
        if language == Language::Sorani {
            self.lexicon.sorani.extend(&ids);
        }
        let Some((&first, rest)) = ids.split_first() else {
            return;
        };
        self.vocabulary.set_strong(first);
        let meaning = self.meaning_mut(first, language);
        if rest.is_empty() && letter.is_none() {
            role(&mut meaning.roles);
            meaning.roles.definite |= definite;
            return;
        }
        let same = |known: &Phrase| known.rest == rest && known.letter == letter;
        let at = meaning.phrases.iter().position(same).unwrap_or_else(|| {
            meaning.phrases.push(Phrase {
                rest: rest.to_vec(),
                letter,
                roles: Roles::default(),
            });
            meaning.phrases.len() - 1
        });
        role(&mut meaning.phrases[at].roles);
        meaning.phrases[at].roles.definite |= definite;
    }

    fn meaning_mut(&mut self, word: WordId, language: Language) -> &mut Meaning {
        let ClaimLexicon { first, meanings, .. } = &mut self.lexicon;
        let slot = word as usize;
        if slot >= first.len() {
            first.resize(slot + 1, 0);
        }
        let mut at = first[slot];
        while at != 0 && meanings[at as usize - 1].language != language {
            at = meanings[at as usize - 1].next;
        }
        if at == 0 {
            meanings.push(Meaning {
                language,
                roles: Roles::default(),
                phrases: Vec::new(),
                next: first[slot],
            });
            at = meanings.len() as u32;
            first[slot] = at;
        }
        &mut meanings[at as usize - 1]
    }
}

/// The letter of an item such as لـ, which matches that letter before the next word.
fn letter(word: &str) -> Option<char> {
    let mut letters = word.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some(letter), Some('ـ'), None) => Some(letter),
        _ => None,
    }
}

#[derive(Deserialize)]
struct PatternFile {
    #[serde(default)]
    people: Vec<String>,
    #[serde(default)]
    victims: Vec<String>,
    #[serde(default)]
    distances: Vec<String>,
    #[serde(default)]
    property: Vec<String>,
    pattern: Vec<PatternRow>,
    #[serde(default)]
    region: Vec<RegionRow>,
}

/// A set of units that a phrase names: the first column of a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionRow {
    table: String,
    #[serde(deserialize_with = "variants::one")]
    language: Language,
    words: Vec<String>,
}

/// Names of the tables that the patterns take the units of their regions from.
pub(super) fn tables_of(patterns: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Tables {
        #[serde(default)]
        region: Vec<Table>,
    }
    #[derive(Deserialize)]
    struct Table {
        table: String,
    }
    let tables = basic_toml::from_str(patterns).map_or(Vec::new(), |tables: Tables| tables.region);
    let mut names: Vec<_> = tables.into_iter().map(|table| table.table).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternRow {
    #[serde(deserialize_with = "variants::one")]
    claim: ClaimType,
    #[serde(default = "all_languages", deserialize_with = "variants::list")]
    languages: Vec<Language>,
    #[serde(default)]
    quantity: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    unless: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    gap: usize,
    #[serde(default)]
    either: bool,
    #[serde(default)]
    near: String,
    #[serde(default)]
    initial: bool,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default, deserialize_with = "variants::list")]
    extend: Vec<Side>,
    #[serde(default, deserialize_with = "variants::list")]
    specific: Vec<Specific>,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    planned: bool,
    #[serde(default)]
    merge: bool,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Side {
    Before,
    After,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Specific {
    Place,
    Quantity,
}

fn all_languages() -> Vec<Language> {
    Language::ALL.to_vec()
}

fn patterns(file: PatternFile, units: &[String]) -> Result<Vec<Pattern>, ClaimLexiconError> {
    let named = |name: &str| {
        List::named(name).ok_or_else(|| ClaimLexiconError::Unknown {
            file: "claim_patterns.toml",
            line: 0,
            what: "list",
            value: name.to_owned(),
        })
    };
    let listed = |name: &str| match name {
        "" => Ok(Lists::default()),
        name => named(name).map(|list| Lists::of(&[list])),
    };
    let numbered = |names: &[String]| {
        let position = |name: &String| {
            let at = units.iter().position(|unit| unit == name);
            at.map(|at| at as u16)
                .ok_or_else(|| ClaimLexiconError::Unit(name.clone()))
        };
        names.iter().map(position).collect::<Result<Vec<_>, _>>()
    };
    let roles = |names: &[String]| {
        let role = |name: &String| {
            Role::named(name).ok_or_else(|| ClaimLexiconError::Unknown {
                file: "claim_patterns.toml",
                line: 0,
                what: "role",
                value: name.clone(),
            })
        };
        names.iter().map(role).collect::<Result<Vec<_>, _>>()
    };
    let pattern = |row: PatternRow| {
        Ok(Pattern {
            claim: row.claim,
            quantity: numbered(&row.quantity)?,
            roles: roles(&row.roles)?,
            unless: listed(&row.unless)?,
            words: row.words.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
            gap: row.gap,
            either: row.either,
            near: listed(&row.near)?,
            initial: row.initial,
            with: numbered(&row.with)?,
            extend_before: row.extend.contains(&Side::Before),
            extend_after: row.extend.contains(&Side::After),
            needs_place: row.specific.contains(&Specific::Place),
            needs_quantity: row.specific.contains(&Specific::Quantity),
            weak: row.weak,
            planned: row.planned,
            merge: row.merge,
            languages: row.languages,
        })
    };
    file.pattern.into_iter().map(pattern).collect()
}
