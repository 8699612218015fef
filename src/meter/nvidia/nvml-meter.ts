import { type Host, messageOf } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { EnergyCounter, STEP_TROUBLE } from '../counter.js';
import { NvmlCode, nvmlCodeOf } from '../native/nvml-errors.js';
import { type GpuMeter, IMPLAUSIBLE_WATTS } from './gpu-meter.js';
import { type Gpu, type OpenNvml, openNvml, release } from './gpus.js';

const JOULES_PER_MILLIJOULE = 0.001;
const WATTS_PER_MILLIWATT = 0.001;

interface Meter {
  readonly gpu: Gpu;
  /** Absent where the GPU has no energy counter: then its power is read. */
  readonly counter: EnergyCounter | undefined;
}

/** GPUs by NVML: the energy counter that Volta and later have, else the power. */
export class NvmlMeter implements GpuMeter {
  // The driver renews its figures some tens of times a second.
  readonly interval = 0.1;
  readonly note: string;
  readonly #host: Host;
  readonly #nvml: OpenNvml;
  readonly #meters: readonly Meter[];
  #told = new Map<string, string>();
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(host: Host, nvml: OpenNvml, meters: readonly Meter[], leftOut: readonly string[]) {
    this.#host = host;
    this.#nvml = nvml;
    this.#meters = meters;
    const how = meters.map(
      ({ gpu, counter }) =>
        `${gpu.device} ${gpu.model} by ${counter ? 'energy counter' : 'power'}${gpu.split ? ' (MIG, as a whole)' : ''}`,
    );
    const out = leftOut.length > 0 ? `; left out: ${leftOut.join('; ')}` : '';
    this.note = `NVML, driver ${nvml.driver}: ${how.join(', ')}${out}`;
  }

  static async open(host: Host, library: string | undefined): Promise<NvmlMeter> {
    const open = await openNvml(host, library);
    const meters: Meter[] = [];
    const leftOut = [...open.trouble];
    let last: unknown;
    for (const gpu of open.gpus) {
      try {
        meters.push({ gpu, counter: await counterOf(host, open, gpu) });
      } catch (error) {
        last = error;
        leftOut.push(`${gpu.device}: ${messageOf(error)}`);
      }
    }
    if (meters.length > 0) return new NvmlMeter(host, open, meters, leftOut);
    await release(host, open);
    throw last;
  }

  async read(): Promise<EnergyReading[]> {
    const answers = Promise.allSettled(this.#meters.map((meter) => this.#one(meter)));
    this.#reading = Promise.all([this.#reading, answers]);
    const settled = await answers;
    const readings: EnergyReading[] = [];
    let failure: unknown;
    for (const [index, answer] of settled.entries()) {
      const device = this.#meters[index]?.gpu.device ?? '';
      if (answer.status === 'fulfilled') {
        if (answer.value !== undefined) readings.push(answer.value);
        this.#told.delete(device);
      } else {
        failure = answer.reason;
        const why = messageOf(failure);
        if (this.#told.get(device) !== why) this.#host.log.warn('nvidia: GPU left out', { gpu: device, why });
        this.#told.set(device, why);
      }
    }
    if (readings.length === 0 && failure !== undefined) throw failure;
    return readings;
  }

  async close(): Promise<void> {
    // Calls that are under way in other threads must not find the library shut down.
    await this.#reading;
    await release(this.#host, this.#nvml);
  }

  async #one({ gpu, counter }: Meter): Promise<EnergyReading | undefined> {
    const { clock, log } = this.#host;
    const { nvml } = this.#nvml;
    const base = { domain: 'gpu', device: gpu.device } as const;
    const before = clock.now();
    if (counter !== undefined) {
      const raw = await nvml.energyMillijoules(gpu.handle);
      const at = (before + clock.now()) / 2;
      const trouble = STEP_TROUBLE[counter.advance(raw, at)];
      if (trouble) log.warn(`nvidia: ${trouble}`, { gpu: gpu.device, raw: String(raw) });
      return { kind: 'counter', ...base, at, joules: counter.joules };
    }
    const watts = Number(await nvml.powerMilliwatts(gpu.handle)) * WATTS_PER_MILLIWATT;
    const at = (before + clock.now()) / 2;
    if (watts <= IMPLAUSIBLE_WATTS) return { kind: 'power', ...base, at, watts };
    log.warn('nvidia: more power than a board can draw', { gpu: gpu.device, watts });
    return undefined;
  }
}

/** The counter of a GPU that has one, begun; undefined for one that tells its power alone. Throws when it tells neither. */
async function counterOf(
  host: Host,
  { nvml }: OpenNvml,
  { handle }: Gpu,
): Promise<EnergyCounter | undefined> {
  try {
    const raw = await nvml.energyMillijoules(handle);
    const counter = new EnergyCounter(JOULES_PER_MILLIJOULE);
    counter.advance(raw, host.clock.now());
    return counter;
  } catch (error) {
    const code = nvmlCodeOf(error);
    if (code !== NvmlCode.notSupported && code !== NvmlCode.functionNotFound) throw error;
    await nvml.powerMilliwatts(handle);
    return undefined;
  }
}
