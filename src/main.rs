//! The `mahwar` command.

use std::process::ExitCode;

/// Returns freed memory to the system, which the C library's allocator keeps; also faster for many small answers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mahwar::cli::run(std::env::args_os())
}
