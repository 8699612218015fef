import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as base from '../../base/index.js';
import { type AttributeOptions, validate } from '../../footprint/index.js';
import { exampleAccount } from '../../footprint/testing/example-account.js';
import type { Trace } from '../../model/index.js';
import { type Attribute, attributeCommand } from './attribute.js';

vi.mock('../../base/index.js', async (original) => ({
  ...(await original<typeof base>()),
  writeOutput: vi.fn(),
  writeError: vi.fn(),
}));
const printed = (): string =>
  vi
    .mocked(base.writeOutput)
    .mock.calls.map(([text]) => text)
    .join('');
afterEach(() => vi.clearAllMocks());

const folder = (): string => mkdtempSync(join(tmpdir(), 'attribute-'));

/** Two functions by turns, ten seconds each, for five minutes; the second is left out where asked for. */
function traceFolder(withSecond = true): string {
  const directory = folder();
  const isSecond = (second: number): boolean => Math.floor(second / 10) % 2 === 1;
  const power = Array.from({ length: 300 }, (_, second) => {
    const watts = isSecond(second) ? (withSecond ? 40 : 10) : 25;
    return `${second + 1},${watts + (second % 3) / 10}`;
  });
  const invocations = Array.from({ length: 30 }, (_, turn) => {
    const name = turn % 2 === 1 ? 'second' : 'first';
    return name === 'second' && !withSecond ? [] : [`${name},${turn * 10},${turn * 10 + 10}`];
  });
  writeFileSync(join(directory, 'power.csv'), `t,system_w\n${power.join('\n')}\n`);
  writeFileSync(join(directory, 'invocations.csv'), `function,start,end\n${invocations.flat().join('\n')}\n`);
  return directory;
}

type Asked = [trace: Trace, options: AttributeOptions][];

/** An account of no matter what, that remembers what it was asked. */
function standIn() {
  const asked: Asked = [];
  const attribute: Attribute = (trace, options) => {
    asked.push([trace, options]);
    const { lagSeconds, validation, ...rest } = exampleAccount({ ticks: 60 });
    return {
      ...rest,
      lagSeconds: lagSeconds === undefined || validation === undefined ? undefined : 0,
      // As the account itself does it, where there are references.
      ...(trace.truth && { validation: validate(rest, trace.truth) }),
    };
  };
  // The program gives every command its options; here the few that are used.
  const command = attributeCommand(attribute).option('--json').option('--quiet').exitOverride();
  return { asked, command: command.configureOutput({ writeErr: () => {} }) };
}

async function run(...args: string[]): Promise<Asked> {
  const { asked, command } = standIn();
  await command.parseAsync(args, { from: 'user' });
  return asked;
}

describe('wattloop attribute', () => {
  it('hands on what the user decided, and nothing that he did not', async () => {
    const directory = traceFolder();
    const plain = await run(directory);
    const [trace, options] = plain[0] ?? [];
    expect(trace?.invocations.start).toHaveLength(30);
    expect(options).toEqual({ gramsPerKilowattHour: 473, pue: 1 });
    const decided = await run(
      ...[
        directory,
        '--mode',
        'full',
        '--tick',
        '500ms',
        '--kind',
        'individual',
        '--idle',
        '14',
        '--lag',
        '-11s',
      ],
      ...['--accelerator', 'first, second', '--seed', '7', '--carbon-intensity', '20', '--pue', '1.5'],
      ...['--embodied', '471', '--lifetime', '5'],
    );
    expect(decided[0]?.[1]).toEqual({
      mode: 'full',
      tickSeconds: 0.5,
      kind: 'individual',
      idleWatts: 14,
      lagSeconds: -11,
      acceleratorFunctions: ['first', 'second'],
      gramsPerKilowattHour: 20,
      pue: 1.5,
      server: { kilograms: 471, lifetimeYears: 5 },
    });
  });

  it('prints a table, or one document', async () => {
    await run(traceFolder(), '--sort', 'name', '--top', '2');
    expect(printed()).toMatch(/PER INVOCATION[^\n]*\naes [^\n]*\nimage-resize /);
    vi.clearAllMocks();
    await run(traceFolder(), '--json');
    expect(JSON.parse(printed())).toMatchObject({ window_s: 60, functions: { aes: {} } });
    expect(JSON.parse(printed())).not.toHaveProperty('minus');
  });

  it('tells what was noticed in reading too', async () => {
    const directory = traceFolder();
    writeFileSync(join(directory, 'trace.json'), '{ "embodied_kg": 471 }');
    await run(directory, '--json');
    const codes = JSON.parse(printed()).findings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(['missing-columns', 'embodied-incomplete', 'power_gaps', 'lag_corrected']);
  });

  it('validates where references are at hand, and only there', async () => {
    const directory = traceFolder();
    await run(directory, '--json');
    expect(JSON.parse(printed()).validation).toBeNull();
    vi.clearAllMocks();
    writeFileSync(join(directory, 'truth.json'), '{ "functions": { "aes": { "marginal_j": 1 } } }');
    await run(directory, '--json');
    expect(JSON.parse(printed()).validation).toMatchObject({ against: 'marginal', compared: ['aes'] });
  });

  it('writes the report whole and leaves nothing beside it', async () => {
    const out = folder();
    const report = join(out, 'report.html');
    writeFileSync(report, 'old');
    await run(traceFolder(), '--report', report);
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(readdirSync(out)).toEqual(['report.html']);
    expect(printed()).toContain('PER INVOCATION');
  });

  it('refuses a report that could not be written before it begins', async () => {
    const { asked, command } = standIn();
    const work = command.parseAsync([traceFolder(), '--report', '/nowhere/report.html'], { from: 'user' });
    await expect(work).rejects.toThrow(
      expect.objectContaining({ code: 'write_failed', remedy: expect.stringContaining('--report') }),
    );
    expect(asked).toEqual([]);
  });

  it('keeps the old report when the trace is bad', async () => {
    const out = folder();
    writeFileSync(join(out, 'report.html'), 'old');
    const bad = traceFolder();
    writeFileSync(join(bad, 'power.csv'), 't,system_w\n1,many\n');
    await expect(run(bad, '--report', join(out, 'report.html'))).rejects.toThrow(
      expect.objectContaining({ code: 'bad_input', message: expect.stringContaining('power.csv, line 2') }),
    );
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe('old');
    expect(readdirSync(out)).toEqual(['report.html']);
  });

  it('tells what a second trace says of the function that it leaves out', async () => {
    await run(traceFolder(), '--minus', traceFolder(false), '--json');
    const { minus } = JSON.parse(printed());
    // Thirty watts over ten seconds.
    expect(minus).toMatchObject({ functions: ['second'], other_functions: [], reason: null });
    expect(minus.marginal_j).toBeCloseTo(300, 0);
    expect(minus.marginal_low_j).toBeLessThanOrEqual(minus.marginal_j);
    vi.clearAllMocks();
    await run(traceFolder(), '--minus', traceFolder(false));
    expect(printed()).toMatch(/^Left out +second, 15 invocations in 300 s$/m);
    expect(printed()).toMatch(/^An invocation +300 ± /m);
  });

  it.each([
    [['--mode', 'magic'], /magic.*law, full, no-idle, combined, online/],
    [['--kind', 'mine'], /Allowed choices are work, individual/],
    [['--idle', '-3'], /at least 0/],
    [['--region', 'atlantis'], /--region: no carbon intensity/],
  ])('refuses %j', async (args, message) => {
    await expect(run(traceFolder(), ...args)).rejects.toThrow(message);
  });
});
