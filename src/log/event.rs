//! One event as one line.

use super::{ACCESS, AUDIT};
use crate::text::printable::escape;
use std::fmt::{self, Write};
use tracing::{
    Level,
    field::{Field, Visit},
};
use tracing_log::NormalizeEvent;

/// The longest message, in bytes; longer ones are cut. One event can never be much more of the log.
const MAX_LINE: usize = 8 * 1024;

/// An event with its fields as text.
pub(super) struct Event {
    pub target: String,
    /// The same for all events of one place in the program.
    pub kind: &'static str,
    /// True if it may be left out when there are too many of its kind.
    pub limited: bool,
    level: Level,
    message: String,
    fields: String,
    /// A record of JSON, already whole.
    record: Option<String>,
}

impl Event {
    pub fn of(event: &tracing::Event<'_>) -> Self {
        let normal = event.normalized_metadata();
        let target = normal
            .as_ref()
            .map_or(event.metadata().target(), |metadata| metadata.target());
        let mut made = Self {
            target: target.to_owned(),
            // The file and line of the call; all lines of `log` come from one place.
            kind: event.metadata().name(),
            limited: target != ACCESS,
            level: normal
                .as_ref()
                .map_or(*event.metadata().level(), |metadata| *metadata.level()),
            message: String::new(),
            fields: String::new(),
            record: None,
        };
        event.record(&mut made);
        // A write that was done is an INFO record, and always written.
        if target == AUDIT && made.level == Level::INFO {
            made.limited = false;
        }
        made
    }

    pub fn message(level: Level, target: &str, message: &str) -> Self {
        Self {
            target: target.to_owned(),
            kind: "",
            limited: false,
            level,
            message: message.to_owned(),
            fields: String::new(),
            record: None,
        }
    }

    /// The line without its end.
    pub fn line(&self, colours: bool) -> String {
        if let Some(record) = &self.record {
            return escape(record).into_owned();
        }
        let now = jiff::Timestamp::now();
        let (colour, plain) = match (colours, self.level) {
            (false, _) => ("", ""),
            (true, Level::ERROR) => ("\u{1b}[31m", "\u{1b}[0m"),
            (true, Level::WARN) => ("\u{1b}[33m", "\u{1b}[0m"),
            (true, _) => ("\u{1b}[32m", "\u{1b}[0m"),
        };
        let mut text = escape(&self.message).into_owned();
        text.push_str(&escape(&self.fields));
        if text.len() > MAX_LINE {
            let mut end = MAX_LINE;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text.push('…');
        }
        let target = escape(&self.target);
        format!("{now:.6} {colour}{:>5}{plain} {target}: {text}", self.level)
    }

    fn field(&mut self, name: &str, value: fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        match name {
            "message" => {
                let _ = self.message.write_fmt(value);
            }
            // The target, file and line of a record of the `log` crate; the target was read from them.
            name if name.starts_with("log.") => {}
            name => {
                let _ = write!(self.fields, " {name}={value}");
            }
        }
    }
}

impl Visit for Event {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "record" if self.target == AUDIT || self.target == ACCESS => self.record = Some(value.to_owned()),
            "message" => self.message.push_str(value),
            name => self.field(name, format_args!("{value:?}")),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.field(field.name(), format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_printable_line_whatever_it_holds() {
        let hostile = "bad\r\n\u{1b}[2K2031-01-01T00:00:00Z  INFO mahwar::audit: write done\nNEXT\u{202e}";
        let mut event = Event::message(Level::WARN, "mahwar\n::x", hostile);
        event.field("reason", format_args!("{hostile}"));
        for colours in [false, true] {
            let line = event.line(colours);
            assert!(!line.contains(['\n', '\r', '\u{202e}']), "{line:?}");
            assert!(!line.contains("\u{1b}[2K"), "{line:?}");
        }
        assert!(!event.line(false).contains('\u{1b}'));
    }

    #[test]
    fn a_long_event_is_cut() {
        let event = Event::message(Level::WARN, "mahwar", &"ك".repeat(1_000_000));
        assert!(event.line(false).len() < MAX_LINE + 200);
    }
}
