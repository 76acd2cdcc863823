//! Pages and single features of layers of which only the newest features are in memory: the rest is in the store.

use super::{
    own::{self, Behind},
    page_cursor::{Position, ordinal_of},
    problem::Problem,
    selection::{SelectedPage, Selection, SortKey},
    services::{Cursor, FeatureQuery},
    state::App,
    work::{self, AnswerMemory, Reservation, Task},
};
use crate::{
    layers::{Days, Feature, Layer, LayerKind},
    store::{SortField, SortedQuery, SortedRow},
};
use rustc_hash::FxHashMap;
use std::{collections::BinaryHeap, sync::Arc};

/// Features that are sorted, or written to one file, at most.
pub const TOGETHER: usize = 200_000;

/// Bytes of their ids and values, at most.
pub const TOGETHER_BYTES: usize = 192 << 20;

/// Rows that are read at first where not all of them pass.
const FEW: usize = 32;

/// The store or the table with the features of a layer that is not complete in memory.
pub fn behind<'a>(app: &'a App, layer: &Layer) -> Option<Behind<'a>> {
    if layer.own {
        return own::table_of(app, layer).map(Behind::Table);
    }
    layer
        .partial
        .and(app.library())
        .map(|library| Behind::Store(&**library))
}

/// Changes when the layer changes, also where only the store has it.
pub fn revision(app: &App, layer: &Layer) -> u64 {
    layer.revision ^ behind(app, layer).map_or(0, |behind| behind.version())
}

/// Runs work with the state on a worker.
pub async fn blocking<R: Send + 'static>(
    app: &Arc<App>,
    task: Task,
    work: impl FnOnce(&App) -> Result<R, Problem> + Send + 'static,
) -> Result<R, Problem> {
    let state = Arc::clone(app);
    app.work.run(task, move |_| work(&state)).await
}

/// A layer to read stretches of.
pub struct Archive<'a> {
    /// Source of the features.
    pub library: Behind<'a>,
    /// The layer as far as it is in memory.
    pub layer: &'a Layer,
    /// True if rulings are applied.
    pub ruled: bool,
    /// Memory that files share until their clients have them.
    pub memory: &'a AnswerMemory,
    /// Features that are sorted, or written to one file, at most.
    pub together: usize,
}

