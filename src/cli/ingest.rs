//! `mahwar ingest`: puts texts, files of texts and feeds into a store.

use super::{DataFolder, Failure, StoreAddress, progress::Progress};
use crate::{
    document::MAX_BYTES,
    files, formats,
    geoparse::Geoparser,
    ingest::{
        self, AcceptedText, FeedError, FeedReport, FeedRun, FeedState, FeedStates, Incoming, IngestError, Pages,
        PutEntry, Trust,
    },
    land::Land,
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
/// Interval of the progress lines without a terminal.
const TELL: Duration = Duration::from_secs(10);
/// Bytes of texts that are put in one transaction.
const BATCH_BYTES: usize = 8 << 20;

/// Put documents into a store: files of any format, folders, or the entries of a feed
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar ingest report.txt --published 2021-12-03 --store sqlite:mahwar.db\n  \
mahwar ingest report.pdf page.html chat/result.json reports/ --store sqlite:mahwar.db\n  \
mahwar ingest corpus.ndjson --store postgres://mahwar@db/mahwar\n  \
mahwar ingest https://example.org/report.html --store sqlite:mahwar.db\n  \
mahwar ingest --feed https://example.org/rss.xml --store sqlite:mahwar.db\n\
Formats, found in the bytes: text in any encoding, HTML, PDF, DOCX, ODT, RTF, EML, MBOX, Telegram result.json, WhatsApp export,\n\
JSON, NDJSON, CSV, XLSX, ODS, RSS and Atom, each also as .gz; a folder with such files; - for standard input.\n\
An object of JSON is {\"text\":…} or {\"html\":…}, with title, source_url, publisher, published, language where known;\n\
other members are kept as facts about the document.\n\
For each text one line is printed: its id, `new` or `known`, and where it came from."
)]
pub(super) struct Ingest {
    /// Files, folders and addresses (https://…)
    #[arg(value_name = "FILE|URL", required_unless_present = "feed", conflicts_with = "feed")]
    files: Vec<PathBuf>,
    /// RSS, Atom or JSON feed to read, as a file or an address; entries that were read before are passed over
    #[arg(long, value_name = "FILE|URL")]
    feed: Option<String>,
    /// Fetch the page of each entry of a feed, for feeds that have only its beginning
    #[arg(long, requires = "feed")]
    full_articles: bool,
    /// Follow redirects and the links of a feed also to addresses that are not public: loopback, private, link-local
    #[arg(long)]
    allow_private: bool,
    /// File in which an older version remembered where feeds were left; it is in the store now
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
    /// Their language; detected from the text when not given
    #[arg(long, value_name = "ar|ckb|en")]
    lang: Option<Language>,
    /// Keep the whole of a page: menus, comments and footers too
    #[arg(long)]
    whole_page: bool,
    /// Recognize the letters of scanned PDFs with these models of tesseract, such as ara or ara+eng
    #[arg(long, value_name = "MODELS")]
    ocr: Option<String>,
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
    taken: AcceptedText,
}

/// Numbers of texts by result.
#[derive(Default)]
struct Tally {
    new: u64,
    known: u64,
    deleted: u64,
    refused: u64,
}

