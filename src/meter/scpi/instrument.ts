import { type Clock, ErrorCode, type Logger, messageOf, WattloopError } from '../../base/index.js';
import { isIdentification, parseValue } from './answer.js';
import type { Connection } from './connection.js';
import { LineSplitter, TERMINATORS, type Terminator } from './lines.js';

/** How one meter is spoken to. */
export interface Dialect {
  readonly init: readonly string[];
  readonly identify: boolean;
  readonly query: string;
  readonly valueIndex: number;
  readonly terminator: Terminator;
  readonly timeoutSeconds: number;
}

export type Dial = (signal: AbortSignal) => Promise<Connection>;

const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 60;
/** How long a line of a meter that can't identify itself must be silent before it is trusted. */
const QUIET_SECONDS = 0.2;

interface Awaited {
  readonly accepts: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One meter: connects when it is asked, and again after a failure, with longer and longer pauses. SCPI does not number its
 * answers, so that an answer which comes after its time could be taken for the next one. Hence a connection on which one
 * was missed, or that said something unasked, is not asked again before the meter has identified itself on it: answers
 * come in order, and all that came before the identification is old.
 */
export class Instrument {
  readonly #name: string;
  readonly #dial: Dial;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #log: Logger;
  #dialing: AbortController | undefined;
  #connection: Connection | undefined;
  #awaited: Awaited | undefined;
  #inStep = false;
  #closed = false;
  #pauseSeconds = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  #problem: WattloopError | undefined;
  #identity: string | undefined;
  #nonsense = false;

  constructor(name: string, dial: Dial, dialect: Dialect, clock: Clock, log: Logger) {
    this.#name = name;
    this.#dial = dial;
    this.#dialect = dialect;
    this.#clock = clock;
    this.#log = log;
  }

  /** What the meter says it is, once it has been asked. */
  get identity(): string | undefined {
    return this.#identity;
  }

  /**
   * The value now, or undefined when the meter's answer makes no sense. Rejects when it does not answer; after that, until
   * the pause is over, with the same error at once.
   */
  async measure(): Promise<number | undefined> {
    if (this.#problem && this.#clock.now() < this.#retryAt) throw this.#problem;
    try {
      const connection = this.#connection ?? (await this.#connect());
      if (!this.#inStep) await this.#fallInStep(connection);
      const line = await this.#ask(connection, this.#dialect.query);
      this.#problem = undefined;
      this.#pauseSeconds = 0;
      const value = parseValue(line, this.#dialect.valueIndex);
      if ('nonsense' in value) this.#complain(line, value.nonsense);
      this.#nonsense = 'nonsense' in value;
      return 'number' in value ? value.number : undefined;
    } catch (error) {
      throw this.#giveUp(error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#dialing?.abort();
    this.#drop(new WattloopError(ErrorCode.instrumentFailed, `scpi: ${this.#name}: closed`));
  }

  /** Aloud once for answers of nonsense in a row. */
  #complain(line: string, why: string): void {
    const fields = { meter: this.#name, answer: line.slice(0, 60), why };
    if (this.#nonsense) this.#log.debug('scpi: nonsense left out', fields);
    else this.#log.warn('scpi: nonsense left out', fields);
  }

  #giveUp(error: unknown): WattloopError {
    const problem =
      error instanceof WattloopError
        ? new WattloopError(error.code, `scpi: ${this.#name}: ${error.message}`, {
            cause: error,
            ...(error.remedy !== undefined && { remedy: error.remedy }),
          })
        : new WattloopError(ErrorCode.instrumentFailed, `scpi: ${this.#name}: ${messageOf(error)}`, {
            remedy: 'Check that the meter is switched on and its address in sources.scpi',
            cause: error,
          });
    this.#drop(problem);
    this.#pauseSeconds = Math.min(
      this.#pauseSeconds === 0 ? FIRST_PAUSE_SECONDS : this.#pauseSeconds * 2,
      LONGEST_PAUSE_SECONDS,
    );
    this.#retryAt = this.#clock.now() + this.#pauseSeconds;
    this.#problem = problem;
    return problem;
  }

  #drop(error: unknown): void {
    const { connection, awaited } = { connection: this.#connection, awaited: this.#awaited };
    this.#connection = undefined;
    this.#awaited = undefined;
    this.#inStep = false;
    connection?.close();
    awaited?.reject(error);
  }

  async #connect(): Promise<Connection> {
    const cancel = new AbortController();
    this.#dialing = cancel;
    const connection = await this.#inTime(
      'no connection',
      this.#dial(cancel.signal),
      () => cancel.abort(),
      (late) => late.close(),
    );
    if (this.#closed) {
      connection.close();
      throw new WattloopError(ErrorCode.instrumentFailed, 'closed');
    }
    const splitter = new LineSplitter(this.#dialect.terminator);
    connection.onData((chunk) => {
      // What a connection still brings after it was given up is nobody's answer.
      if (connection === this.#connection) for (const line of splitter.push(chunk)) this.#hear(line);
    });
    connection.onClose((error) => {
      if (connection !== this.#connection) return;
      this.#drop(error ?? new Error('the meter closed the connection'));
    });
    this.#connection = connection;
    // Before the identification: whatever the meter says to these is then known for old.
    for (const command of this.#dialect.init) await this.#send(connection, command);
    await this.#fallInStep(connection);
    return connection;
  }

  async #fallInStep(connection: Connection): Promise<void> {
    if (this.#dialect.identify) {
      this.#identity = await this.#ask(connection, '*IDN?', isIdentification);
    } else {
      await this.#clock.sleep(QUIET_SECONDS);
    }
    this.#inStep = true;
  }

  #hear(line: string): void {
    const awaited = this.#awaited;
    if (awaited?.accepts(line)) {
      this.#awaited = undefined;
      awaited.resolve(line);
    } else if (line !== '') {
      // A line that nobody asked for: the answers may be out of step.
      if (!awaited) this.#inStep = false;
      this.#log.debug('scpi: line not asked for', { meter: this.#name, line: line.slice(0, 60) });
    }
  }

  async #ask(
    connection: Connection,
    command: string,
    // Some serial lines send back what they hear.
    accepts = (line: string): boolean => line !== command,
  ): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      this.#awaited = { accepts, resolve, reject };
    });
    // Told below; until then nobody waits for it.
    answer.catch(() => {});
    await this.#send(connection, command);
    return this.#inTime(`no answer to "${command}"`, answer, () => {
      this.#awaited = undefined;
    });
  }

  async #send(connection: Connection, command: string): Promise<void> {
    await this.#inTime(
      `"${command}" not taken`,
      connection.write(command + TERMINATORS[this.#dialect.terminator]),
    );
  }

  /** The result, or a rejection when it takes too long; a result that comes later is handed to `discard`. */
  #inTime<T>(
    failure: string,
    work: Promise<T>,
    onLate?: () => void,
    discard?: (late: T) => void,
  ): Promise<T> {
    const over = new AbortController();
    const { timeoutSeconds } = this.#dialect;
    return new Promise<T>((resolve, reject) => {
      let late = false;
      void this.#clock.sleep(timeoutSeconds, over.signal).then(() => {
        if (over.signal.aborted) return;
        late = true;
        onLate?.();
        reject(
          new WattloopError(ErrorCode.instrumentFailed, `${failure} within ${timeoutSeconds} s`, {
            remedy:
              'Check address, baud, terminator and query in sources.scpi; for a meter without *IDN? set identify: false',
          }),
        );
      });
      work.then((result) => (late ? discard?.(result) : resolve(result)), reject);
    }).finally(() => over.abort());
  }
}
