//! Documents that stay: puts texts and rulings into a store and keeps the layers of a server true to it.

use super::{
    Publisher,
    damage::Damage,
    pulse::Pulse,
    store_summary::{StoreSummary, ruled},
};
use crate::{
    document::Document,
    events::Event,
    geoparse::MentionPlace,
    ingest::{self, AcceptedText},
    layers::{Layer, ReadDocument},
    server::{
        App, Cursor, DocumentRecord, DocumentRecordPage, DocumentService, FeaturePage, FeatureQuery, StoreHealth,
    },
    store::{
        self, Damaged, Deletion, Edit, EventPage, EventQuery, EventRuling, FindQuery, NewEdit, NewEventRuling,
        NewRuling, Order, Page, Put, Ruling, Store, StoreError, Watch,
    },
};
use rustc_hash::FxBuildHasher;
use std::{
    hash::BuildHasher,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

/// Time that changes of others are gathered before they are followed: longer where following takes long, so that it
/// does not occupy a processor alone, and well below the second within which changes must show.
const GATHER: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(600)];
/// Interval at which changes are checked for without a notification.
const LOOK: Duration = Duration::from_millis(500);
/// Time that closing waits for the thread that follows changes.
const CLOSING: Duration = Duration::from_secs(3);
/// Time before a store that did not open is tried again.
const AGAIN: Duration = Duration::from_secs(2);
/// Time that a server waits for an answer of its store before it listens without it: a database may hang.
const OPENING: Duration = Duration::from_secs(3);
/// Time that it waits then until the store is read.
const READING: Duration = Duration::from_secs(30);

/// Interval of the log lines about the progress of counting.
const TELL: Duration = Duration::from_secs(5);

/// Steps of the first attempt to open the store.
enum Step {
    /// The database has answered.
    Answered,
    /// The store is read, or not.
    Ended(Result<(), StoreError>),
}

/// Opens the store.
type Open = Box<dyn Fn() -> Result<Arc<dyn Store>, StoreError> + Send + Sync>;

/// The store of a server.
pub struct Library {
    publisher: Arc<Publisher>,
    open: Open,
    app: Weak<App>,
    store: OnceLock<Arc<dyn Store>>,
    /// Reason why the store is not open yet.
    why: Mutex<StoreError>,
    /// One writer of the snapshot at a time; readers never take this.
    standing: Mutex<Option<StoreSummary>>,
    watch: Mutex<Option<Box<dyn Watch>>>,
    follower: Mutex<Option<thread::JoinHandle<()>>>,
    is_closed: AtomicBool,
    shown: PublishedCounts,
    pulse: Arc<Pulse>,
    damage: Damage,
}

/// Numbers that readers need without waiting for the lock.
#[derive(Default)]
struct PublishedCounts {
    version: AtomicI64,
    documents: AtomicU64,
    is_ruled: AtomicBool,
    /// Documents that another reader read.
    outdated: AtomicU64,
}

impl Library {
    /// Attaches the store to the server: now, or as soon as it opens. A store without documents gets the seeds.
    ///
    /// # Errors
    /// Only when the address names no store: that never gets better.
    pub fn attach(
        app: &Arc<App>,
        publisher: Arc<Publisher>,
        address: &str,
        seeds: Vec<AcceptedText>,
    ) -> Result<Arc<Self>, StoreError> {
        let address = address.to_owned();
        let library = Arc::new(Self {
            publisher,
            open: Box::new(move || store::open(&address)),
            app: Arc::downgrade(app),
            store: OnceLock::new(),
            why: Mutex::new(StoreError::Unavailable("it is being opened".to_owned())),
            standing: Mutex::new(None),
            watch: Mutex::new(None),
            follower: Mutex::new(None),
            is_closed: AtomicBool::new(false),
            shown: PublishedCounts::default(),
            pulse: Arc::default(),
            damage: Damage::default(),
        });
        app.keep(Arc::clone(&library) as Arc<dyn DocumentService>);
        let (sender, steps) = mpsc::sync_channel(2);
        let opening = Arc::downgrade(&library);
        thread::Builder::new()
            .name("store-open".to_owned())
            .spawn(move || keep_trying(&opening, &seeds, &sender))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut step = steps.recv_timeout(OPENING);
        if let Ok(Step::Answered) = step {
            step = steps.recv_timeout(READING);
        }
        match step {
            Ok(Step::Ended(Err(error @ StoreError::Address(_)))) => return Err(error),
            Ok(_) => {}
            Err(_) => tracing::error!("the store does not answer; everything else is served meanwhile"),
        }
        Ok(library)
    }

