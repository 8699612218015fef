import { InvalidArgumentError } from 'commander';
import { duration } from './duration.js';

/** A whole number from 1 to 999,999. For commander's options, as all here. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(text);
}

export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number of at least 0.');
  return value;
}

/** A time, of which 0 is one. */
export function durationOrZero(text: string): number {
  return /^0+(\.0*)?(us|ms|s|m|h)?$/.test(text.trim()) ? 0 : duration(text);
}

const SHORTEST_INTERVAL_SECONDS = 0.001;

/** Time between samples: more often than each millisecond the sampling itself would be what is measured. */
export function interval(text: string): number {
  const seconds = duration(text);
  if (seconds < SHORTEST_INTERVAL_SECONDS) throw new InvalidArgumentError('It must be at least 1ms.');
  return seconds;
}

/** A whole number from 0 to 999,999,999. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 0 to 999999999.');
  return Number(text);
}

/** A part of a whole: 0 to 1. */
export function fraction(text: string): number {
  const value = amount(text);
  if (value > 1) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** A time that may lie on either side of 0. */
export function signedDuration(text: string): number {
  const backwards = text.trim().startsWith('-');
  const seconds = durationOrZero(backwards ? text.trim().slice(1) : text);
  return backwards ? 0 - seconds : seconds;
}

/** Power above 0: `120`, `120W`, `1.2kW`. */
export function watts(text: string): number {
  const [, amountText = '', kilo] = /^(\d+(?:\.\d+)?)\s*(k?)[Ww]?$/.exec(text.trim()) ?? [];
  const value = Number(amountText) * (kilo === 'k' ? 1_000 : 1);
  if (amountText === '' || !(value > 0)) throw new InvalidArgumentError('It must be a power such as 120W.');
  return value;
}
