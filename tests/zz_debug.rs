mod common;
#[test]
#[ignore]
fn show() {
    let g = common::geoparser();
    for text in std::env::var("T").unwrap().split("||") {
        println!("# {text}");
        let tokens = g.tokens(&text);
        if std::env::var("V").is_ok() {
            for t in &tokens.tokens {
                println!(
                    "{:?} {} {} {} cut{} tail{} {:?}",
                    &text[t.range()],
                    t.word,
                    t.stem,
                    t.is_sorani(),
                    t.cut,
                    t.tail,
                    t.kind
                );
            }
        }
        for m in g.geoparse(&text).mentions {
            println!(
                "  {} [{}] {:?} {:?} {} {:?}",
                m.text,
                m.trigger.unwrap_or_default(),
                m.reading,
                m.actor,
                m.place.map_or("-".into(), |p| p.id),
                m.candidates
                    .iter()
                    .take(3)
                    .map(|c| (c.id.as_str(), c.score))
                    .collect::<Vec<_>>()
            );
        }
    }
}
