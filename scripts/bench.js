// npm run bench -- NAME [options]: compiles bench/ against the built package and runs one benchmark, or lists them all.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...options] = process.argv.slice(2);
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

if (name === undefined || !names.includes(name)) {
  process.stderr.write(
    `wattloop: ${name === undefined ? 'no benchmark named' : `no benchmark "${name}"`}; there are: ${names.join(', ')}\n`,
  );
  process.exit(2);
}
/** @param {string} command @param {string[]} args */
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const steps = [
  () => run(process.execPath, [join(root, 'scripts', 'ensure.js')]),
  () => run('npx', ['tsc', '-p', 'tsconfig.bench.json']),
  () =>
    existsSync(join(root, '.bench', `${name}.js`))
      ? run(process.execPath, [join(root, '.bench', `${name}.js`), ...options])
      : 1,
];
process.exit(steps.reduce((status, step) => (status === 0 ? step() : status), 0));
