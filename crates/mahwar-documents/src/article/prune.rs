//! Parts of a page that are never its article.

use dom_query::{Document, NodeRef};
use rustc_hash::FxHashMap;

/// Elements that are never the article, whatever their classes.
const NEVER: &str = "nav, [hidden], [role=navigation], [role=search], [role=banner], [role=contentinfo], [role=dialog], \
     [role=alertdialog], [aria-hidden=true], [aria-modal=true], script, style, iframe, template, dialog, button, select, form input";
/// Elements around an article. The header of an article has its title.
const SURROUNDINGS: &str = "footer, aside, [role=complementary], [role=menu], [role=menubar], menu";
/// Elements that classes and ids describe.
const DESCRIBED: &str = "div, section, ul, ol, dl, table, form, p, span, details";
/// Words of classes and ids of parts that invite a reader to subscribe, ask for consent, or lead elsewhere, which are in
/// the middle of articles too.
const INVITATIONS: [&str; 27] = [
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "consent",
    "akismet",
    "comment",
    "comments",
    "cookie",
    "cookies",
    "copyright",
    "disqus",
    "gdpr",
    "newsletter",
    "newsletters",
    "paywall",
    "rating",
    "ratings",
    "recommended",
    "related",
    "respond",
    "share",
    "sharing",
    "social",
    "sponsored",
    "subscribe",
    "yarpp",
];
/// Words of classes and ids of parts around an article.
const AROUND: [&str; 27] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "cookies",
    "disqus",
    "footer",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "pagination",
    "promo",
    "recommended",
    "related",
    "share",
    "sharing",
    "sidebar",
    "social",
    "sponsored",
    "trending",
    "widget",
];
/// Bytes of a described part that are removed also where they are more than a third of the page.
const FEW_BYTES: usize = 400;
/// Bytes of styles that are read.
const MAX_STYLE: usize = 256 << 10;
/// Selectors of styles that are applied.
const MAX_SELECTORS: usize = 200;

/// Removes the parts that are never the article: menus, hidden elements, scripts, dialogs, invitations. Tables that only lay a page
/// out become blocks.
pub fn prune(document: &Document) {
    hide(document);
    document.select(NEVER).remove();
    remove_described(document, &INVITATIONS);
    unfold_layout(document);
    for cell in document.select("td, th, caption").nodes() {
        // A parser that drops the tags of cells does not join their words.
        cell.append_child(&cell.tree.new_text(" "));
    }
}

/// Removes the parts that surround an article on every page: headers, footers, side bars, related stories, comments.
pub fn prune_surroundings(document: &Document) {
    document.select(SURROUNDINGS).remove();
    for header in document.select("header").nodes() {
        let is_of_article = header.ancestors_it(None).any(|around| {
            around
                .node_name()
                .is_some_and(|name| matches!(&*name, "article" | "main"))
        });
        if !is_of_article {
            header.remove_from_parent();
        }
    }
    remove_described(document, &AROUND);
}

/// Removes elements whose class or id has one of these words, unless the article or its heading is in them.
fn remove_described(document: &Document, words: &[&str]) {
    let most = document.select("body").text().trim().len() / 3;
    for node in document.select(DESCRIBED).nodes() {
        let described = |name: &str| {
            let value = node.attr(name).unwrap_or_default().to_ascii_lowercase();
            value
                .split(|sign: char| !sign.is_ascii_alphanumeric())
                .any(|word| words.contains(&word))
        };
        if (described("class") || described("id"))
            && !has_article(node)
            && !has_paragraphs(node)
            && node.text().trim().len() <= most.max(FEW_BYTES)
        {
            node.remove_from_parent();
        }
    }
}

/// True for a part described by a wall that readers pay to pass, around the paragraphs of the article.
fn has_paragraphs(node: &NodeRef<'_>) -> bool {
    const LONG: usize = 100;
    let is_wall = ["class", "id"].iter().any(|name| {
        node.attr(name)
            .is_some_and(|value| value.to_ascii_lowercase().contains("paywall"))
    });
    let is_long = |inner: &NodeRef<'_>| {
        inner.node_name().is_some_and(|name| &*name == "p") && inner.text().trim().chars().count() >= LONG
    };
    is_wall && node.descendants_it().filter(is_long).take(2).count() == 2
}

fn has_article(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inner| {
        inner
            .node_name()
            .is_some_and(|name| matches!(&*name, "article" | "main" | "h1"))
    })
}

/// Removes elements that the page's own style hides by a class or an id, but not most of the page: that is shown by a script.
fn hide(document: &Document) {
    let mut style = String::new();
    for sheet in document.select("style").iter() {
        let text = sheet.text();
        if style.len() + text.len() > MAX_STYLE {
            break;
        }
        style.push_str(&text);
        style.push('\n');
    }
    let all = document.select("body").text().trim().len();
    for selector in hiding(&style) {
        let Ok(matcher) = dom_query::Matcher::new(&selector) else {
            continue;
        };
        let hidden = document.select_matcher(&matcher);
        let length: usize = hidden.nodes().iter().map(|node| node.text().trim().len()).sum();
        if length * 2 <= all {
            hidden.remove();
        }
    }
}

