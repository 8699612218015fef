import { type Host, listIfAny, readTextIfAny } from '../../base/index.js';
import { colonNumber } from './key-values.js';

const KIB_PER_MIB = 1024;
const KHZ_PER_GHZ = 1e6;
const MHZ_PER_GHZ = 1e3;

export interface LoadAverage {
  readonly oneMinute: number;
  readonly fiveMinutes: number;
  readonly fifteenMinutes: number;
  /** Tasks that run or want to, and all tasks, at this moment. */
  readonly runnable: number;
  readonly tasks: number;
}

export function readLoadAverage(host: Host): LoadAverage | undefined {
  const text = readTextIfAny(host.proc('loadavg')) ?? '';
  const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) (\d+)\/(\d+) /.exec(text);
  if (!match) return undefined;
  const [oneMinute = 0, fiveMinutes = 0, fifteenMinutes = 0, runnable = 0, tasks = 0] = match
    .slice(1)
    .map(Number);
  return { oneMinute, fiveMinutes, fifteenMinutes, runnable, tasks };
}

export interface MachineMemory {
  readonly totalMib: number;
  /** What new work could take without swapping, as the kernel reckons it (since 3.14). */
  readonly availableMib: number | undefined;
  readonly freeMib: number;
}

export function readMachineMemory(host: Host): MachineMemory | undefined {
  const text = readTextIfAny(host.proc('meminfo')) ?? '';
  const total = colonNumber(text, 'MemTotal');
  const free = colonNumber(text, 'MemFree');
  const available = colonNumber(text, 'MemAvailable');
  if (total === undefined || free === undefined) return undefined;
  return {
    totalMib: total / KIB_PER_MIB,
    availableMib: available === undefined ? undefined : available / KIB_PER_MIB,
    freeMib: free / KIB_PER_MIB,
  };
}

export interface NetworkDevice {
  readonly name: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Every network device but the loopback, with its cumulative traffic. */
export function readNetworkDevices(host: Host): NetworkDevice[] {
  const text = readTextIfAny(host.proc('net/dev')) ?? '';
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line);
    const fields = match?.[2]?.trim().split(/\s+/).map(Number) ?? [];
    const [name, receivedBytes, sentBytes] = [match?.[1], fields[0], fields[8]];
    if (name === undefined || name === 'lo' || receivedBytes === undefined || sentBytes === undefined)
      return [];
    return [{ name, receivedBytes, sentBytes }];
  });
}

/** The frequency of each processor now, from cpufreq, else as cpuinfo tells it; empty where neither does (ARM in a VM). */
export function readCpuFrequencies(host: Host): Map<number, number> {
  const found = new Map<number, number>();
  const root = host.sys('devices/system/cpu');
  for (const entry of listIfAny(root)) {
    const number = /^cpu(\d+)$/.exec(entry)?.[1];
    if (number === undefined) continue;
    const khz = Number(readTextIfAny(`${root}/${entry}/cpufreq/scaling_cur_freq`) ?? Number.NaN);
    if (khz > 0) found.set(Number(number), khz / KHZ_PER_GHZ);
  }
  if (found.size > 0) return found;
  const cpuinfo = readTextIfAny(host.proc('cpuinfo')) ?? '';
  for (const block of cpuinfo.split(/\n\s*\n/)) {
    const number = /^processor\s*: (\d+)$/m.exec(block)?.[1];
    const mhz = Number(/^cpu MHz\s*: ([\d.]+)$/m.exec(block)?.[1] ?? Number.NaN);
    if (number !== undefined && mhz > 0) found.set(Number(number), mhz / MHZ_PER_GHZ);
  }
  return found;
}

/** Seconds since boot, suspended time included: the clock of process start times. */
export function readUptime(host: Host): number | undefined {
  const text = readTextIfAny(host.proc('uptime'));
  const seconds = Number(text?.split(' ')[0] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
