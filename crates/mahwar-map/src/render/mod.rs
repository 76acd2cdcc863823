//! Draws the map's style to pictures: straight from the layers, without a browser.
//!
//! A style document is compiled ([`Drawing`]), its features become marks in a [`Scene`], and the scene is written as
//! pixels, SVG or PDF. Parts of the style specification that the compiler does not know are refused by name.

mod compile;
mod coverage;
mod encode;
mod expression;
mod frame;
mod geometry;
mod jpeg;
mod labels;
mod legend;
mod order;
mod outline;
mod paint;
mod parse;
mod pdf;
mod pixels;
mod scene;
mod shape;
mod stretch;
mod svg;
mod value;
mod view;

pub use compile::{Drawing, Unsupported};
pub use encode::{encode_png, encode_webp};
pub use frame::Parts;
pub use jpeg::encode_jpeg;
pub use legend::Legend;
pub use order::{FileKind, MAX_PIXELS, MAX_RATIO, MAX_SIDE, MAX_ZOOM, MIN_SIDE, Order, Place, drawing, refused};
pub use paint::{Keep, Picture, paint};
pub use pixels::pixels;
pub use scene::{Mark, Scene, Words};
pub use shape::{PlacedGlyph, Shaped, shape};
pub use stretch::stretch;
pub use svg::Lettering;
pub use tiny_skia::Pixmap;
pub use view::View;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Errors of drawing.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum RenderError {
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    #[error("the picture took longer than {0} ms to draw")]
    TooLong(u128),
    #[error("a picture of {width} × {height} pixels cannot be made")]
    Size { width: u32, height: u32 },
    #[error("the picture could not be written: {0}")]
    Write(String),
}

/// The moment by which a drawing must be done.
#[derive(Clone, Debug)]
pub struct Deadline {
    start: std::time::Instant,
    limit: std::time::Duration,
    cancelled: Option<Arc<AtomicBool>>,
}

impl Deadline {
    /// From now.
    pub fn after(limit: std::time::Duration) -> Self {
        Self {
            start: std::time::Instant::now(),
            limit,
            cancelled: None,
        }
    }

    /// The same deadline, also reached as soon as this flag is set: the client is gone.
    #[must_use]
    pub fn or_when(mut self, cancelled: Arc<AtomicBool>) -> Self {
        self.cancelled = Some(cancelled);
        self
    }

    /// An error when the time is up or the drawing was cancelled.
    pub fn check(&self) -> Result<(), RenderError> {
        let cancelled = self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        if cancelled || self.start.elapsed() > self.limit {
            return Err(RenderError::TooLong(self.limit.as_millis()));
        }
        Ok(())
    }
}
