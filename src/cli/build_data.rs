//! `mahwar build-data`: compiles `data/` out of downloads of the public datasets.

use crate::compile::{self, CompileError};
use std::{path::PathBuf, time::Instant};

/// Compile the data folder out of public datasets and the hand tables.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  mahwar build-data --from ~/downloads/iraq -o data/")]
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
}

impl BuildData {
    /// Compiles, writes, and prints what changed by id.
    ///
    /// # Errors
    /// With file, row and unit; the data folder stays as it was.
    pub fn run(&self) -> Result<(), CompileError> {
        let start = Instant::now();
        let tables = self.tables.clone().unwrap_or_else(|| self.out.join("tables"));
        let (places, changes) = compile::build(&self.from, &tables, &self.out)?;
        println!("{} places in {:.1} s", places.len(), start.elapsed().as_secs_f64());
        print!("{changes}");
        Ok(())
    }
}
