import { describe, expect, it } from 'vitest';
import type { NodeSnapshot, PrincipalShare } from '../../meter/index.js';
import { parseExposition } from '../testing/parse-exposition.js';
import { METRICS } from './definitions.js';
import { exposition } from './exposition.js';
import { nodeFamilies } from './node-families.js';

const share = (key: string, figures: Partial<PrincipalShare> = {}): PrincipalShare => ({
  principal: {
    key,
    kind: 'container',
    name: `name of ${key}`,
    labels: { image: 'nginx', cgroup: `/docker/${key}` },
  },
  since: 1000,
  isGone: false,
  watts: 5,
  cpus: 0.5,
  joulesTotal: 52,
  idleJoulesTotal: 10,
  cpuSecondsTotal: 7,
  ...figures,
});

const whole: NodeSnapshot = {
  time: 2000,
  since: 1000,
  seconds: 1,
  logicalCpus: 4,
  busyCpus: 1.5,
  energies: [
    { source: 'rapl', domain: 'package', provenance: 'measured', watts: 20, joulesTotal: 200 },
    { source: 'rapl', domain: 'dram', provenance: 'measured', watts: undefined, joulesTotal: 30 },
  ],
  primary: { source: 'rapl', domains: ['package'], reason: 'the only source of energy' },
  watts: 20,
  idleWatts: 8,
  unattributedWatts: 1,
  totals: { joules: 200, idleJoules: 80, unattributedJoules: 10, endedJoules: 10 },
  shares: [share('a'), share('gone', { isGone: true, watts: 0, joulesTotal: 48, cpus: 0 })],
  usageSource: 'ebpf',
  self: { cpuSecondsTotal: 0.5, joulesTotal: 2 },
  disagreements: [],
  crossChecks: [],
  used: ['rapl', 'ebpf'],
  absent: [{ name: 'scpi', reason: 'no meter is set', remedy: 'Set one' }],
};

const blind: NodeSnapshot = {
  ...whole,
  busyCpus: undefined,
  energies: [],
  primary: undefined,
  watts: undefined,
  idleWatts: undefined,
  unattributedWatts: undefined,
  totals: undefined,
  shares: [share('a', { watts: undefined, joulesTotal: undefined, idleJoulesTotal: undefined })],
  self: { cpuSecondsTotal: 0.5, joulesTotal: undefined },
};

const read = (snapshot: NodeSnapshot) => parseExposition(exposition(nodeFamilies(snapshot, '1.2.3')));

describe('nodeFamilies', () => {
  it('tells the whole account, whose parts add up', () => {
    const page = read(whole);
    const value = (name: string): number => page.get(name)?.samples[0]?.value ?? Number.NaN;
    const active = page
      .get('wattloop_workload_joules_total')
      ?.samples.filter(({ labels }) => labels.kind === 'active')
      .reduce((sum, sample) => sum + sample.value, 0);
    expect(value('wattloop_accounted_joules_total')).toBe(
      (active ?? Number.NaN) +
        value('wattloop_idle_joules_total') +
        value('wattloop_unattributed_joules_total') +
        value('wattloop_ended_joules_total'),
    );
    expect(page.get('wattloop_node_joules_total')?.samples).toEqual([
      { value: 200, labels: { source: 'rapl', domain: 'package' } },
      { value: 30, labels: { source: 'rapl', domain: 'dram' } },
    ]);
    expect(page.get('wattloop_node_primary')?.samples).toEqual([
      { value: 1, labels: { source: 'rapl', domain: 'package', provenance: 'measured' } },
    ]);
    expect(page.get('wattloop_source_usable')?.samples).toEqual([
      { value: 1, labels: { source: 'rapl' } },
      { value: 1, labels: { source: 'ebpf' } },
      { value: 0, labels: { source: 'scpi' } },
    ]);
    expect(page.get('wattloop_build_info')?.samples).toEqual([{ value: 1, labels: { version: '1.2.3' } }]);
  });

  it('shows no power of what does not answer or is gone, and keeps its counters', () => {
    const page = read(whole);
    expect(page.get('wattloop_node_watts')?.samples).toEqual([
      { value: 20, labels: { source: 'rapl', domain: 'package' } },
    ]);
    expect(page.get('wattloop_workload_watts')?.samples.map(({ labels }) => labels.id)).toEqual(['a']);
    expect(page.get('wattloop_workload_cpu_seconds_total')?.samples.map(({ labels }) => labels.id)).toEqual([
      'a',
      'gone',
    ]);
  });

  it('never writes 0 for what is not known', () => {
    const page = read(blind);
    expect([...page.keys()]).toEqual([
      'wattloop_source_usable',
      'wattloop_self_cpu_seconds_total',
      'wattloop_workload_cpu_seconds_total',
      'wattloop_workload_info',
      'wattloop_build_info',
    ]);
  });

  it('tells of idle energy only when idle power is known', () => {
    const { totals } = whole;
    const page = read({
      ...whole,
      idleWatts: undefined,
      totals: totals && { ...totals, idleJoules: undefined },
      shares: [share('a', { idleJoulesTotal: undefined })],
    });
    expect(page.has('wattloop_idle_joules_total')).toBe(false);
    expect(page.has('wattloop_idle_watts')).toBe(false);
    expect(page.get('wattloop_workload_joules_total')?.samples.map(({ labels }) => labels.kind)).toEqual([
      'active',
    ]);
  });

  it('has one sample for each set of labels, and every label in the table', () => {
    for (const family of nodeFamilies(whole, '1.2.3')) {
      const known: readonly string[] = family.definition.labels;
      const keys = family.samples.map(({ labels }) =>
        JSON.stringify(known.map((label) => labels[label] ?? '')),
      );
      expect(new Set(keys).size).toBe(keys.length);
      for (const { labels } of family.samples) {
        for (const label of Object.keys(labels)) expect(known).toContain(label);
      }
    }
  });
});

describe('METRICS', () => {
  it('holds to Prometheus’ conventions', () => {
    const all = Object.values(METRICS);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, type, help, labels } of all) {
      // What others named first keeps its name.
      if (!name.startsWith('gateway_')) {
        expect(name).toMatch(/^wattloop_[a-z][a-z_]*$/);
        expect(name.endsWith('_total')).toBe(type === 'counter');
      }
      expect(help).toMatch(/\.$/);
      for (const label of labels) expect(label).toMatch(/^[a-z][a-z_]*$/);
    }
  });
});
