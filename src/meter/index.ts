/** The meter: sources of energy and usage, and what is made of them. */

export { type Statistics, statistics } from '../maths/index.js';
export {
  type ContainerRuntime,
  type GroupIdentity,
  type QosClass,
  recognise,
} from './cgroup/container.js';
export { type ContainerDescription, DockerNames, type DockerNamesOptions } from './cgroup/docker-names.js';
export { type GroupDetails, readGroupDetails } from './cgroup/group-details.js';
export { BlockDevices, GroupMeter, type Places as GroupPlaces } from './cgroup/group-meter.js';
export { KubeletNames } from './cgroup/kubelet-names.js';
export {
  type CgroupLayout,
  type CgroupVersion,
  detectLayout,
  folderOf,
  groupOfProcess,
  pathOf,
} from './cgroup/layout.js';
export { foldersBelow, pidsIn } from './cgroup/members.js';
export { findHierarchies, type Hierarchy } from './cgroup/mounts.js';
export { type Calibration, type CalibrationResult, calibrate, calibrated } from './compare/calibrate.js';
export { type Candidate, type Choice, candidatesOf, choosePrimary } from './compare/choose.js';
export { type Disagreement, disagreements } from './compare/disagreement.js';
export { type IdleEstimate, measuredIdle } from './compare/idle.js';
export { type Division, divide, type Interval, type Share } from './divide.js';
export {
  type CpuState,
  CpuStates,
  type IdleState,
  type Throttling,
} from './ebpf/cpu-states.js';
export type { Losses } from './ebpf/losses.js';
export { activeJoules, joulesOver, type PowerModel, wattsAt } from './estimate/power-model.js';
export { type Estimate, type EstimateContext, estimateFor, type TdpRow, tdpRow } from './estimate/tdp-row.js';
export { type Examination, examine, type SourceFinding } from './examine.js';
export {
  ELECTRICITY_MAPS_URL,
  ElectricityMaps,
  type ElectricityMapsOptions,
} from './grid/electricity-maps.js';
export type {
  GridClient,
  GridHistory,
  GridIntensity,
  GridOrigin,
  GridSignal,
} from './grid/grid-intensity.js';
export { openGrid } from './grid/open-grid.js';
export { WATTTIME_URL, WattTime, type WattTimeOptions } from './grid/watttime.js';
export { type MachineIdentity, readMachineIdentity } from './machine/identity.js';
export type { KernelFeatures } from './machine/kernel.js';
export type { Hypervisor, Virtualization } from './machine/virtualization.js';
export { childrenCpuSeconds, childrenUsage } from './measure/children.js';
export type { RunningCommand } from './measure/command-signals.js';
export { CommandError, findCommand } from './measure/find-command.js';
export type { Exit } from './measure/launch.js';
export { type MeasureOptions, measure } from './measure/measure.js';
export type { MeasuredEnergy, Measurement, Repetition } from './measure/result.js';
export { type CommandRun, type RunOptions, runOnce } from './measure/run-once.js';
export { Meter, type MeterOptions } from './meter.js';
export type { AbsentSource, EnergyFigure, MeterReading } from './meter-reading.js';
export { EngineNames, type GroupNames, type Names } from './monitor/container-names.js';
export { GroupObserver } from './monitor/group-observer.js';
export { NodeAccount } from './monitor/node-account.js';
export { NodeMonitor, type NodeMonitorOptions } from './monitor/node-monitor.js';
export type { Observer, PrincipalUsage } from './monitor/observer.js';
export {
  MONITOR_VIEWS,
  type MonitorView,
  type ObservedMonitorOptions,
  openMonitor,
  openObservedMonitor,
} from './monitor/open-monitor.js';
export { groupPaths, ownPath } from './monitor/own-path.js';
export type { NodeEnergy, NodeSnapshot, NodeSums, PrincipalShare } from './monitor/snapshot.js';
export { type GpuProcessUsage, type GpuUsageReader, nvidiaUsage } from './nvidia/usage.js';
export { parseCpuList } from './perf/cpu-list.js';
export { HelpedProcess } from './proc/helped-process.js';
export {
  type LoadAverage,
  type MachineMemory,
  type NetworkDevice,
  readCpuFrequencies,
  readLoadAverage,
  readMachineMemory,
  readNetworkDevices,
} from './proc/machine-files.js';
export { readProportionalMib } from './proc/process-files.js';
export { type EndpointOptions, endpointReader } from './prometheus/endpoint-reader.js';
export { parseUrl, publicUrl } from './prometheus/http.js';
export { type QueryOptions, queryReader } from './prometheus/query-reader.js';
export type { SampleReader, TimedSample } from './prometheus/samples.js';
export type {
  Availability,
  EnergySource,
  FollowedTree,
  InstantEnergySource,
  PolledEnergySource,
  Source,
  UsageSource,
} from './source.js';
export { Ebpf, type EbpfOptions, ebpfOptions, type InterruptTime } from './sources/ebpf.js';
export { allSources } from './sources/index.js';
export { readEstimate } from './sources/tdp.js';
export {
  type CpuScope,
  processScope,
  type Span,
  type SpanEnergy,
  type SpanPhase,
  type SpanResult,
} from './span/span.js';
