//! CQL2 text (OGC 21-065r2, annex B), read with an explicit stack: no input can exhaust the thread's stack.

use super::expression::{Expr, MAX_DEPTH, MAX_OPERATORS};
use geo::Geometry;
use std::str::FromStr;
use wkt::Wkt;

const GEOMETRIES: [&str; 7] = [
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

/// Reads an expression.
///
/// # Errors
/// The reason, with the character offset at which reading ended, as a clause without a capital letter.
pub fn parse(text: &str) -> Result<Expr, String> {
    Parser {
        text,
        at: 0,
        levels: vec![Level::new(Kind::Root)],
        operators: 0,
    }
    .parse()
}

/// Meaning of an opening parenthesis.
#[derive(Debug)]
enum Kind {
    Root,
    /// Parentheses around one expression, or a list of several.
    Group,
    /// The list of `IN`, of any length.
    List,
    Call(String),
}

/// An operator that waits for its right operand.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Or,
    And,
    Not,
    Compare(&'static str),
    Like {
        negated: bool,
    },
    In {
        negated: bool,
    },
    /// `BETWEEN` that waits for its `AND`.
    Between {
        negated: bool,
    },
    /// `BETWEEN` that waits for its upper bound.
    BetweenAnd {
        negated: bool,
    },
    Sum(&'static str),
    Product(&'static str),
    Power,
    Negative,
}

impl Operator {
    fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Not => 3,
            Self::Compare(_) | Self::Like { .. } | Self::In { .. } | Self::Between { .. } | Self::BetweenAnd { .. } => {
                4
            }
            Self::Sum(_) => 5,
            Self::Product(_) => 6,
            Self::Power => 7,
            Self::Negative => 8,
        }
    }
}

/// An operand and the depth of conditions in it.
struct Operand {
    expression: Expr,
    depth: usize,
}

/// One open parenthesis, or the whole text.
struct Level {
    kind: Kind,
    items: Vec<Operand>,
    operands: Vec<Operand>,
    operators: Vec<Operator>,
}

impl Level {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            items: Vec::new(),
            operands: Vec::new(),
            operators: Vec::new(),
        }
    }

    /// Applies the waiting operators that bind at least as strongly as `precedence`.
    fn reduce(&mut self, precedence: u8) -> Result<(), String> {
        while let Some(&operator) = self.operators.last() {
            if operator.precedence() < precedence || matches!(operator, Operator::Between { .. }) {
                break;
            }
            self.operators.pop();
            self.apply(operator)?;
        }
        Ok(())
    }

    fn apply(&mut self, operator: Operator) -> Result<(), String> {
        let count = match operator {
            Operator::Not | Operator::Negative => 1,
            Operator::BetweenAnd { .. } => 3,
            _ => 2,
        };
        let from = self
            .operands
            .len()
            .checked_sub(count)
            .ok_or("an operator has no operand")?;
        let operands = self.operands.split_off(from);
        let (op, negated) = match operator {
            Operator::Or => ("or", false),
            Operator::And => ("and", false),
            Operator::Not => ("not", false),
            Operator::Compare(op) | Operator::Sum(op) | Operator::Product(op) => (op, false),
            Operator::Like { negated } => ("like", negated),
            Operator::In { negated } => ("in", negated),
            Operator::Between { .. } => return Err("BETWEEN has no AND".to_owned()),
            Operator::BetweenAnd { negated } => ("between", negated),
            Operator::Power => ("^", false),
            Operator::Negative => {
                // A number keeps its sign; anything else is multiplied.
                let [operand] = <[Operand; 1]>::try_from(operands).map_err(|_| "a sign has no operand")?;
                let (expression, depth) = match operand.expression {
                    Expr::Number(number) => (Expr::Number(-number), operand.depth),
                    Expr::Integer(number) => (Expr::integer(number.saturating_neg()), operand.depth),
                    other => (Expr::operation("*", vec![Expr::Number(-1.0), other]), operand.depth + 1),
                };
                return self.push(expression, depth);
            }
        };
        self.join(op, operands)?;
        if negated {
            let operand = self.operands.pop().ok_or("an operator has no operand")?;
            self.join("not", vec![operand])?;
        }
        Ok(())
    }

    /// Puts an operation on the stack in place of its operands.
    fn join(&mut self, op: &str, operands: Vec<Operand>) -> Result<(), String> {
        let flat = |operand: &Operand| {
            matches!(op, "and" | "or")
                && matches!(&operand.expression, Expr::Operation { op: inner, .. } if inner == op)
        };
        let depth = operands
            .iter()
            .map(|operand| operand.depth + usize::from(!flat(operand)))
            .max()
            .unwrap_or(1);
        let args = operands.into_iter().map(|operand| operand.expression).collect();
        self.push(Expr::operation(op, args), depth)
    }

    fn push(&mut self, expression: Expr, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("conditions nest deeper than {MAX_DEPTH}"));
        }
        self.operands.push(Operand { expression, depth });
        Ok(())
    }

    /// Ends an item: all its operators are applied.
    fn finish_item(&mut self) -> Result<(), String> {
        self.reduce(0)?;
        if self.operators.pop().is_some() {
            return Err("BETWEEN has no AND".to_owned());
        }
        let operand = self.operands.pop().ok_or("an operand is missing")?;
        if !self.operands.is_empty() {
            return Err("an operator is missing".to_owned());
        }
        self.items.push(operand);
        Ok(())
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    levels: Vec<Level>,
    operators: usize,
}

