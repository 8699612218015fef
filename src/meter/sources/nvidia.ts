import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { NvmlFailure } from '../native/nvml-errors.js';
import type { GpuMeter } from '../nvidia/gpu-meter.js';
import { asWattloopError } from '../nvidia/gpus.js';
import { type GpuMeterOptions, openGpuMeter } from '../nvidia/open-gpu-meter.js';
import { type Availability, type PolledEnergySource, unusable, usable } from '../source.js';

const DEFAULT_INTERVAL_SECONDS = 0.1;

/** NVIDIA GPUs, each as one device. */
class Nvidia implements PolledEnergySource {
  readonly name = 'nvidia';
  readonly title = 'NVIDIA GPUs by the driver’s management library (NVML)';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  /** Published comparisons with external meters find an error proportional to the power, of up to 5 %. */
  readonly uncertainty = 0.05;
  readonly #host: Host;
  readonly #options: GpuMeterOptions;
  #meter: GpuMeter | undefined;

  constructor(host: Host, options: GpuMeterOptions) {
    this.#host = host;
    this.#options = options;
  }

  get interval(): number {
    return this.#meter?.interval ?? DEFAULT_INTERVAL_SECONDS;
  }

  async probe(): Promise<Availability> {
    try {
      const meter = await this.#start();
      await meter.close();
      return usable(['gpu'], meter.note);
    } catch (error) {
      const { message, remedy } = asWattloopError(error);
      return unusable(message.replace(/^nvidia: /, ''), remedy ?? 'Run nvidia-smi to see what it says');
    }
  }

  async open(): Promise<void> {
    await this.close();
    try {
      this.#meter = await this.#start();
    } catch (error) {
      throw asWattloopError(error);
    }
  }

  async read(): Promise<EnergyReading[]> {
    try {
      return (await this.#meter?.read()) ?? [];
    } catch (error) {
      if (error instanceof WattloopError) throw error;
      throw new WattloopError(ErrorCode.instrumentFailed, `nvidia: ${messageOf(error)}`, {
        cause: error,
        ...(error instanceof NvmlFailure && { remedy: error.remedy }),
      });
    }
  }

  async close(): Promise<void> {
    const meter = this.#meter;
    this.#meter = undefined;
    await meter?.close();
  }

  async #start(): Promise<GpuMeter> {
    if (this.#host.live) return openGpuMeter(this.#host, this.#options);
    throw new WattloopError(ErrorCode.sourceUnavailable, 'nvidia: the driver knows this machine alone', {
      remedy: 'Leave out --procfs to measure the GPUs of this machine',
    });
  }
}

export const nvidia = (host: Host, options: GpuMeterOptions = {}): PolledEnergySource =>
  new Nvidia(host, options);
