//! Reads expressions of the style specification from JSON; unknown ones are refused by name.

use super::expression::{Comparison, Digits, Expression, Literal, Operator};
use serde_json::Value as Json;

/// How deep expressions may be nested.
const DEPTH: usize = 32;

/// Reads an expression; the error names the unsupported part.
pub fn expression(json: &Json) -> Result<Expression, String> {
    at_depth(json, 0)
}

fn at_depth(json: &Json, depth: usize) -> Result<Expression, String> {
    if depth > DEPTH {
        return Err(format!("expressions nested more than {DEPTH} deep"));
    }
    let Json::Array(items) = json else {
        return literal(json).map(Expression::Literal);
    };
    let Some((Json::String(name), arguments)) = items.split_first() else {
        return Err(format!("{json} as an expression"));
    };
    let parse = |json: &Json| at_depth(json, depth + 1);
    let all = || arguments.iter().map(parse).collect::<Result<Vec<_>, _>>();
    let boxed = |json: &Json| parse(json).map(Box::new);
    let wrong = || format!("the expression {name:?} with these arguments");
    if let Some(comparison) = comparison(name) {
        let [left, right] = arguments else { return Err(wrong()) };
        return Ok(Expression::Compare(comparison, Box::new([parse(left)?, parse(right)?])));
    }
    if let Some(operator) = operator(name) {
        return Ok(Expression::Arithmetic(operator, all()?));
    }
    Ok(match (name.as_str(), arguments) {
        ("get", [Json::String(property)]) => Expression::Get(property.clone()),
        ("zoom", []) => Expression::Zoom,
        ("!", [inner]) => Expression::Not(boxed(inner)?),
        ("all", _) => Expression::All(all()?),
        ("any", _) => Expression::Any(all()?),
        ("sqrt", [inner]) => Expression::SquareRoot(boxed(inner)?),
        ("coalesce", _) => Expression::Coalesce(all()?),
        ("case", [cases @ .., otherwise]) if cases.len() % 2 == 0 => {
            let pairs = cases.chunks(2).map(|pair| Ok((parse(&pair[0])?, parse(&pair[1])?)));
            Expression::Case(pairs.collect::<Result<_, String>>()?, boxed(otherwise)?)
        }
        ("match", [input, cases @ .., otherwise]) if cases.len() % 2 == 0 => {
            let pairs = cases.chunks(2).map(|pair| Ok((labels(&pair[0])?, parse(&pair[1])?)));
            Expression::Match(boxed(input)?, pairs.collect::<Result<_, String>>()?, boxed(otherwise)?)
        }
        ("step", [input, first, rest @ ..]) => Expression::Step(boxed(input)?, boxed(first)?, stops(rest, parse)?),
        ("interpolate", [Json::Array(kind), input, rest @ ..]) if kind.first() == Some(&Json::from("linear")) => {
            Expression::Interpolate(boxed(input)?, stops(rest, parse)?)
        }
        ("number-format", [input, Json::Object(options)]) => {
            let locale = options.get("locale").and_then(Json::as_str).unwrap_or("en");
            if options.get("max-fraction-digits") != Some(&Json::from(0)) {
                return Err("\"number-format\" with fractions".to_owned());
            }
            let digits = if locale.ends_with("nu-arab") {
                Digits::Arabic
            } else {
                Digits::European
            };
            Expression::NumberFormat(boxed(input)?, digits)
        }
        ("literal", [value]) => Expression::Literal(literal(value)?),
        (
            "get" | "zoom" | "!" | "sqrt" | "case" | "match" | "step" | "interpolate" | "number-format" | "literal",
            _,
        ) => {
            return Err(wrong());
        }
        _ => return Err(format!("the expression {name:?}")),
    })
}

fn literal(json: &Json) -> Result<Literal, String> {
    Ok(match json {
        Json::Null => Literal::Null,
        Json::Bool(truth) => Literal::Bool(*truth),
        Json::Number(number) => Literal::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Literal::Text(text.clone()),
        other => return Err(format!("{other} as a value")),
    })
}

fn labels(json: &Json) -> Result<Vec<Literal>, String> {
    match json {
        Json::Array(items) => items.iter().map(literal).collect(),
        one => Ok(vec![literal(one)?]),
    }
}

fn stops(rest: &[Json], parse: impl Fn(&Json) -> Result<Expression, String>) -> Result<Vec<(f64, Expression)>, String> {
    if rest.is_empty() || !rest.len().is_multiple_of(2) {
        return Err("stops without a value".to_owned());
    }
    let pairs = rest.chunks(2).map(|pair| {
        let at = pair[0].as_f64().ok_or_else(|| format!("the stop {}", pair[0]))?;
        Ok((at, parse(&pair[1])?))
    });
    pairs.collect()
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "==" => Comparison::Equal,
        "!=" => Comparison::Unequal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "%" => Operator::Remainder,
        "min" => Operator::Least,
        "max" => Operator::Greatest,
        _ => return None,
    })
}