impl Archive<'_> {
    /// One page of the selected features, as a layer of its own.
    #[cfg(test)]
    pub fn page(&self, selection: &Selection, offset: usize, limit: usize) -> Result<(Layer, SelectedPage), Problem> {
        self.page_from(selection, None, offset, limit)
    }

    /// One page of the selected features after a position.
    ///
    /// # Errors
    /// 400 for a position in another order than the requested one.
    pub fn page_from(
        &self,
        selection: &Selection,
        from: Option<&Position>,
        offset: usize,
        limit: usize,
    ) -> Result<(Layer, SelectedPage), Problem> {
        let is_indexed = indexed_order(self.layer, selection).is_some();
        if from.is_some_and(|from| from.value.is_some() != is_indexed || (selection.is_sorted() && !is_indexed)) {
            return Err(Problem::parameter(
                "cursor",
                "the cursor is of a page in another order; take it from a next link, or leave it out".to_owned(),
            ));
        }
        if selection.is_sorted() {
            return match self.indexed_page(selection, from, offset, limit)? {
                Some(page) => Ok(page),
                None => self.sorted_page(selection, offset, limit),
            };
        }
        // One more than the page, to know whether there are more.
        let mut reader = Reader::new(self, selection, offset, limit.saturating_add(1));
        if let Some(from) = from {
            reader.after = Some((from.number, from.ordinal));
        }
        let layer = self.layer(&mut reader)?;
        reader.finish()?;
        let everything = selection.is_everything();
        let total = self.layer.total().filter(|_| everything);
        let found = SelectedPage {
            indexes: (0..layer.len().min(limit) as u32).collect(),
            total: total.and_then(|total| usize::try_from(total).ok()),
            more: layer.len() > limit,
            end: self.end_of(&layer, limit, None)?,
        };
        Ok((layer, found))
    }

    /// The position of the last feature of a page that more follow. Where one claim makes several features there is none.
    fn end_of(&self, layer: &Layer, limit: usize, row: Option<&SortedRow>) -> Result<Option<Position>, Problem> {
        let has_positions = has_order(self.layer.kind);
        if (layer.len() <= limit && row.is_none()) || limit == 0 || !has_positions {
            return Ok(None);
        }
        if let Some(row) = row {
            return Ok(Some(Position {
                value: Some(row.value.clone()),
                number: row.number,
                ordinal: row.ordinal,
            }));
        }
        let last = layer.at(limit as u32 - 1).id();
        let Behind::Store(library) = &self.library else {
            return Ok(None);
        };
        let kept = library.get(document_of(last), self.ruled)?;
        Ok(kept.map(|kept| Position {
            value: None,
            number: kept.number,
            ordinal: ordinal_of(last),
        }))
    }

    /// One page of a list that an index of the store puts in order: only rows up to the end of the page are read. `None`
    /// where no index has the order.
    fn indexed_page(
        &self,
        selection: &Selection,
        from: Option<&Position>,
        offset: usize,
        limit: usize,
    ) -> Result<Option<(Layer, SelectedPage)>, Problem> {
        let Behind::Store(library) = &self.library else {
            return Ok(None);
        };
        let (Some(store), Some(order)) = (library.counts(), indexed_order(self.layer, selection)) else {
            return Ok(None);
        };
        let wanted = selection.wanted(self.layer);
        let passes_all = selection.passes_all();
        let end = offset.saturating_add(limit).saturating_add(1);
        let mut query = SortedQuery {
            layer: self.layer.id.clone(),
            field: order.0,
            descending: order.1,
            days: wanted.time.and_then(Days::meeting),
            kind: wanted.kind,
            speaker: wanted.speaker,
            ruled: self.ruled,
            after: from.map(|from| (from.value.clone().flatten(), from.number, from.ordinal)),
            skip: if passes_all { offset } else { 0 },
            limit: if passes_all {
                limit.saturating_add(1)
            } else {
                end.clamp(FEW, self.together)
            },
        };
        let (mut features, mut passed, mut looked_at) = (Vec::new(), query.skip, 0);
        let mut end = None;
        let mut row_of: FxHashMap<Box<str>, SortedRow> = FxHashMap::default();
        loop {
            work::check()?;
            let Some(rows) = store.sorted(&query)? else {
                return Ok(None);
            };
            let Some(last) = rows.rows.last().cloned() else { break };
            looked_at += rows.rows.len();
            let ids = rows.rows.iter().map(|row| self.id_of(&row.document, row.ordinal));
            let ids: Vec<Box<str>> = ids.collect();
            row_of.clear();
            row_of.extend(ids.iter().cloned().zip(rows.rows.iter().cloned()));
            let found = self.features(&ids)?;
            for feature in self.passing(selection, found)? {
                if passed < offset {
                    passed += 1;
                } else {
                    if features.len() + 1 == limit {
                        end = row_of.get(&*feature.id).cloned();
                    }
                    features.push(feature);
                }
            }
            if rows.next.is_none() || features.len() > limit {
                break;
            }
            if looked_at > self.together {
                return Err(self.too_many_looked_at(looked_at));
            }
            query.after = Some((last.value, last.number, last.ordinal));
            query.skip = 0;
            query.limit = query.limit.saturating_mul(2).min(2_000);
        }
        let more = features.len() > limit;
        features.truncate(limit);
        let layer = self.layer(&mut features.into_iter())?;
        let total = self.layer.total().filter(|_| passes_all);
        let found = SelectedPage {
            indexes: (0..layer.len() as u32).collect(),
            total: total.and_then(|total| usize::try_from(total).ok()),
            more,
            end: match end.filter(|_| more) {
                Some(row) => self.end_of(&layer, limit, Some(&row))?,
                None => None,
            },
        };
        Ok(Some((layer, found)))
    }

    /// The id of a feature.
    fn id_of(&self, document: &str, ordinal: u32) -> Box<str> {
        match self.layer.kind {
            LayerKind::Claims => format!("{document}-c{ordinal}").into(),
            LayerKind::Mentions => format!("{document}-m{ordinal}").into(),
            _ => document.into(),
        }
    }

    fn too_many_looked_at(&self, rows: usize) -> Problem {
        Problem::bad_request(format!(
            "{rows} features of {} were looked at and the page is not full; narrow them by datetime, type or speaker",
            self.layer.id
        ))
    }

    /// Those of some features that are selected, in their order.
    fn passing(&self, selection: &Selection, features: Vec<Feature>) -> Result<Vec<Feature>, Problem> {
        if selection.passes_all() || features.is_empty() {
            return Ok(features);
        }
        let layer = self.layer(&mut features.iter().cloned())?;
        let mut passes = vec![false; features.len()];
        for index in selection.unsorted(&layer)? {
            passes[index as usize] = true;
        }
        let passing = features.into_iter().zip(passes).filter(|(_, passes)| *passes);
        Ok(passing.map(|(feature, _)| feature).collect())
    }

    /// One page of a list that is sorted. Of the features before the end of the page only the sort keys and ids are kept;
    /// the features of the page are read a second time.
    fn sorted_page(
        &self,
        selection: &Selection,
        offset: usize,
        limit: usize,
    ) -> Result<(Layer, SelectedPage), Problem> {
        let end = offset.saturating_add(limit).min(self.together);
        // The greatest of those that are kept is on top.
        let mut first: BinaryHeap<(SortKey, u32, Box<str>)> = BinaryHeap::new();
        let (mut total, mut bytes) = (0_u32, 0_usize);
        let mut after = Some((0, 0));
        let wanted = selection.wanted(self.layer);
        while let Some(from) = after {
            work::check()?;
            let stretch = self.library.stretch(&self.layer.id, self.ruled, &wanted, from)?;
            after = stretch.next;
            let layer = self.layer(&mut stretch.features.into_iter())?;
            for index in selection.unsorted(&layer)? {
                let feature = layer.at(index);
                let key = selection.sort_key(feature);
                total += 1;
                if total as usize > self.together {
                    return Err(self.too_many());
                }
                if first.len() == end {
                    match first.peek() {
                        Some((greatest, ..)) if key < *greatest => first.pop(),
                        _ => continue,
                    };
                } else {
                    bytes += key.bytes() + feature.id().len();
                    if bytes > TOGETHER_BYTES {
                        return Err(self.too_large());
                    }
                }
                first.push((key, total, feature.id().into()));
            }
        }
        let page = first.into_sorted_vec().into_iter().skip(offset).take(limit);
        let ids: Vec<Box<str>> = page.map(|(.., id)| id).collect();
        let layer = self.layer(&mut self.features(&ids)?.into_iter())?;
        let found = SelectedPage {
            indexes: (0..layer.len() as u32).collect(),
            total: Some(total as usize),
            more: offset.saturating_add(limit) < total as usize,
            end: None,
        };
        Ok((layer, found))
    }

    /// The features with these ids, in this order; one that is gone meanwhile is left out.
    fn features(&self, ids: &[Box<str>]) -> Result<Vec<Feature>, Problem> {
        if self.layer.own {
            let found = ids.iter().map(|id| self.of_document(id));
            return Ok(found
                .collect::<Result<Vec<_>, Problem>>()?
                .into_iter()
                .flatten()
                .collect());
        }
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut documents: FxHashMap<&str, usize> = FxHashMap::default();
        for (place, id) in ids.iter().enumerate() {
            places.insert(id, place);
            documents.entry(document_of(id)).or_insert(place);
        }
        let mut documents: Vec<(&str, usize)> = documents.into_iter().collect();
        documents.sort_unstable_by_key(|(_, place)| *place);
        let mut found: Vec<Option<Feature>> = Vec::new();
        found.resize_with(ids.len(), || None);
        for (document, _) in documents {
            work::check()?;
            for feature in self.of_document(document)? {
                if let Some(&place) = places.get(feature.id.as_str()) {
                    found[place] = Some(feature);
                }
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// Everything that is selected, for a file. More than [`TOGETHER`] features are refused.
    pub fn whole(&self, selection: &Selection, limit: usize) -> Result<(Layer, Vec<Reservation>), Problem> {
        // A sort needs all features.
        let mut reader = match selection.is_sorted() || limit > self.together {
            true => Reader::new(self, selection, 0, self.together).refusing_more(),
            false => Reader::new(self, selection, 0, limit),
        };
        reader.memory = Some(self.memory);
        let layer = self.layer(&mut reader)?;
        let reservations = std::mem::take(&mut reader.reservations);
        reader.finish()?;
        Ok((layer, reservations))
    }

    /// The feature with an id, which begins with the id of its document.
    pub fn one(&self, id: &str) -> Result<Option<Layer>, Problem> {
        let part = if self.layer.own { id } else { document_of(id) };
        let mut features = self.of_document(part)?;
        features.retain(|feature| feature.id == id);
        let layer = self.layer(&mut features.into_iter())?;
        Ok(layer.get(id).is_some().then_some(layer))
    }

    /// All features of some documents.
    pub fn of_documents(&self, documents: &[String]) -> Result<Layer, Problem> {
        let mut features = Vec::new();
        for document in documents {
            work::check()?;
            features.extend(self.of_document(document)?);
        }
        self.layer(&mut features.into_iter())
    }

    /// The features of one document.
    fn of_document(&self, document: &str) -> Result<Vec<Feature>, Problem> {
        if let Some(found) = self.library.one(document) {
            return found;
        }
        if let (Behind::Store(library), LayerKind::Documents) = (&self.library, self.layer.kind) {
            let kept = library.get(document, self.ruled)?;
            return Ok(kept.map_or_else(Vec::new, |kept| crate::layers::evidence::documents(&[&*kept.read])));
        }
        let wanted = FeatureQuery {
            document: Some(document.to_owned()),
            most: usize::MAX,
            rows: usize::MAX,
            ..FeatureQuery::default()
        };
        let mut features = Vec::new();
        let mut after = Some((0, 0));
        while let Some(from) = after {
            work::check()?;
            let stretch = self.library.stretch(&self.layer.id, self.ruled, &wanted, from)?;
            features.extend(stretch.features);
            after = stretch.next;
        }
        Ok(features)
    }

    fn layer(&self, features: &mut dyn Iterator<Item = Feature>) -> Result<Layer, Problem> {
        self.library
            .layer(&self.layer.id, features)
            .ok_or_else(|| Problem::internal("a layer of the store is not in the catalogue"))
    }

    fn too_many(&self) -> Problem {
        Problem::bad_request(format!(
            "more than {} features of {} are selected; narrow them by bbox, datetime or filter",
            self.together, self.layer.id
        ))
    }

    fn too_large(&self) -> Problem {
        Problem::bad_request(format!(
            "the selected features of {} have more than {TOGETHER_BYTES} bytes; narrow them by bbox, datetime or filter",
            self.layer.id
        ))
    }
}

/// True for a layer that the store keeps in the order of publication.
fn has_order(layer: LayerKind) -> bool {
    matches!(layer, LayerKind::Claims | LayerKind::Mentions | LayerKind::Documents)
}

/// The order of a selection, where an index of the store has it: by which field, and whether from the greatest on.
fn indexed_order(layer: &Layer, selection: &Selection) -> Option<(SortField, bool)> {
    let (field, descending) = selection.single_order()?;
    let order = match (layer.kind, layer.fields.get(field)?.name.as_str()) {
        (kind, "published") if has_order(kind) => SortField::Published,
        (LayerKind::Claims, "type") => SortField::Kind,
        (LayerKind::Claims, "speaker") => SortField::Speaker,
        _ => return None,
    };
    Some((order, descending))
}

/// True if an index of the store puts a layer in the order that `sortby` names.
pub fn is_indexed(layer: &str, sortby: &str) -> bool {
    let field = sortby.trim().trim_start_matches(['-', '+']).trim();
    let layer = LayerKind::of(layer);
    match field {
        "published" => has_order(layer),
        "type" | "speaker" => layer == LayerKind::Claims,
        _ => false,
    }
}

/// The id of the document that an id of a feature begins with.
fn document_of(id: &str) -> &str {
    id.split_once('-').map_or(id, |(document, _)| document)
}

/// The bytes that the id and the values of a feature take in a layer, about.
fn weight(feature: &Feature) -> usize {
    /// A row and its place in the index.
    const ROW: usize = 160;
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.len() + 8,
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => value.to_string().len() + 8,
        _ => 8,
    };
    ROW + feature.id.len() + feature.properties.values().map(value).sum::<usize>()
}

/// Reads the features that are selected, in order of arrival, from the one at an offset; a stretch of them is in memory.
struct Reader<'a> {
    archive: &'a Archive<'a>,
    selection: &'a Selection,
    wanted: FeatureQuery,
    /// Start of the next stretch; `None` at the end.
    after: Option<Cursor>,
    pending: std::vec::IntoIter<Feature>,
    skip: usize,
    /// Number of features that may follow.
    left: usize,
    /// More than may follow are a problem; else the rest is left out.
    refuse: bool,
    bytes: usize,
    memory: Option<&'a AnswerMemory>,
    reservations: Vec<Reservation>,
    failed: Option<Problem>,
}

