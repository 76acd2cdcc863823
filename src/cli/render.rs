//! `mahwar render`: a map as a file.

use super::{
    DataFolder, Failure,
    filters::{Filters, unfit},
    own_layers::OwnLayers,
    serve::documents,
};
use crate::{
    files::{self, Readers},
    language::Language,
    layers::{Bounds, FeatureRef},
    publish::Publisher,
    render::{Deadline, FileKind, Lettering, MAX_RATIO, MAX_SIDE, MAX_ZOOM, MIN_SIDE, Order, Parts, Place, refused},
    text::printable::escape_lines,
    tiles::LayerTiles,
};
use clap::Args;
use std::{
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

/// Time limit of a map.
const TIME: Duration = Duration::from_secs(120);

/// Draw a map to a file; the extension of its name says the format
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar render --bbox 43,34,46,36.5 --size 1200x900 -o map.png\n  \
mahwar render --style print --lang ar --worldview region --center 44.4,35.5 --zoom 8 --north --graticule -o map.pdf\n\
Formats: .png .webp .svg .pdf"
)]
pub(super) struct Render {
    /// The style's theme
    #[arg(long, value_name = "light|dark|print", default_value = "light")]
    style: String,
    /// West,south,east,north in degrees; the disputed areas without it
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true, conflicts_with = "center")]
    bbox: Option<String>,
    /// Longitude,latitude of the middle
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, requires = "zoom")]
    center: Option<String>,
    /// Zoom, as MapLibre counts it
    #[arg(long, value_name = "Z", requires = "center")]
    zoom: Option<f64>,
    /// Width and height in pixels
    #[arg(long, value_name = "WxH", default_value = "1200x900")]
    size: String,
    /// Pixels of the file for one of the map
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    scale: f64,
    /// The layers to draw, with commas between; those of the style without it
    #[arg(long, value_name = "LAYER,…", value_delimiter = ',')]
    layers: Option<Vec<String>>,
    /// The title; the land's without it, none when empty
    // Its id is not the name of the flag: `title` in mahwar.toml is that of the server's pages.
    #[arg(id = "map_title", long = "title", value_name = "TEXT")]
    title: Option<String>,
    /// Without a legend
    #[arg(long)]
    no_legend: bool,
    /// Without a scale bar
    #[arg(long)]
    no_scale_bar: bool,
    /// With a north arrow
    #[arg(long)]
    north: bool,
    /// With meridians and parallels
    #[arg(long)]
    graticule: bool,
    /// Letters as outlines in SVG
    #[arg(long)]
    outlines: bool,
    /// Whose view of the boundaries
    #[arg(long, value_name = "neutral|federal|region")]
    worldview: Option<String>,
    /// The language of labels, title and notes
    #[arg(long, value_name = "ar|ckb|en", default_value_t)]
    lang: Language,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Folder of texts, as for `serve`
    #[arg(long, value_name = "DIR", env = "MAHWAR_SEEDS")]
    seeds: Option<PathBuf>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    own: OwnLayers,
    #[command(flatten)]
    data: DataFolder,
}

