//! `mahwar build-data`: compiles `data/` out of downloads of the public datasets.

use crate::{
    compile::{self, Build, COMPILED, Changes, CompileError},
    gazetteer::Place,
    land,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Compile the data folder out of public datasets and the hand tables.
///
/// A folder that does not exist yet becomes a complete data folder: hand-written files are copied from this program.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mahwar build-data --from ~/downloads/iraq -o data/\n  \
mahwar build-data --from ~/downloads/iraq -o ~/iraq-with-rivers --with-wdbii && mahwar serve --data ~/iraq-with-rivers")]
pub struct BuildData {
    /// Folder with the datasets: OCHA COD-AB, Who's On First, Natural Earth; searched with all that is below it.
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// Data folder to write.
    #[arg(short, long, value_name = "DIR", default_value = "data")]
    pub out: PathBuf,
    /// Hand tables [default: `tables` in the data folder].
    #[arg(long, value_name = "DIR")]
    pub tables: Option<PathBuf>,
    /// Also the rivers of World Data Bank II (LGPL-3.0-or-later): Great and Little Zab, Diyala, Adhaim.
    #[arg(long)]
    pub with_wdbii: bool,
}

impl BuildData {
    /// Compiles, writes, and prints the changes by id.
    ///
    /// # Errors
    /// With file, row and unit; the data folder stays as it was.
    pub fn run(&self) -> Result<(), CompileError> {
        let start = Instant::now();
        let fresh = self.tables.is_none() && !self.out.exists();
        let (places, changes) = if fresh {
            self.run_fresh()?
        } else {
            self.build_in(&self.out)?
        };
        println!("{} places in {:.1} s", places.len(), start.elapsed().as_secs_f64());
        if fresh {
            println!("a new data folder: {}", self.out.display());
        } else {
            print!("{changes}");
        }
        Ok(())
    }

    fn build_in(&self, out: &Path) -> Result<(Vec<Place>, Changes), CompileError> {
        let tables = self.tables.clone().unwrap_or_else(|| out.join("tables"));
        compile::build(&Build {
            from: &self.from,
            tables: &tables,
            out,
            with_wdbii: self.with_wdbii,
        })
    }

    /// Builds a whole folder beside its place and puts it there when it is done.
    fn run_fresh(&self) -> Result<(Vec<Place>, Changes), CompileError> {
        let mut name = self.out.file_name().unwrap_or_default().to_owned();
        name.push(format!(".new-{}", std::process::id()));
        let stage = self.out.with_file_name(name);
        let built = write_hand_files(&stage).and_then(|()| self.build_in(&stage));
        let built = built.and_then(|built| {
            let put = fs::rename(&stage, &self.out);
            put.map(|()| built).map_err(|error| CompileError::io(&self.out, error))
        });
        if built.is_err() {
            let _ = fs::remove_dir_all(&stage);
        }
        built
    }
}

/// Writes the files of a data folder that are not compiled.
fn write_hand_files(folder: &Path) -> Result<(), CompileError> {
    for (name, bytes) in land::embedded_data() {
        if COMPILED.iter().any(|compiled| name == Path::new(compiled)) {
            continue;
        }
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        let write = fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes));
        write.map_err(|error| CompileError::io(&path, error))?;
    }
    Ok(())
}
