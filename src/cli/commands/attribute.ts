import { Command, Option } from 'commander';
import type { Clock } from '../../base/index.js';
import {
  type Account,
  AttributeMode,
  type AttributeOptions,
  attribute,
  type Finding,
  FootprintKind,
  type MarginalEnergy,
  marginalFromPair,
} from '../../footprint/index.js';
import { readTrace } from '../../lab/index.js';
import type { Settings, Trace } from '../../model/index.js';
import { ACCOUNT_SORTS, type AccountSort } from '../../report/index.js';
import { type CarbonChoice, type CarbonFlags, carbonChoice } from '../attribute/carbon-choice.js';
import { checkReport, deliver } from '../attribute/deliver.js';
import { createContext, type GlobalOptions } from '../context.js';
import { duration } from '../duration.js';
import { interruptible } from '../interrupt.js';
import { amount, count, signedDuration, wholeNumber } from '../numbers.js';
import { ProgressBar } from '../progress.js';

interface AttributeFlags extends GlobalOptions, CarbonFlags {
  readonly report?: string;
  readonly mode?: AttributeMode;
  readonly tick?: number;
  readonly update?: number;
  readonly kind?: FootprintKind;
  readonly minus?: string;
  readonly idle?: number;
  readonly lag?: number;
  readonly acceleratorFunctions?: readonly string[];
  readonly seed?: number;
  readonly sort: AccountSort;
  readonly top?: number;
}

interface Read {
  readonly trace: Trace;
  readonly findings: readonly Finding[];
}

async function read(directory: string, clock: Clock, quiet: boolean): Promise<Read> {
  const findings: Finding[] = [];
  const bar = new ProgressBar(clock, 'reading', quiet);
  try {
    const trace = await readTrace(directory, {
      onProgress: (done, total) => bar.show(total > 0 ? done / total : 1),
      onFinding: (finding) => findings.push(finding),
    });
    return { trace, findings };
  } finally {
    bar.end();
  }
}

/** Makes an account of a trace. */
export type Attribute = (trace: Trace, options: AttributeOptions) => Account;

/** The account knows that its intensity was given; by whom is known here. */
function withOrigin(account: Account, { options, intensityOrigin }: CarbonChoice): Account {
  const known = account.provenance.carbon_g;
  if (intensityOrigin === undefined || known === undefined) return account;
  const method = `grid intensity ${options.gramsPerKilowattHour} g CO2e/kWh, ${intensityOrigin}`;
  return { ...account, provenance: { ...account.provenance, carbon_g: { ...known, method } } };
}

/** What is known beside the trace goes in, and what was found on the way comes out with the account's own findings. */
function accountOf(
  make: Attribute,
  { trace, findings }: Read,
  flags: AttributeFlags,
  settings: Settings['carbon'],
): Account {
  const carbon = carbonChoice(flags, settings, trace.description);
  const account = make(trace, {
    mode: flags.mode,
    tickSeconds: flags.tick,
    updateSeconds: flags.update,
    kind: flags.kind,
    idleWatts: flags.idle,
    lagSeconds: flags.lag,
    acceleratorFunctions: flags.acceleratorFunctions,
    ...carbon.options,
  });
  return {
    ...withOrigin(account, carbon),
    findings: [...findings, ...carbon.findings, ...account.findings],
  };
}

const attributed =
  (make: Attribute) =>
  async (directory: string, flags: AttributeFlags): Promise<void> => {
    const { host, settings, json } = createContext(flags, { 'carbon.pue': flags.pue });
    const quiet = flags.quiet ?? false;
    checkReport(flags.report);
    const first = await read(directory, host.clock, quiet);
    const account = accountOf(make, first, flags, settings.carbon);
    let pair: MarginalEnergy | undefined;
    if (flags.minus !== undefined) {
      const second = await read(flags.minus, host.clock, quiet);
      const { lagSeconds } = accountOf(make, second, flags, settings.carbon);
      pair = marginalFromPair(first.trace, second.trace, {
        withLagSeconds: account.lagSeconds,
        withoutLagSeconds: lagSeconds,
        seed: flags.seed,
      });
    }
    // From here on an interruption waits until the report is whole.
    await interruptible(async () => {
      const { report, sort, top, kind } = flags;
      deliver(account, { directory, json, quiet, report, sort, top, kind, pair });
    });
  };

