import { describe, expect, it } from 'vitest';
import type { Domain } from '../../model/index.js';
import type { MeterReading } from '../meter-reading.js';
import type { EnergySource } from '../source.js';
import { fixtureHost } from '../testing/tree.js';
import { measureBaseline } from './baseline.js';

const source = (name: 'rapl' | 'ipmi'): EnergySource =>
  ({
    name,
    yields: 'energy',
    provenance: 'measured',
    uncertainty: 0.05,
    instant: name === 'rapl',
  }) as EnergySource;
const figure = (name: 'rapl' | 'ipmi', domain: Domain, joules: number) => ({
  source: source(name),
  domain,
  joules,
});

/** Watches for a second a machine with four processors of which so many seconds were used. */
async function watch(
  busy: number | undefined,
  before: MeterReading['energies'],
  after: MeterReading['energies'],
) {
  const host = fixtureHost({});
  const readings: MeterReading[] = [
    { at: 0, energies: before, busySeconds: busy === undefined ? undefined : 10 },
    { at: 1, energies: after, busySeconds: busy === undefined ? undefined : 10 + busy },
  ];
  const read = (): MeterReading => readings.shift() ?? { at: 1, energies: [], busySeconds: undefined };
  const watching = measureBaseline(host, { read }, 4, 1);
  host.clock.advance(1);
  return watching;
}

describe('measureBaseline', () => {
  it('takes the power of a quiet machine for its idle power, domain by domain', async () => {
    const { idleWatts } = await watch(
      0.1,
      [figure('rapl', 'package', 100), figure('rapl', 'dram', 5)],
      [figure('rapl', 'package', 112), figure('rapl', 'dram', 7)],
    );
    expect([idleWatts('rapl', 'package'), idleWatts('rapl', 'dram'), idleWatts('ipmi', 'system')]).toEqual([
      12,
      2,
      undefined,
    ]);
  });

  it('does not take the power of a busy machine for its idle power', async () => {
    const energies = [figure('rapl', 'package', 100)];
    const { idleWatts, reason } = await watch(0.8, energies, [figure('rapl', 'package', 112)]);
    expect(idleWatts('rapl', 'package')).toBeUndefined();
    expect(reason).toBe('the machine was 20 % busy before the command began');
  });

  it('knows nothing where nothing tells how busy the machine is', async () => {
    const { idleWatts, reason } = await watch(undefined, [], []);
    expect(idleWatts('rapl', 'package')).toBeUndefined();
    expect(reason).toMatch(/nothing tells/);
  });

  it('does not take a slow counter that has not moved yet for a machine that draws nothing', async () => {
    const { idleWatts } = await watch(0, [figure('ipmi', 'system', 50)], [figure('ipmi', 'system', 50)]);
    expect(idleWatts('ipmi', 'system')).toBeUndefined();
  });
});
