// A power cap before a simulated server that is asked for more than the cap allows: what was drawn, for how long it was above
// the cap, and what the calls paid for that. Beside it no cap, and what one would write without an account: a fixed number of
// calls at a time, by what calls draw on average, and the best one that can be found by trying. Functions' powers are the account's own, from a run of the
// same functions without a cap on other arrivals; then they are made wrong on purpose.
//   npm run bench -- power-cap [SECONDS]
import { attribute } from 'wattloop/footprint';
import { CappedServer, type PowerCapReport } from 'wattloop/gateway';
import {
  atLoad,
  type HeldInvocation,
  logicalProcessors,
  type Machine,
  machineNamed,
  namedWorkload,
  type ServerGate,
  type SimulatedServer,
  simulateServer,
  type Workload,
} from 'wattloop/lab';
import { seededRandom } from 'wattloop/maths';
import { publish, type Row } from './support/outcome.js';

const SECONDS = Number(process.argv[2] ?? 1_800);
const LEAD_SECONDS = 60;
const FUNCTIONS = 12;
const PATIENCE_SECONDS = 30;
/** Of what the machine draws beyond idle when nobody caps it, on average. */
const PART = 0.75;
/** Of what the machine can do, what is asked for; and what was asked for when the account learnt the functions. */
const LOAD = 0.5;
const LEARNT_LOAD = 0.25;
/** Seconds above the cap that a fixed number of calls may take, as part of the time. */
const TOLERATED = 0.05;
/** By how much the numbers that are tried differ. */
const FINENESS = 1.25;

interface FunctionPower {
  readonly function: string;
  readonly wattsPerCall: number;
  readonly standardError: number;
  readonly joulesPerCall: number;
  readonly meanSeconds: number;
}

interface Setting {
  readonly machine: Machine;
  readonly workload: Workload;
  readonly capWatts: number;
  readonly functions: readonly FunctionPower[];
}

const priorityOf = (name: string): number => (Number(name.split('-').at(-1)) % 2 === 0 ? 1 : 0);

/** What the account says of the functions after a run without a cap. */
function learnt(machine: Machine, workload: Workload): FunctionPower[] {
  const { trace } = simulateServer({
    machine,
    workload: atLoad(workload, machine, LEARNT_LOAD),
    seed: 2,
    durationSeconds: SECONDS,
    leadSeconds: LEAD_SECONDS,
  });
  return attribute(trace).functions.map((each) => ({
    function: each.name,
    wattsPerCall: each.powerWatts,
    standardError: each.powerErrorWatts,
    joulesPerCall: each.individualJoules,
    meanSeconds: each.meanLatencySeconds,
  }));
}

const run = ({ machine, workload }: Setting, gate?: ServerGate): SimulatedServer =>
  simulateServer({
    machine,
    workload,
    seed: 1,
    durationSeconds: SECONDS,
    leadSeconds: LEAD_SECONDS,
    usage: 'none',
    ...(gate && { gate }),
  });

/** So many calls at a time, first come first served, and whoever has waited too long is shed. */
class FixedNumber implements ServerGate {
  readonly #most: number;
  #running = 0;
  #waiting: { readonly invocation: HeldInvocation; readonly at: number }[] = [];
  readonly #tallies = [0, 1].map(() => ({ calls: 0, seconds: 0, shed: 0 }));

  constructor(most: number) {
    this.#most = most;
  }

  arrives(invocation: HeldInvocation, time: number): boolean {
    if (this.#running < this.#most && this.#waiting.length === 0) {
      this.#begin(invocation.function, 0);
      return true;
    }
    this.#waiting.push({ invocation, at: time });
    return false;
  }

  ended(_name: string, time: number): void {
    this.#running--;
    this.#drain(time);
  }

  sampled(time: number): void {
    this.#drain(time);
  }

  figures(): Row {
    return figuresOf(this.#tallies[1], this.#tallies[0]);
  }

  #begin(name: string, seconds: number): void {
    this.#running++;
    this.#told(name, seconds, false);
  }

  #told(name: string, seconds: number, isShed: boolean): void {
    const tally = this.#tallies[priorityOf(name)];
    if (tally === undefined) return;
    tally.calls++;
    tally.seconds += seconds;
    if (isShed) tally.shed++;
  }

  #drain(time: number): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const waited = time - next.at;
      const isLate = waited >= PATIENCE_SECONDS;
      if (!isLate && this.#running >= this.#most) return;
      this.#waiting.shift();
      if (isLate) {
        this.#told(next.invocation.function, waited, true);
        next.invocation.drop();
      } else {
        this.#begin(next.invocation.function, waited);
        next.invocation.release();
      }
    }
  }
}

/** Mean power while invocations came, the most in a second, and the part of the time above the cap. */
function powerOf({ trace }: SimulatedServer, capWatts: number, from: number): Row {
  const watts = [...trace.power.systemWatts].filter((_, row) => {
    const t = trace.power.t[row] ?? 0;
    return t > from && t <= SECONDS;
  });
  const above = watts.filter((each) => each > capWatts);
  return {
    'mean W': watts.reduce((sum, each) => sum + each, 0) / watts.length,
    'most W': Math.max(...watts),
    'above %': (100 * above.length) / watts.length,
    'by more than 2 %': (100 * above.filter((each) => each > 1.02 * capWatts).length) / watts.length,
  };
}

