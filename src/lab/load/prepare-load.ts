import { seededRandom } from '../../maths/index.js';
import type { LoadDescription } from './load-description.js';
import type { LoadPlan } from './load-plan.js';
import { dealFunctions, LEFT_OUT } from './replay/deal-functions.js';
import { readReplayedTrace } from './replay/read-replayed-trace.js';
import { ReplayedSchedule } from './replay/replayed-schedule.js';
import type { ReplayedTrace } from './replay/replayed-trace.js';
import { resolvePlan } from './resolve-plan.js';
import type { Schedule } from './schedule.js';

export interface PreparedLoad {
  readonly plan: LoadPlan;
  /** When calls come that a trace settles. */
  readonly replay: Schedule | undefined;
  readonly findings: readonly string[];
}

/** Answers all questions of a description, and reads the trace that it names. */
export async function prepareLoad(description: LoadDescription): Promise<PreparedLoad> {
  const { trace: path, durationSeconds, warmUpSeconds = 0, speed = 1, skipSeconds = 0 } = description;
  if (path === undefined) return { plan: resolvePlan(description), replay: undefined, findings: [] };
  const seconds =
    durationSeconds === undefined ? Number.POSITIVE_INFINITY : speed * (durationSeconds + warmUpSeconds);
  const trace = await readReplayedTrace(path, { fromSeconds: skipSeconds, seconds });
  const plan = resolvePlan(description, {
    seconds: trace.seconds / speed,
    functions: trace.functions.filter(({ calls }) => calls > 0).map(({ name }) => name),
  });
  const dealt = dealFunctions(
    trace.functions,
    description.functions.length > 0 ? description.functions : plan.targets,
  );
  const replay = new ReplayedSchedule(trace.cells, {
    dealt,
    speed,
    sample: description.sample ?? 1,
    untilSeconds: warmUpSeconds + plan.durationSeconds,
    random: seededRandom(plan.seed).fork('replay'),
  });
  return { plan, replay, findings: leftOut(trace, dealt) };
}

function leftOut({ functions }: ReplayedTrace, dealt: Int32Array): string[] {
  const without = functions.filter(({ calls }, index) => calls > 0 && dealt[index] === LEFT_OUT);
  if (without.length === 0) return [];
  const calls = without.reduce((sum, each) => sum + each.calls, 0);
  return [
    `${calls} calls of ${without.length} functions of the trace are left out: no function stands for them`,
  ];
}
