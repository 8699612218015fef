import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { documentOf, Project, UNTIL } from './support/project.js';
import { NO_TERMINAL, Terminal } from './support/terminal.js';
import { MAIN } from './support/wattloop.js';

/** Forty stages one after another, of which that in the middle waits for a file. */
const MANY = `
  let last = flow.stage('stage-0', { memoryMib: 128, run: async () => 0 });
  for (let i = 1; i < 40; i++)
    last = flow.stage('stage-' + i, { workers: 2, memoryMib: 128, inputs: { last: gather(last) }, parameters: { i },
      run: async (_, { parameters }) => { if (parameters.i === 20) { writeFileSync('begun', ''); ${UNTIL('go')} } return parameters.i; } });`;

const STAGE_LINE = /^stage-\d+ /;

const begun = (project: Project): Promise<void> =>
  expect.poll(() => existsSync(project.path('begun')), { timeout: 20_000, interval: 20 }).toBe(true);

const terminals: Terminal[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});

describe.skipIf(NO_TERMINAL)(`progress on a terminal (needs ${NO_TERMINAL ?? 'nothing more'})`, () => {
  it('shows the stages that run, in place, whatever the size of the window, and is gone at the end', async () => {
    const project = new Project(MANY);
    const screen = new Terminal({ width: 150, height: 24 });
    terminals.push(screen);
    await screen.run('cd', project.folder);
    await screen.run(process.execPath, MAIN, 'run', 'wf.ts', '--no-check');
    await begun(project);
    const drawn = await screen.shows(/^stage-20 .*0\/2\n.*more stages: \d+ finished$/ms);
    const stages = drawn.filter((line) => STAGE_LINE.test(line));
    expect(stages.length).toBeLessThan(24);
    // Each once, in their order: what was drawn before is gone.
    const numbers = stages.map((line) => Number(/\d+/.exec(line)?.[0]));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers).toContain(20);
    expect(drawn.join('\n')).toMatch(/^and \d+ more stages: \d+ finished$/m);

    screen.resize(40, 12);
    const narrow = await screen.shows(/^stage-20 .*0\/2\n(stage-2\d .*\n)+and \d+ more stages: [^\n]*$/m);
    await expect
      .poll(() => screen.lines().filter((line) => /^and \d+ more/.test(line)).length, { timeout: 5_000 })
      .toBe(1);
    expect(narrow.filter((line) => /^stage-20 /.test(line))).toHaveLength(1);

    screen.resize(150, 60);
    project.write('go');
    const end = await screen.shows(/^Energy/m);
    expect(end.join('\n')).not.toMatch(/\[=*\s*\]|more stages/);
    expect(end.filter((line) => STAGE_LINE.test(line))).toHaveLength(40);
    expect(end.join('\n')).toMatch(/^test: done in [^\n]*\n\nSTAGE /m);
  });

  it('shows counts, rate, watts and what is left of a stage', async () => {
    const project = new Project(`
      flow.stage('half', { workers: 4, memoryMib: 128, run: async (_, { partition }) => { if (partition > 1) { ${UNTIL('go')} } } });`);
    const screen = new Terminal({ width: 100, height: 24 });
    terminals.push(screen);
    await screen.run('cd', project.folder);
    await screen.run(process.execPath, MAIN, 'run', 'wf.ts', '--no-check');
    await screen.shows(
      /^half \[========== {10}\] 2\/4 {2}[\d.]+\/(s|min) {2}([\d.]+ m?W {2})?[\d.]+ \S+ left$/m,
    );
    project.write('go');
    await screen.shows(/^Energy/m);
  });

  it('keeps what is logged meanwhile above it', async () => {
    const project = new Project(
      `flow.stage('one', { memoryMib: 128, run: async () => { writeFileSync('begun', ''); ${UNTIL('go')} } });`,
    );
    const screen = new Terminal({ width: 100, height: 24 });
    terminals.push(screen);
    await screen.run('cd', project.folder);
    await screen.run(process.execPath, MAIN, 'run', 'wf.ts', '--no-check', '--debug');
    await begun(project);
    await screen.shows(/^one \[ {20}\] 0\/1/m);
    screen.type('C-c');
    const lines = await screen.shows(/cancelling; a second signal[^\n]*\n(one|test: cancelled)/);
    expect(lines.filter((line) => line.startsWith('one ['))).toHaveLength(
      lines.some((line) => line.startsWith('test: cancelled')) ? 0 : 1,
    );
  });
});

it('is plain lines elsewhere, nothing with --quiet, and beside the document with --json', async () => {
  const project = new Project(`
    const first = flow.stage('first', { workers: 3, memoryMib: 128, run: () => 1 });
    return flow.stage('second', { memoryMib: 128, inputs: { first: gather(first) }, run: () => sleep(1500, 2) });`);
  const [plain, quiet] = await Promise.all([project.run('--json'), project.run('--quiet')]);
  expect(plain.stderr).toMatch(/^(first: [12]\/3 .*\n)?first: 3\/3 {2}\S+\/\S+.*\nsecond: 1\/1 .*\n$/);
  expect(plain.stderr).not.toContain('\u001b');
  expect(documentOf(plain).result).toBe(2);
  expect(quiet.stderr).toBe('');
  expect(quiet.stdout).toMatch(/^test: done/);
});
