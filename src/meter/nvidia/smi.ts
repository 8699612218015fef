import { execFile } from 'node:child_process';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import { NvmlFailure } from '../native/nvml-errors.js';

/** One line of nvidia-smi. */
export interface SmiGpu {
  readonly index: number;
  readonly uuid: string;
  readonly model: string;
  /** Absent when the GPU gives none: `why` is what stood there (`N/A`, `GPU requires reset`…). */
  readonly watts?: number;
  readonly why?: string;
}

const QUERY = ['--query-gpu=index,uuid,name,power.draw', '--format=csv,noheader,nounits'];
const TIMEOUT_SECONDS = 10;
const REMEDY = 'Run nvidia-smi by hand to see what it says';

/** The GPUs in nvidia-smi's answer; lines that are none are passed to `odd`. */
export function parseSmi(text: string, odd: (line: string) => void = () => {}): SmiGpu[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const match = /^(\d+), *([A-Z]+-[\w-]+), *(.+), *(\S[^,]*)$/.exec(line.trim());
    if (!match) {
      odd(line.trim().slice(0, 200));
      return [];
    }
    const [, index, uuid = '', model = '', power = ''] = match;
    const gpu = { index: Number(index), uuid, model };
    return [
      /^\d+(\.\d+)?$/.test(power)
        ? { ...gpu, watts: Number(power) }
        : { ...gpu, why: power.replace(/^\[|\]$/g, '') },
    ];
  });
}

/** The status that nvidia-smi exits with is NVML's answer. */
function failed(command: string, error: Error, status: unknown, output: string): WattloopError {
  const code = systemCode(error);
  if (code === 'ENOENT') {
    return new WattloopError(ErrorCode.notFound, `${command}: no such program`, {
      remedy: 'Install the NVIDIA driver with its tools',
      cause: error,
    });
  }
  if ('killed' in error && error.killed) {
    return new WattloopError(
      ErrorCode.instrumentFailed,
      `${command}: no answer within ${TIMEOUT_SECONDS} s`,
      {
        remedy: REMEDY,
        cause: error,
      },
    );
  }
  const said = output.split('\n').find((line) => line.trim() !== '');
  const known = typeof status === 'number' ? new NvmlFailure(command, status) : undefined;
  return new WattloopError(
    ErrorCode.instrumentFailed,
    `${command}: ${said ?? known?.message ?? error.message}`,
    {
      remedy: known?.remedy ?? REMEDY,
      cause: error,
    },
  );
}

/** Asks nvidia-smi once. Rejects with a WattloopError when it fails or names no GPU. */
export function querySmi(command: string, odd?: (line: string) => void): Promise<SmiGpu[]> {
  const options = { timeout: TIMEOUT_SECONDS * 1_000, killSignal: 'SIGKILL' as const, maxBuffer: 1 << 20 };
  return new Promise((resolve, reject) => {
    execFile(command, QUERY, options, (error, stdout, stderr) => {
      const gpus = parseSmi(stdout, odd);
      // A GPU that fell off the bus makes the status bad, while the others are listed all the same.
      if (gpus.length > 0) resolve(gpus);
      else reject(failed(command, error ?? new Error('names no GPU'), error?.code, `${stdout}\n${stderr}`));
    });
  });
}
