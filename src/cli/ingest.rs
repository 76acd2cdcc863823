//! `mahwar ingest`: puts texts, files of texts and feeds into a store.

use super::{DataFolder, Failure, StoreAddress, progress::Progress};
use crate::{
    document::MAX_BYTES,
    files,
    gazetteer::Gazetteer,
    geoparse::Geoparser,
    ingest::{self, FeedState, FeedStates, Fetched, Incoming, Taken},
    language::Language,
    layers::Units,
    store::{Store, StoreError},
    text::printable::{escape, without_password},
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::{self, Read as _, Write},
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

/// Texts that are put in one transaction.
const BATCH: usize = 256;
/// How often a line tells of the progress where there is no terminal.
const TELL: Duration = Duration::from_secs(10);
/// Bytes of texts that are put in one transaction.
const BATCH_BYTES: usize = 8 << 20;

/// Put texts into a store: files, NDJSON, or the entries of a feed
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar ingest report.txt --published 2021-12-03 --store sqlite:mahwar.db\n  \
mahwar ingest corpus.ndjson --store postgres://mahwar@db/mahwar\n  \
mahwar ingest --feed https://example.org/rss.xml --store sqlite:mahwar.db\n\
Files: .txt, .html, .json (one text), .ndjson (a text a line), - for standard input.\n\
A line or a JSON file is {\"text\":…} or {\"html\":…}, with title, source_url, publisher, published, language where known.\n\
For each text one line is printed: its id, `new` or `known`, and where it came from."
)]
pub(super) struct Ingest {
    /// Files
    #[arg(value_name = "FILE", required_unless_present = "feed", conflicts_with = "feed")]
    files: Vec<PathBuf>,
    /// RSS, Atom or JSON feed to read, as a file or an address; entries that were read before are passed over
    #[arg(long, value_name = "FILE|URL")]
    feed: Option<String>,
    /// Follow redirects of a feed also to addresses that are not public: loopback, private, link-local
    #[arg(long, requires = "feed")]
    allow_private: bool,
    /// File that remembers where feeds were left [default: beside an SQLite store, or else mahwar-feeds.json]
    #[arg(long, value_name = "FILE", requires = "feed")]
    state: Option<PathBuf>,
    /// Where the texts were published, for those that do not say
    #[arg(long, value_name = "URL")]
    source_url: Option<String>,
    /// When: a date (2021-12-03) or date-time, for those that do not say
    #[arg(long, value_name = "DATE")]
    published: Option<String>,
    /// Title, for those that do not say
    // Its id is not the name of the flag, so that `title` in mahwar.toml, which is the map's, does not set it.
    #[arg(id = "document_title", long = "title", value_name = "TEXT")]
    title: Option<String>,
    /// Who published them, for those that do not say
    #[arg(long, value_name = "NAME")]
    publisher: Option<String>,
    /// Their language; told from the text when not given
    #[arg(long, value_name = "ar|ckb|en")]
    lang: Option<Language>,
    /// Store texts again that were deleted
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    store: StoreAddress,
    #[command(flatten)]
    data: DataFolder,
}

/// A text on its way, with where it came from.
struct Coming {
    from: String,
    taken: Taken,
    /// The entry of a feed that it is.
    entry: Option<String>,
}

/// What became of the texts.
#[derive(Default)]
struct Tally {
    new: u64,
    known: u64,
    deleted: u64,
    refused: u64,
}

impl Ingest {
    pub(super) fn run(self) -> Result<(), Failure> {
        let described = self.described();
        // A description that is wrong is wrong for every text: it is told before anything is read.
        Incoming::of_text("x".to_owned())
            .or(&described)
            .take()
            .map_err(Failure::input)?;
        let store = self.store.open()?;
        let land = self.data.land()?;
        ready(&*store, &land.gazetteer)?;
        let mut tally = Tally::default();
        match &self.feed {
            None => self.files(&land.geoparser, &*store, &described, &mut tally)?,
            Some(feed) => self.feed(feed, &land.geoparser, &*store, &described, &mut tally)?,
        }
        store.close().map_err(Failure::failed)?;
        let Tally {
            new,
            known,
            deleted,
            refused,
        } = tally;
        let deleted = match deleted {
            0 => String::new(),
            deleted => format!(", {deleted} deleted before (--again stores them)"),
        };
        eprintln!("mahwar: {new} new, {known} known{deleted}, {refused} refused");
        match refused {
            0 => Ok(()),
            _ => Err(Failure::Input(format!(
                "{refused} texts were not taken; the reasons stand above"
            ))),
        }
    }

    /// What is said of every text.
    fn described(&self) -> Incoming {
        Incoming {
            title: self.title.clone(),
            source_url: self.source_url.clone(),
            publisher: self.publisher.clone(),
            published: self.published.clone(),
            language: self.lang.map(|language| language.tag().to_owned()),
            ..Incoming::default()
        }
    }

