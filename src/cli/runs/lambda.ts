import { Command } from 'commander';
import { ErrorCode, WattloopError, writeOutput } from '../../base/index.js';
import { lambdaEstimateJson, lambdaEstimateText } from '../../report/index.js';
import { lambdaEstimate, lambdaWorkOf } from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { numberList } from '../experiment/number-list.js';
import { toTerminal } from '../to-terminal.js';
import { withKnowledge } from './open-knowledge.js';

interface LambdaFlags extends GlobalOptions {
  readonly memory?: number[];
}

async function lambda(id: string, flags: LambdaFlags): Promise<void> {
  const { settings, json } = createContext(flags);
  await withKnowledge(settings, (knowledge) => {
    const run = knowledge.run(id);
    const work = [...knowledge.invocations(run.id, { status: ['done'] })].map(lambdaWorkOf);
    if (work.length === 0)
      throw new WattloopError(ErrorCode.badInput, `no invocation of run ${run.id} has finished`, {
        remedy: 'An estimate needs what invocations took: name a run that is done',
      });
    const { carbon } = settings;
    const estimate = lambdaEstimate(work, { carbon, ...(flags.memory && { memoryMib: flags.memory }) });
    writeOutput(
      json
        ? `${JSON.stringify({ run: run.id, ...lambdaEstimateJson(estimate) }, null, 2)}\n`
        : toTerminal(`${lambdaEstimateText(estimate).trimEnd()}\n`),
    );
  });
}

export function lambdaCommand(): Command {
  return new Command('lambda')
    .description(
      'Estimate what a run would take, cost and emit on AWS Lambda, by memory and kind of processor.',
    )
    .argument('<id>', 'the run, or how its id begins')
    .option('--memory <list>', 'MiB to try, as in 512,1024,1769', numberList)
    .action(lambda);
}
