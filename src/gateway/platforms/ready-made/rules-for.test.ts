import { describe, expect, it } from 'vitest';
import { PLATFORMS, workerRule } from '../../../model/index.js';
import type { WorkerFacts } from '../rules/recognition.js';
import { RuleSet } from '../rules/rule-set.js';
import { READY_MADE, rulesFor } from './rules-for.js';

const ID = '3f2a'.repeat(16);
const GUID = '4E0B1C2D-AB12-4617-8899-AABBCCDDEEFF';

const facts = (about: Partial<WorkerFacts>): WorkerFacts => ({ cgroup: '/x', labels: {}, ...about });
const process = (name: string, command: string): WorkerFacts =>
  facts({ process: { name, command: () => command, environment: () => ({}) } });

const AUTO = new RuleSet(rulesFor(['auto'], []));
const told = (rules: RuleSet, about: WorkerFacts): string => {
  const found = about.process ? rules.process(about) : rules.group(about);
  return found === undefined ? '-' : `${found.platform}: ${found.function ?? found.role}`;
};

describe('ready-made rules', () => {
  it.each(PLATFORMS.flatMap((platform) => READY_MADE[platform].map((rule) => [platform, rule.name, rule])))(
    '%s: "%s" is a rule as settings want it',
    (_, __, rule) => {
      expect(workerRule.safeParse(rule).error).toBeUndefined();
    },
  );

  it.each<[string, Partial<WorkerFacts>, string]>([
    [
      'OpenFaaS on Kubernetes, by label',
      {
        namespace: 'openfaas-fn',
        container: 'figlet',
        pod: 'figlet-7c6-x',
        labels: { faas_function: 'figlet' },
      },
      'openfaas: figlet',
    ],
    [
      'in another namespace',
      { namespace: 'staging', labels: { faas_function: 'figlet' } },
      'openfaas: figlet.staging',
    ],
    [
      'by the container’s name',
      { namespace: 'openfaas-fn', container: 'env', pod: 'env-5d-abcde' },
      'openfaas: env',
    ],
    [
      'OpenFaaS on Swarm',
      { container: 'echo.1.k2j', labels: { 'com.openfaas.function': 'echo', function: 'true' } },
      'openfaas: echo',
    ],
    [
      'before it had that label',
      { container: 'echo.1.k2j', labels: { 'com.docker.swarm.service.name': 'echo', function: 'true' } },
      'openfaas: echo',
    ],
    ['faasd', { cgroup: '/openfaas-fn/nodeinfo' }, 'openfaas: nodeinfo'],
    ['a group within it', { cgroup: '/openfaas-fn/nodeinfo/init' }, 'openfaas: nodeinfo'],
    [
      'OpenFaaS’ gateway',
      { namespace: 'openfaas', container: 'gateway', pod: 'gateway-1-x' },
      'openfaas: control-plane',
    ],
    ['faasd’s gateway', { cgroup: '/openfaas/gateway' }, 'openfaas: control-plane'],
    ['an older faasd’s', { cgroup: '/default/queue-worker' }, 'openfaas: control-plane'],
    ['faasd itself', { cgroup: '/system.slice/faasd-provider.service' }, 'openfaas: control-plane'],
    ['an OpenWhisk action', { container: 'wsk0_12_guest_hello' }, 'openwhisk: guest/hello'],
    [
      'one with underscores',
      { container: 'wskinvoker-eu_3_7_guest_my_action' },
      'openwhisk: guest/my_action',
    ],
    [
      'a container that waits for an action',
      { container: 'wsk0_1_prewarm_nodejs20' },
      'openwhisk: prewarm/nodejs20',
    ],
    [
      'an invoker’s own test',
      { container: 'wsk0_2_whisksystem_invokerHealthTestAction0' },
      'openwhisk: control-plane',
    ],
    [
      'an action’s pod',
      { pod: 'wskowdev-invoker-00-12-guest-hello', container: 'user-action', namespace: 'openwhisk' },
      'openwhisk: guest/hello',
    ],
    [
      'a pod that waits',
      { pod: 'wskowdev-invoker-00-1-prewarm-nodejs10', namespace: 'openwhisk' },
      'openwhisk: prewarm/nodejs10',
    ],
    [
      'OpenWhisk’s controller',
      { image: 'docker.io/openwhisk/controller:nightly', container: 'controller0' },
      'openwhisk: control-plane',
    ],
    [
      'its pod',
      { namespace: 'openwhisk', pod: 'owdev-controller-0', container: 'controller' },
      'openwhisk: control-plane',
    ],
    [
      'a Knative service',
      {
        namespace: 'shop',
        container: 'user-container',
        pod: 'cart-00003-deployment-7d9f4c-abcde',
        labels: { 'serving.knative.dev/service': 'cart' },
      },
      'knative: shop/cart',
    ],
    [
      'without its labels',
      { namespace: 'shop', container: 'user-container', pod: 'cart-00003-deployment-7d9f4c-abcde' },
      'knative: shop/cart',
    ],
    [
      'its queue proxy',
      { namespace: 'shop', container: 'queue-proxy', pod: 'cart-00003-deployment-7d9f4c-abcde' },
      'knative: control-plane',
    ],
    ['Knative’s activator', { namespace: 'knative-serving', pod: 'activator-1-x' }, 'knative: control-plane'],
    ['a Lithops container', { container: 'lithops_a1b2c3-0-M000' }, 'lithops: lithops/a1b2c3-0-M000'],
    [
      'a Lithops job’s pod',
      { pod: 'lithops-a1b2c3-0-m001-x7k2p', namespace: 'default' },
      'lithops: lithops/a1b2c3-0-m001',
    ],
    ['Lithops’ master', { pod: 'lithops-master-5f-abc', namespace: 'default' }, 'lithops: control-plane'],
    [
      'an Ilúvatar container',
      { container: `hello-0.1-${GUID}`, labels: { owner: 'iluvatar_worker' } },
      'iluvatar: hello-0.1',
    ],
    ['by containerd', { cgroup: `/tmp/ilúvatar_worker/cgroups/pyaes-1-${GUID}` }, 'iluvatar: pyaes-1'],
    ['dockerd', { cgroup: '/system.slice/docker.service' }, 'node: control-plane'],
    ['the kubelet', { cgroup: '/system.slice/kubelet.service' }, 'node: control-plane'],
    ['someone’s container', { cgroup: `/docker/${ID}`, container: 'web', image: 'nginx' }, '-'],
    ['someone’s service', { cgroup: '/system.slice/nginx.service' }, '-'],
    ['a container whose name nobody knows yet', { cgroup: `/docker/${ID}` }, '-'],
  ])('know %s', (_, about, expected) => {
    expect(told(AUTO, facts(about))).toBe(expected);
  });

  it.each([
    [
      'python3',
      '/usr/bin/python3 /tmp/lithops-root/localhost-runner.py run_job /tmp/lithops-root/bucket/lithops.jobs/a1b2c3-0-M000-job.json',
      'lithops: lithops/a1b2c3-0-M000',
    ],
    [
      'python3.11',
      'python3.11 /tmp/lithops-ada/localhost-service.py 4 40001 3 1',
      'lithops: lithops/localhost',
    ],
    ['python3', 'python3 /tmp/lithops-root/localhost-runner.py get_metadata', '-'],
    ['vim', 'vim /tmp/lithops-root/localhost-runner.py run_job /tmp/x/a1b2c3-0-M000-job.json', '-'],
    ['iluvatar_worker', './iluvatar_worker -c worker.json', 'iluvatar: control-plane'],
  ])('know the process %s: %s', (name, command, expected) => {
    expect(told(AUTO, process(name, command))).toBe(expected);
  });

  it('take plain containers for functions only where that is asked for', () => {
    const docker = new RuleSet(rulesFor(['openfaas', 'docker'], []));
    const web = facts({ cgroup: `/docker/${ID}`, container: 'web' });
    expect(told(docker, web)).toBe('docker: web');
    expect(docker.group(web)?.isOneCall).toBe(true);
    expect(told(docker, facts({ ...web, labels: { 'com.openfaas.function': 'figlet' } }))).toBe(
      'openfaas: figlet',
    );
    expect(told(docker, facts({ cgroup: `/docker/${ID}`, container: 'k8s_POD_web-1_shop_0b1c_0' }))).toBe(
      '-',
    );
    expect(told(docker, facts({ cgroup: '/system.slice/docker.service' }))).toBe('node: control-plane');
  });

  it('are none where none are wanted', () => {
    expect(rulesFor([], [])).toEqual([]);
  });
});
