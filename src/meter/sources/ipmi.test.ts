import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../model/index.js';
import type { Spawn } from '../run-command.js';
import { fixtureHost } from '../testing/tree.js';
import { ipmi } from './ipmi.js';

const dcmi = (watts: number, state = 'activated'): string => `
    Instantaneous power reading:              ${watts} Watts
    Average power reading over sample period: 206 Watts
    Power reading state is:                   ${state}
`;
const NO_DCMI = { stderr: 'DCMI request failed because: Invalid command (c1)', exit: 1 };
const TWO_SUPPLIES = `PS1 Input Power  | 54h | ok  | 10.1 | 132 Watts
PS2 Input Power  | 55h | ok  | 10.2 | 160 Watts
CPU1 Power       | 58h | ok  | 3.1 | 70 Watts
`;

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exit?: number;
}

/** A program that answers as ipmitool does, by the word that tells its commands apart, and writes down how it was called. */
function fakeTool(answers: Readonly<Record<string, string | Answer>>) {
  const folder = mkdtempSync(join(tmpdir(), 'wattloop-ipmitool-'));
  const path = join(folder, 'ipmitool');
  const calls = join(folder, 'calls');
  const environment = join(folder, 'environment');
  const say = (next: Readonly<Record<string, string | Answer>>): void => {
    const cases = Object.entries(next).map(([word, answer], index) => {
      const { stdout = '', stderr = '', exit = 0 } = typeof answer === 'string' ? { stdout: answer } : answer;
      writeFileSync(join(folder, `${index}.out`), stdout);
      writeFileSync(join(folder, `${index}.err`), stderr);
      return `*" ${word} "*) cat ${folder}/${index}.out; cat ${folder}/${index}.err >&2; exit ${exit};;`;
    });
    const script = `#!/bin/sh
echo "$*" >> ${calls}
env > ${environment}
case " $* " in
${cases.join('\n')}
esac
echo "Invalid command" >&2; exit 1
`;
    writeFileSync(path, script, { mode: 0o755 });
  };
  say(answers);
  return {
    path,
    say,
    calls: () => readFileSync(calls, 'utf8').trim().split('\n'),
    environment: () => readFileSync(environment, 'utf8'),
  };
}

function source(
  answers: Readonly<Record<string, string | Answer>>,
  settings: object = {},
  options: { env?: Record<string, string>; spawn?: Spawn; live?: boolean } = {},
) {
  const tool = fakeTool(answers);
  const env = { PATH: process.env.PATH ?? '', ...options.env };
  const host = fixtureHost({}, { env, ...(options.live !== false && { procfs: '/proc' }) });
  const parsed = settingsSchema.parse({ sources: { ipmi: { command: tool.path, ...settings } } });
  const made = ipmi(host, parsed.sources.ipmi, options.spawn);
  const watts = async () =>
    Object.fromEntries(
      (await made.read()).map((r) => [`${r.device} ${r.domain}`, r.kind === 'power' ? r.watts : r.joules]),
    );
  return { tool, host, source: made, watts };
}

