import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';

/** Node.js has texts for the errors of files and sockets alone, but names for all. */
function rareName(errno: number): string {
  const known = Object.entries(constants.errno).find(([, number]) => number === errno);
  return known?.[0] ?? `E${errno}`;
}

/** A call into the kernel that failed; `code` is errno's name, as in Node.js's own system errors. */
export class NativeError extends Error {
  override readonly name = 'NativeError';
  readonly code: string;
  readonly errno: number;

  constructor(call: string, errno: number) {
    const [code, text] = getSystemErrorMap().get(-errno) ?? [rareName(errno), 'no further text'];
    super(`${call}: ${code}: ${text}`);
    this.code = code;
    this.errno = errno;
  }
}

/** The few calls of libc that Node.js does not offer itself. Each throws a NativeError when it fails. */
export interface Libc {
  /** The descriptor of a new counter. `attributes` is a `struct perf_event_attr`, `group` the leader's descriptor or -1. */
  perfEventOpen(attributes: Buffer, pid: number, cpu: number, group: number, flags: number): number;
  ioctl(descriptor: number, request: number, argument: number): number;
  /** Fills a `struct rusage`. */
  getrusage(who: number, into: Buffer): void;
  /** Fills a `struct timespec`. */
  clockGettime(clock: number, into: Buffer): void;
}

/** Where the kernel keeps perf_event_open; the 64-bit processors alone, whose structures are laid out alike. */
const PERF_EVENT_OPEN: Readonly<Record<string, number>> = {
  x64: 298,
  arm64: 241,
  riscv64: 241,
  loong64: 241,
};

type Native = (...args: (number | Buffer)[]) => number;

function bind(): Libc {
  const perfEventOpenNumber = PERF_EVENT_OPEN[process.arch];
  if (process.platform !== 'linux' || perfEventOpenNumber === undefined) {
    throw new WattloopError(
      ErrorCode.sourceUnavailable,
      `native calls are not known for ${process.platform} on ${process.arch}`,
      { remedy: `Use Linux on one of ${Object.keys(PERF_EVENT_OPEN).join(', ')}` },
    );
  }
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  // Node.js's own process: its libc is there whatever it is called (glibc, musl).
  const library = koffi.load(null);
  const native = (name: string, prototype: string): Native => {
    const call = library.func(prototype) as Native;
    return (...args) => {
      const result = call(...args);
      if (result < 0) throw new NativeError(name, koffi.errno());
      return result;
    };
  };
  // syscall() and ioctl() are variadic in C. On every Linux ABI above, integers and pointers are passed alike with and
  // without "...", and a fixed prototype is several times cheaper to call.
  const syscall = native(
    'perf_event_open',
    'long syscall(long number, void *attributes, int pid, int cpu, int group, unsigned long flags)',
  );
  const getrusage = native('getrusage', 'int getrusage(int who, void *usage)');
  const clockGettime = native('clock_gettime', 'int clock_gettime(int clock, void *time)');
  return {
    perfEventOpen: (attributes, pid, cpu, group, flags) =>
      syscall(perfEventOpenNumber, attributes, pid, cpu, group, flags),
    ioctl: native('ioctl', 'int ioctl(int descriptor, unsigned long request, unsigned long argument)'),
    getrusage: (who, into) => void getrusage(who, into),
    clockGettime: (clock, into) => void clockGettime(clock, into),
  };
}

let bound: Libc | undefined;

/** libc, bound on first use so that a command without native calls does not load the binding. */
export function libc(): Libc {
  try {
    bound ??= bind();
    return bound;
  } catch (error) {
    if (error instanceof WattloopError) throw error;
    throw new WattloopError(
      ErrorCode.sourceUnavailable,
      `the native binding (koffi) can't be loaded: ${messageOf(error)}`,
      { remedy: 'Install it for this platform: npm install koffi (without --omit=optional)', cause: error },
    );
  }
}
