//! The geoparser beside its ceilings, on one core: `cargo bench --bench geoparse`.
//!
//! The text is a few megabytes of news made of the evaluation sentences and the seed. In the same run, on the same
//! bytes: UTF-8 validation, which every reader of text pays, and a bare automaton over the folded names of the
//! gazetteer, which finds letters and nothing else (no token, no affix, no class, no place, no reading, no offset).

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use mahwar::{
    gazetteer::{Gazetteer, read_places},
    geoparse::{Geoparser, Lexicon},
    text::fold,
};
use std::{collections::BTreeSet, fs, hint::black_box, path::Path, sync::Arc};

/// Bytes of news that each run reads.
const SIZE: usize = 4 << 20;
const SETS: [&str; 6] = ["news", "foreign", "reading", "typenoun", "homograph", "empty"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn geoparser() -> Geoparser {
    let data = root().join("data");
    let read = |name: &str| fs::read_to_string(data.join(name));
    let places = read_places(read("places.tsv").expect("places.tsv")).expect("places");
    let gazetteer = Arc::new(Gazetteer::new(places).expect("a gazetteer"));
    let lexicon = Lexicon::read(&mut |name: &str| read(name)).expect("a lexicon");
    Geoparser::new(gazetteer, lexicon).expect("a geoparser")
}

fn seed() -> String {
    fs::read_to_string(root().join("seeds/000_a92614c7eb69c543.txt")).expect("the seed")
}

/// One evaluation sentence without its marks.
fn unmarked(marked: &str) -> String {
    let mut text = String::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (mark, behind) = after.split_once('⟧').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(mark.split('|').next().unwrap_or_default());
        rest = behind;
    }
    text + rest
}

/// Articles of a few sentences each, the seed between them, until there is enough.
fn news() -> String {
    let sentences: Vec<_> = SETS
        .iter()
        .flat_map(|set| {
            let rows = fs::read_to_string(root().join(format!("tests/eval/{set}.tsv"))).expect("an evaluation file");
            let texts = rows.lines().skip(1).filter_map(|row| row.split('\t').nth(3));
            texts.map(|text| unmarked(text).replace("\\n", " ")).collect::<Vec<_>>()
        })
        .collect();
    let mut text = String::with_capacity(SIZE + (1 << 16));
    while text.len() < SIZE {
        for (nth, sentence) in sentences.iter().enumerate() {
            text.push_str(sentence);
            text.push(if nth % 4 == 3 { '\n' } else { ' ' });
        }
        text.push_str(&seed());
    }
    text
}

fn folded_names(gazetteer: &Gazetteer) -> BTreeSet<String> {
    let names = gazetteer.places().iter().flat_map(|place| place.names.iter());
    names
        .map(|(_, name)| fold(name))
        .filter(|name| !name.is_empty())
        .collect()
}

fn reading(criterion: &mut Criterion) {
    let geoparser = geoparser();
    let text = news();
    let names = folded_names(geoparser.gazetteer());
    let automaton = CharwiseDoubleArrayAhoCorasick::<u32>::new(&names).expect("an automaton");
    println!(
        "{} places, {} folded names, {:.1} MB of news",
        geoparser.gazetteer().places().len(),
        names.len(),
        text.len() as f64 / 1e6
    );
    let mut group = criterion.benchmark_group("geoparse");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    let id = |name: &str| BenchmarkId::from_parameter(name);
    group.bench_function(id("ceiling: UTF-8 validation"), |bench| {
        bench.iter(|| std::str::from_utf8(black_box(text.as_bytes())).is_ok());
    });
    group.bench_function(id("ceiling: bare automaton"), |bench| {
        bench.iter(|| automaton.find_overlapping_iter(black_box(&text)).count());
    });
    group.bench_function(id("tokens"), |bench| {
        bench.iter(|| geoparser.tokens(black_box(&text)).len())
    });
    group.bench_function(id("mentions: span in three units, place, reading"), |bench| {
        bench.iter(|| geoparser.spots(black_box(&text)).len());
    });
    group.bench_function(id("mentions written out with candidates and reasons"), |bench| {
        bench.iter(|| {
            let tokens = geoparser.tokens(black_box(&text));
            geoparser.mentions(&text, &tokens).len()
        });
    });
    group.bench_function(id("everything: mentions, quantities, attributions, claims"), |bench| {
        bench.iter(|| geoparser.geoparse(black_box(&text)).mentions.len());
    });
    group.finish();

    let seed = seed();
    let mut group = criterion.benchmark_group("seed");
    group.throughput(Throughput::Bytes(seed.len() as u64));
    group.bench_function(id("mentions: span in three units, place, reading"), |bench| {
        bench.iter(|| geoparser.spots(black_box(&seed)).len());
    });
    group.bench_function(id("everything, warm"), |bench| {
        bench.iter(|| geoparser.geoparse(black_box(&seed)).mentions.len())
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
