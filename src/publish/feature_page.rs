//! Features of a layer that is too long for memory, read from the store a stretch at a time, in order of arrival.

use super::Publisher;
use crate::{
    events,
    gazetteer::Level,
    geoparse::ClaimType,
    layers::{Bounds, Days, Feature, LayerKind, ReadDocument, TimeSpan, evidence, positions::features},
    server::{Cursor, FeaturePage, FeatureQuery},
    store::{Area, ClaimQuery, Damaged, EventQuery, MentionQuery, Order, Page, Store, StoreError},
};
use rustc_hash::FxHashSet;

/// Rows that are read at once.
const ROWS: usize = 1000;
/// Documents that are read at once where whole documents are wanted.
const DOCUMENTS: usize = 100;
/// Events that are read at once.
const EVENTS: usize = 200;

/// Source of the features.
pub struct Source<'s> {
    pub store: &'s dyn Store,
    /// Applies the rulings to a document.
    pub rule: &'s dyn Fn(ReadDocument) -> Result<ReadDocument, StoreError>,
    /// Notes a document that cannot be read; its features are passed over.
    pub damaged: &'s dyn Fn(&Damaged),
}

impl Source<'_> {
    /// A document as it is to be shown; none if it was deleted meanwhile or cannot be read.
    fn get(&self, id: &str, number: i64) -> Result<Option<ReadDocument>, StoreError> {
        match self.store.get(id) {
            Ok(stored) => stored.map(|stored| (self.rule)(stored.read)).transpose(),
            Err(StoreError::Damaged { document, cause }) => {
                (self.damaged)(&Damaged {
                    number,
                    id: document,
                    cause,
                });
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

/// Reads the next stretch.
pub fn read(
    publisher: &Publisher,
    source: &Source<'_>,
    layer: &str,
    ruled: bool,
    wanted: &FeatureQuery,
    after: Cursor,
) -> Result<FeaturePage, StoreError> {
    match LayerKind::of(layer) {
        LayerKind::Mentions => mentions(publisher, source, ruled, wanted, after),
        LayerKind::Documents => documents(source, wanted, after),
        LayerKind::Positions => positions(source, wanted, after),
        LayerKind::Events => events_of(publisher, source, wanted, after),
        LayerKind::Claims => claims(source, wanted, after, None, area(publisher, wanted), |read| {
            evidence::coded_claims(&[read], |id| publisher.point(id), publisher.coding())
        }),
        LayerKind::CoordinationAxes => claims(source, wanted, after, Some(ClaimType::CoordinationAxis), None, |read| {
            evidence::coordination_axes(&[read], |id| publisher.boundary(id))
        }),
        _ => Ok(FeaturePage::default()),
    }
}

/// Number of rows to read at once: not more than are requested.
fn enough(wanted: &FeatureQuery, most: usize) -> usize {
    most.min(wanted.rows).min(wanted.most).max(1)
}

/// True if a day may be within the requested time; a row without a day always is.
fn fits(day: Option<&str>, asked: Option<TimeSpan>) -> bool {
    let span = |day: &str| day.parse::<TimeSpan>().ok();
    match (asked, day.and_then(span)) {
        (Some(asked), Some(day)) => day.meets(asked),
        _ => true,
    }
}

fn mentions(
    publisher: &Publisher,
    source: &Source<'_>,
    ruled: bool,
    wanted: &FeatureQuery,
    after: Cursor,
) -> Result<FeaturePage, StoreError> {
    let page = source.store.mentions(&MentionQuery {
        bbox: wanted.bbox,
        place: wanted.place.clone(),
        document: wanted.document.clone(),
        within: wanted.time.and_then(Days::meeting),
        ruled,
        after,
        skip: wanted.skip,
        limit: enough(wanted, ROWS),
        ..MentionQuery::default()
    })?;
    let (rows, next) = (page.rows, page.next);
    let mut features = Vec::new();
    let rows = rows.iter().filter(|row| fits(row.day.as_deref(), wanted.time));
    let rows: Vec<_> = rows.take(wanted.most).collect();
    for rows in rows.chunk_by(|a, b| a.number == b.number) {
        let Some(read) = source.get(&rows[0].document, rows[0].number)? else {
            continue;
        };
        let read = [&read];
        let ids: FxHashSet<String> = rows
            .iter()
            .map(|row| format!("{}-m{}", row.document, row.ordinal))
            .collect();
        let told = evidence::mentions(&read, publisher.coding());
        features.extend(told.filter(|feature| ids.contains(&feature.id)));
    }
    Ok(FeaturePage {
        features,
        skipped: wanted.skip,
        next,
    })
}

fn events_of(
    publisher: &Publisher,
    source: &Source<'_>,
    wanted: &FeatureQuery,
    after: Cursor,
) -> Result<FeaturePage, StoreError> {
    let page = source.store.events(&EventQuery {
        document: wanted.document.clone(),
        newest: false,
        after: Some(after.0),
        limit: enough(wanted, EVENTS).saturating_add(wanted.skip).min(EVENTS),
    })?;
    let skipped = wanted.skip.min(page.events.len());
    let events = page.events.iter().skip(skipped).take(wanted.most);
    Ok(FeaturePage {
        features: events.map(|event| events::feature(event, publisher.coding())).collect(),
        skipped,
        next: page.next.map(|key| (key, 0)),
    })
}

fn documents(source: &Source<'_>, wanted: &FeatureQuery, after: Cursor) -> Result<FeaturePage, StoreError> {
    // A page at an offset begins after a document that need not be read.
    let jump = match (after.0, wanted.skip) {
        (0, 1..) => match source.store.number_at(wanted.skip as u64)? {
            Some(number) => Some(number),
            None => return Ok(FeaturePage::default()),
        },
        _ => None,
    };
    let page = source.store.page(Page {
        order: Order::Arrival,
        after: Some(jump.unwrap_or(after.0)),
        limit: enough(wanted, DOCUMENTS),
    })?;
    page.damaged.iter().for_each(source.damaged);
    let next = page.next.map(|number| (number, 0));
    let (skipped, rest) = match jump {
        Some(_) => (wanted.skip, 0),
        None => (wanted.skip.min(page.documents.len()), wanted.skip),
    };
    let mut features = Vec::new();
    for stored in page.documents.into_iter().skip(rest).take(wanted.most) {
        features.extend(evidence::documents(&[&(source.rule)(stored.read)?]));
    }
    Ok(FeaturePage {
        features,
        skipped,
        next,
    })
}

/// Described positions, document by document.
fn positions(source: &Source<'_>, wanted: &FeatureQuery, after: Cursor) -> Result<FeaturePage, StoreError> {
    if let Some(document) = &wanted.document {
        // One document has no stretches.
        let read = match after {
            (0, 0) => source.get(document, 0)?,
            _ => None,
        };
        return Ok(FeaturePage {
            features: read.map(|read| features(&[&read])).unwrap_or_default(),
            ..FeaturePage::default()
        });
    }
    let page = source.store.page(Page {
        order: Order::Arrival,
        after: Some(after.0),
        limit: DOCUMENTS,
    })?;
    page.damaged.iter().for_each(source.damaged);
    let next = page.next.map(|number| (number, 0));
    let mut found = Vec::new();
    for stored in page.documents {
        if !stored.read.parse.positions.is_empty() {
            found.extend(features(&[&(source.rule)(stored.read)?]));
        }
    }
    Ok(FeaturePage {
        features: found,
        skipped: 0,
        next,
    })
}

/// Places of the requested box, by which the store finds claims.
fn area(publisher: &Publisher, wanted: &FeatureQuery) -> Option<Area> {
    /// Degrees by which the box is widened: points of features may be rounded.
    const ROUNDING: f64 = 0.000_01;
    let [west, south, east, north] = wanted.bbox?;
    let bbox = [west - ROUNDING, south - ROUNDING, east + ROUNDING, north + ROUNDING];
    let inside = publisher.places_within(Bounds(bbox));
    let units = inside.iter().filter(|place| place.level <= Level::Subdistrict);
    Some(Area {
        bbox,
        units: units.map(|place| place.id.to_string()).collect(),
        places: inside.iter().map(|place| place.id.to_string()).collect(),
    })
}

/// Layers that are made of claims: the documents of a stretch of claims, each read once.
fn claims(
    source: &Source<'_>,
    wanted: &FeatureQuery,
    after: Cursor,
    kind: Option<ClaimType>,
    area: Option<Area>,
    told: impl Fn(&ReadDocument) -> Vec<Feature>,
) -> Result<FeaturePage, StoreError> {
    if let Some(document) = &wanted.document {
        // One document has no stretches.
        let read = match after {
            (0, 0) => source.get(document, 0)?,
            _ => None,
        };
        let features = read.map(|read| told(&read));
        return Ok(FeaturePage {
            features: features.unwrap_or_default(),
            ..FeaturePage::default()
        });
    }
    let page = source.store.claims_of(&ClaimQuery {
        after,
        days: wanted.time.and_then(Days::meeting),
        kind: wanted.kind.clone(),
        speaker: wanted.speaker.clone(),
        area,
        // One claim may make several areas or none.
        skip: if kind.is_none() { wanted.skip } else { 0 },
        // A claim more than the page has: the last document of a full page waits for the next one.
        limit: match kind {
            None => enough(wanted, ROWS).saturating_add(1),
            Some(_) => ROWS,
        },
    })?;
    let rows = page.rows;
    // A document's claims stay together: the last document of a full page waits for the next one, unless it fills the page.
    let full = page.next.is_some();
    let last = rows.last().map(|row| row.number);
    let first = rows.first().map(|row| row.number);
    let waits = full && first != last;
    let rows = rows.iter().filter(|row| !waits || Some(row.number) != last);
    let rows: Vec<_> = rows.collect();
    // A page of which nothing can be read is passed over.
    let next = page
        .next
        .map(|next| rows.last().map_or(next, |row| (row.number, u32::MAX)));
    let mut features = Vec::new();
    for rows in rows.chunk_by(|a, b| a.number == b.number) {
        let wanted = rows
            .iter()
            .any(|row| kind.is_none_or(|kind| row.kind == kind) && fits(row.day.as_deref(), wanted.time));
        if !wanted {
            continue;
        }
        if let Some(read) = source.get(&rows[0].document, rows[0].number)? {
            let told = told(&read).into_iter();
            // The stretch may begin in the middle of a document.
            let begun = if Some(rows[0].number) == first {
                rows[0].ordinal
            } else {
                0
            };
            features.extend(told.filter(|feature| ordinal(&feature.id) >= begun));
        }
    }
    Ok(FeaturePage {
        features,
        skipped: if kind.is_none() { wanted.skip } else { 0 },
        next,
    })
}

/// The position of a claim in its document, by the id of a feature of it.
fn ordinal(id: &str) -> u32 {
    let claim = id.split('-').nth(1).and_then(|claim| claim.strip_prefix('c'));
    claim.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
}
