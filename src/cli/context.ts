import {
  createHost,
  createLogger,
  type Host,
  isLithops,
  lithopsSettings,
  loadConfig,
  systemClock,
} from '../base/index.js';
import { type Settings, settingsSchema } from '../model/index.js';
import { checkRoots } from './roots.js';

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

/** How the user writes the flags that stand for settings: for messages. */
const FLAG_NAMES: Readonly<Record<string, string>> = {
  sysfs: '--sysfs',
  procfs: '--procfs',
  'meter.methods': '--methods',
  'meter.primary': '--primary',
  'meter.interval_seconds': '--interval',
  'carbon.intensity_g_per_kwh': '--carbon-intensity',
  'carbon.pue': '--pue',
  'agent.listen': '--listen',
  'agent.interval_seconds': '--interval',
  'agent.otlp.endpoint': '--otlp',
  'agent.platforms': '--platform',
  'agent.rules': '--rules',
};

export function createContext(
  options: GlobalOptions,
  flags: Readonly<Record<string, unknown>> = {},
): Context {
  const level = options.debug ? 'debug' : options.quiet ? 'error' : undefined;
  const ignored: string[] = [];
  const settings = loadConfig(settingsSchema, {
    file: options.config,
    translate: (tree, place) => {
      if (!isLithops(tree)) return undefined;
      const translated = lithopsSettings(tree, place);
      ignored.push(...translated.ignored);
      return translated;
    },
    env: process.env,
    flags: { sysfs: options.sysfs, procfs: options.procfs, log_level: level, ...flags },
    flagNames: FLAG_NAMES,
  });
  const { sysfs, procfs } = settings;
  const log = createLogger(settings.log_level);
  if (ignored.length > 0) log.warn(`settings of Lithops that have no meaning here: ${ignored.join(', ')}`);
  checkRoots(settings, log);
  const host = createHost({ sysfs, procfs, clock: systemClock, log });
  return { settings, host, json: options.json ?? false };
}
