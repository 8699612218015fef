import { type Host, messageOf } from '../../base/index.js';
import { OnlineAccount } from '../../footprint/index.js';
import { HelpedProcess, type NodeMonitor, openObservedMonitor } from '../../meter/index.js';
import type { Settings, SourceName } from '../../model/index.js';
import { constantCarbon } from './core/constant-carbon.js';
import { LocalAccount } from './local-account.js';
import { FunctionObserver } from './observe/function-observer.js';
import { replicaMeters } from './observe/replica-meter.js';
import type { AccountStore } from './store/account-store.js';
import { MemoryStore } from './store/memory-store.js';

export interface OpenAccountOptions {
  /** The process that is the control plane; absent where none of ours is. */
  readonly gatewayPid?: number;
  readonly version: string;
  /** The machine's counters as they were shown before, where another process kept the account. */
  readonly counters?: Readonly<Record<string, number>>;
}

/** Sources of CPU time by process and group: replicas' groups are read one by one here, which is cheaper. */
const NOT_NEEDED: readonly SourceName[] = ['ebpf', 'cgroup', 'perf'];

/** Principals beside functions. */
const OTHERS = 16;

/** Opens the account of this machine's functions in this process. */
export async function openAccount(
  host: Host,
  settings: Settings,
  options: OpenAccountOptions,
): Promise<LocalAccount> {
  const { gatewayPid, version, counters } = options;
  const { max_functions: maxFunctions, account } = settings.gateway;
  const observer = new FunctionObserver({
    meterReplica: replicaMeters(host),
    ...(gatewayPid !== undefined && { gateway: new HelpedProcess(host, gatewayPid) }),
    selfCpuSeconds: () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    selfPid: process.pid,
  });
  const monitor: NodeMonitor = await openObservedMonitor(host, settings, observer, {
    maxPrincipals: maxFunctions + OTHERS,
    without: NOT_NEEDED,
  });
  const carbon = constantCarbon(settings.carbon);
  const store: AccountStore = new MemoryStore();
  return new LocalAccount({
    clock: host.clock,
    log: host.log,
    monitor,
    observer,
    account: new OnlineAccount({ powers: { maxFunctions } }),
    carbon: () => carbon,
    store,
    intervalSeconds: account.interval_seconds,
    updateSeconds: account.update_seconds,
    version,
    ...(counters && { counters }),
    close: async () => {
      observer.close();
      try {
        await monitor.close();
      } catch (error) {
        host.log.warn('the monitor did not close in order', { error: messageOf(error) });
      }
    },
  });
}
