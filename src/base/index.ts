/** What every room stands on: errors, settings, the clock, the logger and the machine's roots. */

export {
  closest,
  ErrorCode,
  type ErrorDetails,
  messageOf,
  misspelt,
  systemCode,
  WattloopError,
} from '../errors/index.js';
export { type Clock, ManualClock, systemClock } from './clock.js';
export { type ConfigInput, environmentName, loadConfig, type StageVariable } from './config.js';
export { secondsOf } from './duration.js';
export { KernelFile, listIfAny, makeFolders, readTextIfAny } from './files.js';
export { createHost, type Host, type HostOptions } from './host.js';
export { isLithops, type LithopsSettings, lithopsSettings } from './lithops/lithops-settings.js';
export type { SettingOrigin } from './lithops/translation.js';
export {
  createLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  silentLogger,
} from './logger.js';
export { drawError, drawnOnError, writeError, writeOutput } from './output.js';
export { DEFAULT_CONFIG_FILE, type Tree } from './settings-file.js';
export { settingPaths } from './settings-schema.js';
export { shownPath } from './shown-path.js';
export type { TranslatedKey, TranslatedSettings } from './translated-settings.js';
