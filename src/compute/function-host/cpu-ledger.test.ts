import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CpuLedger } from './cpu-ledger.js';

describe('CpuLedger', () => {
  it('tells a call that is alone exactly what was used meanwhile', () => {
    let now = 1_000;
    const ledger = new CpuLedger(() => now);
    now = 5_000;
    const mark = ledger.begin();
    now = 5_250;
    expect(ledger.end(mark)).toBeCloseTo(250e-6, 12);
  });

  it('shares evenly among those under way', () => {
    let now = 0;
    const ledger = new CpuLedger(() => now);
    const first = ledger.begin();
    now = 100;
    const second = ledger.begin();
    now = 300;
    expect(ledger.end(second)).toBeCloseTo(100e-6, 12);
    now = 350;
    expect(ledger.end(first)).toBeCloseTo(250e-6, 12);
  });

  it('gives away all that was used while a call was under way, and nothing else', () => {
    const step = fc.record({ uses: fc.nat(10_000), begins: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let now = 0;
        let owed = 0;
        let given = 0;
        const ledger = new CpuLedger(() => now);
        const marks: number[] = [];
        for (const { uses, begins, which } of steps) {
          now += uses;
          if (marks.length > 0) owed += uses;
          if (begins) marks.push(ledger.begin());
          else for (const mark of marks.splice(which % (marks.length + 1), 1)) given += ledger.end(mark);
        }
        for (const mark of marks) given += ledger.end(mark);
        expect(given * 1e6).toBeCloseTo(owed, 3);
      }),
    );
  });
});
