//! Filters that commands share with downloads.

use super::Failure;
use crate::{
    language::Language,
    query::{Chooser, QueryError},
};
use clap::Args;

/// Filters of a command's features: as in `/downloads`.
#[derive(Args)]
pub(super) struct Filters {
    /// Only features whose time meets this one: a date, a date-time, or two with a slash between
    #[arg(long, value_name = "TIME")]
    datetime: Option<String>,
    /// Time that --datetime is compared with: that of publication, or of the event
    #[arg(long, value_name = "published|event", requires = "datetime")]
    time_of: Option<String>,
    /// A CQL2 expression over the fields of the layers; a layer that lacks one of them is left out
    #[arg(long, value_name = "CQL2")]
    filter: Option<String>,
    /// Only features of at least this confidence
    #[arg(long, value_name = "0..1")]
    min_confidence: Option<String>,
}

/// Filters of files beside those of pictures.
#[derive(Args)]
pub(super) struct FileFilters {
    /// West,south,east,north in degrees: only features that meet this box
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    bbox: Option<String>,
    /// The only fields to write, with commas between
    #[arg(long, value_name = "FIELD,…")]
    properties: Option<String>,
    /// Fields to sort by, with commas between, each with - before it for descending
    #[arg(long, value_name = "FIELD,…", allow_hyphen_values = true)]
    sortby: Option<String>,
    /// The greatest number of features of each layer
    #[arg(long, value_name = "N")]
    limit: Option<String>,
    #[command(flatten)]
    filters: Filters,
}

impl Filters {
    fn pairs(&self) -> [(&'static str, &Option<String>); 4] {
        [
            ("datetime", &self.datetime),
            ("time-of", &self.time_of),
            ("filter", &self.filter),
            ("min_confidence", &self.min_confidence),
        ]
    }

    pub(super) fn chooser(&self, language: Language) -> Result<Chooser, Failure> {
        chooser(&self.pairs(), language)
    }
}

impl FileFilters {
    pub(super) fn chooser(&self, language: Language) -> Result<Chooser, Failure> {
        let mut pairs = vec![
            ("bbox", &self.bbox),
            ("properties", &self.properties),
            ("sortby", &self.sortby),
            ("limit", &self.limit),
        ];
        pairs.extend(self.filters.pairs());
        chooser(&pairs, language)
    }
}

fn chooser(pairs: &[(&'static str, &Option<String>)], language: Language) -> Result<Chooser, Failure> {
    let given = pairs
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let given: Vec<(&str, &str)> = given.collect();
    Chooser::new(&given, language).map_err(unfit)
}

/// The failure of a refused filter: the option, and its accepted values.
pub(super) fn unfit(error: QueryError) -> Failure {
    let option = error.parameter.map(|name| format!("--{}: ", name.replace('_', "-")));
    Failure::Input(format!("{}{}", option.unwrap_or_default(), error.detail))
}
