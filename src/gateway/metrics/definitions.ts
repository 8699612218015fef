/** How a metric behaves: a counter only grows, a gauge goes up and down. */
type MetricType = 'counter' | 'gauge';

export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  /** Base unit, as OpenMetrics and OTLP name it. */
  readonly unit: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/**
 * Every metric that Wattloop exports. The text exposition, the OTLP export and docs/metrics.md are made from this table,
 * so none of them can speak of a metric that another does not know.
 */
export const METRICS = {
  nodeJoules: {
    name: 'wattloop_node_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Energy that the machine drew since the agent started, by source and domain. Domains lie within one another (core in package): never add them up.',
    labels: ['source', 'domain'],
  },
  nodeWatts: {
    name: 'wattloop_node_watts',
    type: 'gauge',
    unit: 'W',
    help: 'Mean power over the last tick, by source and domain. Absent while the source does not answer.',
    labels: ['source', 'domain'],
  },
  calibratedWatts: {
    name: 'wattloop_node_calibrated_watts',
    type: 'gauge',
    unit: 'W',
    help: 'wattloop_node_watts as the calibration against the most trusted source of the domain has it, for comparison. Shares are made of the raw figure.',
    labels: ['source', 'domain'],
  },
  primary: {
    name: 'wattloop_node_primary',
    type: 'gauge',
    unit: '1',
    help: '1 for the source and the domains whose energy is shared out; provenance is measured, modelled or estimated.',
    labels: ['source', 'domain', 'provenance'],
  },
  accountedJoules: {
    name: 'wattloop_accounted_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Energy of the primary source that was shared out: the sum of idle, unattributed, ended and all workloads; where functions are accounted, of unattributed, ended and all wattloop_function_joules_total.',
    labels: [],
  },
  idleJoules: {
    name: 'wattloop_idle_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Part of the accounted energy that the machine would have drawn without any work. Absent while idle power is unknown.',
    labels: [],
  },
  unattributedJoules: {
    name: 'wattloop_unattributed_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Part of the accounted energy that nobody could be given: what work caused and no workload explains; where functions are accounted, what no function could be given.',
    labels: [],
  },
  endedJoules: {
    name: 'wattloop_ended_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Energy of workloads (active) or functions (all of theirs) that are gone and no longer listed.',
    labels: [],
  },
  workloadJoules: {
    name: 'wattloop_workload_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Energy by workload: kind active is what its work caused, kind idle its share of wattloop_idle_joules_total (absent while idle power is unknown).',
    labels: ['workload', 'type', 'id', 'kind'],
  },
  workloadWatts: {
    name: 'wattloop_workload_watts',
    type: 'gauge',
    unit: 'W',
    help: 'Active power of a workload over the last tick. Absent once it is gone.',
    labels: ['workload', 'type', 'id'],
  },
  workloadCpuSeconds: {
    name: 'wattloop_workload_cpu_seconds_total',
    type: 'counter',
    unit: 's',
    help: 'CPU time of a workload since the agent first saw it.',
    labels: ['workload', 'type', 'id'],
  },
  workloadInfo: {
    name: 'wattloop_workload_info',
    type: 'gauge',
    unit: '1',
    help: 'What is known of a workload, always 1: join it on id.',
    labels: [
      'workload',
      'type',
      'id',
      'runtime',
      'container',
      'image',
      'pod',
      'namespace',
      'pod_uid',
      'qos',
      'cgroup',
    ],
  },
  functionJoules: {
    name: 'wattloop_function_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Energy by function: kind individual is its own work and its share of the load floor, control_plane its share of what works for all functions, idle its share of the idle machine. Grows with every update of the account.',
    labels: ['function', 'kind'],
  },
  functionCarbonGrams: {
    name: 'wattloop_function_carbon_grams_total',
    type: 'counter',
    unit: 'g',
    help: 'CO2e by function: kind operational is that of its energy, embodied its share of making the machine (absent where that is not known).',
    labels: ['function', 'kind'],
  },
  functionWatts: {
    name: 'wattloop_function_watts',
    type: 'gauge',
    unit: 'W',
    help: "A function's own power, without control plane and idle, over the last window of the account. Absent where it had none.",
    labels: ['function'],
  },
  functionCallWatts: {
    name: 'wattloop_function_call_watts',
    type: 'gauge',
    unit: 'W',
    help: "What one call of a function is expected to add to the machine's power while it runs, as of the last update.",
    labels: ['function'],
  },
  gridIntensity: {
    name: 'wattloop_grid_carbon_intensity',
    type: 'gauge',
    unit: 'g/kWh',
    help: "Grams of CO2e per kWh of electricity that functions' energy is counted with now.",
    labels: [],
  },
  lostCalls: {
    name: 'wattloop_account_lost_events_total',
    type: 'counter',
    unit: '1',
    help: 'Beginnings and ends of calls that the account did not take in: calls are missing in its figures.',
    labels: [],
  },
  idleWatts: {
    name: 'wattloop_idle_watts',
    type: 'gauge',
    unit: 'W',
    help: 'Power that the machine would draw without any work, by the domains that are shared out. Absent while it is unknown.',
    labels: [],
  },
  busyCpus: {
    name: 'wattloop_node_busy_cpus',
    type: 'gauge',
    unit: '1',
    help: 'Processors that were busy on average over the last tick.',
    labels: [],
  },
  disagreement: {
    name: 'wattloop_source_disagreement_ratio',
    type: 'gauge',
    unit: '1',
    help: 'Relative difference of two sources that cover the same domain.',
    labels: ['a', 'b', 'domain'],
  },
  sourceLag: {
    name: 'wattloop_source_lag_seconds',
    type: 'gauge',
    unit: 's',
    help: 'How late a source comes after the most trusted one of the same domain.',
    labels: ['source', 'against', 'domain'],
  },
  sourceGain: {
    name: 'wattloop_source_gain',
    type: 'gauge',
    unit: '1',
    help: 'What a power of this source is to be multiplied by to meet the most trusted one, before the offset is added. Reported, never applied.',
    labels: ['source', 'against', 'domain'],
  },
  sourceOffset: {
    name: 'wattloop_source_offset_watts',
    type: 'gauge',
    unit: 'W',
    help: 'What is to be added to a power of this source, after the gain, to meet the most trusted one. Reported, never applied.',
    labels: ['source', 'against', 'domain'],
  },
  sourceUsable: {
    name: 'wattloop_source_usable',
    type: 'gauge',
    unit: '1',
    help: '1 for a source that is read, 0 for one that does not work on this machine or does not answer.',
    labels: ['source'],
  },
  cpuIdleSeconds: {
    name: 'wattloop_cpu_idle_seconds_total',
    type: 'counter',
    unit: 's',
    help: 'Time that a processor spent in an idle state, from the kernel (eBPF). Only with agent.cpu_states.',
    labels: ['cpu', 'state'],
  },
  cpuFrequencySeconds: {
    name: 'wattloop_cpu_frequency_seconds_total',
    type: 'counter',
    unit: 's',
    help: 'Time that a processor spent at a frequency, by 0.1 GHz, from the kernel (eBPF). Only with agent.cpu_states.',
    labels: ['cpu', 'ghz'],
  },
  cpuThrottlings: {
    name: 'wattloop_cpu_throttlings_total',
    type: 'counter',
    unit: '1',
    help: 'Thermal interrupts, trip points passed and cooling devices set, by processor (eBPF). Only with agent.cpu_states.',
    labels: ['cpu', 'kind'],
  },
  selfCpuSeconds: {
    name: 'wattloop_self_cpu_seconds_total',
    type: 'counter',
    unit: 's',
    help: 'CPU time that Wattloop used itself, the programs that it runs to read instruments included.',
    labels: [],
  },
  selfJoules: {
    name: 'wattloop_self_joules_total',
    type: 'counter',
    unit: 'J',
    help: 'Active energy that Wattloop itself caused: it is a workload like the others.',
    labels: [],
  },
  buildInfo: {
    name: 'wattloop_build_info',
    type: 'gauge',
    unit: '1',
    help: 'The version of Wattloop, always 1.',
    labels: ['version'],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricKey = keyof typeof METRICS;
