//! `mahwar token`: makes a token for the list of tokens.

use super::Failure;
use crate::server::access::{Roles, TOKEN_PREFIX, check_name, line_of};
use clap::Args;
use std::io::Write;

/// Make a token with a name and roles, for the file of `mahwar serve --tokens`
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar token desk --roles read,write,rule >>tokens.txt\n  mahwar token feeds --roles write >>tokens.txt\n\
The token is printed on standard error, once; it is stored nowhere. The line for the file is printed on standard output: \
it holds the token's SHA-256 only.\n\
Roles: read (what is not public), write (add documents), rule (rulings), admin (everything).\n\
To change a token, add a second line of the same name, and remove the first when all clients have the new one."
)]
pub(super) struct Token {
    /// Name that audit records and rulings show
    #[arg(value_name = "NAME")]
    name: String,
    /// Roles with commas between: read, write, rule, admin
    #[arg(long, value_name = "ROLES", default_value = "read")]
    roles: Roles,
}

impl Token {
    pub(super) fn run(&self) -> Result<(), Failure> {
        check_name(&self.name).map_err(Failure::Input)?;
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(Failure::failed)?;
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = format!("{TOKEN_PREFIX}{random}");
        eprintln!("{token}");
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", line_of(&self.name, self.roles, &token))
            .and_then(|()| out.flush())
            .map_err(Failure::output)
    }
}
