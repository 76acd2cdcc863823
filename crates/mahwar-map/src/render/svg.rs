//! Writes a scene as SVG.

use super::{
    outline,
    scene::{Mark, Scene, Words},
};
use crate::{
    style::{Figure, Ink, Pen},
    text::escape_xml,
};
use std::fmt::Write;
use tiny_skia::{Path, PathSegment};

/// How letters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lettering {
    /// As text with the font named: searchable, and editable where the font is installed.
    Text,
    /// As outlines: the same everywhere.
    Outlines,
}

/// The scene as SVG with a title and a description for those who do not see it.
pub fn svg(scene: &Scene, lettering: Lettering, title: &str, description: &str) -> String {
    let [width, height] = scene.size;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n",
        escape_xml(title),
        escape_xml(description)
    );
    // Writing to a string does not fail.
    let _ = definitions(&mut out, scene);
    if let Some(ink) = scene.ground {
        let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\"{}/>", fill(ink));
    }
    for mark in &scene.marks {
        let _ = match mark {
            Mark::Fill { path, ink } => writeln!(out, "<path d=\"{}\"{}/>", data(path), fill(*ink)),
            Mark::Hatch { path, figure, .. } => {
                writeln!(out, "<path d=\"{}\" fill=\"url(#figure{figure})\"/>", data(path))
            }
            Mark::Stroke { path, ink, pen } => writeln!(out, "<path d=\"{}\"{}/>", data(path), stroke(*ink, pen)),
            Mark::Words(words) => match lettering {
                Lettering::Text => text(&mut out, words),
                Lettering::Outlines => outlines(&mut out, words),
            },
        };
    }
    out.push_str("</svg>\n");
    out
}

fn definitions(out: &mut String, scene: &Scene) -> std::fmt::Result {
    let used = scene.marks.iter().filter_map(|mark| match mark {
        Mark::Hatch { figure, phase, .. } => Some((*figure, *phase)),
        _ => None,
    });
    let mut done: Vec<usize> = Vec::new();
    for (nth, phase) in used {
        if done.contains(&nth) {
            continue;
        }
        done.push(nth);
        let Figure { side, shapes, .. } = &scene.figures[nth];
        let [x, y] = phase;
        writeln!(
            out,
            "<defs><pattern id=\"figure{nth}\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">"
        )?;
        for shape in shapes {
            if let Some(ink) = shape.fill {
                writeln!(out, "<path d=\"{}\"{}/>", data(&shape.path), fill(ink))?;
            }
            if let Some((ink, pen)) = &shape.edge {
                writeln!(out, "<path d=\"{}\"{}/>", data(&shape.path), stroke(*ink, pen))?;
            }
        }
        writeln!(out, "</pattern></defs>")?;
    }
    Ok(())
}

fn fill(ink: Ink) -> String {
    let opacity = if ink.opacity < 1.0 {
        format!(" fill-opacity=\"{}\"", ink.opacity)
    } else {
        String::new()
    };
    format!(" fill=\"{}\"{opacity}", ink.colour)
}

fn stroke(ink: Ink, pen: &Pen) -> String {
    let mut text = format!(
        " fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
        ink.colour,
        short(pen.width)
    );
    if ink.opacity < 1.0 {
        let _ = write!(text, " stroke-opacity=\"{}\"", ink.opacity);
    }
    if pen.round {
        text.push_str(" stroke-linecap=\"round\"");
    }
    if !pen.dashes.is_empty() {
        let dashes: Vec<String> = pen.dashes.iter().map(|dash| short(*dash)).collect();
        let _ = write!(text, " stroke-dasharray=\"{}\"", dashes.join(" "));
        if pen.offset != 0.0 {
            let _ = write!(text, " stroke-dashoffset=\"{}\"", short(pen.offset));
        }
    }
    text
}

fn text(out: &mut String, words: &Words) -> std::fmt::Result {
    let [x, y] = words.at.map(short);
    let turn = if words.angle == 0.0 {
        String::new()
    } else {
        format!(" transform=\"rotate({} {x} {y})\"", short(words.angle.to_degrees()))
    };
    let halo = words.halo.map_or(String::new(), |(ink, width)| {
        format!(
            " stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            ink.colour,
            short(width * 2.0)
        )
    });
    let direction = if words.line.right_to_left { "rtl" } else { "ltr" };
    writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-family=\"{}, sans-serif\" font-weight=\"{}\" font-size=\"{}\" text-anchor=\"middle\" direction=\"{direction}\"{}{halo}{turn}>{}</text>",
        words.font.family,
        words.font.weight,
        short(words.size),
        fill(words.ink),
        escape_xml(&words.line.text)
    )
}

fn outlines(out: &mut String, words: &Words) -> std::fmt::Result {
    let Some(path) = outline::words(words) else {
        return Ok(());
    };
    let data = data(&path);
    writeln!(out, "<g aria-label=\"{}\">", escape_xml(&words.line.text))?;
    if let Some((ink, width)) = words.halo {
        writeln!(out, "<path d=\"{data}\"{}/>", stroke(ink, &Pen::solid(width * 2.0)))?;
    }
    writeln!(out, "<path d=\"{data}\"{}/></g>", fill(words.ink))
}

/// A hundredth of a pixel is fine enough.
fn short(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn data(path: &Path) -> String {
    let mut out = String::new();
    for segment in path.segments() {
        let _ = match segment {
            PathSegment::MoveTo(p) => write!(out, "M{} {}", short(p.x), short(p.y)),
            PathSegment::LineTo(p) => write!(out, "L{} {}", short(p.x), short(p.y)),
            PathSegment::QuadTo(c, p) => write!(out, "Q{} {} {} {}", short(c.x), short(c.y), short(p.x), short(p.y)),
            PathSegment::CubicTo(c, d, p) => write!(
                out,
                "C{} {} {} {} {} {}",
                short(c.x),
                short(c.y),
                short(d.x),
                short(d.y),
                short(p.x),
                short(p.y)
            ),
            PathSegment::Close => write!(out, "Z"),
        };
    }
    out
}
