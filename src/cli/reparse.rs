//! `mahwar reparse`: reads the texts of a store again with this version of the geoparser.

use super::{DataFolder, Failure, StoreAddress, progress::Progress};
use crate::{
    store::{Order, Page, Ruling, Store, StoreError},
    text::printable::escape,
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Documents that are read at once.
const PAGE: usize = 100;

/// Read the texts of a store again; rulings hold on where their words are still a mention
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar reparse --store sqlite:mahwar.db\n  \
mahwar reparse --store sqlite:mahwar.db --format json > strays.json\n\
Rulings whose words are no mention any more are kept without effect, and listed.")]
pub(super) struct Reparse {
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    store: StoreAddress,
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// What became of the store.
#[derive(Default)]
struct Outcome {
    documents: u64,
    changed: u64,
    kept: usize,
    strays: Vec<Stray>,
}

/// A ruling whose words are no mention any more.
struct Stray {
    ruling: Ruling,
    words: String,
}

impl Reparse {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let store = self.store.existing()?;
        let land = self.data.land()?;
        let progress = Progress::new();
        let outcome = all(&*store, |text| land.geoparser.geoparse(text), &progress).map_err(Failure::failed)?;
        progress.end();
        let out = io::stdout().lock();
        match self.format {
            Format::Json => json_to(out, &outcome),
            Format::Table => table_to(out, &outcome),
        }
        .map_err(Failure::output)
    }
}

fn all(
    store: &dyn Store,
    geoparse: impl Fn(&str) -> crate::geoparse::Parse,
    progress: &Progress,
) -> Result<Outcome, StoreError> {
    let total = store.counts()?.documents;
    let mut outcome = Outcome::default();
    let mut after = None;
    loop {
        let page = store.page(Page {
            order: Order::Arrival,
            after,
            limit: PAGE,
        })?;
        let whole = page.len() == PAGE;
        for stored in page {
            after = Some(stored.number);
            let document = &stored.read.document;
            let done = store.reparse(&document.id, &geoparse(&document.text))?;
            outcome.documents += 1;
            outcome.changed += u64::from(done.changed);
            outcome.kept += done.kept.len();
            outcome.strays.extend(done.strays.into_iter().map(|ruling| {
                let [start, end] = ruling.mention.span;
                let words = document.text.get(start..end).unwrap_or_default().to_owned();
                Stray { ruling, words }
            }));
            progress.show(outcome.documents, total);
        }
        if !whole {
            return Ok(outcome);
        }
    }
}

fn json_to(mut out: impl Write, outcome: &Outcome) -> io::Result<()> {
    let strays = outcome.strays.iter().map(|stray| {
        let ruling = &stray.ruling;
        json!({
            "ruling": ruling.id, "document": ruling.mention.document, "span": ruling.mention.span, "text": stray.words,
            "verdict": ruling.verdict.word(), "author": ruling.author().to_string(), "reason": ruling.reason, "time": ruling.time,
        })
    });
    let value = json!({
        "documents": outcome.documents,
        "changed": outcome.changed,
        "rulings_kept": outcome.kept,
        "rulings_without_mention": strays.collect::<Vec<Value>>(),
    });
    writeln!(out, "{value}")
}

fn table_to(mut out: impl Write, outcome: &Outcome) -> io::Result<()> {
    for stray in &outcome.strays {
        let ruling = &stray.ruling;
        let [start, end] = ruling.mention.span;
        writeln!(
            out,
            "ruling {:<6} {} bytes {start}-{end}  {:<12} {}  {}  by {}",
            ruling.id,
            ruling.mention.document,
            ruling.verdict.word(),
            ruling.time,
            escape(&stray.words),
            escape(&ruling.author().to_string()),
        )?;
    }
    writeln!(
        out,
        "{} documents read, {} changed; {} rulings hold, {} have no mention any more",
        outcome.documents,
        outcome.changed,
        outcome.kept,
        outcome.strays.len()
    )
}
