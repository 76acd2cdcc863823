//! Checks of a land's tables before they are read: nothing empty, nothing cut off, every language there.
//!
//! A lexicon that lost half its rows still reads; only the texts that are read with it come out wrong, without a word. So
//! the land states in `land.toml`, table `[expected.rows]`, how many rows each file has at least: a number, or a number for
//! each language. For a TOML file it is the number of its values. A file that `land.toml` does not name has one row at least.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The tables that the program reads, with the columns that they must have.
pub const TABLES: &[(&str, &[&str])] = &[
    ("lexicon/actors.csv", &["lang", "words", "cues", "note"]),
    (
        "lexicon/affixes.csv",
        &["lang", "position", "slot", "letters", "restores", "note"],
    ),
    ("lexicon/approximations.csv", &["lang", "place", "words"]),
    ("lexicon/articles.csv", &["lang", "letters", "written", "note"]),
    ("lexicon/claim_words.csv", &["lang", "list", "words"]),
    ("lexicon/common_words.csv", &["lang", "words", "cues", "note"]),
    ("lexicon/cues.csv", &["lang", "words", "cues", "note"]),
    ("lexicon/denials.csv", &["lang", "name", "before", "after", "note"]),
    (
        "lexicon/event_words.csv",
        &["lang", "claim", "form", "words", "near", "not"],
    ),
    ("lexicon/land_words.csv", &["lang", "words"]),
    ("lexicon/languages.csv", &["lang", "words"]),
    ("lexicon/name_classes.csv", &["lang", "name", "class", "reason"]),
    ("lexicon/nationalities.csv", &["lang", "words", "place"]),
    ("lexicon/numbers.csv", &["lang", "kind", "value", "words"]),
    ("lexicon/outlets.csv", &["lang", "words", "cues"]),
    ("lexicon/person_names.csv", &["lang", "names", "note"]),
    (
        "lexicon/position_words.csv",
        &["lang", "sense", "value", "words", "note"],
    ),
    ("lexicon/powers.csv", &["place", "note"]),
    ("lexicon/preferred.csv", &["lang", "name", "place", "note"]),
    (
        "lexicon/saying_verbs.csv",
        &[
            "lang",
            "kind",
            "needs",
            "denies",
            "opens",
            "masculine",
            "feminine",
            "plural",
        ],
    ),
    ("lexicon/short_names.csv", &["lang", "name", "place", "note"]),
    ("lexicon/speakers.csv", &["lang", "list", "words"]),
    (
        "lexicon/type_nouns.csv",
        &["lang", "words", "number", "levels", "flags", "note"],
    ),
    ("lexicon/time_words.csv", &["lang", "kind", "value", "words"]),
    ("lexicon/units.csv", &["lang", "unit", "form", "words"]),
    ("lexicon/verbs.csv", &["lang", "forms", "cues", "note"]),
    ("lexicon/word_frequencies.csv", &["lang", "zipf", "words"]),
    ("lexicon/claim_patterns.toml", &[]),
    ("worldviews.toml", &[]),
    (
        "disputed_areas.csv",
        &[
            "pcode",
            "unami_name",
            "claimed_by",
            "article",
            "status",
            "source",
            "note",
        ],
    ),
    (
        "control.csv",
        &[
            "pcode",
            "from",
            "to",
            "control",
            "source",
            "source_date",
            "source_url",
            "note",
        ],
    ),
    (
        "published_figures.csv",
        &[
            "date",
            "who",
            "qualifier",
            "figure",
            "unit",
            "extent",
            "detail",
            "source",
            "note",
        ],
    ),
];

/// Least number of rows of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Rows {
    /// In all; 0 lets a table be a header alone.
    All(usize),
    /// Of each language, by its tag.
    ByLanguage(BTreeMap<String, usize>),
}

#[derive(Debug, Default, Deserialize)]
struct LandFile {
    #[serde(default)]
    expected: Expected,
}

#[derive(Debug, Default, Deserialize)]
struct Expected {
    #[serde(default)]
    rows: BTreeMap<String, Rows>,
}

/// Reads `[expected.rows]` of `land.toml`: the least numbers of rows, by file.
///
/// # Errors
/// When the file is not TOML or the table is wrong.
pub fn expected_rows(land_toml: &str) -> Result<BTreeMap<String, Rows>, toml::de::Error> {
    toml::from_str::<LandFile>(land_toml).map(|file| file.expected.rows)
}

