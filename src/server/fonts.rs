//! Glyphs of the map's font for MapLibre.

use super::{
    operations as o,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments},
    respond::{Answer, media},
};
use crate::fonts::{Font, glyph_range};
use axum::response::Response;

/// `/fonts/{fontstack}/{range}.pbf`
pub async fn glyphs(
    Segments((stack, file)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let range = file
        .strip_suffix(".pbf")
        .ok_or_else(|| Problem::not_found("the address of glyphs ends in .pbf"))?;
    // A layer of someone's own style asks for the fonts of its program; it gets the map's, in the weight that it names.
    let font = Font::find(&stack).unwrap_or_else(|| Font::instead_of(&stack));
    let first = first_of(range).ok_or_else(|| {
        Problem::parameter(
            "range",
            format!(
                "{:?} is no range of glyphs; there are 0-255, 256-511 and so on to 65280-65535",
                echo(range)
            ),
        )
    })?;
    // Tracing 256 outlines takes some milliseconds, once: the route puts it on a worker.
    let glyphs = glyph_range(font, first);
    Ok(Answer::new(media::PROTOBUF, glyphs.to_vec()).send(&ask.headers))
}

fn first_of(range: &str) -> Option<u32> {
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (first, last) = (number(first)?, number(last)?);
    (first % 256 == 0 && last == first.checked_add(255)? && last <= 0xffff).then_some(first)
}
