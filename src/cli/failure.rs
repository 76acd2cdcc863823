//! Errors and exit codes of commands.

use crate::text::printable::escape_lines;
use std::{fmt::Display, io, process::ExitCode};

/// A failure with its exit code.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage or bad input: exit code 2.
    Input(String),
    /// Anything else: exit code 1.
    Failed(String),
    /// The reader of our output went away; nothing to say.
    Closed,
}

impl Failure {
    /// Bad input, with this error as the message.
    pub fn input(error: impl Display) -> Self {
        Self::Input(error.to_string())
    }

    /// A failure, with this error as the message.
    pub fn failed(error: impl Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// A failed write to standard output.
    pub fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed(format!("cannot write the output: {error}")),
        }
    }

    /// Prints the message and returns the exit code.
    pub fn report(self) -> ExitCode {
        let (message, code) = match self {
            Self::Input(message) => (message, 2),
            Self::Failed(message) => (message, 1),
            Self::Closed => return ExitCode::SUCCESS,
        };
        // A message may repeat a name of a file or a text of a feed.
        eprintln!("mahwar: {}", escape_lines(&message));
        ExitCode::from(code)
    }
}
