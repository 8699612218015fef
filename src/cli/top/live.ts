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
} from '../../report/index.js';
import type { TopOptions } from './plain.js';

const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** The live view: the alternate screen of the terminal, keys, and the terminal as it was at the end. */
export async function liveTop(
  host: Host,
  settings: Settings,
  options: TopOptions,
  signal: AbortSignal,
): Promise<void> {
  const { stdin, stdout } = process;
  let state: TopState = { ...INITIAL_TOP, by: options.by, sort: options.sort, filter: options.filter };
  let snapshot: NodeSnapshot | undefined;
  let monitor: NodeMonitor = await openMonitor(host, settings, options.by);
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  let reopening: Promise<void> = Promise.resolve();
  const draw = (): void => {
    const lines = topScreen(snapshot, state, stdout.columns || 80, stdout.rows || 24);
    stdout.write(HOME + lines.map((line) => line + CLEAR_LINE).join('\r\n') + CLEAR_BELOW);
  };
  const view = async (by: TopView): Promise<void> => {
    await monitor.close();
    monitor = await openMonitor(host, settings, by);
    snapshot = undefined;
  };
  const onInput = (input: string): void => {
    for (const key of splitKeys(input)) {
      const next = topKey(state, key);
      if (next === undefined) {
        stop.abort();
        return;
      }
      const by = next.by as TopView;
      if (by !== state.by) reopening = reopening.then(() => view(by));
      state = next;
    }
    draw();
  };
  stdin.setRawMode(true).setEncoding('utf8').on('data', onInput);
  stdin.resume();
  stdout.on('resize', draw);
  stdout.write(ENTER_SCREEN);
  try {
    draw();
    while (!stop.signal.aborted) {
      await host.clock.sleep(options.intervalSeconds, stop.signal);
      if (stop.signal.aborted) break;
      await reopening;
      const latest = monitor.tick();
      if (!state.paused) snapshot = latest;
      draw();
    }
  } finally {
    stdout.off('resize', draw);
    stdin.off('data', onInput).setRawMode(false).pause();
    stdout.write(LEAVE_SCREEN);
    await reopening;
    await monitor.close();
  }
}
