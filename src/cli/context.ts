import { createHost, createLogger, type Host, loadConfig, systemClock } from '../base/index.js';
import { type Settings, settingsSchema } from '../model/index.js';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly sysfs?: string;
  readonly procfs?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly quiet?: boolean;
}

/** What a command works with: the settings in force and the machine they speak of. */
export interface Context {
  readonly settings: Settings;
  readonly host: Host;
  readonly json: boolean;
}

export function createContext(
  options: GlobalOptions,
  flags: Readonly<Record<string, unknown>> = {},
): Context {
  const level = options.debug ? 'debug' : options.quiet ? 'error' : undefined;
  const settings = loadConfig(settingsSchema, {
    file: options.config,
    env: process.env,
    flags: { sysfs: options.sysfs, procfs: options.procfs, log_level: level, ...flags },
  });
  const { sysfs, procfs } = settings;
  const host = createHost({ sysfs, procfs, clock: systemClock, log: createLogger(settings.log_level) });
  return { settings, host, json: options.json ?? false };
}