    fn start(self: &Arc<Self>, seeds: &[AcceptedText], answered: impl FnOnce()) -> Result<(), StoreError> {
        let store = (self.open)()?;
        answered();
        store.use_reader(self.publisher.reader());
        self.count(&*store)?;
        // Not one whose documents were deleted.
        if store.counts()?.version == 0 && !seeds.is_empty() {
            let new = ingest::read_all(&self.publisher.geoparser(), seeds.to_vec());
            // A store that takes no writes now can still be read.
            if let Err(error) = store.put_many(new) {
                tracing::warn!(%error, "the seeds were not put into the store");
            }
        }
        *locked(&self.standing) = Some(StoreSummary::read(&*store)?);
        // First, so that no answer of the open store has the counts of one that was not read.
        self.publish();
        let outdated = store.outdated()?;
        self.shown.outdated.store(outdated, Ordering::Release);
        if outdated > 0 {
            tracing::warn!(
                documents = outdated,
                "documents were read by another version of the program or of the land; mahwar reparse reads them again, beside the server"
            );
        }
        let _ = self.store.set(Arc::clone(&store));
        self.pulse.start(&store);
        self.link_stored();
        self.watch(&*store)
    }

    pub(super) fn is_closing(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// The store, once it is open.
    pub(super) fn shared_store(&self) -> Result<Arc<dyn Store>, StoreError> {
        self.store().cloned()
    }

    /// Makes the store count by the units of the land, and counts the documents that are not counted yet: those of an
    /// older version, or all after a change of the units. An interruption keeps the documents counted so far.
    fn count(&self, store: &dyn Store) -> Result<(), StoreError> {
        store.use_units(self.publisher.units())?;
        if store.unfinished()?.is_none() {
            return Ok(());
        }
        let (begun, mut told) = (Instant::now(), Instant::now());
        let mut first = None;
        let built = store.build(&mut |done, all| {
            let from = *first.get_or_insert(done);
            let seconds = begun.elapsed().as_secs_f64();
            let rate = (done - from) as f64 / seconds.max(0.001);
            *locked(&self.why) =
                StoreError::Unavailable(format!("its documents are being counted: {done} of {all} are done"));
            if told.elapsed() > TELL {
                told = Instant::now();
                let left = (all - done) as f64 / rate.max(1.0);
                tracing::info!(
                    done,
                    all,
                    "the documents of the store are being counted: {rate:.0} a second, {left:.0} s left"
                );
            }
        });
        match built {
            // A standby has the counts of its primary.
            Err(StoreError::ReadOnly(_)) => Ok(()),
            built => built,
        }
    }

    /// Links the documents of a store from before it had events, step by step and beside everything else. The thread ends
    /// with the library; the next start goes on.
    fn link_stored(self: &Arc<Self>) {
        let library = Arc::downgrade(self);
        let linked = thread::Builder::new().name("store-events".to_owned()).spawn(move || {
            let mut first = true;
            loop {
                let Some(library) = library
                    .upgrade()
                    .filter(|library| !library.is_closed.load(Ordering::Acquire))
                else {
                    return;
                };
                let left = library.store().and_then(|store| store.link_events());
                drop(library);
                match left {
                    Ok(0) => return,
                    Ok(left) if first => tracing::info!(left, "documents are being linked into events"),
                    Ok(_) => {}
                    Err(error) if error.retry_after().is_some() => thread::sleep(AGAIN),
                    Err(error) => return tracing::warn!(%error, "stored documents are not linked into events"),
                }
                first = false;
                thread::sleep(Duration::from_millis(5));
            }
        });
        if let Err(error) = linked {
            tracing::warn!(%error, "stored documents are not linked into events");
        }
    }

    /// Ends following and writing, and leaves the store as it is best kept: an SQLite store in one file.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.pulse.stop();
        // The watch notifies the follower no more; it ends within the time between two checks.
        drop(locked(&self.watch).take());
        let follower = locked(&self.follower).take();
        let begun = Instant::now();
        while follower.as_ref().is_some_and(|thread| !thread.is_finished()) && begun.elapsed() < CLOSING {
            thread::sleep(Duration::from_millis(10));
        }
        if let Some(Err(error)) = self.store.get().map(|store| store.close()) {
            tracing::error!(%error, "the store could not be left in order; its documents are in its log");
        }
    }

