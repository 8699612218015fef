import { cpus } from 'node:os';
import type { Host } from '../../base/index.js';
import type { Settings, SourceName } from '../../model/index.js';
import { DockerNames } from '../cgroup/docker-names.js';
import { KubeletNames } from '../cgroup/kubelet-names.js';
import { allSources } from '../sources/index.js';
import { processScope } from '../span/span.js';
import { EngineNames } from './container-names.js';
import { GroupObserver } from './group-observer.js';
import { LearntIdlePower } from './idle-power.js';
import { NodeMonitor } from './node-monitor.js';
import type { Observer } from './observer.js';
import { ownPath } from './own-path.js';
import { PathObserver } from './path-observer.js';
import { ProcessObserver } from './process-observer.js';
import { selfWithChildren } from './self-cpu.js';

/** What principals are told apart by. */
export const MONITOR_VIEWS = ['process', 'container', 'cgroup'] as const;
export type MonitorView = (typeof MONITOR_VIEWS)[number];

/** Of processes there may be many more than a page of metrics could hold. */
const MOST_PROCESSES = 50_000;

function observerFor(view: MonitorView, host: Host, settings: Settings): Observer {
  if (view === 'process') return new ProcessObserver(process.pid);
  if (view === 'cgroup') return new PathObserver(ownPath(host, settings));
  const { docker_socket, kubelet_logs } = settings.agent;
  const docker = new DockerNames({
    socketPath: docker_socket ?? settings.docker.socket,
    clock: host.clock,
  });
  const names = new EngineNames(docker, new KubeletNames(kubelet_logs, host.clock));
  return new GroupObserver(names, ownPath(host, settings));
}

export interface ObservedMonitorOptions {
  /** Principals that are listed at most. */
  readonly maxPrincipals: number;
  /** Sources that are not opened, unless the settings name them. */
  readonly without?: readonly SourceName[];
  /** CPU seconds of Wattloop's own metering so far; this process and what it ran when not given. */
  readonly selfCpuSeconds?: () => number;
}

/** A monitor of this machine as the settings want it, with an observer of one's own. */
export function openObservedMonitor(
  host: Host,
  settings: Settings,
  observer: Observer,
  options: ObservedMonitorOptions,
): Promise<NodeMonitor> {
  const { methods, primary, interval_seconds, disagreement_warning } = settings.meter;
  const { maxPrincipals, without = [], selfCpuSeconds = selfWithChildren(host) } = options;
  // Of the machine, not those that this process may run on (taskset).
  const logicalCpus = Math.max(1, cpus().length);
  const sources = allSources(host, settings).filter(
    ({ name }) => methods?.includes(name) || !without.includes(name),
  );
  return NodeMonitor.open(host, sources, logicalCpus, {
    // Whoever wants few sources of energy still wants to know who uses it.
    methods: methods && ([...methods, 'ebpf', 'cgroup', 'proc'] satisfies SourceName[]),
    primary,
    intervalSeconds: interval_seconds,
    disagreementWarning: disagreement_warning,
    observer,
    idlePower: new LearntIdlePower(),
    selfCpuSeconds,
    maxPrincipals,
  });
}

/** A monitor of this machine as the settings want it. */
export function openMonitor(host: Host, settings: Settings, view: MonitorView): Promise<NodeMonitor> {
  const observer = observerFor(view, host, settings);
  return view === 'process'
    ? openObservedMonitor(host, settings, observer, {
        maxPrincipals: MOST_PROCESSES,
        // Where processes are told apart, those that Wattloop starts are told apart too.
        selfCpuSeconds: processScope.cpuSeconds,
      })
    : openObservedMonitor(host, settings, observer, { maxPrincipals: settings.agent.max_workloads });
}
