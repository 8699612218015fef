import type { ComputeBackend, StartedTask, Task, TaskReport } from '../../compute/index.js';
import type { Invocation, InvocationStatus } from '../../model/index.js';

/** How an execution ends; one that hangs ends when it is cancelled. */
type Ending = InvocationStatus | 'hang' | { readonly status: InvocationStatus; readonly code?: string };

export type Play = (task: Task) => Ending;

/** What a backend would say of a task. */
function invocationOf(task: Task, status: InvocationStatus, code?: string): Invocation {
  const { id, partition, attempt, speculative, resources, workers } = task;
  const error = { name: 'Error', message: `it ${status}`, ...(code !== undefined && { code }) };
  return {
    ...{ id, function: task.function, partition, attempt, speculative, worker: 'fake', status },
    configuration: { ...resources, workers },
    ...{ submittedAt: 0, startedAt: 0, endedAt: 0, cold: false, wallSeconds: 0, cpuSeconds: 0 },
    ...{ phases: [], usage: [], energies: [], absent: [] },
    ...(status !== 'done' && { error }),
  };
}

/** A backend without processes: tasks end in the order in which they were started, `width` of them at a time, as the play says. */
export function fakeBackend(play: Play, width: number): ComputeBackend & { readonly most: number } {
  const waiting: (() => void)[] = [];
  let open = 0;
  let working = 0;
  let most = 0;
  const next = (): void => {
    while (working < width && waiting.length > 0) {
      working++;
      waiting.shift()?.();
    }
  };
  const start = (task: Task): StartedTask => {
    open++;
    most = Math.max(most, open);
    let end: (status: InvocationStatus, code?: string) => void = () => {};
    const done = new Promise<TaskReport>((resolve) => {
      end = (status, code) => resolve({ invocation: invocationOf(task, status, code), value: undefined });
    });
    let isOver = false;
    const finish = (status: InvocationStatus, code?: string): void => {
      if (isOver) return;
      isOver = true;
      open--;
      working--;
      end(status, code);
      next();
    };
    waiting.push(() => {
      if (isOver) return;
      const ending = play(task);
      if (ending === 'hang') return;
      const { status, code } = typeof ending === 'string' ? { status: ending, code: undefined } : ending;
      setImmediate(() => finish(status, code));
    });
    next();
    return { done, cancel: () => finish('cancelled') };
  };
  return {
    name: 'fake',
    capacity: () => width,
    refuses: () => undefined,
    platform: undefined,
    start,
    close: async () => {},
    get most() {
      return most;
    },
  };
}
