//! Coordinates that are typed instead of a name.

/// A position on WGS 84 in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lon: f64,
}

/// One of the two values with its axis, where a letter names it.
struct Part {
    degrees: f64,
    axis: Option<Axis>,
}

#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Latitude,
    Longitude,
}

/// Signs of degrees, minutes and seconds, and brackets, all of which part numbers.
const SIGNS: [char; 22] = [
    '°', 'º', '˚', '\'', '′', '’', '‘', '"', '″', '”', '“', '[', ']', '(', ')', '{', '}', '|', ';', '/', '،', '؛',
];

impl Coordinates {
    /// Reads decimal degrees, degrees and minutes, or degrees, minutes and seconds, with signs or letters of the
    /// hemispheres before or after. Without letters latitude comes first. [`None`] for every other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = words_of(text)?;
        let parts = split(&mut words)?;
        let [first, second] = parts;
        let (lat, lon) = match (first.axis, second.axis) {
            (Some(Axis::Longitude), Some(Axis::Latitude) | None) | (None, Some(Axis::Latitude)) => (second, first),
            (Some(a), Some(b)) if a == b => return None,
            _ => (first, second),
        };
        let (lat, lon) = (lat.degrees, lon.degrees);
        let is_on_earth = lat.abs() <= 90.0 && lon.abs() <= 180.0;
        is_on_earth.then_some(Self { lat, lon })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Word {
    Number {
        value: f64,
        has_fraction: bool,
        signed: bool,
    },
    Hemisphere(Axis2),
    Comma,
}

/// A letter of a hemisphere: its axis and sign.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Axis2 {
    North,
    South,
    East,
    West,
}

impl Axis2 {
    fn axis(self) -> Axis {
        match self {
            Self::North | Self::South => Axis::Latitude,
            Self::East | Self::West => Axis::Longitude,
        }
    }

    fn sign(self) -> f64 {
        match self {
            Self::North | Self::East => 1.0,
            Self::South | Self::West => -1.0,
        }
    }
}

/// The words, or [`None`] if anything stands among them that coordinates do not have.
fn words_of(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match letter {
            ',' => words.push(Word::Comma),
            'N' | 'n' => words.push(Word::Hemisphere(Axis2::North)),
            'S' | 's' => words.push(Word::Hemisphere(Axis2::South)),
            'E' | 'e' => words.push(Word::Hemisphere(Axis2::East)),
            'W' | 'w' => words.push(Word::Hemisphere(Axis2::West)),
            _ if letter.is_whitespace() || SIGNS.contains(&letter) => {}
            _ if digit(letter).is_some() || matches!(letter, '-' | '+' | '−') => {
                let (word, left) = number(rest)?;
                words.push(word);
                rest = left;
                continue;
            }
            _ => return None,
        }
        rest = after;
        if words.len() > 12 {
            return None;
        }
    }
    Some(words)
}

/// Latin, Arabic-Indic or Persian digits.
fn digit(letter: char) -> Option<u32> {
    match letter {
        '0'..='9' => Some(letter as u32 - '0' as u32),
        '٠'..='٩' => Some(letter as u32 - '٠' as u32),
        '۰'..='۹' => Some(letter as u32 - '۰' as u32),
        _ => None,
    }
}

fn number(text: &str) -> Option<(Word, &str)> {
    let signed = text.starts_with(['-', '+', '−']);
    let negative = text.starts_with(['-', '−']);
    let mut plain = String::new();
    let mut end = text.len();
    let mut has_fraction = false;
    for (at, letter) in text.char_indices().skip(usize::from(signed)) {
        match (digit(letter), letter) {
            (Some(value), _) => plain.push(char::from_digit(value, 10)?),
            (None, '.' | '٫') if !has_fraction => {
                has_fraction = true;
                plain.push('.');
            }
            _ => {
                end = at;
                break;
            }
        }
    }
    let value: f64 = plain.parse().ok()?;
    let value = if negative { -value } else { value };
    Some((
        Word::Number {
            value,
            has_fraction,
            signed,
        },
        &text[end..],
    ))
}

