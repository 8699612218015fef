import { ErrorCode, WattloopError } from '../../../base/index.js';

const TIMEOUT_SECONDS = 30;

interface Open {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions that were asked and not answered yet. */
export class OpenQuestions {
  readonly #open = new Map<number, Open>();
  #ids = 0;

  open(): { id: number; answer: Promise<unknown> } {
    const id = ++this.#ids;
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.refuse(id, tooLate()), TIMEOUT_SECONDS * 1e3).unref();
      this.#open.set(id, { resolve, reject, timer });
    });
    return { id, answer };
  }

  answer(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  refuse(id: number, error: Error): void {
    this.#take(id)?.reject(error);
  }

  refuseAll(error: Error): void {
    for (const id of [...this.#open.keys()]) this.refuse(id, error);
  }

  #take(id: number): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    clearTimeout(open?.timer);
    return open;
  }
}

const tooLate = (): WattloopError =>
  new WattloopError(
    ErrorCode.accountUnavailable,
    `the energy account did not answer within ${TIMEOUT_SECONDS} s`,
    { remedy: 'Ask for a shorter time, or again later' },
  );
