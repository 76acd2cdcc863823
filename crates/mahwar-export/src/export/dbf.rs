//! Tables of dBASE III, the attributes of a Shapefile: every number with all its digits.

/// Bytes of a text.
pub const LONGEST: usize = 254;
/// Bytes of a number with a fraction: sign, seventeen digits, point and exponent of any.
const REAL_WIDTH: u8 = 24;
/// Decimals that a column of such numbers states. Its texts have as many as they need.
const REAL_DECIMALS: u8 = 15;
/// Bytes of a whole number up to which programs read it as one.
const WHOLE_WIDTH: u8 = 18;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Whole,
    Real,
    Truth,
    Day,
}

/// A cell, as it is written.
#[derive(Clone, Debug, Default)]
pub struct Cell(Vec<u8>);

impl Cell {
    /// A text, cut at a word if it is too long; true if it was cut.
    pub fn text(text: &str) -> (Self, bool) {
        match cut_at_word(text) {
            Some(cut) => (Self(cut.into_bytes()), true),
            None => (Self(text.as_bytes().to_vec()), false),
        }
    }

    /// A whole number.
    pub fn whole(number: Option<i64>) -> Self {
        Self(number.map_or_else(Vec::new, |number| number.to_string().into_bytes()))
    }

    /// A number with a fraction, as the shortest text that means it.
    pub fn real(number: Option<f64>) -> Self {
        let written = number.map_or_else(String::new, |number| {
            let plain = number.to_string();
            match plain.len() > usize::from(REAL_WIDTH) {
                true => format!("{number:e}"),
                false => plain,
            }
        });
        Self(written.into_bytes())
    }

    /// True, false or unknown.
    pub fn truth(truth: Option<bool>) -> Self {
        let letter = truth.map_or(b'?', |truth| if truth { b'T' } else { b'F' });
        Self(vec![letter])
    }

    /// A full-date of RFC 3339.
    pub fn day(text: Option<&str>) -> Self {
        Self(text.map_or_else(Vec::new, |text| text.replace('-', "").into_bytes()))
    }
}

/// The beginning of a text that is too long, up to the end of a word, with a mark; [`None`] for a text that is not.
fn cut_at_word(text: &str) -> Option<String> {
    const MARK: &str = "…";
    if text.len() <= LONGEST {
        return None;
    }
    let room = cut(text, LONGEST - MARK.len());
    let is_between_words = text[room.len()..].starts_with(char::is_whitespace);
    let end = match room.rfind(char::is_whitespace) {
        _ if is_between_words => room.len(),
        Some(blank) => blank,
        // One long word has no better end.
        None => room.len(),
    };
    let kept = room[..end].trim_end();
    let kept = if kept.is_empty() { room } else { kept };
    Some(format!("{kept}{MARK}"))
}

/// The beginning of a text, cut at a character to at most this many bytes.
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(String, Kind)>,
    widths: Vec<u8>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows. Names have at most ten bytes.
    pub fn new(columns: Vec<(String, Kind)>) -> Self {
        let least = |(_, kind): &(String, Kind)| match kind {
            Kind::Text | Kind::Truth => 1,
            Kind::Whole => WHOLE_WIDTH,
            Kind::Real => REAL_WIDTH,
            Kind::Day => 8,
        };
        Self {
            widths: columns.iter().map(least).collect(),
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row with a cell for each column.
    pub fn push(&mut self, row: Vec<Cell>) {
        for (width, cell) in self.widths.iter_mut().zip(&row) {
            *width = u8::try_from(cell.0.len()).unwrap_or(u8::MAX).max(*width);
        }
        self.rows.push(row);
    }

    /// The file, made on a day (RFC 3339 full-date).
    pub fn finish(self, day: &str) -> Vec<u8> {
        let count = self.rows.len() as u32;
        let head = 32 + 32 * self.columns.len() + 1;
        let width = 1 + self.widths.iter().map(|width| usize::from(*width)).sum::<usize>();
        let mut file = Vec::with_capacity(head + self.rows.len() * width + 1);
        let mut parts = day.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
        let [year, month, day] = [(); 3].map(|()| parts.next().unwrap_or(0));
        file.extend([3, year.saturating_sub(1900) as u8, month as u8, day as u8]);
        file.extend(count.to_le_bytes());
        file.extend((head as u16).to_le_bytes());
        file.extend((width as u16).to_le_bytes());
        file.extend([0; 20]);
        for ((name, kind), width) in self.columns.iter().zip(&self.widths) {
            let mut field = [0; 32];
            field[..name.len()].copy_from_slice(name.as_bytes());
            (field[11], field[17]) = match kind {
                Kind::Text => (b'C', 0),
                Kind::Whole => (b'N', 0),
                Kind::Real => (b'N', REAL_DECIMALS),
                Kind::Truth => (b'L', 0),
                Kind::Day => (b'D', 0),
            };
            field[16] = *width;
            file.extend(field);
        }
        file.push(b'\r');
        for row in &self.rows {
            file.push(b' ');
            for ((cell, (_, kind)), width) in row.iter().zip(&self.columns).zip(&self.widths) {
                let blanks = usize::from(*width) - cell.0.len();
                let is_number = matches!(kind, Kind::Whole | Kind::Real);
                if is_number {
                    file.extend(std::iter::repeat_n(b' ', blanks));
                }
                file.extend(&cell.0);
                if !is_number {
                    file.extend(std::iter::repeat_n(b' ', blanks));
                }
            }
        }
        file.push(0x1a);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let real = |number| String::from_utf8(Cell::real(Some(number)).0).unwrap();
        for number in [1e20, 1e-9, 0.1, -2.25, 1e300, -2.225_073_858_507_201_4e-308, f64::MAX] {
            let written = real(number);
            assert!(written.len() <= 24, "{written}");
            assert_eq!(written.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{written}");
        }
        assert_eq!(Cell::whole(Some(i64::MIN)).0.len(), 20);
        assert_eq!(Cell::whole(Some(4_611_686_018_427_387_904)).0, b"4611686018427387904");
    }

    #[test]
    fn a_long_text_ends_at_a_word_with_a_mark() {
        let words = "كركوك ".repeat(60);
        let (cell, is_cut) = Cell::text(&words);
        let text = String::from_utf8(cell.0).unwrap();
        assert!(is_cut && text.len() <= LONGEST && text.ends_with("كركوك…"), "{text}");
        let (cell, _) = Cell::text(&"a".repeat(300));
        assert_eq!(cell.0.len(), LONGEST);
        assert!(!Cell::text(&"a".repeat(254)).1);
    }
}
