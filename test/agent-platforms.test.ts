import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../src/base/index.js';
import { openStore } from '../src/gateway/account/store/open-store.js';
import { parseExposition } from '../src/gateway/testing/parse-exposition.js';
import { settingsSchema } from '../src/model/index.js';
import { Docker, whyNoDocker } from './support/docker.js';
import { PowercapTree } from './support/powercap-tree.js';
import { freshFolder, Running, wattloop } from './support/wattloop.js';

const missing = whyNoDocker();
const GATEWAY = join(import.meta.dirname, 'support', 'openfaas-gateway.js');

const ends: (() => Promise<unknown> | unknown)[] = [];
const endAll = async (): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
};

/** A machine with RAPL of constant power, whose control groups are this machine's own. */
function poweredTree(): PowercapTree {
  const tree = new PowercapTree({ 'package-0': 40 });
  mkdirSync(join(tree.sysfs, 'fs'), { recursive: true });
  symlinkSync('/sys/fs/cgroup', join(tree.sysfs, 'fs', 'cgroup'));
  ends.push(() => tree.close());
  return tree;
}

/** An agent of a machine with constant power, and what its page says. */
async function startAgent(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const tree = poweredTree();
  const agent = new Running(
    ['agent', '--listen', '127.0.0.1:0', '--interval', '200ms', '--sysfs', tree.sysfs, ...args],
    { env: { ...process.env, WATTLOOP_AGENT_ACCOUNT_UPDATE_SECONDS: '1', ...env } },
  );
  ends.push(async () => {
    agent.child.kill('SIGTERM');
    expect(await agent.done).toMatchObject({ code: 0 });
  });
  const url = await agent.shows(/metrics at (\S+)/);
  const samples = async (name: string) =>
    parseExposition(await (await fetch(url)).text()).get(name)?.samples ?? [];
  const sum = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> =>
    (await samples(name))
      .filter((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text))
      .reduce((total, { value }) => total + value, 0);
  const joules = (name: string, kind: string) =>
    sum('wattloop_function_joules_total', { function: name, kind });
  return { agent, samples, sum, joules };
}

const burn = 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done';
const FUNCTION = {
  'www/cgi-bin/call': `#!/bin/sh\n${burn}\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\necho done\n`,
};
const SERVE = ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www'];

