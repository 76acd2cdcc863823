//! Pages reduced to the text that a reader sees, without scripts, styles and markup.

mod dom;
mod parse;
mod text;

use dom::{Kind, Tree};

/// Bytes of a page, at most. Pages that are read by people are below 2 MiB.
pub const MAX_HTML_BYTES: usize = 16 << 20;

/// Errors of a page that is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum HtmlError {
    #[error("the HTML has {0} bytes; at most {MAX_HTML_BYTES} are accepted. Give the text instead")]
    TooLong(usize),
    #[error("{0}")]
    Refused(String),
}

/// The text of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct HtmlText {
    /// The visible text, one line for each block.
    pub text: String,
    /// The page's own title.
    pub title: Option<String>,
}

/// Reduces a page to its text. Takes time in proportion to its length, and at most 100 bytes of memory for each of its bytes.
///
/// # Errors
/// When it is too long, or its elements are nested too deeply, too many, or have too many attributes.
pub fn html_to_text(html: &str) -> Result<HtmlText, HtmlError> {
    text_of_page(html, true)
}

/// The same without the descriptions of pictures, which no reader sees.
///
/// # Errors
/// As [`html_to_text`].
pub fn html_to_seen_text(html: &str) -> Result<HtmlText, HtmlError> {
    text_of_page(html, false)
}

fn text_of_page(html: &str, with_descriptions: bool) -> Result<HtmlText, HtmlError> {
    if html.len() > MAX_HTML_BYTES {
        return Err(HtmlError::TooLong(html.len()));
    }
    let parsed = parse::parse(html).map_err(|refusal| HtmlError::Refused(refusal.text()))?;
    let text = text::text_of(&parsed.tree, with_descriptions);
    Ok(HtmlText {
        title: title(&parsed.tree),
        text: match text.trim() {
            trimmed if trimmed.len() == text.len() => text,
            trimmed => trimmed.to_owned(),
        },
    })
}

