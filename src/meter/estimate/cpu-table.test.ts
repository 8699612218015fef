import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, architectureByName } from './architectures.js';
import { CPU_TABLE, normaliseModel, rowByName } from './cpu-table.js';
import { ARM_ROWS } from './table/arm.js';
import { CLIENT_CLASSES, clientClass } from './table/client-classes.js';

/** Published data sets to compare with, beside the repository or where REFERENCE_DATA says. */
const DATA = join(
  process.env.REFERENCE_DATA ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'reference',
);
const absent = !existsSync(DATA);

describe('the table of processors', () => {
  it('has a source and sane figures in every row', () => {
    expect(CPU_TABLE.length).toBeGreaterThan(600);
    for (const { model, architecture, cores, watts, source } of [...CPU_TABLE, ...ARM_ROWS]) {
      expect(model.trim(), model).not.toBe('');
      expect(architecture.trim(), model).not.toBe('');
      expect(source.length, model).toBeGreaterThan(10);
      expect(Number.isInteger(cores) && cores >= 1 && cores <= 288, model).toBe(true);
      expect(watts, model).toBeGreaterThan(2);
      expect(watts, model).toBeLessThanOrEqual(500);
      expect(watts / cores, model).toBeGreaterThan(0.5);
      expect(watts / cores, model).toBeLessThan(50);
    }
  });

  it('has no row that an earlier one hides', () => {
    for (const row of CPU_TABLE) expect(rowByName(row.model), row.model).toBe(row);
  });

  it('knows every server generation by rows of its own, and names no other', () => {
    for (const { name } of ARCHITECTURES) {
      expect(CPU_TABLE.filter(({ architecture }) => architecture === name).length, name).toBeGreaterThan(1);
    }
    expect(architectureByName('EPYC 9th Gen')).toBeUndefined();
  });

  it('has no class of names that an earlier one hides', () => {
    for (const { family, suffixes } of CLIENT_CLASSES) {
      for (const suffix of suffixes) {
        const others = CLIENT_CLASSES.filter((o) => o.family === family && o.suffixes.includes(suffix));
        expect(others, `${family} ${suffix}`).toHaveLength(1);
      }
    }
  });

  it.each([
    ['core i7-13650hx', 55],
    ['core i5-1145g7', 15],
    ['core i9-13900ks', 125],
    ['core ultra 5 235', 65],
    ['core 7 150u', 15],
    ['ryzen 7 pro 3700', 65],
    ['ryzen 5 7600x3d', 120],
    ['ryzen threadripper pro 3955wx', 280],
  ])('puts %s into its class', (name, watts) => {
    expect(clientClass(name)?.watts).toBe(watts);
  });

  it.each(['core i7 920', 'core i7-2600', 'core i5-4670k', 'ryzen ai max+ 395', 'atom c3758', ''])(
    'has no class for %j',
    (name) => {
      expect(clientClass(name)).toBeUndefined();
    },
  );
});

interface Reference {
  readonly name: string;
  readonly watts: number;
}

const table = (file: string): string[][] =>
  readFileSync(join(DATA, file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => (line.match(/("[^"]*"|[^,]*)(,|$)/g) ?? []).map((cell) => cell.replace(/^"|"?,?$/g, '')));

describe.skipIf(absent)(`compared with published data${absent ? ` (none at ${DATA})` : ''}`, () => {
  it('has the design power that other tables have, where they have one', () => {
    const references: Reference[] = ['boavizta-tdp-data.csv', 'tdp-data-1.csv']
      .flatMap(table)
      // 0.0 stands for unknown there.
      .flatMap(([name = '', watts]) => (Number(watts) > 0 ? [{ name, watts: Number(watts) }] : []));
    const byName = new Map<string, number[]>();
    for (const { name, watts } of references) {
      byName.set(normaliseModel(name), [...(byName.get(normaliseModel(name)) ?? []), watts]);
    }
    const compared = CPU_TABLE.flatMap((row) => {
      const others = byName.get(normaliseModel(row.model));
      return others ? [{ row, others }] : [];
    });
    expect(compared.length).toBeGreaterThan(500);
    const apart = compared
      .filter(({ row, others }) => !others.includes(row.watts))
      .map(({ row }) => row.model);
    // Intel's page says 91 W; the tables have the 95 W of its first announcement.
    expect(apart).toEqual(['Core i7-6700K']);
  });

  it('has the cores that measured servers report', () => {
    let compared = 0;
    const apart: string[] = [];
    for (const cells of table('SPECpower-2026-03-09.csv')) {
      const row = rowByName((cells[11] ?? '').replace(/[,®].*$/, ''));
      const [cores, chips] = [Number(cells[7]), Number(cells[8])];
      if (row === undefined || !(chips > 0)) continue;
      // Some reports give the cores of the whole machine as those of a chip, or count threads.
      const possible = [cores / chips, cores / chips / 2, cores];
      if (!possible.includes(row.cores)) apart.push(`${row.model}: ${row.cores}, not ${cores / chips}`);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
    expect(apart).toEqual([]);
  });

  it('has the coefficients of a vCPU by architecture, but for those that are not believed', () => {
    const published = new Map(
      table('coefficients-aws-use.csv').map(([, name = '', min, max]) => [name, [Number(min), Number(max)]]),
    );
    for (const { name, vcpu } of ARCHITECTURES) {
      if (vcpu === undefined) continue;
      const [min = Number.NaN, max = Number.NaN] = published.get(name) ?? [];
      expect(vcpu.min, name).toBeCloseTo(min, 2);
      expect(vcpu.max, name).toBeCloseTo(max, 2);
    }
    expect(published.get('EPYC 5th Gen')?.[1]).toBeGreaterThan(8);
    expect(architectureByName('EPYC 5th Gen')?.vcpu).toBeUndefined();
    for (const [name] of published) {
      if (!/Graviton|5th Gen|Coffee/.test(name)) expect(architectureByName(name)?.vcpu, name).toBeDefined();
    }
  });
});
