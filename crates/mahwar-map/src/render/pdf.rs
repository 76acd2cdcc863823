//! Writes a scene as PDF: shapes as shapes, text as text in an embedded part of the font.

use super::{
    RenderError, outline,
    scene::{Mark, Scene, Words},
};
use crate::{
    fonts::{FONTS, Font},
    style::{Figure, Ink, Pen},
};
use krilla::{
    Document,
    color::rgb,
    geom::{Path, PathBuilder, Point, Transform},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, LineCap, LineJoin, Paint, Pattern, Stroke, StrokeDash},
    surface::Surface,
    text::{Font as PdfFont, GlyphId, KrillaGlyph},
};
use tiny_skia::PathSegment;

/// Points for a pixel: 72 to 96.
const POINT: f32 = 0.75;

/// The scene as a page of its size at 96 pixels an inch.
pub fn pdf(scene: &Scene, title: &str, language: &str) -> Result<Vec<u8>, RenderError> {
    let wrong = |what: &str| RenderError::Write(what.to_owned());
    let [width, height] = scene.size.map(|side| side as f32 * POINT);
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language(language.to_owned())
            .creator("Mahwar".to_owned()),
    );
    let settings = PageSettings::from_wh(width, height).ok_or_else(|| wrong("the page has no size"))?;
    let fonts: Vec<Option<PdfFont>> = FONTS.iter().map(|font| PdfFont::new(font.bytes.into(), 0)).collect();
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    surface.push_transform(&Transform::from_scale(POINT, POINT));
    if let Some(ink) = scene.ground {
        let [width, height] = scene.size.map(|side| side as f32);
        let mut all = PathBuilder::new();
        all.move_to(0.0, 0.0);
        all.line_to(width, 0.0);
        all.line_to(width, height);
        all.line_to(0.0, height);
        all.close();
        draw(&mut surface, all.finish(), Some(fill(ink)), None);
    }
    for mark in &scene.marks {
        match mark {
            Mark::Fill { path, ink } => draw(&mut surface, outline_of(path), Some(fill(*ink)), None),
            Mark::Stroke { path, ink, pen } => draw(&mut surface, outline_of(path), None, Some(stroke(*ink, pen))),
            Mark::Hatch { path, figure, phase } => {
                let pattern = pattern(&mut surface, &scene.figures[*figure], *phase);
                draw(&mut surface, outline_of(path), Some(pattern), None);
            }
            Mark::Words(words) => write(&mut surface, words, &fonts),
        }
    }
    surface.pop();
    surface.finish();
    page.finish();
    document
        .finish()
        .map_err(|error| RenderError::Write(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, path: Option<Path>, fill: Option<Fill>, stroke: Option<Stroke>) {
    if let Some(path) = path {
        surface.set_fill(fill);
        surface.set_stroke(stroke);
        surface.draw_path(&path);
    }
}

fn paint(ink: Ink) -> Paint {
    let [red, green, blue] = ink.colour.0;
    rgb::Color::new(red, green, blue).into()
}

fn opacity(ink: Ink) -> NormalizedF32 {
    NormalizedF32::new(ink.opacity).unwrap_or(NormalizedF32::ONE)
}

fn fill(ink: Ink) -> Fill {
    Fill {
        paint: paint(ink),
        opacity: opacity(ink),
        rule: FillRule::NonZero,
    }
}

fn stroke(ink: Ink, pen: &Pen) -> Stroke {
    Stroke {
        paint: paint(ink),
        width: pen.width,
        line_cap: if pen.round { LineCap::Round } else { LineCap::Butt },
        line_join: LineJoin::Round,
        opacity: opacity(ink),
        dash: (!pen.dashes.is_empty()).then(|| StrokeDash {
            array: pen.dashes.clone(),
            offset: pen.offset,
        }),
        ..Stroke::default()
    }
}

/// A figure that repeats over an area.
fn pattern(surface: &mut Surface<'_>, figure: &Figure, [x, y]: [f32; 2]) -> Fill {
    let mut builder = surface.stream_builder();
    let mut inner = builder.surface();
    for shape in &figure.shapes {
        let edge = shape.edge.as_ref().map(|(ink, pen)| stroke(*ink, pen));
        draw(&mut inner, outline_of(&shape.path), shape.fill.map(fill), edge);
    }
    inner.finish();
    Fill {
        paint: Pattern {
            stream: builder.finish(),
            transform: Transform::from_translate(x, y),
            width: figure.side,
            height: figure.side,
        }
        .into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn write(surface: &mut Surface<'_>, words: &Words, fonts: &[Option<PdfFont>]) {
    if let Some((ink, width)) = words.halo {
        let outline = outline::words(words).and_then(|path| outline_of(&path));
        draw(surface, outline, None, Some(stroke(ink, &Pen::solid(width * 2.0))));
    }
    let position = FONTS.iter().position(|font: &Font| font.weight == words.font.weight);
    let Some(font) = position.and_then(|position| fonts[position].clone()) else {
        return;
    };
    let mut pen = 0.0;
    let glyphs: Vec<KrillaGlyph> = words
        .line
        .glyphs
        .iter()
        .map(|placed| {
            let offset = placed.at[0] - pen;
            pen += placed.advance;
            KrillaGlyph::new(
                GlyphId::new(placed.id),
                placed.advance,
                offset,
                placed.at[1],
                0.0,
                placed.range.clone(),
                None,
            )
        })
        .collect();
    let place = outline::placing(words);
    surface.push_transform(&Transform::from_row(
        place.sx, place.ky, place.kx, place.sy, place.tx, place.ty,
    ));
    surface.set_fill(Some(fill(words.ink)));
    surface.set_stroke(None);
    surface.draw_glyphs(
        Point::from_xy(0.0, 0.0),
        &glyphs,
        font,
        &words.line.text,
        words.size,
        false,
    );
    surface.pop();
}

fn outline_of(path: &tiny_skia::Path) -> Option<Path> {
    let mut out = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => out.move_to(p.x, p.y),
            PathSegment::LineTo(p) => out.line_to(p.x, p.y),
            PathSegment::QuadTo(c, p) => out.quad_to(c.x, c.y, p.x, p.y),
            PathSegment::CubicTo(c, d, p) => out.cubic_to(c.x, c.y, d.x, d.y, p.x, p.y),
            PathSegment::Close => out.close(),
        }
    }
    out.finish()
}
