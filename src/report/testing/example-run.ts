import { seededRandom } from '../../maths/index.js';
import type {
  EnergyShare,
  Invocation,
  InvocationStatus,
  LambdaEstimate,
  Platform,
  RunRecord,
  StageSummary,
} from '../../model/index.js';
import type { RunReportData } from '../run/run-report-data.js';

const START = 1_763_733_600;

const PLATFORM: Platform = {
  backend: 'local',
  hostname: 'node-1',
  cpu: {
    model: 'Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz',
    vendor: 'GenuineIntel',
    architecture: 'x64',
    coresPhysical: 12,
    coresLogical: 24,
    sockets: 1,
  },
  memoryMib: 65_536,
  operatingSystem: 'Debian GNU/Linux 12',
  kernel: '6.1.0-31-amd64',
  runtime: 'node 20.19.1',
  virtualization: 'kvm',
  cpuLimit: { by: 'cgroup-v2' },
  memoryLimit: { by: 'heap', note: 'no right to make control groups: only the heap of Node.js is limited' },
};

interface StageShape {
  readonly name: string;
  readonly workers: number;
  readonly compute: number;
}

const STAGES: readonly StageShape[] = [
  { name: 'split', workers: 1, compute: 1.4 },
  { name: 'extract-frames', workers: 12, compute: 2.1 },
  { name: 'classify', workers: 24, compute: 3.2 },
  { name: 'aggregate', workers: 1, compute: 0.4 },
];

const share = (
  source: EnergyShare['source'],
  domain: EnergyShare['domain'],
  joules: number,
): EnergyShare => ({
  source,
  domain,
  nodeJoules: joules * 4,
  joules,
  idleJoules: joules * 0.4,
  provenance: source === 'tdp' ? 'estimated' : 'measured',
  uncertainty: source === 'tdp' ? 0.4 : 0.02,
});

const ABSENT: Invocation['absent'] = [
  { name: 'perf-power', reason: 'the kernel has no power PMU here' },
  { name: 'ipmi', reason: '/dev/ipmi0 is not there' },
];

export interface ExampleRunOptions {
  /** Names of the stages, instead of the usual ones. */
  readonly names?: readonly string[];
  /** Times the usual number of workers. */
  readonly scale?: number;
  readonly message?: string;
}

