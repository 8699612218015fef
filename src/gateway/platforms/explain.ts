import type { Host } from '../../base/index.js';
import { openObservedMonitor } from '../../meter/index.js';
import type { Principal, Settings } from '../../model/index.js';
import { openObserver } from './open-observer.js';
import type { Recognition, WorkerFacts } from './rules/recognition.js';

/** What one workload was recognised as, and what is known of it that rules may speak of. */
export interface ExplainedWorker {
  readonly workload: string;
  readonly type: Principal['kind'];
  readonly id: string;
  readonly role: Recognition['role'] | 'unknown';
  readonly function: string | undefined;
  readonly platform: string | undefined;
  readonly rule: string | undefined;
  readonly facts: Omit<WorkerFacts, 'process'>;
}

/** Engines and clusters are asked for names beside the work: they have so long to answer. */
const LOOKS = 8;
const LOOK_SECONDS = 0.25;

/** Looks at this machine's workloads once: whom the rules of the settings take them for. Meters no energy. */
export async function explainWorkers(host: Host, settings: Settings): Promise<ExplainedWorker[]> {
  const { observer } = openObserver(host, settings);
  const usageOnly: Settings = {
    ...settings,
    meter: { ...settings.meter, methods: ['cgroup', 'proc'] },
  };
  const monitor = await openObservedMonitor(host, usageOnly, observer, {
    maxPrincipals: settings.agent.max_workloads,
    // It tells only of those that work: here those that rest are asked for too.
    without: ['ebpf'],
  });
  try {
    for (let look = 0; look < LOOKS; look++) {
      await host.clock.sleep(LOOK_SECONDS);
      monitor.tick();
    }
    const { shares } = monitor.tick();
    return shares
      .filter(({ principal, isGone }) => !isGone && principal.kind !== 'wattloop')
      .map(({ principal }) => explained(principal, observer))
      .sort(byRole);
  } finally {
    observer.close();
    await monitor.close();
  }
}

function explained(
  principal: Principal,
  observer: ReturnType<typeof openObserver>['observer'],
): ExplainedWorker {
  const recognition = observer.recognitionOf(principal);
  const { cgroup = '' } = principal.labels;
  const { container, image, pod, namespace, labels } = observer.factsOf(cgroup);
  return {
    workload: principal.name,
    type: principal.kind,
    id: principal.key,
    role: recognition?.role ?? 'unknown',
    function: recognition?.function,
    platform: recognition?.platform,
    rule: recognition?.rule,
    facts: { cgroup, container, image, pod, namespace, labels },
  };
}

const ROLES: readonly ExplainedWorker['role'][] = ['function', 'control-plane', 'none', 'unknown'];

const byRole = (a: ExplainedWorker, b: ExplainedWorker): number =>
  ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || (a.workload < b.workload ? -1 : 1);
