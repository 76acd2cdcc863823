//! `--layer NAME=SOURCE` and `[[layers]]` of the settings file.

use super::{
    Failure,
    basemap::{self, Basemap},
    settings,
};
use crate::{
    publish::{Publisher, own},
    sources::{LayerSpec, Shelf},
    style::BaseMap,
};
use std::sync::Arc;

/// Layers of the operator, for the commands that show them.
#[derive(clap::Args)]
pub(super) struct OwnLayers {
    /// A layer of your own; may be repeated. SOURCE is a file (.geojson .ndjson .fgb .gpkg .parquet .shp .csv .pmtiles .mbtiles)
    /// or a table (postgres://USER@HOST/DATABASE?table=SCHEMA.NAME); [[layers]] in mahwar.toml says more of one
    #[arg(
        long = "layer",
        value_name = "NAME=SOURCE",
        id = "layer",
        env = "MAHWAR_LAYERS",
        value_delimiter = '\n',
        hide_env_values = true
    )]
    layer: Vec<String>,
    /// The map under all layers: a PMTiles or MBTiles archive (Protomaps or OpenMapTiles schema, or pictures), or the address of
    /// pictures of another server, which browsers then ask: https://HOST/{z}/{x}/{y}.png
    #[arg(long, value_name = "FILE|URL", env = "MAHWAR_BASEMAP", hide_env_values = true)]
    basemap: Option<String>,
}

impl OwnLayers {
    /// The descriptions: those of the settings file, then those of flags. A flag replaces a table of the same name.
    pub fn specs(&self) -> Result<Vec<LayerSpec>, Failure> {
        let mut specs = settings::own_layers()?;
        if let Some(Basemap::Archive(spec)) = self.basemap()? {
            specs.push(*spec);
        }
        for flag in &self.layer {
            let spec = LayerSpec::of_flag(flag).map_err(Failure::input)?;
            specs.retain(|other| {
                other.name != spec.name || self.layer.iter().any(|flag| names(flag, &other.name, &other.source))
            });
            specs.push(spec);
        }
        Ok(specs)
    }

    fn basemap(&self) -> Result<Option<Basemap>, Failure> {
        self.basemap.as_deref().map(basemap::read).transpose()
    }

    /// The base map of pictures, if there is one.
    pub fn pictures(&self) -> Result<Option<BaseMap>, Failure> {
        Ok(match self.basemap()? {
            Some(Basemap::Pictures(map)) => Some(map),
            _ => None,
        })
    }

    /// Reads the layers, and shows them beside those of the land.
    pub fn open(&self, publisher: &Publisher) -> Result<Option<Arc<Shelf>>, Failure> {
        let specs = self.specs()?;
        if specs.is_empty() {
            return Ok(None);
        }
        let shelf = own::open(specs, |name| publisher.has_layer(name), publisher.bounds()).map_err(Failure::input)?;
        publisher.show_own(Arc::clone(&shelf));
        Ok(Some(shelf))
    }
}

/// True if a flag names this layer and source.
fn names(flag: &str, name: &str, source: &str) -> bool {
    flag.split_once('=')
        .is_some_and(|(other, of)| other.trim() == name && of.trim() == source)
}
