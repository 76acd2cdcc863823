//! Features that the filters of a download mean, for programs that take the same filters by their names.

use super::{
    QueryError,
    crs::Crs,
    parameter::{Parameter, Query},
    parameters as p,
    selection::{Matched, Selection, chosen_fields},
};
use crate::{
    language::Language,
    layers::{FeatureRef, Layer},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Accepted parameters.
static PARAMETERS: &[&Parameter] = &[
    &p::BBOX,
    &p::BBOX_CRS,
    &p::DATETIME,
    &p::TIME_OF,
    &p::DOWNLOAD_LIMIT,
    &p::FILTER,
    &p::FILTER_LANG,
    &p::FILTER_CRS,
    &p::MIN_CONFIDENCE,
    &p::SORTBY,
    &p::PROPERTIES,
];

/// Filters over layers, with the meaning that they have in the address of a download.
///
/// ```
/// use mahwar_geoparse::language::{Language, Trilingual};
/// use mahwar_layers::layers::{Feature, GeometryKind, Layer};
/// use mahwar_query::query::{Chooser, QueryError};
///
/// let town = |id: &str| Feature::new(id, None, serde_json::Map::new());
/// let [title, about] = [Trilingual::default(), Trilingual::default()];
/// let layer = Layer::new("towns", title, about, "", GeometryKind::None, vec![], [0, 14], [town("a"), town("b")]);
///
/// let chooser = Chooser::new(&[("filter", "id <> 'a'")], Language::English)?;
/// assert_eq!(chooser.choose(&layer)?.unwrap().matched.count(), 1);
/// // The layer does not have this field.
/// let chooser = Chooser::new(&[("filter", "population > 1000")], Language::English)?;
/// assert!(chooser.choose(&layer)?.is_none());
/// # Ok::<(), QueryError>(())
/// ```
#[derive(Debug)]
pub struct Chooser {
    query: Query<'static>,
    language: Language,
}

/// Selected features and fields of one layer.
#[derive(Debug)]
pub struct LayerSelection {
    selection: Selection,
    /// The features, in order.
    pub matched: Matched,
    /// Positions of the fields that were named; all when none was.
    pub fields: Option<Vec<usize>>,
}

impl Chooser {
    /// From names of parameters of a download with their values.
    ///
    /// # Errors
    /// When a parameter does not accept its value.
    pub fn new(pairs: &[(&str, &str)], language: Language) -> Result<Self, QueryError> {
        let encoded = pairs.iter().map(|(name, value)| {
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            format!("{name}={value}")
        });
        let text = encoded.collect::<Vec<_>>().join("&");
        let query = Query::read(Some(&text), PARAMETERS)?.into_owned();
        Ok(Self { query, language })
    }

    /// The features of a layer that pass. `None` where the filter names a field that the layer does not have: of several
    /// layers such a one is left out.
    ///
    /// # Errors
    /// When a value does not fit the layer.
    pub fn choose(&self, layer: &Layer) -> Result<Option<LayerSelection>, QueryError> {
        let offered = Crs::offered(layer.bounds());
        let selection = match Selection::read(&self.query, layer, &offered, self.language) {
            Ok(selection) => selection,
            Err(error) if error.parameter.as_deref() == Some(p::FILTER.name) => return Ok(None),
            Err(error) => return Err(error),
        };
        let limit = self.query.integer(&p::DOWNLOAD_LIMIT);
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(Some(LayerSelection {
            matched: selection.select(layer)?.first(limit),
            fields: chosen_fields(&self.query, layer)?,
            selection,
        }))
    }

    /// Refusal of a filter that fits no layer, with the error of this layer.
    ///
    /// # Errors
    /// Always, if the filter does not fit the layer.
    pub fn refusal(&self, layer: &Layer) -> Result<(), QueryError> {
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
