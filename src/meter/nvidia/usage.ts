import { existsSync } from 'node:fs';
import { type Host, messageOf } from '../../base/index.js';
import { BYTES_PER_MIB } from '../../model/index.js';
import type { ComputeProcess } from '../native/nvml.js';
import { NvmlCode, nvmlCodeOf } from '../native/nvml-errors.js';
import { BusyAccount } from './busy-account.js';
import { asWattloopError, type Gpu, type OpenNvml, openNvml, release } from './gpus.js';

/** What one process uses of one GPU. A figure that the GPU does not give is absent. */
export interface GpuProcessUsage {
  /** As the energy readings name it: `gpu-0`. */
  readonly device: string;
  readonly pid: number;
  /** Monotonic seconds (the host's clock) of the reading. */
  readonly at: number;
  /** Seconds with work on the GPU's multiprocessors since the reader was opened; never goes backwards while the process lives. */
  readonly busySeconds?: number;
  /** GPU memory it holds now. */
  readonly memoryMib?: number;
}

export interface GpuUsageReader {
  open(): Promise<void>;
  /** Processes that use a GPU, or have since the last call; those that ended are there once more. */
  processes(): Promise<GpuProcessUsage[]>;
  close(): Promise<void>;
}

interface Watched {
  readonly gpu: Gpu;
  /** Absent where the GPU does not tell how busy processes keep it (split into instances, or virtual). */
  account: BusyAccount | undefined;
  /** Processes of the last look: one that is not there any more is told once more. */
  active: ReadonlySet<number>;
}

const microseconds = (host: Host): bigint => BigInt(Math.round(host.clock.wall() * 1e6));

/** Who uses the NVIDIA GPUs of this machine, by process id as the driver gives it to this process's pid namespace. */
class NvidiaUsage implements GpuUsageReader {
  readonly #host: Host;
  readonly #library: string | undefined;
  #nvml: OpenNvml | undefined;
  #watched: Watched[] = [];
  #reading: Promise<unknown> = Promise.resolve();

  constructor(host: Host, library: string | undefined) {
    this.#host = host;
    this.#library = library;
  }

  async open(): Promise<void> {
    await this.close();
    const open = await openNvml(this.#host, this.#library);
    this.#nvml = open;
    const now = microseconds(this.#host);
    this.#watched = open.gpus.map((gpu) => ({
      gpu,
      account: gpu.split ? undefined : new BusyAccount(now),
      active: new Set(),
    }));
  }

  async processes(): Promise<GpuProcessUsage[]> {
    const open = this.#nvml;
    if (open === undefined) return [];
    const answers = Promise.allSettled(this.#watched.map((watched) => this.#look(open, watched)));
    this.#reading = Promise.all([this.#reading, answers]);
    const settled = await answers;
    const found: GpuProcessUsage[] = [];
    let failures = 0;
    for (const answer of settled) {
      if (answer.status === 'fulfilled') found.push(...answer.value);
      else {
        failures++;
        this.#host.log.debug('nvidia: usage left out', { why: messageOf(answer.reason) });
        if (failures === settled.length) throw asWattloopError(answer.reason);
      }
    }
    return found;
  }

  async close(): Promise<void> {
    const open = this.#nvml;
    this.#nvml = undefined;
    await this.#reading;
    this.#watched = [];
    if (open) await release(this.#host, open);
  }

  async #look({ nvml }: OpenNvml, watched: Watched): Promise<GpuProcessUsage[]> {
    const { handle, device } = watched.gpu;
    const busy = await this.#busy(nvml, watched);
    const running = await nvml.computeProcesses(handle).catch((error: unknown): ComputeProcess[] => {
      if (watched.account !== undefined && nvmlCodeOf(error) === NvmlCode.notSupported) return [];
      throw error;
    });
    const { account } = watched;
    const at = this.#host.clock.now();
    const active = new Set([...running.map(({ pid }) => pid), ...busy]);
    const found = [...new Set([...active, ...watched.active])].map((pid): GpuProcessUsage => {
      // A process that holds several contexts is listed for each.
      const sizes = running.flatMap((context) =>
        context.pid === pid && context.memoryBytes !== undefined ? [Number(context.memoryBytes)] : [],
      );
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      return {
        device,
        pid,
        at,
        ...(account && { busySeconds: account.secondsOf(pid) }),
        ...(sizes.length > 0 && { memoryMib: bytes / BYTES_PER_MIB }),
      };
    });
    watched.active = active;
    for (const pid of account?.pids() ?? []) {
      if (!active.has(pid) && !existsSync(this.#host.proc(String(pid)))) account?.forget(pid);
    }
    return found;
  }

  /** Takes in what the driver saw since the last look, and says whom. */
  async #busy(nvml: OpenNvml['nvml'], watched: Watched): Promise<number[]> {
    if (watched.account === undefined) return [];
    try {
      const samples = await nvml.utilization(watched.gpu.handle, watched.account.seen);
      return watched.account.add(samples, microseconds(this.#host));
    } catch (error) {
      const code = nvmlCodeOf(error);
      if (code !== NvmlCode.notSupported && code !== NvmlCode.functionNotFound) throw error;
      this.#host.log.info('nvidia: no utilisation by process', {
        gpu: watched.gpu.device,
        why: messageOf(error),
      });
      watched.account = undefined;
      return [];
    }
  }
}

export const nvidiaUsage = (host: Host, options: { readonly library?: string } = {}): GpuUsageReader =>
  new NvidiaUsage(host, options.library);
