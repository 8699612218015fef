import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentOf, Project } from './support/project.js';

it('what functions print, in whichever way, is in the log of their own invocation and no other’s', async () => {
  const project = new Project(`
    flow.stage('talk', { workers: 40, memoryMib: 128, run: (_, { partition }) => {
      console.log('log' + partition);
      console.error('error' + partition);
      process.stdout.write('stream' + partition + '\\n');
      writeSync(1, 'descriptor' + partition + '\\n');
      // Past JavaScript, and last, so that it may be read after the result has come.
      if (partition % 5 === 0) execSync('echo child' + partition + ' >&2', { stdio: 'inherit' });
    } });
    flow.stage('command', { workers: 2, memoryMib: 128, command: ['sh', '-c', 'echo error$WATTLOOP_PARTITION >&2; echo 1'] });`);
  const { run, status } = documentOf(await project.run('--json'));
  expect(status).toBe('done');
  const lines = (stage: string, name: string): string[] =>
    readFileSync(join(project.logFolder(run, stage), name), 'utf8')
      .trimEnd()
      .split('\n')
      .toSorted();
  expect(readdirSync(project.logFolder(run, 'talk'))).toHaveLength(40);
  for (let partition = 0; partition < 40; partition++) {
    const words = ['log', 'error', 'stream', 'descriptor', ...(partition % 5 === 0 ? ['child'] : [])];
    expect(lines('talk', `${partition}.1.log`)).toEqual(words.map((word) => word + partition).toSorted());
  }
  expect(readdirSync(project.logFolder(run, 'command')).toSorted()).toEqual(['0.1.log', '1.1.log']);
  // What it prints on stdout is its result, and in its log too.
  const logs = [0, 1].map((partition) => lines('command', `${partition}.1.log`));
  expect(logs).toEqual([
    ['1', 'error0'],
    ['1', 'error1'],
  ]);
});

it('what is printed after a function has returned is in its log, and attempts have logs of their own', async () => {
  const project = new Project(
    `flow.stage('first', { workers: 1, memoryMib: 128, retries: 1, run: async (_, { attempt }) => {
       console.log('attempt ' + attempt);
       if (attempt === 1) throw new Error('once more');
       setTimeout(() => { console.log('late'); writeFileSync('late', ''); }, 20);
     } });
     // Runs when the other has returned, in the only worker, and ends when that has printed.
     flow.stage('second', { after: ['first'], memoryMib: 128, run: async () => {
       while (!existsSync('late')) await sleep(5);
       console.log('second');
     } });`,
    {
      'wattloop.yaml': 'workflow: { backoff_seconds: 0.01 }\ncompute: { local: { max_cpus: 1 } }\n',
    },
  );
  const outcome = await project.run('--json');
  const { run, status } = documentOf(outcome);
  expect(status, outcome.stderr).toBe('done');
  const log = (...names: string[]): string => readFileSync(project.logFolder(run, ...names), 'utf8');
  expect(log('first', '0.1.log')).toBe('attempt 1\n');
  expect(log('first', '0.2.log')).toBe('attempt 2\nlate\n');
  expect(log('second', '0.1.log')).toBe('second\n');
  const { stdout } = await project.command('runs', 'show', run);
  expect(stdout).toContain(project.logFolder(run));
  expect(stdout).toMatch(/^first +0 +1 +failed +once more +.*0\.1\.log$/m);
});
