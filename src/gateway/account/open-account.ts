import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Host, messageOf } from '../../base/index.js';
import { chooseServer, OnlineAccount } from '../../footprint/index.js';
import { HelpedProcess, openObservedMonitor } from '../../meter/index.js';
import type { Settings, SourceName, TraceDescription } from '../../model/index.js';
import { type CarbonSource, openCarbon } from './carbon/carbon-source.js';
import { LocalAccount } from './local-account.js';
import { FunctionObserver } from './observe/function-observer.js';
import { replicaMeters } from './observe/replica-meter.js';
import { AccountFiles } from './store/account-files.js';
import { openStore } from './store/open-store.js';

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

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Opens the account of this machine's functions in this process. */
export async function openAccount(
  host: Host,
  settings: Settings,
  options: OpenAccountOptions,
): Promise<LocalAccount> {
  const { gatewayPid, version, counters } = options;
  const { max_functions: maxFunctions, account: intervals } = settings.gateway;
  // First what the settings may have wrong.
  const carbon = openCarbon(host, settings.carbon);
  const observer = new FunctionObserver({
    meterReplica: replicaMeters(host),
    ...(gatewayPid !== undefined && { gateway: new HelpedProcess(host, gatewayPid) }),
    selfCpuSeconds: ownCpuSeconds,
    selfPid: process.pid,
  });
  const monitor = await openObservedMonitor(host, settings, observer, {
    maxPrincipals: maxFunctions + OTHERS,
    without: NOT_NEEDED,
  });
  const files = new AccountFiles(join(settings.data_dir, 'gateway'), host.log);
  const { clock, log } = host;
  return new LocalAccount({
    clock,
    log,
    monitor,
    observer,
    account: onlineAccount(host, maxFunctions, files),
    carbon: () => carbon.now(),
    store: await openStore(host, settings),
    files,
    description: () => describe(settings, carbon),
    intervalSeconds: intervals.interval_seconds,
    updateSeconds: intervals.update_seconds,
    version,
    ...(counters && { counters }),
    close: async () => {
      carbon.close();
      observer.close();
      await monitor.close();
    },
  });
}

/** With what was learnt before, if that can be used. */
function onlineAccount(host: Host, maxFunctions: number, files: AccountFiles): OnlineAccount {
  const options = { powers: { maxFunctions } };
  const model = files.readModel();
  if (model === undefined) return new OnlineAccount(options);
  try {
    return new OnlineAccount(options, model);
  } catch (error) {
    host.log.warn('what was learnt of functions’ power can’t be used: it is learnt anew', {
      error: messageOf(error),
    });
    return new OnlineAccount(options);
  }
}

function describe(settings: Settings, carbon: CarbonSource): TraceDescription {
  const { embodied } = settings.carbon;
  const server = chooseServer(embodied);
  return {
    // Of the machine, not those that this process may run on.
    cores: Math.max(1, cpus().length),
    carbonGramsPerKilowattHour: carbon.now().gramsPerKilowattHour,
    ...(server && {
      embodiedKilograms: server.kilograms * embodied.share,
      lifetimeYears: server.lifetimeYears,
    }),
  };
}
