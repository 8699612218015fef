import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, wattloop } from './support/wattloop.js';

interface Document {
  run: string;
  status: string;
  stages: { name: string; invocations: number; failed: number; retries: number }[];
  result: unknown;
}

const HEAD = `import { gather, workflow } from 'wattloop/workflow';\n`;

/** A folder with a workflow of one stage with four partitions, of which one does what is said. */
function folderWith(run: string, options = ''): string {
  const folder = freshFolder();
  writeFileSync(
    join(folder, 'wf.ts'),
    `${HEAD}
export default workflow('odd', {}, (flow) => {
  const good = flow.stage('good', { workers: 3, memoryMib: 128, run: (_, { partition }) => partition });
  return flow.stage('odd', {
    memoryMib: 128, retries: 1, ${options}
    inputs: { good: gather(good) },
    run: ${run},
  });
});
`,
  );
  return folder;
}

const runIn = (folder: string) => wattloop(['run', 'wf.ts', '--no-check', '--json'], { cwd: folder });

describe('a function that', () => {
  it.each<[what: string, run: string, options: string, message: RegExp]>([
    [
      'throws',
      `() => { throw new TypeError('no such column'); }`,
      '',
      /stage "odd", partition 0 .*no such column/,
    ],
    ['hangs', '() => { for (;;) {} }', 'timeoutSeconds: 0.5,', /stage "odd", partition 0 .*0\.5 s/],
    [
      'waits for ever',
      '() => new Promise(() => {})',
      'timeoutSeconds: 0.5,',
      /stage "odd", partition 0 .*0\.5 s/,
    ],
    ['exits', '() => process.exit(3)', '', /stage "odd", partition 0 .*code 3/],
    [
      'is killed',
      `() => { process.kill(process.pid, 'SIGKILL'); }`,
      '',
      /stage "odd", partition 0 .*SIGKILL/,
    ],
    [
      'returns what can not be serialised',
      '() => ({ callback: () => 1 })',
      '',
      /stage "odd", partition 0.*callback/,
    ],
    [
      'needs more memory than it has',
      '() => { const all = []; for (;;) all.push(new Array(1e6).fill(Math.random())); }',
      '',
      /stage "odd", partition 0 .*memory/,
    ],
  ])(
    '%s is named with stage, partition and cause, and what finished is kept',
    async (_, run, options, message) => {
      const folder = folderWith(run, options);
      const { code, stdout, stderr } = await runIn(folder);
      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/--resume/);
      expect(code).toBe(1);
      const document = JSON.parse(stdout) as Document;
      expect(document.status).toBe('failed');
      expect(document.stages[0]).toMatchObject({ name: 'good', invocations: 3, failed: 0 });
      // Mended, the run could go on from there; as it is, a new run of the mended code finds a working pool and store.
      writeFileSync(
        join(folder, 'wf.ts'),
        readFileSync(join(folder, 'wf.ts'), 'utf8').replace(run, '() => 7'),
      );
      expect(JSON.parse((await runIn(folder)).stdout)).toMatchObject({ status: 'done', result: 7 });
    },
    60_000,
  );

  it('prints a gigabyte costs neither the disk nor the run', async () => {
    const line = `const line = 'x'.repeat(1023) + '\\n'; for (let i = 0; i < 1e6; i++) process.stdout.write(line);`;
    const folder = folderWith(`() => { ${line} return 1; }`);
    const { code, stdout } = await runIn(folder);
    expect(code).toBe(0);
    const { run } = JSON.parse(stdout) as Document;
    const log = join(folder, '.wattloop', 'runs', run, 'logs', 'odd', '0.1.log');
    expect(statSync(log).size).toBeLessThan(17 * 1024 ** 2);
    expect(readFileSync(log, 'utf8').slice(-200)).toMatch(/dropped|not kept/);
  }, 60_000);
});

describe('a workflow file that', () => {
  const errorOf = async (text: string): Promise<{ code: number | null; stderr: string }> => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'wf.ts'), text);
    const { code, stderr } = await wattloop(['run', 'wf.ts'], { cwd: folder });
    expect(existsSync(join(folder, '.wattloop', 'runs'))).toBe(false);
    return { code, stderr };
  };

  it('is not there is told with the name that it is like', async () => {
    const folder = folderWith('() => 1');
    const { code, stderr } = await wattloop(['run', 'wk.ts'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/wk\.ts.*wf\.ts/);
  });

  it('has a syntax error is told with line and column', async () => {
    const { code, stderr } = await errorOf(
      `${HEAD}export default workflow('a', {}, (flow) => { flow.stage( });`,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/wf\.ts:2:\d+/);
  });

  it('has a type error is told with line and column', async () => {
    const text = `${HEAD}const n: number = 'x';\nexport default workflow('a', {}, (flow) => { flow.stage('s', { run: () => n }); });`;
    const { code, stderr } = await errorOf(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/wf\.ts:2:7.*(not assignable|string)/);
  });

  it('has a closure is told with the variable', async () => {
    const text = `${HEAD}export default workflow('a', {}, (flow) => { const factor = 3; flow.stage('s', { run: () => factor }); });`;
    const { code, stderr } = await errorOf(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/stage "s".*"?factor"?/);
  });

  it('exports no workflow is told so', async () => {
    const { code, stderr } = await errorOf('export default 3;');
    expect(code).toBe(2);
    expect(stderr).toMatch(/default export.*workflow/);
  });

  it('asks for more than the machine has is refused', async () => {
    const text = `${HEAD}export default workflow('a', {}, (flow) => { flow.stage('s', { cpu: 4096, run: () => 1 }); });`;
    const { code, stderr } = await errorOf(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/stage "s" asks for 4096 processors/);
  });

  it('runs a command that is not there is refused', async () => {
    const text = `${HEAD}export default workflow('a', {}, (flow) => { flow.stage('count', { command: ['pyhton9', 'x.py'] }); });`;
    const { code, stderr } = await errorOf(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/stage "count": command not found: pyhton9\. Check the spelling/);
  });

  it('reads a file that is not there is refused', async () => {
    const text = `import { lines, scatter, workflow } from 'wattloop/workflow';
export default workflow('a', {}, (flow) => { flow.stage('s', { inputs: { x: scatter(lines('no.txt')) }, run: () => 1 }); });`;
    const { code, stderr } = await errorOf(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no\.txt/);
  });
});
