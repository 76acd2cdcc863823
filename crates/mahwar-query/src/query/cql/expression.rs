//! Expressions of CQL2, common to both encodings.

use geo::Geometry;

/// Most operators, predicates and functions in one filter. The cost of a filter over a layer has a limit of its own.
pub const MAX_OPERATORS: usize = 20_000;
/// Deepest nesting of conditions, counted after joined `AND` and `OR` lists are flattened.
pub const MAX_DEPTH: usize = 100;

/// One expression; names of operators and functions are in lower case.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// An operator or a function with its operands.
    Operation { op: String, args: Vec<Expr> },
    /// The name of a queryable.
    Property(String),
    /// A number.
    Number(f64),
    /// A whole number that a floating-point number does not hold exactly.
    Integer(i64),
    /// A text.
    Text(String),
    /// A truth value.
    Bool(bool),
    /// No value.
    Null,
    /// A date or a timestamp, as written.
    Instant(String),
    /// Start and end of an interval.
    Interval(Vec<Expr>),
    /// A list of values.
    Array(Vec<Expr>),
    /// A geometry in the coordinate reference system of the filter.
    Geometry(Geometry<f64>),
    /// Four or six numbers of a box.
    Bbox(Vec<Expr>),
}

/// Below it each whole number is exact as a floating-point number.
pub const EXACT: u64 = 1 << 53;

impl Expr {
    /// A whole number.
    pub fn integer(number: i64) -> Self {
        match number.unsigned_abs() < EXACT {
            true => Self::Number(number as f64),
            false => Self::Integer(number),
        }
    }

    /// An operation. A list of `AND` inside an `AND` joins it, and likewise for `OR`,
    /// so that a filter that a client nests pair by pair stays flat.
    pub fn operation(op: &str, args: Vec<Self>) -> Self {
        if !matches!(op, "and" | "or") {
            return Self::Operation {
                op: op.to_owned(),
                args,
            };
        }
        let mut joined: Vec<Self> = Vec::new();
        for arg in args {
            match arg {
                Self::Operation { op: inner, args } if inner == op => {
                    // The left operand holds the operands joined so far: its list goes on.
                    if joined.is_empty() {
                        joined = args;
                    } else {
                        joined.extend(args);
                    }
                }
                other => joined.push(other),
            }
        }
        Self::Operation {
            op: op.to_owned(),
            args: joined,
        }
    }
}