    /// Follows changes by other processes. The thread ends with the library. It also checks without a notification: one
    /// may be lost with a connection, and changes committed before the watch began caused none.
    fn watch(self: &Arc<Self>, store: &dyn Store) -> Result<(), StoreError> {
        // One note is enough for any number of changes.
        let (note, notes) = mpsc::sync_channel::<()>(1);
        let watch = store.watch(Arc::new(move |_| {
            let _ = note.try_send(());
        }))?;
        *locked(&self.watch) = Some(watch);
        let library = Arc::downgrade(self);
        let follower = thread::spawn(move || {
            let mut failed = false;
            while !matches!(notes.recv_timeout(LOOK), Err(RecvTimeoutError::Disconnected)) {
                let Some(library) = library
                    .upgrade()
                    .filter(|library| !library.is_closed.load(Ordering::Acquire))
                else {
                    return;
                };
                let begun = Instant::now();
                let followed = library.follow();
                if let (Err(error), false) = (&followed, failed) {
                    tracing::warn!(%error, "changes of the store are not followed now");
                }
                failed = followed.is_err();
                drop(library);
                thread::sleep((begun.elapsed() * 3).clamp(GATHER[0], GATHER[1]));
            }
        });
        *locked(&self.follower) = Some(follower);
        Ok(())
    }

    fn store(&self) -> Result<&Arc<dyn Store>, StoreError> {
        self.store.get().ok_or_else(|| {
            let why = locked(&self.why).clone();
            match why.retry_after() {
                Some(_) => why,
                None => StoreError::Unavailable(why.to_string()),
            }
        })
    }

