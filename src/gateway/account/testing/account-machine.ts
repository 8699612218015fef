import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { OnlineAccount } from '../../../footprint/index.js';
import { NodeMonitor, type UsageSource } from '../../../meter/index.js';
import { FakeEnergy, FakeUsage } from '../../../meter/testing/fake-sources.js';
import type { ServedCall } from '../../../model/index.js';
import type { AccountedReplica } from '../account.js';
import type { CarbonNow } from '../carbon/carbon-now.js';
import { LocalAccount, type LocalAccountParts } from '../local-account.js';
import { FunctionObserver } from '../observe/function-observer.js';
import { MemoryStore } from '../store/memory-store.js';

/** A machine whose energy and CPU time a test turns by hand, with an account of its functions. */
export class AccountMachine {
  readonly clock: ManualClock;
  readonly rapl: FakeEnergy;
  readonly usage: FakeUsage;
  readonly replicas = new Map<string, number>();
  readonly store = new MemoryStore();
  readonly warnings: string[] = [];
  gatewaySeconds = 0;
  selfSeconds = 0;
  /** The monitor throws instead of ticking. */
  monitorFails = false;
  #keys = 0;

  constructor(clock = new ManualClock()) {
    this.clock = clock;
    this.rapl = new FakeEnergy(clock, 'rapl', ['package']);
    this.usage = new FakeUsage(clock, 'proc');
  }

  async open(parts: Partial<LocalAccountParts> = {}): Promise<LocalAccount> {
    const warn = (text: string): number => this.warnings.push(text);
    const log = { ...silentLogger, warn, error: warn };
    const observer = new FunctionObserver({
      meterReplica: ({ id }) => ({ cpuSeconds: () => this.replicas.get(id) ?? 0, close: () => undefined }),
      gateway: { cpuSeconds: () => this.gatewaySeconds, close: () => undefined },
      selfCpuSeconds: () => this.selfSeconds,
      selfPid: 1,
    });
    const monitor = await NodeMonitor.open(
      createHost({ clock: this.clock, log, env: {} }),
      [this.rapl, this.usage satisfies UsageSource],
      4,
      {
        primary: [],
        intervalSeconds: 0.1,
        disagreementWarning: 0.15,
        observer,
        idlePower: { learn: () => undefined },
        selfCpuSeconds: () => this.selfSeconds,
        maxPrincipals: 100,
      },
    );
    return new LocalAccount({
      clock: this.clock,
      log,
      monitor: {
        tick: () => {
          if (this.monitorFails) throw new Error('the monitor fails');
          return monitor.tick();
        },
      },
      observer,
      account: new OnlineAccount(),
      carbon: () => GRID,
      store: this.store,
      description: () => ({}),
      intervalSeconds: 1,
      updateSeconds: 5,
      version: '1.2.3',
      close: () => monitor.close(),
      ...parts,
    });
  }

  /** A replica, or the gateway, or another process works: the machine is busy and draws so much more. */
  work(who: string, cpuSeconds: number, watts = 20): void {
    if (who === 'gateway') this.gatewaySeconds += cpuSeconds;
    else if (who === 'wattloop') this.selfSeconds += cpuSeconds;
    else if (who !== 'os') this.replicas.set(who, (this.replicas.get(who) ?? 0) + cpuSeconds);
    this.usage.busySeconds = (this.usage.busySeconds ?? 0) + cpuSeconds;
    this.rapl.add('package', cpuSeconds * watts);
  }

  /** Time passes; the idle machine draws its power meanwhile. */
  async pass(seconds: number, idleWatts = this.rapl.idle ?? 0): Promise<void> {
    await settled();
    for (let left = seconds; left > 0; left -= 1) {
      const step = Math.min(1, left);
      this.rapl.add('package', idleWatts * step);
      this.clock.advance(step);
      await settled();
    }
  }

  /** Time passes at one blow, as where the process is held up. */
  async sleep(seconds: number, idleWatts = this.rapl.idle ?? 0): Promise<void> {
    await settled();
    this.rapl.add('package', idleWatts * seconds);
    this.clock.advance(seconds);
    await settled();
  }

  replica(id: string, name: string): AccountedReplica {
    return { id, function: name, pid: undefined, group: undefined };
  }

  key(): number {
    return ++this.#keys;
  }

  call(name: string, startedAt: number, endedAt: number, rest: Partial<ServedCall> = {}): ServedCall {
    return {
      ...CALL,
      id: `call-${this.#keys}`,
      function: name,
      arrivedAt: startedAt,
      startedAt,
      endedAt,
      ...rest,
    };
  }
}

export const GRID: CarbonNow = {
  gramsPerKilowattHour: 360,
  origin: 'as given',
  pue: 1,
  embodiedGramsPerSecond: undefined,
};

const CALL: ServedCall = {
  id: 'call',
  function: 'f',
  version: 'v1',
  replica: 'r1',
  attempt: 1,
  isAsync: false,
  arrivedAt: 0,
  startedAt: 0,
  endedAt: 0,
  cold: false,
  status: 'done',
  httpStatus: 200,
  requestBytes: 10,
  responseBytes: 20,
};

/** Lets promises and the event loop run until nothing of them is left to do now. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
