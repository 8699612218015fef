import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentOf, Project, UNTIL } from './support/project.js';

/** Fails as long as there is no file `go`. */
const FAILS = `
  const good = flow.stage('good', { workers: 2, memoryMib: 128, run: (_, { partition }) => partition });
  return flow.stage('odd', { memoryMib: 128, retries: 1, inputs: { good: gather(good) }, parameters: { n: flow.parameters.n },
    run: ({ good }, { parameters, attempt }) => {
      console.log('attempt ' + attempt);
      if (!existsSync('go')) throw new Error('not yet');
      return [good.length, parameters.n];
    } });`;

const QUICK = { 'wattloop.yaml': 'workflow: { backoff_seconds: 0.01 }\n' };

async function failed(): Promise<{ project: Project; run: string }> {
  const project = new Project(FAILS, QUICK, '{ parameters: { n: 3, m: 1 } }');
  const outcome = await project.run('--json', '--param', 'n=4', '--stage', 'good:workers=3');
  expect(outcome.code).toBe(1);
  return { project, run: documentOf(outcome).run };
}

describe('a run that is gone on with', () => {
  it('has the parameters, configurations and attempts of its beginning, and logs beside those', async () => {
    const { project, run } = await failed();
    project.write('go');
    const document = documentOf(await project.run('--json', '--resume', run, '--param', 'n=4'));
    expect(document).toMatchObject({ run, status: 'done', result: [3, 4] });
    expect(document.stages).toMatchObject([
      { name: 'good', invocations: 3, retries: 0 },
      { name: 'odd', invocations: 3, failed: 2, retries: 2 },
    ]);
    const log = (attempt: number): string =>
      readFileSync(project.logFolder(run, 'odd', `0.${attempt}.log`), 'utf8');
    expect([1, 2, 3].map(log)).toEqual(['attempt 1\n', 'attempt 2\n', 'attempt 3\n']);
    const { stdout } = await project.command('runs', 'show', run);
    expect(stdout).toMatch(/^Parameters +\{"n":4,"m":1\}$/m);
    expect(stdout).toMatch(/^Asked for +good: 3 workers$/m);
    expect(stdout).toMatch(/^Limits +CPU by \S+.*; memory by \S+/m);
    expect(stdout).toMatch(new RegExp(`^Logs +${project.logFolder(run)}$`, 'm'));
  });

  it('refuses other parameters, workers or code', async () => {
    const { project, run } = await failed();
    const refusal = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await project.run('--resume', run, ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    const parameters = /goes on with the parameters that it began with: "n" is 4 there, not 5/;
    expect(await refusal('--param', 'n=5')).toMatch(parameters);
    const workers = /goes on with the workers, processors and memory that it began with/;
    expect(await refusal('--workers', '2')).toMatch(workers);
    project.write('wf.ts', project.read('wf.ts').replace('not yet', 'never'));
    expect(await refusal()).toMatch(/can't go on: the code of "test" has changed since/);
    expect((await project.runs())[0]?.status).toBe('failed');
  });

  it('is refused when it is done', async () => {
    const project = new Project(`return flow.stage('s', { memoryMib: 128, run: () => 1 });`);
    const { run } = documentOf(await project.run('--json'));
    const { code, stderr } = await project.run('--resume', run);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is done\. Look at it with: wattloop runs show/);
  });

  it('by two at once is one of them’s, and the other is told so', async () => {
    const project = new Project(
      `return flow.stage('s', { memoryMib: 128, retries: 0, run: async () => {
         if (!existsSync('first')) { writeFileSync('first', ''); throw new Error('not yet'); }
         writeFileSync('begun', '');
         ${UNTIL('go')}
         return 1; } });`,
    );
    await project.run();
    const run = await project.latest();
    const both = [0, 1].map(() => project.start('--json', '--resume', run));
    const refused = await Promise.race(both.map(({ done }) => done));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/still goes on in process \d+ on .*Wait for its end/);
    project.write('go');
    const [won] = (await Promise.all(both.map(({ done }) => done))).filter(({ code }) => code === 0);
    expect(won && documentOf(won)).toMatchObject({ run, status: 'done', result: 1 });
    expect(won && documentOf(won).stages).toMatchObject([{ invocations: 2 }]);
  });
});

it('two runs of one workflow at once do not disturb each other', async () => {
  const project = new Project(
    `const good = flow.stage('good', { workers: 3, memoryMib: 128, run: (_, { partition }) => partition });
     return flow.stage('sum', { memoryMib: 128, inputs: { good: gather(good) }, run: ({ good }) => good.length });`,
  );
  const both = await Promise.all([0, 1].map(() => project.run('--json')));
  for (const outcome of both) expect(documentOf(outcome)).toMatchObject({ status: 'done', result: 3 });
  expect(new Set(both.map((outcome) => documentOf(outcome).run)).size).toBe(2);
});
