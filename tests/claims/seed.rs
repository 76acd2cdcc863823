//! The seed document.
use crate::reader::read;

const SEED: &str = include_str!("../../seeds/000_a92614c7eb69c543.txt");

#[test]
fn dump() {
    let found = read(SEED);
    for q in &found.quantities { println!("Q {} | {} | {} {} {:?} {:?}", q.words.text, q.noun, q.value, q.unit, q.approximate, q.approximation); }
    for a in &found.attributions { println!("A {:?} {:?} | {} | {} | {}", a.speaker.as_ref().map(|s| &s.words.text), a.speaker.as_ref().map(|s| s.carried), a.verb.text, a.direct, a.quote.text); }
    for c in &found.claims { println!("C {:?} {} {:?} {:?} {:?} | {}", c.kind, c.status, c.places, c.quantities, c.attribution, c.evidence.text); }
}

#[test]
fn probe() {
    let Ok(text) = std::fs::read_to_string("/tmp/probe.txt") else { return };
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let found = read(line);
        println!("\n# {line}");
        for q in &found.quantities { println!("  Q [{}] noun [{}] {}{} {} {}", q.words.text, q.noun, q.value, q.upper.map_or(String::new(), |u| format!("..{u}")), q.unit, q.approximation.clone().unwrap_or(if q.approximate {"~".into()} else {String::new()})); }
        for a in &found.attributions { println!("  A [{}]{} <{}>{} {}", a.speaker.as_ref().map_or("-", |s| &s.words.text), if a.speaker.as_ref().is_some_and(|s| s.carried) {"(carried)"} else {""}, a.verb.text, if a.direct {"\""} else {""}, a.quote.text); }
        for c in &found.claims { println!("  C {:?} {} {:?} {:?} {:?} | {}", c.kind, c.status, c.places, c.quantities, c.attribution, c.evidence.text); }
    }
}
