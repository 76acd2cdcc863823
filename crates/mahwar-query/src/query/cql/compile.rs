//! Checks an expression against a layer: names, types, numbers of operands.

use super::{
    GEOMETRY, ID, TIME,
    expression::Expr,
    tangle,
    term::{Comparison, Listing, Relation, Shape, Term, Test, Timing, Type},
};
use crate::{
    layers::{Bounds, FieldType, Layer, TimeSpan},
    query::{crs::Crs, echo},
};
use geo::{BoundingRect, CoordsIter, Geometry, Line, MapCoords, MultiPolygon, Polygon, Rect, Winding, coord};
use serde_json::Value;

/// Turns expressions into tests for one layer.
pub struct Compiler<'l> {
    pub layer: &'l Layer,
    pub crs: Crs,
}

type Checked<T> = Result<T, String>;
type Operands = [Expr];

impl Compiler<'_> {
    /// An expression as a test.
    pub fn test(&self, expression: &Expr) -> Checked<Test> {
        match expression {
            Expr::Bool(truth) => Ok(Test::Constant(*truth)),
            Expr::Operation { op, args } => self.operation(op, args),
            Expr::Property(_) => {
                let term = self.term(expression)?;
                match self.type_of(&term) {
                    Type::Boolean => Ok(Test::Truth(term)),
                    _ => Err("a property that is not a truth value stands where a condition is expected".to_owned()),
                }
            }
            _ => Err("the expression is no condition".to_owned()),
        }
    }

    fn operation(&self, op: &str, args: &Operands) -> Checked<Test> {
        let tests = || args.iter().map(|arg| self.test(arg)).collect::<Checked<Vec<_>>>();
        match op {
            "and" => Ok(Test::All(tests()?)),
            "or" => Ok(any(tests()?)),
            "not" => {
                let [arg] = exactly(op, args)?;
                Ok(Test::Not(Box::new(self.test(arg)?)))
            }
            "=" => self.comparison(op, Comparison::Equal, args),
            "<>" | "!=" => self.comparison(op, Comparison::Unequal, args),
            "<" => self.comparison(op, Comparison::Less, args),
            "<=" => self.comparison(op, Comparison::LessOrEqual, args),
            ">" => self.comparison(op, Comparison::Greater, args),
            ">=" => self.comparison(op, Comparison::GreaterOrEqual, args),
            "like" => {
                let [subject, pattern] = exactly(op, args)?;
                let (subject, pattern) = (self.term(subject)?, self.term(pattern)?);
                self.expect(op, &subject, Type::Text)?;
                self.expect(op, &pattern, Type::Text)?;
                Ok(Test::Like(subject, pattern))
            }
            "in" => self.membership(args),
            "between" => {
                let [subject, low, high] = exactly(op, args)?;
                let subject = self.term(subject)?;
                let mut low_term = self.matching(op, &subject, low)?;
                let mut high_term = self.matching(op, &subject, high)?;
                if self.is_dated(&subject) && self.type_of(&low_term) != self.type_of(&high_term) {
                    // Where one is no whole time, such as a year, both are compared as texts.
                    (low_term, high_term) = (self.term(low)?, self.term(high)?);
                    self.expect(op, &low_term, Type::Text)?;
                    self.expect(op, &high_term, Type::Text)?;
                }
                Ok(Test::Between(self.timed(subject, &low_term), low_term, high_term))
            }
            "isnull" => {
                let [subject] = exactly(op, args)?;
                Ok(Test::IsNull(self.term(subject)?))
            }
            _ if op.starts_with("s_") => self.spatial(op, args),
            _ if op.starts_with("t_") => self.temporal(op, args),
            _ if op.starts_with("a_") => self.array(op, args),
            _ => Err(format!(
                "{:?} is no condition that is known here; known: AND, OR, NOT, =, <>, <, <=, >, >=, LIKE, IN, BETWEEN, \
                 IS NULL, S_…, T_…, A_…",
                echo(op)
            )),
        }
    }

    fn comparison(&self, op: &str, comparison: Comparison, args: &Operands) -> Checked<Test> {
        let [left, right] = exactly(op, args)?;
        let mut left_term = self.term(left)?;
        if let (Term::Text(text), Expr::Property(_)) = (&left_term, right)
            && self.is_dated(&self.term(right)?)
            && let Ok(span) = time(text)
        {
            left_term = Term::Span(span);
        }
        let right_term = self.matching(op, &left_term, right)?;
        let left_term = self.timed(left_term, &right_term);
        Ok(Test::Compare(comparison, left_term, right_term))
    }

    /// An operand that must have the type of another; a text beside a time is read as a time.
    fn matching(&self, op: &str, subject: &Term, operand: &Expr) -> Checked<Term> {
        let term = self.term(operand)?;
        let (left, right) = (self.type_of(subject), self.type_of(&term));
        if left == Type::Geometry || left == Type::List || right == Type::Geometry || right == Type::List {
            return Err(format!("{op} compares texts, numbers, truth values and times only"));
        }
        let term = match (left, &term) {
            (Type::Time, Term::Text(text)) => Term::Span(time(text)?),
            // A text that is a time is compared as one: moments of other zones have another order than their texts.
            (_, Term::Text(text)) if self.is_dated(subject) => time(text).map_or(term, Term::Span),
            _ => self.timed(term, subject),
        };
        let right = self.type_of(&term);
        let date_as_text = self.is_dated(subject) && right == Type::Time;
        if left == right || date_as_text || left == Type::Nothing || right == Type::Nothing {
            Ok(term)
        } else {
            Err(format!("{op} compares {} with {}", word(left), word(right)))
        }
    }

    /// True for a field of days or moments.
    fn is_dated(&self, term: &Term) -> bool {
        matches!(term, Term::Field(field) if self.layer.fields[*field].kind.is_temporal())
    }

    /// A date field beside a time is a time.
    fn timed(&self, term: Term, other: &Term) -> Term {
        match term {
            Term::Field(field) if self.is_dated(&term) && self.type_of(other) == Type::Time => Term::Dated(field),
            term => term,
        }
    }

    fn membership(&self, args: &Operands) -> Checked<Test> {
        let [subject, list] = exactly("in", args)?;
        let subject = self.term(subject)?;
        let Expr::Array(items) = list else {
            return Err("IN takes a list in parentheses".to_owned());
        };
        let items = items.iter().map(|item| self.matching("in", &subject, item));
        let items = items.collect::<Checked<Vec<_>>>()?;
        if self.is_dated(&subject) {
            // Each by itself: times and other texts may be mixed.
            let tests = items.into_iter().map(|item| {
                let subject = self.timed(subject.clone(), &item);
                Test::Compare(Comparison::Equal, subject, item)
            });
            return Ok(any(tests.collect()));
        }
        Ok(Test::one_of(subject, items))
    }

    /// An expression as a term.
    pub fn term(&self, expression: &Expr) -> Checked<Term> {
        match expression {
            Expr::Property(property) => self.property(property),
            Expr::Number(number) if number.is_finite() => Ok(Term::Number(*number)),
            Expr::Number(_) => Err("a number is not finite".to_owned()),
            Expr::Integer(number) => Ok(Term::Integer(*number)),
            Expr::Text(text) => Ok(Term::Text(text.clone())),
            Expr::Bool(truth) => Ok(Term::Boolean(*truth)),
            Expr::Null => Ok(Term::Null),
            Expr::Instant(text) => Ok(Term::Span(time(text)?)),
            Expr::Interval(interval) => {
                let [start, end] = exactly("interval", interval)?;
                let (start, end) = (self.bound(start, true)?, self.bound(end, false)?);
                if let (Term::Span(start), Term::Span(end)) = (&start, &end)
                    && start.start > end.end
                {
                    return Err("an interval ends before it starts".to_owned());
                }
                Ok(Term::Interval(Box::new(start), Box::new(end)))
            }
            Expr::Array(items) => {
                let items = items.iter().map(|item| match item {
                    Expr::Text(text) => Ok(Value::from(text.as_str())),
                    Expr::Number(number) => Ok(Value::from(*number)),
                    Expr::Integer(number) => Ok(Value::from(*number)),
                    Expr::Bool(truth) => Ok(Value::from(*truth)),
                    _ => Err("a list holds texts, numbers and truth values".to_owned()),
                });
                Ok(Term::List(items.collect::<Checked<_>>()?))
            }
            Expr::Operation { op, args } => self.function(op, args),
            Expr::Geometry(_) | Expr::Bbox(_) => Err("a geometry stands only in spatial functions".to_owned()),
        }
    }

    fn function(&self, op: &str, args: &Operands) -> Checked<Term> {
        match op {
            "casei" => {
                let [arg] = exactly(op, args)?;
                let term = self.term(arg)?;
                self.expect(op, &term, Type::Text)?;
                Ok(Term::Folded(Box::new(term)))
            }
            "accenti" => {
                let [arg] = exactly(op, args)?;
                let term = self.term(arg)?;
                self.expect(op, &term, Type::Text)?;
                Ok(Term::Bare(Box::new(term)))
            }
            "+" | "-" | "*" | "/" | "%" | "^" | "div" => {
                let mut terms = Vec::new();
                for arg in args {
                    let term = self.term(arg)?;
                    self.expect(op, &term, Type::Number)?;
                    terms.push(term);
                }
                let sign = if op == "div" {
                    'd'
                } else {
                    op.chars().next().unwrap_or('+')
                };
                let mut terms = terms.into_iter();
                let first = terms.next().ok_or_else(|| format!("{op} takes two operands"))?;
                Ok(terms.fold(first, |sum, next| Term::Arithmetic(sign, Box::new(sum), Box::new(next))))
            }
            _ => Err(format!(
                "there is no function {:?}; there are CASEI, ACCENTI and arithmetic",
                echo(op)
            )),
        }
    }

    fn property(&self, name: &str) -> Checked<Term> {
        if let Some(field) = self.layer.field(name) {
            return Ok(Term::Field(field));
        }
        match name {
            ID => Ok(Term::Id),
            TIME => Ok(Term::Time),
            GEOMETRY | "geom" => Ok(Term::Geometry),
            _ => {
                let names: Vec<&str> = self.layer.fields.iter().map(|field| field.name.as_str()).collect();
                Err(format!(
                    "layer {} has no queryable {:?}; it has {ID}, {GEOMETRY}, {TIME}, {}",
                    self.layer.id,
                    echo(name),
                    names.join(", ")
                ))
            }
        }
    }

    fn bound(&self, expression: &Expr, start: bool) -> Checked<Term> {
        match expression {
            Expr::Text(text) if text == ".." => Ok(Term::Span(if start {
                TimeSpan {
                    start: i64::MIN,
                    end: i64::MIN,
                }
            } else {
                TimeSpan {
                    start: i64::MAX,
                    end: i64::MAX,
                }
            })),
            Expr::Text(text) => Ok(Term::Span(time(text)?)),
            other => self.instant(other),
        }
    }

    /// An operand that is a time.
    fn instant(&self, expression: &Expr) -> Checked<Term> {
        let term = self.term(expression)?;
        let term = match term {
            Term::Text(text) => Term::Span(time(&text)?),
            Term::Field(field) if self.is_dated(&term) => Term::Dated(field),
            term => term,
        };
        self.expect("a temporal function", &term, Type::Time)?;
        Ok(term)
    }

    fn temporal(&self, op: &str, args: &Operands) -> Checked<Test> {
        let timing = match op {
            "t_after" => Timing::After,
            "t_before" => Timing::Before,
            "t_contains" => Timing::Contains,
            "t_disjoint" => Timing::Disjoint,
            "t_during" => Timing::During,
            "t_equals" => Timing::Equals,
            "t_finishedby" => Timing::FinishedBy,
            "t_finishes" => Timing::Finishes,
            "t_intersects" => Timing::Intersects,
            "t_meets" => Timing::Meets,
            "t_metby" => Timing::MetBy,
            "t_overlappedby" => Timing::OverlappedBy,
            "t_overlaps" => Timing::Overlaps,
            "t_startedby" => Timing::StartedBy,
            "t_starts" => Timing::Starts,
            _ => return Err(format!("there is no temporal function {:?}", echo(op))),
        };
        let [left, right] = exactly(op, args)?;
        Ok(Test::Temporal(timing, self.instant(left)?, self.instant(right)?))
    }

    fn array(&self, op: &str, args: &Operands) -> Checked<Test> {
        let listing = match op {
            "a_equals" => Listing::Equals,
            "a_contains" => Listing::Contains,
            "a_containedby" => Listing::ContainedBy,
            "a_overlaps" => Listing::Overlaps,
            _ => return Err(format!("there is no array function {:?}", echo(op))),
        };
        let [left, right] = exactly(op, args)?;
        let (left, right) = (self.list(left)?, self.list(right)?);
        self.expect(op, &left, Type::List)?;
        self.expect(op, &right, Type::List)?;
        Ok(Test::Array(listing, left, right))
    }

    /// An operand of an array function. A single value in parentheses is a list of one.
    fn list(&self, expression: &Expr) -> Checked<Term> {
        match expression {
            Expr::Text(_) | Expr::Number(_) | Expr::Integer(_) | Expr::Bool(_) => {
                self.term(&Expr::Array(vec![expression.clone()]))
            }
            _ => self.term(expression),
        }
    }

    fn spatial(&self, op: &str, args: &Operands) -> Checked<Test> {
        let relation = match op {
            "s_intersects" => Relation::Intersects,
            "s_disjoint" => Relation::Disjoint,
            "s_within" => Relation::Within,
            "s_contains" => Relation::Contains,
            "s_equals" => Relation::Equals,
            "s_touches" => Relation::Touches,
            "s_overlaps" => Relation::Overlaps,
            "s_crosses" => Relation::Crosses,
            "s_dwithin" => Relation::WithinMetres(metres(args.get(2..).unwrap_or_default())?),
            "s_beyond" => Relation::BeyondMetres(metres(args.get(2..).unwrap_or_default())?),
            _ => return Err(format!("there is no spatial function {:?}", echo(op))),
        };
        let operands = match relation {
            Relation::WithinMetres(_) | Relation::BeyondMetres(_) => args.get(..2).unwrap_or(args),
            _ => args,
        };
        let [left, right] = exactly(op, operands)?;
        let is_own = |operand: &Expr| match operand {
            Expr::Property(property) => self.property(property).map(|term| matches!(term, Term::Geometry)),
            _ => Ok(false),
        };
        let (own_left, own_right) = (is_own(left)?, is_own(right)?);
        match (own_left, own_right) {
            (true, false) => Ok(Test::Spatial(relation, Box::new(self.shape(right)?))),
            (false, true) => Ok(Test::Spatial(relation.turned(), Box::new(self.shape(left)?))),
            _ => Err(format!("{op} takes {GEOMETRY} and a geometry that is written out")),
        }
    }

    fn shape(&self, expression: &Expr) -> Checked<Shape> {
        let written: Geometry<f64> = match expression {
            Expr::Geometry(geometry) => geometry.clone(),
            Expr::Bbox(numbers) => boxed(numbers)?,
            _ => {
                return Err(
                    "a spatial function takes WKT, a GeoJSON geometry or BBOX(west, south, east, north)".to_owned(),
                );
            }
        };
        if written.coords_iter().any(|at| !at.x.is_finite() || !at.y.is_finite()) {
            return Err("a coordinate is not finite".to_owned());
        }
        if !has_area(&written) {
            return Err(
                "a polygon has a ring without an area; a point or a line is written as POINT or LINESTRING".to_owned(),
            );
        }
        tangle::check(&written)?;
        let geometry = written.map_coords(|at| {
            let [x, y] = self.crs.unproject([at.x, at.y]);
            coord! {x: x, y: y}
        });
        let rect = geometry.bounding_rect().ok_or("a geometry is empty")?;
        let Bounds([west, south, east, north]) = Bounds::from(rect);
        if !(west >= -360.0 && east <= 360.0 && south >= -90.0 && north <= 90.0) {
            return Err("a coordinate is beyond the globe in the filter's coordinate reference system".to_owned());
        }
        Ok(Shape {
            geometry,
            bounds: Bounds::from(rect),
        })
    }

    fn expect(&self, op: &str, term: &Term, wanted: Type) -> Checked<()> {
        let found = self.type_of(term);
        if found == wanted || found == Type::Nothing {
            Ok(())
        } else {
            Err(format!("{op} takes {}, not {}", word(wanted), word(found)))
        }
    }

    fn type_of(&self, term: &Term) -> Type {
        match term {
            Term::Field(field) => match self.layer.fields[*field].kind {
                FieldType::String | FieldType::Date | FieldType::DateTime | FieldType::Time => Type::Text,
                FieldType::Number | FieldType::Integer => Type::Number,
                FieldType::Boolean => Type::Boolean,
                FieldType::Json => Type::List,
            },
            Term::Id | Term::Text(_) | Term::Folded(_) | Term::Bare(_) => Type::Text,
            Term::Number(_) | Term::Integer(_) | Term::Arithmetic(..) => Type::Number,
            Term::Boolean(_) => Type::Boolean,
            Term::Time | Term::Span(_) | Term::Interval(..) | Term::Dated(_) => Type::Time,
            Term::List(_) => Type::List,
            Term::Geometry => Type::Geometry,
            Term::Null => Type::Nothing,
        }
    }
}