    /// Runs a write and notes whether the store was full.
    fn write<T>(&self, run: impl FnOnce(&dyn Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let done = run(&**self.store()?);
        self.pulse.wrote(done.as_ref().err());
        done
    }

    /// Updates the layers to the committed state.
    fn follow(&self) -> Result<(), StoreError> {
        let store = self.store()?;
        // A damaged document's counts were unknown, so all documents have to be counted again.
        if store.unfinished()?.is_some() {
            self.count(&**store)?;
        }
        let mut standing = locked(&self.standing);
        let Some(standing) = standing.as_mut() else {
            return Ok(());
        };
        let changed = standing.follow(&**store)?;
        if changed {
            self.publish_locked(standing);
            self.damage.look_again(&**store);
        }
        // Reading again without a difference changes nothing else.
        if changed || self.shown.outdated.load(Ordering::Acquire) > 0 {
            self.shown.outdated.store(store.outdated()?, Ordering::Release);
        }
        Ok(())
    }

    fn publish(&self) {
        if let Some(standing) = locked(&self.standing).as_ref() {
            self.publish_locked(standing);
        }
    }

    fn publish_locked(&self, standing: &StoreSummary) {
        if let Some(app) = self.app.upgrade() {
            app.update(|before| self.publisher.snapshot_of(standing, before));
        }
        standing.damaged().iter().for_each(|damaged| self.damage.found(damaged));
        self.damage.found_places(standing.damaged_places());
        // Two states with the same version may differ after a restore: caches must not take one for the other.
        let moment = FxBuildHasher.hash_one(standing.moment()) as i64;
        self.shown.version.store(moment, Ordering::Release);
        self.shown.documents.store(standing.count(), Ordering::Release);
        self.shown.is_ruled.store(standing.is_ruled(), Ordering::Release);
    }

    /// Notes that texts are read with other names from now, and counts the documents that were read before.
    pub(super) fn use_present_reader(&self) {
        let Ok(store) = self.store() else { return };
        store.use_reader(self.publisher.reader());
        match store.outdated() {
            Ok(outdated) => self.shown.outdated.store(outdated, Ordering::Release),
            Err(error) => tracing::warn!(%error, "documents that were read before new names are not counted yet"),
        }
    }

    /// A committed change is kept even if the layers cannot be updated now: they follow when the store answers again.
    fn follow_own(&self) {
        if let Err(error) = self.follow() {
            tracing::warn!(%error, "a change is kept and does not show yet");
        }
    }

    /// A document as it was declared and as the machine read it.
    fn unruled(&self, store: &dyn Store, read: ReadDocument) -> Result<ReadDocument, StoreError> {
        match self.shown.is_ruled.load(Ordering::Acquire) {
            true => Ok(store.declared(&read.document.id)?.unwrap_or(read)),
            false => Ok(read),
        }
    }

    fn ruled(&self, store: &dyn Store, read: ReadDocument) -> Result<ReadDocument, StoreError> {
        let rulings = match self.shown.is_ruled.load(Ordering::Acquire) {
            true => store.rulings(&read.document.id)?,
            false => Vec::new(),
        };
        Ok(match rulings.is_empty() {
            true => read,
            false => ruled(&read, &rulings),
        })
    }
}

/// Opens the store, again and again until it opens. The steps of the first attempt are sent.
fn keep_trying(library: &Weak<Library>, seeds: &[AcceptedText], steps: &SyncSender<Step>) {
    for attempt in 0.. {
        let Some(library) = library.upgrade() else { return };
        let started = library.start(seeds, || {
            let _ = steps.try_send(Step::Answered);
        });
        if let Err(error) = &started {
            if attempt == 0 {
                tracing::error!(%error, "the store does not open; it is tried again, everything else is served");
            }
            *locked(&library.why) = error.clone();
        } else if attempt > 0 {
            tracing::info!("the store is open");
        }
        let is_open = started.is_ok();
        let _ = steps.try_send(Step::Ended(started));
        if is_open {
            return;
        }
        drop(library);
        thread::sleep(AGAIN);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DocumentService for Library {
    fn put(&self, taken: Vec<AcceptedText>, again: bool) -> Result<Vec<Put>, StoreError> {
        self.store()?;
        let read = ingest::read_all(&self.publisher.geoparser(), taken);
        let put = self.write(|store| store.put_all(read, again))?;
        if put.iter().any(|put| put.created) {
            self.follow_own();
        }
        Ok(put)
    }

    fn delete(&self, id: &str, author: Option<&str>, reason: &str) -> Result<Deletion, StoreError> {
        let deletion = self.write(|store| store.delete(id, author, reason))?;
        self.follow_own();
        Ok(deletion)
    }

    fn get(&self, id: &str, ruled: bool) -> Result<Option<DocumentRecord>, StoreError> {
        let store = self.store()?;
        let stored = store.get(id).inspect_err(|error| {
            if let StoreError::Damaged { document, cause } = error {
                self.damage.found(&Damaged {
                    number: 0,
                    id: document.clone(),
                    cause: cause.clone(),
                });
            }
        })?;
        let Some(stored) = stored else {
            return match store.deletion(id)? {
                Some(deletion) => Err(StoreError::Deleted(Box::new(deletion))),
                None => Ok(None),
            };
        };
        let (number, original) = (stored.number, stored.original);
        let read = match ruled {
            true => self.ruled(&**store, stored.read)?,
            false => self.unruled(&**store, stored.read)?,
        };
        Ok(Some(DocumentRecord {
            number,
            original,
            read: Arc::new(read),
        }))
    }

    fn deletion(&self, id: &str) -> Result<Option<Deletion>, StoreError> {
        self.store()?.deletion(id)
    }

    fn original(&self, id: &str) -> Result<Option<store::Original>, StoreError> {
        self.store()?.original(id)
    }

    fn feeds(&self) -> Result<Vec<store::FeedRow>, StoreError> {
        self.store()?.feeds()
    }

    fn list_feed(&self, address: &str) -> Result<bool, StoreError> {
        self.write(|store| store.list_feed(address, "api"))
    }

    fn remove_feed(&self, address: &str) -> Result<bool, StoreError> {
        self.write(|store| store.remove_feed(address))
    }

    fn kin(&self, id: &str) -> Result<store::Kin, StoreError> {
        self.store()?.kin(id)
    }

    fn page(&self, after: i64, limit: usize) -> Result<DocumentRecordPage, StoreError> {
        let store = self.store()?;
        let page = store.page(Page {
            order: Order::Arrival,
            after: Some(after),
            limit,
        })?;
        page.damaged.iter().for_each(|damaged| self.damage.found(damaged));
        let kept = page.documents.into_iter().map(|stored| {
            Ok(DocumentRecord {
                number: stored.number,
                original: stored.original,
                read: Arc::new(self.ruled(&**store, stored.read)?),
            })
        });
        Ok(DocumentRecordPage {
            documents: kept.collect::<Result<_, StoreError>>()?,
            next: page.next,
            damaged: page.damaged.into_iter().map(|damaged| damaged.id).collect(),
        })
    }

    fn count(&self) -> u64 {
        self.shown.documents.load(Ordering::Acquire)
    }

    fn version(&self) -> i64 {
        self.shown.version.load(Ordering::Acquire)
    }

    fn is_open(&self) -> bool {
        self.store.get().is_some()
    }

    fn health(&self) -> StoreHealth {
        let trouble = match self.store.get() {
            Some(_) => self.pulse.trouble(),
            None => Some(format!("the store is not open: {}", locked(&self.why).trouble())),
        };
        let (damaged_documents, damaged_places) = self.damage.known();
        StoreHealth {
            trouble,
            answered: self.pulse.answered(),
            damaged_documents,
            damaged_places,
            outdated: self.shown.outdated.load(Ordering::Acquire),
        }
    }

    fn is_of_documents(&self, layer: &str) -> bool {
        self.publisher.is_of_documents(layer)
    }

    fn place(&self, id: &str) -> Option<MentionPlace> {
        self.publisher.place(id)
    }

    fn rule(&self, new: NewRuling) -> Result<Ruling, StoreError> {
        let ruling = self.write(|store| store.add_ruling(new))?;
        self.follow_own();
        Ok(ruling)
    }

    fn undo(&self, ruling: i64, author: &str, reason: Option<&str>) -> Result<Ruling, StoreError> {
        let ruling = self.write(|store| store.undo(ruling, author, reason))?;
        self.follow_own();
        Ok(ruling)
    }

    fn rulings(&self, document: &str) -> Result<Vec<Ruling>, StoreError> {
        self.store()?.rulings(document)
    }

    fn edit(&self, new: &NewEdit) -> Result<Edit, StoreError> {
        let reread = |document: &Document| ingest::reread(&self.publisher.geoparser(), document);
        let edit = self.write(|store| store.edit(new, &reread))?;
        self.follow_own();
        Ok(edit)
    }

    fn edits(&self, document: &str) -> Result<Vec<Edit>, StoreError> {
        match self.store()?.edits(document) {
            // Deleted or unknown: the request for the document itself returns the error.
            Err(StoreError::Missing(_)) => Ok(Vec::new()),
            edits => edits,
        }
    }

    fn event(&self, id: &str) -> Result<Option<Event>, StoreError> {
        self.store()?.event(id)
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, StoreError> {
        self.store()?.events(query)
    }

    fn rule_events(&self, new: &NewEventRuling) -> Result<EventRuling, StoreError> {
        let ruling = self.write(|store| store.rule_events(new))?;
        self.follow_own();
        Ok(ruling)
    }

    fn event_rulings(&self, event: &str) -> Result<Vec<EventRuling>, StoreError> {
        self.store()?.event_rulings(event)
    }

    fn stretch(
        &self,
        layer: &str,
        ruled: bool,
        wanted: &FeatureQuery,
        after: Cursor,
    ) -> Result<FeaturePage, StoreError> {
        let store = &**self.store()?;
        let read = |read: ReadDocument| match ruled {
            true => self.ruled(store, read),
            false => self.unruled(store, read),
        };
        let source = super::feature_page::Source {
            store,
            rule: &read,
            damaged: &|damaged| self.damage.found(damaged),
        };
        super::feature_page::read(&self.publisher, &source, layer, ruled, wanted, after)
    }

    fn layer(&self, layer: &str, features: &mut dyn Iterator<Item = crate::layers::Feature>) -> Option<Layer> {
        self.publisher.layer(crate::layers::LayerKind::of(layer), features)
    }

    fn find(&self, query: &FindQuery) -> Result<DocumentRecordPage, StoreError> {
        let store = self.store()?;
        let found = store.find(query)?;
        found.damaged.iter().for_each(|damaged| self.damage.found(damaged));
        let kept = found.documents.into_iter().map(|stored| {
            Ok(DocumentRecord {
                number: stored.number,
                original: stored.original,
                read: Arc::new(self.ruled(&**store, stored.read)?),
            })
        });
        Ok(DocumentRecordPage {
            documents: kept.collect::<Result<_, StoreError>>()?,
            next: found.next,
            damaged: found.damaged.into_iter().map(|damaged| damaged.id).collect(),
        })
    }

    fn counts(&self) -> Option<&dyn Store> {
        self.store.get().map(|store| &**store)
    }
}
