import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildServer } from '../src/storage/testing/child-server.js';
import { S3RVER_KEYS, startS3rver } from '../src/storage/testing/s3rver.js';
import { documentOf, Project, UNTIL } from './support/project.js';
import { freshFolder, Running } from './support/wattloop.js';

const STAGES = `
  const quick = flow.stage('quick', { workers: 3, memoryMib: 128, run: (_, { partition }) => partition });
  return flow.stage('slow', { workers: 2, memoryMib: 128, inputs: { quick: gather(quick) },
    run: async ({ quick }, { partition }) => { writeFileSync('begun' + partition, ''); ${UNTIL('go')} return quick; } });`;

const RETRIES = 'workflow: { retries: 1, backoff_seconds: 0.01 }\n';

describe('a run whose store is a server', () => {
  let server: ChildServer;
  let data: string;
  beforeEach(async () => {
    data = freshFolder();
    server = await startS3rver({ folder: data });
  });
  afterEach(() => server.kill());

  const { access_key_id, secret_access_key } = S3RVER_KEYS;
  const native = (): string =>
    `${RETRIES}storage: { backend: s3, prefix: team, s3: { bucket: data, endpoint: "${server.endpoint}", access_key_id: ${access_key_id}, secret_access_key: ${secret_access_key} } }\n`;
  const lithops = (): string =>
    `lithops: { backend: localhost, storage: minio, storage_bucket: data }\nminio: { endpoint: "${server.endpoint}", access_key_id: ${access_key_id}, secret_access_key: ${secret_access_key} }\n`;

  it.each([
    ['settings of its own', native, 's3://data/team'],
    ['a Lithops file', lithops, 's3://data'],
  ])('works by %s', async (_, settings, address) => {
    const project = new Project(STAGES, { 'wattloop.yaml': settings(), go: '' });
    const document = documentOf(await project.run('--json'));
    expect(document).toMatchObject({
      status: 'done',
      result: [
        [0, 1, 2],
        [0, 1, 2],
      ],
    });
    expect(existsSync(project.path('.wattloop', 'storage'))).toBe(false);
    const shown = await project.command('runs', 'show', document.run);
    expect(shown.stdout).toMatch(new RegExp(`^Storage +${address}`, 'm'));
    // Nothing that the client of the server says of itself is taken for the user's.
    expect(existsSync(project.logFolder(document.run))).toBe(false);
  });

  it('refuses to begin when the server is down', async () => {
    const project = new Project(STAGES, { 'wattloop.yaml': native(), go: '' });
    await server.kill();
    const { code, stdout, stderr } = await project.run('--json');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^wattloop: Can't write "team\/runs\/.*s3:\/\/data.*can't be reached.*ECONNREFUSED.*\n$/,
    );
    expect(existsSync(project.path('begun0'))).toBe(false);
    expect(await project.runs()).toEqual([]);
  });

  it('names stage, partition and cause when the server goes, and goes on when it is back', async () => {
    const project = new Project(STAGES, { 'wattloop.yaml': native() });
    const running = project.start('--json');
    await expect
      .poll(() => readdirSync(project.folder).filter((name) => name.startsWith('begun')).length, {
        timeout: 20_000,
      })
      .toBe(2);
    const { port } = new URL(server.endpoint);
    await server.kill();
    project.write('go');
    const failed = await running.done;
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /wattloop: stage "slow", partition [01] failed \(attempt 2\): Can't (read|write) ".*" (from|to) s3:\/\/data.*can't be reached.*--resume \S+\n$/,
    );
    const { run, status, stages } = documentOf(failed);
    expect({ status, stages }).toMatchObject({
      status: 'failed',
      stages: [{ name: 'quick', failed: 0 }, {}],
    });

    const again = await project.run('--json', '--resume', run);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/can't be reached/);

    server = await startS3rver({ folder: data, port: Number(port) });
    const document = documentOf(await project.run('--json', '--resume', run));
    expect(document).toMatchObject({
      run,
      status: 'done',
      result: [
        [0, 1, 2],
        [0, 1, 2],
      ],
    });
    expect(document.stages[0]).toMatchObject({ name: 'quick', invocations: 3 });
  });

  it('ends an experiment whose store goes, and tells of the runs that were made', async () => {
    const project = new Project(
      `flow.stage('s', { memoryMib: 128, retries: 0, run: async (_, { run }) => {
         writeFileSync('run-' + run, '');
         if (readdirSync('.').filter((name) => name.startsWith('run-')).length > 3) { ${UNTIL('go')} }
       } });`,
      { 'wattloop.yaml': native() },
    );
    const runs = (): number => readdirSync(project.folder).filter((name) => name.startsWith('run-')).length;
    const running = new Running(
      ['characterize', 'wf.ts', '--no-check', '--repeat', '9', '--warm-up', '0', '--json'],
      { cwd: project.folder },
    );
    await expect.poll(runs, { timeout: 20_000 }).toBe(4);
    await server.kill();
    project.write('go');
    const { code, stdout, stderr } = await running.done;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    expect(stderr).toMatch(/run \S+ failed and is left out: stage "s", partition 0 failed.*can't be reached/);
    expect(stderr).toMatch(/not all runs were made.*\nwattloop: Can't write .*can't be reached.*\n$/);
    expect(runs()).toBe(4);
  });

  it('refuses to go on with another store than it began with', async () => {
    const project = new Project(
      `return flow.stage('s', { memoryMib: 128, retries: 0, run: () => { if (!existsSync('go')) throw new Error('not yet'); return 1; } });`,
      {
        'wattloop.yaml': native(),
      },
    );
    expect((await project.run()).code).toBe(1);
    project.write('wattloop.yaml', RETRIES);
    project.write('go');
    const { code, stderr } = await project.run('--resume', await project.latest());
    expect(code).toBe(2);
    expect(stderr).toMatch(/keeps its data in s3:\/\/data\/team.*and the settings name \//);
  });
});

