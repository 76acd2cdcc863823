//! A table of texts and numbers as Parquet, row by row.

use super::parquet::optional;
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel},
    data_type::{ByteArrayType, DoubleType},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};
use std::{
    io::{self, Write},
    sync::Arc,
};

/// Rows that are written together.
const ROWS: usize = 10_000;

/// Writes rows of words as Parquet; an empty cell is null.
///
/// ```
/// use mahwar_export::export::ParquetTable;
/// let mut table = ParquetTable::new(Vec::new(), &[("name".to_owned(), false), ("lon".to_owned(), true)])?;
/// table.row(&["Kirkuk".to_owned(), "44.39".to_owned()])?;
/// let bytes = table.finish()?;
/// assert!(bytes.starts_with(b"PAR1"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ParquetTable<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// For each column, true if it contains numbers.
    numbers: Vec<bool>,
    waiting: Vec<Vec<String>>,
}

impl<W: Write + Send> ParquetTable<W> {
    /// A table of columns: unique names, and true for a column of numbers.
    ///
    /// # Errors
    /// When the head of the file cannot be written.
    pub fn new(out: W, columns: &[(String, bool)]) -> io::Result<Self> {
        let fields = columns.iter().map(|(name, is_number)| {
            let (physical, logical) = match is_number {
                true => (Physical::DOUBLE, None),
                false => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            };
            let field = Type::primitive_type_builder(name, physical);
            let field = field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
            field.build().map(Arc::new)
        });
        let fields = fields.collect::<Result<_, ParquetError>>().map_err(io::Error::other)?;
        let schema = Type::group_type_builder("schema").with_fields(fields).build();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("mahwar {}", env!("CARGO_PKG_VERSION")))
            .build();
        let schema = Arc::new(schema.map_err(io::Error::other)?);
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(io::Error::other)?,
            numbers: columns.iter().map(|(_, is_number)| *is_number).collect(),
            waiting: Vec::new(),
        })
    }

    /// Takes a row; cells that it lacks are null.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn row(&mut self, cells: &[String]) -> io::Result<()> {
        self.waiting.push(cells.to_vec());
        match self.waiting.len() >= ROWS {
            true => self.write(),
            false => Ok(()),
        }
    }

    fn write(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(io::Error::other)?;
        for (at, is_number) in self.numbers.iter().enumerate() {
            let cells = rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty()));
            let written = match is_number {
                true => optional::<DoubleType, _>(&mut group, cells.map(|cell| cell?.parse().ok())),
                false => optional::<ByteArrayType, _>(&mut group, cells.map(|cell| Some(cell?.as_str().into()))),
            };
            written.map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.write()?;
        self.writer.into_inner().map_err(io::Error::other)
    }
}
