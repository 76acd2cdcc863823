//! Settings: flags first, then `MAHWAR_*` variables, then `mahwar.toml`.

use super::Failure;
use crate::{
    files::read_regular_text,
    sources::LayerSpec,
    text::printable::{escape, without_password},
};
use clap::Command;
use std::{env, fs, io::ErrorKind, path::Path};

/// The largest settings file, in bytes.
const MAX_SETTINGS: u64 = 1 << 20;

/// Text about settings in `--help`.
pub(super) const HELP: &str = "Settings come from flags, then MAHWAR_* environment variables, then mahwar.toml \
in the working folder (or the file that MAHWAR_CONFIG names), where a key is the name of a flag: bind = \"0.0.0.0:8080\".";

/// The key of the tables that describe own layers.
const OWN_LAYERS: &str = "layers";

/// The own layers that the settings file describes: `[[layers]]`.
pub(super) fn own_layers() -> Result<Vec<LayerSpec>, Failure> {
    let path = env::var_os("MAHWAR_CONFIG").unwrap_or_else(|| "mahwar.toml".into());
    let shown = path.to_string_lossy().into_owned();
    // Errors of the file itself were reported by `apply`.
    let text = read_regular_text(Path::new(&path), MAX_SETTINGS).unwrap_or_default();
    let mut table: toml::Table = text.parse().unwrap_or_default();
    let wrong = || {
        Failure::Input(format!(
            "{shown}: layers must be tables: [[layers]], then name = … and source = …"
        ))
    };
    match table.remove(OWN_LAYERS) {
        None => Ok(Vec::new()),
        Some(toml::Value::Array(layers)) => layers
            .into_iter()
            .map(|layer| match layer {
                toml::Value::Table(layer) => LayerSpec::of_table(&shown, layer).map_err(Failure::input),
                _ => Err(wrong()),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// Makes the values of the settings file the defaults of the flags of the same name.
pub(super) fn apply(command: Command) -> Result<Command, Failure> {
    let named = env::var_os("MAHWAR_CONFIG");
    let path = named.clone().unwrap_or_else(|| "mahwar.toml".into());
    let shown = path.to_string_lossy().into_owned();
    let text = match read_regular_text(Path::new(&path), MAX_SETTINGS) {
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
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in table {
        if key == OWN_LAYERS {
            // Tables of their own, read by `own_layers`.
            continue;
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Array(feeds) if key == "feeds" => {
                let feeds: Result<Vec<String>, String> = feeds.iter().map(feed).collect();
                let feeds = feeds.map_err(|error| Failure::Input(format!("{shown}: [[feeds]]: {error}")))?;
                lists.push((key, feeds));
                continue;
            }
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
    if values.iter().any(|(id, value)| is_secret(&command, id, value)) && others_may_read(Path::new(&path)) {
        let shown = escape(&shown);
        eprintln!("mahwar: {shown} holds a token or password and can be read by other users; run: chmod 600 {shown}");
    }
    Ok(command.mut_subcommands(|sub| {
        let sub = with_defaults(sub, &values);
        lists.iter().fold(sub, |sub, (id, list)| {
            let takes = sub.get_arguments().any(|arg| arg.get_id() == id.as_str());
            match takes {
                true => sub.mut_arg(id.clone(), |arg| arg.default_values(list.clone())),
                false => sub,
            }
        })
    }))
}

/// A feed of the settings as the flag writes it.
fn feed(value: &toml::Value) -> Result<String, String> {
    let table = value.as_table().ok_or("an entry is a table with url")?;
    let mut text = table
        .get("url")
        .and_then(toml::Value::as_str)
        .ok_or("url is missing")?
        .to_owned();
    for (key, value) in table {
        match (&**key, value) {
            ("url", _) | ("full_articles", toml::Value::Boolean(false)) => {}
            ("every", toml::Value::Integer(seconds)) => text.push_str(&format!(" every={seconds}")),
            ("full_articles", toml::Value::Boolean(true)) => text.push_str(" full_articles"),
            _ => {
                return Err(format!(
                    "{key} = {value} is not known; known: url, every (seconds), full_articles (true, false)"
                ));
            }
        }
    }
    Ok(text)
}

fn with_defaults(sub: Command, values: &[(String, String)]) -> Command {
    let has = |sub: &Command, id: &str| sub.get_arguments().any(|arg| arg.get_id() == id);
    values.iter().fold(sub, |sub, (id, value)| {
        if !has(&sub, id) {
            return sub;
        }
        sub.mut_arg(id.clone(), |arg| {
            // Secrets are hidden in `--help`, whether they come from the environment or from the settings file.
            let secret = arg.is_hide_env_values_set();
            arg.default_value(value.clone()).hide_default_value(secret)
        })
    })
}

/// True for a token, and for an address with a password in it.
fn is_secret(command: &Command, id: &str, value: &str) -> bool {
    let hidden = |arg: &clap::Arg| arg.get_id() == id && arg.is_hide_env_values_set();
    let is_hidden = command.get_subcommands().any(|sub| sub.get_arguments().any(hidden));
    is_hidden && (id == "token" || without_password(value) != value)
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}