/// The two values. A comma, a letter or a sign parts them; without any, both have as many numbers.
fn split(words: &mut [Word]) -> Option<[Part; 2]> {
    let numbers = words.iter().filter(|word| matches!(word, Word::Number { .. })).count();
    let letters = words.iter().filter(|word| matches!(word, Word::Hemisphere(_))).count();
    if !(2..=6).contains(&numbers) || numbers % 2 != 0 || letters > 2 {
        return None;
    }
    let commas = words.iter().filter(|word| **word == Word::Comma).count();
    let mut parts = Vec::new();
    let mut taken: Vec<(f64, bool, bool)> = Vec::new();
    let mut axis: Option<Axis2> = None;
    let letter_is_first = matches!(words.first(), Some(Word::Hemisphere(_)));
    for word in words.iter() {
        match *word {
            Word::Number {
                value,
                has_fraction,
                signed,
            } => taken.push((value, has_fraction, signed)),
            Word::Hemisphere(found) if letter_is_first => {
                if !taken.is_empty() {
                    parts.push(part(&taken, axis)?);
                    taken.clear();
                }
                axis = Some(found);
            }
            Word::Hemisphere(found) => {
                parts.push(part(&taken, Some(found))?);
                taken.clear();
            }
            Word::Comma => {}
        }
        if taken.len() == numbers / 2 && letters == 0 {
            parts.push(part(&taken, None)?);
            taken.clear();
        }
    }
    if !taken.is_empty() {
        parts.push(part(&taken, if letter_is_first { axis } else { None })?);
    }
    // A list of numbers with more than one comma between is no position.
    if commas > 1 {
        return None;
    }
    // Two whole numbers are as likely a date or a street: a position has fractions, minutes or letters.
    let is_bare = numbers == 2 && letters == 0;
    let has_fractions = words.iter().all(|word| {
        !matches!(
            word,
            Word::Number {
                has_fraction: false,
                ..
            }
        )
    });
    if is_bare && !has_fractions {
        return None;
    }
    parts.try_into().ok()
}

/// Degrees with up to two further numbers of minutes and seconds.
fn part(numbers: &[(f64, bool, bool)], axis: Option<Axis2>) -> Option<Part> {
    let (&(degrees, _, signed), rest) = numbers.split_first()?;
    if rest.len() > 2
        || rest
            .iter()
            .any(|&(value, _, signed)| signed || !(0.0..60.0).contains(&value))
    {
        return None;
    }
    // Only the last number may have a fraction.
    if numbers[..numbers.len() - 1]
        .iter()
        .any(|&(_, has_fraction, _)| has_fraction)
    {
        return None;
    }
    let minutes: f64 = rest
        .iter()
        .zip([60.0, 3600.0])
        .map(|(&(value, ..), unit)| value / unit)
        .sum();
    let value = if degrees < 0.0 {
        degrees - minutes
    } else {
        degrees + minutes
    };
    if axis.is_some() && signed {
        return None;
    }
    Some(Part {
        degrees: value * axis.map_or(1.0, Axis2::sign),
        axis: axis.map(Axis2::axis),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<(f64, f64)> {
        Coordinates::parse(text).map(|found| ((found.lat * 1e4).round() / 1e4, (found.lon * 1e4).round() / 1e4))
    }

    #[test]
    fn positions_are_read_as_people_type_them() {
        let kirkuk = Some((35.468, 44.392));
        for text in [
            "35.468, 44.392",
            "35.468 44.392",
            "35.468,44.392",
            "[35.468,44.392]",
            "N35.468 E44.392",
            "N 35.468, E 44.392",
            "35.468N 44.392E",
            "35.468° N, 44.392° E",
            "44.392 E, 35.468 N",
            "E44.392 N35.468",
            "٣٥٫٤٦٨، ٤٤٫٣٩٢",
            "35°28'4.8\"N 44°23'31.2\"E",
            "35° 28′ 4.8″ N, 44° 23′ 31.2″ E",
            "35 28 4.8 N 44 23 31.2 E",
            "N 35 28.08 E 44 23.52",
            "35 28.08, 44 23.52",
            "+35.468, +44.392",
        ] {
            assert_eq!(at(text), kirkuk, "{text}");
        }
        assert_eq!(at("-35.5 -70.25"), Some((-35.5, -70.25)));
        assert_eq!(at("35.5S 70.25W"), Some((-35.5, -70.25)));
        assert_eq!(at("-35 30 0, -70 15 0"), Some((-35.5, -70.25)));
    }

    #[test]
    fn other_texts_are_no_positions() {
        for text in [
            "",
            "Kirkuk",
            "35.468",
            "35, 44",
            "3 12",
            "2021-12-03",
            "1, 2, 3",
            "95.5, 200.1",
            "N35.4 N44.3",
            "35.4.6, 44.3",
            "35 70 4 N 44 23 31 E",
            "Kirkuk 35.468, 44.392",
            "-35.4N 44.3E",
            "1 2 3 4 5 6 7 8",
            "35.468, 44.392, 12.5, 13.5",
            ",",
            "N",
            "NE",
        ] {
            assert_eq!(Coordinates::parse(text), None, "{text}");
        }
    }
}
