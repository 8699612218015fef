import type { RunExperiment, RunProgress } from '../../model/index.js';
import type { Parameters } from '../define/json.js';
import type { Override } from '../define/resolve.js';

export interface RunOptions {
  readonly parameters?: Parameters;
  /** Configurations by stage, instead of what the workflow says; `*` is for all that no other names. */
  readonly overrides?: Readonly<Record<string, Override>>;
  /** Goes on with this run, from its finished partitions, with the parameters and configurations that it began with. */
  readonly resume?: string;
  readonly experiment?: RunExperiment;
  /** The stage whose configuration an experiment varies, where it is one alone. */
  readonly varied?: string;
  /** Cancels the run: what runs has a moment to end by itself. */
  readonly signal?: AbortSignal;
  /** Leaves it no such moment. */
  readonly hurry?: AbortSignal;
  /** Told, when the run begins, how it can be watched. */
  readonly onBegin?: (watch: () => RunProgress) => void;
}
