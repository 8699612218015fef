import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimateServerKilograms } from './embodied.js';
import { SERVERS, serverById } from './servers.js';

/** Published data to compare with, beside the repository or where REFERENCE_DATA says. */
const FILE = join(
  process.env.REFERENCE_DATA ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'reference',
  'coefficients-aws-embodied.csv',
);

describe.skipIf(!existsSync(FILE))('servers beside the published table (skipped where there is none)', () => {
  const rows = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => {
          const [, type = '', ...figures] = line.split(',');
          const [memory = 0, storage = 0, cpus = 0, gpus = 0, total = 0] = figures.map(Number);
          return { type, family: type.split('.')[0] ?? '', memory, storage, cpus, gpus, total };
        })
        // Machines of databases and caches are those of other families under other names.
        .filter(({ family }) => family !== 'db' && family !== 'cache')
    : [];

  it('have the figure of their family, as most of its sizes have it', () => {
    const families = new Set(rows.map(({ family }) => family));
    expect(families.size).toBeGreaterThan(70);
    for (const family of families) {
      const sizes = rows.filter((row) => row.family === family);
      const { kilograms } = serverById(`aws:${family}`);
      const agree = sizes.filter(({ total }) => Math.abs(total - kilograms) < 0.01).length;
      expect(agree / sizes.length, family).toBeGreaterThanOrEqual(0.5);
    }
    const known = new Set(rows.map(({ family }) => `aws:${family}`));
    for (const { id } of SERVERS.filter(({ id: row }) => row.startsWith('aws:')))
      expect(known.has(id), id).toBe(true);
  });

  it('are what the estimate from parts gives', () => {
    for (const { type, memory, storage, cpus, gpus, total } of rows) {
      const estimate = estimateServerKilograms({
        memoryGib: 16 + memory / (533 / 384),
        hdds: storage / 50,
        sockets: 1 + cpus / 100,
        gpus: gpus / 150,
      });
      expect(estimate, type).toBeCloseTo(total, 1);
    }
  });
});
