//! Settings: flags first, then `MAHWAR_*` variables, then `mahwar.toml`.

use super::Failure;
use clap::Command;
use std::{env, fs, io::ErrorKind};

/// What `--help` says about settings.
pub(super) const HELP: &str = "Settings come from flags, then MAHWAR_* environment variables, then mahwar.toml \
in the working folder (or the file that MAHWAR_CONFIG names), where a key is the name of a flag: bind = \"0.0.0.0:8080\".";

/// Makes the values of the settings file the defaults of the flags of the same name.
pub(super) fn apply(command: Command) -> Result<Command, Failure> {
    let named = env::var_os("MAHWAR_CONFIG");
    let path = named.clone().unwrap_or_else(|| "mahwar.toml".into());
    let shown = path.to_string_lossy().into_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => return Ok(command),
        Err(error) => {
            return Err(Failure::Input(format!(
                "cannot read the settings file {shown}: {error}"
            )));
        }
    };
    let table: toml::Table = text
        .parse()
        .map_err(|error| Failure::Input(format!("the settings file {shown} is not TOML: {error}")))?;
    let mut values = Vec::new();
    for (key, value) in table {
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            _ => {
                return Err(Failure::Input(format!(
                    "{shown}: {key} must be a string, a whole number or true/false"
                )));
            }
        };
        let id = key.replace('-', "_");
        if !command
            .get_subcommands()
            .any(|sub| sub.get_arguments().any(|arg| arg.get_id() == id.as_str()))
        {
            return Err(Failure::Input(format!(
                "{shown}: unknown setting {key:?}; a key is the name of a flag"
            )));
        }
        values.push((id, value));
    }
    Ok(command.mut_subcommands(|sub| with_defaults(sub, &values)))
}

fn with_defaults(sub: Command, values: &[(String, String)]) -> Command {
    let has = |sub: &Command, id: &str| sub.get_arguments().any(|arg| arg.get_id() == id);
    values.iter().fold(sub, |sub, (id, value)| {
        if !has(&sub, id) {
            return sub;
        }
        sub.mut_arg(id.clone(), |arg| arg.default_value(value.clone()))
    })
}
