import fc from 'fast-check';
import {
  DOMAINS,
  type EnergyShare,
  INVOCATION_STATUSES,
  type Invocation,
  type InvocationPhase,
  PHASES,
  PROVENANCES,
  SOURCE_NAMES,
  type Usage,
} from '../../model/index.js';

// 0 - 0 is 0: neither JSON nor SQLite knows a zero below zero.
const figure = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const whole = fc.nat();
const bytes = fc.maxSafeNat();
const exact = { noNullPrototype: true } as const;
/** What names are made of: whole characters, and none that ends a text in C. */
const name = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/[\0\ud800-\udfff]/u.test(text));
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

const energies: fc.Arbitrary<EnergyShare[]> = fc.array(
  fc.record(
    {
      source: fc.constantFrom(...SOURCE_NAMES),
      domain: fc.constantFrom(...DOMAINS),
      nodeJoules: figure,
      joules: figure,
      idleJoules: fc.option(figure, { nil: undefined }),
      provenance: fc.constantFrom(...PROVENANCES),
      uncertainty: figure,
    },
    exact,
  ),
  { maxLength: 4 },
);

const phase: fc.Arbitrary<InvocationPhase> = fc.record(
  { name: fc.constantFrom(...PHASES), wallSeconds: figure, cpuSeconds: figure, energies },
  exact,
);

const usage: fc.Arbitrary<Usage> = fc.record(
  {
    cpuSeconds: figure,
    cycles: bytes,
    instructions: bytes,
    llcMisses: bytes,
    contextSwitches: whole,
    memoryPeakMib: figure,
    readBytes: bytes,
    writtenBytes: bytes,
  },
  { ...exact, requiredKeys: ['cpuSeconds'] },
);

const limit = fc.record({ by: name, note: anyText }, { ...exact, requiredKeys: ['by'] });

const platform = fc.record(
  {
    backend: name,
    hostname: name,
    cpu: fc.record(
      {
        model: anyText,
        vendor: name,
        architecture: name,
        family: whole,
        coresPhysical: whole,
        coresLogical: whole,
        sockets: whole,
      },
      {
        ...exact,
        requiredKeys: ['model', 'vendor', 'architecture', 'coresPhysical', 'coresLogical', 'sockets'],
      },
    ),
    memoryMib: figure,
    operatingSystem: name,
    kernel: name,
    runtime: name,
    virtualization: name,
    cpuLimit: limit,
    memoryLimit: limit,
  },
  {
    ...exact,
    requiredKeys: [
      'backend',
      'hostname',
      'cpu',
      'memoryMib',
      'operatingSystem',
      'kernel',
      'runtime',
      'cpuLimit',
      'memoryLimit',
    ],
  },
);

/** Any invocation of the run, as strange as its type allows. */
export const anyInvocation = (run: string): fc.Arbitrary<Invocation> =>
  fc.record(
    {
      id: name,
      run: fc.constant(run),
      function: name,
      partition: whole,
      attempt: whole,
      speculative: fc.boolean(),
      configuration: fc.record({ cpu: figure, memoryMib: figure, workers: whole }, exact),
      worker: name,
      submittedAt: figure,
      startedAt: figure,
      endedAt: figure,
      cold: fc.boolean(),
      status: fc.constantFrom(...INVOCATION_STATUSES),
      error: fc.record(
        { name: anyText, message: anyText, code: name, remedy: anyText, stack: anyText },
        { ...exact, requiredKeys: ['name', 'message'] },
      ),
      wallSeconds: figure,
      cpuSeconds: figure,
      phases: fc.array(phase, { maxLength: 4 }),
      usage: fc.array(
        fc.record({ method: fc.constantFrom(...SOURCE_NAMES, 'rusage' as const), usage }, exact),
        { maxLength: 3 },
      ),
      energies,
      absent: fc.array(fc.record({ name: fc.constantFrom(...SOURCE_NAMES), reason: anyText }, exact), {
        maxLength: 3,
      }),
      memoryPeakMib: figure,
      readBytes: bytes,
      writtenBytes: bytes,
      platform,
      log: name,
    },
    {
      ...exact,
      requiredKeys: [
        'id',
        'run',
        'function',
        'partition',
        'attempt',
        'speculative',
        'configuration',
        'worker',
        'submittedAt',
        'startedAt',
        'endedAt',
        'cold',
        'status',
        'wallSeconds',
        'cpuSeconds',
        'phases',
        'usage',
        'energies',
        'absent',
      ],
    },
  );
