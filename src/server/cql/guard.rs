//! Keeps texts away from the parser that would cost it too much: it recurses for each operator,
//! and reads a group in parentheses twice when the first reading fails.

/// How deep groups in parentheses may nest.
const GROUPS: usize = 8;
/// How deep all parentheses may nest.
const DEPTH: usize = 24;
/// How many operators there may be.
const OPERATORS: usize = 300;

const WORDS: [&str; 9] = ["and", "or", "not", "in", "like", "between", "is", "div", "null"];
const GEOMETRIES: [&str; 7] = [
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

/// Says what is too much, if something is.
pub fn check(text: &str) -> Result<(), String> {
    let mut open: Vec<bool> = Vec::new();
    let mut groups = 0;
    let mut operators = 0;
    let mut inside_geometry: Option<usize> = None;
    let mut before = "";
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':')));
                end.unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let token = &rest[..length];
        rest = &rest[length..];
        if token.trim().is_empty() {
            continue;
        }
        match token {
            "(" => {
                let word = before.to_lowercase();
                let named =
                    before.starts_with(|c: char| c.is_alphabetic() || c == '"') && !WORDS.contains(&word.as_str());
                let group = !named && inside_geometry.is_none();
                if inside_geometry.is_none() && GEOMETRIES.contains(&word.as_str()) {
                    inside_geometry = Some(open.len());
                }
                open.push(group);
                groups += usize::from(group);
                if groups > GROUPS {
                    return Err(format!("groups in parentheses nest deeper than {GROUPS}"));
                }
                if open.len() > DEPTH {
                    return Err(format!("parentheses nest deeper than {DEPTH}"));
                }
            }
            ")" => {
                let group = open.pop().ok_or("a closing parenthesis has no opening one")?;
                groups -= usize::from(group);
                if inside_geometry == Some(open.len()) {
                    inside_geometry = None;
                }
            }
            "=" | "<" | ">" | "+" | "-" | "*" | "/" | "%" | "^" => operators += usize::from(inside_geometry.is_none()),
            word if WORDS.iter().any(|operator| word.eq_ignore_ascii_case(operator)) => operators += 1,
            _ => {}
        }
        if operators > OPERATORS {
            return Err(format!("there are more than {OPERATORS} operators"));
        }
        before = token;
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err("an opening parenthesis has no closing one".to_owned())
    }
}
