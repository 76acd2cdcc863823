//! `mahwar reparse`: reads the texts of a store again with this version of the geoparser.

use super::{DataFolder, Failure, StoreAddress, progress::Progress};
use crate::{
    geoparse::{Part, read_titled, text_first},
    store::{DocumentText, Ruling, Store, StoreError},
    text::printable::escape,
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Read the texts of a store again; rulings hold on where their words are still a mention
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar reparse --store sqlite:mahwar.db\n  \
mahwar reparse --store sqlite:mahwar.db --format json > strays.json\n\
Runs beside servers. After an upgrade it reads the documents that an older version read, and an interrupted run is resumed; \
if there are none, or with --all, it reads every document.\n\
Rulings whose words are no mention any more are kept without effect, and listed.\n\
Documents that could not be read are repaired if their text is intact; others are listed, and the exit code is 1.")]
pub(super) struct Reparse {
    /// Also read the documents that this version has read already
    #[arg(long)]
    all: bool,
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

/// Result of reparsing the store.
#[derive(Default)]
struct Outcome {
    documents: u64,
    changed: u64,
    repaired: u64,
    kept: usize,
    strays: Vec<Stray>,
    /// Documents whose text is damaged, with the fault.
    lost: Vec<StoreError>,
    /// Documents that were not read because this version has read them already.
    up_to_date: u64,
}

/// Numbers of the documents to read, in order.
struct Numbers<'s> {
    store: &'s dyn Store,
    /// Only those that another reader read.
    is_partial: bool,
    last: i64,
    after: i64,
    listed: std::vec::IntoIter<i64>,
}

impl Numbers<'_> {
    fn next(&mut self) -> Result<Option<i64>, StoreError> {
        const LISTED: usize = 500;
        if !self.is_partial {
            self.after += 1;
            return Ok(Some(self.after).filter(|number| *number <= self.last));
        }
        if self.listed.len() == 0 {
            self.listed = self.store.outdated_after(self.after, LISTED)?.into_iter();
        }
        let next = self.listed.next();
        self.after = next.unwrap_or(self.after);
        Ok(next)
    }
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
        super::ingest::ready(&*store, &land)?;
        let progress = Progress::new();
        let outcome = read_again(
            &*store,
            self.all,
            |text, published| land.geoparser.geoparse_published(text, published),
            &progress,
        )
        .map_err(Failure::failed)?;
        progress.end();
        let out = io::stdout().lock();
        match self.format {
            Format::Json => json_to(out, &outcome),
            Format::Table => table_to(out, &outcome),
        }
        .map_err(Failure::output)?;
        for error in &outcome.lost {
            eprintln!("mahwar: {error}");
        }
        match outcome.lost.len() {
            0 => Ok(()),
            lost => Err(Failure::Failed(format!(
                "{lost} documents are damaged beyond what their text repairs; take them from a backup (mahwar store restore)"
            ))),
        }
    }
}

