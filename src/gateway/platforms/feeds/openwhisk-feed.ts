import { z } from 'zod';
import type { Host } from '../../../base/index.js';
import type { ServedCall } from '../../../model/index.js';
import type { Recognition } from '../rules/recognition.js';
import type { FeedSink, InvocationFeed } from './feed.js';
import { Polling } from './polling.js';

/** What is read of a list of activations: https://github.com/apache/openwhisk/blob/master/docs/rest_api.md */
const activations = z.array(
  z.object({
    activationId: z.string(),
    namespace: z.string(),
    name: z.string(),
    /** Milliseconds since 1970; of what runs still there is no end. */
    start: z.number(),
    end: z.number().optional(),
    statusCode: z.number().optional(),
    annotations: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
  }),
);
type Activation = z.output<typeof activations>[number];

export interface OpenWhiskOptions {
  /** Address of the API, such as https://openwhisk:443. */
  readonly url: URL;
  /** `USER:PASSWORD`. */
  readonly auth: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly fetch: typeof fetch;
}

const PAGE = 200;
const MOST_PAGES = 50;
/** An activation is listed when it has ended, and by when it started: those that took long are looked for further back. */
const LOOK_BACK_SECONDS = 660;
/** How often all of that is gone through, and not only the newest. */
const DEEP_POLLS = 12;
const MOST_KNOWN = 100_000;

/** Calls of OpenWhisk's actions from its records of activations. */
export class OpenWhiskFeed implements InvocationFeed {
  readonly name = 'openwhisk';
  readonly isOfCluster = true;
  readonly lateSeconds: number;
  readonly #host: Host;
  readonly #options: OpenWhiskOptions;
  readonly #polling: Polling;
  /** Those that were told, the oldest first. */
  readonly #known = new Set<string>();
  #sink: FeedSink | undefined;
  #openedAt = 0;
  #polls = 0;

  constructor(host: Host, options: OpenWhiskOptions) {
    this.#host = host;
    this.#options = options;
    const { url, intervalSeconds } = options;
    this.lateSeconds = intervalSeconds + 2;
    this.#polling = new Polling(host, `OpenWhisk at ${url.origin}`, intervalSeconds, () => this.#poll());
  }

  open(sink: FeedSink): Promise<void> {
    this.#sink = sink;
    this.#openedAt = this.#host.clock.wall();
    return this.#polling.open();
  }

  close(): Promise<void> {
    return this.#polling.close();
  }

  covers({ platform, function: name }: Recognition): boolean {
    // Activations have their action's name, never that of a prewarmed container.
    return platform === 'openwhisk' && name?.startsWith('prewarm/') !== true;
  }

  ailment(): string | undefined {
    return this.#polling.failure;
  }

  get isAsking(): boolean {
    return this.#polling.isAsking;
  }

  async #poll(): Promise<void> {
    const isDeep = this.#polls++ % DEEP_POLLS === 0;
    const since = Math.floor((this.#host.clock.wall() - LOOK_BACK_SECONDS) * 1e3);
    for (let page = 0; page < MOST_PAGES; page++) {
      const listed = await this.#list(since, page * PAGE);
      let isNew = false;
      for (const activation of listed) isNew = this.#take(activation) || isNew;
      // The newest come first: where nothing is new, what is older is known as well.
      if (listed.length < PAGE || !(isNew || isDeep)) break;
    }
    for (const oldest of this.#known) {
      if (this.#known.size <= MOST_KNOWN) break;
      this.#known.delete(oldest);
    }
  }

  async #list(since: number, skip: number): Promise<Activation[]> {
    const { url, auth, timeoutSeconds, fetch: ask } = this.#options;
    const target = new URL('/api/v1/namespaces/_/activations', url);
    const query = { since: String(since), limit: String(PAGE), skip: String(skip) };
    target.search = new URLSearchParams(query).toString();
    const answer = await ask(target, {
      signal: AbortSignal.timeout(timeoutSeconds * 1e3),
      headers: {
        accept: 'application/json',
        ...(auth !== undefined && { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
      },
    });
    if (!answer.ok) throw new Error(`${target.pathname}: status ${answer.status}`);
    return activations.parse(await answer.json());
  }

  /** True when it was not known. */
  #take(activation: Activation): boolean {
    const { activationId: id, end } = activation;
    // What runs still is told when it has ended.
    if (end === undefined || end === 0 || this.#known.has(id)) return false;
    this.#known.add(id);
    if (end / 1e3 > this.#openedAt) this.#sink?.ended(callOf(activation));
    return true;
  }
}

/** OpenWhisk leaves everything but letters, digits and underscores out of names of containers. */
const plain = (name: string): string => name.replace(/[^\p{L}\p{N}_]/gu, '');

function callOf({ activationId, namespace, name, start, end = start, ...rest }: Activation): ServedCall {
  const annotation = (key: string): unknown => rest.annotations?.find((one) => one.key === key)?.value;
  const initMilliseconds = annotation('initTime');
  return {
    id: activationId,
    function: `${plain(namespace)}/${plain(name)}`,
    version: '',
    replica: '',
    attempt: 1,
    isAsync: false,
    arrivedAt: start / 1e3,
    startedAt: start / 1e3,
    endedAt: end / 1e3,
    // A container that had to be made ready for the action says how long that took.
    cold: initMilliseconds !== undefined,
    ...(typeof initMilliseconds === 'number' && { coldSeconds: initMilliseconds / 1e3 }),
    status: (rest.statusCode ?? 0) === 0 ? 'done' : 'failed',
    requestBytes: 0,
    responseBytes: 0,
  };
}
