import { describe, expect, it } from 'vitest';
import { systemClock } from '../../base/index.js';
import { fakeBackend, type Play } from '../testing/fake-backend.js';
import { resolvedStages } from '../testing/resolved-stages.js';
import { Scheduler, type SchedulerOptions } from './scheduler.js';

const NO_STRAGGLERS = { enabled: false, factor: 3, minimumSeconds: 1 };

function scheduler(
  play: Play,
  stages = resolvedStages((flow) => void flow.stage('only', { workers: 4, run: () => 1 })),
  more: Partial<SchedulerOptions> = {},
  width = 2,
) {
  const ended: string[] = [];
  const began: string[] = [];
  const backend = fakeBackend(play, width);
  const running = new Scheduler({
    stages,
    backend,
    clock: systemClock,
    backoffSeconds: 0,
    stragglers: NO_STRAGGLERS,
    signal: new AbortController().signal,
    taskFor: (stage, partition, execution) => {
      const id = `${stage.definition.name}/${partition}.${execution.attempt}${execution.speculative ? '.copy' : ''}`;
      began.push(id);
      return {
        id,
        function: stage.definition.name,
        partition,
        ...execution,
        module: '',
        payload: undefined,
        resources: stage.configuration,
        workers: stage.configuration.workers,
      };
    },
    onEnd: (_, { invocation }, counts) =>
      ended.push(`${invocation.id} ${invocation.status}${counts ? ' counts' : ''}`),
    ...more,
  });
  return { running, began, ended, backend };
}

