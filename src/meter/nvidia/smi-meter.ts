import type { Host } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { type GpuMeter, IMPLAUSIBLE_WATTS } from './gpu-meter.js';
import { querySmi } from './smi.js';

/** GPUs by nvidia-smi, a process each time: for where the library can't be loaded. */
export class SmiMeter implements GpuMeter {
  readonly interval = 1;
  readonly note: string;
  readonly #host: Host;
  readonly #command: string;

  private constructor(host: Host, command: string, note: string) {
    this.#host = host;
    this.#command = command;
    this.note = note;
  }

  static async open(host: Host, command: string): Promise<SmiMeter> {
    const gpus = await querySmi(command);
    const leftOut = gpus.flatMap(({ index, why }) => (why === undefined ? [] : [`gpu-${index}: ${why}`]));
    const good = gpus.filter(({ watts }) => watts !== undefined);
    if (good.length === 0) throw new Error(`${command}: no GPU tells its power: ${leftOut.join('; ')}`);
    const how = good.map(({ index, model }) => `gpu-${index} ${model}`).join(', ');
    const out = leftOut.length > 0 ? `; left out: ${leftOut.join('; ')}` : '';
    return new SmiMeter(host, command, `power by ${command}: ${how}${out}`);
  }

  async read(): Promise<EnergyReading[]> {
    const { clock, log } = this.#host;
    const before = clock.now();
    const gpus = await querySmi(this.#command, (line) => log.warn('nvidia-smi: not understood', { line }));
    const at = (before + clock.now()) / 2;
    return gpus.flatMap(({ index, watts }): EnergyReading[] =>
      watts === undefined || watts > IMPLAUSIBLE_WATTS
        ? []
        : [{ kind: 'power', domain: 'gpu', device: `gpu-${index}`, at, watts }],
    );
  }

  async close(): Promise<void> {}
}
