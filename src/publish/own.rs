//! Own layers of the operator: read at the start, and followed while the server runs.

use crate::{
    layers::Bounds,
    server::{App, OPERATIONS},
    sources::{Content, LayerSpec, Shelf, SpecError},
    style::{BASE, Schema},
};
use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

/// Interval at which files of own layers are checked.
const LOOK: Duration = Duration::from_secs(1);

/// Reads the own layers. One that cannot be read is logged; the others are served.
///
/// # Errors
/// A name that cannot be used.
pub fn open(
    specs: Vec<LayerSpec>,
    built_in: impl Fn(&str) -> bool,
    land: Option<Bounds>,
) -> Result<Arc<Shelf>, SpecError> {
    LayerSpec::check_names(&specs, built_in)?;
    let shelf = Shelf::open(specs, land, parameters());
    for status in shelf.status() {
        if let Some(error) = status.error {
            tracing::error!(layer = status.name, error, "an own layer is left out");
        }
        for notice in status.notices {
            tracing::warn!(
                layer = status.name,
                row = notice.row,
                notice = notice.text,
                "a notice on an own layer"
            );
        }
    }
    if let Some(Content::Archive(archive)) = shelf.get(BASE)
        && archive.about.kind.is_vector()
        && Schema::of_layers(&archive.tile_layers()).is_none()
    {
        tracing::error!(
            layers = archive.tile_layers().join(", "),
            "the base map is neither of the Protomaps nor of the OpenMapTiles schema, so it is not drawn; name it with --layer"
        );
    }
    Ok(Arc::new(shelf))
}

/// The names of parameters, which columns of such names cannot be asked by.
fn parameters() -> Vec<&'static str> {
    let items = OPERATIONS.iter().find(|operation| operation.id == "items");
    let parameters = items.map_or(&[][..], |operation| operation.parameters);
    parameters.iter().map(|parameter| parameter.name).collect()
}

/// Checks the files again and again, and publishes changes. The thread ends with the server.
pub fn follow(app: &Arc<App>, shelf: &Arc<Shelf>) {
    let (app, shelf): (Weak<App>, Arc<Shelf>) = (Arc::downgrade(app), Arc::clone(shelf));
    let spawned = thread::Builder::new().name("own-layers".to_owned()).spawn(move || {
        loop {
            thread::sleep(LOOK);
            if app.strong_count() == 0 {
                return;
            }
            if shelf.look()
                && let Some(app) = app.upgrade()
            {
                app.update(|before| before.with_own(&shelf.layers()));
            }
        }
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "files of own layers are not followed");
    }
}
