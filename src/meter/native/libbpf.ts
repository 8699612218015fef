import { createRequire } from 'node:module';
import { getSystemErrorMap } from 'node:util';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';

/** libbpf's levels of its own lines. */
const WARNING = 0;
const TEST_RUN_ON_CPU = 1;
const KEPT_WARNINGS = 20;

/** A call of libbpf that failed; `code` is errno's name. */
export class BpfError extends Error {
  override readonly name = 'BpfError';
  readonly code: string;
  /** What libbpf and the kernel's verifier said meanwhile. */
  readonly details: readonly string[];

  constructor(call: string, errno: number, details: readonly string[]) {
    const [code, text] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error'];
    super(`${call}: ${code}: ${text}`);
    this.code = code;
    this.details = details;
  }
}

type Argument = number | bigint | string | boolean | Buffer | null;
type Native = (...args: Argument[]) => unknown;

interface Binding {
  readonly call: Readonly<Record<keyof typeof PROTOTYPES, Native>>;
  readonly errno: () => number;
  readonly warnings: string[];
}

const PROTOTYPES = {
  objectOpen: 'void *bpf_object__open_file(const char *path, void *options)',
  objectLoad: 'int bpf_object__load(void *object)',
  objectClose: 'void bpf_object__close(void *object)',
  findMap: 'void *bpf_object__find_map_by_name(void *object, const char *name)',
  findProgram: 'void *bpf_object__find_program_by_name(void *object, const char *name)',
  setAutoload: 'int bpf_program__set_autoload(void *program, bool autoload)',
  attach: 'void *bpf_program__attach(void *program)',
  programDescriptor: 'int bpf_program__fd(void *program)',
  linkDestroy: 'int bpf_link__destroy(void *link)',
  mapDescriptor: 'int bpf_map__fd(void *map)',
  setMaxEntries: 'int bpf_map__set_max_entries(void *map, uint32_t entries)',
  setInitialValue: 'int bpf_map__set_initial_value(void *map, void *data, size_t bytes)',
  lookup: 'int bpf_map_lookup_elem(int map, void *key, void *value)',
  update: 'int bpf_map_update_elem(int map, void *key, void *value, uint64_t flags)',
  remove: 'int bpf_map_delete_elem(int map, void *key)',
  lookupBatch:
    'int bpf_map_lookup_batch(int map, void *from, void *to, void *keys, void *values, uint32_t *count, void *options)',
  testRun: 'int bpf_prog_test_run_opts(int program, void *options)',
} as const;

function bind(): Binding {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const library = koffi.load('libbpf.so.1');
  const format = koffi
    .load(null)
    .func('int vsnprintf(_Out_ char *into, size_t bytes, const char *format, void *arguments)') as Native;
  const warnings: string[] = [];
  const print = koffi.proto('int wattloop_libbpf_print(int level, const char *format, void *arguments)');
  const listener = koffi.register((level: number, text: string, args: bigint): number => {
    if (level !== WARNING) return 0;
    const line = Buffer.alloc(8192);
    const length = Number(format(line, line.length, text, args));
    warnings.push(line.toString('utf8', 0, Math.min(length, line.length - 1)).trim());
    if (warnings.length > KEPT_WARNINGS) warnings.shift();
    return 0;
  }, koffi.pointer(print));
  library.func('void *libbpf_set_print(wattloop_libbpf_print *listener)')(listener);
  const call = Object.fromEntries(
    Object.entries(PROTOTYPES).map(([name, prototype]) => [name, library.func(prototype) as Native]),
  ) as Record<keyof typeof PROTOTYPES, Native>;
  return { call, errno: () => koffi.errno(), warnings };
}

let bound: Binding | undefined;

/** libbpf, bound on first use so that a command without eBPF does not load it. */
function libbpf(): Binding {
  if (bound) return bound;
  try {
    bound = bind();
    return bound;
  } catch (error) {
    throw new WattloopError(ErrorCode.sourceUnavailable, `libbpf.so.1 can't be loaded: ${messageOf(error)}`, {
      remedy: 'Install libbpf 1.0 or later: apt install libbpf1 (Fedora: dnf install libbpf)',
      cause: error,
    });
  }
}

/** Throws a WattloopError with the remedy when libbpf is not there. */
export const requireLibbpf = (): void => void libbpf();

