import { describe, expect, it } from 'vitest';
import { type WorkerRule, workerRule } from '../../../model/index.js';
import type { WorkerFacts } from './recognition.js';
import { RuleSet } from './rule-set.js';

const rule = (about: object): WorkerRule => workerRule.parse({ name: 'r', ...about });
const set = (...rules: WorkerRule[]): RuleSet => new RuleSet([{ platform: 'own', rules }]);
const WEB: WorkerFacts = {
  cgroup: '/docker/1',
  container: 'web-7',
  image: 'shop/web:2',
  labels: { team: 'a' },
};

describe('rules', () => {
  it('need all that they name to match', () => {
    const both = set(rule({ match: { container: '^web', labels: { team: '^a$' } }, function: 'f' }));
    expect(both.group(WEB)?.function).toBe('f');
    expect(both.group({ ...WEB, labels: { team: 'b' } })).toBeUndefined();
    expect(both.group({ ...WEB, container: undefined })).toBeUndefined();
  });

  it('name functions by what they captured and what is known', () => {
    const named = set(
      rule({
        match: { container: '^(?<base>\\w+)-(?<n>\\d+)$', labels: { team: '(?<team>.)' } },
        function: '${team}/${base}@${image}',
      }),
    );
    expect(named.group(WEB)?.function).toBe('a/web@shop/web:2');
  });

  it('do not apply where a part of the name is not known', () => {
    const named = set(rule({ match: { container: '.' }, function: '${namespace}/x' }));
    expect(named.group(WEB)).toBeUndefined();
    expect(named.group({ ...WEB, namespace: 'shop' })?.function).toBe('shop/x');
    const optional = set(rule({ match: { container: '^web(?<n>-x)?' }, function: 'f${n}' }));
    expect(optional.group(WEB)).toBeUndefined();
  });

  it('are asked in their order, and the first says it all', () => {
    const rules = set(
      rule({ name: 'not', match: { container: '-7$' }, ignore: true }),
      rule({ name: 'all', match: { container: '.' }, function: '${container}' }),
      rule({ name: 'late', match: { container: '.' }, control_plane: true }),
    );
    expect(rules.group(WEB)).toMatchObject({ role: 'none', rule: 'not' });
    expect(rules.group({ ...WEB, container: 'web-8' })).toMatchObject({ function: 'web-8', rule: 'all' });
  });

  it('read what a process says of itself only when all else matches', () => {
    let reads = 0;
    const command = (): string => {
      reads++;
      return 'python3 worker.py';
    };
    const environment = (): Record<string, string> => ({ FUNCTION: 'aes' });
    const rules = set(
      rule({
        match: { process: '^python', command: 'worker', environment: { FUNCTION: '(?<f>.+)' } },
        function: '${f}',
      }),
    );
    const facts = (name: string): WorkerFacts => ({ ...WEB, process: { name, command, environment } });
    expect(rules.process(facts('node'))).toBeUndefined();
    expect(reads).toBe(0);
    expect(rules.process(facts('python3'))?.function).toBe('aes');
    expect(reads).toBe(1);
    // Such a rule is no group's.
    expect(rules.group(facts('python3'))).toBeUndefined();
  });

  it('make no name that a metric could not have', () => {
    const long = set(rule({ match: { container: '(?<all>.*)' }, function: '${all}' }));
    expect(long.group({ ...WEB, container: 'x'.repeat(5_000) })?.function).toHaveLength(200);
  });
});
