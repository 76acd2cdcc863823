//! Memory that reading texts and pages takes at its peak, for each byte of the input. The limits are those that the
//! documentation states (docs/performance.md). One test, since all of a process is measured.

use mahwar::{
    gazetteer::{Gazetteer, read_places},
    geoparse::{Geoparser, Lexicon},
    ingest::html_to_text,
    land::Files,
};
use peak_alloc::PeakAlloc;
use std::{io, sync::Arc};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Texts like those that people write.
const ORDINARY: [&str; 4] = [
    "قال المحافظ إن 5 أشخاص قتلوا في كركوك وخانقين على مسافة 20 كم. ",
    "قال محافظ كركوك إن 120 مقاتلا انسحبوا من قضاء خانقين شمال شرق ديالى. ",
    "Police said on Saturday that three villagers were wounded when a roadside bomb exploded near the town of Jalawla, north-east of Baqubah. ",
    "بەرپرسێک گوتی سێ کەس لە هێرشێکدا لە نزیک خورماتوو بریندار بوون و هێزەکان گەیشتنە شوێنەکە. ",
];
/// Texts of little but names: those of the reports, and others of the kind.
const WORST: [&str; 8] = [
    "Tar ",
    "Akra ",
    "Kirkuk ",
    "Qasrok ",
    "In the villages of Jasim Muhammad, As Sadah, Al Salam, Tal Ahmad, Al Wahda, ",
    "كركوك ",
    "قرية السلام وقرية الوحدة ",
    "Tar. Akra, Kirkuk. \"Tar\" ",
];
/// Pages: the beginning, and the part that is repeated.
const PAGES: [(&str, &str); 14] = [
    ("", "<p>ab cd"),
    ("<table>Kirkuk", "<tr><td>a"),
    ("", "<b>x</b>"),
    ("", "<br>"),
    ("<ul>", "<li>Kirkuk "),
    ("<pre>", "Kirkuk\n"),
    ("", "<i></i>"),
    ("", "<p><b>a"),
    ("", "<b a=1><p>"),
    ("", "<!---->"),
    ("<table>", "a<td>"),
    ("<dl>", "<dt>a<dd>b"),
    ("", "<font size=1><font size=2>"),
    ("", "<div><p>هجوم في <b>كركوك</b> وخانقين</p></div>\n"),
];
const LENGTH: usize = 1_000_000;

/// Peak of memory above the level before and after.
fn peak_of(run: impl FnOnce()) -> f64 {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    run();
    (MEMORY.peak_usage() - before) as f64
}

fn geoparser() -> Geoparser {
    let folder = Files::Folder(concat!(env!("CARGO_MANIFEST_DIR"), "/data").into());
    let mut read = |name: &str| -> Result<String, io::Error> {
        let bytes = folder.read(name)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let places = read_places(read("places.tsv").expect("places.tsv")).expect("places");
    let gazetteer = Arc::new(Gazetteer::new(places).expect("gazetteer"));
    Geoparser::new(gazetteer, Lexicon::read(&mut read).expect("lexicon")).expect("geoparser")
}

/// Report: a megabyte of place names took up to 921 MB, one of HTML up to 850.
#[test]
fn texts_and_pages_take_no_more_memory_than_is_stated() {
    let geoparser = geoparser();
    let parse = |text: &str| {
        let parse = geoparser.geoparse(text);
        serde_json::to_writer(io::sink(), &parse).expect("it is JSON");
    };
    let mut wrong = Vec::new();
    let mut check = |what: &str, limit: f64, bytes: usize, peak: f64| {
        let each = peak / bytes as f64;
        println!("{each:7.1} of {limit} bytes a byte: {what:?}");
        if each > limit {
            wrong.push(format!("{what:?}: {each:.1} bytes a byte, {limit} are stated"));
        }
    };
    let mixed = ORDINARY.concat();
    // A text of nothing but the densest sentence, with two claims, two positions and an attribution, takes more than a mixture.
    for (texts, limit) in [(&[&*mixed][..], 30.0), (&ORDINARY[..], 35.0), (&WORST[..], 150.0)] {
        for unit in texts {
            let text = unit.repeat(LENGTH / unit.len());
            check(unit, limit, text.len(), peak_of(|| parse(&text)));
        }
    }
    for (before, unit) in PAGES {
        let page = before.to_owned() + &unit.repeat(LENGTH / unit.len());
        check(unit, 100.0, page.len(), peak_of(|| drop(html_to_text(&page))));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
