import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { inputFormat } from './input-files.js';
import { type CommandStage, runCommandStage } from './run-command-stage.js';

let folder = '';
let scratchFolder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattloop-workflow-'));
  scratchFolder = mkdtempSync(join(tmpdir(), 'wattloop-scratch-'));
});

const run = (command: readonly string[], more: Partial<CommandStage> = {}): Promise<unknown> =>
  runCommandStage({
    command,
    inputs: {},
    parameters: {},
    context: { partition: 2, workers: 5 },
    folder,
    scratchFolder,
    ...more,
  });
const sh = (script: string, more: Partial<CommandStage> = {}): Promise<unknown> =>
  run(['sh', '-c', script], more);
async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; line: string }> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'WattloopError' });
  // Whatever went wrong, nothing is left behind.
  expect(readdirSync(scratchFolder)).toEqual([]);
  return error as { code: string; message: string; line: string };
}
const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended too: it only waits to be counted.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<void> => {
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
};

describe('runCommandStage', () => {
  it.skipIf(!existsSync('/usr/bin/python3'))('counts words in Python', async () => {
    writeFileSync(
      join(folder, 'count.py'),
      `import json, os
words = {}
with open(os.environ['WATTLOOP_INPUTS'] + '/lines.txt') as lines:
    for line in lines:
        for word in line.split():
            words[word] = words.get(word, 0) + 1
least = json.load(open(os.environ['WATTLOOP_PARAMETERS']))['least']
json.dump({w: n for w, n in words.items() if n >= least}, open(os.environ['WATTLOOP_OUTPUT'], 'w'))
print('counted')
`,
    );
    const logged: string[] = [];
    const result = await run(['/usr/bin/python3', 'count.py'], {
      inputs: { lines: ['to be or', 'not to be'] },
      formats: { lines: { as: 'lines' } },
      parameters: { least: 2 },
      onOutput: (chunk, stream) => {
        if (logged.length === 0) logged.push(`${stream}: `);
        logged.push(Buffer.from(chunk).toString());
      },
    });
    expect(result).toEqual({ to: 2, be: 2 });
    expect(logged.join('')).toBe('stdout: counted\n');
    expect(readdirSync(scratchFolder)).toEqual([]);
  });

  it('runs Node.js, and a program of the workflow’s folder', async () => {
    const script =
      'console.log(JSON.stringify([process.env.WATTLOOP_PARTITION, process.env.WATTLOOP_WORKERS, process.cwd()]))';
    expect(await run([process.execPath, '-e', script])).toEqual(['2', '5', folder]);
    writeFileSync(join(folder, 'tool.sh'), '#!/bin/sh\necho 7\n', { mode: 0o755 });
    expect(await run(['./tool.sh'])).toBe(7);
  });

  it('gives inputs as the files that they are', async () => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    const listing = await sh(
      'cd "$WATTLOOP_INPUTS"; find . -type f | sort | while read -r f; do echo "$f=$(base64 -w0 "$f")"; done > "$WATTLOOP_OUTPUT_BYTES"',
      {
        inputs: {
          raw: bytes('raw'),
          text: 'süß',
          rows: [
            { b: 'x,"y', a: 1 },
            { b: undefined, a: new Date(0) },
          ],
          none: [],
          images: [{ name: 'deep/a.png', bytes: bytes('png') }],
          parts: Array.from({ length: 11 }, (_, index) => bytes(String(index))),
          folders: [[{ name: 'x', bytes: bytes('1') }], [{ name: 'x', bytes: bytes('2') }]],
          counts: new Map<string, unknown>([['a', [1n, new Set([2]), new Float32Array([3])]]]),
        },
        formats: { rows: { as: 'csv', header: ['b', 'a'] }, none: { as: 'lines' } },
      },
    );
    const files = Object.fromEntries(
      Buffer.from(listing as Uint8Array)
        .toString()
        .trim()
        .split('\n')
        .map((line) => [
          line.slice(2, line.indexOf('=')),
          Buffer.from(line.slice(line.indexOf('=') + 1), 'base64').toString(),
        ]),
    );
    expect(files).toMatchObject({
      'raw.bin': 'raw',
      'text.txt': 'süß',
      'rows.csv': 'b,a\n"x,""y",1\n,1970-01-01T00:00:00.000Z\n',
      'none.txt': '',
      'images/deep/a.png': 'png',
      'parts/03.bin': '3',
      'parts/10.bin': '10',
      'folders/1/x': '2',
      'counts.json': '[["a",[1,[2],[3]]]]',
    });
  });

  it('knows from what an input was read how it is given', () => {
    const chunk = {
      kind: 'chunk',
      place: { in: 'file', path: 'x' },
      start: 0,
      end: 1,
      contentStart: 0,
      objectBytes: 1,
    } as const;
    const csv = { format: 'csv', delimiter: ';', header: ['a', 'b'], cut: 'records' } as const;
    expect(inputFormat({ ...chunk, format: csv })).toEqual({ as: 'csv', header: ['a', 'b'] });
    expect(inputFormat({ ...chunk, format: { ...csv, columns: { b: 'number' } } })).toEqual({
      as: 'csv',
      header: ['b'],
    });
    expect(inputFormat({ ...chunk, format: { format: 'lines' } })).toEqual({ as: 'lines' });
    expect(inputFormat({ kind: 'objects', places: [] })).toEqual({ as: 'files' });
    expect(inputFormat({ kind: 'value', value: [] })).toBeUndefined();
  });

  it('takes the result from where it was written', async () => {
    expect(await sh('echo log; echo \'{"a":1}\' > "$WATTLOOP_OUTPUT"')).toEqual({ a: 1 });
    expect(await sh('printf abc > "$WATTLOOP_OUTPUT_BYTES"')).toEqual(new Uint8Array(Buffer.from('abc')));
    expect(
      await sh(
        'mkdir "$WATTLOOP_OUTPUTS/d"; echo 1 > "$WATTLOOP_OUTPUTS/d/x"; echo 2 > "$WATTLOOP_OUTPUTS/a"',
      ),
    ).toEqual([
      { name: 'a', bytes: new Uint8Array(Buffer.from('2\n')) },
      { name: 'd/x', bytes: new Uint8Array(Buffer.from('1\n')) },
    ]);
    expect(await sh('echo "[1,"; echo 2]')).toEqual([1, 2]);
    expect(await sh('echo progress >&2')).toBeUndefined();
  });

  it('counts the work that a command says it did', async () => {
    const counted: number[] = [];
    const context = { partition: 0, workers: 1, countWork: (units: number) => void counted.push(units) };
    await sh('echo 20 >> "$WATTLOOP_WORK"; echo 1.5 >> "$WATTLOOP_WORK"', { context });
    await sh('true', { context });
    expect(counted).toEqual([21.5]);
    expect((await refusal(sh('echo 3 rows > "$WATTLOOP_WORK"'))).line).toContain(
      'sh told "rows" as its work, which is no amount',
    );
    expect((await refusal(sh('echo -1 > "$WATTLOOP_WORK"'))).line).toContain('"-1"');
  });

  it('refuses results that are none', async () => {
    expect((await refusal(sh('echo done'))).line).toMatch(
      /^sh wrote no result, and what it printed is no JSON: .*\$WATTLOOP_OUTPUT/,
    );
    expect((await refusal(sh('echo done > "$WATTLOOP_OUTPUT"'))).line).toContain(
      'sh wrote no JSON to output.json',
    );
    expect(
      (await refusal(sh('echo 1 > "$WATTLOOP_OUTPUT"; echo 1 > "$WATTLOOP_OUTPUT_BYTES"'))).line,
    ).toContain('twice: in output.json and output.bin');
  });

  it('lets a command print more than would fit into memory', async () => {
    let bytes = 0;
    const onOutput = (chunk: Uint8Array): void => {
      bytes += chunk.length;
    };
    const size = 200 * 1024 * 1024;
    expect(await sh(`head -c ${size} /dev/zero; echo 1 > "$WATTLOOP_OUTPUT"`, { onOutput })).toBe(1);
    expect(bytes).toBe(size);
    expect((await refusal(sh(`head -c ${size} /dev/zero`))).line).toContain('printed too much for a result');
  });

  it('says how a command failed, with the last that it said', async () => {
    const many = await refusal(
      sh('i=0; while [ $i -lt 2000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 3'),
    );
    expect(many.code).toBe('command_failed');
    expect(many.message).toMatch(/ended with exit code 3:\nline 1990\n(line \d+\n){8}line 1999$/);
    expect((await refusal(sh('kill -SEGV $$'))).message).toMatch(/was ended by SIGSEGV$/);
  });

  it('says which command is not there', async () => {
    expect((await refusal(run(['pyhton3', 'x.py']))).line).toContain('command not found: pyhton3');
    expect((await refusal(run(['./tool']))).line).toContain(`command not found: ${join(folder, 'tool')}`);
    writeFileSync(join(folder, 'plain'), 'text');
    expect((await refusal(run(['./plain']))).line).toContain('is not executable');
    writeFileSync(join(folder, 'script'), '#!/nowhere/python\n', { mode: 0o755 });
    expect((await refusal(run(['./script']))).line).toContain('./script could not be run');
  });

  it('refuses inputs that can be no files', async () => {
    expect((await refusal(sh('true', { inputs: { '../x': 1 } }))).line).toContain('input "../x"');
    const climbing = [{ name: '../../etc/x', bytes: new Uint8Array(1) }];
    expect((await refusal(sh('true', { inputs: { f: climbing } }))).line).toContain('no name of a file');
    expect((await refusal(sh('true', { inputs: { n: 2n ** 64n } }))).line).toContain(
      "n can't be written as JSON",
    );
  });

  it('ends all that a command started when it is cancelled, also what will not end by itself', async () => {
    const stop = new AbortController();
    const pids: number[] = [];
    const script = `trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $!; echo $$; while :; do sleep 1; done`;
    const running = sh(script, {
      signal: stop.signal,
      onOutput: (chunk) => {
        pids.push(...Buffer.from(chunk).toString().trim().split('\n').map(Number));
        if (pids.length === 2) stop.abort(new Error('enough'));
      },
    });
    expect((await refusal(running)).code).toBe('cancelled');
    expect(pids).toHaveLength(2);
    for (const pid of pids) await gone(pid);
    expect((await refusal(sh('true', { signal: stop.signal }))).code).toBe('cancelled');
  });

  it('ends what a command leaves behind, and does not wait for it', async () => {
    const pid = await sh('sleep 1000 & echo $!');
    expect(pid).toBeGreaterThan(1);
    await gone(Number(pid));
  });

  it('is not held up by what left its group with its output', async () => {
    const pid = await sh('setsid sleep 1000 & echo $!; sleep 0.1');
    expect(isAlive(Number(pid))).toBe(true);
    process.kill(Number(pid), 'SIGKILL');
  });

  it('leaves no command running when the worker is killed', async () => {
    const module = join(import.meta.dirname, '../../../dist/workflow/command/run-command-stage.js');
    const stage = {
      command: ['sh', '-c', 'echo $$; exec sleep 1000'],
      inputs: {},
      parameters: {},
      context: { partition: 0, workers: 1 },
      folder,
    };
    const worker = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { runCommandStage } from ${JSON.stringify(module)};
       await runCommandStage({ ...${JSON.stringify(stage)}, onOutput: (chunk) => process.stdout.write(chunk) });`,
    ]);
    const [chunk] = (await once(worker.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString());
    expect(isAlive(pid)).toBe(true);
    worker.kill('SIGKILL');
    await gone(pid);
  });
});
