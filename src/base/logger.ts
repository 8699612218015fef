import { writeError } from './output.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Structured lines to stderr: `level message key=value …`. Stdout belongs to results. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

function quoted(value: LogFields[string]): string {
  const text = String(value);
  return /^[\w.:/@%+-]+$/.test(text) ? text : JSON.stringify(text);
}

export function createLogger(level: LogLevel = 'info', write: (line: string) => void = writeError): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(name) < threshold) return;
      const pairs = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}=${quoted(value)}`);
      write(`wattloop: ${name}: ${message}${pairs.join('')}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** For tests and for libraries whose caller wants no lines. */
export const silentLogger: Logger = createLogger('silent');
