import { seededRandom } from '../../maths/index.js';
import type { Account, AccountCourse, FunctionAccount } from '../account.js';

const TICK_SECONDS = 1;
const IDLE_WATTS = 14;
const FLOOR_WATTS = 38;
const GRAMS_PER_JOULE = 473 / 3.6e6;

interface Workload {
  readonly name: string;
  readonly watts: number;
  readonly latencySeconds: number;
  /** How often one starts, per second. */
  readonly rate: number;
}

const WORKLOADS: readonly Workload[] = [
  { name: 'video-encode', watts: 21, latencySeconds: 7.5, rate: 0.11 },
  { name: 'ml-inference', watts: 16, latencySeconds: 2.4, rate: 0.3 },
  { name: 'image-resize', watts: 11, latencySeconds: 0.8, rate: 0.6 },
  { name: 'json-dump', watts: 7, latencySeconds: 0.25, rate: 1.4 },
  { name: 'aes', watts: 9, latencySeconds: 0.05, rate: 3 },
  { name: 'thumbnail', watts: 10, latencySeconds: 0.4, rate: 0.2 },
];

/** The workloads above, and as many more like them as are asked for. */
function workloads(count: number): Workload[] {
  return Array.from({ length: count }, (_, index) => {
    const model = WORKLOADS[index % WORKLOADS.length] ?? { name: 'f', watts: 1, latencySeconds: 1, rate: 1 };
    const round = Math.floor(index / WORKLOADS.length);
    if (round === 0) return model;
    return { ...model, name: `${model.name}-${round + 1}`, rate: model.rate / (1 + round) };
  });
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

interface Simulated {
  readonly course: AccountCourse;
  readonly invocations: readonly number[];
  /** Joules of the floor, by function. */
  readonly floors: readonly number[];
}

/** Who ran in which tick, by chance, and the power that this takes; the measured line has noise and a gap. */
function simulate(all: readonly Workload[], ticks: number, seed: number): Simulated {
  const random = seededRandom(seed);
  const column = (): Float64Array => new Float64Array(ticks);
  const functionWatts = all.map(column);
  const [t, measuredWatts, predictedWatts, idleWatts, controlPlaneWatts] = [
    column(),
    column(),
    column(),
    column().fill(IDLE_WATTS),
    column(),
  ];
  const running = all.map(() => 0);
  const invocations = all.map(() => 0);
  const floors = all.map(() => 0);
  for (let tick = 0; tick < ticks; tick++) {
    const wave = 1 + 0.8 * Math.sin((tick / ticks) * 4 * Math.PI);
    const busy = all.map(({ rate, latencySeconds }, index) => {
      const started = Math.max(0, Math.round(rate * wave + random.normal() * Math.sqrt(rate)));
      invocations[index] = (invocations[index] ?? 0) + started;
      const left = (running[index] ?? 0) * Math.exp(-1 / latencySeconds);
      running[index] = left + started * Math.min(1, latencySeconds);
      return running[index] ?? 0;
    });
    const load = sum(busy);
    for (const [index, { watts }] of all.entries()) {
      const floor = load > 0 ? (FLOOR_WATTS * Math.min(1, load) * (busy[index] ?? 0)) / load : 0;
      floors[index] = (floors[index] ?? 0) + floor * TICK_SECONDS;
      const own = functionWatts[index];
      if (own) own[tick] = watts * (busy[index] ?? 0) + floor;
    }
    t[tick] = (tick + 1) * TICK_SECONDS;
    controlPlaneWatts[tick] = 1.5 + 0.4 * Math.min(8, load);
    const parts = IDLE_WATTS + (controlPlaneWatts[tick] ?? 0) + sum(functionWatts.map((w) => w[tick] ?? 0));
    predictedWatts[tick] = parts;
    measuredWatts[tick] = tick % 97 === 40 ? Number.NaN : Math.max(5, parts * 1.01 + random.normal() * 4);
  }
  return {
    course: { t, measuredWatts, predictedWatts, idleWatts, controlPlaneWatts, functionWatts },
    invocations,
    floors,
  };
}

export interface ExampleOptions {
  readonly functions?: number;
  readonly ticks?: number;
  readonly seed?: number;
  readonly names?: readonly string[];
}

/** An account as a real machine gives it: made up, but whole, and its energy adds up. */
export function exampleAccount({
  functions = 6,
  ticks = 600,
  seed = 1,
  names,
}: ExampleOptions = {}): Account {
  const all = workloads(functions);
  const { course, invocations, floors } = simulate(all, ticks, seed);
  const windowSeconds = ticks * TICK_SECONDS;
  const finite = course.measuredWatts.filter(Number.isFinite);
  const measuredJoules = (sum(finite) / Math.max(1, finite.length)) * windowSeconds;
  const idle = IDLE_WATTS * windowSeconds;
  const control = sum(course.controlPlaneWatts) * TICK_SECONDS;
  const started = Math.max(1, sum(invocations));
  const active = Math.max(1, invocations.filter((count) => count > 0).length);
  const accounts = all.flatMap((workload, index): FunctionAccount[] => {
    const count = invocations[index] ?? 0;
    const energy = sum(course.functionWatts[index] ?? []) * TICK_SECONDS;
    const each = Math.max(1, count);
    const individualJoules = energy / each;
    const controlPlaneJoules = control / started;
    const idleJoules = idle / active / each;
    const totalJoules = individualJoules + (count > 0 ? controlPlaneJoules + idleJoules : 0);
    const operationalGrams = totalJoules * GRAMS_PER_JOULE;
    const embodiedGrams = (0.002 * windowSeconds) / active / each;
    const isTwin = index === 5;
    return [
      {
        name: names?.[index] ?? workload.name,
        invocations: count,
        meanLatencySeconds: workload.latencySeconds,
        powerWatts: individualJoules / workload.latencySeconds,
        powerErrorWatts: (0.03 * individualJoules) / workload.latencySeconds,
        individualJoules,
        individualErrorJoules: 0.03 * individualJoules,
        floorJoules: (floors[index] ?? 0) / each,
        controlPlaneJoules: count > 0 ? controlPlaneJoules : 0,
        idleJoules: count > 0 ? idleJoules : 0,
        totalJoules,
        ...(isTwin
          ? { remark: 'always runs together with image-resize' }
          : { marginalJoules: 0.86 * individualJoules, marginalErrorJoules: 0.05 * individualJoules }),
        operationalGrams,
        embodiedGrams,
        carbonGrams: operationalGrams + embodiedGrams,
        sciGrams: operationalGrams + embodiedGrams,
        cov: 0.12 + 0.01 * (index % 7),
      },
    ];
  });
  const individual = sum(accounts.map((each) => each.individualJoules * each.invocations));
  const [first, twin] = [accounts[2], accounts[5]];
  return {
    windowSeconds,
    functions: accounts,
    groups:
      first && twin
        ? [
            {
              functions: [first.name, twin.name],
              individualJoules:
                first.individualJoules * first.invocations + twin.individualJoules * twin.invocations,
              errorJoules: 210,
              reason: 'they always ran together',
            },
          ]
        : [],
    shares: {
      measuredJoules,
      individualJoules: individual,
      controlPlaneJoules: control,
      idleJoules: idle,
      unattributedJoules: measuredJoules - individual - control - idle,
    },
    lagSeconds: -11.2,
    lagErrorSeconds: 0.2,
    idleWatts: IDLE_WATTS,
    idleErrorWatts: 0.3,
    r2: 0.964,
    validation: {
      against: 'marginal',
      compared: accounts.slice(0, 4).map(({ name }) => name),
      withoutEstimate: twin ? [twin.name] : [],
      cosineSimilarity: 0.992,
      naiveCosineSimilarity: 0.985,
      individualDifference: 0.143,
      differences: Object.fromEntries(accounts.slice(0, 4).map(({ name }, i) => [name, 0.08 * (i - 1.5)])),
      withinTwoErrors: 0.75,
      totalError: 0.021,
      windowError: 0.034,
      latencyNormalizedVariance: 0.18,
      windowSeconds: 60,
      absent: { coefficientOfVariation: 'no function ran in two windows' },
    },
    course,
    findings: [
      {
        code: 'power_gaps',
        message: '39 of 600 rows of power.csv are blank',
        count: 39,
      },
      { code: 'lag_corrected', message: 'power is 11.2 s early on the clock of the work; this was undone' },
    ],
    provenance: {
      power_w: { provenance: 'modelled', method: 'non-negative least squares with a load floor' },
      marginal_j: { provenance: 'modelled', method: 'difference of the fitted curve without the function' },
      idle_w: { provenance: 'measured', method: 'median of 35 ticks without work' },
      carbon_g: { provenance: 'estimated', method: 'grid intensity as given' },
      'functions.thumbnail.marginal_j': {
        provenance: 'estimated',
        method: 'divided by what is usual',
        reason: 'always runs together with image-resize',
      },
      embodied_g: {
        provenance: 'estimated',
        method: 'server table over its lifetime',
        reason: 'no figure for this very machine',
      },
    },
  };
}
