import type { LibraryHandle } from 'koffi';
import { NvmlCode, NvmlFailure } from './nvml-errors.js';

/** How busy one process kept one GPU in one sampling period of the driver. */
export interface UtilizationSample {
  readonly pid: number;
  /** Microseconds since 1970, by the CPU's clock. */
  readonly timestamp: bigint;
  /** Per cent of the period in which the process had work on the multiprocessors. */
  readonly smPercent: number;
}

export interface ComputeProcess {
  readonly pid: number;
  /** GPU memory in bytes; absent where the driver can't tell. */
  readonly memoryBytes?: bigint;
}

const NAME_BYTES = 96;
const MEMORY_NOT_AVAILABLE = 0xffff_ffff_ffff_ffffn;
/** The lists may grow between asking for their length and for themselves. */
const SPARE_ENTRIES = 16;
const LIST_ATTEMPTS = 4;

type Native = ((...args: unknown[]) => number) & {
  async(...args: unknown[]): void;
};
type Koffi = typeof import('koffi').default;
type TypeSpec = Parameters<Koffi['as']>[1];

/** A pointer that koffi keeps as an integer. */
export type NvmlHandle = bigint;

/**
 * NVIDIA's management library. Calls that are made while work runs go through koffi's threads, for a GPU in trouble can
 * hold them for seconds; NVML may be called from any thread.
 */
export class Nvml {
  readonly #koffi: Koffi;
  readonly #library: LibraryHandle;
  readonly #functions = new Map<string, Native>();
  readonly #handle: ReturnType<Koffi['pointer']>;

  private constructor(koffi: Koffi, library: LibraryHandle) {
    this.#koffi = koffi;
    this.#library = library;
    this.#handle = koffi.pointer(koffi.opaque());
  }

  /** Loads the library, without asking it anything. Throws when it is not there or is no library. */
  static async load(path: string): Promise<Nvml> {
    const { default: koffi } = await import('koffi');
    return new Nvml(koffi, koffi.load(path));
  }

  /** Starts NVML. Counted by the library: each start wants one shutdown. */
  async init(): Promise<void> {
    await this.#call('nvmlInit_v2', []);
  }

  async shutdown(): Promise<void> {
    await this.#call('nvmlShutdown', []);
  }

  async driverVersion(): Promise<string> {
    return this.#text('nvmlSystemGetDriverVersion', [], []);
  }

