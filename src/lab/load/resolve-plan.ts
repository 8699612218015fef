import { ErrorCode, WattloopError } from '../../base/index.js';
import { openArrivals } from './arrival-kinds.js';
import type { CallDescription, FunctionDescription, LoadDescription } from './load-description.js';
import type { CallPattern, LoadPlan, LoadTarget } from './load-plan.js';

const DEFAULTS = {
  durationSeconds: 30,
  perSecond: 10,
  callers: 1,
  timeoutSeconds: 60,
  maxInFlight: 1_000,
  seed: 1,
} as const;

const badUsage = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badUsage, message, { remedy });

/** Answers what the description leaves open. `replayed` is what a trace brings: how long it is, and which functions it calls. */
export function resolvePlan(
  description: LoadDescription,
  replayed?: { readonly seconds: number; readonly functions: readonly string[] },
): LoadPlan {
  const { gateway, warmUpSeconds = 0, seed, maxInFlight } = description;
  const functions = description.functions.length > 0 ? description.functions : named(replayed?.functions);
  if (functions.length === 0)
    throw badUsage('there is nothing to call', 'Give an address, a plan, or a gateway and a function');
  const base = gateway === undefined ? undefined : httpUrl(gateway);
  return {
    targets: functions.map((each) => targetOf(each, description.forAll, base, replayed !== undefined)),
    warmUpSeconds,
    durationSeconds: durationOf(description, replayed?.seconds),
    seed: seed ?? DEFAULTS.seed,
    maxInFlight: maxInFlight ?? DEFAULTS.maxInFlight,
  };
}

function durationOf(
  { durationSeconds, warmUpSeconds = 0 }: LoadDescription,
  replayedSeconds: number | undefined,
): number {
  if (durationSeconds !== undefined) return durationSeconds;
  if (replayedSeconds === undefined) return DEFAULTS.durationSeconds;
  if (replayedSeconds <= warmUpSeconds)
    throw badUsage('the trace is over before the warm-up is', 'Shorten the warm-up, or replay it slower');
  return replayedSeconds - warmUpSeconds;
}

const named = (names: readonly string[] = []): FunctionDescription[] => names.map((name) => ({ name }));

function targetOf(
  own: FunctionDescription,
  forAll: CallDescription,
  gateway: URL | undefined,
  isReplayed: boolean,
): LoadTarget {
  const { name } = own;
  const body = own.body ?? forAll.body;
  const isPlain = own.url !== undefined && body === undefined;
  return {
    name,
    url: addressOf(own, own.isAsync ?? forAll.isAsync ?? false, gateway),
    method: own.method ?? forAll.method ?? (isPlain ? 'GET' : 'POST'),
    headers: { ...forAll.headers, ...own.headers },
    body,
    timeoutSeconds: own.timeoutSeconds ?? forAll.timeoutSeconds ?? DEFAULTS.timeoutSeconds,
    pattern: isReplayed ? replayedPattern(own, forAll) : patternOf(own, forAll),
  };
}

/** An address that calls can be sent to. */
function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw badUsage(`${JSON.stringify(text)} is no address of a server`, 'Write it as http://127.0.0.1:8080');
  return url;
}

/** Where a function is called: at its own address, or where the gateway takes calls of it. */
function addressOf(
  { name, url, path = '' }: FunctionDescription,
  isAsync: boolean,
  gateway: URL | undefined,
): URL {
  if (path !== '' && !/^[/?]/.test(path))
    throw badUsage(
      `the path ${JSON.stringify(path)} of ${name} begins with neither / nor ?`,
      `Write it as /${path}`,
    );
  if (url !== undefined) {
    const address = httpUrl(url);
    return path === '' ? address : new URL(`${address.href.replace(/\/$/, '')}${path}`);
  }
  if (gateway === undefined)
    throw badUsage(`nobody says where ${name} is called`, 'Name the gateway, or give the function a URL');
  const base = gateway.pathname.replace(/\/$/, '');
  return new URL(
    `${base}/${isAsync ? 'async-function' : 'function'}/${encodeURIComponent(name)}${path}`,
    gateway,
  );
}

function replayedPattern(own: FunctionDescription, forAll: CallDescription): CallPattern {
  for (const { arrival, rate, concurrency, thinkSeconds } of [own, forAll]) {
    if (
      arrival === undefined &&
      rate === undefined &&
      concurrency === undefined &&
      thinkSeconds === undefined
    )
      continue;
    throw badUsage(
      'a trace says when calls come, and so does an arrival, a rate or a concurrency',
      'Leave out one of them; speed and sample change how often the calls of a trace come',
    );
  }
  return { kind: 'replayed' };
}

/** What a function says of its own outweighs what is said for all, and what goes with the other kind of calls is left out. */
function patternOf(own: CallDescription, forAll: CallDescription): CallPattern {
  const kindOfOwn = kindOf(own, forAll.arrival);
  const kind = kindOfOwn ?? kindOf(forAll) ?? 'exponential';
  const isSettledHere = kindOfOwn !== undefined;
  if (kind === 'closed') {
    refuse(isSettledHere ? own : forAll, ['rate'], 'calls whose callers wait for the answer');
    return {
      kind,
      callers: own.concurrency ?? forAll.concurrency ?? DEFAULTS.callers,
      thinkSeconds: own.thinkSeconds ?? forAll.thinkSeconds ?? 0,
    };
  }
  refuse(isSettledHere ? own : forAll, ['concurrency', 'thinkSeconds'], 'calls that wait for nobody');
  const perSecond = own.rate ?? forAll.rate ?? DEFAULTS.perSecond;
  if (!(perSecond > 0)) throw badUsage(`a rate of ${perSecond} is no call at all`, 'Give a rate above 0');
  return { kind: 'open', arrivals: openArrivals(kind, perSecond) };
}

function kindOf(
  { arrival, rate, concurrency, thinkSeconds }: CallDescription,
  usual: CallDescription['arrival'] = undefined,
) {
  if (arrival !== undefined) return arrival;
  if (concurrency !== undefined || thinkSeconds !== undefined) return 'closed';
  if (rate === undefined) return undefined;
  return usual === undefined || usual === 'closed' ? 'exponential' : usual;
}

const WORDS = { rate: 'a rate', concurrency: 'a concurrency', thinkSeconds: 'a time to think' } as const;

function refuse(from: CallDescription, names: readonly (keyof typeof WORDS)[], what: string): void {
  const wrong = names.find((name) => from[name] !== undefined);
  if (wrong !== undefined)
    throw badUsage(`${WORDS[wrong]} does not go with ${what}`, 'Leave it out, or choose another arrival');
}
