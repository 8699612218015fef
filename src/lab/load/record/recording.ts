import { ErrorCode, WattloopError } from '../../../base/index.js';
import type { LoadResult, Trace } from '../../../model/index.js';
import type { Call } from '../call.js';
import type { GatewayApi } from '../gateway-api.js';
import { ClientCalls } from './client-calls.js';
import type { MachinePower } from './machine-power.js';

/** Makes the trace of a load. */
export interface Recording {
  readonly onCall?: (call: Call, endedAt: number) => void;
  finish(result: LoadResult): Promise<Trace>;
}

/** The gateway itself kept it: what ran, what the machine drew and who used it. */
export class GatewayRecording implements Recording {
  readonly #gateway: GatewayApi;

  constructor(gateway: GatewayApi) {
    this.#gateway = gateway;
  }

  async finish({ startedAt, endedAt }: LoadResult): Promise<Trace> {
    const trace = await this.#gateway.trace(startedAt, endedAt);
    if (trace !== undefined) return trace;
    throw new WattloopError(ErrorCode.sourceFailed, 'the gateway gave no trace of the load', {
      remedy: 'Let its account be on, or record with --meter on its machine',
    });
  }
}

/** What ran as its callers saw it, and what this machine's sensors told meanwhile. */
export class ClientRecording implements Recording {
  readonly #power: MachinePower;
  readonly #calls: ClientCalls;

  constructor(power: MachinePower, functions: readonly string[]) {
    this.#power = power;
    this.#calls = new ClientCalls(functions);
  }

  readonly onCall = (call: Call, endedAt: number): void => this.#calls.add(call, endedAt);

  async finish(): Promise<Trace> {
    if (!this.#power.isKnown)
      throw new WattloopError(ErrorCode.sourceUnavailable, "no sensor told this machine's power", {
        remedy: '"wattloop doctor" says which there are, and what would enable them',
      });
    const { power, usage } = this.#power;
    return { power, usage, invocations: this.#calls.table(), description: {} };
  }
}
