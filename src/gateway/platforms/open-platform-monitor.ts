import { type Host, messageOf } from '../../base/index.js';
import { OnlineAccount } from '../../footprint/index.js';
import { openObservedMonitor } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';
import { openCarbon } from '../account/carbon/carbon-source.js';
import { openStore } from '../account/store/open-store.js';
import type { AgentMonitor } from '../agent/agent.js';
import { PlatformAccount } from './account/platform-account.js';
import { openFeeds } from './open-feeds.js';
import { openObserver } from './open-observer.js';

/** The account of this machine's workloads, and of the functions that others serve on it. */
export async function openPlatformMonitor(host: Host, settings: Settings): Promise<AgentMonitor> {
  const { agent } = settings;
  const opened = openObserver(host, settings);
  // First what the settings may have wrong.
  const feeds = agent.account.enabled ? openFeeds(host, settings, opened) : [];
  const monitor = await openObservedMonitor(host, settings, opened.observer, {
    maxPrincipals: agent.max_workloads,
  });
  const close = async (): Promise<void> => {
    opened.observer.close();
    await monitor.close();
  };
  if (!agent.account.enabled) return { tick: () => monitor.tick(), close };
  const carbon = openCarbon(host, settings.carbon);
  const account = new PlatformAccount({
    clock: host.clock,
    log: host.log,
    monitor,
    recognise: (principal) => opened.observer.recognitionOf(principal),
    account: new OnlineAccount(),
    carbon: () => carbon.now(),
    feeds,
    ...(agent.account.keep && { store: await openStore(host, settings) }),
    intervalSeconds: agent.interval_seconds,
    updateSeconds: agent.account.update_seconds,
  });
  await account.open();
  return {
    tick: () => account.tick(),
    families: () => account.families(),
    close: async () => {
      carbon.close();
      try {
        await account.close();
      } catch (error) {
        host.log.warn("the functions' account did not close in order", { error: messageOf(error) });
      }
      await close();
    },
  };
}
