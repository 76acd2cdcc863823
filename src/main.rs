//! The `mahwar` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    mahwar::cli::run(std::env::args_os())
}
