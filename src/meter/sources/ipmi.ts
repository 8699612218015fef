import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import type { EnergyReading } from '../../model/index.js';
import { chooseSensors } from '../ipmi/choose.js';
import { parseDcmiPower, parseReadings, parseSensorList } from '../ipmi/output.js';
import { type IpmiSettings, IpmiTool } from '../ipmi/tool.js';
import type { Spawn } from '../run-command.js';
import { type Availability, type PolledEnergySource, unusable, usable } from '../source.js';

/** How the power is asked for: the controller's own figure for the machine (DCMI), or sensors of its repository. */
type Way = { readonly kind: 'dcmi' } | { readonly kind: 'sensors'; readonly names: readonly string[] };

interface Found {
  readonly way: Way;
  readonly note: string;
}

const list = (names: readonly string[]): string => names.join(', ');

/** Power of the whole machine from its board management controller, by ipmitool. */
class Ipmi implements PolledEnergySource {
  readonly name = 'ipmi';
  readonly title = 'power of the machine from its management controller (IPMI)';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  // Controllers read the power supplies' own meters; the specification of common redundant supplies (CRPS) asks for 5 %
  // of input power from a fifth of the load on.
  readonly uncertainty = 0.05;
  readonly interval: number;
  readonly #host: Host;
  readonly #settings: IpmiSettings;
  readonly #tool: IpmiTool;
  #way: Way | undefined;
  /** Folder of the copy of the sensor repository, which spares a walk through all of it at each poll. */
  #cache: string | undefined;
  /** Sensors that gave no value at the last poll: what is logged is the change. */
  readonly #silent = new Set<string>();

  constructor(host: Host, settings: IpmiSettings, spawn?: Spawn) {
    this.#host = host;
    this.#settings = settings;
    this.interval = settings.interval_seconds;
    this.#tool = new IpmiTool(host, settings, spawn);
  }

  async probe(): Promise<Availability> {
    try {
      const { note } = await this.#find();
      return usable(['system'], note);
    } catch (error) {
      const remedy = error instanceof WattloopError ? error.remedy : undefined;
      const reason = messageOf(error).replace(/^ipmi: (this machine: )?/, '');
      return unusable(reason, remedy ?? 'Try by hand: ipmitool dcmi power reading');
    }
  }

  async open(): Promise<void> {
    await this.close();
    const { way } = await this.#find();
    this.#way = way;
    if (way.kind === 'dcmi') return;
    const folder = await mkdtemp(join(tmpdir(), 'wattloop-ipmi-'));
    const dumped = await this.#tool.ask('sdr', 'dump', join(folder, 'sdr')).catch(() => undefined);
    if (dumped?.exitCode === 0) this.#cache = folder;
    // Without the copy it works too, only slower.
    else await rm(folder, { recursive: true, force: true });
  }

  async read(): Promise<EnergyReading[]> {
    const way = this.#way;
    if (!way) throw new WattloopError(ErrorCode.internal, 'ipmi: read before open');
    const powers = way.kind === 'dcmi' ? await this.#dcmi() : await this.#sensors(way.names);
    const at = this.#host.clock.now();
    // One of several supplies may rest at 0 W; a machine that answers does not.
    if (powers.every(({ watts }) => watts === 0)) {
      throw new WattloopError(ErrorCode.instrumentFailed, `ipmi: ${this.#tool.where}: reads 0 W`, {
        remedy: 'The machine may be off, or its supplies have no meter: compare with ipmitool sdr elist full',
      });
    }
    return powers.map(({ device, watts }) => ({ kind: 'power', domain: 'system', device, at, watts }));
  }

  async close(): Promise<void> {
    const folder = this.#cache;
    this.#way = undefined;
    this.#cache = undefined;
    if (folder) await rm(folder, { recursive: true, force: true });
  }