impl<'t> Parser<'t> {
    fn parse(mut self) -> Result<Expr, String> {
        self.read().map_err(|why| {
            let read = self.text[..self.at].chars().count();
            format!("{why} (at character {read})")
        })
    }

    fn read(&mut self) -> Result<Expr, String> {
        let mut wants_operand = true;
        loop {
            self.skip_blanks();
            if self.rest().is_empty() {
                break;
            }
            wants_operand = if wants_operand {
                self.operand()?
            } else {
                self.operator()?
            };
        }
        if wants_operand {
            return Err("an operand is missing at the end".to_owned());
        }
        if self.levels.len() > 1 {
            return Err("an opening parenthesis has no closing one".to_owned());
        }
        let level = self.level();
        level.finish_item()?;
        level
            .items
            .pop()
            .map(|item| item.expression)
            .ok_or_else(|| "the filter is empty".to_owned())
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::new(Kind::Root));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes the next characters if they are these.
    fn take(&mut self, symbol: &str) -> bool {
        let there = self.rest().starts_with(symbol);
        if there {
            self.at += symbol.len();
        }
        there
    }

    /// The word at this place: a name or a keyword, not yet consumed.
    fn word(&self) -> Option<&'t str> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_alphabetic() || matches!(first, '_' | ':')) {
            return None;
        }
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':')))
            .unwrap_or(rest.len());
        Some(&rest[..end])
    }

    /// Consumes a keyword, in upper or lower case.
    fn keyword(&mut self, keyword: &str) -> bool {
        match self.word() {
            Some(word) if word.eq_ignore_ascii_case(keyword) => {
                self.at += word.len();
                true
            }
            _ => false,
        }
    }

    fn count(&mut self) -> Result<(), String> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            return Err(format!("there are more than {MAX_OPERATORS} operators"));
        }
        Ok(())
    }

    /// Reads an operand, a prefix or an opening parenthesis; returns true if an operand is still wanted.
    fn operand(&mut self) -> Result<bool, String> {
        let Some(first) = self.rest().chars().next() else {
            return Ok(true);
        };
        match first {
            '(' => {
                self.at += 1;
                let kind = match self.level().operators.last() {
                    Some(Operator::In { .. }) => Kind::List,
                    _ => Kind::Group,
                };
                self.levels.push(Level::new(kind));
                Ok(true)
            }
            ')' => {
                let level = self.level();
                let empty = level.items.is_empty() && level.operands.is_empty() && level.operators.is_empty();
                match level.kind {
                    Kind::Root => Err("a closing parenthesis has no opening one".to_owned()),
                    _ if empty => {
                        self.at += 1;
                        self.close()
                    }
                    _ => Err("an operand is missing before a closing parenthesis".to_owned()),
                }
            }
            '\'' => {
                let text = self.quoted('\'')?;
                self.level().push(Expr::Text(text), 0)?;
                Ok(false)
            }
            '"' => {
                let name = self.quoted('"')?;
                self.named(&name, true)
            }
            '-' | '+' => {
                self.at += 1;
                if first == '-' {
                    self.count()?;
                    self.level().operators.push(Operator::Negative);
                }
                Ok(true)
            }
            '0'..='9' | '.' => {
                let number = self.number()?;
                self.level().push(number, 0)?;
                Ok(false)
            }
            _ => {
                let word = self.word().ok_or_else(|| format!("{first:?} begins no operand"))?;
                self.at += word.len();
                self.named(word, false)
            }
        }
    }

    /// A name: a keyword, a function, a geometry or a queryable.
    fn named(&mut self, name: &str, quoted: bool) -> Result<bool, String> {
        let start = self.at;
        let lower = name.to_lowercase();
        if !quoted {
            match lower.as_str() {
                "not" => {
                    self.count()?;
                    self.level().operators.push(Operator::Not);
                    return Ok(true);
                }
                "true" | "false" => {
                    self.level().push(Expr::Bool(lower == "true"), 0)?;
                    return Ok(false);
                }
                "null" => {
                    self.level().push(Expr::Null, 0)?;
                    return Ok(false);
                }
                _ if GEOMETRIES.contains(&lower.as_str()) => {
                    if let Some(geometry) = self.geometry(name)? {
                        self.level().push(Expr::Geometry(geometry), 0)?;
                        return Ok(false);
                    }
                }
                _ => {}
            }
        }
        self.skip_blanks();
        if self.take("(") {
            self.count()?;
            self.levels.push(Level::new(Kind::Call(lower)));
            return Ok(true);
        }
        self.at = start;
        self.level().push(Expr::Property(name.to_owned()), 0)?;
        Ok(false)
    }

    /// A geometry in well-known text whose name was consumed; none if no coordinates follow.
    fn geometry(&mut self, name: &str) -> Result<Option<Geometry<f64>>, String> {
        let start = self.at;
        self.skip_blanks();
        for dimension in ["ZM", "Z", "M"] {
            if self.keyword(dimension) {
                break;
            }
        }
        self.skip_blanks();
        if self.keyword("empty") {
            return Err(format!("the geometry {name} is empty"));
        }
        if !self.rest().starts_with('(') {
            self.at = start;
            return Ok(None);
        }
        let mut open = 0_usize;
        let length = self
            .rest()
            .char_indices()
            .find_map(|(at, c)| {
                open = match c {
                    '(' => open + 1,
                    ')' => open - 1,
                    _ => return None,
                };
                (open == 0).then_some(at + 1)
            })
            .ok_or("an opening parenthesis has no closing one")?;
        let written = &self.text[start..self.at + length];
        if too_deep(written) {
            return Err("a geometry collection holds another one".to_owned());
        }
        let geometry = Wkt::<f64>::from_str(&format!("{name} {written}"))
            .ok()
            .and_then(|wkt| Geometry::try_from(wkt).ok())
            .ok_or_else(|| format!("the geometry {name} cannot be read as well-known text"))?;
        self.at += length;
        Ok(Some(geometry))
    }

    /// A text or a name in quotes: a doubled quote is one, and so is a quote after a backslash in a text.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if c == quote && next == Some(quote) || c == '\\' && quote == '\'' && next == Some('\'') && self.escapes(at)
            {
                text.push(quote);
                characters.next();
            } else if c == quote {
                self.at += at + c.len_utf8();
                return Ok(text);
            } else {
                text.push(c);
            }
        }
        Err("a quote is not closed".to_owned())
    }

    /// True if the quote after the backslash at this offset of the rest does not end the text,
    /// which it does where no other quote follows.
    fn escapes(&self, backslash: usize) -> bool {
        self.rest()[backslash + 2..].contains('\'')
    }

    fn number(&mut self) -> Result<Expr, String> {
        let rest = self.rest().as_bytes();
        let digits = |from: usize| rest[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let mut end = digits(0);
        if rest.get(end) == Some(&b'.') {
            end += 1 + digits(end + 1);
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > 0 {
                end += 1 + sign + exponent;
            }
        }
        let written = &self.rest()[..end];
        let number: f64 = written.parse().map_err(|_| format!("{written:?} is no number"))?;
        if !number.is_finite() {
            return Err("a number is not finite".to_owned());
        }
        self.at += end;
        if self.word().is_some() {
            return Err("a number is followed by a letter".to_owned());
        }
        Ok(written.parse().map_or(Expr::Number(number), Expr::integer))
    }

    /// Reads an operator, a comma or a closing parenthesis; returns true if an operand is wanted next.
    fn operator(&mut self) -> Result<bool, String> {
        if self.take(")") {
            if matches!(self.level().kind, Kind::Root) {
                return Err("a closing parenthesis has no opening one".to_owned());
            }
            self.level().finish_item()?;
            return self.close();
        }
        if self.take(",") {
            if matches!(self.level().kind, Kind::Root) {
                return Err("a comma is outside of parentheses".to_owned());
            }
            self.level().finish_item()?;
            return Ok(true);
        }
        self.count()?;
        for (symbol, operator) in [
            ("<>", Operator::Compare("<>")),
            ("!=", Operator::Compare("<>")),
            ("<=", Operator::Compare("<=")),
            (">=", Operator::Compare(">=")),
            ("<", Operator::Compare("<")),
            (">", Operator::Compare(">")),
            ("=", Operator::Compare("=")),
            ("+", Operator::Sum("+")),
            ("-", Operator::Sum("-")),
            ("*", Operator::Product("*")),
            ("/", Operator::Product("/")),
            ("%", Operator::Product("%")),
            ("^", Operator::Power),
        ] {
            if self.take(symbol) {
                return self.infix(operator);
            }
        }
        let negated = self.keyword("not");
        self.skip_blanks();
        if self.keyword("like") {
            return self.infix(Operator::Like { negated });
        }
        if self.keyword("in") {
            self.skip_blanks();
            if !self.rest().starts_with('(') {
                return Err("IN takes a list in parentheses".to_owned());
            }
            return self.infix(Operator::In { negated });
        }
        if self.keyword("between") {
            return self.infix(Operator::Between { negated });
        }
        if negated {
            return Err("NOT is followed by LIKE, IN or BETWEEN here".to_owned());
        }
        if self.keyword("is") {
            return self.is_null();
        }
        if self.keyword("div") {
            return self.infix(Operator::Product("div"));
        }
        if self.keyword("or") {
            return self.infix(Operator::Or);
        }
        if self.keyword("and") {
            let level = self.level();
            level.reduce(Operator::Compare("").precedence())?;
            if let Some(Operator::Between { negated }) = level.operators.last().copied() {
                level.operators.pop();
                level.operators.push(Operator::BetweenAnd { negated });
                return Ok(true);
            }
            return self.infix(Operator::And);
        }
        Err("an operator is missing".to_owned())
    }

    fn infix(&mut self, operator: Operator) -> Result<bool, String> {
        let level = self.level();
        level.reduce(operator.precedence())?;
        level.operators.push(operator);
        Ok(true)
    }

    /// `IS NULL` or `IS NOT NULL` after the operand; `IS` was consumed.
    fn is_null(&mut self) -> Result<bool, String> {
        self.skip_blanks();
        let negated = self.keyword("not");
        self.skip_blanks();
        if !self.keyword("null") {
            return Err("IS is followed by NULL or NOT NULL".to_owned());
        }
        let level = self.level();
        level.reduce(Operator::Sum("+").precedence())?;
        let operand = level.operands.pop().ok_or("IS NULL has no operand")?;
        level.join("isnull", vec![operand])?;
        if negated {
            let operand = level.operands.pop().ok_or("IS NOT NULL has no operand")?;
            level.join("not", vec![operand])?;
        }
        Ok(false)
    }

    /// Ends the innermost parenthesis, whose items are complete; its value becomes an operand of the level around it.
    fn close(&mut self) -> Result<bool, String> {
        let Some(level) = self.levels.pop() else {
            return Ok(false);
        };
        let mut items = level.items;
        let depth = items.iter().map(|item| item.depth).max().unwrap_or(0);
        let around = self.level();
        match level.kind {
            Kind::Group if items.len() == 1 => {
                if let Some(item) = items.pop() {
                    around.push(item.expression, item.depth)?;
                }
            }
            Kind::Root | Kind::Group | Kind::List => {
                let items = items.into_iter().map(|item| item.expression).collect();
                around.push(Expr::Array(items), depth + 1)?;
            }
            Kind::Call(name) => {
                let args: Vec<Expr> = items.into_iter().map(|item| item.expression).collect();
                around.push(call(&name, args)?, depth + 1)?;
            }
        }
        Ok(false)
    }
}

/// A function with its arguments; some names are literals with arguments.
fn call(name: &str, mut args: Vec<Expr>) -> Result<Expr, String> {
    Ok(match name {
        "date" | "timestamp" => match (args.pop(), args.is_empty()) {
            (Some(Expr::Text(text)), true) => Expr::Instant(text),
            _ => return Err("DATE and TIMESTAMP take one text".to_owned()),
        },
        "interval" => Expr::Interval(args),
        "bbox" => Expr::Bbox(args),
        _ => Expr::operation(name, args),
    })
}

/// True if a geometry collection holds another one, which the standard does not have.
fn too_deep(written: &str) -> bool {
    written.to_ascii_lowercase().contains("geometrycollection")
}
