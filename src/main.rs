//! The `mahwar` command.

use std::process::ExitCode;

/// Gives freed memory back to the system, which the C library's allocator keeps; faster for many small answers too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mahwar::cli::run(std::env::args_os())
}
