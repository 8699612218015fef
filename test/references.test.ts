import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingPaths } from '../src/base/index.js';
import { METRICS } from '../src/gateway/index.js';
import { settingsSchema } from '../src/model/index.js';
import { metricsReference, settingsReference } from '../src/report/index.js';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '..', 'docs', name), 'utf8');

// When one of these fails: npm run docs.
describe('the references that are made from code', () => {
  it('tell every metric', () => {
    expect(page('metrics.md')).toBe(metricsReference(Object.values(METRICS)));
  });

  it('tell every setting', () => {
    const text = page('configuration.md');
    expect(text).toBe(settingsReference(settingsSchema));
    for (const { path } of settingPaths(settingsSchema)) expect(text).toContain(`\`${path.join('.')}\``);
  });

  it('leave no setting without a meaning', () => {
    const rows = settingsReference(settingsSchema)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(row).not.toMatch(/\| +\|$/);
  });

  it('has the metrics that others build on', () => {
    const names: string[] = Object.values(METRICS).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'wattloop_node_joules_total',
        'wattloop_node_watts',
        'wattloop_unattributed_joules_total',
        'wattloop_self_cpu_seconds_total',
        'wattloop_self_joules_total',
      ]),
    );
    expect(METRICS.nodeJoules.labels).toEqual(['source', 'domain']);
  });
});
