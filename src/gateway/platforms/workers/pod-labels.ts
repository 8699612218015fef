import { z } from 'zod';
import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import type { GroupIdentity, GroupNames, Names } from '../../../meter/index.js';

/** What is read of Kubernetes' list of pods. */
const podList = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(
    z.object({
      metadata: z.object({
        uid: z.string(),
        name: z.string(),
        namespace: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
      }),
    }),
  ),
});

interface Pod {
  readonly pod: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PodLabelsParts {
  /** Answers with the JSON at a path of the cluster's API. */
  readonly ask: (path: string) => Promise<unknown>;
  /** The node's name; without it the pods of all nodes are listed. */
  readonly node: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

const PAGE = 500;
/** A list that lacks a pod is asked for again, but not more often. */
const LEAST_SECONDS = 5;
/** Labels can be changed; a pod's name can not. */
const FRESH_SECONDS = 300;

/** Labels of pods, by their uid: known at once or later, never waited for. */
export class PodLabels {
  readonly #parts: PodLabelsParts;
  #pods = new Map<string, Pod>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #failure: string | undefined;

  constructor(parts: PodLabelsParts) {
    this.#parts = parts;
  }

  of(uid: string): Pod | undefined {
    const pod = this.#pods.get(uid);
    const age = this.#parts.clock.now() - this.#askedAt;
    if (!this.#isAsking && age >= (pod === undefined ? LEAST_SECONDS : FRESH_SECONDS)) void this.refresh();
    return pod;
  }

  /** Never rejects. */
  async refresh(): Promise<void> {
    const { clock, log } = this.#parts;
    this.#isAsking = true;
    try {
      this.#pods = await this.#list();
      if (this.#failure !== undefined) log.info('Kubernetes tells the labels of pods again');
      this.#failure = undefined;
    } catch (error) {
      const failure = messageOf(error);
      if (failure !== this.#failure)
        log.warn('Kubernetes does not tell the labels of pods', { error: failure });
      this.#failure = failure;
    }
    this.#askedAt = clock.now();
    this.#isAsking = false;
  }

  async #list(): Promise<Map<string, Pod>> {
    const { ask, node } = this.#parts;
    const found = new Map<string, Pod>();
    let from: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (node !== undefined) query.set('fieldSelector', `spec.nodeName=${node}`);
      if (from !== undefined) query.set('continue', from);
      const { items, metadata } = podList.parse(await ask(`/api/v1/pods?${query}`));
      for (const { metadata: pod } of items) {
        const known = this.#pods.get(pod.uid);
        const labels = pod.labels ?? {};
        // The same object while nothing changed: whoever has it need not look again.
        const isSame = known !== undefined && JSON.stringify(known.labels) === JSON.stringify(labels);
        found.set(pod.uid, isSame ? known : { pod: pod.name, namespace: pod.namespace, labels });
      }
      from = metadata?.continue;
    } while (from);
    return found;
  }
}

/** What engines say of containers, with what Kubernetes says of their pods. */
export class PodNames implements Names {
  readonly #names: Names;
  readonly #pods: Pick<PodLabels, 'of'>;

  constructor(names: Names, pods: Pick<PodLabels, 'of'>) {
    this.#names = names;
    this.#pods = pods;
  }

  of(identity: GroupIdentity): GroupNames {
    const names = this.#names.of(identity);
    const pod = identity.podUid === undefined ? undefined : this.#pods.of(identity.podUid);
    if (pod === undefined) return names;
    return {
      ...names,
      pod: names.pod ?? pod.pod,
      namespace: names.namespace ?? pod.namespace,
      labels: pod.labels,
    };
  }
}