/// The words of the first `title` element in one line.
fn title(tree: &Tree) -> Option<String> {
    let is_of_a_drawing = |mut parent: dom::NodeId| {
        while parent != dom::NONE {
            if tree.nodes[parent as usize].kind == Kind::Image {
                return true;
            }
            parent = tree.nodes[parent as usize].parent;
        }
        false
    };
    let of_page = |node: &dom::Node| node.kind == Kind::Title && !is_of_a_drawing(node.parent);
    let at = tree.nodes.iter().position(of_page)?;
    let texts = tree.children(at as u32).map(|child| &tree.nodes[child as usize]);
    let text: String = texts
        .filter(|node| node.kind == Kind::Text)
        .map(|node| tree.text_of(node))
        .collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let title: String = words.join(" ").chars().take(500).collect();
    Some(title).filter(|title| !title.is_empty())
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
        assert!(matches!(html_to_text(&page), Err(HtmlError::Refused(_))));
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

    /// Operations on nodes that a page takes, or its refusal.
    fn work(page: &str) -> Result<usize, parse::Refusal> {
        parse::parse(page).map(|parsed| parsed.work)
    }

    /// Reports: end tags that close nothing, elements in `svg`, `rt` and `optgroup` took time with their square, and so did
    /// many attributes. Each shape is twice as long the second time.
    #[test]
    fn no_shape_of_markup_costs_with_its_square() {
        let shapes: [(&str, &str, &str); 30] = [
            ("<b></x>", "", ""),
            ("<svg>", "<path>", "</x>"),
            ("", "<rt>", "<p>"),
            ("", "<optgroup>", "<p>"),
            ("<ruby>", "<rt>a", "</ruby>"),
            ("", "<b>", "</p>"),
            ("", "<p><b>", ""),
            ("", "<p><b x=1><i y=2>", "</p>"),
            ("<table>", "<b>a</b>", "</table>"),
            ("<table>", "a<tr>b<td>c", ""),
            ("<table>", "<table><tr><td>", ""),
            ("", "<a href=x>", "</a>"),
            ("", "<a><p>", ""),
            ("", "<form>", "</div>"),
            ("", "<div></form>", ""),
            ("", "<button>", ""),
            ("<select>", "<option>a", "</select>"),
            ("", "<li>", "</li>"),
            ("", "<ul><li>", ""),
            ("", "<dl><dt>a<dd>b", ""),
            ("", "<template>", "</template>"),
            ("", "<math><mi>", "</math>"),
            ("<svg>", "<foreignObject><p>", ""),
            ("<svg>", "<title>a</title>", ""),
            ("", "<font color=a><font color=b><p>", ""),
            ("", "<b><p></b>x</p>", ""),
            ("", "<!--<a b c>-->", ""),
            ("<script>", "a<b c d </x>", "</script>"),
            ("<textarea>", "<a b c>", "</textarea>"),
            ("<frameset>", "<frame>", "</frameset>"),
        ];
        for (before, repeated, after) in shapes {
            for n in [300, 2_000] {
                let page = |n: usize| format!("{before}{}{}", repeated.repeat(n), after.repeat(n));
                if let (Ok(once), Ok(twice)) = (work(&page(n)), work(&page(2 * n))) {
                    assert!(
                        twice < once * 5 / 2 + 1000,
                        "{before}{repeated}{after}: {once}, then {twice}"
                    );
                }
            }
        }
        for endless in ["<svg><g>", "<b a=1></x>", "<i><b>"] {
            assert!(work(&endless.repeat(20_000)).is_err(), "{endless}");
        }
        let attributes = |n: usize| (0..n).map(|at| format!(" a{at}")).collect::<String>();
        for (before, after) in [
            ("<p", ">"),
            // Report: behind another tag they were counted at their end only, after minutes.
            ("<html><body><p", ">"),
            ("<p>a</p><p", ">"),
            ("</p", ">"),
            ("<p x='<a b c d>'", ""),
            ("<!-- <a x=\" --><p", ">"),
            ("<script></x a=\"</script><p", ">"),
            ("<script><!--<script></script x=\"</script><p", ">"),
        ] {
            let page = format!("{before}{}{after}Kirkuk", attributes(5_000));
            assert_eq!(work(&page).err(), Some(parse::Refusal::Attributes), "{before}");
        }
    }

    #[test]
    fn long_values_of_attributes_and_scripts_are_no_attributes() {
        let path = "M 0 0 L 1 2 ".repeat(20_000);
        let script = "if (a<b && c) { d e f g } ".repeat(5_000);
        let page = format!(
            "<svg><path d=\"{path}\"/></svg><img src='data:{path}'><script>{script}</script><!-- <a {script} --><p>Kirkuk"
        );
        assert_eq!(html_to_text(&page).unwrap().text, "Kirkuk");
    }

    /// Report: words of neighbouring elements were joined, and hidden ones were read.
    #[test]
    fn neighbours_are_never_joined_and_hidden_elements_are_no_text() {
        let read = |page: &str| html_to_text(page).unwrap().text;
        for name in [
            "section", "address", "center", "button", "label", "option", "summary", "legend", "noscript",
        ] {
            let text = read(&format!("<{name}>Kifri</{name}><{name}>Mandali</{name}>"));
            assert_eq!(
                text.split_whitespace().collect::<Vec<_>>(),
                ["Kifri", "Mandali"],
                "{name}"
            );
        }
        assert_eq!(
            read("<figure><img src=x alt='جانب من كركوك'><figcaption>قضاء داقوق</figcaption></figure>"),
            "جانب من كركوك\nقضاء داقوق"
        );
        let hidden = "<p>Kirkuk<p hidden>Erbil<p style='color:red; display : none'>Mosul<div style='visibility:hidden'>Basra</div>\
            <iframe>Najaf</iframe><p style='display:block'>Daquq<sup>[1]</sup>";
        assert_eq!(read(hidden), "Kirkuk\n\nDaquq");
        assert_eq!(
            html_to_seen_text("<p>Kirkuk <img src=a alt=Erbil>").unwrap().text,
            "Kirkuk"
        );
        assert_eq!(
            html_to_text("<svg><title>Menu</title></svg><p>Kirkuk").unwrap().title,
            None
        );
    }

    #[test]
    fn blocks_are_lines_and_paragraphs_have_an_empty_line_between() {
        let read = |page: &str| html_to_text(page).unwrap().text;
        assert_eq!(read("<p>a\n b<p>c<br>d<br><br>e"), "a b\n\nc\nd\n\ne");
        assert_eq!(read("<div>a</div><div><div></div>b</div>c"), "a\nb\nc");
        assert_eq!(read("<h1>A</h1><ul><li>b</li> <li>c</li></ul><p>d"), "A\n\nb\nc\n\nd");
        assert_eq!(
            read("<table><caption>t</caption><tr><td>a<td>b<tr><td>c</table>d"),
            "t\na\nb\nc\nd"
        );
        assert_eq!(read("<dl><dt>a<dd>b</dl>"), "a\n  b");
        assert_eq!(read("<pre>a  b\n\n c\td</pre>e"), "a  b\n\n c      d\n\ne");
        assert_eq!(
            read("20 km<sup>2</sup>, x<sup>th</sup>, a<b>b</b>&nbsp;c"),
            "20 km², x^{th}, ab\u{a0}c"
        );
        assert_eq!(
            read("<img src=a alt='map of Kirkuk'><noscript>words</noscript>"),
            "map of Kirkuk\nwords"
        );
    }
}
