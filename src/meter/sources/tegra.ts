import { ErrorCode, type Host, readTextIfAny, WattloopError } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import {
  type Availability,
  type EnergySource,
  type InstantEnergySource,
  type PolledEnergySource,
  unusable,
  usable,
} from '../source.js';
import { findRails, OpenRail, railTrouble } from '../tegra/ina3221.js';
import { groupPowers, type RailGroup, railGroups } from '../tegra/rails.js';
import { type RailLine, type Spawn, Tegrastats } from '../tegra/tegrastats.js';

export interface TegraOptions {
  readonly spawn?: Spawn;
  readonly command?: string;
}

const TITLE = "NVIDIA Jetson's power rails (INA3221)";
/** NVIDIA's boards measure across shunts of 1 %; their power monitors are good to about 5 %. */
const UNCERTAINTY = 0.05;

const isJetson = (host: Host): boolean =>
  [host.proc('device-tree/model'), host.sys('firmware/devicetree/base/model')].some((path) =>
    /jetson|tegra/i.test(readTextIfAny(path) ?? ''),
  );

const domainsOf = (groups: readonly RailGroup[]) => groups.map(({ domain }) => domain);

function toReadings(
  groups: readonly RailGroup[],
  at: number,
  watts: (rail: string) => number | undefined,
): EnergyReading[] {
  return groupPowers(groups, watts).map(({ group, watts: power }) => ({
    kind: 'power',
    domain: group.domain,
    device: group.device,
    at,
    watts: power,
  }));
}

class TegraBySysfs implements InstantEnergySource {
  readonly name = 'tegra';
  readonly title = TITLE;
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = true;
  readonly uncertainty = UNCERTAINTY;
  readonly #host: Host;
  #groups: RailGroup[] = [];
  #rails = new Map<string, OpenRail>();

  constructor(host: Host) {
    this.#host = host;
  }

  async probe(): Promise<Availability> {
    const rails = findRails(this.#host);
    const denied = rails.filter((rail) => railTrouble(rail) === 'EACCES').map(({ rail }) => rail);
    const good = rails.filter((rail) => railTrouble(rail) === undefined).map(({ rail }) => rail);
    const groups = railGroups(
      rails.map(({ rail }) => rail),
      good,
    );
    if (groups.length > 0) {
      const used = groups.flatMap((group) => group.rails);
      const rest = [
        ...good.filter((rail) => !used.includes(rail)),
        ...denied.map((rail) => `${rail} (denied)`),
      ];
      return usable(domainsOf(groups), rest.length > 0 ? `rails left out: ${rest.join(', ')}` : undefined);
    }
    if (denied.length > 0) {
      return unusable(
        `permission denied on the rails ${denied.join(', ')}`,
        `Run as root, or: sudo chmod -R a+r ${this.#host.sys('bus/i2c/drivers')}/ina3221*`,
      );
    }
    return unusable(
      `the rails of this board are not known, or not readable: ${rails.map(({ rail }) => rail).join(', ')}`,
      'If you know what they measure, please report the board and its rails',
    );
  }

  async open(): Promise<void> {
    await this.close();
    const rails = findRails(this.#host);
    const files = rails.filter((rail) => railTrouble(rail) === undefined);
    this.#groups = railGroups(
      rails.map(({ rail }) => rail),
      files.map(({ rail }) => rail),
    );
    if (this.#groups.length === 0) throw refused(await this.probe());
    const used = new Set(this.#groups.flatMap((group) => group.rails));
    this.#rails = new Map(
      files.filter(({ rail }) => used.has(rail)).map((rail) => [rail.rail, new OpenRail(this.#host, rail)]),
    );
  }

  read(): EnergyReading[] {
    const at = this.#host.clock.now();
    // Each rail once, however many groups it is part of: the bus is slow.
    const watts = new Map([...this.#rails].map(([name, rail]) => [name, rail.watts()]));
    return toReadings(this.#groups, at, (rail) => watts.get(rail));
  }

  async close(): Promise<void> {
    for (const rail of this.#rails.values()) rail.close();
    this.#rails.clear();
    this.#groups = [];
  }
}

const INTERVAL_SECONDS = 1;

class TegraByTegrastats implements PolledEnergySource {
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

const groupsOf = (line: RailLine): RailGroup[] => railGroups([...line.rails.keys()]);

function refused(why: Availability): WattloopError {
  const [reason, remedy] = why.usable ? ['no rail answers', undefined] : [why.reason, why.remedy];
  return new WattloopError(
    ErrorCode.sourceUnavailable,
    `tegra: ${reason}`,
    remedy === undefined ? {} : { remedy },
  );
}

/** A Jetson board's rails: from the kernel where it shows them, else from NVIDIA's tegrastats. */
export function tegra(host: Host, options: TegraOptions = {}): EnergySource {
  return findRails(host).length > 0 ? new TegraBySysfs(host) : new TegraByTegrastats(host, options);
}
