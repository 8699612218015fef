import { InvalidArgumentError } from 'commander';

/** `1,2,4`: numbers above 0. For commander's options. */
export function numberList(text: string): number[] {
  const list = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!list.every((value) => value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('Write numbers above 0, separated by commas, as in 1,2,4.');
  return list;
}

/** The same, of whole numbers. */
export function countList(text: string): number[] {
  const list = numberList(text);
  if (!list.every(Number.isInteger)) throw new InvalidArgumentError('Write whole numbers, as in 1,2,4.');
  return list;
}
