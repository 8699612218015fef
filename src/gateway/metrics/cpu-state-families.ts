import type { CpuState } from '../../meter/index.js';
import { FamilyWriter, type MetricFamily } from './sample.js';

const THROTTLINGS = {
  thermalInterrupts: 'interrupt',
  trips: 'trip',
  coolings: 'cooling',
} as const satisfies Readonly<Record<keyof CpuState['throttling'], string>>;

/** What each processor did: many series on a large machine, and so only on demand. `since` as in MetricSample. */
export function cpuStateFamilies(states: readonly CpuState[], since: number): MetricFamily[] {
  const idle = new FamilyWriter('cpuIdleSeconds');
  const frequency = new FamilyWriter('cpuFrequencySeconds');
  const throttling = new FamilyWriter('cpuThrottlings');
  for (const state of states) {
    const cpu = String(state.cpu);
    for (const { name, seconds } of state.idle ?? []) idle.add(seconds, since, { cpu, state: name });
    for (const { ghz, seconds } of state.frequencies ?? []) {
      frequency.add(seconds, since, { cpu, ghz: ghz.toFixed(1) });
    }
    for (const [key, kind] of Object.entries(THROTTLINGS)) {
      throttling.add(state.throttling[key as keyof typeof THROTTLINGS], since, { cpu, kind });
    }
  }
  return [idle, frequency, throttling];
}