/** A run that could have been: four stages after one another on twelve workers, with some attempts that failed. */
export function exampleRun({ names = [], scale = 1, message }: ExampleRunOptions = {}): RunReportData {
  const random = seededRandom(7);
  const invocations: Invocation[] = [];
  let ready = START;
  const stages = STAGES.map((shape, index): StageSummary => {
    const name = names[index] ?? shape.name;
    const workers = shape.workers === 1 ? 1 : shape.workers * scale;
    const lanes = Array.from({ length: 12 }, () => ready);
    const first = invocations.length;
    for (let partition = 0; partition < workers; partition++) {
      let attempt = 0;
      let status: InvocationStatus = 'failed';
      while (status !== 'done') {
        attempt++;
        const lane = lanes.indexOf(Math.min(...lanes));
        const startedAt = lanes[lane] ?? ready;
        const bad = attempt === 1 && partition % 11 === 5;
        status = bad ? (partition % 2 === 0 ? 'out_of_memory' : 'failed') : 'done';
        const compute = (shape.compute * (0.7 + random.uniform())) / (bad ? 2 : 1);
        const cold = startedAt === START;
        const phases = [
          ...(cold
            ? [{ name: 'cold_start' as const, wallSeconds: 0.35, cpuSeconds: 0.2, energies: [] }]
            : []),
          { name: 'read' as const, wallSeconds: 0.3 * random.uniform(), cpuSeconds: 0.02, energies: [] },
          { name: 'compute' as const, wallSeconds: compute, cpuSeconds: compute, energies: [] },
          ...(bad ? [] : [{ name: 'write' as const, wallSeconds: 0.2, cpuSeconds: 0.01, energies: [] }]),
        ];
        const wallSeconds = phases.reduce((sum, phase) => sum + phase.wallSeconds, 0);
        lanes[lane] = startedAt + wallSeconds + 0.02;
        invocations.push({
          id: `${name}-${partition}-${attempt}`,
          run: 'r-1',
          function: name,
          partition,
          attempt,
          speculative: false,
          configuration: { cpu: 1, memoryMib: 1769, workers },
          worker: `w${lane}`,
          submittedAt: ready,
          startedAt,
          endedAt: startedAt + wallSeconds + 0.01,
          cold,
          status,
          ...(bad && {
            error: { name: 'RangeError', message: message ?? 'frame 17 is <empty> & "odd"' },
            log: `.wattloop/runs/r-1/logs/${index}/${partition}.${attempt}.log`,
          }),
          wallSeconds,
          cpuSeconds: compute + 0.03,
          phases,
          usage: [{ method: 'rusage', usage: { cpuSeconds: compute + 0.03 } }],
          energies: [
            share('rapl', 'package', compute * 9),
            share('rapl', 'core', compute * 7),
            share('rapl', 'dram', compute * 1.5),
            share('tdp', 'package', compute * 11),
          ],
          absent: ABSENT,
          memoryPeakMib: 212,
          platform: PLATFORM,
        });
      }
    }
    const own = invocations.slice(first);
    const sum = (of: (each: Invocation) => number): number => own.reduce((all, each) => all + of(each), 0);
    const phase = (wanted: string) =>
      sum(({ phases }) =>
        phases.reduce((all, { name: each, wallSeconds }) => (each === wanted ? all + wallSeconds : all), 0),
      );
    const end = Math.max(...own.map(({ endedAt }) => endedAt));
    const joules = sum(({ energies }) =>
      energies.reduce(
        (all, { source, domain, joules: part, idleJoules = 0 }) =>
          source === 'rapl' && domain !== 'core' ? all + part + idleJoules : all,
        0,
      ),
    );
    const summary = {
      name,
      configuration: { cpu: 1, memoryMib: 1769, workers },
      invocations: own.length,
      failed: own.filter(({ status }) => status !== 'done').length,
      retries: own.filter(({ attempt }) => attempt > 1).length,
      wallSeconds: end - ready,
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
      readSeconds: phase('read'),
      computeSeconds: phase('compute'),
      writeSeconds: phase('write'),
      coldStarts: own.filter(({ cold }) => cold).length,
      joules,
      source: 'rapl' as const,
      provenance: 'measured' as const,
      carbonGrams: (joules * 473) / 3.6e6,
      costUsd: sum(({ wallSeconds }) => wallSeconds * 2.9e-5),
    };
    ready = end;
    return summary;
  });
  const add = (of: (stage: StageSummary) => number): number =>
    stages.reduce((all, stage) => all + of(stage), 0);
  const run: RunRecord = {
    id: 'r-1',
    workflow: 'video',
    parameters: { clip: 'clip.mp4', chunks: 12 },
    status: 'done',
    startedAt: START,
    endedAt: ready,
    settings: {
      overrides: { '*': { cpu: 2 }, frames: { workers: 24, memoryMib: 512 } },
      storage: 's3://clips',
    },
    platforms: [PLATFORM],
    stages,
    totals: {
      invocations: invocations.length,
      failed: add(({ failed }) => failed),
      retries: add(({ retries }) => retries),
      wallSeconds: ready - START,
      cpuSeconds: add(({ cpuSeconds }) => cpuSeconds),
      readSeconds: add(({ readSeconds }) => readSeconds),
      computeSeconds: add(({ computeSeconds }) => computeSeconds),
      writeSeconds: add(({ writeSeconds }) => writeSeconds),
      coldStarts: add(({ coldStarts }) => coldStarts),
      joules: add(({ joules = 0 }) => joules),
      source: 'rapl',
      provenance: 'measured',
      carbonGrams: add(({ carbonGrams = 0 }) => carbonGrams),
      costUsd: add(({ costUsd = 0 }) => costUsd),
    },
    result: { value: { cat: 120, dog: 77 } },
  };
  const seconds = Math.ceil((ready - START) * 10);
  return {
    run,
    invocations,
    power: {
      source: 'rapl package',
      at: Float64Array.from({ length: seconds }, (_, tick) => START + (tick + 1) / 10),
      watts: Float64Array.from({ length: seconds }, () => 60 + 40 * random.uniform()),
    },
    lambda: EXAMPLE_LAMBDA,
    version: '1.2.3',
  };
}

const EXAMPLE_LAMBDA: LambdaEstimate = {
  invocations: 38,
  options: [
    {
      memoryMib: 512,
      architecture: 'arm64',
      vcpus: 0.2894,
      totalSeconds: 361,
      longestSeconds: 16.1,
      costUsd: 0.0024,
      joules: 291,
      carbonGrams: 0.044,
      best: ['cost'],
    },
    {
      memoryMib: 1769,
      architecture: 'x86_64',
      vcpus: 1,
      totalSeconds: 108,
      longestSeconds: 5.4,
      costUsd: 0.0031,
      joules: 402,
      carbonGrams: 0.061,
      best: ['time', 'energy'],
    },
    {
      memoryMib: 128,
      architecture: 'arm64',
      vcpus: 0.0724,
      totalSeconds: 1400,
      longestSeconds: 66,
      costUsd: 0.0023,
      joules: 420,
      carbonGrams: 0.063,
      best: [],
      impossible: '212 MiB were needed',
    },
  ],
  energy: { provenance: 'estimated', uncertainty: 0.35, model: 'watts by vCPU', source: 'a table' },
  gramsPerKilowattHour: 473,
  pue: 1.15,
  assumptions: ['a processor there does as much in a second as one here'],
};
