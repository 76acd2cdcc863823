//! What the picture endpoints share: compiled styles, and a bounded pool of threads that draw.
//!
//! Drawing takes milliseconds, a vector tile microseconds: pictures wait for a place of their own, so that they never
//! starve the other paths.

use super::{
    problem::Problem,
    state::{App, View},
};
use crate::{
    language::Language,
    render::{Deadline, Drawing, RenderError, drawing},
    style::Theme,
};
use quick_cache::sync::Cache;
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How many requests may wait for a thread that draws.
const WAITING: usize = 256;
/// How long a tile may take.
pub const TILE_TIME: Duration = Duration::from_secs(5);
/// How long a map to order may take.
pub const MAP_TIME: Duration = Duration::from_secs(20);
/// Compiled styles that are kept: themes × worldviews × languages, twice.
const STYLES: usize = 64;

type StyleKey = (String, String, Language, u64);

/// The pool.
pub struct Painter {
    places: Arc<Semaphore>,
    waiting: Semaphore,
    styles: Cache<StyleKey, Arc<Drawing>>,
}

impl fmt::Debug for Painter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Painter")
            .field("places", &self.places)
            .finish_non_exhaustive()
    }
}

impl Default for Painter {
    fn default() -> Self {
        // One core is left to everything else.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            places: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
            waiting: Semaphore::new(WAITING),
            styles: Cache::new(STYLES),
        }
    }
}

impl Painter {
    /// Draws on a thread of the pool. The time limit counts from when there is one.
    pub async fn draw<T: Send + 'static>(
        &self,
        limit: Duration,
        draw: impl FnOnce(Deadline) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let Ok(_waits) = self.waiting.try_acquire() else {
            return Err(Problem::unavailable(
                "too many pictures are asked for at once; try again",
            ));
        };
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(Problem::internal)?;
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn = draw(Deadline::after(limit));
            drop(place);
            drawn
        });
        drawn.await.map_err(Problem::internal)?
    }

    /// The style of a theme for a view, compiled now or before.
    pub fn style(&self, app: &App, view: &View, theme: &Theme, language: Language) -> Result<Arc<Drawing>, Problem> {
        let key = (theme.id.clone(), view.worldview.id.clone(), language, app.epoch());
        if let Some(drawing) = self.styles.get(&key) {
            return Ok(drawing);
        }
        let made = drawing(&app.about.palettes, theme, language, view.layers()).map_err(problem)?;
        let made = Arc::new(made);
        self.styles.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

/// What went wrong in drawing, as an answer.
pub fn problem(error: RenderError) -> Problem {
    match error {
        RenderError::TooLong(_) => Problem::unavailable(format!("{error}; ask for a smaller picture or fewer layers")),
        RenderError::Unsupported(_) | RenderError::Size { .. } => Problem::bad_request(error.to_string()),
        RenderError::Write(_) => Problem::internal(error),
    }
}
