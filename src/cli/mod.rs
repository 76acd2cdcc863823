//! The command line: one file a command, one place that maps a failure to an exit code.

mod access_flags;
mod allocator;
mod basemap;
mod build_data;
mod check;
mod corridor;
mod export;
mod failure;
mod fields;
mod filters;
mod geoparse;
mod health;
mod ingest;
mod licenses;
mod limits;
mod own_layers;
mod progress;
mod reload;
mod render;
mod reparse;
mod search;
mod serve;
mod settings;
mod signals;
mod store;
mod store_address;
mod table;
mod token;

pub use failure::Failure;

use store_address::StoreAddress;

use crate::land::{Files, Land};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::{ffi::OsString, path::PathBuf, process::ExitCode};

/// Map tile and layer server for disputed territories: places in news text become layers that anyone can check.
#[derive(Parser)]
#[command(name = "mahwar", version, max_term_width = 110, after_help = settings::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Geoparse(geoparse::Geoparse),
    Ingest(ingest::Ingest),
    Reparse(reparse::Reparse),
    Search(search::Search),
    Table(table::Table),
    Corridor(corridor::CorridorCommand),
    Export(export::Export),
    Render(render::Render),
    BuildData(build_data::BuildData),
    Check(check::CheckData),
    Store(store::StoreCommand),
    Token(token::Token),
    Health(health::Health),
    Licenses(licenses::Licenses),
}

/// The data folder, for every command that reads one.
#[derive(clap::Args)]
pub(crate) struct DataFolder {
    /// Data folder; without it the data inside the binary are used
    #[arg(long, value_name = "DIR", env = "MAHWAR_DATA")]
    data: Option<PathBuf>,
    /// Spellings and places that analysts added to the gazetteer: a file of tab-separated rows, which need not exist yet
    #[arg(long, value_name = "FILE", env = "MAHWAR_LOCAL_NAMES")]
    local_names: Option<PathBuf>,
}

impl DataFolder {
    pub(crate) fn files(&self) -> Files {
        self.data.clone().map_or(Files::Embedded, Files::Folder)
    }

    pub(crate) fn has_local_names(&self) -> bool {
        self.local_names.is_some()
    }

    pub(crate) fn land(&self) -> Result<Land, Failure> {
        Land::open_with(&self.files(), self.local_names.as_deref()).map_err(Failure::input)
    }
}

/// Runs the command that the arguments name. Exit codes: 0 done, 1 failed, 2 wrong usage or bad input.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = match settings::apply(Cli::command()) {
        Ok(command) => command,
        Err(failure) => return failure.report(),
    };
    let parsed = command
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` come this way too, with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    signals::keep_alive_at_file_limit();
    let done = match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Geoparse(geoparse) => geoparse.run(),
        Command::Ingest(ingest) => ingest.run(),
        Command::Reparse(reparse) => reparse.run(),
        Command::Search(search) => search.run(),
        Command::Table(table) => table.run(),
        Command::Corridor(corridor) => corridor.run(),
        Command::Export(export) => export.run(),
        Command::Render(render) => render.run(),
        Command::BuildData(build_data) => build_data.run().map_err(Failure::input),
        Command::Check(check) => check.run(),
        Command::Store(store) => store.run(),
        Command::Token(token) => token.run(),
        Command::Health(health) => health.run(),
        Command::Licenses(licenses) => licenses.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
