import type { Host } from '../../base/index.js';
import { type NodeMonitor, type NodeSnapshot, openMonitor } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import {
  INITIAL_TOP,
  splitKeys,
  type TopState,
  type TopView,
  topKey,
  topScreen,
  withinScreen,
} from '../../report/index.js';
import type { TopOptions } from './plain.js';
import { Screen } from './screen.js';

/** Nobody wants to look at an empty screen for longer than this. */
const FIRST_SECONDS = 1;

/** The live view: what the keys make of the account, drawn anew at every tick and key. */
export async function liveTop(
  host: Host,
  settings: Settings,
  options: TopOptions,
  signal: AbortSignal,
): Promise<void> {
  let state: TopState = { ...INITIAL_TOP, by: options.by, sort: options.sort, filter: options.filter };
  let snapshot: NodeSnapshot | undefined;
  let monitor: NodeMonitor | undefined = await openMonitor(host, settings, options.by);
  let reopening: Promise<void> = Promise.resolve();
  const quit = new AbortController();
  const stop = AbortSignal.any([signal, quit.signal]);

  const draw = (): void => screen.draw(topScreen(snapshot, state, screen.width, screen.height));
  const view = async (by: TopView): Promise<void> => {
    await monitor?.close();
    monitor = undefined;
    snapshot = undefined;
    monitor = await openMonitor(host, settings, by);
  };
  const onInput = (input: string): void => {
    for (const key of splitKeys(input)) {
      const next = topKey(state, key);
      if (next === undefined) {
        quit.abort();
        return;
      }
      if (next.by !== state.by) {
        const { by } = next;
        reopening = reopening.then(() => view(by));
        // Its failure is told where it is waited for.
        reopening.catch(() => quit.abort());
      }
      state = withinScreen(next, snapshot, screen.height);
    }
    draw();
  };
  const screen = new Screen(process.stdin, process.stdout, host.env, {
    onInput,
    onResize: () => draw(),
    onGone: () => quit.abort(),
  });
  try {
    draw();
    for (let wait = Math.min(FIRST_SECONDS, options.intervalSeconds); ; wait = options.intervalSeconds) {
      await host.clock.sleep(wait, stop);
      if (stop.aborted) break;
      await reopening;
      const latest = monitor?.tick();
      if (!state.paused) snapshot = latest;
      state = withinScreen(state, snapshot, screen.height);
      draw();
    }
    await reopening;
  } finally {
    screen.close();
    await reopening.catch(() => {});
    await monitor?.close();
  }
}
