import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { freshFolder, Running, wattloop } from './support/wattloop.js';

const TYPESCRIPT = `import { twice } from 'helper';
import { workflow } from 'wattloop/workflow';
export default workflow('own', {}, (flow) => flow.stage('a', { memoryMib: 128, run: (): number => twice(21) }));
`;
const MODULE = TYPESCRIPT.replace(': number', '');
const COMMON = `const { workflow } = require('wattloop/workflow');
const { twice } = require('helper');
module.exports = workflow('own', {}, (flow) => flow.stage('a', { memoryMib: 128, run: () => twice(21) }));
`;

/** A project of CommonJS with a package of its own, in a folder with a space in its name. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = join(freshFolder(), 'my project');
  const all = {
    'package.json': '{ "name": "mine", "type": "commonjs" }',
    'node_modules/helper/package.json': '{ "name": "helper", "main": "index.js" }',
    'node_modules/helper/index.js': 'exports.twice = (n) => 2 * n;',
    'node_modules/helper/index.d.ts': 'export function twice(n: number): number;',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

it.each([
  ['TypeScript with a byte order mark', 'wf.ts', `\uFEFF${TYPESCRIPT}`],
  ['a module', 'wf.mjs', MODULE],
  ['a module that is no module by its name', 'wf.js', MODULE],
  ['CommonJS', 'wf.cjs', COMMON],
])('%s runs, also from another folder', async (_, name, text) => {
  const folder = project({ [name]: text, 'settings.yaml': 'data_dir: here\n' });
  const cwd = freshFolder();
  const args = [join(folder, name), '--config', join(folder, 'settings.yaml'), '--json'];
  const { stdout, stderr } = await wattloop(['run', ...args], { cwd });
  expect(stderr).not.toMatch(/error/i);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'done', result: 42 });
});

it.each([
  ['a folder', ['dir'], /dir is a folder\. Did you mean dir\/workflow\.ts\?/],
  [
    'a stage that there is not',
    ['wf.ts', '--stage', 'b:workers=2'],
    /there is no stage "b"\. Did you mean "a"\?/,
  ],
  ['a parameter that there is not', ['wf.ts', '--param', 'n=1'], /has no parameter "n"\. It has none/],
  [
    'a bound for nothing',
    ['wf.ts', '--deadline', '5s'],
    /--deadline is of no effect by itself\. .*--optimize energy/,
  ],
  [
    'a report in no folder',
    ['wf.ts', '--report', 'wf.ts/x.html'],
    /could not write wf\.ts\/x\.html: ENOTDIR/,
  ],
  ['a store that there is not', ['wf.ts', '--config', 's3.yaml'], /storage\.s3\.bucket is not set/],
])('%s is refused with what was meant', async (_, args, message) => {
  const folder = project({
    'wf.ts': MODULE,
    'dir/workflow.ts': MODULE,
    's3.yaml': 'storage: { backend: s3 }\n',
  });
  const { code, stdout, stderr } = await wattloop(['run', '--no-check', ...args], { cwd: folder });
  expect(code).toBe(args.includes('--report') ? 1 : 2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

it('workers for all stages, of whose work none can be shared, are told to be of no use', async () => {
  const folder = project({ 'wf.ts': MODULE });
  const { code, stderr } = await wattloop(['run', '--no-check', 'wf.ts', '--workers', '3'], { cwd: folder });
  expect(code).toBe(0);
  expect(stderr).toMatch(/--workers changes nothing: .*no stage.*--stage a:workers=3/);
});

it('a reader that has had enough of the table does no harm', async () => {
  const folder = project({ 'wf.ts': MODULE });
  const running = new Running(['run', '--no-check', 'wf.ts'], { cwd: folder });
  running.child.stdout?.destroy();
  const { code, stderr } = await running.done;
  expect(stderr).not.toMatch(/EPIPE|internal/);
  expect(code).toBe(0);
  const { stdout } = await wattloop(['runs', '--json'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ runs: [{ status: 'done' }] });
});
