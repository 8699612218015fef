// Makes a checkout ready to run: installs what package-lock.json names when it is not installed yet, and compiles
// when a source is newer than the compiled program. Plain JavaScript without imports from npm, as it runs before any install.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const build = !process.argv.includes('--no-build');

/** @param {string} path */
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** @param {string} folder @returns {number} */
function newest(folder) {
  let latest = modified(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : modified(path));
  }
  return latest;
}

/** @param {string} what @param {string} command @param {string[]} args */
function step(what, command, args) {
  process.stderr.write(`wattloop: ${what}\n`);
  // The output goes to stderr: stdout belongs to the program that runs next.
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    process.stderr.write(
      `wattloop: "${command} ${args.join(' ')}" failed${result.error ? `: ${result.error.message}` : ''}\n`,
    );
    process.exit(result.status || 1);
  }
}

const modules = join(root, 'node_modules');
const installed = join(modules, '.package-lock.json');
// An installation that is linked in belongs to another checkout: npm would empty it through the link.
const linked = lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
if (!linked && modified(installed) < modified(join(root, 'package-lock.json'))) {
  step('installing the dependencies (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund']);
}
const compiled = join(root, 'dist', 'cli', 'main.js');
const sources = Math.max(
  newest(join(root, 'src')),
  modified(join(root, 'tsconfig.build.json')),
  modified(join(root, 'tsconfig.json')),
);
if (build && modified(compiled) < sources) {
  step('compiling', 'npm', ['run', '--silent', 'build']);
}
