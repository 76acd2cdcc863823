//! Evaluates a test on a feature. Three-valued: unknown is `None`.

use super::term::{Comparison, Constants, Listing, Number, Relation, Shape, Term, Test, Timing};
use crate::{
    language::Language,
    layers::{FeatureRef, TimeSpan, ValueRef},
};
use geo::{Distance, Euclidean, MapCoords, Relate, coord};
use serde_json::Value;
use std::{borrow::Cow, cmp::Ordering};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A feature under test.
pub struct Subject<'f> {
    pub feature: FeatureRef<'f>,
    pub language: Language,
}

/// The value of a term.
enum TermValue<'v> {
    Text(Cow<'v, str>),
    Number(Number),
    Boolean(bool),
    Span(TimeSpan),
}

impl Subject<'_> {
    /// True if the feature passes.
    pub fn test(&self, test: &Test) -> Option<bool> {
        match test {
            Test::Constant(truth) => Some(*truth),
            Test::All(tests) => self.fold(tests, false),
            Test::Any(tests) => self.fold(tests, true),
            Test::Not(test) => self.test(test).map(|truth| !truth),
            Test::Truth(term) => match self.value(term)? {
                TermValue::Boolean(truth) => Some(truth),
                _ => None,
            },
            Test::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Test::Like(subject, pattern) => match (self.value(subject)?, self.value(pattern)?) {
                (TermValue::Text(text), TermValue::Text(pattern)) => Some(like(&text, &pattern)),
                _ => None,
            },
            Test::In(subject, items) => {
                // As SQL has it: true when one is equal, else unknown when one is unknown.
                let mut unknown = false;
                for item in items {
                    match self.compare(Comparison::Equal, subject, item) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => unknown = true,
                    }
                }
                (!unknown).then_some(false)
            }
            Test::OneOf(subject, list) => match (self.value(subject)?, list) {
                (TermValue::Text(text), Constants::Texts(texts)) => Some(texts.contains(&*text)),
                (TermValue::Number(number), Constants::Numbers(numbers)) => {
                    Some(numbers.binary_search_by(|other| other.order(number)).is_ok())
                }
                _ => None,
            },
            Test::Between(subject, low, high) => {
                let above = self.compare(Comparison::GreaterOrEqual, subject, low);
                let below = self.compare(Comparison::LessOrEqual, subject, high);
                both(above, below)
            }
            Test::IsNull(term) => Some(self.is_null(term)),
            Test::Spatial(relation, shape) => self.spatial(*relation, shape),
            Test::Temporal(timing, left, right) => Some(timed(*timing, self.span(left)?, self.span(right)?)),
            Test::Array(listing, left, right) => Some(listed(*listing, &self.list(left)?, &self.list(right)?)),
        }
    }

    /// Any of the tests when `decisive` is true, all of them when it is false.
    fn fold(&self, tests: &[Test], decisive: bool) -> Option<bool> {
        let mut unknown = false;
        for test in tests {
            match self.test(test) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(!decisive)
    }

    fn compare(&self, comparison: Comparison, left: &Term, right: &Term) -> Option<bool> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        if let (TermValue::Span(left), TermValue::Span(right)) = (&left, &right) {
            // A day and a moment in it are neither before nor after each other.
            let (before, after) = (left.end < right.start, left.start > right.end);
            return Some(match comparison {
                Comparison::Equal => left == right,
                Comparison::Unequal => left != right,
                Comparison::Less => before,
                Comparison::Greater => after,
                Comparison::LessOrEqual => !after,
                Comparison::GreaterOrEqual => !before,
            });
        }
        let order = match (left, right) {
            (TermValue::Text(left), TermValue::Text(right)) => left.cmp(&right),
            (TermValue::Number(left), TermValue::Number(right)) => left.order(right),
            (TermValue::Boolean(left), TermValue::Boolean(right)) => left.cmp(&right),
            _ => return None,
        };
        Some(match comparison {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Unequal => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
        })
    }

    fn field(&self, field: usize) -> ValueRef<'_> {
        self.feature.field_value(field, self.language)
    }

    fn is_null(&self, term: &Term) -> bool {
        match term {
            Term::Geometry => self.feature.geometry().is_none(),
            Term::Field(field) | Term::Dated(field) => self.field(*field) == ValueRef::Null,
            Term::List(_) => false,
            other => self.value(other).is_none(),
        }
    }

    fn value<'v>(&'v self, term: &'v Term) -> Option<TermValue<'v>> {
        Some(match term {
            Term::Field(field) => match self.field(*field) {
                ValueRef::Null => return None,
                ValueRef::Text(text) | ValueRef::Json(text) => TermValue::Text(Cow::Borrowed(text)),
                ValueRef::Number(number) => TermValue::Number(Number::Float(number)),
                ValueRef::Integer(number) => TermValue::Number(Number::Integer(number)),
                ValueRef::Boolean(truth) => TermValue::Boolean(truth),
            },
            Term::Id => TermValue::Text(Cow::Borrowed(self.feature.id())),
            Term::Text(text) => TermValue::Text(Cow::Borrowed(text)),
            Term::Number(number) => TermValue::Number(Number::Float(*number)),
            Term::Integer(number) => TermValue::Number(Number::Integer(*number)),
            Term::Boolean(truth) => TermValue::Boolean(*truth),
            Term::Folded(term) => match self.value(term)? {
                TermValue::Text(text) => TermValue::Text(Cow::Owned(text.to_lowercase())),
                _ => return None,
            },
            Term::Bare(term) => match self.value(term)? {
                TermValue::Text(text) => TermValue::Text(Cow::Owned(bare(&text))),
                _ => return None,
            },
            Term::Arithmetic(sign, left, right) => match (self.value(left)?, self.value(right)?) {
                (TermValue::Number(left), TermValue::Number(right)) => {
                    TermValue::Number(Number::Float(calculate(*sign, left.float(), right.float())?))
                }
                _ => return None,
            },
            Term::Time | Term::Span(_) | Term::Interval(..) | Term::Dated(_) => TermValue::Span(self.span(term)?),
            Term::Geometry | Term::Null | Term::List(_) => return None,
        })
    }

    fn span(&self, term: &Term) -> Option<TimeSpan> {
        match term {
            Term::Time => self.feature.time(),
            Term::Span(span) => Some(*span),
            Term::Interval(start, end) => Some(TimeSpan {
                start: self.span(start)?.start,
                end: self.span(end)?.end,
            }),
            Term::Dated(field) => match self.field(*field) {
                ValueRef::Text(text) => TimeSpan::of_client(text).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    fn list(&self, term: &Term) -> Option<Cow<'_, [Value]>> {
        match term {
            Term::List(items) => Some(Cow::Owned(items.clone())),
            Term::Field(field) => match self.field(*field).to_json() {
                Value::Array(items) => Some(Cow::Owned(items)),
                _ => None,
            },
            _ => None,
        }
    }

    fn spatial(&self, relation: Relation, shape: &Shape) -> Option<bool> {
        let geometry = self.feature.geometry()?;
        if let Relation::WithinMetres(most) = relation {
            return Some(self.metres_to(shape)? <= most);
        }
        if let Relation::BeyondMetres(least) = relation {
            return Some(self.metres_to(shape)? > least);
        }
        // Most features are nowhere near: their boxes say so.
        if !self.feature.bounds()?.meets(shape.bounds) {
            return Some(relation == Relation::Disjoint);
        }
        let matrix = geometry.relate(&shape.geometry);
        Some(match relation {
            Relation::Intersects => matrix.is_intersects(),
            Relation::Disjoint => matrix.is_disjoint(),
            Relation::Within => matrix.is_within(),
            Relation::Contains => matrix.is_contains(),
            Relation::Equals => matrix.is_equal_topo(),
            Relation::Touches => matrix.is_touches(),
            Relation::Overlaps => matrix.is_overlaps(),
            Relation::Crosses => matrix.is_crosses(),
            Relation::WithinMetres(_) | Relation::BeyondMetres(_) => return None,
        })
    }

    /// Distance in metres on a plane that touches the ellipsoid at the middle of the filter's geometry:
    /// within a thousandth for a hundred kilometres.
    fn metres_to(&self, shape: &Shape) -> Option<f64> {
        let geometry = self.feature.geometry()?;
        let [_, south, _, north] = shape.bounds.0;
        let (east_scale, north_scale) = metres_per_degree((south + north) / 2.0);
        let plane = |at: geo::Coord<f64>| coord! {x: at.x * east_scale, y: at.y * north_scale};
        Some(Euclidean.distance(&geometry.map_coords(plane), &shape.geometry.map_coords(plane)))
    }
}

/// A text without the marks that Unicode takes off its letters: `é` is `e`, `أ` is `ا`.
fn bare(text: &str) -> String {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect()
}

/// Metres in a degree of longitude and of latitude on WGS 84.
fn metres_per_degree(lat: f64) -> (f64, f64) {
    const AXIS: f64 = 6_378_137.0;
    const E2: f64 = 0.006_694_379_990_14;
    let (sine, cosine) = lat.to_radians().sin_cos();
    let w = (1.0 - E2 * sine * sine).sqrt();
    let degree = std::f64::consts::PI / 180.0;
    (AXIS * cosine / w * degree, AXIS * (1.0 - E2) / (w * w * w) * degree)
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn calculate(sign: char, left: f64, right: f64) -> Option<f64> {
    let result = match sign {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        '^' => left.powf(right),
        'd' => (left / right).trunc(),
        _ => return None,
    };
    result.is_finite().then_some(result)
}

fn timed(timing: Timing, a: TimeSpan, b: TimeSpan) -> bool {
    match timing {
        Timing::After => a.start > b.end,
        Timing::Before => a.end < b.start,
        Timing::Contains => a.start < b.start && a.end > b.end,
        Timing::Disjoint => !a.meets(b),
        Timing::During => a.start > b.start && a.end < b.end,
        Timing::Equals => a == b,
        Timing::FinishedBy => a.start < b.start && a.end == b.end,
        Timing::Finishes => a.start > b.start && a.end == b.end,
        Timing::Intersects => a.meets(b),
        Timing::Meets => a.end == b.start,
        Timing::MetBy => a.start == b.end,
        Timing::OverlappedBy => a.start > b.start && a.start < b.end && a.end > b.end,
        Timing::Overlaps => a.start < b.start && a.end > b.start && a.end < b.end,
        Timing::StartedBy => a.start == b.start && a.end > b.end,
        Timing::Starts => a.start == b.start && a.end < b.end,
    }
}

fn listed(listing: Listing, a: &[Value], b: &[Value]) -> bool {
    let same = |x: &Value, y: &Value| match (x.as_f64(), y.as_f64()) {
        (Some(x), Some(y)) => x == y,
        _ => x == y,
    };
    let holds = |list: &[Value], item: &Value| list.iter().any(|other| same(other, item));
    match listing {
        Listing::Equals => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)),
        Listing::Contains => b.iter().all(|item| holds(a, item)),
        Listing::ContainedBy => a.iter().all(|item| holds(b, item)),
        Listing::Overlaps => a.iter().any(|item| holds(b, item)),
    }
}

