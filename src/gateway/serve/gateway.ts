import { join, resolve } from 'node:path';
import { ErrorCode, type Host, WattloopError } from '../../base/index.js';
import { EpochClock, openDockerReplicas, openLocalReplicas, type ReplicaHost } from '../../compute/index.js';
import type { FunctionKind, GatewaySettings, Settings } from '../../model/index.js';
import type { LiveAccount, TraceRecording } from '../account/account.js';
import { startAccountProcess } from '../account/start-account-process.js';
import { AsyncCalls } from '../async/async-calls.js';
import { FunctionRegistry } from '../functions/registry/registry.js';
import { FunctionWatch } from '../functions/watch/watch-functions.js';
import { type ExpositionFormat, exposition } from '../metrics/exposition.js';
import { askedFormat, asOpenMetrics, contentType, openMetricsPage } from '../metrics/open-metrics.js';
import { powerCapFamilies } from '../power-cap/families.js';
import { powerCapJson } from '../power-cap/report-json.js';
import { openOtlpTracer } from '../tracing/otlp-tracer.js';
import { passingTracer, type Tracer } from '../tracing/tracer.js';
import { Events } from './api/events.js';
import { SystemApi } from './api/system-api.js';
import { WattloopApi } from './api/wattloop-api.js';
import { CallCap } from './call/call-cap.js';
import { CallDesk } from './call/call-desk.js';
import { invokeAsync } from './call/invoke-async.js';
import { CallCounters } from './counters/call-counters.js';
import { AsyncFront } from './front/async-front.js';
import { BasicAuth } from './front/basic-auth.js';
import { CallFront } from './front/call-front.js';
import { type FrontServer, serveFront } from './front/front-server.js';
import { gatewayPassword, type Password } from './front/password.js';
import { routed } from './front/routes.js';
import { callFamilies } from './metrics/call-families.js';
import { Pools } from './pool/pools.js';
import type { Refusal } from './refusal.js';

export interface GatewayOptions {
  readonly version: string;
  /** A trace directory that is written, for `wattloop attribute`. */
  readonly record?: string | undefined;
}

const DRAINING: Refusal = {
  reason: 'draining',
  message: 'the gateway is about to stop',
  retryAfterSeconds: 5,
};
const CLOCK_MILLISECONDS = 1_000;
/** How often it is looked whether the last calls have ended. */
const DRAIN_MILLISECONDS = 20;

interface Opened {
  readonly registry: FunctionRegistry;
  readonly local: ReplicaHost;
  readonly containers: ReplicaHost;
  readonly account: LiveAccount | undefined;
  readonly tracer: Tracer;
}

/** Power is capped by what calls are known to draw: without the account nobody knows. */
function checkCap({ power_cap_watts, account }: GatewaySettings): void {
  if (power_cap_watts === undefined || account.enabled) return;
  throw new WattloopError(ErrorCode.badConfiguration, 'a power cap needs the account of energy', {
    remedy: 'Leave out --no-account (gateway.account.enabled), or gateway.power_cap_watts',
  });
}

/** Functions served, and the account of what they use. */
export class Gateway {
  readonly registry: FunctionRegistry;
  readonly password: Password | undefined;
  readonly events = new Events();
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #opened: Opened;
  readonly #pools: Pools;
  readonly #counters = new CallCounters();
  readonly #since: number;
  readonly #clock: EpochClock;
  readonly #powerCap: CallCap | undefined;
  readonly #desk: CallDesk;
  readonly #calls: CallFront;
  readonly #ticking: NodeJS.Timeout;
  #async: AsyncCalls | undefined;
  #asyncFront: AsyncFront | undefined;
  #server: FrontServer | undefined;
  #functions: FunctionWatch | undefined;
  #recording: TraceRecording | undefined;

