// Compiles the kernel programs in ebpf/ so that the same sources and compiler give the same bytes in any folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const EBPF_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', 'ebpf');
export const RECORD = 'BUILD.json';

/** @typedef {{ clang: string, libbpf: string }} Tools */
/** @typedef {Tools & { sources: Record<string, string>, objects: Record<string, string> }} Build */

/** @param {string} folder @param {RegExp} pattern */
const named = (folder, pattern) =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();

/** @param {string} folder @param {string[]} names @returns {Record<string, string>} */
const sums = (folder, names) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

const LIBBPF_VERSION = '/usr/include/bpf/libbpf_version.h';

/** What decides the bytes besides the sources: clang's major version and libbpf's headers; undefined when one is missing. */
export function tools() {
  const result = spawnSync('clang', ['--version'], { encoding: 'utf8' });
  const clang = /clang version (\d+)/.exec(result.stdout ?? '')?.[1];
  const header = existsSync(LIBBPF_VERSION) ? readFileSync(LIBBPF_VERSION, 'utf8') : '';
  const libbpf = ['MAJOR', 'MINOR']
    .map((part) => new RegExp(`${part}_VERSION (\\d+)`).exec(header)?.[1])
    .join('.');
  return clang !== undefined && libbpf !== '.' ? { clang, libbpf } : undefined;
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (result.error) throw new Error(`${command}: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stderr}`);
}

/** Where the C library keeps the headers of this processor (`asm/types.h`); the programs take nothing else from there. */
function architectureHeaders() {
  const machine = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;
  const folder = `/usr/include/${machine}-linux-gnu`;
  return existsSync(folder) ? [`-idirafter${folder}`] : [];
}

/**
 * Compiles every program of a folder into objects in another.
 * @param {string} from @param {string} to
 */
export function compile(from, to) {
  for (const source of named(from, /\.bpf\.c$/)) {
    const object = join(to, source.replace(/\.c$/, '.o'));
    // Little-endian whatever the building machine is; no path of it in the object.
    const target = ['-target', 'bpfel', '-mcpu=v2', '-O2', '-g'];
    const paths = [`-ffile-prefix-map=${from}=.`, '-fdebug-compilation-dir=.'];
    const warnings = ['-Wall', '-Wextra', '-Wno-unused-parameter', '-Werror'];
    run(
      'clang',
      [...target, ...paths, ...warnings, ...architectureHeaders(), '-c', source, '-o', object],
      from,
    );
    // Debug information goes, the type information that libbpf relocates by (BTF) stays.
    run('llvm-strip', ['-g', object], from);
  }
}

/**
 * What a folder of sources and a folder of objects hold.
 * @param {string} sources @param {string} objects @returns {Omit<Build, keyof Tools>}
 */
export const checksums = (sources, objects) => ({
  sources: sums(sources, named(sources, /\.(c|h)$/)),
  objects: sums(objects, named(objects, /\.bpf\.o$/)),
});
