//! Features of the documents that have some words, for layers made of documents.

use super::{
    archive::Archive, document_list, parameter::Query, parameters as p, problem::Problem, selection::Selection,
    state::App,
};
use crate::layers::Layer;

/// The most documents whose features are read for words.
const MAX_DOCUMENTS: usize = 1_000;

/// Narrows a selection to the documents with the words of `q`. Where the layer holds only its newest features, all features
/// of those documents are read from the store, as a layer of their own. Without `shows_texts` the words are looked for in
/// titles and quotes only.
///
/// # Errors
/// 400 where the layer is not made of statements, or more documents fit than are read.
pub fn narrow(
    app: &App,
    archive: Option<&Archive<'_>>,
    layer: &Layer,
    query: &Query<'_>,
    shows_texts: bool,
    selection: &mut Selection,
) -> Result<Option<Layer>, Problem> {
    let Some(words) = query.text(&p::WORDS) else {
        return Ok(None);
    };
    let refused = |detail: String| Problem::parameter(p::WORDS.name, detail);
    if !layer.of_documents || layer.kind.is_of_counts() {
        return Err(refused(format!(
            "layer {} has no words; q narrows documents, mentions, positions, claims, coordination_axes and events",
            layer.id
        )));
    }
    let documents = document_list::with_words(app, words, shows_texts, MAX_DOCUMENTS + 1)?;
    if documents.len() > MAX_DOCUMENTS {
        return Err(refused(format!(
            "more than {MAX_DOCUMENTS} documents have these words; add words, or read /documents?q=…"
        )));
    }
    let read = archive.map(|archive| archive.of_documents(&documents)).transpose()?;
    selection.only_of(documents);
    Ok(read)
}
