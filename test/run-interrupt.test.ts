import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Knowledge } from '../src/knowledge/index.js';
import { childrenOf, documentOf, groupsOf, living, Project, UNTIL } from './support/project.js';
import { NO_TERMINAL, Terminal } from './support/terminal.js';
import { MAIN, type Running } from './support/wattloop.js';

/** Two partitions of "quick" finish; then "slow" marks that it has begun, and waits for a file. */
const quickThenSlow = (slow: string): string => `
  const quick = flow.stage('quick', { workers: 2, memoryMib: 128,
    run: (_, { partition, countWork }) => { countWork(1); return partition; } });
  return flow.stage('slow', { memoryMib: 128, retries: 0, inputs: { quick: gather(quick) },
    run: async ({ quick }, { signal }) => { writeFileSync('begun', ''); ${slow} return quick; } });`;

const HEEDS = `${UNTIL('go').replace('sleep(10)', 'sleep(10, undefined, { signal })')}`;
/** Lets go of the processor never, so that only force ends it. */
const DEAF = `while (!existsSync('go')) {}`;

const begun = (project: Project): Promise<void> =>
  expect
    .poll(() => readdirSync(project.folder).includes('begun'), { timeout: 20_000, interval: 20 })
    .toBe(true);

/** Rows are written some milliseconds after their invocations ended: what is killed before has them not. */
async function recorded(project: Project, stage: string, invocations: number): Promise<void> {
  const knowledge = await Knowledge.open(project.path('.wattloop', 'knowledge.db'), { readOnly: true });
  try {
    const count = (): number =>
      knowledge.countInvocations(knowledge.runs({ limit: 1 })[0]?.id, { function: stage });
    await expect.poll(count, { timeout: 5_000, interval: 20 }).toBe(invocations);
  } finally {
    knowledge.close();
  }
}

/** What a run has beside its folder: it must all be gone when the run is. */
interface Traces {
  readonly workers: readonly number[];
  readonly client: number;
}

const tracesOf = (client: number): Traces => ({ workers: childrenOf(client), client });

async function expectNothingLeft(project: Project, { workers, client }: Traces): Promise<void> {
  expect(workers.length).toBeGreaterThan(0);
  await expect.poll(() => living(workers), { timeout: 5_000 }).toEqual([]);
  // On a terminal the last line is read before the client has ended.
  await expect.poll(() => groupsOf(client), { timeout: 5_000 }).toEqual([]);
  expect(readdirSync(project.temporary)).toEqual([]);
  expect(readdirSync(project.path('.wattloop', 'storage', '.wattloop-tmp'))).toEqual([]);
}

async function expectGoesOn(project: Project): Promise<void> {
  project.write('go');
  const document = documentOf(await project.run('--json', '--resume', await project.latest()));
  expect(document).toMatchObject({ status: 'done', result: [0, 1] });
  // What had finished was not done again. What it counted then is not kept: no part of it is passed off as the whole.
  expect(document.stages[0]).toMatchObject({ name: 'quick', invocations: 2, work: null });
}

const terminals: Terminal[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});

