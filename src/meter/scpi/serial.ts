import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isatty, ReadStream } from 'node:tty';
import { type Clock, ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import { runCommand, type Spawn } from '../run-command.js';
import type { Connection } from './connection.js';

export interface SerialOptions {
  readonly baud: number;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly spawn?: Spawn;
}

const STTY_SECONDS = 5;

function refusal(path: string, error: unknown): unknown {
  const at = `serial line ${path}`;
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENXIO':
    case 'ENODEV':
      return new WattloopError(ErrorCode.notFound, `${at}: no such device`, {
        remedy: 'Plug the meter in; ls /dev/serial/by-id names the serial lines that there are',
        cause: error,
      });
    case 'EACCES':
      return new WattloopError(ErrorCode.permissionDenied, `${at}: permission denied`, {
        remedy: 'Add yourself to its group: sudo usermod -aG dialout $USER, then log in again',
        cause: error,
      });
    case 'EBUSY':
      return new WattloopError(ErrorCode.instrumentFailed, `${at}: in use by another program`, {
        remedy: `See which: fuser -v ${path}`,
        cause: error,
      });
    default:
      return error;
  }
}

/** Opens a serial line and makes it raw: 8 data bits, no parity, no flow control, nothing echoed or translated. */
export async function connectSerial(path: string, options: SerialOptions): Promise<Connection> {
  const { baud, clock, env, spawn } = options;
  // NOCTTY: a line must not become this program's terminal. NONBLOCK: do not wait for a carrier.
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => {
    throw refusal(path, error);
  });
  try {
    if (!isatty(file.fd)) {
      throw new WattloopError(ErrorCode.badConfiguration, `${path} is not a serial line`, {
        remedy: 'ls /dev/serial/by-id names the serial lines that there are',
      });
    }
    // -hupcl: dropping the modem lines when the line is closed resets some meters.
    const modes = ['raw', '-echo', 'cs8', '-parenb', '-cstopb', '-crtscts', 'clocal', 'cread', '-hupcl'];
    await runCommand('stty', ['-F', path, String(baud), ...modes], {
      timeoutSeconds: STTY_SECONDS,
      clock,
      env,
      remedy: 'Install it: it is part of coreutils',
      ...(spawn && { spawn }),
    });
  } catch (error) {
    await file.close();
    throw error;
  }
  const stream = new ReadStream(file.fd);
  let failed: Error | undefined;
  stream.on('error', (error) => {
    failed = error;
  });
  return {
    write: async (text) => {
      await file.write(text, null, 'latin1');
    },
    onData: (listener) => void stream.on('data', listener),
    onClose: (listener) => {
      stream.once('end', () => stream.destroy());
      stream.once('close', () => listener(failed));
    },
    close: () => {
      stream.removeAllListeners('close');
      stream.destroy();
      // The stream reads by a descriptor of its own.
      file.close().catch(() => {});
    },
  };
}
