//! XML parser for feeds as they are published: it builds a tree in spite of bare `&`, unclosed tags and missing ends.
//! No entity is ever expanded but the five of XML and numbers; a document type is skipped.

use super::IngestError;

/// Elements inside elements beyond this are no feed.
const MAX_DEPTH: usize = 200;
/// Attributes of one element, at most.
const MAX_ATTRIBUTES: usize = 500;

/// Position of an element.
pub type ElementId = usize;

/// An element.
#[derive(Debug, Default)]
pub struct Element {
    /// Name with its prefix, in lower case.
    pub name: String,
    /// Attributes, names in lower case.
    pub attributes: Vec<(String, String)>,
    /// Text directly in it, without that of elements in it.
    pub text: String,
    /// Elements directly in it.
    pub children: Vec<ElementId>,
    /// Element that it is in.
    pub parent: Option<ElementId>,
    /// Bytes of its content in the source.
    pub inner: (usize, usize),
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Its name without the prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }
}

/// A document; element 0 is around everything.
#[derive(Debug)]
pub struct Markup<'s> {
    source: &'s str,
    /// The elements in the order in which they begin.
    pub elements: Vec<Element>,
}

impl<'s> Markup<'s> {
    /// Reads a text as far as it goes.
    ///
    /// # Errors
    /// When it is nested too deeply or an element has too many attributes.
    pub fn parse(source: &'s str) -> Result<Self, IngestError> {
        let mut reader = Reader {
            markup: Self {
                source,
                elements: vec![Element::default()],
            },
            open: vec![0],
        };
        reader.run()?;
        Ok(reader.markup)
    }

    /// Removes the prefix that is bound to one of these namespaces from the names of elements, if the element that binds it has
    /// it itself.
    pub fn without_prefix_of(&mut self, namespaces: &[&str]) {
        let bound = self.elements.iter().find_map(|element| {
            let (prefix, _) = element.name.split_once(':')?;
            let namespace = element.attribute(&format!("xmlns:{prefix}"))?;
            let is_wanted = namespaces.iter().any(|wanted| namespace.contains(wanted));
            is_wanted.then(|| format!("{prefix}:"))
        });
        let Some(prefix) = bound else { return };
        for element in &mut self.elements {
            if let Some(local) = element.name.strip_prefix(&prefix) {
                element.name = local.to_owned();
            }
        }
    }

    /// The content of an element as it is written.
    pub fn inner(&self, element: ElementId) -> &'s str {
        let (start, end) = self.elements[element].inner;
        self.source.get(start..end).unwrap_or_default()
    }

    /// The first child of one of these names; the first name counts most.
    pub fn child(&self, element: ElementId, names: &[&str]) -> Option<ElementId> {
        names.iter().find_map(|name| self.children(element, name).next())
    }

    /// The children of a name.
    pub fn children<'m>(&'m self, element: ElementId, name: &'m str) -> impl Iterator<Item = ElementId> + 'm {
        let children = self.elements[element].children.iter().copied();
        children.filter(move |child| self.elements[*child].name == name)
    }

    /// The text of the first child of one of these names that has any.
    pub fn text(&self, element: ElementId, names: &[&str]) -> Option<String> {
        let texts = names.iter().flat_map(|name| self.children(element, name));
        let mut texts = texts.map(|child| self.elements[child].text.trim());
        texts.find(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The nearest value of an attribute of an element or those around it.
    pub fn inherited(&self, mut element: ElementId, name: &str) -> Vec<&str> {
        let mut values = Vec::new();
        loop {
            values.extend(self.elements[element].attribute(name));
            match self.elements[element].parent {
                Some(parent) => element = parent,
                None => return values,
            }
        }
    }
}

struct Reader<'s> {
    markup: Markup<'s>,
    open: Vec<ElementId>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), IngestError> {
        let source = self.markup.source;
        let mut at = 0;
        while at < source.len() {
            let rest = &source[at..];
            let Some(next) = rest.find('<') else {
                self.text(&unescaped(rest));
                break;
            };
            self.text(&unescaped(&rest[..next]));
            at += next;
            let rest = &source[at..];
            let after = |mark: &str, from: usize| {
                rest[from..]
                    .find(mark)
                    .map_or(rest.len(), |end| from + end + mark.len())
            };
            at += if rest.starts_with("<!--") {
                after("-->", 4)
            } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
                let end = data.find("]]>").unwrap_or(data.len());
                self.text(&data[..end]);
                (9 + end + 3).min(rest.len())
            } else if rest.starts_with("<?") {
                after("?>", 2)
            } else if rest.starts_with("<!") {
                doctype(rest)
            } else if let Some(tag) = rest.strip_prefix("</") {
                let end = tag.find('>').unwrap_or(tag.len());
                self.close(tag[..end].trim(), at);
                (2 + end + 1).min(rest.len())
            } else if rest[1..].starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_') {
                self.tag(rest, at)?
            } else {
                self.text("<");
                1
            };
        }
        let end = source.len();
        while let Some(element) = self.open.pop() {
            self.markup.elements[element].inner.1 = end;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last() {
            self.markup.elements[*open].text.push_str(text);
        }
    }

    /// Ends the nearest open element of a name; a name that is not open ends nothing.
    fn close(&mut self, name: &str, at: usize) {
        let name = name.to_ascii_lowercase();
        let found = self
            .open
            .iter()
            .rposition(|open| *open != 0 && self.markup.elements[*open].name == name);
        if let Some(found) = found {
            for element in self.open.drain(found..) {
                self.markup.elements[element].inner.1 = at;
            }
        }
    }

    /// Begins an element; returns the length of its tag.
    fn tag(&mut self, rest: &str, at: usize) -> Result<usize, IngestError> {
        let name_end = rest[1..]
            .find(|sign: char| sign.is_whitespace() || matches!(sign, '>' | '/'))
            .map_or(rest.len(), |end| end + 1);
        let mut element = Element {
            name: rest[1..name_end].to_ascii_lowercase(),
            ..Element::default()
        };
        let mut cursor = name_end;
        let mut is_empty = false;
        loop {
            let here = rest[cursor..].trim_start();
            cursor = rest.len() - here.len();
            if here.is_empty() {
                break;
            }
            if here.starts_with('>') {
                cursor += 1;
                break;
            }
            if here.starts_with("/>") {
                is_empty = true;
                cursor += 2;
                break;
            }
            // The next tag begins: this one was not closed.
            if here.starts_with('<') {
                break;
            }
            let key_end = here
                .find(|sign: char| sign.is_whitespace() || matches!(sign, '=' | '>' | '<'))
                .unwrap_or(here.len());
            let key_end = here[..key_end].find("/>").unwrap_or(key_end).max(1);
            let key_end = (key_end..=here.len())
                .find(|end| here.is_char_boundary(*end))
                .unwrap_or(here.len());
            let key = here[..key_end].to_ascii_lowercase();
            let after = here[key_end..].trim_start();
            let (value, length) = match after.strip_prefix('=') {
                None => ("", key_end),
                Some(value) => {
                    let value = value.trim_start();
                    let start = here.len() - value.len();
                    match value.chars().next() {
                        Some(quote @ ('"' | '\'')) => {
                            let end = value[1..].find(quote).unwrap_or(value.len() - 1);
                            (&value[1..=end], (start + end + 2).min(here.len()))
                        }
                        _ => {
                            let end = value
                                .find(|sign: char| sign.is_whitespace() || sign == '>')
                                .unwrap_or(value.len());
                            (&value[..end], start + end)
                        }
                    }
                }
            };
            element.attributes.push((key, unescaped(value)));
            if element.attributes.len() > MAX_ATTRIBUTES {
                return Err(IngestError::Feed(format!(
                    "an element has more than {MAX_ATTRIBUTES} attributes"
                )));
            }
            cursor += length.max(1);
        }
        if let Some(open) = self.open.last()
            && is_line(&self.markup.elements[*open].name)
            && begins_a_part(&element.name)
        {
            // A title holds no description: its end is missing.
            self.markup.elements[*open].inner.1 = at;
            self.open.pop();
        }
        let id = self.markup.elements.len();
        let parent = self.open.last().copied().unwrap_or(0);
        element.parent = Some(parent);
        element.inner = (at + cursor, at + cursor);
        self.markup.elements.push(element);
        self.markup.elements[parent].children.push(id);
        if !is_empty {
            self.open.push(id);
            if self.open.len() > MAX_DEPTH {
                return Err(IngestError::Feed(format!(
                    "elements are nested deeper than {MAX_DEPTH}"
                )));
            }
        }
        Ok(cursor)
    }
}