  private constructor(host: Host, settings: Settings, opened: Opened) {
    this.#host = host;
    this.#settings = settings;
    this.#opened = opened;
    this.registry = opened.registry;
    const { gateway } = settings;
    const folder = resolve(settings.data_dir, 'gateway');
    this.password = gateway.auth.enabled ? gatewayPassword(gateway.auth.password_file, folder) : undefined;
    const { account, registry } = opened;
    this.#pools = new Pools({
      log: host.log,
      settings: gateway,
      logs: join(folder, 'logs'),
      hostOf: (kind) => this.#replicaHost(kind),
      secretsOf: (names) => registry.secrets.read(names),
      use: (deployed) => registry.use(deployed),
      onReady: ({ plan, pid, group }) =>
        account?.replicaStarted({ id: plan.id, function: plan.function, pid, group }),
      onEnded: (replica) => account?.replicaEnded(replica.plan.id, replica.cpuSeconds()),
    });
    this.#since = host.clock.wall();
    this.#clock = new EpochClock(host.clock);
    this.#ticking = setInterval(() => this.#clock.adjust(), CLOCK_MILLISECONDS).unref();
    const { power_cap_watts: capWatts } = gateway;
    this.#powerCap = capWatts && account ? new CallCap(capWatts, host.clock, account) : undefined;
    this.#desk = new CallDesk({
      clock: this.#clock,
      counters: this.#counters,
      account,
      tracer: opened.tracer,
      powerCap: this.#powerCap,
    });
    this.#calls = new CallFront(this.#desk, this.#pools, gateway);
  }

  /** Serves what is deployed already, as soon as it listens. */
  static async open(host: Host, settings: Settings, options: GatewayOptions): Promise<Gateway> {
    checkCap(settings.gateway);
    const { otlp_endpoint: endpoint } = settings.gateway;
    const [registry, local, containers, tracer, account] = await Promise.all([
      FunctionRegistry.open(host, settings),
      openLocalReplicas(host, settings),
      openDockerReplicas(host, settings),
      endpoint === undefined ? passingTracer : openOtlpTracer(host, { endpoint, version: options.version }),
      settings.gateway.account.enabled ? startAccountProcess(host, settings, options) : undefined,
    ]);
    const gateway = new Gateway(host, settings, { registry, local, containers, account, tracer });
    try {
      await gateway.#start(options);
      return gateway;
    } catch (error) {
      await gateway.close();
      throw error;
    }
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Takes no more calls, and waits for those that it has, until the signal says that it is enough. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#calls.refusal = DRAINING;
    if (this.#asyncFront) this.#asyncFront.refusal = DRAINING;
    this.#server?.stopListening();
    await this.#async?.drain(signal);
    while (this.#pools.busy > 0 && !signal.aborted)
      await this.#host.clock.sleep(DRAIN_MILLISECONDS / 1e3, signal);
  }

  /** Ends everything at once: asynchronous calls go on at the next start. */
  async close(): Promise<void> {
    clearInterval(this.#ticking);
    this.#powerCap?.close();
    await this.#functions?.close();
    this.events.close();
    await this.#async?.close();
    await this.#server?.close();
    const { local, containers, account, tracer } = this.#opened;
    await Promise.all([this.#pools.close(), local.close(), containers.close()]);
    await this.#recording?.stop();
    await Promise.all([account?.close(), tracer.close()]);
  }

  #replicaHost(kind: FunctionKind): ReplicaHost {
    const { local, containers } = this.#opened;
    return kind === 'image' ? containers : local;
  }

  async #start({ version, record }: GatewayOptions): Promise<void> {
    const { gateway, data_dir } = this.#settings;
    const { account, registry } = this.#opened;
    this.#async = await AsyncCalls.open({
      host: this.#host,
      folder: resolve(data_dir, 'gateway'),
      settings: gateway,
      invoke: invokeAsync(this.#desk, this.#pools),
      priorityOf: (name) => this.#pools.get(name)?.deployed.spec.priority ?? 0,
    });
    this.#asyncFront = new AsyncFront(this.#async, this.#pools);
    registry.onChange({
      deployed: (deployed) => {
        this.#pools.deploy(deployed);
        this.events.tell('deployed', { function: deployed.spec.name, version: deployed.version });
      },
      removed: ({ spec }) => {
        this.#pools.remove(spec.name);
        this.events.tell('removed', { function: spec.name });
      },
    });
    for (const deployed of registry.list()) this.#pools.deploy(deployed);
    account?.onTick((tick) => this.events.tell('tick', tick));
    account?.onUpdate((window) => this.events.tell('footprints', window));
    const { password } = this;
    const serve = routed({
      calls: this.#calls,
      async: this.#asyncFront,
      system: new SystemApi({
        registry,
        pools: this.#pools,
        counters: this.#counters,
        settings: gateway,
        version,
      }),
      wattloop: new WattloopApi({
        account,
        events: this.events,
        now: () => this.#desk.now(),
        more: this.#more(version),
        asyncCall: async (id) => this.#async?.status(id),
      }),
      auth: password && new BasicAuth(gateway.auth.user, password.text),
      metrics: (accept) => this.#metrics(askedFormat(accept)),
      ailment: () => this.#async?.ailment(),
      log: this.#host.log,
    });
    this.#server = await serveFront(gateway.listen, gateway, serve, this.#host.log);
    if (gateway.functions !== undefined) await this.#watch(gateway.functions);
    if (record !== undefined) this.#recording = await account?.recordTrace(record);
  }

  async #watch(path: string): Promise<void> {
    const watch = new FunctionWatch(this.registry, path, { host: this.#host, settings: this.#settings });
    this.#functions = watch;
    await watch.start();
  }

  #metrics(format: ExpositionFormat): { type: string; text: string } {
    const families = callFamilies(this.#counters, this.#pools, this.registry.list(), this.#since);
    if (this.#powerCap) families.push(...powerCapFamilies(this.#powerCap.report, this.#since));
    const own = exposition(families, format);
    const account = this.#opened.account?.metrics() ?? '';
    const text = format === 'openmetrics' ? openMetricsPage(own, asOpenMetrics(account)) : own + account;
    return { type: contentType(format), text };
  }

  #more(version: string): Record<string, () => unknown> {
    return {
      problems: () => Object.fromEntries(this.registry.problems()),
      async: () => this.#async?.stats(),
      'power-cap': () => this.#powerCap && powerCapJson(this.#powerCap.report),
      status: () => ({ account: this.#opened.account?.ailment() ?? null, version }),
    };
  }
}