    fn files(
        &self,
        geoparser: &Geoparser,
        store: &dyn Store,
        described: &Incoming,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let mut refused = 0;
        let mut unread = Vec::new();
        let done = keep_all(geoparser, store, self.again, expected(&self.files), &mut |give| {
            for path in &self.files {
                let shown = path.display().to_string();
                let mut going = Ok(());
                let read = ingest::read_file(path, |line, incoming| {
                    let from = line.map_or_else(|| shown.clone(), |line| format!("{shown}:{line}"));
                    match incoming.and_then(|incoming| incoming.or(described).take()) {
                        Ok(taken) if going.is_ok() => {
                            going = give(Coming {
                                from,
                                taken,
                                entry: None,
                            })
                        }
                        Ok(_) => {}
                        Err(error) => {
                            refused += 1;
                            eprintln!("mahwar: {}: {}", escape(&from), escape(&error.to_string()));
                        }
                    }
                });
                if let Err(error) = read {
                    unread.push(error);
                }
                if going.is_err() {
                    return;
                }
            }
        });
        tally.refused = refused;
        let done = done?;
        tally.new += done.new;
        tally.known += done.known;
        tally.deleted += done.deleted;
        match unread.into_iter().next() {
            None => Ok(()),
            Some(error) => Err(Failure::input(error)),
        }
    }

    fn feed(
        &self,
        feed: &str,
        geoparser: &Geoparser,
        store: &dyn Store,
        described: &Incoming,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let path = self.state.clone().unwrap_or_else(|| self.store.beside("feeds.json"));
        let mut states = FeedStates::open(&path).map_err(Failure::input)?;
        let mut state = states.get(feed);
        let address = ["http://", "https://"]
            .iter()
            .any(|scheme| feed.starts_with(scheme))
            .then_some(feed);
        let shown = without_password(feed);
        let (bytes, address) = match address {
            None => (read_feed_file(feed)?, None),
            Some(url) => match ingest::fetch(url, &state.validators, self.allow_private).map_err(Failure::failed)? {
                Fetched::Unchanged => return Ok(()),
                Fetched::Body {
                    bytes,
                    validators,
                    address,
                } => {
                    if address != shown {
                        eprintln!("mahwar: {} was redirected to {}", escape(&shown), escape(&address));
                    }
                    state.validators = validators;
                    (bytes, Some(address))
                }
            },
        };
        let entries = ingest::read_feed(&bytes, address.as_deref())
            .map_err(Failure::input)?
            .entries;
        let present: Vec<String> = entries
            .iter()
            .flat_map(|entry| [entry.key(), entry.id.clone()])
            .collect();
        let mut coming = Vec::new();
        for entry in entries {
            // Older versions remembered the id alone.
            let key = entry.key();
            if state.has(&key) || state.has(&entry.id) {
                continue;
            }
            let from = format!("{shown}#{}", entry.id);
            match entry.incoming.or(described).take() {
                Ok(taken) => coming.push(Coming {
                    from,
                    taken,
                    entry: Some(key),
                }),
                Err(error) => {
                    tally.refused += 1;
                    eprintln!("mahwar: {}: {}", escape(&from), escape(&error.to_string()));
                    // This version of it will be no better next time.
                    state.remember(key);
                }
            }
        }
        let saved = |states: &mut FeedStates, state: &FeedState| {
            states
                .put(feed, state.clone())
                .map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
        };
        // What is in the store is remembered before more is put: a run that is cut off goes on from there.
        let version = std::mem::take(&mut state.validators);
        let mut rest = coming.into_iter().peekable();
        while rest.peek().is_some() {
            let batch: Vec<Coming> = rest.by_ref().take(BATCH).collect();
            let ids: Vec<String> = batch.iter().filter_map(|coming| coming.entry.clone()).collect();
            put(geoparser, store, self.again, batch, tally).map_err(Failure::failed)?;
            ids.into_iter().for_each(|id| state.remember(id));
            saved(&mut states, &state)?;
        }
        // Only now everything of this version is there.
        state.forget_absent(present.iter().map(String::as_str));
        state.validators = version;
        saved(&mut states, &state)
    }
}

/// Has the store count by the units of the land, and counts what an older version left.
pub(super) fn ready(store: &dyn Store, gazetteer: &Gazetteer) -> Result<(), Failure> {
    let units = Units::of_places(gazetteer.places());
    store.use_units(&units).map_err(Failure::failed)?;
    let progress = Progress::new();
    store
        .build(&mut |done, all| progress.show(done, all))
        .map_err(Failure::failed)?;
    progress.end();
    Ok(())
}

/// A feed in a file, or in a pipe.
fn read_feed_file(path: &str) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::Input(format!("cannot read {path}: {error}"));
    let file = files::open_stream(path.as_ref()).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    match bytes.len() <= MAX_BYTES {
        true => Ok(bytes),
        false => Err(Failure::Input(format!(
            "{path} is too long; a feed has at most {MAX_BYTES} bytes"
        ))),
    }
}

