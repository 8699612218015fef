import { connect } from 'node:net';
import type { Connection } from './connection.js';

/** Connects to a meter, or to a terminal server before one, by TCP. Rejects with the system's error. */
export function connectTcp(host: string, port: number, signal: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, signal });
    const refuse = (error: Error): void => reject(error);
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      let failed: Error | undefined;
      socket.on('error', (error) => {
        failed = error;
      });
      resolve({
        write: (text) =>
          new Promise((written, broken) => {
            socket.write(text, 'latin1', (error) => (error ? broken(error) : written()));
          }),
        onData: (listener) => void socket.on('data', listener),
        onClose: (listener) => {
          // The other end's half of a close is enough: nothing more will come.
          socket.once('end', () => socket.destroy());
          socket.once('close', () => listener(failed));
        },
        close: () => {
          socket.removeAllListeners('close');
          socket.destroy();
        },
      });
    });
  });
}
