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

/** A monitor of this machine as the settings want it. */
export function openMonitor(host: Host, settings: Settings, view: MonitorView): Promise<NodeMonitor> {
  const { methods, primary, interval_seconds, disagreement_warning } = settings.meter;
  const isOfProcesses = view === 'process';
  // Of the machine, not those that this process may run on (taskset).
  const logicalCpus = Math.max(1, cpus().length);
  return NodeMonitor.open(host, allSources(host, settings), logicalCpus, {
    // Whoever wants few sources of energy still wants to know who uses it.
    methods: methods && ([...methods, 'ebpf', 'cgroup', 'proc'] satisfies SourceName[]),
    primary,
    intervalSeconds: interval_seconds,
    disagreementWarning: disagreement_warning,
    observer: observerFor(view, host, settings),
    idlePower: new LearntIdlePower(),
    // Where processes are told apart, those that Wattloop starts are told apart too.
    selfCpuSeconds: isOfProcesses ? processScope.cpuSeconds : selfWithChildren(host),
    maxPrincipals: isOfProcesses ? MOST_PROCESSES : settings.agent.max_workloads,
  });
}
