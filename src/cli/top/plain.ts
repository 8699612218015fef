import { type Host, writeOutput } from '../../base/index.js';
import { type MonitorView, openMonitor } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import { snapshotJson, type TopSort, topText } from '../../report/index.js';

export interface TopOptions {
  readonly by: MonitorView;
  readonly sort: TopSort;
  readonly filter: string;
  readonly rows: number;
  readonly intervalSeconds: number;
  readonly iterations?: number;
  readonly json: boolean;
}

/** For pipes, logs and programs: a table, or one JSON document on a line, at every update. */
export async function plainTop(
  host: Host,
  settings: Settings,
  options: TopOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = host;
  const monitor = await openMonitor(host, settings, options.by);
  try {
    let due = clock.now();
    for (let done = 0; done !== options.iterations; done++) {
      due = Math.max(due + options.intervalSeconds, clock.now());
      await clock.sleep(due - clock.now(), signal);
      if (signal.aborted) return;
      const snapshot = monitor.tick();
      const isRead = writeOutput(
        options.json
          ? `${JSON.stringify(snapshotJson(snapshot, options))}\n`
          : `${topText(snapshot, options, options.rows)}\n\n`,
      );
      // "wattloop top | head" ends when head does.
      if (!isRead) return;
    }
  } finally {
    await monitor.close();
  }
}
