//! Pages and single features of layers of which only the newest features stand in memory: the rest is in the store.

use super::{
    problem::Problem,
    selection::{Found, Selection},
    services::{Cursor, DocumentService, Wanted},
    state::App,
};
use crate::layers::{Feature, Layer};
use std::sync::Arc;

/// How many features are put in order, or written to one file, at most.
const TOGETHER: usize = 200_000;

/// How many rows are read at first where not all of them pass.
const FEW: usize = 32;

/// The store behind a layer that is not whole in memory.
pub fn behind<'a>(app: &'a App, layer: &Layer) -> Option<&'a Arc<dyn DocumentService>> {
    layer.partial.and(app.library())
}

/// Changes when the layer changes, also where only the store has it.
pub fn revision(app: &App, layer: &Layer) -> u64 {
    layer.revision ^ behind(app, layer).map_or(0, |library| library.version() as u64)
}

/// Does what blocks on a thread that may.
pub async fn blocking<R: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<R, Problem> + Send + 'static,
) -> Result<R, Problem> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app))
        .await
        .map_err(Problem::internal)?
}

/// A layer to read stretches of.
pub struct Archive<'a> {
    /// Where they are.
    pub library: &'a dyn DocumentService,
    /// The layer as it stands in memory.
    pub layer: &'a Layer,
    /// Whether rulings are shown.
    pub ruled: bool,
}

impl Archive<'_> {
    /// One page of what is selected, as a layer of its own.
    pub fn page(&self, selection: &Selection, offset: usize, limit: usize) -> Result<(Layer, Found), Problem> {
        if selection.is_sorted() {
            let all = self.layer(self.select(selection, 0, TOGETHER, true)?)?;
            let found = Found::on_page(&selection.select(&all), offset, limit);
            return Ok((all, found));
        }
        // One more than the page, to know whether there are more.
        let mut features = self.select(selection, offset, limit.saturating_add(1), false)?;
        let more = features.len() > limit;
        features.truncate(limit);
        let layer = self.layer(features)?;
        let everything = selection.is_everything();
        let total = self.layer.total().filter(|_| everything);
        let found = Found {
            indexes: (0..layer.len() as u32).collect(),
            total: total.and_then(|total| usize::try_from(total).ok()),
            more,
        };
        Ok((layer, found))
    }

    /// Everything that is selected, for a file.
    pub fn whole(&self, selection: &Selection, limit: usize) -> Result<Layer, Problem> {
        // What is to be put in order must be there whole.
        let (most, refuse) = match selection.is_sorted() || limit > TOGETHER {
            true => (TOGETHER, true),
            false => (limit, false),
        };
        self.layer(self.select(selection, 0, most, refuse)?)
    }

    /// The feature with an id, which begins with the id of its document.
    pub fn one(&self, id: &str) -> Result<Option<Layer>, Problem> {
        let document = id.split_once('-').map_or(id, |(document, _)| document);
        let features = match self.layer.id.as_str() {
            "documents" => match self.library.get(document, self.ruled)? {
                Some(kept) => crate::layers::evidence::documents(&[&*kept.read]),
                None => Vec::new(),
            },
            _ => {
                let wanted = Wanted {
                    document: Some(document.to_owned()),
                    most: usize::MAX,
                    rows: usize::MAX,
                    ..Wanted::default()
                };
                let mut features = Vec::new();
                let mut after = Some((0, 0));
                while let Some(from) = after {
                    let stretch = self.library.stretch(&self.layer.id, self.ruled, &wanted, from)?;
                    features.extend(stretch.features);
                    after = stretch.next;
                }
                features.retain(|feature| feature.id == id);
                features
            }
        };
        let layer = self.layer(features)?;
        Ok(layer.get(id).is_some().then_some(layer))
    }

    /// The features that are selected, in order of arrival, from the one at `offset`. With `refuse`, more than `limit`
    /// are a problem; else the first of them.
    fn select(
        &self,
        selection: &Selection,
        offset: usize,
        limit: usize,
        refuse: bool,
    ) -> Result<Vec<Feature>, Problem> {
        let everything = selection.is_everything();
        let mut wanted = selection.wanted(self.layer);
        let mut skip = offset;
        if everything {
            wanted.skip = offset;
            wanted.most = limit;
        } else {
            // A page is often full after few rows; where little passes, more are read at once each time.
            wanted.rows = offset.saturating_add(limit).saturating_mul(2).max(FEW);
        }
        let mut kept = Vec::new();
        let mut after: Cursor = (0, 0);
        loop {
            let stretch = self.library.stretch(&self.layer.id, self.ruled, &wanted, after)?;
            wanted.skip -= stretch.skipped.min(wanted.skip);
            skip -= stretch.skipped.min(skip);
            let passing = self.passing(selection, stretch.features, everything)?;
            let passed_over = skip.min(passing.len());
            skip -= passed_over;
            kept.extend(passing.into_iter().skip(passed_over));
            if kept.len() > limit && refuse {
                return Err(Problem::bad_request(format!(
                    "more than {limit} features of {} are selected; narrow them by bbox, datetime or filter",
                    self.layer.id
                )));
            }
            match stretch.next {
                Some(next) if kept.len() < limit => {
                    after = next;
                    wanted.rows = wanted.rows.saturating_mul(2);
                }
                _ => break,
            }
        }
        kept.truncate(limit);
        Ok(kept)
    }

    /// Those of some features that are selected.
    fn passing(
        &self,
        selection: &Selection,
        features: Vec<Feature>,
        everything: bool,
    ) -> Result<Vec<Feature>, Problem> {
        if everything || features.is_empty() {
            return Ok(features);
        }
        let layer = self.layer(features.clone())?;
        let matched = selection.unsorted(&layer);
        let mut passes = vec![false; features.len()];
        for index in matched {
            passes[index as usize] = true;
        }
        let passing = features.into_iter().zip(passes).filter(|(_, passes)| *passes);
        Ok(passing.map(|(feature, _)| feature).collect())
    }

    fn layer(&self, features: Vec<Feature>) -> Result<Layer, Problem> {
        self.library
            .layer(&self.layer.id, features)
            .ok_or_else(|| Problem::internal("a layer of the store is not in the catalogue"))
    }
}
