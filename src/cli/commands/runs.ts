import { Command } from 'commander';
import { deleteRunsCommand } from '../runs/delete.js';
import { exportRunsCommand } from '../runs/export.js';
import { lambdaCommand } from '../runs/lambda.js';
import { listRunsCommand } from '../runs/list.js';
import { profileRunsCommand } from '../runs/profile.js';
import { reportCommand } from '../runs/report.js';
import { showRunCommand } from '../runs/show.js';

const EXAMPLES = `
Examples:
  wattloop runs
  wattloop runs --workflow monte-carlo-pi --limit 5
  wattloop runs show 20260501-1403
  wattloop runs show 20260501-1403 --json | jq '.stages[] | {name, joules}'
  wattloop runs report 20260501-1403 --output run.html
  wattloop runs lambda 20260501-1403 --memory 512,1769,3538
  wattloop runs export 20260501-1403 20260501-1410 --output runs.parquet
  wattloop runs export 20260501-1403 --format csv > run.csv
  wattloop runs profile 20260501-1403 20260501-1410 --output profile.json
  wattloop runs delete 20260501-1403

A run may be named by the beginning of its id, as long as no other begins so.
Runs are kept in knowledge.db in the folder that the setting data_dir names (default: .wattloop).`;

export function runsCommand(): Command {
  return new Command('runs')
    .description(
      'What is known of the runs of workflows: list, show, report, estimate on Lambda, export, profile, delete.',
    )
    .addCommand(listRunsCommand(), { isDefault: true })
    .addCommand(showRunCommand())
    .addCommand(reportCommand())
    .addCommand(lambdaCommand())
    .addCommand(exportRunsCommand())
    .addCommand(profileRunsCommand())
    .addCommand(deleteRunsCommand())
    .addHelpText('after', EXAMPLES);
}
