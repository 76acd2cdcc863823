//! The seed document.
use crate::reader::FIXTURE;

const SEED: &str = include_str!("../../seeds/000_a92614c7eb69c543.txt");

#[test]
fn dump() {
    let found = FIXTURE.read(
        SEED,
        &["بغداد", "أربيل", "العراق", "ديالى", "كركوك", "صلاح الدين", "مخمور"],
    );
    for q in &found.quantities {
        println!(
            "Q {} | {} | {} {} {:?} {:?}",
            q.words.text, q.noun, q.value, q.unit, q.approximate, q.approximation
        );
    }
    for a in &found.attributions {
        println!(
            "A {:?} {:?} | {} | {} | {}",
            a.speaker.as_ref().map(|s| &s.words.text),
            a.speaker.as_ref().map(|s| s.carried),
            a.verb.text,
            a.direct,
            a.quote.text
        );
    }
    for c in &found.claims {
        println!(
            "C {:?} {} {:?} {:?} {:?} | {}",
            c.kind, c.status, c.places, c.quantities, c.attribution, c.evidence.text
        );
    }
}