function failure(name: string, errno: number): BpfError {
  return new BpfError(name, errno, libbpf().warnings.splice(0));
}

function integer(name: keyof typeof PROTOTYPES, ...args: Argument[]): number {
  const result = Number(libbpf().call[name](...args));
  if (result < 0) throw failure(name, -result);
  return result;
}

function pointer(name: keyof typeof PROTOTYPES, ...args: Argument[]): bigint {
  const { call, errno } = libbpf();
  const result = call[name](...args);
  if (typeof result !== 'bigint') throw failure(name, errno());
  return result;
}

const isAbsent = (error: unknown): boolean => error instanceof BpfError && error.code === 'ENOENT';

/** A map of the kernel's, by its descriptor, as long as its object is open. */
export class BpfMap {
  readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Fills `value`; false when the key is not there. */
  lookup(key: Buffer, value: Buffer): boolean {
    try {
      integer('lookup', this.descriptor, key, value);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  update(key: Buffer, value: Buffer): void {
    integer('update', this.descriptor, key, value, 0);
  }

  /** False when the key was not there. */
  delete(key: Buffer): boolean {
    try {
      integer('remove', this.descriptor, key);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** Fills `keys` and `values` with every entry, in one system call when they are as large as the map; how many there were. */
  readAll(keys: Buffer, values: Buffer, capacity: number): number {
    const count = Buffer.alloc(4);
    const cursor = Buffer.alloc(8);
    count.writeUInt32LE(capacity);
    try {
      integer('lookupBatch', this.descriptor, null, cursor, keys, values, count, null);
    } catch (error) {
      // The end of the map.
      if (!isAbsent(error)) throw error;
    }
    return count.readUInt32LE();
  }
}

/** An object file of kernel programs and maps. What it attached is detached when it is closed, or when the process ends. */
export class BpfObject {
  #object: bigint | undefined;
  readonly #links: bigint[] = [];

  /** Throws a WattloopError without libbpf, a BpfError when the file is none that libbpf understands. */
  constructor(path: string) {
    libbpf().warnings.length = 0;
    this.#object = pointer('objectOpen', path, null);
  }

  /** Before loading. */
  setMaxEntries(map: string, entries: number): void {
    integer('setMaxEntries', this.#map(map), entries);
  }

  /** Before loading: the object's `const volatile` data, all of it. */
  setConstants(data: Buffer): void {
    integer('setInitialValue', this.#map('.rodata'), data, data.length);
  }

  /** Before loading: leaves a program out. */
  leaveOut(program: string): void {
    integer('setAutoload', this.#program(program), false);
  }

  load(): void {
    libbpf().warnings.length = 0;
    integer('objectLoad', this.#opened());
  }

  map(name: string): BpfMap {
    return new BpfMap(integer('mapDescriptor', this.#map(name)));
  }

  /** Attaches a program where its section says. */
  attach(program: string): void {
    this.#links.push(pointer('attach', this.#program(program)));
  }

  /** Runs a `raw_tp` program once on a processor, with the arguments of its tracepoint. */
  runOn(program: string, cpu: number, args: readonly bigint[] = []): void {
    // struct bpf_test_run_opts
    const options = Buffer.alloc(80);
    options.writeBigUInt64LE(80n, 0);
    const context = BigUint64Array.from(args);
    if (args.length > 0) {
      const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
      options.writeBigUInt64LE(koffi.address(context), 32);
      options.writeUInt32LE(context.byteLength, 48);
    }
    options.writeUInt32LE(TEST_RUN_ON_CPU, 68);
    options.writeUInt32LE(cpu, 72);
    integer('testRun', integer('programDescriptor', this.#program(program)), options);
  }

  close(): void {
    for (const link of this.#links.splice(0)) libbpf().call.linkDestroy(link);
    if (this.#object !== undefined) libbpf().call.objectClose(this.#object);
    this.#object = undefined;
  }

  #opened(): bigint {
    if (this.#object === undefined) throw new Error('the object of kernel programs is closed');
    return this.#object;
  }

  #map(name: string): bigint {
    return pointer('findMap', this.#opened(), name);
  }

  #program(name: string): bigint {
    return pointer('findProgram', this.#opened(), name);
  }
}
