//! Formats of text: pages and feeds by their first element, and others that hold no report.

use super::Kind;

/// The name of the first element of a text of markup, and all before its content.
fn root(start: &str) -> Option<(String, &str)> {
    let mut rest = start;
    // Comments, processing instructions and a document type come before the first element.
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)?
        } else if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)?
        } else if rest.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype")) {
            if rest.get(9..).is_some_and(|rest| {
                rest.trim_start()
                    .get(..4)
                    .is_some_and(|name| name.eq_ignore_ascii_case("html"))
            }) {
                return Some(("html".to_owned(), ""));
            }
            // A type with declarations ends with `]>`.
            let end = rest.find('>')?;
            if rest[..end].contains('[') {
                rest.find("]>").map(|at| at + 2)?
            } else {
                end + 1
            }
        } else {
            break;
        };
        rest = &rest[end..];
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, ':' | '-' | '_')))?;
    let tag = &name[end..];
    let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
    Some((name[..end].to_ascii_lowercase(), tag))
}

/// Elements with which a page or a piece of one begins.
const HTML_ELEMENTS: [&str; 74] = [
    "html",
    "head",
    "body",
    "title",
    "meta",
    "div",
    "p",
    "article",
    "section",
    "main",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "a",
    "b",
    "i",
    "u",
    "s",
    "em",
    "strong",
    "small",
    "sup",
    "sub",
    "center",
    "font",
    "script",
    "style",
    "link",
    "header",
    "footer",
    "aside",
    "nav",
    "blockquote",
    "q",
    "cite",
    "pre",
    "code",
    "br",
    "hr",
    "img",
    "picture",
    "video",
    "audio",
    "iframe",
    "noscript",
    "figure",
    "figcaption",
    "base",
    "form",
    "input",
    "button",
    "label",
    "address",
    "details",
    "summary",
    "time",
    "mark",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "caption",
];

/// Parts of the namespaces of Atom 1.0 and of the drafts before it.
pub const ATOM: [&str; 2] = ["www.w3.org/2005/Atom", "purl.org/atom"];

/// The kind of a page, of a piece of one, or of a feed.
pub fn markup(start: &str) -> Option<Kind> {
    let (name, tag) = root(start)?;
    let is_atom = |tag: &str| ATOM.iter().any(|namespace| tag.contains(namespace));
    match name.as_str() {
        "rss" | "feed" | "rdf:rdf" | "rdf" | "atom:feed" => Some(Kind::Feed),
        // Any prefix may be bound to the namespace; an entry may be alone.
        name if matches!(name.rsplit(':').next(), Some("feed" | "entry")) && is_atom(tag) => Some(Kind::Feed),
        "html" | "head" | "body" if wraps_a_feed(start) => Some(Kind::Feed),
        name if HTML_ELEMENTS.contains(&name) => Some(Kind::Html),
        _ => None,
    }
}

/// True for a page whose first element after its head is a feed: some servers put one into the body of an empty page.
fn wraps_a_feed(start: &str) -> bool {
    let mut rest = start;
    for _ in 0..40 {
        let Some((name, tag)) = root(rest) else { return false };
        match name.as_str() {
            "rss" => return tag.contains("version"),
            "feed" => return tag.contains("xmlns"),
            "rdf:rdf" => return true,
            "html" | "head" | "body" | "meta" | "link" | "title" => {}
            _ => return false,
        }
        let Some(at) = rest
            .find('<')
            .and_then(|open| rest[open..].find('>').map(|end| open + end + 1))
        else {
            return false;
        };
        // Words and end tags between elements are passed over.
        rest = &rest[at..];
        while let Some(open) = rest.find('<') {
            rest = &rest[open..];
            if !rest.starts_with("</") {
                break;
            }
            rest = &rest[2..];
        }
    }
    false
}

/// Formats of text that hold no report, with what to do.
pub fn other_text(start: &str, bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const DOCUMENT: &str = "save it as DOCX, ODT, PDF or text";
    const LAYER: &str = "it has places and no report; convert it to GeoJSON and serve it as a layer of your own";
    if let Some((name, tag)) = root(start) {
        let known = match name.rsplit(':').next().unwrap_or_default() {
            "document" if tag.contains("opendocument") => Some(("a flat OpenDocument file", DOCUMENT)),
            "worddocument" | "package" if start.contains("progid=\"Word") || name == "w:worddocument" => {
                Some(("a Word 2003 XML document", DOCUMENT))
            }
            "workbook" => Some(("an XML workbook", "save it as XLSX, ODS or CSV")),
            "svg" => Some(("a drawing (SVG)", "give its text")),
            "kml" => Some(("a KML file", LAYER)),
            "gpx" => Some(("a GPX file", LAYER)),
            "gml" | "featurecollection" | "osm" => Some(("an XML file of places", LAYER)),
            _ => None,
        };
        let is_xml = || {
            let end = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(200)..]).to_ascii_lowercase();
            start.starts_with("<?xml") || tag.contains("xmlns") || end.trim_end().ends_with(&format!("</{name}>"))
        };
        return known.or_else(|| is_xml().then_some(("an XML file of a kind that is not known", DOCUMENT)));
    }
    let first = start.lines().next().unwrap_or_default().trim();
    match first.to_ascii_uppercase().as_str() {
        "BEGIN:VCARD" => return Some(("an address card (VCF)", "give a report")),
        "BEGIN:VCALENDAR" => return Some(("a calendar (ICS)", "give a report")),
        _ => {}
    }
    None
}

/// True for lines that end as those of programs and style sheets do, or braces in great number.
pub fn is_source_code(text: &str) -> bool {
    let mut cut = text.len().min(16 * 1024);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let text = &text[..cut];
    let count = |signs: &[char]| text.matches(signs).count();
    let (open, close) = (count(&['{']), count(&['}']));
    if open == 0 || close == 0 {
        return false;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_code = |line: &&&str| {
        line.ends_with([';', '{', '}'])
            || line.ends_with("},")
            || line.ends_with(");")
            || line.starts_with("//")
            || line.starts_with("/*")
    };
    let of_code = lines.iter().filter(is_code).count();
    let letters = text.chars().filter(|letter| !letter.is_whitespace()).count();
    let signs = open + close + count(&[';', '=']);
    (lines.len() >= 4 && of_code * 2 >= lines.len()) || (signs * 100 >= letters * 10 && open + close >= 2)
}
