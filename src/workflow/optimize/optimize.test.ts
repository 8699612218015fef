import { describe, expect, it } from 'vitest';
import type {
  ChosenConfigurations,
  ConfigurationChoice,
  MetricName,
  NoConfigurations,
} from '../../model/index.js';
import { choiceJson, choiceText } from '../../report/index.js';
import { predictStage, predictWorkflow } from '../predict/predict-workflow.js';
import { DIAMOND, GRID, knownWorkflow } from '../predict/testing/known-workflow.js';
import { trainModels } from '../predict/train-models.js';
import { candidatesOf } from './candidates.js';
import { type OptimizeRequest, optimize } from './optimize.js';

const models = trainModels(knownWorkflow());
const base = { graph: DIAMOND, models } as const;

function chosen(choice: ConfigurationChoice): ChosenConfigurations {
  if (choice.status === 'infeasible') throw new Error(choice.explanation);
  return choice;
}
function refused(choice: ConfigurationChoice): NoConfigurations {
  if (choice.status !== 'infeasible') throw new Error(`${choice.status} after all`);
  return choice;
}
const best = (request: Omit<OptimizeRequest, 'graph' | 'models'>) =>
  chosen(optimize({ ...base, ...request }));

describe('optimize', () => {
  it('takes the least of each stage where nothing limits it', () => {
    const { stages, value, status } = best({ objective: 'energy' });
    expect(status).toBe('optimal');
    const least = DIAMOND.stages.map((stage) =>
      Math.min(
        ...GRID.map((configuration) => predictStage(models, stage, configuration).joules?.mean ?? Number.NaN),
      ),
    );
    expect(value).toBeCloseTo(
      least.reduce((a, b) => a + b, 0),
      9,
    );
    expect(stages.map(({ stage }) => stage)).toEqual([...DIAMOND.stages]);
  });

  it('keeps a deadline, for more energy', () => {
    const free = best({ objective: 'energy' });
    const deadlineSeconds = free.prediction.criticalPath.seconds * 0.7;
    const tight = best({ objective: 'energy', deadlineSeconds });
    expect(tight.prediction.criticalPath.seconds).toBeLessThanOrEqual(deadlineSeconds);
    expect(tight.value).toBeGreaterThan(free.value);
    expect(tight.constraints).toEqual([
      {
        name: 'deadline',
        limit: deadlineSeconds,
        value: expect.closeTo(tight.prediction.criticalPath.seconds, 9),
      },
    ]);
    expect(tight.prediction.deadline?.chance).toBeGreaterThan(0.2);
  });

  it('is what trying every choice comes to', () => {
    const few = GRID.filter((_, i) => i % 7 === 0);
    const candidates = Object.fromEntries(DIAMOND.stages.map((stage) => [stage, few]));
    for (const objective of ['energy', 'time', 'cost', 'carbon'] as const) {
      const request = { candidates, objective, deadlineSeconds: 45, energyBudgetJoules: 900 } as const;
      const choice = optimize({ ...base, ...request });
      const tried = few.flatMap((prepare) =>
        few.flatMap((left) => few.flatMap((right) => few.map((join) => ({ prepare, left, right, join })))),
      );
      const values = tried.flatMap((configurations) => valueIf(configurations, objective) ?? []);
      if (values.length === 0) expect(choice.status).toBe('infeasible');
      else expect(chosen(choice).value).toBeCloseTo(Math.min(...values), 9);
    }
  });

  it('names what was given up, and what it would change', () => {
    const { stages } = best({
      objective: 'energy',
      deadlineSeconds: best({ objective: 'energy' }).prediction.criticalPath.seconds * 0.7,
    });
    const reasons = stages.flatMap(({ givenUp }) => givenUp.map(({ reason }) => reason));
    expect(
      reasons.some((reason) => /^[\d.]+ J less, but goes beyond the deadline by [\d.]+ s$/.test(reason)),
    ).toBe(true);
    expect(reasons.some((reason) => /^[\d.]+ J more/.test(reason))).toBe(true);
  });

  it('does not choose what lies beyond what was seen, unless that is allowed', () => {
    const candidates = Object.fromEntries(
      DIAMOND.stages.map((stage) => [stage, [...GRID, { cpu: 2, memoryMib: 4096, workers: 32 }]]),
    );
    const careful = best({ objective: 'time', candidates });
    expect(careful.extrapolationsLeftOut).toBe(4);
    expect(careful.prediction.extrapolations).toEqual([]);
    const bold = best({ objective: 'time', candidates, allowExtrapolation: true });
    expect(bold.value).toBeLessThan(careful.value);
    expect(bold.prediction.extrapolations.length).toBeGreaterThan(0);
  });

  it('says that a deadline can not be kept, and the best that can be had', () => {
    const fastest = best({ objective: 'time' }).value;
    const { violated, explanation } = refused(
      optimize({ ...base, objective: 'energy', deadlineSeconds: fastest / 2 }),
    );
    expect(violated).toEqual([
      { name: 'deadline', limit: fastest / 2, best: expect.closeTo(fastest, 9), whileKeeping: [] },
    ]);
    expect(explanation).toMatch(/^the deadline of .* s can't be kept: the best is .* s$/);
  });

  it('says which limits do not go together', () => {
    const [fastest, thriftiest] = [best({ objective: 'time' }), best({ objective: 'energy' })];
    const limits = { deadlineSeconds: fastest.value * 1.01, energyBudgetJoules: thriftiest.value * 1.001 };
    const { violated } = refused(optimize({ ...base, objective: 'cost', ...limits }));
    expect(violated).toEqual([
      {
        name: 'deadline',
        limit: limits.deadlineSeconds,
        best: expect.any(Number),
        whileKeeping: ['energy_budget'],
      },
      {
        name: 'energy_budget',
        limit: limits.energyBudgetJoules,
        best: expect.any(Number),
        whileKeeping: ['deadline'],
      },
    ]);
    const [deadline] = violated;
    expect(
      optimize({ ...base, objective: 'cost', ...limits, deadlineSeconds: (deadline?.best ?? 0) * (1 + 1e-6) })
        .status,
    ).toBe('optimal');
  });

  it('says so where every candidate of a stage is beyond what was seen', () => {
    const candidates = { prepare: [{ cpu: 1, memoryMib: 512, workers: 64 }] };
    const { explanation, extrapolationsLeftOut } = refused(
      optimize({ ...base, objective: 'time', candidates }),
    );
    expect(explanation).toContain('stage "prepare" lies beyond what was seen (workers 64: 1 to 8 were seen)');
    expect(extrapolationsLeftOut).toBeGreaterThan(0);
  });

  it('refuses to save energy that nobody knows', () => {
    const blind = trainModels(knownWorkflow().map(({ joules: _, carbonGrams: __, ...sample }) => sample));
    expect(() => optimize({ graph: DIAMOND, models: blind, objective: 'energy' })).toThrow(
      'the energy of stage "prepare" is not known: no source told the energy of any sample',
    );
    expect(optimize({ graph: DIAMOND, models: blind, objective: 'time' }).status).toBe('optimal');
  });

  it('shows as text and as a document', () => {
    const choice = best({ objective: 'energy', deadlineSeconds: 60 });
    expect(choiceText(choice)).toMatch(
      /^Least energy .* J within the deadline of 60\.0 s: no choice has less\n/,
    );
    expect(choiceJson(choice)).toMatchObject({
      status: 'optimal',
      objective: 'energy',
      selection: { prepare: { workers: expect.any(Number) } },
    });
    const none = optimize({ ...base, objective: 'energy', deadlineSeconds: 0.1 });
    expect(choiceText(none)).toMatch(/^No configuration: the deadline of 0\.10 s can't be kept/);
    expect(choiceJson(none)).toMatchObject({
      status: 'infeasible',
      violated: [{ name: 'deadline', limit: 0.1 }],
    });
  });
});

/** Undefined where it breaks a limit. */
function valueIf(
  configurations: Record<string, (typeof GRID)[number]>,
  objective: MetricName,
): number | undefined {
  const stages = Object.entries(configurations).map(([stage, own]) => predictedOnce(stage, own));
  const [prepare, left, right, join] = stages;
  const time =
    (prepare?.seconds ?? 0) + Math.max(left?.seconds ?? 0, right?.seconds ?? 0) + (join?.seconds ?? 0);
  const sum = (of: (stage: (typeof stages)[number]) => number): number =>
    stages.reduce((total, stage) => total + of(stage), 0);
  const energy = sum(({ joules }) => joules);
  if (time > 45 || energy > 900) return undefined;
  return { time, energy, cost: sum(({ cost }) => cost), carbon: sum(({ carbon }) => carbon) }[objective];
}

const known = new Map<string, { seconds: number; joules: number; cost: number; carbon: number }>();
function predictedOnce(stage: string, configuration: (typeof GRID)[number]) {
  const key = `${stage} ${JSON.stringify(configuration)}`;
  const before = known.get(key);
  if (before) return before;
  const { wallSeconds, joules, costUsd, carbonGrams } = predictStage(models, stage, configuration);
  const own = {
    seconds: wallSeconds.mean,
    joules: joules?.mean ?? Number.NaN,
    cost: costUsd?.mean ?? Number.NaN,
    carbon: carbonGrams?.mean ?? Number.NaN,
  };
  known.set(key, own);
  return own;
}

describe('candidatesOf', () => {
  it('combines the values seen', () => {
    const { prepare } = models.stages;
    expect(prepare && candidatesOf(prepare)).toHaveLength(GRID.length);
  });

  it('predicts as predictWorkflow does', () => {
    const choice = best({ objective: 'time' });
    const configurations = Object.fromEntries(
      choice.stages.map(({ stage, prediction }) => [stage, prediction.configuration]),
    );
    expect(predictWorkflow(DIAMOND, models, configurations)).toEqual(choice.prediction);
  });
});
