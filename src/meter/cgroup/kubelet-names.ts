import { type Clock, listIfAny } from '../../base/index.js';
import type { ContainerDescription } from './docker-names.js';

/** Kubernetes' names, as container runtimes give them in labels. */
export const POD_NAME = 'io.kubernetes.pod.name';
export const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
export const CONTAINER_NAME = 'io.kubernetes.container.name';

export interface PodDescription {
  readonly pod: string;
  readonly namespace: string;
}

// Neither a pod's nor a namespace's nor a container's name can hold an underscore.
const CONTAINER_LOG = /^([^_]+)_([^_]+)_([^_]+)-([0-9a-f]{64})\.log$/;
const POD_LOGS = /^([^_]+)_([^_]+)_([0-9a-f-]{32,36})$/;

/** How often the folders are looked at when someone is asked for that is not known. */
const RELIST_SECONDS = 10;

/**
 * Names of pods and their containers from the names that the kubelet gives to their log files: `containers/POD_NAMESPACE_CONTAINER-ID.log`
 * and `pods/NAMESPACE_POD_UID`. Any container runtime, no daemon is asked, no rights beyond listing two folders.
 */
export class KubeletNames {
  readonly #folder: string;
  readonly #clock: Clock;
  #containers = new Map<string, ContainerDescription>();
  #pods = new Map<string, PodDescription>();
  #listedAt = Number.NEGATIVE_INFINITY;

  /** `folder` is where the kubelet logs: `/var/log`. */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  known(containerId: string): ContainerDescription | undefined {
    return this.#containers.get(containerId) ?? this.#again().#containers.get(containerId);
  }

  pod(uid: string): PodDescription | undefined {
    return this.#pods.get(uid) ?? this.#again().#pods.get(uid);
  }

  #again(): this {
    const now = this.#clock.now();
    if (now - this.#listedAt < RELIST_SECONDS) return this;
    this.#listedAt = now;
    // Made anew: what is gone is forgotten with it.
    this.#containers = new Map();
    this.#pods = new Map();
    for (const name of listIfAny(`${this.#folder}/containers`)) {
      const [, pod, namespace, container, id] = CONTAINER_LOG.exec(name) ?? [];
      if (pod === undefined || namespace === undefined || container === undefined || id === undefined)
        continue;
      const labels = { [POD_NAME]: pod, [POD_NAMESPACE]: namespace, [CONTAINER_NAME]: container };
      this.#containers.set(id, { name: container, image: '', labels });
    }
    for (const name of listIfAny(`${this.#folder}/pods`)) {
      const [, namespace, pod, uid] = POD_LOGS.exec(name) ?? [];
      if (namespace !== undefined && pod !== undefined && uid !== undefined)
        this.#pods.set(uid, { pod, namespace });
    }
    return this;
  }
}
