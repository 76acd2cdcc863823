import { describe, expect, it } from 'vitest';
import { cell, documentsOf, readTable, writeTable } from './table-text';

describe('tables', () => {
  it('come back as they were written', () => {
    const rows = [
      ['a', 'b "c"', 'd,e'],
      ['كركوك\nسطر', '', '1;2'],
    ];
    expect(readTable(writeTable(rows))).toEqual(rows);
  });

  it.each([
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a\tb\n1\t"x\ty"',
      [
        ['a', 'b'],
        ['1', 'x\ty'],
      ],
    ],
    [
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    ['\ufeffa\n\n\n"q""q"\n', [['a'], ['q"q']]],
    ['', []],
  ])('%j is read', (text, rows) => expect(readTable(text)).toEqual(rows));

  it('run no formula in a spreadsheet', () => {
    expect(cell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
    expect(cell('-3.5')).toBe('-3.5');
    expect(cell('@x')).toBe("'@x");
    expect(cell(-2)).toBe('-2');
  });
});

describe('documents of a table', () => {
  it('are found by the names of the columns, in three languages', () => {
    expect(documentsOf('Headline,Notes,date,url\nT,"Attack in Daquq",2022-01-02,https://e.org/1\n,,,\n')).toEqual({
      documents: [{ title: 'T', text: 'Attack in Daquq', published: '2022-01-02', source_url: 'https://e.org/1' }],
    });
    expect(documentsOf('العنوان,النص\nأ,هجوم\n')).toEqual({ documents: [{ title: 'أ', text: 'هجوم' }] });
  });

  it('say what is missing', () => {
    expect(documentsOf('a,b\n1,2')).toEqual({ error: 'columns' });
    expect(documentsOf('text')).toEqual({ error: 'empty' });
  });
});
