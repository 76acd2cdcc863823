//! Request for a static map: its part of the land, size, furniture and file type.

use super::{
    Deadline, RenderError,
    compile::Drawing,
    encode::{encode_png, encode_webp},
    frame::{self, Furniture, Parts},
    paint::{Keep, Picture, paint},
    pdf::pdf,
    pixels::pixels,
    scene::Scene,
    svg::{Lettering, svg},
    view::View,
};
use crate::{
    language::Language,
    layers::{Bounds, Layer},
    style::{self, Palettes, Theme},
    tiles::LayerTiles,
};
use std::sync::Arc;

/// The longest side of a picture, in pixels of the page.
pub const MAX_SIDE: u32 = 4096;
/// The shortest side.
pub const MIN_SIDE: u32 = 16;
/// The most pixels of the file for a pixel of the page.
pub const MAX_RATIO: f64 = 4.0;
/// The most pixels of a file.
pub const MAX_PIXELS: f64 = 16.0 * 1024.0 * 1024.0;
/// The greatest zoom, by MapLibre's count.
pub const MAX_ZOOM: f64 = 18.0;

/// The kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FileKind {
    Png,
    Webp,
    Svg,
    Pdf,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Png, Self::Webp, Self::Svg, Self::Pdf];

    /// The end of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
        }
    }

    /// The kind whose names end so.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.extension() == extension)
    }
}

/// Part of the land that the map shows.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// At least this box.
    Box(Bounds),
    /// A position, at a zoom by MapLibre's count.
    Around([f64; 2], f64),
}

/// A map to draw.
pub struct Order<'a> {
    /// Themes, classes, words.
    pub palettes: &'a Palettes,
    /// The theme.
    pub theme: &'a Theme,
    /// The layers of a worldview.
    pub layers: &'a [Arc<LayerTiles>],
    /// The language.
    pub language: Language,
    /// Part of the land in sight.
    pub place: Place,
    /// Width and height, in pixels of the page.
    pub size: [u32; 2],
    /// Pixels of the file for one of the page.
    pub ratio: f64,
    /// The layers to show; those of the style when absent.
    pub shown: Option<&'a [String]>,
    /// Which features are drawn.
    pub keep: Keep<'a>,
    /// Above the map; none where empty.
    pub title: &'a str,
    /// Below it: convention, disclaimer, sources.
    pub notes: Vec<String>,
    /// Optional parts around it.
    pub parts: Parts,
    /// How letters are written in SVG.
    pub lettering: Lettering,
    /// True if `keep` states the time of the drawn features.
    pub dated: bool,
    /// When it must be done.
    pub deadline: Deadline,
}

/// A size that is not drawn, and why.
pub fn refused(size: [f64; 2], ratio: f64) -> Option<String> {
    let [width, height] = size.map(|side| side * ratio);
    (width * height > MAX_PIXELS).then(|| {
        format!(
            "{width:.0} × {height:.0} pixels are too many; a picture has at most {MAX_PIXELS:.0} pixels, width × height × scale²"
        )
    })
}

/// The style of a theme and language, compiled.
pub fn drawing(
    palettes: &Palettes,
    theme: &Theme,
    language: Language,
    layers: &[Arc<LayerTiles>],
) -> Result<Drawing, RenderError> {
    let layers: Vec<Arc<Layer>> = layers.iter().map(|tiles| Arc::clone(tiles.layer())).collect();
    let sheet = style::Sheet {
        palettes,
        theme,
        language,
        layers: &layers,
        archives: &[],
        base: None,
    };
    Ok(Drawing::compile(&style::sheet(&sheet, &style::Frame::default()))?)
}

impl Order<'_> {
    /// Draws the map and writes the file.
    pub fn file(&self, kind: FileKind) -> Result<Vec<u8>, RenderError> {
        let mut drawing = drawing(self.palettes, self.theme, self.language, self.layers)?;
        if self.dated {
            drawing.of_a_date();
        }
        if let Some(shown) = self.shown {
            drawing.show_only(|layer| shown.iter().any(|id| id == layer));
        }
        let scene = self.scene(&drawing)?;
        self.written(&scene, kind)
    }

    /// The map in its frame.
    pub fn scene(&self, drawing: &Drawing) -> Result<Scene, RenderError> {
        let layers: Vec<Arc<Layer>> = self.layers.iter().map(|tiles| Arc::clone(tiles.layer())).collect();
        let sheet = style::Sheet {
            palettes: self.palettes,
            theme: self.theme,
            language: self.language,
            layers: &layers,
            archives: &[],
            base: None,
        };
        let mut samples = style::samples(&sheet);
        samples.retain(|sample| drawing.shows(&sample.layer));
        let size = self.size.map(f64::from);
        let mut furniture = Furniture {
            title: self.title,
            notes: self.notes.clone(),
            samples,
            parts: self.parts,
            theme: self.theme,
            words: &self.palettes.words,
            language: self.language,
        };
        let frame = frame::within(size, &mut furniture);
        let view = self.view(size, frame);
        let picture = Picture {
            drawing,
            figures: style::figures(self.palettes, self.theme),
            layers: self.layers,
            language: self.language,
            keep: self.keep,
            deadline: self.deadline.clone(),
        };
        let mut scene = paint(picture, &view, Some(frame))?;
        frame::furnish(&mut scene, drawing, &view, frame, &furniture);
        Ok(scene)
    }

    /// The view of the whole picture, whose frame shows the place.
    fn view(&self, size: [f64; 2], [left, top, right, bottom]: [f64; 4]) -> View {
        let inner = [right - left, bottom - top];
        let view = match self.place {
            Place::Box(bounds) => View::holding(bounds, inner, 0.0),
            Place::Around(centre, zoom) => View::around(centre, zoom, inner),
        };
        View {
            origin: [view.origin[0] - left * view.scale, view.origin[1] - top * view.scale],
            size,
            ..view
        }
    }

    fn written(&self, scene: &Scene, kind: FileKind) -> Result<Vec<u8>, RenderError> {
        let picture = || pixels(scene, self.ratio as f32, &self.deadline);
        match kind {
            FileKind::Png => encode_png(&picture()?, true),
            FileKind::Webp => encode_webp(&picture()?),
            FileKind::Svg => Ok(svg(scene, self.lettering, self.title, &self.notes.join(" ")).into_bytes()),
            FileKind::Pdf => pdf(scene, self.title, self.language.tag()),
        }
    }
}
