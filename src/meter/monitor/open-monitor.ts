import { availableParallelism } from 'node:os';
import type { Host } from '../../base/index.js';
import type { Settings, SourceName } from '../../model/index.js';
import { DockerNames } from '../cgroup/docker-names.js';
import { detectLayout, groupOfProcess } from '../cgroup/layout.js';
import { allSources } from '../sources/index.js';
import { processScope } from '../span.js';
import { GroupObserver } from './group-observer.js';
import { LearntIdlePower } from './idle-power.js';
import { NodeMonitor, type Observer } from './node-monitor.js';
import { PathObserver } from './path-observer.js';
import { ProcessObserver } from './process-observer.js';

/** What principals are told apart by. */
export const MONITOR_VIEWS = ['process', 'container', 'cgroup'] as const;
export type MonitorView = (typeof MONITOR_VIEWS)[number];

function observerFor(view: MonitorView, host: Host, settings: Settings): Observer {
  if (view === 'process') return new ProcessObserver(process.pid);
  const layout = detectLayout(host);
  const own = layout && host.live ? groupOfProcess(host, layout.cpu, 'self') : undefined;
  if (view === 'cgroup') return new PathObserver(own);
  const names = new DockerNames({ socketPath: settings.agent.docker_socket, clock: host.clock });
  return new GroupObserver(names, own);
}

/** A monitor of this machine as the settings want it. */
export function openMonitor(host: Host, settings: Settings, view: MonitorView): Promise<NodeMonitor> {
  const { methods, primary, interval_seconds, disagreement_warning } = settings.meter;
  return NodeMonitor.open(host, allSources(host, settings), availableParallelism(), {
    // Whoever wants few sources of energy still wants to know who uses it.
    methods: methods && ([...methods, 'ebpf', 'cgroup', 'proc'] satisfies SourceName[]),
    primary,
    intervalSeconds: interval_seconds,
    disagreementWarning: disagreement_warning,
    observer: observerFor(view, host, settings),
    idlePower: new LearntIdlePower(),
    selfCpuSeconds: processScope.cpuSeconds,
  });
}