/// One of several tests. Equalities of one field become a list, in which a value is found without a look at each.
fn any(tests: Vec<Test>) -> Test {
    let mut others = Vec::new();
    let mut lists: Vec<(Term, Vec<Term>)> = Vec::new();
    for test in tests {
        let (field, mut values) = match test {
            Test::Compare(Comparison::Equal, field, value) if field.is_own() && value.is_constant() => {
                (field, vec![value])
            }
            Test::Compare(Comparison::Equal, value, field) if field.is_own() && value.is_constant() => {
                (field, vec![value])
            }
            Test::In(field, values) if field.is_own() => (field, values),
            other => {
                others.push(other);
                continue;
            }
        };
        match lists.iter_mut().find(|(own, _)| *own == field) {
            Some((_, list)) => list.append(&mut values),
            None => lists.push((field, values)),
        }
    }
    // Where there is little to join, the tests are kept as they were written.
    let lists = lists.into_iter().map(|(field, mut values)| match values.len() {
        1 => values.pop().map_or(Test::Constant(false), |value| {
            Test::Compare(Comparison::Equal, field, value)
        }),
        _ => Test::one_of(field, values),
    });
    let mut all: Vec<Test> = lists.chain(others).collect();
    match all.len() {
        1 => all.pop().unwrap_or(Test::Constant(false)),
        _ => Test::Any(all),
    }
}

