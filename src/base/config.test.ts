import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ConfigInput, loadConfig } from './config.js';
import { settingPaths } from './settings-schema.js';

const schema = z.strictObject({
  log_level: z.enum(['info', 'warn']).default('warn'),
  meter: z
    .strictObject({
      methods: z.array(z.enum(['rapl', 'proc'])).optional(),
      interval_seconds: z.number().positive().default(0.1),
      exact: z.boolean().default(false),
    })
    .prefault({}),
  agent: z
    .strictObject({
      listen: z.string().default('127.0.0.1:9412'),
      headers: z.record(z.string(), z.string()).default({}),
      meters: z.array(z.strictObject({ name: z.string() })).default([]),
    })
    .prefault({}),
});

const fileOf = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'wattloop-config-')), 'wattloop.yaml');
  writeFileSync(path, text);
  return path;
};
const load = (input: ConfigInput) => loadConfig(schema, input);
function refusal(input: ConfigInput): string {
  try {
    load(input);
  } catch (error) {
    expect(error).toMatchObject({ name: 'WattloopError', code: 'bad_configuration' });
    const { line } = error as { line: string };
    expect(line).not.toContain('\n');
    return line;
  }
  throw new Error('it was accepted');
}

describe('loadConfig', () => {
  it('lets flags outweigh the environment, that the file, and that the defaults', () => {
    const file = fileOf(
      'log_level: info\nmeter:\n  interval_seconds: 2\n  exact: true\nagent:\n  listen: a:1\n',
    );
    const env = { WATTLOOP_METER_INTERVAL_SECONDS: '3', WATTLOOP_AGENT_LISTEN: 'b:2', PATH: '/bin' };
    expect(load({ file, env, flags: { 'agent.listen': 'c:3', log_level: undefined } })).toEqual({
      log_level: 'info',
      meter: { interval_seconds: 3, exact: true },
      agent: { listen: 'c:3', headers: {}, meters: [] },
    });
  });

  it.each([
    ['WATTLOOP_METER_METHODS', 'rapl, proc', { meter: { methods: ['rapl', 'proc'] } }],
    ['WATTLOOP_METER_EXACT', '1', { meter: { exact: true } }],
    ['WATTLOOP_AGENT_HEADERS', '{ token: abc }', { agent: { headers: { token: 'abc' } } }],
    ['WATTLOOP_AGENT_METERS', '[{ name: rack }]', { agent: { meters: [{ name: 'rack' }] } }],
    ['WATTLOOP_LOG_LEVEL', '', { log_level: 'warn' }],
  ])('reads %s=%s', (name, text, expected) => {
    expect(load({ env: { [name]: text } })).toMatchObject(expected);
  });

  it('takes what a stage tells its command for no settings', () => {
    const env = { WATTLOOP_INPUTS: '/tmp/inputs', WATTLOOP_PARTITION: '3' };
    expect(load({ env }).log_level).toBe('warn');
  });

  it('takes a section whose keys are all commented out for one that was not given', () => {
    expect(load({ file: fileOf('meter:\n  # exact: true\nlog_level:\n') }).meter.interval_seconds).toBe(0.1);
    expect(load({ file: fileOf('') }).log_level).toBe('warn');
  });

  it.each([
    [
      'log_level: warn\nmetre:\n  exact: true\n',
      /, line 2: unknown setting "metre" \(did you mean "meter"\?\)$/,
    ],
    ['meter:\n  exat: true\n', /, line 2: unknown setting "meter.exat" \(did you mean "meter.exact"\?\)$/],
    [
      'interval_seconds: 1\n',
      /unknown setting "interval_seconds" \(did you mean "meter.interval_seconds"\?\)$/,
    ],
    ['metre:\n', /unknown setting "metre"/],
    ['meter:\n  interval_seconds: fast\n', /, line 2: meter.interval_seconds: .*number/],
    [
      'meter:\n  methods: [rapl, prox]\n',
      /, line 2: meter.methods.1: "prox" is none of rapl, proc \(did you mean "proc"\?\)$/,
    ],
    ['meter: 5\n', /, line 1: meter: /],
    ['- a\n', /must hold settings as "key: value"/],
    ['meter: [\n', /, line 2: .*/],
    ['a: 1\na: 2\n', /, line 2: .*unique/],
    ['meter: *nowhere\n', /nowhere/],
    ['a: 1\n---\nb: 2\n', /multiple documents/],
  ])('refuses %j in one line that says where', (text, line) => {
    expect(refusal({ file: fileOf(text) })).toMatch(line);
  });

  it('names the flag or the variable that set a wrong value', () => {
    const flags = { 'meter.methods': ['rapll'] };
    expect(refusal({ flags, flagNames: { 'meter.methods': '--methods' } })).toBe(
      '--methods: meter.methods.0: "rapll" is none of rapl, proc (did you mean "rapl"?)',
    );
    expect(refusal({ env: { WATTLOOP_METER_INTERVAL_SECONDS: 'x' } })).toMatch(
      /^environment WATTLOOP_METER_INTERVAL_SECONDS: meter.interval_seconds: /,
    );
    expect(refusal({ env: { WATTLOOP_METER_EXAT: '1' } })).toBe(
      'environment: unknown setting WATTLOOP_METER_EXAT. Did you mean WATTLOOP_METER_EXACT?',
    );
  });

  it('says which file could not be read', () => {
    expect(refusal({ file: '/nowhere/wattloop.yaml' })).toMatch(/^\/nowhere\/wattloop\.yaml: ENOENT/);
    expect(refusal({ file: tmpdir() })).toMatch(/EISDIR/);
  });

  it('never takes a key that the schema does not know, and always names one that it knows', () => {
    const known = settingPaths(schema).map(({ path }) => path.join('.'));
    const groups = ['meter', 'agent', 'log_level'];
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,20}$/), (key) => {
        fc.pre(!groups.includes(key));
        const line = refusal({ file: fileOf(`${key}: 1\n`) });
        const suggested = /did you mean "([^"]+)"/.exec(line)?.[1] ?? '';
        expect([...known, ...groups]).toContain(suggested);
      }),
    );
  });
});