describe('the scheduler', () => {
  it('finishes every partition once', async () => {
    const { running, ended } = scheduler(() => 'done');
    expect(await running.run()).toBeUndefined();
    expect(ended.sort()).toEqual([0, 1, 2, 3].map((i) => `only/${i}.1 done counts`));
  });

  it('tries again what failed, and nothing else', async () => {
    const { running, ended } = scheduler(({ partition, attempt }) =>
      partition === 2 && attempt < 3 ? 'crashed' : 'done',
    );
    expect(await running.run()).toBeUndefined();
    expect(ended.filter((line) => line.startsWith('only/2'))).toEqual([
      'only/2.1 crashed',
      'only/2.2 crashed',
      'only/2.3 done counts',
    ]);
    expect(ended).toHaveLength(6);
  });

  it('ends with the failure when retries are used up, and begins nothing more', async () => {
    const stages = resolvedStages(
      (flow) => void flow.stage('only', { workers: 50, retries: 1, run: () => 1 }),
    );
    const { running, began } = scheduler(({ partition }) => (partition === 0 ? 'failed' : 'done'), stages);
    const failure = await running.run();
    expect(failure).toMatchObject({ function: 'only', partition: 0, attempt: 2, status: 'failed' });
    expect(began.length).toBeLessThan(50);
  });

  it('does not try again what can never work', async () => {
    const { running, began } = scheduler(() => ({ status: 'failed', code: 'not_serialisable' }));
    expect(await running.run()).toMatchObject({ attempt: 1 });
    expect(began.filter((id) => id.includes('.2'))).toEqual([]);
  });

  it('starts a partition as soon as its own inputs are there', async () => {
    const stages = resolvedStages((flow, { each }) => {
      const first = flow.stage('first', { workers: 6, run: () => 1 });
      flow.stage('second', { inputs: { first: each(first) }, run: () => 2 });
    });
    const { running, ended } = scheduler(() => 'done', stages);
    await running.run();
    const place = (id: string): number => ended.indexOf(`${id}.1 done counts`);
    expect(place('second/0')).toBeLessThan(place('first/5'));
  });

  it('never has more under way than twice what the backend runs at once', async () => {
    const stages = resolvedStages((flow) => void flow.stage('only', { workers: 100, run: () => 1 }));
    const { running, backend } = scheduler(() => 'done', stages);
    await running.run();
    expect(backend.most).toBeLessThanOrEqual(4);
  });

  it('cancels what runs when it is interrupted', async () => {
    const controller = new AbortController();
    const { running, ended } = scheduler(() => 'hang', undefined, { signal: controller.signal });
    const done = running.run();
    controller.abort();
    expect(await done).toBeUndefined();
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.every((line) => line.endsWith('cancelled'))).toBe(true);
  });

  it('leaves what was cancelled no time when it is hurried', async () => {
    const [signal, hurry] = [new AbortController(), new AbortController()];
    const asked: boolean[] = [];
    const { running, backend } = scheduler(() => 'hang', undefined, {
      signal: signal.signal,
      hurry: hurry.signal,
    });
    const { start } = backend;
    // One that is deaf unless it is ended at once.
    Object.assign(backend, {
      start: (task: Parameters<typeof start>[0]) => {
        const { done, cancel } = start(task);
        return {
          done,
          cancel: (now = false) => {
            asked.push(now);
            if (now) cancel();
          },
        };
      },
    });
    const done = running.run();
    signal.abort();
    expect(new Set(asked)).toEqual(new Set([false]));
    hurry.abort();
    expect(await done).toBeUndefined();
    expect(asked).toContain(true);
  });

  it('ends what runs, and rejects, when what ended can not be kept', async () => {
    const stages = resolvedStages((flow) => void flow.stage('only', { workers: 50, run: () => 1 }));
    let told = 0;
    const { running, began } = scheduler(({ partition }) => (partition === 1 ? 'hang' : 'done'), stages, {
      onEnd: () => {
        told++;
        throw new Error('no room left');
      },
    });
    await expect(running.run()).rejects.toThrow('no room left');
    expect(told).toBe(began.length);
    expect(began.length).toBeLessThan(5);
  });

  it('goes on counting attempts where an earlier session ended, with all its retries', async () => {
    const stages = resolvedStages((flow) => void flow.stage('only', { retries: 1, run: () => 1 }));
    const { running, began } = scheduler(() => 'failed', stages, { attemptsBefore: () => 3 });
    expect(await running.run()).toMatchObject({ attempt: 5 });
    expect(began).toEqual(['only/0.4', 'only/0.5']);
  });

  it('runs no more copies of stragglers than there is room for', async () => {
    const stages = resolvedStages((flow) => void flow.stage('only', { workers: 9, run: () => 1 }));
    const stops = new AbortController();
    const { running, began } = scheduler(
      ({ partition, speculative }) => (partition < 3 || speculative ? 'hang' : 'done'),
      stages,
      { stragglers: { enabled: true, factor: 2, minimumSeconds: 0.01 }, signal: stops.signal },
      4,
    );
    const done = running.run();
    const copies = (): boolean => began.some((id) => id.endsWith('.copy'));
    await expect.poll(copies, { timeout: 5_000 }).toBe(true);
    // Three that hang, and one copy: as much as runs at once.
    expect(began.filter((id) => id.endsWith('.copy'))).toHaveLength(1);
    stops.abort();
    await done;
  });

  it('runs a second copy of a straggler, and counts the first that ends', async () => {
    const stages = resolvedStages((flow) => void flow.stage('only', { workers: 6, run: () => 1 }));
    const { running, ended } = scheduler(
      ({ partition, speculative }) => (partition === 5 && !speculative ? 'hang' : 'done'),
      stages,
      { stragglers: { enabled: true, factor: 2, minimumSeconds: 0.01 } },
    );
    expect(await running.run()).toBeUndefined();
    expect(ended).toContain('only/5.1.copy done counts');
    expect(ended).toContain('only/5.1 cancelled');
  });

  it('passes over what an earlier session has finished', async () => {
    const stages = resolvedStages((flow, { gather }) => {
      const first = flow.stage('first', { workers: 3, run: () => 1 });
      flow.stage('second', { inputs: { first: gather(first) }, run: () => 2 });
    });
    const { running, began } = scheduler(() => 'done', stages, {
      isFinished: ({ definition }, partition) => definition.name === 'first' && partition !== 1,
    });
    await running.run();
    expect(began).toEqual(['first/1.1', 'second/0.1']);
  });
});
