export type QosClass = 'guaranteed' | 'burstable' | 'besteffort';

export type ContainerRuntime = 'docker' | 'containerd' | 'cri-o' | 'podman' | 'lxc' | 'nspawn' | 'unknown';

/** What a group's path says about whose it is. */
export interface GroupIdentity {
  readonly kind: 'container' | 'pod' | 'service' | 'scope' | 'slice' | 'other';
  /** Short, for people: `docker:3f2a…`, `pod:…`, `nginx.service`, or the path's last part. */
  readonly name: string;
  readonly runtime?: ContainerRuntime;
  readonly containerId?: string;
  readonly podUid?: string;
  readonly qos?: QosClass;
  /** The systemd service or scope that the group is or is within. */
  readonly service?: string;
}

interface Container {
  readonly runtime: ContainerRuntime;
  readonly id: string;
}

const ID = '[0-9a-f]{64}';
const SHORT = 12;

/** Scopes that engines make through systemd, by prefix. CRI names are containerd's unless a name of its own says otherwise. */
const SCOPES: readonly (readonly [RegExp, ContainerRuntime])[] = [
  [new RegExp(`^docker-(${ID})\\.scope$`), 'docker'],
  [new RegExp(`^cri-containerd-(${ID})\\.scope$`), 'containerd'],
  [new RegExp(`^containerd-(${ID})\\.scope$`), 'containerd'],
  [new RegExp(`^nerdctl-(${ID})\\.scope$`), 'containerd'],
  [new RegExp(`^crio-(${ID})(?:\\.scope)?$`), 'cri-o'],
  [new RegExp(`^libpod-(${ID})(?:\\.scope)?$`), 'podman'],
];

const BARE = new RegExp(`^(?:(cri-containerd|crio|docker):)?(${ID})$`);
const NAMED: Readonly<Record<string, ContainerRuntime>> = {
  'cri-containerd': 'containerd',
  crio: 'cri-o',
  docker: 'docker',
};

// Groups that an engine's monitor makes for itself beside the container.
const MONITOR = /^(crio|libpod)-conmon-/;
const POD =
  /^(?:(?:.+-)?kubepods(?:-(burstable|besteffort))?-)?pod([0-9a-f]{8}[-_][0-9a-f_-]{27}|[0-9a-f]{32})(?:\.slice)?$/;
// A cgroupfs engine that is given systemd's names (slice:engine:id) makes one group of them.
const OUT_OF_SLICE = /\.slice:((?:cri-containerd|crio|docker):)/;
const UNIT = /\.(service|scope)$/;

function containerOf(part: string, before: readonly string[]): Container | undefined {
  if (MONITOR.test(part)) return undefined;
  for (const [pattern, runtime] of SCOPES) {
    const id = pattern.exec(part)?.[1];
    if (id !== undefined) return { runtime, id };
  }
  const [, engine, bare] = BARE.exec(part) ?? [];
  const parent = before.at(-1) ?? '';
  if (bare !== undefined) return { runtime: NAMED[engine ?? ''] ?? runtimeBelow(parent), id: bare };
  const lxc = /^lxc(?:\.payload)?[./](.+)$/.exec(part)?.[1] ?? (parent === 'lxc' ? part : undefined);
  if (lxc !== undefined && !lxc.startsWith('monitor')) return { runtime: 'lxc', id: lxc };
  const machine = /^machine-(.+)\.scope$/.exec(part)?.[1];
  return machine === undefined ? undefined : { runtime: 'nspawn', id: unescaped(machine) };
}

/** Which engine made a group that is named by an id alone, from the group above it. */
function runtimeBelow(parent: string): ContainerRuntime {
  if (parent === 'docker') return 'docker';
  if (parent === 'libpod_parent') return 'podman';
  if (/^(containerd|nerdctl|k8s\.io|default|moby)$/.test(parent)) return 'containerd';
  // Below a pod by the cgroupfs driver any CRI engine may have made it.
  return 'unknown';
}

/** systemd writes characters that a unit name can't have as \xNN. */
const unescaped = (name: string): string =>
  name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** systemd's slices write the uid's dashes as underscores; static pods have a hash without any. */
const uidOf = (text: string): string => text.replaceAll('_', '-');

function qosOf(parts: readonly string[], inName: string | undefined): QosClass {
  const named = [inName, ...parts].find((part) => part !== undefined && /burstable|besteffort/.test(part));
  if (named === undefined) return 'guaranteed';
  return named.includes('burstable') ? 'burstable' : 'besteffort';
}

/**
 * Whose group it is, by its path alone: no daemon is asked. Of containers within containers (docker in docker, a cluster in
 * a container) the innermost counts; a group that a container made within itself belongs to that container.
 */
export function recognise(path: string): GroupIdentity {
  const parts = path
    .replace(OUT_OF_SLICE, '.slice/$1')
    .split('/')
    .filter((part) => part !== '');
  let container: Container | undefined;
  let containerAt = -1;
  let pod: { readonly uid: string; readonly qos: QosClass; readonly at: number } | undefined;
  let service: string | undefined;
  for (const [at, part] of parts.entries()) {
    const before = parts.slice(0, at);
    const found = containerOf(part, before);
    if (found) [container, containerAt] = [found, at];
    const [, qos, uid] = POD.exec(part) ?? [];
    if (uid !== undefined) pod = { uid: uidOf(uid), qos: qosOf(before.slice(-2), qos), at };
    if (UNIT.test(part) && !found) service = unescaped(part);
  }
  const inPod = pod === undefined ? {} : { podUid: pod.uid, qos: pod.qos };
  const inService = service === undefined ? {} : { service };
  if (container && (pod === undefined || containerAt > pod.at)) {
    const short = /^[0-9a-f]{64}$/.test(container.id) ? container.id.slice(0, SHORT) : container.id;
    const label = container.runtime === 'unknown' ? 'container' : container.runtime;
    return {
      kind: 'container',
      name: `${label}:${short}`,
      runtime: container.runtime,
      containerId: container.id,
      ...inPod,
      ...inService,
    };
  }
  if (pod) return { kind: 'pod', name: `pod:${pod.uid}`, podUid: pod.uid, qos: pod.qos };
  const last = unescaped(parts.at(-1) ?? '/');
  if (service !== undefined) {
    return { kind: service.endsWith('.service') ? 'service' : 'scope', name: service, service };
  }
  return { kind: last.endsWith('.slice') ? 'slice' : 'other', name: last };
}
