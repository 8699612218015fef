import { LOAD_FAILURES, type LoadFailure, type LoadFigures } from '../model/index.js';

const FAILURE_WORDS: Readonly<Record<LoadFailure, string>> = {
  not_found: 'not found (404)',
  too_many: 'refused (429)',
  client_error: 'other 4xx',
  server_error: '5xx',
  timeout: 'timeout',
  connection: 'connection',
  unsent: 'not sent in time',
};

export const countText = (value: number): string => value.toLocaleString('en-US');

/** `1 call`, `2 calls`. */
export const callsText = (value: number): string => `${countText(value)} ${value === 1 ? 'call' : 'calls'}`;

export const rateText = (perSecond: number): string =>
  perSecond >= 1000
    ? Math.round(perSecond).toLocaleString('en-US')
    : String(Number(perSecond.toPrecision(3)));

/** `3 timeout, 2 5xx`; empty when no call failed. */
export const failureText = ({ failures }: LoadFigures): string =>
  LOAD_FAILURES.filter((name) => failures[name] > 0)
    .map((name) => `${countText(failures[name])} ${FAILURE_WORDS[name]}`)
    .join(', ');
