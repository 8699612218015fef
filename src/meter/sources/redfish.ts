import { ErrorCode, type Host, messageOf, WattloopError } from '../../base/index.js';
import { type EnergyReading, JOULES_PER_KILOWATT_HOUR } from '../../model/index.js';
import { EnergyCounter, STEP_TROUBLE } from '../counter.js';
import { RedfishClient } from '../redfish/client.js';
import { type Discovery, discover } from '../redfish/discover.js';
import type { Gauge } from '../redfish/gauges.js';
import { LoginGuard } from '../redfish/login-guard.js';
import type { RedfishSettings } from '../redfish/transport.js';
import { type Availability, type PolledEnergySource, unavailable, unusable, usable } from '../source.js';

/** Energy counters are decimals of a kWh; as integers of a millionth they are counted exactly. */
const COUNTS_PER_KILOWATT_HOUR = 1e6;
/** Some move in steps of a tenth of a kWh. */
const COARSE_STEP_JOULES = 0.2 * JOULES_PER_KILOWATT_HOUR;

const NOT_SET = {
  reason: 'no address is set',
  remedy: 'Set sources.redfish.url (https://HOST), user and password of the management controller',
} as const;

/** Power of the whole machine from its management controller, by Redfish over HTTPS. */
class Redfish implements PolledEnergySource {
  readonly name = 'redfish';
  readonly title = 'power of the machine from its management controller (Redfish)';
  readonly yields = 'energy';
  readonly provenance = 'measured';
  readonly instant = false;
  // The same meters as by IPMI: those of the power supplies, held to 5 % by their common specification (CRPS).
  readonly uncertainty = 0.05;
  readonly interval: number;
  readonly #host: Host;
  readonly #settings: RedfishSettings;
  readonly #guard: LoginGuard;
  #client: RedfishClient | undefined;
  #gauges: readonly Gauge[] = [];
  readonly #counters = new Map<Gauge, EnergyCounter>();

  constructor(host: Host, settings: RedfishSettings) {
    this.#host = host;
    this.#settings = settings;
    this.interval = settings.interval_seconds;
    this.#guard = new LoginGuard(host.clock);
  }

  async probe(): Promise<Availability> {
    if (this.#settings.url === undefined) return unusable(NOT_SET.reason, NOT_SET.remedy);
    let client: RedfishClient | undefined;
    try {
      client = new RedfishClient(this.#host, this.#settings, this.#settings.url, this.#guard);
      const { gauges, within } = await this.#discover(client);
      const read = gauges.map((gauge) => `${gauge.device} (${gauge.label})`).join(', ');
      const part = within.length === 0 ? '' : `; part of it, not added: ${within.join(', ')}`;
      return usable(['system'], `${read}${part}`);
    } catch (error) {
      const remedy = error instanceof WattloopError ? error.remedy : undefined;
      return unusable(messageOf(error).replace(/^redfish: /, ''), remedy ?? 'Check sources.redfish');
    } finally {
      await client?.close();
    }
  }

  async open(): Promise<void> {
    await this.close();
    const { url } = this.#settings;
    if (url === undefined) {
      throw unavailable(this.name, NOT_SET);
    }
    const client = new RedfishClient(this.#host, this.#settings, url, this.#guard);
    try {
      this.#gauges = (await this.#discover(client)).gauges;
      this.#client = client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async read(): Promise<EnergyReading[]> {
    const client = this.#client;
    if (!client) throw new WattloopError(ErrorCode.internal, 'redfish: read before open');
    // Figures that stand in one resource are taken from one answer.
    const resources = new Map<string, Promise<{ resource: unknown; at: number }>>();
    for (const { path } of this.#gauges) {
      if (resources.has(path)) continue;
      const answer = client.get(path).then((resource) => ({ resource, at: this.#host.clock.now() }));
      resources.set(path, answer);
    }
    let problem: unknown;
    const results = await Promise.all(
      this.#gauges.map(async (gauge) => {
        try {
          const answer = await resources.get(gauge.path);
          return answer && this.#reading(gauge, answer.resource, answer.at);
        } catch (error) {
          problem ??= error;
          this.#host.log.debug('redfish: no reading', { device: gauge.device, error: messageOf(error) });
          return undefined;
        }
      }),
    );
    const readings = results.filter((reading) => reading !== undefined);
    // One of several supplies may rest at 0 W; a machine whose controller answers does not.
    const asleep = readings.every((reading) => reading.kind === 'power' && reading.watts === 0);
    if (readings.length > 0 && !asleep) return readings;
    throw (
      problem ??
      new WattloopError(
        ErrorCode.instrumentFailed,
        `redfish: ${asleep && readings.length > 0 ? 'reads 0 W' : 'the service gives no power now'}`,
        { remedy: 'The machine may be off' },
      )
    );
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#gauges = [];
    this.#counters.clear();
    await client?.close();
  }

  async #discover(client: RedfishClient): Promise<Discovery> {
    const found = await discover(client, this.#settings.chassis, (message) => this.#host.log.warn(message));
    if (found.gauges.length > 0) return found;
    throw new WattloopError(ErrorCode.sourceUnavailable, 'redfish: no chassis of the service gives power', {
      remedy:
        'The board may not measure it, or the user may not read it: try ipmi or an external meter (scpi)',
    });
  }

  #reading(gauge: Gauge, resource: unknown, at: number): EnergyReading | undefined {
    const { device } = gauge;
    const figure = gauge.extract(resource);
    if (figure === undefined) {
      this.#host.log.debug('redfish: no figure in the answer', { device });
      return undefined;
    }
    if (gauge.unit === 'watts') return { kind: 'power', domain: 'system', device, at, watts: figure };
    const counter =
      this.#counters.get(gauge) ??
      new EnergyCounter(JOULES_PER_KILOWATT_HOUR / COUNTS_PER_KILOWATT_HOUR, undefined, COARSE_STEP_JOULES);
    this.#counters.set(gauge, counter);
    const trouble = STEP_TROUBLE[counter.advance(BigInt(Math.round(figure * COUNTS_PER_KILOWATT_HOUR)), at)];
    if (trouble) this.#host.log.warn(`redfish: ${trouble}`, { device });
    return { kind: 'counter', domain: 'system', device, at, joules: counter.joules };
  }
}

export const redfish = (host: Host, settings: RedfishSettings): PolledEnergySource =>
  new Redfish(host, settings);
