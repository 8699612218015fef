import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LARGEST_OUTPUT_BYTES = 2 ** 31;
const run = promisify(execFile);

/**
 * What ffmpeg makes of its input, both through pipes. With one thread: a worker of one processor has no more, and the bytes of a
 * clip depend on how many there are.
 */
export async function ffmpeg(
  args: readonly string[],
  { input, signal }: { input?: Uint8Array; signal: AbortSignal },
): Promise<Uint8Array> {
  const common = ['-v', 'error', '-threads', '1', '-filter_threads', '1', '-filter_complex_threads', '1'];
  const running = run('ffmpeg', [...common, ...args, 'pipe:1'], {
    encoding: 'buffer',
    maxBuffer: LARGEST_OUTPUT_BYTES,
    signal,
  });
  // It stops reading when it fails, which its exit tells better.
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'ENOENT')
    return new Error('there is no ffmpeg here; on Debian: apt-get install ffmpeg');
  return 'stderr' in error ? new Error(`ffmpeg failed: ${String(error.stderr).trim()}`) : error;
}
