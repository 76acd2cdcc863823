//! Text inside XML: SVG, QGIS styles, KML, WMTS.

/// Text for XML 1.0, as content or as the value of an attribute: markup is escaped, characters that XML forbids are
/// left out.
///
/// ```
/// use mahwar_geoparse::text::escape_xml;
/// assert_eq!(escape_xml("a < b & \"c\""), "a &lt; b &amp; &quot;c&quot;");
/// ```
pub fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            control if control < ' ' || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_forbidden_characters_are_left_out() {
        assert_eq!(
            escape_xml("a<b>&\"c\"\u{1}\u{1b}\u{fffe}\u{ffff}\n كركوك"),
            "a&lt;b&gt;&amp;&quot;c&quot;\n كركوك"
        );
    }
}