/** Why no disk can be filled here, or undefined where one can. */
const NO_DISK = process.getuid?.() === 0 ? undefined : 'root, for a small tmpfs';

describe.skipIf(NO_DISK)(`a disk that gets full (needs ${NO_DISK ?? 'nothing more'})`, () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const path of mounted.splice(0)) execFileSync('umount', ['-l', path]);
  });

  function smallDisk(): string {
    const path = freshFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path]);
    mounted.push(path);
    return path;
  }

  /** Until nothing more goes in, whatever else is written meanwhile. */
  const fill = (disk: string): void =>
    void spawnSync('dd', ['if=/dev/zero', `of=${disk}/ballast`, 'bs=1024'], { stdio: 'ignore' });
  const makeRoom = (disk: string): void => void execFileSync('rm', [`${disk}/ballast`]);

  /** The second stage writes more than is left then. */
  const LARGE = `
    const small = flow.stage('small', { workers: 2, memoryMib: 128, run: (_, { partition }) => partition });
    return flow.stage('large', { memoryMib: 128, retries: 1, inputs: { small: gather(small) },
      run: async ({ small }) => { writeFileSync('begun', ''); ${UNTIL('go')} return [small, 'x'.repeat(300_000).length, new Uint8Array(300_000)].slice(0, 3); } });`;

  it.each(['storage', 'data_dir'])('under %s costs the run, and no state', async (what) => {
    const disk = smallDisk();
    const settings =
      what === 'storage' ? `storage: { file: { path: "${disk}/objects" } }` : `data_dir: "${disk}/data"`;
    const project = new Project(LARGE, { 'wattloop.yaml': `${RETRIES}${settings}\n` });
    const running = project.start('--json');
    await expect.poll(() => existsSync(project.path('begun')), { timeout: 20_000 }).toBe(true);
    fill(disk);
    project.write('go');
    const failed = await running.done;
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /stage "large", partition 0 failed \(attempt 2\).*the disk is full \(ENOSPC\).*--resume \S+\n$/,
    );
    expect(documentOf(failed)).toMatchObject({ status: 'failed', stages: [{ failed: 0 }, { failed: 2 }] });

    makeRoom(disk);
    const document = documentOf(await project.run('--json', '--resume', documentOf(failed).run));
    expect(document.status).toBe('done');
    expect(document.stages[0]).toMatchObject({ name: 'small', failed: 0 });
    expect(documentOf(await project.run('--json')).status).toBe('done');
  });

  it('from the start is told before anything runs', async () => {
    const disk = smallDisk();
    fill(disk);
    const project = new Project(LARGE, {
      'wattloop.yaml': `storage: { file: { path: "${disk}" } }\n`,
      go: '',
    });
    const { code, stderr } = await project.run();
    expect(code).toBe(1);
    expect(stderr).toMatch(/the disk is full \(ENOSPC\)\. Make room on the disk/);
    expect(existsSync(project.path('begun'))).toBe(false);
  });

  it('under the data folder from the start is one clear error', async () => {
    const disk = smallDisk();
    fill(disk);
    const project = new Project(LARGE, { 'wattloop.yaml': `data_dir: "${disk}"\n`, go: '' });
    const { code, stderr } = await project.run();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wattloop: .*(no space left|no room|disk is full).*\n$/i);
    expect(stderr).not.toMatch(/internal error|at .*\.js/);
  });
});
