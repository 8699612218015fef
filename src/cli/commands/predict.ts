import { Command } from 'commander';
import { writeOutput } from '../../base/index.js';
import { choiceJson, choiceText, predictionJson, predictionText } from '../../report/index.js';
import { type Json, loadWorkflow, WorkflowRunner } from '../../workflow/index.js';
import { createContext, type GlobalOptions } from '../context.js';
import { chosenFor, forecastFor } from '../forecast/forecast-for.js';
import { type WishFlags, wishesOf, withWishes } from '../forecast/wishes.js';
import { type ConfigurationFlags, overridesOf, withConfiguration } from '../run/configuration-flags.js';
import { parameter } from '../run/parameters.js';

interface PredictFlags extends GlobalOptions, ConfigurationFlags, WishFlags {
  readonly param?: Record<string, Json>;
}

async function predict(file: string, flags: PredictFlags): Promise<void> {
  const { host, settings, json } = createContext(flags);
  const loaded = await loadWorkflow(file, settings);
  const runner = await WorkflowRunner.open(host, settings);
  try {
    const options = { ...(flags.param && { parameters: flags.param }), overrides: overridesOf(flags) };
    const wishes = wishesOf(flags);
    const work = flags.work ? { work: flags.work } : {};
    if (wishes === undefined) {
      const { deadline } = flags;
      const prediction = forecastFor(runner, loaded, host).predict(runner.plan(loaded, options), {
        ...work,
        ...(deadline !== undefined && { deadlineSeconds: deadline }),
      });
      writeOutput(
        json ? `${JSON.stringify(predictionJson(prediction), null, 2)}\n` : predictionText(prediction),
      );
      return;
    }
    const choice = chosenFor(runner, loaded, options, wishes, work, host);
    writeOutput(json ? `${JSON.stringify(choiceJson(choice), null, 2)}\n` : choiceText(choice));
  } finally {
    await runner.close();
  }
}

const EXAMPLES = `
Examples:
  wattloop predict pi.ts --workers 3
  wattloop predict train.ts --stage train:workers=8,cpu=0.5 --deadline 30s
  wattloop predict train.ts --optimize energy --deadline 30s --budget 0.01

Nothing is run. What is foretold is learnt from the runs of the workflow that are kept (wattloop characterize makes them);
every figure has an interval, and it says when a configuration lies beyond what was tried.`;

export function predictCommand(): Command {
  const command = new Command('predict')
    .description(
      'Foretell time, energy, carbon and cost of a workflow under configurations, or choose the best.',
    )
    .argument('<workflow>', 'a TypeScript or JavaScript file whose default export is a workflow')
    .option('--param <name=value>', "a workflow's parameter; may be given several times", parameter);
  return withWishes(withConfiguration(command)).addHelpText('after', EXAMPLES).action(predict);
}
