mod common;
#[test]
#[ignore]
fn show() {
    let text = std::env::var("T").unwrap();
    let g = common::geoparser();
    let tokens = g.tokens(&text);
    for t in &tokens.tokens { println!("{:?} {} {} {} cut{} tail{} {:?}", &text[t.range()], t.word, t.stem, t.is_sorani(), t.cut, t.tail, t.kind); }
    for m in g.geoparse(&text).mentions { println!("{} {:?} {:?} {:?} {:?} {:?}", m.text, m.trigger, m.reading, m.actor, m.place.map(|p| p.id), m.candidates.iter().map(|c| (c.id.as_str(), c.score, &c.reasons)).collect::<Vec<_>>()); }
}
