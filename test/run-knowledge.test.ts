import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { documentOf, Project, UNTIL } from './support/project.js';
import { freshFolder } from './support/wattloop.js';

const STAGES = `
  const quick = flow.stage('quick', { workers: 2, memoryMib: 128, run: (_, { partition }) => partition });
  return flow.stage('slow', { memoryMib: 128, inputs: { quick: gather(quick) },
    run: async ({ quick }) => { writeFileSync('begun', ''); ${UNTIL('go')} return quick; } });`;

const begun = (project: Project): Promise<void> =>
  expect.poll(() => existsSync(project.path('begun')), { timeout: 20_000, interval: 20 }).toBe(true);

describe('a run whose end can not be kept', () => {
  it('as the knowledge base is locked, is told all the same, and goes on later', async () => {
    const project = new Project(STAGES);
    const running = project.start('--json');
    await begun(project);
    const other = new Database(project.path('.wattloop', 'knowledge.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    project.write('go');
    const outcome = await running.done;
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /the run is done, but that can't be kept: the knowledge base .*knowledge\.db was kept locked by another process.*--resume \S+\n$/,
    );
    // What it took is told, as nobody else will.
    const document = documentOf(outcome);
    expect(document.stages).toMatchObject([{ invocations: 2 }, { invocations: 1 }]);
    other.exec('ROLLBACK');
    expect((await project.runs())[0]?.status).toBe('crashed');
    const resumed = documentOf(await project.run('--json', '--resume', document.run));
    expect(resumed).toMatchObject({ status: 'done', result: [0, 1] });
  }, 90_000);

  it.skipIf(process.getuid?.() !== 0)(
    'as its disk is full, is told all the same (needs root, for a small tmpfs)',
    async () => {
      const disk = freshFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      onTestFinished(() => void execFileSync('umount', ['-l', disk]));
      const objects = freshFolder();
      const settings = `data_dir: "${disk}"\nstorage: { file: { path: "${objects}" } }\n`;
      const project = new Project(STAGES.replace('workers: 2', 'workers: 150'), {
        'wattloop.yaml': settings,
      });
      const running = project.start('--json');
      await begun(project);
      const fill = `cat /dev/zero > ${disk}/ballast`;
      expect(() => execFileSync('sh', ['-c', fill], { stdio: 'ignore' })).toThrow();
      project.write('go');
      const outcome = await running.done;
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(
        /the run is done, but that can't be kept: the knowledge base .* there is no room left.*--resume \S+\n$/,
      );
      execFileSync('rm', [`${disk}/ballast`]);
      const resumed = documentOf(await project.run('--json', '--resume', documentOf(outcome).run));
      expect(resumed.status).toBe('done');
      expect(resumed.stages[0]).toMatchObject({ name: 'quick', failed: 0 });
    },
    60_000,
  );
});
