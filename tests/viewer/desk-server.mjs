// A server of its own with a store, a token and many reports, for tests that write or need more than the seeds.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { root } from './browser.mjs';
import { reports } from './reports.mjs';

export const TOKEN = process.env.DESK_TOKEN ?? 'analyst-token';

const binary = () => [process.env.MAHWAR_BIN, `${root}target/release/mahwar`, `${root}target/debug/mahwar`].find((path) => path && existsSync(path));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts the server before the tests of a file and stops it after them; `url` is there from then on. `DESK_URL` names one that runs already. */
export function desk(count, flags = []) {
  const own = { url: process.env.DESK_URL ?? '' };
  let child;
  let folder;
  before(async () => {
    if (own.url) return;
    folder = mkdtempSync(join(tmpdir(), 'mahwar-desk-'));
    const port = await freePort();
    own.url = `http://127.0.0.1:${port}`;
    child = spawn(binary(), ['serve', '--bind', `127.0.0.1:${port}`, '--seeds', folder, '--store', `sqlite:${join(folder, 'desk.db')}`, ...flags], { env: { ...process.env, MAHWAR_TOKEN: TOKEN }, stdio: 'ignore' });
    for (;;) {
      if (await fetch(`${own.url}/healthz`).then((answer) => answer.ok, () => false)) break;
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (count) await own.add(reports(count));
  });
  after(async () => {
    if (!child) return;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  /** Stores documents and answers with their ids. */
  own.add = async (documents) => {
    const response = await fetch(`${own.url}/documents`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/x-ndjson' },
      body: documents.map((document) => JSON.stringify(document)).join('\n'),
    });
    const lines = (await response.text()).trim().split('\n').map((line) => JSON.parse(line));
    const refused = lines.find(({ status }) => status >= 400);
    if (refused) throw new Error(JSON.stringify(refused));
    return lines.map(({ id }) => id);
  };
  return own;
}
