// From the CSV files of an hour at 1 s with 1,000 functions to the account: `wattloop attribute DIR --json` in a process of its
// own, for 10^4 to 10^6 invocations; beside it the published linear model alone (the same matrix, non-negative least squares)
// in Python with SciPy, where that is installed. Options: sizes of traces, such as `10000,100000`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBigTrace } from './support/big-trace.js';
import { type ChildOutcome, runNode, runTool } from './support/child.js';
import { publish, type Row } from './support/outcome.js';

const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const FUNCTIONS = 1000;
const SECONDS = 3600;
const LIMIT_SECONDS = 10;
const LIMIT_MEBIBYTES = 1024;
const ROOT = join(import.meta.dirname, '..');
const COMMAND = join(ROOT, 'dist', 'cli', 'main.js');
const PEER = join(ROOT, 'bench', 'support', 'nnls.py');

const held = (figure: number | undefined, limit: number, unit: string): string =>
  figure === undefined
    ? `${unit} not told`
    : `${figure < limit ? 'below' : 'above'} the limit of ${limit} ${unit}`;

const measured = (
  what: string,
  invocations: number,
  seconds: number,
  mebibytes: number | undefined,
): Row => ({
  invocations,
  what,
  seconds: seconds.toFixed(2),
  'µs per invocation': ((seconds / invocations) * 1e6).toFixed(2),
  'peak RSS': mebibytes === undefined ? '-' : `${mebibytes.toFixed(0)} MiB`,
});

function failed(what: string, { status, stderr }: ChildOutcome): Error {
  return new Error(`${what} ended with ${status}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

interface PeerOutcome {
  readonly read_s: number;
  readonly matrix_s: number;
  readonly solve_s: number;
  readonly peak_mib: number;
  readonly scipy: string;
}

async function peer(folder: string): Promise<{ outcome: PeerOutcome; seconds: number } | undefined> {
  const child = await runTool('python3', [PEER, folder]);
  if (child === undefined || /ModuleNotFoundError/.test(child.stderr)) return undefined;
  if (child.status !== 0) throw failed('python3', child);
  return { outcome: JSON.parse(child.stdout) as PeerOutcome, seconds: child.seconds };
}

const place = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'wattloop-bench-'));
try {
  const rows: Row[] = [];
  const ends: string[] = [];
  for (const invocations of SIZES) {
    const folder = join(place, String(invocations));
    writeBigTrace(folder, { invocations, functions: FUNCTIONS, seconds: SECONDS });
    const ours = await runNode(COMMAND, ['attribute', folder, '--json']);
    if (ours.status !== 0) throw failed('wattloop attribute', ours);
    const account = JSON.parse(ours.stdout) as { functions: object; r2: number };
    rows.push({
      ...measured('wattloop attribute', invocations, ours.seconds, ours.peakMebibytes),
      notes: `${Object.keys(account.functions).length} functions, R² ${account.r2.toFixed(4)}`,
    });
    const theirs = await peer(folder);
    if (theirs === undefined) {
      rows.push({ invocations, what: 'SciPy', notes: 'not installed' });
    } else {
      const { read_s, matrix_s, solve_s, peak_mib, scipy } = theirs.outcome;
      const split = [read_s, matrix_s, solve_s].map((seconds) => seconds.toFixed(2));
      rows.push({
        ...measured(`SciPy ${scipy}`, invocations, theirs.seconds, peak_mib),
        'times ours': (theirs.seconds / ours.seconds).toPrecision(2),
        notes: `reading, matrix, solving: ${split.join(' + ')} s`,
      });
    }
    rmSync(folder, { recursive: true });
    ends.push(
      `${invocations}: ${held(ours.seconds, LIMIT_SECONDS, 's')}, ${held(ours.peakMebibytes, LIMIT_MEBIBYTES, 'MiB')}`,
    );
  }
  publish(
    'account-speed',
    `An hour at 1 s, ${FUNCTIONS} functions, from CSV to result, start of the process included; ${ends.join('; ')}`,
    rows,
  );
} finally {
  rmSync(place, { recursive: true, force: true });
}
