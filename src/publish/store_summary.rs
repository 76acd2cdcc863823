//! Summary of a store for the map: the totals of each place, and the newest documents in full. Totals are read from the
//! store's counts after each change, so that size and time grow with places only, neither with documents nor with days.

use super::{LayerInput, Whole};
use crate::{
    events::Event,
    layers::{Counts, Days, Dimension, PlaceSummary, ReadDocument, evidence},
    store::{
        self, Change, Damaged, EventQuery, Moment, Order, Page, PlaceTotal, Ruling, Store, StoreError, StoredDocument,
        TotalsQuery,
    },
};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::{collections::VecDeque, sync::Arc};

/// The newest documents that are kept in memory: their statements are drawn on the map one by one.
const RECENT: usize = 250;
/// The mentions that they may have together; the oldest go first.
const RECENT_MENTIONS: usize = 5_000;
/// The bytes that they may have together, about; the oldest go first.
const RECENT_BYTES: usize = 32 << 20;
/// The newest events that are kept in memory.
const RECENT_EVENTS: usize = 300;
/// More changes than these are not followed one by one: everything is read again.
const STEPS: usize = 500;
/// Attempts at reading while others write.
const TRIES: usize = 4;

/// Summary of a store.
pub struct StoreSummary {
    moment: Moment,
    /// The number of the newest document.
    last: i64,
    documents: u64,
    /// Number of all claims.
    claims: u64,
    is_ruled: bool,
    /// It may be ahead of its moment (others wrote while it was read, or following stopped half-way), and must be read again
    /// before it is changed.
    unsure: bool,
    ruled: Vec<PlaceSummary>,
    /// As the machine read; empty where no ruling was ever made.
    machine: Vec<PlaceSummary>,
    /// Counts of each unit, as ruled.
    units: FxHashMap<String, Counts>,
    /// As the machine read; empty where no ruling was ever made.
    machine_units: FxHashMap<String, Counts>,
    recent: VecDeque<Recent>,
    /// The newest events, oldest first.
    events: Vec<Event>,
    /// Number of all events.
    all_events: u64,
    /// Documents that could not be read.
    damaged: Vec<Damaged>,
    /// Rows of the table of places that could not be read.
    damaged_places: Vec<String>,
}

/// A document as the machine read it, and as analysts ruled it.
struct Recent {
    machine: Arc<ReadDocument>,
    ruled: Arc<ReadDocument>,
    /// Bytes in memory, about.
    bytes: usize,
}

impl Recent {
    /// `declared` is set for a document that was edited.
    fn of(stored: StoredDocument, declared: Option<ReadDocument>, rulings: &[Ruling]) -> Self {
        let edited = Arc::new(stored.read);
        let ruled = match rulings.is_empty() {
            true => Arc::clone(&edited),
            false => Arc::new(ruled(&edited, rulings)),
        };
        let machine = declared.map_or(edited, Arc::new);
        let shared = Arc::ptr_eq(&machine, &ruled);
        let bytes = bytes_of(&machine) + if shared { 0 } else { bytes_of(&ruled) };
        Self { machine, ruled, bytes }
    }
}

/// The approximate size of a document in memory: its text and its parse.
fn bytes_of(read: &ReadDocument) -> usize {
    /// A mention with its candidates, as measured.
    const MENTION: usize = 1500;
    /// An attribution, a quantity or a claim without its texts.
    const FINDING: usize = 400;
    let parse = &read.parse;
    let findings = parse.attributions.len() + parse.quantities.len() + parse.claims.len();
    // Quotes of attributions repeat parts of the text, once at most.
    2 * read.document.text.len() + parse.mentions.len() * MENTION + findings * FINDING
}

/// A document as analysts ruled it. The places of a claim are those of its mentions, so they follow.
pub fn ruled(machine: &ReadDocument, rulings: &[Ruling]) -> ReadDocument {
    let mut parse = store::rule(&machine.parse, rulings);
    for at in 0..parse.claims.len() {
        // An analyst named its places.
        if parse.claims[at].given.is_some() {
            continue;
        }
        let mentions = parse.claims[at].mentions.iter();
        let places = mentions.filter_map(|id| parse.mention(id)?.place.as_ref());
        let places: IndexSet<String, FxBuildHasher> = places.map(|place| place.id.clone()).collect();
        parse.claims[at].places = places.into_iter().collect();
    }
    ReadDocument {
        document: machine.document.clone(),
        parse,
    }
}

impl StoreSummary {
    /// Reads the present state of the store.
    pub fn read(store: &dyn Store) -> Result<Self, StoreError> {
        let mut standing = Self::read_once(store)?;
        for _ in 1..TRIES {
            if store.moment()? == standing.moment {
                return Ok(standing);
            }
            standing = Self::read_once(store)?;
        }
        standing.unsure = store.moment()? != standing.moment;
        Ok(standing)
    }

