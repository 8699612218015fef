import { type Host, messageOf } from '../../base/index.js';
import { OnlineAccount } from '../../footprint/index.js';
import { type NodeMonitor, openObservedMonitor } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import { constantCarbon } from '../account/core/constant-carbon.js';
import type { AgentMonitor } from '../agent/agent.js';
import { PlatformAccount } from './account/platform-account.js';
import { openFeeds } from './open-feeds.js';
import { openObserver } from './open-observer.js';

/** The account of this machine's workloads, and of the functions that others serve on it. */
export async function openPlatformMonitor(host: Host, settings: Settings): Promise<AgentMonitor> {
  const { agent } = settings;
  const opened = openObserver(host, settings);
  const feeds = agent.account.enabled ? openFeeds(host, settings, opened) : [];
  const monitor = await openObservedMonitor(host, settings, opened.observer, {
    maxPrincipals: agent.max_workloads,
  });
  const close = async (): Promise<void> => {
    opened.observer.close();
    await monitor.close();
  };
  if (!agent.account.enabled) return { tick: () => monitor.tick(), close };
  try {
    const account = await openAccount(host, settings, monitor, { ...opened, feeds });
    return {
      tick: () => account.tick(),
      families: () => account.families(),
      close: async () => {
        try {
          await account.close();
        } catch (error) {
          host.log.warn("the functions' account did not close in order", { error: messageOf(error) });
        }
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openAccount(
  host: Host,
  settings: Settings,
  monitor: NodeMonitor,
  {
    observer,
    feeds,
  }: Pick<ReturnType<typeof openObserver>, 'observer'> & {
    readonly feeds: ReturnType<typeof openFeeds>;
  },
): Promise<PlatformAccount> {
  const { account, interval_seconds: intervalSeconds } = settings.agent;
  const carbon = constantCarbon(settings.carbon);
  return new PlatformAccount({
    clock: host.clock,
    log: host.log,
    monitor,
    recognise: (principal) => observer.recognitionOf(principal),
    account: new OnlineAccount(),
    carbon: () => carbon,
    feeds,
    intervalSeconds,
    updateSeconds: account.update_seconds,
  }).open();
}
