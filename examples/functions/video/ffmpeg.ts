import { spawn } from 'node:child_process';
import { Refusal } from '../shared/answering.js';

export interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

const NOT_IMPLEMENTED = 501;
const LONGEST_COMPLAINT = 500;

/** What ffmpeg is told: of a video that it makes itself, or of one that it is given. */
export function greyArguments(
  source: Pictures | undefined,
  scale: { width: number; height: number },
): string[] {
  const input =
    source === undefined
      ? ['-i', 'pipe:0']
      : [
          '-f',
          'lavfi',
          '-i',
          `testsrc2=size=${source.width}x${source.height}:rate=25`,
          '-frames:v',
          String(source.frames),
        ];
  const { width, height } = scale;
  return [
    '-nostdin',
    '-loglevel',
    'error',
    '-threads',
    '1',
    ...input,
    '-an',
    '-vf',
    `scale=${width}:${height},format=gray`,
    '-f',
    'rawvideo',
    'pipe:1',
  ];
}

/** Runs ffmpeg; `take` gets what it writes. A machine without it can't do that, and says so. */
export function runFfmpeg(
  options: {
    readonly args: readonly string[];
    readonly input?: Uint8Array | undefined;
    readonly program?: string;
    readonly signal?: AbortSignal;
  },
  take: (bytes: Uint8Array) => void,
): Promise<void> {
  const { args, input, program = 'ffmpeg', signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', ...(signal && { signal }) });
    let complaint = '';
    child.stdout.on('data', take);
    child.stderr.on('data', (text) => {
      complaint = `${complaint}${text}`.slice(-LONGEST_COMPLAINT);
    });
    // It may end before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error) => {
      const isAbsent = 'code' in error && error.code === 'ENOENT';
      reject(
        isAbsent ? new Refusal(`there is no ${program} on this machine: install it`, NOT_IMPLEMENTED) : error,
      );
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Refusal(`ffmpeg could not do it: ${complaint.trim() || `it ended with ${code}`}`));
    });
  });
}
