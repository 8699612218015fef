/** The laboratory: machines with known ground truth, to try the meter and the account on. */
export { LOAD_ARRIVALS, type LoadArrival } from './load/arrival-kinds.js';
export { type FailCondition, failCondition } from './load/fail-if.js';
export { GatewayApi } from './load/gateway-api.js';
export { traceDocument } from './load/gateway-documents.js';
export type { CallDescription, FunctionDescription, LoadDescription } from './load/load-description.js';
export type { CallPattern, LoadPlan, LoadTarget } from './load/load-plan.js';
export type { LoadProgress } from './load/load-progress.js';
export { readPlan } from './load/plan-file.js';
export { type PreparedLoad, prepareLoad } from './load/prepare-load.js';
export { checkReachable } from './load/reachable.js';
export { MachinePower } from './load/record/machine-power.js';
export { ClientRecording, GatewayRecording, type Recording } from './load/record/recording.js';
export { type RunLoadOptions, runLoad } from './load/run-load.js';
export { withFootprints } from './load/with-footprints.js';
export { BusyLoad } from './powercap/busy-load.js';
export { type BusyTime, procBusyTime } from './powercap/busy-time.js';
export { CurveLoad, type CurvePoint, parseCurve } from './powercap/curve-load.js';
export type { Load } from './powercap/load.js';
export { DEFAULT_POWER_MODEL, type PowerModel } from './powercap/power-model.js';
export { DEFAULT_SHARES, type Shares } from './powercap/shares.js';
export {
  type TrueEnergy,
  VirtualPowercap,
  type VirtualPowercapOptions,
} from './powercap/virtual-powercap.js';
export { EXTRA_ZONES, type ExtraZone, type Zone } from './powercap/zones.js';
export { ARCHETYPES, type Archetype, functionOf } from './server/archetypes.js';
export { type Arrivals, arrivalTimes, meanRate } from './server/arrivals.js';
export type { HeldInvocation, ServerGate } from './server/gate.js';
export { type Gpu, logicalProcessors, type Machine, type TurboBin } from './server/machine.js';
export { MACHINES, machineNamed } from './server/machines.js';
export { simulateWithMarginals } from './server/marginal.js';
export { type FunctionProfile, MEMORY_LEVELS, PLAIN_PROFILE } from './server/profile.js';
export { type RandomWorkloadOptions, randomArrivals, randomWorkload } from './server/random-workload.js';
export { IDEAL_SENSOR, type Sensor } from './server/sensor.js';
export { IDEAL_SENSORS, randomSensors, type ServerSensors, typicalSensors } from './server/sensors.js';
export {
  type ServerOptions,
  type SimulatedServer,
  simulateServer,
} from './server/simulate-server.js';
export { serverSummary } from './server/summary.js';
export type { FunctionTruth, ServerTruth } from './server/truth.js';
export type { UsageDetail } from './server/usage-recorder.js';
export { atLoad, capacity, costOf, loadOf, type Workload, type WorkloadFunction } from './server/workload.js';
export {
  type NamedWorkloadOptions,
  namedWorkload,
  WORKLOADS,
  type WorkloadName,
} from './server/workloads.js';
export { TRACE_FILES } from './trace/files.js';
export { type ReadTraceOptions, readTrace } from './trace/read-trace.js';
export { checkTraceFolder } from './trace/trace-folder.js';
export { type StreamedInvocation, type StreamedPower, TraceStream } from './trace/trace-stream.js';
export { type WriteTraceOptions, writeTrace } from './trace/write-trace.js';