fn exactly<'e, const N: usize>(op: &str, args: &'e Operands) -> Checked<[&'e Expr; N]> {
    let given: Vec<&Expr> = args.iter().collect();
    <[&Expr; N]>::try_from(given).map_err(|given| format!("{op} takes {N} operands, not {}", given.len()))
}

fn time(text: &str) -> Checked<TimeSpan> {
    TimeSpan::of_client(text).map_err(|error| error.to_string())
}

fn boxed(numbers: &Operands) -> Checked<Geometry<f64>> {
    let numbers: Vec<f64> = numbers
        .iter()
        .map(|number| match number {
            Expr::Number(number) => Ok(*number),
            _ => Err("BBOX takes numbers".to_owned()),
        })
        .collect::<Checked<_>>()?;
    let [west, south, east, north] = match numbers.as_slice() {
        [west, south, east, north] | [west, south, _, east, north, _] => [*west, *south, *east, *north],
        _ => return Err("BBOX takes four or six numbers".to_owned()),
    };
    if south > north {
        return Err("BBOX takes the lower corner first".to_owned());
    }
    let part = |west: f64, east: f64| Rect::new(coord! {x: west, y: south}, coord! {x: east, y: north}).to_polygon();
    if west > east {
        // A box across the antimeridian has its western edge east of the other (OGC 21-065r2, class "Basic Spatial Functions").
        return Ok(MultiPolygon(vec![part(west, 180.0), part(-180.0, east)]).into());
    }
    // A box may be as small as a line or a point.
    let (lower, upper) = (coord! {x: west, y: south}, coord! {x: east, y: north});
    Ok(match (west < east, south < north) {
        (true, true) => part(west, east).into(),
        (false, false) => Geometry::Point(lower.into()),
        _ => Geometry::Line(Line::new(lower, upper)),
    })
}