impl<'a> Reader<'a> {
    fn new(archive: &'a Archive<'a>, selection: &'a Selection, offset: usize, limit: usize) -> Self {
        let mut wanted = selection.wanted(archive.layer);
        if selection.is_everything() {
            wanted.skip = offset;
            wanted.most = limit;
        } else {
            // A page is often full after few rows; where little passes, more are read at once each time.
            wanted.rows = offset.saturating_add(limit).saturating_mul(2).max(FEW);
        }
        Self {
            archive,
            selection,
            wanted,
            after: Some((0, 0)),
            pending: Vec::new().into_iter(),
            skip: offset,
            left: limit,
            refuse: false,
            bytes: 0,
            memory: None,
            reservations: Vec::new(),
            failed: None,
        }
    }

    /// More features than the limit are a problem.
    fn refusing_more(mut self) -> Self {
        self.refuse = true;
        // One more must be read to know.
        self.wanted.most = self.wanted.most.saturating_add(1);
        self
    }

    fn finish(self) -> Result<(), Problem> {
        self.failed.map_or(Ok(()), Err)
    }

    /// Reads the next stretch.
    fn fill(&mut self, from: Cursor) -> Result<(), Problem> {
        work::check()?;
        let archive = self.archive;
        let stretch = archive
            .library
            .stretch(&archive.layer.id, archive.ruled, &self.wanted, from)?;
        self.after = stretch.next;
        self.wanted.rows = self.wanted.rows.saturating_mul(2);
        self.wanted.skip -= stretch.skipped.min(self.wanted.skip);
        self.skip -= stretch.skipped.min(self.skip);
        let mut passing = self.passing(stretch.features)?;
        let passed_over = self.skip.min(passing.len());
        self.skip -= passed_over;
        passing.drain(..passed_over);
        let bytes: usize = passing.iter().map(weight).sum();
        self.bytes += bytes;
        if self.bytes > TOGETHER_BYTES {
            return Err(archive.too_large());
        }
        if let Some(memory) = self.memory {
            self.reservations.push(memory.reserve(bytes)?);
        }
        self.pending = passing.into_iter();
        Ok(())
    }

    /// Those of some features that are selected.
    fn passing(&self, features: Vec<Feature>) -> Result<Vec<Feature>, Problem> {
        self.archive.passing(self.selection, features)
    }
}

impl Iterator for Reader<'_> {
    type Item = Feature;

    fn next(&mut self) -> Option<Feature> {
        loop {
            if self.failed.is_some() || (self.left == 0 && !self.refuse) {
                return None;
            }
            if let Some(feature) = self.pending.next() {
                if self.left == 0 {
                    self.failed = Some(self.archive.too_many());
                    return None;
                }
                self.left -= 1;
                return Some(feature);
            }
            let from = self.after?;
            if let Err(problem) = self.fill(from) {
                self.failed = Some(problem);
            }
        }
    }
}

#[cfg(test)]
mod tests;
