// Writes two dated documents beside the project's seeds, for the server under test: English and Sorani, with an uncertain name.
//   node documents.mjs FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENTS = [
  {
    name: 'en',
    published: '2022-03-14',
    source_url: 'https://wire.example.org/2022/03/14',
    text: 'A convoy was attacked near Tuz Khurmatu on Monday, police in Kirkuk said.\n"Three people were killed in Daquq", the mayor said. Some families fled from Rashad to Al-Hawija.',
  },
  {
    name: 'ckb',
    published: '2022-08-02',
    source_url: 'https://heval.example.org/2022/08/02',
    text: 'پۆلیس ڕایگەیاند لە هەولێر و سلێمانی و چەمچەماڵ و ڕانیە کۆبوونەوە کرا.\nلە قەزای مەخموور ٣ کەس کوژران.',
  },
];

const folder = process.argv[2];
for (const { name, text, ...description } of DOCUMENTS) {
  writeFileSync(join(folder, `${name}.txt`), text);
  const lines = Object.entries(description).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(join(folder, `${name}.toml`), lines.join('\n'));
}