impl Ingest {
    pub(super) fn run(self) -> Result<(), Failure> {
        if let Some(models) = &self.ocr {
            formats::recognize_scans(models).map_err(|refusal| Failure::Input(format!("--ocr: {refusal}")))?;
        }
        let described = self.described();
        // An error in the description would be an error of every text: it is reported before anything is read.
        Incoming::of_text("x".to_owned())
            .or(&described)
            .take()
            .map_err(Failure::input)?;
        let store = self.store.open()?;
        let land = self.data.land()?;
        ready(&*store, &land)?;
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
            _ if self.files.iter().any(|path| path.is_dir()) => Err(Failure::failed(format!(
                "{refused} files or texts were not taken; the reasons stand above"
            ))),
            _ => Err(Failure::Input(format!(
                "{refused} texts were not taken; the reasons stand above"
            ))),
        }
    }

    /// Description that applies to every text.
    fn described(&self) -> Incoming {
        Incoming {
            title: self.title.clone(),
            source_url: self.source_url.clone(),
            publisher: self.publisher.clone(),
            published: self.published.clone(),
            language: self.lang.map(|language| language.tag().to_owned()),
            whole_page: self.whole_page,
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
        let files = files_of(&self.files)?;
        let pages = Pages::of_operator(self.allow_private);
        let done = keep_all(geoparser, store, self.again, expected(&files), &mut |give| {
            for path in &files {
                let shown = path.display().to_string();
                let mut going = Ok(());
                if is_address(&shown) {
                    let found = pages.fetch(&shown, self.whole_page);
                    let shown = without_password(&shown);
                    let texts = match found {
                        Ok(page) => page.texts,
                        Err(error) => vec![(None, Err(error))],
                    };
                    for (part, incoming) in texts {
                        let from = part.map_or_else(|| shown.to_string(), |part| format!("{shown}#{part}"));
                        match incoming.and_then(|incoming| incoming.or(described).take()) {
                            Ok(taken) => {
                                if going.is_ok() {
                                    going = give(Coming { from, taken });
                                }
                            }
                            Err(error) => {
                                refused += 1;
                                eprintln!("mahwar: {}: {}", escape(&from), escape(&error.to_string()));
                            }
                        }
                    }
                    if going.is_err() {
                        return;
                    }
                    continue;
                }
                let read = ingest::read_file(path, |line, incoming| {
                    let from = line.map_or_else(|| shown.clone(), |line| format!("{shown}:{line}"));
                    match incoming.and_then(|incoming| incoming.or(described).take()) {
                        Ok(taken) if going.is_ok() => going = give(Coming { from, taken }),
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
        if self.files.iter().any(|path| path.is_dir()) {
            // A folder is read to its end, and its summary counts the files that could not be read.
            for error in unread {
                tally.refused += 1;
                eprintln!("mahwar: {}", escape(&error.to_string()));
            }
            return Ok(());
        }
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
        let shown = without_password(feed);
        let is_file = !is_address(feed);
        let name = if is_file { feed } else { &*shown };
        let mut state = self.feed_state(store, feed, name)?;
        let pages = self.full_articles.then(|| Pages::of_others(self.allow_private));
        let run = FeedRun {
            address: feed,
            trust: Trust::Operator,
            allow_private: self.allow_private,
            pages: pages.as_ref(),
            described,
        };
        let mut put = |texts| store.put_all(ingest::read_all(geoparser, texts), self.again);
        let mut saved = |state: &FeedState, entries: &[PutEntry]| {
            let mut out = io::stdout().lock();
            for PutEntry {
                entry,
                put,
                revision_of,
            } in entries
            {
                let what = match (put.created, &put.deleted, revision_of) {
                    (_, Some(_), _) => "deleted",
                    (true, None, Some(_)) => "revised",
                    (true, None, None) => "new",
                    (false, None, _) => "known",
                };
                let from = format!("{shown}#{entry}");
                // A closed output pipe does not stop the storing.
                let _ = writeln!(out, "{} {what} {}", put.id, escape(&from));
            }
            let _ = out.flush();
            let state = serde_json::to_string(state).unwrap_or_default();
            store.put_feed(name, "command", &state, 0)
        };
        let mut report = FeedReport::default();
        let done = if is_file {
            let bytes = read_feed_file(feed)?;
            ingest::take_feed(
                &run,
                &mut state,
                &bytes,
                (None, None),
                &mut report,
                &mut put,
                &mut saved,
            )
        } else {
            ingest::run_feed(&run, &mut state, &mut put, &mut saved).map(|done| report = done)
        };
        done.map_err(|error| match error {
            FeedError::Feed(error @ (IngestError::Fetch { .. } | IngestError::Status { .. })) => Failure::failed(error),
            FeedError::Feed(error) => Failure::input(error),
            FeedError::Store(error) => Failure::failed(error),
        })?;
        for (entry, reason) in &report.refusals {
            eprintln!("mahwar: {}#{}: {}", escape(&shown), escape(entry), escape(reason));
        }
        if let Some(address) = &report.moved_to {
            eprintln!("mahwar: {} has moved for good to {}", escape(&shown), escape(address));
        }
        if report.gone {
            return Err(Failure::failed(format!(
                "{shown}: the server answered 410: the feed is gone for good"
            )));
        }
        if let Some(seconds) = report.later {
            return Err(Failure::failed(format!(
                "{shown}: the server has no time now; ask again in {seconds} seconds"
            )));
        }
        if report.unchanged {
            eprintln!("mahwar: {}: nothing has changed", escape(&shown));
        }
        eprintln!(
            "mahwar: {}: {} new, {} known, {} revised, {} read before, {} refused",
            escape(&shown),
            report.new,
            report.known,
            report.revised,
            report.read_before,
            report.refused
        );
        if report.without_page > 0 {
            eprintln!(
                "mahwar: {}: {} entries without their page, whose summaries are read",
                escape(&shown),
                report.without_page
            );
        }
        tally.new += report.new + report.revised;
        tally.known += report.known;
        tally.deleted += report.deleted;
        tally.refused += report.refused;
        Ok(())
    }

    /// State of a feed after its last run: from the store, or else from the file of an older version.
    fn feed_state(&self, store: &dyn Store, feed: &str, name: &str) -> Result<FeedState, Failure> {
        if let Some(row) = store.feed(name).map_err(Failure::failed)?
            && let Ok(state) = serde_json::from_str(&row.state)
        {
            return Ok(state);
        }
        let path = self.state.clone().unwrap_or_else(|| self.store.beside("feeds.json"));
        Ok(FeedStates::open(&path).map_err(Failure::input)?.get(feed))
    }
}

fn is_address(path: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        path.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// The files of a list, those of its folders by name and to a depth; hidden ones are passed over.
fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    const MAX_DEPTH: usize = 16;
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut ahead = vec![(path.clone(), 0)];
        let mut found = Vec::new();
        while let Some((folder, depth)) = ahead.pop() {
            let unreadable =
                |error: io::Error| Failure::Input(format!("cannot read the folder {}: {error}", folder.display()));
            for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let kind = entry.file_type().map_err(unreadable)?;
                if entry.file_name().to_string_lossy().starts_with('.') {
                    continue;
                }
                // A link to a folder may lead back to where it is.
                if kind.is_dir() && depth < MAX_DEPTH {
                    ahead.push((entry.path(), depth + 1));
                } else if kind.is_file() || (kind.is_symlink() && entry.path().is_file()) {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Makes the store note the land's reader and count by its units, and counts the documents that an older version left uncounted.
pub(super) fn ready(store: &dyn Store, land: &Land) -> Result<(), Failure> {
    store.use_reader(land.reader);
    let units = Units::of_places(land.gazetteer.places());
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

/// Number of texts in the files, if it can be counted soon: lines of NDJSON, and one for each other file.
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

/// Reads on this thread, parses and stores on another; parses wait until they are stored.
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
/// Passes all texts on.
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
        // If the writer thread failed, it has already reported the error.
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
        // A closed output pipe does not stop the storing.
        let _ = writeln!(out, "{} {what} {}", put.id, escape(&from));
    }
    let _ = out.flush();
    Ok(())
}
