import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command gave, how long it took from start to end, and how much memory it held at most (where it tells). */
export interface ChildOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly peakMebibytes?: number;
}

/** Run before a Node.js program: tells its peak memory on the fourth file descriptor when it ends. */
const TELL_PEAK = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`,
)}`;

async function run(command: string, args: readonly string[]): Promise<ChildOutcome> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const texts = ['', '', ''];
  child.stdio.slice(1).forEach((stream, index) => {
    stream?.on('data', (chunk: Buffer) => {
      texts[index] += chunk.toString();
    });
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - began) / 1e3;
  const [stdout = '', stderr = '', peak = ''] = texts;
  return {
    status,
    stdout,
    stderr,
    seconds,
    ...(peak === '' ? {} : { peakMebibytes: Number(peak) / 1024 }),
  };
}

export const runNode = (script: string, args: readonly string[]): Promise<ChildOutcome> =>
  run(process.execPath, ['--import', TELL_PEAK, script, ...args]);

/** Undefined where the command isn't installed. */
export async function runTool(command: string, args: readonly string[]): Promise<ChildOutcome | undefined> {
  try {
    return await run(command, args);
  } catch {
    return undefined;
  }
}
