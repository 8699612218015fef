import type { ContainerRuntime, GroupIdentity } from '../cgroup/container.js';
import type { ContainerDescription, DockerNames } from '../cgroup/docker-names.js';
import {
  CONTAINER_NAME,
  type KubeletNames,
  POD_NAME,
  POD_NAMESPACE,
  type PodDescription,
} from '../cgroup/kubelet-names.js';

/** What is known of a container or pod beyond its group's path. */
export interface GroupNames {
  readonly name?: string | undefined;
  readonly image?: string | undefined;
  readonly container?: string | undefined;
  readonly pod?: string | undefined;
  readonly namespace?: string | undefined;
  /** Of the container or its pod; the same object for as long as nothing new is known. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What engines call containers and pods: known at once or later, never waited for. */
export interface Names {
  of(identity: GroupIdentity): GroupNames;
}

/** Engines that answer on Docker's socket, or may do so. */
const ASKED: readonly (ContainerRuntime | undefined)[] = ['docker', 'podman', 'unknown'];

/** Names from Docker's socket and from the kubelet's folders. */
export class EngineNames implements Names {
  readonly #docker: Pick<DockerNames, 'known'>;
  readonly #kubelet: Pick<KubeletNames, 'known' | 'pod'>;

  constructor(docker: Pick<DockerNames, 'known'>, kubelet: Pick<KubeletNames, 'known' | 'pod'>) {
    this.#docker = docker;
    this.#kubelet = kubelet;
  }

  of({ containerId, podUid, runtime }: GroupIdentity): GroupNames {
    const described =
      containerId === undefined
        ? undefined
        : ((ASKED.includes(runtime) ? this.#docker.known(containerId) : undefined) ??
          (podUid === undefined ? undefined : this.#kubelet.known(containerId)));
    const inPod = podUid === undefined ? undefined : this.#kubelet.pod(podUid);
    return namesFrom(described, inPod);
  }
}

function namesFrom(
  described: ContainerDescription | undefined,
  inPod: PodDescription | undefined,
): GroupNames {
  const labels = described?.labels ?? {};
  const { [POD_NAME]: pod = inPod?.pod, [POD_NAMESPACE]: namespace = inPod?.namespace } = labels;
  const container = labels[CONTAINER_NAME] ?? described?.name;
  const path = [namespace, pod, container].filter((part) => part !== undefined && part !== '');
  const name = pod === undefined ? described?.name : path.join('/');
  return { name, image: described?.image, container, pod, namespace, labels: described?.labels };
}