/// `%` matches any run of characters, `_` one, and `\` escapes either. Backtracks to the last `%` only, so that no
/// pattern costs more than text times pattern.
fn like(text: &str, pattern: &str) -> bool {
    #[derive(PartialEq)]
    enum Piece {
        Run,
        One,
        Letter(char),
    }
    let mut pieces = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '%' => Piece::Run,
            '_' => Piece::One,
            '\\' => Piece::Letter(letters.next().unwrap_or('\\')),
            letter => Piece::Letter(letter),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut piece) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    while at < text.len() {
        match pieces.get(piece) {
            Some(Piece::Run) => {
                last_run = Some((piece, at));
                piece += 1;
            }
            Some(Piece::One) => (at, piece) = (at + 1, piece + 1),
            Some(Piece::Letter(letter)) if *letter == text[at] => (at, piece) = (at + 1, piece + 1),
            _ => match last_run {
                Some((run, start)) => {
                    last_run = Some((run, start + 1));
                    (at, piece) = (start + 1, run + 1);
                }
                None => return false,
            },
        }
    }
    pieces[piece..].iter().all(|rest| *rest == Piece::Run)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn patterns_have_runs_single_letters_and_escapes() {
        assert!(like("Kirkuk", "K%k"));
        assert!(like("Kirkuk", "K_rk_k"));
        assert!(!like("Kirkuk", "k%"));
        assert!(like("100%", "100\\%"));
        assert!(!like("1000", "100\\%"));
        assert!(like("", "%"));
        assert!(!like("", "_"));
        assert!(like("كركوك", "كر%"));
        assert!(!like(&"a".repeat(2000), &"%a".repeat(300).replace("%a", "%a%b")));
    }
}
