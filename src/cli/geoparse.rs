//! `mahwar geoparse`: texts in; mentions, quantities, attributions and claims out.

use super::{DataFolder, Failure, fields::Fields};
use crate::{
    document::{Document, MAX_BYTES},
    files::open_stream,
    geoparse::{Bound, Geoparser, Parse, read_titled},
    ingest::Described,
    text::printable::escape,
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    io::{self, BufRead, Read, Write},
    num::NonZero,
    thread,
};

/// Find the places, quantities, attributions and claims in texts
#[derive(Args)]
#[command(after_help = "Examples:\n  mahwar geoparse report.txt --format table\n  \
mahwar geoparse report.txt --published 2021-12-05T09:00:00+03:00\n  \
cat corpus.ndjson | mahwar geoparse --ndjson --jobs 2 > found.ndjson\n  \
mahwar geoparse --ndjson corpus.ndjson --fields id,language,mentions.text,mentions.place.id > places.ndjson")]
pub(super) struct Geoparse {
    /// Text files; `-` or none for standard input
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Read lines of {"id":…,"text":…} with optional "title" and "published", write one line for each, in the same order;
    /// other members of a line are passed through
    #[arg(long)]
    ndjson: bool,
    /// Members of the answer that are written, such as id,language,mentions.text,mentions.place.id; all when not given
    #[arg(long, value_name = "LIST")]
    fields: Option<Fields>,
    /// When the texts were published, RFC 3339 (2021-12-03): "yesterday" is resolved against it. Lines have their own
    #[arg(long, value_name = "DATE", conflicts_with = "ndjson")]
    published: Option<String>,
    /// Threads for --ndjson; as many as there are cores when not given
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Geojson,
    Jsonld,
    Table,
}

/// One answer, as DESIGN defines it for `/geoparse`.
#[derive(Serialize)]
struct Answer<'p> {
    id: Value,
    #[serde(flatten)]
    parse: &'p Parse,
}

impl Geoparse {
    pub(super) fn run(&self) -> Result<(), Failure> {
        if self.ndjson && self.format != Format::Json {
            return Err(Failure::Input("--ndjson writes JSON lines; leave out --format".into()));
        }
        if self.fields.is_some() && self.format != Format::Json {
            return Err(Failure::Input(
                "--fields chooses members of JSON; leave out --format".into(),
            ));
        }
        let land = self.data.land()?;
        let inputs: Vec<&str> = match self.files.as_slice() {
            [] => vec!["-"],
            files => files.iter().map(String::as_str).collect(),
        };
        for input in inputs {
            if self.ndjson {
                self.lines(&land.geoparser, input)?;
            } else {
                self.whole(&land.geoparser, input)?;
            }
        }
        Ok(())
    }

    fn whole(&self, geoparser: &Geoparser, input: &str) -> Result<(), Failure> {
        let bytes = read(input)?;
        let document =
            Document::from_bytes(bytes).map_err(|error| Failure::Input(format!("{}: {error}", name(input))))?;
        let described = Described::check(None, self.published.clone());
        let published = described.map_err(|error| Failure::Input(error.to_string()))?.published;
        let parse = geoparser.geoparse_published(&document.text, published.as_deref());
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Json => {
                let answer = Answer {
                    id: json!(document.id),
                    parse: &parse,
                };
                match &self.fields {
                    Some(fields) => write_line(&mut out, &fields.of(json!(answer))),
                    None => write_line(&mut out, &answer),
                }
            }
            Format::Geojson => write_line(&mut out, &crate::layers::evidence::collection(&document, &parse)),
            Format::Jsonld => write_line(&mut out, &crate::document::annotations(&document, &parse, "")),
            Format::Table => table(&mut out, &parse),
        }
        .and_then(|()| out.flush())
        .map_err(Failure::output)
    }

    /// Works through the lines in chunks: each chunk is shared among the threads and written in order.
    fn lines(&self, geoparser: &Geoparser, input: &str) -> Result<(), Failure> {
        let jobs = self
            .jobs
            .or_else(|| thread::available_parallelism().ok())
            .map_or(1, NonZero::get);
        let mut source: Box<dyn BufRead> = match input {
            "-" => Box::new(io::stdin().lock()),
            path => Box::new(io::BufReader::new(
                open_stream(path.as_ref()).map_err(|error| unreadable(path, &error))?,
            )),
        };
        let mut out = io::BufWriter::new(io::stdout().lock());
        let (mut number, mut bad) = (0, 0);
        loop {
            let chunk = read_chunk(&mut *source).map_err(|error| unreadable(input, &error))?;
            if chunk.is_empty() {
                break;
            }
            for answer in answers(geoparser, &chunk, jobs, self.fields.as_ref()) {
                number += 1;
                match answer {
                    Ok(line) => out.write_all(line.as_bytes()),
                    Err((id, problem)) => {
                        bad += 1;
                        eprintln!("mahwar: {} line {number}: {}", escape(name(input)), escape(&problem));
                        out.write_all(json!({"id": id, "error": problem}).to_string().as_bytes())
                    }
                }
                .and_then(|()| out.write_all(b"\n"))
                .map_err(Failure::output)?;
            }
            out.flush().map_err(Failure::output)?;
        }
        match bad {
            0 => Ok(()),
            _ => Err(Failure::Input(format!(
                "{bad} of {number} lines could not be read; their answers hold the error"
            ))),
        }
    }
}

type LineAnswer = Result<String, (Value, String)>;

fn answers(geoparser: &Geoparser, chunk: &[Vec<u8>], jobs: usize, fields: Option<&Fields>) -> Vec<LineAnswer> {
    if jobs == 1 || chunk.len() == 1 {
        return chunk.iter().map(|line| answer(geoparser, line, fields)).collect();
    }
    let share = chunk.len().div_ceil(jobs);
    thread::scope(|scope| {
        let workers: Vec<_> = chunk
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|line| answer(geoparser, line, fields))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_default())
            .collect()
    })
}

