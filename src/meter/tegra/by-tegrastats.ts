import { ErrorCode, type Host, readTextIfAny, WattloopError } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { type Availability, type PolledEnergySource, unusable, usable } from '../source.js';
import { domainsOf, refused, TITLE, toReadings, UNCERTAINTY } from './common.js';
import { type RailGroup, railGroups } from './rails.js';
import { type RailLine, type Spawn, Tegrastats } from './tegrastats.js';

export interface TegraOptions {
  readonly spawn?: Spawn;
  readonly command?: string;
}

const isJetson = (host: Host): boolean =>
  [host.proc('device-tree/model'), host.sys('firmware/devicetree/base/model')].some((path) =>
    /jetson|tegra/i.test(readTextIfAny(path) ?? ''),
  );

const groupsOf = (line: RailLine): RailGroup[] => railGroups([...line.rails.keys()]);

const INTERVAL_SECONDS = 1;

/** The rails as NVIDIA's own program tells them, which runs as long as the source is open. */
export class TegraByTegrastats implements PolledEnergySource {
  readonly name = 'tegra';
  readonly title = `${TITLE} by tegrastats`;
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  readonly interval = INTERVAL_SECONDS;
  readonly uncertainty = UNCERTAINTY;
  readonly #host: Host;
  readonly #options: TegraOptions;
  #program: Tegrastats | undefined;

  constructor(host: Host, options: TegraOptions) {
    this.#host = host;
    this.#options = options;
  }

  async probe(): Promise<Availability> {
    if (!this.#host.live) {
      return unusable(
        `no INA3221 in ${this.#host.sys('bus/i2c/drivers')}`,
        'tegrastats knows this machine alone: leave out --procfs to use it',
      );
    }
    const program = this.#run();
    try {
      const groups = groupsOf(await program.line());
      if (groups.length > 0) return usable(domainsOf(groups), 'by tegrastats');
      return unusable(
        'the rails that tegrastats prints are not known',
        'Please report the board and its rails',
      );
    } catch (error) {
      if (!(error instanceof WattloopError))
        return unusable(String(error), 'Run tegrastats by hand to see why');
      if (error.code !== ErrorCode.notFound || isJetson(this.#host)) {
        return unusable(
          `no INA3221 driver, and ${error.message}`,
          error.remedy ?? 'Check that JetPack is installed',
        );
      }
      return unusable('this is no NVIDIA Jetson board', 'Use rapl, hwmon, ipmi or an external meter (scpi)');
    } finally {
      await program.stop();
    }
  }

  async open(): Promise<void> {
    await this.close();
    if (!this.#host.live) throw refused(await this.probe());
    const program = this.#run();
    this.#program = program;
    try {
      await this.read();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async read(): Promise<EnergyReading[]> {
    if (this.#program === undefined) return [];
    const line = await this.#program.line();
    const readings = toReadings(groupsOf(line), line.at, (rail) => line.rails.get(rail));
    if (readings.length > 0) return readings;
    throw new WattloopError(
      ErrorCode.instrumentFailed,
      `tegrastats: unknown rails: ${[...line.rails.keys()].join(', ')}`,
    );
  }

  async close(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    await program?.stop();
  }

  #run(): Tegrastats {
    return new Tegrastats(this.#host, {
      command: this.#options.command ?? 'tegrastats',
      intervalSeconds: INTERVAL_SECONDS,
      patienceSeconds: 3 * INTERVAL_SECONDS,
      ...(this.#options.spawn && { spawn: this.#options.spawn }),
    });
  }
}
