//! Shared parts of the picture endpoints: compiled styles, deadlines and errors of drawing.

use super::{
    problem::Problem,
    state::{App, View},
    work::Budget,
};
use crate::{
    language::Language,
    render::{Deadline, Drawing, RenderError, drawing},
    style::Theme,
};
use quick_cache::sync::Cache;
use std::{fmt, sync::Arc};

/// Compiled styles that are kept: themes × worldviews × languages, twice.
const STYLES: usize = 64;

type StyleKey = (String, String, Language, u64);

/// Compiled styles, the least recently used dropped first.
pub struct StyleCompiler {
    styles: Cache<StyleKey, Arc<Drawing>>,
}

impl fmt::Debug for StyleCompiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StyleCompiler")
            .field("styles", &self.styles.len())
            .finish_non_exhaustive()
    }
}

impl Default for StyleCompiler {
    fn default() -> Self {
        Self {
            styles: Cache::new(STYLES),
        }
    }
}

impl StyleCompiler {
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

/// The deadline of a drawing that is done within a budget.
pub fn deadline(budget: &Budget) -> Deadline {
    Deadline::after(budget.time()).or_when(Arc::clone(budget.cancelled()))
}

/// An error of drawing as an answer.
pub fn problem(error: RenderError) -> Problem {
    match error {
        RenderError::TooLong(_) => Problem {
            retry_after: Some(5),
            ..Problem::unavailable(format!("{error}; ask for a smaller picture or fewer layers"))
        },
        RenderError::Unsupported(_) | RenderError::Size { .. } => Problem::bad_request(error.to_string()),
        RenderError::Write(_) => Problem::internal(error),
    }
}
