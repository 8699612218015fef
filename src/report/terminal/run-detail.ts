import type { Invocation, RunRecord, RunState } from '../../model/index.js';
import { errorWords, limitWords, overrideWords, storageWords } from '../run/run-words.js';
import { seconds } from './figures.js';
import { moment } from './moment.js';
import { printable } from './printable.js';
import { runStagesText } from './run-stages.js';
import { table } from './table.js';
import { wrap } from './wrap.js';

export interface RunDetail {
  readonly run: RunRecord;
  readonly state: RunState;
  /** Executions that did not end well; the first ones when there are many. */
  readonly failures: readonly Invocation[];
  /** All that there are. */
  readonly failed: number;
  /** The folder of what its functions printed, by stage; absent where they printed nothing. */
  readonly logs?: string;
}

const LONGEST_RESULT = 400;
const WIDEST_TEXT = 100;

function resultText({ result }: RunRecord): string | undefined {
  if (result === undefined) return undefined;
  if ('absent' in result) return `none: ${result.absent}`;
  const text = JSON.stringify(result.value) ?? 'none';
  return text.length <= LONGEST_RESULT ? text : `${text.slice(0, LONGEST_RESULT)}… (--json has all of it)`;
}

function ownerText({ owner }: RunRecord): string | undefined {
  return owner === undefined ? undefined : `${owner.pid} on ${owner.hostname}`;
}

function experimentText({ experiment }: RunRecord): string | undefined {
  if (experiment === undefined) return undefined;
  const { id, repetition, warmUp } = experiment;
  return `${id}, ${warmUp ? 'warm-up' : 'repetition'} ${repetition}`;
}

function limitsText({ platforms }: RunRecord): string | undefined {
  const words = platforms.map(
    ({ cpuLimit, memoryLimit }) => `CPU by ${limitWords(cpuLimit)}; memory by ${limitWords(memoryLimit)}`,
  );
  return words.length === 0 ? undefined : [...new Set(words)].join('; ');
}

function head({ run, state, logs }: RunDetail): string {
  const took = run.endedAt === undefined ? undefined : seconds(run.endedAt - run.startedAt);
  const parameters = JSON.stringify(run.parameters);
  const machines = run.platforms.map(
    ({ cpu, hostname, runtime }) => `${cpu.model} (${hostname}, ${runtime})`,
  );
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Run', run.id],
    ['Workflow', run.workflow],
    ['File', run.workflowFile],
    ['Status', state],
    ['Process', ownerText(run)],
    ['Experiment', experimentText(run)],
    ['Started', moment(run.startedAt)],
    ['Took', took],
    ['Parameters', parameters === '{}' ? undefined : parameters],
    ['Asked for', overrideWords(run)],
    ['Machine', machines.length === 0 ? undefined : machines.join('; ')],
    ['Limits', limitsText(run)],
    ['Storage', storageWords(run)],
    ['Logs', logs],
    ['Error', run.error && errorWords(run.error)],
    ['Result', resultText(run)],
  ];
  const known = lines.flatMap(([title, value]) => (value === undefined ? [] : [[title, value] as const]));
  const width = Math.max(...known.map(([title]) => title.length)) + 2;
  return known.map(([title, value]) => `${title.padEnd(width)}${printable(value)}`).join('\n');
}

function failureRows(failures: readonly Invocation[]): string {
  return table(
    ['STAGE', 'PARTITION', 'ATTEMPT', 'STATUS', 'ERROR', 'LOG'],
    failures.map(({ function: stage, partition, attempt, status, error, log }) => [
      printable(stage),
      partition,
      attempt,
      status,
      error === undefined ? '-' : printable(error.message.split('\n', 1)[0] ?? ''),
      log === undefined ? '-' : printable(log),
    ]),
  );
}

/** What `wattloop runs show` prints: what the run was, its stages, and what failed in it. */
export function runDetailText(detail: RunDetail, width = Number.POSITIVE_INFINITY): string {
  const { run, state, failures, failed } = detail;
  const blocks = [head(detail), runStagesText(run, width)];
  if (state === 'crashed')
    blocks.push(
      wrap(
        'Its process is gone. What had finished is kept: "wattloop run --resume" goes on from there.',
        Math.min(width, WIDEST_TEXT),
        '',
      ),
    );
  if (failures.length > 0) {
    const rest = failed > failures.length ? `\n… and ${failed - failures.length} more` : '';
    blocks.push(`Failures\n${failureRows(failures)}${rest}`);
  }
  return `${blocks.join('\n\n')}\n`;
}
