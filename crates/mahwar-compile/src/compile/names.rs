//! Names of one place from a record of many languages: sorted by script, tidied, without repeats.

use super::{
    script::{
        Script, is_surely_arabic, looks_kurdish, script_of, tidy_arabic, tidy_kurdish_latin, tidy_romanised,
        tidy_sorani,
    },
    tables::{NamePrefix, Table},
    wof::Record,
};
use crate::{gazetteer::Names, language::Language};

/// Key by which two spellings count as one name: the same key that search compares.
pub use crate::gazetteer::name_key as key;

/// Adds a name unless the list has an equal one.
pub fn add(names: &mut Vec<String>, name: String) {
    let new = key(&name);
    if !new.is_empty() && !names.iter().any(|old| key(old) == new) {
        names.push(name);
    }
}

/// Puts a name first; an equal one further down is removed, an equal one with another spelling stays as variant.
pub fn prefer(names: &mut Vec<String>, name: String) {
    names.retain(|old| *old != name);
    names.insert(0, name);
}

/// The names of a record by language, preferred first.
pub fn names_of(record: &Record, prefixes: &Prefixes) -> Names {
    let mut names = [arabic, sorani, english].map(|collect| {
        let mut names = Vec::new();
        collect(record, &mut names);
        names
    });
    for (language, names) in Language::ALL.into_iter().zip(&mut names) {
        *names = prefixes.drop_from(names, language);
    }
    Names::new(names)
}

fn arabic(record: &Record, out: &mut Vec<String>) {
    let variants = || {
        record
            .names_of("ara", "variant")
            .chain(record.names_of("ara", "colloquial"))
    };
    let sources = record.names_of("ara", "preferred").chain(variants());
    for name in sources.filter(|name| script_of(name) == Script::Arabic) {
        add(out, tidy_arabic(strip_gloss(name)));
    }
    let loose = record
        .names_of("und", "variant")
        .chain(kurdish(record).filter(|name| is_surely_arabic(name)));
    for name in loose.filter(|name| script_of(name) == Script::Arabic && !looks_kurdish(name)) {
        add(out, tidy_arabic(strip_gloss(name)));
    }
    // Villages on the Iranian border have only a Persian name, in the letters of Arabic.
    if out.is_empty() {
        for name in record
            .names_of("fas", "preferred")
            .filter(|name| script_of(name) == Script::Arabic)
        {
            add(out, tidy_arabic(strip_gloss(name)));
        }
    }
}

fn kurdish(record: &Record) -> impl Iterator<Item = &str> {
    ["preferred", "colloquial", "variant"]
        .into_iter()
        .flat_map(|kind| record.names_of("kur", kind))
}

fn sorani(record: &Record, out: &mut Vec<String>) {
    let own = ["preferred", "variant"]
        .into_iter()
        .flat_map(|kind| record.names_of("ckb", kind));
    for name in own.filter(|name| matches!(script_of(name), Script::Arabic | Script::Sorani)) {
        add(out, tidy_sorani(strip_gloss(name)));
    }
    let is_sorani = |name: &&str| match script_of(name) {
        Script::Sorani => true,
        Script::Arabic => looks_kurdish(name) && !is_surely_arabic(name),
        _ => false,
    };
    for name in kurdish(record).filter(is_sorani) {
        add(out, tidy_sorani(strip_gloss(name)));
    }
    for name in record
        .names_of("und", "variant")
        .filter(|name| script_of(name) == Script::Sorani)
    {
        add(out, tidy_sorani(strip_gloss(name)));
    }
}

/// Most romanised spellings of a place beyond its preferred one; more are near repeats.
const MOST_LATIN: usize = 5;

fn english(record: &Record, out: &mut Vec<String>) {
    let is_latin = |name: &&str| script_of(name) == Script::Latin && !is_inverted(name) && !is_code(name);
    let own = ["preferred", "variant"]
        .into_iter()
        .flat_map(|kind| record.names_of("eng", kind));
    for name in own.filter(is_latin) {
        add(out, tidy_romanised(strip_gloss(name)));
    }
    if is_latin(&record.name.as_str()) {
        add(out, tidy_romanised(strip_gloss(&record.name)));
    }
    for name in kurdish(record).filter(is_latin) {
        add(out, tidy_kurdish_latin(strip_gloss(name)));
    }
    let loose = record
        .names_of("und", "variant")
        .chain(record.names_of("ara", "preferred"));
    for name in loose.chain(record.names_of("ara", "variant")).filter(is_latin) {
        add(out, tidy_romanised(strip_gloss(name)));
    }
    out.truncate(MOST_LATIN);
}

/// "Abbas, Hayy Al": an index form, no name. A sign that belongs to no spelling marks a damaged one.
fn is_inverted(name: &str) -> bool {
    name.contains(',') || name.ends_with(" Al") || name.contains(['µ', '¿', '?', '!', '·'])
}

/// Airport codes are among the names of airports.
fn is_code(name: &str) -> bool {
    name.len() <= 4 && name.chars().all(|c| c.is_ascii_uppercase())
}

/// "عرفة، العراق", "تل (نينوى)", "Rayat [2]": the words after the sign distinguish homonyms and are no part of the name.
fn strip_gloss(name: &str) -> &str {
    name.split(['،', '(', '[', ',']).next().unwrap_or(name).trim()
}

/// "al Fuhud", left of "Nahiyat al Fuhud", begins with a capital as names do.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Type nouns that are written as part of names.
#[derive(Clone, Debug)]
pub struct Prefixes(Vec<NamePrefix>);

impl Prefixes {
    /// Takes the table's rows.
    pub fn new(table: &Table<NamePrefix>) -> Self {
        Self(table.rows.iter().map(|row| row.row.clone()).collect())
    }

    fn drop_from(&self, names: &[String], language: Language) -> Vec<String> {
        let mut out = Vec::with_capacity(names.len());
        for name in names {
            let bare = self.bare(name, language, names);
            add(&mut out, capitalised(bare.as_deref().unwrap_or(name)));
        }
        out
    }

    /// The name without its type noun, when it may go.
    fn bare(&self, name: &str, language: Language, beside: &[String]) -> Option<String> {
        self.0.iter().filter(|row| row.lang == language.tag()).find_map(|row| {
            let rest = match row.side.as_str() {
                "suffix" => name.strip_suffix(&row.word)?.strip_suffix(' ')?,
                _ => name.strip_prefix(&row.word)?.strip_prefix(' ')?,
            };
            // "قرية 17" and "قرية د" would leave no name.
            let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
            let attested = || beside.iter().any(|other| key(other) == key(rest));
            (letters >= 3 && (row.drop == "always" || attested())).then(|| rest.to_owned())
        })
    }
}
