//! Text and facts extracted from the bytes of a document.

use mahwar_geoparse::text::printable::is_unfit_for_a_line;
use serde::{Deserialize, Serialize};

/// Origin of a fact about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The document says it of itself.
    Declared,
    /// The program found it in the text.
    Detected,
    /// The sender of the document stated it.
    Given,
}

/// One fact about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Which: `title`, `author`, `published`, `encoding` …, or the name that the document uses.
    pub name: String,
    /// Its value in words.
    pub value: String,
    /// Origin of the fact.
    pub origin: Origin,
    /// The part of the document that says it, such as `JSON-LD` or `Dublin Core`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Start of a page in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOffset {
    /// Number of the page, from 1.
    pub page: u32,
    /// First byte of the page in the text.
    pub byte: usize,
    /// First code point of the page in the text.
    pub codepoint: usize,
}

/// A text with everything that its document says of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// The text.
    pub text: String,
    /// The document's own title.
    pub title: Option<String>,
    /// Publication date: RFC 3339 full-date or date-time.
    pub published: Option<String>,
    /// `ar`, `ckb` or `en`, where the document says so.
    pub language: Option<String>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Starts of its pages; empty for formats without pages.
    pub pages: Vec<PageOffset>,
    /// Everything that was found out about it, with where each comes from.
    pub facts: Vec<Fact>,
    /// Name of a text in a file with several: `message 3`, `row 17`.
    pub part: Option<String>,
    /// Media type of the format.
    pub media_type: &'static str,
}

impl Extracted {
    /// A text without a description.
    pub fn of_text(text: String, media_type: &'static str) -> Self {
        Self {
            text,
            media_type,
            ..Self::default()
        }
    }

    /// Adds a fact, unless its value is empty.
    pub fn note(&mut self, name: &str, value: &str, origin: Origin, by: Option<&str>) {
        const MAX_VALUE: usize = 2_000;
        let value = value.trim();
        if !value.is_empty() {
            self.facts.push(Fact {
                name: name.to_owned(),
                value: clean(value).chars().take(MAX_VALUE).collect(),
                origin,
                by: by.map(str::to_owned),
            });
        }
    }

    /// Sets the title that the document declares.
    pub fn set_title(&mut self, title: &str, by: &str) {
        let title = crate::text::printable::clean_line(title, 500);
        let title = title.trim();
        if !title.is_empty() && self.title.is_none() {
            self.note("title", title, Origin::Declared, Some(by));
            self.title = Some(title.to_owned());
        }
    }

    /// Sets the date of publication, in any form that is in use; one that is no date becomes a fact only.
    pub fn set_published(&mut self, date: &str, by: &str) {
        self.set_published_as(date, crate::dates::read_date(date), by);
    }

    /// Sets the date of publication that was read from words.
    pub fn set_published_as(&mut self, written: &str, date: Option<String>, by: &str) {
        self.note("published", written, Origin::Declared, Some(by));
        if self.published.is_none() {
            self.published = date;
        }
    }

    /// Sets the publisher.
    pub fn set_publisher(&mut self, name: &str, by: &str) {
        let name = crate::text::printable::clean_line(name, 200);
        let name = name.trim();
        if !name.is_empty() && self.publisher.is_none() {
            self.note("publisher", name, Origin::Declared, Some(by));
            self.publisher = Some(name.to_owned());
        }
    }

    /// Sets the author.
    pub fn set_author(&mut self, name: &str, by: &str) {
        let name = crate::text::printable::clean_line(name, 200);
        let name = name.trim();
        if !name.is_empty() && self.author.is_none() {
            self.note("author", name, Origin::Declared, Some(by));
            self.author = Some(name.to_owned());
        }
    }

    /// Sets the address, if it is one that a reader can follow.
    pub fn set_url(&mut self, address: &str, by: &str) {
        let fits = url::Url::parse(address.trim())
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none());
        if fits && address.len() <= 2048 && self.url.is_none() {
            let address = url::Url::parse(address.trim()).map(String::from).unwrap_or_default();
            self.note("url", &address, Origin::Declared, Some(by));
            self.url = Some(address);
        }
    }

    /// Sets the language from a tag such as `ar-IQ`. Languages that are not read are facts only.
    pub fn set_language(&mut self, tag: &str, by: &str) {
        self.note("language", tag, Origin::Declared, Some(by));
        if self.language.is_none() {
            self.language = tag
                .parse::<crate::language::Language>()
                .ok()
                .map(|language| language.tag().to_owned());
        }
    }
}

/// A value without control characters and bidirectional overrides; its lines stay.
fn clean(value: &str) -> String {
    let is_fit = |letter: &char| !is_unfit_for_a_line(*letter) || matches!(letter, '\n' | '\t');
    value.chars().filter(is_fit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_a_file_are_cleaned() {
        let mut found = Extracted::default();
        found.note("note", "a\0b\u{1b}[31m\u{202e}c\nd", Origin::Given, None);
        assert_eq!(found.facts[0].value, "ab[31mc\nd");
    }
}
