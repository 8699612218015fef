import type { IncomingMessage, ServerResponse } from 'node:http';
import { BYTES_PER_MIB, type GatewaySettings } from '../../../model/index.js';
import type { CallDesk } from '../call/call-desk.js';
import { ProxiedCall } from '../call/proxied-call.js';
import type { Pools } from '../pool/pools.js';
import type { Refusal } from '../refusal.js';
import { addedHeaders, addressIn, callIdOf, callRequestOf } from './function-request.js';
import { HttpCaller, refuse } from './http-caller.js';

export const FUNCTION_PREFIX = '/function/';

export const unknownFunction = (name: string): Refusal => ({
  reason: 'unknown_function',
  message: `there is no function "${name.slice(0, 80)}"`,
});

/** Synchronous calls: from a connection to a replica and back. */
export class CallFront {
  readonly #desk: CallDesk;
  readonly #pools: Pools;
  readonly #maxBodyBytes: number;
  /** Set when the gateway drains: no more calls are taken. */
  refusal: Refusal | undefined;

  constructor(desk: CallDesk, pools: Pools, settings: GatewaySettings) {
    this.#desk = desk;
    this.#pools = pools;
    this.#maxBodyBytes = settings.max_body_mib * BYTES_PER_MIB;
  }

  /** Too large for any function: how large that is, in words. */
  get tooLarge(): Refusal {
    const mib = Math.round(this.#maxBodyBytes / BYTES_PER_MIB);
    return { reason: 'body_too_large', message: `a body may have ${mib} MiB (gateway.max_body_mib)` };
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const address = addressIn(request.url ?? '/', FUNCTION_PREFIX);
    const pool = address && this.#pools.get(address.name);
    if (address === undefined || pool === undefined) {
      refuse(response, unknownFunction(address?.name ?? ''));
      return;
    }
    const id = callIdOf(request);
    if (this.refusal) {
      refuse(response, this.refusal, id);
      return;
    }
    let call: ProxiedCall | undefined;
    const caller = new HttpCaller(response);
    const asked = callRequestOf(request, address.path, this.#maxBodyBytes, () => {
      refuse(response, this.tooLarge, id);
      call?.cancel();
    });
    if (asked === undefined) {
      refuse(response, this.tooLarge, id);
      return;
    }
    const identity = {
      id,
      attempt: 1,
      isAsync: false,
      addedHeaders: addedHeaders(request, id),
      trace: this.#desk.tracer.begin(request.headers, address.name, asked.method),
    };
    call = new ProxiedCall(this.#desk, pool, asked, identity, caller);
    response.on('close', () => call?.cancel());
    call.start();
  }
}
