//! Makes marks of the features that a view shows.

use super::{
    Deadline, RenderError,
    compile::{Drawing, DrawnLayer, Look, read_colour},
    expression::{Context, Subject},
    geometry::{BEYOND, Drawn, Projector, detail},
    labels::{LabelSource, Plan, set_words},
    scene::{Mark, Scene},
    view::View,
};
use crate::{
    language::Language,
    layers::FeatureRef,
    style::{Figure, Ink, Pen, Sample, Shape},
    tiles::LayerTiles,
};
use std::{collections::BTreeSet, sync::Arc};
use tiny_skia::{Path, PathBuilder, Transform};

/// Which features are drawn.
pub type Keep<'a> = &'a dyn Fn(&LayerTiles, FeatureRef<'_>) -> bool;

/// A picture to be drawn, with everything that it is drawn from.
pub struct Picture<'a> {
    /// The style.
    pub drawing: &'a Drawing,
    /// The figures that it names.
    pub figures: Vec<Figure>,
    /// The layers.
    pub layers: &'a [Arc<LayerTiles>],
    /// The language of plain names.
    pub language: Language,
    /// Which features are drawn.
    pub keep: Keep<'a>,
    /// When it must be done.
    pub deadline: Deadline,
}

/// Draws a view. With a frame (left, top, right, bottom in pixels) only labels wholly within it are set.
pub fn paint(picture: Picture<'_>, view: &View, frame: Option<[f64; 4]>) -> Result<Scene, RenderError> {
    let Picture {
        drawing,
        figures,
        layers,
        language,
        keep,
        deadline,
    } = picture;
    let mut painter = Painter {
        view,
        zoom: view.zoom(),
        projector: Projector::new(view),
        scene: Scene {
            size: view.size,
            ground: drawing.ground(),
            marks: Vec::new(),
            figures,
            shown: BTreeSet::new(),
        },
        language,
        keep,
    };
    let mut sources = Vec::new();
    for layer in drawing.layers.iter().filter(|layer| layer.shown) {
        deadline.check()?;
        // A hair more than the zoom, against rounding of whole zooms.
        let zoom = painter.zoom + 1e-9;
        if zoom < layer.zooms[0] || zoom >= layer.zooms[1] {
            continue;
        }
        let Some(tiles) = layers.iter().find(|tiles| tiles.layer().id == layer.of) else {
            continue;
        };
        match &layer.look {
            Look::Label(look) => sources.push(LabelSource {
                look,
                filter: layer.filter.as_ref(),
                tiles,
                at_label: layer.at_label,
                language,
            }),
            look => {
                let before = painter.scene.marks.len();
                painter.layer(layer, tiles);
                if painter.scene.marks.len() > before {
                    let is_area = matches!(look, Look::Fill(_) | Look::Pattern(_));
                    painter.scene.shown.insert((layer.of.clone(), !is_area));
                }
            }
        }
    }
    deadline.check()?;
    let words = Plan::new(view, &sources, keep).words(frame);
    deadline.check()?;
    painter.scene.marks.extend(words.into_iter().map(Mark::Words));
    Ok(painter.scene)
}

struct Painter<'a> {
    view: &'a View,
    zoom: f64,
    projector: Projector,
    scene: Scene,
    language: Language,
    keep: Keep<'a>,
}

/// Properties that adjacent features share, drawn in one go: no seam between neighbours, no overlap twice as dark.
#[derive(PartialEq)]
enum Brush {
    Fill(Ink),
    Hatch(usize),
    Line(Ink, Pen),
}

