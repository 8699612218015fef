import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from './csv-rows.js';
import { regularRows } from './regular-csv.js';

const header = ['a', 'b'];

describe('csvRows', () => {
  it('gives what csv-parse gives, or refuses what it refuses, for any text', async () => {
    const text = fc.string({
      unit: fc.constantFrom('x', '"', '"', ',', ',', '\n', '\r', '\r\n', ' '),
      maxLength: 14,
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(text, async (csv) => {
        let expected: unknown;
        try {
          expected = parse(csv, {
            columns: [...header],
            record_delimiter: ['\r\n', '\n', '\r'],
            skip_empty_lines: true,
          });
        } catch {
          expected = 'refused';
        }
        if (expected !== 'refused') accepted++;
        const rows = csvRows(csv, { delimiter: ',', header }, 'x').catch(() => 'refused');
        expect(await rows).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('needs no other parser for what is regular', () => {
    expect(regularRows('"x ""1""",2\r\n\r\n,"\n"', ',', header)).toEqual([
      { a: 'x "1"', b: '2' },
      { a: '', b: '\n' },
    ]);
  });

  it('takes delimiters of several characters', async () => {
    expect(await csvRows('1||2\n', { delimiter: '||', header }, 'x')).toEqual([{ a: '1', b: '2' }]);
  });
});
