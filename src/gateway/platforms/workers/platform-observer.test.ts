import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../base/index.js';
import { GroupObserver, type Names } from '../../../meter/index.js';
import { FakeUsage } from '../../../meter/testing/fake-sources.js';
import { workerRule } from '../../../model/index.js';
import { RuleSet } from '../rules/rule-set.js';
import { PlatformObserver } from './platform-observer.js';
import type { WorkerProcesses, WorkerUsage } from './worker-processes.js';

const ID = '3f2a'.repeat(16);
const RULES = new RuleSet([
  {
    platform: 'own',
    rules: [workerRule.parse({ name: 'r', match: { labels: { fn: '(?<f>.+)' } }, function: '${f}' })],
  },
]);

function observe(workers: () => readonly Partial<WorkerUsage>[] = () => []) {
  let names: ReturnType<Names['of']> = {};
  const source = Object.assign(new FakeUsage(new ManualClock(), 'ebpf'), {
    follow: () => undefined as never,
  });
  const of: Names = { of: () => names };
  const processes = { look: workers, close: () => undefined } as unknown as WorkerProcesses;
  const observer = new PlatformObserver({
    groups: new GroupObserver(of, () => undefined),
    names: of,
    rules: RULES,
    processes: () => processes,
  });
  observer.choose([source]);
  const used = () => new Map(observer.observe(source).map(({ id, cpuSeconds }) => [id, cpuSeconds]));
  const name = (now: typeof names): void => {
    names = now;
  };
  return { source, observer, used, name };
}

const worker = (id: string, group: string, cpuSeconds: number): Partial<WorkerUsage> => ({
  id,
  group,
  cpuSeconds,
  principal: { key: id, kind: 'process', name: id, labels: {} },
  recognition: { role: 'function', function: 'f', isOneCall: false, rule: 'r', platform: 'own' },
});

describe('what rules say of workloads', () => {
  it('is asked when a workload appears, and again when more is known of it', () => {
    const { source, observer, name } = observe();
    source.groups.set(`/docker/${ID}`, 1);
    const recognition = () => {
      const [usage] = observer.observe(source);
      return usage && observer.recognitionOf(usage.principal);
    };
    expect(recognition()).toBeUndefined();
    name({ name: 'web', labels: { fn: 'aes' } });
    expect(recognition()).toMatchObject({ function: 'aes' });
    expect(observer.isRecognised(`/docker/${ID}`)).toBe(true);
    expect(observer.isRecognised('/elsewhere')).toBe(false);
  });
});

describe('processes that are told apart', () => {
  it('are taken out of their group, also when they have ended', () => {
    let workers = [worker('a', '/user', 2)];
    const { source, used } = observe(() => workers);
    source.groups.set('/user', 10);
    expect(used()).toEqual(
      new Map([
        ['/user', 8],
        ['a', 2],
      ]),
    );
    source.groups.set('/user', 15);
    workers = [worker('a', '/user', 4), worker('b', '/user', 1)];
    expect(used()).toEqual(
      new Map([
        ['/user', 10],
        ['a', 4],
        ['b', 1],
      ]),
    );
    workers = [];
    source.groups.set('/user', 16);
    expect(used()).toEqual(new Map([['/user', 11]]));
  });

  it('never make their group’s figure fall, nor count anything twice', () => {
    const steps = fc.array(
      fc.record({ own: fc.nat(10), work: fc.array(fc.nat(10), { maxLength: 3 }), lag: fc.nat(2) }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, (rows) => {
        let workers: Partial<WorkerUsage>[] = [];
        const sums = new Map<string, number>();
        const { source, used } = observe(() => workers);
        let [own, last] = [0, 0];
        for (const { own: more, work, lag } of rows) {
          own += more;
          for (const [at, amount] of work.entries()) sums.set(`w${at}`, (sums.get(`w${at}`) ?? 0) + amount);
          workers = work.map((_, at) => worker(`w${at}`, '/user', sums.get(`w${at}`) ?? 0));
          const total = own + [...sums.values()].reduce((a, b) => a + b, 0);
          // The group's figure is read a moment before the workers'.
          source.groups.set('/user', Math.max(source.groups.get('/user') ?? 0, total - lag));
          const now = used().get('/user') ?? 0;
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
      }),
    );
  });
});
