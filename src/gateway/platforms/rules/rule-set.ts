import { CompiledRule } from './compiled-rule.js';
import type { PlatformRules } from './platform-rules.js';
import type { Recognition, WorkerFacts } from './recognition.js';

/** Rules in their order: the first that matches counts. */
export class RuleSet {
  readonly #groups: readonly CompiledRule[];
  readonly #processes: readonly CompiledRule[];

  constructor(platforms: readonly PlatformRules[]) {
    const rules = platforms.flatMap(({ platform, rules: of }) =>
      of.map((rule) => new CompiledRule(rule, platform)),
    );
    this.#groups = rules.filter(({ isOfProcesses }) => !isOfProcesses);
    this.#processes = rules.filter(({ isOfProcesses }) => isOfProcesses);
  }

  get hasProcessRules(): boolean {
    return this.#processes.length > 0;
  }

  /** Whose a whole control group is. */
  group(facts: WorkerFacts): Recognition | undefined {
    return firstOf(this.#groups, facts);
  }

  /** Whose a process is. */
  process(facts: WorkerFacts): Recognition | undefined {
    return firstOf(this.#processes, facts);
  }
}

function firstOf(rules: readonly CompiledRule[], facts: WorkerFacts): Recognition | undefined {
  for (const rule of rules) {
    const recognition = rule.recognise(facts);
    if (recognition) return recognition;
  }
  return undefined;
}
