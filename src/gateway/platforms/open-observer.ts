import type { Host } from '../../base/index.js';
import {
  DockerNames,
  EngineNames,
  GroupObserver,
  groupPaths,
  KubeletNames,
  type Names,
  ownPath,
} from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import { rulesFor } from './ready-made/rules-for.js';
import { RuleSet } from './rules/rule-set.js';
import { askKubernetes, clusterAround } from './workers/kubernetes-api.js';
import { PlatformObserver } from './workers/platform-observer.js';
import { PodLabels, PodNames } from './workers/pod-labels.js';
import { WorkerProcesses } from './workers/worker-processes.js';

export interface OpenedObserver {
  readonly observer: PlatformObserver;
  readonly rules: RuleSet;
  /** Asks an engine for a container's name before anyone needs it. */
  readonly expect: (containerId: string) => void;
}

/** Tells this machine's workloads apart, and whose they are by the rules of the settings. */
export function openObserver(host: Host, settings: Settings): OpenedObserver {
  const { platforms, rules: own } = settings.agent;
  const rules = new RuleSet(rulesFor(platforms, own));
  const docker = new DockerNames({
    socketPath: settings.agent.docker_socket ?? settings.docker.socket,
    clock: host.clock,
  });
  const names = namesOf(host, settings, docker);
  const pathOf = groupPaths(host, settings);
  const observer = new PlatformObserver({
    groups: new GroupObserver(names, ownPath(host, settings)),
    names,
    rules,
    ...(rules.hasProcessRules && {
      processes: (of: PlatformObserver) =>
        new WorkerProcesses({
          host,
          rules,
          groupOf: (pid) => of.source && pathOf(of.source, pid),
          factsOf: (group) => of.factsOf(group),
          isRecognised: (group) => of.isRecognised(group),
        }),
    }),
  });
  return { observer, rules, expect: (id) => void docker.known(id) };
}

function namesOf(host: Host, settings: Settings, docker: DockerNames): Names {
  const engines = new EngineNames(docker, new KubeletNames(settings.agent.kubelet_logs, host.clock));
  const { labels, node = host.env.NODE_NAME } = settings.agent.kubernetes;
  const cluster = labels ? clusterAround(host) : undefined;
  if (cluster === undefined) return engines;
  const { clock, log } = host;
  const ask = (path: string): Promise<unknown> => askKubernetes(cluster, path);
  return new PodNames(engines, new PodLabels({ ask, node: node || undefined, clock, log }));
}
