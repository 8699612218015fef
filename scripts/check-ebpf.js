// Says whether the objects in ebpf/ are what their sources compile to: npm run check:ebpf [FOLDER]
// With the recorded versions of clang and libbpf they are compiled again and compared; with others, or without, the
// recorded sums are.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksums, compile, EBPF_FOLDER, RECORD, tools } from './ebpf-compiler.js';

const folder = process.argv[2] ?? EBPF_FOLDER;
/** @type {import('./ebpf-compiler.js').Build} */
const recorded = JSON.parse(readFileSync(join(folder, RECORD), 'utf8'));

/** @param {Record<string, string>} expected @param {Record<string, string>} found */
const differing = (expected, found) =>
  [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
    (name) => expected[name] !== found[name],
  );

const present = checksums(folder, folder);
const here = tools();
/** @param {import('./ebpf-compiler.js').Tools} used */
const named = (used) => `clang ${used.clang} and libbpf ${used.libbpf}`;
let wrong = [
  ...differing(recorded.sources, present.sources),
  ...differing(recorded.objects, present.objects),
];
let how = `by the sums recorded with ${named(recorded)} (here: ${here ? named(here) : 'no clang or no libbpf headers'})`;
if (here?.clang === recorded.clang && here.libbpf === recorded.libbpf) {
  how = `compiled again with ${named(here)}`;
  const elsewhere = mkdtempSync(join(tmpdir(), 'wattloop-ebpf-'));
  try {
    for (const name of readdirSync(folder).filter((file) => /\.(c|h)$/.test(file))) {
      copyFileSync(join(folder, name), join(elsewhere, name));
    }
    compile(elsewhere, elsewhere);
    wrong = [...new Set([...wrong, ...differing(present.objects, checksums(elsewhere, elsewhere).objects)])];
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
}
if (wrong.length > 0) {
  process.stderr.write(
    `check:ebpf: out of step (${how}): ${wrong.join(', ')}; mend it: npm run build:ebpf\n`,
  );
  process.exit(1);
}
process.stdout.write(`check:ebpf: ${Object.keys(present.objects).join(', ')} match their sources, ${how}\n`);