const counted = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

interface Tally {
  readonly calls: number;
  readonly seconds: number;
  readonly shed: number;
}

function figuresOf(high: Tally | undefined, low: Tally | undefined): Row {
  if (high === undefined || low === undefined) return {};
  return {
    'delay s, high': high.seconds / high.calls,
    'delay s, low': low.seconds / low.calls,
    'shed %, high': (100 * high.shed) / high.calls,
    'shed %, low': (100 * low.shed) / low.calls,
  };
}

function delaysOf({ functions, fairness }: PowerCapReport): Row {
  const of = (priority: number): Tally => {
    const own = functions.filter((each) => each.priority === priority);
    const shed = own.reduce((sum, each) => sum + counted(each.shed), 0);
    return {
      calls: own.reduce((sum, each) => sum + each.admitted, shed),
      seconds: own.reduce((sum, each) => sum + each.delaySeconds, 0),
      shed,
    };
  };
  return {
    ...figuresOf(of(1), of(0)),
    'fairness, high': fairness.find(({ priority }) => priority === 1)?.delayIndex,
    'fairness, low': fairness.find(({ priority }) => priority === 0)?.delayIndex,
  };
}

function fixed(setting: Setting, what: string, most: number): Row {
  const gate = new FixedNumber(most);
  const simulated = run(setting, gate);
  return {
    cap: `${what}: ${most} calls`,
    ...powerOf(simulated, setting.capWatts, 0),
    calls: simulated.trace.invocations.start.length,
    ...gate.figures(),
  };
}

/** As many as fit if each drew what calls draw on average. */
function byMean(setting: Setting): Row {
  const mean = setting.functions.reduce((sum, each) => sum + each.wattsPerCall, 0) / setting.functions.length;
  const most = Math.max(1, Math.floor((setting.capWatts - setting.machine.idleWatts) / mean));
  return fixed(setting, 'by the mean', most);
}

/** The number that one would choose who had tried all of them on this very work. */
function byHindsight(setting: Setting): Row {
  let best = fixed(setting, 'by hindsight', 1);
  let tried = 1;
  for (let most = 2; most <= 4 * logicalProcessors(setting.machine); most = Math.ceil(most * FINENESS)) {
    const row = fixed(setting, 'by hindsight', most);
    if (Number(row['above %']) <= 100 * TOLERATED) best = row;
    else if (++tried > 3) break;
  }
  return best;
}

function capped(
  what: string,
  setting: Setting,
  change: (each: FunctionPower) => FunctionPower | undefined,
  sensor?: (watts: number) => number,
): Row {
  const gate = new CappedServer({
    capWatts: setting.capWatts,
    cpus: logicalProcessors(setting.machine),
    idleWatts: setting.machine.idleWatts,
    functions: setting.functions.flatMap((each) => change(each) ?? []),
    priorityOf,
    patienceSeconds: PATIENCE_SECONDS,
    ...(sensor && { sensor }),
  });
  const simulated = run(setting, gate);
  return {
    cap: what,
    ...powerOf(simulated, setting.capWatts, 0),
    calls: simulated.trace.invocations.start.length,
    ...delaysOf(gate.cap.report()),
  };
}

/** A sensor whose figures come so many samples late. */
function late(samples: number): (watts: number) => number {
  const seen: number[] = [];
  return (watts) => {
    seen.push(watts);
    return seen[Math.max(0, seen.length - 1 - samples)] ?? watts;
  };
}

function rowsOf(name: string): Row[] {
  const machine = machineNamed(name);
  const workload = namedWorkload('bursty', seededRandom(5), machine, {
    durationSeconds: SECONDS,
    functions: FUNCTIONS,
    load: LOAD,
  });
  const free = { machine, workload, capWatts: Number.POSITIVE_INFINITY, functions: [] };
  const uncapped = run(free);
  const { 'mean W': mean } = powerOf(uncapped, Number.POSITIVE_INFINITY, 0);
  const capWatts = Math.round(machine.idleWatts + PART * (Number(mean) - machine.idleWatts));
  const setting = { machine, workload, capWatts, functions: learnt(machine, workload) };
  const times = (factor: number) => (each: FunctionPower) => ({
    ...each,
    wattsPerCall: factor * each.wattsPerCall,
  });
  const rows: Row[] = [
    { cap: 'none', ...powerOf(uncapped, capWatts, 0), calls: uncapped.trace.invocations.start.length },
    byMean(setting),
    byHindsight(setting),
    capped("the account's powers", setting, (each) => each),
    capped('powers told half', setting, times(0.5)),
    capped('powers told twice', setting, times(2)),
    capped('no powers told', setting, () => undefined),
    capped('power told 3 s late', setting, (each) => each, late(3)),
  ];
  return rows.map((row) => ({ machine: `${name}, ${capWatts} W`, ...row }));
}

publish(
  'power-cap',
  `${FUNCTIONS} functions in bursts for ${SECONDS} s; calls wait ${PATIENCE_SECONDS} s at most, every other function has a higher priority`,
  [...rowsOf('desktop'), ...rowsOf('server')],
);
