import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, type ReplicaWorkshop, replicaWorkshop } from '../testing/replicas.js';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/functions.md'), 'utf8');
const [typed = '', streamed = '', answered = ''] = [...GUIDE.matchAll(/```[jt]s\n([\s\S]*?)```/g)].map(
  ([, code = '']) => code,
);
const [served = ''] = [...GUIDE.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code = '']) => code);

let shop: ReplicaWorkshop;
beforeEach(async () => {
  shop = await replicaWorkshop();
});
afterEach(() => shop.close());

it("the guide's handlers work as they stand", async () => {
  const greets = shop.handler((await transform(typed, { loader: 'ts' })).code);
  const counts = shop.handler(streamed);
  const creates = shop.handler(answered);
  await Promise.all([greets.ready, counts.ready, creates.ready]);
  expect((await call(greets.address, { path: '/?name=ada' })).text).toBe('{"hello":"ada","method":"GET"}');
  expect((await call(counts.address, { body: 'four' })).text).toBe('{"bytes":4}');
  const headers = { 'content-type': 'application/json' };
  expect(await call(creates.address, { body: '{}', headers })).toMatchObject({
    status: 422,
    text: 'a name is wanted\n',
  });
  expect(await call(creates.address, { body: '{"name":"ada"}', headers })).toMatchObject({
    status: 201,
    text: '{"name":"ada"}',
    headers: { location: '/people/ada' },
  });
});

it("the guide's HTTP servers and commands work as they stand", async () => {
  const file = join(shop.folder, 'server.py');
  writeFileSync(file, served);
  const server = shop.http(['python3', file]);
  const files = shop.http(['python3', '-m', 'http.server', '$PORT']);
  const words = shop.command(['wc', '-w']);
  await Promise.all([server.ready, files.ready, words.ready]);
  expect((await call(server.address, { body: 'four' })).text).toBe('{"bytes": 4}');
  expect((await call(files.address)).status).toBe(200);
  expect((await call(words.address, { body: 'one two' })).text).toBe('2\n');
});