fn answer(geoparser: &Geoparser, line: &[u8], fields: Option<&Fields>) -> LineAnswer {
    let mut value: Value = serde_json::from_slice(line).map_err(|error| (Value::Null, format!("not JSON: {error}")))?;
    let id = value.get_mut("id").map_or(Value::Null, Value::take);
    match value.get("text") {
        Some(Value::String(text)) if text.len() > MAX_BYTES => Err((
            id,
            format!("the text has {} bytes; at most {MAX_BYTES} are accepted", text.len()),
        )),
        Some(Value::String(text)) => {
            let described = match described(&value) {
                Ok(described) => described,
                Err(error) => return Err((id, error)),
            };
            let published = described.published.as_deref();
            let parse = read_titled(described.title.as_deref(), text, |whole| {
                geoparser.geoparse_published(whole, published)
            });
            let answer = Answer {
                id: id.clone(),
                parse: &parse,
            };
            let written = match (fields, has_others(&value)) {
                (None, false) => serde_json::to_string(&answer),
                (fields, _) => {
                    let mut whole = json!(answer);
                    if let Some(fields) = fields {
                        whole = fields.of(whole);
                    }
                    pass_through(value, &mut whole);
                    serde_json::to_string(&whole)
                }
            };
            written.map_err(|error| (id, error.to_string()))
        }
        _ => Err((
            id,
            "there is no string in \"text\"; a line is {\"id\":…,\"title\":\"…\",\"text\":\"…\",\"published\":\"2021-12-03\"}".into(),
        )),
    }
}

/// Members of a line that the geoparser reads.
const READ: [&str; 4] = ["id", "text", "title", "published"];

fn has_others(line: &Value) -> bool {
    line.as_object()
        .is_some_and(|line| line.keys().any(|name| !READ.contains(&name.as_str())))
}

/// Adds the members of a line that are not read to its answer, unless the answer has a member of that name.
fn pass_through(line: Value, answer: &mut Value) {
    if let (Value::Object(line), Value::Object(answer)) = (line, answer) {
        for (name, value) in line {
            if !READ.contains(&name.as_str()) {
                answer.entry(name).or_insert(value);
            }
        }
    }
}

/// The title and the date of a line, checked as those of a document are.
fn described(line: &Value) -> Result<Described, String> {
    let member = |name: &str| match line.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(format!("\"{name}\" is not a string")),
    };
    Described::check(member("title")?, member("published")?).map_err(|error| error.to_string())
}

/// Up to 512 lines or about 4 MB, whichever comes first; blank lines are passed over.
fn read_chunk(source: &mut dyn BufRead) -> io::Result<Vec<Vec<u8>>> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < 512 && bytes < 4 << 20 {
        let mut line = Vec::new();
        if source.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        bytes += line.len();
        lines.push(line);
    }
    Ok(lines)
}

fn read(input: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte more than is accepted, so that the length check detects longer input.
    let limit = MAX_BYTES as u64 + 1;
    match input {
        "-" => io::stdin().lock().take(limit).read_to_end(&mut bytes),
        path => open_stream(path.as_ref()).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    }
    .map_err(|error| unreadable(input, &error))?;
    Ok(bytes)
}

fn unreadable(input: &str, error: &io::Error) -> Failure {
    Failure::Input(format!("cannot read {}: {error}", name(input)))
}

fn name(input: &str) -> &str {
    if input == "-" { "standard input" } else { input }
}

fn write_line(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")
}

fn table(mut out: impl Write, parse: &Parse) -> io::Result<()> {
    for mention in &parse.mentions {
        let place = mention.place.as_ref();
        writeln!(
            out,
            "{:>7}-{:<7} {:<12} {:<14} {:>5.2}  {:<28} {}",
            mention.start,
            mention.end,
            format!("{:?}", mention.reading).to_lowercase(),
            place.map_or("unresolved", |place| &place.id),
            mention.confidence,
            place.map_or("", |place| place.name.best(crate::language::Language::English)),
            escape(&mention.text),
        )?;
    }
    for quantity in &parse.quantities {
        let words = &quantity.words;
        let bound = match quantity.bound {
            Bound::Exact | Bound::Vague => "",
            Bound::About => "about ",
            Bound::AtLeast => "at least ",
            Bound::AtMost => "at most ",
            Bound::MoreThan => "more than ",
        };
        let value = quantity
            .value
            .map_or("no number of".to_owned(), |value| value.to_string());
        let role = quantity.role.map_or("", |role| role.name());
        writeln!(
            out,
            "{:>7}-{:<7} quantity     {bound}{value} {} {role}  {}",
            words.start,
            words.end,
            quantity.unit,
            escape(&words.text)
        )?;
    }
    for time in &parse.times {
        let words = &time.words;
        let day = |day: Option<jiff::civil::Date>| day.map_or("…".to_owned(), |day| day.to_string());
        let days = match time.is_resolved() {
            true => format!("{} to {}", day(time.from), day(time.to)),
            false => "unresolved".to_owned(),
        };
        writeln!(
            out,
            "{:>7}-{:<7} time         {days}  {}",
            words.start,
            words.end,
            escape(&words.text)
        )?;
    }
    for claim in &parse.claims {
        let words = &claim.evidence;
        writeln!(
            out,
            "{:>7}-{:<7} claim        {:?} ({})  {}",
            words.start,
            words.end,
            claim.kind,
            claim.status,
            escape(&words.text)
        )?;
    }
    Ok(())
}
