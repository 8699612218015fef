/** The nouns of Wattloop and their units. No logic beyond what a noun is. */
export type { CpuIdentity } from './cpu.js';
export { contains, DOMAINS, type Domain, disjoint } from './domain.js';
export { PROVENANCES, type Provenance } from './provenance.js';
export type { CounterReading, EnergyReading, PowerReading } from './reading.js';
export { type Settings, settingsSchema } from './settings.js';
export { SOURCE_NAMES, type SourceName } from './source-name.js';
export { BYTES_PER_MIB, JOULES_PER_KILOWATT_HOUR, MICRO, NANOSECONDS_PER_SECOND } from './units.js';
export type { CgroupUsage, MachineUsage, ProcessIdentity, ProcessUsage, Usage } from './usage.js';
