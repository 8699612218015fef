import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../model/index.js';
import { runJson } from './run.js';

const RUN: RunRecord = {
  id: '20260501-abc',
  workflow: 'pi',
  parameters: {},
  status: 'done',
  startedAt: 1_700_000_000,
  settings: {},
  platforms: [],
  stages: [
    {
      name: 'sample',
      configuration: { cpu: 1, memoryMib: 256, workers: 8 },
      invocations: 9,
      failed: 1,
      retries: 1,
      wallSeconds: 1.5,
      cpuSeconds: 8,
      readSeconds: 0.1,
      computeSeconds: 7.5,
      writeSeconds: 0.2,
      coldStarts: 2,
    },
  ],
  result: { value: 3.14 },
};

describe('runJson', () => {
  it('has every key of the contract, and null for what is unknown', () => {
    expect(runJson(RUN)).toEqual({
      run: '20260501-abc',
      workflow: 'pi',
      status: 'done',
      stages: [
        {
          name: 'sample',
          invocations: 9,
          failed: 1,
          retries: 1,
          wall_seconds: 1.5,
          cpu_seconds: 8,
          read_seconds: 0.1,
          compute_seconds: 7.5,
          write_seconds: 0.2,
          cold_starts: 2,
          joules: null,
          source: null,
          provenance: null,
          carbon_grams: null,
          cost_usd: null,
          work: null,
          configuration: { cpu: 1, memory_mib: 256, workers: 8 },
        },
      ],
      totals: null,
      result: 3.14,
      result_absent: null,
      error: null,
    });
  });

  it('says why there is no result', () => {
    expect(runJson({ ...RUN, result: { absent: 'too large' } })).toMatchObject({
      result: null,
      result_absent: 'too large',
    });
  });
});
