import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Knowledge } from '../src/knowledge/index.js';
import { doneInvocation, raplShare } from '../src/workflow/profile/testing/invocations.js';
import { freshFolder, wattloop } from './support/wattloop.js';

/** A folder with what two runs left: each with one stage of one invocation. */
async function folderWithRuns(): Promise<string> {
  const folder = freshFolder();
  mkdirSync(join(folder, '.wattloop'));
  const knowledge = await Knowledge.open(join(folder, '.wattloop', 'knowledge.db'));
  try {
    for (const [index, id] of ['a-run', 'b-run'].entries()) {
      knowledge.beginRun({ id, workflow: 'pi', parameters: {}, settings: {} });
      knowledge.record(
        doneInvocation({
          id: `${id}-0`,
          run: id,
          startedAt: 1000 * (index + 1),
          energies: [raplShare(index + 1)],
        }),
      );
      knowledge.endRun(id, { status: 'done' });
    }
  } finally {
    knowledge.close();
  }
  return folder;
}

describe('wattloop runs profile', () => {
  it('writes runs as repetitions, into a file or a folder', async () => {
    const cwd = await folderWithRuns();
    const { code, stdout } = await wattloop(
      ['runs', 'profile', 'b-run', 'a-run', '--output', 'p.json', '--json'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      output: 'p.json',
      runs: ['b-run', 'a-run'],
      stages: [
        { name: 'sample', configurations: [{ cpu: 1, memory_mib: 1769, workers: 1, repetitions: 2 }] },
      ],
    });
    const tree = JSON.parse(readFileSync(join(cwd, 'p.json'), 'utf8')) as Record<
      string,
      Record<string, unknown>
    >;
    expect(tree.sample?.['(1, 1769, 1)']).toMatchObject({
      rapl_energy_pkg: [[1], [2]],
      run: [['a-run'], ['b-run']],
      units: { rapl_energy_pkg: 'J' },
    });
    const each = await wattloop(['runs', 'profile', 'a-run', '--output', 'stages/'], { cwd });
    expect(each).toMatchObject({ code: 0, stderr: expect.stringContaining('profile of 1 stages') });
    expect(readdirSync(join(cwd, 'stages'))).toEqual(['sample.json']);
  });

  it('says which run there is none of, and writes nothing', async () => {
    const cwd = await folderWithRuns();
    const { code, stderr } = await wattloop(['runs', 'profile', 'c-run', '--output', 'p.json'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('c-run');
    expect(existsSync(join(cwd, 'p.json'))).toBe(false);
  });
});

describe('--config with settings of Lithops', () => {
  it('takes them, and tells what has no meaning here in one line', async () => {
    const cwd = await folderWithRuns();
    writeFileSync(
      join(cwd, 'lithops.yaml'),
      'lithops:\n  backend: localhost\n  data_limit: 4\nrabbitmq: { amqp_url: x }\n',
    );
    const { code, stderr } = await wattloop(['runs', '--config', 'lithops.yaml'], { cwd });
    expect(code).toBe(0);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('no meaning here: lithops.data_limit, rabbitmq'),
    ]);
  });

  it('is refused by the name and the line of what is wrong', async () => {
    const cwd = await folderWithRuns();
    writeFileSync(join(cwd, 'lithops.yaml'), 'lithops:\n  backend: aws_lambda\n');
    const { code, stderr } = await wattloop(['runs', '--config', 'lithops.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(
      `lithops.yaml, line 2: lithops.backend: functions can't be run on "aws_lambda" yet`,
    );
  });
});