impl Painter<'_> {
    fn layer(&mut self, layer: &DrawnLayer, tiles: &LayerTiles) {
        let Some(zoom) = detail(self.view, tiles) else { return };
        let shapes = tiles.shapes_at(self.view.set, self.view.set.detail_zoom(zoom));
        let more = match layer.look {
            // Marks beside the picture may reach into it.
            Look::Circle { .. } | Look::Icon { .. } => 48.0,
            _ => BEYOND,
        };
        let mut drawn = Drawn::default();
        let mut brush: Option<Brush> = None;
        let mut path = PathBuilder::new();
        for index in tiles.layer().drawn_within(self.view.bounds(more), zoom) {
            let feature = tiles.layer().at(index);
            if !(self.keep)(tiles, feature) {
                continue;
            }
            let context = Context {
                zoom: self.zoom,
                subject: Subject::Feature(feature, self.language),
            };
            if !passes(layer, context, self.view.tile_zoom()) {
                continue;
            }
            if matches!(layer.look, Look::Circle { .. } | Look::Icon { .. }) {
                let mut at = Vec::new();
                self.projector.points(shapes, index, more, |point| at.push(point));
                for point in at {
                    point_marks(&layer.look, context, point, &mut self.scene);
                }
                continue;
            }
            let Some(next) = brush_of(&layer.look, context, &self.scene.figures) else {
                continue;
            };
            if brush.as_ref() != Some(&next) {
                self.stroke(brush.take(), &mut path);
                // Another colour is drawn over the one before; dashes do not affect each other.
                if matches!(&next, Brush::Line(_, pen) if pen.dashes.is_empty()) {
                    drawn.clear();
                }
            }
            match &next {
                Brush::Line(ink, pen) if !pen.dashes.is_empty() => {
                    let marks = &mut self.scene.marks;
                    self.projector.lines(shapes, index, true, &mut drawn, |gone, run| {
                        let mut dashed = PathBuilder::new();
                        add_run(&mut dashed, run);
                        if let Some(path) = dashed.finish() {
                            let period: f32 = pen.dashes.iter().sum();
                            let offset = (gone % f64::from(period)) as f32;
                            let pen = Pen { offset, ..pen.clone() };
                            marks.push(Mark::Stroke { path, ink: *ink, pen });
                        }
                    });
                }
                Brush::Line(..) => self
                    .projector
                    .lines(shapes, index, false, &mut drawn, |_, run| add_run(&mut path, run)),
                _ => self.projector.areas(shapes, index, &mut path),
            }
            brush = Some(next);
        }
        self.stroke(brush, &mut path);
    }

    /// Draws the gathered path.
    fn stroke(&mut self, brush: Option<Brush>, path: &mut PathBuilder) {
        let gathered = std::mem::replace(path, PathBuilder::new());
        let (Some(brush), Some(path)) = (brush, gathered.finish()) else {
            return;
        };
        let mark = match brush {
            Brush::Fill(ink) => Mark::Fill { path, ink },
            Brush::Hatch(figure) => {
                // Hatching hangs on the plane, not on the picture.
                let side = f64::from(self.scene.figures[figure].side);
                let phase = self
                    .view
                    .origin
                    .map(|corner| (-(corner / self.view.scale)).rem_euclid(side) as f32);
                Mark::Hatch { path, figure, phase }
            }
            Brush::Line(ink, pen) => Mark::Stroke { path, ink, pen },
        };
        self.scene.marks.push(mark);
    }
}

fn passes(layer: &DrawnLayer, context: Context<'_>, tile_zoom: u8) -> bool {
    // Clients filter when they read a tile: at its whole zoom.
    let zoom = f64::from(tile_zoom);
    let filter = layer.filter.as_ref();
    filter.is_none_or(|filter| filter.value(Context { zoom, ..context }).is_true())
}

fn add_run(path: &mut PathBuilder, run: &[[f32; 2]]) {
    let [first, rest @ ..] = run else { return };
    path.move_to(first[0], first[1]);
    for [x, y] in rest {
        path.line_to(*x, *y);
    }
}

fn ink(expression: &super::expression::Expression, context: Context<'_>) -> Option<Ink> {
    read_colour(&expression.value(context).into_text())
}

fn brush_of(look: &Look, context: Context<'_>, figures: &[Figure]) -> Option<Brush> {
    Some(match look {
        Look::Fill(colour) => Brush::Fill(ink(colour, context)?),
        Look::Pattern(name) => {
            let name = name.value(context).into_text();
            Brush::Hatch(figures.iter().position(|figure| figure.name == name)?)
        }
        Look::Line { colour, width, dashes } => {
            let width = width.number(context)? as f32;
            let pen = Pen {
                width,
                dashes: dashes.iter().map(|dash| dash * width).collect(),
                offset: 0.0,
                round: dashes.is_empty(),
            };
            Brush::Line(ink(colour, context)?, pen)
        }
        _ => return None,
    })
}

