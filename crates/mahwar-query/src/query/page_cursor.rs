//! End of a page: a cursor in the `next` link, from which the store resumes without counting the rows before it.

/// The greatest number in a cursor: columns of the databases have 32 bits.
const GREATEST: u32 = i32::MAX as u32;

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
        let mut number = || -> Option<u32> {
            let digits = parts
                .next()
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse().ok().filter(|number| *number <= GREATEST)
        };
        let (number, ordinal) = (i64::from(number()?), number()?);
        let value = match (kind, parts.next()) {
            ("a", None) => None,
            ("n", None) => Some(None),
            // No database stores a NUL.
            ("v", Some(hex)) => Some(Some(of_hex(hex).filter(|value| !value.contains('\0'))?)),
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

    #[test]
    fn numbers_and_texts_that_no_database_takes_are_refused() {
        assert!(Position::read("a-2147483647-2147483647").is_some());
        for text in ["a-2147483648-0", "a-1-4294967295", "a--1", "a-+1-1", "v-1-1-00"] {
            assert_eq!(Position::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_position_is_read_as_it_was_written(
            value in proptest::option::of(proptest::option::of("[^\\x00]*")),
            number in 0..=i64::from(GREATEST),
            ordinal in 0..=GREATEST,
        ) {
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
