import { describe, expect, it } from 'vitest';
import { lambdaEstimateJson } from '../json/lambda-estimate.js';
import { exampleRun } from '../testing/example-run.js';
import { lambdaEstimateText } from './lambda-estimate.js';
import { dollars } from './money.js';

const { lambda } = exampleRun();
if (lambda === undefined) throw new Error('the example has an estimate');

describe('lambdaEstimateText', () => {
  it('has a row for each size, with what it is the best by or why it can not be had', () => {
    const lines = lambdaEstimateText(lambda).split('\n');
    expect(lines[0]).toContain('38 invocations');
    expect(lines.find((line) => line.includes('512'))).toMatch(
      /arm64\s+0\.29\s+361 s\s+16\.1 s\s+\$0\.00240.*cheapest/,
    );
    expect(lines.find((line) => line.includes('1769'))).toContain('fastest, least energy');
    expect(lines.find((line) => line.includes(' 128'))).toContain('212 MiB were needed');
    expect(lines.join('\n')).toContain('Energy is estimated, ± 35 %');
  });
});

describe('lambdaEstimateJson', () => {
  it('names units and has null for what is not so', () => {
    expect(lambdaEstimateJson(lambda)).toMatchObject({
      invocations: 38,
      options: [
        { memory_mib: 512, cost_usd: 0.0024, best: ['cost'], impossible: null },
        {},
        { impossible: '212 MiB were needed' },
      ],
      energy: { provenance: 'estimated', uncertainty: 0.35 },
      carbon_g_per_kwh: 473,
    });
  });
});

describe('dollars', () => {
  it.each([
    [undefined, '-'],
    [Number.NaN, '-'],
    [0, '$0'],
    [12.345, '$12.35'],
    [0.0024, '$0.00240'],
    [0.000000234, '$0.000000234'],
    [1e-12, '$1.0e-12'],
    [-0.5, '-$0.500'],
  ])('writes %s as %s', (value, text) => {
    expect(dollars(value)).toBe(text);
  });
});
