import { type Host, messageOf, systemCode } from '../../base/index.js';
import type { DockerSettings } from '../../model/index.js';
import { listedImages } from './answers.js';
import type { DockerEngine } from './engine.js';
import { listedName } from './image-name.js';
import { findReach, type Reach } from './network.js';

/** What is known of the engine now. */
export type EngineState =
  | { readonly isThere: false; readonly why: string }
  | { readonly isThere: true; readonly reach: Reach | { readonly refusal: string } };

const FIRST_RETRY_SECONDS = 1;
const RETRY_GROWTH = 2;
const LONGEST_RETRY_SECONDS = 30;
const EVENTS = JSON.stringify({ type: ['image', 'network'] });

/** Why an engine does not answer on its socket, with what would mend it. */
function whyAbsent(socketPath: string, error: unknown): string {
  switch (systemCode(error)) {
    case 'ENOENT':
      return `no Docker engine answers on ${socketPath}: start it, or name its socket in docker.socket`;
    case 'ECONNREFUSED':
      return `the Docker engine of ${socketPath} does not run: start it`;
    case 'EACCES':
      return `there is no right to use ${socketPath}: run as root, or as a user of the group "docker"`;
    default:
      return `the Docker engine of ${socketPath} does not answer: ${messageOf(error)}`;
  }
}

/** Knows at any moment whether the engine is there and which images it has: it is told of changes, so that nobody waits. */
export class EngineWatch {
  readonly #host: Host;
  readonly #engine: DockerEngine;
  readonly #settings: DockerSettings;
  readonly #stop = new AbortController();
  #state: EngineState = { isThere: false, why: 'the Docker engine was not asked yet' };
  #images: ReadonlySet<string> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(host: Host, engine: DockerEngine, settings: DockerSettings) {
    this.#host = host;
    this.#engine = engine;
    this.#settings = settings;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Undefined while nobody knows. */
  hasImage(image: string): boolean | undefined {
    const images = this.#images;
    if (images === undefined) return undefined;
    if (images.has(listedName(image))) return true;
    // An id, or a part of one, is for the engine to find.
    return /^(sha256:)?[0-9a-f]{4,64}$/.test(image) ? undefined : false;
  }

  /** Asks for the first time; then goes on in the background. */
  async open(): Promise<void> {
    const begun = await this.#begin();
    this.#running = this.#goOn(begun);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The stream of changes, once what changes is known. */
  async #begin(): Promise<AsyncIterable<unknown> | undefined> {
    try {
      const { signal } = this.#stop;
      // Before the lists are asked for: what changes meanwhile is told.
      const events = await this.#engine.open('GET', '/events', { query: { filters: EVENTS }, signal });
      await this.#look();
      return events;
    } catch (error) {
      this.#images = undefined;
      this.#state = { isThere: false, why: whyAbsent(this.#engine.socketPath, error) };
      return undefined;
    }
  }

  async #look(): Promise<void> {
    const reach = await findReach(this.#host, this.#engine, this.#settings);
    const images = listedImages.parse(await this.#engine.call('GET', '/images/json'));
    this.#images = new Set(
      images.flatMap(({ Id, RepoTags, RepoDigests }) => [Id, ...(RepoTags ?? []), ...(RepoDigests ?? [])]),
    );
    this.#state = { isThere: true, reach };
  }

  async #goOn(begun: AsyncIterable<unknown> | undefined): Promise<void> {
    const { signal } = this.#stop;
    let events = begun;
    let wait = FIRST_RETRY_SECONDS;
    while (!signal.aborted) {
      if (events !== undefined) {
        wait = FIRST_RETRY_SECONDS;
        await this.#follow(events);
      }
      await this.#host.clock.sleep(wait, signal);
      wait = Math.min(LONGEST_RETRY_SECONDS, wait * RETRY_GROWTH);
      if (!signal.aborted) events = await this.#begin();
    }
  }

  async #follow(events: AsyncIterable<unknown>): Promise<void> {
    try {
      for await (const _ of events) await this.#look();
      throw new Error('it ended the stream of its events');
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#images = undefined;
      this.#state = { isThere: false, why: whyAbsent(this.#engine.socketPath, error) };
    }
  }
}
