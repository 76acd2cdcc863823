//! The address of a store: `sqlite:PATH` or `postgres://…`.

use super::StoreError;
use std::{path::PathBuf, str::FromStr};

/// A database and its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A connection URL.
    Postgres(String),
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let wrong = |what: &str| {
            let scheme = text.split(':').next().unwrap_or_default();
            // The rest may contain a password.
            StoreError::Address(format!(
                "the store address {scheme:?}:… {what}; accepted: sqlite:PATH, postgres://USER:PASSWORD@HOST:PORT/DATABASE"
            ))
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            // As other programs write it too.
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err(wrong("names no file")),
                ":memory:" => Err(wrong("must name a file, which stays")),
                path => Ok(Self::Sqlite(path.into())),
            };
        }
        match text.starts_with("postgres://") || text.starts_with("postgresql://") {
            true => Ok(Self::Postgres(text.to_owned())),
            false => Err(wrong("is of no known kind")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_or_a_server() {
        let sqlite = |path: &str| Address::Sqlite(path.into());
        assert_eq!("sqlite:a/b.db".parse(), Ok(sqlite("a/b.db")));
        assert_eq!("sqlite:///var/b.db".parse(), Ok(sqlite("/var/b.db")));
        let url = "postgresql://h/d";
        assert_eq!(url.parse(), Ok(Address::Postgres(url.to_owned())));
    }

    #[test]
    fn a_wrong_address_says_what_is_accepted_and_no_password() {
        for text in ["", "sqlite:", "sqlite::memory:", "mysql://root:secret@h/d", "/tmp/x.db"] {
            let said = text.parse::<Address>().unwrap_err().to_string();
            assert!(said.contains("sqlite:PATH") && !said.contains("secret"), "{said}");
        }
    }
}
