import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHost, createLogger } from 'wattloop/base';
import { type Settings, settingsSchema } from 'wattloop/model';
import { WorkflowRunner } from 'wattloop/workflow';

/** Beside the results: where the machine keeps the temporary files of all programs, making a file may take ten times as long. */
const FOLDER = join(import.meta.dirname, '..', '..', '.bench', 'data');

export interface BenchRunner {
  readonly runner: WorkflowRunner;
  readonly settings: Settings;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** A runner in a folder of its own, which is removed at the end. */
export async function openBenchRunner(settings: Record<string, unknown> = {}): Promise<BenchRunner> {
  mkdirSync(FOLDER, { recursive: true });
  const dataDir = mkdtempSync(join(FOLDER, 'run-'));
  const all = settingsSchema.parse({ data_dir: dataDir, ...settings });
  const { sysfs, procfs } = all;
  const host = createHost({ sysfs, procfs, log: createLogger('error') });
  const runner = await WorkflowRunner.open(host, all);
  return {
    ...{ runner, settings: all, dataDir },
    close: async () => {
      await runner.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
