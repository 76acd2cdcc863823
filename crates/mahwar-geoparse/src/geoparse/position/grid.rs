//! UTM coordinates and military grid references, read letter by letter.

use super::{angle::digit, types::Coordinates};

/// A grid reference of a text.
pub(super) struct GridReference {
    pub(super) coordinates: Coordinates,
    /// One past its last byte.
    pub(super) end: usize,
}

/// Letters of the bands of 8 degrees from south to north.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
/// Digits of easting and northing together.
const MOST_DIGITS: usize = 10;

/// The reference whose zone begins at a byte.
pub(super) fn read(text: &str, at: usize) -> Option<GridReference> {
    let mut reader = Reader { text, at };
    let zone = reader.digits(2)?;
    let zone = u8::try_from(zone.value as u64)
        .ok()
        .filter(|zone| (1..=60).contains(zone) && reader.peek_digit().is_none())?;
    reader.blanks();
    let band = reader.letter(BANDS)?;
    let here = reader.at;
    mgrs(&mut reader, zone, band).or_else(|| {
        reader.at = here;
        utm(&mut reader, zone, band)
    })
}

fn mgrs(reader: &mut Reader, zone: u8, band: char) -> Option<GridReference> {
    const SQUARES: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    reader.blanks();
    let square = [reader.letter(SQUARES)?, reader.letter(&SQUARES[..20])?];
    reader.blanks();
    let first = reader.digits(MOST_DIGITS)?;
    let mut inside = [first.value, 0.0];
    let mut count = first.count;
    let mut end = reader.at;
    reader.blanks();
    let parted = first.count <= MOST_DIGITS / 2;
    match reader
        .digits(MOST_DIGITS / 2)
        .filter(|second| parted && second.count == first.count)
    {
        Some(second) => {
            inside[1] = second.value;
            end = reader.at;
        }
        None if count % 2 == 0 => {
            count /= 2;
            let half = 10f64.powi(count as i32);
            inside = [(first.value / half).floor(), first.value % half];
        }
        None => return None,
    }
    reader.at = end;
    if reader.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let step = 10f64.powi(5 - count as i32);
    Some(GridReference {
        coordinates: Coordinates::Mgrs {
            zone,
            band,
            square,
            inside: inside.map(|value| value * step),
            step_m: step,
        },
        end,
    })
}

fn utm(reader: &mut Reader, zone: u8, letter: char) -> Option<GridReference> {
    if reader.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let easting = reader.metres('E').filter(|easting| easting.count == 6)?;
    let northing = reader
        .metres('N')
        .filter(|northing| (6..=8).contains(&northing.count))?;
    Some(GridReference {
        coordinates: Coordinates::Utm {
            zone,
            letter,
            easting: easting.value,
            northing: northing.value,
        },
        end: reader.at,
    })
}

struct Digits {
    value: f64,
    count: usize,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn peek_digit(&self) -> Option<u32> {
        self.next().and_then(digit)
    }

    fn blanks(&mut self) {
        while let Some(c) = self.next().filter(|c| matches!(c, ' ' | '\u{a0}')) {
            self.at += c.len_utf8();
        }
    }

    fn letter(&mut self, accepted: &str) -> Option<char> {
        let letter = self.next().filter(|c| accepted.contains(*c))?;
        self.at += 1;
        Some(letter)
    }

    /// A run of digits; none if there is no digit or more than `most`.
    fn digits(&mut self, most: usize) -> Option<Digits> {
        let mut run = Digits { value: 0.0, count: 0 };
        let start = self.at;
        while let Some((c, value)) = self.next().and_then(|c| Some((c, digit(c)?))) {
            run.value = run.value * 10.0 + f64::from(value);
            run.count += 1;
            self.at += c.len_utf8();
            if run.count > most {
                self.at = start;
                return None;
            }
        }
        (run.count > 0).then_some(run)
    }

    /// Metres with the letter of their axis before or after them: "445000mE", "E 445000".
    fn metres(&mut self, axis: char) -> Option<Digits> {
        while let Some(c) = self
            .next()
            .filter(|c| matches!(c, ' ' | '\u{a0}' | ',' | ';' | '/' | ':'))
        {
            self.at += c.len_utf8();
        }
        if self.next() == Some(axis) {
            self.at += 1;
            while let Some(c) = self.next().filter(|c| matches!(c, ' ' | ':' | '=')) {
                self.at += c.len_utf8();
            }
        }
        let metres = self.digits(MOST_DIGITS)?;
        if self.next() == Some('.') {
            let end = self.at;
            self.at += 1;
            if self.digits(MOST_DIGITS).is_none() {
                self.at = end;
            }
        }
        let end = self.at;
        self.blanks();
        if self.next() == Some('m') {
            self.at += 1;
        }
        self.blanks();
        match self.next() {
            Some(c) if c == axis => self.at += 1,
            _ => self.at = end,
        }
        Some(metres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Coordinates> {
        read(text, 0).map(|found| found.coordinates)
    }

    #[test]
    fn a_grid_reference_is_read_in_every_spacing() {
        let expected = Coordinates::Mgrs {
            zone: 38,
            band: 'S',
            square: ['M', 'D'],
            inside: [44_560.0, 25_670.0],
            step_m: 10.0,
        };
        for text in [
            "38SMD44562567",
            "38S MD 4456 2567",
            "38 S MD 4456 2567",
            "38SMD 44562567.",
        ] {
            assert_eq!(of(text).as_ref(), Some(&expected), "{text}");
        }
        for text in [
            "38SMD123",
            "38SMD",
            "61SMD1234",
            "38S MD 123 4567",
            "38 Senators",
            "38S MDs 1234",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn utm_is_read_with_and_without_letters() {
        let expected = Coordinates::Utm {
            zone: 38,
            letter: 'N',
            easting: 445_000.0,
            northing: 3_925_000.0,
        };
        for text in [
            "38N 445000 3925000",
            "38 N, 445000mE, 3925000mN",
            "38N E 445000 N 3925000",
            "38N 445000 E 3925000 N",
        ] {
            assert_eq!(of(text).as_ref(), Some(&expected), "{text}");
        }
        assert_eq!(of("38N 4450 3925000"), None);
    }
}
