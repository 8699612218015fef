import type { LoadResult } from '../../model/index.js';
import { seconds } from '../../report/index.js';

/** Beyond this the generator's own lateness is no detail any more. */
const LATE_SECONDS = 0.01;
/** Or beyond this part of what was measured. */
const LATE_PART = 0.1;
const LEAST_LATE_SECONDS = 0.002;

const counted = (calls: number): string => (calls === 1 ? '1 call was' : `${calls} calls were`);

/** What the reader of the figures should know. */
export function findingsOf(result: Omit<LoadResult, 'findings'>): string[] {
  return [...unknownFunctions(result), ...lateness(result)];
}

function unknownFunctions({ functions }: Omit<LoadResult, 'findings'>): string[] {
  return functions.flatMap(({ name, url, failures }) =>
    failures.not_found === 0
      ? []
      : [`${name}: ${counted(failures.not_found)} answered 404: there is no such function at ${url}`],
  );
}

function lateness({ generator, total }: Omit<LoadResult, 'findings'>): string[] {
  const { lateness: late, heldBack } = generator;
  if (heldBack > 0)
    return [
      `${heldBack} ${heldBack === 1 ? 'call' : 'calls'} had to wait until fewer were under way (--max-in-flight); their latency contains that wait`,
    ];
  const bearable = Math.max(
    LEAST_LATE_SECONDS,
    Math.min(LATE_SECONDS, LATE_PART * (total.latency?.p50 ?? Number.POSITIVE_INFINITY)),
  );
  if (late === undefined || late.p99 <= bearable) return [];
  return [
    `the generator itself was late: 1 % of calls were sent more than ${seconds(late.p99)} after they were due ` +
      `(half of them ${seconds(late.p50)}, at most ${seconds(late.max)}); latencies contain that: ` +
      'ask for fewer calls a second, or run it on a machine of its own',
  ];
}
