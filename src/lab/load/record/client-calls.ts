import { enlarged, trimmed } from '../../../maths/index.js';
import type { InvocationTable } from '../../../model/index.js';
import type { Call } from '../call.js';

const INITIAL = 4096;

/** Calls as their caller saw them, from sending to the end of the answer: 17 bytes each. */
export class ClientCalls {
  readonly #functions: readonly string[];
  #functionIndex = new Uint32Array(INITIAL);
  #start = new Float64Array(INITIAL);
  #end = new Float64Array(INITIAL);
  #cold = new Uint8Array(INITIAL);
  #count = 0;

  constructor(functions: readonly string[]) {
    this.#functions = functions;
  }

  /** Answers that say that nothing ran are left out. */
  add(call: Call, endedAt: number): void {
    if (call.failure !== undefined || (call.status >= 400 && call.status < 500)) return;
    const at = this.#count++;
    if (at === this.#start.length) this.#grow(2 * at);
    this.#functionIndex[at] = call.target;
    this.#start[at] = call.sentAt;
    this.#end[at] = endedAt;
    this.#cold[at] = call.cold ? 1 : 0;
  }

  table(): InvocationTable {
    return {
      functions: this.#functions,
      functionIndex: trimmed(this.#functionIndex, this.#count),
      start: trimmed(this.#start, this.#count),
      end: trimmed(this.#end, this.#count),
      cold: trimmed(this.#cold, this.#count),
    };
  }

  #grow(length: number): void {
    this.#functionIndex = enlarged(this.#functionIndex, length);
    this.#start = enlarged(this.#start, length);
    this.#end = enlarged(this.#end, length);
    this.#cold = enlarged(this.#cold, length);
  }
}
