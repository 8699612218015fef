import { ErrorCode, WattloopError } from '../../base/index.js';

/** The error of a file that ends within a record. */
export const oddBytes = (address: string, sizeBytes: number, recordBytes: number): WattloopError =>
  new WattloopError(
    ErrorCode.badInput,
    `${address} has ${sizeBytes} bytes, which are no whole number of records of ${recordBytes} bytes`,
    { remedy: 'Check recordBytes, and that the file is whole' },
  );
