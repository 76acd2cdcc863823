//! Expressions of the style specification, evaluated for a feature at a zoom.

use super::value::Value;
use crate::{language::Language, layers::FeatureRef};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// Input of an expression.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub zoom: f64,
    pub subject: Subject<'a>,
}

/// Object whose properties an expression reads.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// A feature of a layer, with the language of its plain name.
    Feature(FeatureRef<'a>, Language),
    /// A sample of the legend.
    Sample(&'a Map<String, Json>),
}

impl<'a> Subject<'a> {
    fn get(self, name: &str) -> Value<'a> {
        match self {
            Self::Feature(feature, language) if name == "name" => feature
                .name(language)
                .map_or(Value::Null, |name| Value::Text(Cow::Borrowed(name))),
            Self::Feature(feature, _) => feature.value(name).into(),
            Self::Sample(properties) => match properties.get(name) {
                Some(Json::String(text)) => Value::Text(Cow::Borrowed(text)),
                Some(Json::Number(number)) => Value::Number(number.as_f64().unwrap_or_default()),
                Some(Json::Bool(truth)) => Value::Bool(*truth),
                _ => Value::Null,
            },
        }
    }
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub enum Expression {
    Literal(Literal),
    Get(String),
    Zoom,
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Compare(Comparison, Box<[Self; 2]>),
    Arithmetic(Operator, Vec<Self>),
    SquareRoot(Box<Self>),
    Coalesce(Vec<Self>),
    Case(Vec<(Self, Self)>, Box<Self>),
    Match(Box<Self>, Vec<(Vec<Literal>, Self)>, Box<Self>),
    Step(Box<Self>, Box<Self>, Vec<(f64, Self)>),
    /// Straight between stops.
    Interpolate(Box<Self>, Vec<(f64, Self)>),
    /// A whole number in the digits of a script.
    NumberFormat(Box<Self>, Digits),
}

/// A fixed value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

#[derive(Clone, Copy, Debug)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Least,
    Greatest,
}

#[derive(Clone, Copy, Debug)]
pub enum Digits {
    European,
    Arabic,
}

impl Literal {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
        }
    }
}

impl Expression {
    /// The value; null where the specification has an error, such as arithmetic on text.
    pub fn value<'a>(&'a self, context: Context<'a>) -> Value<'a> {
        match self {
            Self::Literal(literal) => literal.value(),
            Self::Get(name) => context.subject.get(name),
            Self::Zoom => Value::Number(context.zoom),
            Self::Not(inner) => Value::Bool(!inner.value(context).is_true()),
            Self::All(parts) => Value::Bool(parts.iter().all(|part| part.value(context).is_true())),
            Self::Any(parts) => Value::Bool(parts.iter().any(|part| part.value(context).is_true())),
            Self::Compare(how, sides) => {
                let [left, right] = sides.each_ref().map(|side| side.value(context));
                Value::Bool(how.holds(&left, &right))
            }
            Self::Arithmetic(operator, parts) => {
                let mut numbers = parts.iter().map(|part| part.value(context).number());
                let Some(Some(first)) = numbers.next() else {
                    return Value::Null;
                };
                let result = numbers.try_fold(first, |all, next| Some(operator.apply(all, next?)));
                result.map_or(Value::Null, Value::Number)
            }
            Self::SquareRoot(inner) => match inner.value(context).number() {
                Some(number) => Value::Number(number.sqrt()),
                None => Value::Null,
            },
            Self::Coalesce(parts) => {
                let values = parts.iter().map(|part| part.value(context));
                values
                    .into_iter()
                    .find(|value| *value != Value::Null)
                    .unwrap_or(Value::Null)
            }
            Self::Case(cases, otherwise) => {
                let case = cases.iter().find(|(test, _)| test.value(context).is_true());
                case.map_or(&**otherwise, |(_, result)| result).value(context)
            }
            Self::Match(input, cases, otherwise) => {
                let input = input.value(context);
                let hit = |labels: &[Literal]| labels.iter().any(|label| label.value() == input);
                let case = cases.iter().find(|(labels, _)| hit(labels));
                case.map_or(&**otherwise, |(_, result)| result).value(context)
            }
            Self::Step(input, first, stops) => {
                let at = input.value(context).number().unwrap_or(f64::MIN);
                let stop = stops.iter().rev().find(|(from, _)| at >= *from);
                stop.map_or(&**first, |(_, result)| result).value(context)
            }
            Self::Interpolate(input, stops) => interpolate(input, stops, context),
            Self::NumberFormat(inner, digits) => match inner.value(context).number() {
                Some(number) => Value::Text(Cow::Owned(digits.write(number))),
                None => Value::Null,
            },
        }
    }

    pub fn number(&self, context: Context<'_>) -> Option<f64> {
        self.value(context).number()
    }
}

fn interpolate<'a>(input: &'a Expression, stops: &'a [(f64, Expression)], context: Context<'a>) -> Value<'a> {
    let Some(at) = input.number(context) else {
        return Value::Null;
    };
    let next = stops.partition_point(|(stop, _)| *stop <= at);
    let (Some(before), after) = (stops.get(next.saturating_sub(1)), stops.get(next)) else {
        return Value::Null;
    };
    let (Some(after), true) = (after, next > 0) else {
        return before.1.value(context);
    };
    match (before.1.number(context), after.1.number(context)) {
        (Some(from), Some(to)) => {
            let share = (at - before.0) / (after.0 - before.0);
            Value::Number(from + (to - from) * share)
        }
        _ => Value::Null,
    }
}

impl Comparison {
    fn holds(self, left: &Value<'_>, right: &Value<'_>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            _ => None,
        };
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => order == Some(Less),
            Self::LessOrEqual => matches!(order, Some(Less | Equal)),
            Self::Greater => order == Some(Greater),
            Self::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
        }
    }
}

impl Operator {
    fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Least => left.min(right),
            Self::Greatest => left.max(right),
        }
    }
}

impl Digits {
    fn write(self, number: f64) -> String {
        let plain = format!("{:.0}", number.abs());
        let mut text = String::new();
        if number < -0.5 {
            text.push('-');
        }
        for (at, digit) in plain.chars().enumerate() {
            if at > 0 && (plain.len() - at) % 3 == 0 {
                text.push(if matches!(self, Self::Arabic) { '٬' } else { ',' });
            }
            text.push(match (self, digit.to_digit(10)) {
                (Self::Arabic, Some(value)) => char::from_u32(0x660 + value).unwrap_or(digit),
                _ => digit,
            });
        }
        text
    }
}
