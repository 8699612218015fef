import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExposition } from '../src/gateway/testing/parse-exposition.js';
import { Docker, whyNoDocker } from './support/docker.js';
import { PowercapTree } from './support/powercap-tree.js';
import { Running } from './support/wattloop.js';

const missing = whyNoDocker();

/** A machine with RAPL of constant power, whose control groups are this machine's own. */
function poweredTree(...more: string[]): PowercapTree {
  const tree = new PowercapTree({ 'package-0': 40 });
  for (const path of ['fs/cgroup', ...more]) {
    mkdirSync(join(tree.sysfs, path, '..'), { recursive: true });
    symlinkSync(join('/sys', path), join(tree.sysfs, path));
  }
  return tree;
}

// Without the kernel's types there is no eBPF: control groups are read from their files then.
const METHODS = [
  { method: 'the kernel’s scheduler, where eBPF works', links: ['kernel', 'devices/system/cpu'] },
  { method: 'control groups', links: [] },
];

describe.skipIf(missing)(`containers of a real Docker${missing ? ` (${missing})` : ''}`, () => {
  let docker: Docker;
  beforeAll(async () => {
    docker = await Docker.start();
  });
  afterAll(() => docker?.stop());

  it.each(METHODS)('appear by their names, with CPU time and energy, by $method', async ({ links }) => {
    const tree = poweredTree(...links);
    const id = docker.run('wattloop-early', 'while :; do :; done', '--label', 'team=shop');
    const agent = new Running(
      ['agent', '--listen', '127.0.0.1:0', '--interval', '200ms', '--sysfs', tree.sysfs],
      {
        env: { ...process.env, WATTLOOP_AGENT_DOCKER_SOCKET: docker.socket },
      },
    );
    try {
      const url = await agent.shows(/metrics at (\S+)/);
      const sample = async (name: string, labels: Readonly<Record<string, string>>): Promise<number> =>
        parseExposition(await (await fetch(url)).text())
          .get(name)
          ?.samples.find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text))
          ?.value ?? 0;
      const figures = async (workload: string) => ({
        cpuSeconds: await sample('wattloop_workload_cpu_seconds_total', { workload, type: 'container' }),
        joules: await sample('wattloop_workload_joules_total', {
          workload,
          type: 'container',
          kind: 'active',
        }),
        watts: await sample('wattloop_workload_watts', { workload, type: 'container' }),
      });
      await expect
        .poll(async () => (await figures('wattloop-early')).cpuSeconds, { timeout: 20_000 })
        .toBeGreaterThan(0.2);
      const early = await figures('wattloop-early');
      // One processor of those that are busy: never more than the machine draws.
      expect(early.joules).toBeGreaterThan(0);
      expect(early.watts).toBeGreaterThan(0);
      expect(early.watts).toBeLessThanOrEqual(60);
      const info = {
        id,
        workload: 'wattloop-early',
        container: 'wattloop-early',
        image: 'wattloop-test:1',
        runtime: 'docker',
      };
      expect(await sample('wattloop_workload_info', info)).toBe(1);

      // One that begins while the agent runs, and one that ends.
      docker.run('wattloop-late', 'while :; do :; done');
      await expect
        .poll(async () => (await figures('wattloop-late')).joules, { timeout: 20_000 })
        .toBeGreaterThan(1);
      docker.remove('wattloop-late');
      await expect.poll(async () => (await figures('wattloop-late')).watts, { timeout: 20_000 }).toBe(0);
      const ended = await figures('wattloop-late');
      expect(ended.joules).toBeGreaterThan(1);
      await expect.poll(async () => (await figures('wattloop-early')).joules).toBeGreaterThan(early.joules);
      expect(await figures('wattloop-late')).toEqual(ended);
    } finally {
      agent.child.kill('SIGTERM');
      expect(await agent.done).toMatchObject({ code: 0 });
      docker.remove('wattloop-early');
      tree.close();
    }
  });
});