    fn read_once(store: &dyn Store) -> Result<Self, StoreError> {
        if let Some((done, all)) = store.unfinished()? {
            return Err(StoreError::Unavailable(format!(
                "its documents are being counted: {done} of {all} are done"
            )));
        }
        let moment = store.moment()?;
        let counts = store.counts()?;
        let mut standing = Self {
            moment,
            last: counts.last,
            documents: counts.documents,
            claims: 0,
            is_ruled: counts.rulings > 0,
            unsure: false,
            ruled: Vec::new(),
            machine: Vec::new(),
            units: FxHashMap::default(),
            machine_units: FxHashMap::default(),
            recent: VecDeque::new(),
            events: Vec::new(),
            all_events: 0,
            damaged: Vec::new(),
            damaged_places: store.damaged_places()?,
        };
        standing.read_totals(store)?;
        standing.read_recent(store)?;
        standing.read_events(store)?;
        Ok(standing)
    }

    /// The totals of each place, and of all.
    fn read_totals(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        self.ruled = summaries(store, true, None)?;
        self.machine = match self.is_ruled {
            true => summaries(store, false, None)?,
            false => Vec::new(),
        };
        let units = |ruled| {
            let query = TotalsQuery {
                ruled,
                ..TotalsQuery::of(Dimension::Unit)
            };
            Ok::<_, StoreError>(store.totals(&query)?.into_iter().collect())
        };
        self.units = units(true)?;
        self.machine_units = match self.is_ruled {
            true => units(false)?,
            false => FxHashMap::default(),
        };
        let all = store.totals(&TotalsQuery::of(Dimension::All))?;
        self.claims = all.first().map_or(0, |(_, counts)| counts.claims.max(0).unsigned_abs());
        Ok(())
    }

    /// The newest events: one may be made or change with every document, ruling and deletion.
    fn read_events(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let mut page = store.events(&EventQuery {
            document: None,
            newest: true,
            after: None,
            limit: RECENT_EVENTS,
        })?;
        page.events.reverse();
        self.events = page.events;
        self.all_events = page.total;
        Ok(())
    }

    /// The newest documents, page by page until there are enough: one of them may be as large as many.
    fn read_recent(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        const PAGE: usize = 10;
        let (mut after, mut mentions, mut bytes) = (None, 0, 0);
        loop {
            let page = store.page(Page {
                order: Order::Newest,
                after,
                limit: PAGE,
            })?;
            after = page.next;
            self.damaged.extend(page.damaged);
            for stored in page.documents {
                mentions += stored.read.parse.mentions.len();
                let full = self.recent.len() == RECENT || mentions > RECENT_MENTIONS;
                if full && !self.recent.is_empty() {
                    return Ok(());
                }
                let rulings = self.rulings(store, &stored.read.document.id)?;
                let declared = self.declared(store, &stored.read.document.id)?;
                let recent = Recent::of(stored, declared, &rulings);
                bytes += recent.bytes;
                if bytes > RECENT_BYTES && !self.recent.is_empty() {
                    return Ok(());
                }
                self.recent.push_front(recent);
            }
            if after.is_none() {
                return Ok(());
            }
        }
    }

    fn declared(&self, store: &dyn Store, document: &str) -> Result<Option<ReadDocument>, StoreError> {
        match self.is_ruled {
            true => store.declared(document),
            false => Ok(None),
        }
    }

    fn rulings(&self, store: &dyn Store, document: &str) -> Result<Vec<Ruling>, StoreError> {
        match self.is_ruled {
            true => store.rulings(document),
            false => Ok(Vec::new()),
        }
    }

    /// Reads the changes committed since; true if there were any.
    pub fn follow(&mut self, store: &dyn Store) -> Result<bool, StoreError> {
        if self.unsure {
            *self = Self::read(store)?;
            return Ok(true);
        }
        if store.moment()? == self.moment {
            return Ok(false);
        }
        let changes = store.changes_after(&self.moment, STEPS)?;
        // Only the version is new: counts were computed again.
        let Some(changes) = changes.filter(|changes| !changes.more && !changes.changes.is_empty()) else {
            *self = Self::read(store)?;
            return Ok(true);
        };
        self.unsure = true;
        let edited = changes.changes.iter().filter_map(|(_, change)| match change {
            Change::Edit(edit) => Some(edit.document.clone()),
            _ => None,
        });
        let edited: FxHashSet<String> = edited.collect();
        for (_, change) in changes.changes {
            match change {
                Change::Document { number, id } if number > self.last => match stored(store, &id)? {
                    Some(stored) => self.add(stored, number),
                    None => return self.read_again(store),
                },
                // The content before it was parsed again or deleted is unknown. Its edit follows.
                Change::Document { id, .. } if edited.contains(&id) => {}
                Change::Edit(edit) => match stored(store, &edit.document)? {
                    Some(stored) => self.edit(store, stored)?,
                    None => return self.read_again(store),
                },
                Change::Document { .. } | Change::Deletion(_) => return self.read_again(store),
                // Events are read again at the end.
                Change::Events(_) => {}
                Change::Ruling(ruling) => match stored(store, &ruling.mention.document)? {
                    Some(stored) => self.rule(store, stored, &ruling)?,
                    None => return self.read_again(store),
                },
            }
        }
        self.read_totals(store)?;
        self.read_events(store)?;
        self.moment = changes.now;
        // Others may have written since: their totals are in already, and their documents follow.
        self.unsure = false;
        Ok(true)
    }

