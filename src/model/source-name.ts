/** Every source of energy or usage, in the order in which `doctor` lists them. */
export const SOURCE_NAMES = [
  'rapl',
  'perf-power',
  'perf',
  'ebpf',
  'proc',
  'cgroup',
  'hwmon',
  'tegra',
  'battery',
  'ipmi',
  'redfish',
  'scpi',
  'nvidia',
  'kepler',
  'scaphandre',
  'tdp',
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];
