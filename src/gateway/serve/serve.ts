import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import { Gateway, type GatewayOptions } from './gateway.js';

export interface ServeOptions extends GatewayOptions {
  /** Told once, when the gateway answers. */
  readonly onListening: (gateway: Gateway) => void;
}

/** Runs the gateway until the first signal; then it drains, until the second or until it has taken long enough. */
export async function serve(
  host: Host,
  settings: Settings,
  options: ServeOptions,
  signal: AbortSignal,
  hurry: AbortSignal,
): Promise<void> {
  const gateway = await Gateway.open(host, settings, options);
  try {
    options.onListening(gateway);
    await aborted(signal);
    const patience = AbortSignal.timeout(settings.gateway.drain_seconds * 1e3);
    await gateway.drain(AbortSignal.any([hurry, patience]));
  } finally {
    await gateway.close();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
