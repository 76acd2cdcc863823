//! End of a page: a cursor in the `next` link, from which the store resumes without counting the rows before it.

/// The position of the last feature of a page in the order of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The value of the field that the layer is in order by; `None` in order of arrival.
    pub value: Option<Option<String>>,
    /// Number of the document.
    pub number: i64,
    /// Position of the mention or claim in the document; 0 for the document itself.
    pub ordinal: u32,
}

impl Position {
    /// As text for a link: letters, digits and hyphens.
    pub fn write(&self) -> String {
        let Self { value, number, ordinal } = self;
        match value {
            None => format!("a-{number}-{ordinal}"),
            Some(None) => format!("n-{number}-{ordinal}"),
            Some(Some(value)) => {
                let hex = to_hex(value);
                format!("v-{number}-{ordinal}-{hex}")
            }
        }
    }

    /// Parses the output of [`Self::write`]; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let kind = parts.next()?;
        let digits = |part: &str| part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
        let number = parts.next().filter(|part| digits(part))?.parse().ok()?;
        let ordinal = parts.next().filter(|part| digits(part))?.parse().ok()?;
        let value = match (kind, parts.next()) {
            ("a", None) => None,
            ("n", None) => Some(None),
            ("v", Some(hex)) => Some(Some(of_hex(hex)?)),
            _ => return None,
        };
        parts.next().is_none().then_some(Self { value, number, ordinal })
    }
}

/// The last feature of a page of a layer in memory, as text for a link: letters, digits and hyphens. The next page begins after
/// it, wherever it is in the order by then.
pub fn write_feature(id: &str) -> String {
    format!("i-{}", to_hex(id))
}

/// Parses the output of [`write_feature`]; `None` for anything else.
pub fn read_feature(text: &str) -> Option<String> {
    of_hex(text.strip_prefix("i-")?)
}

fn to_hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn of_hex(hex: &str) -> Option<String> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(pair).collect();
    String::from_utf8(bytes?).ok()
}

/// The position of a mention or claim in its document, by the id of its feature; 0 for the document itself.
pub fn ordinal_of(id: &str) -> u32 {
    let part = id.split('-').nth(1).unwrap_or_default();
    part.trim_start_matches(|letter: char| !letter.is_ascii_digit())
        .parse()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_position_is_read_as_it_was_written(value: Option<Option<String>>, number in 0i64..i64::from(i32::MAX), ordinal: u32) {
            let position = Position { value, number, ordinal };
            prop_assert_eq!(Position::read(&position.write()), Some(position));
        }

        #[test]
        fn a_feature_is_read_as_it_was_written(id: String) {
            prop_assert_eq!(read_feature(&write_feature(&id)), Some(id));
        }

        #[test]
        fn any_other_text_is_none_and_no_panic(text in "[avn0-9a-f-]{0,30}|.{0,20}") {
            let _ = read_feature(&text);
            if let Some(position) = Position::read(&text) {
                prop_assert_eq!(Position::read(&position.write()), Some(position));
            }
        }
    }
}