  async #find(): Promise<Found> {
    if (this.#tool.local && !this.#host.live) {
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        'ipmi: the controller belongs to this machine, but /proc and /sys to another',
        { remedy: 'Set sources.ipmi.host, or leave out --sysfs and --procfs' },
      );
    }
    const named = this.#settings.sensors;
    if (named.length === 0) {
      // Verbose, because only then it says why a session was refused.
      const answer = await this.#tool.ask('-v', 'dcmi', 'power', 'reading');
      const power = parseDcmiPower(answer.stdout);
      if (power?.activated && power.watts > 0) {
        const mean = power.averageWatts === undefined ? '' : `, mean ${power.averageWatts} W`;
        return { way: { kind: 'dcmi' }, note: `by DCMI: ${power.watts} W${mean}` };
      }
    }
    return this.#findSensors(named);
  }

  async #findSensors(named: readonly string[]): Promise<Found> {
    const answer = await this.#tool.ask('sdr', 'elist', 'full');
    const sensors = parseSensorList(answer.stdout);
    if (answer.exitCode !== 0 && sensors.length === 0) throw this.#tool.useless(answer);
    const { chosen, others } = chooseSensors(sensors, named);
    const left = others.map(({ name }) => name);
    const missing = named.filter((name) => chosen.every((sensor) => sensor.name !== name));
    const where = this.#tool.where;
    if (missing.length > 0) {
      throw new WattloopError(
        ErrorCode.badConfiguration,
        `ipmi: ${where}: no watt sensor is named ${list(missing)}`,
        {
          remedy: `Set sources.ipmi.sensors to some of: ${list([...chosen.map(({ name }) => name), ...left]) || 'none'}`,
        },
      );
    }
    if (chosen.length === 0) {
      throw left.length === 0
        ? new WattloopError(
            ErrorCode.sourceUnavailable,
            `ipmi: ${where}: no power by DCMI, and no sensor in watts`,
            { remedy: 'The board does not measure its power: use redfish, an external meter (scpi) or rapl' },
          )
        : new WattloopError(
            ErrorCode.sourceUnavailable,
            `ipmi: ${where}: no power by DCMI, and no watt sensor is known to be the whole machine's: ${list(left)}`,
            { remedy: 'Name those that together are the whole machine in sources.ipmi.sensors' },
          );
    }
    const names = chosen.map(({ name }) => name);
    if (chosen.every(({ watts = 0 }) => watts === 0)) {
      throw new WattloopError(
        ErrorCode.sourceUnavailable,
        `ipmi: ${where}: ${list(names)} read 0 W or nothing`,
        {
          remedy: 'The machine may be off, or its supplies have no meter',
        },
      );
    }
    const unused = left.length === 0 ? '' : `; not used: ${list(left)}`;
    return { way: { kind: 'sensors', names }, note: `by ${list(names)}${unused}` };
  }

  async #dcmi(): Promise<{ device: string; watts: number }[]> {
    const answer = await this.#tool.ask('dcmi', 'power', 'reading');
    const power = parseDcmiPower(answer.stdout);
    if (!power?.activated) throw this.#tool.useless(answer);
    return [{ device: 'dcmi', watts: power.watts }];
  }

  async #sensors(names: readonly string[]): Promise<{ device: string; watts: number }[]> {
    const cache = this.#cache === undefined ? [] : ['-S', join(this.#cache, 'sdr')];
    const answer = await this.#tool.ask('-c', ...cache, 'sensor', 'reading', ...names);
    const readings = parseReadings(answer.stdout);
    const powers = names.flatMap((device) => {
      const watts = readings.get(device);
      if (watts !== undefined) {
        this.#silent.delete(device);
        return [{ device, watts }];
      }
      if (!this.#silent.has(device)) this.#host.log.warn('ipmi: sensor has no reading', { sensor: device });
      this.#silent.add(device);
      return [];
    });
    if (powers.length === 0) throw this.#tool.useless(answer);
    return powers;
  }
}

export const ipmi = (host: Host, settings: IpmiSettings, spawn?: Spawn): PolledEnergySource =>
  new Ipmi(host, settings, spawn);
