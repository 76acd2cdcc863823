//! Pages reduced to their text: what a reader sees, without scripts, styles and markup.

use super::IngestError;
use html2text::{Element, Handle, RcDom, config, render::TrivialDecorator};

/// Lines are not wrapped: a line break in the text would look like one of the author's.
const WIDTH: usize = 1_000_000;

/// Elements in elements in elements beyond this are no page that somebody wrote, and take stack to render.
const MAX_DEPTH: usize = 400;

/// Elements that have no end tag, or may leave it out: they do not nest by being many.
const ENDLESS: [&str; 41] = [
    "area", "base", "body", "br", "circle", "col", "colgroup", "dd", "dt", "ellipse", "embed", "head", "hr", "html",
    "image", "img", "input", "li", "line", "link", "meta", "optgroup", "option", "p", "param", "path", "polygon",
    "polyline", "rect", "rp", "rt", "source", "stop", "tbody", "td", "tfoot", "th", "thead", "tr", "use", "wbr",
];

/// The text of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct HtmlText {
    /// What a reader sees, a line a block.
    pub text: String,
    /// The page's own title.
    pub title: Option<String>,
}

/// Reduces a page to its text.
///
/// # Errors
/// When its elements are nested too deeply to be read.
pub fn html_to_text(html: &str) -> Result<HtmlText, IngestError> {
    let wrong = |error: html2text::Error| IngestError::Html(error.to_string());
    check_nesting(html)?;
    let config = config::with_decorator(TrivialDecorator::new())
        .raw_mode(true)
        .allow_width_overflow()
        .no_link_wrapping()
        .unicode_strikeout(false);
    let dom = config.parse_html(html.as_bytes()).map_err(wrong)?;
    let title = walk(&dom)?;
    let tree = config.dom_to_render_tree(&dom).map_err(wrong)?;
    let text = config.render_to_string(tree, WIDTH).map_err(wrong)?;
    Ok(HtmlText {
        text: text.trim().to_owned(),
        title,
    })
}

/// Refuses what is nested too deeply before it is parsed: the time of an HTML parser grows with the square of the depth.
fn check_nesting(html: &str) -> Result<(), IngestError> {
    let (mut depth, mut from) = (0_usize, 0);
    while let Some(at) = memchr::memchr(b'<', &html.as_bytes()[from..]) {
        let rest = &html.as_bytes()[from + at + 1..];
        from += at + 1;
        let closes = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closes)..];
        let name = &name[..name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
        let is = |other: &&str| name.eq_ignore_ascii_case(other.as_bytes());
        if name.is_empty() || ENDLESS.iter().any(&is) {
            continue;
        }
        if !closes && ["script", "style"].iter().any(&is) {
            // What stands inside is no markup: `a<b` opens nothing.
            from += memchr::memmem::find(rest, b"</").unwrap_or(rest.len());
            while !closing(&html.as_bytes()[from..], name) && from < html.len() {
                from += 2;
                from += memchr::memmem::find(&html.as_bytes()[from..], b"</").unwrap_or(html.len() - from);
            }
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
    }
    Ok(())
}

/// Whether `</name` stands here.
fn closing(here: &[u8], name: &[u8]) -> bool {
    here.get(2..2 + name.len())
        .is_some_and(|other| other.eq_ignore_ascii_case(name))
}

fn too_deep() -> IngestError {
    IngestError::Html(format!("elements are nested deeper than {MAX_DEPTH}"))
}

/// Looks at every element once, without recursion: checks the depth, finds the title.
fn walk(dom: &RcDom) -> Result<Option<String>, IngestError> {
    let mut title = None;
    let mut ahead = vec![(dom.document.clone(), 0)];
    while let Some((node, depth)) = ahead.pop() {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let children = node.children.borrow();
        if let Element { name, .. } = &node.data
            && &*name.local == "title"
            && title.is_none()
        {
            title = Some(title_of(&node)?).filter(|title| !title.is_empty());
        }
        // The first child last, so that it is looked at first.
        ahead.extend(children.iter().rev().map(|child| (child.clone(), depth + 1)));
    }
    Ok(title)
}

/// The words of a `title` element in one line.
fn title_of(element: &Handle) -> Result<String, IngestError> {
    let mut markup = Vec::new();
    element
        .serialize(&mut markup)
        .map_err(|error| IngestError::Html(error.to_string()))?;
    let markup = String::from_utf8_lossy(&markup);
    let inner = markup.split_once('>').map_or("", |(_, inner)| inner);
    let inner = inner.rsplit_once("</").map_or(inner, |(inner, _)| inner);
    // What stands inside is text with references to characters, which a paragraph resolves.
    let read = html_to_text(&format!("<p>{inner}</p>"))?;
    let words: Vec<&str> = read.text.split_whitespace().collect();
    Ok(words.join(" ").chars().take(500).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_and_markup_are_no_text() {
        let page = r#"<html><head><title>هجمات &amp; أخبار</title><style>p{color:red}</style><script>var kirkuk = 1;</script></head>
            <body><script>alert("Mosul")</script><h1>هجمات</h1><p>في قضاء <b>مخمور</b> وكركوك.</p><p onclick="x()">Second &lt;b&gt;</p>
            <ul><li>Diyala</li></ul><a href="https://example.org">link</a><img src=x onerror=alert(1) alt="map"></body></html>"#;
        let read = html_to_text(page).unwrap();
        assert_eq!(read.title.as_deref(), Some("هجمات & أخبار"));
        for wrong in ["alert", "color", "kirkuk =", "onerror", "https://", "**", "* "] {
            assert!(!read.text.contains(wrong), "{wrong}: {}", read.text);
        }
        assert!(read.text.contains("في قضاء مخمور وكركوك."), "{}", read.text);
        assert!(read.text.contains("Second <b>"), "{}", read.text);
    }

    #[test]
    fn joiners_of_sorani_and_long_lines_stay() {
        let word = "دەڵێ\u{200c}ن";
        let long = format!("{word} ").repeat(3000);
        let read = html_to_text(&format!("<p>{long}</p>")).unwrap();
        assert_eq!(read.text, long.trim());
    }

    #[test]
    fn elements_nested_without_end_are_refused() {
        let page = "<div>".repeat(200_000);
        assert!(matches!(html_to_text(&page), Err(IngestError::Html(_))));
        let page = "<b>".repeat(100_000) + "Kirkuk";
        assert!(html_to_text(&page).is_err());
        let script = format!("<script>{}</script><p>Kirkuk</p>", "if (a<b) </x>".repeat(1000));
        assert_eq!(html_to_text(&script).unwrap().text, "Kirkuk");
        let flat = format!("<p>Kirkuk<br>{}", "<p><b>Daquq</b><li>".repeat(2000));
        assert!(html_to_text(&flat).unwrap().text.contains("Daquq"));
    }

    #[test]
    fn a_table_is_read_cell_by_cell() {
        let read = html_to_text("<table><tr><td>Khanaqin</td><td>206</td></tr></table>").unwrap();
        assert!(read.text.contains("Khanaqin") && read.text.contains("206"));
        assert!(!read.text.contains(['│', '─', '|']), "{}", read.text);
    }
}
