import { describe, expect, it } from 'vitest';
import type { RunTotals, StageSummary } from '../../model/index.js';
import { runStagesText } from './run-stages.js';

const figures: RunTotals = {
  invocations: 8,
  failed: 0,
  retries: 0,
  wallSeconds: 1.5,
  cpuSeconds: 8,
  readSeconds: 0.012,
  computeSeconds: 7.5,
  writeSeconds: 0.2,
  coldStarts: 2,
};

const stage = (name: string, changes: Partial<StageSummary> = {}): StageSummary => ({
  ...figures,
  name,
  configuration: { cpu: 0.5, memoryMib: 2_048, workers: 8 },
  ...changes,
});

describe('runStagesText', () => {
  it('has a line for each stage and one for all', () => {
    const energy = { joules: 31.5, source: 'rapl', provenance: 'measured', carbonGrams: 0.004 } as const;
    const text = runStagesText({
      stages: [stage('sample', energy), stage('estimate', { ...energy, joules: 0.25, costUsd: 0.000_012 })],
      totals: { ...figures, ...energy, joules: 31.75 },
    });
    expect(text.split('\n')).toEqual([
      'STAGE     WORKERS                INVOCATIONS  COLD  TIME    CPU TIME  READ     COMPUTE  WRITE   ENERGY  CO2E     COST',
      'sample    8 x 0.5 CPU, 2.00 GiB            8     2  1.50 s  8.00 s    12.0 ms  7.50 s   200 ms  31.5 J  4.00 mg  -',
      'estimate  8 x 0.5 CPU, 2.00 GiB            8     2  1.50 s  8.00 s    12.0 ms  7.50 s   200 ms  250 mJ  4.00 mg  $0.0000120',
      'all                                        8     2  1.50 s  8.00 s    12.0 ms  7.50 s   200 ms  31.8 J  4.00 mg  -',
      '',
      'Energy by rapl (measured)',
    ]);
  });

  it('says that energy is unknown, not that there was none', () => {
    const text = runStagesText({ stages: [stage('sample')], totals: figures });
    expect(text).toContain('Energy: unknown');
    expect(text).not.toMatch(/\b0 J/);
  });

  it('leaves out what is missed least where it would be wider than the terminal', () => {
    const whole = runStagesText({ stages: [stage('sample')] });
    const widest = Math.max(...whole.split('\n').map((line) => line.length));
    expect(runStagesText({ stages: [stage('sample')] }, widest)).toBe(whole);
    for (const width of [widest - 1, 80, 60]) {
      const [header = '', row = '', , , ...note] = runStagesText({ stages: [stage('sample')] }, width).split(
        '\n',
      );
      expect(Math.max(header.length, row.length)).toBeLessThanOrEqual(width);
      expect(header).toMatch(/^STAGE .*TIME .*ENERGY/);
      expect(note.join(' ')).toMatch(/^Left out, as there is no room: .*READ.* \(--json has all\)$/);
    }
    const [narrowest] = runStagesText({ stages: [stage('sample')] }, 1).split('\n');
    expect(narrowest).toBe('STAGE   TIME    ENERGY');
  });

  it('tells of failures and retries where there are any', () => {
    const header = (changes: Partial<StageSummary>): string =>
      runStagesText({ stages: [stage('sample', changes)] }).split('\n')[0] ?? '';
    expect(header({})).not.toMatch(/FAILED|RETRIES/);
    expect(header({ failed: 1 })).toMatch(/FAILED/);
    expect(header({ retries: 2 })).toMatch(/RETRIES/);
  });

  it('lets no name of a stage move the cursor', () => {
    expect(runStagesText({ stages: [stage('a\u001b[2Jb\n')] })).toContain('a?[2Jb?');
  });

  it('has something to say of a run that has no stages yet', () => {
    expect(runStagesText({ stages: [] })).toBe('No stage has begun.');
  });
});