fn read_again(
    store: &dyn Store,
    is_all: bool,
    geoparse: impl Fn(&str, Option<&str>) -> crate::geoparse::Parse,
    progress: &Progress,
) -> Result<Outcome, StoreError> {
    let counts = store.counts()?;
    // Rows of places that cannot be read are written again with the documents that mention them.
    let is_damaged = !store.damaged_places()?.is_empty();
    let outdated = store.outdated()?;
    let mut outcome = Outcome::default();
    let documents = match outdated {
        0 => counts.documents,
        _ if is_all => counts.documents,
        outdated => outdated,
    };
    outcome.up_to_date = counts.documents.saturating_sub(documents);
    let mut numbers = Numbers {
        store,
        is_partial: documents == outdated && !is_all,
        last: counts.last,
        after: 0,
        listed: Vec::new().into_iter(),
    };
    while let Some(number) = numbers.next()? {
        let read = store.text(number).and_then(|document| {
            let Some(document) = document else { return Ok(None) };
            // First the reading as it was declared: the other marks the document as read.
            let declared = match declared(store, &document.id, &geoparse) {
                Err(StoreError::Damaged { .. } | StoreError::Broken(_)) => None,
                declared => Some(declared?),
            };
            let mut done = store.reparse(&document.id, &read(&document, &geoparse))?;
            done.changed |= match declared {
                Some(changed) => changed,
                None => self::declared(store, &document.id, &geoparse)?,
            };
            Ok(Some((document, done)))
        });
        let (document, done) = match read {
            Ok(Some(read)) => read,
            Ok(None) => continue,
            Err(error @ (StoreError::Damaged { .. } | StoreError::Broken(_))) => {
                outcome.lost.push(error);
                continue;
            }
            Err(other) => return Err(other),
        };
        outcome.documents += 1;
        outcome.changed += u64::from(done.changed);
        outcome.repaired += u64::from(done.repaired);
        outcome.kept += done.kept.len();
        outcome.strays.extend(done.strays.into_iter().map(|ruling| {
            let (part, [start, end]) = Part::of_key(ruling.mention.span);
            let of = if part == Part::Title {
                document.title.as_deref()
            } else {
                Some(&*document.text)
            };
            let words = of.and_then(|of| of.get(start..end)).unwrap_or_default().to_owned();
            Stray { ruling, words }
        }));
        progress.show(outcome.documents, documents);
    }
    if outcome.repaired > 0 || is_damaged {
        // The counts of a damaged row are unknown.
        store.rebuild()?;
    }
    Ok(outcome)
}

/// Reads a document as it was declared again; true if that changed something.
fn declared(
    store: &dyn Store,
    id: &str,
    geoparse: &impl Fn(&str, Option<&str>) -> crate::geoparse::Parse,
) -> Result<bool, StoreError> {
    let Some(declared) = store.declared(id)? else {
        return Ok(false);
    };
    let declared = declared.document;
    let published = declared.published.as_deref();
    let parse = read_parts(declared.own_title(), &declared.text, published, geoparse);
    store.reparse_declared(&declared.id, &parse)
}

/// Reads a text again, with its title where it has one of its own.
fn read(
    document: &DocumentText,
    geoparse: &impl Fn(&str, Option<&str>) -> crate::geoparse::Parse,
) -> crate::geoparse::Parse {
    let published = document.published.as_deref();
    read_parts(document.title.as_deref(), &document.text, published, geoparse)
}

fn read_parts(
    title: Option<&str>,
    text: &str,
    published: Option<&str>,
    geoparse: &impl Fn(&str, Option<&str>) -> crate::geoparse::Parse,
) -> crate::geoparse::Parse {
    text_first(read_titled(title, text, |whole| geoparse(whole, published)))
}

fn json_to(mut out: impl Write, outcome: &Outcome) -> io::Result<()> {
    let strays = outcome.strays.iter().map(|stray| {
        let ruling = &stray.ruling;
        json!({
            "ruling": ruling.id, "document": ruling.mention.document, "span": Part::of_key(ruling.mention.span).1, "text": stray.words,
            "verdict": ruling.verdict.word(), "author": ruling.author().to_string(), "reason": ruling.reason, "time": ruling.time,
        })
    });
    let value = json!({
        "documents": outcome.documents,
        "changed": outcome.changed,
        "repaired": outcome.repaired,
        "up_to_date": outcome.up_to_date,
        "damaged": outcome.lost.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rulings_kept": outcome.kept,
        "rulings_without_mention": strays.collect::<Vec<Value>>(),
    });
    writeln!(out, "{value}")
}

fn table_to(mut out: impl Write, outcome: &Outcome) -> io::Result<()> {
    for stray in &outcome.strays {
        let ruling = &stray.ruling;
        let (_, [start, end]) = Part::of_key(ruling.mention.span);
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
        "{} documents read, {} changed, {} repaired; {} rulings hold, {} have no mention any more",
        outcome.documents,
        outcome.changed,
        outcome.repaired,
        outcome.kept,
        outcome.strays.len()
    )?;
    match outcome.up_to_date {
        0 => Ok(()),
        known => writeln!(
            out,
            "{known} documents were read by this version before; --all reads them too"
        ),
    }
}