describe.skipIf(missing)(`functions that others serve in Docker${missing ? ` (${missing})` : ''}`, () => {
  let docker: Docker;
  let network: string;
  let gateway: ChildProcess;
  let gatewayUrl: string;
  const env = () => ({ WATTLOOP_AGENT_DOCKER_SOCKET: docker.socket });
  const call = async (name: string): Promise<string> =>
    await (await fetch(`${gatewayUrl}/function/${name}`)).text();

  beforeAll(async () => {
    docker = await Docker.start();
    docker.image('wattloop-function', FUNCTION, SERVE);
    network = docker.network();
    // As OpenFaaS names them: https://docs.openfaas.com
    const addresses: Record<string, string> = {};
    for (const name of ['figlet', 'nodeinfo']) {
      const container = `${name}.1.${'x7'.repeat(12)}`;
      docker.serve('wattloop-function', container, network, [
        `com.openfaas.function=${name}`,
        'function=true',
        `com.docker.swarm.service.name=${name}`,
      ]);
      addresses[name] = `http://${docker.address(container, network)}:8080/cgi-bin/call`;
    }
    docker.run('cron.1.y', 'while :; do :; done', '--label', 'com.openfaas.function=cron', '--cpus', '0.2');
    docker.run(
      'func_gateway.1.z',
      'while :; do :; done',
      '--cpus',
      '0.2',
      '--label',
      'com.docker.swarm.service.name=func_gateway',
    );
    docker.run('stranger', 'while :; do :; done', '--cpus', '0.1');
    gateway = spawn(process.execPath, [GATEWAY, JSON.stringify(addresses)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(gateway.stdout as NodeJS.ReadableStream, 'data');
    gatewayUrl = String(line).trim();
  });
  afterAll(async () => {
    gateway?.kill('SIGKILL');
    await docker?.stop();
  });
  afterEach(endAll);

  it('have energy, and the calls that their gateway counts', async () => {
    await call('figlet');
    const { agent, samples, sum, joules } = await startAgent([], {
      ...env(),
      WATTLOOP_AGENT_OPENFAAS_URL: `${gatewayUrl}/metrics`,
      WATTLOOP_AGENT_OPENFAAS_INTERVAL_SECONDS: '0.3',
    });
    // Counted from the first look at the counters on: by then there was one of figlet, which is not told.
    await expect.poll(() => joules('cron', 'individual'), { timeout: 20_000 }).toBeGreaterThan(0);
    for (let count = 0; count < 10; count++) await call('figlet');
    for (let count = 0; count < 4; count++) await call('nodeinfo');
    const calls = (name: string) =>
      sum('wattloop_function_invocations_total', { function: name, status: 'done' });
    await expect.poll(() => calls('figlet'), { timeout: 20_000 }).toBe(10);
    await expect.poll(() => calls('nodeinfo'), { timeout: 20_000 }).toBe(4);
    for (const name of ['figlet', 'nodeinfo'])
      await expect.poll(() => joules(name, 'individual'), { timeout: 20_000 }).toBeGreaterThan(0);
    await expect.poll(() => joules('figlet', 'control_plane'), { timeout: 20_000 }).toBeGreaterThan(0);
    // Nobody calls it through the gateway: it has energy, and no count of calls that would be made up.
    expect(
      (await samples('wattloop_function_invocations_total')).map(({ labels }) => labels.function),
    ).not.toContain('cron');
    const functions = new Set(
      (await samples('wattloop_function_joules_total')).map(({ labels }) => labels.function),
    );
    for (const name of ['cron', 'figlet', 'nodeinfo']) expect(functions).toContain(name);
    for (const name of ['stranger', 'func_gateway.1.z']) expect(functions).not.toContain(name);
    // Workloads are still there by their own names.
    expect(
      await sum('wattloop_workload_joules_total', { workload: 'stranger', kind: 'active' }),
    ).toBeGreaterThan(0);
    expect(await sum('wattloop_function_joules_total')).toBeLessThanOrEqual(
      await sum('wattloop_accounted_joules_total'),
    );

    // Its gateway dies: that is said, and the account goes on by what the workers use.
    gateway.kill('SIGKILL');
    await agent.shows(/OpenFaaS at \S+ does not tell of calls/);
    const before = await joules('cron', 'individual');
    await expect.poll(() => joules('cron', 'individual'), { timeout: 20_000 }).toBeGreaterThan(before + 1);
  });

  it('are explained', async () => {
    const { stdout, code } = await wattloop(['agent', '--explain', '--json'], {
      env: { ...process.env, ...env() },
    });
    expect(code).toBe(0);
    const { workers } = JSON.parse(stdout) as { workers: Readonly<Record<string, unknown>>[] };
    const of = (workload: string) => workers.find((worker) => worker.workload === workload);
    expect(of(`figlet.1.${'x7'.repeat(12)}`)).toMatchObject({
      role: 'function',
      function: 'figlet',
      platform: 'openfaas',
      rule: 'container label',
      facts: { image: 'wattloop-function' },
    });
    expect(of('func_gateway.1.z')).toMatchObject({ role: 'control-plane', rule: 'swarm stack' });
    expect(of('stranger')).toMatchObject({ role: 'unknown' });
  });

  it('are containers themselves, each run of which is a call, in plain Docker', async () => {
    const { sum, joules } = await startAgent(['--platform', 'docker'], env());
    await expect.poll(() => joules('stranger', 'individual'), { timeout: 20_000 }).toBeGreaterThan(0);
    for (const status of [0, 0, 3]) {
      docker.wait(docker.run('job', `${burn}; ${burn}; exit ${status}`));
      docker.remove('job');
    }
    const calls = (status: string) => sum('wattloop_function_invocations_total', { function: 'job', status });
    await expect.poll(() => calls('done'), { timeout: 20_000 }).toBe(2);
    await expect.poll(() => calls('failed'), { timeout: 20_000 }).toBe(1);
    // One that serves has not ended: it was called, and is.
    expect(await sum('wattloop_function_invocations_total', { function: 'stranger' })).toBe(0);
  });

  it('are known by rules of one’s own, and kept where that is wished', async () => {
    const file = join(freshFolder(), 'rules.yaml');
    writeFileSync(
      file,
      'rules:\n  - name: mine\n    match: { container: "^(?<who>stran)ger$" }\n    function: "own-${who}"\n',
    );
    const data = freshFolder();
    const keep = { WATTLOOP_AGENT_ACCOUNT_KEEP: 'true', WATTLOOP_DATA_DIR: data };
    const { joules } = await startAgent(['--rules', file], { ...env(), ...keep });
    await expect.poll(() => joules('own-stran', 'individual'), { timeout: 20_000 }).toBeGreaterThan(0);
    // Its end is waited for: what was counted up to then is kept.
    await endAll();
    const settings = settingsSchema.parse({ data_dir: data });
    const store = await openStore(createHost({ log: silentLogger }), settings);
    const kept = store.footprints({ from: 0, to: Date.now() / 1e3 + 60 });
    store.close();
    const own = kept?.functions.find((each) => each.function === 'own-stran');
    expect(own?.individualJoules).toBeGreaterThan(0);
  });
});

const noPython = spawnSync('which', ['python3']).status === 0 ? undefined : 'no python3';

describe.skipIf(noPython)(
  `jobs of Lithops on this machine (${noPython ?? 'by a runner of its name'})`,
  () => {
    afterEach(endAll);

    it('are functions though they are processes among others', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lithops-'));
      ends.push(() => rmSync(folder, { recursive: true }));
      const runner = join(folder, 'localhost-runner.py');
      // It works in a process that it starts, as the real one does.
      writeFileSync(
        runner,
        'import multiprocessing\ndef work():\n  while True: pass\np = multiprocessing.Process(target=work, daemon=True)\np.start()\np.join()\n',
      );
      const file = join(folder, 'bucket', 'a1b2c3-0-M000-job.json');
      const job = spawn('python3', [runner, 'run_job', file], { detached: true });
      // With the process that it started.
      ends.push(() => job.pid !== undefined && process.kill(-job.pid, 'SIGKILL'));
      const { joules, samples } = await startAgent(['--platform', 'lithops']);
      await expect
        .poll(() => joules('lithops/a1b2c3-0-M000', 'individual'), { timeout: 20_000 })
        .toBeGreaterThan(1);
      const worker = (await samples('wattloop_workload_watts')).find(
        ({ labels }) => labels.workload === 'lithops/a1b2c3-0-M000',
      );
      expect(worker?.labels.type).toBe('process');
      expect(worker?.value).toBeGreaterThan(1);
    });
  },
);

describe('rules', () => {
  it.each([
    ['- name: a\n  match: {}\n  function: f\n', /line 2: match: says nothing to match/],
    [
      '- name: a\n  match: { container: "(" }\n  function: f\n',
      /line 2: match.container: is no regular expression/,
    ],
    ['- name: a\n  match: { container: x }\n', /line 1: "a" must say one of function/],
    [
      '- name: a\n  match: { container: x }\n  function: "${y}"\n',
      /"a" names \$\{y\}, which no pattern captures/,
    ],
    ['- name: a\n  mach: { container: x }\n', /line 1/],
    ['hello: 1\n', /must hold a list of rules/],
    ['- [\n', /line \d/],
  ])('are refused with their line: %j', async (text, line) => {
    const file = join(freshFolder(), 'rules.yaml');
    writeFileSync(file, text);
    const { code, stdout, stderr } = await wattloop(['agent', '--rules', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^wattloop: [^\n]+\n$/);
    expect(stderr).toMatch(line);
  });

  it('are missed where their file is not there, and platforms where nobody knows them', async () => {
    expect(await wattloop(['agent', '--rules', '/nowhere.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\/nowhere.yaml: there is no such file/),
    });
    expect(await wattloop(['agent', '--platform', 'openfas'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--platform.*"openfas" is none of .*did you mean "openfaas"/),
    });
  });
});
