// Writes src/api-types.ts from the OpenAPI document of a running server: npm run types -- http://127.0.0.1:8080
import { writeFileSync } from 'node:fs';

const base = process.argv[2] ?? process.env.MAHWAR_URL ?? 'http://127.0.0.1:8080';
const response = await fetch(new URL('/api', base), { headers: { Accept: 'application/json' } });
if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
const { paths, components } = await response.json();

/** A schema as a type of TypeScript. */
function typeOf(schema, depth = 0) {
  if (!schema || Object.keys(schema).length === 0) return 'unknown';
  const nullable = schema.nullable ? ' | null' : '';
  if (schema.$ref) return `${schema.$ref.split('/').at(-1)}${nullable}`;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ') + nullable;
  for (const many of ['oneOf', 'anyOf']) if (schema[many]) return schema[many].map((one) => typeOf(one, depth)).join(' | ') + nullable;
  if (schema.allOf) return schema.allOf.map((one) => typeOf(one, depth)).join(' & ') + nullable;
  if (schema.type === 'array') return `${/[|&]/.test(typeOf(schema.items, depth)) ? `(${typeOf(schema.items, depth)})` : typeOf(schema.items, depth)}[]${nullable}`;
  if (schema.type === 'integer' || schema.type === 'number') return `number${nullable}`;
  if (schema.type === 'string') return `string${nullable}`;
  if (schema.type === 'boolean') return `boolean${nullable}`;
  if (!schema.properties) return `Record<string, ${schema.additionalProperties ? typeOf(schema.additionalProperties, depth) : 'unknown'}>${nullable}`;
  const pad = '  '.repeat(depth + 1);
  const members = Object.entries(schema.properties).map(([name, part]) => {
    const about = part.description ? `${pad}/** ${part.description} */\n` : '';
    return `${about}${pad}${/^\w+$/.test(name) ? name : JSON.stringify(name)}${schema.required?.includes(name) ? '' : '?'}: ${typeOf(part, depth + 1)};`;
  });
  return `{\n${members.join('\n')}\n${'  '.repeat(depth)}}${nullable}`;
}

const schemas = Object.entries(components.schemas).map(([name, schema]) => `${schema.description ? `/** ${schema.description} */\n` : ''}export type ${name} = ${typeOf(schema)};`);
const known = Object.keys(paths).sort().map((path) => `  | ${JSON.stringify(path)}`);
writeFileSync(
  new URL('../src/api-types.ts', import.meta.url),
  `/** Types of the API, written by scripts/api-types.mjs from the server’s OpenAPI document (/api). Not to be edited. */\n\n${schemas.join('\n\n')}\n\n/** The paths of the API. */\nexport type ApiPath =\n${known.join('\n')};\n`,
);
