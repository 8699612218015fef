import { request } from 'node:http';
import { type Clock, systemClock } from '../../base/index.js';

/** What Docker calls a container. */
export interface ContainerDescription {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DockerNamesOptions {
  /** The engine's socket; Podman's (`/run/podman/podman.sock`) speaks the same language. */
  readonly socketPath?: string;
  readonly clock?: Clock;
  /** How long an answer is kept: a container can be renamed. */
  readonly keepSeconds?: number;
  /**
   * How long "not known" is kept at most: a container can be older than its name, and an engine busy. At first it is asked
   * again much sooner.
   */
  readonly retrySeconds?: number;
  readonly timeoutSeconds?: number;
}

interface Answer {
  readonly found: Promise<ContainerDescription | undefined>;
  /** What `found` came to, or what was known before. */
  value: ContainerDescription | undefined;
  /** How often in a row the engine did not tell. */
  failures: number;
  until: number;
}

const FIRST_RETRY_SECONDS = 0.5;
const RETRY_GROWTH = 4;

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const REMEMBERED = 4096;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function describe(text: string): ContainerDescription | undefined {
  const answer: unknown = JSON.parse(text);
  if (!isFields(answer) || typeof answer.Name !== 'string') return undefined;
  const config = isFields(answer.Config) ? answer.Config : {};
  const labels = isFields(config.Labels) ? config.Labels : {};
  return {
    name: answer.Name.replace(/^\//, ''),
    image: typeof config.Image === 'string' ? config.Image : '',
    labels: Object.fromEntries(
      Object.entries(labels).filter((label): label is [string, string] => typeof label[1] === 'string'),
    ),
  };
}

/**
 * Names of containers from the Docker engine. An engine that is not there, denies or does not answer costs a container its
 * name, never more: the id is known from its control group.
 */
export class DockerNames {
  readonly #socketPath: string;
  readonly #clock: Clock;
  readonly #keepSeconds: number;
  readonly #retrySeconds: number;
  readonly #timeoutSeconds: number;
  readonly #answers = new Map<string, Answer>();

  constructor(options: DockerNamesOptions = {}) {
    this.#socketPath = options.socketPath ?? '/var/run/docker.sock';
    this.#clock = options.clock ?? systemClock;
    this.#keepSeconds = options.keepSeconds ?? 300;
    this.#retrySeconds = options.retrySeconds ?? 30;
    this.#timeoutSeconds = options.timeoutSeconds ?? 2;
  }

  /** What is known now, asking in the background when nothing fresh is. For those who can't wait. */
  known(id: string): ContainerDescription | undefined {
    void this.resolve(id);
    return this.#answers.get(id)?.value;
  }

  /** The container's description, or undefined when the engine does not know it or can't be asked. Never rejects. */
  resolve(id: string): Promise<ContainerDescription | undefined> {
    const known = this.#answers.get(id);
    if (known && this.#clock.now() < known.until) return known.found;
    const answer: Answer = {
      found: this.#ask(id).then(
        (value) => this.#keep(answer, value),
        () => this.#keep(answer, undefined),
      ),
      // While it is asked again, and when it is not told, what was known stands.
      value: known?.value,
      failures: known?.failures ?? 0,
      until: Number.POSITIVE_INFINITY,
    };
    this.#answers.delete(id);
    this.#answers.set(id, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= REMEMBERED) break;
      this.#answers.delete(oldest);
    }
    return answer.found;
  }

  #keep(answer: Answer, value: ContainerDescription | undefined): ContainerDescription | undefined {
    const retry = FIRST_RETRY_SECONDS * RETRY_GROWTH ** answer.failures;
    answer.until =
      this.#clock.now() + (value === undefined ? Math.min(this.#retrySeconds, retry) : this.#keepSeconds);
    answer.failures = value === undefined ? answer.failures + 1 : 0;
    answer.value = value ?? answer.value;
    return answer.value;
  }

  #ask(id: string): Promise<ContainerDescription | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          agent: false,
          socketPath: this.#socketPath,
          path: `/containers/${encodeURIComponent(id)}/json`,
          signal: AbortSignal.timeout(this.#timeoutSeconds * 1e3),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            length += chunk.length;
            if (length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
            else chunks.push(chunk);
          });
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode !== 200) return resolve(undefined);
            try {
              resolve(describe(Buffer.concat(chunks).toString('utf8')));
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  }
}
