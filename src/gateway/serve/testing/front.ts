import { onTestFinished } from 'vitest';
import { silentLogger, systemClock } from '../../../base/index.js';
import { EpochClock } from '../../../compute/index.js';
import { type GatewaySettings, type ServedCall, settingsSchema } from '../../../model/index.js';
import type { LiveAccount } from '../../account/account.js';
import { passingTracer } from '../../tracing/tracer.js';
import type { CallCap } from '../call/call-cap.js';
import { CallDesk } from '../call/call-desk.js';
import { CallCounters } from '../counters/call-counters.js';
import { CallFront } from '../front/call-front.js';
import { serveFront } from '../front/front-server.js';
import { Pools } from '../pool/pools.js';
import { ServerReplicas } from './local-servers.js';

export interface TestFront {
  readonly url: string;
  readonly pools: Pools;
  readonly replicas: ServerReplicas;
  readonly counters: CallCounters;
  readonly front: CallFront;
  /** Calls that have ended, as they are recorded. */
  readonly ended: ServedCall[];
  /** Versions whose files are in use. */
  readonly used: ReadonlySet<string>;
}

/** A request path with replicas within the test. */
export async function testFront(
  settings: Partial<GatewaySettings> = {},
  account?: Partial<LiveAccount>,
  powerCap?: CallCap,
): Promise<TestFront> {
  const all: GatewaySettings = { ...settingsSchema.parse({}).gateway, ...settings };
  const replicas = new ServerReplicas();
  const used = new Set<string>();
  const pools = new Pools({
    log: silentLogger,
    settings: all,
    logs: '/nonexistent',
    hostOf: () => replicas,
    secretsOf: () => ({}),
    use: (deployed) => {
      used.add(deployed.version);
      return () => used.delete(deployed.version);
    },
    onReady: () => undefined,
    onEnded: () => undefined,
  });
  const counters = new CallCounters();
  const ended: ServedCall[] = [];
  const told = {
    began: () => undefined,
    ended: (_: number, call: ServedCall) => ended.push(call),
    ...account,
  };
  const clock = new EpochClock(systemClock);
  const desk = new CallDesk({
    clock,
    counters,
    account: told as unknown as LiveAccount,
    tracer: passingTracer,
    powerCap,
  });
  const front = new CallFront(desk, pools, all);
  const server = await serveFront('127.0.0.1:0', all, (q, r) => front.serve(q, r), silentLogger);
  onTestFinished(async () => {
    await server.close();
    await pools.close();
  });
  return { url: server.url, pools, replicas, counters, front, ended, used };
}
