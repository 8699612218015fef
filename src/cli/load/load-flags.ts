import type { LoadArrival } from '../../lab/index.js';
import type { GlobalOptions } from '../context.js';

export interface LoadFlags extends GlobalOptions {
  readonly gateway?: string;
  readonly function?: readonly string[];
  readonly duration?: number;
  readonly warmUp?: number;
  readonly rate?: number;
  readonly arrival?: LoadArrival;
  readonly concurrency?: number;
  readonly think?: number;
  readonly trace?: string;
  readonly speed?: number;
  readonly skip?: number;
  readonly sample?: number;
  readonly seed?: number;
  readonly method?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeout?: number;
  readonly maxInFlight?: number;
  readonly async?: boolean;
  readonly failIf?: readonly string[];
  readonly record?: string;
  readonly meter?: boolean;
  readonly report?: string;
}
