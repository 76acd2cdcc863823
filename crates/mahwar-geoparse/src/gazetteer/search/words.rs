//! Words next to a name in a query that are no part of it: articles and type nouns.

use crate::{gazetteer::Level, text::fold};
use serde::Deserialize;

/// The words of all languages, folded.
#[derive(Clone, Debug, Default)]
pub struct SearchWords {
    /// Phrases and the levels that they mean; longest first.
    nouns: Vec<(String, Vec<Level>)>,
    /// Articles written as the beginning of a word (ال).
    joined: Vec<String>,
    /// Articles written as a word (al, ad).
    apart: Vec<String>,
    /// Words between a type noun and a name (governorate of …).
    links: Vec<String>,
}

/// Errors of the words.
#[derive(Debug, thiserror::Error)]
#[error("{file} line {line}: {what}")]
pub struct SearchWordsError {
    /// The file.
    pub file: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The fault.
    pub what: String,
}

#[derive(Deserialize)]
struct NounRow {
    words: String,
    levels: String,
}

#[derive(Deserialize)]
struct ArticleRow {
    letters: String,
    written: String,
}

impl SearchWords {
    /// Reads `lexicon/type_nouns.csv` (columns `words`, `levels`, lists with `|`) and `lexicon/articles.csv`
    /// (columns `letters`, `written`: `joined`, `apart`, `link` for a word like "of", or `noun:LEVEL` for a type noun
    /// that only searches have: "Kirkuk city", lists with `|`).
    ///
    /// # Errors
    /// A broken row, an unknown level.
    pub fn read(type_nouns: &str, articles: &str) -> Result<Self, SearchWordsError> {
        let mut words = Self::default();
        for (line, row) in rows::<NounRow>("type_nouns.csv", type_nouns)? {
            let levels = row.levels.split('|').filter(|level| !level.is_empty()).map(str::parse);
            let levels: Vec<Level> = levels.collect::<Result<_, String>>().map_err(|what| SearchWordsError {
                file: "type_nouns.csv",
                line,
                what,
            })?;
            let phrases = row.words.split('|').map(key).filter(|phrase| !phrase.is_empty());
            words.nouns.extend(phrases.map(|phrase| (phrase, levels.clone())));
        }
        for (line, row) in rows::<ArticleRow>("articles.csv", articles)? {
            match row.written.as_str() {
                "joined" => words.joined.push(key(&row.letters)),
                "apart" => words.apart.push(key(&row.letters)),
                "link" => words.links.push(key(&row.letters)),
                other => {
                    let wrong = |what| SearchWordsError {
                        file: "articles.csv",
                        line,
                        what,
                    };
                    let levels = other.strip_prefix("noun:").ok_or_else(|| {
                        wrong(format!(
                            "written is {other:?}; accepted: joined, apart, link, noun:LEVEL"
                        ))
                    })?;
                    let levels: Result<Vec<Level>, String> = levels.split('|').map(str::parse).collect();
                    let levels = levels.map_err(wrong)?;
                    let phrases = row.letters.split('|').map(key);
                    words.nouns.extend(phrases.map(|phrase| (phrase, levels.clone())));
                }
            }
        }
        // Longest first, so that "مركز محافظة" is not read as "مركز" and a rest.
        words.nouns.sort_by(|a, b| (b.0.len(), &a.0).cmp(&(a.0.len(), &b.0)));
        Ok(words)
    }

    /// The name without its article, when it has one and a name remains.
    pub fn without_article(&self, key: &str) -> Option<String> {
        let apart = || {
            let (first, rest) = key.split_once(' ')?;
            self.apart.iter().any(|article| article == first).then_some(rest)
        };
        let joined = || {
            let article = self.joined.iter().find(|article| key.starts_with(article.as_str()))?;
            // Two letters are left of الم: that was no article.
            Some(&key[article.len()..]).filter(|rest| rest.chars().count() >= 2 && !rest.starts_with(' '))
        };
        apart().or_else(joined).map(str::to_owned)
    }

    /// The levels that a phrase means as a type noun, also with an article (`المحافظة`) or without the ending that joins it
    /// to a name in Sorani (`گوند` for `گوندی`). `phrase` is a [`key`].
    pub fn levels_of(&self, phrase: &str) -> Option<&[Level]> {
        let levels = |noun: &str| {
            let found = self.nouns.iter().find(|(own, _)| own == noun);
            found.map(|(_, levels)| levels.as_slice())
        };
        let bare = || levels(&self.without_article(phrase)?);
        levels(phrase)
            .or_else(bare)
            .or_else(|| levels(&format!("{phrase}{}", key("ی"))))
    }

    /// The name without a type noun before or after it, and the levels that the noun means.
    pub fn without_noun(&self, key: &str) -> Option<(String, &[Level])> {
        self.nouns.iter().find_map(|(noun, levels)| {
            let rest = key.strip_prefix(noun.as_str()).and_then(|rest| rest.strip_prefix(' '));
            let rest = rest.or_else(|| key.strip_suffix(noun.as_str()).and_then(|rest| rest.strip_suffix(' ')));
            let rest = rest.filter(|rest| !rest.is_empty())?;
            let linked = |link: &String| rest.strip_prefix(link.as_str())?.strip_prefix(' ');
            let rest = self.links.iter().find_map(linked).unwrap_or(rest);
            Some((rest.to_owned(), levels.as_slice()))
        })
    }
}

fn rows<T: for<'a> Deserialize<'a>>(file: &'static str, text: &str) -> Result<Vec<(usize, T)>, SearchWordsError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let rows = reader.deserialize().zip(2..);
    rows.map(|(row, line)| {
        let row = row.map_err(|error: csv::Error| SearchWordsError {
            file,
            line,
            what: error.to_string(),
        })?;
        Ok((line, row))
    })
    .collect()
}

/// The key by which names and queries are compared: folded, words separated by one blank, no signs.
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if c != '\'' && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
