//! `mahwar search`: places by name.

use super::{DataFolder, Failure};
use crate::{gazetteer::SearchOptions, language::Language};
use clap::Args;
use std::io::{self, Write};

/// Find places by name, forgiving spelling
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar search هەولێر\n  mahwar search Kirkook --lang en --limit 3")]
pub(super) struct Search {
    /// The name, in any of the three languages
    #[arg(value_name = "NAME", required = true)]
    name: Vec<String>,
    /// The language of the names shown
    #[arg(long, value_name = "ar|ckb|en", default_value_t)]
    lang: Language,
    /// The greatest number of places
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    #[command(flatten)]
    data: DataFolder,
}

impl Search {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let land = self.data.land()?;
        let options = SearchOptions {
            language: Some(self.lang),
            limit: self.limit,
            ..SearchOptions::default()
        };
        let name = self.name.join(" ");
        let hits = land.search().search(&land.gazetteer, &name, &options);
        if hits.is_empty() {
            return Err(Failure::Failed(format!("no place is called {name:?} or nearly so")));
        }
        let mut out = io::stdout().lock();
        for hit in hits {
            let place = land.gazetteer.at(hit.index);
            let [lon, lat] = place.point;
            let preferred = place.names.preferred();
            writeln!(
                out,
                "{:<16} {:<13} {lon:>9.5} {lat:>9.5}  {:.2}  {} — {} ({})",
                place.id,
                place.level.word(),
                hit.score,
                preferred.best(self.lang),
                hit.name,
                hit.reason,
            )
            .map_err(Failure::output)?;
        }
        Ok(())
    }
}
