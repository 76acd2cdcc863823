// Compresses the built scripts and styles beside themselves (`app.js.br`). The server sends these as they are: the best
// compression takes too long for the first request.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const folder = new URL('../dist/assets/', import.meta.url);
for (const name of readdirSync(folder).filter((one) => /\.(js|css)$/.test(one)))
  writeFileSync(new URL(`${name}.br`, folder), brotliCompressSync(readFileSync(new URL(name, folder))));
