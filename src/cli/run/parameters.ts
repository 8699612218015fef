import { InvalidArgumentError } from 'commander';
import { type Json, parameterFromText } from '../../workflow/index.js';

/** `points=1000000`, added to what was said before. For commander's options. */
export function parameter(text: string, before: Record<string, Json> = {}): Record<string, Json> {
  const sign = text.indexOf('=');
  if (sign < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.');
  return { ...before, [text.slice(0, sign)]: parameterFromText(text.slice(sign + 1)) };
}
