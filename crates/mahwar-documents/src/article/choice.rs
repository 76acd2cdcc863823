//! How much of the running text of a page an extracted article has, and the block around all of it.

use crate::html::html_to_seen_text;
use dom_query::{Document, NodeRef};
use rustc_hash::FxHashSet;

/// Letters and digits at the start of a paragraph by which it is found again.
const KEY: usize = 60;
/// Letters and digits of a paragraph, at least. Menus and headlines are shorter.
const LONG: usize = 80;
/// The same for a line with the signs of sentences.
const SENTENCE: usize = 35;
/// Share of the text of an element that one of its children has, so that the child is the block.
const MOST: f64 = 0.9;
/// Elements inside each other in which the block is looked for.
const MAX_DEPTH: usize = 60;

/// The paragraphs of the parts of a page that may be its article.
pub struct Paragraphs {
    /// Start of each, and how many letters it has.
    all: Vec<(String, usize)>,
    letters: usize,
}

impl Paragraphs {
    /// The paragraphs of a text: its lines that hold sentences.
    pub fn of(text: &str) -> Self {
        let mut seen = FxHashSet::default();
        let all: Vec<(String, usize)> = text
            .lines()
            .filter_map(paragraph)
            .filter(|(key, _)| seen.insert(key.clone()))
            .collect();
        Self {
            letters: all.iter().map(|(_, letters)| letters).sum(),
            all,
        }
    }

    /// Letters and digits of all of them.
    pub fn letters(&self) -> usize {
        self.letters
    }

    /// The share of the paragraphs, by letters, that a text has; 1 for a page without paragraphs.
    pub fn share_in(&self, text: &str) -> f64 {
        if self.letters == 0 {
            return 1.0;
        }
        let keys: FxHashSet<String> = text.lines().map(|line| key(line).0).collect();
        let kept = self.all.iter().filter(|(key, _)| keys.contains(key));
        kept.map(|(_, letters)| letters).sum::<usize>() as f64 / self.letters as f64
    }
}

/// The first letters and digits of a line, and the count of all of them.
pub fn key(line: &str) -> (String, usize) {
    let mut letters = line.chars().filter(|letter| letter.is_alphanumeric());
    let key: String = letters.by_ref().take(KEY).collect();
    let count = key.chars().count() + letters.count();
    (key, count)
}

/// The key and the letters of a line that holds sentences; none for other lines.
pub fn paragraph(line: &str) -> Option<(String, usize)> {
    let (key, letters) = key(line);
    let is_sentence = || {
        let end = line.trim_end_matches([' ', '"', '”', '»', ')']);
        end.ends_with(['.', '!', '?', '؟', '。', '۔', '…', '।', ':'])
    };
    // Words of Chinese and Japanese have no spaces between them, and few letters.
    let weight = if key
        .chars()
        .any(|letter| matches!(letter, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
    {
        3
    } else {
        1
    };
    (letters * weight >= LONG || (letters * weight >= SENTENCE && is_sentence())).then_some((key, letters))
}

/// The text of a page without long links, which lead to other articles.
pub fn without_links(document: &Document) -> String {
    const LONG_LINK: usize = 30;
    let document = document.clone();
    for link in document.select("a").nodes() {
        if link.text().trim().chars().count() > LONG_LINK {
            link.remove_from_parent();
        }
    }
    html_to_seen_text(&document.html())
        .map(|read| read.text)
        .unwrap_or_default()
}

/// True for a page that is a table: its tables of several rows have most of its text.
pub fn is_table(document: &Document) -> bool {
    let is_inner = |table: &NodeRef<'_>| {
        let mut around = table.ancestors_it(None);
        around.any(|around| around.node_name().is_some_and(|name| &*name == "table"))
    };
    let tables = document.select("table");
    let of_tables = tables.nodes().iter().filter(|table| !is_inner(table));
    let of_tables: usize = of_tables.map(|table| table.text().trim().len()).sum();
    of_tables * 2 > document.select("body").text().trim().len()
}

/// The HTML of the smallest element that has nearly all of the text of a page, without the links to other articles in it.
pub fn block(document: &Document) -> Option<String> {
    let document = document.clone();
    for link in document.select("a").nodes() {
        remove_teaser(link);
    }
    let mut block: NodeRef<'_> = document.body()?;
    let mut length = block.text().len();
    for _ in 0..MAX_DEPTH {
        let largest = block
            .element_children()
            .into_iter()
            .map(|child| (child.text().len(), child))
            .max_by_key(|(length, _)| *length);
        match largest {
            Some((own, child)) if own as f64 >= MOST * length as f64 => (block, length) = (child, own),
            _ => break,
        }
    }
    Some(block.html().to_string())
}

/// Removes a link with everything around it that has hardly any other words: the item of a list of articles.
fn remove_teaser(link: &NodeRef<'_>) {
    const LONG_LINK: usize = 20;
    const MAX_AROUND: usize = 6;
    let length = |node: &NodeRef<'_>| node.text().trim().chars().count();
    let own = length(link);
    if own < LONG_LINK {
        return;
    }
    let around = link
        .ancestors_it(Some(MAX_AROUND))
        .take_while(|around| length(around) * 4 <= own * 5 && around.node_name().is_none_or(|name| &*name != "body"));
    if let Some(item) = around.last() {
        item.remove_from_parent();
    }
}
