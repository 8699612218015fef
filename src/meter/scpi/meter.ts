import { ErrorCode, type Host, messageOf, systemCode, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { Spawn } from '../run-command.js';
import { parseAddress } from './address.js';
import { type Dial, type Dialect, Instrument } from './instrument.js';
import { connectSerial } from './serial.js';
import { connectTcp } from './tcp.js';

export type MeterSettings = Settings['sources']['scpi'][number];

// The meters of GW Instek (GPM-8213, 8310) and Yokogawa (WT300) share these: the first item of the list that they send is
// made the active power, and asked for alone.
const CHOOSE_POWER = ':NUMeric:NORMal:ITEM1 P';
const ASK_POWER = ':NUMeric:NORMal:VALue? 1';

function dialectOf(settings: MeterSettings): Dialect {
  return {
    init: settings.init ?? (settings.query === undefined ? [CHOOSE_POWER] : []),
    identify: settings.identify,
    query: settings.query ?? ASK_POWER,
    valueIndex: settings.value_index,
    terminator: settings.terminator,
    timeoutSeconds: settings.timeout_seconds,
  };
}

function tcpRefusal(where: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined || code === 'ABORT_ERR') return error;
  const remedy =
    code === 'ECONNREFUSED'
      ? 'Check the port: meters use 23, 5025 or what their LAN menu says; some take one connection at a time'
      : 'Check the address, the cable and the LAN settings of the meter';
  return new WattloopError(ErrorCode.instrumentFailed, `${where}: ${messageOf(error) || code}`, {
    remedy,
    cause: error,
  });
}

/** The instrument that a meter's settings describe, not connected yet. */
export function createInstrument(host: Host, settings: MeterSettings, spawn?: Spawn): Instrument {
  const address = parseAddress(settings.address);
  const dial: Dial = (signal) =>
    address.kind === 'tcp'
      ? connectTcp(address.host, address.port, signal).catch((error: unknown) => {
          throw tcpRefusal(settings.address, error);
        })
      : connectSerial(address.path, {
          baud: settings.baud,
          clock: host.clock,
          env: host.env,
          ...(spawn && { spawn }),
        });
  return new Instrument(settings.name, dial, dialectOf(settings), host.clock, host.log);
}
