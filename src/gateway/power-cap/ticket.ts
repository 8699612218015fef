/** A call that asks for leave to run. */
export interface CappedCall {
  readonly function: string;
  /** The higher, the sooner it may run and the later it is shed. */
  readonly priority: number;
  /** It is shed when it still waits then: seconds on the clock of the cap. */
  readonly deadline: number;
}

/** Why a call was not let run. */
export type ShedReason = 'deadline' | 'overload' | 'closed';

/** What became of a call that had to wait. */
export type Settlement =
  | { readonly outcome: 'admitted'; readonly waitedSeconds: number }
  | { readonly outcome: 'shed'; readonly waitedSeconds: number; readonly reason: ShedReason }
  | { readonly outcome: 'cancelled'; readonly waitedSeconds: number };

/** The place of a call that waits. It is settled exactly once. */
export class Ticket {
  readonly call: CappedCall;
  readonly arrivedAt: number;
  /** Tells apart those that came at the same moment. */
  readonly number: number;
  /** Where it stands among those that wait: the lower, the sooner. It never changes, so that nobody is overtaken for ever. */
  readonly rank: number;
  readonly #cancel: (ticket: Ticket) => void;
  readonly #listeners: ((settlement: Settlement) => void)[] = [];
  #settlement: Settlement | undefined;

  constructor(
    call: CappedCall,
    place: { readonly arrivedAt: number; readonly number: number; readonly rank: number },
    cancel: (ticket: Ticket) => void,
  ) {
    this.call = call;
    this.arrivedAt = place.arrivedAt;
    this.number = place.number;
    this.rank = place.rank;
    this.#cancel = cancel;
  }

  get settlement(): Settlement | undefined {
    return this.#settlement;
  }

  get waits(): boolean {
    return this.#settlement === undefined;
  }

  get settled(): Promise<Settlement> {
    return new Promise((resolve) => this.whenSettled(resolve));
  }

  /** Called at the very moment, or at once when it is settled already. */
  whenSettled(listener: (settlement: Settlement) => void): void {
    if (this.#settlement === undefined) this.#listeners.push(listener);
    else listener(this.#settlement);
  }

  /** Its caller is gone. Nothing happens when it is settled. */
  cancel(): void {
    if (this.waits) this.#cancel(this);
  }

  /** For the cap alone: what is returned tells those who listen, when all else that belongs to it is done. */
  settle(settlement: Settlement): () => void {
    this.#settlement ??= settlement;
    const listeners = this.#listeners.splice(0);
    return () => {
      for (const listener of listeners) listener(settlement);
    };
  }
}
