import { z } from 'zod';
import { type Host, messageOf } from '../../../base/index.js';
import { type DockerEngine, EngineRefusal } from '../../../compute/index.js';
import type { ServedCall } from '../../../model/index.js';
import type { Recognition, WorkerFacts } from '../rules/recognition.js';
import type { FeedSink, InvocationFeed } from './feed.js';
import { jsonLines } from './json-lines.js';

const event = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number(),
});

const listed = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    Image: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

export interface DockerFeedParts {
  readonly engine: Pick<DockerEngine, 'open' | 'call' | 'socketPath'>;
  readonly recognise: (facts: WorkerFacts) => Recognition | undefined;
  /** Told of every container that starts, before anyone meters it. */
  readonly onStart: (id: string) => void;
}

interface Run {
  readonly function: string;
  readonly startedAt: number;
}

const FILTERS = JSON.stringify({ type: ['container'], event: ['start', 'die'] });
const AGAIN_SECONDS = 5;
/** As a shell says of one that a signal ended. */
const KILLED = 137;

/** Containers that run for one call each, from Docker's events: started is begun, died is ended. */
export class DockerFeed implements InvocationFeed {
  readonly name = 'docker';
  readonly isOfCluster = false;
  readonly lateSeconds = 1;
  readonly #host: Host;
  readonly #parts: DockerFeedParts;
  readonly #stop = new AbortController();
  readonly #runs = new Map<string, Run>();
  #sink: FeedSink | undefined;
  #failure: string | undefined = 'Docker was not asked yet';
  #running: Promise<void> = Promise.resolve();

  constructor(host: Host, parts: DockerFeedParts) {
    this.#host = host;
    this.#parts = parts;
  }

  async open(sink: FeedSink): Promise<void> {
    this.#sink = sink;
    const events = await this.#begin();
    this.#running = this.#goOn(events);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  covers({ isOneCall }: Recognition): boolean {
    return isOneCall;
  }

  ailment(): string | undefined {
    return this.#failure;
  }

  async #begin(): Promise<AsyncIterable<unknown> | undefined> {
    const { engine } = this.#parts;
    try {
      const { signal } = this.#stop;
      // Before the list: what starts meanwhile is told.
      const events = await engine.open('GET', '/events', { query: { filters: FILTERS }, signal });
      const now = this.#host.clock.wall();
      const there = listed.parse(await engine.call('GET', '/containers/json'));
      for (const { Id: id, Names: names, Image: image, Labels: labels } of there) {
        this.#started(id, names[0]?.replace(/^\//, '') ?? id, image, labels ?? {}, now);
      }
      const living = new Set(there.map(({ Id: id }) => id));
      for (const id of this.#runs.keys()) {
        if (living.has(id)) continue;
        // Nobody saw it end.
        this.#runs.delete(id);
        this.#sink?.left(id, now);
      }
      if (this.#failure !== undefined) this.#host.log.debug('Docker tells of containers', {});
      this.#failure = undefined;
      return jsonLines(events);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  async #goOn(begun: AsyncIterable<unknown> | undefined): Promise<void> {
    const { signal } = this.#stop;
    for (let events = begun; !signal.aborted; ) {
      if (events !== undefined) await this.#follow(events);
      await this.#host.clock.sleep(AGAIN_SECONDS, signal);
      events = signal.aborted ? undefined : await this.#begin();
    }
  }

  async #follow(events: AsyncIterable<unknown>): Promise<void> {
    try {
      for await (const line of events) {
        const read = event.safeParse(line);
        if (read.success) this.#take(read.data);
      }
      throw new Error('Docker ended the stream of its events');
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail(error);
    }
  }

  #take({ Action, Actor: { ID, Attributes }, timeNano }: z.output<typeof event>): void {
    const at = timeNano / 1e9;
    const { name = ID, image = '', exitCode, ...labels } = Attributes;
    if (Action === 'start') this.#started(ID, name, image, labels, at);
    if (Action === 'die') this.#ended(ID, exitCode === undefined ? undefined : Number(exitCode), at);
  }

  #started(
    id: string,
    container: string,
    image: string,
    labels: Readonly<Record<string, string>>,
    at: number,
  ): void {
    this.#parts.onStart(id);
    if (this.#runs.has(id)) return;
    const recognition = this.#parts.recognise({ cgroup: `/docker/${id}`, container, image, labels });
    if (recognition?.function === undefined || !recognition.isOneCall) return;
    this.#runs.set(id, { function: recognition.function, startedAt: at });
    this.#sink?.began(id, recognition.function, at);
  }

  #ended(id: string, exitCode: number | undefined, at: number): void {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    this.#runs.delete(id);
    this.#sink?.ended(callOf(id, run, exitCode, at));
  }

  #fail(error: unknown): void {
    const why =
      error instanceof EngineRefusal ? `status ${error.status}: ${error.message}` : messageOf(error);
    if (this.#failure !== why) {
      this.#host.log.debug('Docker does not tell of containers', {
        socket: this.#parts.engine.socketPath,
        why,
      });
    }
    this.#failure = why;
  }
}

function callOf(id: string, run: Run, exitCode: number | undefined, endedAt: number): ServedCall {
  return {
    id,
    function: run.function,
    version: '',
    replica: id,
    attempt: 1,
    isAsync: false,
    arrivedAt: run.startedAt,
    startedAt: run.startedAt,
    endedAt: Math.max(run.startedAt, endedAt),
    cold: true,
    status: exitCode === 0 ? 'done' : exitCode === KILLED ? 'crashed' : 'failed',
    requestBytes: 0,
    responseBytes: 0,
  };
}
