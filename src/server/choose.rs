//! The features that the parameters of a download mean, for commands that take the same filters.

use super::{
    crs::Crs,
    operations as o,
    parameter::Query,
    parameters as p,
    selection::{Matched, Selection, chosen_fields},
};
use crate::{
    export::Rows,
    language::Language,
    layers::{FeatureRef, Layer},
    query::QueryError,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Filters over layers, with the meaning that they have in the address of a download.
pub struct Chooser {
    query: Query<'static>,
    language: Language,
}

/// Selected features and fields of one layer.
pub struct LayerSelection {
    selection: Selection,
    /// The features, in order.
    pub rows: Rows,
    /// Positions of the fields that were named; all when none was.
    pub fields: Option<Vec<usize>>,
}

/// A refused filter: the parameter, and its accepted values.
#[derive(Debug, thiserror::Error)]
#[error("{}{detail}", parameter.as_ref().map(|name| format!("--{name}: ")).unwrap_or_default())]
pub struct Unfit {
    parameter: Option<String>,
    detail: String,
}

impl From<QueryError> for Unfit {
    fn from(problem: QueryError) -> Self {
        Self {
            parameter: problem.parameter.map(|name| name.replace('_', "-")),
            detail: problem.detail,
        }
    }
}

impl Chooser {
    /// From names of parameters of a download with their values.
    ///
    /// # Errors
    /// When a parameter does not accept its value.
    pub fn new(pairs: &[(&str, &str)], language: Language) -> Result<Self, Unfit> {
        let encoded = pairs.iter().map(|(name, value)| {
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            format!("{name}={value}")
        });
        let text = encoded.collect::<Vec<_>>().join("&");
        let query = Query::read(Some(&text), o::DOWNLOAD)?.into_owned();
        Ok(Self { query, language })
    }

    /// The features of a layer that pass. `None` where the filter names a field that the layer does not have: of several
    /// layers such a one is left out.
    ///
    /// # Errors
    /// When a value does not fit the layer.
    pub fn choose(&self, layer: &Layer) -> Result<Option<LayerSelection>, Unfit> {
        let offered = Crs::offered(layer.bounds());
        let selection = match Selection::read(&self.query, layer, &offered, self.language) {
            Ok(selection) => selection,
            Err(problem) if problem.parameter.as_deref() == Some(p::FILTER.name) => return Ok(None),
            Err(problem) => return Err(problem.into()),
        };
        let limit = self.query.integer(&p::DOWNLOAD_LIMIT);
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let rows = match selection.select(layer)? {
            Matched::All(count) if count as usize <= limit => Rows::All(count),
            matched => matched.page(0, limit).collect(),
        };
        Ok(Some(LayerSelection {
            fields: chosen_fields(&self.query, layer)?,
            selection,
            rows,
        }))
    }

    /// Refusal of a filter that fits no layer, with the error of this layer.
    ///
    /// # Errors
    /// Always, if the filter does not fit the layer.
    pub fn refusal(&self, layer: &Layer) -> Result<(), Unfit> {
        let offered = Crs::offered(layer.bounds());
        Selection::read(&self.query, layer, &offered, self.language)?;
        Ok(())
    }
}

impl LayerSelection {
    /// True if a feature passes the filters, except for the bbox.
    pub fn passes(&self, feature: FeatureRef<'_>) -> bool {
        self.selection.passes(feature)
    }
}