describe('a run that is ended', () => {
  it('by SIGTERM cancels, tells how to go on, and leaves nothing behind', async () => {
    const project = new Project(quickThenSlow(HEEDS));
    const running = project.start('--json');
    await begun(project);
    const traces = tracesOf(running.pid);
    running.child.kill('SIGTERM');
    const outcome = await running.done;
    expect(outcome.code).toBe(1);
    expect(documentOf(outcome).status).toBe('cancelled');
    expect(outcome.stderr).toMatch(/cancelled; what finished is kept: wattloop run .*wf\.ts --resume \S+\n$/);
    await expectNothingLeft(project, traces);
    await expectGoesOn(project);
  });

  it('by two signals ends at once what would not end by itself', async () => {
    const project = new Project(quickThenSlow(DEAF), {
      // Longer than this test may take.
      'wattloop.yaml': 'compute: { local: { grace_seconds: 600 } }',
    });
    const running = project.start();
    await begun(project);
    const traces = tracesOf(running.pid);
    running.child.kill('SIGINT');
    await running.shows(/a second signal ends at once/);
    running.child.kill('SIGINT');
    expect((await running.done).code).toBe(1);
    await expectNothingLeft(project, traces);
  });

  it('by kill -9 takes its workers with it, also those that never let go of the processor', async () => {
    const project = new Project(quickThenSlow(DEAF));
    const running = project.start();
    await begun(project);
    await recorded(project, 'quick', 2);
    const workers = childrenOf(running.pid);
    expect(workers.length).toBeGreaterThan(0);
    running.child.kill('SIGKILL');
    await running.done;
    await expect.poll(() => living(workers), { timeout: 5_000 }).toEqual([]);
    expect((await project.runs())[0]?.status).toBe('crashed');
    await expectGoesOn(project);
    // The next client removes what the dead one could not.
    expect(groupsOf(running.pid)).toEqual([]);
  });
});

describe.skipIf(NO_TERMINAL)(`Ctrl-C in a terminal (needs ${NO_TERMINAL ?? 'nothing more'})`, () => {
  async function started(slow: string, settings: string): Promise<{ project: Project; screen: Terminal }> {
    const project = new Project(quickThenSlow(slow), { 'wattloop.yaml': settings });
    const screen = new Terminal({
      width: 160,
      height: 30,
      env: { LC_ALL: 'C.UTF-8', TMPDIR: project.temporary },
    });
    terminals.push(screen);
    await screen.run('cd', project.folder);
    await screen.run(process.execPath, MAIN, 'run', 'wf.ts', '--no-check');
    await begun(project);
    return { project, screen };
  }

  const clientOf = (screen: Terminal): number => childrenOf(screen.panePid)[0] ?? 0;

  it('cancels within the grace, with the table and how to go on', async () => {
    const { project, screen } = await started(HEEDS, '');
    const traces = tracesOf(clientOf(screen));
    screen.type('C-c');
    const lines = (await screen.shows(/what finished is kept: .*--resume/)).join('\n');
    expect(lines).toMatch(/^test: cancelled/m);
    expect(lines).toMatch(/^STAGE .*\nquick .*\nslow .*\nall /m);
    expect(lines).not.toMatch(/\[=*\s*\]/);
    await expectNothingLeft(project, traces);
    await expectGoesOn(project);
  });

  it('pressed twice ends it at once', async () => {
    const { project, screen } = await started(DEAF, 'compute: { local: { grace_seconds: 600 } }');
    const traces = tracesOf(clientOf(screen));
    screen.type('C-c');
    await screen.shows(/a second signal ends at once/);
    screen.type('C-c');
    await screen.shows(/what finished is kept: .*--resume/);
    await expectNothingLeft(project, traces);
  });
});

it('a worker that is killed costs its invocation a retry and nothing else', async () => {
  const project = new Project(
    `return flow.stage('s', { workers: 6, memoryMib: 128, retries: 2, run: async (_, { partition, attempt }) => {
       writeFileSync('w' + partition + '.' + attempt, String(process.pid));
       if (partition === 3 && attempt === 1) { ${UNTIL('never')} }
       return attempt;
     } });`,
    { 'wattloop.yaml': 'workflow: { backoff_seconds: 0.01 }' },
  );
  const running: Running = project.start('--json');
  await expect
    .poll(() => readdirSync(project.folder).includes('w3.1') && project.read('w3.1'), { timeout: 20_000 })
    .toMatch(/^\d+$/);
  process.kill(Number(project.read('w3.1')), 'SIGKILL');
  const document = documentOf(await running.done);
  expect(document).toMatchObject({ status: 'done', result: [1, 1, 1, 2, 1, 1] });
  expect(document.stages).toMatchObject([{ invocations: 7, failed: 1, retries: 1 }]);
  const { stdout } = await project.command('runs', 'show', document.run);
  expect(stdout).toMatch(/^s +3 +1 +crashed +its process was killed by SIGKILL/m);
});
