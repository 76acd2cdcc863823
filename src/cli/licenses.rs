//! `mahwar licenses`: the notices of everything that the binary holds.

use super::Failure;
use crate::notices;
use clap::Args;
use std::io::Write;

/// Print the licences and notices of the program, its data, its font and its libraries
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar licenses | less\n  mahwar licenses >NOTICES.txt")]
pub(super) struct Licenses {}

impl Licenses {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(notices::text().as_bytes())
            .and_then(|()| out.flush())
            .map_err(Failure::output)
    }
}
