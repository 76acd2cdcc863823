//! Inputs that are one shape repeated, at n and at 2 n: how much longer the second takes. Ratios are printed and not judged,
//! since times depend on the machine; run it with
//! `cargo test --release --test suite repetition -- --ignored --nocapture` and look at ratios above 2.5.

use crate::common::geoparser;
use mahwar::{
    document::{Document, annotations},
    ingest::{html_to_text, read_feed},
    layers::{ReadDocument, evidence},
};
use std::time::Instant;

const TEXTS: [&str; 56] = [
    "Kirkuk ",
    "Tar ",
    "Kirkuk, ",
    "Kirkuk and ",
    "and ",
    "\"",
    "\"Kirkuk ",
    "\"Kirkuk\" said ",
    "“",
    "”",
    "«كركوك» قال ",
    "«",
    "(",
    "(Kirkuk ",
    "(Kirkuk) ",
    "[",
    "said ",
    "he said ",
    "Police said that Police said that ",
    "قال ",
    "قال إن ",
    "وقال المحافظ إن ",
    "وتێشی گوتی ",
    "5 ",
    "5,",
    "5 killed ",
    "5 to ",
    "5 and 6 ",
    "twenty ",
    "عشرين و",
    "20 km north of ",
    "20 كم شمال ",
    "km ",
    "district of ",
    "قضاء ",
    "قضاء كركوك و",
    "قرية ",
    "the villages of ",
    "in ",
    "في ",
    "\n",
    "Kirkuk\n",
    ". ",
    "Kirkuk. ",
    "a",
    "ا",
    "ـ",
    "\u{64b}",
    "\u{200c}",
    "-",
    "Al-",
    "الـ",
    "attack on Kirkuk ",
    "هجوم على كركوك ",
    "Mr. Kirkuk ",
    "governor of Kirkuk ",
];

const PAGES: [(&str, &str, &str); 34] = [
    ("", "<b></x>", ""),
    ("", "<p>a", ""),
    ("<svg>", "<path>", "</x>"),
    ("", "<rt>", "<p>"),
    ("", "<optgroup>", "<p>"),
    ("<ruby>", "<rt>a", ""),
    ("", "<a>", "</a>"),
    ("", "<b><p>", "</b>"),
    ("", "<p><b>a</p>", ""),
    ("<table>", "a<b>b</b>", ""),
    ("<table>", "<tr><td>a", ""),
    ("<table>", "<td><table>", ""),
    ("<table><tr>", "<td rowspan=9 colspan=9>", ""),
    ("<select>", "<option>a", ""),
    ("", "<li>a", ""),
    ("", "<ul><li>a</ul>", ""),
    ("<ol>", "<li>a", ""),
    ("<dl>", "<dt>a<dd>b", ""),
    ("<pre>", "a\n", ""),
    ("<pre>", "\t", ""),
    ("", "<br>", ""),
    ("", "<br>a", ""),
    ("", "&amp;", ""),
    ("", "&#65;", ""),
    ("", "&a", ""),
    ("", "<!--a-->", ""),
    ("", "<!", ""),
    ("", "</", ""),
    ("<script>", "<a b", ""),
    ("<title>", "a ", ""),
    ("", "<template>a</template>", ""),
    ("<p ", "a='b' ", ""),
    ("<p a='", "b ", "'>"),
    ("", "<div> </div>", ""),
];

const FEEDS: [(&str, &str); 8] = [
    ("", "<item><guid>G</guid><description>Kirkuk</description></item>"),
    ("<item>", "<category>a</category>"),
    ("<item>", "<media:group><media:content url=\"a\"/></media:group>"),
    ("<item>", "<link>http://a/</link>"),
    ("<item><description>", "&amp;"),
    ("<item><description>", "<![CDATA[a]]>"),
    ("<item>", "<enclosure url=\"a\"/>"),
    ("", "<category>a</category>"),
];

fn seconds(run: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    run();
    begun.elapsed().as_secs_f64()
}

/// Doubles the input until it takes a tenth of a second, then compares.
fn compare(what: &str, input: impl Fn(usize) -> String, run: impl Fn(&str)) {
    let mut n = 1000;
    while n < 2_000_000 && seconds(|| run(&input(n))) < 0.1 {
        n *= 2;
    }
    let (one, two) = (input(n), input(2 * n));
    let (one, two) = (seconds(|| run(&one)), seconds(|| run(&two)));
    let mark = if two > 2.6 * one { "  <==" } else { "" };
    println!("{:5.2} {:8.4} s for {n:8} x {what:?}{mark}", two / one, one);
}

#[test]
#[ignore = "prints ratios, for people"]
fn shapes_that_are_repeated_twice_as_often_take_twice_as_long() {
    let geoparser = geoparser();
    for unit in TEXTS {
        compare(unit, |n| unit.repeat(n), |text| drop(geoparser.geoparse(text)));
    }
    for unit in [
        "Kirkuk ",
        "\"Kirkuk\" said ",
        "قال إن 5 قتلوا في كركوك. ",
        "5 killed in Kirkuk and ",
    ] {
        let read = |n: usize| {
            let text = unit.repeat(n);
            let parse = geoparser.geoparse(&text);
            let document = Document::from_text(text).expect("a text");
            ReadDocument { document, parse }
        };
        for n in [4_000, 8_000] {
            let read = read(n);
            let annotated = seconds(|| drop(annotations(&read.document, &read.parse, "")));
            let mentions = seconds(|| assert!(evidence::mentions(&[&read], evidence::Coding::default()).count() > 0));
            let claims = seconds(|| drop(evidence::claims(&[&read], |_| None)));
            println!("{n} x {unit:?}: annotations {annotated:.3}, mentions {mentions:.3}, claims {claims:.3} s");
        }
    }
    for (before, unit, after) in PAGES {
        let page = |n: usize| {
            format!(
                "{before}{}{}",
                unit.repeat(n),
                after.repeat(n.min(1 + n * (after.len() > 2) as usize))
            )
        };
        compare(&format!("{before}{unit}{after}"), page, |page| drop(html_to_text(page)));
    }
    for (before, unit) in FEEDS {
        let feed = |n: usize| {
            let items = unit.repeat(n);
            let end = if before.contains("description") {
                "</description></item>"
            } else if before.is_empty() {
                ""
            } else {
                "</item>"
            };
            format!(
                "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>T</title>{before}{items}{end}</channel></rss>"
            )
        };
        compare(&format!("feed {before}{unit}"), feed, |feed| {
            drop(read_feed(feed.as_bytes(), None))
        });
    }
}