/// The marks of a point.
fn point_marks(look: &Look, context: Context<'_>, [x, y]: [f32; 2], scene: &mut Scene) {
    match look {
        Look::Circle { radius, colour, edge } => {
            let Some(radius) = radius.number(context).map(|radius| radius as f32) else {
                return;
            };
            if let (Some(path), Some(ink)) = (PathBuilder::from_circle(x, y, radius), ink(colour, context)) {
                scene.marks.push(Mark::Fill { path, ink });
            }
            if let Some((colour, width)) = edge {
                let path = PathBuilder::from_circle(x, y, radius + width / 2.0);
                if let (Some(path), Some(ink)) = (path, ink(colour, context)) {
                    let pen = Pen::solid(*width);
                    scene.marks.push(Mark::Stroke { path, ink, pen });
                }
            }
        }
        Look::Icon { image, size, offset } => {
            let name = image.value(context).into_text();
            let Some(size) = size.number(context).map(|size| size as f32) else {
                return;
            };
            let Some(figure) = scene.figures.iter().find(|figure| figure.name == name) else {
                return;
            };
            let corner = [x, y].map(|value| value - figure.side * size / 2.0);
            let [dx, dy] = offset.map(|value| value * size);
            let place = Transform::from_row(size, 0.0, 0.0, size, corner[0] + dx, corner[1] + dy);
            let mut marks = Vec::new();
            for shape in &figure.shapes {
                let Some(path) = shape.path.clone().transform(place) else {
                    continue;
                };
                if let Some(ink) = shape.fill {
                    marks.push(Mark::Fill {
                        path: path.clone(),
                        ink,
                    });
                }
                if let Some((ink, pen)) = &shape.edge {
                    let pen = Pen {
                        width: pen.width * size,
                        dashes: pen.dashes.iter().map(|dash| dash * size).collect(),
                        ..pen.clone()
                    };
                    marks.push(Mark::Stroke { path, ink: *ink, pen });
                }
            }
            scene.marks.extend(marks);
        }
        _ => {}
    }
}

/// Draws a row of the legend into a box (left, top, width, height) with the style's own layers.
pub(super) fn paint_sample(
    drawing: &Drawing,
    sample: &Sample,
    [left, top, width, height]: [f32; 4],
    zoom: f64,
    scene: &mut Scene,
) {
    let Some(properties) = sample.properties.as_object() else {
        return;
    };
    let context = Context {
        zoom,
        subject: Subject::Sample(properties),
    };
    let centre = [left + width / 2.0, top + height / 2.0];
    for layer in drawing
        .layers
        .iter()
        .filter(|layer| layer.of == sample.layer && layer.shown)
    {
        // A sample shows the layer as it is where it is drawn at all.
        if !passes(layer, Context { zoom: 20.0, ..context }, 20) {
            continue;
        }
        if let Look::Label(look) = &layer.look {
            if let (true, Some((mut words, _))) = (look.always, set_words(look, context, 0.0)) {
                words.at = [words.at[0] + centre[0], words.at[1] + centre[1]];
                scene.marks.push(Mark::Words(words));
            }
            continue;
        }
        if sample.shape == Shape::Point {
            let lowered = match &layer.look {
                Look::Icon { offset, .. } => [centre[0] - offset[0], centre[1] - offset[1]],
                _ => centre,
            };
            point_marks(&layer.look, context, lowered, scene);
            continue;
        }
        let Some(brush) = brush_of(&layer.look, context, &scene.figures) else {
            continue;
        };
        // A unit's sample is its edge, not the ground within.
        if sample.shape == Shape::Line && !matches!(brush, Brush::Line(..)) {
            continue;
        }
        let Some(path) = sample_path(sample.shape, [left, top, width, height]) else {
            continue;
        };
        scene.marks.push(match brush {
            Brush::Fill(ink) => Mark::Fill { path, ink },
            Brush::Hatch(figure) => Mark::Hatch {
                path,
                figure,
                phase: [left, top],
            },
            Brush::Line(ink, pen) => Mark::Stroke { path, ink, pen },
        });
    }
}

fn sample_path(shape: Shape, [left, top, width, height]: [f32; 4]) -> Option<Path> {
    let mut path = PathBuilder::new();
    match shape {
        Shape::Area => path.push_rect(tiny_skia::Rect::from_xywh(
            left + 2.0,
            top + 3.0,
            width - 4.0,
            height - 6.0,
        )?),
        _ => {
            let points = [[0.06, 0.7], [0.35, 0.35], [0.65, 0.6], [0.94, 0.3]];
            let run = points.map(|[x, y]: [f32; 2]| [left + x * width, top + y * height]);
            add_run(&mut path, &run);
        }
    }
    path.finish()
}
