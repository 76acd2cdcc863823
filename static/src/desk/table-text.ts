/** Comma-separated values, read and written by RFC 4180; tabs and semicolons are told from the first line. Pure. */

/** Rows of a text; quotation marks hold separators and ends of lines. */
export function readTable(text: string): string[][] {
  const body = text.replace(/^\ufeff/, '');
  const head = body.slice(0, body.search(/\r?\n|$/));
  const separator = [',', '\t', ';'].reduce((best, sign) => (head.split(sign).length > head.split(best).length ? sign : best), ',');
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  for (let i = 0; i < body.length; i++) {
    const sign = body[i] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (body[i + 1] === '"') cell += body[++i];
      else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === separator) endCell();
    else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && body[i + 1] === '\n') i++;
      endCell();
      rows.push(row);
      row = [];
    } else cell += sign;
  }
  if (cell !== '' || row.length > 0) {
    endCell();
    rows.push(row);
  }
  return rows.filter((cells) => cells.some((value) => value.trim() !== ''));
}

/** A value as a cell. Values that a spreadsheet would run as a formula begin with an apostrophe. */
export function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value) ? `'${value}` : String(value);
  return /[",\r\n\t;]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A table as text that spreadsheets read as UTF-8. */
export const writeTable = (rows: readonly (readonly (string | number)[])[]): string =>
  `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** A document as it is sent to the server. */
export interface NewDocument {
  text?: string;
  html?: string;
  title?: string;
  publisher?: string;
  published?: string;
  source_url?: string;
  language?: string;
}

export const FIELDS = ['text', 'title', 'publisher', 'published', 'source_url', 'language'] as const;

/** Names of columns that mean a field. */
const COLUMNS: Record<string, (typeof FIELDS)[number]> = {
  text: 'text',
  body: 'text',
  content: 'text',
  notes: 'text',
  النص: 'text',
  دەق: 'text',
  title: 'title',
  headline: 'title',
  العنوان: 'title',
  سەردێڕ: 'title',
  publisher: 'publisher',
  source: 'publisher',
  الناشر: 'publisher',
  بڵاوکەرەوە: 'publisher',
  published: 'published',
  date: 'published',
  event_date: 'published',
  'تاريخ النشر': 'published',
  بەروار: 'published',
  source_url: 'source_url',
  url: 'source_url',
  link: 'source_url',
  الرابط: 'source_url',
  بەستەر: 'source_url',
  language: 'language',
  lang: 'language',
  اللغة: 'language',
  زمان: 'language',
};

/** The documents of a table whose first row names the columns; the error names what is missing. */
export function documentsOf(text: string): { documents: NewDocument[] } | { error: 'columns' | 'empty' } {
  const [head, ...rows] = readTable(text);
  if (!head || rows.length === 0) return { error: 'empty' };
  const fields = head.map((name) => COLUMNS[name.trim().toLowerCase()]);
  if (!fields.includes('text')) return { error: 'columns' };
  const documents = rows.map((row) => {
    const found: NewDocument = {};
    row.forEach((value, index) => {
      const field = fields[index];
      if (field && value.trim()) found[field] = value.trim();
    });
    return found;
  });
  return { documents: documents.filter(({ text }) => text) };
}