/// How many texts the files have, where that can be counted soon: lines of NDJSON, and one for each other file.
fn expected(files: &[PathBuf]) -> Option<u64> {
    let mut all = 0;
    for path in files {
        if !path.extension().is_some_and(|end| end == "ndjson" || end == "jsonl") {
            all += 1;
            continue;
        }
        // A pipe can be read once only.
        let mut file = std::fs::File::open(path)
            .ok()
            .filter(|file| file.metadata().is_ok_and(|file| file.is_file()))?;
        let mut room = vec![0; 1 << 16];
        loop {
            match file.read(&mut room).ok()? {
                0 => break,
                count => all += room[..count].iter().filter(|byte| **byte == b'\n').count() as u64,
            }
        }
    }
    Some(all)
}

/// Reads on this thread, finds and puts on another; what is found waits until it is put.
fn keep_all(
    geoparser: &Geoparser,
    store: &dyn Store,
    again: bool,
    expected: Option<u64>,
    read: Read<'_>,
) -> Result<Tally, Failure> {
    let (sender, receiver) = sync_channel::<Vec<Coming>>(2);
    thread::scope(|scope| {
        let keeper = scope.spawn(move || keep(geoparser, store, again, expected, &receiver));
        give_batches(sender, read);
        match keeper.join() {
            Ok(kept) => kept.map_err(Failure::failed),
            Err(cause) => std::panic::resume_unwind(cause),
        }
    })
}

/// The keeper has stopped: there is no use in reading on.
struct Stopped;
/// Takes one text.
type Give<'g> = &'g mut dyn FnMut(Coming) -> Result<(), Stopped>;
/// Gives all texts there are.
type Read<'r> = &'r mut dyn FnMut(Give<'_>);

fn give_batches(sender: SyncSender<Vec<Coming>>, read: Read<'_>) {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    read(&mut |coming: Coming| {
        bytes += coming.taken.document.text.len();
        batch.push(coming);
        if batch.len() < BATCH && bytes < BATCH_BYTES {
            return Ok(());
        }
        bytes = 0;
        sender.send(std::mem::take(&mut batch)).map_err(|_| Stopped)
    });
    if !batch.is_empty() {
        // A keeper that has stopped tells why itself.
        let _ = sender.send(batch);
    }
}

fn keep(
    geoparser: &Geoparser,
    store: &dyn Store,
    again: bool,
    expected: Option<u64>,
    batches: &Receiver<Vec<Coming>>,
) -> Result<Tally, StoreError> {
    // Drawn on a terminal only; a line now and then goes to a file or a pipe.
    let bar = match expected {
        Some(all) => ProgressBar::new(all).with_style(
            ProgressStyle::with_template("{bar:30} {pos}/{len} texts, {per_sec}, {eta} left")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        ),
        None => ProgressBar::new_spinner().with_style(
            ProgressStyle::with_template("{spinner} {pos} texts, {per_sec}, {elapsed}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        ),
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    let (begun, mut told) = (Instant::now(), Instant::now());
    let mut tally = Tally::default();
    for batch in batches {
        let count = batch.len() as u64;
        put(geoparser, store, again, batch, &mut tally)?;
        bar.inc(count);
        if bar.is_hidden() && told.elapsed() >= TELL {
            told = Instant::now();
            let rate = bar.position() as f64 / begun.elapsed().as_secs_f64().max(0.001);
            let left = expected.map_or_else(String::new, |all| {
                let seconds = all.saturating_sub(bar.position()) as f64 / rate.max(0.001);
                format!(" of {all}, about {seconds:.0} s left")
            });
            eprintln!("mahwar: {} texts{left}, {rate:.0} a second", bar.position());
        }
    }
    bar.finish_and_clear();
    Ok(tally)
}

/// Puts a batch and prints a line for each.
fn put(
    geoparser: &Geoparser,
    store: &dyn Store,
    again: bool,
    batch: Vec<Coming>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let (mut names, mut taken) = (Vec::new(), Vec::new());
    for coming in batch {
        names.push(coming.from);
        taken.push(coming.taken);
    }
    let put = store.put_all(ingest::read_all(geoparser, taken), again)?;
    let mut out = io::stdout().lock();
    for (put, from) in put.iter().zip(names) {
        let what = match (put.created, &put.deleted) {
            (true, _) => {
                tally.new += 1;
                "new"
            }
            (false, None) => {
                tally.known += 1;
                "known"
            }
            (false, Some(_)) => {
                tally.deleted += 1;
                "deleted"
            }
        };
        // A reader that went away does not stop what is being kept.
        let _ = writeln!(out, "{} {what} {}", put.id, escape(&from));
    }
    let _ = out.flush();
    Ok(())
}
