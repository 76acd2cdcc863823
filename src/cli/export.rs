//! `mahwar export`: layers as files.

use super::{
    DataFolder, Failure,
    filters::{FileFilters, unfit},
    serve::documents,
};
use crate::{
    export::{self, ExportError, Format, Rows, Selection, Statement, Zooms},
    files::{self, Readers},
    language::Language,
    publish::Publisher,
    query::selection::Matched,
};
use clap::Args;
use std::{
    io::{BufWriter, Write},
    path::PathBuf,
    sync::Arc,
};

/// Write layers to a file; the extension of its name says the format
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar export disputed_areas -o disputed.geojson\n  \
mahwar export districts security_gap mentions -o iraq.gpkg --worldview federal\n  \
mahwar export all -o map.pmtiles --max-zoom 12\n  \
mahwar export places -o towns.csv --bbox 43.5,34.5,45,36 --filter \"kind = 'town'\" --properties name,governorate\n\
Formats: .geojson .geojsonl .csv .kml .gpkg .fgb .shp.zip .parquet .pmtiles; .gpkg and .pmtiles take several layers")]
pub(super) struct Export {
    /// Layers; `all` for every one
    #[arg(value_name = "LAYER", required = true)]
    layers: Vec<String>,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Whose view of the boundaries
    #[arg(long, value_name = "neutral|federal|region")]
    worldview: Option<String>,
    /// The language of `name`, titles and notes
    #[arg(long, value_name = "ar|ckb|en", default_value_t)]
    lang: Language,
    /// The greatest zoom of .pmtiles; its tiles hold every feature
    #[arg(long, value_name = "0..14", default_value_t = export::DEFAULT_MAX_ZOOM, value_parser = clap::value_parser!(u8).range(0..=14))]
    max_zoom: u8,
    /// Folder of texts, as for `serve`
    #[arg(long, value_name = "DIR", env = "MAHWAR_SEEDS")]
    seeds: Option<PathBuf>,
    #[command(flatten)]
    filters: FileFilters,
    #[command(flatten)]
    data: DataFolder,
}

impl Export {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let name = self.output.display().to_string();
        let format = Format::of_name(&name).ok_or_else(|| {
            let known: Vec<_> = Format::ALL
                .into_iter()
                .map(|format| format!(".{}", format.extension()))
                .collect();
            Failure::Input(format!("{name}: the name must end in one of {}", known.join(" ")))
        })?;
        let publisher = Publisher::new(self.data.land()?);
        let snapshot = publisher.snapshot(documents(self.seeds.as_deref(), &publisher)?, None);
        let view = snapshot.view(self.worldview.as_deref()).ok_or_else(|| {
            let known: Vec<_> = snapshot.views().iter().map(|view| view.worldview.id.as_str()).collect();
            Failure::Input(format!("unknown worldview; accepted: {}", known.join(", ")))
        })?;
        let known: Vec<&str> = view.layers().iter().map(|tiles| tiles.layer().id.as_str()).collect();
        let wanted = if self.layers == ["all"] {
            known.clone()
        } else {
            self.layers.iter().map(String::as_str).collect()
        };
        let about = publisher.about();
        let convention = view.worldview.convention.best(self.lang);
        let statement = Arc::new(Statement {
            map: about.title.best(self.lang).to_owned(),
            worldview: view.worldview.id.clone(),
            convention: convention.to_owned(),
            disclaimer: about.disclaimer.best(self.lang).to_owned(),
            date: export::today(),
        });
        let chooser = self.filters.chooser(self.lang)?;
        let mut selections = Vec::new();
        let mut refused = None;
        for id in wanted {
            let tiles = view.layer(id).ok_or_else(|| {
                Failure::Input(format!("unknown layer {id:?}; accepted: {}, or all", known.join(", ")))
            })?;
            // Listed twice is wanted once.
            if !selections
                .iter()
                .any(|other: &Selection| Arc::ptr_eq(&other.tiles, tiles))
            {
                let Some(chosen) = chooser.choose(tiles.layer()).map_err(unfit)? else {
                    refused = Some(tiles.layer());
                    continue;
                };
                let mut selection = Selection::whole(Arc::clone(tiles), self.lang, Arc::clone(&statement));
                selection.features = match chosen.matched {
                    Matched::All(count) => Rows::All(count),
                    Matched::These(list) => Rows::These(list),
                };
                if let Some(fields) = chosen.fields {
                    selection.fields = fields;
                }
                selections.push(selection);
            }
        }
        if let Some(layer) = refused.filter(|_| selections.is_empty()) {
            chooser.refusal(layer).map_err(unfit)?;
        }
        self.write(format, &selections)
    }

    fn write(&self, format: Format, selections: &[Selection]) -> Result<(), Failure> {
        let zooms = Zooms {
            max: self.max_zoom,
            ..Zooms::default()
        };
        let written = files::replace::<ExportError>(&self.output, Readers::ByUmask, |file| {
            let mut out = BufWriter::new(file);
            export::write(format, selections, zooms, &mut out)?;
            Ok(out.flush()?)
        });
        written.map_err(|error| match error {
            ExportError::Io(error) => Failure::failed(format!("{}: {error}", self.output.display())),
            error => Failure::input(error),
        })
    }
}
