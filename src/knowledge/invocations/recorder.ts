import type { Connection } from '../sqlite/connection.js';
import type { InvocationTable, PendingInvocation } from './invocation-table.js';

/** Rows that are written in one transaction, at most and usually. */
const BATCH = 256;
/** How long an invocation waits at most before it is written: what a crash of this process may cost. */
const WAIT_MILLISECONDS = 50;

/** Keeps invocations until there are enough to be written at once. */
export class Recorder {
  readonly #table: InvocationTable;
  readonly #connection: Connection;
  #pending: PendingInvocation[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(table: InvocationTable, connection: Connection) {
    this.#table = table;
    this.#connection = connection;
  }

  add(pending: PendingInvocation): void {
    this.#pending.push(pending);
    if (this.#pending.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushInTime(), WAIT_MILLISECONDS).unref();
  }

  /** Writes what waits. What could not be written waits on, and the next time tries again. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#table.insert(pending);
    this.#pending = [];
  }

  #flushInTime(): void {
    try {
      this.#connection.impatiently(() => this.flush());
    } catch {
      // There is nobody to be told here. Whoever records many, flushes or closes is.
    }
  }
}
