import { type IncomingMessage, request } from 'node:http';

export type Query = Readonly<Record<string, string>>;

export interface EngineRequest {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** No answer for so long is a failure; without it an answer is waited for, as for a container's end. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** What is read of an answer at most: an inspected container or a list of images is far shorter. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const TIMEOUT_SECONDS = 30;

/** The engine answered, and said no. */
export class EngineRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Docker's Engine API over its socket. No version is asked for: what is used here is in all of them. */
export class DockerEngine {
  readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** The answer's JSON, or its text where it is none; rejects with an EngineRefusal when the engine says no. */
  async call(method: string, path: string, options: EngineRequest = {}): Promise<unknown> {
    return parsed(
      await textOf(await this.open(method, path, { timeoutSeconds: TIMEOUT_SECONDS, ...options })),
    );
  }

  /** Waits for the answer however long it takes. */
  async wait(method: string, path: string, options: EngineRequest = {}): Promise<unknown> {
    return parsed(await textOf(await this.open(method, path, options)));
  }

  /** The answer as a stream, once it begins. */
  async open(method: string, path: string, options: EngineRequest = {}): Promise<IncomingMessage> {
    const answer = await this.#ask(method, path, options);
    const status = answer.statusCode ?? 0;
    // 304: it is already as it was asked to be.
    if (status < 400) return answer;
    throw new EngineRefusal(status, refusalOf(await textOf(answer)));
  }

  #ask(method: string, path: string, options: EngineRequest): Promise<IncomingMessage> {
    const { query = {}, body, timeoutSeconds, signal } = options;
    const search = new URLSearchParams(query).toString();
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          agent: false,
          socketPath: this.socketPath,
          method,
          path: search === '' ? path : `${path}?${search}`,
          headers:
            text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
          ...(signal && { signal }),
        },
        (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      );
      const timer =
        timeoutSeconds === undefined
          ? undefined
          : setTimeout(
              () => asked.destroy(new Error(`no answer in ${timeoutSeconds} s`)),
              timeoutSeconds * 1e3,
            );
      asked.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      asked.end(text);
    });
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusalOf(text: string): string {
  const answer = parsed(text);
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : undefined;
  return typeof message === 'string' ? message : text.trim();
}
