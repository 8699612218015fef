import { expect, it } from 'vitest';
import { documentOf, Project, UNTIL } from './support/project.js';

it('a straggler is overtaken by a second copy, whose result counts, and is cancelled', async () => {
  const project = new Project(
    // With workers that are warm, what is usual is short.
    `flow.stage('warm', { workers: 4, memoryMib: 128, run: () => sleep(50) });
     const all = flow.stage('s', { after: ['warm'], workers: 6, memoryMib: 128, run: async (_, { partition, signal }) => {
       if (partition !== 4 || existsSync('hangs')) return [partition, 'quick'];
       writeFileSync('hangs', '');
       signal.addEventListener('abort', () => writeFileSync('cancelled', ''));
       ${UNTIL('never').replace('sleep(10)', 'sleep(10, undefined, { signal })')}
       return [partition, 'slow'];
     } });
     return flow.stage('sum', { memoryMib: 128, inputs: { all: gather(all) }, run: ({ all }) => all });`,
    { 'wattloop.yaml': 'workflow: { speculation: { factor: 2, minimum_seconds: 0.3 } }\n' },
  );
  const document = documentOf(await project.run('--json'));
  expect(document).toMatchObject({
    status: 'done',
    result: [0, 1, 2, 3, 4, 5].map((partition) => [partition, 'quick']),
  });
  // A copy that was overtaken is neither a failure nor a retry.
  expect(document.stages[1]).toMatchObject({ invocations: 7, failed: 0, retries: 0 });
  expect(project.read('cancelled')).toBe('');
  const { stdout } = await project.command('runs', 'show', document.run);
  expect(stdout).toMatch(/^s +4 +1 +cancelled/m);
});