impl Render {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let name = self.output.display().to_string();
        let ending = self
            .output
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let kind = FileKind::of_extension(ending)
            .ok_or_else(|| Failure::Input(format!("{name}: the name must end in one of .png .webp .svg .pdf")))?;
        let size = self.size()?;
        let place = self.place()?;
        let publisher = Publisher::new(self.data.land()?);
        if let Some(shelf) = self.own.open(&publisher)? {
            for status in shelf.status() {
                if let Some(error) = status.error {
                    eprintln!("mahwar: layer {} is left out: {}", status.name, escape_lines(&error));
                }
            }
        }
        let about = publisher.about();
        let theme = about.palettes.theme(&self.style).ok_or_else(|| {
            let known: Vec<&str> = about.palettes.themes.iter().map(|theme| theme.id.as_str()).collect();
            Failure::Input(format!(
                "there is no style {:?}; there are {}",
                self.style,
                known.join(", ")
            ))
        })?;
        let snapshot = publisher.snapshot(documents(self.seeds.as_deref(), &publisher)?, None);
        let view = snapshot.view(self.worldview.as_deref()).ok_or_else(|| {
            let known: Vec<_> = snapshot.views().iter().map(|view| view.worldview.id.as_str()).collect();
            Failure::Input(format!("unknown worldview; accepted: {}", known.join(", ")))
        })?;
        if let Some(id) = self.layers.iter().flatten().find(|id| view.layer(id).is_none()) {
            let known: Vec<&str> = view.layers().iter().map(|tiles| tiles.layer().id.as_str()).collect();
            return Err(Failure::Input(format!(
                "unknown layer {id:?}; accepted: {}",
                known.join(", ")
            )));
        }
        let bounds = |id: &str| view.layer(id)?.layer().bounds();
        let whole = bounds("disputed_areas").or_else(|| view.bounds());
        let place = match place {
            Some(place) => place,
            None => Place::Box(
                whole.ok_or_else(|| Failure::Input("the land has no layer with a place; give --bbox".to_owned()))?,
            ),
        };
        let chooser = self.filters.chooser(self.lang)?;
        let mut chosen = Vec::new();
        for tiles in view.layers() {
            let layer = tiles.layer();
            // A layer that the filter does not fit is drawn whole: it is the ground that the others lie on.
            if let Some(passing) = chooser.choose(layer).map_err(unfit)? {
                chosen.push((layer.id.as_str(), passing));
            }
        }
        if chosen.is_empty()
            && let Some(tiles) = view.layers().first()
        {
            chooser.refusal(tiles.layer()).map_err(unfit)?;
        }
        let keep = |tiles: &LayerTiles, feature: FeatureRef<'_>| {
            let own = chosen.iter().find(|(id, _)| *id == tiles.layer().id);
            own.is_none_or(|(_, passing)| passing.passes(feature))
        };
        let order = Order {
            palettes: &about.palettes,
            theme,
            layers: view.layers(),
            language: self.lang,
            place,
            size,
            ratio: self.scale,
            shown: self.layers.as_deref(),
            keep: &keep,
            title: self.title.as_deref().unwrap_or(about.title.best(self.lang)),
            notes: vec![
                view.worldview.convention.best(self.lang).to_owned(),
                about.disclaimer.best(self.lang).to_owned(),
                format!(
                    "{}: {}",
                    about.palettes.words.sources.best(self.lang),
                    about.attribution
                ),
            ],
            parts: Parts {
                legend: !self.no_legend,
                scale_bar: !self.no_scale_bar,
                north: self.north,
                graticule: self.graticule,
            },
            lettering: if self.outlines {
                Lettering::Outlines
            } else {
                Lettering::Text
            },
            dated: false,
            deadline: Deadline::after(TIME),
        };
        let file = order.file(kind).map_err(Failure::failed)?;
        let written = files::replace::<io::Error>(&self.output, Readers::ByUmask, |out| out.write_all(&file));
        written.map_err(|error| Failure::failed(format!("{name}: {error}")))
    }

    fn size(&self) -> Result<[u32; 2], Failure> {
        let side = |text: &str| text.parse().ok().filter(|side| (MIN_SIDE..=MAX_SIDE).contains(side));
        let sides = self
            .size
            .split_once('x')
            .and_then(|(width, height)| Some([side(width)?, side(height)?]));
        let size: [u32; 2] = sides.ok_or_else(|| {
            Failure::Input(format!(
                "--size does not take {:?}; it takes WIDTHxHEIGHT, each from {MIN_SIDE} to {MAX_SIDE}",
                self.size
            ))
        })?;
        if !(0.25..=MAX_RATIO).contains(&self.scale) {
            return Err(Failure::Input(format!(
                "--scale takes a number from 0.25 to {MAX_RATIO}"
            )));
        }
        match refused(size.map(f64::from), self.scale) {
            Some(reason) => Err(Failure::Input(reason)),
            None => Ok(size),
        }
    }

    fn place(&self) -> Result<Option<Place>, Failure> {
        let numbers = |text: &str| -> Option<Vec<f64>> {
            let parts = text
                .split(',')
                .map(|part| part.trim().parse().ok().filter(|number: &f64| number.is_finite()));
            parts.collect()
        };
        if let Some(text) = &self.bbox {
            return match numbers(text).as_deref() {
                Some(&[west, south, east, north])
                    if west < east
                        && south < north
                        && west >= -180.0
                        && east <= 180.0
                        && south >= -85.06
                        && north <= 85.06 =>
                {
                    Ok(Some(Place::Box(Bounds([west, south, east, north]))))
                }
                _ => Err(Failure::Input(format!(
                    "--bbox does not take {text:?}; it takes west,south,east,north with an area"
                ))),
            };
        }
        let (Some(text), Some(zoom)) = (&self.center, self.zoom) else {
            return Ok(None);
        };
        if !(0.0..=MAX_ZOOM).contains(&zoom) {
            return Err(Failure::Input(format!("--zoom takes a number from 0 to {MAX_ZOOM}")));
        }
        match numbers(text).as_deref() {
            Some(&[lon, lat]) if lon.abs() <= 180.0 && lat.abs() <= 85.0 => Ok(Some(Place::Around([lon, lat], zoom))),
            _ => Err(Failure::Input(format!(
                "--center does not take {text:?}; it takes longitude,latitude"
            ))),
        }
    }
}