    fn read_again(&mut self, store: &dyn Store) -> Result<bool, StoreError> {
        *self = Self::read(store)?;
        Ok(true)
    }

    fn add(&mut self, stored: StoredDocument, number: i64) {
        let recent = Recent::of(stored, None, &[]);
        self.recent.push_back(recent);
        self.last = number;
        self.documents += 1;
        let mentions = |recent: &Recent| recent.machine.parse.mentions.len();
        let mut all: usize = self.recent.iter().map(mentions).sum();
        let mut bytes: usize = self.recent.iter().map(|recent| recent.bytes).sum();
        let over = |all, bytes| all > RECENT_MENTIONS || bytes > RECENT_BYTES;
        while self.recent.len() > RECENT || (over(all, bytes) && self.recent.len() > 1) {
            let Some(oldest) = self.recent.pop_front() else { break };
            all -= mentions(&oldest);
            bytes -= oldest.bytes;
        }
    }

    /// Takes over a document that was edited.
    fn edit(&mut self, store: &dyn Store, stored: StoredDocument) -> Result<(), StoreError> {
        self.is_ruled = true;
        let id = stored.read.document.id.clone();
        let recent = Recent::of(stored, store.declared(&id)?, &store.rulings(&id)?);
        let place = self.recent.iter().position(|other| other.machine.document.id == id);
        if let Some(place) = place {
            self.recent[place] = recent;
        }
        Ok(())
    }

    fn rule(&mut self, store: &dyn Store, stored: StoredDocument, ruling: &Ruling) -> Result<(), StoreError> {
        self.is_ruled = true;
        let id = &ruling.mention.document;
        let mut rulings = store.rulings(id)?;
        rulings.retain(|other| other.id <= ruling.id);
        let recent = Recent::of(stored, store.declared(id)?, &rulings);
        let place = self.recent.iter().position(|other| other.machine.document.id == *id);
        if let Some(place) = place {
            self.recent[place] = recent;
        }
        Ok(())
    }

    /// The documents in memory, as ruled, in order of arrival.
    pub fn documents(&self) -> Vec<Arc<ReadDocument>> {
        self.recent.iter().map(|recent| Arc::clone(&recent.ruled)).collect()
    }

    /// True if any ruling was ever made.
    pub fn is_ruled(&self) -> bool {
        self.is_ruled
    }

    /// The moment of the store that it follows up to.
    pub fn moment(&self) -> &Moment {
        &self.moment
    }

    /// Number of all documents.
    pub fn count(&self) -> u64 {
        self.documents
    }

    /// Documents that could not be read, as far as it came to them.
    pub fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    /// Rows of the table of places that could not be read.
    pub fn damaged_places(&self) -> &[String] {
        &self.damaged_places
    }

    /// Data for layers, as ruled or as the machine read.
    pub(super) fn told(&self, ruled: bool) -> LayerInput<'_> {
        let documents = self.recent.iter().map(|recent| match ruled {
            true => &*recent.ruled,
            false => &*recent.machine,
        });
        let documents: Vec<&ReadDocument> = documents.collect();
        let (places, units) = match ruled || !self.is_ruled {
            true => (&self.ruled, &self.units),
            false => (&self.machine, &self.machine_units),
        };
        let partial = (self.documents > documents.len() as u64).then_some(Whole {
            documents: self.documents,
            claims: self.claims,
            mentions: evidence::all_mentions(places),
        });
        LayerInput {
            documents,
            places,
            units,
            events: &self.events,
            all_events: self.all_events,
            partial,
        }
    }
}

/// The places that are drawn, with their totals ever or within some days.
pub(super) fn summaries(store: &dyn Store, ruled: bool, days: Option<Days>) -> Result<Vec<PlaceSummary>, StoreError> {
    let totals = store.place_totals(ruled, days)?.into_iter().map(summary);
    Ok(totals.collect())
}

/// A place as a store counts it.
pub(super) fn summary(total: PlaceTotal) -> PlaceSummary {
    let number = |number: i64| number.max(0).unsigned_abs();
    PlaceSummary {
        place: total.place,
        mentions: number(total.counts.mentions),
        documents: number(total.counts.documents),
        first: total.days.map(|days| days.first.to_string()),
        last: total.days.map(|days| days.last.to_string()),
    }
}

/// A document; none if it was deleted since or cannot be read.
fn stored(store: &dyn Store, id: &str) -> Result<Option<StoredDocument>, StoreError> {
    match store.get(id) {
        Err(StoreError::Damaged { .. }) => Ok(None),
        read => read,
    }
}
