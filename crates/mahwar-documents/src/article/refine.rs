//! Corrections of an extracted article: links to other articles inside it are removed, its lead is put before it.

use super::choice::{key, paragraph};
use dom_query::{Document, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

/// Blocks that may be a list of links to other articles.
const BLOCKS: &str = "div, section, aside, ul, ol, dl, p, li, h2, h3, h4, h5, h6";
/// Letters of a link, at least, that is the headline of another article. Shorter links are names and terms.
const HEADLINE: usize = 25;
/// Share of the letters of a block that its headlines have, in percent, so that the block leads to other articles.
const MOSTLY: usize = 80;
/// Letters of the introduction of such a block ("Read also:"), at most.
const INTRODUCTION: usize = 40;
/// Paragraphs of a lead, at most.
const MAX_LEAD: usize = 3;

/// An article without the blocks that only lead to other articles, and without the headings of these blocks. Where they are more
/// than a quarter of its text, the article is a list of links and stays as it is.
pub fn without_other_articles(html: &str) -> String {
    let document = Document::fragment(html);
    let mut letters = FxHashMap::default();
    let mut linked = FxHashMap::default();
    let mut all = 0;
    for node in document.root().descendants_it().filter(NodeRef::is_text) {
        let text = node.text();
        let count = letters_of(&text);
        if count == 0 {
            continue;
        }
        all += count;
        let mut is_headline = false;
        for around in node.ancestors_it(None) {
            if around.has_name("a") && around.has_attr("href") {
                let whole = around.text();
                is_headline = letters_of(&whole) >= HEADLINE && !ends_sentence(&whole);
            }
            *letters.entry(around.id).or_insert(0_usize) += count;
            if is_headline {
                *linked.entry(around.id).or_insert(0_usize) += count;
            }
        }
    }
    let leads_away = |node: &NodeRef<'_>| {
        let own = letters.get(&node.id).copied().unwrap_or(0);
        let linked = linked.get(&node.id).copied().unwrap_or(0);
        linked > 0 && linked * 100 >= own * MOSTLY
    };
    let mut removed = Vec::new();
    let mut inside = FxHashSet::default();
    let mut lost = 0;
    for node in document.select(BLOCKS).nodes() {
        let is_inside = node.parent().is_some_and(|parent| inside.contains(&parent.id));
        if is_inside || leads_away(node) {
            inside.insert(node.id);
        }
        if !is_inside && leads_away(node) {
            lost += letters.get(&node.id).copied().unwrap_or(0);
            removed.push(*node);
        }
    }
    if removed.is_empty() || lost * 4 > all {
        return html.to_owned();
    }
    for node in removed {
        let before = node.prev_element_sibling();
        let ends = node.next_element_sibling().is_none_or(|next| is_heading(&next));
        node.remove_from_parent();
        if let Some(before) = before
            && introduces(&before, ends)
        {
            before.remove_from_parent();
        }
    }
    document.html().to_string()
}

/// True for a heading of a block that is removed, or a short line with a colon before it.
fn introduces(before: &NodeRef<'_>, ends: bool) -> bool {
    let text = before.text();
    let text = text.trim();
    letters_of(text) <= INTRODUCTION && (text.ends_with(':') || (ends && is_heading(before)))
}

fn is_heading(node: &NodeRef<'_>) -> bool {
    node.node_name()
        .is_some_and(|name| matches!(&*name, "h2" | "h3" | "h4" | "h5" | "h6"))
}

fn letters_of(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_alphanumeric()).count()
}

fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(|sign: char| sign.is_whitespace() || matches!(sign, '"' | '”' | '»' | ')'));
    end.ends_with(['.', '۔', '।', '。'])
}

/// The paragraphs of a page between its headline and the first paragraph of the article: its lead, which many pages have in a
/// header of its own.
pub fn lead<'p>(page: &'p str, article: &str, title: &str) -> Vec<&'p str> {
    let known: FxHashSet<String> = article.lines().map(|line| key(line).0).collect();
    let starts: FxHashSet<String> = article.lines().filter_map(paragraph).map(|(key, _)| key).collect();
    let lines: Vec<(&str, String)> = page.lines().map(|line| (line, key(line).0)).collect();
    let Some(first) = lines.iter().position(|(_, key)| starts.contains(key)) else {
        return Vec::new();
    };
    let title = key(title).0;
    let is_title = |own: &str| own.chars().count() >= 12 && (title.starts_with(own) || own.starts_with(&title));
    let Some(headline) = lines[..first].iter().rposition(|(_, own)| is_title(own)) else {
        return Vec::new();
    };
    let between = lines[headline + 1..first].iter();
    let lead: Vec<&str> = between
        .filter(|(line, key)| paragraph(line).is_some() && !known.contains(key))
        .map(|(line, _)| *line)
        .collect();
    match lead.len() <= MAX_LEAD {
        true => lead,
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "<p>Two people were killed in an attack near a village south of Daquq on Monday, police said.</p>";

    #[test]
    fn links_to_other_articles_go_with_their_headings_and_sentences_stay() {
        let other = "<a href=/2>Fire destroys a market in the centre of Basra</a>";
        let html = format!(
            "<div>{WORDS}<p>Read also: {other}</p>{WORDS}<p><a href=/3>The army said in a long statement that it had sent a force.</a></p>\
             {WORDS}{WORDS}<h3>More</h3><ul><li>{other}</li></ul><h3>Background</h3>{WORDS}</div>"
        );
        let read = without_other_articles(&html);
        assert!(
            !read.contains("Basra") && !read.contains("More") && !read.contains("Read also"),
            "{read}"
        );
        assert!(read.contains("sent a force") && read.contains("Background"), "{read}");
    }

    #[test]
    fn a_list_of_links_stays_as_it_is() {
        let html = format!(
            "{WORDS}<ul>{}</ul>",
            "<li><a href=/2>Fire destroys a market in the centre of Basra</a></li>".repeat(5)
        );
        assert_eq!(without_other_articles(&html), html);
    }

    #[test]
    fn the_lead_is_between_the_headline_and_the_article() {
        let lead = "A lead of the article, which says in one sentence what happened near the village.";
        let article = "Two people were killed in an attack near a village south of Daquq on Monday, police said.";
        let page = format!(
            "A menu of the page, with many words that are longer than a line of sixty letters.\n\nAttack near Daquq\n\n5 May\n\n{lead}\n\n{article}"
        );
        assert_eq!(super::lead(&page, article, "Attack near Daquq - Agency"), [lead]);
        assert!(super::lead(&page, article, "Another headline").is_empty());
        assert!(super::lead(&page, &format!("{lead}\n\n{article}"), "Attack near Daquq").is_empty());
    }
}