  async deviceCount(): Promise<number> {
    return Number(await this.#number('nvmlDeviceGetCount_v2', 'uint32', [], []));
  }

  async device(index: number): Promise<NvmlHandle> {
    const out: [NvmlHandle | null] = [null];
    const types = ['uint32', this.#koffi.out(this.#koffi.pointer(this.#handle))];
    await this.#call('nvmlDeviceGetHandleByIndex_v2', types, index, out);
    if (out[0] === null) throw new NvmlFailure('nvmlDeviceGetHandleByIndex_v2', NvmlCode.notFound);
    return out[0];
  }

  async name(device: NvmlHandle): Promise<string> {
    return this.#text('nvmlDeviceGetName', [this.#handle], [device]);
  }

  async uuid(device: NvmlHandle): Promise<string> {
    return this.#text('nvmlDeviceGetUUID', [this.#handle], [device]);
  }

  /** Energy since the driver was loaded, in millijoules. */
  async energyMillijoules(device: NvmlHandle): Promise<bigint> {
    return this.#number('nvmlDeviceGetTotalEnergyConsumption', 'uint64', [this.#handle], [device]);
  }

  /** Power of the whole board in milliwatts: a mean of the last second from Ampere on (but GA100), momentary before. */
  async powerMilliwatts(device: NvmlHandle): Promise<bigint> {
    return this.#number('nvmlDeviceGetPowerUsage', 'uint32', [this.#handle], [device]);
  }

  /** Whether the GPU is split into instances; such a GPU does not tell how busy its processes keep it. */
  async migEnabled(device: NvmlHandle): Promise<boolean> {
    const current = [0];
    const pending = [0];
    const out = this.#koffi.out(this.#koffi.pointer('uint32'));
    try {
      await this.#call('nvmlDeviceGetMigMode', [this.#handle, out, out], device, current, pending);
    } catch (error) {
      const code = error instanceof NvmlFailure ? error.code : undefined;
      if (code === NvmlCode.notSupported || code === NvmlCode.functionNotFound) return false;
      throw error;
    }
    return current[0] === 1;
  }

  /** Samples after `since` of processes that used the GPU; none when no process did. */
  async utilization(device: NvmlHandle, since: bigint): Promise<UtilizationSample[]> {
    const name = 'nvmlDeviceGetProcessUtilization';
    const sample = this.#struct({
      pid: 'uint32',
      timeStamp: 'uint64',
      smUtil: 'uint32',
      memUtil: 'uint32',
      encUtil: 'uint32',
      decUtil: 'uint32',
    });
    const count = this.#koffi.inout(this.#koffi.pointer('uint32'));
    try {
      const rows = await this.#list(sample, (buffer, length) =>
        this.#call(name, [this.#handle, 'void *', count, 'uint64'], device, buffer, length, since),
      );
      return rows.map((row) => ({
        pid: Number(row.pid),
        timestamp: BigInt(row.timeStamp ?? 0),
        smPercent: Number(row.smUtil),
      }));
    } catch (error) {
      if (error instanceof NvmlFailure && error.code === NvmlCode.notFound) return [];
      throw error;
    }
  }

  /** Processes that have a compute context on the GPU. The struct of version 1 is shorter. */
  async computeProcesses(device: NvmlHandle): Promise<ComputeProcess[]> {
    const short = { pid: 'uint32', usedGpuMemory: 'uint64' };
    const long = { ...short, gpuInstanceId: 'uint32', computeInstanceId: 'uint32' };
    const name = 'nvmlDeviceGetComputeRunningProcesses';
    const version = ['_v3', '_v2', ''].find((suffix) => this.#has(name + suffix)) ?? '';
    const count = this.#koffi.inout(this.#koffi.pointer('uint32'));
    const rows = await this.#list(this.#struct(version === '' ? short : long), (buffer, length) =>
      this.#call(name + version, [this.#handle, count, 'void *'], device, length, buffer),
    );
    return rows.map((row) => {
      const memoryBytes = BigInt(row.usedGpuMemory ?? MEMORY_NOT_AVAILABLE);
      const pid = Number(row.pid);
      return memoryBytes === MEMORY_NOT_AVAILABLE ? { pid } : { pid, memoryBytes };
    });
  }

  /** Asks with a buffer that grows until the answer fits. */
  async #list(
    type: ReturnType<Koffi['struct']>,
    ask: (buffer: Buffer | null, length: [number]) => Promise<void>,
  ): Promise<Record<string, number | bigint | undefined>[]> {
    const size = this.#koffi.sizeof(type);
    let room = 0;
    for (let attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
      const length: [number] = [room];
      const buffer = room === 0 ? null : Buffer.alloc(room * size);
      try {
        await ask(buffer, length);
        return buffer === null || length[0] === 0
          ? []
          : this.#koffi.decode(buffer, type, Math.min(length[0], room));
      } catch (error) {
        if (!(error instanceof NvmlFailure) || error.code !== NvmlCode.insufficientSize) throw error;
        room = length[0] + SPARE_ENTRIES;
      }
    }
    throw new NvmlFailure('a list of processes', NvmlCode.insufficientSize);
  }

  #struct(members: Readonly<Record<string, string>>): ReturnType<Koffi['struct']> {
    return this.#koffi.struct({ ...members });
  }

  async #text(name: string, types: readonly TypeSpec[], args: readonly unknown[]): Promise<string> {
    const buffer = Buffer.alloc(NAME_BYTES);
    await this.#call(name, [...types, 'void *', 'uint32'], ...args, buffer, buffer.length);
    const end = buffer.indexOf(0);
    return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
  }

  async #number(
    name: string,
    type: 'uint32' | 'uint64',
    types: readonly TypeSpec[],
    args: readonly unknown[],
  ): Promise<bigint> {
    // koffi gives a BigInt where a double would lose digits.
    const out: [number | bigint] = [0];
    await this.#call(name, [...types, this.#koffi.out(this.#koffi.pointer(type))], ...args, out);
    return BigInt(out[0]);
  }

  #has(name: string): boolean {
    try {
      this.#library.symbol(name);
      return true;
    } catch {
      return false;
    }
  }

  #function(name: string, types: readonly TypeSpec[]): Native {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    if (!this.#has(name)) throw new NvmlFailure(name, NvmlCode.functionNotFound);
    const bound = this.#library.func(name, 'int', [...types]) as Native;
    this.#functions.set(name, bound);
    return bound;
  }

  #call(name: string, types: readonly TypeSpec[], ...args: unknown[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#function(name, types).async(...args, (error: unknown, code: number) => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else if (code === NvmlCode.success) resolve();
        else reject(new NvmlFailure(name, code));
      });
    });
  }
}
