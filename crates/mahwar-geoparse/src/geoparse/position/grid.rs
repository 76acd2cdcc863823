//! UTM coordinates and military grid references, read letter by letter.

use super::{angle::digit, types::Coordinates};

/// A grid reference of a text.
pub(super) struct GridReference {
    pub(super) coordinates: Coordinates,
    /// One past its last byte.
    pub(super) end: usize,
    /// Why it names no place, if it names none.
    pub(super) defect: Option<&'static str>,
}

/// Letters of the bands of 8 degrees from south to north.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
/// Digits of easting and northing together.
const MOST_DIGITS: usize = 10;

/// Least number of digits of an easting or a northing that is too long or too short by a digit.
const LEAST_METRE_DIGITS: usize = 6;
/// Reason of a grid reference whose second run of digits is longer or shorter than the first.
const UNEQUAL: &str = "its easting and northing have different numbers of digits";
/// Reason of an easting or a northing that is longer or shorter than any of UTM.
const NOT_UTM: &str = "an easting of UTM has 6 digits and a northing 6 to 8";

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
    let mut defect = None;
    match parted.then(|| reader.whole_run()).flatten() {
        Some(second) if second.count == first.count => {
            inside[1] = second.value;
            end = reader.at;
        }
        // "1234 56789": a digit is missing, and nothing says which.
        Some(_) => {
            defect = Some(UNEQUAL);
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
        defect,
    })
}

fn utm(reader: &mut Reader, zone: u8, letter: char) -> Option<GridReference> {
    if reader.next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let easting = reader.metres('E')?;
    let northing = reader.metres('N')?;
    let valid = easting.count == 6 && (6..=8).contains(&northing.count);
    if !valid && easting.count.min(northing.count) < LEAST_METRE_DIGITS {
        return None;
    }
    Some(GridReference {
        coordinates: Coordinates::Utm {
            zone,
            letter,
            easting: easting.value,
            northing: northing.value,
        },
        end: reader.at,
        defect: (!valid).then_some(NOT_UTM),
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

    /// A run of digits that no letter follows; none, and no step ahead, otherwise.
    fn whole_run(&mut self) -> Option<Digits> {
        let start = self.at;
        let run = self.digits(2 * MOST_DIGITS);
        if self.next().is_some_and(char::is_alphanumeric) {
            self.at = start;
            return None;
        }
        run
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
        let found = read(text, 0).filter(|found| found.defect.is_none());
        found.map(|found| found.coordinates)
    }

    #[test]
    fn a_reference_with_a_wrong_number_of_digits_is_kept_with_the_reason() {
        for text in [
            "38S LE 1234 56789",
            "38S MD 123 4567",
            "39S 99999999 3999999",
            "38N 445000 392500000",
        ] {
            let found = read(text, 0).expect(text);
            assert_eq!((found.end, found.defect.is_some()), (text.len(), true), "{text}");
        }
        // The next reference of a list is no second half.
        let found = read("38SMD1234 38SMD2345", 0).expect("a reference");
        assert_eq!((found.end, found.defect), (9, None));
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
