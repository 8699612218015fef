/** The laboratory: machines with known ground truth, to try the meter and the account on. */
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
export { TRACE_FILES } from './trace/files.js';
export { type ReadTraceOptions, readTrace } from './trace/read-trace.js';
export { type WriteTraceOptions, writeTrace } from './trace/write-trace.js';
