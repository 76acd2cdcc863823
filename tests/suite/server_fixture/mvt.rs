//! A small reader of vector tiles, written from the specification and independent of the writer.

use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Double(f64),
    Integer(i64),
    Boolean(bool),
}

#[derive(Debug)]
pub struct Feature {
    pub id: u64,
    pub kind: u64,
    pub properties: BTreeMap<String, Value>,
    /// Points, lines, or rings without the closing point.
    pub parts: Vec<Vec<[i64; 2]>>,
}

#[derive(Debug)]
pub struct Layer {
    pub name: String,
    pub version: u64,
    pub extent: u64,
    pub features: Vec<Feature>,
}

impl Feature {
    pub fn text(&self, key: &str) -> &str {
        match self.properties.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
}

struct Reader<'b>(&'b [u8]);

enum Wire<'b> {
    Number(u64),
    Eight([u8; 8]),
    Bytes(&'b [u8]),
}

impl<'b> Reader<'b> {
    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let byte = self.0[0];
            self.0 = &self.0[1..];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
        }
        panic!("a varint does not end")
    }

    fn take(&mut self, count: usize) -> &'b [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn field(&mut self) -> Option<(u64, Wire<'b>)> {
        if self.0.is_empty() {
            return None;
        }
        let tag = self.varint();
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()),
            1 => Wire::Eight(self.take(8).try_into().unwrap()),
            2 => {
                let length = self.varint() as usize;
                Wire::Bytes(self.take(length))
            }
            other => panic!("wire type {other}"),
        };
        Some((tag >> 3, wire))
    }
}

fn packed(bytes: &[u8]) -> Vec<u64> {
    let mut reader = Reader(bytes);
    let mut numbers = Vec::new();
    while !reader.0.is_empty() {
        numbers.push(reader.varint());
    }
    numbers
}

fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

pub fn decode(tile: &[u8]) -> Vec<Layer> {
    let mut reader = Reader(tile);
    let mut layers = Vec::new();
    while let Some((field, wire)) = reader.field() {
        match (field, wire) {
            (3, Wire::Bytes(bytes)) => layers.push(layer(bytes)),
            (field, _) => panic!("field {field} in a tile"),
        }
    }
    layers
}

fn layer(bytes: &[u8]) -> Layer {
    let mut reader = Reader(bytes);
    let (mut name, mut version, mut extent) = (String::new(), 0, 0);
    let (mut raw, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((field, wire)) = reader.field() {
        match (field, wire) {
            (15, Wire::Number(number)) => version = number,
            (1, Wire::Bytes(bytes)) => name = String::from_utf8(bytes.to_vec()).unwrap(),
            (2, Wire::Bytes(bytes)) => raw.push(bytes),
            (3, Wire::Bytes(bytes)) => keys.push(String::from_utf8(bytes.to_vec()).unwrap()),
            (4, Wire::Bytes(bytes)) => values.push(value(bytes)),
            (5, Wire::Number(number)) => extent = number,
            (field, _) => panic!("field {field} in a layer"),
        }
    }
    let features = raw.into_iter().map(|bytes| feature(bytes, &keys, &values)).collect();
    Layer {
        name,
        version,
        extent,
        features,
    }
}

fn value(bytes: &[u8]) -> Value {
    let (field, wire) = Reader(bytes).field().expect("a value");
    match (field, wire) {
        (1, Wire::Bytes(bytes)) => Value::Text(String::from_utf8(bytes.to_vec()).unwrap()),
        (3, Wire::Eight(bytes)) => Value::Double(f64::from_le_bytes(bytes)),
        (4 | 5, Wire::Number(number)) => Value::Integer(number as i64),
        (6, Wire::Number(number)) => Value::Integer(zigzag(number)),
        (7, Wire::Number(number)) => Value::Boolean(number == 1),
        (field, _) => panic!("field {field} in a value"),
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let mut reader = Reader(bytes);
    let (mut id, mut kind, mut tags, mut geometry) = (0, 0, Vec::new(), Vec::new());
    while let Some((field, wire)) = reader.field() {
        match (field, wire) {
            (1, Wire::Number(number)) => id = number,
            (2, Wire::Bytes(bytes)) => tags = packed(bytes),
            (3, Wire::Number(number)) => kind = number,
            (4, Wire::Bytes(bytes)) => geometry = packed(bytes),
            (field, _) => panic!("field {field} in a feature"),
        }
    }
    let properties = tags
        .chunks(2)
        .map(|pair| (keys[pair[0] as usize].clone(), values[pair[1] as usize].clone()));
    Feature {
        id,
        kind,
        properties: properties.collect(),
        parts: parts(&geometry, kind),
    }
}

fn parts(commands: &[u64], kind: u64) -> Vec<Vec<[i64; 2]>> {
    let mut parts: Vec<Vec<[i64; 2]>> = Vec::new();
    let mut cursor = [0, 0];
    let mut at = 0;
    while at < commands.len() {
        let (id, count) = (commands[at] & 7, (commands[at] >> 3) as usize);
        at += 1;
        assert!(count > 0, "a command without parameters");
        match id {
            1 | 2 => {
                assert!(id == 2 || kind == 1 || count == 1, "one MoveTo starts a line or ring");
                for _ in 0..count {
                    cursor[0] += zigzag(commands[at]);
                    cursor[1] += zigzag(commands[at + 1]);
                    at += 2;
                    if id == 1 && (parts.is_empty() || kind != 1) {
                        parts.push(Vec::new());
                    }
                    let part = parts.last_mut().unwrap();
                    assert!(id == 1 || part.last() != Some(&cursor), "a LineTo of no length");
                    part.push(cursor);
                }
            }
            7 => assert!(kind == 3 && count == 1, "ClosePath ends a ring"),
            other => panic!("command {other}"),
        }
    }
    parts
}

/// Twice the signed area of a ring, positive for an outer one.
pub fn doubled_area(ring: &[[i64; 2]]) -> i64 {
    (0..ring.len())
        .map(|at| {
            let (a, b) = (ring[at], ring[(at + 1) % ring.len()]);
            a[0] * b[1] - b[0] * a[1]
        })
        .sum()
}
