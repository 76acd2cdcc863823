// Checks style documents by the specification's own validator. Reads lines of JSON ({"name": …, "style": …}) and prints each error.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../static/package.json', import.meta.url));
const { validateStyleMin } = require('@maplibre/maplibre-gl-style-spec');

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { name, style } = JSON.parse(line);
  count++;
  for (const { message } of validateStyleMin(style)) console.log(`${name}: ${message}`);
}
console.error(`${count} styles`);
