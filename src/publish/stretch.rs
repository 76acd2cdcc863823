//! Features of a layer that is too long for memory, read from the store a stretch at a time, in order of arrival.

use super::Publisher;
use crate::{
    geoparse::ClaimType,
    layers::{Feature, ReadDocument, TimeSpan, evidence},
    server::{Cursor, Stretch, Wanted},
    store::{MentionQuery, Order, Page, Store, StoreError},
};

/// Rows that are read at once.
const ROWS: usize = 1000;
/// Documents that are read at once where whole documents are wanted.
const DOCUMENTS: usize = 100;

/// Reads the next stretch. `rule` gives a document as it is to be shown.
pub fn read(
    publisher: &Publisher,
    store: &dyn Store,
    layer: &str,
    ruled: bool,
    wanted: &Wanted,
    after: Cursor,
    rule: &dyn Fn(ReadDocument) -> Result<ReadDocument, StoreError>,
) -> Result<Stretch, StoreError> {
    match layer {
        "mentions" => mentions(store, ruled, wanted, after, rule),
        "documents" => documents(store, wanted, after, rule),
        "claims" => claims(store, wanted, after, rule, None, |read| {
            evidence::claims(&[read], |id| publisher.point(id))
        }),
        "coordination_axes" => claims(store, wanted, after, rule, Some(ClaimType::CoordinationAxis), |read| {
            evidence::coordination_axes(&[read], |id| publisher.boundary(id))
        }),
        _ => Ok(Stretch::default()),
    }
}

/// How many rows to read at once: not more than are asked for.
fn enough(wanted: &Wanted, most: usize) -> usize {
    most.min(wanted.rows)
        .min(wanted.skip.saturating_add(wanted.most))
        .max(1)
}

/// Whether a day may be within the asked time; what has no day always is.
fn fits(day: Option<&str>, asked: Option<TimeSpan>) -> bool {
    let span = |day: &str| day.parse::<TimeSpan>().ok();
    match (asked, day.and_then(span)) {
        (Some(asked), Some(day)) => day.meets(asked),
        _ => true,
    }
}

type Rule<'r> = &'r dyn Fn(ReadDocument) -> Result<ReadDocument, StoreError>;

fn mentions(
    store: &dyn Store,
    ruled: bool,
    wanted: &Wanted,
    after: Cursor,
    rule: Rule<'_>,
) -> Result<Stretch, StoreError> {
    let limit = enough(wanted, ROWS);
    let rows = store.mentions(&MentionQuery {
        bbox: wanted.bbox,
        place: wanted.place.clone(),
        document: wanted.document.clone(),
        ruled,
        after,
        limit,
        ..MentionQuery::default()
    })?;
    let next = (rows.len() == limit)
        .then(|| rows.last().map(|row| (row.number, row.ordinal)))
        .flatten();
    let skipped = wanted.skip.min(rows.len());
    let mut features = Vec::new();
    let rows = rows[skipped..]
        .iter()
        .filter(|row| fits(row.day.as_deref(), wanted.time));
    let rows: Vec<_> = rows.take(wanted.most).collect();
    for rows in rows.chunk_by(|a, b| a.number == b.number) {
        let Some(stored) = store.get(&rows[0].document)? else {
            continue;
        };
        let read = rule(stored.read)?;
        let told = evidence::mentions(&[&read]);
        let ids: Vec<String> = rows
            .iter()
            .map(|row| format!("{}-m{}", row.document, row.ordinal))
            .collect();
        features.extend(told.into_iter().filter(|feature| ids.contains(&feature.id)));
    }
    Ok(Stretch {
        features,
        skipped,
        next,
    })
}

fn documents(store: &dyn Store, wanted: &Wanted, after: Cursor, rule: Rule<'_>) -> Result<Stretch, StoreError> {
    let limit = enough(wanted, DOCUMENTS);
    let page = store.page(Page {
        order: Order::Arrival,
        after: Some(after.0),
        limit,
    })?;
    let next = (page.len() == limit)
        .then(|| page.last().map(|stored| (stored.number, 0)))
        .flatten();
    let skipped = wanted.skip.min(page.len());
    let mut features = Vec::new();
    for stored in page.into_iter().skip(skipped).take(wanted.most) {
        features.extend(evidence::documents(&[&rule(stored.read)?]));
    }
    Ok(Stretch {
        features,
        skipped,
        next,
    })
}

/// Layers that are made of claims: the documents of a stretch of claims, each read once.
fn claims(
    store: &dyn Store,
    wanted: &Wanted,
    after: Cursor,
    rule: Rule<'_>,
    kind: Option<ClaimType>,
    told: impl Fn(&ReadDocument) -> Vec<Feature>,
) -> Result<Stretch, StoreError> {
    if let Some(document) = &wanted.document {
        // One document has no stretches.
        let stored = match after {
            (0, 0) => store.get(document)?,
            _ => None,
        };
        let features = stored
            .map(|stored| rule(stored.read))
            .transpose()?
            .map(|read| told(&read));
        return Ok(Stretch {
            features: features.unwrap_or_default(),
            ..Stretch::default()
        });
    }
    let rows = store.claims(after, ROWS)?;
    // A document's claims stay together: the last document of a full page waits for the next one, unless it fills the page.
    let full = rows.len() == ROWS;
    let last = rows.last().map(|row| row.number);
    let first = rows.first().map(|row| row.number);
    let waits = full && first != last;
    let rows = rows.iter().filter(|row| !waits || Some(row.number) != last);
    let rows: Vec<_> = rows.collect();
    let next = full.then(|| rows.last().map(|row| (row.number, u32::MAX))).flatten();
    let mut features = Vec::new();
    for rows in rows.chunk_by(|a, b| a.number == b.number) {
        let wanted = rows
            .iter()
            .any(|row| kind.is_none_or(|kind| row.kind == kind) && fits(row.day.as_deref(), wanted.time));
        if !wanted {
            continue;
        }
        if let Some(stored) = store.get(&rows[0].document)? {
            features.extend(told(&rule(stored.read)?));
        }
    }
    Ok(Stretch {
        features,
        skipped: 0,
        next,
    })
}