const MODES: Readonly<Record<AttributeMode, string>> = {
  law: 'a law with a load floor that flattens as the machine fills up (default)',
  full: 'as published: all power in proportion to running time, idle power in it',
  'no-idle': 'the same of the power above idle',
  combined: "as published: the processor's power by a model on counters, the rest by running time",
  online: 'minute by minute, by the same account that a running gateway keeps',
};

const KINDS: Readonly<Record<FootprintKind, string>> = {
  work: 'own work alone',
  individual: 'own work and the share of the load floor',
  'individual+control_plane': "with the platform's work for it",
  'individual+idle': 'with the share of the idle machine',
  operational: 'all energy, without the making of the machine',
  shapley: 'everything, so that it adds up to what was measured',
};

const listed = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([name, what]) => `  ${name.padEnd(26)}${what}`)
    .join('\n');

const EXAMPLES = `
Modes:
${listed(MODES)}

Kinds of footprint:
${listed(KINDS)}

Examples:
  wattloop attribute traces/monday
  wattloop attribute traces/monday --report monday.html
  wattloop attribute traces/monday --json | jq '.functions | map_values(.total_j)'
  wattloop attribute traces/monday --mode online --update 30s      as a running gateway would have seen it
  wattloop attribute traces/all --minus traces/without-resize     marginal energy of what the second leaves out
  wattloop attribute traces/monday --region eu-north-1 --pue 1.15 --server aws:m5

A trace directory holds power.csv (t,system_w,cpu_w) and invocations.csv (function,start,end); usage.csv,
trace.json and truth.json are read where there are. "wattloop simulate server" writes one to try.
What is given here outweighs trace.json, and trace.json outweighs the settings.`;

const nameList = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

export function attributeCommand(make: Attribute = attribute): Command {
  const kinds = Object.values(FootprintKind);
  return new Command('attribute')
    .description(
      'Say who used the energy of a machine: energy and carbon by function, from a record of what ran and what the machine drew.',
    )
    .argument('<dir>', 'trace directory')
    .option('--report <file>', 'also write a page for browsers, with pictures')
    .addOption(
      new Option('--mode <name>', 'how power is divided among functions; see below').choices(
        Object.values(AttributeMode),
      ),
    )
    .option('--tick <time>', 'length of the steps in which energy is accounted (default: 1s)', duration)
    .option('--update <time>', 'how often the online mode updates (default: 60s)', duration)
    .addOption(new Option('--kind <name>', 'what a footprint contains; see below').choices(kinds))
    .option('--minus <dir>', 'a second trace of the same arrivals without some function: its marginal energy')
    .option('--idle <watts>', 'power of the idle machine (default: found in the trace)', amount)
    .option(
      '--lag <time>',
      'how late power is logged, below 0 for early (default: found in the trace)',
      signedDuration,
    )
    .option(
      '--accelerator, --accelerator-functions <names>',
      'functions that use the accelerator, separated by commas (default: as the trace says)',
      nameList,
    )
    .option('--carbon-intensity <g/kWh>', 'grams of CO2e per kWh of electricity', amount)
    .option(
      '--carbon-series <file>',
      'CSV of grid intensity over time: datetime or t (seconds), g_per_kwh',
      String,
    )
    .option('--started <date>', 'when the trace began, for a series with dates: 2026-05-01T12:00:00Z', String)
    .option('--region <name>', 'where the machine stands: eu-west-1, westeurope, DE', String)
    .option('--pue <factor>', 'what the building draws for each joule of the machine', amount)
    .option(
      '--server <name>',
      'the machine in the table of embodied emissions: server, desktop, aws:m5',
      String,
    )
    .option('--embodied <kg>', 'kilograms of CO2e of making the machine', amount)
    .option('--lifetime <years>', 'years that the machine is to serve', amount)
    .option('--seed <n>', 'of what chance decides, such as resampling', wholeNumber)
    .addOption(new Option('--sort <by>', 'order of functions').choices(ACCOUNT_SORTS).default('energy'))
    .option('--top <n>', 'functions that the table lists at most (default: 30)', count)
    .addHelpText('after', EXAMPLES)
    .action(attributed(make));
}
