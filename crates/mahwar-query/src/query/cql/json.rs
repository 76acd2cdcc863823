//! CQL2 JSON (OGC 21-065r2, requirements class "CQL2 JSON").

use super::expression::{Expr, MAX_DEPTH, MAX_OPERATORS};
use geo::Geometry;
use serde_json::{Map, Value};

/// Reads an expression.
///
/// # Errors
/// The reason, as a clause without a capital letter.
pub fn parse(text: &str) -> Result<Expr, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| match error.to_string() {
        // Each operation nests an object and a list.
        why if why.contains("recursion limit") => "operations nest deeper than 60".to_owned(),
        why => why,
    })?;
    Reader { operators: 0 }.expression(value, 0)
}

struct Reader {
    operators: usize,
}

impl Reader {
    fn expression(&mut self, value: Value, depth: usize) -> Result<Expr, String> {
        if depth > MAX_DEPTH {
            return Err(format!("conditions nest deeper than {MAX_DEPTH}"));
        }
        match value {
            Value::Null => Ok(Expr::Null),
            Value::Bool(truth) => Ok(Expr::Bool(truth)),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Ok(Expr::integer(number)),
                None => number
                    .as_f64()
                    .map(Expr::Number)
                    .ok_or_else(|| "a number is too large".to_owned()),
            },
            Value::String(text) => Ok(Expr::Text(text)),
            Value::Array(items) => Ok(Expr::Array(self.expressions(items, depth)?)),
            Value::Object(members) => self.object(members, depth),
        }
    }

    fn expressions(&mut self, values: Vec<Value>, depth: usize) -> Result<Vec<Expr>, String> {
        values
            .into_iter()
            .map(|value| self.expression(value, depth + 1))
            .collect()
    }

    fn object(&mut self, mut members: Map<String, Value>, depth: usize) -> Result<Expr, String> {
        if members.contains_key("coordinates") || members.contains_key("geometries") {
            return geometry(members);
        }
        if let Some(op) = members.remove("op") {
            let Value::String(op) = op else {
                return Err("\"op\" is no text".to_owned());
            };
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return Err(format!("there are more than {MAX_OPERATORS} operators"));
            }
            let args = match members.remove("args") {
                Some(Value::Array(args)) => self.expressions(args, depth)?,
                Some(_) => return Err(format!("\"args\" of {op:?} is no list")),
                None => return Err(format!("{op:?} has no \"args\"")),
            };
            let op = match op.to_lowercase() {
                op if op == "!=" => "<>".to_owned(),
                op => op,
            };
            return Ok(Expr::operation(&op, args));
        }
        if let Some(Value::String(name)) = members.get("property") {
            return Ok(Expr::Property(name.clone()));
        }
        if let Some(Value::String(text)) = members.get("date").or_else(|| members.get("timestamp")) {
            return Ok(Expr::Instant(text.clone()));
        }
        if let Some(Value::Array(ends)) = members.remove("interval") {
            return Ok(Expr::Interval(self.expressions(ends, depth)?));
        }
        if let Some(Value::Array(numbers)) = members.remove("bbox") {
            return Ok(Expr::Bbox(self.expressions(numbers, depth)?));
        }
        Err("an object is no operation, property, date, timestamp, interval, bbox or GeoJSON geometry".to_owned())
    }
}

fn geometry(members: Map<String, Value>) -> Result<Expr, String> {
    serde_json::from_value::<geojson::Geometry>(Value::Object(members))
        .ok()
        .and_then(|geometry| Geometry::try_from(geometry).ok())
        .map(Expr::Geometry)
        .ok_or_else(|| "a geometry cannot be read as GeoJSON".to_owned())
}
