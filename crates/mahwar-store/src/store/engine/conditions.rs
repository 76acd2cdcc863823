//! Conditions of a query, and the choice between two ways to its rows: few rows of an index are listed and sorted, many are
//! met on the way through the table in its order.

use super::{Session, StoreError};
use crate::{layers::Days, store::session::Value};

/// Limit of rows that are sorted for one page; more are read in the order of the table, from the beginning.
pub const SORTED: i64 = 10_000;

/// Conditions of a query, with the values that they name.
#[derive(Default)]
pub struct Conditions<'q> {
    pub sql: Vec<String>,
    pub values: Vec<Value<'q>>,
}

impl<'q> Conditions<'q> {
    /// Adds a condition; each `?` in it is replaced by the parameter of one of the values.
    pub fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value<'q>>) {
        let filled = self.fill(condition, values);
        self.sql.push(filled);
    }

    /// SQL with the parameters of its values.
    pub fn fill(&mut self, sql: &str, values: impl IntoIterator<Item = Value<'q>>) -> String {
        let mut parts = sql.split('?');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values) {
            filled.push_str(&format!("${}{part}", self.value(value)));
        }
        filled
    }

    /// Adds a value; returns the number of its parameter.
    pub fn value(&mut self, value: Value<'q>) -> usize {
        self.values.push(value);
        self.values.len()
    }
}

/// A limit that both databases take.
pub fn limit(limit: usize) -> Value<'static> {
    limit.min(1 << 31).into()
}

/// The first day of a span and the day after its last one, as texts that publication dates are compared with. Dates as texts
/// sort in the order of their days, whatever their time and offset.
pub fn bounds(days: Days) -> [String; 2] {
    let next = days.last.tomorrow();
    let next = next.map_or_else(|_| "A".to_owned(), |next| next.to_string());
    [days.first.to_string(), next]
}

/// True if a query has so few rows that all of them may be sorted.
pub fn are_few(session: &mut dyn Session, rows: &str, values: &[Value]) -> Result<bool, StoreError> {
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS listed LIMIT {SORTED}) AS first");
    let row = session.row(&sql, values)?;
    row.map_or(Ok(true), |row| Ok(row.int(0)? < SORTED))
}

/// True if a box holds a point; west > east crosses the antimeridian.
pub fn holds([west, south, east, north]: [f64; 4], [lon, lat]: [f64; 2]) -> bool {
    let across = match west <= east {
        true => (west..=east).contains(&lon),
        false => lon >= west || lon <= east,
    };
    across && (south..=north).contains(&lat)
}
