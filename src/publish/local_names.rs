//! The file of local names of a server: read, added to, and used for every text from then on.

use super::{Library, Publisher};
use crate::{
    files::{self, Readers},
    gazetteer::{LocalName, MAX_LOCAL_NAMES, write_local_names},
    land::open_local_names,
    server::{LocalNameError, LocalNameService},
};
use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

/// Local names of one server.
pub struct LocalNames {
    path: PathBuf,
    publisher: Arc<Publisher>,
    library: OnceLock<Weak<Library>>,
    /// One change of the file at a time.
    changing: Mutex<()>,
}

impl fmt::Debug for LocalNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalNames")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl LocalNames {
    /// The file that the operator named; `None` without one.
    pub fn of(publisher: &Arc<Publisher>) -> Option<Arc<Self>> {
        let path = publisher.land.local_names()?.to_owned();
        Some(Arc::new(Self {
            path,
            publisher: Arc::clone(publisher),
            library: OnceLock::new(),
            changing: Mutex::new(()),
        }))
    }

    /// Documents of this store count as read before when names are added.
    pub fn follow(&self, library: &Arc<Library>) {
        // A server has one store; a second call would be a mistake that changes nothing.
        let _ = self.library.set(Arc::downgrade(library));
    }

    fn read(&self) -> Result<Vec<LocalName>, LocalNameError> {
        open_local_names(Some(&self.path)).map_err(|error| LocalNameError::File(error.to_string()))
    }

    /// Writes the names and reads texts with them. Names with which the land cannot be read leave the file as it was.
    fn change(&self, before: &[LocalName], names: &[LocalName]) -> Result<(), LocalNameError> {
        write(&self.path, names).map_err(LocalNameError::File)?;
        if let Err(error) = self.publisher.use_local_names() {
            write(&self.path, before).map_err(LocalNameError::File)?;
            return Err(LocalNameError::File(error.to_string()));
        }
        if let Some(library) = self.library.get().and_then(Weak::upgrade) {
            library.use_present_reader();
        }
        Ok(())
    }
}

fn write(path: &Path, names: &[LocalName]) -> Result<(), String> {
    let text = write_local_names(names);
    let written: std::io::Result<()> = files::replace(path, Readers::ByUmask, |file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

impl LocalNameService for LocalNames {
    fn list(&self) -> Result<Vec<LocalName>, LocalNameError> {
        self.read()
    }

    fn add(&self, name: LocalName) -> Result<(), LocalNameError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.read()?;
        if before.len() >= MAX_LOCAL_NAMES {
            return Err(LocalNameError::Known(format!(
                "the file has {MAX_LOCAL_NAMES} names, and takes no more"
            )));
        }
        let geoparser = self.publisher.geoparser();
        let place = geoparser.gazetteer().get(&name.place);
        if place.is_some_and(|place| place.names.of(name.language).any(|known| known == name.name)) {
            return Err(LocalNameError::Known(format!(
                "{:?} is a name of this place already",
                name.name
            )));
        }
        if place.is_none() && name.new.is_none() {
            return Err(LocalNameError::Missing);
        }
        let mut names = before.clone();
        names.push(name);
        self.change(&before, &names)
    }

    fn remove(&self, place: &str, name: &str) -> Result<(), LocalNameError> {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.read()?;
        let mut names = before.clone();
        names.retain(|local| !(local.place == place && local.name == name));
        if names.len() == before.len() {
            return Err(LocalNameError::Missing);
        }
        // A new place goes with its last name; the first of its other names keeps its position.
        let is_new = before.iter().any(|local| local.place == place && local.new.is_some());
        if is_new && !names.iter().any(|local| local.place == place && local.new.is_some()) {
            let new = before
                .iter()
                .find_map(|local| local.new.clone().filter(|_| local.place == place));
            if let Some(other) = names.iter_mut().find(|local| local.place == place) {
                other.new = new;
            }
        }
        self.change(&before, &names)
    }
}