describe('ipmi', () => {
  it('reads the power of the machine by DCMI', async () => {
    const { tool, source: made, watts } = source({ dcmi: dcmi(212) });
    expect(await made.probe()).toEqual({
      usable: true,
      domains: ['system'],
      note: 'by DCMI: 212 W, mean 206 W',
    });
    await made.open();
    tool.say({ dcmi: dcmi(240) });
    expect(await watts()).toEqual({ 'dcmi system': 240 });
    await made.close();
  });

  it.each([
    ['is not known', NO_DCMI],
    ['is not activated', dcmi(212, 'deactivated')],
    ['reads 0 W', dcmi(0)],
  ])('reads supplies where DCMI %s, and says what it does not use', async (_case, answer) => {
    const { tool, source: made, watts } = source({ dcmi: answer, elist: TWO_SUPPLIES });
    expect(await made.probe()).toMatchObject({
      usable: true,
      note: 'by PS1 Input Power, PS2 Input Power; not used: CPU1 Power',
    });
    await made.open();
    tool.say({ reading: 'PS1 Input Power,0\nPS2 Input Power,300' });
    expect(await watts()).toEqual({ 'PS1 Input Power system': 0, 'PS2 Input Power system': 300 });
    expect(tool.calls().at(-1)).toMatch(/-c sensor reading PS1 Input Power PS2 Input Power$/);
    await made.close();
  });

  it('uses a copy of the sensor repository where it can be had, and removes it', async () => {
    const { tool, source: made } = source({ dcmi: NO_DCMI, elist: TWO_SUPPLIES, dump: '' });
    await made.open();
    tool.say({ reading: 'PS1 Input Power,10' });
    await made.read();
    const cache = /-S (\S+)/.exec(tool.calls().at(-1) ?? '')?.[1] ?? '';
    expect(() => readFileSync(join(cache, '..'))).toThrow(/EISDIR/);
    await made.close();
    await made.close();
    expect(() => readFileSync(join(cache, '..'))).toThrow(/ENOENT/);
  });

  it('gives what one supply reads when the other falls silent, and fails when all do', async () => {
    const { tool, source: made, watts } = source({ dcmi: NO_DCMI, elist: TWO_SUPPLIES });
    await made.open();
    tool.say({ reading: { stdout: 'PS1 Input Power,132\nPS2 Input Power,na\n', exit: 1 } });
    expect(await watts()).toEqual({ 'PS1 Input Power system': 132 });
    tool.say({ reading: { stdout: '', stderr: 'Error sending get sensor reading command', exit: 1 } });
    await expect(made.read()).rejects.toMatchObject({
      code: 'instrument_failed',
      message: /get sensor reading/,
    });
    tool.say({ reading: 'PS1 Input Power,0\nPS2 Input Power,0\n' });
    await expect(made.read()).rejects.toMatchObject({ message: /reads 0 W/ });
  });

  it('takes the sensors that the settings name, and says when there is no such sensor', async () => {
    const good = source({ elist: TWO_SUPPLIES }, { sensors: ['CPU1 Power'] });
    expect(await good.source.probe()).toMatchObject({ usable: true, note: /^by CPU1 Power/ });
    const bad = source({ elist: TWO_SUPPLIES }, { sensors: ['CPU9 Power'] });
    expect(await bad.source.probe()).toMatchObject({
      usable: false,
      reason: 'no watt sensor is named CPU9 Power',
      remedy: /PS1 Input Power/,
    });
  });

  it('refuses to guess, and names what it found', async () => {
    const { source: made } = source({ dcmi: NO_DCMI, elist: 'CPU1 Power | 58h | ok | 3.1 | 70 Watts' });
    expect(await made.probe()).toMatchObject({ usable: false, reason: /CPU1 Power/, remedy: /sensors/ });
    await expect(made.open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('never shows the password to ps', async () => {
    const { tool, source: made } = source(
      { dcmi: dcmi(212) },
      { host: 'bmc.example', user: 'meter', password: 'ohm-law', cipher_suite: 17 },
      { env: { IPMITOOL_PASSWORD: 'of another machine' } },
    );
    await made.probe();
    expect(tool.calls()).toEqual(['-I lanplus -H bmc.example -U meter -C 17 -E -v dcmi power reading']);
    expect(tool.environment()).toMatch(/^IPMI_PASSWORD=ohm-law$/m);
    expect(tool.environment()).toMatch(/^IPMITOOL_PASSWORD=ohm-law$/m);
  });

  it('takes the password from a file or from the environment too', async () => {
    const byFile = source({ dcmi: dcmi(1) }, { host: 'bmc', password_file: '/etc/bmc-password' });
    await byFile.source.probe();
    expect(byFile.tool.calls()[0]).toContain('-f /etc/bmc-password');
    const byEnvironment = source({ dcmi: dcmi(1) }, { host: 'bmc' }, { env: { IPMI_PASSWORD: 'volt' } });
    await byEnvironment.source.probe();
    expect(byEnvironment.tool.environment()).toMatch(/^IPMI_PASSWORD=volt$/m);
  });

  it.each([
    ['Could not open device at /dev/ipmi0 or /dev/ipmi/0: No such file or directory', /modprobe/],
    ['Could not open device at /dev/ipmi0 or /dev/ipmi/0: Permission denied', /root/],
    ['> RAKP 2 HMAC is invalid\nError: Unable to establish IPMI v2 / RMCP+ session', /password/],
    [
      'RAKP 2 message indicates an error : unauthorized name\nError: Unable to establish IPMI v2',
      /ipmi\.user/,
    ],
    ['Error in open session response message : invalid authentication algorithm', /cipher_suite/],
    ['This BMC does not support IPMI v2 / RMCP+\nError: Unable to establish', /interface: lan/],
    ['Address lookup for bmc failed\nCould not open socket!\nError: Unable to establish', /ipmi\.host/],
  ])('explains %j', async (stderr, remedy) => {
    const { tool, source: made } = source({ dcmi: { stderr, exit: 1 } });
    expect(await made.probe()).toMatchObject({ usable: false, remedy });
    // A refused session is not tried again with the next command: that could lock the user out.
    expect(tool.calls()).toHaveLength(1);
  });

  it('says that ipmitool is not installed', async () => {
    const { source: made } = source({}, { command: 'wattloop-no-ipmitool' });
    expect(await made.probe()).toMatchObject({ usable: false, remedy: /apt install ipmitool/ });
  });

  it('does not ask this machine about a tree of another', async () => {
    const { source: made } = source({ dcmi: dcmi(212) }, {}, { live: false });
    expect(await made.probe()).toMatchObject({ usable: false, reason: /another/ });
  });

  it('ends an ipmitool that hangs', async () => {
    let started: (child: ChildProcess) => void = () => {};
    const child = new Promise<ChildProcess>((resolve) => {
      started = resolve;
    });
    const spawn: Spawn = (_command, _args, options) => {
      const hung = nodeSpawn('sh', ['-c', 'echo hangs; exec sleep 600'], options);
      started(hung);
      return hung;
    };
    const { host, source: made } = source({}, { host: 'bmc' }, { spawn });
    const answer = made.probe();
    const process = await child;
    if (process.stdout) await once(process.stdout, 'data');
    host.clock.advance(10);
    expect(await answer).toMatchObject({ usable: false, reason: /no answer within 10 s/, remedy: /623/ });
    if (process.signalCode === null) await once(process, 'exit');
    expect(process.signalCode).toBe('SIGTERM');
  });
});
