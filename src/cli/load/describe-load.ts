import { ErrorCode, WattloopError } from '../../base/index.js';
import {
  type CallDescription,
  type FunctionDescription,
  type LoadDescription,
  readPlan,
} from '../../lab/index.js';
import type { LoadFlags } from './load-flags.js';
import { requestBody } from './request-body.js';

const badUsage = (message: string, remedy: string): WattloopError =>
  new WattloopError(ErrorCode.badUsage, message, { remedy });

const given = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;

/** The load that the command line asks for: an address, functions of a gateway, or a plan whose figures flags outweigh. */
export function describeLoad(target: string | undefined, flags: LoadFlags): LoadDescription {
  const isAddress = target !== undefined && /^https?:\/\//i.test(target);
  const plan = target === undefined || isAddress ? undefined : readPlan(target);
  if (isAddress && (flags.gateway !== undefined || flags.function !== undefined))
    throw badUsage('an address and --gateway or --function are too much', 'Give one or the other');
  return {
    ...plan,
    ...given({
      gateway: flags.gateway,
      durationSeconds: flags.duration,
      warmUpSeconds: flags.warmUp,
      seed: flags.seed,
      maxInFlight: flags.maxInFlight,
      trace: flags.trace,
      speed: flags.speed,
      skipSeconds: flags.skip,
      sample: flags.sample,
      failIf: flags.failIf,
    }),
    forAll: { ...plan?.forAll, ...given(callOf(flags)) },
    functions: isAddress ? [addressed(target)] : functionsOf(plan, flags.function),
  };
}

const callOf = (flags: LoadFlags): CallDescription => ({
  arrival: flags.arrival,
  rate: flags.rate,
  concurrency: flags.concurrency,
  thinkSeconds: flags.think,
  method: flags.method?.toUpperCase(),
  headers: flags.header,
  body: flags.body === undefined ? undefined : requestBody(flags.body),
  timeoutSeconds: flags.timeout,
  isAsync: flags.async,
});

/** An address is called what its function is called, or after its server. */
function addressed(url: string): FunctionDescription {
  const { pathname, host } = URL.canParse(url) ? new URL(url) : { pathname: '', host: url };
  const name = /\/(?:async-)?function\/([^/]+)/.exec(pathname)?.[1];
  return { name: name === undefined ? host : decodeURIComponent(name), url };
}

/** Named functions with a sub-path or a query if any; of a plan, those that are named. */
function functionsOf(
  plan: LoadDescription | undefined,
  names: readonly string[] | undefined,
): readonly FunctionDescription[] {
  if (names === undefined) return plan?.functions ?? [];
  if (plan === undefined || plan.functions.length === 0)
    return names.map((text) => {
      const [name = '', ...path] = text.split(/(?=[/?])/);
      return { name, path: path.join('') };
    });
  const unknown = names.find((name) => plan.functions.every((each) => each.name !== name));
  if (unknown !== undefined)
    throw badUsage(
      `the plan has no function ${unknown}`,
      `It has ${plan.functions.map(({ name }) => name).join(', ')}`,
    );
  return plan.functions.filter(({ name }) => names.includes(name));
}
