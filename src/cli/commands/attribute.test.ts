import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as base from '../../base/index.js';
import { exampleAccount } from '../../footprint/testing/example-account.js';
import type { Trace } from '../../model/index.js';
import type { AccountChoices, AccountEngine } from '../attribute/engine.js';
import { attributeCommand } from './attribute.js';

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

class Engine implements AccountEngine {
  readonly modes = ['plain', 'full'];
  readonly asked: [trace: Trace, choices: AccountChoices][] = [];

  account(trace: Trace, choices: AccountChoices) {
    this.asked.push([trace, choices]);
    const { lagSeconds, ...rest } = exampleAccount({ ticks: 60 });
    return { ...rest, lagSeconds: lagSeconds === undefined ? undefined : 0 };
  }
}

async function run(...args: string[]): Promise<Engine> {
  const engine = new Engine();
  // The program gives every command its options; here the few that are used.
  const command = attributeCommand(engine).option('--json').option('--quiet').exitOverride();
  await command.configureOutput({ writeErr: () => {} }).parseAsync(args, { from: 'user' });
  return engine;
}

describe('wattloop attribute', () => {
  it('hands on what the user decided, and nothing that he did not', async () => {
    const directory = traceFolder();
    const plain = await run(directory);
    const [trace, choices] = plain.asked[0] ?? [];
    expect(trace?.invocations.start).toHaveLength(30);
    expect(choices).toEqual({
      carbon: { gramsPerKilowattHour: 473, pue: 1 },
      intensityOrigin: expect.stringContaining('mean of'),
    });
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
    expect(decided.asked[0]?.[1]).toEqual({
      mode: 'full',
      tickSeconds: 0.5,
      kind: 'individual',
      idleWatts: 14,
      lagSeconds: -11,
      acceleratorFunctions: ['first', 'second'],
      seed: 7,
      carbon: {
        gramsPerKilowattHour: 20,
        pue: 1.5,
        server: { kilograms: 471, lifetimeYears: 5 },
        serverShare: 1,
      },
      intensityOrigin: 'as given',
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
    const engine = new Engine();
    const command = attributeCommand(engine).exitOverride();
    const work = command.parseAsync([traceFolder(), '--report', '/nowhere/report.html'], { from: 'user' });
    await expect(work).rejects.toThrow(
      expect.objectContaining({ code: 'write_failed', remedy: expect.stringContaining('--report') }),
    );
    expect(engine.asked).toEqual([]);
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
    [['--mode', 'magic'], /magic.*plain, full/],
    [['--kind', 'mine'], /Allowed choices are work, individual/],
    [['--idle', '-3'], /at least 0/],
    [['--region', 'atlantis'], /--region: no carbon intensity/],
  ])('refuses %j', async (args, message) => {
    await expect(run(traceFolder(), ...args)).rejects.toThrow(message);
  });
});
