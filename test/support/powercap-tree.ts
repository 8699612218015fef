import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIGITS = 15;
const STEP_MILLISECONDS = 5;

interface Zone {
  readonly folder: string;
  readonly watts: number;
  readonly descriptor: number;
  microjoules: number;
}

/** A sysfs tree with RAPL zones whose counters run at constant power, as long as the test lets them. */
export class PowercapTree {
  readonly sysfs = mkdtempSync(join(tmpdir(), 'wattloop-powercap-'));
  readonly #zones: readonly Zone[];
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor(watts: Readonly<Record<string, number>> = { 'package-0': 40, dram: 8 }) {
    chmodSync(this.sysfs, 0o755);
    this.#zones = Object.entries(watts).map(([name, power], index) => {
      const folder = join(
        this.sysfs,
        'class/powercap',
        index === 0 ? 'intel-rapl:0' : `intel-rapl:0:${index - 1}`,
      );
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'name'), `${name}\n`);
      writeFileSync(join(folder, 'max_energy_range_uj'), '262143328850\n');
      writeFileSync(join(folder, 'energy_uj'), `${'1000000'.padStart(DIGITS, '0')}\n`);
      const descriptor = openSync(join(folder, 'energy_uj'), 'r+');
      return { folder, watts: power, descriptor, microjoules: 1_000_000 };
    });
    this.#timer = setInterval(() => this.#advance(), STEP_MILLISECONDS);
  }

  /** What a zone's counter shows from now on. */
  set(index: number, microjoules: number): void {
    const zone = this.#zone(index);
    zone.microjoules = microjoules;
    this.#show(zone);
  }

  energyFile(index: number): string {
    return join(this.#zone(index).folder, 'energy_uj');
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { descriptor } of this.#zones) closeSync(descriptor);
    rmSync(this.sysfs, { recursive: true, force: true });
  }

  #zone(index: number): Zone {
    const zone = this.#zones[index];
    if (zone === undefined) throw new RangeError(`no zone ${index}`);
    return zone;
  }

  #advance(): void {
    const now = performance.now();
    const seconds = (now - this.#last) / 1e3;
    this.#last = now;
    for (const zone of this.#zones) {
      zone.microjoules += Math.round(zone.watts * seconds * 1e6);
      this.#show(zone);
    }
  }

  /** In place and with as many digits as before: a reader never sees half a number. */
  #show({ descriptor, microjoules }: Zone): void {
    writeSync(descriptor, String(microjoules).padStart(DIGITS, '0'), 0);
  }
}