/// The selectors of one class or id, with or without an element, that a style hides.
fn hiding(style: &str) -> Vec<String> {
    let mut rules: FxHashMap<String, bool> = FxHashMap::default();
    let plain = without_comments(style);
    let mut rest = plain.as_str();
    while let Some(open) = rest.find('{') {
        let selectors = rest[..open].rsplit(['}', ';']).next().unwrap_or_default().trim();
        let body = &rest[open + 1..];
        if selectors.starts_with('@') {
            // Rules for printers and narrow screens are passed over.
            rest = after_block(body);
            continue;
        }
        let end = body.find('}').unwrap_or(body.len());
        let declarations: String = body[..end]
            .chars()
            .filter(|sign| !sign.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        let hides = declarations.split(';').any(|declaration| {
            let declaration = declaration.trim_end_matches("!important");
            matches!(declaration, "display:none" | "visibility:hidden")
        });
        let shows = declarations.contains("display:") || declarations.contains("visibility:");
        for selector in selectors
            .split(',')
            .map(str::trim)
            .filter(|selector| is_simple(selector))
        {
            if hides || shows {
                // The last rule counts.
                rules.insert(selector.to_owned(), hides);
            }
        }
        rest = body.get(end + 1..).unwrap_or_default();
    }
    let mut hidden: Vec<String> = rules
        .into_iter()
        .filter_map(|(selector, hides)| hides.then_some(selector))
        .collect();
    hidden.sort();
    hidden.truncate(MAX_SELECTORS);
    hidden
}

fn without_comments(style: &str) -> String {
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(at) = rest.find("/*") {
        plain.push_str(&rest[..at]);
        rest = rest[at + 2..].split_once("*/").map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}

/// The text after a block whose opening brace was read.
fn after_block(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

/// `.class`, `#id`, `p.class`: no states, no relations.
fn is_simple(selector: &str) -> bool {
    selector.matches(['.', '#']).count() == 1
        && selector
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'#' | b'-' | b'_'))
}

/// Turns tables without headings whose cells hold blocks, or which have one row, into blocks: old pages are laid out by them.
fn unfold_layout(document: &Document) {
    for table in document.select("table").nodes() {
        let mut own: Vec<NodeRef<'_>> = Vec::new();
        let (mut rows, mut is_data, mut has_blocks) = (0, false, false);
        for node in table.descendants_it() {
            let Some(name) = node.node_name() else { continue };
            match &*name {
                "th" | "caption" | "thead" if is_in(&node, table) => is_data = true,
                "tr" if is_in(&node, table) => {
                    rows += 1;
                    own.push(node);
                }
                "td" | "tbody" | "tfoot" if is_in(&node, table) => own.push(node),
                "br" | "p" | "div" | "table" | "ul" | "h1" | "h2" | "h3" => has_blocks = true,
                _ => {}
            }
        }
        if !is_data && (has_blocks || rows <= 1) {
            table.rename("div");
            for node in own {
                node.rename("div");
            }
        }
    }
}

/// True if a table is the nearest one around a node.
fn is_in(node: &NodeRef<'_>, table: &NodeRef<'_>) -> bool {
    let around = node
        .ancestors_it(None)
        .find(|around| around.id == table.id || around.node_name().is_some_and(|name| &*name == "table"));
    around.is_some_and(|around| around.id == table.id)
}

/// A piece of a page whose cells and rows outside of tables are blocks: a parser would drop their tags and join their words.
pub fn cells_as_blocks(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut depth) = (html, 0_usize);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let is_end = rest.starts_with('/');
        if is_end {
            out.push('/');
            rest = &rest[1..];
        }
        let end = rest
            .find(|sign: char| !sign.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let name = &rest[..end];
        match name {
            "table" if is_end => depth = depth.saturating_sub(1),
            "table" => depth += 1,
            _ => {}
        }
        match name {
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" if depth == 0 => out.push_str("div"),
            _ => out.push_str(name),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_that_hide_are_found() {
        let style = ".a{display:none}#b , p.c { color:red; visibility: hidden !important } .d:hover{display:none} .e .f{display:none}\
             @media print{.g{display:none} .h{display:none}} .i{display:none}.i{display:flex}";
        assert_eq!(hiding(style), ["#b", ".a", "p.c"]);
        assert!(hiding("@media {{{").is_empty() && hiding(".a{").is_empty());
    }

    #[test]
    fn cells_outside_of_tables_are_blocks() {
        assert_eq!(
            cells_as_blocks("<td>a</td><table><tr><td>b</td></tr></table><th>c</th>"),
            "<div>a</div><table><tr><td>b</td></tr></table><div>c</div>"
        );
    }
}
