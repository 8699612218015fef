import type { WorkerRule } from '../../../model/index.js';
import type { Recognition, WorkerFacts } from './recognition.js';

/** Function names become labels of metrics: longer ones are cut. */
const LONGEST_NAME = 200;

type Groups = Readonly<Record<string, string>>;
/** What the pattern captured; undefined where it does not match. */
type Test = (facts: WorkerFacts) => Groups | undefined;

function tester(text: string, read: (facts: WorkerFacts) => string | undefined): Test {
  const pattern = new RegExp(text, 'u');
  return (facts) => {
    const value = read(facts);
    const found = value === undefined ? null : pattern.exec(value);
    return found === null ? undefined : (found.groups ?? {});
  };
}

/** One rule, ready to be asked. */
export class CompiledRule {
  readonly rule: WorkerRule;
  readonly platform: string;
  readonly #tests: readonly Test[];

  constructor(rule: WorkerRule, platform: string) {
    this.rule = rule;
    this.platform = platform;
    this.#tests = testsOf(rule);
  }

  /** Whether it speaks of processes one by one, not of whole groups. */
  get isOfProcesses(): boolean {
    const { process, command, environment } = this.rule.match;
    return process !== undefined || command !== undefined || environment !== undefined;
  }

  recognise(facts: WorkerFacts): Recognition | undefined {
    let captured: Groups = {};
    for (const test of this.#tests) {
      const groups = test(facts);
      if (groups === undefined) return undefined;
      captured = { ...captured, ...groups };
    }
    const { name: rule, function: template, control_plane, calls } = this.rule;
    const about = { rule, platform: this.platform, isOneCall: calls === 'life' };
    if (template === undefined) return { role: control_plane ? 'control-plane' : 'none', ...about };
    const name = filledIn(template, facts, captured);
    return name === undefined ? undefined : { role: 'function', function: name, ...about };
  }
}

/** Cheap and telling ones first: what a process says of itself is read last, and only when all else matches. */
function testsOf({ match }: WorkerRule): Test[] {
  const { labels = {}, environment = {} } = match;
  const tests: Test[] = [];
  for (const key of ['cgroup', 'namespace', 'pod', 'container', 'image'] as const) {
    const text = match[key];
    if (text !== undefined) tests.push(tester(text, (facts) => facts[key]));
  }
  for (const [key, text] of Object.entries(labels)) tests.push(tester(text, (facts) => facts.labels[key]));
  if (match.process !== undefined) tests.push(tester(match.process, ({ process }) => process?.name));
  if (match.command !== undefined) tests.push(tester(match.command, ({ process }) => process?.command()));
  for (const [key, text] of Object.entries(environment)) {
    tests.push(tester(text, ({ process }) => process?.environment()[key]));
  }
  return tests;
}

/** Undefined where a variable has no value: then nobody knows the function's name. */
function filledIn(template: string, facts: WorkerFacts, captured: Groups): string | undefined {
  const { container, image, pod, namespace } = facts;
  const values: Readonly<Record<string, string | undefined>> = {
    container,
    image,
    pod,
    namespace,
    ...captured,
  };
  let isWhole = true;
  const name = template.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
    const value = values[variable];
    if (!value) isWhole = false;
    return value ?? '';
  });
  return isWhole ? name.slice(0, LONGEST_NAME) : undefined;
}