/// Elements of feeds that hold a line and no other element of a feed.
fn is_line(name: &str) -> bool {
    matches!(
        name,
        "title" | "guid" | "pubdate" | "dc:date" | "dc:creator" | "link" | "updated" | "published" | "id"
    )
}

/// Elements of feeds that are never in a line.
fn begins_a_part(name: &str) -> bool {
    is_line(name)
        || matches!(
            name,
            "item"
                | "entry"
                | "description"
                | "content"
                | "content:encoded"
                | "summary"
                | "category"
                | "enclosure"
                | "author"
        )
}

/// Length of a document type, with its own declarations.
fn doctype(rest: &str) -> usize {
    let end = rest.find('>').unwrap_or(rest.len());
    match rest[..end].contains('[') {
        true => rest.find("]>").map_or(rest.len(), |end| end + 2),
        false => (end + 1).min(rest.len()),
    }
}

/// Replaces character references by their characters; any other text is left unchanged.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let letter = end.and_then(|end| reference(&rest[1..end]));
        match (letter, end) {
            (Some(letter), Some(end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            _ => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn reference(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
            .filter(|letter| *letter != '\0')
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(&name[1..], 10),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_markup_is_read_as_far_as_it_goes() {
        let markup = Markup::parse(
            "<rss><item a=1 b='x&amp;y' c><title>A & B < C &#1575;</title><p>x<br/>y</item><item><title>D</title",
        )
        .unwrap();
        let rss = markup.elements[0].children[0];
        let items: Vec<_> = markup.children(rss, "item").collect();
        assert_eq!(items.len(), 2);
        assert_eq!(markup.text(items[0], &["title"]).as_deref(), Some("A & B < C ا"));
        assert_eq!(markup.elements[items[0]].attribute("b"), Some("x&y"));
        assert_eq!(markup.text(items[1], &["title"]).as_deref(), Some("D"));
        let p = markup.child(items[0], &["p"]).unwrap();
        assert_eq!(markup.inner(p), "x<br/>y");
    }

    #[test]
    fn nothing_panics_or_hangs() {
        for odd in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "</",
            "</a",
            "<!",
            "<![CDATA[",
            "<?",
            "&",
            "&#;",
            "<a /",
            "<a =>",
            "<é>",
            "<a é=ü>x",
        ] {
            Markup::parse(odd).unwrap();
        }
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><rss><channel><title>&b;</title></channel></rss>";
        let markup = Markup::parse(bomb).unwrap();
        assert!(markup.elements.iter().any(|element| element.text == "&b;"));
        assert!(Markup::parse(&"<a>".repeat(1000)).is_err());
    }
}
