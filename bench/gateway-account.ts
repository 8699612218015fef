// What the account costs the calls that it counts: throughput of a gateway with it beside one without, in pairs of short
// turns with the same echo server, and the CPU time that both take for a call. The account settles every ten seconds here, so
// that all of its work falls into the turns, on either side.
//   npm run bench -- gateway-account [--pairs 100] [--seconds 0.6] [--callers 32]
import { parseArgs } from 'node:util';
import { blockBootstrap, centralInterval, median, seededRandom } from 'wattloop/maths';
import { accountPidOf, type BenchGateway, cpuSecondsOf, echoGateway, load } from './support/gateway.js';
import { publish } from './support/outcome.js';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '0.6' },
    callers: { type: 'string', default: '32' },
  },
});
const [PAIRS, SECONDS, CALLERS] = [values.pairs, values.seconds, values.callers].map(Number) as [
  number,
  number,
  number,
];
const WARM_UP_PAIRS = 5;
const BODY = Buffer.alloc(100, 'x');

interface Contender {
  readonly gateway: BenchGateway;
  readonly rates: number[];
  readonly cpuMicroseconds: number[];
  calls: number;
}

const contender = (gateway: BenchGateway): Contender => ({
  gateway,
  rates: [],
  cpuMicroseconds: [],
  calls: 0,
});

async function turn(one: Contender, isCounted: boolean): Promise<void> {
  const { gateway, rates, cpuMicroseconds } = one;
  const before = cpuSecondsOf(gateway.pid);
  const { total } = await load({
    durationSeconds: SECONDS,
    forAll: { arrival: 'closed', concurrency: CALLERS, method: 'POST', body: BODY },
    functions: [{ name: 'echo', url: `${gateway.url}/function/echo` }],
  });
  if (total.failed > 0) throw new Error(`${total.failed} calls failed`);
  one.calls += total.sent;
  if (!isCounted) return;
  rates.push(total.perSecond);
  cpuMicroseconds.push(((cpuSecondsOf(gateway.pid) - before) / total.sent) * 1e6);
}

const on = contender(await echoGateway(true, { account: { update_seconds: 10 } }));
const off = contender(await echoGateway(false));
const account = accountPidOf(on.gateway);
for (let pair = -WARM_UP_PAIRS; pair < 0; pair++) for (const one of [on, off]) await turn(one, false);
const accountBefore = { cpu: cpuSecondsOf(account), calls: on.calls };
for (let pair = 0; pair < PAIRS; pair++)
  for (const one of pair % 2 === 0 ? [on, off] : [off, on]) await turn(one, true);
// What is not settled yet is settled at the end.
await new Promise((resolve) => setTimeout(resolve, 12_000));
const accountMicroseconds =
  ((cpuSecondsOf(account) - accountBefore.cpu) / (on.calls - accountBefore.calls)) * 1e6;
await Promise.all([on, off].map(({ gateway }) => gateway.stop()));
for (const { gateway } of [on, off]) gateway.remove();

const ratios = on.rates.map((rate, pair) => rate / (off.rates[pair] ?? Number.NaN));
const { low, high } = centralInterval(
  blockBootstrap(PAIRS, (places) => median([...places].map((place) => ratios[place] ?? Number.NaN)), {
    random: seededRandom(1),
    blockLength: 4,
  }),
  0.95,
);
const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;
publish(
  'gateway-account',
  `${PAIRS} pairs of ${SECONDS} s, ${CALLERS} callers. Throughput with the account differs from that without by ${percent(median(ratios))} (median of pairs; 95 % from ${percent(low)} to ${percent(high)}).`,
  [
    {
      what: 'with the account',
      'calls/s': Math.round(median(on.rates)),
      'gateway CPU us a call': median(on.cpuMicroseconds),
      'account CPU us a call': accountMicroseconds,
    },
    {
      what: 'without',
      'calls/s': Math.round(median(off.rates)),
      'gateway CPU us a call': median(off.cpuMicroseconds),
    },
  ],
);
