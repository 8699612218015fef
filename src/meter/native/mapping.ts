import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;

interface Memory {
  readonly pageBytes: number;
  map(descriptor: number, offset: number, bytes: number, writable: boolean): bigint;
  unmap(address: bigint, bytes: number): void;
  view(address: bigint, bytes: number): ArrayBuffer;
}

function bind(): Memory {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const libc = koffi.load(null);
  const mmap = libc.func(
    'void *mmap(void *address, size_t bytes, int protection, int flags, int descriptor, int64_t offset)',
  );
  const munmap = libc.func('int munmap(void *address, size_t bytes)');
  const pageBytes: unknown = libc.func('int getpagesize()')();
  return {
    pageBytes: Number(pageBytes),
    map(descriptor, offset, bytes, writable) {
      const protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
      const address: unknown = mmap(null, bytes, protection, MAP_SHARED, descriptor, offset);
      if (typeof address === 'bigint' && BigInt.asIntN(64, address) !== -1n) return address;
      throw new Error(`mmap of ${bytes} bytes: ${getSystemErrorName(-koffi.errno())}`);
    },
    unmap: (address, bytes) => void munmap(address, bytes),
    view: (address, bytes) => koffi.view(address, bytes),
  };
}

let bound: Memory | undefined;
function memory(): Memory {
  bound ??= bind();
  return bound;
}

export const pageBytes = (): number => memory().pageBytes;

/** Memory shared with the kernel through a descriptor. Its buffer must not be touched once it is closed. */
export class Mapping {
  #address: bigint | undefined;
  readonly #bytes: number;
  readonly buffer: ArrayBuffer;

  /** Throws an Error with the system's reason when the descriptor can't be mapped. */
  constructor(descriptor: number, offset: number, bytes: number, writable: boolean) {
    const page = pageBytes();
    this.#bytes = Math.ceil(bytes / page) * page;
    this.#address = memory().map(descriptor, offset, this.#bytes, writable);
    this.buffer = memory().view(this.#address, this.#bytes);
  }

  close(): void {
    if (this.#address !== undefined) memory().unmap(this.#address, this.#bytes);
    this.#address = undefined;
  }
}
