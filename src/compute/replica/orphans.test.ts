import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost } from '../../base/index.js';
import { findHierarchies, foldersBelow } from '../../meter/index.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'dist');

import { isAlive } from '../testing/replicas.js';

/** A client with a replica of each kind, each with something in a session of its own, far from its process group. */
const CLIENT = `
const [root, folder, sysfs] = process.argv.slice(1);
const { openLocalReplicas } = await import(root + '/compute/index.js');
const { createHost, silentLogger } = await import(root + '/base/index.js');
const { settingsSchema } = await import(root + '/model/index.js');
const { request } = await import('node:http');
const host = createHost({ log: silentLogger, sysfs });
const replicas = await openLocalReplicas(host, settingsSchema.parse({}));
const plan = (id, more) => ({ id, function: 'f', version: '1', folder, environment: {}, secrets: { key: 'x' }, limits: {},
  concurrency: 1, timeoutSeconds: 60, startSeconds: 20, logFile: folder + '/log', logLimitBytes: 1e6, ...more });
const away = (name) => 'setsid sh -c "echo \\\\$\\\\$ > ' + folder + '/' + name + '.pid; exec sleep 1000" &';
const all = [
  replicas.start(plan('a', { kind: 'handler', module: folder + '/handler.mjs' })),
  replicas.start(plan('b', { kind: 'command', command: ['sh', '-c', away('command') + ' sleep 1000'] })),
  replicas.start(plan('c', { kind: 'http', command: ['sh', '-c', away('http') + ' exec python3 -m http.server $PORT'] })),
];
await Promise.all(all.map(({ ready }) => ready));
for (const { address } of all.slice(0, 2)) request({ ...address, path: '/' }).on('error', () => {}).end();
console.log(JSON.stringify({ pids: all.map(({ pid }) => pid), socket: all[0].address.socketPath }));
setInterval(() => {}, 1000);
`;

const HANDLER = `
import { spawn } from 'node:child_process';
export default (event) => {
  spawn('setsid', ['sh', '-c', 'echo $$ > ' + import.meta.dirname + '/handler.pid; exec sleep 1000']);
  for (const until = Date.now() + 60_000; Date.now() < until;);
};`;

const groupsOf = (pid: number): string[] =>
  findHierarchies(createHost())
    .flatMap(({ folder }) => foldersBelow(folder))
    .filter((folder) => folder.includes(`/wattloop/${pid}`));

let client: ChildProcess | undefined;
let started: readonly number[] = [];
afterEach(() => {
  client?.kill('SIGKILL');
  // If the test was right, there is nothing to end.
  for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

interface Started {
  readonly client: ChildProcess;
  readonly pids: readonly number[];
  readonly privateFolder: string;
}

async function startClient(sysfs: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-orphans-'));
  writeFileSync(join(folder, 'handler.mjs'), HANDLER);
  const child = spawn(process.execPath, ['--input-type=module', '-e', CLIENT, ROOT, folder, sysfs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  client = child;
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const told = JSON.parse(line) as { pids: number[]; socket: string };
  const files = ['handler', 'command', 'http'].map((name) => join(folder, `${name}.pid`));
  const written = (): boolean => files.every((file) => existsSync(file) && readFileSync(file, 'utf8') !== '');
  await expect.poll(written, { timeout: 20_000 }).toBe(true);
  const pids = [...told.pids, ...files.map((file) => Number(readFileSync(file, 'utf8')))];
  started = pids;
  return { client: child, pids, privateFolder: join(told.socket, '..') };
}

async function expectNothingLeft({ client, pids, privateFolder }: Started): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  await expect.poll(() => existsSync(privateFolder), { timeout: 10_000 }).toBe(false);
  expect(groupsOf(client.pid ?? 0)).toEqual([]);
}

describe.each([
  ['control groups', () => '/sys'],
  ['no control groups', () => mkdtempSync(join(tmpdir(), 'wattloop-nosys-'))],
])('replicas of a client that was killed, with %s', (_, sysfs) => {
  it('are gone with all that they started, busy or not, and leave nothing behind', async () => {
    const life = await startClient(sysfs());
    expect(life.pids.map(isAlive)).toEqual(life.pids.map(() => true));
    expect(readdirSync(life.privateFolder).length).toBeGreaterThan(0);
    life.client.kill('SIGKILL');
    await expectNothingLeft(life);
  });
});
