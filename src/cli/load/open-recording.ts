import { type Clock, ErrorCode, type Host, WattloopError } from '../../base/index.js';
import {
  ClientRecording,
  checkTraceFolder,
  type GatewayApi,
  GatewayRecording,
  MachinePower,
  type Recording,
} from '../../lab/index.js';
import { openMonitor } from '../../meter/index.js';
import type { Settings } from '../../model/index.js';

export interface OpenRecording {
  /** Called when the load begins: times of the trace count from there. */
  begin(clock: Clock): Recording;
  close(): Promise<void>;
}

/** Gets ready to record a load, or says why that can't be, before it begins. */
export async function openRecording(
  folder: string,
  asked: {
    readonly host: Host;
    readonly settings: Settings;
    readonly gateway: GatewayApi | undefined;
    readonly meter: boolean;
    readonly functions: readonly string[];
  },
): Promise<OpenRecording> {
  const { host, settings, gateway, functions } = asked;
  await checkTraceFolder(folder);
  if (!asked.meter) {
    const now = host.clock.wall();
    if (gateway === undefined || (await gateway.footprints(now - 1, now)) === undefined)
      throw new WattloopError(
        ErrorCode.badUsage,
        'a trace needs to know what the machine draws, and no Wattloop gateway tells',
        {
          remedy: 'Add --meter where this machine is the one that is loaded',
        },
      );
    return { begin: () => new GatewayRecording(gateway), close: async () => {} };
  }
  const monitor = await openMonitor(host, settings, 'process');
  let power: MachinePower | undefined;
  return {
    begin: (clock) => {
      const origin = clock.now();
      power = new MachinePower(monitor, () => clock.now() - origin, settings.meter.interval_seconds);
      return new ClientRecording(power, functions);
    },
    close: () => power?.close() ?? monitor.close(),
  };
}
