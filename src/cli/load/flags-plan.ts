import { ErrorCode, WattloopError } from '../../base/index.js';
import { type CallPattern, type LoadPlan, type LoadTarget, openArrivals } from '../../lab/index.js';
import type { LoadFlags } from './load-flags.js';
import { requestBody } from './request-body.js';

export const DEFAULTS = {
  durationSeconds: 30,
  perSecond: 10,
  callers: 1,
  timeoutSeconds: 60,
  maxInFlight: 1_000,
  seed: 1,
} as const;

const badUsage = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badUsage, message, { remedy });

/** An address that calls can be sent to. */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw badUsage(`${text} is no address of a server`, 'Write it as http://127.0.0.1:8080');
  return url;
}

/** Where a gateway takes calls of a function. */
export function functionUrl(gateway: URL, name: string, isAsync: boolean): URL {
  const base = gateway.pathname.replace(/\/$/, '');
  const [plain = '', ...rest] = name.split(/(?=[/?])/);
  const path = `${base}/${isAsync ? 'async-function' : 'function'}/${encodeURIComponent(plain)}${rest.join('')}`;
  return new URL(path, gateway);
}

export function patternOf(flags: LoadFlags): CallPattern {
  const { arrival = flags.concurrency === undefined ? 'exponential' : 'closed' } = flags;
  if (arrival === 'closed') {
    if (flags.rate !== undefined)
      throw badUsage('--rate goes with calls that wait for nobody', 'Leave out --rate, or --concurrency');
    return {
      kind: 'closed',
      callers: flags.concurrency ?? DEFAULTS.callers,
      thinkSeconds: flags.think ?? 0,
    };
  }
  for (const name of ['concurrency', 'think'] as const) {
    if (flags[name] !== undefined)
      throw badUsage(`--${name} goes with --arrival closed alone`, 'Use --rate and --max-in-flight here');
  }
  return { kind: 'open', arrivals: openArrivals(arrival, flags.rate ?? DEFAULTS.perSecond) };
}

/** The load that flags alone describe: an address, or functions of a gateway. */
export function flagsPlan(url: string | undefined, flags: LoadFlags): LoadPlan {
  const addresses = addressesOf(url, flags);
  const body = flags.body === undefined ? undefined : requestBody(flags.body);
  const pattern = patternOf(flags);
  const targets = addresses.map(
    ({ name, url: address }): LoadTarget => ({
      name,
      url: address,
      method: flags.method ?? (body === undefined && flags.gateway === undefined ? 'GET' : 'POST'),
      headers: flags.header ?? {},
      body,
      timeoutSeconds: flags.timeout ?? DEFAULTS.timeoutSeconds,
      pattern,
    }),
  );
  return {
    targets,
    warmUpSeconds: flags.warmUp ?? 0,
    durationSeconds: flags.duration ?? DEFAULTS.durationSeconds,
    seed: flags.seed ?? DEFAULTS.seed,
    maxInFlight: flags.maxInFlight ?? DEFAULTS.maxInFlight,
  };
}

function addressesOf(url: string | undefined, flags: LoadFlags): { name: string; url: URL }[] {
  const { gateway, function: names = [] } = flags;
  if (url !== undefined) {
    if (gateway !== undefined || names.length > 0)
      throw badUsage('an address and --gateway or --function are too much', 'Give one or the other');
    const address = httpUrl(url);
    const name = /\/(?:async-)?function\/([^/]+)/.exec(address.pathname)?.[1];
    return [{ name: name === undefined ? address.host : decodeURIComponent(name), url: address }];
  }
  if (gateway === undefined)
    throw badUsage(
      'there is nothing to call',
      'Give an address, a plan, or --gateway URL with --function NAME',
    );
  if (names.length === 0) throw badUsage('no function is named', 'Add --function NAME');
  const base = httpUrl(gateway);
  return names.map((name) => ({
    name: name.split(/[/?]/)[0] ?? name,
    url: functionUrl(base, name, flags.async ?? false),
  }));
}