/// Checks the text of a table: its end, its header, and its number of rows.
///
/// # Errors
/// The fault, with the line and the expected value.
pub fn check_table(name: &str, text: &str, columns: &[&str], rows: Option<&Rows>) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the file is empty".to_owned());
    }
    if !text.ends_with('\n') {
        let line = text.lines().count();
        return Err(format!(
            "line {line}: the file ends within a line; it is cut off, or its last line end is missing"
        ));
    }
    match name.ends_with(".toml") {
        true => check_values(text, rows),
        false => check_rows(text, columns, rows),
    }
}

fn check_values(text: &str, rows: Option<&Rows>) -> Result<(), String> {
    fn values(value: &toml::Value) -> usize {
        match value {
            toml::Value::Table(table) => table.values().map(values).sum(),
            toml::Value::Array(list) => list.iter().map(values).sum::<usize>().max(1),
            _ => 1,
        }
    }
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let found = table.values().map(values).sum();
    at_least(found, rows, "values")
}

fn at_least(found: usize, rows: Option<&Rows>, of: &str) -> Result<(), String> {
    let least = match rows {
        Some(Rows::All(least)) => *least,
        Some(Rows::ByLanguage(least)) => least.values().sum(),
        None => 1,
    };
    match found >= least {
        true => Ok(()),
        false => Err(format!(
            "the file has {found} {of}; land.toml expects at least {least} (expected.rows): it may be cut off"
        )),
    }
}

fn check_rows(text: &str, columns: &[&str], rows: Option<&Rows>) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    if !columns
        .iter()
        .enumerate()
        .all(|(at, column)| header.get(at) == Some(*column))
    {
        return Err(format!(
            "line 1: the columns are {}; they must begin with {}",
            header.iter().collect::<Vec<_>>().join(","),
            columns.join(",")
        ));
    }
    let by_language = header.get(0) == Some("lang");
    let (mut count, mut languages) = (0, BTreeMap::<String, usize>::new());
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        count += 1;
        if by_language {
            // The readers of the tables check whether the program knows the language.
            let tag = record.get(0).unwrap_or_default();
            *languages.entry(tag.to_owned()).or_default() += 1;
        }
    }
    at_least(count, rows, "rows")?;
    if let Some(Rows::ByLanguage(expected)) = rows {
        for (language, least) in expected {
            let found = languages.get(language).copied().unwrap_or(0);
            if found < *least {
                return Err(format!(
                    "the file has {found} rows of {language}; land.toml expects at least {least} (expected.rows): it may be cut off"
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "lang,list,words\nar,a,x\nar,b,y\nckb,a,z\n";
    const COLUMNS: &[&str] = &["lang", "list", "words"];

    fn rows(text: &str) -> Option<Rows> {
        let land = format!("[expected.rows]\n\"a.csv\" = {text}");
        expected_rows(&land).unwrap().remove("a.csv")
    }

    #[test]
    fn a_whole_table_is_taken() {
        for expected in [None, rows("3"), rows("{ ar = 2, ckb = 1 }")] {
            assert_eq!(check_table("a.csv", TEXT, COLUMNS, expected.as_ref()), Ok(()));
        }
        assert_eq!(
            check_table("a.csv", "lang,list,words\n", COLUMNS, rows("0").as_ref()),
            Ok(())
        );
    }

    #[test]
    fn an_empty_a_cut_and_a_wrong_table_are_refused() {
        let half = "lang,list,words\nar,a,x\nar,b,y\n";
        for (text, expected, wrong) in [
            ("", None, "empty"),
            ("\n\n", None, "empty"),
            ("lang,list,words\n", None, "0 rows"),
            ("lang,words\nar,x\n", None, "columns"),
            ("lang,list,words\nar,a,x", None, "line 2"),
            ("lang,list,words\nar,a\n", None, "line: 2"),
            (half, rows("3"), "2 rows"),
            (half, rows("{ ar = 2, ckb = 1 }"), "at least"),
            (
                "lang,list,words\nar,a,x\nar,b,y\nar,c,z\n",
                rows("{ ar = 2, ckb = 1 }"),
                "rows of ckb",
            ),
        ] {
            let said = check_table("a.csv", text, COLUMNS, expected.as_ref()).unwrap_err();
            assert!(said.contains(wrong), "{text:?}: {said}");
        }
    }

    #[test]
    fn a_cut_toml_file_has_too_few_values() {
        let text = "a = 1\n[b]\nc = [1, 2]\nd = \"x\"\n";
        assert_eq!(check_table("a.toml", text, &[], rows("4").as_ref()), Ok(()));
        assert!(check_table("a.toml", "a = 1\n[b]\n", &[], rows("4").as_ref()).is_err());
    }
}
