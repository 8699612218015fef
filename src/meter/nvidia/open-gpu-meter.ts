import { type Host, messageOf } from '../../base/index.js';
import type { GpuMeter } from './gpu-meter.js';
import { NvmlMeter } from './nvml-meter.js';
import { SmiMeter } from './smi-meter.js';

export interface GpuMeterOptions {
  readonly library?: string | undefined;
  readonly smi?: string | undefined;
}

/** The best way that works here. Throws what is wrong with the best one when none does. */
export async function openGpuMeter(host: Host, { library, smi }: GpuMeterOptions): Promise<GpuMeter> {
  try {
    return await NvmlMeter.open(host, library);
  } catch (error) {
    try {
      return await SmiMeter.open(host, smi ?? 'nvidia-smi');
    } catch (other) {
      host.log.debug('nvidia: nor by nvidia-smi', { why: messageOf(other) });
      throw error;
    }
  }
}