/// True unless a ring of a polygon has no inside: how such a polygon lies to another geometry is not defined.
fn has_area(geometry: &Geometry<f64>) -> bool {
    let polygon = |polygon: &Polygon<f64>| {
        let mut rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.all(|ring| ring.winding_order().is_some())
    };
    match geometry {
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPolygon(many) => many.iter().all(polygon),
        Geometry::GeometryCollection(parts) => parts.iter().all(has_area),
        _ => true,
    }
}

/// A distance and, when given, its unit.
fn metres(args: &Operands) -> Checked<f64> {
    let number = match args.first() {
        Some(Expr::Number(number)) if number.is_finite() && *number >= 0.0 => *number,
        _ => return Err("S_DWITHIN and S_BEYOND take two geometries, a distance and a unit".to_owned()),
    };
    let unit = match args.get(1) {
        None => "m",
        Some(Expr::Text(unit)) => unit.as_str(),
        Some(_) => return Err("the unit of a distance is a text".to_owned()),
    };
    match unit {
        "m" | "meters" | "metres" | "meter" | "metre" => Ok(number),
        "km" | "kilometers" | "kilometres" => Ok(number * 1000.0),
        _ => Err(format!("the unit {:?} is not known; m and km are", echo(unit))),
    }
}

fn word(kind: Type) -> &'static str {
    match kind {
        Type::Text => "a text",
        Type::Number => "a number",
        Type::Boolean => "a truth value",
        Type::Time => "a time",
        Type::List => "a list",
        Type::Geometry => "a geometry",
        Type::Nothing => "nothing",
    }
}
