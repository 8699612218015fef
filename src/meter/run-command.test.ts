import { type ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../base/index.js';
import { captureCommand, runCommand, type Spawn } from './run-command.js';

const shell = (script: string): [string, string[]] => ['sh', ['-c', script]];
const options = { timeoutSeconds: 20, env: process.env };

/** Runs for real, and hands each process to the test. */
function watched(): { spawn: Spawn; started: Promise<ChildProcess> } {
  let resolve: (child: ChildProcess) => void = () => {};
  const started = new Promise<ChildProcess>((done) => {
    resolve = done;
  });
  const spawn: Spawn = (command, args, spawnOptions) => {
    const child = nodeSpawn(command, args, spawnOptions);
    resolve(child);
    return child;
  };
  return { spawn, started };
}

describe('captureCommand', () => {
  it('keeps both streams and the exit status', async () => {
    expect(await captureCommand(...shell('echo out; echo err >&2; exit 3'), options)).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives the program only the environment that it was told', async () => {
    const { stdout } = await captureCommand('/bin/sh', ['-c', 'echo "$WATT-$HOME"'], {
      ...options,
      env: { WATT: 'ohm' },
    });
    expect(stdout).toBe('ohm-\n');
  });

  it('says that a program is missing, and what would help', async () => {
    await expect(
      captureCommand('wattloop-no-such-program', [], { ...options, remedy: 'Install the thing' }),
    ).rejects.toMatchObject({ code: 'not_found', remedy: 'Install the thing' });
  });

  it('says that a program may not be run', async () => {
    await expect(captureCommand('/etc/passwd', [], options)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('ends a program that takes too long', async () => {
    const clock = new ManualClock();
    const { spawn, started } = watched();
    const result = captureCommand(...shell('echo ready; exec sleep 600'), { ...options, clock, spawn });
    const child = await started;
    if (child.stdout) await once(child.stdout, 'data');
    clock.advance(options.timeoutSeconds);
    await expect(result).rejects.toMatchObject({ code: 'command_failed', message: /no answer within 20 s/ });
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGTERM');
  });

  it('kills a program that does not listen, and does not wait for children that hold its output', async () => {
    const clock = new ManualClock();
    const { spawn, started } = watched();
    const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('ready')";
    const result = captureCommand(process.execPath, ['-e', script], { ...options, clock, spawn });
    const child = await started;
    if (child.stdout) await once(child.stdout, 'data');
    clock.advance(options.timeoutSeconds);
    await expect(result).rejects.toMatchObject({ code: 'command_failed' });
    clock.advance(1);
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  });

  it('stops a program that writes without end', async () => {
    await expect(captureCommand('yes', [], options)).rejects.toMatchObject({ message: /wrote more than/ });
  });
});

describe('runCommand', () => {
  it('gives the output', async () => {
    expect(await runCommand(...shell('echo 12'), options)).toBe('12\n');
  });

  it('says how a program failed, in its own words', async () => {
    await expect(runCommand(...shell('echo "no bus" >&2; exit 2'), options)).rejects.toMatchObject({
      message: 'sh: exit status 2: no bus',
    });
    await expect(runCommand(...shell('kill -9 $$'), options)).rejects.toMatchObject({
      message: 'sh: was killed',
    });
  });
});
